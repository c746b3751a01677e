public import StateMachines

/// A graph of states that can be searched: where it begins and where each state leads.
public protocol Model<State, Action>: Sendable {
    associatedtype State: Sendable
    associatedtype Action: Hashable, Sendable

    var initialStates: [State] { get }

    /// Appends every successor of `state`, always in the same order.
    func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>])

    /// 128 bits that are equal for two states if and only if the same future lies before them.
    ///
    /// - Parameter encoder: scratch space, in any condition.
    func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint
}

/// One edge of a model.
public struct Successor<State: Sendable, Action: Hashable & Sendable>: Sendable {
    public var action: Action
    public var state: State
    /// Something went wrong, or a repair came that nobody may count on. Without such edges a run must still reach
    /// what it promises to reach.
    public var isFault: Bool

    @inlinable public init(_ action: Action, _ state: State, isFault: Bool = false) {
        self.action = action
        self.state = state
        self.isFault = isFault
    }
}
