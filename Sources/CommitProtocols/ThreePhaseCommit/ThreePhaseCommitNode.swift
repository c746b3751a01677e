package import StateMachines

/// A node of three-phase commit: node 0 begins and coordinates first, any other may have to coordinate after it.
///
/// Between "has voted YES" and "has committed" lies the *buffer state*, pre-committed. A node enters it only when
/// everybody has voted YES, and the coordinator commits only when everybody it thinks alive has entered it. So nobody
/// commits while somebody is uncertain: no state can be beside both a commit and an abort. Whoever is left can then
/// decide without those who failed. What they do is `ThreePhaseConfiguration.termination`.
///
/// - Source: Skeen, "Nonblocking Commit Protocols", SIGMOD 1981; Bernstein, Hadzilacos and Goodman, "Concurrency
///   Control and Recovery in Database Systems", 1987, section 7.5 (termination rules TR1 to TR4, elections by
///   number, recovery, total failure); Skeen, "Determining the Last Process to Fail", TOCS 3(1), 1985; with quorums
///   after Keidar and Dolev, "Increasing the Resilience of Atomic Commit, at No Additional Cost", PODS 1995 (E3PC).
/// - Deviations: the coordinator has no data of its own and always votes YES. CAN-COMMIT carries the work, whose undo and
///   redo information is forced before the YES also in the lecture notes' form, where many write it after PRE-COMMIT.
///   An elected coordinator asks everybody it has not itself found silent, also the one before it. After a total
///   failure the nodes that came back count as enough when they hold a smallest set whose members knew nobody outside
///   of it to be alive (stricter than the intersection of what they knew): then each of them comes to the same outcome
///   alone. Quorums count nodes. Decisions are not acknowledged: who misses one asks. Logs are never cut.
package struct ThreePhaseCommitNode: ProtocolNode {
    package typealias Message = ThreePhaseMessage
    package typealias Timer = ThreePhaseTimer
    package typealias Record = ThreePhaseRecord
    package typealias Command = TransactionCommand
    package typealias Input = NodeInput<ThreePhaseMessage, ThreePhaseTimer, ThreePhaseRecord, TransactionCommand>
    package typealias Effect = NodeEffect<ThreePhaseMessage, ThreePhaseTimer, ThreePhaseRecord>

    package enum Phase: Hashable, Sendable {
        /// The record of its YES is on its way to the disk. → `uncertain`; → `deciding(.abort)` when asked before.
        case preparing
        /// Has voted YES. → `buffering` on PRE-COMMIT, `deciding` on a decision or by the rules of termination.
        case uncertain
        /// Entering the buffer state, when that is on disk. → `buffered`; → `deciding` if a decision is faster.
        case buffering(Outcome)
        /// Prepared to commit (or, with quorums, to abort). → `deciding`; with quorums also → `buffering` in a later round.
        case buffered(Outcome)
        /// The outcome is on its way to the disk. → `decided`.
        case deciding(Outcome)
        /// Done; who asks is told.
        case decided(Outcome)
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        package internal(set) var phase: Phase
        /// What node 0 asks of the others; a crash forgets it.
        var plan: Plan?
        var changes: [Change] = []
        /// Of the coordinator that it obeys.
        var round: UInt16 = 0
        /// The round in which it entered the buffer state.
        var attempt: UInt16 = 0
        /// Those it does not know to have failed; sorted.
        var operational: [NodeID] = []
        /// Was down since it voted: what it knows may be old, so that it only asks.
        var hasRecovered = false
        /// What it does as a coordinator; `nil` while it is none.
        var coordination: Coordination?
        /// Who is told the outcome when it is on disk.
        var askers: [NodeID] = []
        /// Whether the coordinator waits for its NO.
        var owesNo = false
        /// What others have said that were down too; sorted by node.
        var recoveries: [Recovery] = []
        var attempts: UInt8 = 0

        init(id: TransactionID, phase: Phase) {
            self.id = id
            self.phase = phase
        }
    }

    let id: NodeID
    let configuration: ThreePhaseConfiguration
    var manager: ResourceManager<Transaction>

    /// In the order of their numbers.
    package var transactions: [Transaction] { manager.transactions }

    package init(_ id: NodeID, _ configuration: ThreePhaseConfiguration) {
        precondition(id.index < configuration.nodeCount, "a run of \(configuration.nodeCount) nodes has no \(id.index)")
        self.id = id
        self.configuration = configuration
        manager = ResourceManager(configuration.cells)
    }

    /// Every machine of a run, by position.
    package static func nodes(_ configuration: ThreePhaseConfiguration) -> [ThreePhaseCommitNode] {
        configuration.nodes.map { ThreePhaseCommitNode($0, configuration) }
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

    private mutating func onReceived(
        _ message: ThreePhaseMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .canCommit(let transaction, let operations): onCanCommit(transaction, operations, &effects)
        case .vote(let transaction, let vote): onVote(transaction, vote, from: sender, &effects)
        case .prepare(let transaction, let outcome, let round):
            onPrepare(transaction, for: outcome, round: round, from: sender, &effects)
        case .acknowledge(let transaction, let round):
            onAcknowledged(transaction, round: round, from: sender, &effects)
        case .decision(let transaction, let outcome): onDecision(transaction, outcome, &effects)
        case .elect(let transaction, let round): onElected(transaction, round: round, from: sender, &effects)
        case .stateRequest(let transaction, let round):
            onStateRequested(transaction, round: round, from: sender, &effects)
        case .state(let transaction, let round, let prepared, let attempt):
            let state = Coordination.State(node: sender, prepared: prepared, attempt: attempt)
            onState(transaction, state, round: round, &effects)
        case .inquire(let transaction): onInquired(transaction, from: sender, &effects)
        case .recovering(let transaction, let prepared, let operational):
            onRecovering(
                transaction, Recovery(node: sender, prepared: prepared, operational: operational), &effects)
        }
    }

    private mutating func onTimerFired(_ timer: ThreePhaseTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .votes(let transaction): onVotesMissing(transaction, &effects)
        case .acknowledgements(let transaction): onAcknowledgementsMissing(transaction, &effects)
        case .states(let transaction): onStatesMissing(transaction, &effects)
        case .silence(let transaction): onSilence(transaction, &effects)
        case .inquiry(let transaction): onInquiryUnanswered(transaction, &effects)
        }
    }
}

