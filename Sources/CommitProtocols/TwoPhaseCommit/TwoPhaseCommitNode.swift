package import StateMachines

/// Any node of a two-phase commit run; the simulator and the explorer know only this type.
package enum TwoPhaseCommitNode: ProtocolNode {
    package typealias Message = CommitMessage
    package typealias Timer = CommitTimer
    package typealias Record = CommitRecord
    package typealias Command = CommitCommand
    package typealias Input = NodeInput<CommitMessage, CommitTimer, CommitRecord, CommitCommand>
    package typealias Effect = NodeEffect<CommitMessage, CommitTimer, CommitRecord>

    case coordinator(CommitCoordinator)
    case participant(CommitParticipant)
    case backup(BackupCoordinator)
    case peer(DecentralisedPeer)

    /// The machine of one position in a run.
    /// - Precondition: `id` is below `configuration.nodeCount`.
    package init(_ id: NodeID, _ configuration: CommitConfiguration) {
        precondition(id.index < configuration.nodeCount, "a run of \(configuration.nodeCount) nodes has no \(id.index)")
        switch configuration.topology {
        case .decentralised:
            self = .peer(DecentralisedPeer(id: id, configuration: configuration))
        case .centralised, .backup:
            if id == CommitConfiguration.coordinator {
                self = .coordinator(CommitCoordinator(configuration: configuration))
            } else if id == configuration.backup {
                self = .backup(BackupCoordinator(configuration: configuration))
            } else {
                self = .participant(CommitParticipant(id: id, configuration: configuration))
            }
        }
    }

    /// Every machine of a run, by position.
    package static func nodes(_ configuration: CommitConfiguration) -> [TwoPhaseCommitNode] {
        (0..<configuration.nodeCount).map { TwoPhaseCommitNode(NodeID($0), configuration) }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch self {
        case .coordinator(var machine):
            machine.step(input, at: now, into: &effects)
            self = .coordinator(machine)
        case .participant(var machine):
            machine.step(input, at: now, into: &effects)
            self = .participant(machine)
        case .backup(var machine):
            machine.step(input, at: now, into: &effects)
            self = .backup(machine)
        case .peer(var machine):
            machine.step(input, at: now, into: &effects)
            self = .peer(machine)
        }
    }

    package var summary: String {
        switch self {
        case .coordinator(let machine): machine.summary
        case .participant(let machine): machine.summary
        case .backup(let machine): machine.summary
        case .peer(let machine): machine.summary
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
        case .backup(let machine):
            encoder.encode(tag: 3)
            encoder.encode(machine)
        case .peer(let machine):
            encoder.encode(tag: 4)
            encoder.encode(machine)
        }
    }
}

// MARK: - Observation

extension TwoPhaseCommitNode: AtomicCommitNode {
    package func outcome(of transaction: TransactionID) -> Outcome? {
        switch self {
        case .coordinator(let machine): machine.outcome(of: transaction)
        case .participant(let machine): machine.outcome(of: transaction)
        case .backup(let machine): machine.outcome(of: transaction)
        case .peer(let machine): machine.outcome(of: transaction)
        }
    }

    package var store: KeyValueStore? {
        switch self {
        case .coordinator, .backup: nil
        case .participant(let machine): machine.store
        case .peer(let machine): machine.store
        }
    }

    package var uncertain: [TransactionID] {
        switch self {
        case .coordinator, .backup: []
        case .participant(let machine): machine.transactions.filter { $0.phase == .uncertain }.map(\.id)
        case .peer(let machine): machine.transactions.filter { $0.phase == .uncertain }.map(\.id)
        }
    }

    /// Waiting for acknowledgements is not being undecided.
    package var isUndecided: Bool {
        switch self {
        case .coordinator(let machine):
            machine.transactions.contains { transaction in
                switch transaction.phase {
                case .working, .logging, .collecting, .deciding: true
                case .announcing: false
                }
            }
        case .participant(let machine):
            machine.transactions.contains { transaction in
                switch transaction.phase {
                case .working, .preparing, .uncertain, .deciding: true
                case .decided, .left: false
                }
            }
        case .backup(let machine): machine.transactions.contains { $0.phase == .inquiring }
        case .peer(let machine):
            machine.transactions.contains { transaction in
                switch transaction.phase {
                case .waiting, .preparing, .uncertain, .deciding: true
                case .decided: false
                }
            }
        }
    }
}
