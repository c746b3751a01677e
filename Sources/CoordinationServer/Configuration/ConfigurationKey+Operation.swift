import CoordinationCore
import Messages

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let operationKeys: [ConfigurationKey] =
        [
            special("4lw.commands.whitelist", default: "srvr", Text.commandWhitelist) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.options.allow(list(entry.value))
            },
            flag("readonlymode.enabled", default: false, Text.readOnlyMode) {
                if $1, !$0.core.commandWhitelist.contains(.isro) { $0.core.commandWhitelist.append(.isro) }
            },
        ]
        + ignored(
            Text.noJava,
            "jvm.pause.monitor jvm.pause.warn-threshold.ms jvm.pause.info-threshold.ms jvm.pause.sleep.time.ms")
        + ignored(Text.noAdminServer, "admin.* metricsProvider.* audit.*")
        + ignored(Text.notKept, "messageTracker.BufferSize messageTracker.Enabled")

    static let ensembleKeys: [ConfigurationKey] = ignored(
        Text.ensembleOnly,
        """
        initLimit syncLimit connectToLearnerMasterLimit electionAlg quorumListenOnAllIPs peerType syncEnabled
        standaloneEnabled group.N weight.N localSessionsEnabled localSessionsUpgradingEnabled observerMasterPort
        quorum.auth.enableSasl quorum.auth.serverRequireSasl quorum.auth.learnerRequireSasl
        quorum.auth.kerberos.servicePrincipal quorum.auth.learner.saslLoginContext
        quorum.auth.server.saslLoginContext quorum.cnxn.threads.size multiAddress.enabled
        multiAddress.reachabilityCheckTimeoutMs multiAddress.reachabilityCheckEnabled oraclePath cnxTimeout
        quorumCnxnTimeoutMs electionPortBindRetry leader.closeSocketAsync learner.closeSocketAsync
        learner.asyncSending follower.nodelay leaderConnectDelayDuringRetryMs leader.maxConcurrentSnapSyncs
        leader.maxConcurrentDiffSyncs leaderServes fastleader.minNotificationInterval
        fastleader.maxNotificationInterval leader.maxTimeToWaitForEpoch observer.reconnectDelayMs
        observer.election.DelayMs follower.skipLearnerRequestToNextProcessor
        forward_learner_requests_to_commit_processor_disabled sslQuorum portUnification
        sslQuorumReloadCertFiles ssl.quorum.* tcpKeepAlive skipTxnCount
        """)

    static let innerKeys: [ConfigurationKey] =
        ignored(
            Text.oneLoop,
            """
            flushDelay maxWriteQueuePollTime maxBatchSize commitProcessor.numWorkerThreads maxReadBatchSize
            maxCommitBatchSize commitProcessor.shutdownTimeout serverCnxnFactory nio.numSelectorThreads
            nio.numWorkerThreads nio.directBufferBytes nio.shutdownTimeout netty.advancedFlowControl.enabled
            netty.server.outstandingHandshake.limit netty.server.earlyDropSecureConnectionHandshakes
            clientTcpKeepAlive
            """)
        + ignored(Text.noResponseCache, "maxResponseCacheSize maxGetChildrenResponseCacheSize")
        + ignored(
            Text.oneWatchTable,
            """
            watchManagerName watcherCleanThreadsNum watcherCleanThreshold watcherCleanIntervalInSeconds
            maxInProcessingDeadWatchers bitHashCacheSize
            """)
}
