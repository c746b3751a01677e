package import StateMachines

/// A version of TLS. Older ones are not spoken.
package enum TLSVersion: String, Hashable, Sendable, CaseIterable, Comparable {
    case tls12 = "TLSv1.2"
    case tls13 = "TLSv1.3"

    package static func < (one: TLSVersion, other: TLSVersion) -> Bool { one == .tls12 && other == .tls13 }
}

/// How one side of TLS is set up. Files are read when a `TLSContext` is made of it, never later.
package struct TLSOptions: Hashable, Sendable {
    /// Whether a server asks its clients for a certificate. A certificate that is sent must be good in any case.
    package enum ClientCertificate: String, Hashable, Sendable, CaseIterable {
        case none, want, need
    }

    /// This side's private key and its certificate with the chain above it. A server must have one.
    package var keyStore: TLSStore?
    /// Certificates of the authorities whose word counts; nil takes those of the system.
    package var trustStore: TLSStore?
    /// From the lowest to the highest; never empty.
    package var versions = TLSVersion.tls12...TLSVersion.tls13
    /// Names as IANA or as OpenSSL writes them, in order of preference; empty for OpenSSL's defaults.
    package var cipherSuites: [String] = []
    package var clientCertificate = ClientCertificate.need
    /// A client: whether the server's certificate must name the host that was asked for. A server: whether a client's
    /// certificate must name the address that it comes from.
    package var verifiesPeerName: Bool
    /// Whether the peer's chain is checked against the revocation lists (CRL) in the PEM trust store.
    package var checksRevocation = false
    /// From the first byte to the last one of the handshake.
    package var handshakeTimeout = Tick.seconds(10)
    /// Bytes that a peer may send in its handshake. Certificates take a few thousand, OpenSSL refuses chains above 100 KB,
    /// and the last read may hold the first data.
    package var handshakeByteLimit = 256 << 10

    package init(verifiesPeerName: Bool) { self.verifiesPeerName = verifiesPeerName }

    /// Every file that is read.
    package var paths: [String] {
        [keyStore, trustStore].flatMap { store in
            [store?.location, store?.keyLocation, store?.passwordLocation].compactMap { $0 }
        }
    }
}

/// A file of keys or certificates.
package struct TLSStore: Hashable, Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable {
        case pem = "PEM"
        case pkcs12 = "PKCS12"
        /// Java's own formats, which no system library reads: refused with advice.
        case jks = "JKS"
        case bcfks = "BCFKS"
    }

    package var location: String
    /// Where the private key lies, if not in the same PEM file.
    package var keyLocation: String?
    package var password = ""
    /// A file whose first line is the password; it counts more than `password`.
    package var passwordLocation: String?
    /// nil goes by the end of the file's name, as ZooKeeper does: `.p12` and `.pfx`, `.jks`, `.bcfks`; else PEM.
    package var format: Format?

    package init(_ location: String) { self.location = location }

    var actualFormat: Format {
        if let format { return format }
        let name = location.lowercased()
        if name.hasSuffix(".p12") || name.hasSuffix(".pfx") { return .pkcs12 }
        if name.hasSuffix(".jks") { return .jks }
        return name.hasSuffix(".bcfks") ? .bcfks : .pem
    }
}

/// What a handshake has proved about the other side.
package struct TLSPeer: Hashable, Sendable {
    package let version: TLSVersion
    /// As OpenSSL writes it: "TLS_AES_256_GCM_SHA384".
    package let cipherSuite: String
    /// The subject of the peer's certificate, verified, as Java's `X500Principal.getName()` writes it; nil without one.
    package let subject: String?
}
