/// What Paxos Commit is called and promises, and how its machines speak of themselves.
public enum PaxosCommitMessages {
    public static let title = LocalizedText("Paxos Commit", zh: "Paxos Commit（Paxos 提交）")

    public static let agreement = LocalizedText(
        "the instance of a resource manager never chooses two votes", zh: "每个资源管理器的 Paxos 实例至多选定一种投票")
    public static func choseTwice(_ transaction: String, manager: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): the instance of \(manager) has chosen Prepared and Aborted",
            zh: "\(transaction)：\(manager) 的实例既选定了 Prepared，又选定了 Aborted")
    }

    /// Every phrase of the states, phases and notes of the machines of Paxos Commit.
    public static let vocabulary = Vocabulary([
        .init("preparing", zh: "正在准备"), .init("prepared", zh: "已准备"), .init("committing", zh: "正在提交"),
        .init("aborting", zh: "正在回滚"), .init("committed", zh: "已提交"), .init("aborted", zh: "已回滚"),
        .init(", holds ", zh: "，锁住 "), .init("voting", zh: "投票阶段"), .init("collecting votes", zh: "收票"),
        .init("listening", zh: "旁听"), .init("knows commit", zh: "得知提交"), .init("knows abort", zh: "得知回滚"),
        .init("leads ballot ", zh: "主持投票 "), .init("proposes in ballot ", zh: "提议，投票 "),
        .init("accepting, ballot ", zh: "已接受，投票 "), .init("promised ballot ", zh: "已承诺，投票 "),
        .init("ballot ", zh: "投票编号 "), .init("told to refuse", zh: "被要求拒绝"),
        .init(" is locked by ", zh: " 被锁住，持有者是 "), .init(" would fall below 0", zh: " 会变成负数"),
        .init(" without having voted for it", zh: "，但从未投过票"), .init("told to commit ", zh: "被要求提交 "),
        .init("told to abort ", zh: "被要求回滚 "), .init(" after commit", zh: "，但之前已提交"),
        .init(" after abort", zh: "，但之前已回滚"), .init(": commit", zh: "，提交"), .init(": abort", zh: "，回滚"),
        .init("; ", zh: "；"),
    ])
}

