package import Bytes
package import Messages
package import StateMachines
import ZNodes

/// A log that must not be read any further.
package struct LogFailure: LocalizedFailure, Hashable {
    package enum Reason: Hashable, Sendable {
        /// The file does not begin like a log.
        case notALog
        /// A whole, valid entry follows a broken one: this is no interrupted write.
        case damaged
        /// An entry is whole but this version cannot understand it.
        case notUnderstood(ByteError)
        /// Transactions run backwards.
        case outOfOrder(Zxid)
    }
    package var file: String
    /// Bytes before the entry.
    package var offset: Int
    package var reason: Reason
    /// The last transaction that could be read.
    package var lastZxid: Zxid

    package var message: LocalizedText {
        switch reason {
        case .notALog: LogMessages.notALog(file)
        case .damaged: LogMessages.damaged(file, offset: offset, last: lastZxid.description)
        case .notUnderstood: LogMessages.notUnderstood(file, offset: offset, last: lastZxid.description)
        case .outOfOrder(let zxid):
            LogMessages.outOfOrder(file, offset: offset, last: lastZxid.description, found: zxid.description)
        }
    }
}

/// Reads one log from front to back, from bytes that arrive in pieces of any size.
///
/// The log ends where zeros begin, where the bytes end, or at an entry that a crash cut short. Such a torn tail was never
/// acknowledged; `validByteCount` says where to cut. A broken entry with a whole one behind it is damage, and refused.
package struct LogReader: Sendable {
    private let file: String
    private var pending: [UInt8] = []
    private var position = 0
    private var hasHeader = false
    private var reachedZeros = false
    /// Bytes of the file up to and including the last whole entry.
    package private(set) var validByteCount = 0
    package private(set) var lastZxid: Zxid

    /// - Parameters:
    ///   - file: for messages only.
    ///   - zxid: the last transaction before this file.
    package init(file: String, after zxid: Zxid) {
        self.file = file
        lastZxid = zxid
    }

    /// True once zeros have been reached: nothing after them is read.
    package var isAtEnd: Bool { reachedZeros }

    package mutating func append(_ chunk: RawSpan) {
        pending.removeFirst(position)
        position = 0
        // SAFETY: the buffer does not outlive the call.
        unsafe chunk.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
    }

    /// The next whole entry; `nil` when more bytes are needed or the log has ended.
    /// - Parameter known: entries up to this transaction are checked, but neither decoded nor returned.
    package mutating func next(after known: Zxid = .zero) throws(LogFailure) -> LoggedTransaction? {
        if !hasHeader {
            guard pending.count - position >= LogFormat.headerByteCount else { return nil }
            try readHeader()
        }
        while !reachedZeros, let entry = entry(at: position) {
            switch entry {
            case .zeros: reachedZeros = true
            case .broken: return nil  // `finish` judges it when all bytes are known.
            case .whole(let body):
                let zxid = try zxid(of: body)
                guard zxid > lastZxid else { throw failure(.outOfOrder(zxid)) }
                let transaction = zxid > known ? try decode(body) : nil
                lastZxid = zxid
                let length = body.upperBound + 1 - position
                position += length
                validByteCount += length
                if let transaction { return transaction }
            }
        }
        return nil
    }

    /// Call after the last byte. Returns the number of torn bytes to cut off, which is 0 for a log that ends cleanly.
    package mutating func finish() throws(LogFailure) -> Int {
        if !hasHeader {
            // A crash may come before the header; anything else of this length is not ours to throw away.
            guard pending.allSatisfy({ $0 == 0 }) || isHeaderPrefix else { throw failure(.notALog) }
            return pending.count
        }
        guard !reachedZeros else { return 0 }
        // Nothing can begin within the zeros of a file that was extended in advance.
        let end = (pending[position...].lastIndex { $0 != 0 } ?? position) + 1
        for offset in position..<max(end, position) where offset > position {
            if case .whole(let body)? = entry(at: offset), (try? decode(body)) != nil { throw failure(.damaged) }
        }
        return pending.count - position
    }

    private enum Entry {
        case zeros
        case broken
        /// Where its body is.
        case whole(Range<Int>)
    }

    /// `nil` when too few bytes are there to tell.
    private func entry(at offset: Int) -> Entry? {
        let bodyStart = offset + LogFormat.entryHeaderByteCount
        guard bodyStart <= pending.count else { return nil }
        var reader = ByteReader(pending.span.bytes.extracting(offset..<bodyStart))
        guard let checksum = try? reader.readInt64(), let length = (try? reader.readInt32()).map(Int.init) else {
            return nil
        }
        if checksum == 0, length == 0 { return .zeros }
        guard length > 0, length <= LogFormat.bodyLimit, checksum >> 32 == 0 else { return .broken }
        guard bodyStart + length + 1 <= pending.count else { return nil }
        let body = bodyStart..<bodyStart + length
        guard pending[body.upperBound] == LogFormat.entryEnd,
            Checksum.adler32(pending[body]) == UInt32(truncatingIfNeeded: checksum)
        else { return .broken }
        return .whole(body)
    }

    private func decode(_ body: Range<Int>) throws(LogFailure) -> LoggedTransaction {
        var reader = ByteReader(pending.span.bytes.extracting(body), lengthLimit: LogFormat.bodyLimit)
        do {
            return try LoggedTransaction(from: &reader)
        } catch {
            throw failure(.notUnderstood(error))
        }
    }

    private func zxid(of body: Range<Int>) throws(LogFailure) -> Zxid {
        var reader = ByteReader(pending.span.bytes.extracting(body))
        do throws(ByteError) {
            _ = (try reader.readInt64(), try reader.readInt32())
            return Zxid(wireValue: try reader.readInt64())
        } catch {
            throw failure(.notUnderstood(error))
        }
    }

    private mutating func readHeader() throws(LogFailure) {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        guard pending[..<4] == writer.bytes[..<4] else {
            guard pending[..<LogFormat.headerByteCount].allSatisfy({ $0 == 0 }) else { throw failure(.notALog) }
            hasHeader = true  // Preallocated, then crashed before anything was written.
            reachedZeros = true
            return
        }
        hasHeader = true
        position += LogFormat.headerByteCount
        validByteCount = LogFormat.headerByteCount
    }

    private var isHeaderPrefix: Bool {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        return writer.bytes.starts(with: pending)
    }

    private func failure(_ reason: LogFailure.Reason) -> LogFailure {
        LogFailure(file: file, offset: validByteCount, reason: reason, lastZxid: lastZxid)
    }
}
