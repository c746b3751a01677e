package import CoordinationCore
package import StateMachines

/// What a server knows of its disk: for metrics, four-letter words and administrators.
package struct StorageStatistics: Sendable {
    /// Every sync of the log.
    package internal(set) var syncs = SyncHistogram()
    /// Syncs slower than `fsync.warningthresholdms`.
    package internal(set) var slowSyncCount = 0
    /// Snapshots written by this run.
    package internal(set) var snapshotCount = 0
    package internal(set) var failedSnapshotCount = 0
    /// The newest snapshot, of this run or the one that it started from.
    package internal(set) var lastSnapshot: LastSnapshot?
    package internal(set) var isWritingSnapshot = false
    package internal(set) var transactionsSinceSnapshot = 0
    package internal(set) var bytesSinceSnapshot = 0
    /// Bytes of the log file that is being written; 0 before the first transaction of this run.
    package internal(set) var currentLogByteCount = 0
    package internal(set) var purgedFileCount = 0
    package internal(set) var snapshotLoadTime = Tick.zero
    package internal(set) var logReplayTime = Tick.zero
    package internal(set) var replayedTransactionCount = 0
    /// Transactions after which the tree was not what its writer had seen.
    package internal(set) var digestMismatchCount = 0
    /// Every snapshot written by this run.
    package internal(set) var snapshotTimes = LatencySummary()
    /// Snapshots that were put in the tree's place on demand, those that could not be, and those that came too soon.
    package internal(set) var restoreTimes = LatencySummary()
    package internal(set) var failedRestoreCount = 0
    package internal(set) var limitedRestoreCount = 0
    /// Administrators who asked for a snapshot too soon after another.
    package internal(set) var limitedSnapshotCount = 0
    /// Transactions handed to the log, and how many were on their way already whenever more came.
    package internal(set) var loggedTransactionCount = 0
    package internal(set) var queueSizes = NumberSummary()
    /// Transactions that became durable together.
    package internal(set) var batchSizes = NumberSummary()
    /// How long the first of those had waited until the log began with them, and how long it took then to make them durable.
    package internal(set) var queueTimes = LatencyHistogram()
    package internal(set) var batchTimes = LatencySummary()
    /// Syncs; and from the log's taking transactions over to their being durable.
    package internal(set) var flushTimes = LatencyHistogram()
    package internal(set) var queueAndFlushTimes = LatencyHistogram()

    package struct LastSnapshot: Hashable, Sendable {
        package var zxid: Zxid
        /// Seconds since 1970; 0 for one of an earlier run.
        package var unixTime: Int64 = 0
        package var byteCount = 0
        /// Of its file; `nil` for one of an earlier run.
        package var path: String?
        /// From its first byte to its name; zero for one of an earlier run.
        package var duration = Tick.zero
        /// The longest time that it held the server's loop in one piece.
        package var longestPause = Tick.zero
    }
}

/// How long syncs took.
package struct SyncHistogram: Hashable, Sendable {
    /// Upper bounds of the buckets, in microseconds; the last bucket has none.
    package static let bounds: [UInt64] = [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
    ]
    package private(set) var buckets = [UInt64](repeating: 0, count: bounds.count + 1)
    package private(set) var count: UInt64 = 0
    package private(set) var total = Tick.zero
    package private(set) var shortest = Tick.zero
    package private(set) var longest = Tick.zero

    mutating func add(_ duration: Tick) {
        let bucket = Self.bounds.firstIndex { duration.microseconds <= $0 } ?? Self.bounds.count
        buckets[bucket] += 1
        shortest = count == 0 ? duration : min(shortest, duration)
        longest = max(longest, duration)
        total = .microseconds(total.microseconds + duration.microseconds)
        count += 1
    }
}
