import StateMachines

/// A new server that receives the log before it becomes a member: thesis section 4.2.1.
struct RaftCatchUp: Hashable, Sendable, CanonicalEncodable {
    var server: NodeID
    /// The end of the log when the round began.
    var target: RaftIndex
    var began: Tick
    var roundsLeft: UInt8 = 10

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(server)
        encoder.encode(target)
        encoder.encode(began)
        encoder.encode(tag: roundsLeft)
    }
}

/// Changes of the members, one server at a time: thesis chapter 4.
extension RaftServer {
    /// The last configuration in the log, committed or not.
    package var latestMembers: RaftMembers {
        log.entries.last { $0.members != nil }?.members ?? snapshot?.members ?? configuration.members
    }

    /// Of the entry that holds it; 0 where the log has none any more.
    var membersIndex: RaftIndex {
        log.entries.lastIndex { $0.members != nil }.map { log.baseIndex + RaftIndex($0) + 1 } ?? 0
    }

    /// As of an entry that is in the log, or the snapshot.
    func members(at index: RaftIndex) -> RaftMembers {
        log.entries.prefix(Int(index - log.baseIndex)).last { $0.members != nil }?.members
            ?? snapshot?.members ?? configuration.members
    }

    /// Why the members cannot be changed now.
    private var obstacle: String? {
        if membersIndex > commitIndex { return "another change is under way" }
        // Two unfinished changes of two leaders may lead to majorities that do not meet, unless the later leader has
        // committed something first (Ongaro, raft-dev, July 2015).
        let mayBeEarly = configuration.mutation == .changesMembersAtOnce
        if log.term(at: commitIndex) != currentTerm, !mayBeEarly { return "nothing of its own term is committed" }
        return nil
    }

    mutating func changeMembers(to new: RaftMembers, _ turn: inout RaftTurn) {
        if let obstacle { return turn.respond("refused: \(obstacle)") }
        let old = Set(members.voters), changed = old.symmetricDifference(new.voters).count
        guard changed <= 1 || configuration.mutation == .changesSeveralServers else {
            return turn.respond("refused: one server at a time")
        }
        append(.members(new), &turn)
        proposals.append(log.lastIndex)
        sendToEverybodyKnown(&turn)
    }

    mutating func onMembersCommitted(_ turn: inout RaftTurn) {
        guard !members.isVoter(id), log[commitIndex]?.members == members else { return }
        turn.note("is no member any more: steps down")
        follow(nil, term: currentTerm, &turn)
    }
}

// MARK: - Catching up

extension RaftServer {
    mutating func beginCatchUp(_ server: NodeID, _ turn: inout RaftTurn) {
        if let obstacle { return turn.respond("refused: \(obstacle)") }
        guard catchUp == nil, !members.isVoter(server) else { return turn.respond("refused: under way") }
        catchUp = RaftCatchUp(server: server, target: log.lastIndex, began: turn.now)
        refreshPeers()
        turn.set(.catchUp, after: configuration.timing.electionMaximum * 4)
        if let index = peerIndex(server) { sendAppend(to: index, &turn) }
    }

    /// A round is over when the new server has what the log had at its beginning. A round that takes less than an
    /// election timeout leaves so little to do that the new server can become a member.
    mutating func continueCatchUp(_ index: Int, _ turn: inout RaftTurn) {
        guard var current = catchUp, peers[index].node == current.server, peers[index].matchIndex >= current.target
        else { return }
        let took = turn.now - current.began
        current.roundsLeft -= 1
        turn.note(
            "\(RaftConfiguration.name(current.server)) has \(current.target) after \(took.microseconds / 1_000) ms")
        if took < configuration.timing.electionMinimum {
            endCatchUp(&turn)
            changeMembers(to: members.adding(current.server), &turn)
        } else if current.roundsLeft == 0 {
            onCatchUpTimeout(&turn)
        } else {
            (current.target, current.began) = (log.lastIndex, turn.now)
            catchUp = current
        }
    }

    private mutating func endCatchUp(_ turn: inout RaftTurn) {
        turn.cancel(.catchUp)
        catchUp = nil
    }

    mutating func onCatchUpTimeout(_ turn: inout RaftTurn) {
        endCatchUp(&turn)
        refreshPeers()
        turn.respond("refused: too slow")
    }
}
