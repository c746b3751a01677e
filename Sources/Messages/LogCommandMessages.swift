/// Sentences of `zoolab log`.
public enum LogCommandMessages {
    public static let summary = LocalizedText("look into transaction logs, and mend them", zh: "查看和修复事务日志")
    public static let needsAction = LocalizedText(
        "Say what to do: dump, verify, chop, truncate or recover. ‘zoolab log --help’ explains them.",
        zh: "请说明要做什么：dump、verify、chop、truncate 或 recover。用 zoolab log --help 查看说明。")
    public static func unknownAction(_ word: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "‘zoolab log’ cannot ‘\(word)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " It can dump, verify, chop, truncate and recover.",
            zh: "zoolab log 没有“\(word)”。" + (nearest.map { "是不是想输入“\($0)”？" } ?? "")
                + "可用的有 dump、verify、chop、truncate、recover。")
    }
    public static let needsFile = LocalizedText(
        "Name a log file, such as zoolab-data/version-2/log.1.", zh: "请给出日志文件，例如 zoolab-data/version-2/log.1。")
    public static func changesNothing(_ word: String) -> LocalizedText {
        LocalizedText("‘\(word)’ writes no file; leave -o and --in-place out.", zh: "\(word) 不写文件，请去掉 -o 和 --in-place。")
    }
    public static func oneFile(_ word: String) -> LocalizedText {
        LocalizedText("‘\(word)’ takes one file.", zh: "\(word) 一次只处理一个文件。")
    }
    public static let eitherPlace = LocalizedText(
        "Give either -o FILE or --in-place, not both.", zh: "-o 文件 和 --in-place 只能选一个。")
    public static let needsZxid = LocalizedText(
        "‘chop’ needs --zxid N: the last transaction to keep, such as 0x10000002a.",
        zh: "chop 需要 --zxid N：要保留的最后一个事务，例如 0x10000002a。")
    public static func notAZxid(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ is no transaction number; write 0x10000002a, or a decimal number.",
            zh: "“\(text)”不是事务编号；请写成 0x10000002a 的形式，或十进制数。")
    }
    public static func holds(_ file: String, _ count: Int, first: String, last: String) -> LocalizedText {
        LocalizedText(
            "\(file): \(count) transactions, \(first) to \(last).", zh: "\(file)：\(count) 个事务，从 \(first) 到 \(last)。")
    }
    public static func empty(_ file: String) -> LocalizedText {
        LocalizedText("\(file): no transactions.", zh: "\(file)：没有事务。")
    }
    public static func torn(_ file: String, _ bytes: Int, at offset: Int) -> LocalizedText {
        LocalizedText(
            "\(file) ends in an interrupted write of \(bytes) bytes at byte \(offset). A server cuts it off by itself when it starts; "
                + "‘zoolab log truncate’ does it now.",
            zh: "\(file) 末尾从第 \(offset) 字节起有 \(bytes) 字节写到一半的内容。服务器启动时会自动截去，也可以现在用 zoolab log truncate 截去。")
    }
    public static func nothingToDo(_ file: String) -> LocalizedText {
        LocalizedText("\(file) is whole; nothing was written.", zh: "\(file) 完好，没有写任何文件。")
    }
    public static func kept(_ count: Int, last: String, _ file: String) -> LocalizedText {
        LocalizedText(
            "\(count) transactions, the last of them \(last), are in \(file).",
            zh: "\(file) 中保留了 \(count) 个事务，最后一个是 \(last)。")
    }
    public static func mended(_ zxid: String) -> LocalizedText {
        LocalizedText(
            "Transaction \(zxid) had a wrong checksum and was kept; what it says may be wrong, too. Look at it with ‘zoolab log "
                + "dump --data’.",
            zh: "事务 \(zxid) 的校验和有误，已予保留；其内容也可能有误，请用 zoolab log dump --data 查看。")
    }
    public static func dropped(_ bytes: Int, after last: String) -> LocalizedText {
        LocalizedText(
            "\(bytes) bytes after transaction \(last) make no sense and were left out. Later logs no longer follow without a hole; "
                + "move them away before starting a server on the result.",
            zh: "事务 \(last) 之后有 \(bytes) 字节无法识别，已略去。更晚的日志与它之间会有缺口，用结果启动服务器之前请先移走它们。")
    }
    public static func backup(_ file: String) -> LocalizedText {
        LocalizedText("The old file is kept as \(file).", zh: "原文件保留为 \(file)。")
    }
    public static let help = LocalizedText(
        """
        usage: zoolab log dump FILE… [--from ZXID] [--to ZXID] [--data] [--json]
               zoolab log verify FILE… [--json]
               zoolab log chop FILE --zxid ZXID [-o FILE | --in-place]
               zoolab log truncate FILE [-o FILE | --in-place]
               zoolab log recover FILE [-o FILE | --in-place]

        Looks into transaction logs of zoolab and of Apache ZooKeeper (version-2/log.…), and mends them. Stop the server first.
          dump      one line for each transaction; --data shows data that is text, --json one object a line
          verify    counts transactions and checks every checksum
          chop      keeps everything up to a transaction
          truncate  keeps everything before an interrupted write or a damage
          recover   corrects wrong checksums of entries that are otherwise whole, and keeps what comes before the first
                    that is not
        The last three write a new file (FILE-chopped, FILE-truncated, FILE-recovered, or -o). --in-place replaces the log
        and keeps the old one as FILE-backup. No file is ever overwritten.

        Examples:
          zoolab log dump data/version-2/log.1 --from 0x20 --data
          zoolab log verify data/version-2/log.*
          zoolab log chop data/version-2/log.1 --zxid 0x2a -o /tmp/log.1

        Exit codes: 0 whole, 1 something is damaged or was left out, 3 the file cannot be used, 64 wrong arguments.
        """,
        zh: """
            用法：zoolab log dump 文件… [--from ZXID] [--to ZXID] [--data] [--json]
                  zoolab log verify 文件… [--json]
                  zoolab log chop 文件 --zxid ZXID [-o 文件 | --in-place]
                  zoolab log truncate 文件 [-o 文件 | --in-place]
                  zoolab log recover 文件 [-o 文件 | --in-place]

            查看和修复 zoolab 与 Apache ZooKeeper 的事务日志（version-2/log.…）。请先停掉服务器。
              dump      每个事务一行；--data 显示文本数据，--json 每行一个对象
              verify    统计事务并核对所有校验和
              chop      保留到某个事务为止
              truncate  保留中断的写入或损坏处之前的内容
              recover   修正其余部分完好的事务的校验和，保留到第一个无法修复的事务之前
            后三个命令写出新文件（文件-chopped、文件-truncated、文件-recovered，或用 -o 指定）。--in-place 替换原日志，
            原文件保留为 文件-backup。任何已有文件都不会被覆盖。

            例子：
              zoolab log dump data/version-2/log.1 --from 0x20 --data
              zoolab log verify data/version-2/log.*
              zoolab log chop data/version-2/log.1 --zxid 0x2a -o /tmp/log.1

            退出码：0 完好，1 有损坏或有内容被略去，3 文件无法使用，64 参数有误。
            """)
}
