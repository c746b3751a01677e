import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import ZNodes

/// A server's disk: the log with one sync for each batch, snapshots, purging.
///
/// Confined to its loop, and deliberately not Sendable.
final class ServerStorage {
    /// Everything up to this transaction is on disk.
    var onPersisted: ((Zxid) -> Void)?
    /// The disk has failed; nothing after the last `onPersisted` may be acknowledged.
    var onFailure: ((ServerFailure) -> Void)?
    var onNotice: ((LocalizedText) -> Void)?
    /// Where snapshots come from.
    var source: SnapshotSource?

    var statistics = StorageStatistics()
    let folders: DataFolders
    let options: StorageOptions
    let loop: EventLoop

    private let log: LogWriter
    private var lastPersisted = Zxid.zero
    /// Transactions that are not durable yet.
    private var pendingCount = 0
    /// When the log took over what is not durable yet.
    private var arrivals = Queue<Arrival>()
    private var isClosed = false

    private var transactionThreshold = 0
    private var byteThreshold = 0
    private var snapshot: SnapshotTask?
    /// Who waits for the log to be durable through a transaction.
    private var logWaiters: [(zxid: Zxid, action: () -> Void)] = []
    /// Who waits for a snapshot that has not begun yet.
    private var snapshotWaiters: [(Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void] = []
    /// Between `retreat` and `advance`.
    private var isRetreating = false
    /// Called when the snapshot under way has ended.
    private var whenSettled: (() -> Void)?
    private var purgeTimer: LoopTimer?
    private var isPurging = false

    private struct Arrival: Hashable, Sendable {
        var through: Zxid
        var count: Int
        var time: Tick
    }

    init(_ options: StorageOptions, on loop: EventLoop) throws(ServerFailure) {
        self.options = options
        self.loop = loop
        folders = try DataFolders(options)
        do throws(SystemFailure) {
            log = try LogWriter(in: folders.logs, options, on: loop)
        } catch {
            folders.unlock()
            throw ServerFailure(message: error.message)
        }
        chooseThresholds()
        log.onPersisted = { [weak self] in self?.wrote(through: $0, byteCount: $1) }
        log.onFailure = { [weak self] in self?.onFailure?($0) }
        log.onSync = { [weak self] in self?.note(syncTime: $0) }
        log.onBatch = { [weak self] in
            self?.statistics.queueTimes.add($0)
            self?.statistics.batchTimes.add($1)
        }
    }

    /// Reads the disk. A folder without any snapshot gets its first one at once, without which ZooKeeper would not
    /// believe the logs.
    func recover() throws -> Recovery {
        let recovery = try Recovery(folders, options) { loop.now }
        statistics.snapshotLoadTime = recovery.snapshotLoadTime
        statistics.logReplayTime = recovery.logReplayTime
        statistics.replayedTransactionCount = recovery.state.transactionCount
        statistics.digestMismatchCount = recovery.state.digestMismatchCount
        statistics.transactionsSinceSnapshot = recovery.state.transactionCount
        statistics.lastSnapshot = recovery.snapshot.map { StorageStatistics.LastSnapshot(zxid: $0) }
        lastPersisted = recovery.state.tree.lastZxid
        return recovery
    }

    /// Begins what goes on by itself. A folder without a snapshot gets one before this returns.
    func start() throws(ServerFailure) {
        if statistics.lastSnapshot == nil { try writeSnapshotAtOnce() }
        switch options.purge {
        case .never: break
        case .afterEachSnapshot: purge()
        case .every(let hours):
            purge()
            purgeTimer = loop.schedule(every: .seconds(UInt64(hours) * 3_600)) { [weak self] in self?.purge() }
        }
        takeSnapshotIfDue()
    }

    // MARK: The log

    func append(_ entries: [UInt8], first: Zxid, through: Zxid) {
        guard !isClosed else { return }
        let count = LogFormat.entryCount(in: entries)
        statistics.loggedTransactionCount += count
        statistics.queueSizes.add(UInt64(pendingCount))
        pendingCount += count
        arrivals.append(Arrival(through: through, count: count, time: loop.now))
        log.append(entries, first: first, through: through)
    }

    /// Calls `done` when nothing is on its way to the log any more.
    func finishWriting(then done: @escaping () -> Void) { log.finish(then: done) }

    private func wrote(through: Zxid, byteCount: Int) {
        statistics.currentLogByteCount = log.file?.position ?? 0
        statistics.bytesSinceSnapshot += byteCount
        lastPersisted = through
        var count = 0
        while let arrival = arrivals.first, arrival.through <= through {
            statistics.queueAndFlushTimes.add(loop.now - arrival.time)
            count += arrival.count
            _ = arrivals.popFirst()
        }
        pendingCount -= count
        statistics.transactionsSinceSnapshot += count
        statistics.batchSizes.add(UInt64(count))
        if let limit = options.txnLogSizeLimitInKb, statistics.currentLogByteCount >= limit << 10 { log.roll() }
        callLogWaiters()
        onPersisted?(through)
        takeSnapshotIfDue()
    }

    private func whenLogged(through zxid: Zxid, then action: @escaping () -> Void) {
        if zxid <= lastPersisted { action() } else { logWaiters.append((zxid, action)) }
    }

    private func callLogWaiters() {
        let ready = logWaiters.filter { $0.zxid <= lastPersisted }
        logWaiters.removeAll { $0.zxid <= lastPersisted }
        for waiter in ready { waiter.action() }
    }

    private func note(syncTime: Tick) {
        statistics.syncs.add(syncTime)
        statistics.flushTimes.add(syncTime)
        guard syncTime > options.fsyncWarningThreshold, let path = log.file?.path else { return }
        statistics.slowSyncCount += 1
        onNotice?(StorageMessages.slowSync(path, milliseconds: Int(syncTime.microseconds / 1_000)))
    }

    // MARK: Snapshots

    /// ZooKeeper's rule: half the limit, and a random part of the other half, so that servers of an ensemble differ.
    private func chooseThresholds() {
        let half = max(options.snapCount, 2) / 2
        transactionThreshold = half + Int.random(in: 0..<half)
        let byteHalf = options.snapSizeLimitInKb << 9
        byteThreshold = byteHalf > 0 ? byteHalf + Int.random(in: 0..<byteHalf) : .max
        statistics.transactionsSinceSnapshot = 0
        statistics.bytesSinceSnapshot = 0
    }

    private func takeSnapshotIfDue() {
        guard
            statistics.transactionsSinceSnapshot > transactionThreshold || statistics.bytesSinceSnapshot > byteThreshold
        else { return }
        takeSnapshot()
    }

    /// Takes a snapshot of everything applied by now, once one under way has ended; tells `done` when it has its name, or
    /// never will.
    func takeSnapshot(then done: @escaping (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void) {
        snapshotWaiters.append(done)
        if snapshot == nil { takeSnapshot() }
    }

    /// Starts a snapshot, unless one is under way, and a new log file with the next transaction.
    func takeSnapshot() {
        guard !isClosed, !isRetreating, let source else { return }
        chooseThresholds()
        log.roll()
        guard snapshot == nil else { return }
        let task = SnapshotTask(source, folders, options, on: loop) { [unowned self] in
            whenLogged(through: $0, then: $1)
        }
        snapshot = task
        let waiters = snapshotWaiters
        snapshotWaiters = []
        statistics.isWritingSnapshot = true
        task.run { [self] result in
            snapshot = nil
            statistics.isWritingSnapshot = false
            switch result {
            case .success(let written):
                finished(written)
                if options.purge == .afterEachSnapshot { purge() }
            case .failure where isRetreating: break
            case .failure(let failure):
                statistics.failedSnapshotCount += 1
                if !isClosed { onNotice?(failure.message) }
            }
            for waiter in waiters { waiter(result) }
            let settled = whenSettled
            whenSettled = nil
            settled?()
            if !snapshotWaiters.isEmpty { takeSnapshot() }
        }
    }

    /// Holds the loop until the snapshot has its name.
    private func writeSnapshotAtOnce() throws(ServerFailure) {
        let begun = loop.now
        var written = try SnapshotTask.writeAtOnce(source!, folders, options)
        written.duration = loop.now - begun
        finished(written)
    }

    /// Calls `done` when nothing is on its way to the disk any more, snapshots included.
    func settle(then done: @escaping () -> Void) {
        if snapshot == nil { finishWriting(then: done) } else { whenSettled = { [self] in settle(then: done) } }
    }

    /// The tree has been put in another one's place, and stands at `zxid`: says so on the disk, before this returns.
    func startAnew(at zxid: Zxid) throws(ServerFailure) {
        try writeSnapshotAtOnce()
        log.roll()
        chooseThresholds()
        lastPersisted = zxid
        if options.purge == .afterEachSnapshot { purge() }
    }

    /// Brings the disk to rest, so that files may be cut or deleted: what is on its way gets there, a snapshot under way is given
    /// up, and none begins before `advance`.
    func retreat(then done: @escaping () -> Void) {
        isRetreating = true
        snapshot?.cancel()
        settle { [self] in
            guard !isClosed else { return }
            source?.cancel()
            log.rest()
            done()
        }
    }

    /// The disk goes on; from `zxid`, where it ends there now.
    func advance(to zxid: Zxid? = nil) {
        isRetreating = false
        lastPersisted = zxid ?? lastPersisted
        chooseThresholds()
        if !snapshotWaiters.isEmpty { takeSnapshot() }
    }

    private func finished(_ written: StorageStatistics.LastSnapshot) {
        statistics.snapshotCount += 1
        statistics.snapshotTimes.add(written.duration)
        statistics.lastSnapshot = written
    }

    // MARK: Old files

    private func purge() {
        guard !isPurging, !isClosed, let proven = statistics.lastSnapshot?.zxid else { return }
        isPurging = true
        let (folders, count) = (folders, options.snapshotRetainCount)
        loop.perform {
            Purge.run(in: folders, keeping: count, proven: proven)
        } then: { [self] result in
            isPurging = false
            statistics.purgedFileCount += result.deleted.count
            for problem in result.problems { onNotice?(problem) }
        }
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        purgeTimer?.cancel()
        snapshot?.cancel()
        log.close()
        folders.unlock()
    }
}
