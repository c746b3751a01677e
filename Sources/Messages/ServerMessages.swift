/// Sentences about the coordination server.
public enum ServerMessages {
    public static func ready(_ address: String, transactions: Int, folder: String) -> LocalizedText {
        LocalizedText(
            "The coordination server listens on \(address); \(transactions) transactions recovered from \(folder).",
            zh: "协调服务器已在 \(address) 上监听，从 \(folder) 恢复了 \(transactions) 个事务。")
    }
    public static let stopped = LocalizedText("The coordination server has stopped.", zh: "协调服务器已停止。")
    public static func unreadableFolder(_ folder: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "The data folder \(folder) cannot be used: \(problem). Give this user the right to read and write it, or name "
                + "another one with ‘dataDir’.",
            zh: "无法使用数据目录 \(folder)：\(problem)。请让当前用户能读写它，或用 dataDir 指定别的目录。")
    }
    public static func folderInUse(_ folder: String) -> LocalizedText {
        LocalizedText(
            "Another server is using the data folder \(folder). Stop it, or name another folder with ‘dataDir’.",
            zh: "数据目录 \(folder) 正被另一个服务器使用。请先停掉它，或用 dataDir 指定别的目录。")
    }
    public static let readableFile = LocalizedText("a file that can be read", zh: "一个可读的文件")
    public static func quotaExceeded(
        _ root: String, path: String, isCount: Bool, used: Int64, limit: Int64, isHard: Bool
    ) -> LocalizedText {
        let (what, thing) = isCount ? ("nodes", "节点") : ("bytes", "字节")
        return LocalizedText(
            "Quota exceeded: \(path) would bring \(root) to \(used) \(what); its \(isHard ? "hard" : "soft") limit is \(limit).",
            zh: "超出配额：\(path) 会使 \(root) 达到 \(used) 个\(thing)，\(isHard ? "硬" : "软")上限是 \(limit)。")
    }
    public static func requestTooLong(
        _ client: String, session: String, operation: String, path: String?, bytes: Int, limit: Int
    ) -> LocalizedText {
        let what = path.map { "\(operation) \($0)" } ?? operation
        return LocalizedText(
            "Closed the connection of \(client), session \(session): its request ‘\(what)’ has \(bytes) bytes, and "
                + "jute.maxbuffer allows \(limit). Let it send less, or raise jute.maxbuffer here and at all clients.",
            zh: "已关闭 \(client)（会话 \(session)）的连接：请求 \(what) 有 \(bytes) 字节，而 jute.maxbuffer 只允许 \(limit) 字节。"
                + "请减小请求，或在服务器和所有客户端上调大 jute.maxbuffer。")
    }
    public static func largeRequestRefused(
        _ client: String, session: String, bytes: Int, waiting: Int
    ) -> LocalizedText {
        LocalizedText(
            "Closed the connection of \(client), session \(session): its request has \(bytes) bytes, and large requests of "
                + "\(waiting) bytes are under way already. Let clients send less at a time, or raise largeRequestMaxBytes.",
            zh: "已关闭 \(client)（会话 \(session)）的连接：请求有 \(bytes) 字节，而处理中的大请求已有 \(waiting) 字节。"
                + "请让客户端分批发送，或调大 largeRequestMaxBytes。")
    }
    public static func frameRefused(_ client: String, bytes: Int, limit: Int) -> LocalizedText {
        LocalizedText(
            "Closed the connection of \(client): it announced a frame of \(bytes) bytes, and jute.maxbuffer allows \(limit). "
                + "It may not be a ZooKeeper client at all.",
            zh: "已关闭 \(client) 的连接：它声明了 \(bytes) 字节的帧，而 jute.maxbuffer 只允许 \(limit) 字节。对方可能根本不是 "
                + "ZooKeeper 客户端。")
    }
    public static func httpRefused(_ client: String) -> LocalizedText {
        LocalizedText(
            "Closed the connection of \(client): it speaks HTTP, on the port for ZooKeeper's clients. A browser or a health "
                + "probe may have the wrong port.",
            zh: "已关闭 \(client) 的连接：它在 ZooKeeper 客户端端口上使用 HTTP。可能是浏览器或健康检查配错了端口。")
    }
    public static func tlsRefused(_ client: String) -> LocalizedText {
        LocalizedText(
            "Closed the connection of \(client): it wants to encrypt (TLS), on a port that does not. Let it use the secure "
                + "port, or none of its TLS settings.",
            zh: "已关闭 \(client) 的连接：它要求加密（TLS），而这个端口不加密。请让它改用安全端口，或去掉它的 TLS 设置。")
    }
    public static func missingHistory(_ folder: String, before zxid: String, after last: String) -> LocalizedText {
        LocalizedText(
            "The logs in \(folder) go from transaction \(last) straight to \(zxid); those between are missing. Nothing was changed. Put "
                + "the missing log files back, or use another data folder; ‘zoolab log verify FILE’ tells what a log holds.",
            zh: "\(folder) 中的日志在事务 \(last) 之后直接跳到了 \(zxid)，中间的事务缺失。没有改动任何文件。"
                + "请放回缺少的日志文件，或换一个数据目录；可用 zoolab log verify FILE 查看日志里有什么。")
    }
    public static func writeFailed(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "\(file) could not be written: \(problem). The server has stopped, and acknowledged nothing that is not on disk. "
                + "Make room or mend the disk, then start it again.",
            zh: "写入 \(file) 失败：\(problem)。服务器已停止，没有确认任何尚未落盘的写入。请腾出空间或修好磁盘后重新启动。")
    }
    public static func digestMismatch(_ zxid: String) -> LocalizedText {
        LocalizedText(
            "Warning: after transaction \(zxid) the recovered tree differs from the one its writer noted. Compare with a "
                + "copy of the data.",
            zh: "警告：恢复到事务 \(zxid) 之后的数据与当初写入者记录的摘要不一致。请与备份核对。")
    }
    public static func treeDiffers(_ zxid: String) -> LocalizedText {
        LocalizedText(
            "Warning: after transaction \(zxid) this server's tree differs from that of the leader who proposed it. Compare "
                + "the nodes of both; to copy the leader's, stop this server, move its data away, and start it.",
            zh: "警告：执行事务 \(zxid) 之后，本服务器的数据与提出该事务的领导者的摘要不一致。请比对两边的节点；"
                + "如需改用领导者的数据，请停止本服务器，移走数据目录后再启动。")
    }
    public static func tornTail(_ file: String, bytes: Int) -> LocalizedText {
        LocalizedText(
            "\(file) ended in an interrupted write of \(bytes) bytes, which nobody had been told of; it was cut off.",
            zh: "\(file) 末尾有 \(bytes) 字节写到一半的内容，从未向任何客户端确认，已截去。")
    }

    // MARK: Configuration

    public static func unreadableConfiguration(_ file: String) -> LocalizedText {
        LocalizedText(
            "The configuration file \(file) cannot be read. Check that it is there, is UTF-8 text, and may be read by this user.",
            zh: "无法读取配置文件 \(file)。请确认文件存在、是 UTF-8 文本，并且当前用户有权读取。")
    }
    public static func malformedLine(_ place: LocalizedText, _ text: String) -> LocalizedText {
        LocalizedText(
            "\(place.english): ‘\(text)’ is not of the form key=value.",
            zh: "\(place.chinese)：“\(text)”不是 键=值 的形式。")
    }
    public static func badValue(_ place: LocalizedText, key: String, value: String, wanted: LocalizedText)
        -> LocalizedText
    {
        LocalizedText(
            "\(place.english): \(key) must be \(wanted.english), not ‘\(value)’.",
            zh: "\(place.chinese)：\(key) 应为\(wanted.chinese)，而不是“\(value)”。")
    }
    public static func number(from lowest: Int, to highest: Int) -> LocalizedText {
        LocalizedText(
            "a whole number from \(lowest) to \(highest)", zh: " \(lowest) 到 \(highest) 之间的整数")
    }
    public static let folderPath = LocalizedText("the path of a folder", zh: "目录的路径")
    public static func missingKey(_ file: String, _ key: String) -> LocalizedText {
        LocalizedText("\(file) must set \(key).", zh: "\(file) 里必须设置 \(key)。")
    }
    public static func unknownKey(_ place: LocalizedText, _ key: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "\(place.english): no key is called ‘\(key)’; it has no effect."
                + (nearest.map { " Did you mean ‘\($0)’?" } ?? ""),
            zh: "\(place.chinese)：没有名为“\(key)”的键，已忽略。" + (nearest.map { "是否想写“\($0)”？" } ?? ""))
    }
    public static func keyWithoutEffect(_ place: LocalizedText, _ key: String, reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "\(place.english): ‘\(key)’ has no effect here: \(reason.english).",
            zh: "\(place.chinese)：“\(key)”在这里不起作用：\(reason.chinese)。")
    }
    public static func unknownChoice(_ option: String, _ word: String, words: String) -> LocalizedText {
        LocalizedText(
            "\(option) knows no ‘\(word)’. Choose one of \(words).", zh: "\(option) 没有“\(word)”这个选项，请选择：\(words)。")
    }
    public static let summary = LocalizedText(
        "run the coordination server, which ZooKeeper's clients can use",
        zh: "运行协调服务器，ZooKeeper 客户端可直接使用")
    public static let help = LocalizedText(
        """
        usage: zoolab server [-DKEY=VALUE …] [ZOO.CFG | PORT DATADIR [TICKTIME [MAXCNXNS]]]

        Runs one coordination server that speaks ZooKeeper's client protocol, until Ctrl-C or SIGTERM.
        Without a file: 127.0.0.1:2181, data in ./zoolab-data. The file is an ordinary zoo.cfg; docs/configuration.md
        lists every key. clientPort=0 takes a free port, which the first line of output tells.
          -DKEY=VALUE          as if it stood in the file, whose own lines have the last word
          --log-level LEVEL    trace, debug, info, warning (as without it), error
          --log-format FORMAT  text (as without it), or json: one object a line
          --log-file FILE      standard error without it; SIGHUP opens the file anew
          --trace FILE         write requests, answers, changes and roles as a trace, for ‘zoolab draw’

        Examples:
          zoolab server
          zoolab server conf/zoo.cfg
          zoolab server -Dzookeeper.4lw.commands.whitelist=* 2181 /var/lib/zookeeper

        Exit codes: 0 stopped as asked, 3 could not start or go on, 64 wrong configuration.
        """,
        zh: """
            用法：zoolab server [-D键=值 …] [ZOO.CFG | 端口 数据目录 [TICKTIME [最大连接数]]]

            运行一台使用 ZooKeeper 客户端协议的协调服务器，按 Ctrl-C 或收到 SIGTERM 时停止。
            不给文件时监听 127.0.0.1:2181，数据放在 ./zoolab-data。配置文件就是普通的 zoo.cfg，全部的键见
            docs/configuration.zh-CN.md。clientPort=0 表示使用任一空闲端口，输出的第一行会写明。
              -D键=值              相当于写在文件里；文件中另有同名的键时以文件为准
              --log-level 级别     trace、debug、info、warning（默认）或 error
              --log-format 格式    text（默认），或 json：每行一个对象
              --log-file 文件      默认写到标准错误；收到 SIGHUP 时重新打开文件
              --trace 文件         把请求、应答、变更和角色写成轨迹，供 zoolab draw 使用

            例子：
              zoolab server
              zoolab server conf/zoo.cfg
              zoolab server -Dzookeeper.4lw.commands.whitelist=* 2181 /var/lib/zookeeper

            退出码：0 按要求停止，3 无法启动或无法继续，64 配置有误。
            """)
}
