package import StateMachines
package import TransactionLog
package import WireProtocol
package import Zab
package import ZNodes

/// What the disk says: the tree and the sessions of a snapshot, or fresh ones, and then of transactions, one by one.
package struct RecoveredState: Hashable, Sendable {
    package private(set) var tree: DataTree
    private var timeouts: [SessionID: Int32] = [:]
    /// Transactions applied since the snapshot, or since the beginning.
    package private(set) var transactionCount = 0
    /// The first transaction after which the tree was not what its writer had seen.
    package private(set) var firstDigestMismatch: Zxid?
    /// How many there were.
    package private(set) var digestMismatchCount = 0
    /// The ensembles that the snapshot and the transactions tell of, oldest first. The last one need not be committed.
    package private(set) var ensembles: [Ensemble] = []
    private let comparesDigests: Bool
    /// What the snapshot's writer saw after its last node; until then, a snapshot taken while transactions were applied
    /// is like no tree that ever was, and its digest says nothing.
    package private(set) var awaitedDigest: Snapshot.Digest?

    package struct RecoveredSession: Hashable, Sendable {
        package var id: SessionID
        package var timeoutMilliseconds: Int32
    }

    /// A fresh server's.
    /// - Parameter comparesDigests: false believes the files without a look at their digests.
    package init(comparesDigests: Bool = true) {
        tree = DataTree()
        self.comparesDigests = comparesDigests
    }

    package init(_ snapshot: Snapshot, comparesDigests: Bool = true) {
        tree = snapshot.tree
        self.comparesDigests = comparesDigests
        tree.recountQuotas()
        if let ensemble = Ensemble(recordedIn: tree) { ensembles.append(ensemble) }
        for session in snapshot.sessions { timeouts[session.id] = session.timeoutMilliseconds }
        // A digest of before the snapshot belongs to an epoch that ended; nothing can be compared with it.
        guard comparesDigests, let digest = snapshot.digest, digest.zxid >= snapshot.zxid, digest.zxid > .zero else {
            return
        }
        awaitedDigest = digest
        compareAwaitedDigest(after: snapshot.zxid)
    }

    /// In the order of their numbers.
    package var sortedSessions: [RecoveredSession] {
        timeouts.keys.sorted().map { RecoveredSession(id: $0, timeoutMilliseconds: timeouts[$0]!) }
    }

    package mutating func apply(_ transaction: LoggedTransaction) {
        var changes: [TreeChange] = []
        _ = tree.apply(transaction.header, transaction.body, changes: &changes)
        transactionCount += 1
        switch transaction.body {
        case .createSession(let timeout): timeouts[transaction.header.session] = timeout
        case .closeSession: timeouts[transaction.header.session] = nil
        case .reconfigure: if let ensemble = transaction.body.nextEnsemble { ensembles.append(ensemble) }
        case .create, .createWithStat, .delete, .deleteContainer, .setData, .setACL, .check, .error,
            .multi:
            break
        }
        guard awaitedDigest == nil else { return compareAwaitedDigest(after: transaction.header.zxid) }
        if let digest = transaction.digest { compare(digest, after: transaction.header.zxid) }
    }

    private mutating func compareAwaitedDigest(after zxid: Zxid) {
        guard let awaited = awaitedDigest, zxid >= awaited.zxid else { return }
        awaitedDigest = nil
        if awaited.version == LoggedTransaction.digestVersion, zxid == awaited.zxid {
            compare(awaited.value, after: zxid)
        }
    }

    private mutating func compare(_ digest: UInt64, after zxid: Zxid) {
        guard comparesDigests, digest != tree.digest else { return }
        digestMismatchCount += 1
        if firstDigestMismatch == nil { firstDigestMismatch = zxid }
    }
}
