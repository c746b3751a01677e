/// Sentences about running scenes of protocols.
public enum RunMessages {
    private static func didYouMean(_ nearest: String?) -> (english: String, chinese: String) {
        (nearest.map { " Did you mean ‘\($0)’?" } ?? "", nearest.map { "是不是想输入“\($0)”？" } ?? "")
    }

    public static func unknownProtocol(_ name: String, nearest: String?) -> LocalizedText {
        let hint = didYouMean(nearest)
        return LocalizedText(
            "There is no protocol ‘\(name)’.\(hint.english) ‘zoolab run --list’ shows them all.",
            zh: "没有名为“\(name)”的协议。\(hint.chinese)用 zoolab run --list 查看全部协议。")
    }
    public static func unknownScene(_ name: String, protocolName: String, nearest: String?) -> LocalizedText {
        let hint = didYouMean(nearest)
        return LocalizedText(
            "\(protocolName) has no scene ‘\(name)’.\(hint.english) ‘zoolab run \(protocolName) --list’ shows them all.",
            zh: "\(protocolName) 没有名为“\(name)”的场景。\(hint.chinese)用 zoolab run \(protocolName) --list 查看全部场景。")
    }
    public static func participantsOutOfRange(_ count: Int, scene: String, allowed: ClosedRange<Int>) -> LocalizedText {
        LocalizedText(
            "The scene ‘\(scene)’ needs \(allowed.lowerBound) to \(allowed.upperBound) participants, not \(count).",
            zh: "场景“\(scene)”需要 \(allowed.lowerBound) 到 \(allowed.upperBound) 个参与者，不能是 \(count) 个。")
    }
}

// MARK: - Verdicts

extension RunMessages {
    public static let progress = LocalizedText(
        "whoever is up comes to a decision, once nothing more goes wrong", zh: "只要不再出故障，在线的节点最终都能做出决定")
    public static func stuck(_ nodes: [(name: String, state: LocalizedText)]) -> LocalizedText {
        LocalizedText(
            nodes.map { "\($0.name) waits (\($0.state.english))" }.joined(separator: "; "),
            zh: nodes.map { "\($0.name) 在等待（\($0.state.chinese)）" }.joined(separator: "；"))
    }
    public static func broken(_ invariant: String, explanation: LocalizedText, problem: LocalizedText) -> LocalizedText
    {
        LocalizedText(
            "Broken promise, \(invariant): \(explanation.english).\n  But \(problem.english).",
            zh: "违反约定 \(invariant)：\(explanation.chinese)。\n  然而 \(problem.chinese)。")
    }
    public static func kept(_ invariant: String, explanation: LocalizedText) -> LocalizedText {
        LocalizedText(
            "Promise kept, \(invariant): \(explanation.english).", zh: "约定 \(invariant) 得到遵守：\(explanation.chinese)。")
    }
    public static let allKept = LocalizedText("Every promise was kept.", zh: "所有约定都得到遵守。")
    public static func decided(_ decisions: [String]) -> LocalizedText {
        LocalizedText(
            decisions.isEmpty ? "Nothing was decided." : "Decided: \(decisions.joined(separator: "; ")).",
            zh: decisions.isEmpty ? "没有做出任何决定。" : "决定：\(decisions.joined(separator: "；"))。")
    }
    public static func blocked(_ nodes: [(name: String, state: LocalizedText)]) -> LocalizedText {
        LocalizedText(
            "Blocked: " + nodes.map { "\($0.name) (\($0.state.english))" }.joined(separator: "; ") + ".",
            zh: "被阻塞：" + nodes.map { "\($0.name)（\($0.state.chinese)）" }.joined(separator: "；") + "。")
    }
    public static let nobodyBlocked = LocalizedText("Nobody who is up is blocked.", zh: "在线的节点没有被阻塞的。")
    public static let asExpected = LocalizedText("This is what the scene is there to show.", zh: "这正是本场景要展示的结果。")
    public static func notAsExpected(violated: String?, decisions: [String], blocked: [String]) -> LocalizedText {
        if let violated {
            return LocalizedText(
                "NOT AS EXPECTED: the scene should break the promise ‘\(violated)’ first.",
                zh: "与预期不符：本场景应当首先违反约定“\(violated)”。")
        }
        return LocalizedText(
            "NOT AS EXPECTED: every promise should be kept; decided should be \(named(decisions, none: "nothing")), "
                + "blocked \(named(blocked, none: "nobody")).",
            zh: "与预期不符：所有约定都应得到遵守；应当决定：\(named(decisions, none: "无"))；应当被阻塞：\(named(blocked, none: "无"))。")
    }
    /// What must come of a scene, in a line of a list.
    public static func expected(violated: String?, blocked: [String]) -> LocalizedText {
        if let violated { return LocalizedText("breaks \(violated)", zh: "违反 \(violated)") }
        guard !blocked.isEmpty else { return LocalizedText("keeps every promise", zh: "约定全部得到遵守") }
        return LocalizedText(
            "\(blocked.joined(separator: ", ")) left waiting", zh: "\(blocked.joined(separator: "、")) 一直等待")
    }
    private static func named(_ words: [String], none: String) -> String {
        words.isEmpty ? none : words.joined(separator: ", ")
    }
    public static let cutShort = LocalizedText(
        "The run was stopped by the limit on steps; nothing can be said about its end.", zh: "步数达到上限，运行被中止，无法判断结局。")
    public static func unusedFault(_ fault: String) -> LocalizedText {
        LocalizedText(
            "The fault ‘\(fault)’ never struck: its condition did not come true.", zh: "故障“\(fault)”没有发生：它的条件始终没有成立。")
    }
    public static func unknownInvariant(_ name: String, known: [String], nearest: String?) -> LocalizedText {
        let hint = didYouMean(nearest)
        return LocalizedText(
            "There is no promise ‘\(name)’ here.\(hint.english) There are: \(known.joined(separator: ", ")).",
            zh: "这里没有名为“\(name)”的约定。\(hint.chinese)可选的有：\(known.joined(separator: "、"))。")
    }
    public static func wrote(_ path: String) -> LocalizedText { LocalizedText("Wrote \(path).", zh: "已写入 \(path)。") }
}

