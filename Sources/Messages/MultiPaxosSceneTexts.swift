/// The titles and stories of the scenes of Multi-Paxos.
package enum MultiPaxosSceneTexts {
    package typealias Text = (title: LocalizedText, story: LocalizedText)

    package static let onePhase1: Text = (
        LocalizedText("Phase 1 once, for every slot", zh: "一次第一阶段，管所有槽位"),
        LocalizedText(
            "S1 asks once for promises, for slot 1 and everything after it. From then on each deposit takes one"
                + " round: ACCEPT, ACCEPTED. That is all that “skipping phase 1” means.",
            zh: "S1 只请求一次承诺，对槽位 1 及其后的全部槽位都有效。从此每笔存款只需一个来回：ACCEPT、ACCEPTED。所谓“省掉第一阶段”，不过如此。")
    )
    package static let newLeaderFinishes: Text = (
        LocalizedText("A new leader finishes what it finds", zh: "新领导者先做完旧事"),
        LocalizedText(
            "S1 dies when its deposit is on every disk and nobody knows that it is chosen. S2 runs phase 1 for "
                + "all open slots, is told of slot 1, and finishes it under its own ballot. Its own client's deposit "
                + "gets slot 2.",
            zh: "S1 的存款已写进每块磁盘，却无人知道它已被选定，这时 S1 宕机。S2 对所有未定的槽位执行第一阶段，得知了槽位 1，用自己的编号把它做完；自己客户端的存款排在槽位 2。")
    )
    package static let ignoresReports: Text = (
        LocalizedText("Broken: a new leader ignores what it is told", zh: "有错：新领导者无视报告"),
        LocalizedText(
            "S2 leads and gives slot 1 to its own client, although promises report a deposit there. A majority "
                + "had chosen that one; now a majority chooses another.",
            zh: "S2 当上领导者，把槽位 1 给了自己的客户端，尽管承诺里报告那里已有一笔存款。那笔早被多数派选定，现在多数派又选定了另一笔。")
    )
    package static let gapFilled: Text = (
        LocalizedText("A gap is filled with a no-op", zh: "用空操作填补空缺"),
        LocalizedText(
            "Slot 1 never left S1, slot 2 did. S2 is told of slot 2 only. Nothing can have been chosen in slot "
                + "1, and slot 2 must not wait for ever: S2 proposes for slot 1 an entry that does nothing.",
            zh: "槽位 1 从未离开 S1，槽位 2 却发出去了。S2 只得知槽位 2。槽位 1 不可能选定过什么，而槽位 2 也不能永远等下去：S2 为槽位 1 提议一个什么也不做的条目。")
    )
    package static let gapLeft: Text = (
        LocalizedText("Broken: the gap stays", zh: "有错：留着空缺"),
        LocalizedText(
            "S2 finishes slot 2 and leaves slot 1 empty. Slot 2 is chosen and can never be applied, nor can "
                + "anything after it.",
            zh: "S2 做完槽位 2，却让槽位 1 空着。槽位 2 已被选定，却永远无法执行，它之后的一切也一样。")
    )
    package static let oldLeader: Text = (
        LocalizedText("An old leader's ACCEPT comes too late", zh: "老领导者迟到的 ACCEPT"),
        LocalizedText(
            "S1 believes that it leads, and its ACCEPT is slow. Meanwhile S2 has the promises of a majority, "
                + "and slot 1 is chosen for another deposit. The old ACCEPT is refused by its ballot, and S1 steps "
                + "down. Its client waits for an answer and must ask again.",
            zh: "S1 以为自己还是领导者，它的 ACCEPT 却走得很慢。其间 S2 得到多数派的承诺，槽位 1 选定了另一笔存款。旧的 ACCEPT 因编号小而被拒绝，S1 退位。它的客户端等不到答复，只能重问。")
    )
    package static let acceptsWithoutTest: Text = (
        LocalizedText("Broken: acceptors do not compare ballots", zh: "有错：接受者不比较编号"),
        LocalizedText(
            "The same late ACCEPT, and nobody looks at its ballot. Slot 1 is chosen once more, for another "
                + "deposit.",
            zh: "同样迟到的 ACCEPT，却没有人看它的编号。槽位 1 又选定了一次，选的是另一笔存款。")
    )
    package static let laterSlotFirst: Text = (
        LocalizedText("Slot 2 is chosen before slot 1", zh: "槽位 2 先于槽位 1 选定"),
        LocalizedText(
            "The messages for slot 1 get lost and have to be sent again. Slot 2 is chosen meanwhile, and waits:"
                + " servers apply in the order of slots.",
            zh: "槽位 1 的消息丢了，只得重发。其间槽位 2 已被选定，但它要等：服务器按槽位的顺序执行。")
    )
    package static let appliesOutOfOrder: Text = (
        LocalizedText("Broken: what is chosen is applied at once", zh: "有错：选定即执行"),
        LocalizedText(
            "S1 applies slot 2 as soon as it is chosen. With deposits the sum comes out right in the end; with "
                + "any two commands that do not commute it would not.",
            zh: "槽位 2 一选定，S1 就执行了。若都是存款，最后的余额碰巧没错；换成任何两条不可交换的命令，结果就会不同。")
    )
    package static let clientRetry: Text = (
        LocalizedText("A client asks again, and one deposit has two slots", zh: "客户端重试：一笔存款占了两个槽位"),
        LocalizedText(
            "S1 dies before it answers, so the client sends its deposit to S2. It had been chosen in slot 1, "
                + "and is chosen in slot 2 as well. Each server keeps the last number of each client and applies the "
                + "second one without effect.",
            zh: "S1 没来得及回答就宕机了，客户端把存款又发给 S2。它早已在槽位 1 选定，如今又在槽位 2 选定。每台服务器都记着每个客户端的最后编号，第二次执行便不起作用。")
    )
    package static let appliesTwice: Text = (
        LocalizedText("Broken: no table of clients", zh: "有错：没有客户端表"),
        LocalizedText(
            "The same retry, and nobody remembers what this client has had. 100 were paid in, and the account "
                + "shows 200.",
            zh: "同样的重试，却没有人记得这个客户端做过什么。存入 100，账上却是 200。")
    )
    package static let staleRead: Text = (
        LocalizedText("Broken: an old leader answers reads from memory", zh: "有错：老领导者凭记忆回答"),
        LocalizedText(
            "S1 is cut off and does not know that S2 leads. A deposit has been acknowledged over there; S1 "
                + "answers without it.",
            zh: "S1 被隔离，不知道 S2 已是领导者。那边已确认了一笔存款，S1 的回答里却没有它。")
    )
    package static let confirmedRead: Text = (
        LocalizedText("A leader asks before it answers", zh: "先确认再回答"),
        LocalizedText(
            "The same cut, but a leader that is asked for the balance first asks a majority whether it still "
                + "follows it. S1 gets no answer, and gives none. S2 does.",
            zh: "同样的隔离，但领导者被问到余额时，会先问多数派是否仍然跟随自己。S1 得不到答复，也就不作答；S2 可以。")
    )
    package static let leasedRead: Text = (
        LocalizedText("A lease: reads without asking", zh: "租约：不问也能读"),
        LocalizedText(
            "A majority grants S1 that it promises nobody else for 200 ms, renewed again and again, so that S1 "
                + "may answer reads at once. Cut off, it may do so until its lease is over; S2 cannot become leader "
                + "before the grants are over, which is later.",
            zh: "多数派授予 S1 租约：200 毫秒内不向别人承诺，并不断续约，于是 S1 可以立刻回答读请求。被隔离后，它仍可回答到租约结束；而 S2 要等授权到期才能当选，那总是更晚。")
    )
    package static let leaseAndClocks: Text = (
        LocalizedText("Broken: clocks that jump further than a lease allows", zh: "有错：时钟跳得比租约允许的还远"),
        LocalizedText(
            "A lease is a promise about time. The clocks of S2 and S3 jump two seconds ahead, their grants seem"
                + " to be over, and S2 leads while S1 still trusts its lease. S1's answer is stale.",
            zh: "租约是关于时间的承诺。S2 和 S3 的时钟往前跳了两秒，授权看似到期，S2 当上领导者，S1 却还信着自己的租约，回答的是旧余额。")
    )
    package static let restartWaits: Text = (
        LocalizedText("A server that restarts waits before it promises", zh: "重启之后先等一等"),
        LocalizedText(
            "S3 has granted S1 a lease, restarts, and no longer knows. It promises nobody anything for the "
                + "length of a lease. S2 has to wait, and S1's answer is right.",
            zh: "S3 给 S1 授过租约，重启后已不记得。于是在一个租约的时间内，它不向任何人承诺。S2 只好等待，S1 的回答也就没有错。")
    )
    package static let forgetsGrant: Text = (
        LocalizedText("Broken: a server forgets what it has granted", zh: "有错：忘了授出的租约"),
        LocalizedText(
            "S3 restarts and promises S2 at once, although S1's lease is not over. S1 answers without the "
                + "deposit that S2 has acknowledged.",
            zh: "S3 重启后立刻向 S2 承诺，尽管 S1 的租约还没到期。S1 的回答里少了 S2 已确认的那笔存款。")
    )
    package static let diskSurvives: Text = (
        LocalizedText("What was on disk is reported", zh: "磁盘上的票会被报告"),
        LocalizedText(
            "S1 and S3 have chosen the deposit. S1 dies, S3 restarts, and S2 has heard of nothing. S3's disk "
                + "remembers, and S2 finishes slot 1.",
            zh: "S1 和 S3 选定了那笔存款。随后 S1 宕机，S3 重启，S2 什么也没听说过。好在 S3 的磁盘记得，S2 便把槽位 1 做完。")
    )
    package static let lostDisk: Text = (
        LocalizedText("Broken: an empty disk takes part", zh: "有错：空磁盘也来投票"),
        LocalizedText(
            "S3's disk is replaced, and S3 takes part as before. To S2 it reports nothing: a majority now "
                + "consists of one server that has never heard of the deposit and one that has forgotten it. A server"
                + " that has lost its disk must not be counted.",
            zh: "S3 换了一块空磁盘，照常参与。它向 S2 报告“什么都没有”：这个多数派里，一台从未听说过那笔存款，一台已经忘了它。丢了磁盘的服务器不能再计入法定人数。")
    )
}
