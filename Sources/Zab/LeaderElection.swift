package import StateMachines

/// Fast leader election: servers exchange votes until a quorum wants the same leader.
///
/// Only a hint: discovery and synchronisation check whom it chose. Each election is a *round*; a server that meets a
/// higher one joins it with its own vote, and answers a lower one. Whoever has settled tells newcomers its vote, so that
/// a late joiner finds the leader that is there.
///
/// - Source: Medeiros, "ZooKeeper's atomic broadcast protocol: theory and practice", Aalto 2012, section 4.1.
/// - Deviations: votes compare by epoch, then zxid, then server; the source compares zxids, which hold an epoch too, but
///   that of the last entry and not of the last history taken over. A server that looks waits for a better vote by a timer,
///   and tells its vote again at growing intervals, instead of polling a queue. An established leader is found by leader
///   and epoch, whatever the round in which it was elected. Observers learn the result and have no vote; quorums are those
///   of the ensemble in force, and of the next one while it changes.
package struct LeaderElection: Hashable, Sendable, CanonicalEncodable {
    package enum Phase: Hashable, Sendable, CanonicalEncodable {
        /// Before the first election, or while the data of this server cannot be trusted.
        case idle
        /// → `finalizing` when a quorum agrees; → `settled` when a leader that exists already is found.
        case looking
        /// A quorum agrees. → `settled` when the wait is over; → `looking` on a better vote.
        case finalizing
        /// → `looking` when the leader is lost.
        case settled(PeerState)

        package func encode(into encoder: inout CanonicalEncoder) {
            switch self {
            case .idle: encoder.encode(tag: 0)
            case .looking: encoder.encode(tag: 1)
            case .finalizing: encoder.encode(tag: 2)
            case .settled(let state):
                encoder.encode(tag: 3)
                encoder.encode(state)
            }
        }
    }

    private let configuration: ZabConfiguration
    var membership: Membership
    package private(set) var phase = Phase.idle
    package private(set) var round: UInt64 = 0
    /// Whom this server wants now; once settled, whom it follows. `nil` only in an observer.
    package private(set) var vote: Vote?
    /// What it votes for without having heard of anybody.
    private var ownVote: Vote?
    /// What voters said in this round, by sender.
    private var ballots = ServerTable<Notification>()
    /// What those said who are not looking any more, whatever their round.
    private var settledPeers = ServerTable<Notification>()
    private var resendInterval = Tick.zero
    /// The oracle lets this server lead a pair without the other; for as long as it votes for itself.
    private var mayLeadAlone = false

    init(_ configuration: ZabConfiguration, _ membership: Membership) {
        self.configuration = configuration
        self.membership = membership
    }

    private var me: ServerID { configuration.me }
    /// Whether it may lead. Who will vote in the next ensemble only, does not yet.
    private var isVoter: Bool { membership.active.isVoter(me) }

    /// Begins a new round.
    mutating func look(zxid: Zxid, epoch: Epoch, _ effects: inout EffectBuffer<PeerEffect>) {
        phase = .looking
        round += 1
        ownVote = isVoter ? Vote(leader: me, zxid: zxid, epoch: epoch) : nil
        vote = ownVote
        ballots.removeAll()
        settledPeers.removeAll()
        mayLeadAlone = false
        resendInterval = configuration.timing.leastResendInterval
        announce(&effects)
        effects.append(.setTimer(.resendVotes, after: resendInterval))
        reconsider(hasNewVote: true, &effects)
        askOracle(&effects)
    }

    /// Takes no part for a while: until the next `look`.
    mutating func rest() { phase = .idle }

    /// Whether this server, settled as the leader, was elected by that one too.
    func isElected(by voter: ServerID) -> Bool { ballots[voter]?.vote?.leader == me }

    /// The leader is established: newcomers must hear of its epoch.
    mutating func updateVote(epoch: Epoch) { vote?.epoch = epoch }

    /// - Returns: the leader, when this notification settled the election.
    mutating func onNotified(
        _ notification: Notification, from sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) -> ServerID? {
        guard membership.isVoter(sender) else {
            if notification.state == .looking { answerNonVoter(in: notification.round, sender, &effects) }
            return nil
        }
        switch phase {
        case .idle: return nil
        case .settled:
            if notification.state == .looking { tell(sender, &effects) }
            return nil
        case .looking, .finalizing: break
        }
        if let theirs = notification.vote, !membership.isVoter(theirs.leader) { return nil }
        switch (notification.state, notification.vote) {
        case (.looking, let theirs):
            onBallot(notification, theirs, from: sender, &effects)
            return nil
        case (.following, let theirs?), (.leading, let theirs?):
            return onSettledPeer(notification, theirs, from: sender, &effects)
        case (.following, nil), (.leading, nil), (.observing, _): return nil
        }
    }

    /// - Parameter theirs: `nil` from who will vote in the next ensemble only and has heard of nobody: its round counts.
    private mutating func onBallot(
        _ notification: Notification, _ theirs: Vote?, from sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        guard notification.round >= round else {
            // Who does not vote has nothing to say that would help.
            if isVoter { tell(sender, &effects) }
            return
        }
        let (oldRound, oldVote) = (round, vote)
        if notification.round > round {
            round = notification.round
            ballots.removeAll()
            vote = theirs.map { isBetter($0, than: ownVote) } == true ? theirs : ownVote
            announce(&effects)
        } else if let theirs, isBetter(theirs, than: vote) {
            vote = theirs
            announce(&effects)
        }
        ballots[sender] = notification
        let hasNewVote = vote != oldVote || round != oldRound
        if hasNewVote { mayLeadAlone = false }
        reconsider(hasNewVote: hasNewVote, &effects)
    }

    /// Whoever does not vote wants to know whom the others follow. In an older round than its own it would not believe that
    /// of somebody who still looks, but answer at once, and again, for as long as the election takes.
    private func answerNonVoter(
        in theirRound: UInt64, _ sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        switch phase {
        case .idle: break
        case .looking, .finalizing: if theirRound <= round { tell(sender, &effects) }
        case .settled: tell(sender, &effects)
        }
    }

    /// A quorum begins the wait for a better vote; votes that change nothing do not begin it anew.
    private mutating func reconsider(hasNewVote: Bool, _ effects: inout EffectBuffer<PeerEffect>) {
        if isAgreed {
            guard hasNewVote || phase == .looking else { return }
            phase = .finalizing
            effects.append(.setTimer(.finalizeElection, after: configuration.timing.finalizeWait))
        } else if phase == .finalizing {
            phase = .looking
            effects.append(.cancelTimer(.finalizeElection))
        }
    }

    private var isAgreed: Bool {
        guard let vote else { return false }
        return membership.isQuorum(alone: mayLeadAlone) { $0 == me || ballots[$0]?.vote == vote }
    }

    /// Somebody has a leader already. It is joined when a quorum follows it and it says itself that it leads: in this
    /// round, or in one that this server missed.
    private mutating func onSettledPeer(
        _ notification: Notification, _ theirs: Vote, from sender: ServerID, _ effects: inout EffectBuffer<PeerEffect>
    ) -> ServerID? {
        if notification.round == round {
            ballots[sender] = notification
            let agrees = membership.isQuorumOfEither { $0 == me ? vote == theirs : ballots[$0]?.vote == theirs }
            if agrees, leads(theirs.leader, in: notification.round, ballots) {
                vote = theirs
                return settle(&effects)
            }
        }
        settledPeers[sender] = notification
        let agrees = membership.isQuorumOfEither { id in
            guard let other = settledPeers[id]?.vote else { return false }
            if configuration.mutation == .comparesSettledVotesWhole {
                return settledPeers[id]?.round == round && other == theirs
            }
            return other.leader == theirs.leader && other.epoch == theirs.epoch
        }
        guard agrees, leads(theirs.leader, in: notification.round, settledPeers) else {
            if notification.state == .leading { askOracle(&effects) }
            return nil
        }
        return join(theirs, in: notification.round, &effects)
    }

    private mutating func join(
        _ theirs: Vote, in leadersRound: UInt64, _ effects: inout EffectBuffer<PeerEffect>
    ) -> ServerID? {
        round = leadersRound
        vote = theirs
        return settle(&effects)
    }

    private func leads(_ leader: ServerID, in leadersRound: UInt64, _ said: ServerTable<Notification>) -> Bool {
        leader == me ? leadersRound == round : said[leader]?.state == .leading
    }

    /// - Returns: the leader, when the wait for a better vote is over.
    mutating func onFinalizeTimer(_ effects: inout EffectBuffer<PeerEffect>) -> ServerID? {
        switch phase {
        case .finalizing: settle(&effects)
        case .idle, .looking, .settled: nil
        }
    }

    /// Votes are lost with connections, so they are told again, less and less often.
    mutating func onResendTimer(_ effects: inout EffectBuffer<PeerEffect>) {
        switch phase {
        case .looking, .finalizing:
            announce(&effects)
            askOracle(&effects)
            resendInterval = min(resendInterval * 2, configuration.timing.longestResendInterval)
            effects.append(.setTimer(.resendVotes, after: resendInterval))
        case .idle, .settled: break
        }
    }

    // MARK: The oracle of a pair

    /// Asks whether this server may lead alone, or whom else to follow.
    private func askOracle(_ effects: inout EffectBuffer<PeerEffect>) {
        guard configuration.hasOracle, phase == .looking, membership.hasPair, vote?.leader == me || lonelyLeader != nil
        else { return }
        effects.append(.askOracle)
    }

    /// Somebody who says that he leads, although no quorum is known to follow.
    private var lonelyLeader: Notification? {
        settledPeers.rows.first { $0.value.state == .leading && $0.value.vote?.leader == $0.id }?.value
    }

    /// The oracle lets one voter of a pair go on at most: whoever may not, follows the other one if that leads already.
    ///
    /// - Returns: the leader, when this settled the election.
    mutating func onOracleAnswered(mayGoOn: Bool, _ effects: inout EffectBuffer<PeerEffect>) -> ServerID? {
        guard phase == .looking else { return nil }
        guard mayGoOn else {
            guard let said = lonelyLeader, let theirs = said.vote else { return nil }
            return join(theirs, in: said.round, &effects)
        }
        guard vote?.leader == me else { return nil }
        mayLeadAlone = true
        reconsider(hasNewVote: false, &effects)
        return nil
    }

    /// A leader is known without an election.
    mutating func appoint(_ leaders: Vote) {
        vote = leaders
        phase = .settled(state(under: leaders.leader))
    }

    private func state(under leader: ServerID) -> PeerState {
        leader == me ? .leading : membership.role(of: me) == .participant ? .following : .observing
    }

    private mutating func settle(_ effects: inout EffectBuffer<PeerEffect>) -> ServerID? {
        guard let leader = vote?.leader else { return nil }
        phase = .settled(state(under: leader))
        effects.append(.cancelTimer(.resendVotes))
        effects.append(.cancelTimer(.finalizeElection))
        return leader
    }

    // MARK: Telling

    private func isBetter(_ new: Vote, than old: Vote?) -> Bool {
        guard membership[new.leader].map({ $0.weight > 0 }) == true else { return false }
        guard let old else { return true }
        if configuration.mutation == .comparesZxidBeforeEpoch {
            return (new.zxid, new.epoch, new.leader) > (old.zxid, old.epoch, old.leader)
        }
        return new.isBetter(than: old)
    }

    private var notification: Notification {
        let state: PeerState = if case .settled(let state) = phase { state } else { .looking }
        return Notification(
            state: state, round: round, vote: vote, ensemble: configuration.mayReconfigure ? membership.active : nil)
    }

    private func tell(_ receiver: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        effects.append(.notify(notification, to: receiver))
    }

    private func announce(_ effects: inout EffectBuffer<PeerEffect>) {
        for voter in membership.voters where voter != me { tell(voter, &effects) }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(membership)
        encoder.encode(phase)
        encoder.encode(round)
        encoder.encode(vote)
        encoder.encode(ownVote)
        encoder.encode(ballots)
        encoder.encode(settledPeers)
        encoder.encode(resendInterval)
        if configuration.hasOracle { encoder.encode(mayLeadAlone) }
    }
}
