/// What the judge saw, rule by rule: the sentences of "what happened".
public enum JudgementMessages {
    public static func allEntered(_ programs: String) -> LocalizedText {
        LocalizedText("\(programs) each got their turn.", zh: "\(programs) 都轮到了。")
    }
    public static func neverEntered(_ program: String, _ waited: String) -> LocalizedText {
        LocalizedText(
            "\(program) did not get in within \(waited), though it was its turn.",
            zh: "轮到 \(program) 了，它却没有在 \(waited) 内进入。")
    }
    public static func ended(_ program: String, _ status: LocalizedText) -> LocalizedText {
        LocalizedText(
            "\(program) had ended by then (\(status.english)).", zh: "\(program) 这时已经退出（\(status.chinese)）。")
    }
    public static func saidError(_ program: String, _ text: String) -> LocalizedText {
        LocalizedText("\(program) reported: \(text)", zh: "\(program) 报告说：\(text)")
    }

    public static func bothInside(_ first: String, _ second: String, _ time: String) -> LocalizedText {
        LocalizedText(
            "At \(time), \(second) was let in while \(first), whose session was alive, was still inside.",
            zh: "\(time) 时，\(first) 会话还在、还没有离开，\(second) 就进来了。")
    }
    public static func neverTwo(_ stays: Int) -> LocalizedText {
        LocalizedText("\(stays) stays, no two at the same time.", zh: "共进入 \(stays) 次，没有两次重叠。")
    }
    public static let tooFewStays = LocalizedText(
        "Fewer than two programs got in, so nothing could be compared.", zh: "进入资源的程序不到两个，无从比较。")

    public static func cutOffWork(_ program: String, after newer: String) -> LocalizedText {
        LocalizedText(
            "\(program) was cut off from the server, \(newer) took over, and then \(program)'s work was accepted.",
            zh: "\(program) 与服务器断开，\(newer) 已经接替，\(program) 之后的操作却仍被接受。")
    }
    public static func cutOffRefused(_ program: String, after newer: String) -> LocalizedText {
        LocalizedText(
            "\(program), cut off from the server until \(newer) had taken over, was refused.",
            zh: "\(program) 与服务器断开期间由 \(newer) 接替，\(program) 之后的操作被拒绝。")
    }

    public static func overtaken(_ first: String, by second: String) -> LocalizedText {
        LocalizedText("\(first) asked first, but \(second) got in first.", zh: "先请求的是 \(first)，先进入的却是 \(second)。")
    }
    public static func inOrder(_ order: String) -> LocalizedText {
        LocalizedText("In the order of asking: \(order).", zh: "按请求次序进入：\(order)。")
    }

    public static func noAnswerInTime(_ program: String, _ limit: String, _ bound: String) -> LocalizedText {
        LocalizedText(
            "\(program) was told to wait for \(limit) at most, and had not answered \(bound) after that.",
            zh: "要求 \(program) 最多等 \(limit)，时间过去 \(bound) 后它仍然没有答复。")
    }
    public static func leftNode(_ program: String, _ path: String) -> LocalizedText {
        LocalizedText(
            "\(program) gave up, but its node \(path) stayed.", zh: "\(program) 放弃了等待，它的节点 \(path) 却还在。")
    }
    public static func enteredLate(_ program: String) -> LocalizedText {
        LocalizedText("\(program) got in after its time was up.", zh: "\(program) 在时限过后仍然进入了。")
    }
    public static func freeButRefused(_ program: String) -> LocalizedText {
        LocalizedText(
            "The place was free, and still \(program) did not get in within its time limit.",
            zh: "位置明明空着，\(program) 却没能在时限内进入。")
    }
    public static let nothingLeft = LocalizedText(
        "The attempt ended in time and left no node.", zh: "按时结束，没有留下节点。")

