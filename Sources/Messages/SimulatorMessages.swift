/// Sentences of the simulator, as traces and errors carry them.
public enum SimulatorMessages {
    public static func recordsLost(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) unsynced \(count == 1 ? "record" : "records") lost", zh: "丢失 \(count) 条未落盘的记录")
    }
    public static func recovered(_ count: Int) -> LocalizedText {
        LocalizedText("recovered \(count) \(count == 1 ? "record" : "records")", zh: "从磁盘恢复 \(count) 条记录")
    }
    public static let lostDropped = LocalizedText("lost: dropped by a fault", zh: "丢失：被故障丢弃")
    public static let lostLinkCut = LocalizedText("lost: the link is cut", zh: "丢失：链路已断开")
    public static let lostNodeDown = LocalizedText("lost: the receiver is down", zh: "丢失：接收方已宕机")
    public static func unknownNode(_ name: String, in fault: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "The fault ‘\(fault)’ names ‘\(name)’, but the nodes of this run are \(known.joined(separator: ", ")).",
            zh: "故障“\(fault)”里的节点“\(name)”不存在；本次运行的节点是 \(known.joined(separator: "、"))。")
    }
    public static func needsSessions(_ fault: String) -> LocalizedText {
        LocalizedText(
            "The fault ‘\(fault)’ needs a coordination server: simulated protocols have no sessions. Take it out.",
            zh: "故障“\(fault)”只适用于协调服务：模拟的协议没有会话，请去掉它。")
    }

    // MARK: Time travel

    public static func branchNameTaken(_ name: String) -> LocalizedText {
        LocalizedText("There is a branch ‘\(name)’ already. Choose another name.", zh: "已经有名为“\(name)”的分支，请换一个名字。")
    }
    public static func tooManyBranches(_ limit: Int) -> LocalizedText {
        LocalizedText(
            "There are \(limit) branches, which is as many as there may be.", zh: "分支已有 \(limit) 个，达到上限。")
    }
    public static func doesNotRepeat(step: Int) -> LocalizedText {
        LocalizedText(
            "The run does not repeat itself: decision \(step), played again, led elsewhere. A machine of this protocol "
                + "is not deterministic.",
            zh: "这次运行无法重现：第 \(step) 个决定重做之后结果不同。该协议的状态机不是确定性的。")
    }

    // MARK: Replays

    public static func divergence(at entry: Int, event: String, _ difference: LocalizedText) -> LocalizedText {
        LocalizedText(
            "The replay leaves its track at event \(entry), ‘\(event)’: \(difference.english)",
            zh: "重放在第 \(entry) 个事件“\(event)”处偏离了记录：\(difference.chinese)")
    }
    public static func otherNodes(recorded: [String], here: [String]) -> LocalizedText {
        LocalizedText(
            "The replay was recorded with the nodes \(recorded.joined(separator: ", ")), but this run has "
                + "\(here.joined(separator: ", ")). Use the parameters of its first line.",
            zh: "记录中的节点是 \(recorded.joined(separator: "、"))，而这里是 \(here.joined(separator: "、"))。请使用文件第一行的参数。")
    }
    public static let unreadableEvent = LocalizedText(
        "this protocol knows no such event. Was the file made for another protocol?",
        zh: "这个协议里没有这样的事件。文件是不是为另一个协议生成的？")
    public static let impossibleEvent = LocalizedText(
        "this cannot happen in the state reached. The code has changed since the recording.",
        zh: "在当前状态下不可能发生这件事。代码在记录之后改过了。")
    public static func otherState(of node: String, recorded: String, here: String) -> LocalizedText {
        LocalizedText(
            "\(node) is now ‘\(here)’; recorded was ‘\(recorded)’. The code has changed since the recording.",
            zh: "\(node) 现在是“\(here)”，记录的是“\(recorded)”。代码在记录之后改过了。")
    }
    public static func otherFingerprint(recorded: String, here: String) -> LocalizedText {
        LocalizedText(
            "the states read the same but differ in detail: fingerprint \(here), recorded \(recorded). "
                + "The code has changed since the recording.",
            zh: "状态摘要相同，但细节不同：指纹现在是 \(here)，记录的是 \(recorded)。代码在记录之后改过了。")
    }
    public static func livelock(steps: Int, problem: LocalizedText?) -> LocalizedText {
        LocalizedText(
            "\(steps) events lead back to the same situation and can be repeated for ever, without any fault"
                + (problem.map { ": \($0.english)" } ?? "."),
            zh: "\(steps) 个事件之后又回到同样的局面，不需要任何故障就能无休止地重复下去"
                + (problem.map { "：\($0.chinese)" } ?? "。"))
    }
    public static let lapBegins = LocalizedText("again and again from here", zh: "从这里起周而复始")
    public static func noLap(_ events: Int) -> LocalizedText {
        LocalizedText(
            "Every event went as recorded, but the last \(events) should lead back to where they began, and do not.",
            zh: "每个事件都与记录一致，但最后的 \(events) 个事件本应回到它们开始时的局面，却没有回到。")
    }
    public static func otherOutcome(recorded: String, here: [String]) -> LocalizedText {
        let found =
            here.isEmpty
            ? ("nothing", "没有违反任何性质") : (here.joined(separator: ", "), "违反了 " + here.joined(separator: "、"))
        return LocalizedText(
            "Every event went as recorded, but the run should break ‘\(recorded)’ and breaks \(found.0).",
            zh: "每个事件都与记录一致，但本应违反“\(recorded)”，实际\(found.1)。")
    }
}
