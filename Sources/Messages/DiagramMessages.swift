/// Words on diagrams: what kinds of events are called, legends, captions, and the story of a run.
public enum DiagramMessages {
    // What stands beside a sign where the trace gives no label of its own.
    public static let crash = LocalizedText("crash", zh: "崩溃")
    public static let restart = LocalizedText("restart", zh: "重启")
    public static let pause = LocalizedText("pause", zh: "暂停")
    public static let resume = LocalizedText("resume", zh: "继续")
    public static let healed = LocalizedText("healed", zh: "网络恢复")
    public static let violation = LocalizedText("violated", zh: "违反")
    public static let sessionOpen = LocalizedText("session opened", zh: "会话建立")
    public static let sessionExpire = LocalizedText("session expired", zh: "会话过期")
    public static let connectionLoss = LocalizedText("connection lost", zh: "连接断开")
    public static let watchSet = LocalizedText("watch", zh: "设置监视")
    public static let watchFire = LocalizedText("watch fires", zh: "监视触发")
    public static let check = LocalizedText("check", zh: "检查")
    public static let checkEnd = LocalizedText("check done", zh: "检查完成")
    public static let decided = LocalizedText("decided", zh: "决定")
    public static let phase = LocalizedText("phase", zh: "阶段")

    public static func partition(_ side: String) -> LocalizedText {
        LocalizedText("partition: \(side)", zh: "网络分区：\(side)")
    }
    public static func oneWay(_ from: String, _ to: String) -> LocalizedText {
        LocalizedText("one way cut: \(from) to \(to)", zh: "单向中断：\(from) 到 \(to)")
    }
    /// A word about what it concerns: "tx 1: commit".
    public static func about(_ subject: String, _ word: String) -> LocalizedText {
        LocalizedText("\(subject): \(word)", zh: "\(subject)：\(word)")
    }
    public static func violated(_ rule: String, _ reason: String?) -> LocalizedText {
        LocalizedText(
            "violated: \(rule)" + (reason.map { " — \($0)" } ?? ""), zh: "违反：\(rule)" + (reason.map { "。\($0)" } ?? ""))
    }
    public static func skipped(_ time: String) -> LocalizedText {
        LocalizedText("\(time) idle", zh: "空闲 \(time)")
    }
    public static func pageStub(_ page: Int, isForward: Bool) -> LocalizedText {
        isForward
            ? LocalizedText("to page \(page)", zh: "见第 \(page) 页")
            : LocalizedText("from page \(page)", zh: "接第 \(page) 页")
    }
    public static func page(_ number: Int, of count: Int) -> LocalizedText {
        LocalizedText("page \(number) of \(count)", zh: "第 \(number) 页，共 \(count) 页")
    }
    public static func seed(_ seed: String) -> LocalizedText {
        LocalizedText("seed \(seed)", zh: "随机种子 \(seed)")
    }
    /// A parameter of a run; those that ZooLab writes itself have Chinese names.
    public static func parameter(_ name: String, _ value: String) -> LocalizedText {
        let chinese = ["scene": "场景", "participants": "参与者数", "model": "模型", "promise": "约定"][name]
        return LocalizedText("\(name) \(value)", zh: "\(chinese ?? name) \(value)")
    }
    public static func unlabelled(_ count: Int) -> LocalizedText {
        LocalizedText(
            count == 1
                ? "one message had no room for its label; pointing at it shows the text"
                : "\(count) messages had no room for a label; pointing at them shows the text",
            zh: "有 \(count) 条消息的标签放不下；把鼠标移到箭头上可以看到内容")
    }
    public static let emptyTrace = LocalizedText("nothing happened in this run", zh: "这次运行中没有任何事件")

