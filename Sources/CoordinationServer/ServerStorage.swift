import CoordinationCore
import EventLoop
import Foundation
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

    private(set) var statistics = StorageStatistics()
    let folders: DataFolders
    let options: StorageOptions
    private let loop: EventLoop

    private var file: LogFile?
    /// Entries that wait for the write under way.
    private var unwritten: [UInt8] = []
    private var unwrittenFirst: Zxid?
    private var unwrittenThrough = Zxid.zero
    private var lastPersisted = Zxid.zero
    private var isWriting = false
    private var mustRoll = false
    private var whenWritten: (() -> Void)?
    private var isClosed = false

    private var transactionThreshold = 0
    private var byteThreshold = 0
    private var snapshot: SnapshotTask?
    private var purgeTimer: LoopTimer?
    private var isPurging = false

    init(_ options: StorageOptions, on loop: EventLoop) throws(ServerFailure) {
        self.options = options
        self.loop = loop
        folders = try DataFolders(options)
        chooseThresholds()
    }

    /// Reads the disk. A folder without any snapshot gets its first one at once, without which ZooKeeper would not
    /// believe the logs.
    func recover() throws -> Recovery {
        let recovery = try Recovery(folders, options) { loop.now }
        statistics.snapshotLoadTime = recovery.snapshotLoadTime
        statistics.logReplayTime = recovery.logReplayTime
        statistics.replayedTransactionCount = recovery.state.transactionCount
        statistics.transactionsSinceSnapshot = recovery.state.transactionCount
        statistics.lastSnapshot = recovery.snapshot.map { StorageStatistics.LastSnapshot(zxid: $0) }
        lastPersisted = recovery.state.tree.lastZxid
        return recovery
    }

    /// Begins what goes on by itself. A folder without a snapshot gets one before this returns.
    func start() throws(ServerFailure) {
        if statistics.lastSnapshot == nil { try SnapshotTask.writeAtOnce(source!, folders, options) { finished($0) } }
        switch options.purge {
        case .never: break
        case .afterEachSnapshot: purge()
        case .every(let hours):
            purge()
            purgeTimer = loop.schedule(every: .seconds(UInt64(hours) * 3_600)) { [unowned self] in purge() }
        }
        takeSnapshotIfDue()
    }

    // MARK: The log

    func append(_ entries: [UInt8], first: Zxid, through: Zxid) {
        guard !isClosed else { return }
        if unwrittenFirst == nil { unwrittenFirst = first }
        unwritten.append(contentsOf: entries)
        unwrittenThrough = through
        if !isWriting { writeBatch() }
    }

    /// Calls `done` when no write is under way any more.
    func finishWriting(then done: @escaping () -> Void) {
        if isWriting { whenWritten = done } else { done() }
    }

    private struct Written: Sendable {
        var file: LogFile
        var syncTime: Tick
    }

    private func writeBatch() {
        guard let first = unwrittenFirst, !isClosed else { return }
        let (batch, through) = (unwritten, unwrittenThrough)
        unwritten = []
        unwrittenFirst = nil
        isWriting = true
        let isNew = mustRoll || file == nil
        let (old, options, folder) = (file, options, folders.logs)
        if isNew { file = nil }  // The worker closes it.
        mustRoll = false
        loop.perform {
            Result { () throws(ServerFailure) in
                if isNew { old?.close() }
                var file = isNew ? try LogFile(in: folder, first: first, options) : old!
                let syncTime = try file.append(batch, sync: options.forceSync)
                return Written(file: file, syncTime: syncTime)
            }
        } then: { [self] result in
            isWriting = false
            switch result {
            case .failure(let failure): onFailure?(failure)
            case .success(let written): wrote(written, byteCount: batch.count, through: through)
            }
        }
    }

    private func wrote(_ written: Written, byteCount: Int, through: Zxid) {
        file = written.file
        note(written)
        statistics.currentLogByteCount = written.file.position
        statistics.bytesSinceSnapshot += byteCount
        statistics.transactionsSinceSnapshot += Int(through.rawValue - lastPersisted.rawValue)
        lastPersisted = through
        if let limit = options.txnLogSizeLimitInKb, written.file.position >= limit << 10 { mustRoll = true }
        onPersisted?(through)
        takeSnapshotIfDue()
        // The commits may have let more requests in.
        if !isWriting { writeBatch() }
        if let whenWritten, !isWriting {
            self.whenWritten = nil
            whenWritten()
        }
    }

    private func note(_ written: Written) {
        guard options.forceSync else { return }
        statistics.syncs.add(written.syncTime)
        guard written.syncTime > options.fsyncWarningThreshold else { return }
        statistics.slowSyncCount += 1
        onNotice?(
            StorageMessages.slowSync(written.file.path, milliseconds: Int(written.syncTime.microseconds / 1_000)))
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

    /// Starts a snapshot, unless one is under way, and a new log file with the next transaction.
    func takeSnapshot() {
        guard !isClosed, let source else { return }
        chooseThresholds()
        mustRoll = file != nil
        guard snapshot == nil else { return }
        let task = SnapshotTask(source, folders, options, on: loop)
        snapshot = task
        statistics.isWritingSnapshot = true
        task.run { [self] result in
            snapshot = nil
            statistics.isWritingSnapshot = false
            switch result {
            case .success(let written):
                finished(written)
                if options.purge == .afterEachSnapshot { purge() }
            case .failure(let failure):
                statistics.failedSnapshotCount += 1
                if !isClosed { onNotice?(failure.message) }
            }
        }
    }

    private func finished(_ written: StorageStatistics.LastSnapshot) {
        statistics.snapshotCount += 1
        statistics.lastSnapshot = written
    }

    // MARK: Old files

    private func purge() {
        guard !isPurging, !isClosed else { return }
        isPurging = true
        let (folders, count) = (folders, options.snapshotRetainCount)
        loop.perform {
            Purge.run(in: folders, keeping: count)
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
        // A write under way ends with the file open; the process closes it.
        if !isWriting { file?.close() }
        folders.unlock()
    }
}
