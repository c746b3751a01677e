import CoordinationCore
import EventLoop
import Messages
import StateMachines

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let operationKeys: [ConfigurationKey] =
        [
            special("4lw.commands.whitelist", default: "srvr", Text.commandWhitelist) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.options.allow(list(entry.value))
            },
            flag("readonlymode.enabled", default: false, Text.readOnlyMode) {
                $0.core.isReadOnlyModeEnabled = $1
                if $1, !$0.core.commandWhitelist.contains(.isro) { $0.core.commandWhitelist.append(.isro) }
            },
        ]
        + ignored(
            Text.noJava,
            "jvm.pause.monitor jvm.pause.warn-threshold.ms jvm.pause.info-threshold.ms jvm.pause.sleep.time.ms")
        + administrationKeys
        + ignored(Text.notKept, "messageTracker.BufferSize messageTracker.Enabled")
        + ignored(
            Text.notByPath,
            """
            pathStats.enabled pathStats.slotCapacity pathStats.slotDuration pathStats.maxDepth pathStats.sampleRate
            pathStats.initialDelay pathStats.delay pathStats.topPathMax
            """)

    private static let administrationKeys: [ConfigurationKey] =
        [
            special("admin.enableServer", default: "false", Text.adminEnable) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.isAdminEnabled = try entry.flag()
            },
            special("admin.serverPort", default: "8080", Text.adminPort) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.adminPort = UInt16(try entry.whole(in: 0...65_535))
            },
            text("admin.serverAddress", default: "0.0.0.0", Text.adminAddress, wanted: Text.address) {
                $0.administration.host = $1
            },
            special("admin.commandURL", default: "/commands", Text.adminCommandPath) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard entry.value.hasPrefix("/"), entry.value.count > 1 else { throw entry.failure(Text.urlPath) }
                configuration.options.administration.commandPath = entry.value
            },
            flag("admin.portUnification", default: false, Text.adminUnification) {
                $0.administration.tls.isUnified = $1
            },
            flag("admin.forceHttps", default: false, Text.adminForceHTTPS) { $0.administration.tls.isForced = $1 },
            flag("admin.needClientAuth", default: false, Text.adminClientAuth) {
                $0.administration.tls.needsClientCertificate = $1
            },
            whole("admin.idleTimeout", 1...Int(Int32.max), default: 30_000, Text.adminIdle) {
                $0.administration.idleTimeout = .milliseconds(UInt64($1))
            },
            flag("admin.snapshot.enabled", default: true, Text.adminSnapshot) {
                $0.administration.allowsSnapshots = $1
            },
            flag("admin.restore.enabled", default: true, Text.adminRestore) { $0.administration.allowsRestores = $1 },
            whole("admin.rateLimiterIntervalInMS", 0...Int(Int32.max), default: 300_000, Text.adminInterval) {
                $0.administration.transferInterval = .milliseconds(UInt64($1))
            },
            special("metricsProvider.className", Text.metricsProvider) {
                (entry, configuration) throws(ConfigurationFailure) in
                let providers = ["PrometheusMetricsProvider", "DefaultMetricsProvider", "NullMetricsProvider"]
                let name = entry.value.split(separator: ".").last.map(String.init) ?? ""
                guard providers.contains(name) else {
                    throw entry.failure(Text.oneOf(providers.joined(separator: ", ")))
                }
                configuration.servesMetrics = name == providers[0]
            },
            text("metricsProvider.httpHost", default: "0.0.0.0", Text.metricsHost, wanted: Text.address) {
                $0.administration.metricsHost = $1
            },
            special("metricsProvider.httpPort", default: "7000", Text.metricsPort) {
                (entry, configuration) throws(ConfigurationFailure) in
                configuration.metricsPort = UInt16(try entry.whole(in: 0...65_535))
            },
            flag("audit.enable", default: false, Text.audit) { $0.isAudited = $1 },
            text("zoolab.audit.file", Text.auditFile, wanted: Text.filePath) { $0.auditFile = $1 },
            special("zoolab.log.level", default: "warning", Text.logLevel) {
                (entry, configuration) throws(ConfigurationFailure) in
                guard let level = ServerLog.Level(named: entry.value) else {
                    throw entry.failure(Text.oneOf(ServerLog.Level.allCases.map(\.rawValue).joined(separator: ", ")))
                }
                configuration.options.logging.level = level
            },
            choice("zoolab.log.format", ServerLog.Format.allCases.map(\.rawValue), default: "text", Text.logFormat) {
                if let format = ServerLog.Format(rawValue: $1) { $0.logging.format = format }
            },
            text("zoolab.log.file", Text.logFile, wanted: Text.filePath) { $0.logging.file = $1 },
        ]
        + ignored(Text.plainMetrics, "metricsProvider.ssl.* metricsProvider.httpsPort")
        + ignored(
            Text.ownHTTP,
            "metricsProvider.numWorkerThreads metricsProvider.maxQueueSize metricsProvider.workerShutdownTimeoutMs metricsProvider.prometheusMetricsSummaryRotateSeconds"
        )
        + ignored(Text.noJava, "metricsProvider.exportJvmInfo")
        + ignored(Text.oneAuditForm, "audit.impl.class")

    static let innerKeys: [ConfigurationKey] =
        ignored(
            Text.oneLoop,
            """
            flushDelay maxWriteQueuePollTime maxBatchSize commitProcessor.numWorkerThreads maxReadBatchSize
            maxCommitBatchSize commitProcessor.shutdownTimeout serverCnxnFactory nio.numSelectorThreads
            nio.numWorkerThreads nio.directBufferBytes nio.shutdownTimeout netty.advancedFlowControl.enabled
            netty.server.earlyDropSecureConnectionHandshakes
            """)
        + ignored(Text.noResponseCache, "maxResponseCacheSize maxGetChildrenResponseCacheSize")
        + ignored(
            Text.oneWatchTable,
            """
            watchManagerName watcherCleanThreadsNum watcherCleanThreshold watcherCleanIntervalInSeconds
            maxInProcessingDeadWatchers bitHashCacheSize
            """)
}
