package import EventLoop
package import StateMachines

/// Where the server speaks TLS, and how.
package struct ServerTLSOptions: Sendable {
    /// The port that speaks nothing but TLS; nil where there is none, 0 takes a free one.
    package var securePort: UInt16?
    package var secureHost = "0.0.0.0"
    /// Whether the plain port speaks TLS too, with those who begin so.
    package var isPortUnified = false
    /// Whether certificates are read again when their files change.
    package var reloadsCertificates = false
    /// How often the files are looked at then.
    package var reloadPeriod = Tick.seconds(5)
    /// `netty.server.outstandingHandshake.limit`: with so many handshakes under way, others are turned away.
    package var handshakeLimit: Int?
    package var rules = TLSOptions(verifiesPeerName: false)
    /// `ssl.hostnameVerification` and `ssl.clientHostnameVerification`: a client's certificate must name its address where
    /// both are on.
    var verifiesNames = true { didSet { rules.verifiesPeerName = verifiesNames && verifiesClientNames } }
    var verifiesClientNames = false { didSet { rules.verifiesPeerName = verifiesNames && verifiesClientNames } }

    package init() {}

    package var isWanted: Bool { securePort != nil || isPortUnified }
}
