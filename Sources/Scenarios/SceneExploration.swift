package import Checking
package import Explorer
package import Messages
package import Simulator
import StateMachines
package import Traces

/// Which scene's protocol to search, with which faults, and how far.
///
/// The scene gives the nodes and what clients ask; its own fault lines are left out, since the search tries every
/// schedule of faults within the budgets.
package struct ExplorationRequest: Sendable {
    /// How to look for violations: the first is sure, the second reaches further.
    package enum Method: Hashable, Sendable {
        case everything
        /// So many random walks of at most so many steps.
        case walks(Int, steps: Int, seed: UInt64)
    }

    package var scene: String
    /// `nil`: two, or as many as the scene needs.
    package var participants: Int?
    /// The promises and milestones to judge; empty: every promise except `progress`, which any protocol that may block
    /// breaks.
    package var invariants: [String] = []
    package var budgets = FaultBudgets(crashes: 1, restarts: 1)
    package var rules = ExplorationRules()
    package var method = Method.everything
    package var options = SearchOptions()
    /// "P1: prepared": where to begin, one after the other. A node's name, or a star for any node, and words of its state, in
    /// English or in `language`.
    package var stages: [String] = []
    /// Of the sentences in the trace.
    package var language = Language.english

    package init(_ scene: String) { self.scene = scene }
}

