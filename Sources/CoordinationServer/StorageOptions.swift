package import StateMachines
package import TransactionLog

/// Where and how a server keeps its data. Names and defaults are those of `zoo.cfg`, except where said.
package struct StorageOptions: Sendable {
    /// `dataDir`: the folder that holds `version-2` and its snapshots.
    package var dataFolder = "zoolab-data"
    /// `dataLogDir`: the folder for the logs, where that is another one.
    package var logFolder: String?
    /// `snapCount`: a snapshot follows half as many transactions and a random number up to the other half.
    package var snapCount = 100_000
    /// `snapSizeLimitInKb`: likewise for the bytes logged; 0 for no limit.
    package var snapSizeLimitInKb = 4_194_304
    /// `txnLogSizeLimitInKb`: a log file that has reached it is followed by another one; `nil` for no limit.
    package var txnLogSizeLimitInKb: Int?
    /// `preAllocSize`, in kilobytes: how much a log file grows at once.
    package var preAllocSize = 65_536
    /// `forceSync`: false acknowledges what a power failure may lose.
    package var forceSync = true
    /// `fsync.warningthresholdms`: a slower sync is warned of.
    package var fsyncWarningThreshold: Tick = .milliseconds(1_000)
    /// `snapshot.compression.method`.
    package var snapshotCompression = SnapshotFormat.Compression.none
    /// `snapshot.trust.empty`: logs without any snapshot are believed to be whole.
    package var trustEmptySnapshot = false
    /// `serializeLastProcessedZxid.enabled`.
    package var serializeLastProcessedZxid = true
    /// `digest.enabled`: the digests of files that are read are compared with the tree.
    package var comparesDigests = true
    /// `db.autocreate`: false refuses an empty folder unless there is a file `initialize` in it.
    package var databaseAutocreate = true
    /// `datadir.autocreate`: false refuses folders that do not exist.
    package var folderAutocreate = true
    /// `autopurge.snapRetainCount`: at least 3 snapshots, and the logs since the oldest of them, are kept.
    package var snapshotRetainCount = 3
    package var purge = Purge.afterEachSnapshot
    /// Replaced by tests that need a disk to fail.
    package var calls = DiskCalls()

    /// When old snapshots and logs are deleted.
    package enum Purge: Hashable, Sendable {
        /// Our default, where `zoo.cfg` does not mention `autopurge.purgeInterval`: ZooKeeper's is never.
        case afterEachSnapshot
        /// `autopurge.purgeInterval` above 0, in hours; also at the start.
        case every(hours: Int)
        /// `autopurge.purgeInterval=0`.
        case never
    }

    package init() {}

    var snapshotFolder: String { dataFolder + "/version-2" }
    var transactionFolder: String { (logFolder ?? dataFolder) + "/version-2" }
}
