/// Sentences about running scenes of protocols.
public enum RunMessages {
    private static func didYouMean(_ nearest: String?) -> (english: String, chinese: String) {
        (nearest.map { " Did you mean ‘\($0)’?" } ?? "", nearest.map { "是不是想输入“\($0)”？" } ?? "")
    }

    public static func unknownProtocol(_ name: String, nearest: String?) -> LocalizedText {
        let hint = didYouMean(nearest)
        return LocalizedText(
            "There is no protocol ‘\(name)’.\(hint.english) ‘zoolab run --list’ shows them all.",
            zh: "没有名为“\(name)”的协议。\(hint.chinese)用 zoolab run --list 查看全部协议。")
    }
    public static func unknownScene(_ name: String, protocolName: String, nearest: String?) -> LocalizedText {
        let hint = didYouMean(nearest)
        return LocalizedText(
            "\(protocolName) has no scene ‘\(name)’.\(hint.english) ‘zoolab run \(protocolName) --list’ shows them all.",
            zh: "\(protocolName) 没有名为“\(name)”的场景。\(hint.chinese)用 zoolab run \(protocolName) --list 查看全部场景。")
    }
    public static func participantsOutOfRange(_ count: Int, scene: String, allowed: ClosedRange<Int>) -> LocalizedText {
        LocalizedText(
            "The scene ‘\(scene)’ needs \(allowed.lowerBound) to \(allowed.upperBound) participants, not \(count).",
            zh: "场景“\(scene)”需要 \(allowed.lowerBound) 到 \(allowed.upperBound) 个参与者，不能是 \(count) 个。")
    }
}
