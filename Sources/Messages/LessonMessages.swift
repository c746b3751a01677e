/// Sentences of the lesson player.
public enum LessonMessages {
    // The prompt line.
    public static let keysMore = LocalizedText(
        "space more · b back · ? help · q quit", zh: "空格 继续 · b 上一步 · ? 帮助 · q 退出")
    public static let keysNext = LocalizedText(
        "space next step · b back · ? help · q quit", zh: "空格 下一步 · b 上一步 · ? 帮助 · q 退出")
    public static let keysBegin = LocalizedText("space begin · ? help · q quit", zh: "空格 开始 · ? 帮助 · q 退出")
    public static let keysFinish = LocalizedText(
        "space finish · b back · ? help · q quit", zh: "空格 完成 · b 上一步 · ? 帮助 · q 退出")
    public static let keysRun = LocalizedText(
        "space run it · b back · ? help · q quit", zh: "空格 运行 · b 上一步 · ? 帮助 · q 退出")
    public static func keysAnswer(_ count: Int) -> LocalizedText {
        LocalizedText("1–\(count) your guess · s skip · ? help · q quit", zh: "1–\(count) 选择答案 · s 跳过 · ? 帮助 · q 退出")
    }
    public static let keys = LocalizedText(
        """
        space, enter   go on; run the command shown
        b              one step back
        1 2 3 …        answer a question; s skips it
        d              open the last diagram, or say where it is
        q              quit; your place is kept (Control-C too)
        """,
        zh: """
            空格、回车   继续；运行显示出来的命令
            b            回到上一步
            1 2 3 …      回答问题；s 跳过
            d            打开最近一张图，或告诉你它存在哪里
            q            退出，进度会保留（Ctrl-C 也一样）
            """)
    public static func step(_ number: Int, of total: Int) -> LocalizedText {
        LocalizedText("step \(number)/\(total)", zh: "第 \(number)/\(total) 步")
    }

    // Runs and pictures.
    public static let running = LocalizedText("running …", zh: "运行中……")
    public static func unexpectedCode(_ code: Int32, expected: Int32) -> LocalizedText {
        LocalizedText(
            "This command ended with exit code \(code); the lesson expects \(expected). Please report it.",
            zh: "这条命令的退出码是 \(code)，课程预期的是 \(expected)。请把这个问题告诉我们。")
    }
    public static func picture(_ path: String) -> LocalizedText {
        LocalizedText("Diagram: \(path)", zh: "时序图：\(path)")
    }
    public static func pictureWithKey(_ path: String) -> LocalizedText {
        LocalizedText("Diagram: \(path) (d opens it)", zh: "时序图：\(path)（按 d 打开）")
    }
    public static func pictureIsAt(_ path: String) -> LocalizedText {
        LocalizedText("No picture viewer here. The diagram is in \(path)", zh: "这里没有看图程序。时序图在 \(path)")
    }
    public static let noPictureYet = LocalizedText("No diagram has been drawn yet.", zh: "还没有画过图。")

    // Quizzes.
    public static let prediction = LocalizedText("What do you think?", zh: "先猜一猜")
    public static func guessed(_ number: Int) -> LocalizedText {
        LocalizedText("You say \(number). Let us see.", zh: "你选了 \(number)。我们来看结果。")
    }
    public static let skipped = LocalizedText("Skipped. Let us see.", zh: "跳过了。我们来看结果。")
    public static let right = LocalizedText("You were right.", zh: "你猜对了。")
    public static let wrong = LocalizedText("Not quite.", zh: "没有猜中。")
    public static let answer = LocalizedText("The answer", zh: "答案")

    // Challenges.
    public static func challenge(_ invariant: String) -> LocalizedText {
        LocalizedText("The rule to break: \(invariant)", zh: "要破坏的规则：\(invariant)")
    }
    public static let challengeHelp = LocalizedText(
        "Type faults, one a line, for example: crash C after send PREPARE. An empty line runs them; an empty first line gives up; b goes back, q quits.",
        zh: "一行输入一个故障，例如：crash C after send PREPARE。输入空行就开始运行；第一行就留空表示放弃；b 返回，q 退出。")
    public static func faultPrompt(_ number: Int) -> LocalizedText {
        LocalizedText("fault \(number)> ", zh: "故障 \(number)> ")
    }
    public static let faultsUnreadable = LocalizedText(
        "Try again: the faults were not understood.", zh: "故障写得不对，请再试一次。")
    public static let attemptBroke = LocalizedText("You broke it.", zh: "你把它破坏了。")
    public static let attemptHeld = LocalizedText("It held. Try something else?", zh: "它撑住了。换个办法再试试？")
    public static let exampleAttempt = LocalizedText("For example:", zh: "比如这样：")
    public static let explorerJudges = LocalizedText(
        "Now the explorer tries every schedule within the bounds:", zh: "现在让探索器把范围内所有的可能都试一遍：")
    public static let judgedHolds = LocalizedText(
        "No schedule within these bounds breaks it, and the explorer has seen them all.",
        zh: "在这个范围内没有任何一种情形能破坏它，而且探索器已经全部看过。")
    public static let judgedViolated = LocalizedText(
        "It can be broken: above is the shortest way the explorer found.", zh: "它可以被破坏：上面就是探索器找到的最短的办法。")
    public static let judgedUnknown = LocalizedText(
        "The explorer ran into its limits before it knew: neither answer is proven.", zh: "探索器还没有得出结论就到了上限：两种可能都没有被证明。")

