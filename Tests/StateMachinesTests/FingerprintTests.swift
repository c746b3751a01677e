import StateMachines
import Testing

struct FingerprintTests {
    @Test func `the same bytes give the same fingerprint in every process`() {
        // Computed once and written down: a change here breaks every replay file in the world.
        #expect(Fingerprint(of: Array("two-phase-commit".utf8)).description == "14f6436b633ec9eba9166374bdb92540")
    }

    @Test func `trailing zeros and lengths matter`() {
        let prints = (0...32).map { Fingerprint(of: [UInt8](repeating: 0, count: $0)) }
        #expect(Set(prints).count == prints.count)
    }

    @Test func `streams of one seed do not move each other`() {
        var alone = SplitMix64(seed: 7, stream: "delay C>P1")
        var beside = SplitMix64(seed: 7, stream: "delay C>P1")
        var other = SplitMix64(seed: 7, stream: "delay C>P2")
        for _ in 0..<100 {
            _ = other.next()
            #expect(alone.next() == beside.next())
        }
        #expect(alone.next() != other.next())
    }

    @Test func `uniform numbers stay in their range and reach both ends`() {
        var random = SplitMix64(seed: 1)
        let drawn = Set((0..<1_000).map { _ in random.uniform(in: 3...7) })
        #expect(drawn == [3, 4, 5, 6, 7])
    }
}
