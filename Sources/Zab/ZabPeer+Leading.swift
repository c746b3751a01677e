package import StateMachines

/// What a leader, or a server that tries to become one, knows.
struct Leading: Hashable, Sendable, CanonicalEncodable {
    enum Phase: UInt8, Hashable, Sendable, CanonicalEncodable {
        /// → `storingEpoch` when a quorum has said which epoch it accepted last.
        case collectingEpochs
        /// → `collectingAcknowledgements` when the new epoch is on this server's disk.
        case storingEpoch
        /// → `synchronizing` when a quorum has promised to join the new epoch.
        case collectingAcknowledgements
        /// → `broadcasting` when a quorum has the leader's whole history on disk.
        case synchronizing
        /// → looking when the quorum is lost or the epoch is used up; → `resigning` when another leads the next ensemble.
        case broadcasting
        /// Decides nothing any more. Its learners have been told, and leave by themselves, so that nobody misses it. → looking when
        /// they are gone or some time has passed.
        case resigning

        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }

    struct Learner: Hashable, Sendable, CanonicalEncodable {
        enum Phase: Hashable, Sendable {
            /// It has said which epoch it accepted.
            case introduced
            /// It has promised to join; its log ends here. `nil` where nothing but a copy will do.
            case promised(last: Zxid?)
            /// The disk is being read for it.
            case waitingForLog(last: Zxid)
            /// Everything has been sent up to NEWLEADER; it takes part in the broadcast from here on.
            case synchronizing
            /// It has acknowledged NEWLEADER.
            case active
        }

        var phase = Phase.introduced
        var role: Ensemble.Role
        var accepted: Epoch
        /// Counts for the quorum that promises the epoch; not if it had accepted this epoch before.
        var countsForEpoch = false
        /// The last proposal it has on disk.
        var acknowledged = Zxid.zero
        /// The last proposal that it was sent.
        var sent = Zxid.zero
        var heardAt: Tick

        var isForwarding: Bool { phase == .synchronizing || phase == .active }

        func encode(into encoder: inout CanonicalEncoder) {
            switch phase {
            case .introduced: encoder.encode(tag: 0)
            case .promised(let last):
                encoder.encode(tag: 1)
                encoder.encode(last)
            case .waitingForLog(let last):
                encoder.encode(tag: 2)
                encoder.encode(last)
            case .synchronizing: encoder.encode(tag: 3)
            case .active: encoder.encode(tag: 4)
            }
            encoder.encode(role)
            encoder.encode(accepted)
            encoder.encode(countsForEpoch)
            encoder.encode(acknowledged)
            encoder.encode(sent)
            encoder.encode(heardAt)
        }
    }

    var phase = Phase.collectingEpochs
    var learners = ServerTable<Learner>()
    /// The epoch to lead; meaningless while epochs are collected.
    var epoch: Epoch = 0
    /// Everything up to here is decided. Before the broadcast: the whole log, since a quorum will have all of it.
    var committed = Zxid.zero
    /// The vote that won: no learner may have more.
    var initialEpoch: Epoch = 0
    var began = Tick.zero
    /// This server's own `currentEpoch` is on disk.
    var hasStoredCurrentEpoch = false
    /// Leads because a reconfiguration said so. Nobody has compared histories: whoever has more shows that it was a mistake.
    var isAppointed = false
    /// A heartbeat has found no quorum, and the oracle has not answered since.
    var isInDoubt = false

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(phase)
        encoder.encode(learners)
        encoder.encode(epoch)
        encoder.encode(committed)
        encoder.encode(initialEpoch)
        encoder.encode(began)
        encoder.encode(hasStoredCurrentEpoch)
        encoder.encode(isAppointed)
    }
}

// MARK: - Discovery

extension ZabPeer {
    mutating func beginLeading(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        leading = Leading()
        leading.began = now
        if configuration.mutation == .discardsUncommitted { discardUndelivered(&effects) }
        leading.committed = history.last
        leading.initialEpoch = epochs.current
        effects.append(.setTimer(.heartbeat, after: timing.heartbeat))
        chooseEpoch(&effects)
    }

    private mutating func discardUndelivered(_ effects: inout EffectBuffer<PeerEffect>) {
        guard history.last > history.delivered else { return }
        history.forget(after: history.delivered)
        effects.append(.truncateLog(to: history.last))
    }

