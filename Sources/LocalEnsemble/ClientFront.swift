import EventLoop
import Faults
import FaultProxy
import WireProtocol

/// Where clients connect to one server: its port for them, which loses answers on demand and knows whose sessions pass.
final class ClientFront {
    /// Everybody who connects here, by the proxy's name for them.
    private static let clients = "clients"

    let server: Int
    /// Where the server itself listens for clients.
    let target: UInt16
    private let proxy: FaultProxy

    init(_ member: EnsemblePlan.Member, on loop: EventLoop) throws(SystemFailure) {
        server = member.number
        target = member.ownClientPort
        proxy = FaultProxy(host: "127.0.0.1", port: member.ownClientPort, on: loop)
        _ = try proxy.addClient(Self.clients, port: member.clientPort)
    }

    /// The sessions of those who are connected.
    var sessions: [ProxiedSession] { proxy.openSessions }

    /// Lets answers to requests that worked be lost with their connections.
    ///
    /// - Returns: its number, for `mend` and `isDone`.
    func loseReply(_ repetition: Repetition) -> Int {
        proxy.add(ProxyRule(ProxyMatch(.toClient, onlySuccess: true, repetition: repetition), .lose))
    }

    func mend(_ number: Int) { proxy.remove(number) }
    func isDone(_ number: Int) -> Bool { !proxy.hasRule(number) }
    func close() { proxy.close() }
}
