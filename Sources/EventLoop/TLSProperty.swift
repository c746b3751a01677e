package import Messages
import StateMachines

/// A setting of TLS under ZooKeeper's name for it: a key of a server's `zoo.cfg`, or behind “zookeeper.” one of a client's file.
package struct TLSProperty<Options>: Sendable {
    package let name: String
    package let defaultText: String
    package let explanation: LocalizedText
    /// What its value must be.
    package let wanted: LocalizedText
    /// False for a value that cannot be.
    package let set: @Sendable (inout Options, String) -> Bool

    package init(
        name: String, defaultText: String, explanation: LocalizedText, wanted: LocalizedText,
        set: @escaping @Sendable (inout Options, String) -> Bool
    ) {
        self.name = name
        self.defaultText = defaultText
        self.explanation = explanation
        self.wanted = wanted
        self.set = set
    }

    /// The same setting as a part of something larger.
    package func within<Whole>(_ part: any WritableKeyPath<Whole, Options> & Sendable) -> TLSProperty<Whole> {
        let set = set
        return TLSProperty<Whole>(
            name: name, defaultText: defaultText, explanation: explanation, wanted: wanted
        ) { whole, value in set(&whole[keyPath: part], value) }
    }

    /// The same setting under another name.
    package func named(_ name: String, explanation: LocalizedText? = nil) -> TLSProperty {
        TLSProperty(
            name: name, defaultText: defaultText, explanation: explanation ?? self.explanation, wanted: wanted, set: set
        )
    }

    package static func text(
        _ name: String, _ defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout Options, String) -> Void
    ) -> TLSProperty {
        TLSProperty(name: name, defaultText: defaultText, explanation: explanation, wanted: TLSMessages.notEmpty) {
            guard !$1.isEmpty else { return false }
            set(&$0, $1)
            return true
        }
    }

    package static func flag(
        _ name: String, _ defaultText: String, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout Options, Bool) -> Void
    ) -> TLSProperty {
        TLSProperty(name: name, defaultText: defaultText, explanation: explanation, wanted: TLSMessages.trueOrFalse) {
            guard let value = Bool($1.lowercased()) else { return false }
            set(&$0, value)
            return true
        }
    }

    /// Upper and lower case are the same, as in ZooKeeper.
    package static func choice<Value: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ defaultText: String, _ type: Value.Type, _ explanation: LocalizedText,
        _ set: @escaping @Sendable (inout Options, Value) -> Void
    ) -> TLSProperty where Value.RawValue == String {
        let values = Array(Value.allCases)
        let wanted = TLSMessages.oneOf(values.map(\.rawValue).joined(separator: ", "))
        return TLSProperty(name: name, defaultText: defaultText, explanation: explanation, wanted: wanted) {
            options, word in
            guard let value = values.first(where: { $0.rawValue.lowercased() == word.lowercased() }) else {
                return false
            }
            set(&options, value)
            return true
        }
    }
}

/// What both sides of a connection may set, as ZooKeeper 3.9 names and understands it.
extension TLSProperty where Options == TLSOptions {
    private typealias Text = TLSMessages

    /// A client's settings; whether it checks the server's name is its own affair.
    package static var client: [TLSProperty] {
        stores + agreement
            + [flag("ssl.hostnameVerification", "true", Text.hostnameVerification) { $0.verifiesPeerName = $1 }]
            + revocation
    }

    /// Keys and certificates.
    package static var stores: [TLSProperty] {
        store("ssl.keyStore", Text.keyStore, \.keyStore) + store("ssl.trustStore", Text.trustStore, \.trustStore)
    }

    /// What both sides have to agree on.
    package static var agreement: [TLSProperty] {
        [
            versions("ssl.protocol", Text.protocolName),
            versions("ssl.enabledProtocols", Text.enabledProtocols),
            text("ssl.ciphersuites", "", Text.cipherSuites) { $0.cipherSuites = words($1) },
        ]
    }

    package static var revocation: [TLSProperty] {
        [flag("ssl.crl", "false", Text.revocationLists) { $0.checksRevocation = $1 }]
    }

    /// Older versions in a list do no harm and are left out; a list without TLS 1.2 and 1.3 is refused.
    private static func versions(_ name: String, _ explanation: LocalizedText) -> TLSProperty {
        TLSProperty(
            name: name, defaultText: "TLSv1.3,TLSv1.2", explanation: explanation, wanted: Text.versions
        ) {
            let versions = words($1).flatMap { word in
                word == "TLS" ? TLSVersion.allCases : TLSVersion(rawValue: word).map { [$0] } ?? []
            }
            guard let lowest = versions.min(), let highest = versions.max() else { return false }
            $0.versions = lowest...highest
            return true
        }
    }

    private static func store(
        _ prefix: String, _ explanation: LocalizedText,
        _ path: any WritableKeyPath<TLSOptions, TLSStore?> & Sendable
    ) -> [TLSProperty] {
        let change: @Sendable (inout TLSOptions, (inout TLSStore) -> Void) -> Void = { options, body in
            var store = options[keyPath: path] ?? TLSStore("")
            body(&store)
            options[keyPath: path] = store
        }
        return [
            text(prefix + ".location", "", explanation) { options, value in change(&options) { $0.location = value } },
            TLSProperty(
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
