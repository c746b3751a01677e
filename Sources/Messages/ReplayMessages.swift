/// Sentences about repeating a run from its file.
public enum ReplayMessages {
    public static let summary = LocalizedText("repeat a recorded run exactly", zh: "原样重放一次记录下来的运行")
    public static let help = LocalizedText(
        """
        usage: zoolab replay FILE [options]

        Repeats a run event by event from a file that ‘zoolab run --replay FILE’ or ‘zoolab explore --replay FILE’
        wrote, and compares the state after every event. It works when seeds no longer lead there.

          --step              go through it by hand, and on from its end
          --trace FILE        write the trace, one JSON object a line
          --draw FILE         draw the run: .svg .png .pdf .dot .txt; may be repeated

        exit code: 0 the same run to the same end, 1 it leads elsewhere (and at which event), 3 no readable file

        example:
          zoolab explore two-phase-commit --scene decision-before-disk --replay bug.replay
          zoolab replay bug.replay
        """,
        zh: """
            用法：zoolab replay 文件 [选项]

            按 zoolab run --replay 文件 或 zoolab explore --replay 文件 写出的记录，逐个事件地重放一次运行，
            并在每个事件之后比对状态。即使种子已经不能再现当时的运行，重放仍然有效。

              --step              手动逐步查看，并可以从结尾继续
              --trace 文件        写出轨迹，每行一个 JSON 对象
              --draw 文件         画出时序图：.svg .png .pdf .dot .txt，可重复

            退出码：0 过程与结局完全相同，1 走向不同（并指出在哪个事件），3 文件无法读取

            示例：
              zoolab explore two-phase-commit --scene decision-before-disk --replay bug.replay
              zoolab replay bug.replay
            """)
    public static let needsFile = LocalizedText(
        "Which file? ‘zoolab run PROTOCOL --replay FILE’ writes one.", zh: "要重放哪个文件？用 zoolab run 协议 --replay 文件 可以生成。")
    public static func goesOnForEver(_ cycle: Int) -> LocalizedText {
        LocalizedText(
            "The last \(cycle) of them led back to the situation in which they began, and can be repeated for ever.",
            zh: "其中最后的 \(cycle) 个事件又回到了它们开始时的局面，可以无休止地重复下去。")
    }
    public static func repeated(_ events: Int) -> LocalizedText {
        LocalizedText(
            "All \(events) events happened again, each to the same state, and the end was the same.",
            zh: "\(events) 个事件全部重现，每一步的状态和最后的结局都与记录一致。")
    }
}
