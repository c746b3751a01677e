package import StateMachines

/// A second coordinator that finishes a transaction when the first one falls silent.
///
/// It asks every participant. A participant that has not voted YES aborts for good before it answers, and the
/// coordinator of this topology aborts only on a NO; so somebody's COMMIT means commit, somebody's ABORT means abort,
/// and UNCERTAIN from *everybody* means that nobody can ever abort: commit. These facts are stable, hence the
/// backup needs no record of its decision, may decide while the coordinator is still alive, and may be started twice.
///
/// - Source: the backup transaction manager of Demirbas' PlusCal module `2PCwithBTM`.
/// - Deviations: the module reads the participants' variables, in one step, and calls one that stopped "failed"; its
///   rule for abort is "somebody aborted or failed, and nobody committed". Nodes that talk cannot tell a stopped
///   participant from a slow one, and one that had committed may be silent too, so here silence decides nothing. The
///   module's rule and the inconsistent variant it warns of are the mutations `backupTrustsSilence` and
///   `backupIgnoresCommits`.
package struct BackupCoordinator: Machine, AnnouncingCoordinator {
    package typealias Input = TwoPhaseCommitNode.Input
    package typealias Effect = TwoPhaseCommitNode.Effect

    package enum Phase: Hashable, Sendable {
        /// The coordinator should finish it. → `inquiring` on a timeout; forgotten when the coordinator has decided.
        case watching
        /// The participants have been asked. → `announcing` when the answers decide, else asks again.
        case inquiring
        /// Its decision is out, acknowledgements are missing. → forgotten on the last of them.
        case announcing(Outcome)
    }

    /// What a participant said of itself.
    package enum Answer: Hashable, Sendable {
        case decided(Outcome)
        case uncertain
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        package fileprivate(set) var phase: Phase
        let participants: [NodeID]
        /// One for each participant.
        fileprivate var answers: [Answer?]
        var unacknowledged: [NodeID] = []
        var attempts: UInt8 = 0
    }

    let configuration: CommitConfiguration
    /// Those not yet forgotten, in the order of their numbers.
    package internal(set) var transactions: [Transaction] = []

    init(configuration: CommitConfiguration) { self.configuration = configuration }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired(let timer): onTimerFired(timer, &effects)
        case .persisted: break  // Nobody waits for the watching record; without it a restarted backup stays out of it.
        case .invoked: break  // Clients speak to the coordinator.
        }
    }

    private mutating func watch(
        _ transaction: TransactionID, _ participants: [NodeID], _ effects: inout EffectBuffer<Effect>
    ) {
        guard index(of: transaction) == nil else { return }  // A late copy.
        _ = insert(
            Transaction(
                id: transaction, phase: .watching, participants: participants,
                answers: Array(repeating: nil, count: participants.count)))
        effects.append(.setTimer(.takeOver(transaction), after: configuration.timeouts.decision))
    }

    private mutating func onReceived(
        _ message: CommitMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .watch(let transaction, let participants):
            guard index(of: transaction) == nil else { return }
            effects.append(.persist(.watching(transaction, participants: participants), forced: true))
            watch(transaction, participants, &effects)
        case .decision(let transaction, let outcome):
            if sender == CommitConfiguration.coordinator {
                onFinished(transaction, &effects)
            } else {
                onAnswer(.decided(outcome), transaction, from: sender, &effects)
            }
        case .uncertain(let transaction): onAnswer(.uncertain, transaction, from: sender, &effects)
        case .acknowledge(let transaction): onAcknowledged(transaction, from: sender, &effects)
        case .work, .prepare, .vote, .inquire: break  // Not for a backup.
        }
    }

    /// The coordinator was not silent after all, and tells everyone itself.
    private mutating func onFinished(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .watching, .inquiring:
            effects.append(.cancelTimer(.takeOver(transaction)))
            effects.append(.cancelTimer(.answers(transaction)))
            if transactions[index].phase == .inquiring { effects.append(.announce(.phaseEnded("take-over"))) }
            effects.append(.persist(.ended(transaction), forced: false))
            transactions.remove(at: index)
        case .announcing:
            break  // Both announce the same; participants acknowledge to each.
        }
    }
}

// MARK: - Taking over

