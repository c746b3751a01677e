package import StateMachines

/// One server of a Raft cluster.
///
/// Nothing that reveals `currentTerm`, `votedFor` or the log leaves before it is on disk: replies wait in `unwritten`
/// behind the write they depend on. Only a leader's APPENDs leave at once, beside its own write, and it counts itself
/// when that is done (thesis section 10.2.1).
///
/// - Source: Ongaro, "Consensus: Bridging Theory and Practice", Stanford 2014: chapters 3 (basic algorithm), 4
///   (membership, one server at a time), 5 (log compaction), 6 (clients), sections 3.10 (transfer), 9.6 (pre-vote); the
///   correction of single-server changes that Ongaro published on the raft-dev list in July 2015.
/// - Deviations: a snapshot travels in one message. Entries are applied when they are committed, in the same step.
///   A session is opened by its first request and never expires; its number is the client's. Requests that a server
///   is asked for directly have no session. Timeouts and leases are timers, so that a search, where time stands
///   still, sees them fire in any order that clocks allow.
package struct RaftServer: Machine {
    package typealias Input = RaftNode.Input
    package typealias Effect = RaftNode.Effect

    package enum Role: UInt8, Hashable, Sendable {
        /// → `candidate` (or `preCandidate`) when nobody leads.
        case follower = 1
        /// Asks whether anybody would vote for it. → `candidate` on a majority, `follower` on a leader or a later term.
        case preCandidate = 2
        /// → `leader` on a majority, `follower` on a leader or a later term.
        case candidate = 3
        /// → `follower` on a later term, or without a majority.
        case leader = 4
    }

    package let id: NodeID
    package let configuration: RaftConfiguration

    // On disk.
    package internal(set) var currentTerm: RaftTerm = 0
    package internal(set) var votedFor: NodeID?
    package internal(set) var log = RaftLog()
    /// Stands for the beginning of the log, once there is one.
    package internal(set) var snapshot: RaftSnapshot?

    // In memory.
    package internal(set) var role = Role.follower
    /// Of the current term, as far as known.
    package internal(set) var leader: NodeID?
    package internal(set) var commitIndex: RaftIndex = 0
    package internal(set) var store = RaftStore()
    /// The latest in the log, committed or not.
    package internal(set) var members: RaftMembers
    /// Who has granted (pre-)votes; sorted.
    var votes: [NodeID] = []
    /// A leader's view of everybody it sends to; sorted.
    var peers: [RaftPeer] = []
    /// A leader: its own log is on disk up to here.
    var durableIndex: RaftIndex = 0
    /// The latest round of heartbeats that a majority's answers are waited for.
    var round: UInt32 = 0
    /// When it was sent.
    var roundBegan = Tick.zero
    var reads: [RaftPendingRead] = []
    /// Entries that this server was asked for directly and has to answer.
    var proposals: [RaftIndex] = []
    var hearsLeader = false
    package internal(set) var hasLease = false
    var transferTarget: NodeID?
    var catchUp: RaftCatchUp?
    var random: SplitMix64
    var electionTimeout = Tick.zero
    /// Writes under way, oldest first.
    var unwritten: [RaftWrite] = []

    package init(id: NodeID, configuration: RaftConfiguration) {
        self.id = id
        self.configuration = configuration
        members = configuration.members
        random = SplitMix64(seed: configuration.seed, stream: RaftConfiguration.name(id))
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        var turn = RaftTurn(now: now)
        swap(&turn.effects, &effects)
        switch input {
        case .started: onStarted(&turn)
        case .recovered(let records): onRecovered(records, &turn)
        case .received(let message, let sender): onReceived(message, from: sender, &turn)
        case .timerFired(let timer): onTimerFired(timer, &turn)
        case .persisted: onPersisted(&turn)
        case .invoked(let command): onInvoked(command, &turn)
        }
        finish(&turn)
        swap(&turn.effects, &effects)
    }

    private mutating func onReceived(_ message: RaftMessage, from sender: NodeID, _ turn: inout RaftTurn) {
        switch message {
        case .requestVote(let term, let lastIndex, let lastTerm, let isPreVote, let overrides):
            let candidate = RaftCandidate(
                node: sender, term: term, lastIndex: lastIndex, lastTerm: lastTerm, overrides: overrides)
            if isPreVote { onPreVote(candidate, &turn) } else { onRequestVote(candidate, &turn) }
        case .vote(let term, let isGranted, let isPreVote):
            onVote(term, isGranted: isGranted, isPreVote: isPreVote, from: sender, &turn)
        case .append(let term, let previous, let previousTerm, let entries, let commit, let round):
            let append = RaftAppend(
                term: term, previous: previous, previousTerm: previousTerm, entries: entries, commit: commit,
                round: round)
            onAppend(append, from: sender, &turn)
        case .appended(let term, let match, let round, _):
            guard isAnswer(ofTerm: term, round: round, from: sender, &turn) else { return }
            onAppended(match, from: sender, &turn)
        case .rejected(let term, let previous, let retry, let conflict, let round):
            guard isAnswer(ofTerm: term, round: round, from: sender, &turn) else { return }
            onRejected(previous: previous, retry: retry, conflict: conflict, from: sender, &turn)
        case .snapshot(let term, let snapshot, let round):
            onSnapshot(snapshot, ofTerm: term, round: round, from: sender, &turn)
        case .timeoutNow(let term): onTimeoutNow(term, &turn)
        case .request(let request): onRequest(request, &turn)
        case .reply, .redirect: break  // For clients.
        }
    }

    private mutating func onTimerFired(_ timer: RaftTimer, _ turn: inout RaftTurn) {
        switch timer {
        case .election: onElectionTimeout(&turn)
        case .heartbeat: onHeartbeatDue(&turn)
        case .quorum: onQuorumDue(&turn)
        case .leaderHeard: hearsLeader = false
        case .lease: hasLease = false
        case .transfer: onTransferTimeout(&turn)
        case .catchUp: onCatchUpTimeout(&turn)
        case .retry: break  // A client's.
        }
    }

    private mutating func onInvoked(_ command: RaftCommand, _ turn: inout RaftTurn) {
        switch command {
        case .compact: compact(&turn)
        case .perform(let operation): onRequest(RaftRequest(operation), &turn)
        case .addServer, .addLearner, .removeServer, .changeMembers, .transfer:
            guard role == .leader else { return turn.respond(refusal) }
            switch command {
            case .addServer(let server): beginCatchUp(server, &turn)
            case .addLearner(let server): changeMembers(to: members.addingLearner(server), &turn)
            case .removeServer(let server): changeMembers(to: members.removing(server), &turn)
            case .changeMembers(let servers): changeMembers(to: RaftMembers(voters: servers), &turn)
            case .transfer(let server): beginTransfer(to: server, &turn)
            case .compact, .perform: break
            }
        }
    }

    var refusal: String { leader.map { "not the leader: \(RaftConfiguration.name($0))" } ?? "no leader" }
}

