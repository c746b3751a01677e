package import StateMachines

/// A client of a quorum-replicated register, its own coordinator: it asks all replicas and goes on when enough have answered.
///
/// - Source: Gifford, 1979; with `writingBack` the reads of Attiya, Bar-Noy and Dolev, "Sharing memory robustly in
///   message-passing systems", 1995, with `queried` versions the many writers of Lynch and Shvartsman, 1997; with stand-ins the
///   sloppy quorums of Dynamo.
/// - Deviations: nothing is sent twice; a client gives up instead. It has nothing on disk: one that crashed asks nothing more.
package struct QuorumClient: Machine {
    package typealias Input = QuorumNode.Input
    package typealias Effect = QuorumNode.Effect

    package enum Phase: UInt8, Hashable, Sendable {
        /// → `reading` or `versioning`, or `storing` at once.
        case idle
        /// Of a read. → `writingBack`, or `idle` with the answer.
        case reading
        /// Of a write: asking for the highest version. → `storing`.
        case versioning
        /// Of a write. → `idle`.
        case storing
        /// Of a read. → `idle` with the answer.
        case writingBack
        /// It crashed.
        case retired
    }

    private struct Heard: Hashable, Sendable, CanonicalEncodable {
        var home: NodeID
        var value: VersionedValue

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(home)
            encoder.encode(value)
        }
    }

    let id: NodeID
    let configuration: QuorumConfiguration
    package private(set) var phase = Phase.idle
    /// Operations so far.
    private var number: UInt32 = 0
    /// Answers to earlier rounds come too late.
    private var round: UInt32 = 0
    private var request = QuorumCommand.read
    /// Commands that came while it was busy.
    private var waiting: [QuorumCommand] = []
    /// In the order of their homes, so that the order of arrival means nothing.
    private var heard: [Heard] = []
    /// Bit *i*: the value is stored for home replica *i*.
    private var acknowledged: UInt64 = 0
    private var acknowledgements = 0
    /// What is being stored.
    private var value = VersionedValue.nothing
    private var writes: UInt32 = 0

    init(id: NodeID, configuration: QuorumConfiguration) {
        (self.id, self.configuration) = (id, configuration)
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started, .persisted: break
        case .recovered: phase = .retired
        case .received(.value(let round, let home, let value), _): onValue(round, home, value, at: now, &effects)
        case .received(.stored(let round, let home), _): onStored(round, home, at: now, &effects)
        case .received: break  // Not for a client.
        case .timerFired(.suspicion): askStandIns(&effects)
        case .timerFired(.patience): giveUp(at: now, &effects)
        case .timerFired(.handoff): break  // Never set.
        case .invoked(let command): onInvoked(command, at: now, &effects)
        }
    }

    private var operation: ClientOperation { ClientOperation(number) }
    private var writer: UInt8 { UInt8(id.index - configuration.replicas - configuration.standIns + 1) }

    // MARK: Begin and end

    private mutating func onInvoked(_ command: QuorumCommand, at now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle: begin(command, at: now, &effects)
        case .reading, .versioning, .storing, .writingBack: waiting.append(command)
        case .retired: break
        }
    }

    private mutating func begin(_ command: QuorumCommand, at now: Tick, _ effects: inout EffectBuffer<Effect>) {
        number += 1
        request = command
        effects.append(.announce(.began(operation, request: command.request)))
        switch (command, configuration.versioning) {
        case (.read, _): query(.reading, &effects)
        case (.write, .queried): query(.versioning, &effects)
        case (.write(let written), .counted):
            writes += 1
            store(.storing, VersionedValue(version: Version(number: writes, writer: writer), value: written), &effects)
        case (.write(let written), .clock):
            // From 1, since 0 is before the first write.
            let time = UInt32(truncatingIfNeeded: now.microseconds / 1_000) &+ 1
            store(.storing, VersionedValue(version: Version(number: time, writer: writer), value: written), &effects)
        }
        effects.append(.setTimer(.patience, after: configuration.timeouts.patience))
    }

    private mutating func end(_ outcome: OperationOutcome, at now: Tick, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.cancelTimer(.patience))
        if configuration.standIns > 0 { effects.append(.cancelTimer(.suspicion)) }
        effects.append(.announce(.ended(operation, outcome)))
        phase = .idle
        (heard, acknowledged, acknowledgements, value) = ([], 0, 0, .nothing)
        guard !waiting.isEmpty else { return }
        begin(waiting.removeFirst(), at: now, &effects)
    }

    /// What has been asked to store a value may do so at any later time; before that nothing has happened.
    private mutating func giveUp(at now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle, .retired: break
        case .storing:
            end(configuration.mutation == .takesGivingUpForFailure ? .failed : .unknown, at: now, &effects)
        case .versioning: end(.failed, at: now, &effects)
        case .reading, .writingBack: end(.unknown, at: now, &effects)
        }
    }

    // MARK: Rounds

    private mutating func query(_ phase: Phase, _ effects: inout EffectBuffer<Effect>) {
        beginRound(phase, &effects) { .query(round: $0, home: $1) }
    }

    private mutating func store(_ phase: Phase, _ value: VersionedValue, _ effects: inout EffectBuffer<Effect>) {
        self.value = value
        (heard, acknowledged, acknowledgements) = ([], 0, 0)
        beginRound(phase, &effects) { .store(round: $0, home: $1, value) }
    }

    private mutating func beginRound(
        _ phase: Phase, _ effects: inout EffectBuffer<Effect>, _ message: (UInt32, NodeID) -> QuorumMessage
    ) {
        self.phase = phase
        round += 1
        for home in configuration.homes { effects.append(.send(message(round, home), to: home)) }
        if configuration.standIns > 0 {
            effects.append(.setTimer(.suspicion, after: configuration.timeouts.suspicion))
        }
    }

    /// The same question to the stand-ins of those who have not answered.
    private mutating func askStandIns(_ effects: inout EffectBuffer<Effect>) {
        for home in configuration.homes {
            guard let standIn = configuration.standIn(for: home) else { continue }
            switch phase {
            case .idle, .retired: break
            case .reading, .versioning:
                guard !heard.contains(where: { $0.home == home }) else { continue }
                effects.append(.send(.query(round: round, home: home), to: standIn))
            case .storing, .writingBack:
                guard acknowledged >> UInt64(home.index) & 1 == 0 else { continue }
                effects.append(.send(.store(round: round, home: home, value), to: standIn))
            }
        }
    }
}

