/// Sentences of `zoolab snapshot`.
public enum SnapshotCommandMessages {
    /// What a snapshot's digest says of its tree.
    public enum DigestState: String, Encodable, Sendable { case agrees, differs, later, absent }

    public static let summary = LocalizedText("look into snapshots, and compare them", zh: "查看和比较快照")
    public static let needsAction = LocalizedText(
        "Say what to do: show, list, summary or compare. ‘zoolab snapshot --help’ explains them.",
        zh: "请说明要做什么：show、list、summary 或 compare。用 zoolab snapshot --help 查看说明。")
    public static func unknownAction(_ word: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "‘zoolab snapshot’ cannot ‘\(word)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " It can show, list, summary and compare.",
            zh: "zoolab snapshot 没有“\(word)”。" + (nearest.map { "是不是想输入“\($0)”？" } ?? "")
                + "可用的有 show、list、summary、compare。")
    }
    public static let needsFile = LocalizedText(
        "Name one snapshot, such as zoolab-data/version-2/snapshot.0.",
        zh: "请给出一个快照文件，例如 zoolab-data/version-2/snapshot.0。")
    public static let needsTwoFiles = LocalizedText("‘compare’ takes two snapshots.", zh: "compare 需要两个快照文件。")
    public static func noNode(_ path: String, _ file: String) -> LocalizedText {
        LocalizedText("There is no node \(path) in \(file).", zh: "\(file) 里没有节点 \(path)。")
    }
    public static func facts(file: String, zxid: String, nodes: Int, ephemerals: Int, bytes: Int, sessions: Int)
        -> LocalizedText
    {
        LocalizedText(
            "\(file): everything up to transaction \(zxid); \(nodes) nodes (\(ephemerals) ephemeral), \(bytes) bytes of data, "
                + "\(sessions) sessions. It is whole.",
            zh: "\(file)：包含到事务 \(zxid) 为止的内容；\(nodes) 个节点（其中 \(ephemerals) 个临时节点），数据 \(bytes) 字节，"
                + "\(sessions) 个会话。文件完好。")
    }
    public static func session(_ id: String, milliseconds: Int, ephemerals: Int) -> LocalizedText {
        LocalizedText(
            "  session \(id): timeout \(milliseconds) ms, \(ephemerals) ephemeral nodes",
            zh: "  会话 \(id)：超时 \(milliseconds) 毫秒，\(ephemerals) 个临时节点")
    }
    public static func digest(_ state: DigestState) -> LocalizedText {
        switch state {
        case .agrees:
            LocalizedText("The digest that its writer noted agrees with the tree.", zh: "写入者记录的摘要与数据一致。")
        case .differs:
            LocalizedText(
                "The digest that its writer noted differs from the tree's: compare with a copy of the data.",
                zh: "写入者记录的摘要与数据不一致，请与备份核对。")
        case .later:
            LocalizedText(
                "It was written while transactions were applied; its digest belongs to a later one and can be compared only after "
                    + "replaying the logs.",
                zh: "快照是在执行事务的同时写出的，其摘要属于更晚的事务，重放日志之后才能核对。")
        case .absent: LocalizedText("It holds no digest.", zh: "其中没有摘要。")
        }
    }
    public static func equal(nodes: Int) -> LocalizedText {
        LocalizedText("Both hold the same \(nodes) nodes and sessions.", zh: "两个快照的 \(nodes) 个节点和会话完全相同。")
    }
    public static func differ(added: Int, removed: Int, changed: Int, shown: Int) -> LocalizedText {
        let all = added + removed + changed
        return LocalizedText(
            "\(added) added, \(removed) removed, \(changed) changed."
                + (shown < all ? " The first \(shown) are shown; --limit N shows more." : ""),
            zh: "新增 \(added)，删除 \(removed)，改变 \(changed)。" + (shown < all ? "只显示了前 \(shown) 项，可用 --limit N 显示更多。" : ""))
    }
    public static let help = LocalizedText(
        """
        usage: zoolab snapshot show FILE [--json]
               zoolab snapshot list FILE [--path NODE] [--data] [--json]
               zoolab snapshot summary FILE [--path NODE] [--depth N] [--json]
               zoolab snapshot compare LEFT RIGHT [--limit N] [--json]

        Looks into snapshots of zoolab and of Apache ZooKeeper 3.4 to 3.9 (version-2/snapshot.…, also .gz). Changes nothing.
          show      checks every checksum; transaction, counts, sessions, digest
          list      one line for each node at and below --path; --data shows data that is text, --json one object a line
          summary   nodes and bytes at and below each node down to --depth (1)
          compare   what is in one only (-, +) or differs (~) in data, access rules or stat; sessions, too

        Examples:
          zoolab snapshot show data/version-2/snapshot.0
          zoolab snapshot summary data/version-2/snapshot.1f4 --path /brokers --depth 2
          zoolab snapshot compare old/version-2/snapshot.1f4 new/version-2/snapshot.2ee

        Exit codes: 0 whole, or equal; 1 the digest does not fit, or the two differ; 3 the file cannot be used, 64 wrong
        arguments.
        """,
        zh: """
            用法：zoolab snapshot show 文件 [--json]
                  zoolab snapshot list 文件 [--path 节点] [--data] [--json]
                  zoolab snapshot summary 文件 [--path 节点] [--depth N] [--json]
                  zoolab snapshot compare 文件甲 文件乙 [--limit N] [--json]

            查看 zoolab 与 Apache ZooKeeper 3.4 到 3.9 的快照（version-2/snapshot.…，也可以是 .gz），不改动任何文件。
              show      核对所有校验和；显示事务、数量、会话、摘要
              list      列出 --path 及其下的节点，每行一个；--data 显示文本数据，--json 每行一个对象
              summary   到 --depth（默认 1）层为止，各节点及其下的节点数和字节数
              compare   列出只在一边的（-、+），以及数据、访问规则或状态不同的（~）节点；会话也一并比较

            例子：
              zoolab snapshot show data/version-2/snapshot.0
              zoolab snapshot summary data/version-2/snapshot.1f4 --path /brokers --depth 2
              zoolab snapshot compare old/version-2/snapshot.1f4 new/version-2/snapshot.2ee

            退出码：0 完好或相同，1 摘要不符或两者不同，3 文件无法使用，64 参数有误。
            """)
}
