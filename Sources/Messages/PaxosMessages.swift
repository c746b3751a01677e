/// What Paxos promises, and how a broken promise is told.
package enum PaxosMessages {
    package static let title = LocalizedText("Paxos, one decision", zh: "Paxos：就一个值达成一致")

    /// Every phrase of the states and messages of the machines of Paxos.
    package static let vocabulary = Vocabulary([
        .init("learned ", zh: "已获知 "), .init("preparing ", zh: "准备 "), .init("proposing ", zh: "提议 "),
        .init("promised ", zh: "已承诺 "), .init("accepted ", zh: "已接受 "), .init("waiting", zh: "退避中"),
        .init("handed over", zh: "已转交"), .init("gave up", zh: "已放弃"), .init("reading back", zh: "查询用过的编号"),
        .init("round ", zh: "轮次 "), .init(", has ", zh: "，已接受 "), .init("nothing", zh: "无"), .init("; ", zh: "；"),
        .init(", promised ", zh: "，已承诺 "), .init(", accepted ", zh: "，已接受 "),
    ])

    package static let onlyProposedValues = LocalizedText(
        "Only a value that a client has proposed is accepted", zh: "只有客户端提出过的值才会被接受")
    package static func notProposed(_ value: String, acceptor: String) -> LocalizedText {
        LocalizedText(
            "\(acceptor) accepted “\(value)”, which nobody has proposed", zh: "\(acceptor) 接受了“\(value)”，但没有人提出过它")
    }

    package static let atMostOneChosen = LocalizedText("At most one value is chosen, ever", zh: "被选定的值永远最多只有一个")
    package static func twoChosen(_ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "quorums have accepted both \(first) and \(second)", zh: "\(first) 和 \(second) 都已被法定人数接受")
    }

    package static let learnedIsChosen = LocalizedText(
        "What a learner learns has been chosen: a quorum has it on disk under one ballot",
        zh: "学习者获知的值确实已被选定：法定人数的接受者在同一编号下把它写进了磁盘")
    package static func notChosen(_ value: String, learner: String) -> LocalizedText {
        LocalizedText(
            "\(learner) has learned \(value), and no quorum has accepted it under one ballot",
            zh: "\(learner) 获知了 \(value)，但并没有法定人数在同一编号下接受过它")
    }

    package static let oneValuePerBallot = LocalizedText(
        "All votes under one ballot are for one value (OneValuePerBallot)", zh: "同一编号下的所有投票都投给同一个值（OneValuePerBallot）")
    package static func twoValues(
        ballot: String, _ first: (acceptor: String, value: String), _ second: (acceptor: String, value: String)
    ) -> LocalizedText {
        LocalizedText(
            "under ballot \(ballot), \(first.acceptor) accepted \(first.value) and \(second.acceptor) accepted \(second.value)",
            zh: "在编号 \(ballot) 下，\(first.acceptor) 接受了 \(first.value)，\(second.acceptor) 却接受了 \(second.value)")
    }

    package static let oneVote = LocalizedText(
        "An acceptor votes for at most one value under one ballot (OneVote)", zh: "一个接受者在同一编号下最多投给一个值（OneVote）")
    package static func votedTwice(_ acceptor: String, ballot: String) -> LocalizedText {
        LocalizedText(
            "\(acceptor) accepted two values under ballot \(ballot)", zh: "\(acceptor) 在编号 \(ballot) 下接受了两个值")
    }

    package static let safeAt = LocalizedText(
        "When a value is voted for, no other can have been chosen below that ballot, or still be (SafeAt)",
        zh: "给某个值投票时，更小的编号下不可能已经选定、也不可能再选定别的值（SafeAt）")
    package static func unsafe(_ vote: String, acceptor: String) -> LocalizedText {
        LocalizedText(
            "\(acceptor) voted for \(vote), but below that ballot another value can be chosen",
            zh: "\(acceptor) 投给了 \(vote)，但在更小的编号下，另一个值仍可能被选定")
    }

    package static let showsSafeAt = LocalizedText(
        "Behind each vote stands a quorum that has promised its ballot and reported no other value last (ShowsSafeAt)",
        zh: "每一票背后都有一个法定人数：它们已承诺该编号，且最近一次接受的没有别的值（ShowsSafeAt）")
    package static func notShownSafe(_ vote: String, acceptor: String) -> LocalizedText {
        LocalizedText(
            "\(acceptor) voted for \(vote), and no quorum shows that this was safe",
            zh: "\(acceptor) 投给了 \(vote)，但没有任何法定人数能证明这是安全的")
    }
}
