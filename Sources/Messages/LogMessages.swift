/// Sentences about transaction logs.
public enum LogMessages {
    public static func notALog(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is named like a transaction log but does not begin like one. Move it out of the data folder, or put "
                + "the right file back from a copy.",
            zh: "\(file) 的名字像事务日志，内容却不是。请把它移出数据目录，或者从备份里恢复正确的文件。")
    }
    public static func damaged(_ file: String, offset: Int, last: String) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged at byte \(offset), after transaction \(last), and whole transactions follow; this is not an "
                + "interrupted write. Nothing was changed. Put the file back from a copy; or, to go on with everything up "
                + "to \(last) and lose the rest, copy the data folder, run ‘zoolab log truncate \(file) --in-place’, and move later "
                + "log files away.",
            zh: "\(file) 在第 \(offset) 字节处（事务 \(last) 之后）损坏，而后面还有完整的事务，所以这不是写到一半中断造成的。"
                + "没有改动任何文件。请从备份恢复该文件；如果愿意只保留到 \(last) 为止的内容，请先备份数据目录，"
                + "再运行 zoolab log truncate \(file) --in-place 截断该文件，并移走更晚的日志文件。")
    }
    public static func notUnderstood(_ file: String, offset: Int, last: String) -> LocalizedText {
        LocalizedText(
            "\(file) holds a transaction at byte \(offset), after \(last), that this version of zoolab does not know "
                + "(container and TTL nodes and reconfiguration are not supported yet). Nothing was changed. Use a newer "
                + "zoolab, or another data folder.",
            zh: "\(file) 第 \(offset) 字节处（\(last) 之后）有一个当前版本的 zoolab 不认识的事务"
                + "（尚不支持容器节点、TTL 节点和重新配置）。没有改动任何文件。请使用更新的 zoolab，或者换一个数据目录。")
    }
    public static func outOfOrder(_ file: String, offset: Int, last: String, found: String) -> LocalizedText {
        LocalizedText(
            "\(file) holds transaction \(found) at byte \(offset) although \(last) came before it. Files of two servers may "
                + "have been mixed. Nothing was changed. Keep only the logs of one server in the data folder.",
            zh: "\(file) 第 \(offset) 字节处的事务 \(found) 出现在 \(last) 之后，顺序不对，可能混入了另一台服务器的文件。"
                + "没有改动任何文件。数据目录里请只保留同一台服务器的日志。")
    }
}
