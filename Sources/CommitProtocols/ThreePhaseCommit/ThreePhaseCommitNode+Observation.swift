package import StateMachines

extension ThreePhaseCommitNode: AtomicCommitNode {
    package var summary: String { manager.summary }

    package func outcome(of transaction: TransactionID) -> Outcome? { manager.outcome(of: transaction) }

    package var store: KeyValueStore? { id == ThreePhaseConfiguration.coordinator ? nil : manager.store }

    package var uncertain: [TransactionID] {
        manager.transactions.filter { transaction in
            switch transaction.phase {
            case .uncertain, .buffering, .buffered: true
            case .preparing, .deciding, .decided: false
            }
        }.map(\.id)
    }

    package var isUndecided: Bool { manager.transactions.contains { $0.phase.outcome == nil } }
}

extension ThreePhaseCommitNode.Phase: VoterPhase {
    var outcome: Outcome? { if case .decided(let outcome) = self { outcome } else { nil } }

    /// The outcome whose buffer state it is in, or entering.
    var prepared: Outcome? {
        switch self {
        case .buffering(let outcome), .buffered(let outcome): outcome
        case .preparing, .uncertain, .deciding, .decided: nil
        }
    }

    var word: String {
        switch self {
        case .preparing: "preparing"
        case .uncertain: "uncertain"
        case .buffering(.commit): "pre-committing"
        case .buffering(.abort): "pre-aborting"
        case .buffered(.commit): "pre-committed"
        case .buffered(.abort): "pre-aborted"
        case .deciding(.commit): "committing"
        case .deciding(.abort): "aborting"
        case .decided(.commit): "committed"
        case .decided(.abort): "aborted"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .preparing: encoder.encode(tag: 1)
        case .uncertain: encoder.encode(tag: 2)
        case .buffering(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        case .buffered(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        case .deciding(let outcome):
            encoder.encode(tag: 5)
            encoder.encode(outcome)
        case .decided(let outcome):
            encoder.encode(tag: 6)
            encoder.encode(outcome)
        }
    }
}

extension ThreePhaseCommitNode.Transaction: VoterTransaction {
    var stage: String {
        switch phase {
        case .uncertain where coordination?.stage == .votes: "collecting votes"
        case .uncertain, .buffered:
            phase.word + (hasRecovered ? ", was down" : coordination != nil && round > 0 ? ", takes over" : "")
        case .preparing, .buffering, .deciding, .decided: phase.word
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(plan)
        encoder.encode(changes)
        encoder.encode(round)
        encoder.encode(attempt)
        encoder.encode(operational)
        encoder.encode(hasRecovered)
        encoder.encode(coordination)
        encoder.encode(askers)
        encoder.encode(owesNo)
        encoder.encode(recoveries)
        encoder.encode(tag: attempts)
    }
}

extension ThreePhaseCommitNode: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(manager) }
}
