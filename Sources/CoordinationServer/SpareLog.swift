import EventLoop

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Zeros on disk that will be the next log.
///
/// A log that was only made longer has no blocks yet where its end will be: every sync then also waits for the file
/// system's journal, which must give it some. A sync of bytes that overwrite others waits for the disk alone. What is
/// written meanwhile is a whole log without entries under a name that means nothing to ZooKeeper; a server that starts
/// deletes it.
///
/// Confined to its loop, and deliberately not Sendable.
final class SpareLog {
    struct File: Sendable {
        let path: String
        let byteCount: Int
    }

    static let name = "zoolab-log.spare"

    private enum State {
        /// → `preparing` when the log has grown.
        case missing
        /// → `ready`; → `impossible` when the disk refuses; → `discarded`.
        case preparing
        /// → `missing` when taken; → `discarded`.
        case ready(File)
        case impossible
        case discarded
    }

    private let path: String
    private let options: StorageOptions
    private let loop: EventLoop
    /// How much a log grows by at once; no spare is longer.
    private let limit: Int
    /// Written and synced in one go.
    private let pieceByteCount: Int
    private var state = State.missing
    /// About as long as logs become before the next one begins; a longer one goes on as one without a spare.
    private var byteCount: Int

    init(in folder: String, _ options: StorageOptions, on loop: EventLoop) {
        path = folder + "/" + Self.name
        self.options = options
        self.loop = loop
        limit = options.preAllocSize << 10
        pieceByteCount = min(1 << 20, limit)
        byteCount = min(16 << 20, limit)
    }

    /// Begins a spare if `log` has grown and there is none.
    func prepare(besides log: LogFile) {
        // Only a server that has logged something is busy enough to want a spare.
        guard case .missing = state, limit > 0, log.position >= limit / 64, options.forceSync else { return }
        state = .preparing
        let (path, calls) = (path, options.calls)
        loop.perform { () -> Int32? in
            unlink(path)
            let descriptor = systemOpen(path, O_WRONLY | O_CREAT | O_EXCL)
            guard descriptor >= 0 else { return nil }
            if calls.writeAll(LogFile.header, to: descriptor, at: 0, path: path) { return descriptor }
            systemClose(descriptor)
            return nil
        } then: { [self] descriptor in
            if let descriptor { extend(descriptor, from: LogFile.header.count) } else { abandon(nil) }
        }
    }

    private func extend(_ descriptor: Int32, from start: Int) {
        guard case .preparing = state else { return abandon(descriptor) }
        guard start < byteCount else { return finish(descriptor, byteCount: start) }
        let (path, calls) = (path, options.calls)
        let end = min((start / pieceByteCount + 1) * pieceByteCount, byteCount)
        loop.perform {
            Self.writeZeros(start..<end, to: descriptor, path, calls) && calls.synchronize(descriptor, path) == 0
        } then: { [self] isWritten in
            if isWritten { extend(descriptor, from: end) } else { abandon(descriptor) }
        }
    }

    /// A few kilobytes over and over: what a worker has once allocated, glibc keeps for that worker.
    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    private static func writeZeros(_ range: Range<Int>, to descriptor: Int32, _ path: String, _ calls: DiskCalls)
        -> Bool
    {
        var position = range.lowerBound
        while position < range.upperBound {
            let count = min(zeros.count, range.upperBound - position)
            let piece = count == zeros.count ? zeros : Array(zeros[..<count])
            guard calls.writeAll(piece, to: descriptor, at: position, path: path) else { return false }
            position += count
        }
        return true
    }

    private func finish(_ descriptor: Int32, byteCount: Int) {
        systemClose(descriptor)
        state = .ready(File(path: path, byteCount: byteCount))
    }

    /// A log without a spare is slower, nothing else: whoever writes it will hear what is wrong with the disk.
    private func abandon(_ descriptor: Int32?) {
        if let descriptor { systemClose(descriptor) }
        unlink(path)
        if case .preparing = state { state = .impossible }
    }

    /// The spare, if it is ready. The next one will be as long as `log` has become, and a quarter.
    func take(after log: LogFile?) -> File? {
        if let log {
            let pieces = (log.position + log.position / 4) / max(pieceByteCount, 1) + 1
            byteCount = min(pieces * pieceByteCount, limit)
        }
        guard case .ready(let file) = state else { return nil }
        state = .missing
        return file
    }

    /// The server ends.
    func discard() {
        if case .ready = state { unlink(path) }
        state = .discarded
    }
}
