package import StateMachines

/// One server of an ensemble: leader election, discovery, synchronisation and broadcast as one machine.
///
/// A transaction goes propose → log → acknowledge → commit → deliver: nothing is committed that a quorum has not on
/// disk. A new leader first learns from a quorum which epochs were promised and takes the next one (*discovery*), then brings a quorum to
/// its own history (*synchronisation*), and only then serves (*broadcast*). Whoever loses contact begins again with an election.
///
/// - Source: Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems", DSN 2011;
///   Medeiros, "ZooKeeper's atomic broadcast protocol: theory and practice", 2012; the order of writes follows
///   ZOOKEEPER-3911, 4643, 4646 and 4785.
/// - Deviations: a leader's own history is the one that everybody takes over. The paper's leader chooses the best of those
///   that a quorum reports; here the election prefers it, and a leader gives up when a voter reports a better one.
///   A learner is brought there by what it lacks, by cutting its log, or by a copy of the state, not by a whole history.
///   A commit names a transaction by its zxid alone, and each learner has a stream of its own, in order.
///   Beyond the paper: observers, groups and weights of voters, ensembles that change, and a leader that such a change
///   appoints without an election.
package struct ZabPeer: Machine {
    enum Activity: Hashable, Sendable {
        case looking
        case leading
        case learning
    }

    let configuration: ZabConfiguration
    /// Who decides.
    package internal(set) var membership: Membership {
        didSet {
            election.membership = membership
            voterCount = membership.active.voters.count
        }
    }
    /// How many servers vote.
    package private(set) var voterCount: Int
    package private(set) var election: LeaderElection
    package internal(set) var history: History
    /// On disk.
    package internal(set) var epochs: Epochs
    var activity = Activity.looking
    var leading = Leading()
    var learning = Learning()
    /// Of an observer: how many followers it has turned to, all attempts together.
    var triedMasters: UInt64 = 0
    /// Of an observer: how many pauses it has drawn.
    var drawnPauses: UInt64 = 0
    /// The oracle has just said that this server may go on alone; within the step that brings the answer only.
    var hasOraclesWord = false
    /// The first thing that no sound server would have said to this one since it started; `nil` while there was none.
    private var offence: Offence?
    /// As told to the driver last.
    package private(set) var role = PeerRole.looking
    /// As of the last step. Whoever drives a peer asks for this after every input, and must not copy all of the peer for it.
    package private(set) var standing = PeerStanding()

    /// - Parameters:
    ///   - history: of the recovered log.
    ///   - epochs: of the recovered files. A log may be ahead of its epoch by a crash between the two; what it holds of an
    ///     epoch is always a beginning of that epoch's history, so its vote may count as much.
    ///   - ensembles: those that the recovered state and log tell of, oldest first.
    package init(
        _ configuration: ZabConfiguration, history: History = History(), epochs: Epochs = Epochs(),
        ensembles: [Ensemble] = []
    ) {
        self.configuration = configuration
        membership = Membership(configuration.ensemble)
        voterCount = configuration.ensemble.voters.count
        self.history = history
        self.epochs = epochs
        self.epochs.current = max(epochs.current, history.last.epoch)
        self.epochs.accepted = max(epochs.accepted, self.epochs.current)
        election = LeaderElection(configuration, membership)
        for ensemble in ensembles { recover(ensemble) }
        standing.voterCount = voterCount
    }

    package var id: ServerID { configuration.me }
    var me: ServerID { configuration.me }
    /// The one in force.
    package var ensemble: Ensemble { membership.active }
    var timing: ZabTiming { configuration.timing }

    package mutating func step(_ input: PeerInput, at now: Tick, into effects: inout EffectBuffer<PeerEffect>) {
        handle(input, now, &effects)
        standing = PeerStanding(
            role: role, nextZxid: nextZxid, isAcceptingLearners: isAcceptingLearners,
            isHostingObservers: isHostingObservers, master: master, isElecting: isElecting, voterCount: voterCount,
            offence: offence)
    }

    private mutating func handle(_ input: PeerInput, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        switch input {
        case .started: look(&effects)
        case .notified(let notification, let sender): onNotified(notification, from: sender, now, &effects)
        case .connected(let peer): if activity == .learning { onConnected(to: peer, now, &effects) }
        case .disconnected(let peer): onDisconnected(peer, &effects)
        case .received(let packet, let sender): onReceived(packet, from: sender, now, &effects)
        case .heard(let peer): onHeard(peer, now)
        case .proposed(let payload, let ensemble): onProposed(payload, ensemble, &effects)
        case .persisted(let zxid): onPersisted(through: zxid, &effects)
        case .epochStored(let stored): onEpochStored(stored, &effects)
        case .truncated(let zxid, let window, let base): onTruncated(to: zxid, window, base, now, &effects)
        case .snapshotInstalled(let zxid, let ensemble):
            onSnapshotInstalled(through: zxid, ensemble, now, &effects)
        case .truncationImpossible: onTruncationImpossible(&effects)
        case .snapshotAborted: onSnapshotAborted(&effects)
        case .logRead(let entries, let learner): onLogRead(entries, for: learner, &effects)
        case .timerFired(let timer): onTimer(timer, now, &effects)
        case .resigned: if activity == .leading { giveUp(&effects) }
        case .oracleAnswered(let mayGoOn): onOracleAnswered(mayGoOn: mayGoOn, now, &effects)
        }
    }

    /// Whether learners find this server at home; before it knows that it leads, they must try again.
    package var isAcceptingLearners: Bool { activity == .leading && leading.phase != .resigning }

    // MARK: Routing

    private mutating func onNotified(
        _ notification: Notification, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        if let ensemble = notification.ensemble { onEnsembleHeard(ensemble, &effects) }
        if let leader = election.onNotified(notification, from: sender, &effects) {
            follow(leader, now, &effects)
        } else if notification.state == .looking {
            onLooking(sender, now, &effects)
        }
    }

    private mutating func onDisconnected(_ peer: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        switch activity {
        case .looking: break
        case .leading: onLearnerLost(peer, &effects)
        case .learning:
            if learning.guests[peer] != nil { return learning.guests[peer] = nil }
            onDisconnectedFromLeader(peer, &effects)
        }
    }

    private mutating func onReceived(
        _ packet: Packet, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        switch activity {
        case .looking: effects.append(.disconnect(sender))
        case .leading: onPacketOfLearner(packet, from: sender, now, &effects)
        case .learning:
            if sender != learning.master, isHostingObservers {
                return onPacketOfGuest(packet, from: sender, now, &effects)
            }
            onPacketOfLeader(packet, from: sender, now, &effects)
        }
    }

    private mutating func onHeard(_ peer: ServerID, _ now: Tick) {
        switch activity {
        case .looking: break
        case .leading: leading.learners[peer]?.heardAt = now
        case .learning:
            if peer == learning.master { learning.heardAt = now }
            learning.guests[peer]?.heardAt = now
        }
    }

    private mutating func onPersisted(through zxid: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        history.persist(through: zxid)
        switch activity {
        case .looking: break
        case .leading: onPersistedWhileLeading(&effects)
        case .learning: onPersistedWhileLearning(&effects)
        }
    }

    private mutating func onEpochStored(_ stored: StoredEpoch, _ effects: inout EffectBuffer<PeerEffect>) {
        switch stored {
        case .accepted(let epoch): epochs.accepted = max(epochs.accepted, epoch)
        case .current(let epoch): epochs.current = max(epochs.current, epoch)
        }
        switch activity {
        case .looking: break  // An older attempt's; the promise holds all the same.
        case .leading: onEpochStoredWhileLeading(&effects)
        case .learning: onEpochStoredWhileLearning(&effects)
        }
    }

    private mutating func onOracleAnswered(mayGoOn: Bool, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        switch activity {
        case .looking:
            if let leader = election.onOracleAnswered(mayGoOn: mayGoOn, &effects) { follow(leader, now, &effects) }
        case .leading: onOracleAnsweredWhileLeading(mayGoOn: mayGoOn, &effects)
        case .learning: break  // Its leader asks an oracle of its own.
        }
    }

    private mutating func onTimer(_ timer: PeerTimer, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        switch timer {
        case .resendVotes: election.onResendTimer(&effects)
        case .finalizeElection:
            if let leader = election.onFinalizeTimer(&effects) { follow(leader, now, &effects) }
        case .heartbeat:
            switch activity {
            case .looking: break
            case .leading: onHeartbeatWhileLeading(now, &effects)
            case .learning: onHeartbeatWhileLearning(now, &effects)
            }
        case .reconnect:
            switch activity {
            case .learning: onReconnectTimer(now, &effects)
            case .looking: if election.phase == .idle { look(&effects) }
            case .leading: break
            }
        case .connectionDeadline: if activity == .learning { onConnectionDeadline(&effects) }
        }
    }

    // MARK: Changing roles

    /// Whom this server would vote for by what it has.
    private var initialVote: (zxid: Zxid, epoch: Epoch) {
        let epoch = configuration.mutation == .votesWithAcceptedEpoch ? epochs.accepted : epochs.current
        guard configuration.mutation == .votesWithBareEpoch else { return (history.last, epoch) }
        return (max(history.last, Zxid(epoch: epochs.accepted, counter: 0)), epoch)
    }

    mutating func look(_ effects: inout EffectBuffer<PeerEffect>) {
        activity = .looking
        if configuration.mutation == .forgetsReconfiguration { membership.forgetProposed() }
        let (zxid, epoch) = initialVote
        election.look(zxid: zxid, epoch: epoch, &effects)
    }

    /// The election has named a leader: take part in its epoch.
    private mutating func follow(_ leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        if leader == me {
            activity = .leading
            beginLeading(now, &effects)
        } else {
            activity = .learning
            beginLearning(from: leader, now, &effects)
        }
    }

    /// Gives up the present leader, or leading, and looks for the next one; not before the disk is ready.
    mutating func giveUp(for offence: Offence? = nil, _ effects: inout EffectBuffer<PeerEffect>) {
        if let offence { remember(offence) }
        let isObserver = activity == .learning && learning.role == .observer
        guard leave(&effects) else { return }
        if isObserver { rest(&effects) } else { look(&effects) }
    }

    /// An observer that has lost its leader lets the voters elect the next one in peace.
    private mutating func rest(_ effects: inout EffectBuffer<PeerEffect>) {
        let pause = drawPause(below: timing.observerElectionDelay)
        guard pause > .zero else { return look(&effects) }
        activity = .looking
        election.rest()
        effects.append(.setTimer(.reconnect, after: pause))
    }

    /// Shorter than `limit`, and another one each time and on each server; zero where that is zero.
    mutating func drawPause(below limit: Tick) -> Tick {
        guard limit > .zero else { return .zero }
        drawnPauses &+= 1
        var random = SplitMix64(seed: configuration.seed &+ drawnPauses)
        return Tick(microseconds: random.uniform(in: 0...limit.microseconds - 1))
    }

    mutating func remember(_ offence: Offence) { if self.offence == nil { self.offence = offence } }

    /// - Returns: false where there is nothing to leave, or the disk must be ready first.
    private mutating func leave(_ effects: inout EffectBuffer<PeerEffect>) -> Bool {
        effects.append(.cancelTimer(.heartbeat))
        effects.append(.cancelTimer(.reconnect))
        if timing.connectionLimit > 0 { effects.append(.cancelTimer(.connectionDeadline)) }
        switch activity {
        case .looking: return false
        case .leading: for row in leading.learners.rows { effects.append(.disconnect(row.id)) }
        case .learning:
            for row in learning.guests.rows { effects.append(.disconnect(row.id)) }
            if learning.phase != .abandoned { effects.append(.disconnect(learning.master)) }
            if learning.phase == .replacing {
                learning.phase = .abandoned
                return false
            }
        }
        leading = Leading()
        learning = Learning()
        if configuration.mutation == .forgetsUndeliveredInMemory { history.forget(after: history.delivered) }
        change(to: .looking, &effects)
        return true
    }

    /// Goes on, by itself or under another, with the leader that a reconfiguration names. No election: everybody has been told
    /// the same one, and whoever finds it impossible looks for another.
    mutating func goOn(under leader: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        guard leave(&effects) else { return }
        election.appoint(Vote(leader: leader, zxid: history.last, epoch: epochs.current))
        follow(leader, now, &effects)
        if activity == .leading { leading.isAppointed = true }
    }

    mutating func change(to role: PeerRole, _ effects: inout EffectBuffer<PeerEffect>) {
        guard role != self.role else { return }
        self.role = role
        effects.append(.changeRole(role))
    }

    /// The history of this epoch is on disk: now the epoch may be, too.
    mutating func storeEpochOfHistory(_ epoch: Epoch, _ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.mutation != .omitsStoringEpoch else { return onEpochStored(.current(epoch), &effects) }
        effects.append(.storeEpoch(.current(epoch)))
    }

    /// From here on newcomers are told the epoch that is established.
    mutating func establish(_ role: PeerRole, epoch: Epoch, _ effects: inout EffectBuffer<PeerEffect>) {
        election.updateVote(epoch: epoch)
        change(to: role, &effects)
    }

    /// Who learns from this server, as a leader or in the leader's stead.
    var learners: ServerTable<Leading.Learner> {
        get { activity == .learning ? learning.guests : leading.learners }
        set { if activity == .learning { learning.guests = newValue } else { leading.learners = newValue } }
    }

    /// What they may know to be committed.
    var committed: Zxid { activity == .learning ? learning.committed : leading.committed }

    /// Hands everything through `limit` to the state machine above.
    mutating func deliver(through limit: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        while let entry = history.deliverNext(through: limit) { effects.append(.deliver(entry)) }
        history.trim(to: configuration.windowLimit)
    }

    /// Puts everything through `limit` into the state above before it is decided, as a restart does.
    mutating func anticipate(through limit: Zxid, _ effects: inout EffectBuffer<PeerEffect>) {
        while let entry = history.deliverNext(through: limit) { effects.append(.anticipate(entry)) }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(membership)
        encoder.encode(election)
        encoder.encode(history)
        encoder.encode(epochs)
        encoder.encode(tag: activity == .looking ? 0 : activity == .leading ? 1 : 2)
        encoder.encode(leading)
        encoder.encode(learning)
        encoder.encode(triedMasters)
        encoder.encode(offence)
        encoder.encode(role)
        // What follows can only differ where these are configured.
        if configuration.hasOracle { encoder.encode(leading.isInDoubt) }
        guard timing.observerConnectionDelay > .zero || timing.observerElectionDelay > .zero else { return }
        encoder.encode(drawnPauses)
        encoder.encode(learning.isPausing)
    }
}
