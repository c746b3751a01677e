package import Messages
import StateMachines
import TransactionLog

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The server cannot start, or cannot go on.
package struct ServerFailure: LocalizedFailure {
    package let message: LocalizedText
}

/// The folders `version-2` of `dataDir` and `dataLogDir`, locked for one server.
struct DataFolders: Sendable {
    let snapshots: String
    let logs: String
    private var locks: [Int32] = []

    /// A snapshot that is being written; the name means nothing to ZooKeeper.
    static let partialSnapshot = "zoolab-snapshot.partial"

    /// A snapshot that an administrator sends.
    var upload: String { snapshots + "/zoolab-restore.partial" }

    /// Makes the folders where they are missing and locks them.
    init(_ options: StorageOptions) throws(ServerFailure) {
        snapshots = options.snapshotFolder
        logs = options.transactionFolder
        for folder in snapshots == logs ? [snapshots] : [snapshots, logs] {
            do throws(ServerFailure) {
                try Self.make(folder, options)
                locks.append(try Self.lock(folder))
            } catch {
                unlock()
                throw error
            }
        }
        guard snapshots != logs else { return }
        do throws(ServerFailure) {
            if let file = try Self.names(in: logs).first(where: { SnapshotFormat.parse(fileName: $0) != nil }) {
                throw ServerFailure(message: StorageMessages.snapshotInLogFolder(logs + "/" + file))
            }
            if let file = try Self.names(in: snapshots).first(where: { LogFormat.firstZxid(ofFileNamed: $0) != nil }) {
                throw ServerFailure(message: StorageMessages.logInSnapshotFolder(snapshots + "/" + file))
            }
        } catch {
            unlock()
            throw error
        }
    }

    private static func make(_ folder: String, _ options: StorageOptions) throws(ServerFailure) {
        guard options.folderAutocreate || access(folder, F_OK) == 0 else {
            throw ServerFailure(message: StorageMessages.missingFolder(folder))
        }
        guard makeFolders(folder) else {
            let parent = PathText.folder(of: folder)
            throw ServerFailure(message: ServerMessages.unreadableFolder(parent, SystemError.last))
        }
    }

    private static func lock(_ folder: String) throws(ServerFailure) -> Int32 {
        // A lock of the operating system ends with its process, even after kill -9.
        let lock = open(folder + "/zoolab.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(folder, SystemError.last))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            systemClose(lock)
            throw ServerFailure(message: ServerMessages.folderInUse(folder))
        }
        return lock
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

    func unlock() {
        for lock in locks { systemClose(lock) }
    }

    // MARK: Files

    static func names(in folder: String) throws(ServerFailure) -> [String] {
        guard let directory = opendir(folder) else {
            throw ServerFailure(message: ServerMessages.unreadableFolder(folder, SystemError.last))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        return names
    }

    struct File: Hashable, Sendable {
        var zxid: Zxid
        var path: String
        var compression = SnapshotFormat.Compression.none
    }

    /// Oldest first.
    func logFiles() throws(ServerFailure) -> [File] {
        try Self.names(in: logs)
            .compactMap { name in
                LogFormat.firstZxid(ofFileNamed: name).map { File(zxid: $0, path: logs + "/" + name) }
            }
            .sorted { ($0.zxid, $0.path) < ($1.zxid, $1.path) }
    }

    /// Newest first.
    func snapshotFiles() throws(ServerFailure) -> [File] {
        try Self.names(in: snapshots)
            .compactMap { name in
                SnapshotFormat.parse(fileName: name).map {
                    File(zxid: $0.zxid, path: snapshots + "/" + name, compression: $0.compression)
                }
            }
            .sorted { ($1.zxid, $1.path) < ($0.zxid, $0.path) }
    }

    /// Deletes what an interrupted snapshot or restore, or a log that never began, has left, and the file
    /// `initialize`; whether the latter was there.
    func tidy() -> Bool {
        unlink(snapshots + "/" + Self.partialSnapshot)
        unlink(upload)
        unlink(logs + "/" + SpareLog.name)
        return unlink(PathText.folder(of: logs) + "/initialize") == 0
    }

    /// Bytes of everything in a folder and below it, as ZooKeeper counts them for `dirs` and `conf`: where logs and snapshots share one,
    /// both are counted twice.
    static func byteCount(below folder: String) -> Int {
        let names = (try? names(in: folder)) ?? []
        return names.reduce(0) { sum, name in
            let path = folder + "/" + name
            var status = stat()
            guard name != ".", name != "..", lstat(path, &status) == 0 else { return sum }
            return sum + (status.st_mode & S_IFMT == S_IFDIR ? byteCount(below: path) : Int(status.st_size))
        }
    }

    func byteCount(of files: some Sequence<File>) -> Int {
        files.reduce(0) { sum, file in
            var status = stat()
            return stat(file.path, &status) == 0 ? sum + Int(status.st_size) : sum
        }
    }
}
