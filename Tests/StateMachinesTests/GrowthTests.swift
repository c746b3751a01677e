import StateMachines
import Testing

struct GrowthTests {
    private func bytes(_ values: [UInt64], and other: UInt64 = 9) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.disregardingGrowth { encoder in
            for value in values { encoder.encode(growing: value) }
            encoder.encode(other)
        }
        return encoder.bytes
    }

    @Test func `numbers that have grown together are as they were`() {
        #expect(bytes([3, 4, 7]) == bytes([10, 11, 14]))
        #expect(bytes([1]) == bytes([1_000]))
    }

    @Test func `distances, order and everything that does not grow count`() {
        #expect(bytes([3, 4, 7]) != bytes([3, 4, 8]))
        #expect(bytes([3, 4]) != bytes([4, 3]))
        #expect(bytes([3, 4], and: 1) != bytes([3, 4], and: 2))
    }

    @Test func `where somebody stands at nothing, sizes count`() {
        #expect(bytes([0, 4, 7]) != bytes([0, 5, 8]))
    }

    @Test func `elsewhere they are plain numbers`() {
        var (plain, growing) = (CanonicalEncoder(), CanonicalEncoder())
        plain.encode(UInt64(7))
        growing.encode(growing: 7)
        #expect(plain.bytes == growing.bytes)
    }
}
