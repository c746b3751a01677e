import COpenSSL

/// Keys, certificates and rules of one side, read and checked, for any number of connections.
///
/// SAFETY: everything is set in `init`; from then on OpenSSL itself guards an `SSL_CTX`, so that any thread may make
/// connections from it. It lives as long as the last of them.
package final class TLSContext: @unchecked Sendable {
    package let options: TLSOptions
    package let side: TLSSide
    /// `SSL_CTX`.
    let pointer: OpaquePointer

    /// Reads the files; blocks, so a loop that serves others has a worker do it.
    ///
    /// - Throws: `TLSSetupFailure`, which names the file and what to do.
    package init(_ options: TLSOptions, for side: TLSSide) throws(TLSSetupFailure) {
        self.options = options
        self.side = side
        ERR_clear_error()
        guard let context = SSL_CTX_new(side == .server ? TLS_server_method() : TLS_client_method()) else {
            throw .library(OpenSSLError.take().text)
        }
        pointer = context
        if side == .server, options.keyStore == nil { throw .missingKeyStore }
        try setRules()
        if let store = options.keyStore { try use(store.read(wantsKey: true), of: store) }
        try setTrust()
    }

    /// "OpenSSL 3.0.17 1 Jul 2025".
    package static var libraryVersion: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }

    deinit { SSL_CTX_free(pointer) }

    private func setRules() throws(TLSSetupFailure) {
        let versions = options.versions
        guard zoolab_ssl_protocols(pointer, versions.lowerBound.number, versions.upperBound.number) == 1 else {
            throw .library(OpenSSLError.take().text)
        }
        zoolab_ssl_options(pointer)
        // Sessions that a client resumes with its certificate belong to this kind of server only.
        SSL_CTX_set_session_id_context(pointer, "zoolab", 6)
        if !options.cipherSuites.isEmpty { try setCipherSuites() }
    }

    /// TLS 1.3 has a list of its own; where it would become empty, so does that version.
    private func setCipherSuites() throws(TLSSetupFailure) {
        let names = options.cipherSuites.map { name in
            let other = OPENSSL_cipher_name(name).map { String(cString: $0) }
            return other == nil || other == "(NONE)" ? name : other!
        }
        // Names of TLS 1.3 are the only ones that are alike in both notations.
        let (newer, older) = (names.filter { $0.hasPrefix("TLS_") }, names.filter { !$0.hasPrefix("TLS_") })
        ERR_clear_error()
        let knowsNewer = !newer.isEmpty && SSL_CTX_set_ciphersuites(pointer, newer.joined(separator: ":")) == 1
        let knowsOlder = !older.isEmpty && SSL_CTX_set_cipher_list(pointer, older.joined(separator: ":")) == 1
        guard knowsNewer || knowsOlder else { throw .unknownCipherSuites(options.cipherSuites) }
        let (lowest, highest) = (
            knowsOlder ? options.versions.lowerBound : .tls13, knowsNewer ? options.versions.upperBound : .tls12
        )
        guard zoolab_ssl_protocols(pointer, lowest.number, highest.number) == 1 else {
            throw .library(OpenSSLError.take().text)
        }
        ERR_clear_error()
    }

    // MARK: This side's own

    private func use(_ material: borrowing KeyMaterial, of store: TLSStore) throws(TLSSetupFailure) {
        guard let own = material.certificates.first else { throw .noCertificate(path: store.location) }
        guard SSL_CTX_use_certificate(pointer, own) == 1 else {
            throw .malformed(path: store.location, problem: OpenSSLError.take().text)
        }
        guard SSL_CTX_use_PrivateKey(pointer, material.key) == 1, SSL_CTX_check_private_key(pointer) == 1 else {
            ERR_clear_error()
            throw .keyMismatch(path: store.location)
        }
        for certificate in material.certificates.dropFirst() {
            guard zoolab_ssl_add_chain(pointer, certificate) == 1 else {
                throw .malformed(path: store.location, problem: OpenSSLError.take().text)
            }
        }
    }

    // MARK: The peer's

    private func setTrust() throws(TLSSetupFailure) {
        if side == .server, options.clientCertificate == .none { return }
        var mode = SSL_VERIFY_PEER
        if side == .server, options.clientCertificate == .need { mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT }
        SSL_CTX_set_verify(pointer, mode, nil)
        guard let trusted = SSL_CTX_get_cert_store(pointer) else { throw .library(OpenSSLError.take().text) }
        if let store = options.trustStore {
            try trust(store.read(wantsKey: false), in: trusted)
        } else {
            SSL_CTX_set_default_verify_paths(pointer)
        }
        if options.checksRevocation {
            X509_STORE_set_flags(trusted, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
        }
        ERR_clear_error()
    }

    private func trust(_ material: borrowing KeyMaterial, in trusted: OpaquePointer) throws(TLSSetupFailure) {
        for certificate in material.certificates {
            guard X509_STORE_add_cert(trusted, certificate) == 1 else { throw .library(OpenSSLError.take().text) }
            // What a client may choose its certificate by.
            if side == .server { SSL_CTX_add_client_CA(pointer, certificate) }
        }
        for revocation in material.revocations {
            guard X509_STORE_add_crl(trusted, revocation) == 1 else { throw .library(OpenSSLError.take().text) }
        }
    }
}

extension TLSVersion {
    var number: Int32 { self == .tls12 ? TLS1_2_VERSION : TLS1_3_VERSION }
}
