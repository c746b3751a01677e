/// What checkers say of histories of clients.
public enum HistoryMessages {
    // MARK: Promises

    public static let linearizable = LocalizedText(
        "every operation takes effect at one moment between its call and its answer",
        zh: "每个操作都在调用与返回之间的某一时刻生效")
    public static let sequential = LocalizedText(
        "one order of all operations explains every answer and keeps each client's own order",
        zh: "存在一个包含所有操作的顺序，能解释每个返回值，并保持每个客户端自己的先后")
    public static let causalMemory = LocalizedText(
        "each client can order all writes in its past so that all its reads are explained",
        zh: "每个客户端都能给自己因果历史中的所有写排出一个顺序，解释它的全部读")
    public static let causalConvergence = LocalizedText(
        "one order of writes for all explains each read by the writes in its past",
        zh: "存在一个大家公认的写顺序，每次读都由其因果历史中的写来解释")
    public static let causal = LocalizedText(
        "nobody reads what its own past has overwritten", zh: "谁也不会读到在自己的因果历史中已被覆盖的值")
    public static let sessionGuarantees = LocalizedText(
        "one order of writes fits all four session guarantees at once", zh: "存在一个写顺序，能同时满足四条会话保证")
    public static let readYourWrites = LocalizedText(
        "a client reads its own write or a later one", zh: "客户端读到的是自己写的值，或更新的值")
    public static let monotonicReads = LocalizedText(
        "what a client reads never becomes older", zh: "客户端先后读到的值不会变旧")
    public static let monotonicWrites = LocalizedText(
        "the writes of a client keep their order", zh: "同一客户端的写保持先后次序")
    public static let writesFollowReads = LocalizedText(
        "a write comes after the writes that its client has read", zh: "客户端的写排在它已读到的写之后")
    public static let eventual = LocalizedText(
        "once nobody writes any more, all come to read the same", zh: "停止写入之后，所有客户端最终读到同样的值")

    // MARK: What is wrong

    /// - Parameters:
    ///   - operation: "read → 3".
    ///   - others: how many more operations the contradiction needs.
    public static func fitsNowhere(
        _ client: String, _ operation: String, others: Int, isMinimal: Bool, isRealTime: Bool
    ) -> LocalizedText {
        let few = isMinimal ? ("", "") : ("at most ", "至多 ")
        let time = isRealTime ? ("", "") : (" in any order that keeps each client's own", "（只要保持各客户端自己的先后）")
        guard others > 0 else {
            return LocalizedText(
                "\(operation) of client \(client) can never be\(time.0)",
                zh: "客户端 \(client) 的 \(operation) 怎样都不可能出现\(time.1)")
        }
        return LocalizedText(
            "\(operation) of client \(client) fits nowhere\(time.0): it contradicts \(few.0)\(others) other "
                + (others == 1 ? "operation" : "operations") + ", whatever the rest did",
            zh:
                "客户端 \(client) 的 \(operation) 放在哪里都不成立\(time.1)：它与另外\(few.1.isEmpty ? " " : few.1)\(others) 个操作矛盾，无论其余操作如何"
        )
    }
}

// MARK: - Records that cannot be understood

extension HistoryMessages {
    public static func inLine(_ number: Int, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText("Line \(number): \(problem.english)", zh: "第 \(number) 行：\(problem.chinese)")
    }
    public static func inEvent(_ number: Int, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText("Event \(number): \(problem.english)", zh: "事件 \(number)：\(problem.chinese)")
    }
    public static func malformed(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text.prefix(120))’ is no event of an operation. Each line must be one, in the format of the first.",
            zh: "“\(text.prefix(120))”不是操作事件。每行应是一个事件，格式与首行相同。")
    }
    public static func unknownRequest(_ text: String, model: String, grammar: [String]) -> LocalizedText {
        let known = grammar.joined(separator: ", ")
        return LocalizedText(
            "‘\(text)’ is nothing that a \(model) can be asked. It knows: \(known). Choose another --model, or correct it.",
            zh: "\(model) 不认识“\(text)”。可用的请求：\(known)。请换一个 --model，或改正它。")
    }
    public static func unknownAnswer(_ text: String, request: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ is no answer to ‘\(request)’. Nor is it ‘failed’ (it did not happen) or ‘unknown’ (nobody knows).",
            zh: "“\(text)”不是对“\(request)”的回答，也不是 failed（没有发生）或 unknown（不知道是否发生）。")
    }
    public static func nothingAsked(_ client: String) -> LocalizedText {
        LocalizedText(
            "an answer to \(client), which had asked nothing. Each answer needs a call before it.",
            zh: "\(client) 收到了回答，但它没有发起过请求。每个回答之前都应有对应的调用。")
    }
    public static func stillBusy(_ client: String) -> LocalizedText {
        LocalizedText(
            "\(client) calls again before its last call was answered. Give operations at the same time ids of their own.",
            zh: "\(client) 上一次调用还没有得到回答就再次调用。同时进行的操作需要各自的 id。")
    }
}
