package import EventLoop
import Messages
import StateMachines

/// How servers speak TLS with each other. Names and defaults are those of `zoo.cfg`.
package struct QuorumTLSOptions: Sendable {
    /// `sslQuorum`: this server dials with TLS.
    package var isWanted = false
    /// `portUnification`: this server takes connections with TLS and without, while an ensemble changes over.
    package var isUnified = false
    /// `sslQuorumReloadCertFiles`.
    package var reloadsCertificates = false
    package var rules = TLSOptions(verifiesPeerName: true)
    /// `ssl.quorum.hostnameVerification`, and `ssl.quorum.clientHostnameVerification` for those who dial.
    package var verifiesNames = true
    package var verifiesClientNames = true

    package init() {}

    package var isSpoken: Bool { isWanted || isUnified }

    func rules(for side: TLSSide) -> TLSOptions {
        var rules = rules
        rules.verifiesPeerName = verifiesNames && (side == .client || verifiesClientNames)
        return rules
    }
}

/// What lies between the sockets of two servers and what they say to each other: TLS and a login, where they are wanted.
final class QuorumSecurity {
    /// For both directions: every server dials and is dialled.
    struct Contexts: Sendable {
        let server: TLSContext
        let client: TLSContext

        init(_ options: QuorumTLSOptions) throws(TLSSetupFailure) {
            server = try TLSContext(options.rules(for: .server), for: .server)
            client = try TLSContext(options.rules(for: .client), for: .client)
        }
    }

    var onNotice: ((LocalizedText) -> Void)? {
        didSet { certificates?.onNotice = onNotice }
    }

    private let options: QuorumTLSOptions
    private let login: QuorumLoginOptions
    private let loop: EventLoop
    /// `nil` where TLS is not spoken.
    private let certificates: ReloadedCertificates<Contexts>?

    /// Reads the files, blocking.
    /// - Throws: a `LocalizedFailure`.
    init(_ ensemble: EnsembleOptions, on loop: EventLoop) throws {
        let options = ensemble.tls
        (self.options, login) = (options, ensemble.login)
        self.loop = loop
        guard options.isSpoken else {
            certificates = nil
            return
        }
        certificates = try ReloadedCertificates(
            options.rules.paths, watchedEvery: options.reloadsCertificates ? .seconds(5) : nil, on: loop
        ) { () throws(TLSSetupFailure) in try Contexts(options) }
    }

    func reload() { certificates?.reload() }

    func close() { certificates?.close() }

    // MARK: TLS

    /// Prepares a stream that this server has dialled; nothing may be written before `ready`.
    func dialled(_ stream: TCPConnection, host: String, then ready: @escaping () -> Void) {
        guard options.isWanted, let contexts = certificates?.value else { return ready() }
        do throws(TLSSetupFailure) {
            try stream.startTLS(contexts.client, host: host) { _ in ready() }
        } catch {
            give(up: stream, error)
        }
    }

    /// Prepares a stream that another server has dialled, whose owner has set its callbacks already, and begins to read it.
    /// - Parameter ready: called before the owner gets the first byte; it may put other callbacks before the owner's.
    func accepted(_ stream: TCPConnection, then ready: @escaping () -> Void = {}) {
        guard let contexts = certificates?.value else {
            ready()
            return stream.startReading()
        }
        guard options.isUnified else { return secure(stream, contexts, received: .init(start: nil, count: 0), ready) }
        let deliver = stream.onBytes
        stream.onBytes = { [unowned self, unowned stream] bytes in
            stream.onBytes = deliver
            if bytes.first == TLSRecord.handshake { return secure(stream, contexts, received: bytes, ready) }
            ready()
            stream.onBytes?(bytes)
        }
        stream.startReading()
    }

    private func secure(
        _ stream: TCPConnection, _ contexts: Contexts, received: UnsafeRawBufferPointer, _ ready: @escaping () -> Void
    ) {
        do throws(TLSSetupFailure) {
            try stream.startTLS(contexts.server, received: received) { _ in ready() }
            stream.startReading()
        } catch {
            give(up: stream, error)
        }
    }

    private func give(up stream: TCPConnection, _ failure: TLSSetupFailure) {
        onNotice?(failure.message)
        let report = stream.onEnd
        stream.close()
        report?(.failed(.connectionReset))
    }

    /// What an operator should hear of a connection's end.
    func report(_ end: StreamEnd) {
        if case .insecure(let failure) = end { onNotice?(failure.message) }
    }

    // MARK: Logins

    /// Logs in on a stream that this server has dialled and whose owner has set its callbacks already; nothing else may be
    /// written before `ready`.
    func logIn(_ stream: TCPConnection, within limit: Tick, then ready: @escaping () -> Void) {
        guard let credentials = login.credentials else { return ready() }
        closeGate(stream, credentials, limit, received: [], ready)
    }

    /// Lets nobody pass on a stream that another server has dialled until he has logged in, where he must.
    /// - Parameter received: what has come already; given to the owner of the stream after `ready`, but for the login in it.
    func admit(
        _ stream: TCPConnection, within limit: Tick, received: [UInt8] = [], then ready: @escaping () -> Void = {}
    ) {
        if !login.users.isEmpty { return closeGate(stream, nil, limit, received: received, ready) }
        ready()
        if !received.isEmpty { received.withUnsafeBytes { stream.onBytes?($0) } }
    }

    private func closeGate(
        _ stream: TCPConnection, _ credentials: QuorumLoginOptions.Credentials?, _ limit: Tick, received: [UInt8],
        _ ready: @escaping () -> Void
    ) {
        QuorumGate.close(
            stream, login, as: credentials, within: limit, on: loop, received: received,
            onNotice: { [weak self] in self?.onNotice?($0) }, onOpen: ready)
    }
}
