import StateMachines

/// What a follower or observer, or a server that tries to become one, knows.
struct Learning: Hashable, Sendable, CanonicalEncodable {
    enum Phase: Hashable, Sendable {
        /// → `introduced` when the stream is open.
        case connecting
        /// → `storingAcceptedEpoch`, or `promised` when it had accepted this epoch before, on LEADERINFO.
        case introduced
        /// → `promised` when the promise is on disk.
        case storingAcceptedEpoch
        /// → `replacing` on TRUNC and SNAP; → `collecting` on DIFF.
        case promised
        /// The disk is cut or replaced; what arrives waits. → `collecting`; → `abandoned` when the leader is lost.
        case replacing
        /// The leader is lost, and the disk not ready yet. → looking.
        case abandoned
        /// → `persistingHistory` on NEWLEADER.
        case collecting
        /// → `storingCurrentEpoch` when the history is on disk.
        case persistingHistory
        /// → `acknowledged` when the epoch is on disk too.
        case storingCurrentEpoch
        /// NEWLEADER is acknowledged. → `broadcasting` on UPTODATE.
        case acknowledged
        /// → looking when the leader falls silent.
        case broadcasting
    }

    var phase = Phase.connecting
    var leader = ServerID(0)
    /// Whom this server hears it from: the leader itself, but for an observer with a follower as its master.
    var master = ServerID(0)
    /// Of a follower that hosts observers: those that learn from it.
    var guests = ServerTable<Leading.Learner>()
    /// As what this server has introduced itself.
    var role = Ensemble.Role.participant
    var epoch: Epoch = 0
    /// What came with NEWLEADER.
    var ensemble: Ensemble?
    /// Everything through here is known to be committed.
    var committed = Zxid.zero
    /// Everything through here needs no acknowledgement of its own any more.
    var acknowledged = Zxid.zero
    /// The last entry before NEWLEADER.
    var historyEnd = Zxid.zero
    /// What arrived while the disk was being cut or replaced, oldest first.
    var waiting = Queue<Packet>()
    var heardAt = Tick.zero
    var attempts = 0
    /// The leader of this epoch wanted this log cut where it could not be.
    var mustBeCopied = false
    /// Of an observer: it waits, for a time of its own, before it turns to its leader.
    var isPausing = false

    func encode(into encoder: inout CanonicalEncoder) {
        switch phase {
        case .connecting: encoder.encode(tag: 0)
        case .introduced: encoder.encode(tag: 1)
        case .storingAcceptedEpoch: encoder.encode(tag: 2)
        case .promised: encoder.encode(tag: 3)
        case .replacing: encoder.encode(tag: 4)
        case .collecting: encoder.encode(tag: 5)
        case .persistingHistory: encoder.encode(tag: 6)
        case .storingCurrentEpoch: encoder.encode(tag: 7)
        case .acknowledged: encoder.encode(tag: 8)
        case .broadcasting: encoder.encode(tag: 9)
        case .abandoned: encoder.encode(tag: 10)
        }
        encoder.encode(leader)
        encoder.encode(master)
        encoder.encode(guests)
        encoder.encode(role)
        encoder.encode(epoch)
        encoder.encode(ensemble)
        encoder.encode(committed)
        encoder.encode(acknowledged)
        encoder.encode(historyEnd)
        encoder.encode(waiting)
        encoder.encode(heardAt)
        encoder.encode(attempts)
        encoder.encode(mustBeCopied)
    }
}

// MARK: - Reaching the leader

extension ZabPeer {
    mutating func beginLearning(
        from leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        learning = Learning()
        learning.leader = leader
        learning.role = membership.role(of: me)
        learning.heardAt = now
        effects.append(.setTimer(.heartbeat, after: timing.tick))
        let pause = drawConnectionPause()
        if pause > .zero { effects.append(.setTimer(.reconnect, after: pause)) } else { connect(&effects) }
    }

    private mutating func connect(_ effects: inout EffectBuffer<PeerEffect>) {
        if learning.attempts == 0, timing.connectionLimit > 0 {
            effects.append(.setTimer(.connectionDeadline, after: timing.tick * timing.connectionLimit))
        }
        learning.attempts += 1
        learning.master = nextMaster()
        effects.append(.connect(to: learning.master, asGuest: learning.master != learning.leader))
    }

    mutating func onConnected(to peer: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard peer == learning.master, learning.phase == .connecting else { return }
        learning.phase = .introduced
        learning.heardAt = now
        if timing.connectionLimit > 0 { effects.append(.cancelTimer(.connectionDeadline)) }
        send(.followerInfo(learning.role, accepted: epochs.accepted), &effects)
    }

