import Bytes
package import StateMachines
package import WireProtocol
package import ZNodes

/// ZooKeeper's snapshot of a tree: header, sessions, access rules, nodes, then seals.
///
/// A seal is the Adler-32 of all bytes before it, as 8 bytes, and the string "/". The first follows the nodes; after it come,
/// each with a seal of its own, the tree's digest (since 3.6) and the last transaction (since 3.9). Older files end earlier.
package enum SnapshotFormat {
    package static let magic: Int32 = 0x5A4B_534E
    package static let version: Int32 = 2
    package static let headerByteCount = 16
    /// The longest path or data that is believed.
    static let lengthLimit = 256 << 20
    /// The longest record, a node or a list of access rules, that is believed of what follows a SNAP packet.
    package static let streamRecordLimit = 64 << 20

    /// How the bytes of a file are packed; the name says it.
    package enum Compression: String, Hashable, Sendable, CaseIterable {
        case none = ""
        case gzip = "gz"
        case snappy
    }

    /// A snapshot's session.
    package struct Session: Hashable, Sendable {
        package var id: SessionID
        package var timeoutMilliseconds: Int32

        package init(id: SessionID, timeoutMilliseconds: Int32) {
            self.id = id
            self.timeoutMilliseconds = timeoutMilliseconds
        }
    }

    /// Everything before the nodes.
    /// - Parameter acls: the table as `DataTree.beginExport` gives it.
    package static func beginning(sessions: [Session], acls: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(magic)
        writer.write(version)
        writer.write(Int64(-1))  // The database's number, which nobody reads.
        return writer.bytes + streamBeginning(sessions: sessions, acls: acls)
    }

    /// Everything before the nodes in what follows a SNAP packet: as in a file, without its header.
    /// - Parameter acls: the table as `DataTree.beginExport` gives it.
    package static func streamBeginning(sessions: [Session], acls: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(Int32(sessions.count))
        for session in sessions {
            writer.write(session.id.rawValue)
            writer.write(session.timeoutMilliseconds)
        }
        writer.bytes.append(contentsOf: acls)
        return writer.bytes
    }

    /// Everything after the nodes in what follows a SNAP packet: their end, and a word that says so.
    package static let streamEnding: [UInt8] = {
        var writer = ByteWriter()
        writer.writeString("/")
        writer.writeString(streamSignature)
        return writer.bytes
    }()
    static let streamSignature: ByteString = "BenWasHere"

    /// Everything after the nodes.
    ///
    /// - Parameters:
    ///   - checksum: the Adler-32 of all bytes up to here.
    ///   - digest: the tree's; `nil` leaves it out.
    ///   - writesZxid: whether the last transaction follows, as since 3.9.
    package static func ending(
        after checksum: UInt32, zxid: Zxid, digest: UInt64?, writesZxid: Bool
    ) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeString("/")
        var sum = Checksum.adler32(writer.bytes, continuing: checksum)
        var sealed = writer.count
        func seal() {
            sum = Checksum.adler32(writer.bytes[sealed...], continuing: sum)
            sealed = writer.count
            writer.write(Int64(sum))
            writer.writeString("/")
        }
        sealed = writer.count
        seal()
        if let digest {
            writer.write(zxid.wireValue)
            writer.write(TransactionType.digestVersion)
            writer.write(Int64(bitPattern: digest))
            seal()
        }
        if writesZxid {
            writer.write(zxid.wireValue)
            seal()
        }
        return writer.bytes
    }

    /// "snapshot.100000002", with ".gz" where packed.
    package static func fileName(_ zxid: Zxid, _ compression: Compression = .none) -> String {
        "snapshot." + String(zxid.rawValue, radix: 16) + (compression == .none ? "" : "." + compression.rawValue)
    }

    /// What a file's name says; `nil` for files that are no snapshots.
    package static func parse(fileName: String) -> (zxid: Zxid, compression: Compression)? {
        let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "snapshot", let value = UInt64(parts[1], radix: 16)
        else {
            return nil
        }
        guard parts.count == 3 else { return (Zxid(rawValue: value), .none) }
        guard let compression = Compression(rawValue: String(parts[2])), compression != .none else { return nil }
        return (Zxid(rawValue: value), compression)
    }
}

/// What a snapshot holds.
package struct Snapshot: Sendable {
    package var tree: DataTree
    package var sessions: [SnapshotFormat.Session]
    /// The transaction of the file's name; everything up to it is in the tree.
    package var zxid: Zxid
    /// What its writer noted of the tree, after a transaction that may be later than `zxid`.
    package var digest: Digest?
    /// The last transaction, where the file says it (since 3.9).
    package var lastProcessedZxid: Zxid?
    /// Nodes that refer to access rules the file does not hold.
    package var nodesWithoutACL = 0

    /// Says which transaction the tree stands at, for a file whose name does not.
    package mutating func rename(to zxid: Zxid) {
        self.zxid = zxid
        tree.setLastZxid(zxid)
    }

    package struct Digest: Hashable, Sendable {
        package var zxid: Zxid
        package var version: Int32
        package var value: UInt64
    }
}
