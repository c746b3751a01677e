import CoordinationCore
import Messages
import StateMachines

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
            try configuration.addServer(entry)
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
        ]
        + ignored(
            Text.pausesInstead,
            """
            request_throttle_stall_time request_throttle_drop_stale request_stale_latency_check
            request_stale_connection_check request_throttler.shutdownTimeout largeRequestMaxBytes
            largeRequestThreshold
            """)
        + ignored(
            Text.noConnectionTokens,
            """
            connection_throttle_tokens connection_throttle_fill_time connection_throttle_fill_count
            connection_throttle_freeze_time connection_throttle_drop_increase connection_throttle_drop_decrease
            connection_throttle_decrease_ratio connection_throttle_weight_enabled
            connection_throttle_global_session_weight connection_throttle_local_session_weight
            connection_throttle_renew_session_weight
            """)
        + ignored(Text.readsWholeFrames, "jute.maxbuffer.extrasize")

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

extension ZooConfiguration {
    /// `server.N=host:port:port[:role][;[address:]clientPort]`. One such line means a server by itself.
    mutating func addServer(_ entry: ConfigurationEntry) throws(ConfigurationFailure) {
        let parts = entry.value.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard let addresses = parts.first, Int(entry.name.split(separator: ".").last ?? "") != nil,
            addresses.split(separator: "|").allSatisfy({ $0.split(separator: ":").count >= 3 }), !addresses.isEmpty
        else { throw entry.failure(ConfigurationMessages.serverLine) }
        serverCount += 1
        guard serverCount == 1 else {
            throw ConfigurationFailure(message: ServerMessages.ensembleUnsupported(entry.place))
        }
        guard parts.count == 2 else { return }
        let client = parts[1]
        let colon = client.lastIndex(of: ":")
        guard let port = UInt16(colon.map { client[client.index(after: $0)...] } ?? client) else {
            throw entry.failure(ConfigurationMessages.serverLine)
        }
        serverClientAddress = (colon.map { String(client[..<$0]) }, port)
    }
}
