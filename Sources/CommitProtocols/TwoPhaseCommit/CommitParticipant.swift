package import StateMachines

/// A participant of a centralised two-phase commit: works, votes, waits, and does what was decided.
///
/// Updates happen in place once the prepared record, which can undo and redo them, is on disk; a restart repeats
/// the log over the initial cells.
///
/// - Source: Gray, 1978; Bernstein, Hadzilacos and Goodman, 1987, sections 7.4 and 7.5 (recovery and cooperative
///   termination); force points after Mohan, Lindsay and Obermarck, 1986.
/// - Deviations: PREPARE carries the work, so there may be no earlier round. Hence aborting alone is always forced:
///   a participant that forgot its NO could answer a late copy of PREPARE with YES. (In R* the work came before, and
///   PREPARE for unknown work is answered NO.) The log is never cut, so late messages are answered from it for ever.
package struct CommitParticipant: Machine {
    package typealias Input = TwoPhaseCommitNode.Input
    package typealias Effect = TwoPhaseCommitNode.Effect

    package enum Phase: Hashable, Sendable {
        /// Has done the work and may still abort alone. → `preparing` on PREPARE, `deciding(.abort)` on a timeout.
        case working
        /// The prepared record is on its way to the disk. → `uncertain`; → `deciding` if the outcome is faster.
        case preparing
        /// Has voted YES and must wait. → `deciding` on the outcome, whoever tells it.
        case uncertain
        /// The outcome is on its way to the disk. → `decided`.
        case deciding(Outcome)
        /// Done; late messages are answered from here.
        case decided(Outcome)
        /// Only read, has voted this, and takes no further part. A crash forgets it, and that does no harm.
        case left(Vote)
    }

    /// What is said when the record of the outcome is on disk.
    struct Reply: Hashable, Sendable, CanonicalEncodable {
        var message: CommitMessage
        var receiver: NodeID

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(message)
            encoder.encode(receiver)
        }
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        package internal(set) var phase: Phase
        /// Who can be asked for the outcome besides the coordinator; known from PREPARE on.
        fileprivate var writers: [NodeID] = []
        var changes: [Change] = []
        fileprivate var isReadOnly = false
        fileprivate var replies: [Reply] = []
        var attempts: UInt8 = 0

        init(id: TransactionID, phase: Phase) {
            self.id = id
            self.phase = phase
        }
    }

    let id: NodeID
    let configuration: CommitConfiguration
    private var manager: ResourceManager<Transaction>

    package var store: KeyValueStore { manager.store }
    /// In the order of their numbers.
    package var transactions: [Transaction] { manager.transactions }

    init(id: NodeID, configuration: CommitConfiguration) {
        self.id = id
        self.configuration = configuration
        manager = ResourceManager(configuration.cells)
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired(let timer): onTimerFired(timer, &effects)
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(let command): onInvoked(command)
        }
    }

    private mutating func onInvoked(_ command: CommitCommand) {
        switch command {
        case .refuse(let transaction):
            manager.refuse(transaction)
        case .begin, .commit, .transact:
            break  // Only a coordinator begins.
        }
    }

    private mutating func onReceived(
        _ message: CommitMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .work(let transaction, let operations): onWork(transaction, operations, &effects)
        case .prepare(let transaction, let operations, let writers):
            onPrepare(transaction, operations, writers, &effects)
        case .decision(let transaction, let outcome): onDecision(transaction, outcome, from: sender, &effects)
        case .inquire(let transaction): onInquired(transaction, from: sender, &effects)
        case .uncertain: break  // The other knows no more; ask again later.
        case .vote, .acknowledge, .watch: break  // Not for a participant.
        }
    }
}

// MARK: - Phase 1

extension CommitParticipant {
    private mutating func onWork(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        guard manager.index(of: transaction) == nil else { return }  // A late copy.
        let index = begin(transaction, operations, &effects)
        guard manager.transactions[index].phase == .working else { return }
        effects.append(.setTimer(.prepare(transaction), after: configuration.timeouts.votes))
    }

    /// Locks and works out the changes; aborts at once where that is impossible.
    /// - Returns: the position of the new transaction, in `working` or `deciding(.abort)`.
    private mutating func begin(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) -> Int {
        let index = manager.insert(transaction, .working)
        manager.transactions[index].isReadOnly = !operations.contains { $0.isWrite }
        do throws(KeyValueStore.Refusal) {
            try manager.begin(index, operations)
        } catch {
            effects.append(.announce(.noted("\(error)")))
            abortAlone(index, &effects)
        }
        return index
    }

