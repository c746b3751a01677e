package import Bytes
package import StateMachines
package import WireProtocol
import ZNodes

/// What only the driver knows of the machine around the server; for `conf`, `dirs`, `envi`, `mntr` and administrators.
package struct HostFacts: Hashable, Sendable {
    package struct Property: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Where clients connect; -1 for no such port.
    package var clientPort = -1
    package var secureClientPort = -1
    /// As configured; -1 for the system's own.
    package var listenBacklog = -1
    /// The folders that hold the files, in full.
    package var snapshotFolder = ""
    package var logFolder = ""
    package var snapshotByteCount = 0
    package var logByteCount = 0
    package var openFileDescriptors = 0
    package var maxFileDescriptors = 0
    /// Names as ZooKeeper has them: `host.name`, `os.name`, `user.dir`.
    package var environment: [Property] = []
    /// What the driver measures itself: disks, HTTP.
    package var metrics: [Metric] = []

    package init() {}
}

/// One connection, for `stat`, `cons` and administrators. Times are milliseconds.
package struct ConnectionReport: Hashable, Sendable {
    package var id: ConnectionID
    package var address: String
    package var session: SessionID
    package var isReading: Bool
    package var waitingCount: Int
    package var receivedCount: Int
    package var sentCount: Int
    package var timeoutMilliseconds: Int32
    /// ZooKeeper's four letters for it; `NA` before the first.
    package var lastOperation: String
    package var lastXid: Int32
    package var lastZxid: Zxid
    /// Since 1970; when the connection came.
    package var establishedAt: Int64
    /// By the server's own clock.
    package var lastAnswerAt: UInt64
    package var lastLatency: UInt64
    package var latency: LatencySummary
}

/// A tree's digest after one transaction.
package struct DigestEntry: Hashable, Sendable {
    package var zxid: Zxid
    package var digest: UInt64
}

/// What administrators may ask of a server. Everything is in a fixed order.
extension CoordinationCore {
    package var nodeCount: Int { tree.count + 1 }

    /// In the order in which they came.
    package func connectionReports(at now: Tick) -> [ConnectionReport] {
        connections.filter(\.isOpen).sorted { $0.id < $1.id }.map { connection in
            let statistics = connection.statistics
            return ConnectionReport(
                id: connection.id, address: connection.address, session: connection.session,
                isReading: connection.phase == .established && !connection.isPaused,
                waitingCount: connection.waiting.count, receivedCount: statistics.receivedCount,
                sentCount: statistics.sentCount,
                timeoutMilliseconds: sessions[connection.session]?.timeoutMilliseconds ?? 0,
                lastOperation: statistics.lastOperation?.fourLetters ?? "NA", lastXid: statistics.lastXid,
                lastZxid: statistics.lastZxid, establishedAt: wallClock(at: connection.connectedAt),
                lastAnswerAt: statistics.lastAnswerAt.microseconds / 1_000,
                lastLatency: statistics.lastLatency.microseconds / 1_000, latency: statistics.latency)
        }
    }

    /// Which sessions would end when, in milliseconds since 1970, if nothing more were heard.
    package func sessionExpiries(at now: Tick) -> [(time: Int64, sessions: [SessionID])] {
        sessionExpiries(at: now) { _ in true }
    }

    func sessionExpiries(at now: Tick, of isWanted: (Session) -> Bool) -> [(time: Int64, sessions: [SessionID])] {
        var buckets: [Tick: [SessionID]] = [:]
        for id in sessions.sortedIDs where isWanted(sessions[id]!) {
            buckets[sessions[id]!.expiresAt, default: []].append(id)
        }
        return buckets.keys.sorted().map { (wallClock(at: $0), buckets[$0]!) }
    }

    /// Sessions with ephemerals, in the order of their numbers.
    package var ephemeralPaths: [(session: SessionID, paths: [ByteString])] {
        sessions.sortedIDs.compactMap { id in
            let paths = tree.ephemerals(of: id)
            return paths.isEmpty ? nil : (id, paths)
        }
    }

    /// Of data watches, as on ZooKeeper, which leaves child watches out.
    package var dataWatchSummary: (connections: Int, paths: Int, watches: Int) {
        let listing = watches.listing(.data)
        var watchers: Set<ConnectionID> = []
        for entry in listing { watchers.formUnion(entry.watchers) }
        return (watchers.count, listing.count, listing.reduce(0) { $0 + $1.watchers.count })
    }

