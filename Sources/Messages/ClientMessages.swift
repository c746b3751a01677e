/// Sentences about requests to a coordination server.
public enum ClientMessages {
    public static func badConnectString(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ names no servers. Write host:port, or several with commas between: 127.0.0.1:2181.",
            zh: "“\(text)”不是有效的服务器列表。请写成 主机:端口，多个之间用逗号隔开，例如 127.0.0.1:2181。")
    }

    public static func hungUp(_ address: String) -> LocalizedText {
        LocalizedText(
            "\(address) closed the connection before it had answered. Perhaps its port wants TLS, or it takes no more clients.",
            zh: "\(address) 没有应答就关闭了连接。这个端口可能要求使用 TLS，也可能服务器不再接受新的客户端。")
    }

    public static func answerTooLong(_ address: String, bytes: Int, limit: Int) -> LocalizedText {
        LocalizedText(
            "\(address) answers with \(bytes) bytes at once, and this client takes \(limit). Ask for less, or let it take more: "
                + "jute.maxbuffer in the file of -client-configuration, answerLimit in a program.",
            zh: "\(address) 的一个应答有 \(bytes) 字节，而本客户端最多接受 \(limit) 字节。请少取一些，或调大上限："
                + "在 -client-configuration 的文件里设置 jute.maxbuffer，在程序里设置 answerLimit。")
    }

    /// - Parameters:
    ///   - operation: "create".
    ///   - code: the word for an error that has no sentence of its own.
    public static func requestFailed(_ operation: String, path: String?, code: String) -> LocalizedText {
        let subject = [operation, path].compactMap { $0 }.joined(separator: " ")
        let reason = reasons[code] ?? LocalizedText("the server answered \(code).", zh: "服务器返回 \(code)。")
        return LocalizedText("\(subject): \(reason.english)", zh: "\(subject)：\(reason.chinese)")
    }

    private static let reasons: [String: LocalizedText] = [
        "NoNode": LocalizedText("there is no such node.", zh: "节点不存在。"),
        "NodeExists": LocalizedText("the node exists already.", zh: "节点已经存在。"),
        "BadVersion": LocalizedText(
            "the node has another version than expected; read it again.", zh: "节点版本与预期不符，请重新读取。"),
        "NotEmpty": LocalizedText("the node has children.", zh: "节点还有子节点。"),
        "NoChildrenForEphemerals": LocalizedText(
            "an ephemeral node can have no children.", zh: "临时节点不能有子节点。"),
        "NoAuth": LocalizedText("this client is not allowed to.", zh: "当前客户端没有权限。"),
        "BadArguments": LocalizedText(
            "the request is malformed; is the path absolute, without a slash at its end?",
            zh: "请求不合法。路径是否以 / 开头，且末尾没有 /？"),
        "ConnectionLoss": LocalizedText(
            "the connection broke before the answer came. The request may have been executed, or may not.",
            zh: "还没收到答复，连接就断了。请求可能已经执行，也可能没有。"),
        "NotConnected": LocalizedText(
            "no server could be reached, and the request was never sent.", zh: "连不上任何服务器，请求没有发出。"),
        "SessionExpired": LocalizedText(
            "the session has expired; its ephemeral nodes are gone. Open a new client.",
            zh: "会话已过期，它的临时节点都已删除。请重新创建客户端。"),
        "InvalidACL": LocalizedText("the access rules are not valid.", zh: "访问规则无效。"),
        "AuthFailed": LocalizedText("the server does not accept this identity.", zh: "服务器不接受该身份。"),
        "NoWatcher": LocalizedText("there is no such watch.", zh: "没有这样的监视。"),
        "QuotaExceeded": LocalizedText("a quota does not allow it.", zh: "超出配额。"),
        "Unimplemented": LocalizedText(
            "the server does not offer this, or is not configured to.", zh: "服务器不支持该操作，或没有启用。"),
        "NotReadOnly": LocalizedText(
            "the server has lost its ensemble and takes no writes.", zh: "服务器已与集群失去联系，只能读，不能写。"),
        "ThrottledOp": LocalizedText("the server is overloaded; try later.", zh: "服务器过载，请稍后再试。"),
        "UnreadableReply": LocalizedText(
            "the server has done it, but its answer cannot be read.", zh: "服务器已经执行，但它的答复无法读懂。"),
        "Closed": LocalizedText("the client has been closed.", zh: "客户端已经关闭。"),
    ]
}
