import COpenSSL

/// One side of one TLS connection over nothing but bytes: what came from the network goes in, what must go there
/// comes out.
///
/// SAFETY: used by one thread at a time: the loop's, or the worker's that takes a step of the handshake, during which
/// the stream does not touch it.
final class TLSSession: @unchecked Sendable {
    /// A record of TLS; the queues between OpenSSL and the stream hold little more while data is written.
    private static let sliceSize = 16 << 10

    /// What a step of the handshake led to.
    enum Progress: Sendable {
        case waiting
        case secured(TLSPeer)
        case failed(TLSFailure.Reason)
    }

    /// What reading came to.
    enum Reading: Equatable {
        case bytes(Int)
        case nothing
        /// The peer has said that no more will come.
        case finished
        case failed(TLSFailure.Reason)
    }

    private let side: TLSSide
    private let ssl: OpaquePointer
    /// From the network, and to it. Both belong to `ssl`.
    private let input: OpaquePointer
    private let output: OpaquePointer
    private var hasRead = false
    /// Told after the last bytes.
    private var ending: Reading?

    /// - Parameter peer: for a client the host it asked for, for a server the client's numeric address.
    init(_ context: TLSContext, peer: String) throws(TLSSetupFailure) {
        guard let ssl = SSL_new(context.pointer) else { throw .library(OpenSSLError.take().text) }
        guard let input = zoolab_bio_queue() else {
            SSL_free(ssl)
            throw .library(OpenSSLError.take().text)
        }
        guard let output = zoolab_bio_queue() else {
            BIO_free(input)
            SSL_free(ssl)
            throw .library(OpenSSLError.take().text)
        }
        (side, self.ssl, self.input, self.output) = (context.side, ssl, input, output)
        SSL_set_bio(ssl, input, output)
        if context.options.verifiesPeerName { expect(peer) }
        if side == .server { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
        // SNI carries names only.
        if side == .client, SocketAddress(numericHost: peer, port: 0) == nil { zoolab_ssl_server_name(ssl, peer) }
    }

    deinit { SSL_free(ssl) }

    private func expect(_ peer: String) {
        if SocketAddress(numericHost: peer, port: 0) != nil {
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), peer)
        } else {
            SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            SSL_set1_host(ssl, peer)
        }
    }

    // MARK: The handshake

    /// Goes as far as the bytes allow; `takeOutput` must follow, whatever came of it.
    func handshake(_ bytes: [UInt8]) -> Progress {
        if !hasRead, let first = bytes.first {
            hasRead = true
            if !isTLS(first) { return .failed(.plainText) }
        }
        bytes.withUnsafeBytes { receive($0) }
        ERR_clear_error()
        let status = SSL_do_handshake(ssl)
        if status == 1 { return .secured(peer) }
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .waiting
        default: return .failed(failure)
        }
    }

    /// A handshake record, or for a client an alert.
    private func isTLS(_ first: UInt8) -> Bool {
        first == TLSRecord.handshake || side == .client && first == TLSRecord.alert
    }

    private var failure: TLSFailure.Reason {
        let error = OpenSSLError.take()
        if error == .ssl(SSL_R_CERTIFICATE_VERIFY_FAILED) {
            let result = SSL_get_verify_result(ssl)
            switch Int32(truncatingIfNeeded: result) {
            case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: return .wrongName
            default: return .badCertificate(String(cString: X509_verify_cert_error_string(result)))
            }
        }
        if error == .ssl(SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) { return .noCertificate }
        if error.library == ERR_LIB_SSL, error.reason > SSL_AD_REASON_OFFSET {
            let alert = SSL_alert_desc_string_long(error.reason - SSL_AD_REASON_OFFSET)
            return .refusedByPeer(alert.map { String(cString: $0) } ?? error.text)
        }
        return .other(error.text)
    }

    private var peer: TLSPeer {
        // The name of the certificate counts only where it was verified.
        let isVerified = SSL_get_verify_mode(ssl) & SSL_VERIFY_PEER != 0 && SSL_get_verify_result(ssl) == X509_V_OK
        let certificate = isVerified ? SSL_get1_peer_certificate(ssl) : nil
        defer { X509_free(certificate) }
        return TLSPeer(
            version: SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12,
            cipherSuite: String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
            subject: certificate.flatMap { X509_get_subject_name($0) }.map(DistinguishedName.text))
    }

    // MARK: Data

    /// Takes bytes from the network.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        hasRead = true
        // A memory BIO takes everything, short of memory running out, which ends the process anyhow.
        let count = BIO_write(input, bytes.baseAddress, Int32(bytes.count))
        precondition(count == bytes.count, "no memory for \(bytes.count) received bytes")
    }

    /// Decrypts what has been received, as far as it fills the buffer.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        var total = 0
        // Asking in vain would cost as much as a message.
        while ending == nil, total < buffer.count, BIO_ctrl_pending(input) > 0 || SSL_pending(ssl) > 0 {
            ERR_clear_error()
            var count = 0
            if SSL_read_ex(ssl, buffer.baseAddress! + total, buffer.count - total, &count) == 1 {
                total += count
                continue
            }
            let error = SSL_get_error(ssl, 0)
            if error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE { break }
            ending = error == SSL_ERROR_ZERO_RETURN ? .finished : .failed(failure)
        }
        return total > 0 ? .bytes(total) : ending ?? .nothing
    }

    /// Encrypts bytes and appends the result to `ciphertext`. The handshake must be over.
    ///
    /// - Returns: nil, or why it failed.
    func write(_ bytes: UnsafeRawBufferPointer, into ciphertext: inout [UInt8]) -> TLSFailure.Reason? {
        var rest = bytes
        while !rest.isEmpty {
            let slice = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.sliceSize))
            ERR_clear_error()
            var count = 0
            guard SSL_write_ex(ssl, slice.baseAddress, slice.count, &count) == 1 else { return failure }
            takeOutput(into: &ciphertext)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        return nil
    }

    /// Appends what must go to the network.
    func takeOutput(into ciphertext: inout [UInt8]) {
        var bytes: UnsafeMutablePointer<CChar>?
        let count = zoolab_bio_contents(output, &bytes)
        guard count > 0 else { return }
        ciphertext.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
        zoolab_bio_empty(output)
    }

    /// Says goodbye: `takeOutput` gives the closing alert.
    func finish() {
        ERR_clear_error()
        SSL_shutdown(ssl)
        ERR_clear_error()
    }
}

/// The first byte of a record.
package enum TLSRecord {
    package static let alert: UInt8 = 21
    /// No frame of ZooKeeper begins so: as a length it would be 369 million and more.
    package static let handshake: UInt8 = 22
}
