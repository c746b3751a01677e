import Checking

/// The definitions of promises about reads and writes, tried out one possibility after another.
struct ConsistencyTwin {
    let history: ReadWriteHistory

    private var operations: [ReadWriteHistory.Operation] { history.operations }
    private var writes: [Int] { operations.indices.filter { operations[$0].isWrite } }
    private var reads: [Int] { operations.indices.filter { !operations[$0].isWrite } }

    private func isInOrder(_ sequence: [Int], _ mustPrecede: (Int, Int) -> Bool) -> Bool {
        for (place, later) in sequence.enumerated() {
            for earlier in sequence[..<place] where mustPrecede(later, earlier) { return false }
        }
        return true
    }

    private func shows(_ read: Int, after sequence: [Int]) -> Bool {
        let last = sequence.last { operations[$0].isWrite && operations[$0].key == operations[read].key }
        return operations[read].source == (last.map { .write($0) } ?? .initial)
    }

    // MARK: Session guarantees, as Viotti and Vukolić define them

    /// - Parameter guarantees: judged together.
    func holds(_ guarantees: Set<Consistency>) -> Bool {
        permutations(writes).contains { order in
            let isBefore = { (one: Int, other: Int) in order.firstIndex(of: one)! < order.firstIndex(of: other)! }
            if guarantees.contains(.monotonicWrites), !isInOrder(order, history.isInSessionOrder) { return false }
            return canChoose(for: reads[...], [:], order, guarantees, isBefore)
        }
    }

    /// Whether every read can be given writes that its replica had.
    private func canChoose(
        for waiting: ArraySlice<Int>, _ chosen: [Int: Set<Int>], _ order: [Int], _ guarantees: Set<Consistency>,
        _ isBefore: (Int, Int) -> Bool
    ) -> Bool {
        guard let read = waiting.first else { return true }
        return subsets(order).contains { had in
            guard shows(read, after: order.filter(had.contains)) else { return false }
            if guarantees.contains(.readYourWrites),
                writes.contains(where: { history.isInSessionOrder($0, read) && !had.contains($0) })
            {
                return false
            }
            if guarantees.contains(.monotonicReads),
                chosen.contains(where: { history.isInSessionOrder($0.key, read) && !$0.value.isSubset(of: had) })
            {
                return false
            }
            if guarantees.contains(.writesFollowReads),
                writes.contains(where: { write in
                    history.isInSessionOrder(read, write) && had.contains { $0 != write && !isBefore($0, write) }
                })
            {
                return false
            }
            return canChoose(
                for: waiting.dropFirst(), chosen.merging([read: had]) { $1 }, order, guarantees, isBefore)
        }
    }

    // MARK: Causal consistency, as Bouajjani et al. define it

    /// Some causal order, given by the writes that are before each read, allows it.
    func isCausal(_ consistency: Consistency) -> Bool {
        var orders: [Set<Pair>] = [sessionOrder]
        for read in reads {
            orders = orders.flatMap { order in
                subsets(writes).compactMap { closure(order.union($0.map { Pair(before: $0, after: read) })) }
            }
        }
        return orders.contains { order in
            if consistency != .causalConvergence {
                return operations.indices.allSatisfy { explains($0, order, keepsSession: consistency == .causalMemory) }
            }
            return permutations(Array(operations.indices)).contains { total in
                isInOrder(total) { order.contains(Pair(before: $0, after: $1)) }
                    && reads.allSatisfy { read in
                        shows(read, after: total.filter { order.contains(Pair(before: $0, after: read)) })
                    }
            }
        }
    }

    private struct Pair: Hashable {
        var before: Int
        var after: Int
    }

    private var sessionOrder: Set<Pair> {
        Set(
            operations.indices.flatMap { one in
                operations.indices.filter { history.isInSessionOrder(one, $0) }.map { Pair(before: one, after: $0) }
            })
    }

    /// `nil` where something would be before itself.
    private func closure(_ pairs: Set<Pair>) -> Set<Pair>? {
        var all = pairs
        while true {
            let more = all.flatMap { one in
                all.filter { $0.before == one.after }.map { Pair(before: one.before, after: $0.after) }
            }
            let count = all.count
            all.formUnion(more)
            if all.contains(where: { $0.before == $0.after }) { return nil }
            if all.count == count { return all }
        }
    }

    /// Some order of what is before the operation explains it, and with `keepsSession` all reads of its client before it.
    private func explains(_ operation: Int, _ order: Set<Pair>, keepsSession: Bool) -> Bool {
        let past = operations.indices.filter { order.contains(Pair(before: $0, after: operation)) }
        return permutations(past).contains { sequence in
            guard isInOrder(sequence, { order.contains(Pair(before: $0, after: $1)) }) else { return false }
            let whole = sequence + [operation]
            return whole.indices.allSatisfy { place in
                let read = whole[place]
                let counts = read == operation || (keepsSession && history.isInSessionOrder(read, operation))
                return operations[read].isWrite || !counts || shows(read, after: Array(whole[..<place]))
            }
        }
    }

    // MARK: Eventual consistency

    /// `nil`: nothing can be said.
    var converges: Bool? {
        var wasCompared = false
        for key in history.keys.indices {
            let mine = operations.filter { $0.key == key }
            let over = mine.filter(\.isWrite).map { $0.end ?? $0.begin }.max() ?? -1
            let final = mine.filter { read in
                !read.isWrite && read.begin > over
                    && !mine.contains { $0.client == read.client && !$0.isWrite && $0.begin > read.begin }
            }
            if final.isEmpty { continue }
            let isWritten = mine.contains { $0.isWrite && $0.end != nil }
            let candidates = writes.filter { operations[$0].key == key }.map { ReadWriteHistory.Source.write($0) }
            let agreed = (candidates + (isWritten ? [] : [.initial])).contains { value in
                final.allSatisfy { $0.source == value }
            }
            if !agreed { return false }
            if final.count > 1 { wasCompared = true }
        }
        return wasCompared ? true : nil
    }
}

func permutations(_ elements: [Int]) -> [[Int]] {
    guard !elements.isEmpty else { return [[]] }
    return elements.indices.flatMap { index -> [[Int]] in
        var rest = elements
        let first = rest.remove(at: index)
        return permutations(rest).map { [first] + $0 }
    }
}

func subsets(_ elements: [Int]) -> [Set<Int>] {
    elements.reduce([[]]) { sets, element in sets + sets.map { $0.union([element]) } }
}
