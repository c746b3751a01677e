import StateMachines

/// Snapshots: thesis chapter 5.
extension RaftServer {
    /// Lets a snapshot stand for everything that has been applied.
    mutating func compact(_ turn: inout RaftTurn) {
        guard commitIndex > log.baseIndex, let term = log.term(at: commitIndex) else { return }
        install(
            RaftSnapshot(index: commitIndex, term: term, members: members(at: commitIndex), store: store),
            keepingSuffix: true, &turn)
    }

    private mutating func install(_ snapshot: RaftSnapshot, keepingSuffix: Bool, _ turn: inout RaftTurn) {
        log.replacePrefix(by: snapshot, keepingSuffix: keepingSuffix)
        self.snapshot = snapshot
        turn.records.append(.snapshot(snapshot, keepsSuffix: keepingSuffix))
    }

    mutating func onSnapshot(
        _ arrived: RaftSnapshot, ofTerm term: RaftTerm, round: UInt32, from sender: NodeID, _ turn: inout RaftTurn
    ) {
        guard hear(sender, term: term, &turn) else {
            return turn.reply(
                .rejected(currentTerm, previous: arrived.index, retry: 0, conflict: nil, round: round), to: sender)
        }
        let isBlind = configuration.mutation == .installsAnySnapshot
        if arrived.index > commitIndex || isBlind {
            install(arrived, keepingSuffix: !isBlind, &turn)
            store = arrived.store
            commitIndex = arrived.index
            members = latestMembers
        } else {
            turn.note("has more than the snapshot: ignores it")
        }
        turn.reply(.appended(currentTerm, match: arrived.index, round: round, isHeartbeat: false), to: sender)
    }
}