    public static func tookOver(_ program: String, _ time: String) -> LocalizedText {
        LocalizedText("\(program) got in \(time) after the kill.", zh: "杀死持有者 \(time) 后，\(program) 进入。")
    }
    public static func tookOverAndHandedOver(_ killed: String, _ resigned: String) -> LocalizedText {
        LocalizedText(
            "A new leader \(killed) after the kill and \(resigned) after the resignation.",
            zh: "杀死后 \(killed)、辞职后 \(resigned)，新的领导者接任。")
    }
    public static func noSuccessor(after event: LocalizedText, _ waited: String) -> LocalizedText {
        LocalizedText(
            "\(event.english); \(waited) later nobody else had got in.", zh: "\(event.chinese)；过了 \(waited) 仍然没有别的程序进入。"
        )
    }
    public static func tooSlow(after event: LocalizedText, _ program: String, _ time: String) -> LocalizedText {
        LocalizedText(
            "\(event.english); \(program) got in only \(time) later.", zh: "\(event.chinese)；\(program) 过了 \(time) 才进入。"
        )
    }
    public static func killed(_ program: String) -> LocalizedText {
        LocalizedText("\(program) was killed while inside", zh: "\(program) 在里面时被杀死")
    }
    public static func left(_ program: String) -> LocalizedText {
        LocalizedText("\(program) let go", zh: "\(program) 已经让出")
    }
    public static func lostReply(_ program: String) -> LocalizedText {
        LocalizedText("\(program)'s create succeeded, but its reply was lost", zh: "\(program) 的创建成功了，应答却丢失了")
    }
    public static func lostRequest(_ program: String) -> LocalizedText {
        LocalizedText(
            "\(program)'s delete was lost with the connection", zh: "\(program) 的删除请求随连接一起丢失了")
    }
    public static func nodesLeft(_ paths: String) -> LocalizedText {
        LocalizedText(
            "Nobody was inside or waiting any more, and yet these nodes were left: \(paths).",
            zh: "已经没有程序持有或等待，却还留着这些节点：\(paths)。")
    }
    public static let cleanedUp = LocalizedText(
        "The node was deleted in spite of the broken connection, and none is left.", zh: "连接断了，节点仍然被删除，最后没有剩余节点。")
    public static func faultDidNotHappen(_ program: String, _ operation: String) -> LocalizedText {
        LocalizedText(
            "\(program) never sent a \(operation), which this scenario was waiting to disturb.",
            zh: "\(program) 始终没有发出 \(operation) 请求，而本场景正要干扰它。")
    }
    public static let survived = LocalizedText(
        "The reply was lost, and everybody still got their turn.", zh: "应答丢失之后，大家照样都轮到了。")

    public static func herdCost(_ costs: String, many: Int, few: Int) -> LocalizedText {
        LocalizedText(
            "Watch events and requests of each hand-over, with seven waiting down to one: \(costs). The median is \(many) with "
                + "four or more waiting, and \(few) with fewer.",
            zh: "等待者从七个减到一个，每次交接的监视通知和请求数：\(costs)。四个以上等待者时中位数是 \(many)，更少时是 \(few)。")
    }
    public static func handoversMissing(_ count: Int) -> LocalizedText {
        LocalizedText("Only \(count) of seven hand-overs happened.", zh: "七次交接只完成了 \(count) 次。")
    }

    public static func tokenNotRising(_ program: String, _ token: Int64, after highest: Int64) -> LocalizedText {
        LocalizedText(
            "\(program) came in with token \(token) after token \(highest) had been accepted.",
            zh: "已经接受过令牌 \(highest)，\(program) 却带着令牌 \(token) 进入。")
    }
    public static func tokenNotOwn(_ program: String, _ token: Int64) -> LocalizedText {
        LocalizedText(
            "\(program)'s token \(token) is not the czxid of a node that \(program) created and that still existed.",
            zh: "\(program) 的令牌 \(token) 不是它自己创建且当时还在的任何节点的 czxid。")
    }
    public static func staleWork(_ program: String, after newer: String) -> LocalizedText {
        LocalizedText(
            "\(program) was paused past its session, \(newer) took over, and then \(program)'s work was accepted.",
            zh: "\(program) 被暂停到会话过期，\(newer) 已经接替，\(program) 醒来后的操作却仍被接受。")
    }
    public static func staleRefused(_ program: String, tokens: String) -> LocalizedText {
        LocalizedText(
            "Tokens \(tokens); the work of \(program), woken up too late, was refused.",
            zh: "令牌依次为 \(tokens)；\(program) 醒得太迟，操作被拒绝。")
    }
    public static let staleNotTried = LocalizedText(
        "The holder that was paused past its session did not try to work afterwards.", zh: "被暂停到会话过期的持有者醒来后没有再尝试操作。")
}
