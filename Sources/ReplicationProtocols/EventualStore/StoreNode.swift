package import StateMachines

/// A client with its session: what it has read and written, as version vectors.
///
/// - Source: Terry et al., 1994, sections 4 and 5.
/// - Deviation: nothing is sent twice; a client gives up instead. One that crashed asks nothing more.
package struct StoreClient: Machine {
    package typealias Input = StoreNode.Input
    package typealias Effect = StoreNode.Effect

    let id: NodeID
    let configuration: StoreConfiguration
    private var number: UInt32 = 0
    /// What it waits for.
    package private(set) var request: StoreCommand?
    private var waiting: [StoreCommand] = []
    private var isRetired = false
    private var hasRead: VersionVector
    private var hasWritten: VersionVector

    init(id: NodeID, configuration: StoreConfiguration) {
        (self.id, self.configuration) = (id, configuration)
        hasRead = VersionVector(replicas: configuration.replicas)
        hasWritten = hasRead
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started, .persisted: break
        case .recovered: isRetired = true
        case .received(.value(let number, let values, let vector), _) where number == self.number && request != nil:
            hasRead.join(vector)
            end(.answered(StoreMessage.text(values)), &effects)
        case .received(.written(let number, let dot, let version), _) where number == self.number && request != nil:
            hasWritten[dot.replica] = max(hasWritten[dot.replica], dot.count)
            end(.answered("ok", version: version), &effects)
        case .received: break  // Too late, or not for a client.
        case .timerFired: if request != nil { end(.unknown, &effects) }
        case .invoked(let command):
            guard !isRetired else { return }
            if request == nil { begin(command, &effects) } else { waiting.append(command) }
        }
    }

    private mutating func begin(_ command: StoreCommand, _ effects: inout EffectBuffer<Effect>) {
        number += 1
        request = command
        effects.append(.announce(.began(ClientOperation(number), request: command.request)))
        switch command {
        case .read(let replica):
            effects.append(.send(.read(number: number, needs: needs(.readYourWrites, .monotonicReads)), to: replica))
        case .write(let value, let replica):
            let needs = needs(.monotonicWrites, .writesFollowReads)
            effects.append(
                .send(.write(number: number, client: id, value: value, needs: needs, context: hasRead), to: replica))
        }
        effects.append(.setTimer(.patience, after: configuration.timeouts.patience))
    }

    /// What a replica must know: the session's writes for the first guarantee, its reads for the second.
    private func needs(_ ofWrites: SessionGuarantee, _ ofReads: SessionGuarantee) -> VersionVector {
        var needs = VersionVector(replicas: configuration.replicas)
        if configuration.guarantees.contains(ofWrites) { needs.join(hasWritten) }
        if configuration.guarantees.contains(ofReads) { needs.join(hasRead) }
        return needs
    }

    private mutating func end(_ outcome: OperationOutcome, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.cancelTimer(.patience))
        effects.append(.announce(.ended(ClientOperation(number), outcome)))
        request = nil
        if !waiting.isEmpty { begin(waiting.removeFirst(), &effects) }
    }

    package var summary: String {
        if isRetired { return "retired" }
        return switch request {
        case nil: ""
        case .read: "reading"
        case .write(let value, _): "writing \(value)"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(number)
        encoder.encode(request)
        encoder.encode(waiting)
        encoder.encode(isRetired)
        encoder.encode(hasRead)
        encoder.encode(hasWritten)
    }
}

/// Any node of an eventually consistent register.
package enum StoreNode: ProtocolNode {
    package typealias Message = StoreMessage
    package typealias Timer = StoreTimer
    package typealias Record = StoreRecord
    package typealias Command = StoreCommand
    package typealias Input = NodeInput<StoreMessage, StoreTimer, StoreRecord, StoreCommand>
    package typealias Effect = NodeEffect<StoreMessage, StoreTimer, StoreRecord>

    case replica(StoreReplica)
    case client(StoreClient)

    /// Every machine of a run: replicas, then clients.
    package static func nodes(_ configuration: StoreConfiguration) -> [StoreNode] {
        (0..<configuration.replicas).map { .replica(StoreReplica(id: NodeID($0), configuration: configuration)) }
            + (0..<configuration.clients).map {
                .client(StoreClient(id: configuration.client($0), configuration: configuration))
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
    package var replica: StoreReplica? { if case .replica(let machine) = self { machine } else { nil } }
    /// Whether it is a client whose operation has no end yet.
    package var isWaiting: Bool { if case .client(let machine) = self { machine.request != nil } else { false } }

    package var summary: String {
        switch self {
        case .replica(let machine): machine.summary
        case .client(let machine): machine.summary
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
