import StateMachines

/// What a coordinator keeps of a transaction until everyone knows the outcome, whatever leads up to the decision.
protocol AnnouncedTransaction {
    var id: TransactionID { get }
    /// The outcome that it tells others; `nil` until then.
    var announced: Outcome? { get }
    /// How far it has come, in the words of a trace.
    var stage: String { get }
    /// Who has not acknowledged the decision; sorted.
    var unacknowledged: [NodeID] { get set }
    /// How often it has waited for an answer, up to the longest wait.
    var attempts: UInt8 { get set }
}

/// What the coordinators have in common: transactions, repeated announcements, and what is seen of them.
protocol AnnouncingCoordinator {
    associatedtype Transaction: AnnouncedTransaction

    var configuration: CommitConfiguration { get }
    /// Those not yet forgotten, in the order of their numbers.
    var transactions: [Transaction] { get set }
}

extension AnnouncingCoordinator {
    func index(of transaction: TransactionID) -> Int? { transactions.firstIndex { $0.id == transaction } }

    /// - Returns: the position of the new transaction.
    mutating func insert(_ transaction: Transaction) -> Int {
        let place = transactions.firstIndex { $0.id > transaction.id } ?? transactions.count
        transactions.insert(transaction, at: place)
        return place
    }

    /// How long to wait for an answer; each silence makes the next wait longer.
    mutating func nextWait(_ index: Int) -> Tick {
        let attempt = transactions[index].attempts
        transactions[index].attempts = min(attempt + 1, 4)
        return configuration.timeouts.answer(attempt: attempt)
    }

    /// Tells everyone who has not acknowledged it.
    func sendDecision(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<TwoPhaseCommitNode.Effect>) {
        for participant in transactions[index].unacknowledged {
            effects.append(.send(.decision(transactions[index].id, outcome), to: participant))
        }
    }

    mutating func awaitAcknowledgements(_ index: Int, _ effects: inout EffectBuffer<TwoPhaseCommitNode.Effect>) {
        effects.append(.setTimer(.acknowledgements(transactions[index].id), after: nextWait(index)))
    }

    /// - Returns: true when that was the last one, which is on its way to the disk then.
    mutating func acknowledge(_ index: Int, by sender: NodeID, _ effects: inout EffectBuffer<TwoPhaseCommitNode.Effect>)
        -> Bool
    {
        transactions[index].unacknowledged.removeAll { $0 == sender }
        guard transactions[index].unacknowledged.isEmpty else { return false }
        effects.append(.cancelTimer(.acknowledgements(transactions[index].id)))
        effects.append(.persist(.ended(transactions[index].id), forced: false))
        return true
    }

    /// The outcome it has told others, while it remembers one.
    func outcome(of transaction: TransactionID) -> Outcome? {
        index(of: transaction).flatMap { transactions[$0].announced }
    }

    var summary: String { transactions.map(\.stage).joined(separator: "; ") }
}
