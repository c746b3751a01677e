import Bytes
import StateMachines
import WireProtocol

/// Names one watch between the session and its client.
package typealias WatchNumber = UInt64

/// The watches that the server holds for this client, so that they can be set again on another connection.
///
/// A watch is entered when the reply to its request arrives, because a request that failed set none.
struct WatchTable: Sendable {
    private enum Kind: Int, CaseIterable {
        case data, exist, child, persistent, persistentRecursive

        var isLasting: Bool { self == .persistent || self == .persistentRecursive }
    }

    /// One table for each kind: path → watches in the order they were set.
    private var tables = [[ByteString: [WatchNumber]]](repeating: [:], count: Kind.allCases.count)

    /// The most bytes of paths in one `setWatches` request, as ZooKeeper's own clients send them.
    static let batchByteCount = 128 * 1024

    /// Enters the watch that `request` set, if its answer `code` says that it did.
    mutating func add(_ watch: WatchNumber, _ request: ClientRequest, _ code: Int32) {
        guard let path = request.path, let kind = Self.kind(request, code) else { return }
        tables[kind.rawValue][path, default: []].append(watch)
    }

    private static func kind(_ request: ClientRequest, _ code: Int32) -> Kind? {
        switch (request, code) {
        case (.exists, ErrorCode.noNode.rawValue): .exist
        case (.exists, 0), (.getData, 0): .data
        case (.getChildren, 0), (.getChildrenWithStat, 0): .child
        case (.addWatch(let body), 0):
            body.mode == AddWatchMode.persistentRecursive.rawValue ? .persistentRecursive : .persistent
        default: nil
        }
    }

    /// Returns the watches that `event` fires, and removes those that fire once.
    mutating func trigger(_ event: WatchEvent) -> [WatchNumber] {
        let kinds: [Kind] =
            switch event.kind {
            case .nodeCreated, .nodeDataChanged: [.data, .exist]
            case .nodeDeleted: [.data, .exist, .child]
            case .nodeChildrenChanged: [.child]
            case .dataWatchRemoved, .childWatchRemoved, .persistentWatchRemoved, .interrupted: []
            }
        let path = ByteString(event.path)
        let once = kinds.flatMap { tables[$0.rawValue].removeValue(forKey: path) ?? [] }
        return once + (tables[Kind.persistent.rawValue][path] ?? []) + recursive(event, path)
    }

    /// A recursive watch hears of no children's lists: it hears of the children themselves.
    private func recursive(_ event: WatchEvent, _ path: ByteString) -> [WatchNumber] {
        let table = tables[Kind.persistentRecursive.rawValue]
        guard !table.isEmpty, event.kind != .nodeChildrenChanged else { return [] }
        var found: [WatchNumber] = table[path] ?? []
        var bytes = path.bytes[...]
        while let slash = bytes.lastIndex(of: UInt8(ascii: "/")), bytes.count > 1 {
            bytes = bytes[..<max(slash, 1)]
            found += table[ByteString(bytes: Array(bytes))] ?? []
        }
        return found
    }

    /// Removes the watches that a `removeWatches` of this type means, with the event that each kind is told.
    mutating func remove(_ path: ByteString, _ type: WatcherType) -> [(WatchEvent.Kind, [WatchNumber])] {
        let groups: [(WatchEvent.Kind, [Kind])] =
            switch type {
            case .children: [(.childWatchRemoved, [.child])]
            case .data: [(.dataWatchRemoved, [.data, .exist])]
            case .persistent: [(.persistentWatchRemoved, [.persistent])]
            case .persistentRecursive: [(.persistentWatchRemoved, [.persistentRecursive])]
            case .any:
                [
                    (.childWatchRemoved, [.child]), (.dataWatchRemoved, [.data, .exist]),
                    (.persistentWatchRemoved, [.persistent, .persistentRecursive]),
                ]
            }
        return groups.map { event, kinds in
            (event, kinds.flatMap { tables[$0.rawValue].removeValue(forKey: path) ?? [] })
        }
    }

    /// Forgets one lasting watch; returns what to remove from the server when it was the last of its kind there.
    mutating func drop(_ watch: WatchNumber) -> (ByteString, WatcherType)? {
        for (kind, type) in [(Kind.persistent, WatcherType.persistent), (.persistentRecursive, .persistentRecursive)] {
            guard let path = tables[kind.rawValue].first(where: { $0.value.contains(watch) })?.key else { continue }
            tables[kind.rawValue][path]?.removeAll { $0 == watch }
            guard tables[kind.rawValue][path]?.isEmpty == true else { return nil }
            tables[kind.rawValue][path] = nil
            return (path, type)
        }
        return nil
    }

    /// All lasting watches by path.
    var lasting: [(ByteString, [WatchNumber])] {
        Kind.allCases.filter(\.isLasting).flatMap { kind in
            tables[kind.rawValue].sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }

    /// All watches, oldest first; the table is empty afterwards.
    mutating func removeAll() -> [WatchNumber] {
        defer { tables = tables.map { _ in [:] } }
        return tables.flatMap { $0.values.flatMap { $0 } }.sorted()
    }

    /// The requests that set all watches again; none where there is nothing to set. Old servers know only the first kind
    /// of request, so the second is used only where lasting watches are among them.
    func reregistration(relativeTo zxid: Zxid) -> [ClientRequest] {
        let all = Kind.allCases.flatMap { kind in
            tables[kind.rawValue].keys.sorted().map { (kind: kind, path: $0) }
        }
        var batches: [[(kind: Kind, path: ByteString)]] = []
        var room = 0
        for watch in all {
            if batches.isEmpty || watch.path.count > room {
                batches.append([])
                room = Self.batchByteCount
            }
            batches[batches.count - 1].append(watch)
            room -= watch.path.count
        }
        return batches.map { batch in
            func paths(_ kind: Kind) -> [ByteString] { batch.filter { $0.kind == kind }.map(\.path) }
            let once = SetWatchesRequest(
                relativeZxid: zxid, dataWatches: paths(.data), existWatches: paths(.exist), childWatches: paths(.child))
            guard batch.contains(where: { $0.kind.isLasting }) else { return .setWatches(once) }
            return .setAllWatches(
                SetAllWatchesRequest(
                    oneShot: once, persistentWatches: paths(.persistent),
                    persistentRecursiveWatches: paths(.persistentRecursive)))
        }
    }
}