    mutating func onPacketOfLearner(
        _ packet: Packet, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        if case .followerInfo(let role, let accepted) = packet {
            return onFollowerInfo(role, accepted, from: sender, now, &effects)
        }
        guard leading.learners[sender] != nil else { return effects.append(.disconnect(sender)) }
        leading.learners[sender]?.heardAt = now
        switch packet {
        case .acknowledgeEpoch(let last, let current): onEpochAcknowledged(last, current, from: sender, &effects)
        case .acknowledge(let zxid): onAcknowledged(zxid, from: sender, &effects)
        case .ping: break  // That it was heard is all it says.
        case .followerInfo, .leaderInfo, .diff, .truncate, .snapshot, .newLeader, .upToDate, .proposal, .commit,
            .inform, .commitAndActivate, .informAndActivate:
            drop(sender, for: .illegalMessage, &effects)  // Only leaders say this.
        }
    }

    private mutating func onFollowerInfo(
        _ role: Ensemble.Role, _ accepted: Epoch, from sender: ServerID, _ now: Tick,
        _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard leading.phase != .resigning else { return effects.append(.disconnect(sender)) }
        // It promised itself to a later epoch, whose leader failed, and can never join this one: only a still later epoch
        // has room for all. Nobody alone gets so far, since such a promise needs a quorum that answered.
        if leading.phase != .collectingEpochs, role == .participant, membership.isVoter(sender),
            accepted > leading.epoch
        {
            return giveUp(&effects)
        }
        leading.learners[sender] = Leading.Learner(role: role, accepted: accepted, heardAt: now)
        switch leading.phase {
        case .collectingEpochs: chooseEpoch(&effects)
        case .storingEpoch: break  // It hears of the epoch with the others.
        case .collectingAcknowledgements, .synchronizing, .broadcasting, .resigning: invite(sender, &effects)
        }
    }

    /// A new epoch is higher than any that a quorum, this server included, has accepted.
    private mutating func chooseEpoch(_ effects: inout EffectBuffer<PeerEffect>) {
        guard
            membership.isQuorum(alone: hasOraclesWord, { $0 == me || leading.learners[$0]?.role == .participant })
        else { return askOracle(&effects) }
        let promised = leading.learners.rows.filter { $0.value.role == .participant && membership.isVoter($0.id) }
            .map(\.value.accepted)
        leading.epoch = max(epochs.accepted, promised.max() ?? 0) + 1
        leading.phase = .storingEpoch
        proposeFirstVersion(&effects)
        effects.append(.storeEpoch(.accepted(leading.epoch)))
    }

    mutating func onEpochStoredWhileLeading(_ effects: inout EffectBuffer<PeerEffect>) {
        switch leading.phase {
        case .collectingEpochs, .broadcasting, .resigning: break
        case .storingEpoch:
            guard epochs.accepted == leading.epoch else { return }  // An older attempt's.
            leading.phase = .collectingAcknowledgements
            for row in leading.learners.rows { invite(row.id, &effects) }
            completeDiscovery(&effects)
        case .collectingAcknowledgements: break
        case .synchronizing:
            leading.hasStoredCurrentEpoch = epochs.current == leading.epoch
            completeSynchronization(&effects)
        }
    }

    private mutating func invite(_ learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        effects.append(.send(.leaderInfo(leading.epoch), to: learner))
    }

    private mutating func onEpochAcknowledged(
        _ last: Zxid?, _ current: Epoch?, from sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard leading.learners[sender]?.phase == .introduced else {
            return drop(sender, for: .illegalMessage, &effects)
        }
        switch leading.phase {
        case .collectingEpochs, .storingEpoch: drop(sender, for: .illegalMessage, &effects)  // It was asked nothing.
        case .resigning: drop(sender, &effects)
        case .collectingAcknowledgements:
            if let current, let last, isAhead(current, last), configuration.mutation != .votesWithAcceptedEpoch {
                return leading.isAppointed && membership.isVoter(sender) ? giveUp(&effects) : drop(sender, &effects)
            }
            leading.learners[sender]?.phase = .promised(last: last)
            leading.learners[sender]?.countsForEpoch = current != nil
            completeDiscovery(&effects)
        case .synchronizing, .broadcasting:
            leading.learners[sender]?.phase = .promised(last: last)
            synchronize(sender, &effects)
        }
    }

    /// Whether a learner's history is better than the one this server was elected for.
    private func isAhead(_ current: Epoch, _ last: Zxid) -> Bool {
        if configuration.mutation == .comparesZxidBeforeEpoch { return last > leading.committed }
        return (current, last) > (leading.initialEpoch, leading.committed)
    }

