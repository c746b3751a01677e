import Testing
import Zab

struct EnsembleTests {
    private func ids(_ numbers: Int64...) -> Set<ServerID> { Set(numbers.map { ServerID($0) }) }

    private func member(_ number: Int64, _ role: Ensemble.Role = .participant, weight: UInt32 = 1, group: Int64? = nil)
        -> Ensemble.Member
    {
        Ensemble.Member(ServerID(number), role: role, weight: weight, group: group)
    }

    @Test func `more than half of the voters decide, observers do not count`() {
        let ensemble = Ensemble([member(1), member(2), member(3), member(4, .observer), member(5, .observer)])
        #expect(ensemble.isQuorum(ids(1, 2).contains))
        #expect(!ensemble.isQuorum(ids(3, 4, 5).contains))
        #expect(Ensemble([member(1), member(2), member(3), member(4)]).isQuorum(ids(1, 2, 3).contains))
        #expect(!Ensemble([member(1), member(2), member(3), member(4)]).isQuorum(ids(1, 2).contains))
    }

    @Test func `groups decide by weight, then by number`() {
        let ensemble = Ensemble([
            member(1, group: 1), member(2, group: 1), member(3, group: 1), member(4, group: 2), member(5, group: 2),
            member(6, group: 2), member(7, weight: 0, group: 3),
        ])
        // Two groups have weight, so both must agree.
        #expect(ensemble.isQuorum(ids(1, 2, 4, 5).contains))
        #expect(!ensemble.isQuorum(ids(1, 2, 3, 4, 7).contains))
        let heavy = Ensemble([member(1, weight: 3, group: 1), member(2, group: 1), member(3, group: 1)])
        #expect(heavy.isQuorum(ids(1).contains))
        #expect(!heavy.isQuorum(ids(2, 3).contains))
    }

    @Test func `any two quorums share a server`() {
        let members = (0..<9 as Range<Int64>).map { member($0, group: $0 / 3) }
        let ensemble = Ensemble(members)
        var quorums: [Set<ServerID>] = []
        for mask in 0..<512 as Range<Int64> {
            let chosen = Set(members.map(\.id).filter { mask >> $0.rawValue & 1 == 1 })
            if ensemble.isQuorum(chosen.contains) { quorums.append(chosen) }
        }
        #expect(quorums.count > 0)
        for first in quorums { for second in quorums { #expect(!first.isDisjoint(with: second)) } }
    }
}
