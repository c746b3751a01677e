import CoordinationCore
import CoordinationServer
import EventLoop
import StateMachines
import Traces
import ZNodes
import Zab

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes what one server does as a trace: clients' requests and its answers, sessions, what takes effect, and its role.
///
/// Line by line, so that whatever kills the server leaves what came before.
final class ServerTrace {
    private let output: LogOutput
    private let node: String
    private let loop: EventLoop
    private let origin: Tick
    private var order = 0
    /// Only looked up.
    private var clients: [String: Int] = [:]

    /// - Parameter path: an older file there is replaced.
    init(_ path: String, node: String, on loop: EventLoop) throws(ConfigurationFailure) {
        unlink(path)
        output = try LogOutput(file: path)
        (self.node, self.loop, origin) = (node, loop, loop.now)
        // The machine's clock, so that traces of several servers can be put into one.
        let zero = TraceHeader.Parameter(name: "origin", value: String(origin.microseconds))
        write(TraceLines.bytes(of: TraceHeader(protocolName: "zab", nodes: [node], parameters: [zero])))
    }

    private func write(_ line: [UInt8]) { output.write(String(decoding: line, as: UTF8.self)) }

    private func write(_ event: Event) {
        order += 1
        var event = event
        event.order = order
        write(TraceLines.bytes(of: event))
    }

    /// Connections and pings are left out; they come and go whatever the protocol does.
    func record(_ observation: Observation, at time: Tick) {
        let time = time - origin
        switch observation {
        case .connectionOpened, .connectionClosed, .sessionResumed, .sessionClosed: break
        case .request(let session, let xid, let request):
            guard let label = request.title else { return }
            let id = "\(session) \(xid)"
            let client = client("\(session)")
            let payload = observation.event(order: 0, time: time, server: node).payload
            write(Event(order: 0, time: time, kind: .invoke, node: client, id: id, label: label, payload: payload))
            passMessage("request \(id)", from: client, to: node, label, payload, at: time)
        case .reply(let session, let reply):
            guard let label = reply.title else { return }
            let id = "\(session) \(reply.xid)"
            let client = client("\(session)")
            let payload = observation.event(order: 0, time: time, server: node).payload
            passMessage("reply \(id)", from: node, to: client, label, payload, at: time)
            write(Event(order: 0, time: time, kind: .respond, node: client, id: id, cause: order, label: label))
        case .applied(let header, let body):
            let zxid = "\(header.zxid.epoch):\(header.zxid.counter)"
            write(Event(order: 0, time: time, kind: .decide, node: node, label: body.summary, payload: zxid))
        case .sessionOpened, .sessionExpired, .anticipated, .watchSet, .watchFired, .writing, .written:
            var event = observation.event(order: 0, time: time, server: node)
            event.peer = nil
            write(event)
        }
    }

    /// Nobody saw it leave, or come where the client is: it takes no time.
    private func passMessage(
        _ id: String, from sender: String, to receiver: String, _ label: String, _ payload: String?, at time: Tick
    ) {
        write(
            Event(
                order: 0, time: time, kind: .send, node: sender, peer: receiver, id: id, label: label, payload: payload)
        )
        write(
            Event(
                order: 0, time: time, kind: .receive, node: receiver, peer: sender, id: id, cause: order, label: label,
                payload: payload))
    }

    /// A lane for each session, numbered as they come.
    private func client(_ session: String) -> String {
        let number = clients[session] ?? clients.count + 1
        clients[session] = number
        return ClientLanes.name(number)
    }

    func record(_ role: PeerRole) {
        let label: String
        switch role {
        case .looking: label = "looking"
        case .leading(let epoch): label = "leading epoch \(epoch)"
        case .following(let leader, let epoch): label = "following \(leader) epoch \(epoch)"
        case .observing(let leader, let epoch): label = "observing \(leader) epoch \(epoch)"
        }
        write(Event(order: 0, time: loop.now - origin, kind: .state, node: node, label: label))
    }
}
