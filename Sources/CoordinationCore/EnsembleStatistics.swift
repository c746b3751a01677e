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
}

extension CoordinationCore {
    /// Counts what the broadcast is about to be told.
    mutating func count(_ input: PeerInput, _ now: Tick) {
        guard case .received(let packet, from: _) = input, case .following? = role else {
            switch input {
            case .received(.inform, from: _), .received(.informAndActivate, from: _):
                statistics.ensemble.receivedCommits += 1
            default: break
            }
            return
        }
        switch packet {
        case .proposal:
            statistics.ensemble.receivedProposals += 1
            if let header = member!.lastKnownHeader, let latency = latency(since: header.time, now) {
                statistics.ensemble.proposalLatency.add(latency)
            }
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
        case .send(.diff, to: _), .send(.truncate, to: _): statistics.ensemble.differencesSent += 1
        case .send(.snapshot, to: _): statistics.ensemble.snapshotsSent += 1
        case .append, .send, .deliver, .anticipate, .changeRole, .notify, .connect, .disconnect, .storeEpoch,
            .truncateLog,
            .installSnapshot, .readLog, .setTimer, .cancelTimer, .askOracle, .expectEnsemble, .adoptEnsemble:
            break
        }
    }

    /// A transaction was decided while this server serves.
    mutating func countDecision(proposedAt time: Int64, _ now: Tick) {
        guard let latency = latency(since: time, now) else { return }
        switch role {
        case .leading?: statistics.ensemble.quorumLatency.add(latency)
        case .following?, .observing?: statistics.ensemble.commitLatency.add(latency)
        case .looking?, nil: break
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
        ]
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
