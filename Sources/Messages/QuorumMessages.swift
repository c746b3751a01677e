/// What quorum replication promises, and the words of its machines.
public enum QuorumMessages {
    public static let title = LocalizedText("Quorum replication (NWR)", zh: "法定人数复制（NWR）")

    public static let convergence = LocalizedText(
        "in the end every replica that is up holds the same value", zh: "最终，所有在线副本的值都相同")
    public static func different(_ first: String, _ value: String, _ second: String, _ other: String) -> LocalizedText {
        LocalizedText(
            "\(first) holds \(value), \(second) holds \(other)", zh: "\(first) 的值是 \(value)，\(second) 的值是 \(other)")
    }

    /// Every phrase of the states of its machines.
    public static let vocabulary = Vocabulary([
        .init("empty", zh: "空"), .init(", holds ", zh: "，代存 "), .init("holds ", zh: "代存 "), .init(" for ", zh: "，属于 "),
        .init("reading", zh: "读取中"), .init("asking for versions", zh: "查询版本"), .init("writing back ", zh: "写回 "),
        .init("writing ", zh: "写入 "), .init("retired", zh: "已退出"),
    ])
}

/// The titles and stories of the scenes of quorum replication.
public enum QuorumSceneTexts {
    public typealias Text = (title: LocalizedText, story: LocalizedText)

