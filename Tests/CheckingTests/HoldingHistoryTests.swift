import Checking
import Messages
import StateMachines
import Testing

struct HoldingHistoryTests {
    @Test(arguments: [
        ([], true),
        ([Holding("A", from: .milliseconds(0), to: .milliseconds(5)), Holding("B", from: .milliseconds(5))], true),
        ([Holding("A", from: .milliseconds(0), to: .milliseconds(6)), Holding("B", from: .milliseconds(5))], false),
        ([Holding("B", from: .milliseconds(5)), Holding("A", from: .milliseconds(0))], false),
        ([Holding("A", from: .milliseconds(0)), Holding("A", from: .milliseconds(3))], true),
        (
            [
                Holding("A", from: .milliseconds(0), to: .milliseconds(9)),
                Holding("A", from: .milliseconds(1), to: .milliseconds(2)), Holding("B", from: .milliseconds(4)),
            ], false
        ),
    ])
    func `overlaps of different holders are found`(holdings: [Holding], isFine: Bool) {
        #expect((HoldingHistory.overlap(in: holdings) == nil) == isFine)
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `overlap agrees with comparing every pair`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<40 {
            let holdings = (0..<random.uniform(in: 0...5)).map { _ in
                let begin = random.uniform(in: 0...20)
                return Holding(
                    ["A", "B", "C"][Int(random.uniform(in: 0...2))], from: .microseconds(begin),
                    to: random.chance(partsPerMillion: 900_000) ? .microseconds(begin + random.uniform(in: 1...6)) : nil
                )
            }
            let overlaps = holdings.indices.contains { first in
                holdings.indices.contains { second in
                    let (one, other) = (holdings[first], holdings[second])
                    return one.holder != other.holder && one.begin <= other.begin
                        && (one.end.map { $0 > other.begin } ?? true)
                }
            }
            #expect((HoldingHistory.overlap(in: holdings) != nil) == overlaps, "seed=\(seed): \(holdings)")
        }
    }

    @Test func `a term has one leader, who may come back`() {
        let fine = [
            Holding("A", token: 1, from: .zero), Holding("B", token: 2, from: .zero),
            Holding("A", token: 1, from: .zero),
        ]
        #expect(HoldingHistory.secondLeader(in: fine) == nil)
        let bad = HoldingHistory.secondLeader(in: fine + [Holding("C", token: 2, from: .zero)])
        #expect(bad?.english == "Term 2 has two leaders: B and C.")
    }

    @Test func `tokens rise from grant to grant`() {
        func check(_ tokens: [UInt64?]) -> Bool {
            HoldingHistory.tokenNotRising(in: tokens.map { Holding("A", token: $0, from: .zero) }) == nil
        }
        #expect(check([]) && check([1, 2, 9]))
        #expect(!check([1, 1]) && !check([3, 2]) && !check([nil]))
    }

    @Test func `nothing stale is accepted, and a token has one owner`() {
        func problem(_ accesses: [(String, UInt64)]) -> String? {
            HoldingHistory.staleAccess(
                in: accesses.enumerated().map { AcceptedAccess($1.0, token: $1.1, at: .milliseconds(UInt64($0))) })?
                .english
        }
        #expect(problem([("A", 1), ("A", 1), ("B", 3)]) == nil)
        #expect(
            problem([("A", 1), ("B", 3), ("A", 1)])
                == "At 2.0 ms the resource accepted token 1 of A after token 3 of B.")
        #expect(problem([("A", 1), ("B", 1)]) == "A and B both used token 1.")
    }
}
