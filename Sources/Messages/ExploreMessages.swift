/// Sentences about searching every schedule of a protocol.
public enum ExploreMessages {
    public static let summary = LocalizedText("search every schedule of a protocol", zh: "穷举一个协议的所有调度")
    public static let help = LocalizedText(
        """
        usage: zoolab explore PROTOCOL [--scene SCENE] [options]
               zoolab explore --golden [MODEL…]

        Searches every order of messages, disk writes and timers of a protocol, and every fault within the budgets,
        breadth first. A violation comes with its shortest run. The scene gives the variant and what clients ask; its
        own faults are left out.

          --scene SCENE         the scene; without it, the protocol's first one
          --nodes N             how many participants (default: two, or as many as the scene needs)
          --invariant NAME      judge this promise or milestone only; may be repeated. ‘progress’ is judged only when asked
                                for; promises about whole runs are for ‘zoolab run’
          --crashes N           nodes may crash so often (default 1), also between two effects of a step
          --restarts N          and restart so often (default: as often as they crash)
          --losses N, --duplications N, --partitions N
                                so many messages may be lost or copied, so many partitions begin (default 0)
          --one-way N           so many links may be cut in one direction only (default 0)
          --pauses N            nodes may stop so often and go on as if nothing had been, or never (default 0)
          --early-timeouts N    so many timers may fire although a message could still come (default 0)
          --calm                what is sent and written arrives at once, in one order; timers, commands and faults come
                                only when everything is at rest. Reaches far with few states, and proves nothing about
                                slow messages; what it finds is shrunk
          --unordered           messages of one link may overtake each other
          --states N            give up after so many states (default 1000000)
          --depth N             search no further than so many events from the start
          --seconds N           give up after so long (default 60)
          --memory N            give up when the program holds so many megabytes (default: half of the machine's, at
                                most 4096); looked at every 4096 states
          --cores N             search on so many cores (default: all); the result is the same
          --reduce              of events whose order means nothing, try one order only: the same states and verdicts
                                with less work; not for ‘progress’
          --livelock            ‘progress’ is also broken by events that can be repeated for ever without any fault, and
                                while no message, timer or write has to wait for ever
          --walks N             N random walks instead: they reach further, judge all siblings, and prove nothing; what
                                they find is shrunk. They keep to --states, --depth, --seconds and --memory as well
          --steps N             a walk has so many events at most (default 1000)
          --seed N              of the walks (default 1)
          --until ‘NODE: WORDS’ go to a nearest state in which a node (*: any) shows these words, and begin there; may be
                                repeated
          --golden              count the states of published models (TwoPhase, Paxos…; without a name all), and show the
                                published numbers beside ours
          --trace FILE          write the shortest run, one JSON object a line
          --replay FILE         write it as explicit events, for ‘zoolab replay’
          --draw FILE           draw the shortest run: .svg .png .pdf .dot .txt; may be repeated
          --json                the result for programs

        exit code: 0 every promise holds, 1 one is broken, 2 not known (a bound was hit, or not everything was searched),
        64 wrong usage; with --golden 1 when a number differs

        examples:
          zoolab explore two-phase-commit
          zoolab explore two-phase-commit --invariant progress --draw blocked.svg
          zoolab explore two-phase-commit --scene decision-before-disk
          zoolab explore two-phase-commit --scene decision-before-disk --nodes 5 --losses 3 --walks 10000
          zoolab explore two-phase-commit --until ‘P1: uncertain’ --partitions 1
          zoolab explore raft --scene figure-8-counted --calm --crashes 0 --partitions 3 --until ‘*: leader t1: | 1’
          zoolab explore --golden
        """,
        zh: """
            用法：zoolab explore 协议 [--scene 场景] [选项]
                  zoolab explore --golden [MODEL…]

            按广度优先穷举一个协议的消息、写盘、定时器的所有先后次序，以及预算之内的所有故障。
            若违反约定，给出最短的一次运行。场景只提供协议变体和客户端请求，它自带的故障不使用。

              --scene 场景          选择场景；不写则用该协议的第一个场景
              --nodes N             参与者的个数（默认两个，或场景所需的最少个数）
              --invariant 名称      只判断这一条约定或里程碑，可重复；progress 只有点名时才判断；
                                    针对整次运行的约定由 zoolab run 判断
              --crashes N           最多宕机几次（默认 1），也可能发生在一步的两个动作之间
              --restarts N          最多重启几次（默认与宕机次数相同）
              --losses N、--duplications N、--partitions N
                                    最多丢失、复制几条消息，最多发生几次分区（默认 0）
              --one-way N           最多有几条链路只在一个方向上断开（默认 0）
              --pauses N            节点最多暂停几次；之后可能若无其事地继续，也可能不再继续（默认 0）
              --early-timeouts N    最多有几个定时器在消息还可能到达时就到时（默认 0）
              --calm                发送和写盘都按固定次序立即完成；定时器、请求和故障只在一切静止后发生。
                                    状态少，走得远，但对迟到的消息什么也证明不了；发现的运行会被缩短
              --unordered           同一条链路上的消息可以互相超车
              --states N            超过这么多状态就放弃（默认 1000000）
              --depth N             最多走到离起点这么多个事件
              --seconds N           超过这么多秒就放弃（默认 60）
              --memory N            程序占用的内存超过这么多兆字节就放弃（默认为本机内存的一半，最多 4096）；
                                    每 4096 个状态检查一次
              --cores N             用几个处理器核（默认全部）；结果相同
              --reduce              先后次序无关紧要的事件只试一种次序：状态和结论不变，工作量更小；不用于 progress
              --livelock            不需要任何故障、也没有消息、定时器或写盘一直等下去，却能无休止重复的事件，
                                    也算违反 progress
              --walks N             改为随机走 N 次：走得更远，途中的每个分支都检查，但什么也证明不了；
                                    发现的运行会被缩短；--states、--depth、--seconds、--memory 同样有效
              --steps N             每次随机走最多这么多个事件（默认 1000）
              --seed N              随机走的种子（默认 1）
              --until ‘节点: 词语’  先走到该节点（*：任一节点）显示这些词语的最近状态，再从那里开始搜索，可重复
              --golden              数一遍公开模型（TwoPhase、Paxos 等，不写名称则为全部）的状态，与公布的数字并列
              --trace 文件          写出最短的运行，每行一个 JSON 对象
              --replay 文件         把它写成明确的事件序列，供 zoolab replay 使用
              --draw 文件           画出最短的运行：.svg .png .pdf .dot .txt，可重复
              --json                输出供程序读取的结果

            退出码：0 所有约定都成立，1 有约定被违反，2 不确定（达到上限，或没有查完），64 用法错误；
            用 --golden 时，有数字不符则为 1

            示例：
              zoolab explore two-phase-commit
              zoolab explore two-phase-commit --invariant progress --draw blocked.svg
              zoolab explore two-phase-commit --scene decision-before-disk
              zoolab explore two-phase-commit --scene decision-before-disk --nodes 5 --losses 3 --walks 10000
              zoolab explore two-phase-commit --until ‘P1: uncertain’ --partitions 1
              zoolab explore raft --scene figure-8-counted --calm --crashes 0 --partitions 3 --until ‘*: leader t1: | 1’
              zoolab explore --golden
            """)
    public static let wanted = LocalizedText(
        "The state that the search is to begin with is reached.", zh: "到达了搜索要从那里开始的状态。")
    public static let needsProtocol = LocalizedText(
        "Which protocol? ‘zoolab run --list’ shows them all.", zh: "要穷举哪个协议？用 zoolab run --list 查看全部协议。")

