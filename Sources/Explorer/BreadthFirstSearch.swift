public import Checking
public import StateMachines

/// Breadth-first search, one level after the other, so that the run to a violation is a shortest one.
///
/// *Always* is judged on every state. *Sometimes* wants one witness among all states. *Eventually* means: from every
/// state, if nothing more goes wrong, the promise can still come true. A state with no way on that breaks it is
/// reported at once, as the end of the run; when the whole graph is known, so is a state from which only endless
/// retrying is left.
public struct BreadthFirstSearch<M: Model>: Sendable {
    public typealias Progress = (SearchProgress) -> Void

    @usableFromInline let model: M
    @usableFromInline let invariants: [Invariant<M.State>]
    @usableFromInline let bounds: SearchBounds
    @usableFromInline var visited = VisitedTable()
    @usableFromInline var frontier: [(state: M.State, number: Int)] = []
    @usableFromInline var next: [(state: M.State, number: Int)] = []
    @usableFromInline var progress = SearchProgress()
    @usableFromInline var witnessed: [Bool]
    /// The earliest violation so far, and the state that shows it.
    @usableFromInline var found: (invariant: Int, violation: Violation, state: Int)?
    /// Edges that are no faults, for the eventually invariants; without any, none are kept.
    @usableFromInline var edges: [(from: UInt32, to: UInt32)] = []
    /// For each eventually invariant, by state: whether the promise is kept there.
    @usableFromInline var isKept: [[Bool]]
    @usableFromInline let eventual: [Int]
    @usableFromInline var encoder = CanonicalEncoder()

    @inlinable public init(_ model: M, invariants: [Invariant<M.State>], bounds: SearchBounds = SearchBounds()) {
        self.model = model
        self.invariants = invariants
        self.bounds = bounds
        witnessed = invariants.map { _ in false }
        eventual = invariants.indices.filter { invariants[$0].kind == .eventually }
        isKept = eventual.map { _ in [] }
    }

    /// Searches until a violation, a bound or the end.
    ///
    /// - Parameter elapsed: real time since the search began; read at every level, and every 4,096 states of it.
    /// - Parameter report: called as often.
    @inlinable public mutating func run(
        elapsed: () -> Duration = { .zero }, report: Progress = { _ in }
    ) -> SearchResult<M.Action> {
        for state in model.initialStates {
            progress.generated += 1
            discover(state, from: visited.count, ordinal: 0, isFault: true)
        }
        swap(&frontier, &next)
        var bound: Bound?
        while !frontier.isEmpty, found == nil, bound == nil {
            progress.depth += 1
            if let depth = bounds.depth, progress.depth > depth + 1 {
                progress.depth -= 1
                bound = .depth(depth)
            } else {
                bound = expandLevel(elapsed, report)
            }
        }
        progress.elapsed = elapsed()
        if found == nil, bound == nil { findDoomedState() }
        report(progress)
        return result(bound)
    }

    @inlinable mutating func expandLevel(_ elapsed: () -> Duration, _ report: Progress) -> Bound? {
        var successors: [Successor<M.State, M.Action>] = []
        for (position, entry) in frontier.enumerated() {
            if position & 4_095 == 0 {
                progress.elapsed = elapsed()
                report(progress)
            }
            if let bound = exceededBound { return bound }
            successors.removeAll(keepingCapacity: true)
            model.appendSuccessors(of: entry.state, to: &successors)
            checkWayOn(from: entry, successors)
            // A violation one level deeper may already be known; only a dead end on this level could still beat it.
            if let found, found.state != entry.number {
                if eventual.isEmpty { return nil }
                continue
            }
            for (ordinal, successor) in successors.enumerated() {
                progress.generated += 1
                discover(successor.state, from: entry.number, ordinal: ordinal, isFault: successor.isFault)
            }
        }
        frontier.removeAll(keepingCapacity: true)
        swap(&frontier, &next)
        return nil
    }

    @inlinable var exceededBound: Bound? {
        if let states = bounds.states, visited.count > states { return .states(states) }
        if let limit = bounds.memoryBytes, visited.byteCount + edges.count * 8 > limit { return .memory(bytes: limit) }
        if let limit = bounds.elapsed, progress.elapsed > limit {
            return .elapsed(milliseconds: Int(limit / .milliseconds(1)))
        }
        return nil
    }