// MARK: - The first phase

extension ThreePhaseCommitNode {
    private mutating func onInvoked(_ command: TransactionCommand, _ effects: inout EffectBuffer<Effect>) {
        switch command {
        case .transact(let plan):
            guard id == ThreePhaseConfiguration.coordinator, manager.index(of: plan.transaction) == nil else { return }
            let index = insert(plan.transaction)
            manager.transactions[index].plan = plan
            effects.append(.announce(.phaseBegan("voting")))
            effects.append(.persist(.prepared(plan.transaction, changes: []), forced: true))
        case .refuse(let transaction):
            manager.refuse(transaction)
        }
    }

    /// - Returns: the position of a transaction that it hears of for the first time.
    mutating func insert(_ transaction: TransactionID) -> Int {
        let index = manager.insert(transaction, .preparing)
        manager.transactions[index].operational = configuration.nodes
        return index
    }

    private mutating func onCanCommit(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = manager.index(of: transaction) else { return begin(transaction, operations, &effects) }
        switch manager.transactions[index].phase {
        case .uncertain: sendVote(.yes, index, &effects)
        case .decided(.abort): sendVote(.no, index, &effects)
        case .deciding(.abort): manager.transactions[index].owesNo = true
        case .preparing, .buffering, .buffered, .deciding(.commit), .decided(.commit):
            break  // A late copy; the vote follows its record, or has been counted.
        }
    }

    private mutating func begin(
        _ transaction: TransactionID, _ operations: [Operation], _ effects: inout EffectBuffer<Effect>
    ) {
        let index = insert(transaction)
        do throws(KeyValueStore.Refusal) {
            guard !manager.refuses(transaction) else { return refuse(index, "told to refuse", &effects) }
            try manager.begin(index, operations)
            let changes = manager.transactions[index].changes
            effects.append(.persist(.prepared(transaction, changes: changes), forced: true))
        } catch {
            refuse(index, "\(error)", &effects)
        }
    }

    private mutating func refuse(_ index: Int, _ reason: String, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.announce(.noted(reason)))
        manager.transactions[index].owesNo = true
        conclude(.abort, index, &effects)
    }

    func sendVote(_ vote: Vote, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.send(.vote(manager.transactions[index].id, vote), to: ThreePhaseConfiguration.coordinator))
    }

    private mutating func onPersisted(_ record: ThreePhaseRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = manager.index(of: record.transaction) else {
            preconditionFailure("\(record) of a transaction that node \(id.index) does not know")
        }
        switch record {
        case .prepared:
            // Asked by somebody else before its vote was out, it has aborted meanwhile.
            guard manager.transactions[index].phase == .preparing else { return }
            manager.carryOut(index)
            manager.transactions[index].phase = .uncertain
            guard id != ThreePhaseConfiguration.coordinator else { return askForVotes(index, &effects) }
            sendVote(.yes, index, &effects)
            awaitCoordinator(index, &effects)
        case .buffered(_, let outcome, let round):
            guard manager.transactions[index].phase == .buffering(outcome),
                manager.transactions[index].attempt == round
            else { return }
            manager.transactions[index].phase = .buffered(outcome)
            onBuffered(outcome, index, &effects)
        case .following(_, let round):
            guard manager.transactions[index].round == round else { return }
            proceed(index, &effects)
        case .decided(_, let outcome):
            finish(outcome, index, &effects)
        case .operational:
            preconditionFailure("nobody waits for \(record)")
        }
    }
}

