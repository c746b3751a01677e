/// The number of a transaction: 32 bits of epoch, 32 bits of counter. Ordered as transactions are.
public struct Zxid: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    public var rawValue: UInt64

    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public init(epoch: UInt32, counter: UInt32) { rawValue = UInt64(epoch) << 32 | UInt64(counter) }
    /// From and to the signed field of ZooKeeper's records; every bit pattern is kept.
    @inlinable public init(wireValue: Int64) { rawValue = UInt64(bitPattern: wireValue) }
    @inlinable public var wireValue: Int64 { Int64(bitPattern: rawValue) }

    @inlinable public static var zero: Zxid { Zxid(rawValue: 0) }
    @inlinable public var epoch: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
    @inlinable public var counter: UInt32 { UInt32(truncatingIfNeeded: rawValue) }

    /// The next transaction of the same epoch; where that is used up, the first one of the next epoch.
    /// - Precondition: this is not the last of all.
    @inlinable public var successor: Zxid {
        counter < .max ? Zxid(rawValue: rawValue + 1) : Zxid(epoch: epoch + 1, counter: 1)
    }

    @inlinable public static func < (left: Zxid, right: Zxid) -> Bool { left.rawValue < right.rawValue }

    public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(rawValue) }
    /// "0x100000002", as ZooKeeper's tools print it.
    public var description: String { "0x" + String(rawValue, radix: 16) }
}
