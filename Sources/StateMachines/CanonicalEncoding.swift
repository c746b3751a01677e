/// A value with one canonical byte form: equal bytes if and only if equal behaviour.
///
/// Fields in declaration order, enums as a tag byte followed by their values, collections as a count and their
/// elements in a defined order, sets and maps sorted first. `Hasher` is seeded anew in every process, so
/// fingerprints in replay files and visited tables come from these bytes.
public protocol CanonicalEncodable {
    func encode(into encoder: inout CanonicalEncoder)
}

/// Collects canonical bytes; integers are little-endian and of fixed width.
public struct CanonicalEncoder: Sendable {
    @usableFromInline var storage: [UInt8] = []
    @usableFromInline var growth = Growth.kept

    /// What becomes of numbers that only grow.
    @usableFromInline enum Growth: Hashable, Sendable {
        case kept
        /// Being looked for; the smallest so far.
        case measured(smallest: UInt64)
        case reduced(by: UInt64)
    }

    @inlinable public var bytes: [UInt8] { storage }

    @inlinable public init() {}

    /// Encodes without regard to how far the numbers that only grow have grown: as if the smallest of all were 1.
    ///
    /// - Parameter body: encodes the same each time; called twice.
    @inlinable public mutating func disregardingGrowth(_ body: (inout CanonicalEncoder) -> Void) {
        growth = .measured(smallest: .max)
        body(&self)
        guard case .measured(let smallest) = growth else { preconditionFailure("growth was measured within itself") }
        removeAll()
        growth = .reduced(by: smallest == .max || smallest == 0 ? 0 : smallest - 1)
        body(&self)
        growth = .kept
    }

    /// A round, a term, an epoch: a number that matters only by its distance to others of its kind. Where one of them is
    /// 0, all count as they are, since whoever stands at 0 will go on from there.
    @inlinable public mutating func encode(growing value: UInt64) {
        switch growth {
        case .kept: encode(value)
        case .measured(let smallest): growth = .measured(smallest: min(smallest, value))
        case .reduced(let base): encode(value - base)
        }
    }

    /// Forgets the bytes and keeps the storage for the next value.
    @inlinable public mutating func removeAll() { storage.removeAll(keepingCapacity: true) }

    /// The tag of an enum case, or a small number.
    @inlinable public mutating func encode(tag: UInt8) { storage.append(tag) }
    @inlinable public mutating func encode(_ value: Bool) { storage.append(value ? 1 : 0) }
    @inlinable public mutating func encode(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { storage.append(contentsOf: $0) }
    }
    /// A count and the bytes themselves.
    @inlinable public mutating func encode(bytes value: ArraySlice<UInt8>) {
        encode(UInt32(value.count))
        storage.append(contentsOf: value)
    }
    @inlinable public mutating func encode(_ value: String) {
        encode(UInt32(value.utf8.count))
        storage.append(contentsOf: value.utf8)
    }
    @inlinable public mutating func encode(_ value: some CanonicalEncodable) { value.encode(into: &self) }
    @inlinable public mutating func encode(_ value: (some CanonicalEncodable)?) {
        encode(value != nil)
        if let value { value.encode(into: &self) }
    }
    /// Elements in array order; sort first where order means nothing.
    @inlinable public mutating func encode(_ values: some Collection<some CanonicalEncodable>) {
        encode(UInt32(values.count))
        for value in values { value.encode(into: &self) }
    }
}

extension Tick: CanonicalEncodable {
    @inlinable public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(microseconds) }
}

extension NodeID: CanonicalEncodable {
    @inlinable public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

extension String: CanonicalEncodable {
    @inlinable public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(self) }
}

/// 128 bits that stand for canonical bytes: the same in every process, build and machine of either byte order.
///
/// Two runs of the multiply-and-rotate mix of MurmurHash3's 64-bit finaliser (Appleby, public domain) with different
/// seeds. Not cryptographic. The chance that any two of 10⁹ different states share a fingerprint is below 10⁻²⁰.
public struct Fingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var high: UInt64
    public var low: UInt64

    @inlinable public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    public init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Fingerprint(of: $0) }
    }

    private init(of bytes: UnsafeRawBufferPointer) {
        var (first, second): (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F)
        var index = 0
        while index < bytes.count {
            var word: UInt64 = 0
            let end = min(index + 8, bytes.count)
            if index + 8 <= bytes.count {
                word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            } else {
                for offset in index..<end { word |= UInt64(bytes[offset]) << UInt64(8 * (offset - index)) }
            }
            first = Self.mix(first ^ word)
            second = Self.mix(second &+ word &* 0x9FB2_1C65_1E98_DF25)
            index = end
        }
        self.init(high: Self.mix(first ^ UInt64(bytes.count)), low: Self.mix(second &+ UInt64(bytes.count)))
    }

    /// Of a value that is two words; different words never share a fingerprint's 128 bits.
    @inlinable public init(_ first: UInt64, _ second: UInt64) {
        let left = Self.mix(first ^ 0x9E37_79B9_7F4A_7C15)
        let right = Self.mix(second ^ left)
        self.init(high: Self.mix(left &+ right), low: right)
    }

    public init(of value: some CanonicalEncodable) {
        var encoder = CanonicalEncoder()
        value.encode(into: &encoder)
        self.init(of: encoder.bytes)
    }

    @inlinable static func mix(_ input: UInt64) -> UInt64 {
        var value = input
        value ^= value >> 33
        value &*= 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 33
        value &*= 0xC4CE_B9FE_1A85_EC53
        value ^= value >> 33
        return value
    }

    @inlinable public static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// Reads 32 hexadecimal digits; `nil` when the text is anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 32, text.allSatisfy(\.isHexDigit), let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// 32 hexadecimal digits.
    public var description: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
