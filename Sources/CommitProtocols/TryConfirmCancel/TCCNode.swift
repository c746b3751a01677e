package import StateMachines

/// Any node of a try-confirm-cancel run; the simulator and the explorer know only this type.
package enum TCCNode: ProtocolNode {
    package typealias Message = TCCMessage
    package typealias Timer = TCCTimer
    package typealias Record = TCCRecord
    package typealias Command = TransactionCommand
    package typealias Input = NodeInput<TCCMessage, TCCTimer, TCCRecord, TransactionCommand>
    package typealias Effect = NodeEffect<TCCMessage, TCCTimer, TCCRecord>

    case coordinator(TCCCoordinator)
    case participant(TCCParticipant)

    /// The machine of one position in a run.
    /// - Precondition: `id` is below `configuration.nodeCount`.
    package init(_ id: NodeID, _ configuration: TCCConfiguration) {
        precondition(id.index < configuration.nodeCount, "a run of \(configuration.nodeCount) nodes has no \(id.index)")
        if id == TCCConfiguration.coordinator {
            self = .coordinator(TCCCoordinator(configuration: configuration))
        } else {
            self = .participant(TCCParticipant(id: id, configuration: configuration))
        }
    }

    /// Every machine of a run, by position.
    package static func nodes(_ configuration: TCCConfiguration) -> [TCCNode] {
        (0..<configuration.nodeCount).map { TCCNode(NodeID($0), configuration) }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch self {
        case .coordinator(var machine):
            machine.step(input, at: now, into: &effects)
            self = .coordinator(machine)
        case .participant(var machine):
            machine.step(input, at: now, into: &effects)
            self = .participant(machine)
        }
    }

    package var summary: String {
        switch self {
        case .coordinator(let machine): machine.transactions.map(\.stage).joined(separator: "; ")
        case .participant(let machine): machine.summary
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .coordinator(let machine):
            encoder.encode(tag: 1)
            encoder.encode(machine)
        case .participant(let machine):
            encoder.encode(tag: 2)
            encoder.encode(machine)
        }
    }
}

// MARK: - Observation

extension TCCNode: AtomicCommitNode {
    package func outcome(of transaction: TransactionID) -> Outcome? {
        switch self {
        case .coordinator(let machine):
            switch machine.transactions.first(where: { $0.id == transaction })?.phase {
            case .settling(let outcome): outcome
            case nil, .beginning, .trying, .deciding: nil
            }
        case .participant(let machine): machine.entries.first { $0.id == transaction }?.phase.outcome
        }
    }

    package var store: KeyValueStore? {
        switch self {
        case .coordinator: nil
        case .participant(let machine): machine.store
        }
    }

    /// Nobody holds locks while it waits.
    package var uncertain: [TransactionID] { [] }

    /// Whether something is not settled: a reservation, or a decision.
    package var isUndecided: Bool {
        switch self {
        case .coordinator(let machine): !machine.transactions.isEmpty
        case .participant(let machine): machine.entries.contains { $0.phase.outcome == nil }
        }
    }
}
