/// The titles and stories of the scenes in which the protocol is broken on purpose.
extension ZabSceneTexts {
    public static let zxidBeforeEpoch: Text = (
        LocalizedText("Broken: the longer log wins", zh: "错误：日志更长者当选"),
        LocalizedText(
            "As in “The epoch counts before the log”, but votes are compared by zxid first. S3 wins with two writes that "
                + "epoch 2 had left behind, and they return from the dead.",
            zh: "与“先比纪元，再比日志”相同，但比较选票时先看 zxid。S3 凭两条已被纪元 2 抛弃的写入获胜，它们死而复生。")
    )
    public static let epochInMemory: Text = (
        LocalizedText("Broken: the new epoch is in memory only", zh: "错误：新纪元只记在内存里"),
        LocalizedText(
            "As in “The epoch counts before the log”, but nobody writes down that epoch 2 has begun. S1 restarts, votes as of epoch 1, "
                + "and loses against S3, whose two abandoned writes return from the dead (ZOOKEEPER-335, 1081).",
            zh: "与“先比纪元，再比日志”相同，但谁都没有把纪元 2 的开始写到磁盘上。S1 重启后按纪元 1 投票，输给 S3，被抛弃的两条写入死而复生（ZOOKEEPER-335、1081）。")
    )
    public static let counterRollsOver: Text = (
        LocalizedText("Broken: the counter rolls into the next epoch", zh: "错误：计数器溢出到下一纪元"),
        LocalizedText(
            "There is room for two transactions in an epoch, and S3 goes on with 2:1, although nobody has elected a leader of epoch 2. "
                + "S2 then leads epoch 2 and has a 2:1 of its own; when S3 returns, both logs seem to agree (ZOOKEEPER-1277).",
            zh: "一个纪元只容得下两条事务，S3 接着用了 2:1，而纪元 2 的领导者还没有选出。随后 S2 领导纪元 2，有了自己的 2:1；S3 归来时，两份日志看上去竟然一致（ZOOKEEPER-1277）。")
    )
    public static let oneEpochVariable: Text = (
        LocalizedText("Broken: a promise counts as history", zh: "错误：把承诺当作历史"),
        LocalizedText(
            "As in “A promise is not a history”, but with one variable for both epochs. S1 has promised epoch 2 and "
                + "nothing else, beats S3 with that, and what S3 had committed is cut off (ZOOKEEPER-3608).",
            zh: "与“承诺不等于历史”相同，但两个纪元共用一个变量。S1 只承诺过纪元 2，却以此胜过 S3，S3 已提交的内容被截掉（ZOOKEEPER-3608）。")
    )
    public static let comparesWholeVotes: Text = (
        LocalizedText("Broken: whole votes are compared", zh: "错误：比较整张选票"),
        LocalizedText(
            "As in “Joining a leader of another round”, but the newcomer counts only those who settled in its own round. It never "
                + "counts a quorum, and asks for ever (ZOOKEEPER-1419).",
            zh: "与“加入另一轮选出的领导者”相同，但新来者只计入与自己同一轮的答复。它永远凑不齐多数派，只能一直问下去（ZOOKEEPER-1419）。")
    )
    public static let leadsWithoutQuorum: Text = (
        LocalizedText("Broken: a leader nobody answers goes on", zh: "错误：无人应答仍继续领导"),
        LocalizedText(
            "As in “The old leader returns”, but S3 never notices that it has lost its quorum. It goes on serving its old "
                + "state beside the new leader, and never learns of b.",
            zh: "与“旧领导者归来”相同，但 S3 始终没有发现自己失去了多数派。它与新领导者并存，继续用旧状态提供服务，永远得不到 b。")
    )
    public static let neverTruncates: Text = (
        LocalizedText("Broken: nothing is cut off", zh: "错误：从不截断"),
        LocalizedText(
            "As in “The old leader returns”, but the leader sends a DIFF instead of TRUNC. S3 keeps a write that nobody "
                + "committed, and applies it (ZOOKEEPER-1154, 2832).",
            zh: "与“旧领导者归来”相同，但领导者发送 DIFF 而不是 TRUNC。S3 保留了没有人提交过的写入，并且执行了它（ZOOKEEPER-1154、2832）。")
    )
    public static let cutsTooMuch: Text = (
        LocalizedText("Broken: TRUNC cuts too much", zh: "错误：截断过多"),
        LocalizedText(
            "As in “The old leader returns”, but S3 cuts off a, too, which was to stay; only its memory has it still. b goes into the "
                + "log behind the gap, and after a restart a is gone (ZOOKEEPER-1156).",
            zh: "与“旧领导者归来”相同，但 S3 连本应保留的 a 也截掉了，只有内存中还有。b 写在缺口之后，重启后 a 就没有了（ZOOKEEPER-1156）。")
    )
    public static let commitBeforeUpToDate: Text = (
        LocalizedText("Broken: a COMMIT before UPTODATE finds nothing", zh: "错误：UPTODATE 之前的 COMMIT 找不到提案"),
        LocalizedText(
            "As in “Joining while others write”, but with NEWLEADER S1 takes every proposal before it for settled. One of them was "
                + "still under way; its COMMIT comes before UPTODATE and finds no proposal. S1 gives up, and must join "
                + "again (ZOOKEEPER-4394).",
            zh:
                "与“边写入边加入”相同，但 S1 收到 NEWLEADER 后，就把之前的提案都当作已了结。其中一条其实还在进行，它的 COMMIT 在 UPTODATE 之前到达，却找不到提案。S1 只好放弃，重新加入（ZOOKEEPER-4394）。"
        )
    )
    public static let proposalAckedFirst: Text = (
        LocalizedText("Broken: a proposal is acknowledged before NEWLEADER", zh: "错误：先确认提案，后确认 NEWLEADER"),
        LocalizedText(
            "As in “Joining while others write”, but S1's log acknowledges what was under way as soon as it is on disk, while "
                + "the epoch is still being stored. The leader waits for the ACK of NEWLEADER, gets another one, and sends S1 "
                + "away (ZOOKEEPER-4685).",
            zh:
                "与“边写入边加入”相同，但正在进行的提案一落盘，S1 的日志线程就立即确认，而纪元还没存好。领导者在等 NEWLEADER 的 ACK，收到的却是另一条，于是把 S1 赶走（ZOOKEEPER-4685）。"
        )
    )
    public static let diffNotLogged: Text = (
        LocalizedText("Broken: a DIFF goes into memory only", zh: "错误：DIFF 只进内存"),
        LocalizedText(
            "S3 alone has a, b and c, and brings them to S1 in epoch 2. S1 takes the DIFF into its state, not into its log, and "
                + "acknowledges. Both fail, and S1 comes back without what the two of them had committed (ZOOKEEPER-3911).",
            zh: "只有 S3 拥有 a、b、c，它在纪元 2 把它们带给 S1。S1 把 DIFF 放进状态，却没有写日志，就确认了。两台都宕机后，S1 重启时已没有两者共同提交的内容（ZOOKEEPER-3911）。")
    )
    public static let epochBeforeHistory: Text = (
        LocalizedText("Broken: the epoch is stored before the history", zh: "错误：先存纪元，后存历史"),
        LocalizedText(
            "S1 stores currentEpoch 2 while part of what it was sent is still on its way to the disk, and fails. Now it claims an "
                + "epoch whose history it does not have, beats S3 with it, and committed writes are cut off (ZOOKEEPER-4643).",
            zh: "S1 在部分历史还没落盘时就存下 currentEpoch 2，然后宕机。它声称拥有一个并不完整的纪元，凭此胜过 S3，已提交的写入被截掉（ZOOKEEPER-4643）。")
    )
    public static let ackBeforeHistory: Text = (
        LocalizedText("Broken: NEWLEADER is acknowledged too early", zh: "错误：过早确认 NEWLEADER"),
        LocalizedText(
            "S1 acknowledges NEWLEADER while what it was sent is still on its way to the disk. The leader counts on a quorum that has "
                + "everything, serves, and applies a, b and c; then both fail, and c was on one disk only (ZOOKEEPER-4646).",
            zh: "S1 在历史还没落盘时就确认了 NEWLEADER。领导者以为多数派已拥有全部历史，开始服务并执行 a、b、c；随后两台都宕机，而 c 只在一块磁盘上（ZOOKEEPER-4646）。")
    )
    public static let newLeaderFirst: Text = (
        LocalizedText("Broken: NEWLEADER overtakes the history", zh: "错误：NEWLEADER 抢在历史之前"),
        LocalizedText(
            "The leader sends NEWLEADER before what the follower lacks. The follower finds history behind the end of history, and "
                + "turns away; so does the next one, and there is never a leader (ZOOKEEPER-1136, 3104).",
            zh: "领导者先发 NEWLEADER，后发跟随者缺少的内容。跟随者在“历史结束”之后又收到历史，只好退出；下一轮也一样，永远选不出领导者（ZOOKEEPER-1136、3104）。")
    )
    public static let servesBeforeQuorum: Text = (
        LocalizedText("Broken: serving before a quorum is ready", zh: "错误：多数派未就绪就开始服务"),
        LocalizedText(
            "S3 alone has a, b and c. As soon as S1 has promised epoch 2, S3 serves and applies them, although nobody has "
                + "acknowledged NEWLEADER. Both fail before S1 has anything on its disk, and the others know nothing of them.",
            zh: "只有 S3 拥有 a、b、c。S1 刚承诺加入纪元 2，S3 就开始服务并执行它们，而此时还没有人确认 NEWLEADER。S1 的磁盘上还什么都没有，两台就都宕机了，别人对这些写入一无所知。")
    )
    public static let forgetsProposals: Text = (
        LocalizedText("Broken: what is under way is forgotten", zh: "错误：忘记正在进行的提案"),
        LocalizedText(
            "As in “Joining while others write”, but the leader sends S1 only what is committed, and then what it proposes "
                + "later. What was under way in between is missing on S1 for good (ZOOKEEPER-962).",
            zh: "与“边写入边加入”相同，但领导者只把已提交的和以后新提出的发给 S1。加入时正在进行的那几条，在 S1 上永远缺失（ZOOKEEPER-962）。")
    )
    public static let discardsUncommitted: Text = (
        LocalizedText("Broken: the new leader starts clean", zh: "错误：新领导者清空未提交的内容"),
        LocalizedText(
            "S3 and S2 have a on disk, the client has its answer, S3 fails and its COMMIT is lost. S2 throws away what it does not "
                + "know to be committed, and with it what the client was promised.",
            zh: "S3 和 S2 的磁盘上都有 a，客户端已得到答复，S3 宕机，COMMIT 丢失。S2 把不知道是否已提交的内容统统扔掉，也就扔掉了对客户端的承诺。")
    )
    public static let ackBeforeDisk: Text = (
        LocalizedText("Broken: ACK before the disk", zh: "错误：落盘之前就 ACK"),
        LocalizedText(
            "S1 acknowledges a proposal that is still on its way to the disk. The leader commits and answers its client; then both "
                + "fail, S1 comes back without the write, and it is gone.",
            zh: "S1 在提案还没落盘时就确认了。领导者据此提交并答复客户端；随后两台都宕机，S1 重启后没有这条写入，它就此消失。")
    )
    public static let commitsBelowQuorum: Text = (
        LocalizedText("Broken: less than a quorum is enough", zh: "错误：不到多数派就提交"),
        LocalizedText(
            "The leader commits what it alone has on disk and tells its client. It fails, and the other two, a quorum, know nothing of "
                + "it.",
            zh: "领导者只凭自己的磁盘就提交，并答复了客户端。它宕机之后，另外两台构成多数派，却对此一无所知。")
    )
}
