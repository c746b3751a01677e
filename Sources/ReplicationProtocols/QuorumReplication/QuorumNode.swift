package import StateMachines

/// Any node of a quorum-replicated register.
package enum QuorumNode: ProtocolNode {
    package typealias Message = QuorumMessage
    package typealias Timer = QuorumTimer
    package typealias Record = QuorumRecord
    package typealias Command = QuorumCommand
    package typealias Input = NodeInput<QuorumMessage, QuorumTimer, QuorumRecord, QuorumCommand>
    package typealias Effect = NodeEffect<QuorumMessage, QuorumTimer, QuorumRecord>

    case replica(QuorumReplica)
    case client(QuorumClient)

    /// Every machine of a run, by position.
    package static func nodes(_ configuration: QuorumConfiguration) -> [QuorumNode] {
        (0..<configuration.nodeCount).map { index in
            index < configuration.replicas + configuration.standIns
                ? .replica(QuorumReplica(id: NodeID(index), configuration: configuration))
                : .client(QuorumClient(id: NodeID(index), configuration: configuration))
        }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch self {
        case .replica(var machine):
            machine.step(input, at: now, into: &effects)
            self = .replica(machine)
        case .client(var machine):
            machine.step(input, at: now, into: &effects)
            self = .client(machine)
        }
    }

    package var tellsOperations: Bool { if case .client = self { true } else { false } }

    package var summary: String {
        switch self {
        case .replica(let machine): machine.summary
        case .client(let machine): machine.summary
        }
    }

    /// What a home replica has; `nil` for clients.
    package var stored: VersionedValue? { if case .replica(let machine) = self { machine.stored } else { nil } }

    /// Whether it is a client whose operation has no end yet.
    package var isWaiting: Bool {
        guard case .client(let machine) = self else { return false }
        switch machine.phase {
        case .idle, .retired: return false
        case .reading, .versioning, .storing, .writingBack: return true
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .replica(let machine):
            encoder.encode(tag: 1)
            encoder.encode(machine)
        case .client(let machine):
            encoder.encode(tag: 2)
            encoder.encode(machine)
        }
    }
}
