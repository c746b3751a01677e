package import StateMachines

/// The coordinator of a centralised two-phase commit: hands out work, collects votes, decides, and repeats its
/// decision until those who must know it have acknowledged.
///
/// - Source: Gray, "Notes on Data Base Operating Systems", 1978, section 5.8; Bernstein, Hadzilacos and Goodman,
///   "Concurrency Control and Recovery in Database Systems", 1987, chapter 7; presumptions after Mohan, Lindsay and
///   Obermarck, 1986.
/// - Deviations: there is one level of participants, no tree. With a backup the coordinator never aborts because a
///   vote is late: it asks again, so that "everybody has voted YES" leaves commit as the only outcome.
package struct CommitCoordinator: Machine, AnnouncingCoordinator {
    package typealias Input = TwoPhaseCommitNode.Input
    package typealias Effect = TwoPhaseCommitNode.Effect

    package enum Phase: Hashable, Sendable {
        /// Work is handed out. → `logging` or `collecting` on commit; a crash forgets it.
        case working
        /// The collecting record is on its way to the disk. → `collecting`.
        case logging
        /// Votes come in. → `deciding` or `announcing` on the last vote, the first NO, a timeout or the backup's word.
        case collecting
        /// The decision is on its way to the disk. → `announcing`, or forgotten if nobody must acknowledge it.
        case deciding(Outcome)
        /// The decision is out, acknowledgements are missing. → forgotten on the last of them.
        case announcing(Outcome)
    }

    package struct Transaction: Hashable, Sendable {
        package fileprivate(set) var phase: Phase
        package let plan: Plan
        /// One for each of the plan's assignments.
        package fileprivate(set) var votes: [Vote?]
        var unacknowledged: [NodeID] = []
        var attempts: UInt8 = 0

        init(_ plan: Plan, phase: Phase) {
            self.plan = plan
            self.phase = phase
            votes = Array(repeating: nil, count: plan.assignments.count)
        }

        var id: TransactionID { plan.transaction }
        var isReadOnly: Bool { votes.allSatisfy { $0 == .readOnly } }
        var voters: [(participant: NodeID, vote: Vote?)] { Array(zip(plan.participants, votes)) }
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
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(let command): onInvoked(command, &effects)
        }
    }
}

// MARK: - Phase 1

extension CommitCoordinator {
    private mutating func onInvoked(_ command: CommitCommand, _ effects: inout EffectBuffer<Effect>) {
        switch command {
        case .begin(let plan):
            guard index(of: plan.transaction) == nil else { return }
            _ = insert(Transaction(plan, phase: .working))
            for assignment in plan.assignments {
                effects.append(.send(.work(plan.transaction, assignment.operations), to: assignment.participant))
            }
        case .commit(let transaction):
            guard let index = index(of: transaction), transactions[index].phase == .working else { return }
            beginVoting(index, &effects)
        case .transact(let plan):
            guard index(of: plan.transaction) == nil else { return }
            beginVoting(insert(Transaction(plan, phase: .working)), &effects)
        case .refuse:
            break  // Only participants vote.
        }
    }

    private mutating func beginVoting(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(.phaseBegan("voting")))
        if configuration.forcesCollectingRecord {
            transactions[index].phase = .logging
            effects.append(.persist(.collecting(transactions[index].plan), forced: true))
        } else {
            collect(index, &effects)
        }
    }

    private mutating func collect(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        transactions[index].phase = .collecting
        let plan = transactions[index].plan
        if let backup = configuration.backup {
            effects.append(.send(.watch(plan.transaction, participants: plan.participants), to: backup))
        }
        sendPrepare(index, &effects)
    }

    /// Asks everyone whose vote is missing.
    private mutating func sendPrepare(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let plan = transactions[index].plan
        for (assignment, vote) in zip(plan.assignments, transactions[index].votes) where vote == nil {
            effects.append(
                .send(
                    .prepare(plan.transaction, assignment.operations, writers: plan.writers),
                    to: assignment.participant))
        }
        effects.append(.setTimer(.votes(plan.transaction), after: configuration.timeouts.votes))
    }

    private mutating func onReceived(
        _ message: CommitMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .vote(let transaction, let vote): onVote(transaction, vote, from: sender, &effects)
        case .acknowledge(let transaction): onAcknowledged(transaction, from: sender, &effects)
        case .inquire(let transaction): onInquired(transaction, from: sender, &effects)
        case .decision(let transaction, let outcome): onDecision(transaction, outcome, &effects)
        case .work, .prepare, .uncertain, .watch: break  // Not for a coordinator.
        }
    }

    private mutating func onVote(
        _ transaction: TransactionID, _ vote: Vote, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction),
            let voter = transactions[index].plan.participants.firstIndex(of: sender)
        else { return }  // Forgotten: a late vote changes nothing, and its voter will ask.
        switch transactions[index].phase {
        case .collecting:
            guard transactions[index].votes[voter] == nil else { return }  // A second copy of a vote.
            transactions[index].votes[voter] = vote
            if vote == .no {
                decide(.abort, index, &effects)
            } else if !transactions[index].votes.contains(nil) {
                decide(.commit, index, &effects)
            }
        case .working, .logging:
            break  // Before a restart, this transaction had got further; everyone will be asked again.
        case .deciding, .announcing:
            break  // Too late to matter.
        }
    }
}

