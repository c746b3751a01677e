package import StateMachines

/// A replica of one register: keeps the value of the highest version, and, as a stand-in, values for others.
///
/// - Source: Gifford, "Weighted voting for replicated data", 1979, with one vote each; hinted handoff after DeCandia et al.,
///   "Dynamo", 2007, section 4.6.
/// - Deviations: no weights, and one register. A stand-in tries to hand over by a timer instead of detecting that its home
///   replica is back.
package struct QuorumReplica: Machine, CanonicalEncodable {
    package typealias Input = QuorumNode.Input
    package typealias Effect = QuorumNode.Effect

    /// A value held for a home replica.
    package struct Hint: Hashable, Sendable, CanonicalEncodable {
        package var home: NodeID
        package var value: VersionedValue

        package func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(home)
            encoder.encode(value)
        }
    }

    /// An answer that waits for a record to be on disk.
    private struct Reply: Hashable, Sendable, CanonicalEncodable {
        var record: QuorumRecord
        var message: QuorumMessage?
        var receiver: NodeID

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(record)
            encoder.encode(message)
            encoder.encode(receiver)
        }
    }

    let id: NodeID
    let configuration: QuorumConfiguration
    /// On disk, where there is one.
    package private(set) var stored = VersionedValue.nothing
    /// In the order of their homes.
    package private(set) var hints: [Hint] = []
    /// In the order of their records.
    private var replies: [Reply] = []

    init(id: NodeID, configuration: QuorumConfiguration) {
        (self.id, self.configuration) = (id, configuration)
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started, .invoked: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, &effects)
        case .timerFired: handOff(&effects)
        case .persisted: onPersisted(&effects)
        }
    }

    private mutating func onReceived(
        _ message: QuorumMessage, from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .query(let round, let home):
            effects.append(.send(.value(round: round, home: home, value(for: home)), to: sender))
        case .store(let round, let home, let value):
            let record: QuorumRecord = home == id ? .stored(value) : .hinted(home: home, value)
            take(record, answering: .stored(round: round, home: home), to: sender, &effects)
        case .repair(let value): take(.stored(value), answering: nil, to: sender, &effects)
        case .handoff(let value): take(.stored(value), answering: .taken(value), to: sender, &effects)
        case .taken(let value): onTaken(value, by: sender, &effects)
        case .value, .stored: break  // Not for a replica.
        }
    }

    private func value(for home: NodeID) -> VersionedValue {
        home == id ? stored : hints.first { $0.home == home }?.value ?? .nothing
    }

    /// Whether a record changes anything.
    private func isNews(_ record: QuorumRecord) -> Bool {
        switch record {
        case .stored(let value): isNewer(value, than: stored)
        case .hinted(let home, let value): isNewer(value, than: self.value(for: home))
        case .handed(let home): hints.contains { $0.home == home }
        }
    }

    private func isNewer(_ value: VersionedValue, than old: VersionedValue) -> Bool {
        switch configuration.mutation {
        case .keepsLatestArrival: value != old
        case .ignoresWriters: value.version.number > old.version.number
        default: value.version > old.version
        }
    }

    private mutating func take(
        _ record: QuorumRecord, answering message: QuorumMessage?, to receiver: NodeID,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard isNews(record) else {
            if let message { effects.append(.send(message, to: receiver)) }
            return
        }
        guard configuration.isDurable else {
            apply(record, &effects)
            if let message { effects.append(.send(message, to: receiver)) }
            return
        }
        let isHasty = configuration.mutation == .answersBeforePersisting
        if isHasty, let message { effects.append(.send(message, to: receiver)) }
        replies.append(Reply(record: record, message: isHasty ? nil : message, receiver: receiver))
        effects.append(.persist(record, forced: true))
    }

    private mutating func onPersisted(_ effects: inout EffectBuffer<Effect>) {
        guard !replies.isEmpty else {
            preconditionFailure("\(configuration.name(of: id)) was told of a record it has not written")
        }
        let reply = replies.removeFirst()
        if isNews(reply.record) { apply(reply.record, &effects) }
        if let message = reply.message { effects.append(.send(message, to: reply.receiver)) }
    }

    private mutating func apply(_ record: QuorumRecord, _ effects: inout EffectBuffer<Effect>) {
        if case .hinted = record, hints.isEmpty {
            effects.append(.setTimer(.handoff, after: configuration.timeouts.handoff))
        }
        replay(record)
    }

    private mutating func replay(_ record: QuorumRecord) {
        switch record {
        case .stored(let value): stored = value
        case .hinted(let home, let value):
            hints.removeAll { $0.home == home }
            hints.insert(Hint(home: home, value: value), at: hints.count { $0.home.index < home.index })
        case .handed(let home): hints.removeAll { $0.home == home }
        }
    }

    private mutating func onRecovered(_ log: [QuorumRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log where isNews(record) { replay(record) }
        if !hints.isEmpty { effects.append(.setTimer(.handoff, after: configuration.timeouts.handoff)) }
    }

    // MARK: Hinted handoff

    private mutating func handOff(_ effects: inout EffectBuffer<Effect>) {
        for hint in hints { effects.append(.send(.handoff(hint.value), to: hint.home)) }
        if configuration.mutation == .forgetsHints {
            hints = []
        } else if !hints.isEmpty {
            effects.append(.setTimer(.handoff, after: configuration.timeouts.handoff))
        }
    }

    /// What has been replaced by a newer value meanwhile is still to be handed over.
    private mutating func onTaken(_ value: VersionedValue, by home: NodeID, _ effects: inout EffectBuffer<Effect>) {
        guard self.value(for: home).version <= value.version, isNews(.handed(home: home)) else { return }
        replay(.handed(home: home))
        if configuration.isDurable { effects.append(.persist(.handed(home: home), forced: false)) }
        if hints.isEmpty { effects.append(.cancelTimer(.handoff)) }
    }

    /// "3 (2A)"; "empty, holds 3 (2A) for R1".
    package var summary: String {
        let own = id.index < configuration.replicas ? ["\(stored)"] : []
        let held = hints.map { "holds \($0.value) for \(configuration.name(of: $0.home))" }
        return (own + held).joined(separator: ", ")
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(stored)
        encoder.encode(hints)
        encoder.encode(replies)
    }
}
