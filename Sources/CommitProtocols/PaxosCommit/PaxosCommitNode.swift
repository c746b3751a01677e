package import StateMachines

/// Any node of a Paxos Commit run; the simulator and the explorer know only this type.
package enum PaxosCommitNode: ProtocolNode {
    package typealias Message = PaxosCommitMessage
    package typealias Timer = PaxosCommitTimer
    package typealias Record = PaxosCommitRecord
    package typealias Command = TransactionCommand
    package typealias Input = NodeInput<PaxosCommitMessage, PaxosCommitTimer, PaxosCommitRecord, TransactionCommand>
    package typealias Effect = NodeEffect<PaxosCommitMessage, PaxosCommitTimer, PaxosCommitRecord>

    case acceptor(PaxosCommitAcceptor)
    case manager(PaxosCommitManager)

    /// The machine of one position in a run.
    /// - Precondition: `id` is below `configuration.nodeCount`.
    package init(_ id: NodeID, _ configuration: PaxosCommitConfiguration) {
        precondition(id.index < configuration.nodeCount, "a run of \(configuration.nodeCount) nodes has no \(id.index)")
        if configuration.acceptors.contains(id) {
            self = .acceptor(PaxosCommitAcceptor(id: id, configuration: configuration))
        } else {
            self = .manager(PaxosCommitManager(configuration: configuration))
        }
    }

    /// Every machine of a run, by position.
    package static func nodes(_ configuration: PaxosCommitConfiguration) -> [PaxosCommitNode] {
        (0..<configuration.nodeCount).map { PaxosCommitNode(NodeID($0), configuration) }
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch self {
        case .acceptor(var machine):
            machine.step(input, at: now, into: &effects)
            self = .acceptor(machine)
        case .manager(var machine):
            machine.step(input, at: now, into: &effects)
            self = .manager(machine)
        }
    }

    package var summary: String {
        switch self {
        case .acceptor(let machine): machine.transactions.map(\.stage).joined(separator: "; ")
        case .manager(let machine): machine.manager.summary
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .acceptor(let machine):
            encoder.encode(tag: 1)
            encoder.encode(machine)
        case .manager(let machine):
            encoder.encode(tag: 2)
            encoder.encode(machine)
        }
    }
}

// MARK: - Observation

extension PaxosCommitNode: AtomicCommitNode {
    package func outcome(of transaction: TransactionID) -> Outcome? {
        switch self {
        case .acceptor(let machine): machine.transactions.first { $0.id == transaction }?.outcome
        case .manager(let machine): machine.manager.outcome(of: transaction)
        }
    }

    package var store: KeyValueStore? {
        switch self {
        case .acceptor: nil
        case .manager(let machine): machine.manager.store
        }
    }

    package var uncertain: [TransactionID] {
        switch self {
        case .acceptor: []
        case .manager(let machine): machine.manager.transactions.filter { $0.phase == .prepared }.map(\.id)
        }
    }

    package var isUndecided: Bool {
        switch self {
        case .acceptor(let machine): machine.transactions.contains { $0.outcome == nil }
        case .manager(let machine): machine.manager.transactions.contains { $0.phase.outcome == nil }
        }
    }
}