/// What one step collects besides its effects.
struct RaftTurn {
    let now: Tick
    var effects = EffectBuffer<RaftNode.Effect>()
    var records: [RaftRecord] = []
    var isTermChanged = false
    /// Messages that must not leave before what is in memory is on disk.
    var held: [RaftEnvelope] = []

    init(now: Tick) { self.now = now }

    /// At once.
    mutating func send(_ message: RaftMessage, to node: NodeID) { effects.append(.send(message, to: node)) }
    /// When everything up to now is on disk.
    mutating func reply(_ message: RaftMessage, to node: NodeID) {
        held.append(RaftEnvelope(message: message, receiver: node))
    }
    mutating func set(_ timer: RaftTimer, after: Tick) { effects.append(.setTimer(timer, after: after)) }
    mutating func cancel(_ timer: RaftTimer) { effects.append(.cancelTimer(timer)) }
    mutating func note(_ text: String) { effects.append(.announce(.noted(text))) }
    mutating func respond(_ text: String) { effects.append(.announce(.responded(text))) }
    mutating func decide(_ subject: String, _ outcome: String) {
        effects.append(.announce(.decided(subject: subject, outcome: outcome)))
    }
}

struct RaftEnvelope: Hashable, Sendable {
    var message: RaftMessage
    var receiver: NodeID
}

/// A forced write under way.
struct RaftWrite: Hashable, Sendable {
    /// Of the server when it was asked for.
    var term: RaftTerm
    var lastIndex: RaftIndex
    /// Leaves when it is done.
    var held: [RaftEnvelope]
}

// MARK: - The disk

extension RaftServer {
    private mutating func onStarted(_ turn: inout RaftTurn) {
        drawTimeout()
        if mayElect { resetElectionTimer(&turn) }
    }