/// What a search found.
package struct SceneExploration: Sendable {
    package var scene: SceneDescription
    package var protocolName: String
    package var participants: Int
    package var request: ExplorationRequest
    /// The judged promises with their verdicts.
    package var verdicts: [(promise: SceneRun.Promise, verdict: Verdict)]
    /// About all of them: the broken one's, else the first that is not known, else `holds`.
    package var verdict: Verdict
    /// What some schedule should come to, and whether one did: `holds` where it has been seen, `violated` where every
    /// schedule was and none did. Nothing of that is part of `verdict`, unless it was asked for.
    package var milestones: [(promise: SceneRun.Promise, verdict: Verdict)]
    /// The scene's promises about whole runs, which a search of states cannot judge.
    package var notJudged: [SceneRun.Promise]
    /// Whether every schedule within the budgets was seen, or none of them needed to be. Never in a calm network.
    package var isExhaustive: Bool
    /// The stage that no schedule within the bounds has reached; then nothing was judged.
    package var missedStage: String?
    /// A run to the violation: the shortest of a whole search, else one from which nothing can be left out.
    package var trace: Trace?
    /// How many steps it has.
    package var steps: Int
    /// How many it had before it was shrunk; `nil` for one that is a shortest.
    package var stepsFound: Int?
    /// How many participants it has: fewer than were searched where it was shrunk and some were not needed.
    package var participantsNeeded: Int
    /// How many of its last steps can be repeated for ever; 0 unless this is the violation.
    package var cycle: Int
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
        var (plan, _, setup) = try self.plan(
            SceneRequest(scene.name, participants: participants, language: request.language))
        plan.faults = []
        let ofRuns = plan.wholeRunInvariants
        plan.wholeRunInvariants = []
        plan.invariants = try chosen(
            request.invariants, among: plan.invariants + [progress(names: plan.names)], setup.milestones, ofRuns)
        let milestones = setup.milestones.filter { !request.invariants.contains($0.name) }
        let model = model(plan, request)
        let finding = search(
            model, plan.invariants + milestones, try order(request, names: plan.names), elapsed, report)
        let judged = finding.search.judged(plan.invariants.count)
        var found = SceneExploration(
            scene: scene, protocolName: name, participants: participants, request: request,
            verdicts: Self.verdicts(judged.verdicts, of: plan.invariants), verdict: judged.verdict,
            milestones: Self.verdicts(finding.search.verdicts.dropFirst(plan.invariants.count), of: milestones),
            notJudged: ofRuns.map(SceneRun.Promise.init),
            isExhaustive: judged.isExhaustive && request.stages.isEmpty && !request.rules.isCalm,
            missedStage: finding.missedStage.map { request.stages[$0] }, trace: nil, steps: 0, stepsFound: nil,
            participantsNeeded: participants,
            cycle: judged.cycle.count, replay: nil, progress: judged.progress)
        let steps = finding.prefix + judged.path + judged.cycle
        add(judged.broken.flatMap { run(steps, breaking: plan.invariants[$0], model, plan, found) }, to: &found, plan)
        return try withFewerParticipants(found)
    }

    private func model(_ plan: SimulationPlan<Node>, _ request: ExplorationRequest) -> WorldModel<Node> {
        var rules = request.rules
        rules.disregardsGrowth = request.options.findsCycles
        return WorldModel(
            World(plan.machines, budgets: request.budgets), commands: plan.commands.map { ($0.node, $0.command) },
            rules: rules)
    }

    private static func verdicts(
        _ verdicts: some Sequence<Verdict>, of invariants: [Invariant<World<Node>>]
    ) -> [(promise: SceneRun.Promise, verdict: Verdict)] {
        zip(invariants, verdicts).map { (SceneRun.Promise($0), $1) }
    }

    private func order(_ request: ExplorationRequest, names: [String]) throws -> ExplorationOrder<Node> {
        var order = ExplorationOrder<Node>()
        order.options = request.options
        if case .walks(let count, let steps, let seed) = request.method {
            order.method = .walks(count, steps: steps, seed: seed)
        }
        order.stages = try request.stages.map {
            try stage($0, names: names, request.language, atRest: request.rules.isCalm)
        }
        return order
    }

    /// Reads "P1: prepared". In a calm network what is not over yet is no place to stay.
    private func stage(
        _ text: String, names: [String], _ language: Language, atRest: Bool
    ) throws(ScenarioError) -> @Sendable (World<Node>) -> Bool {
        let halves = text.split(separator: ":", maxSplits: 1)
        guard halves.count == 2 else { throw .unreadableStage(text, nodes: names) }
        let indices = names.indices.filter { halves[0] == "*" || names[$0] == halves[0] }
        guard !indices.isEmpty else { throw .unreadableStage(text, nodes: names) }
        let words = String(halves[1].drop { $0 == " " })
        let vocabulary = vocabulary
        return { world in
            guard !atRest || world.isAtRest else { return false }
            return indices.contains { index in
                let summary = world.nodes[index].machine.summary
                return world.nodes[index].isUp
                    && (summary.contains(words) || vocabulary.text(summary, in: language).contains(words))
            }
        }
    }

    /// The run to the violation, and how long it was when it was found, where it has been shrunk.
    private func run(
        _ steps: [WorldStep<Node.Command>], breaking invariant: Invariant<World<Node>>, _ model: WorldModel<Node>,
        _ plan: SimulationPlan<Node>, _ found: SceneExploration
    ) -> (steps: [WorldStep<Node.Command>], found: Int?)? {
        guard !steps.isEmpty else { return nil }
        let request = found.request
        let isShortest = request.method == .everything && request.stages.isEmpty && !request.rules.isCalm
        if isShortest || found.cycle > 0 { return (steps, nil) }
        let freer = request.rules.isCalm ? self.model(plan, freed(request, for: steps)) : model
        let shrinker = RunShrinker(freer) { play($0, freer, invariant) }
        return (shrinker.shrunk(steps), steps.count)
    }

    /// What is left out of a run of a calm network has not arrived yet, and timers that waited for it fire before it.
    func freed(_ request: ExplorationRequest, for steps: [WorldStep<Node.Command>]) -> ExplorationRequest {
        guard request.rules.isCalm else { return request }
        var request = request
        let timers = steps.count { if case .fireTimer = $0.event { true } else { false } }
        request.rules.isCalm = false
        request.budgets.earlyTimeouts = UInt8(clamping: timers + Int(request.budgets.earlyTimeouts))
        return request
    }

    private func add(
        _ run: (steps: [WorldStep<Node.Command>], found: Int?)?, to found: inout SceneExploration,
        _ plan: SimulationPlan<Node>
    ) {
        guard let run, case .violated(let violation) = found.verdict else { return }
        let (request, budgets) = (found.request, found.request.budgets)
        let model = WorldModel(World(plan.machines, budgets: budgets))
        let told = retell(run.steps, cycle: found.cycle, showing: violation, of: model, as: plan)
        found.trace = presentation.present(told.trace, from: nil, vocabulary, request.language).trace
        found.steps = told.steps.count
        found.stepsFound = run.found.map { $0 + told.steps.count - run.steps.count }
        let cycle = found.cycle
        found.replay = {
            var file = ReplayFile(
                of: told.steps, plan: plan, budgets: budgets,
                outcome: .violated(invariant: violation.invariant), cycle: cycle, toolVersion: ToolVersion.text)
            file.header.seed = nil
            return file
        }
    }

    private func chosen(
        _ names: [String], among states: [Invariant<World<Node>>], _ milestones: [Invariant<World<Node>>],
        _ ofRuns: [Invariant<FinishedRun<Node>>]
    ) throws(ScenarioError) -> [Invariant<World<Node>>] {
        guard !names.isEmpty else { return states.filter { $0.name != Progress.name } }
        let known = states + milestones
        var found: [Invariant<World<Node>>] = []
        for name in names {
            guard let invariant = known.first(where: { $0.name == name }) else {
                throw ofRuns.contains { $0.name == name }
                    ? .notOfStates(name, known: known.map(\.name)) : .unknownInvariant(name, known: known.map(\.name))
            }
            found.append(invariant)
        }
        return found
    }
}

extension SearchResult {
    /// The same search with regard to its first invariants only.
    fileprivate func judged(_ count: Int) -> SearchResult {
        var result = self
        result.verdicts = Array(verdicts.prefix(count))
        if let broken, broken >= count { result.broken = nil }
        return result
    }
}

extension World {
    /// Whether nothing is being written or is on its way.
    fileprivate var isAtRest: Bool {
        messages.isEmpty && nodes.allSatisfy { node in !node.unsynced.contains { $0.isForced } }
    }
}

extension SceneRun.Promise {
    fileprivate init<Subject>(_ invariant: Invariant<Subject>) {
        self.init(invariant: invariant.name, explanation: invariant.explanation)
    }
}