    /// "crashes" → "crash", "losses" → "loss", "pauses" → "pause".
    private static func singular(_ plural: String) -> String {
        String(plural.dropLast(plural.hasSuffix("sses") || plural.hasSuffix("shes") ? 2 : 1))
    }

    public static func searching(
        scene: String, title: LocalizedText, participants: Int,
        budgets: [(english: String, chinese: String, count: Int)]
    ) -> LocalizedText {
        let granted = budgets.filter { $0.count > 0 }
        return LocalizedText(
            "\(title.english) (\(scene)), \(participants) participants; "
                + (granted.isEmpty
                    ? "no faults."
                    : "at most "
                        + granted.map { "\($0.count) \($0.count == 1 ? singular($0.english) : $0.english)" }
                        .joined(separator: ", ") + "."),
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
    public static func exhaustive(depth: Int) -> LocalizedText {
        LocalizedText(
            "Exhaustive within these budgets: every schedule was seen, to the last of \(depth) levels, and none breaks a"
                + " promise.",
            zh: "在这些预算之内已穷尽：直到第 \(depth) 层，也是最后一层，所有调度都检查过了，没有任何一个违反约定。")
    }
    public static func notExhaustive(_ reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "Not exhaustive: \(reason.english). Nothing is broken in what was seen.",
            zh: "未穷尽：\(reason.chinese)。已检查的部分没有违反约定。")
    }
    public static func nothingJudged(_ reason: LocalizedText) -> LocalizedText {
        LocalizedText("Nothing was judged: \(reason.english).", zh: "什么也没有判断：\(reason.chinese)。")
    }
    public static func stopped(by bound: LocalizedText, states: Int) -> LocalizedText {
        LocalizedText(
            "the search stopped at \(bound.english), after \(states) distinct states",
            zh: "\(bound.chinese)，搜索到此为止，共 \(states) 个不同状态")
    }
    public static func walked(_ walks: Int, steps: Int, states: Int) -> LocalizedText {
        LocalizedText(
            "random walks (at most \(walks), of at most \(steps) events), \(states) distinct states seen",
            zh: "只是随机走（最多 \(walks) 次，每次最多 \(steps) 个事件），看到了 \(states) 个不同状态")
    }
    public static func onlyAfter(_ stages: [String]) -> LocalizedText {
        LocalizedText(
            "only what follows the first shortest way to "
                + stages.map { "‘\($0)’" }.joined(separator: ", then ") + " was searched",
            zh: "只搜索了按第一条最短路径到达" + stages.map { "“\($0)”" }.joined(separator: "、再到") + "之后的部分")
    }
    public static let onlyCalm = LocalizedText(
        "all schedules within these budgets were searched in which what is sent and written arrives at once (--calm), and"
            + " no others",
        zh: "只搜索了这些预算之内发送和写盘都立即完成的调度（--calm），这些调度已全部查完")
    public static func reached(_ name: String, _ explanation: LocalizedText) -> LocalizedText {
        LocalizedText("Reached, \(name): \(explanation.english).", zh: "已到达 \(name)：\(explanation.chinese)。")
    }
    public static func neverReached(_ name: String, _ explanation: LocalizedText) -> LocalizedText {
        LocalizedText(
            "NEVER reached, \(name): \(explanation.english). Nothing that would come after it was tried.",
            zh: "从未到达 \(name)：\(explanation.chinese)。其后的情形都没有检验过。")
    }
    public static func notYetReached(_ name: String, _ explanation: LocalizedText) -> LocalizedText {
        LocalizedText(
            "Not reached so far, \(name): \(explanation.english).", zh: "尚未到达 \(name)：\(explanation.chinese)。")
    }
    public static func notJudged(_ names: [String]) -> LocalizedText {
        LocalizedText(
            "Not judged, because no single state shows it and a search sees states: \(names.joined(separator: ", "))."
                + " ‘zoolab run’ judges whole runs.",
            zh: "未判断：\(names.joined(separator: "、"))。这些约定针对整次运行，单看一个状态看不出来，而搜索只看状态；"
                + "请用 zoolab run 判断。")
    }
    public static func notOfStates(_ name: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "‘\(name)’ is a promise about whole runs, and a search judges states; use ‘zoolab run’, or judge one of"
                + " \(known.joined(separator: ", ")).",
            zh: "“\(name)”针对整次运行，而搜索只判断状态；请用 zoolab run，或改为判断 \(known.joined(separator: "、"))。")
    }
    public static func missed(_ stage: String) -> LocalizedText {
        LocalizedText(
            "no state was reached in which ‘\(stage)’, where the search was to begin",
            zh: "没有到达搜索要从那里开始的状态“\(stage)”")
    }
    public static func unreadableStage(_ text: String, nodes: [String]) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ names no state; write a node (\(nodes.joined(separator: ", "))), a colon, and words that it shows: ‘"
                + "\(nodes.last ?? "P1"): uncertain’.",
            zh: "“\(text)”没有指明状态；请写节点（\(nodes.joined(separator: "、"))）、冒号和它显示的词语，例如“"
                + "\(nodes.last ?? "P1"): uncertain”。")
    }
    public static func progress(states: Int, depth: Int, rate: Double) -> LocalizedText {
        LocalizedText(
            "\(states) states, depth \(depth), \(Int(rate)) a second",
            zh: "\(states) 个状态，深度 \(depth)，每秒 \(Int(rate)) 个")
    }
    public static let nothingToWrite = LocalizedText(
        "Nothing was broken, so there is no run to write into files.", zh: "没有违反约定，因此没有可写入文件的运行。")
    public static func shortest(_ steps: Int) -> LocalizedText {
        LocalizedText("The shortest run that breaks it has \(steps) events:", zh: "违反它的最短运行有 \(steps) 个事件：")
    }
    public static func shrunk(
        from found: Int, to steps: Int, participants: (searched: Int, needed: Int)
    ) -> LocalizedText {
        let (searched, needed) = participants
        let (fewer, fewerInChinese) =
            searched == needed
            ? ("", "") : (", \(searched) → \(needed) participants", "，\(searched) → \(needed) 个参与者")
        return LocalizedText(
            "\(found) → \(steps) events\(fewer): a run was found and shrunk until none of its events can be left out alone:",
            zh: "\(found) → \(steps) 个事件\(fewerInChinese)：找到一次运行，并把它缩短到任何一个事件都不能再单独去掉：")
    }
    public static func minimal(_ steps: Int) -> LocalizedText {
        LocalizedText(
            "A run of \(steps) events breaks it; none of them can be left out alone:",
            zh: "一次 \(steps) 个事件的运行违反了它，其中任何一个事件都不能单独去掉：")
    }
    public static func livelocked(_ steps: Int, cycle: Int) -> LocalizedText {
        LocalizedText(
            "A run of \(steps) events: a shortest way to where the lap begins (\(steps - cycle)), and one lap (\(cycle)), which"
                + " can be repeated for ever:",
            zh: "一次 \(steps) 个事件的运行：先按最短路径走到循环的起点（\(steps - cycle) 个），再走一圈（\(cycle) 个），"
                + "这一圈可以无休止地重复：")
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
    public static func boundMemory(_ bytes: Int) -> LocalizedText {
        LocalizedText("\(bytes >> 20) MB of memory (--memory)", zh: "内存达到 \(bytes >> 20) MB（--memory）")
    }
    public static let boundOther = LocalizedText("the end of the simulated time", zh: "到达模拟时间的终点")
}