    private mutating func onRecovered(_ records: [RaftRecord], _ turn: inout RaftTurn) {
        for record in records {
            switch record {
            case .term(let term, let votedFor): (currentTerm, self.votedFor) = (term, votedFor)
            case .entry(_, let entry): log.append(entry)
            case .truncate(let index): log.truncate(from: index)
            case .snapshot(let snapshot, let keepsSuffix):
                self.snapshot = snapshot
                log.replacePrefix(by: snapshot, keepingSuffix: keepsSuffix)
            }
        }
        if configuration.mutation == .forgetsVote { votedFor = nil }
        if let snapshot { (store, commitIndex) = (snapshot.store, snapshot.index) }
        members = latestMembers
        for _ in 0..<currentTerm { _ = random.next() }
        onStarted(&turn)
    }

    /// Writes what the step has changed, and lets messages go that have nothing to wait for.
    private mutating func finish(_ turn: inout RaftTurn) {
        if turn.isTermChanged { turn.records.insert(.term(currentTerm, votedFor: votedFor), at: 0) }
        var held = turn.held
        if configuration.mutation == .answersBeforePersisting {
            for envelope in held { turn.send(envelope.message, to: envelope.receiver) }
            held = []
        }
        if let last = turn.records.indices.last {
            for index in turn.records.indices {
                turn.effects.append(.persist(turn.records[index], forced: index == last))
            }
            unwritten.append(RaftWrite(term: currentTerm, lastIndex: log.lastIndex, held: held))
        } else if unwritten.isEmpty {
            for envelope in held { turn.send(envelope.message, to: envelope.receiver) }
        } else {
            unwritten[unwritten.count - 1].held += held
        }
    }

    private mutating func onPersisted(_ turn: inout RaftTurn) {
        let write = unwritten.removeFirst()
        for envelope in write.held { turn.send(envelope.message, to: envelope.receiver) }
        guard write.term == currentTerm else { return }
        switch role {
        case .candidate: countVote(of: id, &turn)
        case .leader:
            durableIndex = max(durableIndex, write.lastIndex)
            advanceCommit(&turn)
        case .follower, .preCandidate: break
        }
    }
}

// MARK: - Observation

extension RaftServer {
    /// "leader t2: 1 2 | 2": its term, and the terms of its entries; those before the bar are committed.
    package var summary: String { "\(roleName) t\(currentTerm): \(logText)" }

    private var roleName: String {
        switch role {
        case .follower: members.isVoter(id) ? "follower" : members.contains(id) ? "learner" : "outside"
        case .preCandidate: "pre-candidate"
        case .candidate: "candidate"
        case .leader: "leader"
        }
    }

    private var logText: String {
        guard log.lastIndex > 0 else { return "empty" }
        var words = log.baseIndex > 0 ? ["(\(log.baseIndex))"] : []
        for (offset, entry) in log.entries.enumerated() {
            if log.baseIndex + RaftIndex(offset) == commitIndex { words.append("|") }
            words.append("\(entry.term)")
        }
        if commitIndex == log.lastIndex { words.append("|") }
        return words.joined(separator: " ")
    }

    /// A voter that knows no leader.
    package var isStuck: Bool { role != .leader && leader == nil && members.isVoter(id) }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(currentTerm)
        encoder.encode(votedFor)
        encoder.encode(log)
        encoder.encode(snapshot)
        encoder.encode(tag: role.rawValue)
        encoder.encode(leader)
        encoder.encode(commitIndex)
        encoder.encode(store)
        encoder.encode(members)
        encoder.encode(votes)
        encoder.encode(peers)
        for number in [durableIndex, round] { encoder.encode(number) }
        encoder.encode(roundBegan)
        encoder.encode(reads)
        encoder.encode(UInt32(proposals.count))
        for index in proposals { encoder.encode(index) }
        encoder.encode(hearsLeader)
        encoder.encode(hasLease)
        encoder.encode(transferTarget)
        encoder.encode(catchUp)
        var random = random
        encoder.encode(random.next())
        encoder.encode(electionTimeout)
        encoder.encode(UInt32(unwritten.count))
        for write in unwritten {
            encoder.encode(write.term)
            encoder.encode(write.lastIndex)
            encoder.encode(UInt32(write.held.count))
            for envelope in write.held {
                encoder.encode(envelope.message)
                encoder.encode(envelope.receiver)
            }
        }
    }
}
