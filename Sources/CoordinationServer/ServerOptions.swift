package import CoordinationCore
package import Messages
import StateMachines

/// Everything a server is told before it starts.
package struct ServerOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free one.
    package var port: UInt16 = 2181
    /// False for a server that has a secure port only.
    package var hasPlainPort = true
    package var tls = ServerTLSOptions()
    package var storage = StorageOptions()
    package var core = CoreConfiguration()

    package init() {}

    /// The folder that holds `version-2`.
    package var dataFolder: String {
        get { storage.dataFolder }
        set { storage.dataFolder = newValue }
    }
}

/// A configuration that cannot be used.
package struct ConfigurationFailure: LocalizedFailure {
    package let message: LocalizedText
}

/// The text of a `zoo.cfg`, understood.
package struct ZooConfiguration: Sendable {
    package internal(set) var options = ServerOptions()
    /// Keys without effect, in the order of their lines.
    package private(set) var warnings: [LocalizedText] = []
    let file: String
    private var serverLines = 0

    /// - Parameter file: for messages only.
    package init(_ text: String, file: String) throws(ConfigurationFailure) {
        self.file = file
        options.host = "0.0.0.0"  // As ZooKeeper: the loopback interface must be asked for.
        var keys: Set<String> = []
        var number = 0
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let line = raw.trimmed
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix("!") { continue }
            guard let separator = line.firstIndex(of: "=") else {
                throw ConfigurationFailure(message: ServerMessages.malformedLine(file, line: number, String(line)))
            }
            let key = String(line[..<separator].trimmed)
            keys.insert(key)
            try apply(key, String(line[line.index(after: separator)...].trimmed), line: number)
        }
        options.hasPlainPort = keys.contains("clientPort") || options.tls.securePort == nil
        for key in ["clientPort", "dataDir"] where !keys.contains(key) {
            guard key == "dataDir" || options.hasPlainPort else { continue }
            throw ConfigurationFailure(message: ServerMessages.missingKey(file, key))
        }
    }

    private mutating func apply(_ key: String, _ value: String, line: Int) throws(ConfigurationFailure) {
        func number(in range: ClosedRange<Int>) throws(ConfigurationFailure) -> Int {
            try self.number(key, value, line: line, in: range)
        }
        func folder() throws(ConfigurationFailure) -> String {
            guard !value.isEmpty else {
                throw ConfigurationFailure(
                    message: ServerMessages.badValue(
                        file, line: line, key: key, value: value, wanted: ServerMessages.folderPath))
            }
            return value
        }
        switch key {
        case "clientPort": options.port = UInt16(try number(in: 0...65_535))
        case "clientPortAddress": options.host = value
        case "dataDir": options.dataFolder = try folder()
        case "dataLogDir": options.storage.logFolder = try folder()
        case "tickTime": options.core.tickTime = .milliseconds(UInt64(try number(in: 1...3_600_000)))
        case "minSessionTimeout":
            options.core.minSessionTimeoutMilliseconds = Int32(try number(in: 1...Int(Int32.max)))
        case "maxSessionTimeout":
            options.core.maxSessionTimeoutMilliseconds = Int32(try number(in: 1...Int(Int32.max)))
        case "maxClientCnxns": options.core.connectionLimitPerAddress = try number(in: 0...1_000_000)
        case "jute.maxbuffer": options.core.frameLimit = try number(in: 1_024...(1 << 30))
        case "4lw.commands.whitelist": options.core.commandWhitelist = Self.words(value)
        default:
            if try applyStorage(key, value, line: line) { return }
            if try applyTLS(key, value, line: line) { return }
            if try applyToCore(key, value, line: line) { return }
            if key.hasPrefix("server.") { serverLines += 1 }
            guard serverLines < 2 else {
                throw ConfigurationFailure(message: ServerMessages.ensembleUnsupported(file, line: line))
            }
            warnings.append(ServerMessages.unknownKey(file, line: line, key))
        }
    }

    func number(
        _ key: String, _ value: String, line: Int, in range: ClosedRange<Int>
    ) throws(ConfigurationFailure) -> Int {
        guard let number = Int(value), range.contains(number) else {
            let wanted = ServerMessages.number(from: range.lowerBound, to: range.upperBound)
            throw ConfigurationFailure(
                message: ServerMessages.badValue(file, line: line, key: key, value: value, wanted: wanted))
        }
        return number
    }

    func badValue(
        _ key: String, _ value: String, line: Int, wanted: LocalizedText
    ) -> ConfigurationFailure {
        ConfigurationFailure(
            message: ServerMessages.badValue(file, line: line, key: key, value: value, wanted: wanted))
    }

    private static func words(_ list: String) -> [FourLetterWord] {
        let names = list.split(separator: ",").map(\.trimmed)
        return names.contains("*") ? FourLetterWord.allCases : names.compactMap { FourLetterWord(rawValue: String($0)) }
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard let start = firstIndex(where: { !blank($0) }), let end = lastIndex(where: { !blank($0) }) else {
            return self[endIndex...]
        }
        return self[start...end]
    }
}
