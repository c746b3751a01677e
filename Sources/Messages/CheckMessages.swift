/// Sentences of `zoolab check`.
public enum CheckMessages {
    public static let summary = LocalizedText("judge what clients asked and were told", zh: "判断客户端的操作历史是否一致")
    public static let help = LocalizedText(
        """
        usage: zoolab check FILE [--model MODEL] [--promise PROMISE] [options]

        Judges a history: what clients asked of an object and what they were told. FILE is a trace, a log of Jepsen's about a
        register, or one of Porcupine's about a key-value store. Of a trace, the labels of its ‘invoke’ and ‘respond’ events count.

          --model MODEL       what the object is, for traces whose header does not say ("model":"queue"):
                              register    read, write VALUE, cas EXPECTED NEW
                              key-value   get KEY, put KEY VALUE, append KEY VALUE
                              queue       enqueue VALUE, dequeue
                              lock        acquire [LOCK], release [LOCK]
                              set         add ELEMENT, remove ELEMENT, contains ELEMENT, read
                              counter     add NUMBER, increment, read
          --promise PROMISE   what to judge; may be repeated; ‘all’ for all: linearizable (default), sequential,
                              causal-memory, causal-convergence, causal, session-guarantees, read-your-writes,
                              monotonic-reads, monotonic-writes, writes-follow-reads, eventual
          --placements N      give up after so many tries to place an operation (default 50000000)
          --seconds N         give up after so long (default 60)
          --draw FILE         draw the operations that matter, the impossible one in red: .svg .png .pdf .dot .txt
          --json              the result for programs, a line a promise

        Answers are values, ‘nil’ for none, ‘ok’ or ‘no’. ‘failed’ says that an operation certainly did not happen, ‘unknown’ that
        nobody knows: it may take effect at any later time, or never. An answer's payload may be its place in the store's order of
        writes (the zxid). All promises but the first two are about reads and writes of values that are written once.

        exit code: 0 every promise holds, 1 one is broken, 2 not known (a limit was reached), 3 unreadable, 64 wrong usage

        example, a trace of two clients:
          {"format":"zoolab-trace","version":1,"model":"register"}
          {"n":1,"t":0,"kind":"invoke","node":"A","label":"write 1"}
          {"n":2,"t":1,"kind":"respond","node":"A","label":"ok"}
          {"n":3,"t":2,"kind":"invoke","node":"B","label":"read"}
          {"n":4,"t":3,"kind":"respond","node":"B","label":"nil"}

          zoolab check history.jsonl --promise all --draw history.svg
        """,
        zh: """
            用法：zoolab check 文件 [--model 模型] [--promise 约定] [选项]

            判断一段历史：客户端向某个对象请求了什么，得到了什么回答。文件可以是轨迹、Jepsen 的寄存器日志，
            或 Porcupine 的键值存储日志。对轨迹，只看 invoke 和 respond 事件的 label。

              --model 模型        对象是什么（轨迹首行没有写明 "model":"queue" 时需要）：
                                  register    read、write 值、cas 期望值 新值
                                  key-value   get 键、put 键 值、append 键 值
                                  queue       enqueue 值、dequeue
                                  lock        acquire [锁]、release [锁]
                                  set         add 元素、remove 元素、contains 元素、read
                                  counter     add 数、increment、read
              --promise 约定      判断哪条约定，可重复，all 表示全部：linearizable（默认）、sequential、
                                  causal-memory、causal-convergence、causal、session-guarantees、read-your-writes、
                                  monotonic-reads、monotonic-writes、writes-follow-reads、eventual
              --placements N      尝试安放操作超过这么多次就放弃（默认 50000000）
              --seconds N         超过这么多秒就放弃（默认 60）
              --draw 文件         画出相关的操作，不可能的那个标成红色：.svg .png .pdf .dot .txt
              --json              输出供程序读取的结果，每条约定一行

            回答是一个值（nil 表示没有）、ok 或 no。failed 表示操作肯定没有发生；unknown 表示不知道：它可能在之后任何时刻生效，
            也可能永远不生效。回答的 payload 可以是这次写在存储系统写序中的位置（zxid）。
            除前两条外，其余约定只针对读和写，且每个值只写一次。

            退出码：0 所有约定都成立，1 有约定被违反，2 不确定（达到上限），3 无法读取，64 用法错误

            示例，两个客户端的轨迹：
              {"format":"zoolab-trace","version":1,"model":"register"}
              {"n":1,"t":0,"kind":"invoke","node":"甲","label":"write 1"}
              {"n":2,"t":1,"kind":"respond","node":"甲","label":"ok"}
              {"n":3,"t":2,"kind":"invoke","node":"乙","label":"read"}
              {"n":4,"t":3,"kind":"respond","node":"乙","label":"nil"}

              zoolab check history.jsonl --promise all --draw history.svg
            """)

