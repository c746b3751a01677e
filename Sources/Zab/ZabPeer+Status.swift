package import StateMachines

/// What a server's driver asks its part in the ensemble after every step.
package struct PeerStanding: Hashable, Sendable {
    package var role = PeerRole.looking
    /// Of the next proposal; `nil` unless the server leads and its epoch has room.
    package var nextZxid: Zxid?
    /// Whether learners find it at home.
    package var isAcceptingLearners = false
    /// Whether observers find it at home, as a follower.
    package var isHostingObservers = false
    /// Whom it hears of transactions from, and asks: its leader, or an observer's master.
    package var master: ServerID?
    /// Whether it knows no leader.
    package var isElecting = true
    /// How many servers vote.
    package var voterCount = 1
    /// The first thing that no sound server would have said to it since it started.
    package var offence: Offence?

    package init() {}

    init(
        role: PeerRole, nextZxid: Zxid?, isAcceptingLearners: Bool, isHostingObservers: Bool, master: ServerID?,
        isElecting: Bool, voterCount: Int, offence: Offence?
    ) {
        self.role = role
        self.nextZxid = nextZxid
        self.isAcceptingLearners = isAcceptingLearners
        self.isHostingObservers = isHostingObservers
        self.master = master
        self.isElecting = isElecting
        self.voterCount = voterCount
        self.offence = offence
    }
}

/// What operators are told of a server's part in its ensemble.
extension ZabPeer {
    /// Whether no leader is known: neither leading, nor on the way to joining one.
    package var isElecting: Bool { activity == .looking }

    package var isVoter: Bool { ensemble.isVoter(me) }

    package var timeLimits: ZabTiming { timing }

    /// Of a leader: the servers that learn from it.
    package struct LearnerCounts: Hashable, Sendable {
        /// All that are connected.
        package var all = 0
        /// Those that take part in the broadcast and vote.
        package var followers = 0
        /// Those that acknowledge without a vote.
        package var nonVotingFollowers = 0
        package var observers = 0
    }

    /// Of a leader, or a follower that hosts observers: the observers that take part in the broadcast.
    package var observingLearners: [ServerID] {
        learners.rows.filter { $0.value.isForwarding && $0.value.role == .observer }.map(\.id)
    }

    package var learnerCounts: LearnerCounts {
        var counts = LearnerCounts()
        for row in leading.learners.rows {
            counts.all += 1
            guard row.value.isForwarding else { continue }
            switch row.value.role {
            case .participant:
                counts.followers += 1
                if !ensemble.isVoter(row.id) { counts.nonVotingFollowers += 1 }
            case .observer: counts.observers += 1
            }
        }
        return counts
    }
}
