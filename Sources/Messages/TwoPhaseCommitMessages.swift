/// What two-phase commit is called.
public enum TwoPhaseCommitMessages {
    public static let title = LocalizedText("Two-phase commit", zh: "两阶段提交（2PC）")
}

/// The titles and stories of the scenes of two-phase commit.
public enum TwoPhaseCommitSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    public static let happyPath: Text = (
        LocalizedText("Everyone says YES", zh: "一切顺利：全员 YES"),
        LocalizedText(
            "A transfer over several banks. Each participant writes its vote to disk before it says YES, the coordinator "
                + "writes COMMIT before it tells anybody, and each participant writes COMMIT before it acknowledges.",
            zh: "一笔跨行转账。参与者先把自己的票写进磁盘再回答 YES；协调者先把 COMMIT 写进磁盘再通知大家；参与者写好 COMMIT 之后才确认。")
    )
    public static let oneNoVote: Text = (
        LocalizedText("One NO", zh: "一票否决"),
        LocalizedText(
            "P2 has been told to refuse. One NO is enough: the coordinator aborts, and those who said YES put the old "
                + "values back and release their locks.",
            zh: "P2 拒绝参与。只要有一个 NO，协调者就决定回滚；已经回答 YES 的参与者恢复旧值，释放锁。")
    )
    public static let overdraft: Text = (
        LocalizedText("A NO with a reason", zh: "余额不足"),
        LocalizedText(
            "P1 holds 5000 and is asked to give away 6000. It cannot promise that, so it votes NO, and nobody receives "
                + "anything.",
            zh: "P1 只有 5000，却要转出 6000。它无法做出承诺，只能投 NO；于是谁也不会收到钱。")
    )
    public static let blockedCoordinatorCrash: Text = (
        LocalizedText("The coordinator dies after the last YES", zh: "协调者收齐 YES 后宕机"),
        LocalizedText(
            "Every vote has arrived, and then the coordinator crashes before any decision leaves it. The participants can "
                + "neither commit nor abort: whatever they chose, the coordinator might have chosen otherwise. They keep "
                + "their locks and wait.",
            zh: "票已经收齐，协调者却在发出任何决定之前宕机。参与者既不能提交也不能回滚：无论选哪个，都可能与协调者的决定相反。它们只能握着锁等下去。")
    )
    public static let crashAfterFirstCommit: Text = (
        LocalizedText("The coordinator dies after the first COMMIT", zh: "只发出一个 COMMIT 就宕机"),
        LocalizedText(
            "One participant has committed, the others have heard nothing and ask a coordinator that does not answer. "
                + "They are blocked, but nothing is inconsistent: nobody has aborted, and nobody will.",
            zh: "一个参与者已经提交，其余的什么也没收到，向协调者询问也得不到回答。它们被阻塞了，但数据并没有不一致：没有人回滚，也不会有人回滚。")
    )
    public static let partition: Text = (
        LocalizedText("A partition only blocks", zh: "网络分区：只是阻塞"),
        LocalizedText(
            "The network splits while the COMMITs are on their way. P1 commits; the other side has voted YES and may do nothing but "
                + "wait and ask. Nothing is wrong, and nothing moves. The same schedule breaks three-phase commit.",
            zh: "COMMIT 还在路上，网络分成了两半。P1 提交了；另一边已投 YES，只能等待和询问。什么都没出错，但也动弹不得。同样的过程会让三阶段提交出错。")
    )
    public static let partialCommit: Text = (
        LocalizedText("Committed in part, for a while", zh: "暂时的“部分提交”"),
        LocalizedText(
            "As before, but the coordinator comes back. Its log says COMMIT, so it tells everyone again. "
                + "What looked like a partial commit was only a delay.",
            zh: "与上一幕相同，但协调者回来了。它的日志里写着 COMMIT，于是再次通知所有人。所谓“部分提交”，其实只是迟到。")
    )
    public static let blockedDespiteAsking: Text = (
        LocalizedText("The only one who knew dies too", zh: "唯一知情者也宕机"),
        LocalizedText(
            "The coordinator and the one participant that heard the decision both crash. The others ask each other, and all "
                + "they hear is UNCERTAIN. The transaction has been committed, and yet they cannot know.",
            zh: "协调者和唯一听到决定的参与者双双宕机。剩下的互相询问，得到的只有 UNCERTAIN。事务其实已经提交，可它们无从知道。")
    )
    public static let cooperativeCommit: Text = (
        LocalizedText("Asking the neighbours: commit", zh: "协作终止：得知提交"),
        LocalizedText(
            "The coordinator dies after the first COMMIT, but this time the participants ask each other. "
                + "One of them has committed, so the others may too.",
            zh: "协调者发出第一个 COMMIT 后宕机，但这一次参与者会互相询问。只要有一个已经提交，其余的就可以跟着提交。")
    )
    public static let cooperativeAbort: Text = (
        LocalizedText("Asking the neighbours: abort", zh: "协作终止：得知回滚"),
        LocalizedText(
            "The last participant was never asked for its vote. When a neighbour inquires, it aborts for good before it "
                + "answers: now commit has become impossible, and everyone may abort.",
            zh: "最后一个参与者从未被要求投票。邻居来问时，它先把自己彻底回滚再回答：从此提交已不可能，大家都可以回滚。")
    )
    public static let cooperativeBlocked: Text = (
        LocalizedText("Asking the neighbours: nobody knows", zh: "协作终止：谁也不知道"),
        LocalizedText(
            "The coordinator dies after the last YES, and everyone who is asked is uncertain too. "
                + "Co-operation makes blocking rarer; it cannot remove it.",
            zh: "协调者收齐 YES 后宕机，被问到的人也都不确定。协作能让阻塞变少，却不能消除它。")
    )
    public static let participantTimeout: Text = (
        LocalizedText("Before the vote, a participant may give up", zh: "投票之前可以自行回滚"),
        LocalizedText(
            "The work is done and locked, but the coordinator dies before it asks for votes. Nobody has promised anything "
                + "yet, so each participant aborts by itself when its timer fires.",
            zh: "活已经干完，锁也拿着，协调者却在要求投票之前宕机。大家还没有承诺任何事，所以定时器一响，参与者就可以自行回滚。")
    )
    public static let missingVote: Text = (
        LocalizedText("A missing vote is a NO", zh: "收不到的票就是 NO"),
        LocalizedText(
            "The YES of P1 is lost on the way. The coordinator has promised nothing either: when its timer fires it aborts.",
            zh: "P1 的 YES 在路上丢了。协调者同样还没有承诺任何事：定时器一响，它就决定回滚。")
    )
    public static let recoveryFromLog: Text = (
        LocalizedText("The coordinator recovers from its log", zh: "协调者从日志恢复"),
        LocalizedText(
            "COMMIT has reached the coordinator's disk and nothing else when it crashes. After the restart it reads its log "
                + "and goes on where it stopped.",
            zh: "COMMIT 刚刚写进协调者的磁盘，还没来得及通知任何人，它就宕机了。重启后它读出日志，从停下的地方继续。")
    )
    public static let participantRecovery: Text = (
        LocalizedText("A participant recovers from its log", zh: "参与者从日志恢复"),
        LocalizedText(
            "P2 crashes right after its YES. Its log tells it after the restart that it has promised something: it takes its "
                + "locks again, writes its values again, and asks for the outcome.",
            zh: "P2 刚说完 YES 就宕机。重启后，日志提醒它曾经做过承诺：它重新加锁，重做写入，再去询问结果。")
    )
    public static let locksInTheWay: Text = (
        LocalizedText("A lock in the way", zh: "锁挡住了别人"),
        LocalizedText(
            "P1 has voted YES and its COMMIT is lost. While it waits, a second transaction wants the same account and is "
                + "refused: a blocked transaction blocks others.",
            zh: "P1 已投 YES，发给它的 COMMIT 却丢了。它等待的时候，第二个事务要用同一个账户，只能被拒绝：一个事务被阻塞，会连累别的事务。")
    )
    public static let forcedVote: Text = (
        LocalizedText("Crash before the YES is out", zh: "YES 发出之前宕机"),
        LocalizedText(
            "P1 crashes while its vote is on the way to the disk. No YES has left it, so nobody counts on it: the vote is "
                + "missing, and everyone aborts.",
            zh: "P1 的票还没写完磁盘就宕机了。它还没有发出 YES，没有人会指望它：缺了一票，大家一起回滚。")
    )
    public static let mutantVote: Text = (
        LocalizedText("Mutant: YES before the disk", zh: "变异体：先说 YES，后写磁盘"),
        LocalizedText(
            "Here a participant says YES while its record is still on the way to the disk, and then crashes. "
                + "After the restart it knows nothing of its promise, and the others have committed.",
            zh: "这里的参与者在记录落盘之前就说了 YES，随后宕机。重启后它不记得自己的承诺，而别人已经提交。")
    )
    public static let mutantDecision: Text = (
        LocalizedText("Mutant: COMMIT before the disk", zh: "变异体：先发 COMMIT，后写磁盘"),
        LocalizedText(
            "Here the coordinator tells P1 to commit while its own record is on the way to the disk, and crashes. "
                + "After the restart it finds nothing, which means abort, and says so to the others.",
            zh: "这里的协调者在自己的记录落盘之前就让 P1 提交，随后宕机。重启后日志里什么也没有，按约定就是回滚，它便这样回答其他人。")
    )
    public static let mutantAcknowledgement: Text = (
        LocalizedText("Mutant: ACK before the disk", zh: "变异体：先确认，后写磁盘"),
        LocalizedText(
            "Here a participant acknowledges COMMIT before it has written it, and crashes. The coordinator has every "
                + "acknowledgement and forgets; asked again, it knows nothing and answers ABORT.",
            zh: "这里的参与者还没写下 COMMIT 就先确认，随后宕机。协调者收齐确认便忘掉了这个事务；再被问起时，它一无所知，只能回答 ABORT。")
    )
    public static let mutantHeuristic: Text = (
        LocalizedText("Mutant: tired of waiting", zh: "变异体：等不及了"),
        LocalizedText(
            "Some notes let an uncertain participant decide when it has waited long enough. Here it aborts, while P1 has "
                + "heard COMMIT. Two-phase commit blocks; who guesses, breaks it.",
            zh: "有些讲义让不确定的参与者等久了就自作主张。这里它选择回滚，而 P1 已经收到了 COMMIT。两阶段提交只会阻塞；猜测才会破坏一致。")
    )
    public static let presumedAbort: Text = (
        LocalizedText("Presumed abort", zh: "假定回滚"),
        LocalizedText(
            "An abort costs nothing here: the coordinator writes nothing, waits for no acknowledgement and forgets at once. "
                + "The ABORT for P1 is lost; when P1 asks, the coordinator has no information, and that means abort.",
            zh: "在这里回滚几乎不花钱：协调者不写日志、不等确认、马上忘掉。发给 P1 的 ABORT 丢了；P1 来问时协调者一无所知，而一无所知就意味着回滚。")
    )
    public static let presumedAbortCrash: Text = (
        LocalizedText("Presumed abort: the coordinator forgets by crashing", zh: "假定回滚：协调者宕机失忆"),
        LocalizedText(
            "The coordinator crashes with every YES but no decision on disk. Back again it knows nothing of the transaction, "
                + "and answers everyone who asks with ABORT.",
            zh: "协调者收齐了 YES，决定却还没落盘就宕机。回来之后它对这个事务一无所知，谁来问都回答 ABORT。")
    )
    public static let presumedAbortReader: Text = (
        LocalizedText("Presumed abort: a reader leaves early", zh: "假定回滚：只读者提前离场"),
        LocalizedText(
            "The last participant only reads. The outcome is nothing to it: it votes READ-ONLY, writes nothing to its log, "
                + "releases its lock and is not there for the second phase.",
            zh: "最后一个参与者只读不写，结果与它无关：它投 READ-ONLY，不写日志，放掉读锁，第二阶段就没有它了。")
    )
    public static let presumedAbortReadersOnly: Text = (
        LocalizedText("Presumed abort: readers only", zh: "假定回滚：全员只读"),
        LocalizedText(
            "Everyone only reads, so there is no second phase at all and not one forced write anywhere.",
            zh: "所有人都只读，于是根本没有第二阶段，也没有任何一次强制写盘。")
    )
    public static let presumedCommit: Text = (
        LocalizedText("Presumed commit", zh: "假定提交"),
        LocalizedText(
            "A commit is not acknowledged here. The coordinator forces a collecting record before it asks anybody, and "
                + "forgets when COMMIT is on disk. P2 loses its COMMIT and asks: no information means commit.",
            zh: "在这里提交不需要确认。协调者在询问任何人之前先强制写下 collecting 记录，COMMIT 落盘后就忘掉事务。P2 没收到 COMMIT，来问：一无所知就意味着提交。")
    )
    public static let presumedCommitCrash: Text = (
        LocalizedText("Presumed commit: what the collecting record is for", zh: "假定提交：collecting 记录的用处"),
        LocalizedText(
            "The coordinator crashes in the middle of asking. It finds the collecting record without a decision, so it "
                + "aborts, and makes sure that everyone knows before it forgets.",
            zh: "协调者问到一半宕机。重启后它发现 collecting 记录没有对应的决定，于是回滚，并确保人人得知之后才忘掉。")
    )
    public static let mutantCollecting: Text = (
        LocalizedText("Mutant: presumed commit without the collecting record", zh: "变异体：没有 collecting 记录的假定提交"),
        LocalizedText(
            "The same crash without that record. The coordinator comes back knowing nothing, P1 asks, and nothing means "
                + "commit, although the last participant has never been asked.",
            zh: "同样的宕机，但没有那条记录。协调者回来后一无所知；P1 来问，一无所知意味着提交——可最后一个参与者根本没被问过。")
    )
    public static let decentralised: Text = (
        LocalizedText("Decentralised: everyone tells everyone", zh: "去中心化：人人广播"),
        LocalizedText(
            "Every participant sends its vote to all the others, and everyone decides for itself. One round less, many more "
                + "messages: who has all votes forwards COMMIT before it commits.",
            zh: "每个参与者把票发给所有人，人人自行决定。少了一轮，消息却多得多：凑齐全部票的人先转发 COMMIT，然后自己才提交。")
    )
    public static let decentralisedCrash: Text = (
        LocalizedText("Decentralised: the first node may die", zh: "去中心化：发起者宕机也不阻塞"),
        LocalizedText(
            "The node that began crashes when everyone has been asked. The votes go round without it: nobody blocks.",
            zh: "发起者在问完所有人之后宕机。票照样在其余节点之间传开：没有人被阻塞。")
    )
    public static let decentralisedForward: Text = (
        LocalizedText("Decentralised: forward, then commit", zh: "去中心化：先转发，后提交"),
        LocalizedText(
            "P1's YES reaches only P2 among the participants. P2 knows that all is well, tells everyone, commits and "
                + "crashes. The others learn it in time.",
            zh: "参与者里只有 P2 收到了 P1 的 YES。P2 得知全票通过，先告诉所有人，再提交，然后宕机。其他人及时得到了消息。")
    )
    public static let mutantForward: Text = (
        LocalizedText("Mutant: commit, then forward", zh: "变异体：先提交，后转发"),
        LocalizedText(
            "The same crashes, the other order. P2 commits first and takes its knowledge to the grave; to the others a vote "
                + "is missing, and they abort.",
            zh: "同样的宕机，顺序相反。P2 先提交，还没转发就带着消息“进了坟墓”；其他人看来少了一票，于是回滚。")
    )
    public static let decentralisedLossy: Text = (
        LocalizedText("Decentralised: only where nothing is lost", zh: "去中心化：链路丢消息就不成立"),
        LocalizedText(
            "Not blocking has a price: silence means abort, so no message may be lost and none may be late. Here the last "
                + "participant hears nobody, aborts, and atomicity is gone, without any mistake in the code.",
            zh: "不阻塞是有代价的：沉默就意味着回滚，所以消息既不能丢也不能迟到。这里最后一个参与者谁的话也没听到，于是回滚，原子性就此破坏，而代码并没有写错。")
    )
    public static let backupTakesOver: Text = (
        LocalizedText("A backup takes over", zh: "备份协调者接管"),
        LocalizedText(
            "The coordinator dies after the last YES. Its backup asks everyone, hears UNCERTAIN from all of them, and knows: "
                + "nobody can ever abort any more. It commits.",
            zh: "协调者收齐 YES 后宕机。备份协调者询问所有人，听到的全是 UNCERTAIN，便知道：再也没有人能回滚了。于是它决定提交。")
    )
    public static let backupSeesCommit: Text = (
        LocalizedText("A backup sees a commit and a silence", zh: "备份看到一个提交、一个沉默"),
        LocalizedText(
            "P1 has committed, P2 is down, the others are uncertain. One commit seen settles it, whatever the silent one "
                + "thinks; it will be told when it comes back.",
            zh: "P1 已提交，P2 宕机，其余的不确定。只要看到一个提交，结果就定了；沉默的那个回来时自会得到通知。")
    )
    public static let mutantBackupIgnores: Text = (
        LocalizedText("Mutant: a backup that takes silence for failure", zh: "变异体：把沉默当失败的备份"),
        LocalizedText(
            "The same run with a careless rule: somebody is silent, so abort, without looking whether anybody has committed.",
            zh: "同样的过程，换了一条草率的规则：有人沉默就回滚，也不看看是不是已经有人提交。")
    )
    public static let backupWaits: Text = (
        LocalizedText("A backup that knows when to wait", zh: "懂得等待的备份"),
        LocalizedText(
            "The coordinator and P1 have crashed, and P1 had committed. The backup hears UNCERTAIN from all the others and "
                + "nothing from P1. It waits, and it is right to: P1 comes back and tells.",
            zh: "协调者和 P1 都宕机了，而 P1 已经提交。备份从其他人那里听到 UNCERTAIN，P1 却没有回音。它选择等待，而且等对了：P1 回来后说出了结果。")
    )
    public static let mutantBackupTrusts: Text = (
        LocalizedText("Mutant: the published rule in a real network", zh: "变异体：把规约里的规则搬进真实网络"),
        LocalizedText(
            "“Abort if somebody failed and nobody is seen committed” is right where who has committed can always be seen. "
                + "Here P1 has committed and crashed: the backup sees nobody committed, and aborts.",
            zh: "“有人失败且没看到有人提交，就回滚”——规约里的这条规则只有在提交者总能被看见时才成立。这里 P1 提交后宕机：备份没看到任何人提交，于是回滚。")
    )
    public static let duplicates: Text = (
        LocalizedText("Every message twice", zh: "所有消息都来两遍"),
        LocalizedText(
            "The network delivers every message twice. Votes count once, locks are taken once, values are written once, and "
                + "the log answers what comes late.",
            zh: "网络把每条消息都送两遍。票只算一次，锁只加一次，值只写一次；迟到的消息由日志来回答。")
    )
    public static let latePrepare: Text = (
        LocalizedText("A late PREPARE after a restart", zh: "重启之后才到的 PREPARE"),
        LocalizedText(
            "P1 votes YES, crashes and comes back. Then an old copy of PREPARE arrives. The log says what was promised, so "
                + "the answer is YES again, and nothing is done twice.",
            zh: "P1 投了 YES，宕机后又回来。这时一份旧的 PREPARE 才姗姗来迟。日志里记着当初的承诺，所以它再答一次 YES，什么也不会做两遍。")
    )
    public static let lateCommit: Text = (
        LocalizedText("A late COMMIT after a restart", zh: "重启之后才到的 COMMIT"),
        LocalizedText(
            "P1 has committed, but its ACK is lost and it restarts. The coordinator repeats COMMIT, and P1 acknowledges from "
                + "its log.",
            zh: "P1 已经提交，但它的 ACK 丢了，随后又重启。协调者再发一次 COMMIT，P1 依据日志再确认一次。")
    )
}
