import CoordinationClient

/// How a shell begins; spelled as ZooKeeper's own shell spells it, and in its manner where that has nothing of the kind.
package struct ShellOptions: Hashable, Sendable {
    package var server = "localhost:2181"
    package var timeoutMilliseconds: Int64 = 30_000
    /// `-r`.
    package var isReadOnlyAllowed = false
    /// `-waitforconnection`.
    package var waitsForConnection = false
    /// `-client-configuration`: a file to be understood by `ClientConfiguration`.
    package var clientConfiguration: String?
    /// A command to run instead of a conversation, with its arguments.
    package var command: [String] = []

    /// What the options about TLS say; nil where they say nothing.
    private struct Security: Hashable, Sendable {
        var isWanted = false
        var authorities: String?
        var certificate: String?
        var privateKey: String?
        var passwordFile: String?
        var verifiesHostName: Bool?
    }
    private var security = Security()
    /// How to speak TLS; nil for without.
    private(set) var tls: ClientTLS?
    private(set) var login: Login?
    private var answerLimit: Int?

    /// Why options cannot be understood.
    package enum Problem: Error, Hashable, Sendable {
        case missingValue(String)
        case unknownOption(String)
        case notANumber(String, String)
        case neitherOnNorOff(String, String)
        /// The first means nothing without the second.
        case missingCompanion(String, String)
    }

    package init() {}

    /// Reads "-server host:port -timeout 5000 ls /".
    package init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        while let option = rest.first, option.hasPrefix("-") {
            rest.removeFirst()
            switch option {
            case "-server": server = try Self.value(of: option, &rest)
            case "-timeout":
                let text = try Self.value(of: option, &rest)
                guard let number = Int64(text), number > 0 else { throw .notANumber(option, text) }
                timeoutMilliseconds = number
            case "-r": isReadOnlyAllowed = true
            case "-waitforconnection": waitsForConnection = true
            case "-client-configuration": clientConfiguration = try Self.value(of: option, &rest)
            default: try readSecurity(option, &rest)
            }
        }
        command = Array(rest)
        if security.privateKey != nil, security.certificate == nil { throw .missingCompanion("-key", "-cert") }
        if security.passwordFile != nil, security.certificate == nil {
            throw .missingCompanion("-key-password-file", "-cert")
        }
        tls = secured(nil)
    }

    private mutating func readSecurity(_ option: String, _ rest: inout ArraySlice<String>) throws(Problem) {
        switch option {
        case "-tls": break
        case "-ca": security.authorities = try Self.value(of: option, &rest)
        case "-cert": security.certificate = try Self.value(of: option, &rest)
        case "-key": security.privateKey = try Self.value(of: option, &rest)
        case "-key-password-file": security.passwordFile = try Self.value(of: option, &rest)
        case "-verify-host":
            let word = try Self.value(of: option, &rest)
            guard word == "on" || word == "off" else { throw .neitherOnNorOff(option, word) }
            security.verifiesHostName = word == "on"
        default: throw .unknownOption(option)
        }
        security.isWanted = true  // Whoever names a certificate wants TLS.
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(Problem) -> String {
        guard let value = rest.popFirst() else { throw .missingValue(option) }
        return value
    }

    /// Adds what a file says; options count more.
    package mutating func apply(_ configuration: ClientConfiguration) {
        tls = secured(configuration.tls)
        login = configuration.login
        answerLimit = configuration.answerLimit
    }

    private func secured(_ base: ClientTLS?) -> ClientTLS? {
        guard security.isWanted || base != nil else { return nil }
        var tls = base ?? ClientTLS()
        if let authorities = security.authorities { tls.authorities = authorities }
        if let certificate = security.certificate {
            (tls.certificate, tls.privateKey) = (certificate, security.privateKey)
            tls.passwordFile = security.passwordFile
        }
        if let verifies = security.verifiesHostName { tls.verifiesHostName = verifies }
        return tls
    }

    var client: ClientOptions {
        ClientOptions(
            sessionTimeout: .milliseconds(timeoutMilliseconds), isReadOnlyAllowed: isReadOnlyAllowed, tls: tls,
            login: login, answerLimit: answerLimit ?? ClientOptions().answerLimit)
    }
}
