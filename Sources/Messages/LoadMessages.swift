/// Sentences about servers that cannot be measured.
public enum LoadMessages {
    public static func noSession(_ server: String) -> LocalizedText {
        LocalizedText(
            "\(server) gives no session that may write, so it cannot be measured. Has its ensemble a leader?",
            zh: "\(server) 没有给出可写的会话，无法测量。请确认它所在的集群已有领导者。")
    }
    public static func ended(_ server: String) -> LocalizedText {
        LocalizedText(
            "\(server) closed a connection while it was measured. Its log tells why; a limit such as maxClientCnxns is "
                + "often the reason: one load opens 200 connections.",
            zh: "测量过程中 \(server) 关闭了连接，原因请看它的日志。常见原因是 maxClientCnxns 之类的限制：有一项负载要开 200 个连接。")
    }
    public static func unreadable(_ server: String) -> LocalizedText {
        LocalizedText(
            "\(server) answers something that is no reply of a coordination server. Is it the port for clients?",
            zh: "\(server) 的答复不是协调服务器的答复。请确认这是客户端端口。")
    }
    public static func tooSlow(seconds: Int) -> LocalizedText {
        LocalizedText(
            "Not every connection of the load had a session within \(seconds) seconds. Is the server overloaded?",
            zh: "\(seconds) 秒内没能让所有连接都建立会话。服务器可能过载。")
    }
    public static func taken(_ path: String) -> LocalizedText {
        LocalizedText(
            "There is a node \(path) on that server already, and the loads would change what is below it. If nobody needs "
                + "it, remove it with ‘zoolab shell -server HOST:PORT deleteall \(path)’.",
            zh: "那台服务器上已有节点 \(path)，负载会改动其下的内容。如果没人需要它，"
                + "可用 zoolab shell -server 主机:端口 deleteall \(path) 删除。")
    }
}
