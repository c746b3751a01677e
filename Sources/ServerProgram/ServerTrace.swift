import CoordinationCore
import CoordinationServer
import EventLoop
import StateMachines
import Traces
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
        var event = observation.event(order: 0, time: time - origin, server: node)
        guard event.kind != .note, event.kind != .connectionLoss, event.label != "ping" else { return }
        event.peer = nil
        // A session may have several requests under way.
        switch observation {
        case .request(let session, let xid, _): event.id = "\(session) \(xid)"
        case .reply(let session, let reply): event.id = "\(session) \(reply.xid)"
        default: break
        }
        write(event)
    }

    func record(_ role: PeerRole) {
        let label: String
        switch role {
        case .looking: label = "looking"
        case .leading(let epoch): label = "leads epoch \(epoch)"
        case .following(let leader, let epoch): label = "follows \(leader), epoch \(epoch)"
        case .observing(let leader, let epoch): label = "observes \(leader), epoch \(epoch)"
        }
        write(Event(order: 0, time: loop.now - origin, kind: .state, node: node, label: label))
    }
}