// MARK: - The account of a run

extension RunMessages {
    private static func inParentheses(_ text: String?) -> (english: String, chinese: String) {
        (text.map { " (\($0))" } ?? "", text.map { "（\($0)）" } ?? "")
    }
    private static func afterComma(_ text: String?) -> (english: String, chinese: String) {
        (text.map { ", \($0)" } ?? "", text.map { "，\($0)" } ?? "")
    }
    public static func heading(scene: String, title: LocalizedText, rows: [String]) -> LocalizedText {
        let suffix = rows.isEmpty ? "" : " [\(rows.joined(separator: ", "))]"
        return LocalizedText("\(title.english) (\(scene))\(suffix)", zh: "\(title.chinese)（\(scene)）\(suffix)")
    }
    public static func circumstances(nodes: [String], seed: UInt64, faults: [String]) -> LocalizedText {
        LocalizedText(
            "Nodes \(nodes.joined(separator: ", ")); seed \(seed); "
                + (faults.isEmpty ? "no faults." : "faults: \(faults.joined(separator: "; "))."),
            zh: "节点 \(nodes.joined(separator: "、"))；种子 \(seed)；"
                + (faults.isEmpty ? "无故障。" : "故障：\(faults.joined(separator: "；"))。"))
    }
    public static func sends(_ label: String, to receivers: [String], detail: String?) -> LocalizedText {
        LocalizedText(
            "sends \(label) to \(receivers.joined(separator: ", "))\(inParentheses(detail).english)",
            zh: "发送 \(label) 给 \(receivers.joined(separator: "、"))\(inParentheses(detail).chinese)")
    }
    public static func receives(_ label: String, from sender: String) -> LocalizedText {
        LocalizedText("receives \(label) from \(sender)", zh: "收到 \(sender) 的 \(label)")
    }
    public static func misses(_ label: String, from sender: String, reason: String?) -> LocalizedText {
        LocalizedText(
            "does not get \(label) from \(sender)\(afterComma(reason).english)",
            zh: "没有收到 \(sender) 的 \(label)\(afterComma(reason).chinese)")
    }
    public static func duplicated(_ label: String, to receiver: String) -> LocalizedText {
        LocalizedText("the network copies \(label) to \(receiver)", zh: "网络复制了发给 \(receiver) 的 \(label)")
    }
    public static func timeOut(_ timer: String) -> LocalizedText {
        LocalizedText("timer ‘\(timer)’ fires", zh: "定时器“\(timer)”到时")
    }
    public static func logs(_ record: String, detail: String?) -> LocalizedText {
        LocalizedText(
            "appends ‘\(record)’ to its log\(inParentheses(detail).english)",
            zh: "把“\(record)”追加到日志\(inParentheses(detail).chinese)")
    }
    public static func onDisk(_ record: String) -> LocalizedText {
        LocalizedText("has ‘\(record)’ on disk", zh: "“\(record)”已落盘")
    }
    public static func crashes(_ lost: String?) -> LocalizedText {
        LocalizedText("CRASHES\(afterComma(lost).english)", zh: "宕机\(afterComma(lost).chinese)")
    }
    public static func restarts(_ recovered: String?) -> LocalizedText {
        LocalizedText("RESTARTS\(afterComma(recovered).english)", zh: "重启\(afterComma(recovered).chinese)")
    }
    public static let pauses = LocalizedText("PAUSES", zh: "暂停")
    public static let resumes = LocalizedText("RESUMES", zh: "恢复运行")
    public static func skews(_ offset: String) -> LocalizedText {
        LocalizedText("clock jumps \(offset)", zh: "时钟跳变 \(offset)")
    }
    public static func partition(_ groups: String) -> LocalizedText {
        LocalizedText("NETWORK PARTITION \(groups)", zh: "网络分区 \(groups)")
    }
    public static let heals = LocalizedText("NETWORK HEALS", zh: "网络恢复")
    public static func asked(_ label: String, detail: String?) -> LocalizedText {
        LocalizedText(
            "is asked by a client: \(label)\(inParentheses(detail).english)",
            zh: "收到客户端请求：\(label)\(inParentheses(detail).chinese)")
    }
    public static func answers(_ text: String) -> LocalizedText {
        LocalizedText("answers the client: \(text)", zh: "答复客户端：\(text)")
    }
    public static func decides(_ outcome: String, subject: String) -> LocalizedText {
        LocalizedText("DECIDES \(subject): \(outcome)", zh: "决定 \(subject)：\(outcome)")
    }
    public static func phaseBegins(_ phase: String) -> LocalizedText {
        LocalizedText("begins: \(phase)", zh: "开始：\(phase)")
    }
    public static func phaseEnds(_ phase: String) -> LocalizedText {
        LocalizedText("ends: \(phase)", zh: "结束：\(phase)")
    }
    public static func notes(_ text: String) -> LocalizedText { LocalizedText("notes: \(text)", zh: "说明：\(text)") }
    public static func violation(_ invariant: String, _ problem: String) -> LocalizedText {
        LocalizedText("VIOLATION of \(invariant): \(problem)", zh: "违反 \(invariant)：\(problem)")
    }
}