    // Kinds of events, for tooltips and listings.
    public static let kindSend = LocalizedText("sends", zh: "发送")
    public static let kindReceive = LocalizedText("receives", zh: "收到")
    public static let kindDrop = LocalizedText("message lost", zh: "消息丢失")
    public static let kindDuplicate = LocalizedText("message duplicated", zh: "消息被重复")
    public static let kindPartition = LocalizedText("network splits", zh: "网络分区")
    public static let kindInvoke = LocalizedText("is asked", zh: "收到请求")
    public static let kindRespond = LocalizedText("answers", zh: "应答")
    public static let kindState = LocalizedText("state", zh: "状态")
    public static let kindPhaseBegin = LocalizedText("phase begins", zh: "阶段开始")
    public static let kindPhaseEnd = LocalizedText("phase ends", zh: "阶段结束")
    public static let kindNote = LocalizedText("note", zh: "说明")
    public static let kindAnnotate = LocalizedText("annotation", zh: "批注")
    public static let kindWatchSet = LocalizedText("sets a watch", zh: "设置监视")

    // The legend.
    public static let legendDelivered = LocalizedText("message (slope: delay)", zh: "消息（斜率表示延迟）")
    public static let legendDeliveredRows = LocalizedText("message", zh: "消息")
    public static let legendLost = LocalizedText("lost", zh: "丢失")
    public static let legendCut = LocalizedText("stopped by the partition", zh: "被分区阻断")
    public static let legendDuplicate = LocalizedText("duplicate", zh: "重复送达")
    public static let legendInFlight = LocalizedText("still on its way", zh: "仍在途中")
    public static let legendDown = LocalizedText("down", zh: "宕机期间")
    public static let legendPaused = LocalizedText("paused", zh: "暂停期间")
    public static let legendWriting = LocalizedText("being written", zh: "正在写盘")
    public static let legendPersist = LocalizedText("write begins", zh: "开始写盘")
    public static let legendPersisted = LocalizedText("on disk", zh: "已落盘")
    public static let legendTimerSet = LocalizedText("timer set", zh: "设置定时器")
    public static let legendTimerFire = LocalizedText("timer fires", zh: "定时器触发")
    public static let legendOperation = LocalizedText("operation of a client", zh: "客户端操作")
    public static let legendSkew = LocalizedText("clock skew", zh: "时钟偏移")

    // The story.
    public static func storyOpening(_ name: String, nodes: String, events: Int, time: String) -> LocalizedText {
        LocalizedText(
            "\(name): \(nodes); \(events) events in \(time).", zh: "\(name)：\(nodes)；\(time)内共 \(events) 个事件。")
    }
    public static let unnamedRun = LocalizedText("A run", zh: "一次运行")
    public static func storyMessages(sent: Int, delivered: Int, lost: Int, duplicated: Int) -> LocalizedText {
        LocalizedText(
            "\(sent) \(sent == 1 ? "message is" : "messages are") sent; \(delivered) delivered, \(lost) lost, "
                + "\(duplicated) duplicated.",
            zh: "共发送 \(sent) 条消息，送达 \(delivered) 次，丢失 \(lost) 次，重复 \(duplicated) 次。")
    }
    public static func storyCrash(_ node: String, _ time: String) -> LocalizedText {
        LocalizedText("\(node) crashes at \(time).", zh: "\(node) 在 \(time) 崩溃。")
    }
    public static func storyRestart(_ node: String, _ time: String) -> LocalizedText {
        LocalizedText("\(node) restarts at \(time).", zh: "\(node) 在 \(time) 重启。")
    }
    public static func storyPartition(_ groups: String, _ time: String) -> LocalizedText {
        LocalizedText("The network splits (\(groups)) at \(time).", zh: "\(time) 时网络分区（\(groups)）。")
    }
    public static func storyHeal(_ time: String) -> LocalizedText {
        LocalizedText("It heals at \(time).", zh: "\(time) 时网络恢复。")
    }
    public static func storyDecision(_ node: String, _ outcome: String, _ time: String) -> LocalizedText {
        LocalizedText("\(node) decides \(outcome) at \(time).", zh: "\(node) 在 \(time) 决定 \(outcome)。")
    }
    public static func storyViolation(_ rule: String, _ time: String) -> LocalizedText {
        LocalizedText("At \(time) a rule is violated: \(rule).", zh: "\(time) 时违反了规则：\(rule)。")
    }
    public static func storyMore(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) more such events follow.", zh: "此后还有 \(count) 个这类事件。")
    }
}
