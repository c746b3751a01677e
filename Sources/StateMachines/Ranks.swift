/// The places of some numbers among each other, from 0: what is left of ballots, terms or epochs when only their order
/// matters.
///
/// A duel of two proposers raises ballots for ever, so that no state comes back. With each ballot replaced by its rank
/// among all ballots of the state, it does, and the livelock is a cycle.
public struct Ranks: Sendable {
    @usableFromInline let sorted: [UInt64]

    /// - Parameter values: in any order, with repetitions.
    @inlinable public init(of values: [UInt64]) {
        var sorted: [UInt64] = []
        for value in values.sorted() where sorted.last != value { sorted.append(value) }
        self.sorted = sorted
    }

    /// How many different values are smaller.
    ///
    /// - Precondition: it is one of the values.
    /// - Complexity: O(log *n*).
    @inlinable public func rank(of value: UInt64) -> UInt64 {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        precondition(low < sorted.count && sorted[low] == value, "\(value) has no rank")
        return UInt64(low)
    }
}