// MARK: - Phase 2

extension CommitCoordinator {
    private mutating func decide(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].plan.transaction
        effects.append(.cancelTimer(.votes(transaction)))
        effects.append(.announce(.phaseEnded("voting")))
        // Who voted NO has aborted already, and who only read does not care.
        transactions[index].unacknowledged = transactions[index].voters
            .filter { $0.vote == nil || $0.vote == .yes }.map(\.participant)
        transactions[index].phase = .deciding(outcome)
        let mustBeForced =
            configuration.isForcedByCoordinator(outcome)
            // Where nobody has anything to commit, nothing needs to be remembered, unless a collecting record stands.
            && (!transactions[index].isReadOnly || configuration.forcesCollectingRecord)
        guard mustBeForced else { return announce(outcome, index, &effects) }
        let recipients = transactions[index].unacknowledged
        if configuration.mutation == .decidesBeforeForcing { sendDecision(outcome, index, &effects) }
        effects.append(
            .persist(.decided(transaction, outcome, unacknowledged: recipients), forced: true))
    }

    private mutating func onPersisted(_ record: CommitRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: record.transaction) else { return }
        switch transactions[index].phase {
        case .logging:
            collect(index, &effects)
        case .deciding(let outcome):
            announce(outcome, index, &effects)
        case .working, .collecting, .announcing:
            preconditionFailure("nothing was forced in \(transactions[index])")
        }
    }

    private mutating func announce(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].plan.transaction
        effects.append(.announce(.decided(subject: "\(transaction)", outcome: outcome.word)))
        effects.append(.announce(.responded("\(transaction): \(outcome.word)")))
        effects.append(.announce(.phaseBegan("decision")))
        if configuration.mutation != .decidesBeforeForcing || !configuration.isForcedByCoordinator(outcome) {
            sendDecision(outcome, index, &effects)
        }
        if let backup = configuration.backup {
            effects.append(.send(.decision(transaction, outcome), to: backup))
        }
        guard configuration.isAcknowledged(outcome), !transactions[index].unacknowledged.isEmpty else {
            return forget(index, &effects)
        }
        transactions[index].phase = .announcing(outcome)
        transactions[index].attempts = 0
        awaitAcknowledgements(index, &effects)
    }

    private mutating func onAcknowledged(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }  // A second copy; all is done.
        switch transactions[index].phase {
        case .announcing:
            if acknowledge(index, by: sender, &effects) { forget(index, &effects) }
        case .working, .logging, .collecting, .deciding:
            break  // Meant for the backup's decision, or for one that was sent too early.
        }
    }

    private mutating func forget(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        transactions.remove(at: index)
        effects.append(.announce(.phaseEnded("decision")))
    }

    private mutating func onInquired(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else {
            let outcome = configuration.answerWithoutInformation
            effects.append(.announce(.noted("no information on \(transaction): \(outcome.word)")))
            effects.append(.send(.decision(transaction, outcome), to: sender))
            return
        }
        switch transactions[index].phase {
        case .announcing(let outcome):
            effects.append(.send(.decision(transaction, outcome), to: sender))
        case .working, .logging, .collecting, .deciding:
            break  // There is nothing to tell yet; who asks will hear the decision with everyone else.
        }
    }

    /// The backup has decided.
    private mutating func onDecision(
        _ transaction: TransactionID, _ outcome: Outcome, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .collecting:
            decide(outcome, index, &effects)
        case .working, .logging:
            break  // The backup has not been asked to watch yet.
        case .deciding, .announcing:
            break  // The same decision, reached twice.
        }
    }
}

