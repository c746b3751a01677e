import StateMachines

/// Changing the ensemble while it serves.
///
/// A reconfiguration is a transaction like any other, except that quorums of both ensembles must have it. Its commit brings
/// the next ensemble into force. A leader that fails in between leaves it to the next one, which completes it before it serves.
extension ZabPeer {
    // MARK: What is known

    /// An ensemble that the log tells of at the start.
    mutating func recover(_ ensemble: Ensemble) {
        var unused = EffectBuffer<PeerEffect>()
        expect(ensemble, &unused)
    }

    /// A reconfiguration is in this server's log now; `nil`, or one that is in force, when none is under way any more.
    mutating func expect(_ ensemble: Ensemble?, _ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.mayReconfigure else { return }
        guard let ensemble, ensemble.version > membership.active.version else {
            guard membership.proposed != nil else { return }
            membership.forgetProposed()
            return effects.append(.expectEnsemble(nil))
        }
        // Whoever proposes the next one knows that the one before is committed. Without this, a server that has both in its log
        // would look for a quorum of an ensemble that is long gone.
        if let earlier = membership.proposed, earlier.version < ensemble.version, earlier.version.counter != 0 {
            adopt(earlier, &effects)
        }
        if configuration.mutation == .activatesAtProposal { return adopt(ensemble, &effects) }
        membership.propose(ensemble)
        effects.append(.expectEnsemble(ensemble))
    }

    /// An ensemble is known to be committed.
    mutating func adopt(_ ensemble: Ensemble, _ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.mayReconfigure, ensemble.version > membership.active.version else { return }
        membership.adopt(ensemble)
        effects.append(.adoptEnsemble(ensemble))
    }

    /// Another server has come further. Whoever serves, or is about to, hears of it from its leader.
    mutating func onEnsembleHeard(_ ensemble: Ensemble, _ effects: inout EffectBuffer<PeerEffect>) {
        guard activity == .looking, election.phase != .idle, configuration.mayReconfigure,
            ensemble.version > membership.active.version
        else { return }
        let isNew = !ensemble.hasSameMembers(as: membership.active)
        adopt(ensemble, &effects)
        if isNew { look(&effects) }
    }

    // MARK: At a leader

    /// Whether a reconfiguration is under way.
    package var isReconfiguring: Bool { membership.proposed != nil }

    /// Whether a quorum of this ensemble is connected and has the history, so that it could go on at once. Observers do not count,
    /// even where they have not gone yet to come back as such: nobody could complete what needs them.
    package func canReconfigure(to ensemble: Ensemble) -> Bool {
        configuration.mayReconfigure && leading.phase == .broadcasting && !isReconfiguring
            && ensemble.isQuorum { isSynchronized($0) && membership.role(of: $0) == .participant }
    }

    /// The ensemble of the configuration files gets a version, above those of files that were never agreed upon.
    mutating func proposeFirstVersion(_ effects: inout EffectBuffer<PeerEffect>) {
        guard membership.active.version == .zero, membership.proposed == nil else { return }
        expect(membership.active.versioned(Zxid(epoch: leading.epoch, counter: 0)), &effects)
    }

    /// Who leads the next ensemble: this server, if it is one of its voters; else the one of them that has most of what was
    /// proposed, so that little is lost and nobody is ahead of it.
    func designatedLeader(of next: Ensemble) -> ServerID {
        if let place = next[me], place.role == .participant, place.address == membership.active[me]?.address ?? [] {
            return me
        }
        let candidates = leading.learners.rows.filter { next.isVoter($0.id) && isSynchronized($0.id) }
        let best = candidates.max { ($0.value.acknowledged, $0.id) < ($1.value.acknowledged, $1.id) }
        return best?.id ?? me
    }

    /// Commits a reconfiguration, which is next.
    mutating func commit(_ entry: LogEntry, _ next: Ensemble, _ effects: inout EffectBuffer<PeerEffect>) {
        let successor = designatedLeader(of: next)
        for row in leading.learners.rows where row.value.isForwarding {
            let packet: Packet =
                row.value.role == .participant
                ? .commitAndActivate(entry.zxid, leader: successor) : .informAndActivate(entry, leader: successor)
            effects.append(.send(packet, to: row.id))
        }
        adopt(next, &effects)
        deliver(through: entry.zxid, &effects)
        if successor != me { return resign(&effects) }
        for row in leading.learners.rows where row.value.isForwarding && row.value.role == .participant {
            sendProposals(to: row.id, &effects)
        }
    }

