/// The titles and stories of the scenes of leader election and atomic broadcast.
public enum ZabSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    // MARK: Election

    public static let election: Text = (
        LocalizedText("From nothing to the first write", zh: "从零开始，直到第一次写入"),
        LocalizedText(
            "VOTE r1 3 (0, 0:0) reads: in round 1, for server 3, which has accepted epoch 0 and whose log ends with 0:0. "
                + "Everyone begins with a vote for itself and takes over a better one; the wait at the end is for a vote that is "
                + "better still. The winner collects promises for epoch 1 from a quorum, brings it to its own history, and "
                + "serves once a quorum has acknowledged NEWLEADER.",
            zh: "VOTE r1 3 (0, 0:0) 的意思是：第 1 轮，投给服务器 3，它接受过的纪元是 0，日志末尾是 0:0。每台服务器先投自己，见到更好的票就改投；"
                + "最后还要等一会儿，以防有更好的票。获胜者先向多数派征得加入纪元 1 的承诺，再让它们与自己的历史一致；"
                + "多数派确认 NEWLEADER 之后，才开始服务。")
    )
    public static let longestLogWins: Text = (
        LocalizedText("Who has more wins, not who has the higher number", zh: "日志更长者当选，而不是编号更大者"),
        LocalizedText(
            "S2 was down while a was written, then the leader S3 fails. S1 and S2 have the same epoch, but the log of S1 goes "
                + "further, and so S1 leads although its number is lower. S2 gets what it missed.",
            zh: "写入 a 的时候 S2 不在，随后领导者 S3 宕机。S1 和 S2 的纪元相同，但 S1 的日志更长，所以编号较小的 S1 当选，S2 再从它那里补上缺失的内容。")
    )
    public static let epochBeforeZxid: Text = (
        LocalizedText("The epoch counts before the log", zh: "先比纪元，再比日志"),
        LocalizedText(
            "The leader S3 is cut off and logs two more writes that reach nobody. S1 and S2 go on in epoch 2 and write nothing. "
                + "When S3 meets S1 alone, its log is longer, but its epoch is older: S1 leads, and S3 cuts off what nobody "
                + "committed.",
            zh: "领导者 S3 被隔离，又记下两条没有传给任何人的写入。S1 和 S2 进入纪元 2，但没有新的写入。之后 S3 只遇到 S1：它的日志更长，"
                + "纪元却更旧。于是 S1 当选，S3 截掉那两条从未提交的内容。")
    )
    public static let laterRound: Text = (
        LocalizedText("A server in an old round", zh: "轮次落后的服务器"),
        LocalizedText(
            "S3 comes back in its first round while the others are voting in their second. They answer its VOTE r1 with their "
                + "own votes and do not count it; S3 joins round 2, votes for itself again, and wins, because everyone has the "
                + "same history and its number is the highest.",
            zh: "S3 回来时处于自己的第 1 轮，而其他服务器正在进行第 2 轮投票。它们不计入 VOTE r1，只用自己的票作答；S3 加入第 2 轮，重新投自己，"
                + "并因为大家历史相同而它编号最大，最终当选。")
    )
    public static let lateJoiner: Text = (
        LocalizedText("Late, and without an election", zh: "迟到者无需重新选举"),
        LocalizedText(
            "S1 starts when the others have had a leader for a while. Their answers say that they follow S3, and S3 says that it "
                + "leads: a quorum agrees, so S1 joins at once and gets what it missed as a DIFF.",
            zh: "S1 启动时，其他服务器早已有了领导者。它们答复说自己跟随 S3，S3 也说自己是领导者：多数派意见一致，S1 立即加入，并通过 DIFF 补上缺失的内容。")
    )
    public static let anotherRound: Text = (
        LocalizedText("Joining a leader of another round", zh: "加入另一轮选出的领导者"),
        LocalizedText(
            "The old leader S3 restarts and counts its rounds from 1, while S2 was elected in round 2. The round of those who have "
                + "a leader already does not matter: whom they follow and in which epoch does. S3 follows S2, although a vote for "
                + "S3 would be the better one.",
            zh: "旧领导者 S3 重启，轮次从 1 数起，而 S2 是在第 2 轮当选的。对于已有领导者的服务器，轮次并不重要，重要的是它们跟随谁、在哪个纪元。"
                + "所以尽管投给 S3 的票“更好”，S3 仍然跟随 S2。")
    )
    public static let slowReturn: Text = (
        LocalizedText("Asking less and less often", zh: "问得越来越稀"),
        LocalizedText(
            "S1 is cut off and looks for a leader. Each time nobody answers it waits twice as long before it tells its vote "
                + "again. The network is mended, and still it takes until the next vote before S1 is back: a slow return is no fault.",
            zh: "S1 被隔离，开始寻找领导者。每次无人应答，它都把下一次发送选票之前的等待时间加倍。网络恢复之后，仍要等到下一次发送，S1 才能归队：回来得慢并不是故障。")
    )
    public static let unreachable: Text = (
        LocalizedText("Elected, and nobody comes", zh: "当选了，却没有人来"),
        LocalizedText(
            "An election is only a hint. Everyone has voted for the last server, but nobody reaches it, so it gets no promise for an "
                + "epoch and cannot lead. After a while all of them give up and begin the next round.",
            zh: "选举结果只是一个提示。大家都投给了最后一台服务器，却都连不上它；它得不到加入新纪元的承诺，就无法领导。过了一段时间，所有服务器都放弃，开始下一轮。")
    )
    public static let noQuorum: Text = (
        LocalizedText("A leader without a quorum stops", zh: "失去多数派的领导者停止服务"),
        LocalizedText(
            "Both followers fail. S3 still takes a write and logs it, but cannot commit it, and when it has heard nothing from "
                + "a quorum for syncLimit ticks, it stops leading. It waits rather than answer what might turn out to be wrong.",
            zh: "两台跟随者都宕机了。S3 仍会收下一条写入并记入日志，却无法提交；在 syncLimit 个 tick 内没有多数派的消息之后，它不再领导。宁可等待，也不给出可能有误的答复。")
    )

    // MARK: Epochs

    public static let promise: Text = (
        LocalizedText("A promise is not a history", zh: "承诺不等于历史"),
        LocalizedText(
            "S1 missed a. It promises S2 to join epoch 2 and stores acceptedEpoch 2; then S2 fails, before S1 has anything of that "
                + "epoch: its currentEpoch is still 1. So it does not beat S3, which has a. The next epoch is 3, since "
                + "2 is promised already.",
            zh: "S1 错过了 a。它向 S2 承诺加入纪元 2，存下 acceptedEpoch 2；S2 随即宕机，S1 还没有得到该纪元的任何历史，currentEpoch 仍是 1。"
                + "因此它胜不过拥有 a 的 S3。新纪元是 3，因为 2 已经被承诺过了。")
    )
    public static let betterFollower: Text = (
        LocalizedText("A follower that has more than its leader", zh: "比领导者还新的跟随者"),
        LocalizedText(
            "S2 is elected while S3, whose log goes further, is cut off. S3 comes back before a quorum has promised epoch 2, "
                + "and its ACKEPOCH shows that it has more than S2: such a follower is sent away. When S1's promise has arrived, "
                + "epoch 2 exists without what S3 alone had logged, and S3 cuts that off.",
            zh: "S3 的日志更长，但被隔离时 S2 当选了。在多数派承诺加入纪元 2 之前，S3 回来了，它的 ACKEPOCH 表明自己比 S2 更新：这样的跟随者会被拒绝。"
                + "S1 的承诺到达后，纪元 2 成立，其中没有 S3 独自记下的内容，S3 只好把它截掉。")
    )
    public static let sameEpoch: Text = (
        LocalizedText("The same epoch again", zh: "再次加入同一纪元"),
        LocalizedText(
            "S1 falls and comes back at once, while epoch 1 goes on. It has promised this epoch before, so its ACKEPOCH says only "
                + "that the epoch is known: a promise counts once.",
            zh: "S1 宕机后马上回来，纪元 1 仍在继续。它以前已经承诺过这个纪元，所以它的 ACKEPOCH 只说明纪元已知：一个承诺只算一次。")
    )
    public static let epochUsedUp: Text = (
        LocalizedText("The counter of an epoch runs out", zh: "纪元的计数器用完了"),
        LocalizedText(
            "The lower half of a zxid counts the transactions of an epoch. Here there is room for two. For the third the "
                + "leader steps down, the client of c gets no answer, and the next epoch counts from 1 again.",
            zh: "zxid 的低半部分是纪元内的事务计数，这里只容得下两条。第三条到来时领导者退位，写入 c 的客户端得不到答复；新纪元重新从 1 数起。")
    )

    // MARK: Recovery

    public static let leaderCrash: Text = (
        LocalizedText("The leader dies", zh: "领导者宕机"),
        LocalizedText(
            "The followers notice when they have heard nothing for syncLimit ticks, elect the one with the most complete "
                + "history, and go through discovery and synchronisation into epoch 2. The first write of the new epoch is 2:1. The "
                + "old leader comes back as a follower.",
            zh: "跟随者在 syncLimit 个 tick 内听不到任何消息，便选出历史最完整的一台，经过发现与同步两个阶段进入纪元 2。新纪元的第一条写入是 2:1。旧领导者回来后成为跟随者。")
    )
    public static let crashBeforeQuorum: Text = (
        LocalizedText("Dead before anyone heard", zh: "还没传出去就宕机"),
        LocalizedText(
            "The leader logs a, but its proposals reach nobody before it fails. The others never hear of a, and when S3 comes back, "
                + "it has to cut a off. No client was told that a had succeeded.",
            zh: "领导者把 a 记入日志，但提案在它宕机之前没有传到任何人。其他服务器对 a 一无所知，S3 回来后必须截掉它。没有任何客户端得到过 a 成功的答复。")
    )
    public static let uncommittedSurvives: Text = (
        LocalizedText("Not committed, and yet kept", zh: "尚未提交，却保留下来"),
        LocalizedText(
            "The leader fails right after it has sent its proposals; nothing is committed. The new leader cannot know whether a "
                + "client was answered, so it keeps what it finds in its log and commits it in the new epoch.",
            zh: "领导者刚发出提案就宕机，什么也没有提交。新领导者无从知道客户端是否得到过答复，所以它保留自己日志里的内容，并在新纪元提交。")
    )
    public static let commitUnheard: Text = (
        LocalizedText("Committed, and nobody heard", zh: "已经提交，却无人听到"),
        LocalizedText(
            "The leader has its quorum, tells its client that a has succeeded, and fails; the COMMITs are lost. Nobody else knows "
                + "that a is committed, but a quorum has it on disk, and any new leader comes from a quorum.",
            zh: "领导者得到多数派确认，答复客户端 a 成功，随即宕机，COMMIT 全部丢失。没有别人知道 a 已提交，但多数派的磁盘上都有它，而任何新领导者都需要多数派。")
    )
    public static let diff: Text = (
        LocalizedText("Catching up: DIFF", zh: "追赶：DIFF"),
        LocalizedText(
            "S1 missed two writes. Its log ends with an entry of the leader's, so the leader sends only what follows, each PROPOSAL "
                + "with its COMMIT. S1 puts them on disk, then currentEpoch, and only then acknowledges NEWLEADER.",
            zh:
                "S1 错过了两条写入。它的日志末尾是领导者也有的一条，所以领导者只发送其后的部分，每条 PROPOSAL 带着它的 COMMIT。S1 先把它们写进磁盘，再存 currentEpoch，最后才确认 NEWLEADER。"
        )
    )
    public static let truncate: Text = (
        LocalizedText("The old leader returns: TRUNC", zh: "旧领导者归来：TRUNC"),
        LocalizedText(
            "S3 is cut off and logs a write that nobody else gets; without a quorum it stops leading. The others elect S2 and "
                + "write b. When S3 is back, its log must lose what was never committed before it gets b.",
            zh: "S3 被隔离，记下一条别人都没有的写入；失去多数派后它不再领导。其他服务器选出 S2 并写入 b。S3 回来时，必须先截掉从未提交的内容，才能得到 b。")
    )
    public static let snapshot: Text = (
        LocalizedText("Nothing in common: SNAP", zh: "没有共同之处：SNAP"),
        LocalizedText(
            "As before, but the abandoned write is the first one of epoch 1. The logs meet in no entry of that epoch, and a log is "
                + "never cut back across the beginning of an epoch: S3 gets the whole state instead.",
            zh: "与上一幕相似，但被放弃的写入是纪元 1 的第一条。两份日志在该纪元中没有共同的条目，而截断不能越过纪元的开头，所以 S3 得到的是整个状态。")
    )
    public static let joinUnderLoad: Text = (
        LocalizedText("Joining while others write", zh: "边写入边加入"),
        LocalizedText(
            "S1 comes back in the middle of a stream of writes. What is committed it gets with the DIFF, what is under way behind it, "
                + "and what is proposed from then on like everybody else: no gap, and nothing twice.",
            zh: "S1 在一连串写入中途回来。已提交的随 DIFF 补上，正在进行的紧随其后，此后新的提案与大家一样收到：没有缺口，也没有重复。")
    )

    // MARK: Broadcast

    public static let write: Text = (
        LocalizedText("A write at a follower", zh: "在跟随者上写入"),
        LocalizedText(
            "The follower passes the request on. The leader gives it the next zxid and proposes it; everyone puts it on disk "
                + "before acknowledging; with a quorum the leader commits. The client is answered by the server it asked, "
                + "when that server has applied the write.",
            zh: "跟随者把请求转给领导者。领导者给它下一个 zxid 并发出提案；每台服务器先写进磁盘再确认；得到多数派确认后，领导者提交。客户端由它所连的服务器答复，而且是在该服务器执行了这条写入之后。")
    )
    public static let writesInOrder: Text = (
        LocalizedText("Three clients, one order", zh: "三个客户端，一个顺序"),
        LocalizedText(
            "Three writes at three servers within a few milliseconds. The leader decides their order once and for all, proposes "
                + "without waiting, and commits in that order; every server applies the same sequence.",
            zh: "三条写入在几毫秒内到达三台服务器。领导者一次性定下它们的顺序，不等前一条完成就发出提案，并按这个顺序提交；每台服务器执行的序列完全相同。")
    )
    public static let observer: Text = (
        LocalizedText("An observer only learns", zh: "观察者只学习"),
        LocalizedText(
            "S4 takes a write from a client, but votes and acknowledges nothing. Followers get PROPOSAL and COMMIT, the observer one "
                + "INFORM when all is decided, and only then does the leader apply the write itself.",
            zh: "S4 可以接受客户端的写入，但不投票，也不确认。跟随者收到 PROPOSAL 和 COMMIT，观察者在一切决定之后只收到一条 INFORM；之后领导者自己才执行这条写入。")
    )
    public static let staleRead: Text = (
        LocalizedText("A read of the past", zh: "读到过去的值"),
        LocalizedText(
            "Reads are answered by the server that is asked, alone. S1 is cut off for a moment: it still believes that it follows, "
                + "and answers a, while b is committed already. Later it catches up. Who must not read the past asks for a sync first.",
            zh: "读由被询问的服务器独自回答。S1 被短暂隔离，仍以为自己在跟随，回答 a，而 b 早已提交；之后它才追上。如果不能接受旧值，就要先执行 sync。")
    )
}