    // Beginning and end.
    public static func resumed(_ step: Int) -> LocalizedText {
        LocalizedText(
            "Welcome back: you are at step \(step). (--from 1 begins again.)",
            zh: "欢迎回来：上次学到第 \(step) 步。（--from 1 可以从头开始。）")
    }
    public static func finished(_ title: LocalizedText) -> LocalizedText {
        LocalizedText("Finished: \(title.english).", zh: "学完了：\(title.chinese)。")
    }
    public static func pictures(in folder: String) -> LocalizedText {
        LocalizedText("The diagrams of this lesson are in \(folder).", zh: "这一课的时序图都在 \(folder)。")
    }
    public static func placeKept(_ id: String) -> LocalizedText {
        LocalizedText(
            "Your place is kept. Go on with: zoolab learn \(id)", zh: "进度已保存。继续学习：zoolab learn \(id)")
    }
    public static func reset(_ id: String) -> LocalizedText {
        LocalizedText("Progress of \(id) was cleared.", zh: "\(id) 的进度已清除。")
    }
    public static func commandsFailed(_ count: Int) -> LocalizedText {
        LocalizedText(
            "\(count) command(s) of this lesson did not end as the lesson expects.", zh: "这一课有 \(count) 条命令的结果与预期不符。")
    }

    // The list of lessons.
    public static let columnLesson = LocalizedText("lesson", zh: "课名")
    public static let columnTitle = LocalizedText("title", zh: "标题")
    public static let columnMinutes = LocalizedText("minutes", zh: "分钟")
    public static let columnProgress = LocalizedText("progress", zh: "进度")
    public static let stateFinished = LocalizedText("finished", zh: "已学完")
    public static func stateSteps(_ done: Int, of total: Int) -> LocalizedText {
        LocalizedText("\(done) of \(total)", zh: "\(done)/\(total) 步")
    }
    public static func nextLesson(_ id: String) -> LocalizedText {
        LocalizedText("Next: zoolab learn \(id)", zh: "下一课：zoolab learn \(id)")
    }
    public static let allFinished = LocalizedText("You have finished every lesson there is.", zh: "现有的课程你都学完了。")

