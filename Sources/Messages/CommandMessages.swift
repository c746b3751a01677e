/// Sentences about the command line itself.
public enum CommandMessages {
    public static func unknownVerb(_ verb: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "zoolab has no verb ‘\(verb)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " ‘zoolab --help’ lists them.",
            zh: "zoolab 没有“\(verb)”这个命令。" + (nearest.map { "是不是想输入“\($0)”？" } ?? "") + "用 zoolab --help 查看全部命令。")
    }
    public static func missingValue(_ option: String) -> LocalizedText {
        LocalizedText("\(option) needs a value after it.", zh: "\(option) 后面要跟一个值。")
    }
    public static func givenTwice(_ option: String) -> LocalizedText {
        LocalizedText("\(option) may be given once only.", zh: "\(option) 只能出现一次。")
    }
    public static func notANumber(_ option: String, _ text: String, lowest: String, highest: String) -> LocalizedText {
        LocalizedText(
            "\(option) takes a whole number from \(lowest) to \(highest), not ‘\(text)’.",
            zh: "\(option) 要的是 \(lowest) 到 \(highest) 之间的整数，而不是“\(text)”。")
    }
    public static func unexpectedArgument(_ argument: String) -> LocalizedText {
        LocalizedText(
            "‘\(argument)’ is one argument too many, or an option this verb does not have. Try --help.",
            zh: "多出了参数“\(argument)”，或者这个命令没有这个选项。用 --help 查看用法。")
    }
    public static func unknownLanguage(_ text: String) -> LocalizedText {
        LocalizedText("--lang takes en or zh, not ‘\(text)’.", zh: "--lang 只能是 en 或 zh，不能是“\(text)”。")
    }
    public static let usage = LocalizedText(
        "usage: zoolab VERB [arguments] [--lang en|zh]\n\nVerbs:",
        zh: "用法：zoolab 命令 [参数] [--lang en|zh]\n\n命令：")
    public static let moreHelp = LocalizedText(
        "\n‘zoolab VERB --help’ tells all about one.", zh: "\n用 zoolab 命令 --help 查看某个命令的详细说明。")
    public static func failed(_ problem: String) -> LocalizedText {
        LocalizedText("zoolab could not go on: \(problem)", zh: "zoolab 无法继续：\(problem)")
    }
}
