import CoordinationCore
import Messages
import StateMachines
import WireProtocol

extension ConfigurationKey {
    private typealias Text = ConfigurationMessages

    static let basicKeys: [ConfigurationKey] = [
        special("clientPort", Text.clientPort) { (entry, configuration) throws(ConfigurationFailure) in
            configuration.options.port = UInt16(try entry.whole(in: 0...65_535))
            configuration.hasClientPort = true
        },
        text("clientPortAddress", default: "0.0.0.0", Text.clientPortAddress, wanted: Text.address) { $0.host = $1 },
        text("dataDir", Text.dataDir, wanted: ServerMessages.folderPath) { $0.dataFolder = $1 },
        text("dataLogDir", default: "dataDir", Text.dataLogDir, wanted: ServerMessages.folderPath) {
            $0.storage.logFolder = $1
        },
        whole("tickTime", 1...3_600_000, default: 3_000, Text.tickTime) {
            $0.core.tickTime = .milliseconds(UInt64($1))
        },
        whole("minSessionTimeout", -1...Int(Int32.max), default: nil, Text.minSessionTimeout) {
            $0.core.minSessionTimeoutMilliseconds = $1 > 0 ? Int32($1) : nil
        },
        whole("maxSessionTimeout", -1...Int(Int32.max), default: nil, Text.maxSessionTimeout) {
            $0.core.maxSessionTimeoutMilliseconds = $1 > 0 ? Int32($1) : nil
        },
        special("dynamicConfigFile", Text.dynamicConfigFile) { (entry, configuration) throws(ConfigurationFailure) in
            configuration.dynamicFile = (try entry.text(Text.filePath), entry.place)
        },
        special("server.N", Text.server) { (entry, configuration) throws(ConfigurationFailure) in
            try configuration.ensemble.addServer(entry)
        },
        flag("reconfigEnabled", default: false, Text.reconfigEnabled) { $0.core.reconfigEnabled = $1 },
    ]

    static let limitKeys: [ConfigurationKey] =
        [
            whole("maxClientCnxns", 0...1_000_000, default: 60, Text.maxClientCnxns) {
                $0.core.connectionLimitPerAddress = $1
            },
            whole("maxCnxns", 0...1_000_000, default: 0, Text.maxCnxns) { $0.core.maxCnxns = $1 },
            whole("clientPortListenBacklog", -1...65_535, default: -1, Text.clientPortListenBacklog) {
                $0.listenBacklog = $1 > 0 ? Int32($1) : nil
            },
            whole("globalOutstandingLimit", 1...1_000_000, default: 1_000, Text.globalOutstandingLimit) {
                $0.core.globalOutstandingLimit = $1
            },
            whole("request_throttle_max_requests", 0...1_000_000, default: 0, Text.requestThrottle) {
                $0.core.requestThrottleMaxRequests = $1
            },
            whole("throttled_op_wait_time", 0...Int(Int32.max), default: 0, Text.throttledOpWait) {
                $0.core.throttledOpWaitTime = .milliseconds(UInt64($1))
            },
            whole("jute.maxbuffer", 1_024...(1 << 30), default: 1_048_575, Text.frameLimit) {
                $0.core.frameLimit = $1
            },
            whole("nio.sessionlessCnxnTimeout", 1...3_600_000, default: 10_000, Text.handshakeTimeout) {
                $0.core.handshakeTimeout = .milliseconds(UInt64($1))
            },
            flag("clientTcpKeepAlive", default: false, Text.keepAlive) { $0.keepsAlive = $1 },
            whole("largeRequestThreshold", -1...Int(Int32.max), default: -1, Text.largeThreshold) {
                $0.core.largeRequestThreshold = $1 > 0 ? $1 : nil
            },
            whole("largeRequestMaxBytes", 1...Int(Int32.max), default: 100 << 20, Text.largeMaximum) {
                $0.core.largeRequestMaxBytes = $1
            },
        ] + throttleKeys
        + ignored(
            Text.pausesInstead,
            """
            request_throttle_stall_time request_throttle_drop_stale request_stale_latency_check
            request_stale_connection_check request_throttler.shutdownTimeout
            """)
        + ignored(Text.readsWholeFrames, "jute.maxbuffer.extrasize")

    private static let throttleKeys: [ConfigurationKey] = [
        whole("connection_throttle_tokens", 0...1_000_000, default: 0, Text.throttleTokens) {
            $0.core.connectionThrottle.tokens = $1
        },
        whole("connection_throttle_fill_time", 1...Int(Int32.max), default: 1, Text.throttleFillTime) {
            $0.core.connectionThrottle.fillTime = .milliseconds(UInt64($1))
        },
        whole("connection_throttle_fill_count", 1...1_000_000, default: 1, Text.throttleFillCount) {
            $0.core.connectionThrottle.fillCount = $1
        },
        whole("connection_throttle_freeze_time", -1...Int(Int32.max), default: -1, Text.throttleFreezeTime) {
            $0.core.connectionThrottle.freezeTime = $1 < 0 ? nil : .milliseconds(UInt64($1))
        },
        part("connection_throttle_drop_increase", default: "0.02", Text.throttleIncrease) {
            $0.core.connectionThrottle.dropIncrease = $1
        },
        part("connection_throttle_drop_decrease", default: "0.002", Text.throttleDecrease) {
            $0.core.connectionThrottle.dropDecrease = $1
        },
        part("connection_throttle_decrease_ratio", default: "0", Text.throttleRatio) {
            $0.core.connectionThrottle.decreaseRatio = $1
        },
        flag("connection_throttle_weight_enabled", default: false, Text.throttleWeighted) {
            $0.core.connectionThrottle.isWeighted = $1
        },
        whole("connection_throttle_global_session_weight", 1...1_000, default: 3, Text.throttleGlobalWeight) {
            $0.core.connectionThrottle.globalSessionWeight = $1
        },
        whole("connection_throttle_local_session_weight", 1...1_000, default: 1, Text.throttleLocalWeight) {
            $0.core.connectionThrottle.localSessionWeight = $1
        },
        whole("connection_throttle_renew_session_weight", 1...1_000, default: 2, Text.throttleRenewWeight) {
            $0.core.connectionThrottle.renewSessionWeight = $1
        },
    ]

    static let nodeKeys: [ConfigurationKey] = [
        flag("extendedTypesEnabled", default: false, Text.extendedTypesEnabled) { $0.core.extendedTypesEnabled = $1 },
        flag("emulate353TTLNodes", default: false, Text.emulate353TTLNodes) { $0.core.emulate353TTLNodes = $1 },
        whole("znode.container.checkIntervalMs", 1...Int(Int32.max), default: 60_000, Text.containerCheckInterval) {
            $0.core.containerCheckInterval = .milliseconds(UInt64($1))
        },
        whole("znode.container.maxPerMinute", 1...1_000_000_000, default: 10_000, Text.containerMaxPerMinute) {
            $0.core.containerMaxPerMinute = $1
        },
        whole("znode.container.maxNeverUsedIntervalMs", 0...Int(Int32.max), default: 0, Text.containerNeverUsed) {
            $0.core.containerMaxNeverUsedMilliseconds = Int64($1)
        },
        flag("enforceQuota", default: false, Text.enforceQuota) { $0.core.enforceQuota = $1 },
    ]
}
