/// Sentences about faults on the way to a real server.
public enum ProxyMessages {
    public static func noSession(_ client: String) -> LocalizedText {
        LocalizedText(
            "\(client) has no session that could expire. Let it connect first.",
            zh: "\(client) 还没有会话，无从过期。请先让它连上服务器。")
    }
    public static func meaningless(_ word: String) -> LocalizedText {
        LocalizedText(
            "‘\(word)’ means nothing to a real server: TCP delivers every byte once and in order, or breaks the"
                + " connection. Use it in a simulated run, or take ‘delay’, ‘drop’ or ‘lose-reply’ here.",
            zh: "“\(word)”对真实服务器没有意义：TCP 要么把每个字节按顺序送达一次，要么断开连接。"
                + "请在模拟运行中使用它，或者在这里改用 delay、drop 或 lose-reply。")
    }
    public static func notForNetwork(_ word: String) -> LocalizedText {
        LocalizedText(
            "‘\(word)’ happens to a process, not to the network, so the fault proxy cannot do it.",
            zh: "“\(word)”作用于进程而不是网络，故障代理做不到。")
    }
    public static func unknownName(_ name: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "Nobody here is called ‘\(name)’. Known: \(known.joined(separator: ", ")).",
            zh: "这里没有叫“\(name)”的节点。已知：\(known.joined(separator: "、"))。")
    }
    public static func invisible(_ condition: String) -> LocalizedText {
        LocalizedText(
            "‘after \(condition)’ happens inside the server, where the fault proxy cannot look. Use ‘send’ or ‘receive’.",
            zh: "“after \(condition)”发生在服务器内部，故障代理看不到。请改用 send 或 receive。")
    }
}