// MARK: - The buffer state

extension ThreePhaseCommitNode {
    private mutating func onPrepare(
        _ transaction: TransactionID, for outcome: Outcome, round: UInt16, from sender: NodeID,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = manager.index(of: transaction) else { return }  // Only a bug asks who has not voted.
        switch manager.transactions[index].phase {
        case .uncertain, .buffering, .buffered:
            guard !manager.transactions[index].hasRecovered, round >= manager.transactions[index].round else { return }
            manager.transactions[index].round = round
            stopCoordinating(index, &effects)
            effects.append(.cancelTimer(.silence(transaction)))
            buffer(outcome, index, &effects)
        case .deciding: addAsker(sender, index)
        case .decided(let known): effects.append(.send(.decision(transaction, known), to: sender))
        case .preparing: break  // Only a bug asks who has not voted.
        }
    }

    /// Enters the buffer state of an outcome, in the present round.
    mutating func buffer(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let (transaction, round) = (manager.transactions[index].id, manager.transactions[index].round)
        let isThere = manager.transactions[index].phase == .buffered(outcome)
        if isThere, configuration.termination != .quorum || manager.transactions[index].attempt == round {
            return onBuffered(outcome, index, &effects)
        }
        manager.transactions[index].phase = .buffering(outcome)
        manager.transactions[index].attempt = round
        effects.append(.persist(.buffered(transaction, outcome, round: round), forced: true))
    }

    private mutating func onBuffered(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let (transaction, round) = (manager.transactions[index].id, manager.transactions[index].round)
        if configuration.mutation == .unlocksEarly { manager.release(index) }
        // Asked for its state in a later round, while this one's was on its way to the disk, it answers when that is there.
        if configuration.termination == .quorum, manager.transactions[index].attempt != round { return }
        // Elected meanwhile, it goes on when it has the others' states.
        if manager.transactions[index].coordination?.stage == .states { return }
        let coordinator = configuration.coordinator(of: round)
        guard coordinator != id else { return spread(outcome, index, &effects) }
        effects.append(.send(.acknowledge(transaction, round: round), to: coordinator))
        awaitCoordinator(index, &effects)
    }

    func awaitCoordinator(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.setTimer(.silence(manager.transactions[index].id), after: configuration.timeouts.decision))
    }
}

// MARK: - Deciding

extension ThreePhaseCommitNode {
    private mutating func onDecision(
        _ transaction: TransactionID, _ outcome: Outcome, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = manager.index(of: transaction) ?? insert(transaction)
        switch manager.transactions[index].phase {
        case .preparing where outcome == .commit:
            // Only a protocol with a bug commits without this node's YES.
            effects.append(.announce(.noted("told to commit \(transaction) without having voted for it")))
            conclude(.abort, index, &effects)
        case .preparing, .uncertain, .buffering, .buffered:
            conclude(outcome, index, &effects)
        case .deciding:
            break  // Somebody else came to it too.
        case .decided(let known):
            guard known != outcome else { return }
            effects.append(.announce(.noted("told to \(outcome.word) \(transaction) after \(known.word)")))
        }
    }

    mutating func conclude(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        if let coordination = manager.transactions[index].coordination {
            effects.append(.cancelTimer(coordination.timer(transaction)))
        }
        effects.append(.cancelTimer(.silence(transaction)))
        effects.append(.cancelTimer(.inquiry(transaction)))
        manager.transactions[index].phase = .deciding(outcome)
        effects.append(.persist(.decided(transaction, outcome), forced: true))
    }

    mutating func finish(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = manager.transactions[index].id
        effects.append(.announce(manager.settle(outcome, index)))
        if manager.transactions[index].plan != nil {
            effects.append(.announce(.responded("\(transaction): \(outcome.word)")))
        }
        if manager.transactions[index].owesNo { sendVote(.no, index, &effects) }
        var recipients = manager.transactions[index].askers
        if let coordination = manager.transactions[index].coordination {
            for node in others(index) where node != coordination.refusing && !recipients.contains(node) {
                recipients.append(node)
            }
        }
        for node in recipients.sorted() { effects.append(.send(.decision(transaction, outcome), to: node)) }
        manager.transactions[index].askers = []
        manager.transactions[index].owesNo = false
        manager.transactions[index].coordination = nil
    }

    mutating func addAsker(_ node: NodeID, _ index: Int) {
        guard !manager.transactions[index].askers.contains(node) else { return }
        manager.transactions[index].askers.append(node)
    }

    /// Everybody else that it does not know to have failed.
    func others(_ index: Int) -> [NodeID] { manager.transactions[index].operational.filter { $0 != id } }
}