// MARK: - The verb

extension RunMessages {
    public static let summary = LocalizedText("run a scene of a protocol, with faults", zh: "运行一个协议场景，可注入故障")
    public static func unknownTelling(_ word: String, known: [String]) -> LocalizedText {
        LocalizedText(
            "--show takes \(known.joined(separator: ", ")), not ‘\(word)’.",
            zh: "--show 只能是 \(known.joined(separator: "、"))，不能是“\(word)”。")
    }
    public static let help = LocalizedText(
        """
        usage: zoolab run PROTOCOL [--scene SCENE] [options]
               zoolab run [PROTOCOL] --list
               zoolab run [PROTOCOL] --all

        Runs a scene of a protocol in the simulator, says what happened, and whether it ended as the scene expects.
        The same seed gives the same run, byte for byte.

          --list              list protocols and their scenes, with what must come of each
          --all               run every scene, each step twice for the same outcome, and confirm its expected verdict
          --scene SCENE       the scene; without it, the protocol's first one
          --nodes N           how many participants, beside the coordinators
          --given NAME=N      a number of a demonstration, as in ‘pigeonhole’; may be repeated
          --seed S            which of the possible delays to take (default 1)
          --fault FAULT       one more fault; may be repeated. The verdict is then: are the promises kept?
          --invariant NAME    judge this promise only ('progress': nobody who is up waits for ever)
          --step              choose every event by hand: one key a decision, back and forth, faults at any moment
          --show HOW          tell the run as an account (line by line), a diagram, or its verdict only
          --trace FILE        write the trace, one JSON object a line
          --replay FILE       write the run as explicit events, for ‘zoolab replay’
          --draw FILE         draw the run: .svg .png .pdf .dot .txt; may be repeated
          --json              the verdict for programs

        exit code: 0 as expected (with --fault, --invariant or --step: kept), 1 not, 2 stopped by a limit, 64 wrong usage

        examples:
          zoolab run two-phase-commit
          zoolab run zab --scene leader-crash --draw crash.svg
          zoolab run two-phase-commit --scene happy-path --step
          zoolab run two-phase-commit --scene blocked-coordinator-crash --draw blocked.svg
          zoolab run two-phase-commit --fault "crash C after send COMMIT 1" --fault "restart C at 200ms"
          zoolab run pigeonhole --scene reads-meet-writes --given N=5 --given W=3 --given R=2 --draw sets.svg
        """,
        zh: """
            用法：zoolab run 协议 [--scene 场景] [选项]
                  zoolab run [协议] --list
                  zoolab run [协议] --all

            在模拟器里运行一个协议场景，讲述发生了什么，并判断结局是否符合场景的预期。
            相同的种子得到逐字节相同的运行。

              --list              列出协议和它们的场景，以及各自应有的结局
              --all               运行全部场景，逐一确认预期的结论；每一步都执行两遍，确认结果相同
              --scene 场景        选择场景；不写则运行该协议的第一个场景
              --nodes N           参与者的个数，不含协调者
              --given 名称=N      给“逐一检查”的场景（如 pigeonhole）选一个数，可重复
              --seed S            选取哪一种随机时延（默认 1）
              --fault 故障        再加一个故障，可重复。此时判断的是：约定是否得到遵守
              --invariant 名称    只判断这一条约定（progress：在线的节点不会永远等待）
              --step              逐个事件手动选择：一键一步，可前进后退，随时注入故障
              --show 方式         怎样讲述：account 逐行，diagram 时序图，verdict 只说结论
              --trace 文件        写出轨迹，每行一个 JSON 对象
              --replay 文件       把运行写成明确的事件序列，供 zoolab replay 使用
              --draw 文件         画出时序图：.svg .png .pdf .dot .txt，可重复
              --json              输出供程序读取的结论

            退出码：0 符合预期（有 --fault、--invariant 或 --step 时：约定得到遵守），1 不符合，2 被上限中止，64 用法错误

            示例：
              zoolab run two-phase-commit
              zoolab run zab --scene leader-crash --draw crash.svg
              zoolab run two-phase-commit --scene happy-path --step
              zoolab run two-phase-commit --scene blocked-coordinator-crash --draw blocked.svg
              zoolab run two-phase-commit --fault "crash C after send COMMIT 1" --fault "restart C at 200ms"
              zoolab run pigeonhole --scene reads-meet-writes --given N=5 --given W=3 --given R=2 --draw sets.svg
            """)
    public static let needsProtocol = LocalizedText(
        "Which protocol? ‘zoolab run --list’ shows them all.", zh: "要运行哪个协议？用 zoolab run --list 查看全部协议。")
    public static func onlyAlone(_ option: String) -> LocalizedText {
        LocalizedText(
            "\(option) takes no scene, faults or files beside it.", zh: "\(option) 不能与场景、故障或文件选项一起使用。")
    }
    public static func confirmed(_ right: Int, of count: Int) -> LocalizedText {
        LocalizedText("\(right) of \(count) scenes ended as expected.", zh: "\(count) 个场景中有 \(right) 个符合预期。")
    }
}
