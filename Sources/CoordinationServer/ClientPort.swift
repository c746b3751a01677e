import EventLoop
import Messages
import StateMachines
import WireProtocol

/// Where a server waits for clients without TLS. A reconfiguration may move it; clients who are connected stay.
///
/// Confined to its loop.
final class ClientPort {
    var onNotice: ((LocalizedText) -> Void)?
    /// Where it listens; while a new place cannot be had, where it listened last.
    private(set) var address: SocketAddress

    private var endpoint: QuorumEndpoint
    private var listener: TCPListener?
    private var timer: LoopTimer?
    private let backlog: Int32
    private let loop: EventLoop

    /// - Parameter onConnection: held by what listens only, so that a server which nobody else holds lives until its loop closes.
    init(
        _ endpoint: QuorumEndpoint, backlog: Int32, on loop: EventLoop, onConnection: @escaping (TCPConnection) -> Void
    ) throws(SystemFailure) {
        self.endpoint = endpoint
        self.backlog = backlog
        self.loop = loop
        let first = try TCPListener(
            host: endpoint.host, port: endpoint.port, backlog: backlog, on: loop, onConnection: onConnection)
        listener = first
        address = first.address
    }

    func close() {
        timer?.cancel()
        listener?.close()
        listener = nil
    }

    /// Listens somewhere else. Where that cannot be had, tries again every second, and keeps the old place meanwhile.
    func move(to wanted: QuorumEndpoint, onConnection: @escaping (TCPConnection) -> Void) {
        guard wanted != endpoint else { return }
        endpoint = wanted
        timer?.cancel()
        // One port cannot be listened on twice, on all addresses and on one of them.
        if wanted.port == address.port { listener?.close() }
        open(isFirstTry: true, onConnection)
    }

    private func open(isFirstTry: Bool, _ onConnection: @escaping (TCPConnection) -> Void) {
        do throws(SystemFailure) {
            let new = try TCPListener(
                host: endpoint.host, port: endpoint.port, backlog: backlog, on: loop, onConnection: onConnection)
            listener?.close()
            listener = new
            address = new.address
            onNotice?(EnsembleMessages.clientPortMoved(endpoint.description))
        } catch {
            if isFirstTry { onNotice?(EnsembleMessages.clientPortNotMoved(endpoint.description, error.message)) }
            timer = loop.schedule(after: .seconds(1)) { [unowned self] in
                open(isFirstTry: false, onConnection)
            }
        }
    }
}
