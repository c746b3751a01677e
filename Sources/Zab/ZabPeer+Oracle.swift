import StateMachines

/// Deciding alone, where two servers vote and an oracle outside of the ensemble says that the other one is lost.
///
/// Neither of two is more than half of both, so that the loss of either stops everything. What the oracle lets go on decides by
/// itself: who leads, which epoch begins, what is committed. Each decision asks anew, and takes nothing but the answer to
/// that. An oracle that lets both of them go on gives up every promise of the broadcast; so does one that
/// lets a server go on that has not what the other has committed, for all that is missing.
///
/// Deviations: a leader alone commits only what is on its own disk; observers and voters to be may learn from it meanwhile; it asks
/// again at every heartbeat, so that what it has proposed waits no longer than the oracle.
/// - Source: ZooKeeper's `QuorumOracleMaj` (3.7).
extension ZabPeer {
    /// Whether the oracle may stand in for the other voter: nobody who votes has this leader's history, or is being sent it.
    private var isAbandoned: Bool {
        configuration.hasOracle && membership.hasPair
            && !leading.learners.rows.contains { row in
                row.value.isForwarding && row.value.role == .participant && membership.isVoter(row.id)
            }
    }

    /// To be called where a quorum is missing.
    func askOracle(_ effects: inout EffectBuffer<PeerEffect>) {
        // What the oracle's word has not sufficed for, it does not suffice for a moment later.
        if isAbandoned, !hasOraclesWord { effects.append(.askOracle) }
    }

    mutating func onOracleAnsweredWhileLeading(mayGoOn: Bool, _ effects: inout EffectBuffer<PeerEffect>) {
        let wasInDoubt = leading.isInDoubt
        leading.isInDoubt = false
        guard isAbandoned else { return }
        guard mayGoOn else {
            if wasInDoubt { giveUp(&effects) }
            return
        }
        hasOraclesWord = true
        decideAlone(&effects)
        hasOraclesWord = false
    }

    /// At a heartbeat that finds no quorum: whether the leader may stay, until the oracle has answered or the other voter is up to
    /// date. It has until the next heartbeat.
    mutating func staysInDoubt(_ effects: inout EffectBuffer<PeerEffect>) -> Bool {
        let isAlone = isAbandoned
        let mayBecomeQuorum = membership.isQuorum(alone: isAlone) { id in
            id == me || leading.learners[id].map { $0.role == .participant && $0.isForwarding } == true
        }
        guard configuration.hasOracle, mayBecomeQuorum, !(isAlone && leading.isInDoubt) else { return false }
        leading.isInDoubt = isAlone
        askOracle(&effects)
        return true
    }
}
