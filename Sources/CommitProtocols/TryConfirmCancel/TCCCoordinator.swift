package import StateMachines

/// The coordinator of try-confirm-cancel: has everyone reserve, decides, and insists until everyone has settled.
///
/// - Source: Pardon and Pautasso, "Atomic Distributed Transactions: a RESTful Design", WWW 2014 companion; the TCC mode of
///   Apache Seata, with its transaction records against repeated, empty and late calls.
/// - Deviations: one level of participants; the coordinator keeps the work in its own log, so that CANCEL can carry it.
package struct TCCCoordinator: Machine {
    package typealias Input = TCCNode.Input
    package typealias Effect = TCCNode.Effect

    package enum Phase: Hashable, Sendable {
        /// The list of participants is on its way to the disk: after a crash all of them must be cancelled. → `trying`.
        case beginning
        /// → `deciding` on the last TRIED, the first REFUSED or a timeout.
        case trying
        /// The decision is on its way to the disk. → `settling`.
        case deciding(Outcome)
        /// Everyone is told, again and again. → forgotten when all have settled.
        case settling(Outcome)
    }

    package struct Transaction: Hashable, Sendable {
        package internal(set) var phase: Phase
        package let plan: Plan
        /// Who has answered TRY, or has settled; sorted.
        var answered: [NodeID] = []
        var attempts: UInt8 = 0

        var id: TransactionID { plan.transaction }
    }

    let configuration: TCCConfiguration
    /// Those not yet forgotten, in the order of their numbers.
    package private(set) var transactions: [Transaction] = []

    init(configuration: TCCConfiguration) { self.configuration = configuration }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired(let timer): onTimerFired(timer, &effects)
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(.transact(let plan)):
            guard index(of: plan.transaction) == nil else { return }
            _ = insert(Transaction(phase: .beginning, plan: plan))
            effects.append(.announce(.phaseBegan("try")))
            effects.append(.persist(.began(plan), forced: true))
        case .invoked(.refuse): break  // Only participants reserve.
        }
    }

    private func index(of transaction: TransactionID) -> Int? { transactions.firstIndex { $0.id == transaction } }

    private mutating func insert(_ transaction: Transaction) -> Int {
        let place = transactions.firstIndex { $0.id > transaction.id } ?? transactions.count
        transactions.insert(transaction, at: place)
        return place
    }

    private mutating func onReceived(
        _ message: TCCMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .reserved(let transaction): onReserved(transaction, from: sender, &effects)
        case .refused(let transaction): onRefused(transaction, &effects)
        case .settled(let transaction, let outcome): onSettled(transaction, outcome, from: sender, &effects)
        case .attempt, .settle: break  // For participants.
        }
    }
}

// MARK: - Try

extension TCCCoordinator {
    private mutating func answer(_ index: Int, by sender: NodeID) -> Bool {
        guard !transactions[index].answered.contains(sender) else { return false }
        let place = transactions[index].answered.firstIndex { $0 > sender } ?? transactions[index].answered.count
        transactions[index].answered.insert(sender, at: place)
        return transactions[index].answered == transactions[index].plan.participants
    }

    private mutating func onReserved(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }  // Settled long ago.
        switch transactions[index].phase {
        case .trying:
            if answer(index, by: sender) { decide(.commit, index, &effects) }
        case .beginning, .deciding, .settling:
            break  // Too late to matter.
        }
    }

    private mutating func onRefused(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: transaction) else { return }
        switch transactions[index].phase {
        case .trying: decide(.abort, index, &effects)
        case .beginning, .deciding, .settling: break  // A late TRY was refused; everyone is being cancelled.
        }
    }

    private mutating func onTimerFired(_ timer: TCCTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .tries(let transaction):
            guard let index = index(of: transaction), transactions[index].phase == .trying else { return }
            effects.append(.announce(.noted("a try is missing: cancel")))
            decide(.abort, index, &effects)
        case .settlements(let transaction):
            guard let index = index(of: transaction), case .settling(let outcome) = transactions[index].phase
            else { return }
            settle(outcome, index, &effects)
        case .reservation: break  // A participant's.
        }
    }
}

