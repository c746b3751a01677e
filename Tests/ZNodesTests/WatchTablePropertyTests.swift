import Bytes
import StateMachines
import Testing
import WireProtocol
import ZNodes

/// Every watch as one plain entry of a list.
private struct NaiveWatches {
    struct Entry: Hashable {
        var kind: WatchTable.Kind
        var path: ByteString
        var watcher: WatcherID
        var mode: WatchTable.Modes
    }
    var entries: Set<Entry> = []

    static let modes: [WatchTable.Modes] = [.oneShot, .persistent, .recursive]

    mutating func take(_ kind: WatchTable.Kind, _ path: ByteString) -> Set<WatcherID> {
        let hit = entries.filter { entry in
            guard entry.kind == kind else { return false }
            if entry.path == path { return true }
            let prefix = entry.path == "/" ? "/" : "\(entry.path)/"
            return kind == .data && entry.mode == .recursive && path.description.hasPrefix(prefix)
        }
        entries = entries.filter { $0.mode != .oneShot || !hit.contains($0) }
        return Set(hit.map(\.watcher))
    }

    /// The events of a change, in any order.
    mutating func trigger(_ change: TreeChange) -> Set<WatchEvent> {
        func events(_ watchers: Set<WatcherID>, _ type: WatchEventType, _ path: ByteString) -> Set<WatchEvent> {
            Set(watchers.map { WatchEvent(watcher: $0, type: type, path: path) })
        }
        switch change {
        case .created(let path, _, _):
            let above = NodePath.parent(path)
            return events(take(.data, path), .nodeCreated, path)
                .union(events(take(.child, above), .nodeChildrenChanged, above))
        case .deleted(let path, _, _):
            let above = NodePath.parent(path)
            return events(take(.data, path), .nodeDeleted, path).union(events(take(.child, path), .nodeDeleted, path))
                .union(events(take(.child, above), .nodeChildrenChanged, above))
        case .dataChanged(let path, _): return events(take(.data, path), .nodeDataChanged, path)
        }
    }
}

struct WatchTablePropertyTests {
    private static let paths: [ByteString] = ["/", "/a", "/a/b", "/a/b/c", "/ab", "/d"]

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `the table agrees with a list of every watch`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var (table, naive) = (WatchTable(), NaiveWatches())
        func pick(_ count: Int) -> Int { Int(random.uniform(in: 0...UInt64(count - 1))) }
        for step in 1...300 {
            let (path, watcher) = (Self.paths[pick(6)], WatcherID(rawValue: UInt64(pick(4))))
            let kind = WatchTable.Kind.allCases[pick(2)]
            // Recursive watches are data watches only.
            let mode = NaiveWatches.modes[pick(kind == .data ? 3 : 2)]
            let entry = NaiveWatches.Entry(kind: kind, path: path, watcher: watcher, mode: mode)
            switch pick(8) {
            case 0...3:
                table.add(kind, path, by: watcher, modes: mode)
                naive.entries.insert(entry)
            case 4:
                let isRemoved = table.remove(kind, path, by: watcher, modes: mode)
                let wasThere = naive.entries.remove(entry) != nil
                #expect(isRemoved == wasThere, "seed=\(seed) step=\(step)")
            case 5 where pick(4) == 0:
                table.removeAll(of: watcher)
                naive.entries = naive.entries.filter { $0.watcher != watcher }
            default:
                let change: TreeChange =
                    switch pick(3) {
                    case 0: .created(path == "/" ? "/a" : path, readers: nil, parentReaders: nil)
                    case 1: .deleted(path == "/" ? "/a" : path, readers: nil, parentReaders: nil)
                    default: .dataChanged(path, readers: nil)
                    }
                var events: [WatchEvent] = []
                table.trigger(change, into: &events)
                #expect(Set(events) == naive.trigger(change), "seed=\(seed) step=\(step) \(change)")
                #expect(Set(events).count == events.count, "seed=\(seed) step=\(step): nobody is told twice")
            }
            let keys = Set(naive.entries.map { "\($0.kind) \($0.path) \($0.watcher.rawValue)" })
            #expect(table.count == keys.count, "seed=\(seed) step=\(step)")
        }
    }
}
