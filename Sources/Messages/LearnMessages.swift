/// The help of `zoolab learn`.
public enum LearnMessages {
    public static let summary = LocalizedText("take a lesson, step by step", zh: "一步一步学一课")
    public static let help = LocalizedText(
        """
        usage: zoolab learn [LESSON] [--auto] [--from STEP] [--reset] [--out DIR] [--lang en|zh]

        Without a lesson: lists the lessons, and how far you are in each.
        With one: plays it. The commands of a lesson really run; predictions are asked before them.

          --auto        play everything without a keyboard; also what happens where there is no terminal.
                        Leaves your progress alone.
          --from STEP   begin with this step instead of where you left off
          --reset       forget the progress of this lesson
          --out DIR     where the lesson's diagrams go (default: zoolab-out)
          --lang en|zh  the language; otherwise LC_ALL, LC_MESSAGES or LANG decides

        Keys: space or enter goes on, b goes back, digits answer, d opens the last diagram, ? helps, q quits.
        Your place is kept in $XDG_STATE_HOME/zoolab/progress (~/.local/state/zoolab/progress).
        Colours: ZOOLAB_THEME=light or dark chooses; NO_COLOR=1 turns them off.

        Examples:
          zoolab learn
          zoolab learn two-phase-commit
          zoolab learn two-phase-commit --auto --lang zh > lesson.txt
        """,
        zh: """
            用法：zoolab learn [课程] [--auto] [--from 步骤] [--reset] [--out 文件夹] [--lang en|zh]

            不写课程：列出所有课程和你的进度。
            写上课程：开始学。课程里的命令都会真正运行，运行之前会先请你预测结果。

              --auto        不用键盘，从头播放到尾；没有终端时也会这样。不改动你的进度。
              --from 步骤   从这一步开始，而不是从上次停下的地方
              --reset       清除这一课的进度
              --out 文件夹  时序图存到哪里（默认 zoolab-out）
              --lang en|zh  语言；不写时由 LC_ALL、LC_MESSAGES 或 LANG 决定

            按键：空格或回车继续，b 返回，数字键回答，d 打开最近一张图，? 帮助，q 退出。
            进度保存在 $XDG_STATE_HOME/zoolab/progress（即 ~/.local/state/zoolab/progress）。
            颜色：ZOOLAB_THEME=light 或 dark 选择浅色或深色背景，NO_COLOR=1 关闭颜色。

            例子：
              zoolab learn
              zoolab learn two-phase-commit
              zoolab learn two-phase-commit --auto --lang zh > lesson.txt
            """)
}
