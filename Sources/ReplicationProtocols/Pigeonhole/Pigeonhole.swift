/// The pigeonhole principle, looked at in every arrangement there is.
///
/// With *kn* + 1 pigeons in *n* holes, some hole has at least *k* + 1.
///
/// - Source: Dirichlet's drawer principle, 1834.
package struct Pigeonhole: Hashable, Sendable {
    package let pigeons: Int
    package let holes: Int

    /// More arrangements than this are refused.
    package static let mostArrangements = 2_000_000

    /// - Precondition: at least one hole, and no more than `mostArrangements`.
    package init(pigeons: Int, holes: Int) {
        precondition(pigeons >= 0 && holes > 0, "nowhere to put \(pigeons) pigeons")
        self.pigeons = pigeons
        self.holes = holes
        precondition(arrangements <= Self.mostArrangements, "\(arrangements) arrangements are too many")
    }

    /// How many ways there are to put every pigeon into a hole: holes to the power of pigeons.
    package var arrangements: Int {
        (0..<pigeons).reduce(1) { count, _ in count > Self.mostArrangements ? count : count * holes }
    }

    /// How many pigeons each hole has, fullest hole first, and how many of all arrangements look like that.
    package struct Shape: Hashable, Sendable {
        package var counts: [Int]
        package var arrangements: Int

        package init(counts: [Int], arrangements: Int) { (self.counts, self.arrangements) = (counts, arrangements) }
    }

    /// Every arrangement, by what it looks like; the most even shape first.
    ///
    /// - Complexity: O(holes^pigeons · holes log holes): each arrangement is made and looked at.
    package func shapes() -> [Shape] {
        var tally: [[Int]: Int] = [:]  // Sorted before anybody sees it.
        var places = Array(repeating: 0, count: pigeons)
        var counts = Array(repeating: 0, count: holes)
        counts[0] = pigeons
        while true {
            tally[counts.sorted(by: >), default: 0] += 1
            guard let moved = places.firstIndex(where: { $0 < holes - 1 }) else { break }
            for pigeon in 0..<moved {
                counts[places[pigeon]] -= 1
                places[pigeon] = 0
                counts[0] += 1
            }
            counts[places[moved]] -= 1
            places[moved] += 1
            counts[places[moved]] += 1
        }
        return tally.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { Shape(counts: $0.key, arrangements: $0.value) }
    }
}

/// Some of a few members, as bits.
package struct MemberSet: Hashable, Comparable, Sendable {
    package var bits: UInt32

    package init(bits: UInt32) { self.bits = bits }
    package init(_ members: some Sequence<Int>) { bits = members.reduce(0) { $0 | 1 << UInt32($1) } }

    package var count: Int { bits.nonzeroBitCount }
    package func contains(_ member: Int) -> Bool { bits >> UInt32(member) & 1 == 1 }
    package func isSubset(of other: MemberSet) -> Bool { bits & ~other.bits == 0 }
    package func intersection(_ other: MemberSet) -> MemberSet { MemberSet(bits: bits & other.bits) }
    package func union(_ other: MemberSet) -> MemberSet { MemberSet(bits: bits | other.bits) }

    /// Smaller sets first, then by their first members.
    package static func < (left: MemberSet, right: MemberSet) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        let difference = left.bits ^ right.bits
        return difference != 0 && left.contains(difference.trailingZeroBitCount)
    }

    /// Every set of so many among the first `members`, in order.
    ///
    /// - Precondition: at most 20 members.
    package static func all(ofSize size: Int, among members: Int) -> [MemberSet] {
        precondition((0...20).contains(members), "too many sets")
        return (0..<(1 << members)).map { MemberSet(bits: UInt32($0)) }.filter { $0.count == size }.sorted()
    }
}
