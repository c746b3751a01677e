import CSnappy

/// The stream that Java programs pack with Snappy: a header, then blocks, each with its packed length before it. Numbers are
/// big-endian. The format is that of snappy-java's `SnappyOutputStream`, which ZooKeeper uses.
enum SnappyStream {
    /// 0x82, “SNAPPY”, 0; then the version and the oldest version that can read it.
    static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    static let header = magic + [0, 0, 0, 1, 0, 0, 0, 1]
    /// What one block holds, unpacked.
    static let blockByteCount = 32 << 10
    /// The longest block that is believed, packed or not.
    static let blockLimit = 64 << 20

    static func packed(_ block: ArraySlice<UInt8>) -> [UInt8] {
        block.withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: snappy_max_compressed_length(input.count)) { output, count in
                count = output.count
                let status = snappy_compress(
                    input.bindMemory(to: CChar.self).baseAddress, input.count,
                    UnsafeMutableRawPointer(output.baseAddress!).assumingMemoryBound(to: CChar.self), &count)
                precondition(status == SNAPPY_OK, "there was room for the longest result")
            }
        }
    }

    /// `nil` for bytes that Snappy has not packed.
    static func unpacked(_ block: ArraySlice<UInt8>) -> [UInt8]? {
        block.withUnsafeBytes { input in
            let packed = input.bindMemory(to: CChar.self)
            var length = 0
            guard snappy_uncompressed_length(packed.baseAddress, packed.count, &length) == SNAPPY_OK,
                length <= blockLimit
            else { return nil }
            var isGood = false
            let bytes = [UInt8](unsafeUninitializedCapacity: max(length, 1)) { output, count in
                count = length
                isGood =
                    snappy_uncompress(
                        packed.baseAddress, packed.count,
                        UnsafeMutableRawPointer(output.baseAddress!).assumingMemoryBound(to: CChar.self), &count)
                    == SNAPPY_OK
                if !isGood { count = 0 }
            }
            return isGood ? bytes : nil
        }
    }
}

/// Packs a stream as snappy-java does.
struct SnappyPacker {
    private var waiting: [UInt8] = []
    private var hasBegun = false

    /// The packed bytes of whole blocks; all that are left when it is the `last` piece.
    mutating func pack(_ bytes: [UInt8], last: Bool) -> [UInt8] {
        var output = hasBegun ? [] : SnappyStream.header
        hasBegun = true
        waiting += bytes
        var start = 0
        while waiting.count - start >= SnappyStream.blockByteCount || last && start < waiting.count {
            let end = min(start + SnappyStream.blockByteCount, waiting.count)
            let block = SnappyStream.packed(waiting[start..<end])
            output += (0..<4).map { UInt8(truncatingIfNeeded: block.count >> (24 - 8 * $0)) }
            output += block
            start = end
        }
        waiting.removeFirst(start)
        return output
    }
}

/// Unpacks what snappy-java has packed, several streams one after the other included.
struct SnappyUnpacker {
    private var waiting: [UInt8] = []
    private var hasBegun = false

    /// True where the stream may end.
    var isComplete: Bool { hasBegun && waiting.isEmpty }

    /// Hands the unpacked bytes to `deliver`; false when they are not what Snappy has packed.
    mutating func unpack<Failure: Error>(
        _ bytes: UnsafeMutableRawBufferPointer, _ deliver: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        waiting += bytes
        var start = 0
        while waiting.count - start >= 4 {
            if !hasBegun || waiting[start..<start + 4].elementsEqual(SnappyStream.magic.prefix(4)) {
                guard waiting.count - start >= SnappyStream.header.count else { break }
                guard isHeader(at: start) else { return false }
                hasBegun = true
                start += SnappyStream.header.count
                continue
            }
            let length = waiting[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= SnappyStream.blockLimit else { return false }
            guard waiting.count - start - 4 >= length else { break }
            guard let block = SnappyStream.unpacked(waiting[start + 4..<start + 4 + length]) else { return false }
            try deliver(block.span.bytes)
            start += 4 + length
        }
        waiting.removeFirst(start)
        return true
    }

    private func isHeader(at start: Int) -> Bool {
        waiting[start..<start + SnappyStream.magic.count].elementsEqual(SnappyStream.magic)
            && waiting[start + 12..<start + 16].elementsEqual([0, 0, 0, 1])
    }
}
