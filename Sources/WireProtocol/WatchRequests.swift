package import Bytes

/// How long a watch of `addWatch` lives, and of what it tells.
package enum AddWatchMode: Int32, CaseIterable, Sendable {
    /// Until removed; as a data watch and a child watch of the node.
    case persistent = 0
    /// Until removed; of the node and all below it, without events for children lists.
    case persistentRecursive = 1
}

/// Body of `addWatch`.
package struct AddWatchRequest: JuteRecord {
    package var path: ByteString
    /// An `AddWatchMode`, or a number that this server does not know.
    package var mode: Int32

    package init(path: ByteString, mode: AddWatchMode) {
        self.path = path
        self.mode = mode.rawValue
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        mode = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.write(mode)
    }
}

/// Which watches of a node a `WatcherRequest` means.
package enum WatcherType: Int32, CaseIterable, Sendable {
    case children = 1
    case data = 2
    case any = 3
    case persistent = 4
    case persistentRecursive = 5
}

/// Body of `checkWatches` and `removeWatches`.
package struct WatcherRequest: JuteRecord {
    package var path: ByteString
    /// A `WatcherType`, or a number that this server does not know.
    package var type: Int32

    package init(path: ByteString, type: WatcherType) {
        self.path = path
        self.type = type.rawValue
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        path = try reader.readString()
        type = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeString(path)
        writer.write(type)
    }
}

/// Body of `setAllWatches`: as `SetWatchesRequest`, with the watches that stay.
package struct SetAllWatchesRequest: JuteRecord {
    package var oneShot: SetWatchesRequest
    package var persistentWatches: [ByteString]?
    package var persistentRecursiveWatches: [ByteString]?

    package init(
        oneShot: SetWatchesRequest, persistentWatches: [ByteString] = [], persistentRecursiveWatches: [ByteString] = []
    ) {
        self.oneShot = oneShot
        self.persistentWatches = persistentWatches
        self.persistentRecursiveWatches = persistentRecursiveWatches
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        oneShot = try SetWatchesRequest(from: &reader)
        persistentWatches = try reader.readStrings()
        persistentRecursiveWatches = try reader.readStrings()
    }

    package func encode(into writer: inout ByteWriter) {
        oneShot.encode(into: &writer)
        writer.writeStrings(persistentWatches)
        writer.writeStrings(persistentRecursiveWatches)
    }
}
