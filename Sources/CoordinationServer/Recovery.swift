import Bytes
import CoordinationCore
import Messages
import StateMachines
import TransactionLog
import ZNodes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a server finds on its disk when it starts.
struct Recovery {
    var state: RecoveredState
    /// The snapshot that recovery began with; `nil` for a history that begins with its first transaction.
    var snapshot: Zxid?
    /// What a person should know.
    var notices: [LocalizedText] = []
    var snapshotLoadTime = Tick.zero
    var logReplayTime = Tick.zero
    private let comparesDigests: Bool
    /// Nothing after it is read.
    private let limit: Zxid
    /// Torn tails, to be cut when nothing has been found that forbids going on.
    private var tails: [(path: String, start: Int, byteCount: Int)] = []

    /// Reads the newest snapshot that can be read, then the logs, and cuts a torn tail off.
    ///
    /// - Throws: a `LocalizedFailure` where going on could lose what was acknowledged.
    init(_ folders: DataFolders, _ options: StorageOptions, clock: () -> Tick) throws {
        comparesDigests = options.comparesDigests
        limit = Zxid(rawValue: .max)
        state = RecoveredState(comparesDigests: comparesDigests)
        let wasInitialized = folders.tidy()
        let started = clock()
        let damaged = try loadSnapshot(folders)
        let loaded = clock()
        snapshotLoadTime = loaded - started
        let logs = Self.needed(try folders.logFiles(), after: snapshot ?? .zero)
        if snapshot == nil {
            try checkHistory(logs, damaged, folders, options, wasInitialized: wasInitialized)
        }
        for log in logs { try read(log, folders) }
        try cutTails()
        if options.forceSync { try Self.makeDurable(logs, options.calls) }
        logReplayTime = clock() - loaded
        if let zxid = state.firstDigestMismatch { notices.append(ServerMessages.digestMismatch(zxid.description)) }
        if let awaited = state.awaitedDigest {
            notices.append(
                StorageMessages.digestNotReached(awaited.zxid.description, last: state.tree.lastZxid.description))
        }
    }

    /// The state as it was after `zxid`; `nil` where snapshots and logs do not lead there. The disk stays as it is.
    static func state(_ folders: DataFolders, _ options: StorageOptions, at zxid: Zxid) -> RecoveredState? {
        guard let recovery = try? Recovery(folders, options, through: zxid) else { return nil }
        return recovery.state.tree.lastZxid == zxid ? recovery.state : nil
    }

    private init(_ folders: DataFolders, _ options: StorageOptions, through limit: Zxid) throws {
        comparesDigests = options.comparesDigests
        self.limit = limit
        state = RecoveredState(comparesDigests: comparesDigests)
        let damaged = try loadSnapshot(folders)
        let logs = Self.needed(try folders.logFiles(), after: snapshot ?? .zero)
        if snapshot == nil { try checkHistory(logs, damaged, folders, options, wasInitialized: true) }
        for log in logs where log.zxid <= limit { try read(log, folders) }
    }

    /// The newest snapshot that can be read. Returns those that could not, newest first.
    private mutating func loadSnapshot(_ folders: DataFolders) throws -> [any LocalizedFailure] {
        var damaged: [any LocalizedFailure] = []
        for file in try folders.snapshotFiles() where file.zxid <= limit {
            do {
                let read = try SnapshotFile.read(file.path)
                if read.nodesWithoutACL > 0 {
                    notices.append(StorageMessages.nodesWithoutACL(file.path, count: read.nodesWithoutACL))
                }
                state = RecoveredState(read, comparesDigests: comparesDigests)
                snapshot = file.zxid
                break
            } catch let failure as any LocalizedFailure {
                damaged.append(failure)
            }
        }
        if let snapshot {
            notices += damaged.map { StorageMessages.olderSnapshot($0.message, SnapshotFormat.fileName(snapshot)) }
        }
        return damaged
    }

    /// The logs that can hold transactions after `zxid`.
    private static func needed(_ logs: [DataFolders.File], after zxid: Zxid) -> [DataFolders.File] {
        let first = logs.lastIndex { $0.zxid <= zxid } ?? 0
        return Array(logs.dropFirst(first))
    }

    /// Without a snapshot, the logs must go back to the first transaction of all.
    private func checkHistory(
        _ logs: [DataFolders.File], _ damaged: [any LocalizedFailure], _ folders: DataFolders,
        _ options: StorageOptions,
        wasInitialized: Bool
    ) throws {
        let isWhole = logs.first.map { $0.zxid == Zxid(rawValue: 1) } ?? damaged.isEmpty
        if isWhole || options.trustEmptySnapshot {
            guard logs.isEmpty, !options.databaseAutocreate, !wasInitialized else { return }
            throw ServerFailure(message: StorageMessages.emptyFolder(folders.snapshots))
        }
        if let newest = damaged.first {
            throw ServerFailure(message: StorageMessages.noReadableSnapshot(newest.message, count: damaged.count))
        }
        throw ServerFailure(message: StorageMessages.noSnapshot(folders.snapshots, firstLog: logs.first?.path ?? ""))
    }

    private mutating func read(_ log: DataFolders.File, _ folders: DataFolders) throws {
        let snapshot = snapshot ?? .zero
        var reader = LogReader(file: log.path, after: log.zxid <= snapshot ? .zero : state.tree.lastZxid)
        let file = try InputFile(log.path)
        try file.forEachPiece { (piece) throws in
            guard !reader.isAtEnd else { return }
            reader.append(piece.bytes)
            while let transaction = try reader.next(after: snapshot), transaction.header.zxid <= limit {
                try checkOrder(transaction.header.zxid, folders)
                state.apply(transaction)
            }
        }
        let torn = try reader.finish()
        if torn > 0 { tails.append((log.path, reader.validByteCount, torn)) }
    }

    private mutating func cutTails() throws(ServerFailure) {
        for tail in tails {
            guard truncate(tail.path, off_t(tail.start)) == 0 else {
                throw ServerFailure(message: ServerMessages.writeFailed(tail.path, SystemError.last))
            }
            notices.append(ServerMessages.tornTail(tail.path, bytes: tail.byteCount))
        }
    }

    /// A killed server may have left transactions that only the operating system remembers. Clients will see them from
    /// now on, and later ones build on them, so they must not go with the next power failure.
    private static func makeDurable(_ logs: [DataFolders.File], _ calls: DiskCalls) throws(ServerFailure) {
        for log in logs {
            let descriptor = open(log.path, O_WRONLY | O_CLOEXEC)
            let isDone = descriptor >= 0 && calls.synchronize(descriptor, log.path) == 0
            let problem = SystemError.last
            systemClose(descriptor)
            guard isDone else { throw ServerFailure(message: ServerMessages.writeFailed(log.path, problem)) }
        }
    }

    /// Nothing may be missing between one transaction and the next.
    private func checkOrder(_ zxid: Zxid, _ folders: DataFolders) throws(ServerFailure) {
        let last = state.tree.lastZxid
        // Apache's standalone server counts on into the next epoch's zero.
        let isNext = zxid.rawValue == last.rawValue &+ 1
        let isNewEpoch = zxid.epoch > last.epoch && zxid.counter == 1
        // A history that was trusted to begin somewhere begins there.
        let isTrusted = snapshot == nil && state.transactionCount == 0
        guard isNext || isNewEpoch || isTrusted else {
            throw ServerFailure(
                message: ServerMessages.missingHistory(
                    folders.logs, before: zxid.description, after: state.tree.lastZxid.description))
        }
    }
}
