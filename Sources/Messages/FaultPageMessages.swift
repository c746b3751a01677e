/// The texts around the tables of the fault reference page.
public enum FaultPageMessages {
    public static let title = LocalizedText("Faults", zh: "故障词")
    public static let introduction = LocalizedText(
        "The same words break a simulated run and the real servers of `zoolab ensemble`. One fault is one line: a "
            + "word, what it is about, and perhaps when it begins (`at 120ms`, `after send COMMIT 1`) and for how long "
            + "(`for 300ms`). This page is made from the table that the parser uses.",
        zh: "无论是模拟运行，还是 `zoolab ensemble` 的真实服务器，用的都是同一套故障词。一个故障写成一行：先写故障词，再写对象，"
            + "还可以写何时开始（`at 120ms`、`after send COMMIT 1`）和持续多久（`for 300ms`）。本页由解析器所用的同一张表生成。")
    public static let words = LocalizedText("The words", zh: "全部故障词")
    public static let word = LocalizedText("word", zh: "故障词")
    public static let arguments = LocalizedText("arguments", zh: "参数")
    public static let meaning = LocalizedText("what happens", zh: "含义")
    public static let scope = LocalizedText("works on", zh: "适用范围")
    public static let repetition = LocalizedText("how often", zh: "生效次数")
    public static let fields = LocalizedText("further fields", zh: "其他字段")
    public static let examples = LocalizedText("Examples", zh: "示例")
    public static let details = LocalizedText("Which messages, and when", zh: "哪些消息、什么时候")
    public static let traceKinds = LocalizedText("Kinds of trace events", zh: "轨迹事件的种类")
    public static let rules = LocalizedText(
        """
        - `LABEL N` is the *N*th message with this label that matches while the fault is active: `drop COMMIT 1` loses \
        the first COMMIT. Without a number every match is meant; `every 3` means the third, the sixth, and so on, \
        and may stand last, too: `drop VOTE to P1 every 3`; `5%` hits each match with that chance.
        - `at TIME` is time since the run, or the ensemble, began; in a simulation it is virtual. Times are whole numbers with `s`, `ms` or `us`.
        - `after EVENT [LABEL [N]] [by NODE] [from NODE] [to NODE]` waits for the *N*th such event, the first without \
        a number. EVENT is `send`, `receive`, `persist`, `persisted`, `timer-fire` or `decide`. For `crash`, \
        `lose-unsynced`, `pause` and `skew` it must happen on the faulty node itself unless `by` names another; \
        `crash C after send COMMIT 1` stops C between its first COMMIT and whatever it would have done next.
        - Sessions of `expire-session` are those that `zoolab ensemble status` lists, or a simulation's own.
        - `for TIME` ends the fault: links heal, a crashed node restarts, a paused one goes on, a clock goes back.
        """,
        zh: """
            - `消息名 N` 指故障生效期间第 *N* 条匹配的消息：`drop COMMIT 1` 丢掉第一条 COMMIT。不写序号表示每一条；\
            `every 3` 表示第 3、6、9……条，也可以写在最后：`drop VOTE to P1 every 3`；`5%` 表示每条匹配的消息按这个概率中招。
            - `at 时间` 从运行或集群启动时算起；模拟运行中是虚拟时间。时间写成整数加 `s`、`ms` 或 `us`。
            - `after 事件 [名字 [N]] [by 节点] [from 节点] [to 节点]` 等待第 *N* 次这样的事件，不写 N 就是第一次。\
            事件可以是 `send`、`receive`、`persist`、`persisted`、`timer-fire` 或 `decide`。对 `crash`、`lose-unsynced`、\
            `pause` 和 `skew`，事件必须发生在出故障的节点自己身上，除非用 `by` 指定别的节点；\
            `crash C after send COMMIT 1` 让 C 恰好停在发出第一条 COMMIT 之后、做下一件事之前。
            - `expire-session` 中的会话名，见 `zoolab ensemble status` 的列表；模拟运行则用其自己的会话名。
            - `for 时间` 到时自动结束：链路恢复、宕机的节点重启、暂停的节点继续、时钟拨回。
            """)
    public static let traceRules = LocalizedText(
        "Every event has `n`, `t`, `kind` and `node`. A `receive`, `drop` or `duplicate` carries the `id` of its `send`. "
            + "Fields of the table may be missing where there is nothing to say.",
        zh: "每个事件都有 `n`、`t`、`kind` 和 `node`。`receive`、`drop`、`duplicate` 带有对应 `send` 的 `id`。表中的字段没有内容时可以省略。")
}
