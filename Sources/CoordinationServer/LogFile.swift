import Bytes
import Messages
import StateMachines
import TransactionLog

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One log file that a server adds to. Used by one worker at a time.
struct LogFile: Sendable {
    let path: String
    /// Bytes written, the header included.
    private(set) var position = 0
    private let descriptor: Int32
    private let preallocation: Int
    private let calls: DiskCalls
    private var size = 0

    /// Creates the file, and makes its name durable.
    init(in folder: String, first zxid: Zxid, _ options: StorageOptions) throws(ServerFailure) {
        path = folder + "/" + LogFormat.fileName(first: zxid)
        calls = options.calls
        preallocation = options.preAllocSize << 10
        // A file of this name can only be one whose tail was cut to nothing.
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure }
        guard calls.synchronizeFolder(folder) else {
            let problem = failure
            systemClose(descriptor)
            throw problem
        }
        var header = ByteWriter()
        LogFormat.writeHeader(into: &header)
        try write(header.bytes)
    }

    /// Appends, and returns, when the bytes are on disk, how long that took the disk. After a failure the file must not
    /// be used again: what an operating system keeps after a failed sync is unknown.
    mutating func append(_ bytes: [UInt8], sync: Bool) throws(ServerFailure) -> Tick {
        try write(bytes)
        guard sync else { return .zero }
        let clock = ContinuousClock()
        let start = clock.now
        guard calls.synchronize(descriptor, path) == 0 else { throw failure }
        return .microseconds(UInt64((clock.now - start) / .microseconds(1)))
    }

    private mutating func write(_ bytes: [UInt8]) throws(ServerFailure) {
        // ZooKeeper's rule: grow in large steps, in time for the next four kilobytes.
        if preallocation > 0, position + bytes.count + 4_096 >= size {
            size = ((position + bytes.count + 4_096) / preallocation + 1) * preallocation
            guard ftruncate(descriptor, off_t(size)) == 0 else { throw failure }
        }
        guard calls.writeAll(bytes, to: descriptor, at: position, path: path) else { throw failure }
        position += bytes.count
    }

    /// Gives the unused space back.
    func close() {
        if size > position { ftruncate(descriptor, off_t(position)) }
        systemClose(descriptor)
    }

    private var failure: ServerFailure { ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last)) }
}
