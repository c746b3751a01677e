/// Sentences about trace files that cannot be read or written.
public enum TraceFileMessages {
    /// Puts the file, and the line where one is known, before a problem.
    public static func located(file: String, line: Int?, _ problem: LocalizedText) -> LocalizedText {
        guard let line else { return LocalizedText("\(file): \(problem.english)", zh: "\(file)：\(problem.chinese)") }
        return LocalizedText(
            "\(file), line \(line): \(problem.english)", zh: "\(file) 第 \(line) 行：\(problem.chinese)")
    }

    public static let noSuchFile = LocalizedText(
        "there is no such file. ‘zoolab run PROTOCOL --trace FILE’ writes one.",
        zh: "没有这个文件。可以用“zoolab run 协议 --trace 文件”生成一个。")
    public static let isFolder = LocalizedText(
        "this is a folder, not a trace file. Name one file in it.", zh: "这是一个文件夹，不是轨迹文件。请指定其中的某个文件。")
    public static let noPermission = LocalizedText(
        "this user may not open it. Change its permissions, or choose another place.",
        zh: "当前用户没有权限打开它。请修改权限，或换一个位置。")
    public static let noFolder = LocalizedText(
        "there is no such folder, or nothing can be made in it. Make it first, or choose another place.",
        zh: "没有这个文件夹，或者不能在里面新建文件。请先建好文件夹，或换一个位置。")
    public static let noSpace = LocalizedText(
        "the disk is full. Make room, or choose another place.", zh: "磁盘已满。请腾出空间，或换一个位置。")
    public static func systemRefused(_ reason: String) -> LocalizedText {
        LocalizedText("the system refused: \(reason)", zh: "系统拒绝了操作：\(reason)")
    }
    public static func tooLarge(limit: Int) -> LocalizedText {
        LocalizedText(
            "larger than \(limit) bytes, the most that is read. Cut it into several traces.",
            zh: "超过了可读取的上限 \(limit) 字节。请把它拆成几个轨迹文件。")
    }
    public static let empty = LocalizedText(
        "the file is empty. The first line of a trace says {\"format\":\"zoolab-trace\",\"version\":1}.",
        zh: "文件是空的。轨迹文件的第一行应为 {\"format\":\"zoolab-trace\",\"version\":1}。")
    public static func notUTF8(column: Int) -> LocalizedText {
        LocalizedText(
            "byte \(column) is not UTF-8. Save the file as UTF-8 and try again.",
            zh: "第 \(column) 个字节不是 UTF-8 编码。请把文件另存为 UTF-8 再试。")
    }
    public static let notJSON = LocalizedText(
        "not a JSON object. A trace has one JSON object on each line.", zh: "不是 JSON 对象。轨迹文件每行是一个 JSON 对象。")
    public static let cutOff = LocalizedText(
        "the last line is cut off; whatever wrote it was stopped half-way. Delete this line to use the rest.",
        zh: "最后一行不完整，多半是写入中途被打断了。删掉这一行即可使用其余部分。")
    public static func notATrace(found: String?) -> LocalizedText {
        LocalizedText(
            "the first line must say \"format\":\"zoolab-trace\"" + (found.map { ", not \($0)" } ?? "")
                + ". This is not a ZooLab trace, or its first line is missing.",
            zh: "第一行必须含有 \"format\":\"zoolab-trace\"" + (found.map { "，而这里是 \($0)" } ?? "")
                + "。这不是 ZooLab 的轨迹文件，或者缺了第一行。")
    }
    public static let notAReplay = LocalizedText(
        "this is not a ZooLab replay: the first line must say \"format\":\"zoolab-replay\" and carry every field of a replay.",
        zh: "这不是 ZooLab 的重放文件：第一行必须含有 \"format\":\"zoolab-replay\" 以及重放文件的所有字段。")
    public static let noOutcome = LocalizedText(
        "the last line, which tells the outcome, is missing. The file is cut off; record the run again.",
        zh: "缺少写明结果的最后一行，文件不完整。请重新记录这次运行。")
    public static let hexadecimal = LocalizedText("a fingerprint of 32 hexadecimal digits", zh: "32 位十六进制的指纹")
    public static func wrongVersion(found: String, supported: Int) -> LocalizedText {
        LocalizedText(
            "the trace is of version \(found), and this zoolab reads version \(supported). "
                + "Use the zoolab that wrote it, or make the trace again with this one.",
            zh: "这个轨迹文件的版本是 \(found)，而当前的 zoolab 只能读版本 \(supported)。"
                + "请换用生成它的那个 zoolab，或用当前的 zoolab 重新生成。")
    }
    public static func missingField(_ field: String, expected: LocalizedText) -> LocalizedText {
        LocalizedText(
            "field \"\(field)\" is missing; it must be \(expected.english).",
            zh: "缺少字段 \"\(field)\"，它应当是\(expected.chinese)。")
    }
    public static func wrongField(_ field: String, found: String, expected: LocalizedText) -> LocalizedText {
        LocalizedText(
            "field \"\(field)\" is \(found); it must be \(expected.english).",
            zh: "字段 \"\(field)\" 是 \(found)，它应当是\(expected.chinese)。")
    }

    // What a field must be; completes the two sentences above.
    public static func wholeNumber(atLeast lowest: Int) -> LocalizedText {
        LocalizedText("a whole number from \(lowest)", zh: "不小于 \(lowest) 的整数")
    }
    public static func wholeNumber(upTo highest: Int) -> LocalizedText {
        LocalizedText("a whole number from 1 to \(highest)", zh: "1 到 \(highest) 之间的整数")
    }
    public static func above(_ number: Int) -> LocalizedText {
        LocalizedText("greater than the \(number) of the event before it", zh: "比上一个事件的 \(number) 更大的数")
    }
    public static func below(_ number: Int) -> LocalizedText {
        LocalizedText("the \"n\" of an earlier event, below \(number)", zh: "某个更早事件的 \"n\"，小于 \(number)")
    }
    public static func milliseconds(upTo highest: String) -> LocalizedText {
        LocalizedText(
            "milliseconds from 0 to \(highest); fractions are allowed", zh: "0 到 \(highest) 之间的毫秒数，可以带小数")
    }
    public static func notBefore(_ milliseconds: String) -> LocalizedText {
        LocalizedText(
            "at least \(milliseconds), the time of the event before it; sort the events by \"t\"",
            zh: "不早于上一个事件的 \(milliseconds)；请按 \"t\" 给事件排序")
    }
    public static func oneOf(_ words: [String]) -> LocalizedText {
        LocalizedText("one of " + words.joined(separator: ", "), zh: "下列之一：" + words.joined(separator: "、"))
    }
    public static let text = LocalizedText("text in quotes", zh: "带引号的文本")
    public static let nameOfNode = LocalizedText("the name of a node, in quotes", zh: "带引号的节点名")
    public static let listOfNames = LocalizedText(
        "a list of names, such as [\"A\",\"B\"]", zh: "名字的列表，例如 [\"A\",\"B\"]")
    public static let idOfEarlierSend = LocalizedText(
        "the \"id\" of a message sent on an earlier line", zh: "前面某一行所发送消息的 \"id\"")
    public static let idNotUsedBefore = LocalizedText(
        "an \"id\" that no earlier send has used", zh: "之前的 send 没有用过的 \"id\"")
}
