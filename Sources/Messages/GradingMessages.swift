/// What `zoolab grade` says about submissions, exercises and itself.
public enum GradingMessages {
    // MARK: Finding exercises

    public static func unknownExercise(_ id: String, known: String) -> LocalizedText {
        LocalizedText(
            "There is no exercise ‘\(id)’. These exist: \(known).", zh: "没有名为“\(id)”的练习。现有的练习：\(known)。")
    }
    public static func noExercises(_ folder: String) -> LocalizedText {
        LocalizedText(
            "No exercises in \(folder). Run zoolab inside its folder, or set ZOOLAB_HOME to it.",
            zh: "\(folder) 里没有练习。请在 zoolab 的目录中运行，或把 ZOOLAB_HOME 设为该目录。")
    }
    public static func badExercise(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText("\(file) cannot be used: \(problem)", zh: "\(file) 无法使用：\(problem)")
    }

    // MARK: Bad submissions

    public static func noSubmission(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path): no such folder. Name a folder with a submission.json in it, or a folder of such folders.",
            zh: "\(path)：没有这个文件夹。请给出含有 submission.json 的文件夹，或者存放多份提交的文件夹。")
    }
    public static func nothingToGrade(_ path: String) -> LocalizedText {
        LocalizedText(
            "\(path): neither a submission nor a folder of submissions. A submission holds a submission.json; "
                + "copy the one of the exercise's starter.",
            zh: "\(path)：既不是一份提交，也不是存放提交的文件夹。每份提交里要有 submission.json，可以从练习的 starter 里复制。")
    }
    public static func badManifest(_ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "submission.json cannot be read: \(problem.english) It should look like {\"exercise\":\"exclusive-lock\",\"language\":\"python\"}.",
            zh:
                "submission.json 无法读取：\(problem.chinese)它应该像这样：{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}。"
        )
    }
    public static let notJSON = LocalizedText("it is not a JSON object.", zh: "内容不是 JSON 对象。")
    public static func missingField(_ field: String) -> LocalizedText {
        LocalizedText("the field ‘\(field)’ is missing or is not a text.", zh: "缺少字段“\(field)”，或者它不是文本。")
    }
    public static func unknownLanguage(_ language: String, known: String) -> LocalizedText {
        LocalizedText("the language ‘\(language)’ is not one of \(known).", zh: "语言“\(language)”不在 \(known) 之中。")
    }
    public static func missingFile(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is missing. Put your solution into that file, in the submission's own folder.",
            zh: "缺少 \(file)。请把解答写在提交文件夹里的这个文件中。")
    }
    public static func tooLarge(files: Int, megabytes: Int) -> LocalizedText {
        LocalizedText(
            "The submission is too large: at most \(files) files and \(megabytes) MB. Hand in source files only.",
            zh: "提交的内容过大：最多 \(files) 个文件、\(megabytes) MB。只需提交源代码。")
    }
    public static func strangeFile(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) is a link or a device. A submission holds plain files and folders only.",
            zh: "\(file) 是链接或设备文件。提交中只能有普通文件和文件夹。")
    }
    public static func doesNotCompile(_ output: String) -> LocalizedText {
        LocalizedText("It does not compile:\n\(output)", zh: "编译不通过：\n\(output)")
    }
    public static func compilerTooSlow(_ limit: Int) -> LocalizedText {
        LocalizedText("Compiling took longer than \(limit) seconds.", zh: "编译超过了 \(limit) 秒。")
    }
    public static func usesRecipe(_ what: String) -> LocalizedText {
        LocalizedText(
            "It uses \(what). The ready-made recipe is what this exercise asks you to write: use create, delete, exists, get, "
                + "set and get_children only.",
            zh: "用到了 \(what)。现成的实现正是本练习要求自己写的，只能使用 create、delete、exists、get、set 和 get_children。")
    }
    public static func notReady(_ program: String, _ limit: Int) -> LocalizedText {
        LocalizedText(
            "\(program) did not say that it was ready within \(limit) seconds: it hangs before it reads commands.",
            zh: "\(program) 在 \(limit) 秒内没有报告就绪：它在读取命令之前就卡住了。")
    }
    public static func endedEarly(_ program: String, _ status: LocalizedText) -> LocalizedText {
        LocalizedText(
            "\(program) ended before it was ready (\(status.english)). The program must stay and obey commands until it is told to stop.",
            zh: "\(program) 还没有就绪就退出了（\(status.chinese)）。程序要一直运行并执行命令，直到收到停止信号。")
    }
    public static func wrongVersion(_ program: String, _ version: Int) -> LocalizedText {
        LocalizedText(
            "\(program) speaks version \(version) of the exercise protocol; this is version 1.",
            zh: "\(program) 使用的练习协议是第 \(version) 版，这里是第 1 版。")
    }
    public static func floods(_ program: String, _ megabytes: Int) -> LocalizedText {
        LocalizedText(
            "\(program) wrote more than \(megabytes) MB of output and was stopped.",
            zh: "\(program) 的输出超过 \(megabytes) MB，已被终止。")
    }
    public static func tooManyProcesses(_ program: String, _ limit: Int) -> LocalizedText {
        LocalizedText(
            "\(program) started more than \(limit) processes and was stopped with all of them.",
            zh: "\(program) 启动的进程超过 \(limit) 个，已被全部终止。")
    }
    public static func tooMuchMemory(_ program: String, _ megabytes: Int) -> LocalizedText {
        LocalizedText(
            "\(program) used more than \(megabytes) MB of memory and was stopped.",
            zh: "\(program) 占用内存超过 \(megabytes) MB，已被终止。")
    }
    public static func exitCode(_ code: Int) -> LocalizedText {
        LocalizedText("exit status \(code)", zh: "退出码 \(code)")
    }
    public static func signal(_ number: Int32) -> LocalizedText {
        LocalizedText("signal \(number)", zh: "信号 \(number)")
    }

    // MARK: The judge's own troubles

    public static func noPython(_ tried: String) -> LocalizedText {
        LocalizedText(
            "No Python with the package kazoo was found (tried \(tried)). Run scripts/python-environment, or set ZOOLAB_PYTHON.",
            zh: "找不到装有 kazoo 的 Python（试过 \(tried)）。请运行 scripts/python-environment，或设置 ZOOLAB_PYTHON。")
    }
    public static func noCompiler(_ tried: String) -> LocalizedText {
        LocalizedText(
            "No Swift compiler or no built ZooLabKit was found (tried \(tried)). Run make build in ZooLab's folder.",
            zh: "找不到 Swift 编译器或已构建的 ZooLabKit（试过 \(tried)）。请在 ZooLab 目录中运行 make build。")
    }
    public static func judgeFailed(_ problem: LocalizedText) -> LocalizedText {
        LocalizedText(
            "The judge itself failed, not the submission: \(problem.english)", zh: "出错的是评分程序，不是这份提交：\(problem.chinese)")
    }
    public static func machineTooBusy(_ observed: LocalizedText, _ waited: String) -> LocalizedText {
        LocalizedText(
            "\(observed.english) But the machine was too busy to say whose fault that is: programs had to wait \(waited) for a "
                + "processor. Grade again when nothing else runs.",
            zh: "\(observed.chinese)不过机器太忙，无法断定是谁的责任：程序等处理器就等了 \(waited)。请在机器空闲时重新评分。")
    }
    public static func cannotWrite(_ path: String, _ reason: String) -> LocalizedText {
        LocalizedText("\(path) could not be written: \(reason)", zh: "无法写入 \(path)：\(reason)")
    }
    public static func unknownFormat(_ format: String, known: String) -> LocalizedText {
        LocalizedText(
            "--format takes \(known), separated by commas, not ‘\(format)’.",
            zh: "--format 的取值是 \(known)（用逗号分隔），不能是“\(format)”。")
    }
    public static func unknownRule(_ rule: String, known: String) -> LocalizedText {
        LocalizedText("--rule takes one of \(known), not ‘\(rule)’.", zh: "--rule 只能是 \(known) 之一，不能是“\(rule)”。")
    }
    public static let pathNeeded = LocalizedText(
        "‘zoolab grade’ needs the folder of a submission. Try --help.", zh: "zoolab grade 后面要给出提交所在的文件夹。用 --help 查看用法。")

    // MARK: Sandbox

    public static let sandboxBubblewrap = LocalizedText(
        bubblewrap.english + " Network: only the exercise's ports.", zh: bubblewrap.chinese + "网络：只通练习自己的端口。")
    public static let sandboxSharedNetwork = LocalizedText(
        bubblewrap.english + " The network is shared with this machine (cutting it off does not work here).",
        zh: bubblewrap.chinese + "网络与本机共享（这里无法切断）。")
    private static let bubblewrap = LocalizedText(
        "bubblewrap: file system read-only except /tmp, own processes, limits on CPU time, memory, processes, files and file size.",
        zh: "bubblewrap：除 /tmp 外文件系统只读，进程相互隔离，限制 CPU 时间、内存、进程数、文件数和文件大小。")
    public static func sandboxFailed(_ program: String, _ output: String) -> LocalizedText {
        LocalizedText(
            "The sandbox of \(program) did not start. See if ‘zoolab doctor’ finds something, and grade again. \(output)",
            zh: "\(program) 的沙箱没有启动。请运行 zoolab doctor 检查，然后重新评分。\(output)")
    }
    public static let sandboxLimits = LocalizedText(
        "process group and limits only (bubblewrap does not work here): the program can read what this user can read and use the network. "
            + "Do not grade submissions of strangers this way.",
        zh: "只有进程组和资源限制（这里无法使用 bubblewrap）：程序能读取当前用户可读的文件，也能使用网络。不要这样给陌生人的提交评分。")

    // MARK: Reports

    /// Follows the title of a picture.
    public static func excerpt(_ shown: Int, of all: Int) -> LocalizedText {
        LocalizedText(
            " (\(shown) of \(all) events: those around the violation, earlier faults and the last words with the resource; trace.jsonl has all)",
            zh: "（共 \(all) 个事件，图中 \(shown) 个：违规前后、更早的故障和与资源的最后几次往来；全部见 trace.jsonl）")
    }

    public static let passed = LocalizedText("pass", zh: "通过")
    public static let failed = LocalizedText("FAIL", zh: "未过")
    public static let skipped = LocalizedText("skip", zh: "跳过")
    public static let unknown = LocalizedText("UNKNOWN", zh: "未知")
    public static let judgeError = LocalizedText("ERROR", zh: "出错")
    public static let nothingRan = LocalizedText("Nothing could be run.", zh: "什么也没能运行。")
    public static func skippedBecause(_ rule: String) -> LocalizedText {
        LocalizedText("Not judged, because ‘\(rule)’ was not passed.", zh: "没有评判，因为“\(rule)”没有通过。")
    }
    public static func points(_ earned: Int, of possible: Int) -> LocalizedText {
        LocalizedText("\(earned) of \(possible) points", zh: "\(earned) 分，满分 \(possible) 分")
    }
    public static let happened = LocalizedText("happened:", zh: "发生了：")
    public static let expected = LocalizedText("expected:", zh: "应当是：")
    public static let why = LocalizedText("why:", zh: "为什么：")
    public static let lesson = LocalizedText("lesson:", zh: "课文：")
    public static let replay = LocalizedText("replay:", zh: "重演：")
    public static let diagram = LocalizedText("diagram:", zh: "图：")
    public static let sandbox = LocalizedText("sandbox:", zh: "沙箱：")
    public static let sameFaults = LocalizedText("same faults, order not forced", zh: "故障相同，先后次序不强制")
    public static func stage(_ seed: UInt64) -> LocalizedText {
        LocalizedText("real processes, real server, seed \(seed)", zh: "真实进程、真实服务器，种子 \(seed)")
    }
    public static func classSummary(_ graded: Int, _ full: Int, _ troubled: Int) -> LocalizedText {
        LocalizedText(
            "\(graded) submissions: \(full) with all points, \(troubled) that could not be run or graded.",
            zh: "共 \(graded) 份提交：\(full) 份满分，\(troubled) 份无法运行或评分。")
    }
}
