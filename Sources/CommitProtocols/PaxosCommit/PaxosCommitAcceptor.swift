package import StateMachines

/// An acceptor of Paxos Commit, which can lead as well.
///
/// Each resource manager has an instance of Paxos of its own, that chooses its vote: Prepared or Aborted. Ballot 0 belongs
/// to the resource manager itself, so that a vote needs no phase 1. All instances of a transaction share promises, messages
/// and writes. The transaction is committed when every instance has chosen Prepared, and any leader can find that
/// out: no single node must be asked.
///
/// - Source: Gray and Lamport, "Consensus on Transaction Commit", ACM TODS 31(1), 2006, sections 4 and 5. With F = 0 there
///   is one acceptor, beside the leader, and what is left is two-phase commit (section 6).
/// - Deviations: an acceptor waits for all votes of ballot 0 before it writes and answers, as the paper proposes, and
///   hands in what it has when a later ballot asks. An Aborted vote ends the transaction wherever it is heard, since
///   nothing else can be chosen in that instance. A leader chooses itself by a timer, whose length grows with its number
///   and with every try; that is enough for progress and irrelevant for safety.
package struct PaxosCommitAcceptor: Machine {
    package typealias Input = PaxosCommitNode.Input
    package typealias Effect = PaxosCommitNode.Effect

    /// What it does as a leader.
    struct Attempt: Hashable, Sendable, CanonicalEncodable {
        enum Stage: UInt8, Hashable, Sendable, CanonicalEncodable {
            /// Of ballot 0: → decided when a majority has accepted every vote; a later ballot on a timeout.
            case votes = 1
            /// → `acceptances` when a majority has promised.
            case promises = 2
            /// → decided when a majority has accepted.
            case acceptances = 3

            func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
        }

        struct Answer: Hashable, Sendable, CanonicalEncodable {
            var acceptor: NodeID
            var votes: [AcceptedVote]

            func encode(into encoder: inout CanonicalEncoder) {
                encoder.encode(acceptor)
                encoder.encode(votes)
            }
        }

        var ballot: UInt16
        var stage: Stage
        /// Sorted by acceptor.
        var answers: [Answer] = []

        init(ballot: UInt16, stage: Stage) {
            self.ballot = ballot
            self.stage = stage
        }

        mutating func add(_ answer: Answer) {
            guard !answers.contains(where: { $0.acceptor == answer.acceptor }) else { return }  // A second copy.
            answers.insert(answer, at: answers.firstIndex { $0.acceptor > answer.acceptor } ?? answers.count)
        }

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(ballot)
            encoder.encode(stage)
            encoder.encode(answers)
        }
    }

    package struct Transaction: Hashable, Sendable {
        package let id: TransactionID
        /// Accepts nothing of earlier ballots.
        package fileprivate(set) var promised: UInt16 = 0
        /// The latest vote accepted in each instance, sorted by resource manager. Those of ballot 0 are not on disk
        /// until all are there, or a later ballot asks for them.
        package fileprivate(set) var accepted: [AcceptedVote] = []
        package fileprivate(set) var outcome: Outcome?
        var attempt: Attempt?
        /// Whether a client waits here for the answer.
        var hasClient = false
        var attempts: UInt8 = 0

        init(id: TransactionID) { self.id = id }
    }

    let id: NodeID
    let configuration: PaxosCommitConfiguration
    /// In the order of their numbers.
    package private(set) var transactions: [Transaction] = []

    init(id: NodeID, configuration: PaxosCommitConfiguration) {
        self.id = id
        self.configuration = configuration
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired(let timer): onTimerFired(timer, &effects)
        case .persisted(let record): onPersisted(record, &effects)
        case .invoked(.transact(let plan)): onTransact(plan, &effects)
        case .invoked(.refuse): break  // Only resource managers vote.
        }
    }

    private mutating func onReceived(
        _ message: PaxosCommitMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .vote(let transaction, let isPrepared):
            onVote(transaction, AcceptedVote(manager: sender, ballot: 0, isPrepared: isPrepared), &effects)
        case .phase1a(let transaction, let ballot): onPhase1a(transaction, ballot, from: sender, &effects)
        case .phase1b(let transaction, let ballot, let votes):
            onAnswer(transaction, ballot, .promises, Attempt.Answer(acceptor: sender, votes: votes), &effects)
        case .phase2a(let transaction, let ballot, let votes):
            onPhase2a(transaction, ballot, votes, from: sender, &effects)
        case .phase2b(let transaction, let ballot, let votes):
            let stage: Attempt.Stage = ballot == 0 ? .votes : .acceptances
            onAnswer(transaction, ballot, stage, Attempt.Answer(acceptor: sender, votes: votes), &effects)
        case .decision(let transaction, let outcome): learn(outcome, known(transaction, &effects), &effects)
        case .inquire(let transaction): onInquired(transaction, from: sender, &effects)
        case .prepare: break  // For resource managers.
        }
    }

    private mutating func onTimerFired(_ timer: PaxosCommitTimer, _ effects: inout EffectBuffer<Effect>) {
        switch timer {
        case .votes(let transaction), .takeOver(let transaction), .answers(let transaction):
            guard let index = index(of: transaction), transactions[index].outcome == nil else { return }
            lead(index, &effects)
        case .silence: break  // A resource manager's.
        }
    }
}

