/// UTF-8 text that is compared byte by byte: paths, names, schemes.
///
/// Swift's `String` calls two spellings of “é” equal; a coordination server must not, because every client of another
/// language keeps them apart. Order is the order of the bytes.
public struct ByteString: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public var bytes: [UInt8]

    @inlinable public init(bytes: [UInt8]) { self.bytes = bytes }
    @inlinable public init(copying span: RawSpan) {
        // SAFETY: the buffer does not outlive the call.
        bytes = unsafe span.withUnsafeBytes { unsafe Array($0) }
    }
    public init(_ text: String) { bytes = Array(text.utf8) }
    public init(stringLiteral text: StaticString) {
        bytes = text.withUTF8Buffer { Array($0) }
    }

    @inlinable public var count: Int { bytes.count }
    @inlinable public var isEmpty: Bool { bytes.isEmpty }

    /// The text for people; malformed UTF-8 shows as U+FFFD.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    @inlinable public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