    private mutating func completeDiscovery(_ effects: inout EffectBuffer<PeerEffect>) {
        guard
            membership.isQuorum(
                alone: hasOraclesWord,
                { id in
                    guard id != me else { return true }
                    guard let learner = leading.learners[id] else { return false }
                    return learner.role == .participant && learner.countsForEpoch
                })
        else { return askOracle(&effects) }
        leading.phase = .synchronizing
        storeEpochOfHistory(leading.epoch, &effects)
        for row in leading.learners.rows { synchronize(row.id, &effects) }
        if configuration.mutation == .servesBeforeQuorum { beginBroadcast(&effects) }
    }

    mutating func drop(
        _ learner: ServerID, for offence: Offence? = nil, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        if let offence { remember(offence) }
        learners[learner] = nil
        effects.append(.disconnect(learner))
    }
}

// MARK: - Synchronisation

extension ZabPeer {
    /// Begins to bring a learner to this server's history, if it has promised to join.
    mutating func synchronize(_ learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        guard case .promised(let last)? = learners[learner]?.phase,
            !isOutsider(learner) || leading.phase == .broadcasting || isEstablishedInForce
        else { return }
        if configuration.mutation == .sendsNewLeaderFirst {
            sendNewLeader(to: learner, &effects)
        }
        guard let last else { return sendSnapshot(to: learner, &effects) }
        var plan = history.plan(forLearnerAt: last, committed: committed)
        if configuration.mutation == .neverTruncates, case .truncate(let zxid) = plan { plan = .diff(after: zxid) }
        switch plan {
        case .diff(let after): sendDiff(after: after, to: learner, &effects)
        case .truncate(let zxid):
            effects.append(.send(.truncate(to: zxid), to: learner))
            sendCommitted(history.entries(after: zxid), to: learner, &effects)
            joinBroadcast(learner, &effects)
        case .readLog:
            learners[learner]?.phase = .waitingForLog(last: last)
            effects.append(.readLog(after: last, through: history.base, for: learner))
        case .snapshot: sendSnapshot(to: learner, &effects)
        }
    }

    mutating func onLogRead(
        _ entries: [LogEntry]?, for learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard case .waitingForLog(let last)? = learners[learner]?.phase else { return }
        // The window may have moved on while the disk was read; then there is a gap.
        guard let entries, let first = entries.first, let end = entries.last, end.zxid >= history.base,
            first.zxid <= last
        else { return sendSnapshot(to: learner, &effects) }
        let meeting = entries.last { $0.zxid <= last }?.zxid ?? first.zxid
        if meeting == last {
            effects.append(.send(.diff(through: committed), to: learner))
        } else if meeting.epoch == last.epoch {
            effects.append(.send(.truncate(to: meeting), to: learner))
        } else {
            return sendSnapshot(to: learner, &effects)
        }
        sendCommitted(entries.drop { $0.zxid <= meeting }, to: learner, &effects)
        sendCommitted(history.entries(after: end.zxid), to: learner, &effects)
        joinBroadcast(learner, &effects)
    }

    private mutating func sendDiff(
        after zxid: Zxid, to learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        effects.append(.send(.diff(through: committed), to: learner))
        sendCommitted(history.entries(after: zxid), to: learner, &effects)
        joinBroadcast(learner, &effects)
    }

    private mutating func sendSnapshot(to learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        // A learner keeps nothing beyond the copy. Had that less than this log, a crash at the wrong moment would leave the
        // learner with less than it had acknowledged.
        if activity == .leading, configuration.mutation != .copiesDeliveredOnly {
            anticipate(through: leading.committed, &effects)
        }
        effects.append(.send(.snapshot(through: history.delivered), to: learner))
        sendCommitted(history.entries(after: history.delivered), to: learner, &effects)
        joinBroadcast(learner, &effects)
    }

    private func sendCommitted(
        _ entries: ArraySlice<LogEntry>, to learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        for entry in entries where entry.zxid <= committed {
            effects.append(.send(.proposal(entry), to: learner))
            effects.append(.send(.commit(entry.zxid), to: learner))
        }
    }

    /// From here on the learner gets what is proposed and committed, behind its own history: NEWLEADER must not overtake it.
    private mutating func joinBroadcast(_ learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        let limit = committed
        learners[learner]?.sent = limit
        if learners[learner]?.role == .participant, configuration.mutation != .forgetsProposalsUnderWay {
            sendProposals(to: learner, &effects)
        }
        if configuration.mutation != .sendsNewLeaderFirst { sendNewLeader(to: learner, &effects) }
        learners[learner]?.phase = .synchronizing
    }

