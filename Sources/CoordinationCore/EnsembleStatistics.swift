import StateMachines
import ZNodes
import Zab

/// What a server counts of its part in an ensemble. Nothing that it does depends on this.
struct EnsembleStatistics: Hashable, Sendable {
    /// How often it began to look for a leader.
    var searches = 0
    /// From there to knowing one; of voters only, as on ZooKeeper.
    var elections = LatencySummary()
    /// From knowing a leader to being up to date with it.
    var followerJoins = LatencySummary()
    var observerJoins = LatencySummary()
    /// From the beginning of a search to serving again; of those, the ones that ended in leading.
    var outages = LatencySummary()
    var leaderOutages = LatencySummary()
    /// Of a leader: what it proposed.
    var proposals = 0
    var proposalSizes = SizeRecord()
    /// How it brought learners up to date, and how often they asked it whether a session lives.
    var differencesSent = 0
    var snapshotsSent = 0
    var revalidations = 0
    /// From a proposal's being made to its commitment by a quorum.
    var quorumLatency = LatencyHistogram()
    /// Of a learner: what it was sent, and how long that took from its being proposed.
    var receivedProposals = 0
    var receivedCommits = 0
    var proposalLatency = LatencyHistogram()
    var commitLatency = LatencyHistogram()
    /// Of a voter: from a transaction's being proposed to its being on this server's disk, and so acknowledged.
    var acknowledgementDelays = LatencyHistogram()
    /// Of a leader: from there to the acknowledgement of each of the others, and to its own, where that came before the decision.
    var acknowledgements = MeasuredServers<LatencyHistogram>()
    var ownAcknowledgements = LatencyHistogram()
    /// How often it gave up leading because one who had elected it looked for a leader again.
    var disloyalVoters = 0
    /// Of a leader: writes that learners have asked for. Nothing waits for them here.
    var learnerRequests = 0
    /// Of a follower: what observers' clients have asked for through it. Nothing waits for that here either.
    var relayedRequests = 0
    /// What this server has on the way to its disk, and acknowledges then.
    var unacknowledged = ProposalTimes()
    /// Of a leader: what it has proposed and no quorum has yet.
    var undecided = ProposalTimes()
}

/// When transactions were proposed that something is waited for, oldest first.
struct ProposalTimes: Hashable, Sendable {
    private struct Row: Hashable, Sendable {
        var zxid: Zxid
        /// Milliseconds since 1970.
        var time: Int64
    }

    private var rows = Queue<Row>()

    mutating func append(_ zxid: Zxid, at time: Int64) { rows.append(Row(zxid: zxid, time: time)) }

    /// The oldest one, if it comes no later than `zxid`.
    mutating func popFirst(through zxid: Zxid) -> (zxid: Zxid, time: Int64)? {
        guard let first = rows.first, first.zxid <= zxid else { return nil }
        _ = rows.popFirst()
        return (first.zxid, first.time)
    }

    /// When this one was proposed; `nil` where it is not there. Those of one leader have no gaps between them.
    func time(of zxid: Zxid) -> Int64? {
        guard let first = rows.first, first.zxid <= zxid, zxid.rawValue - first.zxid.rawValue < rows.count else {
            return nil
        }
        let all = rows.elements
        let row = all[all.startIndex + Int(zxid.rawValue - first.zxid.rawValue)]
        return row.zxid == zxid ? row.time : nil
    }
}

extension CoordinationCore {
    /// Counts what the broadcast is about to be told.
    mutating func count(_ input: PeerInput, _ now: Tick) {
        guard case .received(let packet, from: _) = input, case .following? = role else {
            switch input {
            case .received(.inform, from: _), .received(.informAndActivate, from: _):
                statistics.ensemble.receivedCommits += 1
            case .received(.acknowledge(let zxid), from: let server) where isLeading:
                countAcknowledgement(of: zxid, by: server, now)
            case .persisted(through: let zxid) where isLeading: countOwnAcknowledgements(through: zxid, now)
            default: break
            }
            return
        }
        switch packet {
        case .proposal(let entry):
            statistics.ensemble.receivedProposals += 1
            guard let header = member!.lastKnownHeader else { break }
            statistics.ensemble.unacknowledged.append(entry.zxid, at: header.time)
            if let latency = latency(since: header.time, now) { statistics.ensemble.proposalLatency.add(latency) }
        case .commit, .commitAndActivate: statistics.ensemble.receivedCommits += 1
        case .followerInfo, .leaderInfo, .acknowledgeEpoch, .diff, .truncate, .snapshot, .newLeader, .upToDate,
            .acknowledge, .inform, .informAndActivate, .ping:
            break
        }
    }

