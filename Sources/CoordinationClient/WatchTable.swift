import Bytes
import StateMachines
import WireProtocol

/// Names one watch between the session and its client.
package typealias WatchNumber = UInt64

/// The watches that the server holds for this client, so that they can be set again on another connection.
///
/// A watch is entered when the reply to its request arrives, because a request that failed set none.
struct WatchTable: Sendable {
    private enum Kind: Int, CaseIterable { case data, exist, child }

    /// One table for each kind: path → watches in the order they were set.
    private var tables = [[ByteString: [WatchNumber]]](repeating: [:], count: Kind.allCases.count)

    /// The most bytes of paths in one `setWatches` request, as ZooKeeper's own clients send them.
    static let batchByteCount = 128 * 1024

    mutating func add(_ watch: WatchNumber, _ path: ByteString, _ operation: OperationCode, _ code: Int32) {
        let kind: Kind
        switch (operation, code) {
        case (.exists, ErrorCode.noNode.rawValue): kind = .exist
        case (.exists, 0), (.getData, 0): kind = .data
        case (.getChildren, 0), (.getChildrenWithStat, 0): kind = .child
        default: return
        }
        tables[kind.rawValue][path, default: []].append(watch)
    }

    /// Removes and returns the watches that `event` fires.
    mutating func trigger(_ event: WatchEvent) -> [WatchNumber] {
        let kinds: [Kind] =
            switch event.kind {
            case .nodeCreated, .nodeDataChanged: [.data, .exist]
            case .nodeDeleted: [.data, .exist, .child]
            case .nodeChildrenChanged: [.child]
            }
        let path = ByteString(event.path)
        return kinds.flatMap { tables[$0.rawValue].removeValue(forKey: path) ?? [] }
    }

    /// All watches, oldest first; the table is empty afterwards.
    mutating func removeAll() -> [WatchNumber] {
        defer { tables = tables.map { _ in [:] } }
        return tables.flatMap { $0.values.flatMap { $0 } }.sorted()
    }

    /// The requests that set all watches again; none where there is nothing to set.
    func reregistration(relativeTo zxid: Zxid) -> [SetWatchesRequest] {
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
            return SetWatchesRequest(
                relativeZxid: zxid, dataWatches: paths(.data), existWatches: paths(.exist), childWatches: paths(.child))
        }
    }
}
