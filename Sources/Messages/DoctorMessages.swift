/// What `zoolab doctor` looks at, finds, and advises.
public enum DoctorMessages {
    public static let summary = LocalizedText(
        "check this machine's set-up and say how to mend it", zh: "检查本机环境，并告诉你怎么修好")
    public static let help = LocalizedText(
        """
        usage: zoolab doctor [--lang en|zh]

        Looks at everything that lessons, pictures and grading need, one line each, and says how to mend
        what is missing. Changes nothing.

        Exit code: 0 when lessons run; 1 when something that lessons need is missing. What only some
        people need (homework in Python, the sandbox) is a remark, not a failure.

        example: zoolab doctor --lang zh
        """,
        zh: """
            用法：zoolab doctor [--lang en|zh]

            逐项检查课程、画图、批改作业所需要的东西，每项一行；缺什么就说怎么补上。只看不改。

            退出码：课程能跑为 0；缺少课程必需的东西为 1。只有部分人才用得到的（用 Python 写作业、沙箱）
            只作提醒，不算失败。

            例：zoolab doctor --lang zh
            """)
    public static let contentFound = LocalizedText("lessons and exercises", zh: "课程与练习")
    public static let contentMissing = LocalizedText(
        "Not found. Run zoolab inside its folder, or set ZOOLAB_HOME to the folder that holds Lessons.",
        zh: "没有找到。请在 ZooLab 的目录里运行，或者把 ZOOLAB_HOME 设成含有 Lessons 的目录。")
    public static let progressFolder = LocalizedText("progress file's folder", zh: "学习进度目录")
    public static func progressNotWritable(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path) cannot be written: progress would be lost. Mend its permissions, or set XDG_STATE_HOME.",
            zh: "无法写入 \(path)，学习进度会丢失。请修改权限，或者设置 XDG_STATE_HOME。")
    }
    public static let pictures = LocalizedText("pictures (Graphviz)", zh: "画图（Graphviz）")
    public static func formats(_ names: String) -> LocalizedText { LocalizedText(names, zh: names) }
    public static let chineseFont = LocalizedText("a font with Chinese", zh: "中文字体")
    public static let chineseFontMissing = LocalizedText(
        "None found: Chinese in PNG and PDF pictures would be empty boxes. scripts/setup installs Noto Sans CJK.",
        zh: "没有找到，PNG 和 PDF 图里的汉字会变成方框。运行 scripts/setup 会装上 Noto Sans CJK。")
    public static let terminal = LocalizedText("terminal", zh: "终端")
    public static func terminalSize(columns: Int) -> LocalizedText {
        LocalizedText("UTF-8, \(columns) columns", zh: "UTF-8，\(columns) 列")
    }
    public static func terminalNarrow(columns: Int) -> LocalizedText {
        LocalizedText(
            "\(columns) columns: lessons read best with 80 or more. Make the window wider.",
            zh: "只有 \(columns) 列。课程在 80 列以上读起来最舒服，请把窗口拉宽一些。")
    }
    public static let terminalNotUTF8 = LocalizedText(
        "The language settings do not say UTF-8; letters may look broken. Try: export LANG=C.UTF-8",
        zh: "语言设置里没有 UTF-8，文字可能显示成乱码。可以试试：export LANG=C.UTF-8")
    public static let lineEditing = LocalizedText("line editing (zoolab shell)", zh: "行编辑（zoolab shell）")
    public static func libedit(_ version: String) -> LocalizedText {
        LocalizedText("libedit \(version)", zh: "libedit \(version)")
    }
    public static let dumbTerminal = LocalizedText(
        "TERM names no terminal that can move its cursor, so zoolab shell cannot edit lines. Try: export TERM=xterm",
        zh: "TERM 指定的终端不能移动光标，zoolab shell 无法编辑输入行。可以试试：export TERM=xterm")
    public static let swift = LocalizedText("Swift (homework in Swift)", zh: "Swift（用 Swift 写作业）")
    public static let swiftMissing = LocalizedText(
        "Not found: homework in Swift cannot be graded. Get it at https://www.swift.org/install/",
        zh: "没有找到，无法批改 Swift 作业。安装方法见 https://www.swift.org/install/")
    public static let python = LocalizedText(
        "Python with kazoo (homework in Python)", zh: "Python 与 kazoo（用 Python 写作业）")
    public static let pythonMissing = LocalizedText(
        "Not ready: homework in Python cannot be graded. Run scripts/python-environment.",
        zh: "还没准备好，无法批改 Python 作业。请运行 scripts/python-environment。")
    public static let sandbox = LocalizedText("sandbox (bubblewrap)", zh: "沙箱（bubblewrap）")
    public static let sandboxMissing = LocalizedText(
        "Does not work here: homework runs with weaker protection, and reports say so. Install bubblewrap, and allow unprivileged user and network namespaces.",
        zh: "在本机不能用，作业将在较弱的保护下运行，报告里会注明。请安装 bubblewrap，并允许非特权的用户和网络命名空间。")
    public static let encryption = LocalizedText("TLS (OpenSSL)", zh: "TLS（OpenSSL）")
    public static let works = LocalizedText("works", zh: "可用")
    public static let allWell = LocalizedText("Everything is there.", zh: "一切就绪。")
    public static let remarksOnly = LocalizedText(
        "Lessons run. The remarks (!) matter only to those who need these parts.",
        zh: "课程可以运行。带 ! 的几项，只有用到时才需要处理。")
    public static let hasProblems = LocalizedText(
        "Something that lessons need is missing (✗); mend it as said above, then run zoolab doctor again.",
        zh: "有课程必需的东西缺失（✗）。请按上面的说明处理，然后再运行一次 zoolab doctor。")
}
