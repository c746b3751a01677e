import StateMachines

/// Who asks for a vote.
struct RaftCandidate {
    var node: NodeID
    var term: RaftTerm
    var lastIndex: RaftIndex
    var lastTerm: RaftTerm
    /// The leader itself has told it to take over.
    var overrides: Bool
}

// MARK: - Terms and timeouts

extension RaftServer {
    /// A member that was removed still stands for election, since it may be needed until the removal is committed (thesis
    /// section 4.2.2). Who never was one does not.
    var mayElect: Bool {
        if members.isVoter(id) { return true }
        return !members.contains(id) && membersIndex > commitIndex && members(at: membersIndex - 1).isVoter(id)
    }

    /// The next election timeout: new for each term and after each timeout, the same in between.
    mutating func drawTimeout() {
        let loaded = configuration.loadedTimeouts.first { $0.server == id && $0.term == currentTerm }
        let (least, most) = (configuration.timing.electionMinimum, configuration.timing.electionMaximum)
        if let loaded {
            electionTimeout = loaded.timeout
        } else if least == most {
            electionTimeout = least
        } else {
            electionTimeout = .microseconds(random.uniform(in: least.microseconds...most.microseconds))
        }
    }

    func resetElectionTimer(_ turn: inout RaftTurn) {
        guard currentTerm < configuration.termLimit ?? .max else { return }
        turn.set(.election, after: electionTimeout)
    }

    /// Follows: a leader, where one is known. A later term is taken over and wants to be written.
    mutating func follow(_ leader: NodeID?, term: RaftTerm, _ turn: inout RaftTurn) {
        if term > currentTerm {
            currentTerm = term
            votedFor = nil
            turn.isTermChanged = true
            drawTimeout()
        }
        if role == .leader { stopLeading(&turn) }
        role = .follower
        votes = []
        self.leader = leader
    }
}

// MARK: - Asking

extension RaftServer {
    mutating func onElectionTimeout(_ turn: inout RaftTurn) {
        if configuration.preVote { beginPreVote(&turn) } else { beginElection(overriding: false, &turn) }
    }

    private mutating func beginPreVote(_ turn: inout RaftTurn) {
        role = .preCandidate
        leader = nil
        votes = []
        drawTimeout()
        resetElectionTimer(&turn)
        ask(term: currentTerm + 1, isPreVote: true, &turn)
        countVote(of: id, &turn)
    }

    mutating func beginElection(overriding: Bool, _ turn: inout RaftTurn) {
        role = .candidate
        leader = nil
        votes = []
        currentTerm += 1
        votedFor = id
        turn.isTermChanged = true
        drawTimeout()
        resetElectionTimer(&turn)
        // It votes for itself when that is on disk.
        ask(term: currentTerm, isPreVote: false, overriding: overriding, &turn)
    }

    private func ask(term: RaftTerm, isPreVote: Bool, overriding: Bool = false, _ turn: inout RaftTurn) {
        let message = RaftMessage.requestVote(
            term, lastIndex: log.lastIndex, lastTerm: log.lastTerm, isPreVote: isPreVote, overrides: overriding)
        for voter in members.voters where voter != id { turn.reply(message, to: voter) }
    }

    mutating func onTimeoutNow(_ term: RaftTerm, _ turn: inout RaftTurn) {
        guard term == currentTerm, role == .follower, mayElect else { return }
        turn.note("told to take over")
        beginElection(overriding: configuration.mutation != .transfersWithoutOverride, &turn)
    }

    mutating func onVote(
        _ term: RaftTerm, isGranted: Bool, isPreVote: Bool, from sender: NodeID, _ turn: inout RaftTurn
    ) {
        guard isGranted else {
            if term > currentTerm { follow(nil, term: term, &turn) }
            return
        }
        let isWanted =
            isPreVote ? role == .preCandidate && term == currentTerm + 1 : role == .candidate && term == currentTerm
        if isWanted { countVote(of: sender, &turn) }
    }

    /// Its own vote counts where it is a member that votes.
    mutating func countVote(of node: NodeID, _ turn: inout RaftTurn) {
        guard members.isVoter(node), !votes.contains(node) else { return }
        votes.insert(node, at: votes.firstIndex { $0 > node } ?? votes.count)
        guard votes.count >= members.majority else { return }
        switch role {
        case .preCandidate: beginElection(overriding: false, &turn)
        case .candidate: beginLeading(&turn)
        case .follower, .leader: break
        }
    }
}

// MARK: - Answering

extension RaftServer {
    /// Whether it has heard of a leader so recently that it wants no other one.
    private var isContent: Bool { hearsLeader || role == .leader }

    func onPreVote(_ candidate: RaftCandidate, _ turn: inout RaftTurn) {
        if configuration.stickiness, isContent { return refuse(candidate, isPreVote: true, "has a leader", &turn) }
        guard candidate.term > currentTerm else {
            guard configuration.mutation != .ignoresLowerTermPreVotes else { return }
            return refuse(candidate, isPreVote: true, nil, &turn)
        }
        guard isUpToDate(candidate) else { return refuse(candidate, isPreVote: true, "has more in its log", &turn) }
        turn.reply(.vote(candidate.term, isGranted: true, isPreVote: true), to: candidate.node)
    }

    mutating func onRequestVote(_ candidate: RaftCandidate, _ turn: inout RaftTurn) {
        if configuration.stickiness, isContent, !candidate.overrides {
            return turn.note("has a leader: ignores \(RaftConfiguration.name(candidate.node))")
        }
        if candidate.term > currentTerm { follow(nil, term: candidate.term, &turn) }
        guard candidate.term == currentTerm, votedFor == nil || votedFor == candidate.node else {
            return refuse(candidate, isPreVote: false, nil, &turn)
        }
        guard isUpToDate(candidate) else { return refuse(candidate, isPreVote: false, "has more in its log", &turn) }
        if votedFor == nil {
            votedFor = candidate.node
            turn.isTermChanged = true
        }
        resetElectionTimer(&turn)
        turn.reply(.vote(currentTerm, isGranted: true, isPreVote: false), to: candidate.node)
    }

    private func refuse(_ candidate: RaftCandidate, isPreVote: Bool, _ reason: String?, _ turn: inout RaftTurn) {
        if let reason { turn.note("\(reason): no vote for \(RaftConfiguration.name(candidate.node))") }
        turn.reply(.vote(currentTerm, isGranted: false, isPreVote: isPreVote), to: candidate.node)
    }

    private func isUpToDate(_ candidate: RaftCandidate) -> Bool {
        if configuration.mutation == .comparesLengthFirst {
            return (candidate.lastIndex, candidate.lastTerm) >= (log.lastIndex, log.lastTerm)
        }
        return log.isUpToDate(lastIndex: candidate.lastIndex, lastTerm: candidate.lastTerm)
    }
}
