import Bytes
import CoordinationCore
import EventLoop
import Messages

/// What may be spoken at a port.
enum Door {
    case plain, unified, secure
}

extension CoordinationServer {
    /// Reads the certificates again, as `SIGHUP` asks for. Does nothing on a server without TLS.
    package func reloadCertificates() {
        certificates?.reload()
        ensemble?.reloadCertificates()
    }

    /// Begins to read a new connection, after a look at its first byte where that matters.
    func welcome(_ stream: TCPConnection, _ id: ConnectionID, at door: Door) {
        let deliver: (UnsafeRawBufferPointer) -> Void = { [self] in receive($0, from: id) }
        guard door != .secure else {
            stream.onBytes = deliver
            return secure(stream, id)
        }
        if door == .plain { doorStatistics.countPlain(stream.remoteHost) }
        stream.onBytes = { [self] bytes in
            stream.onBytes = deliver
            guard bytes.first == TLSRecord.handshake else {
                if door == .unified { doorStatistics.countPlain(stream.remoteHost) }
                return deliver(bytes)
            }
            if door == .unified { return secure(stream, id, received: bytes) }
            onNotice?(TLSMessages.encryptedClient(stream.remoteAddress))
            hangUp(id)
        }
    }

    private func secure(
        _ stream: TCPConnection, _ id: ConnectionID, received: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    ) {
        guard let certificates, stream.isOpen else { return }
        if let limit = options.tls.handshakeLimit, doorStatistics.outstandingHandshakes >= limit {
            doorStatistics.refusedHandshakes += 1
            return hangUp(id)
        }
        beginHandshake(id)
        do throws(TLSSetupFailure) {
            try stream.startTLS(certificates.context, received: received) { [self] peer in
                endHandshake(id)
                guard let subject = peer.subject else { return }
                step(.identified(id, Identity(scheme: "x509", id: ByteString(subject))))
            }
        } catch {
            onNotice?(error.message)
            hangUp(id)
        }
    }

    /// What an operator should hear of a connection's end.
    func report(_ end: StreamEnd, of id: ConnectionID) {
        guard case .insecure(let failure) = end else { return }
        if endHandshake(id) {
            doorStatistics.failedHandshakes += 1
            core.countFailedHandshake()
        }
        onNotice?(failure.message)
    }
}

/// What is counted of connections before they can say anything.
struct DoorStatistics {
    var outstandingHandshakes = 0
    var failedHandshakes = 0
    /// Turned away because too many others were under way.
    var refusedHandshakes = 0
    /// Administrators who spoke plain HTTP where HTTPS is spoken, too.
    var plainAdministrators = 0
    /// Connections without TLS, from this machine and from others.
    private(set) var plainLocal = 0
    private(set) var plainRemote = 0

    /// - Parameter host: numeric; one that is gone already counts as local, as on ZooKeeper.
    mutating func countPlain(_ host: String) {
        if host == "?" || host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.") {
            plainLocal += 1
        } else {
            plainRemote += 1
        }
    }
}
