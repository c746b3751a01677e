/// Sentences about Raft.
package enum RaftMessages {
    package static let title = LocalizedText("Raft: a replicated log with a strong leader", zh: "Raft：强领导者的复制日志")

    /// Every phrase of what the machines say of themselves.
    package static let vocabulary = Vocabulary([
        .init("leader t", zh: "领导者 t"), .init("follower t", zh: "跟随者 t"), .init("candidate t", zh: "候选人 t"),
        .init("pre-candidate t", zh: "预候选人 t"), .init("learner t", zh: "学习者 t"), .init("outside t", zh: "非成员 t"),
        .init("empty", zh: "空"), .init(", log ", zh: "，日志 "),
        .init("no-op", zh: "空操作"), .init("read ", zh: "读 "), .init("members ", zh: "成员 "), .init("commit ", zh: "已提交 "),
        .init("has a leader: ignores ", zh: "已有领导者，不理睬 "), .init("has a leader: no vote for ", zh: "已有领导者，不投给 "),
        .init("has more in its log: no vote for ", zh: "自己的日志更新，不投给 "), .init("cuts its log from ", zh: "截断日志，从 "),
        .init("told to take over", zh: "奉命接任"), .init("hears no majority: steps down", zh: "听不到多数派：退位"),
        .init("nobody has taken over", zh: "没有人接任"), .init("handing over to ", zh: "正在移交给 "),
        .init("is no member any more: steps down", zh: "已不是成员：退位"),
        .init("has more than the snapshot: ignores it", zh: "已有内容比快照更新：忽略"),
        .init("not the leader: ", zh: "不是领导者："), .init("no leader", zh: "没有领导者"), .init(" does not vote", zh: " 没有投票权"),
        .init("refused: ", zh: "拒绝："), .init("another change is under way", zh: "另一次变更尚未完成"),
        .init("nothing of its own term is committed", zh: "本任期还没有提交任何条目"),
        .init("one server at a time", zh: "一次只能变更一台"),
        .init("under way", zh: "正在进行"), .init("too slow", zh: "追赶太慢"), .init("done", zh: "完成"),
        .init("waiting for ", zh: "等待 "), .init("sent by the leader", zh: "领导者指派"),
        .init(" unknown, from ", zh: " 未知，从 "),
        .init("through ", zh: "至 "), .init("from ", zh: "从 "), .init("vote ", zh: "投给 "), .init(" to ", zh: " 找 "),
        .init(" has ", zh: " 已有 "), .init(" after ", zh: "，用时 "),
    ])

    package static let electionSafety = LocalizedText(
        "Election Safety: a term has at most one leader", zh: "选举安全：一个任期最多一个领导者")
    package static func twoLeaders(_ first: String, _ second: String, term: UInt32) -> LocalizedText {
        LocalizedText("\(first) and \(second) both lead term \(term)", zh: "\(first) 与 \(second) 同时领导任期 \(term)")
    }

    package static let leaderAppendOnly = LocalizedText(
        "Leader Append-Only: a leader never overwrites or deletes entries of its log", zh: "领导者只追加：领导者从不覆盖或删除自己日志里的条目")
    package static func leaderCut(_ leader: String, _ what: String) -> LocalizedText {
        LocalizedText("the leader \(leader) cut its log \(what)", zh: "领导者 \(leader) 截断了自己的日志（\(what)）")
    }

    package static let logMatching = LocalizedText(
        "Log Matching: where two logs have an entry of the same index and term, they agree up to there",
        zh: "日志匹配：两份日志若有索引与任期都相同的条目，则直到该条目为止完全一致")
    package static func diverged(_ first: String, _ second: String, index: UInt32) -> LocalizedText {
        LocalizedText(
            "\(first) and \(second) differ at index \(index), although they agree later on",
            zh: "\(first) 与 \(second) 在索引 \(index) 处不同，后面却又相同")
    }

    package static let leaderCompleteness = LocalizedText(
        "Leader Completeness: what was committed in a term is in the log of every later leader",
        zh: "领导者完备：某任期内提交的条目，存在于以后每个领导者的日志里")
    package static func leaderLacks(
        _ leader: String, term: UInt32, index: UInt32, entryTerm: UInt32, committedBy server: String
    ) -> LocalizedText {
        LocalizedText(
            "\(leader) leads term \(term) without entry \(index) of term \(entryTerm), which \(server) has committed",
            zh: "\(leader) 领导任期 \(term)，却没有 \(server) 已提交的条目 \(index)（任期 \(entryTerm)）")
    }

    package static let stateMachineSafety = LocalizedText(
        "State Machine Safety: no two servers apply different entries at one index", zh: "状态机安全：任何两台服务器都不会在同一索引执行不同的条目")
    package static func appliedDifferently(
        _ first: String, _ firstTerm: UInt32, _ second: String, _ secondTerm: UInt32, index: UInt32
    ) -> LocalizedText {
        LocalizedText(
            "at index \(index), \(first) applied an entry of term \(firstTerm) and \(second) one of term \(secondTerm)",
            zh: "在索引 \(index)，\(first) 执行了任期 \(firstTerm) 的条目，\(second) 执行了任期 \(secondTerm) 的条目")
    }

    package static let atMostOnce = LocalizedText(
        "A request is carried out once, however often it is repeated", zh: "一个请求无论重发多少次，都只执行一次")
    package static func executedAgain(_ server: String, client: String, serial: UInt32) -> LocalizedText {
        LocalizedText(
            "\(server) carried out request \(serial) of \(client) more than once",
            zh: "\(server) 把 \(client) 的请求 \(serial) 执行了不止一次")
    }

    package static let configurationInLog = LocalizedText(
        "A server uses the latest configuration of its log", zh: "服务器使用自己日志里最新的成员配置")
    package static func usesOtherMembers(_ server: String, uses: String, log: String) -> LocalizedText {
        LocalizedText(
            "\(server) counts on \(uses), and its log says \(log)", zh: "\(server) 按 \(uses) 计票，而它的日志里是 \(log)")
    }

    package static let agreement = LocalizedText(
        "Nothing is decided in two ways, at any time", zh: "在任何时候，同一件事不会有两种决定")
    package static func decidedTwice(_ subject: String, _ first: String, _ second: String) -> LocalizedText {
        LocalizedText(
            "“\(subject)” was decided as “\(first)” and as “\(second)”",
            zh: "“\(subject)”先后被定为“\(first)”和“\(second)”")
    }

    package static let freshReads = LocalizedText(
        "A read finds what was committed before it was asked for", zh: "读能看到在它发起之前已提交的一切")
    package static func staleRead(_ node: String, key: String, answer: String, written: String) -> LocalizedText {
        LocalizedText(
            "\(node) was answered \(key)=\(answer), although \(key)=\(written) had been committed before it asked",
            zh: "\(node) 读到 \(key)=\(answer)，但在它发起读之前 \(key)=\(written) 已经提交")
    }

    package static let handOver = LocalizedText(
        "Who was chosen to take over leads next", zh: "被指定接任者成为下一任领导者")
    package static func tookOverInstead(_ next: String, chosen: String) -> LocalizedText {
        LocalizedText("\(chosen) was to take over, and \(next) did", zh: "本应由 \(chosen) 接任，结果却是 \(next)")
    }

    package static let stableLeader = LocalizedText(
        "A leader that a majority hears is not deposed", zh: "多数派都听得到的领导者不会被赶下台")
    package static func deposed(_ first: String, _ next: String, subject: String) -> LocalizedText {
        LocalizedText(
            "\(first) was deposed although nothing had happened to it; \(subject) belongs to \(next)",
            zh: "\(first) 安然无恙却被赶下台，\(subject) 归了 \(next)")
    }
}
