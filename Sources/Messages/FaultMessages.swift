/// Sentences about the fault words: what they mean, and what is wrong with a fault somebody typed.
public enum FaultMessages {
    // MARK: What each word does

    public static let drop = LocalizedText(
        "Loses matching messages on their way; between real servers each takes its connection along.",
        zh: "让匹配的消息在途中丢失；在真实服务器之间，连接也随之断开。")
    public static let delay = LocalizedText(
        "Lets matching messages arrive this much later; later messages may overtake them, but wait behind them between "
            + "real servers.",
        zh: "让匹配的消息晚到这么久；后发的消息可能先到，但在真实服务器之间只能排在它后面。")
    public static let duplicate = LocalizedText(
        "Lets matching messages arrive twice, the copy up to one link delay after the original.",
        zh: "让匹配的消息到达两次，副本比原件晚到，最多晚一个链路延迟。")
    public static let reorder = LocalizedText(
        "Holds matching messages back by one to three link delays, so that later ones may overtake them.",
        zh: "把匹配的消息多扣留一到三个链路延迟，让后发的消息有机会先到。")
    public static let partition = LocalizedText(
        "Cuts every link between different groups, both ways. Nodes in no group keep all their links.",
        zh: "切断不同组之间的所有链路（双向）。没有写进任何一组的节点不受影响。")
    public static let oneWay = LocalizedText(
        "Loses everything from the first node to the second; the other direction works.",
        zh: "第一个节点发给第二个节点的消息全部丢失，反方向正常。")
    public static let isolate = LocalizedText(
        "Cuts the node off from all the others, both ways.", zh: "把这个节点与其他所有节点隔开（双向）。")
    public static let heal = LocalizedText("Mends every link.", zh: "恢复所有链路。")
    public static let crash = LocalizedText(
        "The node stops at once, in the middle of a step if that is when the condition comes true. In a simulation "
            + "everything that was not yet on its disk is lost; against real processes it is kill -9.",
        zh: "节点立即停止；条件若在某一步中间成立，就停在那里。模拟中，还没落盘的内容全部丢失；对真实进程则是 kill -9。")
    public static let restart = LocalizedText(
        "Starts a crashed node again, with what its disk holds.", zh: "重启已宕机的节点，它只记得磁盘上的内容。")
    public static let pause = LocalizedText(
        "The node stands still between two steps, as in a long garbage collection; everything for it waits.",
        zh: "节点在两步之间停住（如同一次很长的 GC），发给它的一切都要等待。")
    public static let resume = LocalizedText("A paused node goes on.", zh: "让暂停的节点继续运行。")
    public static let skew = LocalizedText(
        "The node's clock jumps ahead (+) or back (-), and its timers come due earlier or later by as much.",
        zh: "节点的时钟向前（+）或向后（-）跳，它的定时器也随之提早或推迟同样多。")
    public static let loseUnsynced = LocalizedText(
        "The node's machine loses power: it stops at once, and what was written but not forced to disk is gone.",
        zh: "节点的机器断电：立即停止，已写入但没有强制落盘的内容也丢失。")
    public static let expireSession = LocalizedText(
        "The coordination server ends this session as if its client had been silent for too long.",
        zh: "协调服务让这个会话过期，就像它的客户端太久没有动静一样。")
    public static let loseReply = LocalizedText(
        "The request of this node takes effect, but the answer to it is lost: with a real server, the connection "
            + "breaks instead of the answer.",
        zh: "这个节点的请求已经生效，但给它的答复丢失；对真实服务器来说，答复没有送到，连接就断了。")

    // MARK: Where each word works, and how often it strikes

    public static let everywhere = LocalizedText("simulated runs and `zoolab ensemble`", zh: "模拟运行和 `zoolab ensemble`")
    public static func simulatedOnly(_ obstacle: LocalizedText) -> LocalizedText {
        LocalizedText(
            "simulated runs; not `zoolab ensemble`: \(obstacle.english)",
            zh: "模拟运行；`zoolab ensemble` 不行：\(obstacle.chinese)")
    }
    public static let sessionsOnly = LocalizedText(
        "`zoolab ensemble`, and simulated runs whose clients hold sessions",
        zh: "`zoolab ensemble`，以及客户端持有会话的模拟运行")
    public static let onceOverTCP = LocalizedText(
        "real servers speak over TCP, which delivers every byte once.", zh: "真实服务器之间用 TCP，每个字节只会送达一次。")
    public static let inOrderOverTCP = LocalizedText(
        "real servers speak over TCP, which delivers bytes in order; ‘delay’ holds back a message and all behind it.",
        zh: "真实服务器之间用 TCP，字节按顺序送达；delay 会让一条消息连同其后的全部消息一起迟到。")
    public static let oneClock = LocalizedText(
        "real servers share the clock of their machine, which is not ours to change.",
        zh: "真实服务器共用本机的时钟，不应改动。")
    public static let onePowerSupply = LocalizedText(
        "what a real server has written stays with the system when its process dies; only the machine's own power could "
            + "take it away. ‘crash’ is kill -9.",
        zh: "真实服务器的进程即使死掉，已写入的内容仍在系统手中，只有整台机器断电才会丢；crash 即 kill -9。")

