package import StateMachines

/// Any node of a Raft run; the simulator and the explorer know only this type.
package enum RaftNode: ProtocolNode {
    package typealias Message = RaftMessage
    package typealias Timer = RaftTimer
    package typealias Record = RaftRecord
    package typealias Command = RaftCommand
    package typealias Input = NodeInput<RaftMessage, RaftTimer, RaftRecord, RaftCommand>
    package typealias Effect = NodeEffect<RaftMessage, RaftTimer, RaftRecord>

    case server(RaftServer)
    case client(RaftClient)

    /// Every machine of a run, by position: servers, then clients.
    package static func nodes(_ configuration: RaftConfiguration) -> [RaftNode] {
        (0..<configuration.nodeCount).map { index in
            index < configuration.servers
                ? .server(RaftServer(id: NodeID(index), configuration: configuration))
                : .client(RaftClient(id: NodeID(index), configuration: configuration))
        }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch self {
        case .server(var machine):
            machine.step(input, at: now, into: &effects)
            self = .server(machine)
        case .client(var machine):
            machine.step(input, at: now, into: &effects)
            self = .client(machine)
        }
    }

    /// `nil` for a client.
    package var server: RaftServer? {
        if case .server(let server) = self { server } else { nil }
    }

    package var summary: String {
        switch self {
        case .server(let machine): machine.summary
        case .client(let machine): machine.summary
        }
    }

    /// A server that votes and knows no leader, or a client without an answer.
    package var isStuck: Bool {
        switch self {
        case .server(let machine): machine.isStuck
        case .client(let machine): machine.isStuck
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .server(let machine):
            encoder.encode(tag: 1)
            encoder.encode(machine)
        case .client(let machine):
            encoder.encode(tag: 2)
            encoder.encode(machine)
        }
    }
}
