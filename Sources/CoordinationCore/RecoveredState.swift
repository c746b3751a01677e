package import StateMachines
package import TransactionLog
package import WireProtocol
package import ZNodes

/// What the log says: the tree and the sessions, as transactions are read from it one by one.
package struct RecoveredState: Hashable, Sendable {
    package private(set) var tree = DataTree()
    private var timeouts: [SessionID: Int32] = [:]
    package private(set) var transactionCount = 0
    /// The first transaction after which the tree was not what its writer had seen.
    package private(set) var firstDigestMismatch: Zxid?

    package struct RecoveredSession: Hashable, Sendable {
        package var id: SessionID
        package var timeoutMilliseconds: Int32
    }

    package init() {}

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
        case .create, .createWithStat, .delete, .setData, .setACL, .check, .error, .multi: break
        }
        if let digest = transaction.digest, digest != tree.digest, firstDigestMismatch == nil {
            firstDigestMismatch = transaction.header.zxid
        }
    }
}
