/// What an eventually consistent register promises, and the words of its machines.
public enum StoreMessages {
    public static let title = LocalizedText("BASE: replicas that agree later", zh: "BASE：副本最终一致")

    public static let noLostUpdate = LocalizedText(
        "a value gives way only to a write of somebody who knew it", zh: "一个值只会让位给知道它的人所写的新值")
    public static func lost(_ value: String, at replica: String, instead: String) -> LocalizedText {
        LocalizedText(
            "\(replica) shows \(instead) and no longer \(value), although nobody who had seen \(value) has written since",
            zh: "\(replica) 显示 \(instead)，不再显示 \(value)；可是见过 \(value) 的人谁也没有再写过")
    }

    /// Every phrase of the states of its machines.
    public static let vocabulary = Vocabulary([
        .init("empty", zh: "空"), .init("reading", zh: "读取中"), .init("writing ", zh: "写入 "), .init("retired", zh: "已退出"),
    ])
}

/// The titles and stories of the scenes of eventual consistency and sessions.
public enum StoreSceneTexts {
    public typealias Text = QuorumSceneTexts.Text

    public static let converges: Text = (
        LocalizedText("In the end, everywhere", zh: "最终，处处相同"),
        LocalizedText(
            "A writes at R1 and is answered at once. R1 sends the value on a little later; until then B reads nothing at R3. Nothing is "
                + "wrong with that: what is promised is the end, not when it comes, and before it any old value may be read.",
            zh: "A 在 R1 写，立刻得到回答。R1 稍后才把值传开，在此之前 B 在 R3 什么也读不到。这并没有违约：承诺的是结局，没说何时到来；到来之前，读到旧值都算合法。")
    )
    public static let siblings: Text = (
        LocalizedText("Siblings: both stay until somebody has read both", zh: "兄弟版本：两个都留着"),
        LocalizedText(
            "On both sides of a partition somebody writes. Version vectors show that neither knew of the other, so both values stay. C reads "
                + "both, decides, and writes 3, which may replace them, for C has seen them.",
            zh: "分区两边各有人写。版本向量表明双方互不知情，于是两个值都保留。C 把两个都读到，作出决定，写入 3；它见过那两个值，所以可以取而代之。")
    )
    public static let lastWriter: Text = (
        LocalizedText("The last writer wins, the other is lost", zh: "后写者胜，另一个就丢了"),
        LocalizedText(
            "The same partition, and a simpler rule: the higher time stamp stays. All replicas agree in the end. But one of two "
                + "acknowledged writes is gone, and nobody was told.",
            zh: "同样的分区，换成更简单的规则：时间戳大的留下。所有副本最终确实一致，但两个已确认的写丢了一个，而且没有通知任何人。")
    )
    public static let skew: Text = (
        LocalizedText("A fast clock beats a later write", zh: "快的钟压过了后来的写"),
        LocalizedText(
            "R1's clock is two seconds fast. B has read 1 and then writes 2 at R2, nobody writes at the same time; and still 2 is thrown "
                + "away, since its time stamp is lower. No partition, no crash: a clock was enough.",
            zh: "R1 的时钟快两秒。B 读到 1 之后在 R2 写 2，当时没有别人在写；2 却因为时间戳更小而被丢弃。没有分区，没有宕机，一个走快的钟就够了。")
    )
    public static let mutantContext: Text = (
        LocalizedText("Mistake: the replica's knowledge for the client's", zh: "错误：把副本知道的当成客户端知道的"),
        LocalizedText(
            "B writes without having read. The replica notes that B's write knows all that the replica has, so A's value vanishes although "
                + "B never saw it.",
            zh: "B 没有读过就写。副本却记成“B 的写知道本副本的一切”，于是 A 的值消失了，而 B 从未见过它。")
    )
    public static let mutantOnce: Text = (
        LocalizedText("Mistake: sending once", zh: "错误：只发一次"),
        LocalizedText(
            "R1 takes what it has sent for what has arrived. The message to R3 is lost, and R3 stays behind for ever.",
            zh: "R1 把“已发送”当成“已收到”。发给 R3 的消息丢了，R3 从此永远落后。")
    )
    public static let readYourWrites: Text = (
        LocalizedText("Where is what I wrote?", zh: "我写的东西呢？"),
        LocalizedText(
            "A writes at R1, is told ok, and reads at R2, which has not heard of it. Read-your-writes is broken by nothing but a "
                + "change of replica.",
            zh: "A 在 R1 写，得到 ok，接着换到 R2 读，R2 还没听说。仅仅换了个副本，“读己之写”就破了。")
    )
    public static let readYourWritesKept: Text = (
        LocalizedText("A session remembers its writes", zh: "会话记住自己的写"),
        LocalizedText(
            "The same, but A's read says which writes R2 has to know. R2 lets the read wait until they have come. The price is waiting, "
                + "and, in a partition, no answer.",
            zh: "同上，但 A 的读带着“R2 必须知道哪些写”。R2 让读等到这些写到齐为止。代价是等待；遇到分区，就是没有回答。")
    )
    public static let sticky: Text = (
        LocalizedText("Or stay where you are", zh: "或者，别换副本"),
        LocalizedText(
            "No vectors, no waiting: A reads where it has written. It works for as long as that replica does.",
            zh: "不用向量，也不用等：A 在哪儿写就在哪儿读。只要那个副本不坏，这就够了。")
    )
    public static let monotonicReads: Text = (
        LocalizedText("Back in time", zh: "时光倒流"),
        LocalizedText(
            "B reads 1 at R1, then asks R2 and reads nothing: the value has gone again. Each replica is right by itself.",
            zh: "B 先在 R1 读到 1，再去 R2，却什么也没有：值又不见了。单看每个副本都没有错。")
    )
    public static let monotonicReadsKept: Text = (
        LocalizedText("A session remembers its reads", zh: "会话记住自己的读"),
        LocalizedText(
            "B tells R2 what it has seen, and R2 answers when it has seen as much.",
            zh: "B 告诉 R2 自己已经看到了什么；R2 等自己也看到这么多，再回答。")
    )
    public static let monotonicWrites: Text = (
        LocalizedText("Two writes change places", zh: "两次写换了次序"),
        LocalizedText(
            "A writes 1 at R2 and then 2 at R1, which knows nothing of the 1 and gives its write a lower place. In the end everyone reads "
                + "1: A's correction has lost against what it corrects.",
            zh: "A 先在 R2 写 1，再到 R1 写 2；R1 不知道有 1，给 2 排了更靠前的位置。最终大家读到的是 1：更正输给了被更正的。")
    )
    public static let monotonicWritesKept: Text = (
        LocalizedText("Writes in their order", zh: "写按次序来"),
        LocalizedText(
            "A's second write says that R1 has to know the first. R1 waits for it, and then places the second behind it.",
            zh: "A 的第二次写声明：R1 必须先知道第一次。R1 等它到来，再把第二次排在后面。")
    )
    public static let writesFollowReads: Text = (
        LocalizedText("The answer before the question", zh: "回答排在了提问之前"),
        LocalizedText(
            "B reads A's 1 at R2 and replies with 2, at R1. R1 has never seen the 1 and places the reply before it.",
            zh: "B 在 R2 读到 A 的 1，到 R1 写下回复 2。R1 没见过 1，把回复排到了它前面。")
    )
    public static let writesFollowReadsKept: Text = (
        LocalizedText("The answer after the question", zh: "先问后答"),
        LocalizedText(
            "B's write says what B had read. R1 takes it when it knows that too.",
            zh: "B 的写带着它读过什么；R1 等自己也知道了，才接受。")
    )
    public static let notCausal: Text = (
        LocalizedText("One guarantee is not causality", zh: "一项保证还不是因果一致"),
        LocalizedText(
            "Every session reads its own writes. B has read A's 1 before it wrote 2; and C sees the 2 first and then the 1. Causal "
                + "consistency is all four guarantees, across clients.",
            zh: "每个会话都读得到自己的写。B 读到 A 的 1 之后写了 2，C 却先看到 2，后看到 1。因果一致需要四项保证齐备，并且跨客户端成立。")
    )
    public static let fourGuarantees: Text = (
        LocalizedText("All four: causal", zh: "四项齐备：因果一致"),
        LocalizedText(
            "The same clients, all four guarantees. B's reply waits for what it replies to, and C reads 1 never after 2.",
            zh: "同样的客户端，四项保证全开。B 的回复要等它所回复的内容，C 绝不会先读到 2 再读到 1。")
    )
    public static let notLinearizable: Text = (
        LocalizedText("Sessions know nothing of each other", zh: "会话之间互不相知"),
        LocalizedText(
            "All four guarantees hold. A's write is over before B, in a session of its own, begins to read, and B reads nothing. That is "
                + "allowed: no session is promised what another one has done.",
            zh: "四项保证都成立。A 写完之后，B 在自己的会话里才开始读，却什么也没读到。这是允许的：会话之间互不作保证。")
    )
    public static let sequential: Text = (
        LocalizedText("One order of everything, without a clock", zh: "有统一的次序，却不管时钟"),
        LocalizedText(
            "What happened when sessions knew nothing of each other, judged by a weaker promise: B's read, placed before A's write, "
                + "explains every answer. That is sequential, although A was done before B began: only linearizability minds.",
            zh: "与“会话之间互不相知”是同一段历史，换成较弱的约定来判断：把 B 的读排到 A 的写之前，所有答复就都说得通。因此它是顺序一致的；A 写完之后 B 才开始读，只有线性一致性才计较。")
    )
    public static let notSequential: Text = (
        LocalizedText("Two writers, each overwritten by the other", zh: "两个写者，各自都被对方覆盖"),
        LocalizedText(
            "A writes at R1 and B at R3, and neither has heard of the other when A reads 2 at R3 and B reads 1 at R1. For A, 2 came after "
                + "1; for B, 1 after 2. Nobody's past is contradicted, so it is causal; but no one order suits both.",
            zh:
                "A 在 R1 写，B 在 R3 写，互不知情；随后 A 在 R3 读到 2，B 在 R1 读到 1。对 A 来说 2 在 1 之后，对 B 来说 1 在 2 之后。谁的过去都没有矛盾，所以满足因果一致；但没有哪一个次序能让双方都说得通。"
        )
    )
    public static let leader: Text = (
        LocalizedText("A leader, and reads elsewhere: neither C nor A", zh: "单主加就近读：C 和 A 都没有"),
        LocalizedText(
            "All writes go to R1, all reads to the nearest replica, as in many a database with asynchronous followers, and as ZooKeeper's "
                + "plain reads do. B reads something old; and C, cut off with R3, cannot write. Most real systems are neither CP nor AP.",
            zh: "写都交给 R1，读就近，许多带异步从库的数据库如此，ZooKeeper 的普通读也如此。B 读到旧值，而与 R3 一起被隔开的 C 又写不了。多数真实系统既不是 CP 也不是 AP。")
    )
}
