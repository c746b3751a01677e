package import StateMachines

/// A node of a decentralised two-phase commit: every participant sends its vote to everyone, and everyone decides.
///
/// There is no coordinator whose crash blocks the others; node 0 only begins, and its PREPARE is its own YES. One
/// round fewer, *n*² messages. Who has every YES *forwards* COMMIT to all others before it commits itself, so that
/// nobody can commit and take the knowledge to its grave. Then silence means abort.
///
/// - Source: Bernstein, Hadzilacos and Goodman, 1987, section 7.5 (decentralised two-phase commit); Babaoğlu and
///   Toueg, "Non-Blocking Atomic Commitment", in Mullender (ed.), "Distributed Systems", 2nd ed., 1993 (forwarding
///   before delivering, with a uniform timed reliable broadcast); `ACP_NB` and `ACP_NB_WRONG` in tlaplus/Examples.
/// - Deviations: aborting on silence is sound only where links lose nothing and every delay has a bound that the
///   timeouts exceed; a partition breaks it. Nodes restart: one that crashed after its YES never relies on
///   silence again but asks. If all of them crashed, they ask each other for ever (no last-to-fail rule).
package struct DecentralisedPeer: Machine {
    package typealias Input = TwoPhaseCommitNode.Input
    package typealias Effect = TwoPhaseCommitNode.Effect

    package enum Phase: Hashable, Sendable {
        /// Has heard of the transaction but was not asked to vote. → `preparing` on PREPARE, `deciding(.abort)` on a
        /// timeout, a NO or an inquiry.
        case waiting
        /// The record of its YES is on its way to the disk. → `uncertain`; → `deciding` if a decision is faster.
        case preparing
        /// Has voted YES. → `deciding(.commit)` on the last YES or a forwarded COMMIT, `deciding(.abort)` on a NO, and on
        /// silence if it has not crashed since.
        case uncertain
        /// The outcome is on its way to the disk. → `decided`.
        case deciding(Outcome)
        /// Done; inquiries are answered from here.
        case decided(Outcome)
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        package internal(set) var phase: Phase
        /// Who has voted YES; sorted. Node 0 votes by beginning.
        fileprivate var yes: [NodeID] = []
        /// Every participant; known from PREPARE on.
        fileprivate var participants: [NodeID] = []
        var changes: [Change] = []
        /// What node 0 asks of the others.
        fileprivate var plan: Plan?
        /// Who is told the outcome when its record is on disk; sorted.
        fileprivate var askers: [NodeID] = []
        fileprivate var hasCrashed = false
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
        case .invoked(let command): onInvoked(command, &effects)
        }
    }

    /// Everybody else in this transaction, node 0 first.
    private func others(_ index: Int) -> [NodeID] {
        ([CommitConfiguration.coordinator] + manager.transactions[index].participants).filter { $0 != id }
    }
}

// MARK: - Voting

extension DecentralisedPeer {
    private mutating func onInvoked(_ command: CommitCommand, _ effects: inout EffectBuffer<Effect>) {
        switch command {
        case .begin(let plan), .transact(let plan):
            guard id == CommitConfiguration.coordinator, manager.index(of: plan.transaction) == nil else { return }
            let index = manager.insert(plan.transaction, .preparing)
            manager.transactions[index].plan = plan
            manager.transactions[index].participants = plan.participants
            effects.append(.announce(.phaseBegan("voting")))
            effects.append(.persist(.collecting(plan), forced: true))
        case .refuse(let transaction):
            manager.refuse(transaction)
        case .commit:
            break  // To begin is to ask for the votes; there is no earlier stage.
        }
    }