    /// The paths of the data watches of every session.
    package var watchedPaths: [(session: SessionID, paths: [ByteString])] {
        var paths: [SessionID: [ByteString]] = [:]
        for entry in watchingSessions {
            for session in entry.sessions { paths[session, default: []].append(entry.path) }
        }
        return paths.keys.sorted().map { ($0, paths[$0]!) }
    }

    /// The sessions with a data watch on every path.
    package var watchingSessions: [(path: ByteString, sessions: [SessionID])] {
        watches.listing(.data).map { entry in
            (entry.path, entry.watchers.compactMap { slots[$0].map { connections[$0].session } }.sorted())
        }
    }

    /// What `hash` tells, oldest first.
    package var digests: [DigestEntry] { Array(digestHistory.elements) }
    package var timeouts: ClosedRange<Int32> { configuration.sessionTimeouts }
    package var settings: CoreConfiguration { configuration }

    /// `crst`: forgets what was counted of the connections that are open.
    package mutating func resetConnectionStatistics() {
        for slot in connections.indices { connections[slot].statistics = ConnectionStatistics() }
    }

    /// `srst`: forgets what was counted, not since when.
    package mutating func resetStatistics() {
        let start = statistics.startedAt
        statistics = ServerStatistics()
        statistics.startedAt = start
    }

    // MARK: Counting

    /// An answer has been written: to a request from the tree, or to one that took a transaction.
    mutating func countAnswer(
        to operation: OperationCode, _ xid: Int32, arrivedAt: Tick, _ zxid: Zxid, _ slot: Int, _ now: Tick
    ) {
        let latency = now - arrivedAt
        if operation.course == .read { statistics.recordRead(latency) } else { statistics.recordUpdate(latency) }
        guard connections[slot].isOpen else { return }
        connections[slot].statistics.answered(operation, xid, zxid, latency, now)
    }

    /// Every 128th transaction's digest is kept, 1,024 of them, as on ZooKeeper.
    mutating func keepDigest(of zxid: Zxid) {
        guard configuration.writesDigests, zxid.rawValue % 128 == 0 else { return }
        digestHistory.append(DigestEntry(zxid: zxid, digest: tree.digest))
        if digestHistory.count > 1_024 { _ = digestHistory.popFirst() }
    }

    /// How many watchers one change tells, by kind of event.
    mutating func countWatchers(of events: [WatchEvent]) {
        func count(_ type: WatchEventType, in summary: inout NumberSummary) {
            let number = events.count { $0.type == type }
            if number > 0 { summary.add(UInt64(number)) }
        }
        count(.nodeCreated, in: &statistics.created)
        count(.nodeDeleted, in: &statistics.deleted)
        count(.nodeDataChanged, in: &statistics.changed)
        count(.nodeChildrenChanged, in: &statistics.children)
    }
}

extension ConnectionStatistics {
    mutating func answered(_ operation: OperationCode, _ xid: Int32, _ zxid: Zxid, _ latency: Tick, _ now: Tick) {
        lastOperation = operation
        // A ping is no request of the program's own.
        if operation != .ping { lastXid = xid }
        lastZxid = zxid
        lastAnswerAt = now
        lastLatency = latency
        self.latency.add(latency)
    }
}

extension OperationCode {
    /// ZooKeeper's word for the last operation of a connection.
    var fourLetters: String {
        switch self {
        case .create, .createWithStat, .createContainer, .createTTL: "CREA"
        case .delete, .deleteContainer: "DELE"
        case .exists: "EXIS"
        case .getData: "GETD"
        case .setData: "SETD"
        case .getACL: "GETA"
        case .setACL: "SETA"
        case .getChildren, .getChildrenWithStat: "GETC"
        case .sync: "SYNC"
        case .ping: "PING"
        case .check: "CHEC"
        case .multi: "MULT"
        case .reconfig: "RECO"
        case .checkWatches: "CHKW"
        case .removeWatches: "REMW"
        case .multiRead: "MLTR"
        case .auth: "AUTH"
        case .setWatches: "SETW"
        case .sasl: "SASL"
        case .getEphemerals: "GETE"
        case .getAllChildrenNumber: "GETACN"
        case .setAllWatches: "STW2"
        case .addWatch: "ADDW"
        case .whoAmI: "HOMI"
        case .closeSession: "CLOS"
        }
    }
}
