/// Sentences about snapshot files.
public enum SnapshotMessages {
    public static func notASnapshot(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) does not begin like a snapshot of a coordination server.",
            zh: "\(file) 的开头不是协调服务器快照的格式。")
    }
    public static func incomplete(_ file: String, offset: Int) -> LocalizedText {
        LocalizedText(
            "\(file) is incomplete: after \(offset) bytes its end is missing, as when a server died while writing it.",
            zh: "\(file) 不完整：\(offset) 字节之后缺少结尾，可能是服务器在写快照时中断了。")
    }
    public static func wrongChecksum(_ file: String, offset: Int) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged: the checksum at byte \(offset) does not fit what precedes it.",
            zh: "\(file) 已损坏：第 \(offset) 字节处的校验和与前面的内容不符。")
    }
    public static func malformed(_ file: String, offset: Int) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged: no record of a snapshot is to be found at byte \(offset).",
            zh: "\(file) 已损坏：第 \(offset) 字节处不是合法的快照记录。")
    }
    public static func duplicate(_ file: String, _ path: String) -> LocalizedText {
        LocalizedText("\(file) is damaged: it holds the node \(path) twice.", zh: "\(file) 已损坏：节点 \(path) 出现了两次。")
    }
    public static func noParent(_ file: String, _ path: String) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged: it holds the node \(path) before the one above it.",
            zh: "\(file) 已损坏：节点 \(path) 出现在它的父节点之前。")
    }
    public static func misplacedRoot(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged: its first node, and no other, must be the root.",
            zh: "\(file) 已损坏：第一个节点必须是根节点，且只能有一个根节点。")
    }
    public static func trailingBytes(_ file: String, offset: Int) -> LocalizedText {
        LocalizedText(
            "\(file) is damaged: bytes follow its end at byte \(offset).", zh: "\(file) 已损坏：第 \(offset) 字节处的结尾之后还有多余内容。"
        )
    }
    public static func wrongSignature(_ source: String, offset: Int) -> LocalizedText {
        LocalizedText(
            "\(source) is damaged: after \(offset) bytes it does not end as a leader's snapshot does.",
            zh: "\(source) 已损坏：\(offset) 字节之后的结尾不是领导者快照的结束标记。")
    }
    public static func badCompression(_ file: String) -> LocalizedText {
        LocalizedText("\(file) is damaged: it cannot be unpacked.", zh: "\(file) 已损坏：无法解压。")
    }
}
