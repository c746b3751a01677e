import CoordinationCore
import Testing
import WireProtocol

struct SessionPasswordTests {
    @Test(
        arguments: [
            (0x0100_0000_0000_0001, "054cc74a37327db215e702e20c73f005"),
            (0x0100_0a1b_2c3d_0000, "99540115b2ac339b9f3f41ba4b39270b"),
        ] as [(Int64, String)])
    func `passwords are those of ZooKeeper`(session: Int64, password: String) {
        #expect(SessionPassword.bytes(for: SessionID(rawValue: session)) == hex(password))
    }
}

/// The bytes of hexadecimal digits; blanks are for the reader.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
