import Bytes
package import StateMachines

/// Reads the tree that follows a SNAP packet on a quorum connection, from bytes that arrive in pieces of any size, and finds its
/// end: what follows belongs to the next packet.
package struct SnapshotStreamReader: Sendable {
    private var reader: SnapshotReader

    /// - Parameters:
    ///   - source: what messages call it, such as the leader's address.
    ///   - zxid: the packet's; everything up to it is in the tree.
    ///   - recordLimit: the longest node or list of access rules that is believed, in bytes.
    package init(source: String, zxid: Zxid, recordLimit: Int = SnapshotFormat.streamRecordLimit) {
        reader = SnapshotReader(stream: source, zxid: zxid, recordLimit: recordLimit)
    }

    /// Takes what arrived.
    ///
    /// - Returns: whether the end is there; nothing may be appended after it.
    /// - Throws: for bytes that are no snapshot; the connection is then of no use.
    package mutating func append(_ chunk: RawSpan) throws(SnapshotFailure) -> Bool {
        precondition(!reader.isEnded, "the snapshot has ended")
        try reader.append(chunk)
        return reader.isEnded
    }

    package mutating func append(_ chunk: [UInt8]) throws(SnapshotFailure) -> Bool { try append(chunk.span.bytes) }

    /// The tree and its sessions, and the bytes after them, which the reader of packets must be given.
    /// - Throws: `.incomplete` before the end.
    package mutating func finish() throws(SnapshotFailure) -> (snapshot: Snapshot, rest: [UInt8]) {
        let rest = reader.isEnded ? Array(reader.rest) : []
        return (try reader.finish(), rest)
    }
}
