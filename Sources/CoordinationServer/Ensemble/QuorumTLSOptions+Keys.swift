import EventLoop
import Messages
import StateMachines

extension QuorumTLSOptions {
    /// The keys of `zoo.cfg`, as ZooKeeper 3.9 names and understands them: those for clients' connections, with “quorum” in their names.
    static let properties: [TLSProperty<QuorumTLSOptions>] =
        [
            .flag("sslQuorum", "false", TLSMessages.quorumTLS) { $0.isWanted = $1 },
            .flag("portUnification", "false", TLSMessages.quorumUnification) { $0.isUnified = $1 },
            .flag("sslQuorumReloadCertFiles", "false", TLSMessages.certReload) { $0.reloadsCertificates = $1 },
            .choice("ssl.quorum.clientAuth", "need", TLSOptions.ClientCertificate.self, TLSMessages.clientAuth) {
                $0.rules.clientCertificate = $1
            },
            .flag("ssl.quorum.hostnameVerification", "true", TLSMessages.quorumHostnames) { $0.verifiesNames = $1 },
            .flag("ssl.quorum.clientHostnameVerification", "true", TLSMessages.clientHostnameVerification) {
                $0.verifiesClientNames = $1
            },
            TLSProperty(
                name: "ssl.quorum.handshakeDetectionTimeoutMillis", defaultText: "10000",
                explanation: TLSMessages.handshakeTimeout, wanted: TLSMessages.milliseconds
            ) {
                guard let milliseconds = UInt32($1), milliseconds > 0 else { return false }
                $0.rules.handshakeTimeout = .milliseconds(UInt64(milliseconds))
                return true
            },
        ]
        + (TLSProperty<TLSOptions>.stores + TLSProperty<TLSOptions>.agreement + TLSProperty<TLSOptions>.revocation)
        .map { $0.named(name($0), explanation: explanations[name($0)]).within(\QuorumTLSOptions.rules) }

    private static func name(_ property: TLSProperty<TLSOptions>) -> String {
        "ssl.quorum." + property.name.dropFirst("ssl.".count)
    }

    /// These two are used at more than one door.
    private static let explanations = [
        "ssl.quorum.keyStore.location": TLSMessages.quorumKeyStore,
        "ssl.quorum.trustStore.location": TLSMessages.quorumTrustStore,
    ]
}
