import Checking
import Explorer
import Simulator
import StateMachines

extension ProtocolScenes {
    private typealias Searched = (plan: SimulationPlan<Node>, model: WorldModel<Node>)

    /// A run that was shrunk, told with as few participants as still break the same promise.
    ///
    /// One node after the other is left out, with everything that happened to it, was sent by it or to it; what is left is played in
    /// the scene with one participant less, and shrunk there. Leaving out a node of another kind changes who
    /// is who, so that such a run breaks nothing, or breaks it as well.
    func withFewerParticipants(_ found: SceneExploration) throws -> SceneExploration {
        var best = found
        while let fewer = try withOneLess(best) { best = fewer }
        return best
    }

    private func withOneLess(_ found: SceneExploration) throws -> SceneExploration? {
        let participants = found.participantsNeeded - 1
        guard found.stepsFound != nil, found.cycle == 0, found.scene.participants.contains(participants),
            case .violated(let violation) = found.verdict, let replay = found.replay
        else { return nil }
        let text = StepText(try searched(found.request, participants + 1).plan)
        let steps = replay().entries.compactMap { text.step(from: $0.event) }.filter {
            if case .start = $0.event { false } else { true }
        }
        let request = freed(found.request, for: steps)
        let (larger, smaller) = (try searched(request, participants + 1), try searched(request, participants))
        let known = smaller.plan.invariants + [progress(names: smaller.plan.names)]
        guard larger.plan.names.count == smaller.plan.names.count + 1,
            let broken = known.first(where: { $0.name == violation.invariant })
        else { return nil }
        let shrinker = RunShrinker(smaller.model) { play($0, smaller.model, broken) }
        for node in larger.model.start.identifiers {
            let fewer = FewerNodes(larger.model, smaller.model, without: node).steps(steps)
            guard let run = shrinker.adapted(fewer) else { continue }
            return tell(found, shrinker.shrunk(run), of: smaller, participants, breaking: broken)
        }
        return nil
    }

    private func searched(_ request: ExplorationRequest, _ participants: Int) throws -> Searched {
        var (plan, _, _) = try plan(
            SceneRequest(request.scene, participants: participants, language: request.language))
        plan.faults = []
        plan.wholeRunInvariants = []
        let world = World(plan.machines, budgets: request.budgets)
        let commands = plan.commands.map { ($0.node, $0.command) }
        return (plan, WorldModel(world, commands: commands, rules: request.rules))
    }

    private func tell(
        _ found: SceneExploration, _ steps: [WorldStep<Node.Command>], of searched: Searched, _ participants: Int,
        breaking invariant: Invariant<World<Node>>
    ) -> SceneExploration? {
        guard var world = searched.model.initialStates.first?.world else { return nil }
        var observer = SilentObserver<Node>()
        for step in steps { _ = world.apply(step, at: .zero, observer: &observer) }
        guard let violation = invariant.violation(by: world) else { return nil }
        var plan = searched.plan
        plan.invariants = [invariant]
        let told = retell(steps, showing: violation, of: searched.model, as: plan)
        var fewer = found
        fewer.participantsNeeded = participants
        fewer.verdict = .violated(violation)
        for index in fewer.verdicts.indices where fewer.verdicts[index].promise.invariant == invariant.name {
            fewer.verdicts[index].verdict = fewer.verdict
        }
        fewer.trace = presentation.present(told.trace, from: nil, vocabulary, found.request.language).trace
        fewer.steps = told.steps.count
        let file = plan
        fewer.replay = {
            var replay = ReplayFile(
                of: told.steps, plan: file, budgets: found.request.budgets,
                outcome: .violated(invariant: violation.invariant), toolVersion: ToolVersion.text)
            replay.header.seed = nil
            return replay
        }
        return fewer
    }
}
