/// Sentences that a student's program says about itself.
public enum KitMessages {
    public static func missingSetting(_ name: String) -> LocalizedText {
        LocalizedText(
            "\(name) is not set. This program is started by the judge: run ‘zoolab grade’ with its folder.",
            zh: "没有设置 \(name)。这个程序由评分程序启动：请用 zoolab grade 加上它所在的目录来运行。")
    }
    public static func notACommand(_ line: String) -> LocalizedText {
        LocalizedText("Not a command of the judge: \(line)", zh: "不是评分程序的命令：\(line)")
    }
}
