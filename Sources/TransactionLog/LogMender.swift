import Bytes
package import StateMachines
import ZNodes

/// What is left of a damaged log.
package struct MendedLog: Sendable {
    /// The whole new file.
    package var bytes: [UInt8]
    package var transactionCount = 0
    package var lastZxid = Zxid.zero
    /// Transactions whose checksum was wrong although everything else fits.
    package var mended: [Zxid] = []
    /// Bytes of the old file from the first entry that cannot be kept to the last that is not zero.
    package var droppedByteCount = 0

    /// Keeps all entries up to the first that makes no sense, and corrects checksums.
    ///
    /// An entry with a wrong checksum is kept if its length is right, it decodes to its last byte, and its transaction is
    /// the next one. What a flipped bit did inside its data cannot be known.
    package init(of old: [UInt8], file: String) throws(LogFailure) {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        guard old.starts(with: writer.bytes.prefix(4)), old.count >= LogFormat.headerByteCount else {
            throw LogFailure(file: file, offset: 0, reason: .notALog, lastZxid: .zero)
        }
        bytes = Array(old[..<LogFormat.headerByteCount])
        var position = LogFormat.headerByteCount
        while let entry = Self.entry(of: old, at: position), entry.zxid > lastZxid {
            if !entry.isSound {
                guard transactionCount == 0 || entry.zxid.rawValue == lastZxid.rawValue &+ 1 else { break }
                mended.append(entry.zxid)
            }
            bytes.append(contentsOf: entry.fixed)
            position += entry.fixed.count
            lastZxid = entry.zxid
            transactionCount += 1
        }
        let end = old[position...].lastIndex { $0 != 0 } ?? position - 1
        droppedByteCount = end + 1 - position
    }

    private struct Entry {
        var zxid: Zxid
        var isSound: Bool
        var fixed: [UInt8]
    }

    private static func entry(of bytes: [UInt8], at start: Int) -> Entry? {
        let bodyStart = start + LogFormat.entryHeaderByteCount
        guard bodyStart < bytes.count else { return nil }
        var header = ByteReader(bytes.span.bytes.extracting(start..<bodyStart))
        guard let checksum = try? header.readInt64(), let length = (try? header.readInt32()).map(Int.init), length > 0,
            bodyStart + length < bytes.count, bytes[bodyStart + length] == LogFormat.entryEnd
        else { return nil }
        var body = ByteReader(
            bytes.span.bytes.extracting(bodyStart..<bodyStart + length), lengthLimit: LogFormat.bodyLimit)
        let correct = Checksum.adler32(bytes[bodyStart..<bodyStart + length])
        // Bytes behind a transaction are some later version's; only where the checksum is wrong, they tell of damage.
        guard let transaction = try? LoggedTransaction(from: &body), body.isAtEnd || checksum == Int64(correct) else {
            return nil
        }
        var fixed = ByteWriter()
        fixed.write(Int64(correct))
        fixed.bytes.append(contentsOf: bytes[(start + 8)...(bodyStart + length)])
        return Entry(zxid: transaction.header.zxid, isSound: checksum == Int64(correct), fixed: fixed.bytes)
    }
}