    /// A leader may take a moment to know that it is one; later on a broken stream means a new election.
    mutating func onDisconnectedFromLeader(_ peer: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        guard peer == learning.master, learning.phase != .abandoned else { return }
        guard learning.phase == .connecting || learning.phase == .introduced,
            learning.attempts < timing.connectionAttempts
        else { return giveUp(&effects) }
        learning.phase = .connecting
        effects.append(.setTimer(.reconnect, after: timing.connectionPause + drawConnectionPause()))
    }

    mutating func onReconnectTimer(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .connecting else { return }
        if learning.isPausing {
            learning.isPausing = false
            learning.heardAt = now
        }
        connect(&effects)
    }

    /// Pauses count too, but for those that an observer makes.
    mutating func onConnectionDeadline(_ effects: inout EffectBuffer<PeerEffect>) {
        if learning.phase == .connecting, !learning.isPausing { giveUp(&effects) }
    }

    /// Before an observer turns to its leader; or, where followers serve observers, before it begins with the first of them again.
    private mutating func drawConnectionPause() -> Tick {
        guard learning.role == .observer else { return .zero }
        let isNewTurn =
            hosts.isEmpty ? learning.attempts == 0 : triedMasters > 0 && triedMasters % UInt64(hosts.count) == 0
        let pause = isNewTurn ? drawPause(below: timing.observerConnectionDelay) : .zero
        learning.isPausing = pause > .zero
        return pause
    }

    mutating func onHeartbeatWhileLearning(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        let limit = learning.phase == .broadcasting ? timing.syncTimeout : timing.initTimeout
        guard learning.isPausing || now - learning.heardAt <= limit else { return giveUp(&effects) }
        effects.append(.setTimer(.heartbeat, after: isHostingObservers ? timing.heartbeat : timing.tick))
        watchGuests(now, &effects)
    }

    private func send(_ packet: Packet, _ effects: inout EffectBuffer<PeerEffect>) {
        effects.append(.send(packet, to: learning.master))
    }
}

// MARK: - Discovery and synchronisation

extension ZabPeer {
    mutating func onPacketOfLeader(
        _ packet: Packet, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard sender == learning.master, learning.phase != .abandoned else {
            return effects.append(.disconnect(sender))
        }
        learning.heardAt = now
        if learning.phase == .replacing { return learning.waiting.append(packet) }
        switch packet {
        case .leaderInfo(let epoch): onLeaderInfo(epoch, &effects)
        case .diff: onDiff(&effects)
        case .truncate(let zxid): onTruncate(to: zxid, &effects)
        case .snapshot(let zxid): onSnapshot(through: zxid, &effects)
        case .proposal(let entry): onProposal(entry, &effects)
        case .commit(let zxid): onCommit(zxid, &effects)
        case .inform(let entry): onInform(entry, &effects)
        case .commitAndActivate(let zxid, let leader): onCommitAndActivate(zxid, leader, now, &effects)
        case .informAndActivate(let entry, let leader): onInformAndActivate(entry, leader, now, &effects)
        case .newLeader(let epoch, let ensemble): onNewLeader(epoch, ensemble, &effects)
        case .upToDate: onUpToDate(now, &effects)
        case .ping(let zxid): send(.ping(zxid), &effects)
        case .followerInfo, .acknowledgeEpoch, .acknowledge: giveUp(for: .illegalMessage, &effects)  // Learners do.
        }
    }

    private mutating func onLeaderInfo(_ epoch: Epoch, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .introduced else { return giveUp(for: .illegalMessage, &effects) }
        guard epoch >= epochs.accepted else { return giveUp(&effects) }
        // A leader of another epoch has to know what this server has before it may ask a copy of it.
        if epoch != learning.epoch { learning.mustBeCopied = false }
        learning.epoch = epoch
        if epoch == epochs.accepted {
            promise(current: nil, &effects)
        } else {
            learning.phase = .storingAcceptedEpoch
            effects.append(.storeEpoch(.accepted(epoch)))
        }
    }

    private mutating func promise(current: Epoch?, _ effects: inout EffectBuffer<PeerEffect>) {
        learning.phase = .promised
        send(.acknowledgeEpoch(last: learning.mustBeCopied ? nil : history.last, current: current), &effects)
    }

    mutating func onEpochStoredWhileLearning(_ effects: inout EffectBuffer<PeerEffect>) {
        switch learning.phase {
        case .storingAcceptedEpoch:
            if epochs.accepted == learning.epoch { promise(current: epochs.current, &effects) }
        case .storingCurrentEpoch: acknowledgeNewLeader(&effects)
        case .connecting, .introduced, .promised, .replacing, .abandoned, .collecting, .persistingHistory,
            .acknowledged, .broadcasting:
            break  // An older attempt's.
        }
    }

