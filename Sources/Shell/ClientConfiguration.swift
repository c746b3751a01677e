import CoordinationClient
import EventLoop
import JavaFormats
package import Messages

/// A file of `-client-configuration`: settings of ZooKeeper's Java client, as far as they mean something here.
package struct ClientConfiguration: Sendable {
    /// nil where the file does not ask for TLS.
    private(set) var tls: ClientTLS?
    /// Who logs in by SASL; nil for nobody.
    private(set) var login: Login?
    /// The longest answer that is taken, in bytes; nil where the file does not say.
    private(set) var answerLimit: Int?
    /// What a person should know of settings that have no effect here, in the order of their lines.
    package private(set) var warnings: [LocalizedText] = []

    /// A file that cannot be used.
    package struct Failure: LocalizedFailure, Hashable {
        package let message: LocalizedText
    }

    private enum Key {
        static let prefix = "zookeeper."
        static let secure = "client.secure"
        static let socket = "clientCnxnSocket"
        static let loginFile = "java.security.auth.login.config"
        static let loginSection = "sasl.clientconfig"
        static let login = "sasl.client"
        static let answerLimit = "jute.maxbuffer"
    }

    private var settings = TLSOptions(verifiesPeerName: true)
    private var isSecure = false
    private var loginFile: (path: String, place: LocalizedText)?
    private var loginSection = "Client"
    private var mayLogIn = true

    /// - Parameters:
    ///   - file: what the text is called in sentences about it.
    ///   - read: the text of another file; nil where it cannot be read.
    package init(_ text: String, file: String, read: (String) -> String?) throws(Failure) {
        for property in PropertyLines(text) {
            try apply(property, ConfigurationMessages.place(file, line: property.line))
        }
        if isSecure { tls = ClientTLS(settings) }
        if mayLogIn, let (path, place) = loginFile { login = try readLogin(path, place, read) }
    }

    private mutating func apply(_ property: PropertyLines.Property, _ place: LocalizedText) throws(Failure) {
        let isPrefixed = property.key.hasPrefix(Key.prefix)
        let name = isPrefixed ? String(property.key.dropFirst(Key.prefix.count)) : property.key
        switch name {
        case Key.secure: isSecure = try flag(property, place)
        case Key.login: mayLogIn = try flag(property, place)
        case Key.loginSection: loginSection = property.value
        case Key.loginFile: loginFile = (property.value, place)
        case Key.answerLimit:
            guard let limit = Int(property.value), (1_024...1 << 30).contains(limit) else {
                throw failure(property, place, ShellMessages.bytes)
            }
            answerLimit = limit
        case Key.socket: break  // Java needs another class for TLS; this client has one way for both.
        default:
            guard let known = TLSProperty<TLSOptions>.client.first(where: { $0.name == name }) else {
                warnings.append(ShellMessages.settingWithoutEffect(place, property.key))
                return
            }
            guard known.set(&settings, property.value) else {
                throw failure(property, place, known.wanted)
            }
        }
    }

    private func flag(_ property: PropertyLines.Property, _ place: LocalizedText) throws(Failure) -> Bool {
        guard let flag = Bool(property.value.lowercased()) else {
            throw failure(property, place, ConfigurationMessages.trueOrFalse)
        }
        return flag
    }

    private func readLogin(
        _ path: String, _ place: LocalizedText, _ read: (String) -> String?
    ) throws(Failure) -> Login {
        guard let text = read(path) else { throw Failure(message: ShellMessages.unreadable(place, path)) }
        guard let login = JAASFile.login(in: text, section: loginSection) else {
            throw Failure(message: ShellMessages.noLogin(path, section: loginSection))
        }
        return Login(user: login.user, password: login.password)
    }

    private func failure(
        _ property: PropertyLines.Property, _ place: LocalizedText, _ wanted: LocalizedText
    ) -> Failure {
        Failure(message: ServerMessages.badValue(place, key: property.key, value: property.value, wanted: wanted))
    }
}
