import Bytes
import StateMachines
import WireProtocol
import ZNodes

/// Watches: setting, asking for and removing them.
extension CoordinationCore {
    mutating func setWatch(
        _ kind: WatchTable.Kind, _ path: ByteString, _ slot: Int, _ effects: inout EffectBuffer<Effect>,
        modes: WatchTable.Modes = .oneShot
    ) {
        watches.add(kind, path, by: connections[slot].id, modes: modes)
        observe(.watchSet(connections[slot].session, kind, path), &effects)
    }

    /// What a client that comes back has missed is told at once; the rest is watched again. Told before the answer.
    mutating func answerSetWatches(
        _ all: SetAllWatchesRequest, _ operation: OperationCode, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let unknown = Zxid(wireValue: -1)
        let body = all.oneShot
        for path in body.dataWatches ?? [] {
            let stat = tree.find(path).map { tree.persistedStat($0) }
            if let stat, stat.mzxid <= body.relativeZxid {
                setWatch(.data, path, slot, &effects)
            } else {
                notify(stat == nil ? .nodeDeleted : .nodeDataChanged, path, unknown, slot, &effects)
            }
        }
        for path in body.existWatches ?? [] {
            if tree.find(path) == nil {
                setWatch(.data, path, slot, &effects)
            } else {
                notify(.nodeCreated, path, unknown, slot, &effects)
            }
        }
        for path in body.childWatches ?? [] {
            let stat = tree.find(path).map { tree.persistedStat($0) }
            if let stat, stat.pzxid <= body.relativeZxid {
                setWatch(.child, path, slot, &effects)
            } else {
                notify(stat == nil ? .nodeDeleted : .nodeChildrenChanged, path, unknown, slot, &effects)
            }
        }
        for path in all.persistentWatches ?? [] { setPersistentWatch(path, slot, &effects) }
        for path in all.persistentRecursiveWatches ?? [] { setWatch(.data, path, slot, &effects, modes: .recursive) }
        reply(operation, xid, .ok, slot, &effects)
    }

    private mutating func setPersistentWatch(
        _ path: ByteString, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        setWatch(.data, path, slot, &effects, modes: .persistent)
        setWatch(.child, path, slot, &effects, modes: .persistent)
    }

    /// The node need not exist, and nobody asks who may read it: events are filtered instead.
    mutating func answerAddWatch(
        _ body: AddWatchRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        switch AddWatchMode(rawValue: body.mode) {
        case .persistent: setPersistentWatch(body.path, slot, &effects)
        case .persistentRecursive: setWatch(.data, body.path, slot, &effects, modes: .recursive)
        case nil: return reply(.addWatch, xid, .marshallingError, slot, &effects)
        }
        reply(.number(0), to: .addWatch, xid, slot, &effects)
    }

    /// `checkWatches` and `removeWatches`.
    mutating func answerWatcher(
        _ body: WatcherRequest, _ operation: OperationCode, _ xid: Int32, _ slot: Int,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let watcher = connections[slot].id
        let meant: [(WatchTable.Kind, WatchTable.Modes)]
        switch WatcherType(rawValue: body.type) {
        case .children: meant = [(.child, .oneShot)]
        case .data: meant = [(.data, .oneShot)]
        case .persistent: meant = [(.child, .persistent), (.data, .persistent)]
        case .persistentRecursive: meant = [(.data, .recursive)]
        case .any: meant = [(.child, .all), (.data, .all)]
        case nil: return reply(operation, xid, .marshallingError, slot, &effects)
        }
        var isFound = false
        for (kind, modes) in meant {
            let has =
                operation == .checkWatches
                ? watches.contains(kind, body.path, by: watcher, modes: modes)
                : watches.remove(kind, body.path, by: watcher, modes: modes)
            isFound = isFound || has
        }
        reply(operation, xid, isFound ? .ok : .noWatcher, slot, &effects)
    }
}