    /// This log ends with an entry of the leader's: all of it is committed.
    private mutating func onDiff(_ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .promised, !learning.mustBeCopied else {
            return giveUp(for: .illegalMessage, &effects)
        }
        learning.committed = history.last
        learning.phase = .collecting
    }

    private mutating func onTruncate(to zxid: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .promised, !learning.mustBeCopied else {
            return giveUp(for: .illegalMessage, &effects)
        }
        learning.phase = .replacing
        effects.append(.truncateLog(to: zxid))
    }

    mutating func onTruncated(
        to zxid: Zxid, _ window: [LogEntry], _ base: Zxid, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        history = History(recovered: window, after: base)
        if let proposed = membership.proposed, proposed.version > zxid { expect(nil, &effects) }
        resume(now, &effects)
    }

    /// A predecessor of the leader had sent a state with transactions that came to nothing (ZOOKEEPER-1549). This server comes again,
    /// and asks for the leader's: until that has arrived, nothing may be taken away of what was acknowledged.
    mutating func onTruncationImpossible(_ effects: inout EffectBuffer<PeerEffect>) {
        guard activity == .learning else { return }
        if learning.phase == .abandoned { return giveUp(&effects) }
        guard learning.phase == .replacing else { return }
        learning.mustBeCopied = true
        learning.waiting = Queue()
        learning.attempts = 0
        learning.phase = .connecting
        effects.append(.disconnect(learning.master))
        connect(&effects)
    }

    private mutating func onSnapshot(through zxid: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .promised else { return giveUp(for: .illegalMessage, &effects) }
        learning.phase = .replacing
        effects.append(.installSnapshot(through: zxid, from: learning.master))
    }

    mutating func onSnapshotInstalled(
        through zxid: Zxid, _ ensemble: Ensemble?, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        history = History(after: zxid)
        learning.mustBeCopied = false
        expect(ensemble, &effects)
        resume(now, &effects)
    }

    mutating func onSnapshotAborted(_ effects: inout EffectBuffer<PeerEffect>) {
        guard activity == .learning else { return }
        switch learning.phase {
        case .replacing, .abandoned:
            learning.phase = .abandoned
            giveUp(&effects)
        case .connecting, .introduced, .storingAcceptedEpoch, .promised, .collecting, .persistingHistory,
            .storingCurrentEpoch, .acknowledged, .broadcasting:
            break  // There was none.
        }
    }

    /// The disk is as the leader wanted it. Everything that waited for it follows.
    private mutating func resume(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard activity == .learning else { return }
        if learning.phase == .abandoned { return giveUp(&effects) }
        guard learning.phase == .replacing else { return }
        learning.committed = history.last
        learning.phase = .collecting
        while learning.phase != .connecting, let packet = learning.waiting.popFirst() {
            onPacketOfLeader(packet, from: learning.master, now, &effects)
        }
    }

    private mutating func onNewLeader(
        _ epoch: Epoch, _ ensemble: Ensemble?, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard learning.phase == .collecting || configuration.mutation == .sendsNewLeaderFirst,
            epoch == learning.epoch
        else { return giveUp(for: .illegalMessage, &effects) }
        learning.acknowledged = learning.committed
        learning.historyEnd = history.last
        learning.ensemble = ensemble
        if let ensemble { onLeadersEnsemble(ensemble, &effects) }
        learning.phase = .persistingHistory
        storeCurrentEpoch(&effects)
    }

    private var hasPersistedHistory: Bool { history.persisted >= learning.historyEnd }

    /// The history first, the epoch after it: a server that says it has the history of an epoch must have it.
    private mutating func storeCurrentEpoch(_ effects: inout EffectBuffer<PeerEffect>) {
        let isEarly =
            configuration.mutation == .storesEpochBeforeHistory
            || configuration.mutation == .acknowledgesNewLeaderBeforePersisting
        guard hasPersistedHistory || isEarly else { return }
        learning.phase = .storingCurrentEpoch
        storeEpochOfHistory(learning.epoch, &effects)
    }

    private mutating func acknowledgeNewLeader(_ effects: inout EffectBuffer<PeerEffect>) {
        guard epochs.current == learning.epoch else { return }
        guard hasPersistedHistory || configuration.mutation == .acknowledgesNewLeaderBeforePersisting else { return }
        learning.phase = .acknowledged
        send(.acknowledge(Zxid(epoch: learning.epoch, counter: 0)), &effects)
        acknowledge(through: history.persisted, &effects)
    }

