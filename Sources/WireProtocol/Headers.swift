package import Bytes
package import StateMachines

/// Numbers of requests that stand outside a client's own count.
package enum SpecialXid {
    package static let notification: Int32 = -1
    package static let ping: Int32 = -2
    package static let auth: Int32 = -4
    package static let setWatches: Int32 = -8
}

/// What every request but the first begins with.
package struct RequestHeader: JuteRecord {
    package static let byteCount = 8

    package var xid: Int32
    /// An `OperationCode`, or a number that this server does not know.
    package var type: Int32

    package init(xid: Int32, type: Int32) {
        self.xid = xid
        self.type = type
    }
    package init(xid: Int32, operation: OperationCode) { self.init(xid: xid, type: operation.rawValue) }

    package var operation: OperationCode? { OperationCode(rawValue: type) }

    package init(from reader: inout ByteReader) throws(ByteError) {
        xid = try reader.readInt32()
        type = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(xid)
        writer.write(type)
    }
}

/// What every reply but the first begins with.
package struct ReplyHeader: JuteRecord {
    package static let byteCount = 16

    package var xid: Int32
    package var zxid: Zxid
    /// An `ErrorCode`, or a number that this client does not know.
    package var error: Int32

    package init(xid: Int32, zxid: Zxid, error: Int32) {
        self.xid = xid
        self.zxid = zxid
        self.error = error
    }
    package init(xid: Int32, zxid: Zxid, error: ErrorCode = .ok) {
        self.init(xid: xid, zxid: zxid, error: error.rawValue)
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        xid = try reader.readInt32()
        zxid = Zxid(wireValue: try reader.readInt64())
        error = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeFields(byteCount: Self.byteCount) { fields in
            fields.write(xid)
            fields.write(zxid.wireValue)
            fields.write(error)
        }
    }
}

/// What happened to a watched node.
package enum WatchEventType: Int32, CaseIterable, Sendable {
    case none = -1
    case nodeCreated = 1
    case nodeDeleted = 2
    case nodeDataChanged = 3
    case nodeChildrenChanged = 4

    /// The word of diagrams and observations: "NodeDeleted".
    package var name: String {
        switch self {
        case .none: "None"
        case .nodeCreated: "NodeCreated"
        case .nodeDeleted: "NodeDeleted"
        case .nodeDataChanged: "NodeDataChanged"
        case .nodeChildrenChanged: "NodeChildrenChanged"
        }
    }
}

/// The body of a notification, after a `ReplyHeader` whose xid is `SpecialXid.notification`.
package struct WatcherEvent: JuteRecord {
    /// The state a server always sends: connected.
    package static let connected: Int32 = 3

    /// A `WatchEventType`.
    package var type: Int32
    package var state: Int32
    package var path: ByteString

    package init(type: WatchEventType, path: ByteString) {
        self.type = type.rawValue
        self.state = Self.connected
        self.path = path
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        type = try reader.readInt32()
        state = try reader.readInt32()
        path = try reader.readString()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(type)
        writer.write(state)
        writer.writeString(path)
    }
}