    public static let everyMatch = LocalizedText(
        "every match, unless a number, ‘every N’ or a percentage says otherwise",
        zh: "每次匹配都生效，除非写了序号、every N 或百分比")
    public static let firstMatch = LocalizedText(
        "the first match, unless a number or ‘every’ says otherwise", zh: "只对第一次匹配生效，除非写了序号或 every")
    public static let once = LocalizedText("once", zh: "一次")
    public static let untilHealed = LocalizedText("until ‘heal’, or for the length given", zh: "直到 heal，或到给定时长为止")
    public static let untilRestarted = LocalizedText(
        "until ‘restart’, or for the length given", zh: "直到 restart，或到给定时长为止")
    public static let untilResumed = LocalizedText(
        "until ‘resume’, or for the length given", zh: "直到 resume，或到给定时长为止")
    public static let forGood = LocalizedText("for good, or for the length given", zh: "一直有效，或到给定时长为止")

    // MARK: What was expected

    public static let aFaultWord = LocalizedText("a fault word", zh: "一个故障词")
    public static let aNode = LocalizedText("the name of a node", zh: "节点名")
    public static let aSession = LocalizedText("the name of a session", zh: "会话名")
    public static let aTime = LocalizedText("a time such as 50ms, 2s or 300us", zh: "时间，例如 50ms、2s 或 300us")
    public static let anOffset = LocalizedText(
        "a clock jump such as +2s or -150ms", zh: "时钟偏移，例如 +2s 或 -150ms")
    public static let anEvent = LocalizedText(
        "one of send, receive, persist, persisted, timer-fire, decide",
        zh: "send、receive、persist、persisted、timer-fire、decide 之一")
    public static let aGroup = LocalizedText("‘|’ and another group", zh: "“|”和另一组节点")
    public static let aDirection = LocalizedText("‘>’ and the receiving node", zh: "“>”和接收方节点")
    public static let aCondition = LocalizedText("‘at’, ‘after’, ‘for’ or the end", zh: "at、after、for 或结尾")
    public static let aSelectorOrCondition = LocalizedText(
        "a message label, ‘from’, ‘to’, ‘at’, ‘after’, ‘for’ or the end",
        zh: "消息名、from、to、at、after、for 或结尾")
    public static let aPlaceOrCondition = LocalizedText(
        "‘from’, ‘to’, ‘at’, ‘for’ or the end", zh: "from、to、at、for 或结尾")
    public static func oneOf(_ words: [String]) -> LocalizedText {
        LocalizedText("one of \(words.joined(separator: ", "))", zh: "\(words.joined(separator: "、")) 之一")
    }

    // MARK: What is wrong

    public static let atTheEnd = LocalizedText("The fault ends too early.", zh: "故障写得不完整。")
    public static func unexpected(_ text: String) -> LocalizedText {
        LocalizedText("‘\(text)’ does not fit here.", zh: "这里不应出现“\(text)”。")
    }
    public static func unknownWord(_ text: String) -> LocalizedText {
        LocalizedText("There is no fault called ‘\(text)’.", zh: "没有叫“\(text)”的故障。")
    }
    public static func unknownNode(_ text: String) -> LocalizedText {
        LocalizedText("There is no node called ‘\(text)’.", zh: "没有叫“\(text)”的节点。")
    }
    public static func unknownLabel(_ text: String) -> LocalizedText {
        LocalizedText("Nothing here is called ‘\(text)’.", zh: "这里没有叫“\(text)”的东西。")
    }
    public static func noLabels(_ text: String) -> LocalizedText {
        LocalizedText(
            "‘\(text)’ would be the name of a message, and messages have other names in every protocol.",
            zh: "“\(text)”只能是消息名，而各协议的消息名并不相同。")
    }
    public static func notSupported(_ text: String) -> LocalizedText {
        LocalizedText("‘\(text)’ does not work here.", zh: "“\(text)”在这里不适用。")
    }
    public static func notReal(_ text: String, _ reason: LocalizedText) -> LocalizedText {
        LocalizedText("‘\(text)’ does not work here: \(reason.english)", zh: "“\(text)”在这里不适用：\(reason.chinese)")
    }
    public static func saidTwice(_ text: String) -> LocalizedText {
        LocalizedText("‘\(text)’ says again what has been said.", zh: "“\(text)”重复了前面已经说过的内容。")
    }
    public static func nodeTwice(_ text: String) -> LocalizedText {
        LocalizedText("‘\(text)’ stands in it twice.", zh: "“\(text)”出现了两次。")
    }
    public static func outOfRange(_ text: String) -> LocalizedText {
        LocalizedText("‘\(text)’ is too small or too large.", zh: "“\(text)”太小或太大。")
    }
    public static func cannotLast(_ word: String) -> LocalizedText {
        LocalizedText("‘\(word)’ happens in a moment; it has no length.", zh: "“\(word)”只是一瞬间的事，没有时长。")
    }

    /// The whole report: what is wrong and where, the line with a caret, what was expected, what was probably meant.
    ///
    /// - Parameter column: counted in characters, from 1.
    public static func report(
        _ problem: LocalizedText, line: String, column: Int, expected: LocalizedText?, nearest: String?
    ) -> LocalizedText {
        let before = String(line.prefix(column - 1))
        let picture = "\n  \(line)\n  \(String(repeating: " ", count: DisplayWidth.of(before)))^"
        let english = expected.map { " Expected here: \($0.english)." } ?? ""
        let chinese = expected.map { "这里应为：\($0.chinese)。" } ?? ""
        return LocalizedText(
            "Column \(column): \(problem.english)\(english)" + (nearest.map { " Did you mean ‘\($0)’?" } ?? "")
                + picture,
            zh: "第 \(column) 列：\(problem.chinese)\(chinese)" + (nearest.map { "是不是想写“\($0)”？" } ?? "") + picture)
    }
}
