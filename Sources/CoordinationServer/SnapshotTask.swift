import Bytes
import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a snapshot's bytes come from: a core on this loop.
struct SnapshotSource {
    var begin: () -> CoordinationCore.SnapshotStart
    /// At least so many bytes; empty at the end.
    var next: (_ byteLimit: Int) -> [UInt8]
    var cancel: () -> Void
}

/// One snapshot under way: pieces are taken from the tree on the loop, packed and written on a worker, one at a time.
///
/// The loop is never held for longer than one piece takes, and the tree never runs ahead of the disk.
final class SnapshotTask {
    /// Some hundred nodes: a fraction of a millisecond.
    private static let pieceByteCount = 128 << 10

    private let source: SnapshotSource
    private let folders: DataFolders
    private let options: StorageOptions
    private let loop: EventLoop
    /// Calls back once the log is durable through a transaction.
    private let whenLogged: (Zxid, @escaping () -> Void) -> Void
    private var isCancelled = false
    private var longestPause = Tick.zero

    init(
        _ source: SnapshotSource, _ folders: DataFolders, _ options: StorageOptions, on loop: EventLoop,
        whenLogged: @escaping (Zxid, @escaping () -> Void) -> Void
    ) {
        self.whenLogged = whenLogged
        self.source = source
        self.folders = folders
        self.options = options
        self.loop = loop
    }

