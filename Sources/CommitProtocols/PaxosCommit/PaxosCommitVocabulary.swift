package import StateMachines

/// What an acceptor has accepted in the instance of one resource manager.
package struct AcceptedVote: Hashable, Sendable, CanonicalEncodable {
    package var manager: NodeID
    package var ballot: UInt16
    /// Prepared, or Aborted: the two values of an instance.
    package var isPrepared: Bool

    package init(manager: NodeID, ballot: UInt16, isPrepared: Bool) {
        self.manager = manager
        self.ballot = ballot
        self.isPrepared = isPrepared
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(manager)
        encoder.encode(ballot)
        encoder.encode(isPrepared)
    }
}

/// Everything nodes of a Paxos Commit say to each other; phases as the paper numbers them.
package enum PaxosCommitMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// From the first leader: do this, and vote.
    case prepare(TransactionID, [Operation])
    /// Phase 2a of ballot 0: a resource manager proposes its own vote to every acceptor.
    case vote(TransactionID, isPrepared: Bool)
    /// Promise to accept nothing of earlier ballots, in any instance, and say what you have accepted.
    case phase1a(TransactionID, ballot: UInt16)
    case phase1b(TransactionID, ballot: UInt16, [AcceptedVote])
    /// A leader proposes a value in every instance.
    case phase2a(TransactionID, ballot: UInt16, [AcceptedVote])
    /// Accepted in this ballot, all instances in one message.
    case phase2b(TransactionID, ballot: UInt16, [AcceptedVote])
    case decision(TransactionID, Outcome)
    /// From a resource manager that has heard nothing: what became of it?
    case inquire(TransactionID)

    package var label: String {
        switch self {
        case .prepare: "PREPARE"
        case .vote(_, isPrepared: true): "PREPARED"
        case .vote(_, isPrepared: false): "ABORTED"
        case .phase1a: "PHASE-1A"
        case .phase1b: "PHASE-1B"
        case .phase2a: "PHASE-2A"
        case .phase2b: "PHASE-2B"
        case .decision(_, .commit): "COMMIT"
        case .decision(_, .abort): "ABORT"
        case .inquire: "INQUIRE"
        }
    }

    package var detail: String {
        switch self {
        case .prepare(let transaction, let operations):
            "\(transaction): \(operations.map(\.description).joined(separator: ", "))"
        case .vote(let transaction, _), .decision(let transaction, _), .inquire(let transaction): "\(transaction)"
        case .phase1a(let transaction, let ballot): "\(transaction), ballot \(ballot)"
        case .phase1b(let transaction, let ballot, let votes), .phase2a(let transaction, let ballot, let votes),
            .phase2b(let transaction, let ballot, let votes):
            "\(transaction), ballot \(ballot): \(votes.count { $0.isPrepared }) of \(votes.count) Prepared"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .prepare(let transaction, let operations):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(operations)
        case .vote(let transaction, let isPrepared):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(isPrepared)
        case .phase1a(let transaction, let ballot):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(ballot)
        case .phase1b(let transaction, let ballot, let votes):
            encode(4, transaction, ballot, votes, into: &encoder)
        case .phase2a(let transaction, let ballot, let votes):
            encode(5, transaction, ballot, votes, into: &encoder)
        case .phase2b(let transaction, let ballot, let votes):
            encode(6, transaction, ballot, votes, into: &encoder)
        case .decision(let transaction, let outcome):
            encoder.encode(tag: 7)
            encoder.encode(transaction)
            encoder.encode(outcome)
        case .inquire(let transaction):
            encoder.encode(tag: 8)
            encoder.encode(transaction)
        }
    }

    private func encode(
        _ tag: UInt8, _ transaction: TransactionID, _ ballot: UInt16, _ votes: [AcceptedVote],
        into encoder: inout CanonicalEncoder
    ) {
        encoder.encode(tag: tag)
        encoder.encode(transaction)
        encoder.encode(ballot)
        encoder.encode(votes)
    }
}

/// What a node waits for.
package enum PaxosCommitTimer: TransactionTimer {
    /// The first leader: votes are missing in ballot 0.
    case votes(TransactionID)
    /// A leader of a later ballot: a majority is missing.
    case answers(TransactionID)
    /// An acceptor: no leader has finished it.
    case takeOver(TransactionID)
    /// A resource manager that has voted: no decision comes.
    case silence(TransactionID)

    package var parts: (tag: UInt8, label: String, transaction: TransactionID) {
        switch self {
        case .votes(let transaction): (1, "votes", transaction)
        case .answers(let transaction): (2, "answers", transaction)
        case .takeOver(let transaction): (3, "take-over", transaction)
        case .silence(let transaction): (4, "silence", transaction)
        }
    }
}

/// One entry of a node's write-ahead log.
package enum PaxosCommitRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// A resource manager is about to vote Prepared: how to undo and redo its part.
    case prepared(TransactionID, changes: [Change])
    /// An acceptor's promise, with all it has accepted.
    case promised(TransactionID, ballot: UInt16, [AcceptedVote])
    /// An acceptor has accepted these.
    case accepted(TransactionID, ballot: UInt16, [AcceptedVote])
    /// The outcome; an acceptor's is lazy, since a majority can always work it out again.
    case decided(TransactionID, Outcome)

    package var transaction: TransactionID {
        switch self {
        case .prepared(let transaction, _), .promised(let transaction, _, _), .accepted(let transaction, _, _),
            .decided(let transaction, _):
            transaction
        }
    }

    package var label: String {
        switch self {
        case .prepared: "prepared"
        case .promised: "promised"
        case .accepted: "accepted"
        case .decided(_, let outcome): outcome.word
        }
    }

    package var detail: String {
        switch self {
        case .prepared(_, let changes):
            "\(transaction): \(changes.map(\.description).joined(separator: ", "))"
        case .promised(_, let ballot, _), .accepted(_, let ballot, _): "\(transaction), ballot \(ballot)"
        case .decided: "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .prepared(let transaction, let changes):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(changes)
        case .promised(let transaction, let ballot, let votes):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(ballot)
            encoder.encode(votes)
        case .accepted(let transaction, let ballot, let votes):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(ballot)
            encoder.encode(votes)
        case .decided(let transaction, let outcome):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(outcome)
        }
    }
}

extension PaxosCommitRecord: AtomicCommitRecord {
    package var decision: (transaction: TransactionID, outcome: Outcome)? {
        if case .decided(let transaction, let outcome) = self { (transaction, outcome) } else { nil }
    }

    package var promise: (transaction: TransactionID, changes: [Change])? {
        if case .prepared(let transaction, let changes) = self { (transaction, changes) } else { nil }
    }
}
