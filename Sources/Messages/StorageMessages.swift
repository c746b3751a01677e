/// Sentences about the coordination server's files.
public enum StorageMessages {
    public static let compressionMethods = LocalizedText(
        "‘gz’, ‘snappy’ or empty", zh: " gz、snappy 或留空")
    public static func missingFolder(_ folder: String) -> LocalizedText {
        LocalizedText(
            "The folder \(folder) does not exist, and ‘datadir.autocreate=false’ forbids making it. Create it, or allow that.",
            zh: "目录 \(folder) 不存在，而 datadir.autocreate=false 禁止自动创建。请手动创建它，或允许自动创建。")
    }
    public static func snapshotInLogFolder(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is a snapshot in the folder of the logs. Check ‘dataDir’ and ‘dataLogDir’; each kind belongs in its own.",
            zh: "\(file) 是快照，却在日志目录里。请检查 dataDir 和 dataLogDir，两类文件应各在自己的目录中。")
    }
    public static func logInSnapshotFolder(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is a log in the folder of the snapshots. Check ‘dataDir’ and ‘dataLogDir’; each kind belongs in its own.",
            zh: "\(file) 是日志，却在快照目录里。请检查 dataDir 和 dataLogDir，两类文件应各在自己的目录中。")
    }
    public static func emptyFolder(_ folder: String) -> LocalizedText {
        LocalizedText(
            "\(folder) is empty, and ‘db.autocreate=false’ forbids starting with nothing. If there is no data yet, create an empty "
                + "file ‘initialize’ beside ‘version-2’ in dataLogDir (or dataDir); otherwise put the data back.",
            zh: "\(folder) 是空的，而 db.autocreate=false 禁止从空数据启动。如果确实还没有数据，请在 dataLogDir（或 dataDir）中 "
                + "version-2 旁边创建空文件 initialize；否则请把数据放回来。")
    }
    public static func noSnapshot(_ folder: String, firstLog: String) -> LocalizedText {
        LocalizedText(
            "There is no snapshot in \(folder), and the oldest log, \(firstLog), does not begin with the first transaction: what came "
                + "before is missing. Nothing was changed. Put the snapshot back; or, if the folder comes from a "
                + "ZooKeeper before 3.5 that never took one, set ‘snapshot.trust.empty=true’ for one start.",
            zh: "\(folder) 里没有快照，而最早的日志 \(firstLog) 又不是从第一个事务开始的，更早的内容已缺失。没有改动任何文件。"
                + "请放回快照；如果数据来自从未写过快照的 3.5 以前的 ZooKeeper，可以在启动一次时设置 snapshot.trust.empty=true。")
    }
    public static func noReadableSnapshot(_ newest: LocalizedText, count: Int) -> LocalizedText {
        LocalizedText(
            "\(newest.english) None of the \(count) snapshots there can be used, and the logs do not go back to the first transaction. "
                + "Nothing was changed. Put a snapshot back from a copy; ‘zoolab snapshot show FILE’ tells whether one is whole.",
            zh: "\(newest.chinese)该目录中的 \(count) 个快照都无法使用，而日志又不是从第一个事务开始的。没有改动任何文件。"
                + "请从备份放回一个快照；可用 zoolab snapshot show FILE 检查快照是否完好。")
    }
    public static func olderSnapshot(_ problem: LocalizedText, _ used: String) -> LocalizedText {
        LocalizedText(
            "Warning: \(problem.english) The server has started from the older \(used) and the logs since then instead.",
            zh: "警告：\(problem.chinese)服务器改用更早的 \(used) 以及其后的日志启动。")
    }
    public static func nodesWithoutACL(_ file: String, count: Int) -> LocalizedText {
        LocalizedText(
            "Warning: \(file) lacks the access rules of \(count) nodes. Only ‘super’ may use those whose rules the logs do not "
                + "set; check them.",
            zh: "警告：\(file) 缺少 \(count) 个节点的访问规则。日志中没有重新设置规则的节点只有 super 可以访问，请检查。")
    }
    public static func digestNotReached(_ zxid: String, last: String) -> LocalizedText {
        LocalizedText(
            "Warning: the snapshot was finished after transaction \(zxid), but the logs end with \(last). Transactions are missing; "
                + "compare with a copy of the data.",
            zh: "警告：快照完成于事务 \(zxid) 之后，但日志只到 \(last)，缺少了一些事务。请与备份核对。")
    }
    public static func unreadableFile(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "\(file) cannot be read: \(problem). Check the path and its permissions.",
            zh: "无法读取 \(file)：\(problem)。请检查路径和权限。")
    }
    public static func cannotCreate(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "\(file) cannot be written: \(problem). Nothing was changed; choose another place, or move that file away.",
            zh: "无法写入 \(file)：\(problem)。没有改动任何文件；请换一个位置，或先移走该文件。")
    }
    public static func outOfMemory(_ file: String) -> LocalizedText {
        LocalizedText("There is no memory left to unpack \(file).", zh: "内存不足，无法解压 \(file)。")
    }
    public static func slowSync(_ file: String, milliseconds: Int) -> LocalizedText {
        LocalizedText(
            "Warning: syncing \(file) took \(milliseconds) ms; every write had to wait. Give the log a disk of its own (‘dataLogDir’).",
            zh: "警告：把 \(file) 刷到磁盘用了 \(milliseconds) 毫秒，期间所有写请求都在等待。请把日志放到单独的磁盘上（dataLogDir）。")
    }
    public static func snapshotFailed(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "Warning: the snapshot \(file) could not be written: \(problem). Older snapshots and all logs stay; the server goes on and "
                + "will try again. Make room or mend the disk.",
            zh: "警告：快照 \(file) 写入失败：\(problem)。旧快照和所有日志都保留，服务器继续运行并会再次尝试。请腾出空间或修好磁盘。")
    }
    public static func purgeFailed(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "Warning: the old file \(file) could not be deleted: \(problem).", zh: "警告：旧文件 \(file) 无法删除：\(problem)。")
    }

    // MARK: Restoring

    public static let restoreUnderWay = LocalizedText(
        "Another snapshot is being put in the tree's place, or the server is stopping. Try again later.",
        zh: "另一份快照正在恢复，或服务器正在停止，请稍后再试。")
    public static let restoreInEnsemble = LocalizedText(
        "A member of an ensemble has the tree of its leader. Stop all members, put the snapshot into the data folder of each, without any logs, and start them again.",
        zh: "集群成员的数据树由领导者决定。请停止所有成员，清除日志后把快照放入每个成员的数据目录，再重新启动。")
    public static func restoredZxidTooHigh(_ zxid: String) -> LocalizedText {
        LocalizedText(
            "The snapshot stands at transaction \(zxid), after which there is none. Take one from a server of a later epoch.",
            zh: "快照停在事务 \(zxid)，其后再无可用的编号。请改用更晚纪元的服务器上的快照。")
    }
    public static func restored(_ zxid: String) -> LocalizedText {
        LocalizedText(
            "An administrator has put a snapshot in the tree's place; the server stands at transaction \(zxid) now.",
            zh: "管理员已用快照替换数据树，服务器现在停在事务 \(zxid)。")
    }
}
