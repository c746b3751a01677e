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
    /// The promises to judge; empty: every one except `progress`, which any protocol that may block breaks.
    package var invariants: [String] = []
    package var budgets = FaultBudgets(crashes: 1, restarts: 1)
    package var rules = ExplorationRules()
    package var method = Method.everything
    package var options = SearchOptions()
    /// "P1: prepared": where to begin, one after the other. A node's name, and words of its state, in English or in
    /// `language`.
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
    /// Whether every schedule within the budgets was seen, or none of them needed to be.
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
        var (plan, _, _) = try self.plan(
            SceneRequest(scene.name, participants: participants, language: request.language))
        var rules = request.rules
        rules.disregardsGrowth = request.options.findsCycles
        plan.faults = []
        plan.wholeRunInvariants = []
        plan.invariants = try chosen(request.invariants, among: plan.invariants + [progress(names: plan.names)])
        let model = WorldModel(
            World(plan.machines, budgets: request.budgets), commands: plan.commands.map { ($0.node, $0.command) },
            rules: rules)
        let finding = search(model, plan.invariants, try order(request, names: plan.names), elapsed, report)
        var found = SceneExploration(
            scene: scene, protocolName: name, participants: participants, request: request,
            verdicts: zip(plan.invariants, finding.search.verdicts).map { invariant, verdict in
                (SceneRun.Promise(invariant: invariant.name, explanation: invariant.explanation), verdict)
            },
            verdict: finding.search.verdict, isExhaustive: finding.search.isExhaustive && request.stages.isEmpty,
            missedStage: finding.missedStage.map { request.stages[$0] }, trace: nil, steps: 0, stepsFound: nil,
            participantsNeeded: participants,
            cycle: finding.search.cycle.count, replay: nil, progress: finding.search.progress)
        add(run(of: finding, model, plan, request), to: &found, plan, request)
        return try withFewerParticipants(found)
    }

    private func order(_ request: ExplorationRequest, names: [String]) throws -> ExplorationOrder<Node> {
        var order = ExplorationOrder<Node>()
        order.options = request.options
        if case .walks(let count, let steps, let seed) = request.method {
            order.method = .walks(count, steps: steps, seed: seed)
        }
        order.stages = try request.stages.map { try stage($0, names: names, request.language) }
        return order
    }

    /// Reads "P1: prepared".
    private func stage(
        _ text: String, names: [String], _ language: Language
    ) throws(ScenarioError) -> @Sendable (World<Node>) -> Bool {
        let halves = text.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, let index = names.firstIndex(of: String(halves[0])) else {
            throw .unreadableStage(text, nodes: names)
        }
        let words = String(halves[1].drop { $0 == " " })
        let vocabulary = vocabulary
        return { world in
            let summary = world.nodes[index].machine.summary
            return world.nodes[index].isUp
                && (summary.contains(words) || vocabulary.text(summary, in: language).contains(words))
        }
    }

    /// The run to the violation, and how long it was when it was found, where it has been shrunk.
    private func run(
        of finding: ExplorationFinding<Node>, _ model: WorldModel<Node>, _ plan: SimulationPlan<Node>,
        _ request: ExplorationRequest
    ) -> (steps: [WorldStep<Node.Command>], found: Int?)? {
        guard let broken = finding.search.broken else { return nil }
        let steps = finding.prefix + finding.search.path + finding.search.cycle
        guard !steps.isEmpty else { return nil }
        let isShortest = request.method == .everything && request.stages.isEmpty
        if isShortest || !finding.search.cycle.isEmpty { return (steps, nil) }
        let shrinker = RunShrinker(model) { play($0, model, plan.invariants[broken]) }
        return (shrinker.shrunk(steps), steps.count)
    }

    private func add(
        _ run: (steps: [WorldStep<Node.Command>], found: Int?)?, to found: inout SceneExploration,
        _ plan: SimulationPlan<Node>, _ request: ExplorationRequest
    ) {
        guard let run, case .violated(let violation) = found.verdict else { return }
        let model = WorldModel(World(plan.machines, budgets: request.budgets))
        let told = retell(run.steps, cycle: found.cycle, showing: violation, of: model, as: plan)
        found.trace = presentation.present(told.trace, from: nil, vocabulary, request.language).trace
        found.steps = told.steps.count
        found.stepsFound = run.found.map { $0 + told.steps.count - run.steps.count }
        let cycle = found.cycle
        found.replay = {
            var file = ReplayFile(
                of: told.steps, plan: plan, budgets: request.budgets,
                outcome: .violated(invariant: violation.invariant), cycle: cycle, toolVersion: ToolVersion.text)
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
