/// What checkers of histories find wrong.
public enum CheckingMessages {
    public static func overlap(
        _ first: String, since begin: Double, _ second: String, at time: Double
    ) -> LocalizedText {
        LocalizedText(
            "\(second) was let in at \(time) ms while \(first), inside since \(begin) ms, had not left.",
            zh: "\(second) 在 \(time) 毫秒时进入，而 \(first) 自 \(begin) 毫秒起还在里面。")
    }
    public static func secondLeader(of term: UInt64, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "Term \(term) has two leaders: \(first) and \(second).", zh: "任期 \(term) 有两个领导者：\(first) 和 \(second)。")
    }
    public static func noToken(_ holder: String) -> LocalizedText {
        LocalizedText("\(holder) came without a fencing token.", zh: "\(holder) 没有带防护令牌（fencing token）。")
    }
    public static func tokenNotRising(
        _ holder: String, token: UInt64, after other: String, highest: UInt64
    ) -> LocalizedText {
        LocalizedText(
            "\(holder) came with token \(token) after \(other) had come with \(highest).",
            zh: "\(other) 已经带着令牌 \(highest) 来过，之后 \(holder) 却带着 \(token)。")
    }
    public static func staleAccess(
        _ holder: String, token: UInt64, at time: Double, after other: String, highest: UInt64
    ) -> LocalizedText {
        LocalizedText(
            "At \(time) ms the resource accepted token \(token) of \(holder) after token \(highest) of \(other).",
            zh: "\(time) 毫秒时，资源在接受 \(other) 的令牌 \(highest) 之后又接受了 \(holder) 的令牌 \(token)。")
    }
    public static func sharedToken(_ token: UInt64, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "\(first) and \(second) both used token \(token).", zh: "\(first) 和 \(second) 使用了同一个令牌 \(token)。")
    }
}