    @inlinable mutating func discover(_ state: M.State, from parent: Int, ordinal: Int, isFault: Bool) {
        let fingerprint = model.fingerprint(of: state, using: &encoder)
        let (number, isNew) = visited.insert(fingerprint, parent: parent, ordinal: ordinal)
        if !isFault, !eventual.isEmpty, number != parent { edges.append((UInt32(parent), UInt32(number))) }
        guard isNew else { return }
        progress.states += 1
        next.append((state, number))
        for index in invariants.indices {
            switch invariants[index].kind {
            case .always:
                guard found == nil, let violation = invariants[index].violation(by: state) else { continue }
                found = (index, violation, number)
            case .sometimes:
                if !witnessed[index] { witnessed[index] = invariants[index].problem(state) == nil }
            case .eventually: continue
            }
        }
        for (position, index) in eventual.enumerated() {
            isKept[position].append(invariants[index].problem(state) == nil)
        }
    }

    /// Reports a state from which only faults lead on and in which an eventually invariant is broken.
    @inlinable mutating func checkWayOn(
        from entry: (state: M.State, number: Int), _ successors: [Successor<M.State, M.Action>]
    ) {
        guard !eventual.isEmpty, successors.allSatisfy(\.isFault) else { return }
        if let found, visited.path(to: found.state).ordinals.count < progress.depth { return }
        for (position, index) in eventual.enumerated() where !isKept[position][entry.number] {
            guard let violation = invariants[index].violation(by: entry.state) else { continue }
            found = (index, violation, entry.number)
            return
        }
    }

    /// Reports the earliest state from which no fault-free run reaches the promise.
    @inlinable mutating func findDoomedState() {
        for (position, index) in eventual.enumerated() {
            let canKeep = reaching(isKept[position])
            guard let doomed = canKeep.firstIndex(of: false), found.map({ doomed < $0.state }) ?? true else { continue }
            let violation = Violation(
                invariant: invariants[index].name, explanation: invariants[index].explanation,
                problem: invariants[index].problem(state(number: doomed)) ?? invariants[index].explanation)
            found = (index, violation, doomed)
        }
    }

    /// The states from which some fault-free run reaches a state that is `good`.
    @usableFromInline func reaching(_ good: [Bool]) -> [Bool] {
        var starts = Array(repeating: 0, count: good.count + 1)
        for edge in edges { starts[Int(edge.to) + 1] += 1 }
        for number in good.indices { starts[number + 1] += starts[number] }
        var fill = starts
        var sources = Array(repeating: UInt32(0), count: edges.count)
        for edge in edges {
            sources[fill[Int(edge.to)]] = edge.from
            fill[Int(edge.to)] += 1
        }
        var reached = good
        var pending = good.indices.filter { good[$0] }
        while let number = pending.popLast() {
            for source in sources[starts[number]..<starts[number + 1]] where !reached[Int(source)] {
                reached[Int(source)] = true
                pending.append(Int(source))
            }
        }
        return reached
    }

    // MARK: - The way back

    /// The steps from an initial state to a state, and the state.
    @inlinable func replay(to number: Int) -> (root: Int, path: [M.Action], state: M.State) {
        let (root, ordinals) = visited.path(to: number)
        let initial = model.initialStates
        let rootPosition = initial.firstIndex { state in
            var encoder = CanonicalEncoder()
            return model.fingerprint(of: state, using: &encoder) == visited.fingerprints[root]
        }
        guard let rootPosition else { preconditionFailure("an initial state has changed since the search began") }
        var state = initial[rootPosition]
        var path: [M.Action] = []
        var successors: [Successor<M.State, M.Action>] = []
        for ordinal in ordinals {
            successors.removeAll(keepingCapacity: true)
            model.appendSuccessors(of: state, to: &successors)
            path.append(successors[ordinal].action)
            state = successors[ordinal].state
        }
        return (rootPosition, path, state)
    }

    @inlinable func state(number: Int) -> M.State { replay(to: number).state }

    @inlinable func result(_ bound: Bound?) -> SearchResult<M.Action> {
        var (root, path): (Int, [M.Action]) = (0, [])
        if let found { (root, path, _) = replay(to: found.state) }
        let isComplete = bound == nil && found == nil
        let stop = bound ?? .states(progress.states)
        let verdicts = invariants.enumerated().map { index, invariant -> Verdict in
            if let found, found.invariant == index { return .violated(found.violation) }
            if invariant.kind == .sometimes, witnessed[index] { return .holds }
            guard isComplete else { return .unknown(stop) }
            guard invariant.kind == .sometimes else { return .holds }
            return .violated(
                Violation(
                    invariant: invariant.name, explanation: invariant.explanation, problem: invariant.explanation))
        }
        let broken = verdicts.firstIndex { if case .violated = $0 { true } else { false } }
        return SearchResult(
            verdicts: verdicts, broken: broken, path: path, root: root, bound: bound, progress: progress)
    }
}