// MARK: - Answers

extension QuorumClient {
    private mutating func onValue(
        _ round: UInt32, _ home: NodeID, _ value: VersionedValue, at now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard round == self.round, !heard.contains(where: { $0.home == home }) else { return }
        switch phase {
        case .idle, .storing, .writingBack, .retired: return
        case .reading, .versioning: break
        }
        heard.insert(Heard(home: home, value: value), at: heard.count { $0.home.index < home.index })
        guard heard.count == configuration.readQuorum else { return }
        let highest = heard.map(\.value).max { $0.version < $1.version } ?? .nothing
        switch (phase, request) {
        case (.versioning, .write(let written)):
            let version = Version(number: highest.version.number + 1, writer: writer)
            store(.storing, VersionedValue(version: version, value: written), &effects)
        default: hasRead(highest, at: now, &effects)
        }
    }

    private mutating func hasRead(
        _ highest: VersionedValue, at now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch configuration.reading {
        case .writingBack where highest.version > .none: store(.writingBack, highest, &effects)
        case .plain, .writingBack: end(.answered(highest.answer), at: now, &effects)
        case .repairing:
            for answer in heard where answer.value.version < highest.version {
                effects.append(.send(.repair(highest), to: answer.home))
            }
            end(.answered(highest.answer), at: now, &effects)
        }
    }

    private mutating func onStored(
        _ round: UInt32, _ home: NodeID, at now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard round == self.round else { return }
        switch phase {
        case .idle, .reading, .versioning, .retired: return
        case .storing, .writingBack: break
        }
        let isNew = acknowledged >> UInt64(home.index) & 1 == 0
        guard isNew || configuration.mutation == .countsCopies else { return }
        acknowledged |= 1 << UInt64(home.index)
        acknowledgements += 1
        guard acknowledgements == configuration.writeQuorum else { return }
        end(.answered(phase == .storing ? "ok" : value.answer), at: now, &effects)
    }

    package var summary: String {
        switch phase {
        case .idle: ""
        case .reading: "reading"
        case .versioning: "asking for versions"
        case .storing: "writing \(value)"
        case .writingBack: "writing back \(value)"
        case .retired: "retired"
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: phase.rawValue)
        encoder.encode(number)
        encoder.encode(round)
        encoder.encode(request)
        encoder.encode(waiting)
        encoder.encode(heard)
        encoder.encode(acknowledged)
        encoder.encode(UInt32(acknowledgements))
        encoder.encode(value)
        encoder.encode(writes)
    }
}