    private mutating func onPrepare(
        _ transaction: TransactionID, _ operations: [Operation], _ writers: [NodeID],
        _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? begin(transaction, operations, &effects)
        let no = Reply(message: .vote(transaction, .no), receiver: CommitConfiguration.coordinator)
        switch manager.transactions[index].phase {
        case .working:
            manager.transactions[index].writers = writers
            if manager.refuses(transaction) {
                effects.append(.announce(.noted("told to refuse")))
                abortAlone(index, saying: no, &effects)
            } else {
                vote(index, &effects)
            }
        case .preparing:
            break  // The vote follows the record.
        case .uncertain, .decided(.commit):
            sendYes(transaction, &effects)  // A late copy of PREPARE; the log still says YES.
        case .deciding(.commit):
            break  // Whoever decided to commit has this vote.
        case .deciding(.abort):
            if !manager.transactions[index].replies.contains(no) { manager.transactions[index].replies.append(no) }
        case .decided(.abort):
            effects.append(.send(no.message, to: no.receiver))
        case .left(let vote):
            effects.append(.send(.vote(transaction, vote), to: CommitConfiguration.coordinator))
        }
    }

    private mutating func vote(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        effects.append(.cancelTimer(.prepare(transaction)))
        if manager.transactions[index].isReadOnly, configuration.letsReadersLeave {
            manager.release(index)
            manager.transactions[index].phase = .left(.readOnly)
            effects.append(.send(.vote(transaction, .readOnly), to: CommitConfiguration.coordinator))
            return
        }
        manager.transactions[index].phase = .preparing
        if configuration.mutation == .votesBeforeForcing { sendYes(transaction, &effects) }
        let record = CommitRecord.prepared(
            transaction, writers: manager.transactions[index].writers, changes: manager.transactions[index].changes)
        effects.append(.persist(record, forced: true))
    }

    private func sendYes(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.send(.vote(transaction, .yes), to: CommitConfiguration.coordinator))
    }

    private mutating func onPersisted(_ record: CommitRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: record.transaction) else {
            preconditionFailure("\(record) of a transaction that node \(id.index) does not know")
        }
        switch record {
        case .prepared(let transaction, _, _):
            // An outcome that was faster than the disk needs no vote any more.
            guard manager.transactions[index].phase == .preparing else { return }
            manager.carryOut(index)
            manager.transactions[index].phase = .uncertain
            if configuration.mutation != .votesBeforeForcing { sendYes(transaction, &effects) }
            effects.append(.setTimer(.decision(transaction), after: configuration.timeouts.decision))
        case .decided(_, let outcome, _):
            finish(outcome, index, &effects)
        case .collecting, .ended, .watching:
            preconditionFailure("\(record) is no record of a participant")
        }
    }
}

// MARK: - Phase 2

extension CommitParticipant {
    private mutating func onDecision(
        _ transaction: TransactionID, _ outcome: Outcome, from sender: NodeID,
        _ effects: inout EffectBuffer<Effect>
    ) {
        // What another participant passes on is acknowledged to the coordinator, when it asks.
        let isOwed = configuration.isAcknowledged(outcome) && !configuration.isParticipant(sender)
        let acknowledgement = isOwed ? Reply(message: .acknowledge(transaction), receiver: sender) : nil
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .working)
        switch manager.transactions[index].phase {
        case .working where outcome == .commit:
            // Only a protocol with a bug commits without this node's YES.
            effects.append(.announce(.noted("told to commit \(transaction) without having voted for it")))
            abortAlone(index, saying: acknowledgement, &effects)
        case .working, .preparing, .uncertain:
            decide(outcome, index, saying: acknowledgement, &effects)
        case .deciding:
            guard let acknowledgement, !manager.transactions[index].replies.contains(acknowledgement) else { return }
            manager.transactions[index].replies.append(acknowledgement)
        case .decided(let known):
            if known != outcome {
                effects.append(.announce(.noted("told to \(outcome.word) \(transaction) after \(known.word)")))
            }
            guard let acknowledgement else { return }
            effects.append(.send(acknowledgement.message, to: acknowledgement.receiver))
        case .left:
            guard let acknowledgement else { return }
            effects.append(.send(acknowledgement.message, to: acknowledgement.receiver))
        }
    }

    /// Aborts without having been told to; allowed until the YES is sent.
    private mutating func abortAlone(
        _ index: Int, saying reply: Reply? = nil, _ effects: inout EffectBuffer<Effect>
    ) {
        let transaction = manager.transactions[index].id
        effects.append(.cancelTimer(.prepare(transaction)))
        manager.transactions[index].replies = reply.map { [$0] } ?? []
        if manager.transactions[index].isReadOnly, configuration.letsReadersLeave {
            manager.release(index)
            manager.transactions[index].phase = .left(.no)
            return sendReplies(index, &effects)
        }
        manager.transactions[index].phase = .deciding(.abort)
        effects.append(.persist(.decided(transaction, .abort, unacknowledged: []), forced: true))
    }

    private mutating func decide(
        _ outcome: Outcome, _ index: Int, saying acknowledgement: Reply?, _ effects: inout EffectBuffer<Effect>
    ) {
        let transaction = manager.transactions[index].id
        effects.append(.cancelTimer(.prepare(transaction)))
        effects.append(.cancelTimer(.decision(transaction)))
        manager.transactions[index].phase = .deciding(outcome)
        manager.transactions[index].replies = acknowledgement.map { [$0] } ?? []
        let isForced = configuration.isAcknowledged(outcome)
        if configuration.mutation == .acknowledgesBeforeForcing { sendReplies(index, &effects) }
        effects.append(.persist(.decided(transaction, outcome, unacknowledged: []), forced: isForced))
        // A lazy record may be lost; the presumption then gives the same answer again.
        if !isForced { finish(outcome, index, &effects) }
    }

    private mutating func finish(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(manager.settle(outcome, index)))
        sendReplies(index, &effects)
    }

    private mutating func sendReplies(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        for reply in manager.transactions[index].replies { effects.append(.send(reply.message, to: reply.receiver)) }
        manager.transactions[index].replies = []
    }
}

