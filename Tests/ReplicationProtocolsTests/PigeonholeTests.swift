import ReplicationProtocols
import Testing

struct PigeonholeTests {
    @Test(arguments: [(1, 1), (2, 2), (3, 3), (4, 1), (5, 1), (3, 2), (2, 6)])
    func `one pigeon too many fills some hole, and one less need not`(holes: Int, each: Int) {
        let crowded = Pigeonhole(pigeons: each * holes + 1, holes: holes).shapes()
        #expect(crowded.allSatisfy { $0.counts[0] >= each + 1 })
        let even = Pigeonhole(pigeons: each * holes, holes: holes).shapes()
        #expect(even.first?.counts == Array(repeating: each, count: holes))
    }

    @Test(arguments: [(4, 3), (7, 3), (0, 2), (5, 5)])
    func `every arrangement is looked at once`(pigeons: Int, holes: Int) {
        let pigeonhole = Pigeonhole(pigeons: pigeons, holes: holes)
        let shapes = pigeonhole.shapes()
        #expect(shapes.reduce(0) { $0 + $1.arrangements } == pigeonhole.arrangements)
        #expect(Set(shapes.map(\.counts)).count == shapes.count)
        #expect(shapes.allSatisfy { $0.counts.reduce(0, +) == pigeons })
    }

    @Test func `four pigeons in three holes`() {
        #expect(
            Pigeonhole(pigeons: 4, holes: 3).shapes() == [
                .init(counts: [2, 1, 1], arrangements: 36), .init(counts: [2, 2, 0], arrangements: 18),
                .init(counts: [3, 1, 0], arrangements: 24), .init(counts: [4, 0, 0], arrangements: 3),
            ])
    }

    @Test func `sets come in order, each once`() {
        let sets = MemberSet.all(ofSize: 2, among: 4)
        #expect(
            sets.map { set in (0..<4).filter(set.contains) } == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    }
}

struct QuorumSystemTests {
    /// The rule on paper against every pair.
    @Test(arguments: 1...7)
    func `reads meet writes exactly when there are more of them than copies`(copies: Int) {
        for write in 1...copies {
            for read in 1...copies {
                let (writes, reads) = (QuorumSystem.any(write, of: copies), QuorumSystem.any(read, of: copies))
                let shared = writes.meetings(with: reads).map(\.shared.count).min()
                if write != read { #expect(shared == max(0, write + read - copies)) }
                #expect((writes.leastShared(with: reads) > 0) == (write + read > copies) || write == read)
            }
        }
    }

    @Test(arguments: 1...12)
    func `two majorities meet, two halves need not`(members: Int) {
        let majorities = QuorumSystem.any(members / 2 + 1, of: members)
        #expect(majorities.leastShared(with: majorities) > 0)
        guard members % 2 == 0 else { return }
        let halves = QuorumSystem.any(members / 2, of: members)
        #expect(halves.leastShared(with: halves) == 0)
    }

    @Test(arguments: 1...3)
    func `Byzantine quorums share a correct member from 3f + 1 members on`(faulty: Int) {
        let enough = QuorumSystem.any(2 * faulty + 1, of: 3 * faulty + 1)
        #expect(enough.leastShared(with: enough) == faulty + 1)
        let tooFew = QuorumSystem.any(2 * faulty, of: 3 * faulty)
        #expect(tooFew.leastShared(with: tooFew) == faulty)
    }

    @Test func `weights, grids and hierarchies meet with fewer members`() {
        let weights = QuorumSystem.weighted([3, 1, 1, 1, 1])
        #expect(weights.leastShared(with: weights) == 1)
        #expect(weights.quorums.first?.count == 2)
        #expect(weights.quorums.last?.count == 4)
        let grid = QuorumSystem.grid(rows: 4, columns: 4)
        #expect(grid.quorums.count == 16)
        #expect(grid.quorums.allSatisfy { $0.count == 7 })
        #expect(grid.leastShared(with: grid) == 2)
        let hierarchy = QuorumSystem.hierarchical(groups: 3, of: 3)
        #expect(hierarchy.quorums.count == 27)
        #expect(hierarchy.quorums.allSatisfy { $0.count == 4 })
        #expect(hierarchy.leastShared(with: hierarchy) == 1)
    }
}