    /// A leader that begins completes the reconfiguration it finds; one that serves already sends what is committed only.
    private func sendNewLeader(to learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        let isServing = activity == .learning || leading.phase == .broadcasting
        let ensemble = isServing ? membership.active : membership.latest
        let epoch = activity == .learning ? learning.epoch : leading.epoch
        effects.append(.send(.newLeader(epoch, configuration.mayReconfigure ? ensemble : nil), to: learner))
    }

    private mutating func completeSynchronization(_ effects: inout EffectBuffer<PeerEffect>) {
        guard leading.phase == .synchronizing else { return }
        guard isEstablishedInForce else { return askOracle(&effects) }
        for row in leading.learners.rows { synchronize(row.id, &effects) }
        if membership.isQuorum(alone: hasOraclesWord, isSynchronized) { beginBroadcast(&effects) }
    }

    private mutating func beginBroadcast(_ effects: inout EffectBuffer<PeerEffect>) {
        leading.phase = .broadcasting
        let successor = membership.proposed.map { designatedLeader(of: $0) } ?? me
        if let next = membership.proposed { adopt(next, &effects) }
        deliver(through: leading.committed, &effects)
        if successor == me { establish(.leading(leading.epoch), epoch: leading.epoch, &effects) }
        for row in leading.learners.rows where row.value.phase == .active {
            effects.append(.send(.upToDate, to: row.id))
        }
        if successor != me { resign(&effects) }
    }
}

// MARK: - Broadcast

extension ZabPeer {
    /// The zxid of the next proposal; `nil` unless this server leads and its epoch has room.
    package var nextZxid: Zxid? {
        guard leading.phase == .broadcasting else { return nil }
        let rollsOver = configuration.mutation == .rollsIntoNextEpoch
        let epoch = rollsOver ? max(leading.epoch, history.last.epoch) : leading.epoch
        let counter = history.last.epoch == epoch ? history.last.counter : 0
        guard counter < configuration.transactionsPerEpoch else {
            return rollsOver ? Zxid(epoch: epoch + 1, counter: 1) : nil
        }
        return Zxid(epoch: epoch, counter: counter + 1)
    }

    mutating func onProposed(
        _ payload: [UInt8], _ ensemble: Ensemble?, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard let zxid = nextZxid else {
            // The epoch is used up: the next leader begins a new one (ZOOKEEPER-1277).
            if leading.phase == .broadcasting { giveUp(&effects) }
            return
        }
        let entry = LogEntry(zxid: zxid, payload: payload, ensemble: ensemble)
        if let ensemble {
            precondition(ensemble.version == zxid && canReconfigure(to: ensemble), "\(ensemble) cannot come next")
            expect(ensemble, &effects)
        }
        history.append(entry)
        effects.append(.append(entry))
        for index in leading.learners.rows.indices {
            let row = leading.learners.rows[index]
            guard row.value.isForwarding, row.value.role == .participant, !isOutsider(row.id) else { continue }
            effects.append(.send(.proposal(entry), to: row.id))
            leading.learners.rows[index].value.sent = zxid
        }
    }

    private mutating func onAcknowledged(
        _ zxid: Zxid, from sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        switch leading.learners[sender]?.phase {
        case .synchronizing? where zxid == Zxid(epoch: leading.epoch, counter: 0):
            leading.learners[sender]?.phase = .active
            switch leading.phase {
            case .synchronizing: completeSynchronization(&effects)
            case .broadcasting: effects.append(.send(.upToDate, to: sender))
            case .resigning: break  // The end of the stream is all it needs to know.
            case .collectingEpochs, .storingEpoch, .collectingAcknowledgements:
                preconditionFailure("server \(sender) was sent NEWLEADER in phase \(leading.phase)")
            }
        case .active?:
            guard zxid.counter != 0 else { return }  // The answer to UPTODATE.
            leading.learners[sender]?.acknowledged = zxid
            // Most of what all but the fastest learners acknowledge is decided already.
            if zxid > leading.committed { commit(&effects) }
        case .introduced?, .promised?, .waitingForLog?, .synchronizing?:
            drop(sender, for: .inconsistentAcknowledgement, &effects)
        case nil: break
        }
    }

    mutating func onPersistedWhileLeading(_ effects: inout EffectBuffer<PeerEffect>) {
        switch leading.phase {
        case .collectingEpochs, .storingEpoch, .collectingAcknowledgements, .resigning: break
        case .synchronizing: completeSynchronization(&effects)
        case .broadcasting: commit(&effects)
        }
    }

