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
    /// A file whose first line is that password; it counts more than `password`.
    public var passwordFile: String?
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

    /// What the properties above do not say, as a file of settings has it.
    package var settings = TLSOptions(verifiesPeerName: true)

    /// What a file of settings asks for.
    package init(_ settings: TLSOptions) {
        self.settings = settings
        verifiesHostName = settings.verifiesPeerName
    }

    package var options: TLSOptions {
        var options = settings
        options.verifiesPeerName = verifiesHostName
        if let authorities {
            var store = TLSStore(authorities)
            store.password = authoritiesPassword
            options.trustStore = store
        }
        if let certificate {
            var store = TLSStore(certificate)
            (store.keyLocation, store.password, store.passwordLocation) = (privateKey, password, passwordFile)
            options.keyStore = store
        }
        return options
    }
}
