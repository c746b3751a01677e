/// The CAP theorem's promises, and the scenes that break one of them.
public enum CAPMessages {
    public static let title = LocalizedText("CAP: one partition, two registers", zh: "CAP：同一次分区，两种寄存器")

    public static let availability = LocalizedText(
        "every operation of a client that is up ends with an answer that is no error", zh: "在线客户端的每个操作，最终都得到非错误的回答")
    public static func unanswered(_ client: String, _ request: String) -> LocalizedText {
        LocalizedText("\(client) asked to \(request) and got no answer", zh: "\(client) 请求 \(request)，没有得到回答")
    }
}

/// The titles and stories of the scenes of CAP.
public enum CAPSceneTexts {
    public static let noPartition: QuorumSceneTexts.Text = (
        LocalizedText("Without a partition: both", zh: "没有分区：两者兼得"),
        LocalizedText(
            "Majorities and write-back, and a network that delivers. Every operation is answered and the answers are linearizable. The "
                + "choice comes with the partition only; what this costs every day is time: four messages one after the other, where a "
                + "single copy would need two.",
            zh: "多数派加写回，网络正常。每个操作都有回答，而且线性一致。只有分区来了才需要取舍；平日付出的代价是时间：单个副本一来一回就够，这里要两个来回。")
    )
    public static let consistent: QuorumSceneTexts.Text = (
        LocalizedText("CP: the minority says it does not know", zh: "CP：少数派回答“不知道”"),
        LocalizedText(
            "A is cut off together with R1. It finds no majority and gives up, again and again; B and C go on with R2 and R3. Nobody ever "
                + "reads anything wrong: availability is what this register gives up.",
            zh: "A 和 R1 一起被隔开，凑不齐多数派，只好一次次放弃；B、C 靠 R2、R3 照常工作。没有人读到错误的值：这个寄存器放弃的是可用性。")
    )
    public static let available: QuorumSceneTexts.Text = (
        LocalizedText("AP: everyone answers, differently", zh: "AP：人人都回答，答案不同"),
        LocalizedText(
            "The same partition and the same clients, but one copy is enough to write and to read. A reads its 2, C reads B's 3, at the same "
                + "time and for as long as the partition lasts. Everyone is served; consistency is what this register gives up.",
            zh: "同样的分区，同样的客户端，只是读写一份即可。A 读到自己的 2，C 读到 B 的 3，分区持续多久，分歧就持续多久。人人都有回答：这个寄存器放弃的是一致性。")
    )
    public static let slow: QuorumSceneTexts.Text = (
        LocalizedText("Slow or cut off? Nobody can tell", zh: "是慢，还是断了？分不出来"),
        LocalizedText(
            "No partition: all three replicas have stored the value, only their answers take a fifth of a second. A waits as long as it "
                + "waits for anything, then gives up. Whoever waits for ever may wait for a network that is gone; whoever does not, "
                + "takes slowness for a partition.",
            zh: "并没有分区：三个副本都存好了值，只是回答慢了两百毫秒。A 等到极限便放弃。一直等下去，等的可能是早已断开的网络；不一直等，就会把慢当成断。")
    )
    public static let oneCopy: QuorumSceneTexts.Text = (
        LocalizedText("“CA”: a single copy", zh: "所谓“CA”：只有一份"),
        LocalizedText(
            "One replica, no quorums, nothing that could disagree. A partition puts A on the wrong side, and A gets no answer. With a "
                + "network between, CA means: available as long as nothing happens.",
            zh: "只有一个副本，没有法定人数，也就没有分歧。分区把 A 隔在另一边，A 就得不到回答。只要中间隔着网络，“CA”的意思就是：不出事时才可用。")
    )
}
