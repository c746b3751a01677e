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
}
