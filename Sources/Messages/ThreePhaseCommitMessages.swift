/// What three-phase commit is called, and how its machines speak of themselves.
public enum ThreePhaseCommitMessages {
    public static let title = LocalizedText("Three-phase commit", zh: "三阶段提交（3PC）")

    /// Every phrase of the states, phases and notes of the machines of three-phase commit.
    public static let vocabulary = Vocabulary([
        .init("preparing", zh: "正在准备"), .init("uncertain", zh: "不确定"), .init("collecting votes", zh: "收票"),
        .init("pre-committing", zh: "正在预提交"), .init("pre-committed", zh: "已预提交"),
        .init("pre-aborting", zh: "正在预回滚"), .init("pre-aborted", zh: "已预回滚"),
        .init("committing", zh: "正在提交"), .init("aborting", zh: "正在回滚"), .init("committed", zh: "已提交"),
        .init("aborted", zh: "已回滚"), .init(", holds ", zh: "，锁住 "), .init(", takes over", zh: "，接管"),
        .init(", was down", zh: "，曾宕机"), .init("voting", zh: "投票阶段"),
        .init("votes are missing: abort", zh: "票没有收齐：回滚"), .init("told to refuse", zh: "被要求拒绝"),
        .init("an ACK is missing: abort", zh: "缺一个 ACK：回滚"),
        .init("an ACK is missing: commit all the same", zh: "缺一个 ACK：照样提交"),
        .init("no DO-COMMIT: commit alone", zh: "等不到 DO-COMMIT：自行提交"),
        .init("no PRE-COMMIT: abort alone", zh: "等不到 PRE-COMMIT：自行回滚"),
        .init("all are uncertain: abort", zh: "大家都不确定：回滚"),
        .init("somebody is pre-committed", zh: "有人已预提交"), .init("nobody is pre-committed", zh: "没有人预提交"),
        .init("no quorum: wait", zh: "凑不够多数：等待"), .init("the last to fail are back", zh: "最后宕机的都回来了"),
        .init(" is locked by ", zh: " 被锁住，持有者是 "), .init(" would fall below 0", zh: " 会变成负数"),
        .init(" without having voted for it", zh: "，但从未投过票"), .init("told to commit ", zh: "被要求提交 "),
        .init("told to abort ", zh: "被要求回滚 "), .init(" after commit", zh: "，但之前已提交"),
        .init(" after abort", zh: "，但之前已回滚"), .init(": commit", zh: "，提交"), .init(": abort", zh: "，回滚"),
        .init("; ", zh: "；"),
    ])
}