    private mutating func onUpToDate(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.phase == .acknowledged else { return giveUp(for: .illegalMessage, &effects) }
        learning.phase = .broadcasting
        send(.acknowledge(Zxid(epoch: learning.epoch, counter: 0)), &effects)
        let hasLeft = activateLeadersEnsemble(now, &effects)
        guard !hasLeft else { return }
        deliver(through: learning.committed, &effects)
        let role: PeerRole =
            learning.role == .participant
            ? .following(learning.leader, learning.epoch) : .observing(learning.leader, learning.epoch)
        establish(role, epoch: learning.epoch, &effects)
    }
}

// MARK: - Broadcast

extension ZabPeer {
    mutating func onProposal(_ entry: LogEntry, _ effects: inout EffectBuffer<PeerEffect>) {
        guard isTakingEntries else { return giveUp(for: .illegalMessage, &effects) }
        guard entry.zxid > history.last else { return }  // Sent twice around the moment of joining.
        guard history.isNext(entry.zxid) || toleratesGaps else {
            return giveUp(for: .inconsistentProposal, &effects)
        }
        if let ensemble = entry.ensemble { expect(ensemble, &effects) }
        history.append(entry)
        if configuration.mutation == .omitsLoggingDiff, learning.phase == .collecting {
            return history.persist(through: entry.zxid)
        }
        effects.append(.append(entry))
        guard configuration.mutation == .acknowledgesBeforePersisting else { return }
        if learning.phase == .acknowledged || learning.phase == .broadcasting {
            acknowledge(through: entry.zxid, &effects)
        }
    }

    private var toleratesGaps: Bool { configuration.mutation == .forgetsProposalsUnderWay }

    var isTakingEntries: Bool {
        switch learning.phase {
        case .collecting, .persistingHistory, .storingCurrentEpoch, .acknowledged, .broadcasting: true
        case .connecting, .introduced, .storingAcceptedEpoch, .promised, .replacing, .abandoned: false
        }
    }

    /// Commits come in the order of the proposals. Until the leader says that a quorum is with it, they are only noted.
    /// - Parameter leader: who goes on from there, where the commit names one.
    mutating func onCommit(
        _ zxid: Zxid, activating leader: ServerID? = nil, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard isTakingEntries else { return giveUp(for: .illegalMessage, &effects) }
        guard zxid > learning.committed else { return }
        let next = history.entries(after: learning.committed).first
        guard next?.zxid == zxid && !hasForgotten(zxid) || toleratesGaps else {
            return giveUp(for: .inconsistentCommit, &effects)
        }
        learning.committed = zxid
        if let next { informGuests(of: next, leader: leader, &effects) }
        if learning.phase == .broadcasting { deliver(through: zxid, &effects) }
    }

    /// Of a learner that takes what it was sent before NEWLEADER for settled, and looks for it nowhere any more.
    private func hasForgotten(_ zxid: Zxid) -> Bool {
        guard configuration.mutation == .forgetsProposalsAtNewLeader, zxid <= learning.historyEnd else { return false }
        return [.persistingHistory, .storingCurrentEpoch, .acknowledged].contains(learning.phase)
    }

    private mutating func onInform(_ entry: LogEntry, _ effects: inout EffectBuffer<PeerEffect>) {
        onProposal(entry, &effects)
        guard activity == .learning, isTakingEntries else { return }
        onCommit(entry.zxid, &effects)
    }

    mutating func onPersistedWhileLearning(_ effects: inout EffectBuffer<PeerEffect>) {
        switch learning.phase {
        case .persistingHistory:
            acknowledgeTooEarly(&effects)
            storeCurrentEpoch(&effects)
        case .storingCurrentEpoch:
            acknowledgeTooEarly(&effects)
            acknowledgeNewLeader(&effects)
        case .acknowledged, .broadcasting: acknowledge(through: history.persisted, &effects)
        case .connecting, .introduced, .storingAcceptedEpoch, .promised, .replacing, .abandoned, .collecting:
            break  // The history is acknowledged as a whole, with NEWLEADER.
        }
    }

    /// The log's thread does not wait for the one that acknowledges NEWLEADER.
    private mutating func acknowledgeTooEarly(_ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.mutation == .acknowledgesProposalsBeforeNewLeader else { return }
        acknowledge(through: history.persisted, &effects)
    }

    /// Acknowledges every proposal of the broadcast that is on disk, one by one, as ZooKeeper's leaders count them.
    private mutating func acknowledge(through zxid: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        guard learning.role == .participant, zxid > learning.acknowledged else { return }
        for entry in history.entries(after: learning.acknowledged) where entry.zxid <= zxid {
            send(.acknowledge(entry.zxid), &effects)
        }
        learning.acknowledged = zxid
    }
}
