import Bytes
import Testing

struct ChecksumTests {
    @Test func `checksums of well-known texts`() {
        #expect(Checksum.adler32(Array("Wikipedia".utf8)) == 0x11E6_0398)
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test func `a checksum may be computed in pieces, empty ones too`() {
        let bytes = Array("123456789".utf8)
        let first = Checksum.adler32(bytes[..<4])
        #expect(
            Checksum.adler32(bytes[4...], continuing: Checksum.adler32([], continuing: first))
                == Checksum.adler32(bytes))
    }

    /// Short runs are summed up by our own code, long ones by zlib.
    @Test(arguments: 1...256) func `pieces of every length add up to the long run`(length: Int) {
        let bytes = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ $0 >> 3) }
        var sum: UInt32 = 0
        for start in stride(from: 0, to: bytes.count, by: length) {
            sum = Checksum.crc32(Array(bytes[start..<min(start + length, bytes.count)]), continuing: sum)
        }
        #expect(sum == Checksum.crc32(bytes))
    }
}