    /// Commits what a quorum has on disk, in order.
    ///
    /// Acknowledgements of one server come in the order of its log, so that its last one stands for all before it, and
    /// nothing can be committed before what was proposed earlier.
    private mutating func commit(_ effects: inout EffectBuffer<PeerEffect>) {
        sendProposalsToOutsiders(&effects)
        while leading.phase == .broadcasting, let next = history.entries(after: leading.committed).first,
            isOnQuorum(next.zxid)
        {
            leading.committed = next.zxid
            if let ensemble = membership.proposed, ensemble.version == next.zxid {
                commit(next, ensemble, &effects)
                continue
            }
            for row in leading.learners.rows where row.value.isForwarding {
                let packet: Packet = row.value.role == .participant ? .commit(next.zxid) : .inform(next)
                effects.append(.send(packet, to: row.id))
            }
            deliver(through: next.zxid, &effects)
        }
        if leading.phase == .broadcasting, leading.committed < history.persisted { askOracle(&effects) }
    }

    /// What waits for a quorum, now that the oracle lets this server do without.
    mutating func decideAlone(_ effects: inout EffectBuffer<PeerEffect>) {
        switch leading.phase {
        case .collectingEpochs: chooseEpoch(&effects)
        case .collectingAcknowledgements: completeDiscovery(&effects)
        case .synchronizing: completeSynchronization(&effects)
        case .broadcasting: commit(&effects)
        case .storingEpoch, .resigning: break
        }
    }

    private func isOnQuorum(_ zxid: Zxid) -> Bool {
        if configuration.mutation == .commitsByNextEnsembleAlone, let proposed = membership.proposed {
            return proposed.isQuorum { has($0, zxid) }
        }
        var isSpared = configuration.mutation == .commitsBelowQuorum
        let holders = holders(of: zxid)
        return membership.isQuorum(for: zxid, alone: hasOraclesWord) { id in
            let has = holders.contains(id)
            defer { if !has { isSpared = false } }
            return has || isSpared
        }
    }

    func has(_ id: ServerID, _ zxid: Zxid) -> Bool { holders(of: zxid).contains(id) }

    private func holders(of zxid: Zxid) -> Holders {
        Holders(me: me, isOwn: history.persisted >= zxid, zxid: zxid, learners: leading.learners)
    }

    /// Who has a transaction on disk, by all that this leader knows. A closure that looked for it in the peer would copy the peer.
    private struct Holders {
        let me: ServerID
        /// Whether this server has it.
        let isOwn: Bool
        let zxid: Zxid
        let learners: ServerTable<Leading.Learner>

        func contains(_ id: ServerID) -> Bool {
            guard id != me else { return isOwn }
            guard let learner = learners[id] else { return false }
            return learner.role == .participant && learner.phase == .active && learner.acknowledged >= zxid
        }
    }

    // MARK: Watching over the quorum

    mutating func onHeartbeatWhileLeading(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        effects.append(.setTimer(.heartbeat, after: timing.heartbeat))
        switch leading.phase {
        case .collectingEpochs, .storingEpoch, .collectingAcknowledgements, .synchronizing:
            if now - leading.began > timing.initTimeout { return giveUp(&effects) }
            askOracle(&effects)
        case .broadcasting:
            dropSilentLearners(now, &effects)
            guard hasQuorum || configuration.mutation == .ignoresQuorumLoss || staysInDoubt(&effects) else {
                return giveUp(&effects)
            }
        case .resigning: return giveUp(&effects)
        }
        guard activity == .leading else { return }
        for row in leading.learners.rows where row.value.isForwarding {
            effects.append(.send(.ping(history.last), to: row.id))
        }
    }

    private mutating func dropSilentLearners(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.mutation != .ignoresQuorumLoss else { return }
        for row in leading.learners.rows {
            let limit = row.value.phase == .active ? timing.syncTimeout : timing.initTimeout
            if now - row.value.heardAt > limit { drop(row.id, &effects) }
        }
    }

    private var hasQuorum: Bool { membership.isQuorum(isSynchronized) }

    /// Whether this server has all that was proposed so far, or will have it soon.
    func isSynchronized(_ id: ServerID) -> Bool {
        guard id != me else { return true }
        guard let learner = leading.learners[id] else { return false }
        return learner.role == .participant && learner.phase == .active
    }

    mutating func onLearnerLost(_ learner: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        leading.learners[learner] = nil
        if leading.phase == .resigning, leading.learners.isEmpty { giveUp(&effects) }
    }

    /// A server that had voted for this one may look for a leader again, and never come: no use in waiting for it until the
    /// ensemble's limit (ZOOKEEPER-3240).
    mutating func onLooking(_ sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard let limit = timing.longestEpochWait, activity == .leading, leading.phase == .collectingEpochs,
            now - leading.began > limit, election.isElected(by: sender)
        else { return }
        giveUp(&effects)
    }
}