/// The titles and stories of the scenes of Paxos Commit.
public enum PaxosCommitSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    public static let happyPath: Text = (
        LocalizedText("Votes go to three acceptors", zh: "票投给三个接受者"),
        LocalizedText(
            "Each resource manager proposes its own vote to every acceptor: an instance of Paxos for each vote, ballot 0. The "
                + "leader, C, hears from a majority of acceptors and tells everyone. No single disk holds the outcome.",
            zh: "每个资源管理器把自己的票提议给所有接受者：一票就是一个 Paxos 实例，用 0 号投票。领导者 C 收到多数接受者的回音，便通知所有人。结果不再只存在于某一块磁盘上。")
    )
    public static let withoutSpare: Text = (
        LocalizedText("F = 0 is two-phase commit", zh: "F = 0 就是两阶段提交"),
        LocalizedText(
            "One acceptor, in the same place as the leader: PREPARE, a vote, one forced write, COMMIT. These are the messages "
                + "and writes of two-phase commit.",
            zh: "只有一个接受者，而且和领导者在一起：PREPARE、投票、一次强制写盘、COMMIT。消息和写盘与两阶段提交一模一样。")
    )
    public static let oneNoVote: Text = (
        LocalizedText("One Aborted", zh: "一票 Aborted"),
        LocalizedText(
            "P2 has been told to refuse. Nobody will ever propose Prepared in its instance, so whoever hears Aborted knows the "
                + "outcome at once.",
            zh: "P2 拒绝参与。它的实例里再也不会有人提议 Prepared，所以谁听到 Aborted，谁就立刻知道结果。")
    )
    public static let missingVote: Text = (
        LocalizedText("A missing vote", zh: "缺一票"),
        LocalizedText(
            "P1 is never asked. The leader may not just say no for it: it begins a ballot of its own, learns from a majority that "
                + "nothing was accepted in P1's instance, and proposes Aborted there.",
            zh: "P1 根本没被问到。领导者不能随口替它说不：它开始自己的一轮投票，从多数接受者那里得知 P1 的实例还没有接受过任何值，才提议 Aborted。")
    )
    public static let withoutSpareBlocks: Text = (
        LocalizedText("F = 0: the crash that blocks", zh: "F = 0：这次宕机会阻塞"),
        LocalizedText(
            "C crashes when every vote has arrived. It was the only acceptor, so nobody else can know. This is two-phase commit's "
                + "blocking, message for message.",
            zh: "票刚收齐，C 就宕机。它是唯一的接受者，再没有别人知道结果。这正是两阶段提交的阻塞，连消息都一样。")
    )
    public static let coordinatorCrash: Text = (
        LocalizedText("F = 1: the same crash, survived", zh: "F = 1：同一次宕机，安然度过"),
        LocalizedText(
            "The same crash of C. A2 leads the next ballot: a majority has accepted Prepared everywhere, so it proposes that again, "
                + "and commits. Nobody guesses, and nobody waits for C.",
            zh: "C 在同一时刻宕机。A2 主持下一轮投票：多数接受者在每个实例里都接受过 Prepared，于是它照样提议，完成提交。没有人猜，也没有人等 C。")
    )
    public static let crashAfterFirst: Text = (
        LocalizedText("Crash after the first COMMIT", zh: "发出第一个 COMMIT 后宕机"),
        LocalizedText(
            "P1 has committed, C is gone. Whatever A2 finds with a majority must be commit too: the votes were chosen before the "
                + "first COMMIT left.",
            zh: "P1 已提交，C 已宕机。A2 在任何多数派里看到的都只能是提交：第一个 COMMIT 发出之前，票就已经选定了。")
    )
    public static let partition: Text = (
        LocalizedText("The partition that breaks 3PC", zh: "让 3PC 出错的那种分区"),
        LocalizedText(
            "C and P1 are cut off in the middle. C has no majority and decides nothing; A2 and A3 have one and commit with P2. When "
                + "the network is whole again, C and P1 are told.",
            zh: "中途 C 和 P1 被隔开。C 凑不到多数，什么也不决定；A2 和 A3 是多数，与 P2 一起提交。网络恢复后，C 和 P1 得到通知。")
    )
    public static let falseSuspicion: Text = (
        LocalizedText("The leader was only slow", zh: "领导者只是慢"),
        LocalizedText(
            "C has every vote, and then stands still for 600 ms. A2 takes over and commits. When C goes on it finds the answers to "
                + "its own ballot, decides as well, and cannot decide otherwise.",
            zh: "C 收齐了票，却停住 600 毫秒。A2 接管并提交。C 醒来后看到自己那轮投票的回音，也做出决定——而它不可能做出别的决定。")
    )
    public static let votesLost: Text = (
        LocalizedText("Only one acceptor heard the votes", zh: "只有一个接受者收到了票"),
        LocalizedText(
            "The votes for A2 and A3 are lost. C alone is no majority. It brings the votes to the others in a ballot of its own, and "
                + "only then it commits, so that its crash does no harm.",
            zh: "发给 A2 和 A3 的票丢了。C 一个人不算多数。它用自己的一轮投票把票带给其他接受者，然后才提交，所以随后的宕机无碍。")
    )
    public static let tooMany: Text = (
        LocalizedText("More failures than F", zh: "宕机超过 F 个"),
        LocalizedText(
            "Two of three acceptors are down. C has every vote and may not decide. As soon as one of them is back there is a "
                + "majority again.",
            zh: "三个接受者倒了两个。C 收齐了票也不能决定。只要有一个回来，就又有了多数。")
    )
    public static let acceptorRestart: Text = (
        LocalizedText("An acceptor remembers", zh: "接受者有记性"),
        LocalizedText(
            "A2 crashes after its answer, and A3 has heard no vote. C commits with A2's answer and dies. A2 comes back, and its disk "
                + "says what it has accepted.",
            zh: "A2 回答之后宕机，A3 什么票也没听到。C 凭 A2 的回答提交，随后宕机。A2 回来，它的磁盘上写着当初接受了什么。")
    )
    public static let mutantDisk: Text = (
        LocalizedText("Mutant: accepted, but not on disk", zh: "变异体：说接受了，却没写盘"),
        LocalizedText(
            "The same crashes, but A2 answered before its record was on disk. It comes back empty, finds nothing with A3, and "
                + "proposes Aborted. P1 has committed.",
            zh: "同样的宕机，但 A2 在记录落盘之前就回答了。它回来时一片空白，和 A3 一对，什么也没有，便提议 Aborted。而 P1 已经提交。")
    )
    public static let mutantMajority: Text = (
        LocalizedText("Mutant: one acceptor is enough", zh: "变异体：一个接受者就算数"),
        LocalizedText(
            "C is the only acceptor that heard the votes, takes itself for a majority, commits and dies. The real majority knows "
                + "nothing of it.",
            zh: "只有 C 这一个接受者收到了票，它却把自己当成多数，提交后宕机。真正的多数对此一无所知。")
    )
    public static let mutantIgnores: Text = (
        LocalizedText("Mutant: a new leader with its own opinion", zh: "变异体：自作主张的新领导者"),
        LocalizedText(
            "A2 takes over and proposes Aborted, without looking at what its majority has accepted before. An instance chooses "
                + "twice.",
            zh: "A2 接管后直接提议 Aborted，不看多数接受者先前接受过什么。于是同一个实例选定了两次。")
    )
}