    /// Calls `done` on the loop when the snapshot has its name, or will never have one.
    func run(then done: @escaping (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void) {
        let started = loop.now
        let start = source.begin()
        longestPause = loop.now - started
        let (folders, options) = (folders, options)
        loop.perform {
            Result { () throws(ServerFailure) in
                let writer = try SnapshotFileWriter(folders, options, start)
                try writer.write(start.bytes)
                return writer
            }
        } then: { [self] result in
            switch result {
            case .failure(let failure): end(.failure(failure), done)
            case .success(let writer): writeNext(writer, started, done)
            }
        }
    }

    /// The piece that is being written is the last.
    func cancel() { isCancelled = true }

    private func writeNext(
        _ writer: SnapshotFileWriter, _ started: Tick,
        _ done: @escaping (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void
    ) {
        guard !isCancelled else {
            writer.abandon()
            return end(.failure(writer.failure(errno: ECANCELED)), done)
        }
        let asked = loop.now
        let piece = source.next(Self.pieceByteCount)
        longestPause = max(longestPause, loop.now - asked)
        guard !piece.isEmpty else {
            // A follower may have applied what others have on disk, and it not yet. A snapshot of that would hide a gap in the log.
            return whenLogged(writer.description.zxid) { [self] in finish(writer, started, done) }
        }
        loop.perform {
            Result { () throws(ServerFailure) in try writer.write(piece) }
        } then: { [self] result in
            switch result {
            case .failure(let failure): end(.failure(failure), done)
            case .success: writeNext(writer, started, done)
            }
        }
    }

    private func finish(
        _ writer: SnapshotFileWriter, _ started: Tick,
        _ done: @escaping (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void
    ) {
        loop.perform {
            Result { () throws(ServerFailure) in try writer.finish() }
        } then: { [self] result in
            switch result {
            case .failure(let failure): end(.failure(failure), done)
            case .success:
                var written = writer.description
                written.duration = loop.now - started
                written.longestPause = longestPause
                end(.success(written), done)
            }
        }
    }

    private func end(
        _ result: Result<StorageStatistics.LastSnapshot, ServerFailure>,
        _ done: (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void
    ) {
        if !isCancelled { source.cancel() }
        done(result)
    }

    /// Writes a whole snapshot before returning: for a tree that is small, or that nobody waits for yet.
    static func writeAtOnce(
        _ source: SnapshotSource, _ folders: DataFolders, _ options: StorageOptions
    ) throws(ServerFailure) -> StorageStatistics.LastSnapshot {
        let start = source.begin()
        let writer = try SnapshotFileWriter(folders, options, start)
        try writer.write(start.bytes)
        while true {
            let piece = source.next(8 << 20)
            if piece.isEmpty { break }
            try writer.write(piece)
        }
        try writer.finish()
        return writer.description
    }
}

/// How a snapshot's bytes become those of its file.
private enum SnapshotPacker {
    case plain
    case gzip(GzipPacker)
    case snappy(SnappyPacker)

    /// `nil` without memory.
    init?(_ compression: SnapshotFormat.Compression) {
        switch compression {
        case .none: self = .plain
        case .gzip:
            guard let packer = GzipPacker() else { return nil }
            self = .gzip(packer)
        case .snappy: self = .snappy(SnappyPacker())
        }
    }

    mutating func pack(_ bytes: [UInt8], last: Bool) -> [UInt8] {
        switch self {
        case .plain: return bytes
        case .gzip(let packer): return packer.pack(bytes, last: last)
        case .snappy(var packer):
            self = .plain  // Or the bytes that wait would be copied.
            defer { self = .snappy(packer) }
            return packer.pack(bytes, last: last)
        }
    }
}

/// The file of one snapshot. Its name tells nobody of it until it is whole and on disk.
///
/// SAFETY: unchecked because its users take turns: a worker, then the loop, then a worker; the loop's own queue orders them.
final class SnapshotFileWriter: @unchecked Sendable {
    private let folders: DataFolders
    private let options: StorageOptions
    private let start: CoordinationCore.SnapshotStart
    private let partialPath: String
    private let path: String
    private let descriptor: Int32
    private var packer: SnapshotPacker
    private var checksum: UInt32 = 1
    private var position = 0
    private var unsynced = 0
    private var isOpen = true

    /// What is left to sync at the end stays small, so that the log's own syncs need not wait for much.
    private static let syncInterval = 16 << 20

    init(
        _ folders: DataFolders, _ options: StorageOptions, _ start: CoordinationCore.SnapshotStart
    ) throws(ServerFailure) {
        self.folders = folders
        self.options = options
        self.start = start
        partialPath = folders.snapshots + "/" + DataFolders.partialSnapshot
        path = folders.snapshots + "/" + SnapshotFormat.fileName(start.zxid, options.snapshotCompression)
        guard let packer = SnapshotPacker(options.snapshotCompression) else { throw Self.failure(path, ENOMEM) }
        self.packer = packer
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
    }

    deinit { abandon() }

    var description: StorageStatistics.LastSnapshot {
        StorageStatistics.LastSnapshot(
            zxid: start.zxid, unixTime: WallClock.milliseconds / 1_000, byteCount: position, path: path)
    }

    func write(_ bytes: [UInt8]) throws(ServerFailure) {
        checksum = Checksum.adler32(bytes, continuing: checksum)
        try put(packer.pack(bytes, last: false))
    }

    /// Writes the end, makes everything durable and gives the file its name.
    func finish() throws(ServerFailure) {
        let ending = SnapshotFormat.ending(
            after: checksum, zxid: start.zxid, digest: start.digest, writesZxid: options.serializeLastProcessedZxid)
        try put(packer.pack(ending, last: true))
        guard options.calls.synchronize(descriptor, path) == 0 else { throw fail() }
        isOpen = false
        systemClose(descriptor)
        guard rename(partialPath, path) == 0, options.calls.synchronizeFolder(folders.snapshots) else {
            throw Self.failure(path, errno)
        }
    }

    /// Gives up; the partial file goes.
    func abandon() {
        guard isOpen else { return }
        isOpen = false
        systemClose(descriptor)
        unlink(partialPath)
    }

    private func put(_ bytes: [UInt8]) throws(ServerFailure) {
        guard options.calls.writeAll(bytes, to: descriptor, at: position, path: path) else { throw fail() }
        position += bytes.count
        unsynced += bytes.count
        guard unsynced >= Self.syncInterval else { return }
        unsynced = 0
        guard options.calls.synchronize(descriptor, path) == 0 else { throw fail() }
    }

    private func fail() -> ServerFailure {
        let problem = errno
        abandon()
        return Self.failure(path, problem)
    }

    func failure(errno problem: Int32) -> ServerFailure { Self.failure(path, problem) }

    private static func failure(_ path: String, _ problem: Int32) -> ServerFailure {
        ServerFailure(message: StorageMessages.snapshotFailed(path, String(cString: strerror(problem))))
    }
}
