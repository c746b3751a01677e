public import StateMachines

/// A graph of states that can be searched: where it begins and where each state leads.
public protocol Model<State, Action>: Sendable {
    associatedtype State: Sendable
    associatedtype Action: Hashable, Sendable

    var initialStates: [State] { get }

    /// Appends every successor of `state`, always in the same order.
    func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>])

    /// 128 bits that are equal for two states if and only if the same future lies before them. All of them must look
    /// like chance, since tables use some as positions.
    ///
    /// - Parameter encoder: scratch space, in any condition.
    func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint

    /// Like `appendSuccessors(of:to:)`, without those that are asleep.
    ///
    /// - Parameter sleeping: bit *i* stands for the successor whose `choice` is *i*.
    func appendSuccessors(
        of state: State, sleeping: UInt64, to successors: inout [Successor<State, Action>])

    /// Which choices may be exchanged with this one wherever both are possible: neither enables, disables or changes
    /// the other, and both orders lead to the same state.
    func choices(independentOf choice: Int) -> UInt64

    /// The same model with fewer of its runs, among which cycles are found sooner; `nil` where there is none.
    var narrowed: Self? { get }

    /// What waits in a state and must come sooner or later, unless it stops being possible; in any order. A run that
    /// keeps one of them waiting for ever is not fair, so that it says nothing about a promise that something
    /// comes true.
    func obligations(of state: State) -> [Obligation]
}

extension Model {
    @inlinable public func appendSuccessors(
        of state: State, sleeping: UInt64, to successors: inout [Successor<State, Action>]
    ) {
        appendSuccessors(of: state, to: &successors)
    }

    @inlinable public func choices(independentOf choice: Int) -> UInt64 { 0 }

    @inlinable public var narrowed: Self? { nil }

    @inlinable public func obligations(of state: State) -> [Obligation] { [] }
}

/// One edge of a model.
public struct Successor<State: Sendable, Action: Hashable & Sendable>: Sendable {
    public var action: Action
    public var state: State
    /// Something went wrong, or a repair came that nobody may count on. Without such edges a run must still reach
    /// what it promises to reach.
    public var isFault: Bool
    /// A number below 64 that this step has in every state in which it is possible, if it can be exchanged with other
    /// steps; else -1.
    public var choice: Int8

    @inlinable @inline(__always) public init(_ action: Action, _ state: State, isFault: Bool = false, choice: Int8 = -1)
    {
        self.action = action
        self.state = state
        self.isFault = isFault
        self.choice = choice
    }
}
