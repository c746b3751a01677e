/// What races have shown so far: which horse is known to be faster than which, for up to 64 horses of different speed.
///
/// Without a watch, a race says no more than its order of arrival.
package struct KnownOrder: Hashable, Sendable {
    /// Bit *j* of entry *i*: horse *i* is known to be faster than horse *j*. Transitive.
    package private(set) var slower: [UInt64]

    /// - Precondition: at most 64 horses.
    package init(horses: Int) {
        precondition((1...64).contains(horses), "no such stable")
        slower = Array(repeating: 0, count: horses)
    }

    package var horses: Int { slower.count }

    package func isFaster(_ first: Int, than second: Int) -> Bool { slower[first] >> UInt64(second) & 1 == 1 }

    /// How many are known to be slower, or to be faster, than this one.
    package func slowerCount(of horse: Int) -> Int { slower[horse].nonzeroBitCount }
    package func fasterCount(of horse: Int) -> Int { slower.indices.count { isFaster($0, than: horse) } }

    /// Notes the order of arrival of a race, and everything that follows from it.
    ///
    /// - Parameter arrival: fastest first.
    /// - Precondition: it does not contradict what is known.
    package mutating func race(_ arrival: [Int]) {
        for (faster, second) in zip(arrival, arrival.dropFirst()) where !isFaster(faster, than: second) {
            precondition(!isFaster(second, than: faster), "horse \(second) has beaten horse \(faster) before")
            let beaten = slower[second] | 1 << UInt64(second)
            for horse in slower.indices where horse == faster || isFaster(horse, than: faster) {
                slower[horse] |= beaten
            }
        }
    }

    /// Who may still be among the fastest `top`: those known to be slower than fewer.
    package func candidates(top: Int) -> [Int] { slower.indices.filter { fasterCount(of: $0) < top } }

    /// The fastest `top`, in no order, once nothing else is possible; `nil` before.
    ///
    /// They are known when each of them is faster than all others: if one of them were not known to be faster than some
    /// other horse, an order in which the two change places would still be possible.
    package func settled(top: Int) -> [Int]? {
        let sure = slower.indices.filter { slowerCount(of: $0) >= horses - top }
        guard sure.count == top else { return nil }
        let members = sure.reduce(into: 0 as UInt64) { $0 |= 1 << UInt64($1) }
        let others = (horses == 64 ? .max : (1 as UInt64) << UInt64(horses) - 1) & ~members
        return sure.allSatisfy { others & ~slower[$0] == 0 } ? sure : nil
    }

    /// What is known of some horses among each other; they are renamed to their positions in `kept`.
    package func restricted(to kept: [Int]) -> KnownOrder {
        var order = KnownOrder(horses: max(1, kept.count))
        for (one, first) in kept.enumerated() {
            for (other, second) in kept.enumerated() where isFaster(first, than: second) {
                order.slower[one] |= 1 << UInt64(other)
            }
        }
        return order
    }

    /// Every order of arrival of these horses that is still possible, each fastest first.
    ///
    /// - Complexity: O(orders · *n*²).
    package func possibleArrivals(of racing: [Int]) -> [[Int]] {
        guard !racing.isEmpty else { return [[]] }
        return racing.filter { first in !racing.contains { isFaster($0, than: first) } }.flatMap { first in
            possibleArrivals(of: racing.filter { $0 != first }).map { [first] + $0 }
        }
    }
}