    // Mistakes of the student.
    public static func unknownLesson(_ id: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "There is no lesson ‘\(id)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " ‘zoolab learn’ lists them.",
            zh: "没有“\(id)”这一课。" + (nearest.map { "是不是想学“\($0)”？" } ?? "") + "用 zoolab learn 查看全部课程。")
    }
    public static func noSuchStep(_ step: Int, of total: Int) -> LocalizedText {
        LocalizedText(
            "This lesson has steps 1 to \(total); there is no step \(step).", zh: "这一课有第 1 到第 \(total) 步，没有第 \(step) 步。"
        )
    }
    public static func optionNeedsLesson(_ option: String) -> LocalizedText {
        LocalizedText("\(option) needs a lesson’s name before it.", zh: "\(option) 要和课程名一起用。")
    }
    public static let noContent = LocalizedText(
        "The lessons were not found. Set ZOOLAB_HOME to the folder that holds Lessons, or run zoolab inside it.",
        zh: "找不到课程。请把 ZOOLAB_HOME 设为包含 Lessons 的文件夹，或者在那个文件夹里运行 zoolab。")
    public static func outputFolderUnusable(_ path: String) -> LocalizedText {
        LocalizedText(
            "This lesson's diagrams cannot be written to \(path). Choose another folder with --out, or start zoolab in a folder of your own.",
            zh: "这一课的时序图无法写入 \(path)。请用 --out 换一个文件夹，或者到自己的文件夹里运行 zoolab。")
    }
    public static let noStateFolder = LocalizedText(
        "Progress is not kept: neither HOME nor XDG_STATE_HOME names a folder.",
        zh: "进度没有保存：HOME 和 XDG_STATE_HOME 都没有指向文件夹。")
    public static func progressBroken(_ path: String, backup: String) -> LocalizedText {
        LocalizedText(
            "The progress file \(path) could not be read. It is kept as \(backup); progress begins anew.",
            zh: "进度文件 \(path) 无法读懂，已另存为 \(backup)，进度从头开始记录。")
    }

    // Mistakes in lesson files.
    public static func problem(file: String, line: Int?, _ problem: LocalizedText) -> LocalizedText {
        let place = file + (line.map { ":\($0)" } ?? "")
        return LocalizedText("\(place): \(problem.english)", zh: "\(place)：\(problem.chinese)")
    }
    public static let unreadableFolder = LocalizedText(
        "cannot list this folder; check that it exists and may be read", zh: "无法列出这个文件夹，请确认它存在并且可读")
    public static let unreadableFile = LocalizedText(
        "cannot read this file; check that it exists, may be read and is UTF-8", zh: "无法读取这个文件，请确认它存在、可读，并且是 UTF-8 编码")
    public static let unwritableFile = LocalizedText(
        "cannot write this file; check the permissions and free space of its folder", zh: "无法写入这个文件，请检查所在文件夹的权限和剩余空间")
    public static func sameIdentity(_ id: String) -> LocalizedText {
        LocalizedText("another lesson has the id ‘\(id)’ already", zh: "已有另一课使用了 id“\(id)”")
    }
    public static func wrongDescription(_ field: String, _ detail: String) -> LocalizedText {
        LocalizedText(
            "‘\(field)’: \(detail). A lesson needs id, prerequisites, minutes, and title with en and zh",
            zh: "“\(field)”：\(detail)。一课需要 id、prerequisites、minutes，以及带 en 和 zh 的 title")
    }
    public static let noSteps = LocalizedText("a lesson needs at least one second-level heading", zh: "一课至少要有一个二级标题")
    public static let blockBeforeFirstStep = LocalizedText(
        "this block stands before the first second-level heading", zh: "这个代码块出现在第一个二级标题之前")
    public static let quizWithoutRun = LocalizedText(
        "no run follows this quiz before the next quiz or the end of its step", zh: "这道题之后、下一题或本步结束之前，没有能给出答案的运行")
    public static func unknownRunOption(_ word: String) -> LocalizedText {
        LocalizedText(
            "‘\(word)’ is not understood; only exit=NUMBER may follow ‘zoolab’", zh: "不认识“\(word)”；zoolab 之后只能写 exit=数字"
        )
    }
    public static let openQuote = LocalizedText("a quotation mark is never closed", zh: "引号没有成对")
    public static func notACommand(_ line: String) -> LocalizedText {
        LocalizedText("‘\(line)’ is not a command of zoolab that a lesson may run", zh: "“\(line)”不是课程里可以运行的 zoolab 命令")
    }
    public static let emptyRun = LocalizedText("this block holds no command", zh: "这个代码块里没有命令")
    public static let strayQuizLine = LocalizedText(
        "after an option only indented lines of explanation may follow, or the next [ ] or [x]",
        zh: "选项之后只能是缩进的解释，或者下一个 [ ] 或 [x]")
    public static let quizWithoutQuestion = LocalizedText("the quiz has no question before its options", zh: "选项之前没有题目")
    public static let quizOptionCount = LocalizedText("a quiz needs two to nine options", zh: "一道题要有 2 到 9 个选项")
    public static let quizNeedsOneRight = LocalizedText("exactly one option must be marked [x]", zh: "必须恰好有一个选项标为 [x]")
    public static let optionWithoutExplanation = LocalizedText(
        "this option lacks its text or its indented explanation", zh: "这个选项缺少文字或缩进的解释")
    public static func notAField(_ line: String) -> LocalizedText {
        LocalizedText("‘\(line)’ is not of the form ‘name: value’", zh: "“\(line)”不是“名称: 值”的形式")
    }
    public static func fieldTwice(_ name: String) -> LocalizedText {
        LocalizedText("‘\(name)’ is given twice", zh: "“\(name)”写了两次")
    }
    public static func unknownField(_ name: String) -> LocalizedText {
        LocalizedText(
            "there is no field ‘\(name)’; known are protocol, options, invariant, bounds, answer, example",
            zh: "没有“\(name)”这个字段；可用的有 protocol、options、invariant、bounds、answer、example")
    }
    public static func missingField(_ name: String) -> LocalizedText {
        LocalizedText("the field ‘\(name)’ is missing", zh: "缺少字段“\(name)”")
    }
    public static let unknownAnswer = LocalizedText(
        "‘answer’ is either violated or holds", zh: "answer 只能是 violated 或 holds")
    public static func stepCounts(english: Int, chinese: Int) -> LocalizedText {
        LocalizedText(
            "the English lesson has \(english) steps, the Chinese one \(chinese)",
            zh: "英文版有 \(english) 步，中文版有 \(chinese) 步")
    }
    public static func stepDiffers(_ number: Int) -> LocalizedText {
        LocalizedText(
            "step \(number) runs, asks or breaks something else than the English lesson",
            zh: "第 \(number) 步的命令、题目或挑战与英文版不一致")
    }
}
