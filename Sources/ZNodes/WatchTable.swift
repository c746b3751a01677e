package import Bytes
package import StateMachines
package import WireProtocol

/// One who watches: a connection of the server. Watches die with it, not with its session.
package struct WatcherID: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package static func < (left: WatcherID, right: WatcherID) -> Bool { left.rawValue < right.rawValue }
    /// Servers count their connections; nobody can choose numbers that collide.
    package func _rawHashValue(seed: Int) -> Int { rawValue.mixed(with: seed) }
}

/// One notification to send, if its watcher may read the node.
package struct WatchEvent: Hashable, Sendable {
    package var watcher: WatcherID
    package var type: WatchEventType
    package var path: ByteString
    /// The access list of the node it tells of; `nil` where everybody may read.
    package var readers: [ACL]?

    package init(watcher: WatcherID, type: WatchEventType, path: ByteString, readers: [ACL]? = nil) {
        self.watcher = watcher
        self.type = type
        self.path = path
        self.readers = readers
    }
}

/// The watches of one server: data watches (getData, exists) and child watches (getChildren), in three modes.
///
/// A watcher has at most one entry for a path in either table, with every mode it was set in. A persistent watch stands in
/// both tables, a recursive one among the data watches only, where it hears of all nodes below too.
package struct WatchTable: Hashable, Sendable {
    package enum Kind: Hashable, Sendable, CaseIterable { case data, child }

    package struct Modes: OptionSet, Hashable, Sendable {
        package var rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Fires once.
        package static let oneShot = Modes(rawValue: 1)
        /// Fires until it is removed.
        package static let persistent = Modes(rawValue: 2)
        /// The same, for the node and all below it.
        package static let recursive = Modes(rawValue: 4)
        package static let all: Modes = [.oneShot, .persistent, .recursive]
    }

    struct Entry: Hashable, Sendable {
        var watcher: WatcherID
        var modes: Modes
    }

    private struct Key: Hashable, Sendable {
        var kind: Kind
        var path: ByteString
    }

    /// For each path its watchers, in the order in which they came.
    private var data: [ByteString: [Entry]] = [:]
    private var child: [ByteString: [Entry]] = [:]
    private var paths: [WatcherID: Set<Key>] = [:]
    /// Entries with the recursive mode: without any, no ancestors are looked at.
    private var recursiveCount = 0

    package init() {}

    package var watcherCount: Int { paths.count }
    package var pathCount: Int { Set(data.keys).union(child.keys).count }
    package private(set) var count = 0

    /// Sets a watch; one that is set already stays one.
    package mutating func add(
        _ kind: Kind, _ path: ByteString, by watcher: WatcherID, modes: Modes = .oneShot
    ) {
        let isNew = paths[watcher, default: []].insert(Key(kind: kind, path: path)).inserted
        if isNew {
            count += 1
            if modes.contains(.recursive) { recursiveCount += 1 }
            edit(kind, path) { $0.append(Entry(watcher: watcher, modes: modes)) }
        } else {
            var before = Modes()
            edit(kind, path) { entries in
                guard let place = entries.firstIndex(where: { $0.watcher == watcher }) else { return }
                before = entries[place].modes
                entries[place].modes.formUnion(modes)
            }
            if modes.contains(.recursive), !before.contains(.recursive) { recursiveCount += 1 }
        }
    }

    /// Whether the watcher watches the path in any of these modes.
    package func contains(_ kind: Kind, _ path: ByteString, by watcher: WatcherID, modes: Modes) -> Bool {
        guard paths[watcher]?.contains(Key(kind: kind, path: path)) == true else { return false }
        return entries(kind, path).contains { $0.watcher == watcher && !$0.modes.isDisjoint(with: modes) }
    }

    /// Takes these modes away. False if there was none of them.
    package mutating func remove(
        _ kind: Kind, _ path: ByteString, by watcher: WatcherID, modes: Modes
    ) -> Bool {
        guard contains(kind, path, by: watcher, modes: modes) else { return false }
        var isGone = false
        var removed = Modes()
        edit(kind, path) { entries in
            guard let place = entries.firstIndex(where: { $0.watcher == watcher }) else { return }
            removed = entries[place].modes.intersection(modes)
            entries[place].modes.subtract(modes)
            isGone = entries[place].modes.isEmpty
            if isGone { entries.remove(at: place) }
        }
        if removed.contains(.recursive) { recursiveCount -= 1 }
        if isGone { forget(kind, path, watcher) }
        return true
    }

    /// Forgets a connection that has closed.
    package mutating func removeAll(of watcher: WatcherID) {
        // The order in which a connection's entries vanish cannot be seen.
        for key in paths.removeValue(forKey: watcher) ?? [] {
            count -= 1
            var modes = Modes()
            edit(key.kind, key.path) { entries in
                guard let place = entries.firstIndex(where: { $0.watcher == watcher }) else { return }
                modes = entries.remove(at: place).modes
            }
            if modes.contains(.recursive) { recursiveCount -= 1 }
        }
    }

    /// Takes the one-shot watches that a change fires and appends all notifications in ZooKeeper's order: the node's own
    /// watchers and the recursive ones above it, then, for a deletion, its child watchers that have not been told, then
    /// the parent's child watchers. Nobody is told twice by one table.
    package mutating func trigger(_ change: TreeChange, into events: inout [WatchEvent]) {
        guard count > 0 else { return }
        switch change {
        case .created(let path, let readers, let parentReaders):
            tell(take(.data, path), .nodeCreated, path, readers, &events)
            childrenChanged(above: path, parentReaders, &events)
        case .deleted(let path, let readers, let parentReaders):
            let told = take(.data, path)
            tell(told, .nodeDeleted, path, readers, &events)
            tell(take(.child, path).filter { !told.contains($0) }, .nodeDeleted, path, readers, &events)
            childrenChanged(above: path, parentReaders, &events)
        case .dataChanged(let path, let readers):
            tell(take(.data, path), .nodeDataChanged, path, readers, &events)
        }
    }

    private mutating func childrenChanged(
        above path: ByteString, _ readers: [ACL]?, _ events: inout [WatchEvent]
    ) {
        guard !child.isEmpty else { return }
        let parent = NodePath.parent(path)
        tell(take(.child, parent), .nodeChildrenChanged, parent, readers, &events)
    }

    /// Those to be told of a change at `path`; their one-shot watches are gone.
    private mutating func take(_ kind: Kind, _ path: ByteString) -> [WatcherID] {
        var watchers: [WatcherID] = []
        let found = entries(kind, path)
        if !found.isEmpty {
            watchers = found.map(\.watcher)
            let staying = found.compactMap { entry -> Entry? in
                let modes = entry.modes.subtracting(.oneShot)
                return modes.isEmpty ? nil : Entry(watcher: entry.watcher, modes: modes)
            }
            edit(kind, path) { $0 = staying }
            for entry in found where entry.modes == .oneShot { forget(kind, path, entry.watcher) }
        }
        guard kind == .data, recursiveCount > 0, path.count > 1 else { return watchers }
        var above = path
        repeat {
            above = NodePath.parent(above)
            for entry in entries(kind, above)
            where entry.modes.contains(.recursive) && !watchers.contains(entry.watcher) {
                watchers.append(entry.watcher)
            }
        } while above.count > 1
        return watchers
    }

    private func tell(
        _ watchers: [WatcherID], _ type: WatchEventType, _ path: ByteString, _ readers: [ACL]?,
        _ events: inout [WatchEvent]
    ) {
        for watcher in watchers {
            events.append(WatchEvent(watcher: watcher, type: type, path: path, readers: readers))
        }
    }

    private mutating func forget(_ kind: Kind, _ path: ByteString, _ watcher: WatcherID) {
        count -= 1
        paths[watcher]?.remove(Key(kind: kind, path: path))
        if paths[watcher]?.isEmpty == true { paths[watcher] = nil }
    }

    private func entries(_ kind: Kind, _ path: ByteString) -> [Entry] {
        switch kind {
        case .data: data[path] ?? []
        case .child: child[path] ?? []
        }
    }

    /// Changes the entries of one path in place; a path without any vanishes.
    private mutating func edit(_ kind: Kind, _ path: ByteString, _ change: (inout [Entry]) -> Void) {
        switch kind {
        case .data:
            change(&data[path, default: []])
            if data[path]?.isEmpty == true { data[path] = nil }
        case .child:
            change(&child[path, default: []])
            if child[path]?.isEmpty == true { child[path] = nil }
        }
    }
}

extension WatchTable {
    /// What an operator sees: every path with its watchers, in the order of the paths.
    package func watchersByPath(_ kind: Kind) -> [(path: ByteString, watchers: [WatcherID])] {
        let table =
            switch kind {
            case .data: data
            case .child: child
            }
        return table.keys.sorted().map { path in (path, table[path]!.map(\.watcher).sorted()) }
    }
}

extension WatchTable {
    /// Every watched path of one kind, in order, with its watchers in theirs.
    package func listing(_ kind: Kind) -> [(path: ByteString, watchers: [WatcherID])] {
        let table = kind == .data ? data : child
        return table.keys.sorted().map { path in (path, table[path]!.map(\.watcher)) }
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
                for entry in table[path]! {
                    encoder.encode(entry.watcher.rawValue)
                    encoder.encode(tag: entry.modes.rawValue)
                }
            }
        }
    }
}