    /// Counts what the broadcast asks for.
    mutating func count(_ effect: PeerEffect, _ now: Tick) {
        switch effect {
        case .append(let entry) where isLeading:
            statistics.ensemble.proposals += 1
            statistics.ensemble.proposalSizes.add(entry.payload.count)
            let time = wallClock(at: now)
            statistics.ensemble.unacknowledged.append(entry.zxid, at: time)
            statistics.ensemble.undecided.append(entry.zxid, at: time)
        case .send(.acknowledge(let zxid), to: _): countOwnAcknowledgements(through: zxid, now)
        case .send(.diff, to: _), .send(.truncate, to: _): statistics.ensemble.differencesSent += 1
        case .send(.snapshot, to: _): statistics.ensemble.snapshotsSent += 1
        case .append, .send, .deliver, .anticipate, .changeRole, .notify, .connect, .disconnect, .storeEpoch,
            .truncateLog,
            .installSnapshot, .readLog, .setTimer, .cancelTimer, .askOracle, .expectEnsemble, .adoptEnsemble:
            break
        }
    }

    /// A transaction was decided while this server serves.
    mutating func countDecision(of header: TransactionHeader, _ now: Tick) {
        guard role != .looking else { return }
        statistics.waiting.commits += 1
        statistics.waiting.turn.commits += 1
        while statistics.ensemble.undecided.popFirst(through: header.zxid) != nil {}
        guard let latency = latency(since: header.time, now) else { return }
        if isLeading {
            statistics.ensemble.quorumLatency.add(latency)
        } else {
            statistics.ensemble.commitLatency.add(latency)
        }
    }

    private mutating func countAcknowledgement(of zxid: Zxid, by server: ServerID, _ now: Tick) {
        guard let time = statistics.ensemble.undecided.time(of: zxid), let latency = latency(since: time, now) else {
            return
        }
        statistics.ensemble.acknowledgements.update(server, from: LatencyHistogram()) { $0.add(latency) }
    }

    /// Everything through `zxid` is on this server's disk, and a quorum may count on it.
    private mutating func countOwnAcknowledgements(through zxid: Zxid, _ now: Tick) {
        while let proposal = statistics.ensemble.unacknowledged.popFirst(through: zxid) {
            guard let latency = latency(since: proposal.time, now) else { continue }
            statistics.ensemble.acknowledgementDelays.add(latency)
            if isLeading, statistics.ensemble.undecided.time(of: proposal.zxid) != nil {
                statistics.ensemble.ownAcknowledgements.add(latency)
            }
        }
    }

    /// Clocks of several servers differ: what seems to come from the future is not counted.
    private func latency(since time: Int64, _ now: Tick) -> Tick? {
        let milliseconds = wallClock(at: now) - time
        return milliseconds < 0 ? nil : .milliseconds(UInt64(milliseconds))
    }

    /// Notes when a search for a leader began or ended.
    mutating func noteSearch(_ now: Tick) {
        if standing.isElecting, member!.searchingSince == nil || member!.joiningSince != nil {
            statistics.ensemble.searches += 1
            member!.searchingSince = now
            member!.outageSince = member!.outageSince ?? now
            member!.joiningSince = nil
        } else if !standing.isElecting, member!.joiningSince == nil {
            member!.joiningSince = now
            if member!.peer.isVoter { statistics.ensemble.elections.add(now - (member!.searchingSince ?? now)) }
        }
    }

    /// This server begins to serve in a role.
    mutating func noteService(in role: PeerRole, _ now: Tick) {
        statistics.ensemble.unacknowledged = ProposalTimes()
        statistics.ensemble.undecided = ProposalTimes()
        let joining = now - (member!.joiningSince ?? now)
        let outage = now - (member!.outageSince ?? now)
        switch role {
        case .looking: return
        case .leading: statistics.ensemble.leaderOutages.add(outage)
        case .following: statistics.ensemble.followerJoins.add(joining)
        case .observing: statistics.ensemble.observerJoins.add(joining)
        }
        statistics.ensemble.outages.add(outage)
        member!.outageSince = nil
        member!.servingSince = now
    }

