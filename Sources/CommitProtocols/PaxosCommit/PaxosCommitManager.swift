package import StateMachines

/// A resource manager of Paxos Commit: does the work, proposes its own vote in an instance of its own, and waits.
///
/// - Source: Gray and Lamport, "Consensus on Transaction Commit", ACM TODS 31(1), 2006, section 4.
/// - Deviations: PREPARE carries the work and comes from the leader alone; no resource manager prepares unasked. One that
///   hears nothing asks the acceptors, where the paper leaves to the leaders whom they tell.
package struct PaxosCommitManager: Machine {
    package typealias Input = PaxosCommitNode.Input
    package typealias Effect = PaxosCommitNode.Effect

    package enum Phase: Hashable, Sendable {
        /// The prepared record is on its way to the disk. → `prepared`; → `deciding` if the outcome is faster.
        case preparing
        /// Has voted. → `deciding` on the outcome, whoever tells it.
        case prepared
        /// The outcome is on its way to the disk. → `decided`.
        case deciding(Outcome)
        case decided(Outcome)
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        package internal(set) var phase: Phase
        var changes: [Change] = []
        /// Whether it says Aborted when that is on disk.
        fileprivate var owesVote = false
        var attempts: UInt8 = 0

        init(id: TransactionID, phase: Phase) {
            self.id = id
            self.phase = phase
        }
    }

    let configuration: PaxosCommitConfiguration
    private(set) var manager: ResourceManager<Transaction>

    init(configuration: PaxosCommitConfiguration) {
        self.configuration = configuration
        manager = ResourceManager(configuration.cells)
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, _): onReceived(message, &effects)
        case .timerFired(let timer): onTimerFired(timer, &effects)
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(.refuse(let transaction)): manager.refuse(transaction)
        case .invoked(.transact): break  // Clients speak to the leader.
        }
    }

    private mutating func onReceived(_ message: PaxosCommitMessage, _ effects: inout EffectBuffer<Effect>) {
        switch message {
        case .prepare(let transaction, let operations): onPrepare(transaction, operations, &effects)
        case .decision(let transaction, let outcome): onDecision(transaction, outcome, &effects)
        case .vote, .phase1a, .phase1b, .phase2a, .phase2b, .inquire: break  // For acceptors and leaders.
        }
    }

    private mutating func onPrepare(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        // A late copy: the vote is out or follows its record.
        guard manager.index(of: transaction) == nil else { return }
        let index = manager.insert(transaction, .preparing)
        do throws(KeyValueStore.Refusal) {
            guard !manager.refuses(transaction) else { return refuse(index, "told to refuse", &effects) }
            try manager.begin(index, operations)
            effects.append(
                .persist(.prepared(transaction, changes: manager.transactions[index].changes), forced: true))
        } catch {
            refuse(index, "\(error)", &effects)
        }
    }

    private mutating func refuse(_ index: Int, _ reason: String, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(.noted(reason)))
        manager.transactions[index].owesVote = true
        conclude(.abort, index, &effects)
    }

    private func propose(_ isPrepared: Bool, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        for acceptor in configuration.acceptors {
            effects.append(.send(.vote(manager.transactions[index].id, isPrepared: isPrepared), to: acceptor))
        }
    }

    private mutating func onPersisted(_ record: PaxosCommitRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: record.transaction) else {
            preconditionFailure("\(record) of an unknown transaction")
        }
        switch record {
        case .prepared(let transaction, _):
            guard manager.transactions[index].phase == .preparing else { return }  // The outcome was faster.
            manager.carryOut(index)
            manager.transactions[index].phase = .prepared
            propose(true, index, &effects)
            // Another acceptor takes over first; who asks earlier only makes noise.
            effects.append(.setTimer(.silence(transaction), after: configuration.timeouts.decision * 2))
        case .decided(_, let outcome): finish(outcome, index, &effects)
        case .promised, .accepted: preconditionFailure("\(record) is no record of a resource manager")
        }
    }

    private mutating func onDecision(
        _ transaction: TransactionID, _ outcome: Outcome, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .preparing)
        switch manager.transactions[index].phase {
        case .preparing where outcome == .commit:
            // Only a protocol with a bug commits without this vote.
            effects.append(.announce(.noted("told to commit \(transaction) without having voted for it")))
            conclude(.abort, index, &effects)
        case .preparing, .prepared: conclude(outcome, index, &effects)
        case .deciding: break  // Told twice.
        case .decided(let known):
            guard known != outcome else { return }
            effects.append(.announce(.noted("told to \(outcome.word) \(transaction) after \(known.word)")))
        }
    }

    private mutating func conclude(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        manager.transactions[index].phase = .deciding(outcome)
        effects.append(.cancelTimer(.silence(manager.transactions[index].id)))
        effects.append(.persist(.decided(manager.transactions[index].id, outcome), forced: true))
    }

    private mutating func finish(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(manager.settle(outcome, index)))
        guard manager.transactions[index].owesVote else { return }
        manager.transactions[index].owesVote = false
        propose(false, index, &effects)
    }
}

// MARK: - Waiting and restart

extension PaxosCommitManager {
    private mutating func onTimerFired(_ timer: PaxosCommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .silence(let transaction):
            guard let index = manager.index(of: transaction) else { return }
            inquire(index, &effects)
        case .votes, .answers, .takeOver: break  // A leader's.
        }
    }

    private mutating func inquire(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        for acceptor in configuration.acceptors { effects.append(.send(.inquire(transaction), to: acceptor)) }
        effects.append(.setTimer(.silence(transaction), after: manager.nextWait(index, configuration.timeouts)))
    }

    private mutating func onRecovered(_ log: [PaxosCommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            switch record {
            case .prepared(let transaction, let changes):
                manager.transactions[manager.recover(transaction, changes)].phase = .prepared
            case .decided(let transaction, let outcome):
                finish(outcome, manager.index(of: transaction) ?? manager.insert(transaction, .preparing), &effects)
            case .promised, .accepted: preconditionFailure("\(record) is no record of a resource manager")
            }
        }
        for index in manager.transactions.indices where manager.transactions[index].phase == .prepared {
            // The vote may never have left; saying it twice is saying it once.
            propose(true, index, &effects)
            inquire(index, &effects)
        }
    }
}

// MARK: - Observation

extension PaxosCommitManager.Phase: VoterPhase {
    static var uncertain: Self { .prepared }

    var outcome: Outcome? { if case .decided(let outcome) = self { outcome } else { nil } }

    var word: String {
        switch self {
        case .preparing: "preparing"
        case .prepared: "prepared"
        case .deciding(.commit): "committing"
        case .deciding(.abort): "aborting"
        case .decided(.commit): "committed"
        case .decided(.abort): "aborted"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .preparing: encoder.encode(tag: 1)
        case .prepared: encoder.encode(tag: 2)
        case .deciding(let outcome):
            encoder.encode(tag: 3)
            encoder.encode(outcome)
        case .decided(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        }
    }
}

extension PaxosCommitManager.Transaction: VoterTransaction {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(changes)
        encoder.encode(owesVote)
        encoder.encode(tag: attempts)
    }
}

extension PaxosCommitManager: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(manager) }
}
