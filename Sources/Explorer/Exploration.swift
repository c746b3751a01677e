public import Checking
public import Simulator
public import StateMachines
package import Traces

/// What a search of a plan's schedules found, ready to be told.
package struct ExplorationResult<Node: ProtocolNode>: Sendable {
    package var search: SearchResult<WorldStep<Node.Command>>
    /// The steps of the shortest run to the violation; empty without one.
    package var steps: [TimedStep<Node.Command>]
    /// That run at times that draw well, the violation at its end; `nil` without one.
    package var trace: Trace?

    /// The verdict about the invariant that broke, else about the first that is not known, else `holds`.
    package var verdict: Verdict {
        if let broken = search.broken { return search.verdicts[broken] }
        return search.verdicts.first { if case .unknown = $0 { true } else { false } }
            ?? search.bound.map(Verdict.unknown) ?? .holds
    }
}

/// Searches every schedule of a world, breadth first. Which faults may come is said by the budgets of its start.
///
/// - Parameter elapsed: real time since the search began.
/// - Parameter report: called at every level, every 4,096 states of it, and at the end.
@inlinable public func explore<Node: ProtocolNode>(
    _ model: WorldModel<Node>, invariants: [Invariant<World<Node>>], bounds: SearchBounds = SearchBounds(),
    elapsed: () -> Duration = { .zero }, report: (SearchProgress) -> Void = { _ in }
) -> SearchResult<WorldStep<Node.Command>> {
    let lifted = invariants.map { invariant in
        Invariant<ExploredState<Node>>(invariant.name, invariant.kind, explanation: invariant.explanation) { state in
            invariant.problem(state.world)
        }
    }
    var search = BreadthFirstSearch(model, invariants: lifted, bounds: bounds)
    return search.run(elapsed: elapsed, report: report)
}

/// Tells the run that a search of `model` has found, with the names and the other particulars of `plan`.
package func retell<Node: ProtocolNode>(
    _ search: SearchResult<WorldStep<Node.Command>>, of model: WorldModel<Node>, as plan: SimulationPlan<Node>
) -> ExplorationResult<Node> {
    guard let broken = search.broken, !search.path.isEmpty, case .violated(let violation) = search.verdicts[broken]
    else { return ExplorationResult(search: search, steps: [], trace: nil) }
    let always = plan.invariants.filter { $0.kind == .always }
    var retelling = Retelling(plan, from: model.start, invariants: always)
    var steps: [TimedStep<Node.Command>] = []
    let starts = model.start.identifiers.filter { model.start[$0].status == .notStarted }
    for step in starts.map({ WorldStep(.start($0)) }) + search.path where retelling.take(step) {
        steps.append(TimedStep(time: retelling.now, step: step))
    }
    retelling.report(violation)
    return ExplorationResult(search: search, steps: steps, trace: retelling.trace)
}
