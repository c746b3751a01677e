package import Messages

/// Why TLS with a peer failed, at the handshake or later.
package struct TLSFailure: LocalizedFailure, Hashable {
    package enum Reason: Hashable, Sendable {
        /// What the peer sent is not TLS.
        case plainText
        /// The peer's certificate is not good; OpenSSL says why.
        case badCertificate(String)
        /// The peer's certificate names other hosts or addresses.
        case wrongName
        /// A client without a certificate, where one is needed.
        case noCertificate
        /// The peer refuses what this side showed; the words of its alert.
        case refusedByPeer(String)
        /// The connection ended within the handshake.
        case tornHandshake
        /// The handshake took longer than allowed.
        case timedOut
        /// The handshake was larger than `TLSOptions.handshakeByteLimit`.
        case tooLong
        /// Anything else, in OpenSSL's words.
        case other(String)
    }

    /// An address, or the host that was asked for.
    package let peer: String
    package let side: TLSSide
    package let reason: Reason

    package var message: LocalizedText {
        switch reason {
        case .plainText: side == .server ? TLSMessages.plainClient(peer) : TLSMessages.plainServer(peer)
        case .badCertificate(let problem): TLSMessages.badCertificate(peer, problem)
        case .wrongName: side == .server ? TLSMessages.wrongAddress(peer) : TLSMessages.wrongHost(peer)
        case .noCertificate: TLSMessages.noCertificate(peer)
        case .refusedByPeer(let alert): TLSMessages.refusedByPeer(peer, alert)
        case .tornHandshake: TLSMessages.tornHandshake(peer)
        case .timedOut: TLSMessages.timedOut(peer)
        case .tooLong: TLSMessages.tooLong(peer)
        case .other(let problem): TLSMessages.other(peer, problem)
        }
    }
}

/// Which part one plays in a handshake.
package enum TLSSide: Hashable, Sendable {
    case server, client
}

/// Why keys, certificates or settings cannot be used.
package enum TLSSetupFailure: LocalizedFailure, Hashable {
    case unreadable(path: String, problem: String)
    case tooLarge(path: String)
    /// Neither the private key nor a certificate that was looked for is there.
    case noKey(path: String)
    case noCertificate(path: String)
    case malformed(path: String, problem: String)
    case wrongPassword(path: String)
    /// PKCS#12 with algorithms that this machine's OpenSSL lacks.
    case oldArchive(path: String)
    case javaStore(path: String)
    case keyMismatch(path: String)
    case missingKeyStore
    case unknownCipherSuites([String])
    case library(String)

    package var message: LocalizedText {
        switch self {
        case .unreadable(let path, let problem): TLSMessages.unreadable(path, problem)
        case .tooLarge(let path): TLSMessages.tooLarge(path)
        case .noKey(let path): TLSMessages.noKey(path)
        case .noCertificate(let path): TLSMessages.noCertificateIn(path)
        case .malformed(let path, let problem): TLSMessages.malformed(path, problem)
        case .wrongPassword(let path): TLSMessages.wrongPassword(path)
        case .oldArchive(let path): TLSMessages.oldArchive(path)
        case .javaStore(let path): TLSMessages.javaStore(path)
        case .keyMismatch(let path): TLSMessages.keyMismatch(path)
        case .missingKeyStore: TLSMessages.missingKeyStore
        case .unknownCipherSuites(let names): TLSMessages.unknownCipherSuites(names.joined(separator: ", "))
        case .library(let problem): TLSMessages.library(problem)
        }
    }
}