    private mutating func onReceived(
        _ message: CommitMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .prepare(let transaction, let operations, let participants):
            onPrepare(transaction, operations, participants, &effects)
        case .vote(let transaction, .yes): onYes(transaction, from: sender, &effects)
        case .vote(let transaction, .no): onOutcome(transaction, .abort, &effects)
        case .decision(let transaction, let outcome): onOutcome(transaction, outcome, &effects)
        case .inquire(let transaction): onInquired(transaction, from: sender, &effects)
        case .uncertain: break  // The other knows no more; ask again later.
        case .vote(_, .readOnly), .work, .acknowledge, .watch: break  // Nobody sends these here.
        }
    }

    private mutating func onPrepare(
        _ transaction: TransactionID, _ operations: [Operation], _ participants: [NodeID],
        _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .waiting)
        switch manager.transactions[index].phase {
        case .waiting:
            manager.transactions[index].participants = participants
            effects.append(.cancelTimer(.prepare(transaction)))
            guard !manager.refuses(transaction) else {
                effects.append(.announce(.noted("told to refuse")))
                return abort(index, &effects)
            }
            do throws(KeyValueStore.Refusal) {
                try manager.begin(index, operations)
                manager.transactions[index].phase = .preparing
                let changes = manager.transactions[index].changes
                effects.append(
                    .persist(.prepared(transaction, writers: participants, changes: changes), forced: true))
            } catch {
                effects.append(.announce(.noted("\(error)")))
                abort(index, &effects)
            }
        case .preparing, .uncertain, .deciding, .decided:
            break  // A late copy; the vote is out or follows the record.
        }
    }

    private mutating func onPersisted(_ record: CommitRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: record.transaction) else {
            preconditionFailure("\(record) of a transaction that node \(id.index) does not know")
        }
        switch record {
        case .collecting(let plan):
            guard manager.transactions[index].phase == .preparing else { return }
            for assignment in plan.assignments {
                effects.append(
                    .send(
                        .prepare(plan.transaction, assignment.operations, writers: plan.participants),
                        to: assignment.participant))
            }
            becomeUncertain(index, &effects)
        case .prepared(let transaction, _, _):
            guard manager.transactions[index].phase == .preparing else { return }
            manager.carryOut(index)
            for other in others(index) { effects.append(.send(.vote(transaction, .yes), to: other)) }
            addYes(id, index)
            becomeUncertain(index, &effects)
        case .decided(_, let outcome, _):
            finish(outcome, index, &effects)
        case .ended, .watching:
            preconditionFailure("\(record) is no record of a decentralised commit")
        }
    }

    private mutating func becomeUncertain(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        manager.transactions[index].phase = .uncertain
        if hasEveryYes(index) {
            conclude(.commit, index, &effects)
        } else {
            effects.append(
                .setTimer(.decision(manager.transactions[index].id), after: configuration.timeouts.decision))
        }
    }

    private mutating func addYes(_ voter: NodeID, _ index: Int) {
        guard !manager.transactions[index].yes.contains(voter) else { return }
        let place = manager.transactions[index].yes.firstIndex { $0 > voter } ?? manager.transactions[index].yes.count
        manager.transactions[index].yes.insert(voter, at: place)
    }

    private func hasEveryYes(_ index: Int) -> Bool {
        !manager.transactions[index].hasCrashed
            && manager.transactions[index].yes == manager.transactions[index].participants
    }

    private mutating func onYes(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? hear(of: transaction, &effects)
        switch manager.transactions[index].phase {
        case .waiting, .preparing:
            addYes(sender, index)
        case .uncertain:
            addYes(sender, index)
            if hasEveryYes(index) { conclude(.commit, index, &effects) }
        case .deciding, .decided:
            break  // Too late to matter.
        }
    }

    private mutating func hear(of transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) -> Int {
        effects.append(.setTimer(.prepare(transaction), after: configuration.timeouts.votes))
        return manager.insert(transaction, .waiting)
    }
}

// MARK: - Deciding