// MARK: - Accepting

extension PaxosCommitAcceptor {
    private func index(of transaction: TransactionID) -> Int? { transactions.firstIndex { $0.id == transaction } }

    /// The position of a transaction; one that it hears of for the first time will be finished by somebody, or by itself.
    private mutating func known(_ transaction: TransactionID, _ effects: inout EffectBuffer<Effect>) -> Int {
        if let index = index(of: transaction) { return index }
        let place = transactions.firstIndex { $0.id > transaction } ?? transactions.count
        transactions.insert(Transaction(id: transaction), at: place)
        awaitLeader(place, &effects)
        return place
    }

    private mutating func awaitLeader(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let rank = configuration.acceptors.firstIndex(of: id) ?? 0
        var wait = configuration.timeouts.decision + configuration.timeouts.answer * UInt64(rank)
        if transactions[index].attempts > 0 {
            wait = wait + configuration.timeouts.answer(attempt: transactions[index].attempts)
        }
        effects.append(.setTimer(.takeOver(transactions[index].id), after: wait))
    }

    private mutating func onVote(
        _ transaction: TransactionID, _ vote: AcceptedVote, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = known(transaction, &effects)
        if let outcome = transactions[index].outcome {
            return effects.append(.send(.decision(transaction, outcome), to: vote.manager))
        }
        guard vote.isPrepared else {
            // Nobody will ever propose Prepared for it.
            guard transactions[index].attempt == nil else { return decide(.abort, index, &effects) }
            return learn(.abort, index, &effects)
        }
        guard transactions[index].promised == 0,
            !transactions[index].accepted.contains(where: { $0.manager == vote.manager })
        else { return }
        let place = transactions[index].accepted.firstIndex { $0.manager > vote.manager }
        transactions[index].accepted.insert(vote, at: place ?? transactions[index].accepted.count)
        guard transactions[index].accepted.count == configuration.participants else { return }
        persistAcceptance(index, &effects)
    }

