/// Sentences about searching every schedule of a protocol.
public enum ExploreMessages {
    public static let summary = LocalizedText("search every schedule of a protocol", zh: "穷举一个协议的所有调度")
    public static let help = LocalizedText(
        """
        usage: zoolab explore PROTOCOL [--scene SCENE] [options]

        Searches every order of messages, disk writes and timers of a protocol, and every fault within the budgets,
        breadth first. A violation comes with its shortest run. The scene gives the variant and what clients ask; its
        own faults are left out.

          --scene SCENE         the scene; without it, the protocol's first one
          --nodes N             how many participants (default: two, or as many as the scene needs)
          --invariant NAME      judge this promise only; may be repeated. ‘progress’ is judged only when asked for
          --crashes N           nodes may crash so often (default 1), also between two effects of a step
          --restarts N          and restart so often (default: as often as they crash)
          --losses N, --duplications N, --partitions N
                                so many messages may be lost or copied, so many partitions begin (default 0)
          --early-timeouts N    so many timers may fire although a message could still come (default 0)
          --unordered           messages of one link may overtake each other
          --states N            give up after so many states (default 1000000)
          --depth N             search no further than so many events from the start
          --seconds N           give up after so long (default 60)
          --trace FILE          write the shortest run, one JSON object a line
          --replay FILE         write it as explicit events, for ‘zoolab replay’
          --draw FILE           draw the shortest run: .svg .png .pdf .dot .txt; may be repeated
          --json                the result for programs

        exit code: 0 every promise holds, 1 one is broken, 2 not known (a bound was hit), 64 wrong usage

        examples:
          zoolab explore two-phase-commit
          zoolab explore two-phase-commit --invariant progress --draw blocked.svg
          zoolab explore two-phase-commit --scene decision-before-disk
        """,
        zh: """
            用法：zoolab explore 协议 [--scene 场景] [选项]

            按广度优先穷举一个协议的消息、写盘、定时器的所有先后次序，以及预算之内的所有故障。
            若违反约定，给出最短的一次运行。场景只提供协议变体和客户端请求，它自带的故障不使用。

              --scene 场景          选择场景；不写则用该协议的第一个场景
              --nodes N             参与者的个数（默认两个，或场景所需的最少个数）
              --invariant 名称      只判断这一条约定，可重复；progress 只有点名时才判断
              --crashes N           最多宕机几次（默认 1），也可能发生在一步的两个动作之间
              --restarts N          最多重启几次（默认与宕机次数相同）
              --losses N、--duplications N、--partitions N
                                    最多丢失、复制几条消息，最多发生几次分区（默认 0）
              --early-timeouts N    最多有几个定时器在消息还可能到达时就到时（默认 0）
              --unordered           同一条链路上的消息可以互相超车
              --states N            超过这么多状态就放弃（默认 1000000）
              --depth N             最多走到离起点这么多个事件
              --seconds N           超过这么多秒就放弃（默认 60）
              --trace 文件          写出最短的运行，每行一个 JSON 对象
              --replay 文件         把它写成明确的事件序列，供 zoolab replay 使用
              --draw 文件           画出最短的运行：.svg .png .pdf .dot .txt，可重复
              --json                输出供程序读取的结果

            退出码：0 所有约定都成立，1 有约定被违反，2 不确定（达到上限），64 用法错误

            示例：
              zoolab explore two-phase-commit
              zoolab explore two-phase-commit --invariant progress --draw blocked.svg
              zoolab explore two-phase-commit --scene decision-before-disk
            """)
    public static let needsProtocol = LocalizedText(
        "Which protocol? ‘zoolab run --list’ shows them all.", zh: "要穷举哪个协议？用 zoolab run --list 查看全部协议。")

    public static func searching(
        scene: String, title: LocalizedText, participants: Int,
        budgets: [(english: String, chinese: String, count: Int)]
    ) -> LocalizedText {
        let granted = budgets.filter { $0.count > 0 }
        return LocalizedText(
            "\(title.english) (\(scene)), \(participants) participants; "
                + (granted.isEmpty
                    ? "no faults."
                    : "at most " + granted.map { "\($0.count) \($0.english)" }.joined(separator: ", ") + "."),
            zh: "\(title.chinese)（\(scene)），\(participants) 个参与者；"
                + (granted.isEmpty
                    ? "无故障。" : "最多 " + granted.map { "\($0.count) 次\($0.chinese)" }.joined(separator: "、") + "。"))
    }
    public static func counts(states: Int, generated: Int, depth: Int, seconds: Double, rate: Double) -> LocalizedText {
        let tenths = (seconds * 10).rounded() / 10
        return LocalizedText(
            "\(states) distinct states, \(generated) generated, depth \(depth), \(tenths) s, \(Int(rate)) states a second.",
            zh: "\(states) 个不同状态，共生成 \(generated) 个，深度 \(depth)，用时 \(tenths) 秒，每秒 \(Int(rate)) 个。")
    }
    public static let holds = LocalizedText(
        "No schedule within these budgets breaks a promise: every one was seen.", zh: "在这些预算之内，没有任何调度违反约定：所有调度都检查过了。")
    public static let nothingToWrite = LocalizedText(
        "Nothing was broken, so there is no run to write into files.", zh: "没有违反约定，因此没有可写入文件的运行。")
    public static func shortest(_ steps: Int) -> LocalizedText {
        LocalizedText("The shortest run that breaks it has \(steps) events:", zh: "违反它的最短运行有 \(steps) 个事件：")
    }
    public static let unknown = LocalizedText(
        "Nothing is broken in what was seen, but not everything was seen", zh: "已检查的部分没有违反约定，但并未查完")
    public static func stopped(by bound: LocalizedText) -> LocalizedText {
        LocalizedText(
            "\(unknown.english): the search stopped at \(bound.english).", zh: "\(unknown.chinese)：\(bound.chinese)。")
    }
    public static func boundStates(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) states (--states)", zh: "状态数达到 \(count)（--states）")
    }
    public static func boundDepth(_ count: Int) -> LocalizedText {
        LocalizedText("depth \(count) (--depth)", zh: "深度达到 \(count)（--depth）")
    }
    public static func boundElapsed(_ milliseconds: Int) -> LocalizedText {
        LocalizedText("\(milliseconds / 1_000) s (--seconds)", zh: "用时达到 \(milliseconds / 1_000) 秒（--seconds）")
    }
    public static let boundOther = LocalizedText("the limit of memory", zh: "内存达到上限")
}
