import Bytes
package import StateMachines
import WireProtocol
import ZNodes

/// Reads one snapshot from front to back, from bytes that arrive in pieces of any size, unpacked already.
package struct SnapshotReader: Sendable {
    private typealias Reason = SnapshotFailure.Reason
    private enum Phase: Sendable { case header, sessionCount, sessions, acls, nodes, seal, tail, signature, ended }

    private let file: String
    /// Whether it follows a SNAP packet: then it has no header, and its end is a word in place of seals.
    private let isStream: Bool
    /// The longest path or data that is believed; of a stream, the longest record.
    private let lengthLimit: Int
    private let zxid: Zxid
    private var phase = Phase.header
    private var pending: [UInt8] = []
    /// Read so far, of `pending`.
    private var position = 0
    /// Bytes of the file before `pending`.
    private var fileOffset = 0
    /// Adler-32 of the file's bytes up to `summed`, an offset in `pending`.
    private var checksum: UInt32 = 1
    private var summed = 0
    /// Sessions or lists of access rules still to come.
    private var remainingCount: Int32 = 0
    private var sessions: [SnapshotFormat.Session] = []
    private var aclTable: [(number: Int64, acl: [ACL])] = []
    private var importing = TreeImport(acls: [])

    /// - Parameters:
    ///   - file: for messages only.
    ///   - zxid: from the file's name.
    package init(file: String, zxid: Zxid) {
        self.file = file
        self.zxid = zxid
        isStream = false
        lengthLimit = SnapshotFormat.lengthLimit
    }

    /// - Parameters:
    ///   - source: for messages only.
    ///   - zxid: the SNAP packet's.
    init(stream source: String, zxid: Zxid, recordLimit: Int) {
        file = source
        self.zxid = zxid
        isStream = true
        lengthLimit = recordLimit
        phase = .sessionCount
    }

    /// Whether the end of a stream has been read.
    var isEnded: Bool { phase == .ended }
    /// What follows the end of a stream.
    var rest: ArraySlice<UInt8> { pending[position...] }

    package mutating func append(_ chunk: RawSpan) throws(SnapshotFailure) {
        sumUp()
        pending.removeFirst(position)
        fileOffset += position
        (position, summed) = (0, 0)
        // SAFETY: the buffer does not outlive the call.
        unsafe chunk.withUnsafeBytes { unsafe pending.append(contentsOf: $0) }
        while try readPart() {}
        // Files end by themselves; a connection could go on for ever.
        let unread = pending.count - position
        guard !isStream || phase == .ended || unread <= lengthLimit else {
            throw failure(.malformed(.unreasonableLength(unread, limit: lengthLimit, offset: 0)))
        }
    }

    /// Call after the last byte.
    package mutating func finish() throws(SnapshotFailure) -> Snapshot {
        guard phase == .tail || phase == .ended else { throw failure(phase == .header ? .notASnapshot : .incomplete) }
        do throws(Reason) {
            let (digest, lastProcessed) = isStream ? (nil, nil) : try readTail()
            let missing = importing.nodesWithoutACL
            return Snapshot(
                tree: try finishTree(), sessions: sessions, zxid: zxid, digest: digest,
                lastProcessedZxid: lastProcessed, nodesWithoutACL: missing)
        } catch {
            throw failure(error)
        }
    }

    /// Reads whatever comes next; false when more bytes are needed.
    private mutating func readPart() throws(SnapshotFailure) -> Bool {
        do throws(Reason) {
            switch phase {
            case .header: try readHeader()
            case .sessionCount:
                remainingCount = try read { (reader) throws(ByteError) in try reader.readInt32() }
                phase = .sessions
            case .sessions: try readSessions()
            case .acls: try readACLs()
            case .nodes: try readNodes()
            case .seal:
                try checkSeal()
                phase = .tail
            case .signature: try readSignature()
            case .tail, .ended: return false
            }
            return true
        } catch .incomplete {
            return false
        } catch {
            throw failure(error)
        }
    }

    private mutating func readHeader() throws(Reason) {
        // Version and database number are not looked at; ZooKeeper does not either.
        let (magic, _, _) = try read { (reader) throws(ByteError) in
            (try reader.readInt32(), try reader.readInt32(), try reader.readInt64())
        }
        guard magic == SnapshotFormat.magic else { throw .notASnapshot }
        phase = .sessionCount
    }

    private mutating func readSessions() throws(Reason) {
        while remainingCount > 0 {
            let (id, timeout) = try read { (reader) throws(ByteError) in
                (try reader.readInt64(), try reader.readInt32())
            }
            sessions.append(SnapshotFormat.Session(id: SessionID(rawValue: id), timeoutMilliseconds: timeout))
            remainingCount -= 1
        }
        remainingCount = try read { (reader) throws(ByteError) in try reader.readInt32() }
        phase = .acls
    }

    private mutating func readACLs() throws(Reason) {
        while remainingCount > 0 {
            let entry = try read { (reader) throws(ByteError) in
                let number = try reader.readInt64()
                var acl: [ACL] = []
                // A list may end in a later piece, so its count cannot be compared with the bytes that are here.
                for _ in 0..<max(try reader.readInt32(), 0) { acl.append(try ACL(from: &reader)) }
                return (number: number, acl: acl)
            }
            aclTable.append(entry)
            remainingCount -= 1
        }
        importing = TreeImport(acls: aclTable)
        phase = .nodes
    }

    private mutating func readNodes() throws(Reason) {
        let bytes = pending
        let span = bytes.span.bytes
        var reader = ByteReader(span.extracting(position..<bytes.count), lengthLimit: lengthLimit)
        let base = position
        while true {
            guard let node = try Self.readNode(&reader) else { break }
            let path = span.extracting(base + node.path.lowerBound..<base + node.path.upperBound)
            let place = node.data ?? 0..<0
            do throws(TreeImportError) {
                try importing.add(
                    path: path, data: span.extracting(base + place.lowerBound..<base + place.upperBound),
                    isDataNull: node.data == nil, acl: node.acl, node.stat)
            } catch {
                throw .noTree(error)
            }
            position = base + reader.offset
        }
        position = base + reader.offset
        guard bytes[position - 1] == UInt8(ascii: "/") else {
            throw .malformed(.unknownValue(Int(bytes[position - 1]), offset: position - 1))
        }
        phase = isStream ? .signature : .seal
    }

    private mutating func readSignature() throws(Reason) {
        let length = SnapshotFormat.streamSignature.count
        let signature = try read { (reader) throws(ByteError) in
            // A wrong length is refused before its bytes are waited for.
            try reader.readInt32() == length ? try reader.readBytes(length) : []
        }
        guard signature == SnapshotFormat.streamSignature.bytes else { throw .wrongSignature }
        phase = .ended
    }

    private struct NodeRecord {
        var path: Range<Int>
        var data: Range<Int>?
        var acl: Int64
        var stat: PersistedStat
    }

    /// One node; `nil` for the path "/", which ends the nodes.
    private static func readNode(_ reader: inout ByteReader) throws(Reason) -> NodeRecord? {
        do throws(ByteError) {
            let start = reader.offset
            guard let path = try reader.readBufferRange() else { throw .missingValue(offset: start) }
            if path.count == 1 { return nil }
            let data = try reader.readBufferRange()
            let acl = try reader.readInt64()
            return NodeRecord(path: path, data: data, acl: acl, stat: try PersistedStat(from: &reader))
        } catch {
            throw reason(error)
        }
    }

    /// The digest and the last transaction, as far as they are there.
    private mutating func readTail() throws(Reason) -> (Snapshot.Digest?, Zxid?) {
        var digest: Snapshot.Digest?
        // A server without digests goes straight to the last transaction: 8 bytes and a seal of 13.
        if pending.count != position, pending.count != position + 21 {
            digest = try read { (reader) throws(ByteError) in
                let zxid = Zxid(wireValue: try reader.readInt64())
                let version = try reader.readInt32()
                // The first versions wrote the sum in hexadecimal digits.
                let value =
                    version < 2
                    ? UInt64(try reader.readString().description, radix: 16) ?? 0
                    : UInt64(bitPattern: try reader.readInt64())
                return Snapshot.Digest(zxid: zxid, version: version, value: value)
            }
            try checkSeal()
        }
        var lastProcessed: Zxid?
        if pending.count > position {
            lastProcessed = Zxid(wireValue: try read { (reader) throws(ByteError) in try reader.readInt64() })
            try checkSeal()
        }
        guard position == pending.count else { throw .trailingBytes }
        return (digest, lastProcessed)
    }

    private mutating func finishTree() throws(Reason) -> DataTree {
        do throws(TreeImportError) {
            return try importing.finish(lastZxid: zxid)
        } catch {
            throw .noTree(error)
        }
    }

    // MARK: Bytes

    private mutating func read<Value>(
        _ body: (inout ByteReader) throws(ByteError) -> Value
    ) throws(Reason) -> Value {
        let bytes = pending
        var reader = ByteReader(
            bytes.span.bytes.extracting(position..<bytes.count), lengthLimit: lengthLimit)
        do throws(ByteError) {
            let value = try body(&reader)
            position += reader.offset
            return value
        } catch {
            throw Self.reason(error)
        }
    }

    private static func reason(_ error: ByteError) -> Reason {
        if case .truncated = error { return .incomplete }
        return .malformed(error)
    }

    private mutating func checkSeal() throws(Reason) {
        guard pending.count - position >= 13 else { throw .incomplete }
        sumUp()
        let expected = checksum
        let (value, end) = try read { (reader) throws(ByteError) in (try reader.readInt64(), try reader.readString()) }
        guard value == Int64(expected), end == "/" else { throw .wrongChecksum }
    }

    private mutating func sumUp() {
        guard !isStream else { return }
        checksum = Checksum.adler32(pending[summed..<position], continuing: checksum)
        summed = position
    }

    private func failure(_ reason: Reason) -> SnapshotFailure {
        SnapshotFailure(file: file, offset: fileOffset + position, reason: reason)
    }
}
