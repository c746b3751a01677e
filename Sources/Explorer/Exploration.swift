public import Checking
import Messages
public import Simulator
public import StateMachines
package import Traces

/// What to look for in a world, and how.
public struct ExplorationOrder<Node: ProtocolNode>: Sendable {
    public enum Method: Hashable, Sendable {
        /// Every schedule within the bounds, breadth first.
        case everything
        /// So many random walks of at most so many steps, all of whose siblings are judged. The options' bounds and workers count
        /// for them, too.
        case walks(Int, steps: Int, seed: UInt64)
    }

    public var method = Method.everything
    public var options = SearchOptions()
    /// States to go to first, each by a shortest way from the one before.
    public var stages: [@Sendable (World<Node>) -> Bool] = []

    public init() {}
}

/// What was found in a world.
public struct ExplorationFinding<Node: ProtocolNode>: Sendable {
    public var search: SearchResult<WorldStep<Node.Command>>
    /// The way through the stages to where the search began.
    public var prefix: [WorldStep<Node.Command>]
    /// The position of the stage that was not reached; then nothing else was searched.
    public var missedStage: Int?

    @inlinable init(
        search: SearchResult<WorldStep<Node.Command>>, prefix: [WorldStep<Node.Command>], missedStage: Int? = nil
    ) {
        (self.search, self.prefix, self.missedStage) = (search, prefix, missedStage)
    }
}

/// Searches the schedules of a world. Which faults may come is said by the budgets of its start.
///
/// - Parameter model: a `WorldModel`, or one that lets less happen.
/// - Parameter elapsed: real time since the search began.
/// - Parameter report: called at every level, every 4,096 states of it, and at the end.
@inlinable public func explore<Node: ProtocolNode, M: Model>(
    _ model: M, invariants: [Invariant<World<Node>>], _ order: ExplorationOrder<Node>,
    elapsed: () -> Duration = { .zero }, report: (SearchProgress) -> Void = { _ in }
) -> ExplorationFinding<Node> where M.State == ExploredState<Node>, M.Action == WorldStep<Node.Command> {
    let lifted = invariants.map { invariant in
        Invariant<ExploredState<Node>>(invariant.name, invariant.kind, explanation: invariant.explanation) { state in
            invariant.problem(state.world)
        }
    }
    var prefix: [WorldStep<Node.Command>] = []
    guard var state = model.initialStates.first else { preconditionFailure("a world begins in one state") }
    for (position, isWanted) in order.stages.enumerated() {
        let reached = stage(
            model, from: state, to: { isWanted($0.world) }, options: order.options, elapsed: elapsed, report: report)
        guard let found = reached.found else {
            return ExplorationFinding(
                search: reached.search.judging(invariants.count), prefix: prefix, missedStage: position)
        }
        state = found
        prefix += reached.search.path
    }
    let continued = ContinuedModel(model, from: state)
    switch order.method {
    case .everything:
        let result = searchAll(of: continued, invariants: lifted, order.options, elapsed: elapsed, report: report)
        return ExplorationFinding(search: result, prefix: prefix)
    case .walks(let count, let steps, let seed):
        var walks = RandomWalks(continued, invariants: lifted, seed: seed, walks: count, depth: steps)
        let result = walks.run(order.options, elapsed: elapsed, report: report)
        return ExplorationFinding(search: result, prefix: prefix)
    }
}

/// Searches everything. A livelock in a model that turns out to be large is looked for among few of its runs first: what is found
/// there is a cycle of the model, only perhaps not the shortest, and where nothing is found in half of the time everything is searched.
@inlinable func searchAll<M: Model>(
    of model: M, invariants: [Invariant<M.State>], _ options: SearchOptions, elapsed: () -> Duration,
    report: (SearchProgress) -> Void
) -> SearchResult<M.Action> {
    func search(_ model: M, states: Int?, share: Int = 1) -> SearchResult<M.Action> {
        var options = options
        options.bounds.states = states
        options.bounds.elapsed = options.bounds.elapsed.map { $0 / share }
        var search = BreadthFirstSearch(model, invariants: invariants, options: options)
        return search.run(on: options.workers, elapsed: elapsed, report: report)
    }
    let few = 2_048
    if options.findsCycles, options.bounds.states ?? .max > few, let narrowed = model.narrowed {
        let beginning = search(model, states: few)
        guard case .states? = beginning.bound else { return beginning }
        let narrow = search(narrowed, states: options.bounds.states.map { $0 / 4 }, share: 2)
        if !narrow.cycle.isEmpty { return narrow }
    }
    return search(model, states: options.bounds.states)
}

/// A run that a search has found, ready to be shown.
package struct ExploredRun<Node: ProtocolNode>: Sendable {
    package var steps: [TimedStep<Node.Command>]
    /// At times that draw well, the violation at its end.
    package var trace: Trace
}

/// Tells a run of `model` with the names and the other particulars of `plan`.
///
/// - Parameter steps: possible one after the other, once every node has started.
/// - Parameter cycle: how many of the last steps can be repeated for ever; where they begin is marked.
package func retell<Node: ProtocolNode>(
    _ steps: [WorldStep<Node.Command>], cycle: Int = 0, showing violation: Violation, of model: WorldModel<Node>,
    as plan: SimulationPlan<Node>
) -> ExploredRun<Node> {
    let always = plan.invariants.filter { $0.kind == .always }
    var retelling = Retelling(plan, from: model.start, invariants: always)
    var timed: [TimedStep<Node.Command>] = []
    let starts = model.start.identifiers.filter { model.start[$0].status == .notStarted }
    let all = starts.map { WorldStep(.start($0)) } + steps
    for (index, step) in all.enumerated() {
        if cycle > 0, index == all.count - cycle { retelling.remark(SimulatorMessages.lapBegins) }
        if retelling.take(step) { timed.append(TimedStep(time: retelling.now, step: step)) }
    }
    retelling.report(violation)
    return ExploredRun(steps: timed, trace: retelling.trace)
}
