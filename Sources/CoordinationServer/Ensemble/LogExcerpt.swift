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
    /// - Returns: `nil` where the logs do not have all of it, or are too large. What a leader once sent this server as a tree is in
    ///   no log: a snapshot whose transaction is missing there stands for a gap.
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
        // From the meeting on: a learner that stands where the snapshot does is ahead of the log's end before the gap.
        let meeting = before?.zxid ?? after
        guard all.last?.zxid == through, isWhole(all), try !hasGap(folders, all, after: meeting, through: through)
        else {
            return nil
        }
        return all
    }

    private static func isWhole(_ entries: [LogEntry]) -> Bool {
        zip(entries, entries.dropFirst()).allSatisfy { one, next in
            next.zxid.rawValue == one.zxid.rawValue + 1 || next.zxid.epoch > one.zxid.epoch && next.zxid.counter == 1
        }
    }

    private static func hasGap(
        _ folders: DataFolders, _ entries: [LogEntry], after: Zxid, through: Zxid
    ) throws -> Bool {
        let logged = Set(entries.map(\.zxid))
        return try folders.snapshotFiles().contains { file in
            // An epoch's bare beginning is no transaction.
            file.zxid > after && file.zxid <= through && file.zxid.counter != 0 && !logged.contains(file.zxid)
        }
    }
}
