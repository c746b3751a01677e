/// Looks for an order in which operations, one after another, make sense to a model.
///
/// Wing and Gong, "Testing and verifying concurrent objects", 1993: the next operation is one whose turn may have come,
/// namely one that began before any answer that is still ahead; wrong turns are taken back. With Lowe's cache of
/// configurations. Calls and answers stand in lanes: one lane for all asks for an order that respects real time, a lane
/// for each client for one that respects only each client's own order.
///
/// Some rules spare most of the search. An observation that may come next and fits the state comes at once, for whatever
/// could follow without it can follow it too. (Not so a write of the value that is there: it may be needed later.) Of operations without an answer that do the same, an earlier one
/// of the lane comes before a later one; one that changes nothing is left out, and so is one whose effect the next
/// operation wipes out.
struct PlacementSearch {
    /// An operation as the search sees it.
    struct Item {
        var lane: Int
        var begin: Int
        /// `nil`: it may be left out.
        var end: Int?
        var action: Int32
        /// Whatever the state, the action leaves it as it is.
        var isObservation: Bool
    }

    enum Result {
        /// Positions of items in an order that works; items without an end may be missing.
        case found([Int])
        /// There is no order; a longest one that was tried.
        case impossible(longest: [Int])
        case stopped(Bound)
    }

    /// Items by number: first those with an end, then the others, each in the order of their calls.
    private let items: [Item]
    private let positions: [Int]
    private let definite: Int
    private let laneCount: Int
    private let table: TransitionTable
    /// Doubly linked lists, one a lane: the call of number n is entry n, its answer count + n, lanes begin at 2 · count.
    private var next: [Int32]
    private var previous: [Int32]
    /// The number before this one in its lane with the same action and no end, or -1.
    private var twin: [Int32]
    private var placed: PlacedSet
    private var cache = ConfigurationCache()
    private var stack: [Frame] = []
    /// The longest order tried so far.
    private var longest: [Int32] = []
    /// So many of its first numbers are those of the stack.
    private var common = 0

    private struct Frame {
        var number: Int32
        /// Before the operation.
        var state: Int32
        var lane: Int32
        /// Nothing else needs to be tried in its place.
        var isForced: Bool
    }

    init(_ source: [Item], table: TransitionTable) {
        positions = source.indices.sorted {
            let (one, other) = (source[$0], source[$1])
            return (one.end == nil ? 1 : 0, one.begin) < (other.end == nil ? 1 : 0, other.begin)
        }
        let items = positions.map { source[$0] }
        self.items = items
        self.table = table
        definite = items.firstIndex { $0.end == nil } ?? items.count
        laneCount = (items.map(\.lane).max() ?? 0) + 1
        next = Array(repeating: -1, count: 2 * items.count + laneCount)
        previous = next
        twin = Array(repeating: -1, count: items.count)
        placed = PlacedSet(definite: definite, open: items.count - definite)
        linkEntries()
        findTwins()
    }

    private mutating func linkEntries() {
        var events: [(place: Int, entry: Int)] = []
        for (number, item) in items.enumerated() {
            events.append((item.begin, number))
            if let end = item.end { events.append((end, items.count + number)) }
        }
        events.sort { $0.place < $1.place }
        var tails = (0..<laneCount).map { 2 * items.count + $0 }
        for (_, entry) in events {
            let lane = items[entry < items.count ? entry : entry - items.count].lane
            next[tails[lane]] = Int32(entry)
            previous[entry] = Int32(tails[lane])
            tails[lane] = entry
        }
    }

    private mutating func findTwins() {
        var latest: [SIMD2<Int>: Int32] = [:]  // By lane and action; only looked up.
        for number in definite..<items.count {
            let kind = SIMD2(items[number].lane, Int(items[number].action))
            twin[number] = latest[kind] ?? -1
            latest[kind] = Int32(number)
        }
    }

    // MARK: The search

