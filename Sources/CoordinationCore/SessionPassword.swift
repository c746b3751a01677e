package import WireProtocol

/// The password of a session, which follows from its number, as on ZooKeeper's own servers.
///
/// It is no secret from anyone who knows the number; clients treat it as opaque.
package enum SessionPassword {
    /// 16 bytes of Java's `java.util.Random`, whose algorithm its documentation fixes: a linear congruential generator of
    /// 48 bits, of which each step yields the upper 32, low byte first.
    package static func bytes(for session: SessionID) -> [UInt8] {
        let mask: UInt64 = 1 << 48 - 1
        let multiplier: UInt64 = 0x5_DEEC_E66D
        var state = (UInt64(bitPattern: session.rawValue ^ 0xB341_5C00) ^ multiplier) & mask
        var bytes: [UInt8] = []
        for _ in 0..<4 {
            state = (state &* multiplier &+ 0xB) & mask
            let word = UInt32(truncatingIfNeeded: state >> 16)
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }
}
