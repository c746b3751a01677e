/// The catalogue of rules that exercises are judged by: what each is called, why it matters, what is expected.
public enum RuleMessages {
    public static let makesProgressTitle = LocalizedText("It gets in at all", zh: "最基本的：进得去")
    public static let makesProgressWhy = LocalizedText(
        "Everything else is judged on programs that do get their turn.", zh: "轮不到自己的程序，其他规则都无从谈起。")
    public static func makesProgressExpected(_ bound: String) -> LocalizedText {
        LocalizedText(
            "One after another, each of three programs gets in within \(bound) of the place becoming free.",
            zh: "三个程序依次轮到：位置空出来以后，\(bound) 之内就应当进入。")
    }

    public static let mutualExclusionTitle = LocalizedText("Never two at a time", zh: "任何时刻最多一个持有者")
    public static let mutualExclusionWhy = LocalizedText(
        "That is what the lock is for. A waiter that is woken up is not yet the holder: it may be that only its "
            + "neighbour in the queue died.",
        zh: "锁就是干这个的。等待者被唤醒并不等于拿到了锁：也许只是排在它前面的那一个死掉了。")
    public static let mutualExclusionExpected = LocalizedText(
        "The resource never has a second program inside while the session of the first is alive.",
        zh: "只要先进入的程序会话还在，资源里就不会出现第二个程序。")

    public static let oneLeaderTitle = LocalizedText("Never two leaders", zh: "任何时刻最多一个领导者")
    public static let oneLeaderWhy = LocalizedText(
        "Two leaders give contradicting orders. A candidate that is woken up is not yet the leader: it may be that only "
            + "its neighbour in the queue died. And silence is no death: only the server knows when a session is over.",
        zh: "两个领导者会发出互相矛盾的命令。候选者被唤醒并不等于当选：也许只是排在它前面的那一个死掉了。没有动静也不等于死亡：会话何时结束，只有服务器知道。")
    public static let oneLeaderExpected = LocalizedText(
        "The resource never accepts a second leader while the session of the first is alive, nor anything of the first once the second leads.",
        zh: "只要前一个领导者的会话还在，资源就不会接受第二个领导者；第二个领导之后，也不再接受前一个的任何操作。")

    public static let fairOrderTitle = LocalizedText("First come, first served", zh: "先到先得")
    public static let fairOrderWhy = LocalizedText(
        "Where whoever is quickest wins, a slow program may wait for ever.", zh: "如果谁手快谁先得，慢的程序可能永远等不到。")
    public static let fairOrderExpected = LocalizedText(
        "Programs get in in the order in which they asked, a slow one too.", zh: "按请求的先后次序进入，反应慢的程序也不被插队。")

    public static let timeoutTitle = LocalizedText("A time-out leaves nothing behind", zh: "超时放弃不留痕迹")
    public static let timeoutWhy = LocalizedText(
        "A program that gave up but left its node in the queue holds up everybody behind it.",
        zh: "放弃了等待却把节点留在队列里，会挡住后面所有的程序。")
    public static func timeoutExpected(_ bound: String) -> LocalizedText {
        LocalizedText(
            "When the time is up, the attempt ends within \(bound), its node is gone, and the next in the queue is not held up.",
            zh: "时间一到，\(bound) 之内结束等待，节点消失，后面的程序不受影响。")
    }

    public static let expiryTitle = LocalizedText("A dead holder lets go", zh: "持有者死亡，锁自动释放")
    public static let expiryWhy = LocalizedText(
        "A crashed program cannot release anything; its session does it, if the node is ephemeral.",
        zh: "崩溃的程序什么也释放不了；只有临时节点会随会话一起消失。")
    public static func expiryExpected(_ bound: String) -> LocalizedText {
        LocalizedText(
            "After the holder is killed, the next program gets in within \(bound).", zh: "持有者被杀死后，下一个程序在 \(bound) 之内进入。"
        )
    }

    public static let takeoverTitle = LocalizedText("A new leader soon", zh: "新领导者及时接任")
    public static let takeoverWhy = LocalizedText(
        "While there is no leader, nobody does the leader's work.", zh: "没有领导者的时候，领导者的工作就没有人做。")
    public static func takeoverExpected(killed: String, resigned: String) -> LocalizedText {
        LocalizedText(
            "A new leader within \(killed) after the old one is killed, and within \(resigned) after one resigns.",
            zh: "领导者被杀死后 \(killed) 之内、主动辞职后 \(resigned) 之内，新的领导者接任。")
    }

    public static let noHerdTitle = LocalizedText("No herd", zh: "没有惊群")
    public static let noHerdWhy = LocalizedText(
        "If every waiter is woken by every release, n waiters cost the server about n² messages until all have had "
            + "their turn. Let each wait for its predecessor alone.",
        zh: "如果每次释放都惊动所有等待者，n 个等待者轮完一遍要花掉大约 n² 条消息。应当让每个等待者只盯着自己的前一个。")
    public static func noHerdExpected(_ budget: Int) -> LocalizedText {
        LocalizedText(
            "A hand-over costs at most \(budget) watch events and requests in the median, and no more with many waiting than with few.",
            zh: "每次交接花费的监视通知和请求，中位数不超过 \(budget) 次，而且等待者多的时候不比少的时候多。")
    }

    public static let connectionLossTitle = LocalizedText("Survives a lost reply", zh: "经得起应答丢失")
    public static let connectionLossWhy = LocalizedText(
        "Losing the connection is no answer: the create may have happened. Who creates again without looking may wait "
            + "for ever for a node of its own.",
        zh: "连接断开不是答案：节点可能已经建好了。不看一眼就重新创建，很可能永远等着自己留下的那个节点。")
    public static func connectionLossExpected(_ bound: String) -> LocalizedText {
        LocalizedText(
            "The create succeeds, its reply is lost, the session survives: the program still gets its turn within \(bound), "
                + "and so does the one after it.",
            zh: "创建成功、应答丢失、会话仍在：这个程序在 \(bound) 之内照样轮到，它后面的程序也一样。")
    }

    public static let noOrphansTitle = LocalizedText("No orphaned nodes", zh: "不留孤儿节点")
    public static let noOrphansWhy = LocalizedText(
        "A delete that was lost on its way did not happen. As long as the program lives, so does its ephemeral node, and everybody waits for it.",
        zh: "删除请求半路丢失，就是没有删。程序活着，它的临时节点就活着，所有人都在等它。")
    public static func noOrphansExpected(_ bound: String) -> LocalizedText {
        LocalizedText(
            "The connection breaks as the node is being deleted: the next program gets in within \(bound) all the same, and in the end no node is left.",
            zh: "删除节点时连接断开：下一个程序照样在 \(bound) 之内进入，最后不剩任何节点。")
    }

    public static let fencingTitle = LocalizedText("Fencing tokens rise", zh: "防护令牌递增")
    public static let fencingWhy = LocalizedText(
        "A paused holder does not know that it has lost the lock. Only the resource can refuse it, and only if each "
            + "holder's token is higher than the last.",
        zh: "被暂停的持有者并不知道自己已经失去了锁。只有资源能拒绝它，前提是每个持有者的令牌都比前一个大。")
    public static let fencingExpected = LocalizedText(
        "Each token is the czxid of the holder's own node and higher than every token before it; a holder that wakes up after its "
            + "session expired is refused.",
        zh: "每个令牌都是持有者自己节点的 czxid，并且大于以前的所有令牌；会话过期后才醒来的持有者会被拒绝。")
}
