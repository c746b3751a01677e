/// Why bytes could not be read.
public enum ByteError: Error, Hashable, Sendable {
    /// `needed` bytes were wanted at `offset`, only `available` are there.
    case truncated(offset: Int, needed: Int, available: Int)
    /// A length field at `offset` is negative or above `limit`.
    case unreasonableLength(Int, limit: Int, offset: Int)
    /// Null (length −1) at `offset`, where a value must be.
    case missingValue(offset: Int)
    /// A field at `offset` holds a number that means nothing there.
    case unknownValue(Int, offset: Int)
}

/// Reads big-endian fields from borrowed bytes, front to back.
///
/// A failed read leaves `offset` before the field that failed.
public struct ByteReader: ~Escapable {
    @usableFromInline let bytes: RawSpan
    /// Bytes read so far.
    public private(set) var offset: Int
    /// The longest string or buffer that is believed.
    public let lengthLimit: Int

    /// - Parameter lengthLimit: the default is ZooKeeper's: twice `jute.maxbuffer`.
    @_lifetime(copy bytes)
    public init(_ bytes: RawSpan, lengthLimit: Int = 2 * 0xF_FFFF) {
        self.bytes = bytes
        self.offset = 0
        self.lengthLimit = lengthLimit
    }

    public var remaining: Int { bytes.byteCount - offset }
    public var isAtEnd: Bool { offset == bytes.byteCount }

    @_lifetime(self: copy self)
    public mutating func readUInt8() throws(ByteError) -> UInt8 { try read(as: UInt8.self) }
    @_lifetime(self: copy self)
    public mutating func readBool() throws(ByteError) -> Bool { try read(as: UInt8.self) != 0 }
    @_lifetime(self: copy self)
    public mutating func readInt32() throws(ByteError) -> Int32 { try read(as: Int32.self) }
    @_lifetime(self: copy self)
    public mutating func readInt64() throws(ByteError) -> Int64 { try read(as: Int64.self) }

    /// A length-prefixed run of bytes; `nil` for length −1, which is not the same as empty.
    @_lifetime(self: copy self)
    public mutating func readBuffer() throws(ByteError) -> [UInt8]? {
        let start = offset
        let length = Int(try readInt32())
        if length == -1 { return nil }
        guard length >= 0, length <= lengthLimit else {
            offset = start
            throw .unreasonableLength(length, limit: lengthLimit, offset: start)
        }
        do { return try readBytes(length) } catch {
            offset = start
            throw error
        }
    }

    /// Where a length-prefixed run of bytes lies, in offsets of the bytes read from; `nil` for length −1.
    @_lifetime(self: copy self)
    public mutating func readBufferRange() throws(ByteError) -> Range<Int>? {
        let start = offset
        let length = Int(try readInt32())
        if length == -1 { return nil }
        guard length >= 0, length <= lengthLimit else {
            offset = start
            throw .unreasonableLength(length, limit: lengthLimit, offset: start)
        }
        guard remaining >= length else {
            let available = remaining
            offset = start
            throw .truncated(offset: start + 4, needed: length, available: available)
        }
        defer { offset += length }
        return offset..<offset + length
    }

    /// A string; `nil` for length −1.
    @_lifetime(self: copy self)
    public mutating func readOptionalString() throws(ByteError) -> ByteString? {
        try readBuffer().map(ByteString.init(bytes:))
    }

    /// A string that must be there.
    @_lifetime(self: copy self)
    public mutating func readString() throws(ByteError) -> ByteString {
        let start = offset
        guard let bytes = try readBuffer() else {
            offset = start
            throw .missingValue(offset: start)
        }
        return ByteString(bytes: bytes)
    }

    /// Passes over these bytes, if they come next; else false, and nothing is read.
    @_lifetime(self: copy self)
    public mutating func skip(_ expected: RawSpan) -> Bool {
        guard remaining >= expected.byteCount,
            bytes.extracting(offset..<offset + expected.byteCount).hasSameBytes(as: expected)
        else { return false }
        offset += expected.byteCount
        return true
    }

    /// Passes over bytes whatever they are.
    @_lifetime(self: copy self)
    public mutating func skip(_ count: Int) throws(ByteError) {
        guard remaining >= count else { throw .truncated(offset: offset, needed: count, available: remaining) }
        offset += count
    }

    @_lifetime(self: copy self)
    public mutating func readBytes(_ count: Int) throws(ByteError) -> [UInt8] {
        guard remaining >= count else { throw .truncated(offset: offset, needed: count, available: remaining) }
        defer { offset += count }
        // SAFETY: the range was checked above and the buffer does not outlive the call.
        return unsafe bytes.extracting(offset..<offset + count).withUnsafeBytes { unsafe Array($0) }
    }

    /// An element count; `nil` for −1. Each element takes at least `elementSize` bytes, so that a lying count is
    /// refused before anything is reserved for it.
    @_lifetime(self: copy self)
    public mutating func readCount(elementSize: Int) throws(ByteError) -> Int? {
        let start = offset
        let count = Int(try readInt32())
        if count == -1 { return nil }
        let limit = remaining / elementSize
        guard count >= 0, count <= limit else {
            offset = start
            throw .unreasonableLength(count, limit: limit, offset: start)
        }
        return count
    }

    @_lifetime(self: copy self)
    private mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(
        as type: Number.Type
    ) throws(ByteError) -> Number {
        let size = MemoryLayout<Number>.size
        guard remaining >= size else { throw .truncated(offset: offset, needed: size, available: remaining) }
        defer { offset += size }
        // SAFETY: the range was checked above; every bit pattern is a number.
        return Number(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