extension BackupCoordinator {
    private mutating func onTimerFired(_ timer: CommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .takeOver(let transaction):
            guard let index = index(of: transaction) else { return }
            effects.append(.announce(.noted("the coordinator is silent: take over")))
            effects.append(.announce(.phaseBegan("take-over")))
            transactions[index].phase = .inquiring
            inquire(index, &effects)
        case .answers(let transaction): onAnswersMissing(transaction, &effects)
        case .acknowledgements(let transaction): onAcknowledgementsMissing(transaction, &effects)
        case .votes, .prepare, .decision: break  // Not a backup's.
        }
    }

    /// Asks everyone whose answer is missing.
    private mutating func inquire(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].id
        for (participant, answer) in zip(transactions[index].participants, transactions[index].answers)
        where answer == nil {
            effects.append(.send(.inquire(transaction), to: participant))
        }
        effects.append(.setTimer(.answers(transaction), after: nextWait(index)))
    }

    private mutating func onAnswer(
        _ answer: Answer, _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction), let place = transactions[index].participants.firstIndex(of: sender)
        else { return }
        switch transactions[index].phase {
        case .watching, .inquiring:
            transactions[index].answers[place] = answer
            let isComplete = !transactions[index].answers.contains(nil)
            if let outcome = outcome(from: transactions[index].answers, afterTimeout: false, isComplete: isComplete) {
                announce(outcome, index, &effects)
            }
        case .announcing:
            break  // Decided already.
        }
    }

    private mutating func onAnswersMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .inquiring:
            if let outcome = outcome(from: transactions[index].answers, afterTimeout: true, isComplete: false) {
                announce(outcome, index, &effects)
            } else {
                inquire(index, &effects)
            }
        case .watching, .announcing:
            preconditionFailure("nobody waits for answers in \(transactions[index])")
        }
    }

    /// What the answers decide; `nil` means ask on.
    private func outcome(from answers: [Answer?], afterTimeout: Bool, isComplete: Bool) -> Outcome? {
        let hasCommitted = answers.contains(.decided(.commit))
        let hasAborted = answers.contains(.decided(.abort))
        switch configuration.mutation {
        case .backupIgnoresCommits:
            guard isComplete || afterTimeout else { return nil }
            return hasAborted || !isComplete ? .abort : .commit
        case .backupTrustsSilence:
            guard isComplete || afterTimeout else { return nil }
            return hasCommitted ? .commit : hasAborted || !isComplete ? .abort : .commit
        case .votesBeforeForcing, .decidesBeforeForcing, .acknowledgesBeforeForcing, .omitsCollectingRecord,
            .deliversBeforeForwarding, .abortsWhenUncertain, nil:
            if hasCommitted { return .commit }
            if hasAborted { return .abort }
            return isComplete ? .commit : nil
        }
    }

    private mutating func announce(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].id
        effects.append(.cancelTimer(.takeOver(transaction)))
        effects.append(.cancelTimer(.answers(transaction)))
        if transactions[index].phase == .inquiring { effects.append(.announce(.phaseEnded("take-over"))) }
        effects.append(.announce(.decided(subject: "\(transaction)", outcome: outcome.word)))
        transactions[index].phase = .announcing(outcome)
        transactions[index].unacknowledged = transactions[index].participants
        transactions[index].attempts = 0
        effects.append(.send(.decision(transaction, outcome), to: CommitConfiguration.coordinator))
        sendDecision(outcome, index, &effects)
        awaitAcknowledgements(index, &effects)
    }

    private mutating func onAcknowledged(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .announcing:
            if acknowledge(index, by: sender, &effects) { transactions.remove(at: index) }
        case .watching, .inquiring:
            break  // Late, of a decision made before a restart.
        }
    }

    private mutating func onAcknowledgementsMissing(
        _ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .announcing(let outcome):
            sendDecision(outcome, index, &effects)
            awaitAcknowledgements(index, &effects)
        case .watching, .inquiring:
            preconditionFailure("nobody waits for acknowledgements in \(transactions[index])")
        }
    }

    private mutating func onRecovered(_ log: [CommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            guard case .watching(let transaction, let participants) = record, !log.contains(.ended(transaction))
            else { continue }
            watch(transaction, participants, &effects)
        }
    }
}

// MARK: - Observation

extension BackupCoordinator.Transaction: AnnouncedTransaction {
    var announced: Outcome? { if case .announcing(let outcome) = phase { outcome } else { nil } }

    var stage: String {
        switch phase {
        case .watching: "watching"
        case .inquiring: "inquiring, \(answers.count { $0 != nil }) of \(answers.count) answers"
        case .announcing(let outcome): "announcing \(outcome.word)"
        }
    }
}

extension BackupCoordinator.Phase: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .watching: encoder.encode(tag: 1)
        case .inquiring: encoder.encode(tag: 2)
        case .announcing(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        }
    }
}

extension BackupCoordinator.Answer: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .uncertain: encoder.encode(tag: 1)
        case .decided(let outcome):
            encoder.encode(tag: 2)
            encoder.encode(outcome)
        }
    }
}

extension BackupCoordinator.Transaction: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(participants)
        for answer in answers { encoder.encode(answer) }
        encoder.encode(unacknowledged)
        encoder.encode(tag: attempts)
    }
}

extension BackupCoordinator: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(transactions) }
}
