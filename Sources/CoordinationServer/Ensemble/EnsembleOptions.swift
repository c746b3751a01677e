import CoordinationCore
package import StateMachines
package import WireProtocol
package import Zab

/// What a server of an ensemble is told before it starts. Names and defaults are those of `zoo.cfg`, except where said.
package struct EnsembleOptions: Sendable {
    /// The number in the file `myid`.
    package var me: ServerID
    /// The `server.N`, `group.N` and `weight.N` lines.
    package var members: QuorumConfigurationText
    /// The path of `zoo.cfg`, which a reconfiguration changes; `nil` without such a file.
    package var configurationFile: String?
    /// `tickTime`, `initLimit`, `syncLimit` and the intervals of the election.
    package var timing = ZabTiming.usual
    /// `cnxTimeout`: for connecting, and for a login on the quorum port.
    package var connectionTimeout: Tick = .seconds(5)
    /// `quorumCnxnTimeoutMs`: for what comes before votes on the election port; `nil`: `syncLimit` ticks.
    package var electionGreetingTimeout: Tick?
    /// `electionPortBindRetry`: how often the server tries to listen on its election port, a second apart, before it stops; 0 for
    /// no end.
    package var electionPortAttempts = 3
    /// `oraclePath`: says whether this server may go on without the other, where two vote.
    package var oraclePath: String?
    /// `quorumListenOnAllIPs`.
    package var listensOnAllAddresses = false
    /// `observerMasterPort`: where followers bring observers up to date, on all servers the same; `nil`: nowhere.
    package var observerMasterPort: UInt16?
    /// `tcpKeepAlive`.
    package var keepsAlive = false
    package var tls = QuorumTLSOptions()
    package var login = QuorumLoginOptions()
    /// `commitLogCount`: so many transactions are kept in memory for learners that are not far behind.
    package var windowLimit = 500
    /// `snapshotSizeFactor`, in thousandths: the logs that bring a learner up to date may be so large, compared with the
    /// newest snapshot; beyond it, or where it is 0, the learner is sent the state instead.
    package var logSizeLimitPerThousand = 330

    /// `leader.maxConcurrentSnapSyncs` and `leader.maxConcurrentDiffSyncs`: an observer is sent away while so many learners are
    /// being sent the state, or transactions, and have not stored them. Voters never are: the ensemble needs them.
    package var concurrentSnapshotLimit = 10
    package var concurrentDifferenceLimit = 100

    package init(me: ServerID, members: QuorumConfigurationText) {
        self.me = me
        self.members = members
    }

    var greetingTimeout: Tick { electionGreetingTimeout ?? timing.tick * timing.syncLimit }

    /// Who votes, and what votes count.
    package var ensemble: Ensemble { Ensemble(members) }
}
