import StateMachines

/// What a leader wants in a follower's log.
struct RaftAppend {
    var term: RaftTerm
    var previous: RaftIndex
    var previousTerm: RaftTerm
    var entries: [RaftEntry]
    var commit: RaftIndex
    var round: UInt32
}

// MARK: - The leader's side

extension RaftServer {
    /// Appends to a leader's own log.
    mutating func append(_ payload: RaftEntry.Payload, _ turn: inout RaftTurn) {
        let entry = RaftEntry(term: currentTerm, payload)
        log.append(entry)
        turn.records.append(.entry(log.lastIndex, entry))
        if let members = entry.members {
            // A configuration is in force as soon as it is in the log (thesis section 4.1).
            self.members = members
            refreshPeers()
        }
    }

    /// Sends a peer what it lacks; where that is nothing, a heartbeat.
    mutating func sendAppend(to index: Int, _ turn: inout RaftTurn) {
        let peer = peers[index]
        guard peer.nextIndex > log.baseIndex, let previousTerm = log.term(at: peer.nextIndex - 1) else {
            guard let snapshot else { preconditionFailure("the log of \(id) begins nowhere") }
            return turn.send(.snapshot(currentTerm, snapshot, round: round), to: peer.node)
        }
        let entries = log.suffix(from: peer.nextIndex)
        turn.send(
            .append(
                currentTerm, previous: peer.nextIndex - 1, previousTerm: previousTerm, entries: entries,
                commit: commitIndex, round: round),
            to: peer.node)
        // Taken for received, until it turns out that it was not.
        if !peer.isProbing { peers[index].nextIndex = log.lastIndex + 1 }
    }

    /// Sends new entries to those whose logs are known to meet the leader's; the others get them when they answer.
    mutating func sendToEverybodyKnown(_ turn: inout RaftTurn) {
        for index in peers.indices where !peers[index].isProbing { sendAppend(to: index, &turn) }
    }

    /// Asks a peer whether it has the entry before the next one.
    func probe(_ index: Int, _ turn: inout RaftTurn) {
        let previous = max(peers[index].nextIndex - 1, log.baseIndex)
        guard let previousTerm = log.term(at: previous) else { return }
        turn.send(
            .append(
                currentTerm, previous: previous, previousTerm: previousTerm, entries: [], commit: commitIndex,
                round: round),
            to: peers[index].node)
    }

    /// Notes that a peer has answered; a later term ends the reign.
    ///
    /// - Returns: whether the answer is one to this leader.
    mutating func isAnswer(
        ofTerm term: RaftTerm, round: UInt32, from sender: NodeID, _ turn: inout RaftTurn
    ) -> Bool {
        if term > currentTerm {
            follow(nil, term: term, &turn)
            return false
        }
        guard role == .leader, term == currentTerm, let index = peerIndex(sender) else { return false }
        peers[index].isRecent = true
        if round > peers[index].round {
            peers[index].round = round
            onRoundAnswered(&turn)
        }
        return true
    }

    mutating func onAppended(_ match: RaftIndex, from sender: NodeID, _ turn: inout RaftTurn) {
        guard let index = peerIndex(sender) else { return }
        peers[index].isProbing = false
        peers[index].matchIndex = max(peers[index].matchIndex, match)
        peers[index].nextIndex = max(peers[index].nextIndex, match + 1)
        advanceCommit(&turn)
        guard role == .leader, let index = peerIndex(sender) else { return }
        if peers[index].nextIndex <= log.lastIndex { sendAppend(to: index, &turn) }
        continueTransfer(index, &turn)
        continueCatchUp(index, &turn)
    }

    /// Goes back to where the logs may meet: over a whole term at once (thesis section 3.5).
    mutating func onRejected(
        previous: RaftIndex, retry: RaftIndex, conflict: RaftTerm?, from sender: NodeID, _ turn: inout RaftTurn
    ) {
        guard let index = peerIndex(sender), previous > peers[index].matchIndex else { return }
        let isCurrent = previous == max(peers[index].nextIndex - 1, log.baseIndex)
        guard !peers[index].isProbing || isCurrent else { return }
        let meeting = conflict.flatMap { log.lastIndex(ofTerm: $0) }.map { min($0 + 1, previous) } ?? retry
        peers[index].isProbing = true
        peers[index].nextIndex = max(peers[index].matchIndex + 1, meeting)
        sendAppend(to: index, &turn)
    }

    /// Commits what a majority has on disk, if that is of the current term: what comes before it is committed with it,
    /// and nothing else is safe to count (thesis section 3.6.2).
    mutating func advanceCommit(_ turn: inout RaftTurn) {
        guard role == .leader else { return }
        var held = peers.filter { members.isVoter($0.node) }.map(\.matchIndex)
        if members.isVoter(id) { held.append(durableIndex) }
        held.sort(by: >)
        guard members.majority <= held.count else { return }
        let index = held[members.majority - 1]
        guard index > commitIndex else { return }
        guard log.term(at: index) == currentTerm || configuration.mutation == .countsOlderTerms else { return }
        commit(through: index, &turn)
        answerReads(&turn)
    }
}

// MARK: - The follower's side