    mutating func run(_ effort: inout Effort) -> Result {
        var state: Int32 = 0
        var isFresh = true
        var cursor = Cursor(lane: 0, entry: -1)
        while unplaced > 0 {
            if isFresh {
                if let bound = effort.spend(memory: cache.byteCount + table.byteCount) { return .stopped(bound) }
                if let number = observation(in: state) {
                    place(number, Frame(number: Int32(number), state: state, lane: 0, isForced: true))
                    continue
                }
                cursor = Cursor(lane: 0, entry: next[2 * items.count])
                isFresh = false
            }
            if let (number, after) = nextMove(in: state, from: &cursor) {
                link(number, Frame(number: Int32(number), state: state, lane: Int32(cursor.lane), isForced: false))
                state = after
                isFresh = true
            } else {
                noteLongest()
                guard let frame = backtrack() else { return .impossible(longest: longest.map { positions[Int($0)] }) }
                state = frame.state
                cursor = Cursor(lane: Int(frame.lane), entry: next[Int(frame.number)])
            }
        }
        return .found(stack.map { positions[Int($0.number)] })
    }

    private var unplaced: Int { definite - placedDefinite }
    private var placedDefinite = 0

    private struct Cursor {
        var lane: Int
        var entry: Int32
    }

    /// The next call whose turn may have come, at or after the cursor.
    private func candidate(at cursor: inout Cursor) -> Int? {
        while cursor.entry < 0 || cursor.entry >= items.count {
            cursor.lane += 1
            guard cursor.lane < laneCount else { return nil }
            cursor.entry = next[2 * items.count + cursor.lane]
        }
        return Int(cursor.entry)
    }

    /// An observation that must be placed, may come next, and fits the state.
    private func observation(in state: Int32) -> Int? {
        var cursor = Cursor(lane: 0, entry: next[2 * items.count])
        while let number = candidate(at: &cursor) {
            let item = items[number]
            if number < definite, item.isObservation, table.next(state, item.action) == state { return number }
            cursor.entry = next[number]
        }
        return nil
    }

    /// An operation that may come next and leads where the search has not been; it is in `placed` already.
    private mutating func nextMove(in state: Int32, from cursor: inout Cursor) -> (number: Int, after: Int32)? {
        while let number = candidate(at: &cursor) {
            cursor.entry = next[number]
            let after = table.next(state, items[number].action)
            if after == TransitionTable.refused || isNeedless(number, in: state, after) { continue }
            placed.insert(number)
            if cache.insert(placed, state: after) { return (number, after) }
            placed.remove(number)
        }
        return nil
    }

    /// True where another turn leads as far: none, an earlier twin, or this operation without the one just before it,
    /// which may be left out.
    private func isNeedless(_ number: Int, in state: Int32, _ after: Int32) -> Bool {
        if number >= definite {
            let twin = Int(twin[number])
            if after == state || (twin >= 0 && !placed.contains(twin)) { return true }
        }
        guard let before = stack.last, before.number >= definite else { return false }
        return table.next(before.state, items[number].action) == after
    }

    private mutating func place(_ number: Int, _ frame: Frame) {
        placed.insert(number)
        link(number, frame)
    }

    /// Takes the operation out of its lane.
    private mutating func link(_ number: Int, _ frame: Frame) {
        stack.append(frame)
        unlinkEntry(number)
        guard number < definite else { return }
        placedDefinite += 1
        unlinkEntry(items.count + number)
    }

    /// Takes the last free decision back, with everything that it brought about.
    private mutating func backtrack() -> Frame? {
        while let frame = stack.popLast() {
            let number = Int(frame.number)
            placed.remove(number)
            if number < definite {
                placedDefinite -= 1
                relinkEntry(items.count + number)
            }
            relinkEntry(number)
            common = min(common, stack.count)
            if !frame.isForced { return frame }
        }
        return nil
    }

    private mutating func unlinkEntry(_ entry: Int) {
        let (before, after) = (previous[entry], next[entry])
        next[Int(before)] = after
        if after >= 0 { previous[Int(after)] = before }
    }

    private mutating func relinkEntry(_ entry: Int) {
        let (before, after) = (previous[entry], next[entry])
        next[Int(before)] = Int32(entry)
        if after >= 0 { previous[Int(after)] = Int32(entry) }
    }

    private mutating func noteLongest() {
        guard stack.count > longest.count else { return }
        longest.removeSubrange(common...)
        for frame in stack[common...] { longest.append(frame.number) }
        common = stack.count
    }
}
