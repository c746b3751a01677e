import Bytes
import Messages
import StateMachines
import TransactionLog

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One log file that a server adds to. The value stays on the loop and hands out places; workers fill them.
struct LogFile: Sendable {
    /// How many syncs of one file may be under way at once. With three, a disk that is asked to flush finishes three to
    /// eight times as many batches a second as with one; more brought nothing (`docs/performance.md`).
    static let laneCount = 3

    let path: String
    /// Bytes written or given out, the header included.
    private(set) var position: Int
    /// A file description for each lane: Linux reports a failed write-back only once to each, so that two syncs which
    /// shared one could both be told of it, or the wrong one.
    private let lanes: [Int32]
    private let preallocation: Int
    private let calls: DiskCalls
    private var size: Int

    /// Creates the file with its header, and makes its name durable.
    ///
    /// - Parameter spare: becomes the file, if it still is there.
    init(
        in folder: String, first zxid: Zxid, _ options: StorageOptions, _ spare: SpareLog.File? = nil
    ) throws(ServerFailure) {
        let path = folder + "/" + LogFormat.fileName(first: zxid)
        self.path = path
        calls = options.calls
        preallocation = options.preAllocSize << 10
        position = LogFormat.headerByteCount
        // A file of this name can only be one whose tail was cut to nothing.
        let isSpare = spare.map { rename($0.path, path) == 0 } ?? false
        size = isSpare ? spare!.byteCount : 0
        lanes = try Self.open(path, emptied: !isSpare)
        guard isSpare || calls.writeAll(Self.header, to: lanes[0], at: 0, path: path),
            calls.synchronizeFolder(folder)
        else {
            let problem = Self.failure(path)
            for lane in lanes { systemClose(lane) }
            throw problem
        }
    }

    /// What every log begins with.
    static let header: [UInt8] = {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        return writer.bytes
    }()

    private static func open(_ path: String, emptied: Bool) throws(ServerFailure) -> [Int32] {
        var lanes: [Int32] = []
        for lane in 0..<laneCount {
            let descriptor = systemOpen(path, O_WRONLY | O_CREAT | (emptied && lane == 0 ? O_TRUNC : 0))
            guard descriptor >= 0 else {
                let problem = failure(path)
                for lane in lanes { systemClose(lane) }
                throw problem
            }
            lanes.append(descriptor)
        }
        return lanes
    }

    /// The place of the next batch.
    mutating func reserve(_ byteCount: Int, lane: Int) -> Place {
        var newSize: Int?
        // ZooKeeper's rule: grow in large steps, in time for the next four kilobytes.
        if preallocation > 0, position + byteCount + 4_096 >= size {
            size = ((position + byteCount + 4_096) / preallocation + 1) * preallocation
            newSize = size
        }
        defer { position += byteCount }
        return Place(start: position, newSize: newSize, descriptor: lanes[lane], path: path, calls: calls)
    }

    /// Where one batch goes. After a failure the file must not be used again: what an operating system keeps after a
    /// failed sync is unknown.
    struct Place: Sendable {
        fileprivate let start: Int
        fileprivate let newSize: Int?
        fileprivate let descriptor: Int32
        fileprivate let path: String
        fileprivate let calls: DiskCalls

        /// Hands the batch to the operating system; to be done for one batch after the other.
        func write(_ bytes: [UInt8]) throws(ServerFailure) {
            if let newSize, ftruncate(descriptor, off_t(newSize)) != 0 { throw LogFile.failure(path) }
            guard calls.writeAll(bytes, to: descriptor, at: start, path: path) else { throw LogFile.failure(path) }
        }

        /// Returns when the batch is on disk, and how long that took.
        func synchronize() throws(ServerFailure) -> Tick {
            let clock = ContinuousClock()
            let start = clock.now
            guard calls.synchronize(descriptor, path) == 0 else { throw LogFile.failure(path) }
            return .microseconds(UInt64((clock.now - start) / .microseconds(1)))
        }
    }

    /// Gives the unused space back. No place may be in use.
    func close() {
        if size > position { ftruncate(lanes[0], off_t(position)) }
        for lane in lanes { systemClose(lane) }
    }

    fileprivate static func failure(_ path: String) -> ServerFailure {
        ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last))
    }
}
