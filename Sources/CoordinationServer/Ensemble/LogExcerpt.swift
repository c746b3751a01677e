import Bytes
import StateMachines
import TransactionLog
import Zab
import ZNodes

/// A part of the logs, read for a learner that is too far behind for what is in memory.
enum LogExcerpt {
    /// The transaction at or before `after`, if the logs have one, and all that follow through `through`.
    ///
    /// - Parameter byteLimit: files that are larger together are not read.
    /// - Returns: `nil` where the logs do not have all of it, or are too large.
    static func read(
        _ folders: DataFolders, after: Zxid, through: Zxid, byteLimit: Int
    ) throws -> [LogEntry]? {
        let files = try folders.logFiles()
        guard let first = files.lastIndex(where: { $0.zxid <= after }) else { return nil }
        let wanted = files[first...].prefix { $0.zxid <= through }
        guard folders.byteCount(of: wanted) <= byteLimit else { return nil }
        var (before, entries): (LogEntry?, [LogEntry]) = (nil, [])
        for file in wanted {
            _ = try LogTool.survey(file.path) { transaction in
                guard transaction.header.zxid <= through else { return false }
                var writer = ByteWriter()
                transaction.encode(into: &writer)
                let entry = LogEntry(zxid: transaction.header.zxid, payload: writer.bytes)
                if entry.zxid <= after { before = entry } else { entries.append(entry) }
                return true
            }
        }
        let all = [before].compactMap(\.self) + entries
        return all.last?.zxid == through ? all : nil
    }
}
