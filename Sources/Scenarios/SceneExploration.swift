package import Checking
package import Explorer
package import Messages
package import Simulator
package import Traces

/// Which scene's protocol to search, with which faults, and how far.
///
/// The scene gives the nodes and what clients ask; its own fault lines are left out, since the search tries every
/// schedule of faults within the budgets.
package struct ExplorationRequest: Sendable {
    package var scene: String
    /// `nil`: two, or as many as the scene needs.
    package var participants: Int?
    /// The promises to judge; empty: every one except `progress`, which any protocol that may block breaks.
    package var invariants: [String] = []
    package var budgets = FaultBudgets(crashes: 1, restarts: 1)
    package var rules = ExplorationRules()
    package var bounds = SearchBounds()
    /// Of the sentences in the trace.
    package var language = Language.english

    package init(_ scene: String) { self.scene = scene }
}

/// What a search found.
package struct SceneExploration: Sendable {
    package var scene: SceneDescription
    package var protocolName: String
    package var participants: Int
    package var budgets: FaultBudgets
    /// The judged promises with their verdicts.
    package var verdicts: [(promise: SceneRun.Promise, verdict: Verdict)]
    /// About all of them: the broken one's, else the first that is not known, else `holds`.
    package var verdict: Verdict
    /// The shortest run to the violation.
    package var trace: Trace?
    /// How many steps it has.
    package var steps: Int
    /// That run as explicit events; made when asked for.
    package var replay: (@Sendable () -> ReplayFile)?
    package var progress: SearchProgress
}

extension ProtocolScenes {
    package func explore(
        _ request: ExplorationRequest, elapsed: () -> Duration, report: (SearchProgress) -> Void
    ) throws -> SceneExploration {
        let scene = try scene(named: request.scene)
        let participants = request.participants ?? max(2, scene.participants.lowerBound)
        var (plan, _, _) = try self.plan(
            SceneRequest(scene.name, participants: participants, language: request.language))
        plan.faults = []
        plan.wholeRunInvariants = []
        plan.invariants = try chosen(request.invariants, among: plan.invariants + [progress(names: plan.names)])
        let model = WorldModel(
            World(plan.machines, budgets: request.budgets), commands: plan.commands.map { ($0.node, $0.command) },
            rules: request.rules)
        let result = retell(
            search(model, plan.invariants, request.bounds, elapsed, report), of: model, as: plan)
        return SceneExploration(
            scene: scene, protocolName: name, participants: participants, budgets: request.budgets,
            verdicts: zip(plan.invariants, result.search.verdicts).map { invariant, verdict in
                (SceneRun.Promise(invariant: invariant.name, explanation: invariant.explanation), verdict)
            },
            verdict: result.verdict,
            trace: result.trace.map { presentation.present($0, from: nil, vocabulary, request.language).trace },
            steps: result.steps.count, replay: replay(of: result, plan, request.budgets),
            progress: result.search.progress)
    }

    private func replay(
        of result: ExplorationResult<Node>, _ plan: SimulationPlan<Node>, _ budgets: FaultBudgets
    ) -> (@Sendable () -> ReplayFile)? {
        guard case .violated(let violation) = result.verdict, result.trace != nil else { return nil }
        let steps = result.steps
        return {
            var file = ReplayFile(
                of: steps, plan: plan, budgets: budgets, outcome: .violated(invariant: violation.invariant),
                toolVersion: ToolVersion.text)
            file.header.seed = nil
            return file
        }
    }

    private func chosen(
        _ names: [String], among known: [Invariant<World<Node>>]
    ) throws(ScenarioError) -> [Invariant<World<Node>>] {
        guard !names.isEmpty else { return known.filter { $0.name != Progress.name } }
        var found: [Invariant<World<Node>>] = []
        for name in names {
            guard let invariant = known.first(where: { $0.name == name }) else {
                throw .unknownInvariant(name, known: known.map(\.name))
            }
            found.append(invariant)
        }
        return found
    }
}
