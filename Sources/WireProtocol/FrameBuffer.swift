package import Bytes

/// Collects the bytes of one direction of a connection and cuts them into frames.
///
/// A frame is a four-byte length, which does not count itself, and that many bytes.
package struct FrameBuffer: Hashable, Sendable {
    /// ZooKeeper's `jute.maxbuffer`: the longest frame either side accepts.
    package static let defaultLimit = 0xF_FFFF

    /// Frames that `next` has found are ranges of these bytes; valid until the next `append`.
    package private(set) var bytes: [UInt8] = []
    private var start = 0
    package var limit: Int

    package init(limit: Int = defaultLimit) { self.limit = limit }

    /// Bytes that are not part of a frame found so far.
    package var pendingByteCount: Int { bytes.count - start }
    package var pendingBytes: ArraySlice<UInt8> { bytes[start...] }

    /// Takes what arrived; forgets the frames found before.
    package mutating func append(_ chunk: RawSpan) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
        } else if start > 0 {
            bytes.removeFirst(start)
        }
        start = 0
        // SAFETY: the buffer does not outlive the call.
        unsafe chunk.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ chunk: [UInt8]) { append(chunk.span.bytes) }

    /// The next whole frame's payload, without its length; `nil` until more bytes arrive.
    /// - Throws: `.unreasonableLength` for a negative length or one above the limit; the connection is then of no use.
    package mutating func next() throws(ByteError) -> Range<Int>? {
        guard pendingByteCount >= 4 else { return nil }
        // SAFETY: four bytes are there; every bit pattern is a number.
        let length = Int(
            Int32(bigEndian: unsafe bytes.span.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: Int32.self)))
        guard length >= 0, length <= limit else {
            throw .unreasonableLength(length, limit: limit, offset: start)
        }
        guard pendingByteCount >= 4 + length else { return nil }
        let payload = start + 4..<start + 4 + length
        start = payload.upperBound
        return payload
    }

    /// The next whole frame's payload as an array of its own; for code that is not in a hurry.
    package mutating func nextPayload() throws(ByteError) -> [UInt8]? {
        try next().map { Array(bytes[$0]) }
    }

    /// The first bytes that no frame has claimed, for protocols that may come before the first frame.
    package func peek(_ count: Int) -> ArraySlice<UInt8>? {
        pendingByteCount >= count ? bytes[start..<start + count] : nil
    }

    /// The next record of a protocol that writes them without a length; `nil` until it has arrived whole.
    ///
    /// - Parameter read: reads one record. That the bytes end too early means only that more have to come.
    /// - Throws: what `read` throws, and `.unreasonableLength` where more than `limit` bytes make no record yet; the
    ///   connection is then of no use.
    package mutating func nextRecord<Record>(
        _ read: (inout ByteReader) throws(ByteError) -> Record
    ) throws(ByteError) -> Record? {
        guard pendingByteCount > 0 else { return nil }
        do throws(ByteError) {
            let (record, length) = try Self.read(bytes.span.bytes.extracting(start..<bytes.count), limit, read)
            start += length
            return record
        } catch .truncated {
            guard pendingByteCount <= limit else {
                throw .unreasonableLength(pendingByteCount, limit: limit, offset: start)
            }
            return nil
        }
    }

    private static func read<Record>(
        _ span: RawSpan, _ limit: Int, _ body: (inout ByteReader) throws(ByteError) -> Record
    ) throws(ByteError) -> (Record, byteCount: Int) {
        var reader = ByteReader(span, lengthLimit: limit)
        let record = try body(&reader)
        return (record, reader.offset)
    }

    /// Gives up what no frame has claimed, for what follows in another form.
    package mutating func takePending() -> [UInt8] {
        defer {
            bytes.removeAll()
            start = 0
        }
        return Array(bytes[start...])
    }
}