/// The titles and stories of the scenes of three-phase commit.
public enum ThreePhaseCommitSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    public static let happyPath: Text = (
        LocalizedText("Three rounds, everyone says YES", zh: "三轮，一切顺利"),
        LocalizedText(
            "CAN-COMMIT asks, PRE-COMMIT says that everyone has said YES, DO-COMMIT commits. When somebody commits, nobody "
                + "is uncertain any more: everyone is at least pre-committed. One round and one forced write more than two phases.",
            zh: "CAN-COMMIT 询问，PRE-COMMIT 通报“人人都投了 YES”，DO-COMMIT 提交。只要有人提交，就没有人还处于不确定：大家至少都已预提交。代价是比两阶段多一轮消息、多一次强制写盘。")
    )
    public static let terminationNotNeeded: Text = (
        LocalizedText("Skeen: nobody fails", zh: "Skeen：无人出错"),
        LocalizedText(
            "As long as everyone answers in time, Skeen's form sends the same messages as the notes' form. The difference lies "
                + "in what silence means: here it makes the others elect a coordinator and compare their states.",
            zh: "只要人人按时应答，Skeen 的协议与讲义版发送的消息完全相同。区别在于如何看待沉默：这里，沉默会让其余节点选出新的协调者，并比较彼此的状态。")
    )
    public static let oneNoVote: Text = (
        LocalizedText("One NO", zh: "一票否决"),
        LocalizedText(
            "P2 has been told to refuse. There is no PRE-COMMIT: the coordinator aborts, and who said YES puts the old values back.",
            zh: "P2 拒绝参与。于是不会有 PRE-COMMIT：协调者决定回滚，已投 YES 的参与者恢复旧值。")
    )
    public static let notesCrashAfter: Text = (
        LocalizedText("The notes: commit alone after PRE-COMMIT", zh: "讲义版：收到 PRE-COMMIT 后自行提交"),
        LocalizedText(
            "The coordinator dies when everyone has PRE-COMMIT. The lecture notes let each participant commit when its timer "
                + "fires. Nobody blocks, and here it is right: two-phase commit would wait.",
            zh: "所有人都收到 PRE-COMMIT 后，协调者宕机。按讲义的说法，参与者等到超时就自行提交。没有人阻塞，这一次也没有错；换成两阶段提交就只能干等。")
    )
    public static let notesCrashBefore: Text = (
        LocalizedText("The notes: abort alone before PRE-COMMIT", zh: "讲义版：没收到 PRE-COMMIT 就自行回滚"),
        LocalizedText(
            "The coordinator dies with every YES and before any PRE-COMMIT. Each participant aborts when its timer fires.",
            zh: "协调者收齐 YES，还没发出任何 PRE-COMMIT 就宕机。参与者等到超时，各自回滚。")
    )
    public static let notesCrashBetween: Text = (
        LocalizedText("The notes: one crash in the wrong moment", zh: "讲义版：宕机宕得不巧"),
        LocalizedText(
            "The coordinator dies between its PRE-COMMITs. P1 has one and commits alone; the others have none and abort alone. "
                + "No partition is needed: one crash breaks the rule that everyone may decide by the clock.",
            zh: "协调者发 PRE-COMMIT 发到一半宕机。P1 收到了，超时后自行提交；其余的没收到，超时后自行回滚。不需要网络分区：一次宕机就足以说明“看表自己决定”的规则是错的。")
    )
    public static let notesPartition: Text = (
        LocalizedText("The notes: a partition breaks atomicity", zh: "讲义版：网络分区破坏原子性"),
        LocalizedText(
            "P1 has PRE-COMMIT, and then it is cut off with its ACK. The coordinator misses the ACK and aborts with the others. "
                + "P1 hears nothing, and commits by the clock. Money has left P1 and arrived nowhere.",
            zh: "P1 刚收到 PRE-COMMIT 就被网络隔开，它的 ACK 也没送到。协调者等不到 ACK，和其余的人一起回滚。P1 什么也没听到，按超时规则自行提交。钱从 P1 扣走了，却哪儿也没到账。")
    )
    public static let notesFalseSuspicion: Text = (
        LocalizedText("The notes: slow is not dead", zh: "讲义版：慢，不等于死"),
        LocalizedText(
            "Nothing is lost and nobody fails. The link to P2 has become slow: 300 ms. Here the coordinator goes on without the "
                + "missing ACK and commits, while P2 takes its silence for death and aborts.",
            zh: "什么都没丢，谁也没宕机，只是通往 P2 的链路变慢了，要走 300 毫秒。这里的协调者缺一个 ACK 也照样提交，而 P2 把沉默当成死亡，自行回滚。")
    )
    public static let terminationCommits: Text = (
        LocalizedText("Skeen: the others finish it, and commit", zh: "Skeen 版：其余的人接着提交"),
        LocalizedText(
            "The coordinator dies after the last PRE-COMMIT. The next in line is elected and asks everyone for their state. "
                + "Somebody is pre-committed, so commit is possible and abort is not: it leads everyone through to commit.",
            zh: "协调者发完 PRE-COMMIT 后宕机。排在下一位的被选为协调者，询问每个人的状态。有人已预提交，那么结果只可能是提交，不可能是回滚：它带着所有人走完提交。")
    )
    public static let terminationAborts: Text = (
        LocalizedText("Skeen: all are uncertain, so abort", zh: "Skeen 版：大家都不确定，就回滚"),
        LocalizedText(
            "The coordinator dies with every YES and before any PRE-COMMIT. The elected one sees that all are uncertain. Then "
                + "nobody can have committed, not even the dead: it aborts, where two-phase commit blocks.",
            zh: "协调者收齐 YES，还没发 PRE-COMMIT 就宕机。新选出的协调者看到大家都不确定，那就没有人可能已经提交，死去的那个也不可能：于是放心回滚。换成两阶段提交，这里只能阻塞。")
    )
    public static let terminationRelays: Text = (
        LocalizedText("Skeen: one crash in the wrong moment, survived", zh: "Skeen 版：同一次不巧的宕机，安然无恙"),
        LocalizedText(
            "The crash that breaks the notes' form: only P1 has PRE-COMMIT. Nobody decides by the clock. P1 is elected and "
                + "leads the uncertain ones into the buffer state before it commits.",
            zh: "正是那次让讲义版出错的宕机：只有 P1 收到 PRE-COMMIT。但这里没有人看表自作主张。P1 被选出来，先把不确定的人都带进预提交状态，然后才提交。")
    )
    public static let participantCrash: Text = (
        LocalizedText("Skeen: a participant dies and asks later", zh: "Skeen 版：参与者宕机，回来再问"),
        LocalizedText(
            "P2 dies after its YES. The coordinator goes on without its ACK. Back again, P2 knows that its state is old: it only "
                + "asks, and is told.",
            zh: "P2 投完 YES 就宕机。协调者缺它的 ACK 也继续走下去。P2 回来后知道自己的状态已经过时，所以只问不做，问到了结果。")
    )
    public static let cascade: Text = (
        LocalizedText("Skeen: coordinators fail one after the other", zh: "Skeen 版：协调者接连宕机"),
        LocalizedText(
            "The coordinator dies, and P1, the only one with PRE-COMMIT, dies as soon as it has taken over. P2 sees only uncertain "
                + "states and aborts. P1 comes back pre-committed, and asks: what it knew was too old to count.",
            zh: "协调者宕机；唯一收到 PRE-COMMIT 的 P1 刚接管也宕机。P2 看到的全是不确定，于是回滚。P1 带着“已预提交”回来，先问再说：它知道的已经过时，不算数。")
    )
    public static let cascadeCommit: Text = (
        LocalizedText("Skeen: fails after it has committed", zh: "Skeen 版：刚提交就宕机"),
        LocalizedText(
            "P1 takes over, commits and dies before it can tell anybody. The others are pre-committed by then: they elect P2, "
                + "and commit.",
            zh: "P1 接管、提交，还没来得及通知任何人就宕机。但这时其他人都已预提交：他们选出 P2，照样提交。")
    )
    public static let totalFailure: Text = (
        LocalizedText("Skeen: everyone was down", zh: "Skeen 版：全军覆没之后"),
        LocalizedText(
            "All of them crash at once, P1 pre-committed, the others uncertain. They come back one by one and find only others "
                + "who were down. As nobody knew of any failure, all must be back before they may decide.",
            zh: "所有节点同时宕机：P1 已预提交，其余不确定。它们一个个回来，问到的也都是曾经宕机的。谁也不知道有谁先倒下，所以必须等所有人都回来才能决定。")
    )
    public static let lastToFail: Text = (
        LocalizedText("Skeen: the last to fail is needed", zh: "Skeen 版：等最后一个宕机的人"),
        LocalizedText(
            "The others die first; P1 is left alone, decides and dies. Those who come back know that P1 outlived them. It may have "
                + "decided, so they wait, and they are right to.",
            zh: "其他人先倒下，只剩 P1：它做了决定，随后也宕机。先回来的人知道 P1 比自己活得久，它可能已经做了决定，所以只能等它——等对了。")
    )
    public static let lastToFailMissing: Text = (
        LocalizedText("Skeen: blocked without the last to fail", zh: "Skeen 版：少了它就阻塞"),
        LocalizedText(
            "The same, but P1 stays down. “Non-blocking” holds as long as one node never fails; after a total failure three-phase "
                + "commit blocks too.",
            zh: "同样的经过，但 P1 一直没回来。“非阻塞”的前提是至少有一个节点没有宕机；全部宕机之后，三阶段提交同样会阻塞。")
    )
    public static let partition: Text = (
        LocalizedText("Skeen: a partition breaks atomicity", zh: "Skeen 版：网络分区破坏原子性"),
        LocalizedText(
            "The network splits while the PRE-COMMITs are on their way. One side holds the pre-committed, takes the others for dead, and commits. "
                + "The other side sees only uncertain states, takes the first for dead, and aborts. Two-phase commit only blocks "
                + "here (scene “partition” there).",
            zh:
                "PRE-COMMIT 还在路上，网络分成了两半。一边有预提交者，以为对面都死了，提交；另一边看到的全是不确定，也以为对面都死了，回滚。同样的分区，两阶段提交只是阻塞（见两阶段提交的 partition 场景）。"
        )
    )
    public static let falseSuspicion: Text = (
        LocalizedText("Skeen: slow is not dead", zh: "Skeen 版：慢，不等于死"),
        LocalizedText(
            "No partition, no loss, no crash: the PRE-COMMITs take 400 ms. The coordinator takes everyone for dead and commits; "
                + "the others take it for dead and abort. Three-phase commit needs clocks that never lie.",
            zh: "没有分区，没有丢包，没有宕机，只是 PRE-COMMIT 走了 400 毫秒。协调者以为大家都死了，提交；大家以为协调者死了，回滚。三阶段提交要靠永远不出错的超时。")
    )
    public static let quorumCommit: Text = (
        LocalizedText("Quorums: a majority commits", zh: "多数派版：多数人就能提交"),
        LocalizedText(
            "P1 is cut off from the start of the second phase. A majority of ACKs is enough to commit, and P1 waits until the "
                + "network is whole again.",
            zh: "第二阶段一开始 P1 就被隔开。收到多数人的 ACK 就可以提交；P1 一直等到网络恢复。")
    )
    public static let quorumPartition: Text = (
        LocalizedText("Quorums: the same partition, survived", zh: "多数派版：同样的分区，不出错"),
        LocalizedText(
            "The network splits while the PRE-COMMITs are on their way. The smaller side may not decide, whatever it knows; the larger side enters "
                + "a second buffer state, pre-aborted, and aborts. When the network is whole again everyone agrees.",
            zh: "PRE-COMMIT 还在路上，网络分成了两半。少数派无论知道什么都不许决定；多数派先进入另一个缓冲状态“预回滚”，然后回滚。网络恢复后，所有人一致。")
    )
    public static let quorumMinority: Text = (
        LocalizedText("Quorums: the minority blocks", zh: "多数派版：少数派阻塞"),
        LocalizedText(
            "The same, and the network stays split. The price of being right under partitions: who is in the minority waits, "
                + "with its locks.",
            zh: "同样的经过，但网络一直没有恢复。分区之下不出错的代价是：少数派只能握着锁等下去。")
    )
    public static let quorumSuspicion: Text = (
        LocalizedText("Quorums: slow is harmless", zh: "多数派版：慢也无妨"),
        LocalizedText(
            "The PRE-COMMITs take 400 ms, as in the scene that broke Skeen's form. Without ACKs the coordinator may not commit. The "
                + "next one asks everybody, learns that the slow one is pre-committed, and finishes what it began; the late PRE-COMMITs "
                + "belong to a round that is over.",
            zh:
                "PRE-COMMIT 同样走了 400 毫秒，正是让 Skeen 版出错的那一幕。没有 ACK，协调者就不能提交。下一任询问所有人，得知慢的那位已预提交，便替它完成；迟到的 PRE-COMMIT 属于早已结束的一轮。"
        )
    )
    public static let mutantBuffer: Text = (
        LocalizedText("Mutant: no buffer state", zh: "变异体：没有预提交状态"),
        LocalizedText(
            "Here the coordinator commits as soon as it has every YES, and dies. Nobody blocks: all are uncertain, so they abort, and "
                + "that is wrong. The question CAN-COMMIT is not what makes three phases; the buffer state is.",
            zh: "这里的协调者一收齐 YES 就提交，随后宕机。没有人阻塞：大家都不确定，于是回滚——错了。三阶段的关键不是多问一句 CAN-COMMIT，而是预提交这个缓冲状态。")
    )
    public static let mutantRelay: Text = (
        LocalizedText("Mutant: commits without leading the others", zh: "变异体：不带别人就自己提交"),
        LocalizedText(
            "P1 takes over, sees that it is pre-committed itself, commits at once and dies. The others are still uncertain; "
                + "the next one aborts.",
            zh: "P1 接管，看到自己已预提交就立刻提交，随后宕机。其他人仍然不确定，下一任协调者于是回滚。")
    )
    public static let mutantOldState: Text = (
        LocalizedText("Mutant: acts on what it knew before its crash", zh: "变异体：拿宕机前的旧状态做决定"),
        LocalizedText(
            "P1 was pre-committed, crashed, and the others have aborted without it and gone. Back again it takes part as if it had never "
                + "been away, finds itself alone, and commits.",
            zh: "P1 预提交后宕机，其他人没等它就回滚，然后也都走了。P1 回来后像从没离开过一样参与表决，发现只剩自己，就提交了。")
    )
    public static let mutantSilence: Text = (
        LocalizedText("Mutant: silence is a YES", zh: "变异体：沉默即赞成"),
        LocalizedText(
            "P1 was never asked. Here the coordinator counts the missing vote as a YES, and commits what P1 cannot do.",
            zh: "P1 根本没被问到。这里的协调者把没收到的票当作 YES，提交了一个 P1 做不到的事务。")
    )
    public static let mutantUnlock: Text = (
        LocalizedText("Mutant: locks given back too early", zh: "变异体：过早放锁"),
        LocalizedText(
            "Here a participant gives its locks back at PRE-COMMIT. Commit is near, but it is not there: somebody could now read "
                + "what may still be aborted.",
            zh: "这里的参与者一收到 PRE-COMMIT 就放锁。离提交只差一步，但毕竟还没提交：别人可能读到之后又被回滚的数据。")
    )
    public static let mutantMinority: Text = (
        LocalizedText("Mutant: decides without a quorum", zh: "变异体：不够多数也决定"),
        LocalizedText(
            "The partition of the quorum scene, but the smaller side takes the others for dead and commits.",
            zh: "与多数派版同样的分区，但少数派以为对面都死了，径自提交。")
    )
    public static let mutantLast: Text = (
        LocalizedText("Mutant: does not wait for the last to fail", zh: "变异体：不等最后宕机的人"),
        LocalizedText(
            "P1 outlived the others, committed and died. Those who come back decide at once from what they know themselves.",
            zh: "P1 比其他人活得久，提交之后才宕机。其他人一回来，就凭自己知道的立刻决定。")
    )
}
