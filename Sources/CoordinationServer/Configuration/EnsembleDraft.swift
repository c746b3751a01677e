import Messages
import StateMachines
import WireProtocol
import Zab

/// What a configuration has said of an ensemble so far.
struct EnsembleDraft: Sendable {
    var members = QuorumConfigurationText(servers: [])
    /// `standaloneEnabled`: a single server is no ensemble of one.
    var mayStandAlone = true
    var listensOnAllAddresses = false
    var keepsAlive = false
    var tls = QuorumTLSOptions()
    var login = QuorumLoginDraft()
    var connectionTimeout: Tick = .seconds(5)
    var electionGreetingTimeout: Tick?
    var electionPortAttempts = 3
    var oraclePath: String?
    var initLimit: UInt64 = 10
    var syncLimit: UInt64 = 5
    var leastResendInterval: Tick = .milliseconds(200)
    var longestResendInterval: Tick = .seconds(60)
    var connectionLimit: UInt64 = 0
    var connectionPause: Tick = .milliseconds(100)
    var longestEpochWait: Tick?
    var observerConnectionDelay: Tick = .zero
    var observerElectionDelay: Tick = .milliseconds(200)
    var windowLimit = 500
    var observerMasterPort: UInt16?
    var concurrentSnapshotLimit = 10
    var concurrentDifferenceLimit = 100
    var logSizeLimitPerThousand = 330

    /// A `QuorumServer`.
    mutating func addServer(_ entry: ConfigurationEntry) throws(ConfigurationFailure) {
        guard let id = Self.number(entry), let server = QuorumServer(id: id, entry.value) else {
            throw entry.failure(ConfigurationMessages.serverLine)
        }
        guard members[server: id] == nil else { throw repeated(entry) }
        members.servers.append(server)
    }

    mutating func addGroup(_ entry: ConfigurationEntry) throws(ConfigurationFailure) {
        guard let id = Self.number(entry), let servers = QuorumConfigurationText.members(entry.value) else {
            throw entry.failure(ConfigurationMessages.groupLine)
        }
        let isTaken = members.groups.contains { $0.id == id || $0.members.contains(where: servers.contains) }
        guard !isTaken else { throw repeated(entry) }
        members.groups.append(QuorumConfigurationText.Group(id: id, members: servers))
    }

    mutating func addWeight(_ entry: ConfigurationEntry) throws(ConfigurationFailure) {
        guard let id = Self.number(entry), let weight = UInt32(entry.value) else {
            throw entry.failure(ConfigurationMessages.weightLine)
        }
        guard !members.weights.contains(where: { $0.server == id }) else { throw repeated(entry) }
        members.weights.append(QuorumConfigurationText.Weight(server: id, weight: Int64(weight)))
    }

    private static func number(_ entry: ConfigurationEntry) -> Int64? {
        Int64(entry.name.split(separator: ".").last ?? "")
    }

    private func repeated(_ entry: ConfigurationEntry) -> ConfigurationFailure {
        ConfigurationFailure(message: ConfigurationMessages.repeatedMember(entry.place, entry.name))
    }

    /// Whether servers replicate together, rather than one that stands alone.
    var isEnsemble: Bool { members.servers.count > (mayStandAlone ? 1 : 0) }

    /// - Parameters:
    ///   - loginFile: with the passwords of servers.
    ///   - dataFolder: where the file `myid` is.
    ///   - read: reads a file.
    func options(
        _ file: String, _ loginFile: LoginFile?, dataFolder: String, tick: Tick,
        _ read: (String) throws(ConfigurationFailure) -> String
    ) throws(ConfigurationFailure) -> EnsembleOptions {
        let me = try ownNumber(in: dataFolder + "/myid", read)
        guard members[server: me] != nil else {
            throw ConfigurationFailure(
                message: ConfigurationMessages.notAMember(file, me, members.servers.map { "\($0.id)" }))
        }
        try checkGroups(file)
        var options = EnsembleOptions(me: ServerID(me), members: members)
        options.timing = timing(tick)
        options.connectionTimeout = connectionTimeout
        options.electionGreetingTimeout = electionGreetingTimeout
        options.electionPortAttempts = electionPortAttempts
        options.oraclePath = oraclePath
        options.configurationFile = file.isEmpty ? nil : PathText.absolute(file)
        options.listensOnAllAddresses = listensOnAllAddresses
        options.keepsAlive = keepsAlive
        options.tls = tls
        options.login = try login.options(file, loginFile)
        options.windowLimit = windowLimit
        options.observerMasterPort = observerMasterPort
        options.concurrentSnapshotLimit = concurrentSnapshotLimit
        options.concurrentDifferenceLimit = concurrentDifferenceLimit
        options.logSizeLimitPerThousand = logSizeLimitPerThousand
        return options
    }

    private func timing(_ tick: Tick) -> ZabTiming {
        ZabTiming(
            tick: tick, initLimit: initLimit, syncLimit: syncLimit, leastResendInterval: leastResendInterval,
            longestResendInterval: max(longestResendInterval, leastResendInterval), connectionPause: connectionPause,
            connectionLimit: connectionLimit, longestEpochWait: longestEpochWait,
            observerConnectionDelay: observerConnectionDelay, observerElectionDelay: observerElectionDelay)
    }

    private func ownNumber(
        in path: String, _ read: (String) throws(ConfigurationFailure) -> String
    ) throws(ConfigurationFailure) -> Int64 {
        let text: String
        do {
            text = try read(path)
        } catch {
            throw ConfigurationFailure(message: ConfigurationMessages.noOwnNumber(path))
        }
        let digits = text.split(whereSeparator: \.isWhitespace)
        guard digits.count == 1, let number = Int64(digits[0]) else {
            throw ConfigurationFailure(message: ConfigurationMessages.noOwnNumber(path))
        }
        return number
    }

    /// With groups, everybody who votes must be in one.
    private func checkGroups(_ file: String) throws(ConfigurationFailure) {
        guard !members.groups.isEmpty else { return }
        let lost = members.servers.first { server in
            server.role == .participant && !members.groups.contains { $0.members.contains(server.id) }
        }
        if let lost { throw ConfigurationFailure(message: ConfigurationMessages.withoutGroup(file, lost.id)) }
    }
}