    public static let needsFile = LocalizedText(
        "check needs a history: zoolab check FILE", zh: "check 需要一个历史文件：zoolab check 文件")
    public static func needsModel(_ models: [String]) -> LocalizedText {
        LocalizedText(
            "The trace does not say what object it is about. Add --model, one of \(models.joined(separator: ", ")).",
            zh: "轨迹没有写明是什么对象。请加上 --model，可选 \(models.joined(separator: "、"))。")
    }
    public static func unknownModel(_ word: String, _ models: [String]) -> LocalizedText {
        LocalizedText(
            "There is no model ‘\(word)’. --model takes one of \(models.joined(separator: ", ")).",
            zh: "没有模型“\(word)”。--model 可选 \(models.joined(separator: "、"))。")
    }
    public static func modelIsGiven(_ model: String) -> LocalizedText {
        LocalizedText(
            "A log of this format is about a \(model). Leave --model out.", zh: "这种格式的日志对应的模型是 \(model)。请去掉 --model。")
    }
    public static func unknownPromise(_ word: String, _ known: [String], nearest: String?) -> LocalizedText {
        LocalizedText(
            "There is no promise ‘\(word)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " --promise takes all, or one of \(known.joined(separator: ", ")).",
            zh: "没有约定“\(word)”。" + (nearest.map { "是不是想输入“\($0)”？" } ?? "")
                + "--promise 可选 all 或 \(known.joined(separator: "、"))。")
    }
    public static func inFile(_ file: String, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText("\(file): \(problem.english)", zh: "\(file)：\(problem.chinese)")
    }

    // MARK: Results

    public static func heading(
        _ file: String, model: String, operations: Int, clients: Int, concurrency: Int
    ) -> LocalizedText {
        LocalizedText(
            "\(file): model \(model), \(operations) operation\(operations == 1 ? "" : "s") of \(clients) "
                + "client\(clients == 1 ? "" : "s"), at most \(concurrency) at a time",
            zh: "\(file)：模型 \(model)，\(clients) 个客户端的 \(operations) 个操作，同时最多 \(concurrency) 个")
    }
    public static func unknown(_ promise: String, _ reason: LocalizedText) -> LocalizedText {
        LocalizedText(
            "Not known, \(promise): \(reason.english).", zh: "约定 \(promise) 是否成立无法判断：\(reason.chinese)。")
    }
    public static func broken(_ promise: String, _ problem: LocalizedText) -> LocalizedText {
        LocalizedText("Not \(promise): \(problem.english).", zh: "违反 \(promise)：\(problem.chinese)。")
    }
    /// Above the lanes of a run's clients.
    public static let clientsTitle = LocalizedText("What the clients lived through", zh: "客户端的经历")
    public static func boundPlacements(_ count: Int) -> LocalizedText {
        LocalizedText("\(count) tries to place an operation were not enough", zh: "尝试安放操作 \(count) 次仍不够")
    }
    public static func boundSeconds(_ seconds: Double) -> LocalizedText {
        LocalizedText("\(seconds) seconds were not enough", zh: "\(seconds) 秒仍不够")
    }
    public static func boundMemory(_ megabytes: Int) -> LocalizedText {
        LocalizedText("\(megabytes) MB were not enough", zh: "\(megabytes) MB 内存仍不够")
    }
    public static func boundOperations(_ count: Int) -> LocalizedText {
        LocalizedText("it is judged of at most \(count) operations", zh: "最多判断 \(count) 个操作")
    }
    public static let nobodyReadLast = LocalizedText(
        "no two clients read the same after all writes were over", zh: "所有写结束之后，没有两个客户端读过同一个对象")
    public static func leftOut(_ count: Int) -> LocalizedText {
        LocalizedText(
            count == 1 ? "1 other operation is left out." : "\(count) other operations are left out.",
            zh: "略去了其余 \(count) 个操作。")
    }
    public static func explainedUntil(_ order: String, count: Int) -> LocalizedText {
        LocalizedText(
            "Without it, \(count) \(count == 1 ? "operation" : "operations") can be put in order: \(order)",
            zh: "除它之外，有 \(count) 个操作可以排出顺序：\(order)")
    }
}
