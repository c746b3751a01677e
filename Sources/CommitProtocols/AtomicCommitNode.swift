package import StateMachines

/// A node of any protocol for atomic commitment, as those see it who judge it.
package protocol AtomicCommitNode: ProtocolNode where Record: AtomicCommitRecord {
    /// What it holds to be the outcome, as far as it remembers; `nil` while it knows none.
    func outcome(of transaction: TransactionID) -> Outcome?
    /// Its data; `nil` where it keeps none.
    var store: KeyValueStore? { get }
    /// Transactions for which it has voted YES and knows no outcome: it may neither commit nor abort alone.
    var uncertain: [TransactionID] { get }
    /// Whether it knows of a transaction and of no outcome.
    var isUndecided: Bool { get }
}

/// A log record of such a node.
package protocol AtomicCommitRecord {
    /// The outcome that it holds; `nil` where it is about something else.
    var decision: (transaction: TransactionID, outcome: Outcome)? { get }
    /// The YES that it makes durable; `nil` where it is about something else.
    var promise: (transaction: TransactionID, changes: [Change])? { get }
}