    // MARK: Metrics

    /// What `mntr` and the others tell of a member beyond what a server alone has; empty where there is no ensemble.
    func ensembleMetrics(_ now: Tick) -> [Metric] {
        guard isMember else { return [] }
        return quorumGauges(now) + [
            Metric("looking_count", .counter(statistics.ensemble.searches)),
            Metric("proposal_count", .counter(statistics.ensemble.proposals)),
            Metric("learner_proposal_received_count", .counter(statistics.ensemble.receivedProposals)),
            Metric("learner_commit_received_count", .counter(statistics.ensemble.receivedCommits)),
            Metric("diff_count", .counter(statistics.ensemble.differencesSent)),
            Metric("snap_count", .counter(statistics.ensemble.snapshotsSent)),
            Metric("revalidate_count", .counter(statistics.ensemble.revalidations)),
            Metric("election_time", .durations(statistics.ensemble.elections)),
            Metric("follower_sync_time", .durations(statistics.ensemble.followerJoins)),
            Metric("observer_sync_time", .durations(statistics.ensemble.observerJoins)),
            Metric("unavailable_time", .durations(statistics.ensemble.outages)),
            Metric("leader_unavailable_time", .durations(statistics.ensemble.leaderOutages)),
            Metric("quorum_ack_latency", .distribution(statistics.ensemble.quorumLatency)),
            Metric("proposal_latency", .distribution(statistics.ensemble.proposalLatency)),
            Metric("commit_propagation_latency", .distribution(statistics.ensemble.commitLatency)),
            Metric("proposal_ack_creation_latency", .distribution(statistics.ensemble.acknowledgementDelays)),
            Metric("quit_leading_due_to_disloyal_voter", .counter(statistics.ensemble.disloyalVoters)),
            Metric("requests_not_forwarded_to_commit_processor", .counter(statistics.ensemble.learnerRequests)),
            Metric("skip_learner_request_to_next_processor_count", .counter(statistics.ensemble.relayedRequests)),
        ] + acknowledgementMetrics
    }

    /// Of a server that leads, or has led since the statistics began.
    private var acknowledgementMetrics: [Metric] {
        guard let member else { return [] }
        var servers = statistics.ensemble.acknowledgements
        let own = statistics.ensemble.ownAcknowledgements
        if own.summary.count > 0 { servers.update(member.me, from: own) { $0 = own } }
        return servers.rows.map { Metric("ack_latency", of: "\($0.server)", .distribution($0.value)) }
    }

    private func quorumGauges(_ now: Tick) -> [Metric] {
        guard let member else { return [] }
        guard peerState != nil else { return [] }
        var gauges = [Metric("quorum_size", .gauge(member.peer.voterCount))]
        if standing.isHostingObservers {
            gauges.append(Metric("synced_observers", .gauge(member.peer.observingLearners.count)))
        }
        guard isLeading else { return gauges }
        let learners = member.peer.learnerCounts
        gauges += [
            Metric("learners", .gauge(learners.all)),
            Metric("synced_followers", .gauge(learners.followers)),
            Metric("synced_non_voting_followers", .gauge(learners.nonVotingFollowers)),
            Metric("synced_observers", .gauge(learners.observers)),
            Metric("pending_syncs", .gauge(member.pendingSyncCount)),
            Metric("leader_uptime", .gauge(uptimeMilliseconds(now))),
            Metric("last_proposal_size", .gauge(statistics.ensemble.proposalSizes.last)),
            Metric("max_proposal_size", .gauge(statistics.ensemble.proposalSizes.maximum)),
            Metric("min_proposal_size", .gauge(statistics.ensemble.proposalSizes.minimum)),
        ]
        return gauges
    }

    /// Of a member: since it serves in its present role.
    func uptimeMilliseconds(_ now: Tick) -> Int {
        Int((now - (member?.servingSince ?? statistics.startedAt)).microseconds / 1_000)
    }
}