    private mutating func persistAcceptance(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index]
        if configuration.mutation == .acceptsBeforeForcing { sendAcceptance(index, &effects) }
        effects.append(
            .persist(.accepted(transaction.id, ballot: transaction.promised, transaction.accepted), forced: true))
    }

    private mutating func sendAcceptance(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let (transaction, ballot) = (transactions[index].id, transactions[index].promised)
        let votes = transactions[index].accepted
        let leader = configuration.leader(of: ballot)
        guard leader == id else {
            return effects.append(.send(.phase2b(transaction, ballot: ballot, votes), to: leader))
        }
        let stage: Attempt.Stage = ballot == 0 ? .votes : .acceptances
        onAnswer(transaction, ballot, stage, Attempt.Answer(acceptor: id, votes: votes), &effects)
    }

    private mutating func onPersisted(_ record: PaxosCommitRecord, _ effects: inout EffectBuffer<Effect>) {
        guard let index = index(of: record.transaction), transactions[index].outcome == nil else { return }
        switch record {
        case .promised(let transaction, let ballot, let votes):
            // Who has promised a later ballot since has nothing to say in this one.
            guard transactions[index].promised == ballot else { return }
            let leader = configuration.leader(of: ballot)
            guard leader == id else {
                return effects.append(.send(.phase1b(transaction, ballot: ballot, votes), to: leader))
            }
            onAnswer(transaction, ballot, .promises, Attempt.Answer(acceptor: id, votes: votes), &effects)
        case .accepted(_, let ballot, _):
            guard transactions[index].promised == ballot, configuration.mutation != .acceptsBeforeForcing else {
                return
            }
            sendAcceptance(index, &effects)
        case .decided, .prepared: preconditionFailure("nobody waits for \(record)")
        }
    }

    private mutating func onPhase1a(
        _ transaction: TransactionID, _ ballot: UInt16, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = known(transaction, &effects)
        if let outcome = transactions[index].outcome {
            return effects.append(.send(.decision(transaction, outcome), to: sender))
        }
        guard ballot > transactions[index].promised else { return }  // Promised to somebody else, or a second copy.
        giveUp(index, &effects)
        awaitLeader(index, &effects)
        promise(ballot, index, &effects)
    }

    private mutating func promise(_ ballot: UInt16, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        transactions[index].promised = ballot
        let transaction = transactions[index]
        effects.append(.persist(.promised(transaction.id, ballot: ballot, transaction.accepted), forced: true))
    }

    private mutating func onPhase2a(
        _ transaction: TransactionID, _ ballot: UInt16, _ votes: [AcceptedVote], from sender: NodeID,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let index = known(transaction, &effects)
        if let outcome = transactions[index].outcome {
            return effects.append(.send(.decision(transaction, outcome), to: sender))
        }
        guard ballot >= transactions[index].promised else { return }
        if ballot > transactions[index].promised { giveUp(index, &effects) }
        awaitLeader(index, &effects)
        transactions[index].promised = ballot
        transactions[index].accepted = votes
        persistAcceptance(index, &effects)
    }

    private mutating func onInquired(
        _ transaction: TransactionID, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let index = known(transaction, &effects)
        guard let outcome = transactions[index].outcome else { return }  // It will be told with everyone else.
        effects.append(.send(.decision(transaction, outcome), to: sender))
    }
}

// MARK: - Leading

extension PaxosCommitAcceptor {
    private mutating func onTransact(_ plan: Plan, _ effects: inout EffectBuffer<Effect>) {
        guard id == PaxosCommitConfiguration.firstLeader, index(of: plan.transaction) == nil else { return }
        let place = transactions.firstIndex { $0.id > plan.transaction } ?? transactions.count
        transactions.insert(Transaction(id: plan.transaction), at: place)
        transactions[place].hasClient = true
        transactions[place].attempt = Attempt(ballot: 0, stage: .votes)
        effects.append(.announce(.phaseBegan("voting")))
        for assignment in plan.assignments {
            effects.append(.send(.prepare(plan.transaction, assignment.operations), to: assignment.participant))
        }
        effects.append(.setTimer(.votes(plan.transaction), after: configuration.timeouts.votes))
    }

