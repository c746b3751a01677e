/// Sentences about simulated ensembles of whole servers and their clients.
package enum EnsembleCheckMessages {
    package static let recovery = LocalizedText(
        "A server starts again from whatever a crash has left on its disk.", zh: "无论崩溃在磁盘上留下什么，服务器都能重新启动。")
    package static func refused(_ server: String, _ reason: String) -> LocalizedText {
        LocalizedText("\(server) does not start: \(reason).", zh: "\(server) 无法启动：\(reason)。")
    }

    package static let prefixConsistency = LocalizedText(
        "Every server applies the common history without gaps, from the point where its disk stands.",
        zh: "每台服务器从自己磁盘所在的位置起，毫无间断地执行共同的历史。")
    package static func gap(_ server: String, _ zxid: String, at state: String, missing: String) -> LocalizedText {
        LocalizedText(
            "\(server) applied \(zxid) to a state at \(state); \(missing) stands before it.",
            zh: "\(server) 在状态位于 \(state) 时执行了 \(zxid)；在它之前的应是 \(missing)。")
    }

    package static let sameTrees = LocalizedText(
        "After one zxid all servers have the same tree.", zh: "在同一个 zxid 之后，所有服务器的数据树都相同。")
    package static func otherTree(_ server: String, _ other: String, after zxid: String) -> LocalizedText {
        LocalizedText(
            "After \(zxid) the tree of \(server) is not that of \(other).",
            zh: "在 \(zxid) 之后，\(server) 的数据树与 \(other) 的不同。")
    }
    package static func behind(_ server: String, at zxid: String, last: String) -> LocalizedText {
        LocalizedText(
            "\(server) stands at \(zxid) in the end, and \(last) was applied elsewhere.",
            zh: "最终 \(server) 停在 \(zxid)，而 \(last) 已在别处执行。")
    }

    package static let linearizability = LocalizedText(
        "Writes happen one after the other, each between its request and its answer, and are answered accordingly.",
        zh: "写操作逐个生效，各自发生在请求与应答之间，应答与之相符。")
    package static func wrongOutcome(
        _ zxid: String, _ operation: String, _ found: String, expected: String
    ) -> LocalizedText {
        LocalizedText(
            "\(zxid) (\(operation)) came to “\(found)”; one request after the other leads to “\(expected)”.",
            zh: "\(zxid)（\(operation)）的结果是“\(found)”；若逐个执行，应为“\(expected)”。")
    }
    package static func acknowledgedAndLost(_ operation: String, _ zxid: String) -> LocalizedText {
        LocalizedText(
            "\(operation) was acknowledged as \(zxid) and took effect nowhere.",
            zh: "\(operation) 已确认为 \(zxid)，却在任何地方都未生效。")
    }
    package static func overtaken(_ late: String, _ lateZxid: String, by early: String, _ zxid: String) -> LocalizedText
    {
        LocalizedText(
            "\(late) began after \(early) had been answered, and yet \(lateZxid) stands before \(zxid).",
            zh: "\(late) 在 \(early) 得到应答之后才开始，\(lateZxid) 却排在 \(zxid) 之前。")
    }

    package static let sessionOrder = LocalizedText(
        "What one session asks is done and answered in its order, and it never sees an older state.",
        zh: "同一会话的请求按顺序执行和应答，且绝不会看到更旧的状态。")
    package static func outOfTurn(_ session: String, xid: Int32, after earlier: Int32) -> LocalizedText {
        LocalizedText(
            "Session \(session): request \(xid) took effect after request \(earlier).",
            zh: "会话 \(session)：请求 \(xid) 在请求 \(earlier) 之后才生效。")
    }
    package static func offended(_ client: String, _ what: String) -> LocalizedText {
        LocalizedText("\(client) was sent what no server may send: \(what).", zh: "\(client) 收到了服务器不该发送的内容：\(what)。")
    }

    package static let reads = LocalizedText(
        "A read shows the tree after the transaction that its answer names.", zh: "读操作返回的正是其应答所指事务之后的数据树。")
    package static func wrongRead(_ operation: String, _ zxid: String) -> LocalizedText {
        LocalizedText(
            "\(operation) does not show the tree after \(zxid).", zh: "\(operation) 返回的不是 \(zxid) 之后的数据树。")
    }

    package static let watchBeforeData = LocalizedText(
        "Whoever watches a node hears of a change before seeing it.", zh: "监视者先得知变化，然后才会看到变化。")
    package static func unannounced(_ client: String, _ path: String, _ zxid: String, xid: Int32) -> LocalizedText {
        LocalizedText(
            "\(client) watched \(path); the answer to its request \(xid) knows \(zxid), which changed it, and nothing was said of it before.",
            zh: "\(client) 监视着 \(path)；请求 \(xid) 的应答已包含修改它的 \(zxid)，此前却没有任何通知。")
    }

    package static let endedSessions = LocalizedText(
        "The session of a client that has gone ends in time, and its ephemeral nodes with it.",
        zh: "客户端消失之后，其会话按时结束，临时节点随之删除。")
    package static func undead(_ session: String, opened: String) -> LocalizedText {
        LocalizedText(
            "Session \(session), opened by \(opened), has no client and did not end.",
            zh: "由 \(opened) 打开的会话 \(session) 已没有客户端，却没有结束。")
    }

    package static let livingSessions = LocalizedText(
        "When everything is mended, the session of a client that is there goes on.", zh: "一切修复之后，在线客户端的会话不会终止。")
    package static func expiredAlive(_ client: String, milliseconds: UInt64) -> LocalizedText {
        LocalizedText(
            "\(client) was there, and at \(milliseconds) ms was told that its session had expired.",
            zh: "\(client) 一直在线，却在 \(milliseconds) 毫秒时被告知会话已过期。")
    }

    package static let service = LocalizedText(
        "When everything is mended, every client that lives is served.", zh: "一切修复之后，每个存活的客户端都得到服务。")
    package static func unserved(_ client: String, _ operation: String, _ outcome: String) -> LocalizedText {
        LocalizedText(
            "Everything is mended, and \(client) still waits: \(operation), \(outcome).",
            zh: "一切都已修复，\(client) 却仍在等待：\(operation)，\(outcome)。")
    }
}
