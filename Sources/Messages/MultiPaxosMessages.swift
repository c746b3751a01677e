/// What a replicated account promises, and how a broken promise is told.
package enum MultiPaxosMessages {
    package static let title = LocalizedText("Multi-Paxos: a sequence of decisions", zh: "Multi-Paxos：一连串的决定")

    /// Every phrase of the states and messages of the machines of Multi-Paxos.
    package static let vocabulary = Vocabulary([
        .init("following", zh: "跟随"), .init("preparing ", zh: "准备 "), .init("leading ", zh: "领导 "),
        .init(", balance ", zh: "，余额 "), .init("balance ", zh: "余额 "), .init(" from [", zh: " 自 ["),
        .init("from [", zh: "自 ["), .init(", has ", zh: "，已接受 "), .init(", promised ", zh: "，已承诺 "),
        .init("not the leader", zh: "不是领导者"), .init("leads", zh: "当选"), .init("already told", zh: "已经知道"),
        .init("stepped down", zh: "退位"), .init("phase 1", zh: "第一阶段"),
        .init("no-op", zh: "空操作"),
    ])

    package static let oneEntryPerSlot = LocalizedText("At most one entry is chosen for each slot", zh: "每个槽位最多选定一个条目")
    package static func twoEntries(slot: Int, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "for slot \(slot), majorities have accepted both \(first) and \(second)",
            zh: "槽位 \(slot) 上，\(first) 和 \(second) 都已被多数派接受")
    }

    package static let appliedIsChosen = LocalizedText(
        "What a server takes for chosen has been accepted by a majority under one ballot",
        zh: "服务器认为已选定的条目，确实被多数派在同一编号下接受过")
    package static func notChosen(server: String, slot: Int, _ entry: String) -> LocalizedText {
        LocalizedText(
            "\(server) takes \(entry) for chosen in slot \(slot), and no majority has accepted it",
            zh: "\(server) 以为槽位 \(slot) 选定了 \(entry)，但并没有多数派接受过它")
    }

    package static let appliedInOrder = LocalizedText(
        "Every server applies the slots in their order, leaving none out", zh: "每台服务器按槽位顺序执行，不跳过任何一个")
    package static func outOfOrder(server: String, slot: Int, missing: Int) -> LocalizedText {
        LocalizedText(
            "\(server) has applied slot \(slot) before slot \(missing)",
            zh: "\(server) 先执行了槽位 \(slot)，而槽位 \(missing) 还没执行")
    }

    package static let atMostOnce = LocalizedText(
        "A client's command takes effect at most once, however often it is sent", zh: "客户端的一条命令无论发送多少次，最多生效一次")
    package static func appliedTwice(server: String, _ deposit: String) -> LocalizedText {
        LocalizedText("\(server) has applied \(deposit) twice", zh: "\(server) 把 \(deposit) 执行了两次")
    }

    package static let readsAreCurrent = LocalizedText(
        "A read shows everything that had been acknowledged before it was asked", zh: "读到的结果包含提问之前已确认的一切")
    package static func stale(server: String, shown: Int, least: Int) -> LocalizedText {
        LocalizedText(
            "\(server) answered \(shown), when deposits of \(least) had been acknowledged",
            zh: "\(server) 回答 \(shown)，而此前已确认的存款共有 \(least)")
    }
}
