package import StateMachines

/// How long servers wait, by their own clocks. Names and defaults are those of ZooKeeper's configuration.
package struct ZabTiming: Hashable, Sendable, CanonicalEncodable {
    package var tick: Tick
    /// How many ticks finding a leader and catching up with it may take.
    package var initLimit: UInt64
    /// How many ticks a follower and its leader may hear nothing of each other.
    package var syncLimit: UInt64
    /// How long a server that sees a quorum waits for a better vote.
    package var finalizeWait: Tick
    /// The first wait before votes are sent again; it doubles each time.
    package var leastResendInterval: Tick
    package var longestResendInterval: Tick
    /// A learner tries to reach its leader so often, with a pause before each further attempt.
    package var connectionAttempts: Int
    package var connectionPause: Tick
    /// How many ticks all these attempts may take together; 0 for as many as finding a leader and catching up.
    package var connectionLimit: UInt64
    /// A server that waits so long for a quorum to begin its epoch, while one that voted for it looks for a leader again, gives
    /// up; `nil`: it waits on.
    package var longestEpochWait: Tick?
    /// So long, at most, an observer waits before it turns to its leader, or before it looks for another: each for a time of its own, so
    /// that not all of them come at once.
    package var observerConnectionDelay: Tick
    package var observerElectionDelay: Tick

    package init(
        tick: Tick = .milliseconds(2_000), initLimit: UInt64 = 10, syncLimit: UInt64 = 5,
        finalizeWait: Tick = .milliseconds(200), leastResendInterval: Tick = .milliseconds(200),
        longestResendInterval: Tick = .seconds(60), connectionAttempts: Int = 5,
        connectionPause: Tick = .milliseconds(100), connectionLimit: UInt64 = 0, longestEpochWait: Tick? = nil,
        observerConnectionDelay: Tick = .zero, observerElectionDelay: Tick = .zero
    ) {
        self.tick = tick
        self.initLimit = initLimit
        self.syncLimit = syncLimit
        self.finalizeWait = finalizeWait
        self.leastResendInterval = leastResendInterval
        self.longestResendInterval = longestResendInterval
        self.connectionAttempts = connectionAttempts
        self.connectionPause = connectionPause
        self.connectionLimit = connectionLimit
        self.longestEpochWait = longestEpochWait
        self.observerConnectionDelay = observerConnectionDelay
        self.observerElectionDelay = observerElectionDelay
    }

    package static let usual = ZabTiming()

    var initTimeout: Tick { tick * initLimit }
    var syncTimeout: Tick { tick * syncLimit }
    /// Leaders ping twice a tick.
    var heartbeat: Tick { Tick(microseconds: max(1, tick.microseconds / 2)) }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tick)
        encoder.encode(initLimit)
        encoder.encode(syncLimit)
        encoder.encode(finalizeWait)
        encoder.encode(leastResendInterval)
        encoder.encode(longestResendInterval)
        encoder.encode(connectionAttempts)
        encoder.encode(connectionPause)
        encoder.encode(connectionLimit)
        encoder.encode(longestEpochWait)
        encoder.encode(observerConnectionDelay)
        encoder.encode(observerElectionDelay)
    }
}

/// Everything about a server of an ensemble that does not change while it runs.
package struct ZabConfiguration: Hashable, Sendable, CanonicalEncodable {
    package var me: ServerID
    /// The last ensemble that is known to be committed when the server starts; who is a member later on, `ZabPeer.membership`
    /// says.
    package var ensemble: Ensemble
    /// `reconfigEnabled`: whether the ensemble may change. Where it may not, what other servers say of it counts for nothing.
    package var mayReconfigure: Bool
    package var timing: ZabTiming
    /// How many delivered transactions are kept in memory, to bring learners up to date without the disk.
    package var windowLimit: Int
    /// How many transactions a leader may propose before its epoch is used up and the next one must begin.
    package var transactionsPerEpoch: UInt32
    /// `observerMasterPort`: followers bring observers up to date, and observers turn to them before they turn to the leader.
    package var hostsObservers: Bool
    /// `oraclePath`: where two servers vote and one is lost, the driver can be asked whether the other may go on alone.
    package var hasOracle: Bool
    /// Of the pauses that observers make; different on each of them.
    package var seed: UInt64
    package var mutation: ZabMutation?

    package init(
        me: ServerID, ensemble: Ensemble, mayReconfigure: Bool = false, timing: ZabTiming = .usual,
        windowLimit: Int = 500, transactionsPerEpoch: UInt32 = .max - 1, hostsObservers: Bool = false,
        hasOracle: Bool = false, seed: UInt64 = 0, mutation: ZabMutation? = nil
    ) {
        precondition(mayReconfigure || ensemble[me] != nil, "server \(me) is not a member of its own ensemble")
        self.me = me
        self.ensemble = ensemble
        self.mayReconfigure = mayReconfigure
        self.timing = timing
        self.windowLimit = windowLimit
        self.transactionsPerEpoch = transactionsPerEpoch
        self.hostsObservers = hostsObservers
        self.hasOracle = hasOracle
        self.seed = seed
        self.mutation = mutation
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(me)
        encoder.encode(ensemble)
        encoder.encode(mayReconfigure)
        encoder.encode(timing)
        encoder.encode(windowLimit)
        encoder.encode(transactionsPerEpoch)
        encoder.encode(hostsObservers)
        encoder.encode(hasOracle)
        encoder.encode(seed)
        encoder.encode(mutation)
    }
}
