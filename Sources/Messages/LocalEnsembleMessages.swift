/// Sentences of `zoolab ensemble`.
public enum LocalEnsembleMessages {
    public static let summary = LocalizedText(
        "several servers on this machine, and faults between them", zh: "在本机运行多台服务器，并在它们之间制造故障")
    public static let missingAction = LocalizedText(
        "ensemble needs to know what to do: zoolab ensemble start 3. ‘zoolab ensemble --help’ lists all actions.",
        zh: "请写明要做什么，例如 zoolab ensemble start 3。用 zoolab ensemble --help 查看全部动作。")
    public static func unknownAction(_ word: String, nearest: String?) -> LocalizedText {
        LocalizedText(
            "ensemble cannot ‘\(word)’." + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + " ‘zoolab ensemble --help’ lists all actions.",
            zh: "ensemble 没有“\(word)”这个动作。" + (nearest.map { "是不是想输入“\($0)”？" } ?? "")
                + "用 zoolab ensemble --help 查看全部动作。")
    }
    public static let needsServer = LocalizedText(
        "Say which server, by its number: zoolab ensemble logs 1.", zh: "请写明是哪台服务器（编号），例如 zoolab ensemble logs 1。")
    public static func notACount(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ is no number of servers; an ensemble here has from 1 to 9.",
            zh: "“\(text)”不是服务器数量；这里的集群可有 1 到 9 台。")
    }

    // MARK: Failures

    public static func badPlan(_ file: String) -> LocalizedText {
        LocalizedText(
            "\(file) does not hold the list of servers that it should. Choose another folder with --dir, or delete this one.",
            zh: "\(file) 中不是应有的服务器列表。请用 --dir 另选目录，或删除这个目录。")
    }
    public static func cannotWrite(_ file: String, _ problem: String) -> LocalizedText {
        LocalizedText(
            "Cannot write \(file). \(problem) Choose another folder with --dir.",
            zh: "无法写入 \(file)。\(problem) 请用 --dir 另选目录。")
    }
    public static func alreadyRunning(_ folder: String) -> LocalizedText {
        LocalizedText(
            "An ensemble runs in \(folder) already. ‘zoolab ensemble status’ shows it, ‘zoolab ensemble stop’ ends it; "
                + "--dir starts another one elsewhere.",
            zh: "\(folder) 中已有集群在运行。用 zoolab ensemble status 查看，用 zoolab ensemble stop 结束；也可用 --dir 在别处另起一个。")
    }
    public static func notRunning(_ folder: String) -> LocalizedText {
        LocalizedText(
            "No ensemble runs in \(folder). ‘zoolab ensemble start 3’ starts one; --dir names another folder.",
            zh: "\(folder) 中没有正在运行的集群。用 zoolab ensemble start 3 启动，或用 --dir 指定别的目录。")
    }
    public static func otherShape(_ folder: String, _ count: Int) -> LocalizedText {
        LocalizedText(
            "\(folder) holds the data of an ensemble of \(count) servers. Start it without a number to go on with it, remove it with "
                + "‘zoolab ensemble stop --clean’, or choose another folder with --dir.",
            zh: "\(folder) 中已有一个 \(count) 台服务器的集群的数据。不写数量即可继续使用它；也可用 zoolab ensemble stop --clean 删除，"
                + "或用 --dir 另选目录。")
    }
    public static func unknownServer(_ name: String, known: [Int]) -> LocalizedText {
        let list = known.map { String($0) }
        return LocalizedText(
            "There is no server \(name); there are \(list.joined(separator: ", ")).",
            zh: "没有服务器 \(name)；现有 \(list.joined(separator: "、"))。")
    }
    public static func unknownSession(_ name: String, known: [String]) -> LocalizedText {
        let first = known.prefix(8)
        return known.isEmpty
            ? LocalizedText(
                "No client is connected with session \(name), nor with any other.", zh: "没有客户端以会话 \(name) 连接，也没有其他会话。")
            : LocalizedText(
                "No client is connected with session \(name); there are \(first.joined(separator: ", "))"
                    + (known.count > first.count ? " and \(known.count - first.count) more." : "."),
                zh: "没有客户端以会话 \(name) 连接；现有 \(first.joined(separator: "、"))"
                    + (known.count > first.count ? " 等 \(known.count) 个会话。" : "。"))
    }
    public static let noNetwork = LocalizedText(
        "Clients reach these servers without anything between, so no answer can be lost.",
        zh: "客户端与这些服务器之间没有代理，无法丢弃答复。")
    public static let noFreePort = LocalizedText(
        "Found no free ports between 10000 and 32000 on 127.0.0.1.", zh: "在 127.0.0.1 的 10000 到 32000 之间找不到空闲端口。")
    public static let lastVoter = LocalizedText(
        "This is the last server that votes; without it there is no ensemble. ‘zoolab ensemble stop’ ends the whole.",
        zh: "这是最后一台有投票权的服务器，没有它就没有集群了。要结束整个集群，请用 zoolab ensemble stop。")
    public static func serverIsRunning(_ number: Int) -> LocalizedText {
        LocalizedText("Server \(number) is running already.", zh: "服务器 \(number) 已经在运行。")
    }
    public static func serverIsNotRunning(_ number: Int) -> LocalizedText {
        LocalizedText(
            "Server \(number) is not running. ‘zoolab ensemble restart \(number)’ starts it.",
            zh: "服务器 \(number) 没有在运行。用 zoolab ensemble restart \(number) 启动。")
    }
    public static func noAnswer(_ folder: String) -> LocalizedText {
        LocalizedText(
            "Whoever runs the ensemble in \(folder) does not answer. Try again; if it stays silent, end its process "
                + "(‘zoolab ensemble …’ in the list of processes): its servers end with it.",
            zh: "运行 \(folder) 中集群的进程没有应答。请重试；如果一直没有应答，请结束该进程（进程列表中的“zoolab ensemble …”），其服务器会随之结束。")
    }
    public static let noProgram = LocalizedText(
        "The system does not tell where this program lies, so it cannot start servers in the background. Use ‘zoolab ensemble run’.",
        zh: "系统没有给出本程序的路径，无法在后台启动服务器。请改用 zoolab ensemble run。")
    public static func invisible(_ condition: String) -> LocalizedText {
        LocalizedText(
            "The network between real servers cannot see ‘\(condition)’; it sees what is sent and received.",
            zh: "真实服务器之间的网络看不到“\(condition)”，只能看到发送（send）和接收（receive）。")
    }
    public static func didNotStart(_ words: String) -> LocalizedText {
        LocalizedText("The ensemble did not start. \(words)", zh: "集群没有启动。\(words)")
    }

    // MARK: Done

    public static func started(_ count: Int, _ folder: String) -> LocalizedText {
        LocalizedText("Started \(count) servers in \(folder).", zh: "已在 \(folder) 启动 \(count) 台服务器。")
    }
    public static let notServing = LocalizedText(
        "They have not agreed on a leader yet. ‘zoolab ensemble status’ shows how they are, ‘zoolab ensemble logs 1’ what they say.",
        zh: "它们还没有选出领导者。用 zoolab ensemble status 查看状态，用 zoolab ensemble logs 1 查看日志。")
    public static let stopped = LocalizedText("Stopped all servers.", zh: "所有服务器都已停止。")
    public static func cleaned(_ folder: String) -> LocalizedText {
        LocalizedText("Removed the ensemble's data from \(folder).", zh: "已从 \(folder) 删除集群的数据。")
    }
    public static func serverStopped(_ number: Int) -> LocalizedText {
        LocalizedText("Asked server \(number) to stop.", zh: "已通知服务器 \(number) 停止。")
    }
    public static func added(_ number: Int, votes: Bool) -> LocalizedText {
        votes
            ? LocalizedText(
                "Started server \(number), which votes; the others start anew with the new list.",
                zh: "已启动有投票权的服务器 \(number)；其余服务器将带着新名单重启。")
            : LocalizedText("Started server \(number), an observer.", zh: "已启动观察者服务器 \(number)。")
    }
    public static func removed(_ name: String, votes: Bool) -> LocalizedText {
        votes
            ? LocalizedText(
                "Removed server \(name) and its data; the others start anew with the new list.",
                zh: "已移除服务器 \(name) 及其数据；其余服务器将带着新名单重启。")
            : LocalizedText("Removed observer \(name) and its data.", zh: "已移除观察者 \(name) 及其数据。")
    }
    public static func faultBegan(_ fault: String) -> LocalizedText {
        LocalizedText("Done: \(fault)", zh: "已执行：\(fault)")
    }
    public static func faultWaits(_ fault: String) -> LocalizedText {
        LocalizedText("Will happen: \(fault)", zh: "将会发生：\(fault)")
    }

    // MARK: Status

    public static let columnServer = LocalizedText("server", zh: "服务器")
    public static let columnRole = LocalizedText("role", zh: "角色")
    public static let columnEpoch = LocalizedText("epoch", zh: "纪元")
    public static let columnZxid = LocalizedText("zxid", zh: "zxid")
    public static let columnLag = LocalizedText("lag", zh: "落后")
    public static let columnConnections = LocalizedText("clients", zh: "连接")
    public static let columnReceived = LocalizedText("received", zh: "收到")
    public static let columnSent = LocalizedText("sent", zh: "发出")
    public static let columnPort = LocalizedText("port", zh: "端口")
    public static func connectString(_ text: String) -> LocalizedText {
        LocalizedText("Clients connect to \(text)", zh: "客户端连接地址：\(text)")
    }
    /// - Parameter list: session and server.
    public static func sessions(_ list: [(String, Int)]) -> LocalizedText {
        let first = list.prefix(8)
        let rest = list.count - first.count
        return LocalizedText(
            "Sessions: " + first.map { "\($0) at \($1)" }.joined(separator: ", ")
                + (rest > 0 ? " and \(rest) more." : "."),
            zh: "会话：" + first.map { "\($0)（服务器 \($1)）" }.joined(separator: "、")
                + (rest > 0 ? " 等 \(list.count) 个。" : "。"))
    }
    public static func faults(_ list: [String]) -> LocalizedText {
        LocalizedText(
            "Faults that last: " + list.joined(separator: "; ") + ". ‘zoolab ensemble heal’ ends them.",
            zh: "仍在持续的故障：" + list.joined(separator: "；") + "。用 zoolab ensemble heal 结束它们。")
    }
    public static func ended(_ number: Int, _ words: String) -> LocalizedText {
        LocalizedText("Server \(number) has ended by itself: \(words)", zh: "服务器 \(number) 自行结束：\(words)")
    }
    /// What a server is, by the words of its own status and of the ensemble's.
    public static func mode(_ word: String) -> LocalizedText {
        switch word {
        case "leader": LocalizedText("leader", zh: "领导者")
        case "follower": LocalizedText("follower", zh: "跟随者")
        case "observer": LocalizedText("observer", zh: "观察者")
        case "looking": LocalizedText("looking", zh: "选举中")
        case "standalone": LocalizedText("standalone", zh: "单机")
        case "paused": LocalizedText("paused", zh: "已暂停")
        case "crashed": LocalizedText("crashed", zh: "已崩溃")
        case "stopped": LocalizedText("stopped", zh: "已停止")
        case "running": LocalizedText("no answer", zh: "无应答")
        default: LocalizedText(word, zh: word)
        }
    }

    // MARK: Trace

    public static func noTrace(_ folder: String) -> LocalizedText {
        LocalizedText(
            "Nothing is recorded in \(folder). Start the ensemble with --trace.",
            zh: "\(folder) 中没有记录。请用 --trace 启动集群。")
    }
    public static func neverHappened(_ kind: String) -> LocalizedText {
        LocalizedText("No ‘\(kind)’ is in the record.", zh: "记录中没有“\(kind)”。")
    }
    /// - Parameter part: the request, or the kind of event, that the part of the record is about; `nil` for all of it.
    public static func title(_ part: String?) -> LocalizedText {
        let (english, chinese) = part.map { (": \($0)", "：\($0)") } ?? ("", "")
        return LocalizedText("Real servers\(english)", zh: "真实服务器\(chinese)")
    }
    public static func neverAsked(_ request: String) -> LocalizedText {
        LocalizedText(
            "No client's request begins with ‘\(request)’. Requests read as in ‘create /a’ or ‘getData /a’.",
            zh: "没有客户端请求以“\(request)”开头。请求的写法如 create /a、getData /a。")
    }
    public static func unknownKind(_ kind: String, _ kinds: [String]) -> LocalizedText {
        LocalizedText(
            "--since takes a kind of event (\(kinds.joined(separator: ", "))), not ‘\(kind)’.",
            zh: "--since 要的是事件种类（\(kinds.joined(separator: "、"))），不能是“\(kind)”。")
    }
    public static func wrote(_ path: String, _ events: Int) -> LocalizedText {
        LocalizedText("Wrote \(path) (\(events) events).", zh: "已写入 \(path)（\(events) 个事件）。")
    }
}
