import CoordinationCore
import EventLoop
import JavaFormats
package import Messages
import StateMachines
import WireProtocol
import Zab

/// The text of a `zoo.cfg`, understood.
package struct ZooConfiguration: Sendable {
    package internal(set) var options = ServerOptions()
    /// What a person should know: keys without effect here, with the reason, and unknown ones, in the order of their lines.
    package private(set) var warnings: [LocalizedText] = []
    let file: String
    /// `dynamicConfigFile`, and where it is named.
    var dynamicFile: (path: String, place: LocalizedText)?
    var ensemble = EnsembleDraft()
    var loginFile: LoginFile?
    /// `sasl.serverconfig`: the section of that file with the users of clients, where that is not ‘Server’.
    var clientLoginSection: String?
    var hasClientPort = false
    /// `nil` where `admin.enableServer` is not given.
    var isAdminEnabled: Bool?
    var adminPort: UInt16?
    var servesMetrics = false
    var metricsPort: UInt16 = 7_000
    private var hasDataFolder = false

    /// One `-Dkey=value` of the command line, as Java takes them.
    package struct Property: Hashable, Sendable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// - Parameters:
    ///   - file: its path, for messages and for finding `dynamicConfigFile` beside it.
    ///   - properties: from the command line; the file has the last word.
    ///   - read: reads the file that `dynamicConfigFile` names.
    package init(
        _ text: String, file: String, properties: [Property] = [],
        read: (String) throws(ConfigurationFailure) -> String = ZooConfiguration.contents(of:)
    ) throws(ConfigurationFailure) {
        self.file = file
        options.host = "0.0.0.0"  // As ZooKeeper: the loopback interface must be asked for.
        options.core.tickTime = .milliseconds(3_000)
        try apply(properties)
        options.configurationText = text
        options.fileProperties = Self.javaProperties(of: text)
        for property in PropertyLines(text) { try apply(property, in: file) }
        if let dynamicFile { try applyDynamic(dynamicFile.path, dynamicFile.place, read) }
        try finish(read)
    }

    /// `PORT DATADIR [TICKTIME] [MAXCNXNS]`, which `zkServer.sh` takes in place of a file.
    package init(positional arguments: [String], properties: [Property] = []) throws(ConfigurationFailure) {
        file = ""
        options.host = "0.0.0.0"
        options.core.tickTime = .milliseconds(3_000)
        try apply(properties)
        for (key, value) in zip(["clientPort", "dataDir", "tickTime", "maxClientCnxns"], arguments) {
            try apply(ConfigurationEntry(name: key, value: value, place: ConfigurationMessages.commandLine))
        }
        try finish(ZooConfiguration.contents(of:))
    }

    /// No file: 127.0.0.1:2181, data below the working folder.
    package init(properties: [Property]) throws(ConfigurationFailure) {
        file = ""
        (hasDataFolder, hasClientPort) = (true, true)
        try apply(properties)
        try finish(ZooConfiguration.contents(of:))
    }

    /// Reads a file of the configuration.
    package static func contents(of path: String) throws(ConfigurationFailure) -> String {
        guard let bytes = try? InputFile(path).bytes(), let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationFailure(message: ServerMessages.unreadableConfiguration(path))
        }
        return text
    }

    private mutating func apply(_ properties: [Property]) throws(ConfigurationFailure) {
        options.properties = properties
        for property in properties {
            try apply(
                ConfigurationEntry(
                    name: property.key, value: property.value, place: ConfigurationMessages.commandLine))
        }
    }

    private mutating func apply(_ property: PropertyLines.Property, in file: String) throws(ConfigurationFailure) {
        let place = ConfigurationMessages.place(file, line: property.line)
        guard property.hasSeparator else {
            throw ConfigurationFailure(message: ServerMessages.malformedLine(place, property.text))
        }
        try apply(ConfigurationEntry(name: property.key, value: property.value, place: place))
    }

    private mutating func apply(_ entry: ConfigurationEntry) throws(ConfigurationFailure) {
        guard let key = ConfigurationKey.find(entry.name) else {
            warnings.append(
                ServerMessages.unknownKey(
                    entry.place, entry.name, nearest: ConfigurationKey.nearest(to: entry.name)))
            return
        }
        guard let apply = key.apply else {
            warnings.append(ServerMessages.keyWithoutEffect(entry.place, entry.name, reason: key.explanation))
            return
        }
        if key.name == "dataDir" { hasDataFolder = true }
        try apply(entry, &self)
    }

    /// The file of `dynamicConfigFile` holds `server.N` lines and their like only.
    private mutating func applyDynamic(
        _ path: String, _ place: LocalizedText, _ read: (String) throws(ConfigurationFailure) -> String
    ) throws(ConfigurationFailure) {
        if let version = ConfigurationFiles.version(ofFileNamed: path) { ensemble.members.version = version }
        for property in PropertyLines(try read(path)) {
            let key = property.key
            guard key == "version" || ["server.", "group.", "weight."].contains(where: key.hasPrefix) else {
                throw ConfigurationFailure(
                    message: ConfigurationMessages.notDynamic(
                        ConfigurationMessages.place(path, line: property.line), key))
            }
            guard key == "version" else {
                try apply(property, in: path)
                continue
            }
            if let version = UInt64(property.value, radix: 16) { ensemble.members.version = Int64(bitPattern: version) }
        }
    }

    private mutating func readClientLogins(_ loginFile: LoginFile) {
        options.core.access.saslUsers = JAASFile.users(in: loginFile.text, section: clientLoginSection ?? "Server")
        if let clientLoginSection, options.core.access.saslUsers.isEmpty {
            warnings.append(ConfigurationMessages.noClientUsers(loginFile.path, clientLoginSection))
        }
    }

    private mutating func finish(
        _ read: (String) throws(ConfigurationFailure) -> String
    ) throws(ConfigurationFailure) {
        if !hasDataFolder { throw ConfigurationFailure(message: ServerMessages.missingKey(file, "dataDir")) }
        if ensemble.isEnsemble {
            options.ensemble = try ensemble.options(
                file, loginFile, dataFolder: options.dataFolder, tick: options.core.tickTime, read)
        }
        if let loginFile { readClientLogins(loginFile) }
        options.core.standaloneEnabled = ensemble.mayStandAlone
        let own = options.ensemble.map { $0.members[server: $0.me.rawValue] } ?? ensemble.members.servers.first
        if !hasClientPort, let address = own?.clientAddress {
            (options.host, options.port) = (address.host, address.port)
            hasClientPort = true
        }
        options.hasPlainPort = hasClientPort || options.tls.securePort == nil
        if !hasClientPort, options.hasPlainPort {
            throw ConfigurationFailure(message: ServerMessages.missingKey(file, "clientPort"))
        }
        // Whence ZooKeeper takes them, too.
        options.administration.tls.keyStore = ensemble.tls.rules.keyStore
        options.administration.tls.trustStore = ensemble.tls.rules.trustStore
        // A port that nobody asked for is not opened; ZooKeeper opens its 8080 unasked.
        if isAdminEnabled ?? (adminPort != nil) { options.administration.port = adminPort ?? 8_080 }
        if servesMetrics { options.administration.metricsPort = metricsPort }
        if let lowest = options.core.minSessionTimeoutMilliseconds,
            let highest = options.core.maxSessionTimeoutMilliseconds, lowest > highest
        {
            throw ConfigurationFailure(
                message: ConfigurationMessages.timeoutsCrossed(file, lowest: Int(lowest), highest: Int(highest)))
        }
    }
}