extension RaftServer {
    /// A leader of the current term, or of a later one, has been heard of.
    ///
    /// - Returns: false when it leads no more.
    mutating func hear(_ leader: NodeID, term: RaftTerm, _ turn: inout RaftTurn) -> Bool {
        guard term >= currentTerm else { return configuration.mutation == .obeysOldLeaders }
        follow(leader, term: term, &turn)
        if configuration.stickiness {
            hearsLeader = true
            turn.set(.leaderHeard, after: configuration.timing.electionMinimum)
        }
        if mayElect { resetElectionTimer(&turn) }
        return true
    }

    mutating func onAppend(_ append: RaftAppend, from sender: NodeID, _ turn: inout RaftTurn) {
        guard hear(sender, term: append.term, &turn) else {
            return turn.reply(rejection(of: append, retry: 0, conflict: nil), to: sender)
        }
        guard append.previous <= log.lastIndex else {
            return turn.reply(rejection(of: append, retry: log.lastIndex + 1, conflict: nil), to: sender)
        }
        let isChecked = append.previous > log.baseIndex && configuration.mutation != .skipsConsistencyCheck
        if isChecked, let term = log.term(at: append.previous), term != append.previousTerm {
            let first = log.beginning(ofTermAt: append.previous)
            return turn.reply(rejection(of: append, retry: first, conflict: term), to: sender)
        }
        merge(append, &turn)
        let match = append.previous + RaftIndex(append.entries.count)
        let known = configuration.mutation == .commitsBeyondMatch ? log.lastIndex : match
        if min(append.commit, known) > commitIndex { commit(through: min(append.commit, known), &turn) }
        turn.reply(
            .appended(currentTerm, match: match, round: append.round, isHeartbeat: append.entries.isEmpty), to: sender)
    }

    private func rejection(of append: RaftAppend, retry: RaftIndex, conflict: RaftTerm?) -> RaftMessage {
        .rejected(currentTerm, previous: append.previous, retry: retry, conflict: conflict, round: append.round)
    }

    /// Takes over new entries. Cuts off from the first that conflicts, never what agrees: an old message may bring less
    /// than there already is.
    private mutating func merge(_ append: RaftAppend, _ turn: inout RaftTurn) {
        if configuration.mutation == .truncatesAlways, append.previous < log.lastIndex {
            cut(from: max(append.previous, log.baseIndex) + 1, &turn)
        }
        for (offset, entry) in append.entries.enumerated() {
            let index = append.previous + RaftIndex(offset) + 1
            if index <= log.baseIndex || log.term(at: index) == entry.term { continue }
            if index <= log.lastIndex { cut(from: index, &turn) }
            log.append(entry)
            turn.records.append(.entry(index, entry))
            if let members = entry.members { self.members = members }
        }
    }

    private mutating func cut(from index: RaftIndex, _ turn: inout RaftTurn) {
        turn.note("cuts its log from \(index)")
        log.truncate(from: index)
        turn.records.append(.truncate(from: index))
        // A mutation may have let it commit what is gone now.
        commitIndex = min(commitIndex, log.lastIndex)
        if configuration.mutation != .keepsAbandonedMembers { members = latestMembers }
    }
}

// MARK: - Applying

extension RaftServer {
    /// - Precondition: the log goes so far.
    mutating func commit(through index: RaftIndex, _ turn: inout RaftTurn) {
        while commitIndex < index {
            commitIndex += 1
            guard let entry = log[commitIndex] else { preconditionFailure("\(commitIndex) is not in the log of \(id)") }
            turn.decide("\(commitIndex)", entry.content)
            // After a mutation has cut off what was applied, it cannot be applied again.
            guard commitIndex == store.appliedIndex + 1 else { continue }
            let answer = store.apply(entry, knowsRetries: configuration.mutation != .repeatsRetries)
            if role == .leader { onApplied(entry, answer, &turn) }
        }
        if let threshold = configuration.snapshotThreshold, commitIndex - log.baseIndex >= threshold { compact(&turn) }
    }

    private mutating func onApplied(_ entry: RaftEntry, _ answer: Int?, _ turn: inout RaftTurn) {
        switch entry.payload {
        case .noop: break
        case .request(let request):
            if let client = request.session, entry.term == currentTerm {
                turn.send(.reply(serial: request.serial, value: answer ?? 0), to: client)
            }
        case .members: onMembersCommitted(&turn)
        }
        if let place = proposals.firstIndex(of: commitIndex) {
            proposals.remove(at: place)
            turn.respond(answer.map { "\($0)" } ?? "done")
        }
    }
}

// MARK: - Requests

extension RaftServer {
    mutating func onRequest(_ request: RaftRequest, _ turn: inout RaftTurn) {
        guard role == .leader else { return redirect(request, &turn) }
        if case .read = request.operation, configuration.readMode != .log { return beginRead(request, &turn) }
        guard transferTarget == nil else { return redirect(request, &turn) }
        append(.request(request), &turn)
        if request.session == nil { proposals.append(log.lastIndex) }
        sendToEverybodyKnown(&turn)
    }

    func redirect(_ request: RaftRequest, _ turn: inout RaftTurn) {
        if let client = request.session {
            let successor = role == .leader ? transferTarget : leader
            turn.reply(.redirect(serial: request.serial, leader: successor), to: client)
        } else {
            turn.respond(refusal)
        }
    }
}
