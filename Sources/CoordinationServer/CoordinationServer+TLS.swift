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
    package func reloadCertificates() { certificates?.reload() }

    /// Begins to read a new connection, after a look at its first byte where that matters.
    func welcome(_ stream: TCPConnection, _ id: ConnectionID, at door: Door) {
        let deliver: (UnsafeRawBufferPointer) -> Void = { [unowned self] in receive($0, from: id) }
        guard door != .secure else {
            stream.onBytes = deliver
            return secure(stream, id)
        }
        stream.onBytes = { [unowned self, unowned stream] bytes in
            stream.onBytes = deliver
            guard bytes.first == TLSRecord.handshake else { return deliver(bytes) }
            if door == .unified { return secure(stream, id, received: bytes) }
            onNotice?(TLSMessages.encryptedClient(stream.remoteAddress))
            hangUp(id)
        }
    }

    private func secure(
        _ stream: TCPConnection, _ id: ConnectionID, received: UnsafeRawBufferPointer = .init(start: nil, count: 0)
    ) {
        guard let certificates, stream.isOpen else { return }
        do throws(TLSSetupFailure) {
            try stream.startTLS(certificates.context, received: received) { [unowned self] peer in
                guard let subject = peer.subject else { return }
                step(.identified(id, Identity(scheme: "x509", id: ByteString(subject))))
            }
        } catch {
            onNotice?(error.message)
            hangUp(id)
        }
    }

    /// What an operator should hear of a connection's end.
    func report(_ end: StreamEnd) {
        guard case .insecure(let failure) = end else { return }
        onNotice?(failure.message)
    }
}
