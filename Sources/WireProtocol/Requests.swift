package import Bytes
package import StateMachines

/// How a node is created; the last field of a `CreateRequest`.
package enum CreateMode: Int32, CaseIterable, Sendable {
    case persistent = 0
    case ephemeral = 1
    case persistentSequential = 2
    case ephemeralSequential = 3
    /// Deleted by the server when its last child has gone.
    case container = 4
    /// Deleted by the server when it has no children and has not been changed for its time to live.
    case timeToLive = 5
    case timeToLiveSequential = 6

    package var isEphemeral: Bool { self == .ephemeral || self == .ephemeralSequential }
    package var isSequential: Bool {
        self == .persistentSequential || self == .ephemeralSequential || self == .timeToLiveSequential
    }
    package var isTimed: Bool { self == .timeToLive || self == .timeToLiveSequential }
}

/// Body of `create`, `createWithStat` and `createContainer`.
package struct CreateRequest: JuteRecord {
    package var path: ByteString
    package var data: [UInt8]?
    package var acl: [ACL]?
    /// A `CreateMode`, or a number that this server does not know.
    package var flags: Int32

    package init(path: ByteString, data: [UInt8]?, acl: [ACL]? = ACL.open, mode: CreateMode = .persistent) {
        self.path = path
        self.data = data
        self.acl = acl
        self.flags = mode.rawValue
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        data = try reader.readBuffer()
        acl = try ACL.readVector(from: &reader)
        flags = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.writeBuffer(data)
        writer.writeVector(acl)
        writer.write(flags)
    }
}

/// Body of `delete` and `check`.
package struct PathVersionRequest: JuteRecord {
    package var path: ByteString
    /// The version the node must have; −1 for any.
    package var version: Int32

    package init(path: ByteString, version: Int32 = -1) {
        self.path = path
        self.version = version
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        version = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.write(version)
    }
}

/// Body of `exists`, `getData`, `getChildren` and `getChildrenWithStat`.
package struct PathWatchRequest: JuteRecord {
    package var path: ByteString
    package var watch: Bool

    package init(path: ByteString, watch: Bool = false) {
        self.path = path
        self.watch = watch
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        watch = try reader.readBool()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.write(watch)
    }
}

/// Body of `getACL`, `sync`, `deleteContainer`, `getEphemerals` (a prefix) and `getAllChildrenNumber`.
package struct PathRequest: JuteRecord {
    package var path: ByteString

    package init(path: ByteString) { self.path = path }
    package init(from reader: inout ByteReader) throws(ByteError) { path = try reader.readString() }
    package func encode(into writer: inout ByteWriter) { writer.writeString(path) }
}

/// Body of `setData`.
package struct SetDataRequest: JuteRecord {
    package var path: ByteString
    package var data: [UInt8]?
    /// The version the node must have; −1 for any.
    package var version: Int32

    package init(path: ByteString, data: [UInt8]?, version: Int32 = -1) {
        self.path = path
        self.data = data
        self.version = version
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        data = try reader.readBuffer()
        version = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.writeBuffer(data)
        writer.write(version)
    }
}

/// Body of `setACL`.
package struct SetACLRequest: JuteRecord {
    package var path: ByteString
    package var acl: [ACL]?
    /// The `aversion` the node must have; −1 for any.
    package var version: Int32

    package init(path: ByteString, acl: [ACL]?, version: Int32 = -1) {
        self.path = path
        self.acl = acl
        self.version = version
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        acl = try ACL.readVector(from: &reader)
        version = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.writeVector(acl)
        writer.write(version)
    }
}

/// Body of `setWatches`: the watches of a client that comes back, to be set again or fired at once.
package struct SetWatchesRequest: JuteRecord {
    /// The last transaction the client has seen.
    package var relativeZxid: Zxid
    package var dataWatches: [ByteString]?
    package var existWatches: [ByteString]?
    package var childWatches: [ByteString]?

    package init(
        relativeZxid: Zxid, dataWatches: [ByteString], existWatches: [ByteString], childWatches: [ByteString]
    ) {
        self.relativeZxid = relativeZxid
        self.dataWatches = dataWatches
        self.existWatches = existWatches
        self.childWatches = childWatches
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        relativeZxid = Zxid(wireValue: try reader.readInt64())
        dataWatches = try reader.readStrings()
        existWatches = try reader.readStrings()
        childWatches = try reader.readStrings()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(relativeZxid.wireValue)
        writer.writeStrings(dataWatches)
        writer.writeStrings(existWatches)
        writer.writeStrings(childWatches)
    }
}

/// Body of `auth`.
package struct AuthRequest: JuteRecord {
    package var type: Int32 = 0
    package var scheme: ByteString
    package var credentials: [UInt8]?

    package init(scheme: ByteString, credentials: [UInt8]?) {
        self.scheme = scheme
        self.credentials = credentials
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        type = try reader.readInt32()
        scheme = try reader.readString()
        credentials = try reader.readBuffer()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(type)
        writer.writeString(scheme)
        writer.writeBuffer(credentials)
    }
}
