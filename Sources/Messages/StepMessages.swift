/// Sentences of the step mode: a run that a person takes decision by decision.
public enum StepMessages {
    public static let mainBranch = LocalizedText("main", zh: "主线")
    public static let shrunkBranch = LocalizedText("shrunk", zh: "精简")

    // MARK: Panes

    public static let nodes = LocalizedText("Nodes", zh: "节点")
    /// Above the numbered nodes, while one is to be chosen.
    public static let nodeChoice = LocalizedText("Which one", zh: "选择节点")
    public static let pending = LocalizedText("What may come", zh: "待发生的事件")
    public static let news = LocalizedText("What happened", zh: "刚刚发生")
    public static let story = LocalizedText("The story", zh: "场景")
    public static let promises = LocalizedText("Promises", zh: "约定")
    public static let branchesTitle = LocalizedText("Branches", zh: "分支")
    public static func depth(_ depth: Int) -> LocalizedText { LocalizedText("step \(depth)", zh: "第 \(depth) 步") }
    /// With an arrow where more of it lies ahead.
    public static func branch(_ name: String, isAtTip: Bool) -> LocalizedText {
        let arrow = isAtTip ? "" : " →"
        return LocalizedText("branch \(name)\(arrow)", zh: "分支 \(name)\(arrow)")
    }
    public static let notStarted = LocalizedText("not started", zh: "未启动")
    public static let up = LocalizedText("up", zh: "运行")
    public static let paused = LocalizedText("PAUSED", zh: "暂停")
    public static let down = LocalizedText("DOWN", zh: "宕机")
    public static func disk(durable: Int, unsynced: Int) -> LocalizedText {
        LocalizedText(
            "disk \(durable)" + (unsynced == 0 ? "" : ", \(unsynced) unsynced"),
            zh: "磁盘 \(durable) 条" + (unsynced == 0 ? "" : "，未落盘 \(unsynced) 条"))
    }
    public static func clock(_ offset: String) -> LocalizedText { LocalizedText("clock \(offset)", zh: "时钟 \(offset)") }
    public static func cut(_ cuts: [String]) -> LocalizedText {
        LocalizedText("network cut: \(cuts.joined(separator: "; "))", zh: "网络断开：\(cuts.joined(separator: "；"))")
    }
    public static func inForce(_ faults: [String]) -> LocalizedText {
        LocalizedText("in force: \(faults.joined(separator: "; "))", zh: "生效中：\(faults.joined(separator: "；"))")
    }
    public static func waiting(_ faults: [String]) -> LocalizedText {
        LocalizedText("waiting: \(faults.joined(separator: "; "))", zh: "等待触发：\(faults.joined(separator: "；"))")
    }
    public static func more(_ count: Int) -> LocalizedText { LocalizedText("… \(count) more", zh: "…… 还有 \(count) 个") }
    public static func hidden(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) of routine hidden; v shows them", zh: "隐藏了 \(count) 个例行事件，按 v 显示")
    }
    public static let nothingPending = LocalizedText(
        "Nothing is left to happen: space ends the run and judges it.", zh: "没有待发生的事件了：按空格结束运行并做出判断。")
    public static func over(_ reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "The run is over: \(reason.english). b goes back into it.", zh: "运行结束：\(reason.chinese)。按 b 可以退回去。")
    }
    public static let quiescent = LocalizedText("nothing was left to happen", zh: "没有任何事件可以发生了")
    public static let timeIsUp = LocalizedText("the time of the scene is up", zh: "场景的时间到了")
    public static let tooManySteps = LocalizedText("it has become too long", zh: "运行太长了")
    public static let stoppedAtViolation = LocalizedText("a promise was broken", zh: "有约定被违反")
    public static func nondeterministic(_ node: String) -> LocalizedText {
        LocalizedText(
            "\(node) did two different things in the same situation, so nothing can be said about it",
            zh: "\(node) 在相同的情形下做了两件不同的事，无法得出结论")
    }
    public static func brokenBanner(_ invariant: String, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "✗ \(invariant) is broken: \(problem.english).", zh: "✗ 违反 \(invariant)：\(problem.chinese)。")
    }
    public static let afterBreaking = LocalizedText(
        "m shrinks the run, g draws it, s saves it, ? says why, b goes back.", zh: "m 精简，g 画图，s 保存，? 看原因，b 后退。")

    // MARK: Events that may come

    public static func messageSign(from: String, to: String) -> LocalizedText {
        LocalizedText("\(from) → \(to)", zh: "\(from) → \(to)")
    }
    public static let timer = LocalizedText("timer", zh: "定时器")
    public static let write = LocalizedText("on disk:", zh: "落盘")
    public static let command = LocalizedText("client asks:", zh: "客户端请求")
    public static let start = LocalizedText("starts", zh: "启动")
    public static let fault = LocalizedText("fault:", zh: "故障")
    public static let faultEnd = LocalizedText("end of the fault:", zh: "故障结束")
    public static let copy = LocalizedText("copy", zh: "副本")
    public static let lost = LocalizedText("will be lost", zh: "将丢失")
    public static func waitsFor(_ node: String) -> LocalizedText {
        LocalizedText("waits for \(node)", zh: "等待 \(node)")
    }
    public static func behind(_ label: String) -> LocalizedText {
        LocalizedText("behind \(label)", zh: "排在 \(label) 之后")
    }

    // MARK: Why

    public static let whyTitle = LocalizedText("Why?", zh: "为什么？")
    public static let drawing = LocalizedText("The run so far", zh: "到目前为止的运行")
    public static func isDue(_ what: LocalizedText, milliseconds: String) -> LocalizedText {
        LocalizedText(
            "\(what.english): due at \(milliseconds) ms.", zh: "\(what.chinese)，预定在 \(milliseconds) 毫秒。")
    }
    public static func messageArrives(_ label: String, from: String, to: String) -> LocalizedText {
        LocalizedText("\(label) from \(from) is on its way to \(to)", zh: "\(from) 发给 \(to) 的 \(label) 正在途中")
    }
    public static func timerFires(_ label: String, on node: String) -> LocalizedText {
        LocalizedText("\(node) has set the timer ‘\(label)’", zh: "\(node) 设置了定时器“\(label)”")
    }
    public static func writeEnds(_ label: String, on node: String) -> LocalizedText {
        LocalizedText("\(node) is forcing ‘\(label)’ to its disk", zh: "\(node) 正在把“\(label)”强制落盘")
    }
    public static func clientAsks(_ label: String, _ node: String) -> LocalizedText {
        LocalizedText("a client will ask \(node): \(label)", zh: "客户端将请求 \(node)：\(label)")
    }
    public static func nodeStarts(_ node: String) -> LocalizedText {
        LocalizedText("\(node) will start", zh: "\(node) 将启动")
    }
    public static func faultBegins(_ fault: String) -> LocalizedText {
        LocalizedText("the fault ‘\(fault)’ will begin", zh: "故障“\(fault)”将开始")
    }
    public static func faultEnds(_ fault: String) -> LocalizedText {
        LocalizedText("the fault ‘\(fault)’ will be over", zh: "故障“\(fault)”将结束")
    }
    public static func mustWaitFor(_ node: String) -> LocalizedText {
        LocalizedText(
            "It must wait: \(node) stands still. r restarts, p lets a paused node go on.",
            zh: "还要等：\(node) 没有在运行。r 重启，p 让暂停的节点继续。")
    }
    public static func mustWaitBehind(_ label: String) -> LocalizedText {
        LocalizedText(
            "It must wait: \(label) comes before it, and links and disks keep their order. (The faults reorder and delay "
                + "break the order of a link.)",
            zh: "还要等：\(label) 在它前面，链路和磁盘都保持顺序。（故障 reorder 和 delay 可以打乱链路的顺序。）")
    }
    public static let willBeLost = LocalizedText(
        "It will be lost: a fault has struck it, its link is cut, or its receiver is down.",
        zh: "它将丢失：被故障击中、链路已断开，或接收方已宕机。")
    public static let sceneAsks = LocalizedText("The scene says so.", zh: "这是场景安排好的。")
    public static let scriptSays = LocalizedText("The script of faults says so.", zh: "这是故障脚本安排好的。")
    public static let ledHere = LocalizedText("What led here:", zh: "来龙去脉：")
    public static let everythingKept = LocalizedText("Every promise is kept so far.", zh: "到目前为止所有约定都得到遵守。")

    // MARK: Remarks

    public static let impossible = LocalizedText("That is not possible here.", zh: "现在做不到。")
    public static let noSuchNumber = LocalizedText("There is nothing with this number.", zh: "没有这个编号。")
    public static let atBeginning = LocalizedText("This is the beginning.", zh: "已经在开头了。")
    public static let atTip = LocalizedText("This is the end of the branch.", zh: "已经在分支的末端了。")
    public static let noMessages = LocalizedText("No message is on its way.", zh: "没有消息在途中。")
    public static let noTimers = LocalizedText("No timer is set.", zh: "没有设置定时器。")
    public static let noNodes = LocalizedText("There is no such node now.", zh: "现在没有这样的节点。")
    public static let nothingBroken = LocalizedText(
        "No promise is broken, so there is nothing to shrink.", zh: "没有约定被违反，没有可精简的内容。")
    public static let cannotShrink = LocalizedText(
        "This run cannot be shrunk: its promise is about the whole run, or its clocks matter.",
        zh: "无法精简：这条约定针对整个运行，或与时钟有关。")
    public static func shrunk(from: Int, to: Int) -> LocalizedText {
        LocalizedText(
            "Shrunk from \(from) to \(to) steps, in a branch of their own. b and → walk through them.",
            zh: "从 \(from) 步精简到 \(to) 步，放在单独的分支里。用 b 和 → 逐步查看。")
    }
    public static func saved(_ paths: [String]) -> LocalizedText {
        LocalizedText("Wrote \(paths.joined(separator: ", ")).", zh: "已写入 \(paths.joined(separator: "、"))。")
    }
    public static func atBranch(_ name: String) -> LocalizedText {
        LocalizedText("Now on branch ‘\(name)’.", zh: "现在在分支“\(name)”上。")
    }
    public static func branchLine(length: Int, leftAfter: Int?) -> LocalizedText {
        LocalizedText(
            "\(length) steps" + (leftAfter.map { ", leaves after \($0)" } ?? ""),
            zh: "\(length) 步" + (leftAfter.map { "，第 \($0) 步之后分出" } ?? ""))
    }

    // MARK: Questions

    public static let whichDrop = LocalizedText("Which message gets lost? Number, or Esc.", zh: "让哪条消息丢失？输入编号，Esc 取消。")
    public static let whichDuplicate = LocalizedText(
        "Which message comes twice? Number, or Esc.", zh: "让哪条消息重复到达？输入编号，Esc 取消。")
    public static let whichTimer = LocalizedText("Which timer fires? Number, or Esc.", zh: "让哪个定时器到时？输入编号，Esc 取消。")
    public static let whichCrash = LocalizedText("Who crashes? Number, or Esc.", zh: "让哪个节点宕机？输入编号，Esc 取消。")
    public static let whichRestart = LocalizedText("Who restarts? Number, or Esc.", zh: "重启哪个节点？输入编号，Esc 取消。")
    public static let whichPause = LocalizedText(
        "Who pauses, or goes on if paused? Number, or Esc.", zh: "暂停（已暂停则继续）哪个节点？输入编号，Esc 取消。")
    public static let whichWhy = LocalizedText(
        "Why which? Number; ? again: why is a promise broken; Esc.", zh: "看哪一个的原因？输入编号；再按 ? 看约定为什么被违反；Esc 取消。")
    public static func number(_ typed: String) -> LocalizedText {
        LocalizedText("Number \(typed)_  Enter takes it; Esc.", zh: "编号 \(typed)_  回车确认，Esc 取消。")
    }
    public static let numberTwo = LocalizedText(
        "2_  Enter takes event 2; 2 again duplicates a message; Esc.", zh: "2_  回车选择事件 2；再按 2 复制一条消息；Esc 取消。")
    public static let askPartition = LocalizedText("Cut (A,B|C, A>B, or A alone): ", zh: "切断（A,B|C、A>B 或单个 A）：")
    public static let askFault = LocalizedText("Fault: ", zh: "故障：")
    public static let askBranch = LocalizedText("Name of the new branch (empty: a number): ", zh: "新分支的名字（留空则用编号）：")
    /// Half a window at most: what is typed stands behind it.
    public static func askFile(_ usual: String) -> LocalizedText {
        LocalizedText("Save as [\(usual)]: ", zh: "存为 [\(usual)]：")
    }
    public static let branchKeys = LocalizedText(
        "number: go there · f: new branch here · Esc", zh: "编号：切换过去 · f：在此处新建分支 · Esc 取消")
    public static let pageKeys = LocalizedText(
        "↑ ↓ scroll · s save as a picture · Esc back", zh: "↑ ↓ 滚动 · s 存成图片 · Esc 返回")
    public static let reasonKeys = LocalizedText("↑ ↓ scroll · Esc back", zh: "↑ ↓ 滚动 · Esc 返回")

    // MARK: Keys

    /// What a key does, in the order of the bottom lines.
    public static let keys: [(key: String, meaning: LocalizedText)] = [
        ("␣", LocalizedText("next", zh: "下一步")), ("1-9", LocalizedText("choose", zh: "选择")),
        ("t", LocalizedText("timer", zh: "定时器")), ("d", LocalizedText("drop", zh: "丢弃")),
        ("2 2", LocalizedText("duplicate", zh: "复制")), ("c", LocalizedText("crash", zh: "宕机")),
        ("r", LocalizedText("restart", zh: "重启")), ("p", LocalizedText("pause", zh: "暂停")),
        ("/", LocalizedText("split", zh: "分区")), ("h", LocalizedText("heal", zh: "恢复")),
        (":", LocalizedText("fault", zh: "故障")), ("?", LocalizedText("why", zh: "原因")),
        ("b", LocalizedText("back", zh: "后退")), ("→", LocalizedText("redo", zh: "重做")),
        ("f", LocalizedText("fork", zh: "分支")), ("g", LocalizedText("draw", zh: "画图")),
        ("s", LocalizedText("save", zh: "保存")), ("q", LocalizedText("quit", zh: "退出")),
    ]

    // MARK: Leaving

    public static func left(protocolName: String, scene: String, depth: Int, branches: Int) -> LocalizedText {
        LocalizedText(
            "Left \(protocolName) \(scene) after step \(depth)" + (branches > 1 ? ", with \(branches) branches." : "."),
            zh: "在第 \(depth) 步离开了 \(protocolName) 的 \(scene)" + (branches > 1 ? "，共 \(branches) 个分支。" : "。"))
    }

    // MARK: Failures

    public static let needsTerminal = LocalizedText(
        "--step needs a terminal to draw on. Run it there, or give it keys through a pipe: "
            + "printf '  cq' | zoolab run two-phase-commit --step",
        zh: "--step 需要在终端里运行。也可以用管道输入按键：printf '  cq' | zoolab run two-phase-commit --step")
    public static func windowTooSmall(columns: Int, rows: Int) -> LocalizedText {
        LocalizedText("The window is too small: \(columns)×\(rows) is needed.", zh: "窗口太小：至少需要 \(columns)×\(rows)。")
    }
    public static let onlyWithoutStep = LocalizedText(
        "--step takes no files, --json, --show, --invariant, --list or --all beside it: s saves and g draws on the way.",
        zh: "--step 不能与文件选项、--json、--show、--invariant、--list 或 --all 一起使用：步进时按 s 保存，按 g 画图。")
}
