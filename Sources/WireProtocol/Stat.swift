package import Bytes
package import StateMachines

/// What clients learn of a node beside its data. 68 bytes on the wire.
package struct Stat: JuteRecord {
    package static let byteCount = 68

    package var czxid: Zxid
    package var mzxid: Zxid
    /// Milliseconds since 1970, like `mtime`.
    package var ctime: Int64
    package var mtime: Int64
    package var version: Int32
    /// As clients see it: creations and deletions of children.
    package var cversion: Int32
    package var aversion: Int32
    /// The session of an ephemeral; 0 for every other node.
    package var ephemeralOwner: SessionID
    package var dataLength: Int32
    package var numChildren: Int32
    package var pzxid: Zxid

    package init(
        czxid: Zxid, mzxid: Zxid, ctime: Int64, mtime: Int64, version: Int32, cversion: Int32, aversion: Int32,
        ephemeralOwner: SessionID, dataLength: Int32, numChildren: Int32, pzxid: Zxid
    ) {
        self.czxid = czxid
        self.mzxid = mzxid
        self.ctime = ctime
        self.mtime = mtime
        self.version = version
        self.cversion = cversion
        self.aversion = aversion
        self.ephemeralOwner = ephemeralOwner
        self.dataLength = dataLength
        self.numChildren = numChildren
        self.pzxid = pzxid
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
        dataLength = try reader.readInt32()
        numChildren = try reader.readInt32()
        pzxid = Zxid(wireValue: try reader.readInt64())
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeFields(byteCount: Self.byteCount) { fields in
            fields.write(czxid.wireValue)
            fields.write(mzxid.wireValue)
            fields.write(ctime)
            fields.write(mtime)
            fields.write(version)
            fields.write(cversion)
            fields.write(aversion)
            fields.write(ephemeralOwner.rawValue)
            fields.write(dataLength)
            fields.write(numChildren)
            fields.write(pzxid.wireValue)
        }
    }
}

/// Names a session; 0 asks for a new one, and marks “nobody's”.
package struct SessionID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static let none = SessionID(rawValue: 0)
    package static func < (left: SessionID, right: SessionID) -> Bool { left.rawValue < right.rawValue }
    /// Servers give these numbers out and put no others into tables: nobody can choose them to collide.
    package func _rawHashValue(seed: Int) -> Int { UInt64(bitPattern: rawValue).mixed(with: seed) }
    /// "0x100000000000001", as ZooKeeper's tools print it.
    package var description: String { "0x" + String(UInt64(bitPattern: rawValue), radix: 16) }
}
