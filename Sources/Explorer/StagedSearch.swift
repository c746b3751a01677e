public import Checking
public import Messages
public import StateMachines

/// A model that begins elsewhere.
public struct ContinuedModel<Base: Model>: Model {
    public let base: Base
    public let initialStates: [Base.State]

    @inlinable public init(_ base: Base, from state: Base.State) {
        self.base = base
        initialStates = [state]
    }

    @inlinable public var narrowed: ContinuedModel? {
        base.narrowed.map { ContinuedModel($0, from: initialStates[0]) }
    }

    @inlinable public func appendSuccessors(
        of state: Base.State, to successors: inout [Successor<Base.State, Base.Action>]
    ) { base.appendSuccessors(of: state, to: &successors) }

    @inlinable public func appendSuccessors(
        of state: Base.State, sleeping: UInt64, to successors: inout [Successor<Base.State, Base.Action>]
    ) { base.appendSuccessors(of: state, sleeping: sleeping, to: &successors) }

    @inlinable public func fingerprint(of state: Base.State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        base.fingerprint(of: state, using: &encoder)
    }

    @inlinable public func choices(independentOf choice: Int) -> UInt64 { base.choices(independentOf: choice) }

    @inlinable public func obligations(of state: Base.State) -> [Obligation] { base.obligations(of: state) }
}

/// Goes from a state to a nearest one that is wanted, so that a search can begin there: events that are far from the
/// beginning come within reach, at the price that only this way to them is looked at.
///
/// - Returns: the first of the nearest such states, `nil` when none is reached within the bounds, and the search, whose
///   path leads there.
@inlinable public func stage<M: Model>(
    _ model: M, from state: M.State, to isWanted: @escaping @Sendable (M.State) -> Bool, options: SearchOptions,
    elapsed: () -> Duration = { .zero }, report: (SearchProgress) -> Void = { _ in }
) -> (found: M.State?, search: SearchResult<M.Action>) {
    let sentence = ExploreMessages.wanted
    let missing = Invariant<M.State>("wanted", explanation: sentence) { isWanted($0) ? sentence : nil }
    var search = BreadthFirstSearch(ContinuedModel(model, from: state), invariants: [missing], options: options)
    let result = search.run(on: options.workers, elapsed: elapsed, report: report)
    return (search.found.map { search.replay(to: $0.state).state }, result)
}
