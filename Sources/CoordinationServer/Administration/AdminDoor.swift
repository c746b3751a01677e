package import EventLoop
import HTTPService
import Messages
import StateMachines

/// HTTPS for administrators: `admin.portUnification`, `admin.forceHttps`.
package struct AdminTLSOptions: Hashable, Sendable {
    /// The port speaks TLS with those who begin so, and plain HTTP with others.
    package var isUnified = false
    /// The port speaks TLS and nothing else.
    package var isForced = false
    /// `admin.needClientAuth`.
    package var needsClientCertificate = false
    /// `ssl.quorum.keyStore` and `ssl.quorum.trustStore`, whence ZooKeeper takes them; without them those of the clients'
    /// port.
    package var keyStore: TLSStore?
    package var trustStore: TLSStore?

    package init() {}

    package var isWanted: Bool { isUnified || isForced }

    /// As the certificates of the clients' port are read, watched and read again.
    func certificates(beside tls: ServerTLSOptions) -> ServerTLSOptions {
        var options = tls
        options.rules.keyStore = keyStore ?? tls.rules.keyStore
        options.rules.trustStore = trustStore ?? tls.rules.trustStore
        options.rules.clientCertificate = needsClientCertificate ? .need : .none
        options.rules.verifiesPeerName = false
        return options
    }
}

/// Accepts administrators on the loop, shakes hands, and carries what is inside between them and the HTTP server.
///
/// It lives until it is closed or the loop closes, as the callbacks of its sockets hold it, and one side of a visit the other.
final class AdminDoor {
    /// Bytes that may wait for a slow side before the other is not read from.
    private static let pauseLimit = 1 << 20
    /// As many as the HTTP server serves at once, and as long as it waits for a first word.
    private static let visitLimit = 64
    private static let patience = Tick.seconds(30)

    private struct Visit {
        let outer: TCPConnection
        /// There once it is known what is spoken.
        var inner: LocalStream?
        let deadline: LoopTimer
    }

    private let loop: EventLoop
    private let http: HTTPServer
    private let acceptsPlain: Bool
    private let certificates: ServerCertificates
    private var listener: TCPListener?
    private var visits: [ObjectIdentifier: Visit] = [:]
    /// Somebody spoke plain HTTP where HTTPS may be spoken.
    var onPlain: (() -> Void)?
    var onNotice: ((LocalizedText) -> Void)? {
        get { certificates.onNotice }
        set { certificates.onNotice = newValue }
    }

    init(
        host: String, port: UInt16, _ tls: ServerTLSOptions, acceptsPlain: Bool, _ http: HTTPServer, on loop: EventLoop
    ) throws {
        self.loop = loop
        self.http = http
        self.acceptsPlain = acceptsPlain
        certificates = try ServerCertificates(tls, on: loop)
        listener = try TCPListener(host: host, port: port, on: loop) { [self] in accept($0) }
    }

    var port: UInt16 { listener?.port ?? 0 }

    func reloadCertificates() { certificates.reload() }

    func close() {
        listener?.close()
        certificates.close()
        for visit in visits.values { end(visit) }
        visits = [:]
    }

    private func accept(_ outer: TCPConnection) {
        guard visits.count < Self.visitLimit else { return outer.close() }
        let deadline = loop.schedule(after: Self.patience) { [self] in
            if visits[ObjectIdentifier(outer)]?.inner == nil { leave(outer) }
        }
        visits[ObjectIdentifier(outer)] = Visit(outer: outer, deadline: deadline)
        outer.onEnd = { [self] end in
            if case .insecure(let failure) = end { onNotice?(failure.message) }
            leave(outer)
        }
        outer.onBytes = { [self] bytes in
            if bytes.first == TLSRecord.handshake || !acceptsPlain { return shakeHands(outer, bytes) }
            onPlain?()
            if let inner = connect(outer) { inner.write(bytes) }
        }
        outer.startReading()
    }

    private func shakeHands(_ outer: TCPConnection, _ bytes: UnsafeRawBufferPointer) {
        outer.onBytes = nil
        do throws(TLSSetupFailure) {
            try outer.startTLS(certificates.context, received: bytes) { [self] peer in
                _ = connect(outer, subject: peer.subject)
            }
        } catch {
            onNotice?(error.message)
            leave(outer)
        }
    }

    /// The HTTP server gets the other end of a new pair of sockets.
    private func connect(_ outer: TCPConnection, subject: String? = nil) -> LocalStream? {
        let inner: LocalStream
        do throws(SystemFailure) {
            inner = try LocalStream(on: loop) { http.adopt($0, from: outer.remoteHost, subject: subject) }
        } catch {
            onNotice?(error.message)
            leave(outer)
            return nil
        }
        visits[ObjectIdentifier(outer)]?.inner = inner
        visits[ObjectIdentifier(outer)]?.deadline.cancel()
        Self.carry(from: outer, to: inner)
        Self.carry(from: inner, to: outer)
        inner.onEnd = { [self] _ in leave(outer) }
        inner.startReading()
        return inner
    }

    private static func carry(from source: ByteStream, to target: ByteStream) {
        source.onBytes = { bytes in
            target.write(bytes)
            if target.unwrittenByteCount > pauseLimit { source.pauseReading() }
        }
        target.onDrain = { source.startReading() }
    }

    private func leave(_ outer: TCPConnection) {
        if let visit = visits.removeValue(forKey: ObjectIdentifier(outer)) { end(visit) }
    }

    private func end(_ visit: Visit) {
        visit.deadline.cancel()
        visit.outer.close()
        visit.inner?.close()
    }
}
