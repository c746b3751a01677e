import Messages
import StateMachines
import TransactionLog
import ZNodes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Cuts transactions off the end of the logs: those that no quorum ever had.
enum LogCut {
    /// Keeps what comes up to `zxid`. The newest file goes first, so that a crash leaves a log without holes.
    static func run(_ folders: DataFolders, after zxid: Zxid, _ calls: DiskCalls) throws {
        for file in try folders.snapshotFiles() where file.zxid > zxid { try remove(file.path) }
        for file in try folders.logFiles().reversed() {
            guard file.zxid <= zxid else {
                try remove(file.path)
                continue
            }
            try cut(file.path, after: zxid, calls)
            break
        }
        for folder in Set([folders.logs, folders.snapshots]).sorted() {
            guard calls.synchronizeFolder(folder) else { throw failure(folder) }
        }
    }

    private static func remove(_ path: String) throws(ServerFailure) {
        guard unlink(path) == 0 else { throw failure(path) }
    }

    private static func cut(_ path: String, after zxid: Zxid, _ calls: DiskCalls) throws {
        let survey = try LogTool.survey(path) { $0.header.zxid <= zxid }
        if let failure = survey.failure { throw failure }
        let descriptor = systemOpen(path, O_WRONLY)
        guard descriptor >= 0 else { throw failure(path) }
        let isCut = ftruncate(descriptor, off_t(survey.validByteCount)) == 0 && calls.synchronize(descriptor, path) == 0
        let problem = failure(path)
        systemClose(descriptor)
        if !isCut { throw problem }
    }

    private static func failure(_ path: String) -> ServerFailure {
        ServerFailure(message: ServerMessages.writeFailed(path, SystemError.last))
    }
}
