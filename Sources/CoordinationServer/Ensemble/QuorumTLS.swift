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

/// What lies between the sockets of two servers and what they say to each other: TLS, where it is wanted.
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
    /// `nil` where TLS is not spoken.
    private let certificates: ReloadedCertificates<Contexts>?

    /// Reads the files, blocking.
    /// - Throws: a `LocalizedFailure`.
    init(_ options: QuorumTLSOptions, on loop: EventLoop) throws {
        self.options = options
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
    func accepted(_ stream: TCPConnection) {
        guard let contexts = certificates?.value else { return stream.startReading() }
        guard options.isUnified else { return secure(stream, contexts, received: .init(start: nil, count: 0)) }
        let deliver = stream.onBytes
        stream.onBytes = { [unowned self, unowned stream] bytes in
            stream.onBytes = deliver
            guard bytes.first == TLSRecord.handshake else { return deliver?(bytes) ?? () }
            secure(stream, contexts, received: bytes)
        }
        stream.startReading()
    }

    private func secure(_ stream: TCPConnection, _ contexts: Contexts, received: UnsafeRawBufferPointer) {
        do throws(TLSSetupFailure) {
            try stream.startTLS(contexts.server, received: received) { _ in }
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
}
