public import Checking

/// Where a search gives up. `nil` is no limit.
public struct SearchBounds: Hashable, Sendable {
    /// Distinct states.
    public var states: Int?
    /// Events from the start.
    public var depth: Int?
    public var elapsed: Duration?
    /// Of the process, where `SearchOptions.heldBytes` knows it. Looked at every 4,096 states, so that what these lead to may come
    /// on top.
    public var memoryBytes: Int?

    public init(
        states: Int? = 2_000_000, depth: Int? = nil, elapsed: Duration? = nil, memoryBytes: Int? = nil
    ) {
        self.states = states
        self.depth = depth
        self.elapsed = elapsed
        self.memoryBytes = memoryBytes
    }

    @inlinable func bound(atStates count: Int) -> Bound? {
        guard let states, count > states else { return nil }
        return .states(states)
    }

    /// The bound of real time, where it has passed.
    @inlinable func bound(after elapsed: Duration) -> Bound? {
        guard let limit = self.elapsed, elapsed > limit else { return nil }
        return .elapsed(milliseconds: Int(limit / .milliseconds(1)))
    }
}

/// How far a search has come.
public struct SearchProgress: Hashable, Sendable {
    /// Distinct states.
    public var states = 0
    /// States computed, initial ones and repetitions included.
    public var generated = 0
    /// Levels begun, the initial states being the first, as TLC counts.
    public var depth = 0
    public var elapsed = Duration.zero

    public init() {}

    /// Generated states a second.
    public var rate: Double {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        return seconds > 0 ? Double(generated) / seconds : 0
    }
}

/// What a search found.
public struct SearchResult<Action: Hashable & Sendable>: Sendable {
    /// One verdict for each invariant, in their order. After a violation the others are unknown, unless known.
    public var verdicts: [Verdict]
    /// The position of the broken invariant.
    public var broken: Int?
    /// The shortest run to the violation: the first in the order of successors among the shortest. Of a search for
    /// which only a `sometimes` found no witness: empty.
    public var path: [Action]
    /// Steps that lead from the end of the path back to a state with the same future, and so can be repeated for ever:
    /// a livelock. Empty for any other violation.
    public var cycle: [Action]
    /// The position of the initial state from which the path starts.
    public var root: Int
    /// The bound that stopped the search; `nil` when it saw every state, or stopped at a violation.
    public var bound: Bound?
    public var progress: SearchProgress

    /// Every state within the fault budgets was seen.
    public var isExhaustive: Bool { bound == nil && path.isEmpty && cycle.isEmpty }

    @usableFromInline init(
        verdicts: [Verdict], broken: Int?, path: [Action], cycle: [Action] = [], root: Int, bound: Bound?,
        progress: SearchProgress
    ) {
        self.verdicts = verdicts
        self.broken = broken
        self.path = path
        self.cycle = cycle
        self.root = root
        self.bound = bound
        self.progress = progress
    }

    /// The verdict about the invariant that broke, else about the first that is not known, else `holds`.
    public var verdict: Verdict {
        if let broken { return verdicts[broken] }
        return verdicts.first { if case .unknown = $0 { true } else { false } } ?? bound.map(Verdict.unknown) ?? .holds
    }

    /// The same search as far as so many invariants are concerned that it has not judged.
    @usableFromInline func judging(_ count: Int) -> SearchResult {
        let stop = bound ?? .states(progress.states)
        return SearchResult(
            verdicts: Array(repeating: .unknown(stop), count: count), broken: nil, path: [], root: 0, bound: stop,
            progress: progress)
    }
}
