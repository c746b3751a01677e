public import Checking

/// Breadth-first search, one level after the other, so that the run to a violation is a shortest one.
///
/// *Always* is judged on every state. *Sometimes* wants one witness among all states. *Eventually* means: from every
/// state, if nothing more goes wrong, the promise can still come true. A state with no way on that breaks it is
/// reported at once, as the end of the run; when the whole graph is known, so is a state from which only endless
/// retrying is left.
///
/// Levels are cut into rounds of 4,096 states, rounds into pieces for the workers. States are numbered by their first
/// parent and the order of its successors, so that every result is the same however many workers there are.
public struct BreadthFirstSearch<M: Model>: Sendable {
    public typealias Progress = (SearchProgress) -> Void

    @usableFromInline static var pieceSize: Int { 256 }
    @usableFromInline static var piecesOfRound: Int { 16 }

    @usableFromInline let plan: SearchPlan<M>
    @usableFromInline let options: SearchOptions
    @usableFromInline let visited = VisitedTable()
    @usableFromInline let pieces: [SearchPiece<M>]
    @usableFromInline var frontier: [M.State] = []
    @usableFromInline var next: [M.State] = []
    /// Of the frontier's first state.
    @usableFromInline var frontierNumber = 0
    /// By number: the state it was reached from first, and by which of its successors.
    @usableFromInline var parents: [UInt32] = []
    @usableFromInline var ordinals: [UInt16] = []
    /// By number, in a reduced search: what need not be tried there.
    @usableFromInline var sleeping: [UInt64] = []
    @usableFromInline var progress = SearchProgress()
    @usableFromInline var witnessed: [Bool]
    @usableFromInline var found: Finding?
    /// Edges that are no faults, for the eventually invariants; without any, none are kept.
    @usableFromInline var edges: [(from: UInt32, to: UInt32)] = []
    /// How many states there must be before cycles are looked for in what is known of the graph: again when there are twice
    /// as many, so that a cycle is found long before everything is, at little cost.
    @usableFromInline var nextCycleCheck = 1_024
    /// For each eventually invariant, by state: whether the promise is kept there.
    @usableFromInline var isKept: [[Bool]]

    @inlinable public init(_ model: M, invariants: [Invariant<M.State>], options: SearchOptions = SearchOptions()) {
        let plan = SearchPlan(model, invariants, isReduced: options.isReduced)
        self.plan = plan
        self.options = options
        pieces = (0..<Self.piecesOfRound).map { _ in SearchPiece(plan) }
        witnessed = invariants.map { _ in false }
        isKept = plan.eventual.map { _ in [] }
    }

    /// Searches until a violation, a bound or the end.
    ///
    /// - Parameter elapsed: real time since the search began; read at every level, and every 4,096 states of it.
    /// - Parameter report: called as often.
    @inlinable public mutating func run(
        on workers: Workers = .one, elapsed: () -> Duration = { .zero }, report: Progress = { _ in }
    ) -> SearchResult<M.Action> {
        begin(workers)
        var bound: Bound?
        var cycle: [M.Action] = []
        let bounds = options.bounds
        func isLate() -> Bool { bounds.bound(after: elapsed()) != nil }
        while !frontier.isEmpty, found == nil, bound == nil {
            progress.depth += 1
            if let depth = bounds.depth, progress.depth > depth + 1 {
                progress.depth -= 1
                bound = .depth(depth)
            } else {
                bound = searchLevel(workers, elapsed, report)
            }
            if options.findsCycles, found == nil, bound == nil, progress.states >= nextCycleCheck {
                cycle = findCycle(isLate: isLate)
                nextCycleCheck = progress.states * 2
            }
        }
        if found == nil, bound == nil { findDoomedState() }
        if found == nil, options.findsCycles {
            cycle = findCycle(isLate: isLate)
            if cycle.isEmpty { bound = bound ?? bounds.bound(after: elapsed()) }
        }
        progress.elapsed = elapsed()
        report(progress)
        return result(bound, cycle)
    }

    @inlinable mutating func begin(_ workers: Workers) {
        let piece = pieces[0]
        piece.begin()
        for state in plan.model.initialStates {
            let number = UInt32(piece.candidates.count)
            piece.fingerprints.append(plan.model.fingerprint(of: state, using: &piece.encoder))
            piece.candidates.append(.init(state: state, parent: number, ordinal: 0, isFault: true, sleeping: 0))
        }
        piece.generated = piece.candidates.count
        piece.prepareVerdicts()
        take(1, workers)
        // Equal initial states are one, so that the others' numbers have moved.
        for number in parents.indices { parents[number] = UInt32(number) }
        beginNextLevel()
    }

