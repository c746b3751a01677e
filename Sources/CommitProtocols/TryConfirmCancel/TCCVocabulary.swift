package import StateMachines

/// Everything nodes of a try-confirm-cancel run say to each other.
package enum TCCMessage: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// Reserve this.
    case attempt(TransactionID, [Operation])
    /// It is reserved, and will stay so.
    case reserved(TransactionID)
    /// It cannot be reserved.
    case refused(TransactionID)
    /// CONFIRM: make what was reserved true. CANCEL: give it back. The work comes along, as services get their arguments
    /// again.
    case settle(TransactionID, Outcome, [Operation])
    /// It is settled this way, and there is a record of it.
    case settled(TransactionID, Outcome)

    package var label: String {
        switch self {
        case .attempt: "TRY"
        case .reserved: "TRIED"
        case .refused: "REFUSED"
        case .settle(_, .commit, _): "CONFIRM"
        case .settle(_, .abort, _): "CANCEL"
        case .settled(_, .commit): "CONFIRMED"
        case .settled(_, .abort): "CANCELLED"
        }
    }

    package var detail: String {
        switch self {
        case .attempt(let transaction, let operations), .settle(let transaction, _, let operations):
            "\(transaction): \(operations.map(\.description).joined(separator: ", "))"
        case .reserved(let transaction), .refused(let transaction), .settled(let transaction, _): "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .attempt(let transaction, let operations):
            encoder.encode(tag: 1)
            encoder.encode(transaction)
            encoder.encode(operations)
        case .reserved(let transaction):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
        case .refused(let transaction):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
        case .settle(let transaction, let outcome, let operations):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(outcome)
            encoder.encode(operations)
        case .settled(let transaction, let outcome):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
            encoder.encode(outcome)
        }
    }
}

/// What a node waits for.
package enum TCCTimer: TransactionTimer {
    /// The coordinator: somebody has not answered TRY.
    case tries(TransactionID)
    /// The coordinator: somebody has not settled.
    case settlements(TransactionID)
    /// A participant: a reservation is old.
    case reservation(TransactionID)

    package var parts: (tag: UInt8, label: String, transaction: TransactionID) {
        switch self {
        case .tries(let transaction): (1, "tries", transaction)
        case .settlements(let transaction): (2, "again", transaction)
        case .reservation(let transaction): (3, "reservation", transaction)
        }
    }
}

/// One entry of a node's write-ahead log. A participant's is its transaction record: written together with its data.
package enum TCCRecord: Hashable, Sendable, CanonicalEncodable, Labelled {
    /// The coordinator is about to ask these participants.
    case began(Plan)
    /// The coordinator's decision.
    case decided(TransactionID, Outcome)
    /// Everyone has settled.
    case ended(TransactionID)
    /// A participant has reserved this.
    case reserved(TransactionID, [Operation])
    /// A participant has settled it; without work where there was no reservation.
    case settled(TransactionID, Outcome, [Operation])

    package var transaction: TransactionID {
        switch self {
        case .began(let plan): plan.transaction
        case .decided(let transaction, _), .ended(let transaction), .reserved(let transaction, _),
            .settled(let transaction, _, _):
            transaction
        }
    }

    package var label: String {
        switch self {
        case .began: "began"
        case .decided(_, let outcome): outcome.settlement
        case .ended: "end"
        case .reserved: "tried"
        case .settled(_, .commit, _): "confirmed"
        case .settled(_, .abort, _): "cancelled"
        }
    }

    package var detail: String {
        switch self {
        case .reserved(_, let operations), .settled(_, _, let operations):
            "\(transaction): \(operations.map(\.description).joined(separator: ", "))"
        case .began, .decided, .ended: "\(transaction)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .began(let plan):
            encoder.encode(tag: 1)
            encoder.encode(plan)
        case .decided(let transaction, let outcome):
            encoder.encode(tag: 2)
            encoder.encode(transaction)
            encoder.encode(outcome)
        case .ended(let transaction):
            encoder.encode(tag: 3)
            encoder.encode(transaction)
        case .reserved(let transaction, let operations):
            encoder.encode(tag: 4)
            encoder.encode(transaction)
            encoder.encode(operations)
        case .settled(let transaction, let outcome, let operations):
            encoder.encode(tag: 5)
            encoder.encode(transaction)
            encoder.encode(outcome)
            encoder.encode(operations)
        }
    }
}

extension TCCRecord: AtomicCommitRecord {
    package var decision: (transaction: TransactionID, outcome: Outcome)? {
        switch self {
        case .decided(let transaction, let outcome), .settled(let transaction, let outcome, _): (transaction, outcome)
        case .began, .ended, .reserved: nil
        }
    }

    /// A reservation is the YES; it needs no undo information, since giving back is an operation of its own.
    package var promise: (transaction: TransactionID, changes: [Change])? {
        if case .reserved(let transaction, _) = self { (transaction, []) } else { nil }
    }
}
