import EventLoop
import Messages
import StateMachines
import WireProtocol

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let ensembleKeys: [ConfigurationKey] =
        memberKeys + joiningKeys + modeKeys + securityKeys + loginKeys + keysWithoutEffect

    private static let memberKeys: [ConfigurationKey] =
        [
            member("initLimit", 1...100_000, default: 10, Text.initLimit) { $0.initLimit = UInt64($1) },
            member("syncLimit", 1...100_000, default: 5, Text.syncLimit) { $0.syncLimit = UInt64($1) },
            special("group.N", Text.group) { (entry, configuration) throws(ConfigurationFailure) in
                try configuration.ensemble.addGroup(entry)
            },
            special("weight.N", Text.weight) { (entry, configuration) throws(ConfigurationFailure) in
                try configuration.ensemble.addWeight(entry)
            },
            special("standaloneEnabled", default: "true", Text.standaloneEnabled) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.ensemble.mayStandAlone = try entry.flag()
            },
            special("tcpKeepAlive", default: "false", Text.quorumKeepAlive) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.ensemble.keepsAlive = try entry.flag()
            },
            special("quorumListenOnAllIPs", default: "false", Text.quorumListenOnAllIPs) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.ensemble.listensOnAllAddresses = try entry.flag()
            },
            member("cnxTimeout", 1...3_600_000, default: 5_000, Text.cnxTimeout) {
                $0.connectionTimeout = .milliseconds(UInt64($1))
            },
            member("fastleader.minNotificationInterval", 1...3_600_000, default: 200, Text.minNotificationInterval) {
                $0.leastResendInterval = .milliseconds(UInt64($1))
            },
            member("fastleader.maxNotificationInterval", 1...3_600_000, default: 60_000, Text.maxNotificationInterval) {
                $0.longestResendInterval = .milliseconds(UInt64($1))
            },
            member("observerMasterPort", 0...65_535, default: 0, Text.observerMasterPort) {
                $0.observerMasterPort = $1 == 0 ? nil : UInt16($1)
            },
            member("leader.maxConcurrentSnapSyncs", 1...1_000_000, default: 10, Text.concurrentSnapshots) {
                $0.concurrentSnapshotLimit = $1
            },
            member("leader.maxConcurrentDiffSyncs", 1...1_000_000, default: 100, Text.concurrentDifferences) {
                $0.concurrentDifferenceLimit = $1
            },
            member("commitLogCount", 1...10_000_000, default: 500, Text.commitLogCount) { $0.windowLimit = $1 },
            special("snapshotSizeFactor", default: "0.33", Text.snapshotSizeFactor) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard let factor = Double(entry.value), factor < 1_000 else {
                    throw entry.failure(Text.sizeFactor)
                }
                configuration.ensemble.logSizeLimitPerThousand = Int((max(factor, 0) * 1_000).rounded())
            },
        ]

    /// How servers reach each other, and what they do while they cannot.
    private static let joiningKeys: [ConfigurationKey] = [
        member("connectToLearnerMasterLimit", 0...100_000, default: 0, Text.connectionLimit) {
            $0.connectionLimit = UInt64($1)
        },
        member("leaderConnectDelayDuringRetryMs", 0...3_600_000, default: 100, Text.connectionPause) {
            $0.connectionPause = .milliseconds(UInt64($1))
        },
        member("quorumCnxnTimeoutMs", -1...3_600_000, default: -1, Text.electionGreeting) {
            $0.electionGreetingTimeout = $1 > 0 ? .milliseconds(UInt64($1)) : nil
        },
        member("electionPortBindRetry", 0...1_000_000, default: 3, Text.electionPortAttempts) {
            $0.electionPortAttempts = $1
        },
        member("leader.maxTimeToWaitForEpoch", -1...3_600_000, default: -1, Text.longestEpochWait) {
            $0.longestEpochWait = $1 < 0 ? nil : .milliseconds(UInt64($1))
        },
        member("observer.reconnectDelayMs", 0...3_600_000, default: 0, Text.observerConnectionDelay) {
            $0.observerConnectionDelay = .milliseconds(UInt64($1))
        },
        member("observer.election.DelayMs", 0...3_600_000, default: 200, Text.observerElectionDelay) {
            $0.observerElectionDelay = .milliseconds(UInt64($1))
        },
        special("oraclePath", Text.oraclePath) { (entry, configuration) throws(ConfigurationFailure) in
            configuration.ensemble.oraclePath = try entry.text(Text.someText)
        },
    ]

    private static let securityKeys: [ConfigurationKey] = QuorumTLSOptions.properties.map { key in
        special(key.name, default: key.defaultText, key.explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            guard key.set(&configuration.ensemble.tls, entry.value) else { throw entry.failure(key.wanted) }
        }
    }

    private static let loginKeys: [ConfigurationKey] = [
        login(QuorumLoginDraft.enabledKey, default: "false", Text.quorumLogin) {
            (draft, entry) throws(ConfigurationFailure) in draft.isEnabled = try entry.flag()
        },
        login(QuorumLoginDraft.diallingKey, default: "false", Text.quorumLoginWhenDialling) {
            (draft, entry) throws(ConfigurationFailure) in draft.dialsWithLogin = try entry.flag()
        },
        login(QuorumLoginDraft.requiredKey, default: "false", Text.quorumLoginRequired) {
            (draft, entry) throws(ConfigurationFailure) in draft.isRequired = try entry.flag()
        },
        login("quorum.auth.learner.saslLoginContext", default: "QuorumLearner", Text.quorumLearnerSection) {
            (draft, entry) throws(ConfigurationFailure) in draft.ownSection = try entry.text(Text.someText)
        },
        login("quorum.auth.server.saslLoginContext", default: "QuorumServer", Text.quorumServerSection) {
            (draft, entry) throws(ConfigurationFailure) in draft.userSection = try entry.text(Text.someText)
        },
    ]

    private static func login(
        _ name: String, default defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout QuorumLoginDraft, ConfigurationEntry) throws(ConfigurationFailure) -> Void
    ) -> ConfigurationKey {
        special(name, default: defaultText, explanation) { (entry, configuration) throws(ConfigurationFailure) in
            try set(&configuration.ensemble.login, entry)
        }
    }

    private static let keysWithoutEffect: [ConfigurationKey] =
        ignored(Text.roleOfServerLine, "peerType")
        + ignored(Text.oneElection, "electionAlg")
        + ignored(Text.observersAlwaysLog, "syncEnabled")
        + ignored(
            Text.oneLoop,
            """
            leader.closeSocketAsync learner.closeSocketAsync learner.asyncSending quorum.cnxn.threads.size
            follower.skipLearnerRequestToNextProcessor forward_learner_requests_to_commit_processor_disabled
            """)
        + ignored(Text.alwaysNoDelay, "follower.nodelay")
        + ignored(
            ConfigurationMessages.openSSLDecides,
            "ssl.quorum.context.supplier.class ssl.quorum.allowReverseDnsLookup ssl.quorum.authProvider ssl.quorum.sslProvider"
        )
        + ignored(ConfigurationMessages.noOCSP, "ssl.quorum.ocsp")
        + ignored(Text.noKerberos, "quorum.auth.kerberos.servicePrincipal")
        + ignored(
            Text.everyAddress,
            "multiAddress.enabled multiAddress.reachabilityCheckTimeoutMs multiAddress.reachabilityCheckEnabled")

    private static func member(
        _ name: String, _ range: ClosedRange<Int>, default defaultValue: Int, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout EnsembleDraft, Int) -> Void
    ) -> ConfigurationKey {
        special(name, default: String(defaultValue), explanation) {
            (entry, configuration) throws(ConfigurationFailure) in
            set(&configuration.ensemble, try entry.whole(in: range))
        }
    }
}
