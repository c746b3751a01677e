import CZlib

/// Packs a stream as gzip does.
///
/// Confined to whoever uses it; not Sendable.
final class GzipPacker {
    private let stream: UnsafeMutablePointer<z_stream>

    /// `nil` when zlib has no memory left.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard zoolab_gzip_begin(stream, 1) == Z_OK else { return nil }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The packed bytes so far available of `bytes`; all that are left when it is the `last` piece.
    func pack(_ bytes: [UInt8], last: Bool) -> [UInt8] {
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        var input = bytes
        input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            repeat {
                let produced = piece.withUnsafeMutableBufferPointer { buffer in
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = uInt(buffer.count)
                    deflate(stream, last ? Z_FINISH : Z_NO_FLUSH)
                    return buffer.count - Int(stream.pointee.avail_out)
                }
                output.append(contentsOf: piece[..<produced])
            } while stream.pointee.avail_out == 0
        }
        return output
    }
}

/// Unpacks what gzip has packed, several members one after the other included.
final class GzipUnpacker {
    private let stream: UnsafeMutablePointer<z_stream>
    /// True at the end of a member.
    private(set) var isComplete = false

    /// `nil` when zlib has no memory left.
    init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard zoolab_gunzip_begin(stream) == Z_OK else { return nil }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Hands the unpacked bytes to `deliver`; false when they are not what gzip has packed.
    func unpack<Failure: Error>(
        _ bytes: UnsafeMutableRawBufferPointer, _ deliver: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { piece.deallocate() }
        stream.pointee.next_in = bytes.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = uInt(bytes.count)
        repeat {
            if isComplete {
                guard stream.pointee.avail_in > 0 else { break }
                isComplete = false
                inflateReset(stream)
            }
            stream.pointee.next_out = piece.bindMemory(to: UInt8.self).baseAddress
            stream.pointee.avail_out = uInt(piece.count)
            let status = inflate(stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return false }
            isComplete = status == Z_STREAM_END
            let produced = piece.count - Int(stream.pointee.avail_out)
            if produced > 0 { try deliver(UnsafeRawBufferPointer(rebasing: piece[..<produced]).bytes) }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return true
    }
}
