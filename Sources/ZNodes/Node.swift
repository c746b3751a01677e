package import Bytes
package import StateMachines
package import WireProtocol

/// The fields of a node that are written to disk and that the digest covers.
package struct PersistedStat: Hashable, Sendable {
    package var czxid: Zxid
    package var mzxid: Zxid
    package var pzxid: Zxid
    /// Milliseconds since 1970, like `mtime`.
    package var ctime: Int64
    package var mtime: Int64
    /// What ends the node; see `NodeLifetime`.
    package var ephemeralOwner: SessionID
    // The short fields last: what holds a stat then has room for four more bytes behind it.
    package var version: Int32
    /// Counts creations of children only; clients see `2 × cversion − numChildren`.
    package var cversion: Int32
    package var aversion: Int32

    package static let zero = PersistedStat(created: .zero, at: 0, owner: .none)

    /// The stat of a new node.
    package init(created zxid: Zxid, at time: Int64, owner: SessionID) {
        czxid = zxid
        mzxid = zxid
        pzxid = zxid
        ctime = time
        mtime = time
        version = 0
        cversion = 0
        aversion = 0
        ephemeralOwner = owner
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        czxid = Zxid(wireValue: try reader.readInt64())
        mzxid = Zxid(wireValue: try reader.readInt64())
        ctime = try reader.readInt64()
        mtime = try reader.readInt64()
        version = try reader.readInt32()
        cversion = try reader.readInt32()
        aversion = try reader.readInt32()
        ephemeralOwner = SessionID(rawValue: try reader.readInt64())
        pzxid = Zxid(wireValue: try reader.readInt64())
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(czxid.wireValue)
        writer.write(mzxid.wireValue)
        writer.write(ctime)
        writer.write(mtime)
        writer.write(version)
        writer.write(cversion)
        writer.write(aversion)
        writer.write(ephemeralOwner.rawValue)
        writer.write(pzxid.wireValue)
    }

    /// - Parameter owner: the session, if the node is an ephemeral; clients see no other owner.
    package func stat(dataLength: Int32, childCount: Int32, owner: SessionID) -> Stat {
        Stat(
            czxid: czxid, mzxid: mzxid, ctime: ctime, mtime: mtime, version: version,
            cversion: cversion &* 2 &- childCount, aversion: aversion, ephemeralOwner: owner,
            dataLength: dataLength, numChildren: childCount, pzxid: pzxid)
    }
}

/// The checksum of one node, as ZooKeeper's tree digest version 2 defines it.
package enum NodeDigest {
    /// Checksum of what changes with the data only: the path ("" for the root), then the data.
    package static func contentChecksum(_ path: [UInt8], _ data: [UInt8]?) -> UInt32 {
        let pathChecksum = Checksum.crc32(path)
        return data.map { Checksum.crc32($0, continuing: pathChecksum) } ?? pathChecksum
    }

    /// What the node adds to the sum; nodes below `/zookeeper` add nothing.
    package static func digest(content: UInt32, isCounted: Bool, _ stat: PersistedStat) -> UInt32 {
        guard isCounted else { return 0 }
        // Two halves of the owner, so that no field needs padding before it.
        let owner = UInt64(bitPattern: stat.ephemeralOwner.rawValue)
        let fields: (Int64, Int64, Int64, Int64, Int64, Int32, Int32, Int32, UInt32, UInt32) = (
            stat.czxid.wireValue.bigEndian, stat.mzxid.wireValue.bigEndian, stat.pzxid.wireValue.bigEndian,
            stat.ctime.bigEndian, stat.mtime.bigEndian, stat.version.bigEndian, stat.cversion.bigEndian,
            stat.aversion.bigEndian, UInt32(truncatingIfNeeded: owner >> 32).bigEndian,
            UInt32(truncatingIfNeeded: owner).bigEndian
        )
        // SAFETY: the tuple is its ten fields, 60 bytes without padding between them.
        return unsafe withUnsafeBytes(of: fields) { unsafe Checksum.crc32($0, continuing: content) }
    }

    /// Whether nodes of this path count.
    package static func isCounted(_ path: ByteString) -> Bool { !isBelowSystem(path.bytes.span.bytes) }

    private static let uncountedPrefix: StaticString = "/zookeeper/"
    static func isBelowSystem(_ path: RawSpan) -> Bool {
        guard path.byteCount >= uncountedPrefix.utf8CodeUnitCount else { return false }
        // SAFETY: both hold eleven bytes, which two overlapping words cover.
        return unsafe path.withUnsafeBytes { bytes in
            let prefix = unsafe UnsafeRawPointer(uncountedPrefix.utf8Start)
            return unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
                == prefix.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
                && bytes.loadUnaligned(fromByteOffset: 3, as: UInt64.self)
                    == prefix.loadUnaligned(fromByteOffset: 3, as: UInt64.self)
        }
    }
}
