package import EventLoop

/// How a client speaks TLS: whom it believes, and how it proves itself. The files are read anew for every connection.
public struct ClientTLS: Hashable, Sendable {
    /// A PEM or PKCS#12 file with the authorities whose certificates are good; nil takes those of the system.
    public var authorities: String?
    /// The password of `authorities`, where it is PKCS#12.
    public var authoritiesPassword = ""
    /// The client's own certificate and private key, in one PEM or PKCS#12 file; nil shows none.
    public var certificate: String?
    /// The PEM file of the private key, where it is not in `certificate`.
    public var privateKey: String?
    /// The password of the private key.
    public var password = ""
    /// Whether the server's certificate must name the host of the connect string.
    public var verifiesHostName = true

    public init(
        authorities: String? = nil, certificate: String? = nil, privateKey: String? = nil, password: String = ""
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.privateKey = privateKey
        self.password = password
    }

    package var options: TLSOptions {
        var options = TLSOptions(verifiesPeerName: verifiesHostName)
        options.trustStore = authorities.map { location in
            var store = TLSStore(location)
            store.password = authoritiesPassword
            return store
        }
        options.keyStore = certificate.map { location in
            var store = TLSStore(location)
            (store.keyLocation, store.password) = (privateKey, password)
            return store
        }
        return options
    }
}