// MARK: - Termination and restart

extension CommitParticipant {
    private mutating func onTimerFired(_ timer: CommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .prepare(let transaction): onPrepareMissing(transaction, &effects)
        case .decision(let transaction): onDecisionMissing(transaction, &effects)
        case .votes, .acknowledgements, .takeOver, .answers: break  // Not a participant's.
        }
    }

    private mutating func onPrepareMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: transaction) else { return }
        switch manager.transactions[index].phase {
        case .working:
            effects.append(.announce(.noted("nobody asks for a vote: abort")))
            abortAlone(index, &effects)
        case .preparing, .uncertain, .deciding, .decided, .left:
            preconditionFailure("nobody waits for PREPARE in \(manager.transactions[index])")
        }
    }

    private mutating func onDecisionMissing(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: transaction) else { return }
        switch manager.transactions[index].phase {
        case .uncertain:
            if configuration.mutation == .abortsWhenUncertain {
                effects.append(.announce(.noted("tired of waiting: abort")))
                decide(.abort, index, saying: nil, &effects)
            } else {
                inquire(index, &effects)
            }
        case .working, .preparing, .deciding, .decided, .left:
            preconditionFailure("nobody waits for a decision in \(manager.transactions[index])")
        }
    }

    private mutating func inquire(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        effects.append(.send(.inquire(transaction), to: CommitConfiguration.coordinator))
        if configuration.isCooperative {
            for other in manager.transactions[index].writers where other != id {
                effects.append(.send(.inquire(transaction), to: other))
            }
        }
        effects.append(.setTimer(.decision(transaction), after: manager.nextWait(index, configuration.timeouts)))
    }

    private mutating func onInquired(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .working)
        switch manager.transactions[index].phase {
        case .working:
            // Whoever asks may now abort, so this node must never vote YES: not after a restart either.
            abortAlone(
                index, saying: Reply(message: .decision(transaction, .abort), receiver: sender), &effects)
        case .preparing:
            break  // Neither answer is true yet; the other will ask again.
        case .uncertain:
            effects.append(.send(.uncertain(transaction), to: sender))
        case .deciding(let outcome):
            let answer = Reply(message: .decision(transaction, outcome), receiver: sender)
            if !manager.transactions[index].replies.contains(answer) {
                manager.transactions[index].replies.append(answer)
            }
        case .decided(let outcome):
            effects.append(.send(.decision(transaction, outcome), to: sender))
        case .left:
            break  // Readers are on nobody's list: to them, a transaction they left is like one never heard of.
        }
    }

    private mutating func onRecovered(_ log: [CommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            switch record {
            case .prepared(let transaction, let writers, let changes):
                let index = manager.recover(transaction, changes)
                manager.transactions[index].writers = writers
            case .decided(let transaction, let outcome, _):
                let index = manager.index(of: transaction) ?? manager.insert(transaction, .working)
                finish(outcome, index, &effects)
            case .collecting, .ended, .watching:
                preconditionFailure("\(record) is no record of a participant")
            }
        }
        for index in manager.transactions.indices where manager.transactions[index].phase == .uncertain {
            inquire(index, &effects)
        }
    }
}

// MARK: - Observation

extension CommitParticipant {
    package func outcome(of transaction: TransactionID) -> Outcome? { manager.outcome(of: transaction) }

    var summary: String { manager.summary }
}

extension CommitParticipant.Phase: VoterPhase {
    var outcome: Outcome? { if case .decided(let outcome) = self { outcome } else { nil } }

    var word: String {
        switch self {
        case .working: "working"
        case .preparing: "preparing"
        case .uncertain: "uncertain"
        case .deciding(.commit): "committing"
        case .deciding(.abort): "aborting"
        case .decided(.commit): "committed"
        case .decided(.abort): "aborted"
        case .left: "left"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .working: encoder.encode(tag: 1)
        case .preparing: encoder.encode(tag: 2)
        case .uncertain: encoder.encode(tag: 3)
        case .deciding(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        case .decided(let outcome):
            encoder.encode(tag: 5)
            encoder.encode(outcome)
        case .left(let vote):
            encoder.encode(tag: 6)
            encoder.encode(vote)
        }
    }
}

extension CommitParticipant.Transaction: VoterTransaction {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(writers)
        encoder.encode(changes)
        encoder.encode(isReadOnly)
        encoder.encode(replies)
        encoder.encode(tag: attempts)
    }
}

extension CommitParticipant: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(manager)
    }
}
