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

// MARK: - Pictures

extension HistoryMessages {
    public static let legendMoments = LocalizedText(
        "A tick is the moment when an operation takes effect; the numbers are an order that explains the answers.",
        zh: "短竖线表示操作生效的时刻，编号是一个能解释返回值的顺序。")
}

// MARK: - Reads and writes

extension HistoryMessages {
    public static func nobodyWrote(_ client: String, _ value: String) -> LocalizedText {
        LocalizedText("\(client) read \(value), which nobody wrote", zh: "\(client) 读到 \(value)，但没有人写过它")
    }
    /// - Parameter reasons: each says that something is before something; the last ends where the first begins.
    public static func circle(_ reasons: [LocalizedText]) -> LocalizedText {
        LocalizedText(
            reasons.map(\.english).joined(separator: "; "), zh: reasons.map(\.chinese).joined(separator: "；"))
    }
    public static func before(_ first: String, _ second: String, because reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "\(first) is before \(second) (\(reason.english))", zh: "\(first) 在 \(second) 之前（\(reason.chinese)）")
    }
    public static let nothingBeforeWrites = LocalizedText("it was there at the beginning", zh: "它是初始值")
    public static let storeSays = LocalizedText("the store says so", zh: "存储系统给出的次序")
    public static func sessionSays(
        _ client: String, _ first: String, wrote firstIsWrite: Bool, then second: String, wrote secondIsWrite: Bool,
        guarantee: String
    ) -> LocalizedText {
        let verbs = (firstIsWrite ? ("wrote", "写") : ("read", "读"), secondIsWrite ? ("wrote", "写") : ("read", "读"))
        return LocalizedText(
            "\(client) \(verbs.0.0) \(first), then \(verbs.1.0) \(second): \(guarantee)",
            zh: "\(client) 先\(verbs.0.1) \(first)，后\(verbs.1.1) \(second)：\(guarantee)")
    }
    public static func sameClient(_ client: String) -> LocalizedText {
        LocalizedText("both by \(client), in this order", zh: "都由 \(client) 先后执行")
    }
    public static func readIt(_ client: String) -> LocalizedText {
        LocalizedText("\(client) read what it wrote", zh: "\(client) 读到了它写的值")
    }
    public static func knewBoth(_ client: String, _ value: String) -> LocalizedText {
        LocalizedText("\(client) knew both and read \(value)", zh: "\(client) 知道这两次写，却读到 \(value)")
    }
    public static func readsNothing(_ client: String, although value: String) -> LocalizedText {
        LocalizedText(
            "\(client) read that nothing was written, although \(value) was before",
            zh: "\(client) 读到“尚未写入”，但此前已写入 \(value)")
    }
    public static func readsOverwritten(_ client: String, _ value: String, by other: String) -> LocalizedText {
        LocalizedText(
            "\(client) read \(value), which \(other) had overwritten before",
            zh: "\(client) 读到 \(value)，但它此前已被 \(other) 覆盖")
    }
    public static func stillDisagree(
        _ first: String, _ value: String, _ second: String, _ other: String
    ) -> LocalizedText {
        LocalizedText(
            "after all writes were over, \(first) last read \(value) and \(second) \(other)",
            zh: "所有写都结束之后，\(first) 最后读到 \(value)，而 \(second) 最后读到 \(other)")
    }
    public static func notReadOrWrite(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ is more than a read or a write, and this promise is about those only. Ask for linearizable or sequential.",
            zh: "“\(text)”不只是读或写，而这条约定只涉及读和写。请改查 linearizable 或 sequential。")
    }
    public static func writtenTwice(_ value: String) -> LocalizedText {
        LocalizedText(
            "\(value) is written twice, so that nobody can say which write a read saw. Give every write a value of its own.",
            zh: "\(value) 被写了两次，无法判断某次读看到的是哪一次写。请让每次写入的值都不相同。")
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
