import Messages
package import StateMachines
package import TransactionLog
import ZNodes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks into log files, and makes shorter ones of them.
package enum LogTool {
    /// What one log file holds.
    package struct Survey: Sendable {
        package var transactionCount = 0
        package var firstZxid: Zxid?
        package var lastZxid: Zxid?
        /// Bytes up to and including the last whole entry.
        package var validByteCount = 0
        /// Bytes of an interrupted write at the end.
        package var tornByteCount = 0
        /// Why the file cannot be read beyond `validByteCount`.
        package var failure: LogFailure?

        package var isWhole: Bool { tornByteCount == 0 && failure == nil }
    }

    /// Reads a log to its end, or to what is wrong with it.
    ///
    /// - Parameter visit: gets each transaction; false ends the reading.
    /// - Throws: `ServerFailure` where the file cannot be read; `LogFailure` where it is no log at all.
    package static func survey(
        _ path: String, _ visit: (LoggedTransaction) throws -> Bool = { _ in true }
    ) throws -> Survey {
        var survey = Survey()
        var reader = LogReader(file: path, after: .zero)
        var isOver = false
        do {
            try InputFile(path).forEachPiece { (piece) throws in
                guard !isOver, !reader.isAtEnd else { return }
                reader.append(piece.bytes)
                while !isOver {
                    let before = reader.validByteCount
                    guard let transaction = try reader.next() else { break }
                    guard try visit(transaction) else {
                        survey.validByteCount = before
                        isOver = true
                        return
                    }
                    survey.transactionCount += 1
                    survey.firstZxid = survey.firstZxid ?? transaction.header.zxid
                    survey.lastZxid = transaction.header.zxid
                }
            }
            guard !isOver else { return survey }
            survey.tornByteCount = try reader.finish()
        } catch let failure as LogFailure where failure.reason != .notALog {
            survey.failure = failure
        }
        survey.validByteCount = reader.validByteCount
        return survey
    }

    /// Keeps the transactions up to one, and nothing behind them.
    package static func chop(_ path: String, after zxid: Zxid) throws -> (survey: Survey, bytes: [UInt8]) {
        let survey = try survey(path) { $0.header.zxid <= zxid }
        return (survey, try bytes(of: path, count: survey.validByteCount))
    }

    /// Keeps what comes before a torn tail or a damage.
    package static func truncate(_ path: String) throws -> (survey: Survey, bytes: [UInt8]) {
        let survey = try survey(path)
        return (survey, try bytes(of: path, count: survey.validByteCount))
    }

    /// Keeps what can be kept of a damaged log.
    package static func mend(_ path: String) throws -> MendedLog {
        try MendedLog(of: try bytes(of: path, count: .max), file: path)
    }

    private static func bytes(of path: String, count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try InputFile(path).forEachPiece { piece in
            bytes.append(contentsOf: piece.prefix(count - bytes.count))
        }
        return bytes
    }

    /// Writes a new file, on disk when this returns.
    /// - Throws: `ServerFailure`, also where a file of this name is there already.
    package static func write(_ bytes: [UInt8], to path: String) throws(ServerFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ServerFailure(message: StorageMessages.cannotCreate(path, SystemError.last))
        }
        let calls = DiskCalls()
        let isDone =
            calls.writeAll(bytes, to: descriptor, at: 0, path: path) && calls.synchronize(descriptor, path) == 0
        let problem = SystemError.last
        systemClose(descriptor)
        guard isDone else { throw ServerFailure(message: StorageMessages.cannotCreate(path, problem)) }
    }

    /// Puts new bytes in a file's place; the old file stays as `backup`.
    package static func replace(_ path: String, with bytes: [UInt8], backup: String) throws(ServerFailure) {
        guard link(path, backup) == 0 else {
            throw ServerFailure(message: StorageMessages.cannotCreate(backup, SystemError.last))
        }
        let new = path + "-new"
        try write(bytes, to: new)
        guard rename(new, path) == 0, DiskCalls().synchronizeFolder(PathText.folder(of: path) + "/.")
        else { throw ServerFailure(message: StorageMessages.cannotCreate(path, SystemError.last)) }
    }
}
