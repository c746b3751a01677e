import Messages
import StateMachines

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Deletes snapshots and logs that no recovery needs.
enum Purge {
    struct Outcome: Sendable {
        var deleted: [String] = []
        var problems: [LocalizedText] = []
    }

    /// Keeps so many whole snapshots, and the logs from the oldest of them on.
    ///
    /// - Parameter proven: a snapshot that this server has read or written itself. The others only look whole; if all of them
    ///   were damaged, recovery would still have this one.
    static func run(in folders: DataFolders, keeping count: Int, proven: Zxid) -> Outcome {
        var outcome = Outcome()
        guard let snapshots = try? folders.snapshotFiles(), let logs = try? folders.logFiles() else { return outcome }
        let paths = unneeded(
            snapshots, logs, keeping: count, proven: proven, isWhole: SnapshotFile.looksComplete)
        for path in paths {
            if unlink(path) == 0 {
                outcome.deleted.append(path)
            } else if errno != ENOENT {
                outcome.problems.append(StorageMessages.purgeFailed(path, SystemError.last))
            }
        }
        return outcome
    }

    /// - Parameters:
    ///   - snapshots: newest first.
    ///   - logs: oldest first.
    static func unneeded(
        _ snapshots: [DataFolders.File], _ logs: [DataFolders.File], keeping count: Int, proven: Zxid,
        isWhole: (DataFolders.File) -> Bool
    ) -> [String] {
        var whole: [DataFolders.File] = []
        for file in snapshots where whole.count < count && isWhole(file) { whole.append(file) }
        // Fewer than wanted: every log may still serve an older snapshot that cannot be judged here.
        guard whole.count == count, let last = whole.last else { return [] }
        let oldest = min(last.zxid, proven)
        let firstLog = logs.last { $0.zxid <= oldest }?.zxid ?? .zero
        // Logs first: a snapshot without its logs is of some use, logs without their snapshot are of none.
        return logs.filter { $0.zxid < firstLog }.map(\.path) + snapshots.filter { $0.zxid < oldest }.map(\.path)
    }
}
