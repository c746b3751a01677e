package import StateMachines

/// Everything nodes of a two-phase commit say to each other.
package enum CommitMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Do this, and wait to be asked for your vote. PREPARE repeats it, so losing it costs nothing.
    case work(TransactionID, [Operation])
    /// Do this unless you have already, and vote. `writers` are those who can be asked for the outcome later.
    case prepare(TransactionID, [Operation], writers: [NodeID])
    case vote(TransactionID, Vote)
    /// The outcome: from the coordinator, from its backup, or from another participant that was asked.
    case decision(TransactionID, Outcome)
    /// The outcome is in my log.
    case acknowledge(TransactionID)
    /// What became of it?
    case inquire(TransactionID)
    /// I voted YES and know no more than you.
    case uncertain(TransactionID)
    /// From the coordinator to its backup: take over if I fall silent.
    case watch(TransactionID, participants: [NodeID])

    package var label: String {
        switch self {
        case .work: "WORK"
        case .prepare: "PREPARE"
        case .vote(_, .yes): "YES"
        case .vote(_, .no): "NO"
        case .vote(_, .readOnly): "READ-ONLY"
        case .decision(_, .commit): "COMMIT"
        case .decision(_, .abort): "ABORT"
        case .acknowledge: "ACK"
        case .inquire: "INQUIRE"
        case .uncertain: "UNCERTAIN"
        case .watch: "WATCH"
        }
    }

    package var detail: String {
        switch self {
        case .work(let transaction, let operations), .prepare(let transaction, let operations, _):
            "\(transaction): \(operations.map(\.description).joined(separator: ", "))"
        case .vote(let transaction, _), .decision(let transaction, _), .acknowledge(let transaction),
            .inquire(let transaction), .uncertain(let transaction), .watch(let transaction, _):
            "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .work(let transaction, let operations):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(operations)
        case .prepare(let transaction, let operations, let writers):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(operations)
            encoder.encode(writers)
        case .vote(let transaction, let vote):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(vote)
        case .decision(let transaction, let outcome):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(outcome)
        case .acknowledge(let transaction):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
        case .inquire(let transaction):
            encoder.encode(tag: 6)
            encoder.encode(transaction)
        case .uncertain(let transaction):
            encoder.encode(tag: 7)
            encoder.encode(transaction)
        case .watch(let transaction, let participants):
            encoder.encode(tag: 8)
            encoder.encode(transaction)
            encoder.encode(participants)
        }
    }
}

/// What a node waits for.
package enum CommitTimer: TransactionTimer {
    /// A coordinator: votes are missing.
    case votes(TransactionID)
    /// A participant that has worked but not voted: nobody asks for its vote.
    case prepare(TransactionID)
    /// Who has voted YES: no decision comes.
    case decision(TransactionID)
    /// Who announces an outcome: acknowledgements are missing.
    case acknowledgements(TransactionID)
    /// A backup: the coordinator is silent.
    case takeOver(TransactionID)
    /// A backup: answers are missing.
    case answers(TransactionID)

    package var parts: (tag: UInt8, label: String, transaction: TransactionID) {
        switch self {
        case .votes(let transaction): (1, "votes", transaction)
        case .prepare(let transaction): (2, "prepare", transaction)
        case .decision(let transaction): (3, "decision", transaction)
        case .acknowledgements(let transaction): (4, "acknowledgements", transaction)
        case .takeOver(let transaction): (5, "take-over", transaction)
        case .answers(let transaction): (6, "answers", transaction)
        }
    }
}

/// One entry of a node's write-ahead log.
package enum CommitRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// The coordinator is about to ask these participants.
    case collecting(Plan)
    /// A participant is about to vote YES: whom to ask, and how to undo and redo its part.
    case prepared(TransactionID, writers: [NodeID], changes: [Change])
    /// The outcome. At a coordinator, `unacknowledged` are those who must learn it.
    case decided(TransactionID, Outcome, unacknowledged: [NodeID])
    /// Everyone has acknowledged; nobody will ask again.
    case ended(TransactionID)
    /// A backup answers for this transaction.
    case watching(TransactionID, participants: [NodeID])

    package var transaction: TransactionID {
        switch self {
        case .collecting(let plan): plan.transaction
        case .prepared(let transaction, _, _), .decided(let transaction, _, _), .ended(let transaction),
            .watching(let transaction, _):
            transaction
        }
    }

    package var label: String {
        switch self {
        case .collecting: "collecting"
        case .prepared: "prepared"
        case .decided(_, let outcome, _): outcome.word
        case .ended: "end"
        case .watching: "watching"
        }
    }

    package var detail: String {
        switch self {
        case .prepared(_, _, let changes):
            "\(transaction): \(changes.map(\.description).joined(separator: ", "))"
        case .collecting, .decided, .ended, .watching:
            "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .collecting(let plan):
            encoder.encode(tag: 1)
            encoder.encode(plan)
        case .prepared(let transaction, let writers, let changes):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(writers)
            encoder.encode(changes)
        case .decided(let transaction, let outcome, let unacknowledged):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(outcome)
            encoder.encode(unacknowledged)
        case .ended(let transaction):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
        case .watching(let transaction, let participants):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
            encoder.encode(participants)
        }
    }
}

extension CommitRecord: AtomicCommitRecord {
    package var decision: (transaction: TransactionID, outcome: Outcome)? {
        if case .decided(let transaction, let outcome, _) = self { (transaction, outcome) } else { nil }
    }

    package var promise: (transaction: TransactionID, changes: [Change])? {
        if case .prepared(let transaction, _, let changes) = self { (transaction, changes) } else { nil }
    }
}

/// What a client or an operator asks.
package enum CommitCommand: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// To the coordinator: hand out the work, and wait for `commit`.
    case begin(Plan)
    /// To the coordinator: ask for the votes of a transaction begun before.
    case commit(TransactionID)
    /// To the coordinator: both at once; the work travels with PREPARE.
    case transact(Plan)
    /// To a participant: vote NO when asked. A restart forgets it.
    case refuse(TransactionID)

    package var label: String {
        switch self {
        case .begin: "begin"
        case .commit: "commit"
        case .transact: "transact"
        case .refuse: "refuse"
        }
    }

    package var detail: String {
        switch self {
        case .begin(let plan), .transact(let plan): "\(plan.transaction): \(plan)"
        case .commit(let transaction), .refuse(let transaction): "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .begin(let plan):
            encoder.encode(tag: 1)
            encoder.encode(plan)
        case .commit(let transaction):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
        case .transact(let plan):
            encoder.encode(tag: 3)
            encoder.encode(plan)
        case .refuse(let transaction):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
        }
    }
}