    @inlinable mutating func searchLevel(
        _ workers: Workers, _ elapsed: () -> Duration, _ report: Progress
    ) -> Bound? {
        var deadEnd: Finding?
        for start in stride(from: 0, to: frontier.count, by: Self.pieceSize * Self.piecesOfRound) {
            progress.elapsed = elapsed()
            report(progress)
            if let bound = options.exceededBound(progress, counted: byteCount) { return bound }
            let count = expand(from: start, workers)
            for piece in pieces[..<count] where deadEnd == nil { deadEnd = piece.deadEnd }
            if found == nil { take(count, workers) }
            // One level deeper something is broken; only a dead end on this level could still come before it.
            if deadEnd != nil || found != nil && plan.eventual.isEmpty { break }
        }
        found = deadEnd ?? found
        beginNextLevel()
        return nil
    }

    @inlinable mutating func beginNextLevel() {
        frontierNumber += frontier.count
        frontier.removeAll(keepingCapacity: true)
        swap(&frontier, &next)
    }

    /// - Returns: how many pieces have work.
    @inlinable func expand(from start: Int, _ workers: Workers) -> Int {
        let end = min(frontier.count, start + Self.pieceSize * Self.piecesOfRound)
        let count = (end - start + Self.pieceSize - 1) / Self.pieceSize
        let (pieces, frontier, sleeping, base, visited) = (pieces, frontier, sleeping, frontierNumber, visited)
        workers.perform(count) { index in
            let first = start + index * Self.pieceSize
            pieces[index].expand(
                first..<min(first + Self.pieceSize, end), of: frontier, sleeping: sleeping, numbered: base, visited)
        }
        return count
    }

    /// Admits and collects what the first pieces have found.
    @inlinable mutating func take(_ count: Int, _ workers: Workers) {
        let (pieces, visited, workerCount) = (pieces[..<count], visited, min(workers.count, VisitedTable.shardCount))
        @Sendable func shards(of worker: Int) -> Int {
            (0..<VisitedTable.shardCount).reduce(0) { $0 | ($1 % workerCount == worker ? 1 << $1 : 0) }
        }
        workers.perform(workerCount) { worker in
            let mine = shards(of: worker)
            for piece in pieces { piece.admit(mine, to: visited) }
        }
        for piece in pieces {
            progress.generated += piece.generated
            piece.firstNumber = progress.states
            progress.states += piece.newCount
        }
        if plan.needsNumbers {
            workers.perform(workerCount) { worker in
                let mine = shards(of: worker)
                for piece in pieces { piece.number(mine, in: visited) }
            }
        }
        workers.perform(count) { pieces[$0].collect(visited) }
        for piece in pieces { keep(piece) }
    }

    @inlinable mutating func keep(_ piece: SearchPiece<M>) {
        next.append(contentsOf: piece.fresh)
        for index in piece.candidates.indices where piece.isNew[index] {
            parents.append(piece.candidates[index].parent)
            ordinals.append(piece.candidates[index].ordinal)
            if plan.isReduced { sleeping.append(piece.candidates[index].sleeping) }
        }
        for index in witnessed.indices where piece.witnessed[index] { witnessed[index] = true }
        for index in piece.isKept.indices { isKept[index % plan.eventual.count].append(piece.isKept[index]) }
        if found == nil { found = piece.breach }
        for reunion in piece.reunions {
            if plan.isReduced, Int(reunion.number) >= frontierNumber + frontier.count {
                sleeping[Int(reunion.number)] &= reunion.sleeping
            }
            if !plan.eventual.isEmpty, !reunion.isFault, reunion.number != reunion.parent {
                edges.append((reunion.parent, reunion.number))
            }
        }
    }

    /// Of the tables, and of the states of two levels without what they refer to.
    @inlinable var byteCount: Int {
        visited.byteCount + parents.count * 6 + sleeping.count * 8 + edges.count * 8 + isKept.count * parents.count
            + (frontier.count + next.count) * MemoryLayout<M.State>.stride
    }
}