    public static let intersecting: Text = (
        LocalizedText("Two of three meet two of three", zh: "三取二，必相交"),
        LocalizedText(
            "Three copies, two must store a write, two must answer a read. R3 never hears of the write, and a reader that asks R2 and R3 "
                + "still learns of it: two sets of two out of three always share one, and the higher version wins.",
            zh: "三个副本，写要两个确认，读要两个应答。R3 根本没收到这次写，向 R2、R3 读的客户端照样读到新值：三取二的两个集合必有公共副本，版本高者胜。")
    )
    public static let writeOneReadOne: Text = (
        LocalizedText("One copy written, one copy read", zh: "写一份，读一份"),
        LocalizedText(
            "W = 1 and R = 1 out of three: the write is over as soon as R1 has it. The reader is answered by R2 first, which has heard "
                + "nothing yet. W + R is not above N, so the two sets may miss each other.",
            zh: "N=3，W=1，R=1：R1 一存好，写就算完成。读者先得到 R2 的应答，而 R2 还什么都没收到。W+R 不大于 N，两个集合可以不相交。")
    )
    public static let staleIsAllowed: Text = (
        LocalizedText("Old answers are a bargain, not a mistake", zh: "读到旧值是一种取舍"),
        LocalizedText(
            "The same run, judged by what W + R ≤ N does promise: once nobody writes any more, all copies become the same and "
                + "everyone reads the same. Nobody said when.",
            zh: "同一次运行，换成 W+R≤N 真正承诺的标准来评判：不再有写入之后，所有副本终将相同，大家终将读到同一个值。至于何时，并没有承诺。")
    )
    public static let writeAllReadOne: Text = (
        LocalizedText("Write all, read one: two copies die", zh: "写全部、读一份：坏两份"),
        LocalizedText(
            "W = 3 and R = 1. With R1 and R3 dead, reading goes on as before; writing has become impossible. High availability, but of "
                + "reads only: one dead copy blocks every write.",
            zh: "W=3，R=1。R1 和 R3 都坏了，读照常进行，写却再也完不成。可用性高的只是读：任何一个副本坏掉，所有写都被卡住。")
    )
    public static let readAllWriteOne: Text = (
        LocalizedText("Write one, read all: one copy dies", zh: "写一份、读全部：坏一份"),
        LocalizedText(
            "W = 1 and R = 3, the other way round: with R3 dead, writes go on, and no read ever hears from everyone.",
            zh: "W=1，R=3，情况正好相反：R3 坏了，写照常，读却永远等不齐应答。")
    )
    public static let inversion: Text = (
        LocalizedText("The new value, then the old one", zh: "先读到新值，后读到旧值"),
        LocalizedText(
            "W + R > N, and still: the write of 1 has reached R1 only. B asks R1 and R2 and reads 1. B is done before C begins; C asks "
                + "R2 and R3 and reads nothing. Overlap is promised with writes that are complete, and this one is not.",
            zh: "明明 W+R>N：写 1 目前只到了 R1。B 问 R1、R2，读到 1；B 读完之后 C 才开始，问 R2、R3，却什么也没读到。相交只对已完成的写有保证，而这次写还没完成。")
    )
    public static let twoCopies: Text = (
        LocalizedText("The smallest inversion", zh: "最小的新旧颠倒"),
        LocalizedText(
            "Two copies, both must store a write, any one answers a read. While the write is on its way to R2, B reads at R1 and then C "
                + "at R2. Small enough for a search of every schedule.",
            zh: "两个副本，写要两份都存好，读任意一份。写在去 R2 的路上时，B 先在 R1 读，C 后在 R2 读。规模小到可以搜遍所有调度。")
    )
    public static let twoCopiesWriteBack: Text = (
        LocalizedText("The smallest repair", zh: "最小的修复"),
        LocalizedText(
            "The same two copies, but a reader has both store what it is about to answer. No schedule whatever shows the new value "
                + "before the old one: the search sees them all.",
            zh: "还是两个副本，但读者在回答之前，先让两份都存好要回答的值。任何调度都不会出现先新后旧：搜索已全部看过。")
    )
    public static let writeBack: Text = (
        LocalizedText("Reading is writing: ABD", zh: "读也要写：ABD"),
        LocalizedText(
            "The same delays as in the inversion. But B, before it answers 1, has a write quorum store it. Whoever reads after B meets "
                + "that quorum. The price: a second round in every read.",
            zh: "延迟与“先新后旧”一幕完全相同。但 B 在回答 1 之前，先让一个写法定集合存好它；在 B 之后读的人必与该集合相交。代价是每次读多一轮通信。")
    )
    public static let twoWriters: Text = (
        LocalizedText("Two writers ask before they write", zh: "两个写者：先问版本再写"),
        LocalizedText(
            "A and B write at the same time. Each first asks two copies for the highest version and takes the next number, with its own "
                + "name behind it, so that no two versions are equal. Reads write back. Linearizable again.",
            zh: "A、B 同时写。各自先向两个副本问最高版本，取下一个号码，再附上自己的名字，因此不会有相同的版本。读时写回。这样又是线性一致的了。")
    )
    public static let failedWrite: Text = (
        LocalizedText("A write that failed, and comes true", zh: "失败的写，后来生效了"),
        LocalizedText(
            "A writes 2 and reaches R1 only; it gives up and tells its user that it does not know. C reads 1 from the others. Then B asks "
                + "R1 and R2, and there is the 2. Nothing takes a write back that too few have stored.",
            zh: "A 写 2，只到了 R1；它等不下去，告诉用户“结果未知”。C 从另外两份读到 1。随后 B 问 R1、R2，2 又出现了。没凑够数的写并不会被撤销。")
    )
    public static let mutantFailure: Text = (
        LocalizedText("Mistake: given up means never happened", zh: "错误：放弃就当没发生"),
        LocalizedText(
            "The same run, but A tells its user that the write has failed. When B reads the 2, it reads what, as far as anybody has been "
                + "told, nobody ever wrote.",
            zh: "同样的运行，但 A 告诉用户“写失败了”。等 B 读到 2 时，它读到的是一个按说从来没有人写过的值。")
    )
    public static let mutantWriters: Text = (
        LocalizedText("Mistake: equal versions", zh: "错误：版本相同"),
        LocalizedText(
            "Two writers at once, both with version 1, and nothing to tell these apart. Each copy keeps what came first, so R1 and R3 "
                + "disagree for ever: no later read can say which is right.",
            zh: "两个写者同时写，版本都是 1，又没有别的办法区分。各副本留下先到的那个，R1 和 R3 从此永远不同，之后的读也分不出谁对。")
    )
    public static let skewedClocks: Text = (
        LocalizedText("The last writer loses", zh: "后写的反而输了"),
        LocalizedText(
            "Versions are taken from the writers' clocks. A's is two seconds fast. B writes 2 long after A has written 1, and is told ok; "
                + "but its version is lower. An acknowledged write is gone, and no copy has failed.",
            zh: "版本号取自写者的时钟，A 的钟快了两秒。A 写完 1 之后很久，B 才写 2，也得到了 ok，版本号却更小。一次已确认的写丢了，而没有任何副本出过故障。")
    )
    public static let sloppy: Text = (
        LocalizedText("A sloppy quorum misses the reader", zh: "宽松的法定人数：读者错过了"),
        LocalizedText(
            "R1 and R2 do not answer A, so S1 and S2 store the value in their names, and the write is over. On the other side of the "
                + "partition B asks R1 and R2 themselves. W + R > N counts for nothing while the homes are not where the value is.",
            zh: "R1、R2 不应答 A，S1、S2 便以它们的名义存下值，写就算完成了。分区另一边的 B 问的正是 R1、R2 本人。值不在本家时，W+R>N 就不起作用。")
    )
    public static let handoff: Text = (
        LocalizedText("Hints are handed over", zh: "提示移交"),
        LocalizedText(
            "The same partition, and what follows: when it heals, S1 and S2 give R1 and R2 what they have held for them, and forget it. "
                + "All copies become the same.",
            zh: "同一次分区，再看后续：网络恢复后，S1、S2 把代存的值交还 R1、R2，然后删除。所有副本又变得相同。")
    )
    public static let mutantHints: Text = (
        LocalizedText("Mistake: forgetting a hint that was sent", zh: "错误：发出提示就忘"),
        LocalizedText(
            "S1 forgets what it holds once it has sent it, without waiting to hear that it arrived. It does not arrive, and R1 never "
                + "gets the value.",
            zh: "S1 把代存的值发出去就忘了，不等对方确认。偏偏这条消息丢了，R1 永远得不到这个值。")
    )
    public static let readRepair: Text = (
        LocalizedText("Reading mends", zh: "读修复"),
        LocalizedText(
            "R3 has missed the write. B hears the old version from it and the new one from R2, answers, and sends R3 what it lacks. "
                + "Copies that are read come together; copies that nobody reads do not.",
            zh: "R3 错过了写。B 从它那里听到旧版本，从 R2 那里听到新版本，回答之后把新值发给 R3。有人读的副本会趋于一致，没人读的不会。")
    )
    public static let lateRepair: Text = (
        LocalizedText("Mending in the background comes too late", zh: "后台修复来得太迟"),
        LocalizedText(
            "The inversion once more, with read repair. B answers first and mends afterwards; C is quicker than the repair. Only a read "
                + "that waits for its repair, as ABD does, keeps the promise.",
            zh: "再演一次先新后旧，这回带读修复。B 先回答、后修复，而 C 比修复更快。只有像 ABD 那样等修复完成再回答，才守得住承诺。")
    )
    public static let mutantDisk: Text = (
        LocalizedText("Mistake: ok before the disk", zh: "错误：没落盘就回答"),
        LocalizedText(
            "R1 and R2 answer before the value is on disk, and the power fails. They come back with nothing. The write was acknowledged, "
                + "its quorum is still there, and the value is gone.",
            zh: "R1、R2 没等写盘就回答，随即断电，重启后什么也没有。写已得到确认，法定集合也都在，值却没了。")
    )
    public static let mutantCopies: Text = (
        LocalizedText("Mistake: counting messages, not replicas", zh: "错误：数消息而不是数副本"),
        LocalizedText(
            "The network delivers R1's STORED twice, and A takes that for two replicas. Its quorum is R1 alone.",
            zh: "网络把 R1 的 STORED 送了两遍，A 当成两个副本。它的“法定集合”其实只有 R1。")
    )
    public static let mutantArrival: Text = (
        LocalizedText("Mistake: the latest message wins", zh: "错误：后到的消息说了算"),
        LocalizedText(
            "R3 takes whatever comes. The delayed STORE of the first write arrives after the second write, and puts the old value back.",
            zh: "R3 来什么存什么。第一次写的 STORE 迟到了，在第二次写之后才到，把旧值又放了回来。")
    )
}
