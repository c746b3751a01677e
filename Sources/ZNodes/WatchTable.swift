package import Bytes
package import StateMachines
package import WireProtocol

/// One who watches: a connection of the server. Watches die with it, not with its session.
package struct WatcherID: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package static func < (left: WatcherID, right: WatcherID) -> Bool { left.rawValue < right.rawValue }
}

/// One notification to send.
package struct WatchEvent: Hashable, Sendable {
    package var watcher: WatcherID
    package var type: WatchEventType
    package var path: ByteString

    package init(watcher: WatcherID, type: WatchEventType, path: ByteString) {
        self.watcher = watcher
        self.type = type
        self.path = path
    }
}

/// The one-shot watches of one server: data watches (getData, exists) and child watches (getChildren).
package struct WatchTable: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case data, child }

    /// For each path its watchers, in the order in which they came.
    private var data: [ByteString: [WatcherID]] = [:]
    private var child: [ByteString: [WatcherID]] = [:]
    private var paths: [WatcherID: Set<Key>] = [:]

    private struct Key: Hashable, Sendable {
        var kind: Kind
        var path: ByteString
    }

    package init() {}

    package var watcherCount: Int { paths.count }
    package var pathCount: Int { Set(data.keys).union(child.keys).count }
    package private(set) var count = 0

    /// Sets a watch; one that is set already stays one.
    package mutating func add(_ kind: Kind, _ path: ByteString, by watcher: WatcherID) {
        guard paths[watcher, default: []].insert(Key(kind: kind, path: path)).inserted else { return }
        count += 1
        switch kind {
        case .data: data[path, default: []].append(watcher)
        case .child: child[path, default: []].append(watcher)
        }
    }

    /// Forgets a connection that has closed.
    package mutating func removeAll(of watcher: WatcherID) {
        // The order in which a connection's entries vanish cannot be seen.
        for key in paths.removeValue(forKey: watcher) ?? [] {
            count -= 1
            switch key.kind {
            case .data: Self.remove(watcher, from: &data, key.path)
            case .child: Self.remove(watcher, from: &child, key.path)
            }
        }
    }

    /// Takes the watches that a change fires and appends their notifications in ZooKeeper's order: the node's own
    /// watchers, then, for a deletion, its child watchers that have not been told, then the parent's child watchers.
    package mutating func trigger(_ change: TreeChange, into events: inout [WatchEvent]) {
        guard count > 0 else { return }
        switch change {
        case .created(let path):
            fire(take(.data, path), .nodeCreated, path, &events)
            childrenChanged(above: path, &events)
        case .deleted(let path):
            let told = take(.data, path)
            fire(told, .nodeDeleted, path, &events)
            fire(take(.child, path).filter { !told.contains($0) }, .nodeDeleted, path, &events)
            childrenChanged(above: path, &events)
        case .dataChanged(let path):
            fire(take(.data, path), .nodeDataChanged, path, &events)
        }
    }

    private mutating func childrenChanged(above path: ByteString, _ events: inout [WatchEvent]) {
        guard !child.isEmpty else { return }
        let parent = NodePath.parent(path)
        fire(take(.child, parent), .nodeChildrenChanged, parent, &events)
    }

    private mutating func take(_ kind: Kind, _ path: ByteString) -> [WatcherID] {
        let watchers =
            switch kind {
            case .data: data.removeValue(forKey: path) ?? []
            case .child: child.removeValue(forKey: path) ?? []
            }
        for watcher in watchers {
            paths[watcher]?.remove(Key(kind: kind, path: path))
            if paths[watcher]?.isEmpty == true { paths[watcher] = nil }
        }
        count -= watchers.count
        return watchers
    }

    private func fire(
        _ watchers: [WatcherID], _ type: WatchEventType, _ path: ByteString, _ events: inout [WatchEvent]
    ) {
        for watcher in watchers { events.append(WatchEvent(watcher: watcher, type: type, path: path)) }
    }

    private static func remove(_ watcher: WatcherID, from table: inout [ByteString: [WatcherID]], _ path: ByteString) {
        table[path]?.removeAll { $0 == watcher }
        if table[path]?.isEmpty == true { table[path] = nil }
    }
}

extension WatchTable: CanonicalEncodable {
    /// Paths in their order; watchers in the order in which they will be told.
    package func encode(into encoder: inout CanonicalEncoder) {
        for table in [data, child] {
            encoder.encode(UInt32(table.count))
            for path in table.keys.sorted() {
                encoder.encode(bytes: path.bytes[...])
                encoder.encode(UInt32(table[path]!.count))
                for watcher in table[path]! { encoder.encode(watcher.rawValue) }
            }
        }
    }
}
