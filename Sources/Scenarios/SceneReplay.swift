import Checking
package import Messages
package import Simulator
package import Traces

/// The version of the tool, as replay files carry it.
package enum ToolVersion {
    package static let text = "0.1.0"
}

/// A run repeated from its replay file, event by event, to the same end.
package struct SceneReplay: Sendable {
    package var scene: SceneDescription
    package var protocolName: String
    package var trace: Trace
    /// What the file says came of it, which has come of it again.
    package var outcome: ReplayFile.Outcome
    /// How many of the last events can be repeated for ever, as they could when the run was recorded; 0 unless that is what breaks the promise.
    package var cycle: Int
}

extension ProtocolScenes {
    package func replay(_ file: ReplayFile, language: Language) throws -> SceneReplay {
        let (plan, scene, setup) = try plan(of: file, language: language)
        // A search leads elsewhere from the beginning on.
        let opening = file.header.seed == nil ? nil : setup.opening
        let shown = presentation.present(try file.play(plan), from: opening, vocabulary, language)
        return SceneReplay(
            scene: scene, protocolName: name, trace: shown.trace,
            outcome: file.outcome, cycle: file.cycle)
    }

    /// The plan that a file was recorded with.
    func plan(
        of file: ReplayFile, language: Language
    ) throws -> (plan: SimulationPlan<Node>, scene: SceneDescription, setup: SceneSetup<Node>) {
        func parameter(_ name: String) -> String? { file.header.parameters.first { $0.name == name }?.value }
        let scene = try scene(named: parameter("scene"))
        var (plan, _, setup) = try plan(
            SceneRequest(
                scene.name, seed: file.header.seed ?? 1, participants: parameter("participants").flatMap(Int.init),
                language: language))
        let known = plan.invariants + [progress(names: plan.names)]
        plan.invariants = known.filter { file.header.invariants.contains($0.name) }
        plan.wholeRunInvariants = plan.wholeRunInvariants.filter { file.header.invariants.contains($0.name) }
        plan.network = file.header.network
        plan.disk = file.header.disk
        return (plan, scene, setup)
    }
}
