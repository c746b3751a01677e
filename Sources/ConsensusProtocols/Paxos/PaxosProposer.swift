package import StateMachines

/// Tries to get a value chosen, and finishes somebody else's if one may have been chosen already.
package struct PaxosProposer: Hashable, Sendable, CanonicalEncodable {
    package enum Phase: UInt8, Hashable, Sendable {
        /// → `numbering` or `preparing` when a client or another proposer asks; after a restart → `readingBack` first.
        case idle
        /// → `numbering` or `preparing` once enough acceptors have told what they promised.
        case readingBack
        /// → `preparing` once the round is on disk.
        case numbering
        /// Phase 1. → `proposing` at a quorum of promises, → `waiting` or a new ballot when refused.
        case preparing
        /// Phase 2. → `idle` when the value is learned, → `waiting` or a new ballot when refused.
        case proposing
        /// → a new ballot when the timer fires.
        case waiting
        /// Another proposer has been asked to propose the value.
        case handedOver
        /// Every attempt is used up.
        case tired
    }

    package private(set) var phase = Phase.idle
    /// What a client wants; `nil`: nothing, or it has been answered.
    package private(set) var value: PaxosValue?
    package private(set) var ballot = Ballot.none
    /// Of all ballots that it has met.
    private var highestRound: UInt32 = 0
    private var isRestarted = false
    private var failures: UInt8 = 0
    private var attempts: UInt8 = 0
    /// Who has answered, in this phase of this ballot.
    private var answers = NodeSet()
    /// Only a broken proposer counts it.
    private var messages = 0
    /// What the promises report: the vote of the highest ballot. A broken proposer keeps others, too.
    private var reports: [Vote] = []
    /// For times to wait.
    private var random: SplitMix64
    private let id: NodeID
    private let configuration: PaxosConfiguration

    init(id: NodeID, _ configuration: PaxosConfiguration) {
        self.id = id
        self.configuration = configuration
        random = SplitMix64(seed: UInt64(id.rawValue) + 1)
    }

    private var mutation: PaxosMutation? { configuration.mutation }

    mutating func recover(_ records: [PaxosRecord]) {
        guard mutation != .forgetsRound else { return }
        for case .round(let round) in records { highestRound = max(highestRound, round) }
        isRestarted = configuration.roundMemory == .readBack
    }

    // MARK: Beginning

    /// A client, or another proposer, wants this value chosen. One value at a time: a second one is not taken.
    mutating func propose(_ wanted: PaxosValue, known: PaxosValue?, _ outbox: inout PaxosOutbox) {
        if let known { return outbox.effects.append(.announce(.responded(known.name))) }
        guard value == nil else { return }
        value = wanted
        switch configuration.contention {
        case .distinguished(let leader, let takeOver, _) where leader != id:
            phase = .handedOver
            outbox.send(.request(wanted), to: leader)
            outbox.effects.append(.setTimer(.takeOver, after: takeOver))
        case .persistent, .backOff, .distinguished: begin(&outbox)
        }
    }

    private mutating func begin(_ outbox: inout PaxosOutbox) {
        if let limit = configuration.attempts, attempts >= limit {
            phase = .tired
            return outbox.effects.append(.cancelTimer(.retry))
        }
        if configuration.attempts != nil { attempts += 1 }
        (answers, messages, reports) = (NodeSet(), 0, [])
        outbox.effects.append(.setTimer(.retry, after: configuration.patience))
        if isRestarted {
            phase = .readingBack
            return outbox.send(.query, to: configuration.acceptors)
        }
        highestRound += 1
        switch configuration.roundMemory {
        case .readBack: prepare(&outbox)
        case .onDisk:
            phase = .numbering
            outbox.effects.append(.persist(.round(highestRound), forced: true))
        }
    }

    mutating func readBack(_ promised: Ballot, from acceptor: NodeID, _ outbox: inout PaxosOutbox) {
        guard phase == .readingBack else { return }
        answers.insert(acceptor)
        highestRound = max(highestRound, promised.round)
        guard answers.count >= configuration.readBackCount else { return }
        isRestarted = false
        answers = NodeSet()
        highestRound += 1
        prepare(&outbox)
    }

    mutating func persisted(_ round: UInt32, _ outbox: inout PaxosOutbox) {
        guard phase == .numbering, round == highestRound else { return }  // An older attempt's.
        prepare(&outbox)
    }

    private mutating func prepare(_ outbox: inout PaxosOutbox) {
        phase = .preparing
        ballot = Ballot(highestRound, by: mutation == .sharesBallots ? 0 : id.rawValue + 1)
        outbox.send(.prepare(ballot), to: configuration.acceptors)
    }

    // MARK: Phase 1

    mutating func promise(
        _ promised: Ballot, accepted: Vote?, from acceptor: NodeID, _ outbox: inout PaxosOutbox
    ) {
        let isCurrent = promised == ballot || mutation == .countsOldPromises
        guard phase == .preparing, isCurrent, !answers.contains(acceptor) || mutation == .countsDuplicates else {
            return
        }
        answers.insert(acceptor)
        if mutation == .countsDuplicates { messages += 1 }
        if let accepted { consider(accepted) }
        guard max(answers.count, messages) >= configuration.quorums.phase1 else { return }
        phase = .proposing
        answers = NodeSet()
        messages = 0
        let proposal = Vote(ballot, choice)
        reports = []
        outbox.send(.accept(proposal), to: configuration.acceptors)
    }

    /// Only the vote of the highest ballot counts: what was chosen below it, if anything, is its value.
    private mutating func consider(_ vote: Vote) {
        switch mutation {
        case .adoptsNothing: break
        case .adoptsFirst: if reports.isEmpty { reports = [vote] }
        case .adoptsMostReported: reports.append(vote)
        default: if reports.first.map({ $0.ballot < vote.ballot }) ?? true { reports = [vote] }
        }
    }

    /// The value that the ballot must have, or may have if nothing is reported.
    private var choice: PaxosValue {
        if mutation == .inventsValue, reports.isEmpty { return "nobody's" }
        guard let value else { preconditionFailure("proposer \(id.index) began without a value: \(self)") }
        guard mutation == .adoptsMostReported else { return reports.first?.value ?? value }
        let frequency = { (vote: Vote) in reports.count { $0.value == vote.value } }
        let most = reports.map(frequency).max()
        return reports.first { frequency($0) == most }?.value ?? value
    }

    // MARK: Ending

    mutating func reject(_ refused: Ballot, promised: Ballot, _ outbox: inout PaxosOutbox) {
        highestRound = max(highestRound, promised.round)
        guard refused == ballot, phase == .preparing || phase == .proposing else { return }
        switch configuration.contention {
        case .persistent: begin(&outbox)
        case .backOff(let least), .distinguished(_, _, let least):
            phase = .waiting
            let longest = least.microseconds << UInt64(min(failures, 4))
            failures &+= failures < 4 ? 1 : 0
            let wait = random.uniform(in: longest...2 * longest)
            outbox.effects.append(.cancelTimer(.retry))
            outbox.effects.append(.setTimer(.backOff, after: Tick(microseconds: wait)))
        }
    }

    mutating func timerFired(_ timer: PaxosTimer, _ outbox: inout PaxosOutbox) {
        switch phase {
        case .readingBack, .numbering, .preparing, .proposing, .waiting, .handedOver: begin(&outbox)
        case .idle, .tired: break
        }
    }

    /// This node has learned what was chosen.
    mutating func finish(_ chosen: PaxosValue, _ outbox: inout PaxosOutbox) {
        guard value != nil else { return }
        value = nil
        phase = .idle
        (answers, messages, reports) = (NodeSet(), 0, [])
        for timer in [PaxosTimer.retry, .backOff, .takeOver] { outbox.effects.append(.cancelTimer(timer)) }
        outbox.effects.append(.announce(.responded(chosen.name)))
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: phase.rawValue)
        encoder.encode(value)
        encoder.encode(ballot)
        encoder.encode(growing: UInt64(highestRound))
        encoder.encode(isRestarted)
        encoder.encode(tag: failures)
        encoder.encode(tag: attempts)
        encoder.encode(answers)
        encoder.encode(tag: UInt8(messages))
        encoder.encode(reports)
        var future = random
        encoder.encode(future.next())
    }

    var summary: String {
        switch phase {
        case .idle: ""
        case .readingBack: "reading back"
        case .numbering: "round \(highestRound)"
        case .preparing: "preparing \(ballot)"
        case .proposing: "proposing \(ballot)"
        case .waiting: "waiting"
        case .handedOver: "handed over"
        case .tired: "gave up"
        }
    }
}
