/// What every protocol for atomic commitment promises, and how a broken promise is told.
public enum AtomicCommitmentMessages {
    public static let atomicity = LocalizedText(
        "no node commits a transaction that another node aborts", zh: "一个节点提交的事务，不会有别的节点回滚")
    public static func split(_ transaction: String, committed: String, aborted: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): \(committed) committed and \(aborted) aborted",
            zh: "\(transaction)：\(committed) 提交了，\(aborted) 却回滚了")
    }
    public static let validity = LocalizedText(
        "a transaction commits only when every participant's YES is on its own disk",
        zh: "只有每个参与者的 YES 都已写进自己的磁盘，事务才会提交")
    public static func committedWithoutVote(_ transaction: String, committed: String, voter: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): \(committed) committed, but the log of \(voter) holds no YES",
            zh: "\(transaction)：\(committed) 提交了，但 \(voter) 的日志里没有 YES")
    }
    public static let stability = LocalizedText("nobody takes a decision back", zh: "决定一旦做出，就不再改变")
    public static func changedItsMind(_ transaction: String, node: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): \(node) decided first one way, then the other", zh: "\(transaction)：\(node) 先后做出了两种不同的决定")
    }
    public static let lockDurability = LocalizedText(
        "who has voted YES holds its locks until it learns the outcome, also over a restart",
        zh: "投了 YES 的参与者在得知结果之前一直持有锁，重启之后也一样")
    public static func lockLost(_ transaction: String, node: String, key: String) -> LocalizedText {
        LocalizedText(
            "\(transaction): \(node) is uncertain and has lost its lock on \(key)",
            zh: "\(transaction)：\(node) 还不知道结果，却丢了 \(key) 上的锁")
    }
}
