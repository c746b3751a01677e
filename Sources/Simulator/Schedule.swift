import StateMachines

/// Something that will happen at a virtual time. The same type for every protocol: entries move often.
struct ScheduledEntry: Comparable, Sendable {
    /// At the same moment, lower ranks come first: a message that arrives just when a timer fires is still in time.
    /// Nodes start into the faults of links and messages; only a node that has started can crash.
    enum Rank: UInt8 {
        case faultEnds, faultBegins, start, nodeFaultBegins, invoke, disk, message, timer
    }

    enum Work: Hashable, Sendable {
        case faultBegins(Int)
        case faultEnds(Int)
        case start(NodeID)
        /// The plan's command at this position.
        case invoke(Int)
        case deliver(CausalName)
        case drop(CausalName)
        case fireTimer(CausalName)
        case completeWrite(CausalName)

        /// Whether a fault begins or ends.
        var isFault: Bool {
            switch self {
            case .faultBegins, .faultEnds: true
            case .start, .invoke, .deliver, .drop, .fireTimer, .completeWrite: false
            }
        }
    }

    var time: Tick
    let rank: Rank
    /// The causal name, or the position in the script: no two entries tie.
    let tie: CausalName
    let work: Work

    static func < (left: ScheduledEntry, right: ScheduledEntry) -> Bool {
        if left.time != right.time { return left.time < right.time }
        if left.rank != right.rank { return left.rank.rawValue < right.rank.rawValue }
        return left.tie < right.tie
    }
}

/// A binary heap: the smallest element is the first.
struct PriorityQueue<Element: Comparable & Sendable>: Sendable {
    private(set) var elements: [Element] = []

    var first: Element? { elements.first }
    var isEmpty: Bool { elements.isEmpty }

    /// - Complexity: O(log *n*).
    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    /// - Complexity: O(log *n*).
    mutating func popFirst() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if elements[child] < elements[smallest] { smallest = child }
            }
            guard smallest != parent else { return first }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }

    /// - Complexity: O(*n*).
    mutating func removeAll(where shouldRemove: (Element) -> Bool) -> [Element] {
        let removed = elements.filter(shouldRemove)
        let kept = elements.filter { !shouldRemove($0) }
        elements = []
        for element in kept { insert(element) }
        return removed.sorted()
    }
}
