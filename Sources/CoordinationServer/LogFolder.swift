import CoordinationCore
import Foundation
package import Messages
import StateMachines
import TransactionLog
import ZNodes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The server cannot start, or cannot go on.
package struct ServerFailure: LocalizedFailure {
    package let message: LocalizedText
}

/// The folder `version-2`, locked for one server; recovery reads it, `LogFile` adds to it.
struct LogFolder: Sendable {
    let path: String
    private let lock: Int32

    /// Makes the folder where it is missing and locks it.
    init(dataFolder: String) throws(ServerFailure) {
        path = dataFolder + "/version-2"
        guard Self.makeFolders(path) else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(dataFolder, SystemError.last))
        }
        // A lock of the operating system ends with its process, even after kill -9.
        lock = open(path + "/zoolab.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(path, SystemError.last))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            systemClose(lock)
            throw ServerFailure(message: ServerMessages.folderInUse(path))
        }
    }

    /// The folder and those above it; false, with `errno`, when it is not there in the end.
    private static func makeFolders(_ path: String) -> Bool {
        if mkdir(path, 0o755) == 0 { return true }
        if errno == ENOENT, let above = path.lastIndex(of: "/"), above != path.startIndex {
            return makeFolders(String(path[..<above])) && mkdir(path, 0o755) == 0
        }
        guard errno == EEXIST else { return false }
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        errno = ENOTDIR
        return status.st_mode & S_IFMT == S_IFDIR
    }

    func unlock() { _ = systemClose(lock) }

    /// Reads every log, oldest first, and cuts a torn tail off.
    /// - Parameter notices: gains what a person should know.
    func recover(notices: inout [LocalizedText]) throws -> RecoveredState {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(path, SystemError.last))
        }
        let logs = names.compactMap { name in LogFormat.firstZxid(ofFileNamed: name).map { (zxid: $0, name: name) } }
            .sorted { $0.zxid < $1.zxid }
        var state = RecoveredState()
        for log in logs { try read(path + "/" + log.name, into: &state, &notices) }
        if let zxid = state.firstDigestMismatch { notices.append(ServerMessages.digestMismatch(zxid.description)) }
        return state
    }

    private func read(_ file: String, into state: inout RecoveredState, _ notices: inout [LocalizedText]) throws {
        let descriptor = open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(file, SystemError.last))
        }
        defer { systemClose(descriptor) }
        var reader = LogReader(file: file, after: state.tree.lastZxid)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while !reader.isAtEnd {
            let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw ServerFailure(message: ServerMessages.unreadableFolder(file, SystemError.last))
            }
            if count == 0 { break }
            reader.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
            while let transaction = try reader.next() {
                let expected = state.tree.lastZxid.successor
                let isNewEpoch = transaction.header.zxid.epoch > expected.epoch && transaction.header.zxid.counter == 1
                guard transaction.header.zxid == expected || isNewEpoch else {
                    throw ServerFailure(
                        message: ServerMessages.missingHistory(
                            path, before: transaction.header.zxid.description,
                            after: state.tree.lastZxid.description))
                }
                state.apply(transaction)
            }
        }
        let torn = try reader.finish()
        guard torn > 0 else { return }
        notices.append(ServerMessages.tornTail(file, bytes: torn))
        guard ftruncate(descriptor, off_t(reader.validByteCount)) == 0, fsync(descriptor) == 0 else {
            throw ServerFailure(message: ServerMessages.writeFailed(file, SystemError.last))
        }
    }
}

/// The log file that this run of the server adds to. Used by one worker at a time.
struct LogFile: Sendable {
    let path: String
    private let descriptor: Int32
    private var position = 0
    private var size = 0

    /// Creates the file, and makes its name durable.
    init(in folder: LogFolder, first zxid: Zxid) throws(ServerFailure) {
        path = folder.path + "/" + LogFormat.fileName(first: zxid)
        // A file of this name can only be one whose tail was cut to nothing.
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last)) }
        let directory = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let status = directory >= 0 ? fsync(directory) : -1
        let problem = SystemError.last
        if directory >= 0 { systemClose(directory) }
        guard status == 0 else { throw ServerFailure(message: ServerMessages.writeFailed(path, problem)) }
    }

    /// Appends and returns when the bytes are on disk. After a failure the file must not be used again: what an
    /// operating system keeps after a failed sync is unknown.
    mutating func append(_ bytes: [UInt8]) throws(ServerFailure) {
        // ZooKeeper's rule: grow in large steps, in time for the next four kilobytes.
        if position + bytes.count + 4_096 >= size {
            let step = LogFormat.preallocation
            size = (position + bytes.count + 4_096) / step * step + step
            guard ftruncate(descriptor, off_t(size)) == 0 else { throw failure }
        }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + written, bytes.count - written, off_t(position + written))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure }
            written += count
        }
        guard synchronize(descriptor) == 0 else { throw failure }
        position += bytes.count
    }

    /// Gives the unused space back.
    func close() {
        ftruncate(descriptor, off_t(position))
        _ = systemClose(descriptor)
    }

    private var failure: ServerFailure { ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last)) }
}

#if canImport(Glibc)
    private func synchronize(_ descriptor: Int32) -> Int32 { fdatasync(descriptor) }
#elseif canImport(Darwin)
    private func synchronize(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_FULLFSYNC) }
#endif

/// Reasons as the operating system words them.
enum SystemError {
    static var last: String { String(cString: strerror(errno)) }
}

#if canImport(Glibc)
    @discardableResult private func systemClose(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
    private func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        Glibc.read(descriptor, start, count)
    }
#elseif canImport(Darwin)
    @discardableResult private func systemClose(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
    private func systemRead(_ descriptor: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        Darwin.read(descriptor, start, count)
    }
#endif
