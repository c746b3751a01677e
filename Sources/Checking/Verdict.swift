public import StateMachines

/// What a check found out.
public enum Verdict: Hashable, Sendable {
    case holds
    case violated(Violation)
    /// Nothing wrong was found, but the check stopped early.
    case unknown(Bound)
}

/// The limit that stopped a check.
public enum Bound: Hashable, Sendable {
    case states(Int)
    case depth(Int)
    /// Real time of a search, in whole milliseconds.
    case elapsed(milliseconds: Int)
    case memory(bytes: Int)
    /// Virtual time of a simulation.
    case virtualTime(Tick)
    case events(Int)
}
