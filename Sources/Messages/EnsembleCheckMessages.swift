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
}
