import EventLoop
import Messages
import StateMachines

/// One key of `zoo.cfg` that is about TLS.
struct TLSKey: Sendable {
    let name: String
    let defaultText: String
    let explanation: LocalizedText
    /// What its value must be.
    let wanted: LocalizedText
    /// False for a value that cannot be.
    let set: @Sendable (inout ServerTLSOptions, String) -> Bool

    /// As ZooKeeper 3.9 names and understands them.
    static let all: [TLSKey] = ports + stores + rules

    private typealias Text = TLSMessages

    private static let ports = [
        TLSKey(name: "secureClientPort", defaultText: "", explanation: Text.securePort, wanted: Text.portNumber) {
            guard let port = UInt16($1) else { return false }
            $0.securePort = port
            return true
        },
        text("secureClientPortAddress", "0.0.0.0", Text.secureAddress) { $0.secureHost = $1 },
        flag("client.portUnification", "false", Text.portUnification) { $0.isPortUnified = $1 },
        flag("client.certReload", "false", Text.certReload) { $0.reloadsCertificates = $1 },
    ]

    private static let stores =
        store("ssl.keyStore", Text.keyStore, \.keyStore) + store("ssl.trustStore", Text.trustStore, \.trustStore)

    private static let rules = [
        choice("ssl.clientAuth", "need", TLSOptions.ClientCertificate.self, Text.clientAuth) {
            $0.rules.clientCertificate = $1
        },
        versions("ssl.protocol", Text.protocolName),
        versions("ssl.enabledProtocols", Text.enabledProtocols),
        text("ssl.ciphersuites", "", Text.cipherSuites) { $0.rules.cipherSuites = words($1) },
        flag("ssl.hostnameVerification", "true", Text.hostnameVerification) { $0.verifiesNames = $1 },
        flag("ssl.clientHostnameVerification", "false", Text.clientHostnameVerification) {
            $0.verifiesClientNames = $1
        },
        flag("ssl.crl", "false", Text.revocationLists) { $0.rules.checksRevocation = $1 },
        TLSKey(
            name: "ssl.handshakeDetectionTimeoutMillis", defaultText: "10000", explanation: Text.handshakeTimeout,
            wanted: Text.milliseconds
        ) {
            guard let milliseconds = UInt32($1), milliseconds > 0 else { return false }
            $0.rules.handshakeTimeout = .milliseconds(UInt64(milliseconds))
            return true
        },
        TLSKey(
            name: "netty.server.outstandingHandshake.limit", defaultText: "-1", explanation: Text.handshakeLimit,
            wanted: Text.handshakeLimitWanted
        ) {
            guard let limit = Int32($1) else { return false }
            $0.handshakeLimit = limit > 0 ? Int(limit) : nil
            return true
        },
    ]

    // MARK: Making rows

    private static func text(
        _ name: String, _ defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerTLSOptions, String) -> Void
    ) -> TLSKey {
        TLSKey(name: name, defaultText: defaultText, explanation: explanation, wanted: Text.notEmpty) {
            guard !$1.isEmpty else { return false }
            set(&$0, $1)
            return true
        }
    }

    private static func flag(
        _ name: String, _ defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerTLSOptions, Bool) -> Void
    ) -> TLSKey {
        TLSKey(name: name, defaultText: defaultText, explanation: explanation, wanted: Text.trueOrFalse) {
            guard let value = Bool($1.lowercased()) else { return false }
            set(&$0, value)
            return true
        }
    }

    /// Upper and lower case are the same, as in ZooKeeper.
    private static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ defaultText: String, _ type: Value.Type, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout ServerTLSOptions, Value) -> Void
    ) -> TLSKey where Value.RawValue == String {
        let values = Array(Value.allCases)
        let wanted = Text.oneOf(values.map(\.rawValue).joined(separator: ", "))
        return TLSKey(name: name, defaultText: defaultText, explanation: explanation, wanted: wanted) { options, word in
            guard let value = values.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else {
                return false
            }
            set(&options, value)
            return true
        }
    }

    /// Older versions in a list do no harm and are left out; a list without TLS 1.2 and 1.3 is refused.
    private static func versions(_ name: String, _ explanation: LocalizedText) -> TLSKey {
        TLSKey(name: name, defaultText: "TLSv1.3,TLSv1.2", explanation: explanation, wanted: Text.versions) {
            let versions = words($1).flatMap { word in
                word == "TLS" ? TLSVersion.allCases : TLSVersion(rawValue: word).map { [$0] } ?? []
            }
            guard let lowest = versions.min(), let highest = versions.max() else { return false }
            $0.rules.versions = lowest...highest
            return true
        }
    }

    private static func store(
        _ prefix: String, _ explanation: LocalizedText,
        _ path: any WritableKeyPath<TLSOptions, TLSStore?> & Sendable
    ) -> [TLSKey] {
        let change: @Sendable (inout ServerTLSOptions, (inout TLSStore) -> Void) -> Void = { options, body in
            var store = options.rules[keyPath: path] ?? TLSStore("")
            body(&store)
            options.rules[keyPath: path] = store
        }
        return [
            text(prefix + ".location", "", explanation) { options, value in change(&options) { $0.location = value } },
            TLSKey(
                name: prefix + ".password", defaultText: "", explanation: Text.password, wanted: Text.notEmpty
            ) { options, value in
                change(&options) { $0.password = value }
                return true
            },
            text(prefix + ".passwordPath", "", Text.passwordPath) { options, value in
                change(&options) { $0.passwordLocation = value }
            },
            choice(prefix + ".type", "", TLSStore.Format.self, Text.storeType) { options, value in
                change(&options) { $0.format = value }
            },
        ]
    }

    private static func words(_ list: String) -> [String] {
        list.split { $0 == "," || $0 == ":" || $0 == " " }.map(String.init)
    }
}
