import StateMachines
import Testing
import Zab

struct StandaloneBroadcastTests {
    private func run(
        _ broadcast: inout StandaloneBroadcast<String>, _ inputs: BroadcastInput<String>...
    ) -> [BroadcastEffect<String>] {
        var effects = EffectBuffer<BroadcastEffect<String>>()
        for input in inputs { broadcast.step(input, at: .zero, into: &effects) }
        return Array(effects.elements)
    }

    private func proposal(_ zxid: UInt64, _ payload: String) -> Proposal<String> {
        Proposal(zxid: Zxid(rawValue: zxid), payload: payload)
    }

    @Test func `nothing is committed before it is on disk`() {
        var broadcast = StandaloneBroadcast<String>(recoveredThrough: Zxid(rawValue: 7))
        #expect(
            run(&broadcast, .proposed("a"), .proposed("b")) == [
                .persist(proposal(8, "a")), .persist(proposal(9, "b")),
            ])
        #expect(broadcast.lastCommitted == Zxid(rawValue: 7))
    }

    @Test func `one completion commits everything it covers, in order, once`() {
        var broadcast = StandaloneBroadcast<String>(recoveredThrough: .zero)
        _ = run(&broadcast, .proposed("a"), .proposed("b"), .proposed("c"))
        #expect(
            run(&broadcast, .persisted(through: Zxid(rawValue: 2))) == [
                .commit(proposal(1, "a")), .commit(proposal(2, "b")),
            ])
        #expect(run(&broadcast, .persisted(through: Zxid(rawValue: 2))).isEmpty)
        #expect(run(&broadcast, .persisted(through: Zxid(rawValue: 3))) == [.commit(proposal(3, "c"))])
        #expect(broadcast.lastCommitted == Zxid(rawValue: 3))
        #expect(broadcast.outstandingCount == 0)
    }

    @Test func `equal histories have equal bytes`() {
        var (first, second) = (
            StandaloneBroadcast<String>(recoveredThrough: .zero), StandaloneBroadcast<String>(recoveredThrough: .zero)
        )
        _ = run(&first, .proposed("a"), .persisted(through: Zxid(rawValue: 1)), .proposed("b"))
        _ = run(&second, .proposed("a"), .proposed("b"), .persisted(through: Zxid(rawValue: 1)))
        #expect(first == second)
        #expect(Fingerprint(of: first) == Fingerprint(of: second))
    }
}
