/// Appends big-endian fields to a growing buffer.
///
/// The owner drains `bytes` and keeps the storage, so that a steady state allocates nothing.
public struct ByteWriter: Hashable, Sendable {
    public var bytes: [UInt8]

    @inlinable public init() { bytes = [] }
    /// Continues after bytes that are there already.
    @inlinable public init(appendingTo bytes: [UInt8]) { self.bytes = bytes }

    @inlinable public var count: Int { bytes.count }

    @inlinable public mutating func write(_ value: UInt8) { bytes.append(value) }
    @inlinable public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }
    @inlinable public mutating func write(_ value: Int32) { writeFields(byteCount: 4) { $0.write(value) } }
    @inlinable public mutating func write(_ value: Int64) { writeFields(byteCount: 8) { $0.write(value) } }

    /// A length-prefixed run of bytes; `nil` becomes length −1.
    @inlinable public mutating func writeBuffer(_ value: [UInt8]?) {
        guard let value else { return write(Int32(-1)) }
        write(Int32(value.count))
        bytes.append(contentsOf: value)
    }
    /// The same from a part of an array.
    @inlinable public mutating func writeBuffer(_ value: ArraySlice<UInt8>) {
        write(Int32(value.count))
        bytes.append(contentsOf: value)
    }
    @inlinable public mutating func writeString(_ value: ByteString?) { writeBuffer(value?.bytes) }

    @inlinable public mutating func append(_ span: RawSpan) {
        // SAFETY: the buffer does not outlive the call.
        unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// Replaces four bytes written earlier, such as a length that is known only now.
    @inlinable public mutating func patch(_ value: Int32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= bytes.count, "patch outside of what was written")
        // SAFETY: the range was checked above.
        unsafe bytes.withUnsafeMutableBytes {
            unsafe $0.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Int32.self)
        }
    }

    /// Writes a four-byte length, then whatever `body` writes, and corrects the length.
    @inlinable public mutating func writeFrame(_ body: (inout ByteWriter) -> Void) {
        let start = bytes.count
        write(Int32(0))
        body(&self)
        patch(Int32(bytes.count - start - 4), at: start)
    }

    /// Writes fields of fixed size, all of them at the price of one.
    /// - Precondition: `body` writes exactly `byteCount` bytes.
    @inlinable @inline(__always)
    public mutating func writeFields(byteCount: Int, _ body: (inout FieldWriter) -> Void) {
        bytes.append(addingCapacity: byteCount) { output in
            // SAFETY: the fields check their places, and all of them are there in the end.
            unsafe output.withUnsafeMutableBufferPointer { place, written in
                var fields = unsafe FieldWriter(place: UnsafeMutableRawBufferPointer(place))
                body(&fields)
                precondition(fields.offset == byteCount, "a record of fixed size must be written whole")
                written = byteCount
            }
        }
    }
}

/// Big-endian fields in memory that has been reserved for them; exists during `ByteWriter.writeFields` only.
public struct FieldWriter {
    @usableFromInline let place: UnsafeMutableRawBufferPointer
    @usableFromInline var offset = 0

    @inlinable init(place: UnsafeMutableRawBufferPointer) { self.place = place }

    @inlinable @inline(__always) public mutating func write(_ value: Int32) { store(value.bigEndian, 4) }
    @inlinable @inline(__always) public mutating func write(_ value: Int64) { store(value.bigEndian, 8) }

    @inlinable @inline(__always)
    mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number, _ size: Int) {
        precondition(offset + size <= place.count, "a field outside of its record")
        // SAFETY: checked above.
        unsafe place.baseAddress!.storeBytes(of: value, toByteOffset: offset, as: Number.self)
        offset += size
    }
}
