/// What some schedule of a search should come to.
public enum MilestoneMessages {
    public static let leaderElected = LocalizedText("a leader is elected", zh: "选出了领导者")
    public static let entryCommitted = LocalizedText("an entry is committed", zh: "提交了一个日志条目")
    public static let valueChosen = LocalizedText("a value is chosen", zh: "选定了一个值")
    public static let somebodyCommits = LocalizedText("somebody commits", zh: "有节点提交")
    public static let somebodyAborts = LocalizedText("somebody aborts", zh: "有节点回滚")
    public static let transactionDelivered = LocalizedText("a transaction is delivered", zh: "交付了一个事务")
    public static let clientAnswered = LocalizedText("a client is answered", zh: "有客户端得到答复")
}