extension DecentralisedPeer {
    /// A NO, a forwarded decision, or an answer.
    private mutating func onOutcome(
        _ transaction: TransactionID, _ outcome: Outcome, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .waiting)
        switch manager.transactions[index].phase {
        case .waiting:
            // Nobody can have committed without this node's YES, so commit is a bug of the protocol.
            effects.append(.cancelTimer(.prepare(transaction)))
            abort(index, &effects)
        case .preparing, .uncertain:
            conclude(outcome, index, &effects)
        case .deciding, .decided:
            break  // Everybody forwards; the first one was enough.
        }
    }

    private mutating func conclude(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.cancelTimer(.decision(manager.transactions[index].id)))
        manager.transactions[index].phase = .deciding(outcome)
        if outcome == .commit, configuration.mutation != .deliversBeforeForwarding { forward(index, &effects) }
        effects.append(.persist(.decided(manager.transactions[index].id, outcome, unacknowledged: []), forced: true))
    }

    private func forward(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        for other in others(index) {
            effects.append(.send(.decision(manager.transactions[index].id, .commit), to: other))
        }
    }

    /// Aborts for a reason of its own; the others are told when it is on disk.
    private mutating func abort(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        manager.transactions[index].phase = .deciding(.abort)
        manager.transactions[index].askers = others(index)
        effects.append(.persist(.decided(manager.transactions[index].id, .abort, unacknowledged: []), forced: true))
    }

    private mutating func finish(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        effects.append(.announce(manager.settle(outcome, index)))
        if manager.transactions[index].plan != nil {
            effects.append(.announce(.phaseEnded("voting")))
            effects.append(.announce(.responded("\(transaction): \(outcome.word)")))
        }
        if outcome == .commit, configuration.mutation == .deliversBeforeForwarding { forward(index, &effects) }
        let hasVotedYes = id == CommitConfiguration.coordinator || manager.transactions[index].yes.contains(id)
        for asker in manager.transactions[index].askers {
            effects.append(
                .send(hasVotedYes ? .decision(transaction, outcome) : .vote(transaction, .no), to: asker))
        }
        manager.transactions[index].askers = []
    }

    private mutating func onTimerFired(_ timer: CommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .prepare(let transaction):
            guard let index = manager.index(of: transaction) else { return }
            effects.append(.announce(.noted("nobody asks for a vote: abort")))
            abort(index, &effects)
        case .decision(let transaction): onSilence(transaction, &effects)
        case .votes, .acknowledgements, .takeOver, .answers: break  // Nobody sets these here.
        }
    }

    private mutating func onSilence(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: transaction) else { return }
        switch manager.transactions[index].phase {
        case .uncertain:
            if manager.transactions[index].hasCrashed {
                inquire(index, &effects)
            } else {
                effects.append(.announce(.noted("a vote is missing and nobody forwards a decision: abort")))
                conclude(.abort, index, &effects)
            }
        case .waiting, .preparing, .deciding, .decided:
            preconditionFailure("nobody waits for a decision in \(manager.transactions[index])")
        }
    }

    private mutating func onInquired(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? manager.insert(transaction, .waiting)
        switch manager.transactions[index].phase {
        case .waiting:
            effects.append(.cancelTimer(.prepare(transaction)))
            abort(index, &effects)
            if !manager.transactions[index].askers.contains(sender) {
                manager.transactions[index].askers.append(sender)
            }
        case .preparing:
            break  // Neither answer is true yet; the other will ask again.
        case .uncertain:
            effects.append(.send(.uncertain(transaction), to: sender))
        case .deciding:
            if !manager.transactions[index].askers.contains(sender) {
                manager.transactions[index].askers.append(sender)
            }
        case .decided(let outcome):
            effects.append(.send(.decision(transaction, outcome), to: sender))
        }
    }
}

// MARK: - Restart

extension DecentralisedPeer {
    private mutating func onRecovered(_ log: [CommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            switch record {
            case .collecting(let plan):
                let index = manager.insert(plan.transaction, .uncertain)
                manager.transactions[index].participants = plan.participants
                manager.transactions[index].hasCrashed = true
            case .prepared(let transaction, let participants, let changes):
                let index = manager.recover(transaction, changes)
                manager.transactions[index].participants = participants
                manager.transactions[index].hasCrashed = true
                addYes(id, index)
            case .decided(let transaction, let outcome, _):
                finish(outcome, manager.index(of: transaction) ?? manager.insert(transaction, .waiting), &effects)
            case .ended, .watching:
                preconditionFailure("\(record) is no record of a decentralised commit")
            }
        }
        for index in manager.transactions.indices where manager.transactions[index].phase == .uncertain {
            inquire(index, &effects)
        }
    }

    private mutating func inquire(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        for other in others(index) { effects.append(.send(.inquire(transaction), to: other)) }
        effects.append(.setTimer(.decision(transaction), after: manager.nextWait(index, configuration.timeouts)))
    }
}

// MARK: - Observation

extension DecentralisedPeer {
    package func outcome(of transaction: TransactionID) -> Outcome? { manager.outcome(of: transaction) }

    var summary: String { manager.summary }
}

extension DecentralisedPeer.Phase: VoterPhase {
    var outcome: Outcome? { if case .decided(let outcome) = self { outcome } else { nil } }

    var word: String {
        switch self {
        case .waiting: "waiting"
        case .preparing: "preparing"
        case .uncertain: "uncertain"
        case .deciding(.commit): "committing"
        case .deciding(.abort): "aborting"
        case .decided(.commit): "committed"
        case .decided(.abort): "aborted"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .waiting: encoder.encode(tag: 1)
        case .preparing: encoder.encode(tag: 2)
        case .uncertain: encoder.encode(tag: 3)
        case .deciding(let outcome):
            encoder.encode(tag: 4)
            encoder.encode(outcome)
        case .decided(let outcome):
            encoder.encode(tag: 5)
            encoder.encode(outcome)
        }
    }
}

extension DecentralisedPeer.Transaction: VoterTransaction {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(phase)
        encoder.encode(yes)
        encoder.encode(participants)
        encoder.encode(changes)
        encoder.encode(plan)
        encoder.encode(askers)
        encoder.encode(hasCrashed)
        encoder.encode(tag: attempts)
    }
}

extension DecentralisedPeer: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(manager)
    }
}