    // MARK: Servers that are no voters yet

    /// Who follows and does not vote in the ensemble in force, but may in the next one.
    ///
    /// It is never sent what no quorum in force has on disk. Otherwise it could be ahead of all who may lead, after a crash that
    /// takes the leader's last proposals; and if the next ensemble needs it, nobody could lead any more: neither those who have less than it, nor
    /// it, for whom nobody in force would vote.
    func isOutsider(_ id: ServerID) -> Bool {
        configuration.mutation != .commitsByNextEnsembleAlone && leading.learners[id]?.role == .participant
            && !membership.active.isVoter(id)
    }

    /// Whether a quorum of the ensemble in force has this leader's history and epoch on disk.
    var isEstablishedInForce: Bool {
        leading.hasStoredCurrentEpoch && history.persisted >= leading.committed
            && membership.active.isQuorum(alone: hasOraclesWord, isSynchronized)
    }

    /// Sends a learner what it has not been sent and may have.
    mutating func sendProposals(to learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        guard let sent = leading.learners[learner]?.sent else { return }
        let isHeldBack = isOutsider(learner)
        for entry in history.entries(after: sent) {
            if isHeldBack, entry.zxid > leading.committed,
                !membership.active.isQuorum(alone: hasOraclesWord, { has($0, entry.zxid) })
            {
                break
            }
            effects.append(.send(.proposal(entry), to: learner))
            leading.learners[learner]?.sent = entry.zxid
        }
    }

    /// What a quorum in force has on disk by now.
    mutating func sendProposalsToOutsiders(_ effects: inout EffectBuffer<PeerEffect>) {
        guard leading.phase == .broadcasting else { return }
        for row in leading.learners.rows where row.value.isForwarding && isOutsider(row.id) {
            sendProposals(to: row.id, &effects)
        }
    }

    mutating func resign(_ effects: inout EffectBuffer<PeerEffect>) {
        leading.phase = .resigning
        change(to: .looking, &effects)
        if leading.learners.isEmpty { giveUp(&effects) }
    }

    // MARK: At a learner

    /// The leader's word counts more than what a leader before it may have begun and nobody has in the log.
    mutating func onLeadersEnsemble(_ ensemble: Ensemble, _ effects: inout EffectBuffer<PeerEffect>) {
        if let proposed = membership.proposed, proposed.version.counter != 0, proposed.version <= history.last,
            proposed.version >= ensemble.version
        {
            return  // It has sent that one too, before NEWLEADER.
        }
        expect(ensemble, &effects)
    }

    /// UPTODATE says that a quorum has acknowledged what came with NEWLEADER.
    ///
    /// - Returns: whether this server has left the leader.
    mutating func activateLeadersEnsemble(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) -> Bool {
        guard let ensemble = learning.ensemble else { return false }
        // ZooKeeper's leaders also send one that they have only just proposed.
        let isUnderWay =
            ensemble.version.epoch == learning.epoch && ensemble.version.counter != 0
            && ensemble.version > learning.committed
        let previous = membership.active
        if !isUnderWay { adopt(ensemble, &effects) }
        let leader = learning.leader
        let isSameLeader =
            previous.version == membership.active.version
            || membership.active.isVoter(leader) && membership.active[leader]?.address == previous[leader]?.address
        guard isSameLeader else {
            giveUp(&effects)
            return true
        }
        return leaveUnlessUnchanged(leader, now, &effects)
    }

    mutating func onCommitAndActivate(
        _ zxid: Zxid, _ leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard isTakingEntries else { return giveUp(&effects) }
        if let next = membership.proposed, next.version == zxid { adopt(next, &effects) }
        onCommit(zxid, activating: leader, &effects)
        if activity == .learning { _ = leaveUnlessUnchanged(leader, now, &effects) }
    }

    mutating func onInformAndActivate(
        _ entry: LogEntry, _ leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        onProposal(entry, &effects)
        guard activity == .learning else { return }
        onCommitAndActivate(entry.zxid, leader, now, &effects)
    }

    /// Whether another leads from here on, or this server has become something else; then it begins again.
    private mutating func leaveUnlessUnchanged(
        _ leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) -> Bool {
        guard configuration.mayReconfigure,
            leader != learning.leader || membership.role(of: me) != learning.role
        else { return false }
        if membership.active.isVoter(leader) { goOn(under: leader, now, &effects) } else { giveUp(&effects) }
        return true
    }
}