    /// Begins a ballot of its own, above all it has heard of.
    private mutating func lead(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].id
        giveUp(index, &effects)
        effects.append(.cancelTimer(.takeOver(transaction)))
        let ballot = configuration.ballot(after: transactions[index].promised, ledBy: id)
        effects.append(.announce(.noted("ballot \(ballot)")))
        transactions[index].attempt = Attempt(ballot: ballot, stage: .promises)
        for acceptor in configuration.acceptors where acceptor != id {
            effects.append(.send(.phase1a(transaction, ballot: ballot), to: acceptor))
        }
        promise(ballot, index, &effects)
        awaitAnswers(index, &effects)
    }

    private mutating func awaitAnswers(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let rank = configuration.acceptors.firstIndex(of: id) ?? 0
        let attempt = transactions[index].attempts
        transactions[index].attempts = min(attempt + 1, 4)
        let wait = configuration.timeouts.answer(attempt: attempt) + configuration.timeouts.votes * UInt64(rank)
        effects.append(.setTimer(.answers(transactions[index].id), after: wait))
    }

    private mutating func giveUp(_ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard let attempt = transactions[index].attempt else { return }
        let transaction = transactions[index].id
        effects.append(.cancelTimer(attempt.stage == .votes ? .votes(transaction) : .answers(transaction)))
        if attempt.stage == .votes { effects.append(.announce(.phaseEnded("voting"))) }
        transactions[index].attempt = nil
    }

    private mutating func onAnswer(
        _ transaction: TransactionID, _ ballot: UInt16, _ stage: Attempt.Stage, _ answer: Attempt.Answer,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let index = index(of: transaction), transactions[index].attempt?.ballot == ballot,
            transactions[index].attempt?.stage == stage
        else { return }
        transactions[index].attempt?.add(answer)
        let answers = transactions[index].attempt?.answers ?? []
        let majority = configuration.mutation == .decidesWithOneAcceptor ? 1 : configuration.majority
        guard answers.count >= majority else { return }
        switch stage {
        case .promises: propose(Self.safeVotes(answers, configuration), index, &effects)
        case .votes, .acceptances:
            decide(answers[0].votes.allSatisfy(\.isPrepared) ? .commit : .abort, index, &effects)
        }
    }

    /// For each instance, the value of the highest ballot that anybody of a majority has accepted: no other one can have
    /// been chosen. Where there is none, nothing has been chosen below this ballot, and Aborted is the choice.
    private static func safeVotes(
        _ answers: [Attempt.Answer], _ configuration: PaxosCommitConfiguration
    ) -> [(manager: NodeID, isPrepared: Bool)] {
        let votes = configuration.mutation == .ignoresAcceptedVotes ? [] : answers.flatMap(\.votes)
        return configuration.managers.map { manager in
            let latest = votes.filter { $0.manager == manager }.max { $0.ballot < $1.ballot }
            return (manager, latest?.isPrepared ?? false)
        }
    }

    private mutating func propose(
        _ values: [(manager: NodeID, isPrepared: Bool)], _ index: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let ballot = transactions[index].attempt?.ballot else { return }
        let transaction = transactions[index].id
        let votes = values.map { AcceptedVote(manager: $0.manager, ballot: ballot, isPrepared: $0.isPrepared) }
        transactions[index].attempt = Attempt(ballot: ballot, stage: .acceptances)
        for acceptor in configuration.acceptors where acceptor != id {
            effects.append(.send(.phase2a(transaction, ballot: ballot, votes), to: acceptor))
        }
        transactions[index].accepted = votes
        awaitAnswers(index, &effects)
        persistAcceptance(index, &effects)
    }

    /// A leader that has come to know the outcome tells everyone.
    private mutating func decide(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        let transaction = transactions[index].id
        effects.append(.announce(.decided(subject: "\(transaction)", outcome: outcome.word)))
        learn(outcome, index, &effects)
        for node in configuration.managers + configuration.acceptors where node != id {
            effects.append(.send(.decision(transaction, outcome), to: node))
        }
    }

    private mutating func learn(_ outcome: Outcome, _ index: Int, _ effects: inout EffectBuffer<Effect>) {
        guard transactions[index].outcome == nil else { return }
        let transaction = transactions[index].id
        giveUp(index, &effects)
        effects.append(.cancelTimer(.takeOver(transaction)))
        transactions[index].outcome = outcome
        if transactions[index].hasClient { effects.append(.announce(.responded("\(transaction): \(outcome.word)"))) }
        effects.append(.persist(.decided(transaction, outcome), forced: false))
    }

    private mutating func onRecovered(_ log: [PaxosCommitRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log {
            let index = known(record.transaction, &effects)
            switch record {
            case .promised(_, let ballot, let votes), .accepted(_, let ballot, let votes):
                transactions[index].promised = ballot
                transactions[index].accepted = votes
            case .decided(let transaction, let outcome):
                transactions[index].outcome = outcome
                effects.append(.cancelTimer(.takeOver(transaction)))
            case .prepared: preconditionFailure("\(record) is no record of an acceptor")
            }
        }
    }
}

// MARK: - Observation

extension PaxosCommitAcceptor.Transaction: CanonicalEncodable {
    /// Where it stands, in a few words for a trace.
    var stage: String {
        if let outcome { return "knows \(outcome.word)" }
        if let attempt {
            switch attempt.stage {
            case .votes: return "collecting votes"
            case .promises: return "leads ballot \(attempt.ballot)"
            case .acceptances: return "proposes in ballot \(attempt.ballot)"
            }
        }
        if let ballot = accepted.map(\.ballot).max(), ballot == promised { return "accepting, ballot \(ballot)" }
        return promised == 0 ? "listening" : "promised ballot \(promised)"
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(id)
        encoder.encode(promised)
        encoder.encode(accepted)
        encoder.encode(outcome)
        encoder.encode(attempt)
        encoder.encode(hasClient)
        encoder.encode(tag: attempts)
    }
}

extension PaxosCommitAcceptor: CanonicalEncodable {
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(transactions) }
}
