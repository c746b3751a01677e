import StateMachines

/// What a leader knows of another server.
struct RaftPeer: Hashable, Sendable, CanonicalEncodable {
    var node: NodeID
    /// The first entry to send next.
    var nextIndex: RaftIndex
    /// Its log is known to agree up to here, on disk.
    var matchIndex: RaftIndex = 0
    /// Where the logs meet is being looked for, with one message at a time.
    var isProbing = true
    /// Of the heartbeats it has answered, the latest round.
    var round: UInt32 = 0
    /// Heard of since the quorum was last looked for.
    var isRecent = true

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(node)
        for number in [nextIndex, matchIndex, round] { encoder.encode(number) }
        encoder.encode(isProbing)
        encoder.encode(isRecent)
    }
}

// MARK: - Reigning

extension RaftServer {
    mutating func beginLeading(_ turn: inout RaftTurn) {
        role = .leader
        leader = id
        votes = []
        durableIndex = log.lastIndex
        round = 0
        peers = []
        refreshPeers()
        turn.decide("term \(currentTerm)", RaftConfiguration.name(id))
        for timer in [RaftTimer.election, .leaderHeard] { turn.cancel(timer) }
        hearsLeader = false
        if configuration.checkQuorum { turn.set(.quorum, after: configuration.timing.electionMinimum) }
        if configuration.beginsTermsWithNoop { append(.noop, &turn) }
        for index in peers.indices { sendAppend(to: index, &turn) }
        turn.set(.heartbeat, after: configuration.timing.heartbeat)
        advanceCommit(&turn)
    }

    /// Gives up everything that only a leader has, and waits for another one.
    mutating func stopLeading(_ turn: inout RaftTurn) {
        for timer in [RaftTimer.heartbeat, .quorum, .lease, .transfer, .catchUp] { turn.cancel(timer) }
        for read in reads { redirect(read.request, &turn) }
        peers = []
        reads = []
        proposals = []
        hasLease = false
        transferTarget = nil
        catchUp = nil
        if mayElect { resetElectionTimer(&turn) }
    }

    /// Sends to everybody who is a member, or about to be one.
    mutating func refreshPeers() {
        let wanted = (members.voters + members.learners + [catchUp?.server].compactMap(\.self)).filter { $0 != id }
        peers.removeAll { !wanted.contains($0.node) }
        for node in wanted where !peers.contains(where: { $0.node == node }) {
            peers.append(RaftPeer(node: node, nextIndex: log.lastIndex + 1))
        }
        peers.sort { $0.node < $1.node }
    }

    /// Of the other servers, by number.
    func peerIndex(_ node: NodeID) -> Int? { peers.firstIndex { $0.node == node } }

    mutating func onHeartbeatDue(_ turn: inout RaftTurn) {
        if configuration.readMode == .lease { beginRound(&turn) }
        sendHeartbeats(&turn)
    }

    /// Sends everybody what is missing. Who has not answered yet gets a heartbeat without entries: its answer will show
    /// what it lacks.
    mutating func sendHeartbeats(_ turn: inout RaftTurn) {
        for index in peers.indices {
            if peers[index].isProbing { probe(index, &turn) } else { sendAppend(to: index, &turn) }
        }
        turn.set(.heartbeat, after: configuration.timing.heartbeat)
    }

    /// Whether a majority of those who vote, itself included, fulfils something.
    func isMajority(_ holds: (RaftPeer) -> Bool) -> Bool {
        let others = peers.filter { members.isVoter($0.node) && holds($0) }.count
        return others + (members.isVoter(id) ? 1 : 0) >= members.majority
    }

    mutating func onQuorumDue(_ turn: inout RaftTurn) {
        guard isMajority(\.isRecent) else {
            turn.note("hears no majority: steps down")
            return follow(nil, term: currentTerm, &turn)
        }
        for index in peers.indices { peers[index].isRecent = false }
        turn.set(.quorum, after: configuration.timing.electionMinimum)
    }
}

// MARK: - Handing over

extension RaftServer {
    /// Thesis section 3.10: bring the successor's log up to date, take no more requests, and tell it not to wait.
    mutating func beginTransfer(to server: NodeID, _ turn: inout RaftTurn) {
        guard let index = peerIndex(server), members.isVoter(server) else {
            return turn.respond("\(RaftConfiguration.name(server)) does not vote")
        }
        transferTarget = server
        if hasLease, configuration.mutation != .keepsLeaseInTransfer {
            hasLease = false
            turn.cancel(.lease)
        }
        turn.set(.transfer, after: configuration.timing.electionMinimum)
        continueTransfer(index, &turn)
        turn.respond("handing over to \(RaftConfiguration.name(server))")
    }

    /// - Parameter index: of the peer that has been heard of.
    func continueTransfer(_ index: Int, _ turn: inout RaftTurn) {
        guard peers[index].node == transferTarget, peers[index].matchIndex == log.lastIndex else { return }
        turn.send(.timeoutNow(currentTerm), to: peers[index].node)
    }

    mutating func onTransferTimeout(_ turn: inout RaftTurn) {
        turn.note("nobody has taken over")
        transferTarget = nil
    }
}
