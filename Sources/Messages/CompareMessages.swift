/// Sentences about comparing protocols with each other.
public enum CompareMessages {
    public static let summary = LocalizedText(
        "one request and one fault schedule for several protocols", zh: "让几个协议面对同一个请求和同一组故障")
    public static let help = LocalizedText(
        """
        usage: zoolab compare [PROTOCOL…] [options]

        Gives every protocol the same request and the same faults, with as many seeds as wanted, and shows side by side what
        it has cost. Protocols that agree on whether all commit, and protocols that copy one log, solve different problems
        and have a table each. Without options: what happens when nothing goes wrong.

          --fault FAULT         in the fault words; may be repeated. L is the node that leads when the request comes, N1,
                                N2… are the others. Times count from the request. Labels and ‘after’ are not for here:
                                each protocol has its own
          --nodes N             nodes of each protocol, the one that leads included, 3 to 7 (default 4)
          --runs N              seeds 1 to N (default 20)
          --draw FILE           draw bars: .svg .png .pdf .dot; may be repeated
          --json                the figures for programs

        messages, writes: sent, and forced to disk, from the request to the last decision; heartbeats are not left out
        delays: rounds of messages, one after the other, that led to the first decision
        wait: the longest time from a node's first forced write, its vote, to its learning what was decided; a node that
              is stuck waits to the end
        stuck: runs in which somebody who was up could not go on. none: in which nothing was ever decided
        wrong: in which a promise was broken. …: the figure is that of a request which was not done with in every run

        exit code: 0 compared, 64 wrong usage

        examples:
          zoolab compare
          zoolab compare --fault ‘crash L at 20ms’
          zoolab compare two-phase-commit three-phase-commit --fault ‘pause L at 20ms for 600ms’
          zoolab compare --fault ‘isolate L at 20ms for 1s’ --draw isolated.svg
        """,
        zh: """
            用法：zoolab compare [协议…] [选项]

            让每个协议面对同样的请求和同样的故障，按给定数量的种子各运行一次，再把代价并排列出。
            “大家要么都提交、要么都中止”与“复制同一份日志”是两个不同的问题，因此各列一张表。
            不带选项时，展示一切正常的情形。

              --fault 故障          用故障词书写，可重复。L 是请求到来时的领导节点，N1、N2……是其余节点。
                                    时间从请求到来算起。不能使用消息标签和 after：各协议的标签并不相同
              --nodes N             每个协议的节点数，含领导节点，3 到 7（默认 4）
              --runs N              使用种子 1 到 N（默认 20）
              --draw 文件           画成条形图：.svg .png .pdf .dot；可重复
              --json                以 JSON 输出，供程序读取

            消息数、强制写盘：从请求到来计到最后一个决定，心跳也计入
            跳数：消息要前后相继走多少轮，才有第一个决定
            等待：节点从第一次强制写盘（即投票）到得知结果的最长时间；卡住的节点计到运行结束
            卡住：有在线节点无法继续的运行次数。无结果：始终没有任何决定的次数
            出错：违反了约定的次数。数字后带 …：并非每次运行都把请求做完，这个数字不是全部代价

            退出码：0 已比较，64 用法错误

            示例：
              zoolab compare
              zoolab compare --fault ‘crash L at 20ms’
              zoolab compare two-phase-commit three-phase-commit --fault ‘pause L at 20ms for 600ms’
              zoolab compare --fault ‘isolate L at 20ms for 1s’ --draw isolated.svg
            """)

    public static let atomicCommitment = LocalizedText(
        "Atomic commitment: one transaction, all or nothing", zh: "原子提交：一个事务，要么全做，要么全不做")
    public static let replication = LocalizedText(
        "Replication: one write to every copy of a log", zh: "复制：把一次写入送到日志的每个副本")

    /// Of the tables, first column first.
    public static let columns = [
        LocalizedText("protocol", zh: "协议"), messages, delays, writes, waiting,
        LocalizedText("stuck", zh: "卡住"), LocalizedText("none", zh: "无结果"), LocalizedText("wrong", zh: "出错"),
    ]
    public static let messages = LocalizedText("messages", zh: "消息数")
    public static let delays = LocalizedText("delays", zh: "跳数")
    public static let writes = LocalizedText("writes", zh: "强制写盘")
    public static let waiting = LocalizedText("wait, ms", zh: "等待 ms")
    public static let stuckRuns = LocalizedText("stuck, runs", zh: "卡住的次数")
    public static let wrongRuns = LocalizedText("wrong, runs", zh: "出错的次数")

    public static func faults(_ faults: [String]) -> LocalizedText {
        LocalizedText(
            faults.isEmpty ? "Nothing goes wrong" : "Faults: \(faults.joined(separator: "; "))",
            zh: faults.isEmpty ? "一切正常" : "故障：\(faults.joined(separator: "；"))")
    }
    public static func size(nodes: Int, runs: Int) -> LocalizedText {
        LocalizedText(
            "\(nodes) nodes each, \(runs) run\(runs == 1 ? "" : "s"), mean values",
            zh: "每个协议 \(nodes) 个节点，运行 \(runs) 次，取平均值")
    }
    public static func wrong(_ protocolName: String, invariant: String, seed: UInt64) -> LocalizedText {
        LocalizedText(
            "\(protocolName) broke its promise ‘\(invariant)’, first with seed \(seed).",
            zh: "\(protocolName) 违反了约定 \(invariant)，最先出现于种子 \(seed)。")
    }
    public static func notComparable(_ name: String, known: [String], nearest: String?) -> LocalizedText {
        LocalizedText(
            "‘\(name)’ is not among the protocols that can be compared: \(known.joined(separator: ", "))."
                + (nearest.map { " Did you mean ‘\($0)’?" } ?? ""),
            zh: "“\(name)”不在可以比较的协议之列：\(known.joined(separator: "、"))。"
                + (nearest.map { "是不是想输入“\($0)”？" } ?? ""))
    }
    public static func waits(_ fault: String) -> LocalizedText {
        LocalizedText(
            "‘\(fault)’ waits for an event, and events have other names in every protocol. Say when it begins: ‘at 20ms’.",
            zh: "“\(fault)”要等待某个事件，而各协议的事件名称并不相同。请写明开始的时间，例如 at 20ms。")
    }
    public static func nobodyLeads(_ name: String, _ scene: String) -> LocalizedText {
        LocalizedText(
            "In \(name)'s scene ‘\(scene)’ nobody leads, so that ‘L’ means nobody. Choose other protocols.",
            zh: "在 \(name) 的场景“\(scene)”里没有领导节点，L 无所指。请选择其他协议。")
    }
    public static let legend = LocalizedText(
        "✗ red: a promise was broken in some run. Dashed, with …: in some run the request was not done with: nothing was "
            + "decided, or somebody who was up got stuck.",
        zh: "红色并带 ✗：某次运行中违反了约定。虚线并带 …：某次运行没有把请求做完——始终没有决定，或有在线节点卡住。")
    public static let notAsText = LocalizedText(
        "Bars are drawn as .svg, .png, .pdf or .dot; the tables are the text.",
        zh: "条形图可画成 .svg、.png、.pdf 或 .dot；文字形式就是上面的表格。")
}