// MARK: - Timers and restart

extension CommitCoordinator {
    private mutating func onTimerFired(_ timer: CommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .votes(let transaction): onVotesMissing(transaction, &effects)
        case .acknowledgements(let transaction): onAcknowledgementsMissing(transaction, &effects)
        case .prepare, .decision, .takeOver, .answers: break  // Not a coordinator's.
        }
    }

    private mutating func onVotesMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .collecting:
            if configuration.backup == nil {
                effects.append(.announce(.noted("votes are missing: abort")))
                decide(.abort, index, &effects)
            } else {
                sendPrepare(index, &effects)
            }
        case .working, .logging, .deciding, .announcing:
            preconditionFailure("nobody waits for votes in \(transactions[index])")
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
        case .working, .logging, .collecting, .deciding:
            preconditionFailure("nobody waits for acknowledgements in \(transactions[index])")
        }
    }

    private mutating func onRecovered(_ log: [CommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            guard case .collecting(let plan) = record, !log.contains(where: { $0.concludes(plan.transaction) })
            else { continue }
            let index = insert(Transaction(plan, phase: .logging))
            effects.append(.announce(.phaseBegan("voting")))
            if configuration.backup == nil {
                // No decision can have left without its record, and the only unrecorded one is abort.
                collectNothing(index, &effects)
            } else {
                collect(index, &effects)
            }
        }
        for record in log {
            guard case .decided(let transaction, let outcome, let unacknowledged) = record,
                !log.contains(.ended(transaction))
            else { continue }
            resume(transaction, outcome, unacknowledged, &effects)
        }
    }

    private mutating func collectNothing(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        transactions[index].phase = .collecting
        decide(.abort, index, &effects)
    }

    /// Goes on announcing what the log says was decided.
    private mutating func resume(
        _ transaction: TransactionID, _ outcome: Outcome, _ unacknowledged: [NodeID],
        _ effects: inout EffectBuffer<Effect>
    ) {
        effects.append(.announce(.decided(subject: "\(transaction)", outcome: outcome.word)))
        guard configuration.isAcknowledged(outcome), !unacknowledged.isEmpty else { return }
        // Only who is to be told matters now; what they did is in their own logs.
        let plan = Plan(transaction, unacknowledged.map { Assignment($0) })
        let index = insert(Transaction(plan, phase: .announcing(outcome)))
        transactions[index].unacknowledged = unacknowledged
        effects.append(.announce(.phaseBegan("decision")))
        sendDecision(outcome, index, &effects)
        awaitAcknowledgements(index, &effects)
    }
}

extension CommitRecord {
    /// Whether this record says how `transaction` ended.
    func concludes(_ transaction: TransactionID) -> Bool {
        switch self {
        case .decided(transaction, _, _), .ended(transaction): true
        case .decided, .ended, .collecting, .prepared, .watching: false
        }
    }
}

// MARK: - Observation

extension CommitCoordinator.Transaction: AnnouncedTransaction {
    var announced: Outcome? { if case .announcing(let outcome) = phase { outcome } else { nil } }

    var stage: String {
        switch phase {
        case .working: "working"
        case .logging: "begins to collect"
        case .collecting: "collecting, \(votes.count { $0 != nil }) of \(votes.count) votes"
        case .deciding(let outcome): "decides to \(outcome.word)"
        case .announcing(let outcome): "announcing \(outcome.word)"
        }
    }
}

extension CommitCoordinator.Phase: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .working: encoder.encode(tag: 1)
        case .logging: encoder.encode(tag: 2)
        case .collecting: encoder.encode(tag: 3)
        case .deciding(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        case .announcing(let outcome):
            encoder.encode(tag: 5)
            encoder.encode(outcome)
        }
    }
}

extension CommitCoordinator.Transaction: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(phase)
        encoder.encode(plan)
        for vote in votes { encoder.encode(vote) }
        encoder.encode(unacknowledged)
        encoder.encode(tag: attempts)
    }
}

extension CommitCoordinator: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(transactions) }
}
