/// Which sets of members may act for all: the smallest of them, in order.
///
/// Whether any two meet is not reasoned about, but looked at, pair by pair.
package struct QuorumSystem: Hashable, Sendable {
    package let members: Int
    package let quorums: [MemberSet]

    private init(members: Int, quorums: [MemberSet]) {
        self.members = members
        self.quorums = quorums.sorted()
    }

    /// Any `size` of them.
    ///
    /// - Precondition: at most 12 members.
    package static func any(_ size: Int, of members: Int) -> QuorumSystem {
        precondition((1...12).contains(members) && (0...members).contains(size), "no such sets")
        return QuorumSystem(members: members, quorums: MemberSet.all(ofSize: size, among: members))
    }

    /// More than half of all votes, where some have more votes than others.
    ///
    /// - Source: Gifford, "Weighted voting for replicated data", SOSP 1979.
    /// - Precondition: at most 12 members.
    package static func weighted(_ votes: [Int]) -> QuorumSystem {
        precondition((1...12).contains(votes.count), "no such sets")
        let half = votes.reduce(0, +) / 2
        let enough = (0..<(1 << votes.count)).map { MemberSet(bits: UInt32($0)) }.filter { set in
            votes.indices.reduce(0) { $0 + (set.contains($1) ? votes[$1] : 0) } > half
        }
        return QuorumSystem(
            members: votes.count,
            quorums: enough.filter { set in !enough.contains { $0 != set && $0.isSubset(of: set) } })
    }

    /// Members stand in a grid, row after row; a whole row together with a whole column.
    ///
    /// - Source: Maekawa, "A √N algorithm for mutual exclusion in decentralized systems", ACM TOCS 3(2), 1985.
    package static func grid(rows: Int, columns: Int) -> QuorumSystem {
        precondition((1...16).contains(rows * columns), "no such grid")
        let quorums = (0..<rows).flatMap { row in
            (0..<columns).map { column in
                MemberSet((0..<columns).map { row * columns + $0 })
                    .union(MemberSet((0..<rows).map { $0 * columns + column }))
            }
        }
        return QuorumSystem(members: rows * columns, quorums: quorums)
    }

    /// Groups of equal size, one after the other; a majority of the groups, by a majority in each of them.
    ///
    /// - Source: Kumar, "Hierarchical quorum consensus", IEEE Transactions on Computers 40(9), 1991.
    package static func hierarchical(groups: Int, of size: Int) -> QuorumSystem {
        precondition((1...16).contains(groups * size), "no such hierarchy")
        let inside = MemberSet.all(ofSize: size / 2 + 1, among: size)
        let quorums = MemberSet.all(ofSize: groups / 2 + 1, among: groups).flatMap { chosen in
            (0..<groups).filter(chosen.contains).reduce([MemberSet(bits: 0)]) { found, group in
                found.flatMap { set in
                    inside.map { set.union(MemberSet(bits: $0.bits << UInt32(group * size))) }
                }
            }
        }
        return QuorumSystem(members: groups * size, quorums: quorums)
    }

    /// Two quorums and what they share.
    package struct Meeting: Hashable, Sendable {
        package var first: MemberSet
        package var second: MemberSet

        package init(first: MemberSet, second: MemberSet) { (self.first, self.second) = (first, second) }

        package var shared: MemberSet { first.intersection(second) }
    }

    /// Every quorum of this system with every one of another; of one system with itself each pair once, and no quorum
    /// with itself unless it is the only one.
    package func meetings(with other: QuorumSystem) -> [Meeting] {
        guard self == other, quorums.count > 1 else {
            return quorums.flatMap { first in other.quorums.map { Meeting(first: first, second: $0) } }
        }
        return quorums.indices.flatMap { first in
            quorums[(first + 1)...].map { Meeting(first: quorums[first], second: $0) }
        }
    }

    /// How many members any two quorums share at least.
    package func leastShared(with other: QuorumSystem) -> Int {
        meetings(with: other).map(\.shared.count).min() ?? 0
    }
}
