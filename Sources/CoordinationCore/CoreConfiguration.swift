package import StateMachines
import WireProtocol

/// What one server is told at its start.
package struct CoreConfiguration: Hashable, Sendable {
    /// The high byte of session numbers; ZooKeeper's standalone server uses 1.
    package var serverID: UInt8 = 1
    /// The grain of session expiry.
    package var tickTime: Tick = .milliseconds(2_000)
    /// Clients' wishes are moved into this range; `nil` takes 2 and 20 ticks.
    package var minSessionTimeoutMilliseconds: Int32?
    package var maxSessionTimeoutMilliseconds: Int32?
    /// `jute.maxbuffer`: longer frames close their connection.
    package var frameLimit = FrameBuffer.defaultLimit
    /// `nio.sessionlessCnxnTimeout`: a connection that has not shaken hands by then is dropped.
    package var handshakeTimeout: Tick = .seconds(10)
    /// `maxClientCnxns`: connections from one address; 0 for no limit.
    package var connectionLimitPerAddress = 60
    /// Requests of one connection that may wait; beyond, the server stops reading from it.
    package var waitingRequestLimit = 1_000
    /// `request_throttle_max_requests`: the same, without exceptions; 0 for no limit.
    package var requestThrottleMaxRequests = 0
    /// `throttled_op_wait_time`: a request that had to wait so long before it was read is answered with -127; zero for ever.
    package var throttledOpWaitTime = Tick.zero
    /// `connection_throttle_*`.
    package var connectionThrottle = ConnectionThrottleRules()
    /// `largeRequestThreshold`: longer requests are large; `nil` calls none so.
    package var largeRequestThreshold: Int?
    /// `largeRequestMaxBytes`: all large requests under way together; one more ends its connection.
    package var largeRequestMaxBytes = 100 << 20
    /// `digest.enabled`: the tree's digest goes into the log and snapshots.
    package var writesDigests = true
    /// `closeSessionTxn.enabled`: the end of a session names the nodes that end with it.
    package var listsClosedNodes = true
    /// From which everything random comes; the driver takes it from the operating system.
    package var seed: UInt64 = 0
    /// `maxCnxns`: connections altogether; 0 for no limit.
    package var maxCnxns = 0
    /// `globalOutstandingLimit`: with more requests than this under way, whoever sends another is not read from until
    /// his are answered.
    package var globalOutstandingLimit = 1_000
    /// `extendedTypesEnabled`: nodes with a time to live.
    package var extendedTypesEnabled = false
    /// `emulate353TTLNodes`: also times to live as ZooKeeper 3.5.3 wrote them.
    package var emulate353TTLNodes = false
    /// `znode.container.checkIntervalMs`: how often containers and timed nodes are looked over.
    package var containerCheckInterval: Tick = .milliseconds(60_000)
    /// `znode.container.maxPerMinute`: how many of them are deleted in a minute.
    package var containerMaxPerMinute = 10_000
    /// `znode.container.maxNeverUsedIntervalMs`: how long a container without a first child is kept; 0 for ever.
    package var containerMaxNeverUsedMilliseconds: Int64 = 0
    /// `localSessionsEnabled`: in an ensemble, new sessions stay with the server that their clients come to.
    package var localSessionsEnabled = false
    /// `localSessionsUpgradingEnabled`: such a session becomes a global one when it needs to.
    package var localSessionsUpgradingEnabled = false
    /// `readonlymode.enabled`: in an ensemble, whoever finds no leader serves clients that only want to read.
    package var isReadOnlyModeEnabled = false
    /// `leaderServes`: false lets the leader of an ensemble do nothing but lead.
    package var leaderServes = true
    /// `reconfigEnabled`. The same as its peer's `mayReconfigure`.
    package var reconfigEnabled = false
    /// `standaloneEnabled`: no reconfiguration leaves fewer than two voters.
    package var standaloneEnabled = true
    /// `enforceQuota`: hard limits refuse.
    package var enforceQuota = false
    package var access = AccessConfiguration()
    /// Four-letter words that are answered.
    package var commandWhitelist = FourLetterWord.defaultWhitelist
    /// `audit.enable`: reports who changes what as an effect.
    package var isAuditing = false
    /// Reports every observation as an effect.
    package var isObserving = false
    /// What clients are told of the program.
    package var versionText = ZooKeeperVersion.text

    package init() {}

    /// With how many requests under way a further one stops its connection.
    var outstandingLimit: Int {
        requestThrottleMaxRequests > 0
            ? min(globalOutstandingLimit, requestThrottleMaxRequests - 1) : globalOutstandingLimit
    }

    package var sessionTimeouts: ClosedRange<Int32> {
        let tick = Int32(clamping: tickTime.microseconds / 1_000)
        let lowest = max(minSessionTimeoutMilliseconds ?? tick &* 2, 1)
        return lowest...max(maxSessionTimeoutMilliseconds ?? tick &* 20, lowest)
    }
}
