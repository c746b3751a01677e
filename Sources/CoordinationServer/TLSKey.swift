import EventLoop
import Messages
import StateMachines

/// One key of `zoo.cfg` that is about TLS.
typealias TLSKey = TLSProperty<ServerTLSOptions>

extension TLSProperty where Options == ServerTLSOptions {
    private typealias Text = TLSMessages

    /// As ZooKeeper 3.9 names and understands them.
    static var all: [TLSKey] {
        ports + rules(TLSProperty<TLSOptions>.stores) + clientCertificates + rules(TLSProperty<TLSOptions>.agreement)
            + names + rules(TLSProperty<TLSOptions>.revocation) + times
    }

    private static func rules(_ properties: [TLSProperty<TLSOptions>]) -> [TLSKey] {
        properties.map { $0.within(\ServerTLSOptions.rules) }
    }

    private static var ports: [TLSKey] {
        [
            TLSKey(name: "secureClientPort", defaultText: "", explanation: Text.securePort, wanted: Text.portNumber) {
                guard let port = UInt16($1) else { return false }
                $0.securePort = port
                return true
            },
            text("secureClientPortAddress", "0.0.0.0", Text.secureAddress) { $0.secureHost = $1 },
            flag("client.portUnification", "false", Text.portUnification) { $0.isPortUnified = $1 },
            flag("client.certReload", "false", Text.certReload) { $0.reloadsCertificates = $1 },
        ]
    }

    private static var clientCertificates: [TLSKey] {
        [
            choice("ssl.clientAuth", "need", TLSOptions.ClientCertificate.self, Text.clientAuth) {
                $0.rules.clientCertificate = $1
            }
        ]
    }

    private static var names: [TLSKey] {
        [
            flag("ssl.hostnameVerification", "true", Text.hostnameVerification) { $0.verifiesNames = $1 },
            flag("ssl.clientHostnameVerification", "false", Text.clientHostnameVerification) {
                $0.verifiesClientNames = $1
            },
        ]
    }

    private static var times: [TLSKey] {
        [
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
    }
}