// MARK: - Confirm, cancel

extension TCCCoordinator {
    private mutating func decide(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].id
        effects.append(.cancelTimer(.tries(transaction)))
        effects.append(.announce(.phaseEnded("try")))
        transactions[index].phase = .deciding(outcome)
        transactions[index].answered = []
        if configuration.mutation == .decidesBeforeForcing { tell(outcome, index, &effects) }
        effects.append(.persist(.decided(transaction, outcome), forced: true))
    }

    private mutating func onPersisted(_ record: TCCRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: record.transaction) else { return }
        switch transactions[index].phase {
        case .beginning:
            transactions[index].phase = .trying
            for assignment in transactions[index].plan.assignments {
                effects.append(.send(.attempt(record.transaction, assignment.operations), to: assignment.participant))
            }
            effects.append(.setTimer(.tries(record.transaction), after: configuration.timeouts.votes))
        case .deciding(let outcome):
            effects.append(
                .announce(.decided(subject: "\(record.transaction)", outcome: outcome.settlement)))
            effects.append(.announce(.responded("\(record.transaction): \(outcome.settlement)")))
            begin(settling: outcome, index, &effects)
        case .trying, .settling:
            preconditionFailure("nothing was forced in \(transactions[index])")
        }
    }

    private mutating func begin(settling outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        transactions[index].phase = .settling(outcome)
        effects.append(.announce(.phaseBegan(outcome.settlement)))
        settle(outcome, index, &effects)
    }

    /// Tells everyone who has not settled, and will do so again.
    private mutating func settle(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        tell(outcome, index, &effects)
        let attempt = transactions[index].attempts
        transactions[index].attempts = min(attempt + 1, 4)
        effects.append(
            .setTimer(.settlements(transactions[index].id), after: configuration.timeouts.answer(attempt: attempt)))
    }

    private func tell(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index]
        for assignment in transaction.plan.assignments where !transaction.answered.contains(assignment.participant) {
            effects.append(
                .send(.settle(transaction.id, outcome, assignment.operations), to: assignment.participant))
        }
    }

    private mutating func onSettled(
        _ transaction: TransactionID, _ outcome: Outcome, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction) else { return }  // A second copy; all is done.
        switch transactions[index].phase {
        case .settling(let decided):
            if decided != outcome {
                effects.append(.announce(.noted("an answer that contradicts the decision")))
            }
            guard answer(index, by: sender) else { return }
            effects.append(.cancelTimer(.settlements(transaction)))
            effects.append(.persist(.ended(transaction), forced: false))
            effects.append(.announce(.phaseEnded(decided.settlement)))
            transactions.remove(at: index)
        case .beginning, .trying, .deciding:
            break  // Told before the decision was on disk.
        }
    }

    private mutating func onRecovered(_ log: [TCCRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            guard case .began(let plan) = record, !log.contains(.ended(plan.transaction)) else { continue }
            let decided = log.compactMap { $0.transaction == plan.transaction ? $0.decision?.outcome : nil }.last
            let index = insert(Transaction(phase: .trying, plan: plan))
            if let decided {
                effects.append(.announce(.decided(subject: "\(plan.transaction)", outcome: decided.settlement)))
                begin(settling: decided, index, &effects)
            } else {
                // No CONFIRM can have left without its record.
                decide(.abort, index, &effects)
            }
        }
    }
}

// MARK: - Observation

extension TCCCoordinator.Transaction: CanonicalEncodable {
    var stage: String {
        switch phase {
        case .beginning: "beginning"
        case .trying: "trying, \(answered.count) of \(plan.participants.count)"
        case .deciding(let outcome): "decides to \(outcome.settlement)"
        case .settling(.commit): "confirming"
        case .settling(.abort): "cancelling"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch phase {
        case .beginning: encoder.encode(tag: 1)
        case .trying: encoder.encode(tag: 2)
        case .deciding(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        case .settling(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        }
        encoder.encode(plan)
        encoder.encode(answered)
        encoder.encode(tag: attempts)
    }
}

extension TCCCoordinator: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(transactions) }
}
