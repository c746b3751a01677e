package import StateMachines

/// Everything nodes of a three-phase commit say to each other.
///
/// Messages between a coordinator and the others carry its round, so that what an earlier one said late is not obeyed.
package enum ThreePhaseMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Do this, and vote.
    case canCommit(TransactionID, [Operation])
    case vote(TransactionID, Vote)
    /// Enter the buffer state: from there the only way is this outcome.
    case prepare(TransactionID, for: Outcome, round: UInt16)
    /// I am in the buffer state.
    case acknowledge(TransactionID, round: UInt16)
    case decision(TransactionID, Outcome)
    /// The coordinator before you is silent: take over.
    case elect(TransactionID, round: UInt16)
    /// I am your coordinator now. Where do you stand?
    case stateRequest(TransactionID, round: UInt16)
    /// I am uncertain, or in the buffer state of an outcome since round `attempt`.
    case state(TransactionID, round: UInt16, prepared: Outcome?, attempt: UInt16)
    /// I was down. What became of it?
    case inquire(TransactionID)
    /// I was down too. `operational` are those that I did not know to have failed.
    case recovering(TransactionID, prepared: Outcome?, operational: [NodeID])

    package var label: String {
        switch self {
        case .canCommit: "CAN-COMMIT"
        case .vote(_, .yes), .vote(_, .readOnly): "YES"
        case .vote(_, .no): "NO"
        case .prepare(_, .commit, _): "PRE-COMMIT"
        case .prepare(_, .abort, _): "PRE-ABORT"
        case .acknowledge: "ACK"
        case .decision(_, .commit): "DO-COMMIT"
        case .decision(_, .abort): "ABORT"
        case .elect: "ELECT"
        case .stateRequest: "STATE-REQ"
        case .state(_, _, nil, _): "UNCERTAIN"
        case .state(_, _, .commit, _): "PRE-COMMITTED"
        case .state(_, _, .abort, _): "PRE-ABORTED"
        case .inquire: "INQUIRE"
        case .recovering: "RECOVERING"
        }
    }

    package var detail: String {
        switch self {
        case .canCommit(let transaction, let operations):
            "\(transaction): \(operations.map(\.description).joined(separator: ", "))"
        case .vote(let transaction, _), .decision(let transaction, _), .inquire(let transaction): "\(transaction)"
        case .prepare(let transaction, _, let round), .acknowledge(let transaction, let round),
            .elect(let transaction, let round), .stateRequest(let transaction, let round),
            .state(let transaction, let round, _, _):
            "\(transaction), round \(round)"
        case .recovering(let transaction, let prepared, _):
            "\(transaction): \(prepared == .commit ? "pre-committed" : "uncertain")"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .canCommit(let transaction, let operations):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(operations)
        case .vote(let transaction, let vote):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(vote)
        case .prepare(let transaction, let outcome, let round):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(outcome)
            encoder.encode(round)
        case .acknowledge(let transaction, let round):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(round)
        case .decision(let transaction, let outcome):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
            encoder.encode(outcome)
        case .elect(let transaction, let round):
            encoder.encode(tag: 6)
            encoder.encode(transaction)
            encoder.encode(round)
        case .stateRequest(let transaction, let round):
            encoder.encode(tag: 7)
            encoder.encode(transaction)
            encoder.encode(round)
        case .state(let transaction, let round, let prepared, let attempt):
            encoder.encode(tag: 8)
            encoder.encode(transaction)
            encoder.encode(round)
            encoder.encode(prepared)
            encoder.encode(attempt)
        case .inquire(let transaction):
            encoder.encode(tag: 9)
            encoder.encode(transaction)
        case .recovering(let transaction, let prepared, let operational):
            encoder.encode(tag: 10)
            encoder.encode(transaction)
            encoder.encode(prepared)
            encoder.encode(operational)
        }
    }
}

/// What a node waits for.
package enum ThreePhaseTimer: TransactionTimer {
    /// A coordinator: votes are missing.
    case votes(TransactionID)
    /// A coordinator: acknowledgements of the buffer state are missing.
    case acknowledgements(TransactionID)
    /// An elected coordinator: somebody's state is missing.
    case states(TransactionID)
    /// Who has voted YES: the coordinator is silent.
    case silence(TransactionID)
    /// Who was down: nobody has told the outcome.
    case inquiry(TransactionID)

    package var parts: (tag: UInt8, label: String, transaction: TransactionID) {
        switch self {
        case .votes(let transaction): (1, "votes", transaction)
        case .acknowledgements(let transaction): (2, "acks", transaction)
        case .states(let transaction): (3, "states", transaction)
        case .silence(let transaction): (4, "silence", transaction)
        case .inquiry(let transaction): (5, "inquiry", transaction)
        }
    }
}

/// One entry of a node's write-ahead log.
package enum ThreePhaseRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// About to vote YES, with what undoes and redoes its part. The coordinator's, without changes, comes before
    /// the first CAN-COMMIT.
    case prepared(TransactionID, changes: [Change])
    /// In the buffer state of this outcome.
    case buffered(TransactionID, Outcome, round: UInt16)
    /// With quorums: obeys no coordinator of an earlier round any more.
    case following(TransactionID, round: UInt16)
    /// Those it does not know to have failed. Lazy: an older, larger set only waits for more nodes after a total failure.
    case operational(TransactionID, [NodeID])
    case decided(TransactionID, Outcome)

    package var transaction: TransactionID {
        switch self {
        case .prepared(let transaction, _), .buffered(let transaction, _, _), .following(let transaction, _),
            .operational(let transaction, _), .decided(let transaction, _):
            transaction
        }
    }

    package var label: String {
        switch self {
        case .prepared: "prepared"
        case .buffered(_, .commit, _): "pre-commit"
        case .buffered(_, .abort, _): "pre-abort"
        case .following: "follow"
        case .operational: "alive"
        case .decided(_, let outcome): outcome.word
        }
    }

    package var detail: String {
        switch self {
        case .prepared(_, let changes) where !changes.isEmpty:
            "\(transaction): \(changes.map(\.description).joined(separator: ", "))"
        case .buffered(_, _, let round), .following(_, let round): "\(transaction), round \(round)"
        case .prepared, .operational, .decided: "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .prepared(let transaction, let changes):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(changes)
        case .buffered(let transaction, let outcome, let round):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(outcome)
            encoder.encode(round)
        case .following(let transaction, let round):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
            encoder.encode(round)
        case .operational(let transaction, let nodes):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(nodes)
        case .decided(let transaction, let outcome):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
            encoder.encode(outcome)
        }
    }
}

extension ThreePhaseRecord: AtomicCommitRecord {
    package var decision: (transaction: TransactionID, outcome: Outcome)? {
        if case .decided(let transaction, let outcome) = self { (transaction, outcome) } else { nil }
    }

    package var promise: (transaction: TransactionID, changes: [Change])? {
        if case .prepared(let transaction, let changes) = self { (transaction, changes) } else { nil }
    }
}
