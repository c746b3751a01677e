package import StateMachines

/// A replica that answers at once from what it has, and sends on what it was told until everyone has it.
///
/// - Source: Terry et al., 1994, and "Managing update conflicts in Bayou", 1995 (version vectors, sessions, anti-entropy);
///   DeCandia et al., "Dynamo", 2007, section 4.4 (siblings); Vogels, "Eventually consistent", 2009.
/// - Deviations: one register. Anti-entropy only pushes: a replica sends what another is not known to have, until it hears
///   that it has it. Nothing is ever forgotten. A replica that lacks what a session needs lets the request wait.
package struct StoreReplica: Machine {
    package typealias Input = StoreNode.Input
    package typealias Effect = StoreNode.Effect

    /// What is to be said when a record is on disk, and to whom.
    private struct Reply: Hashable, Sendable, CanonicalEncodable {
        var write: AcceptedWrite
        var receiver: NodeID

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(write)
            encoder.encode(receiver)
        }
    }

    private struct Held: Hashable, Sendable, CanonicalEncodable {
        var message: StoreMessage
        var sender: NodeID

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(message)
            encoder.encode(sender)
        }
    }

    let id: NodeID
    let configuration: StoreConfiguration
    /// On disk, in the order of their dots.
    package private(set) var writes: [AcceptedWrite] = []
    package private(set) var vector: VersionVector
    /// What is on disk or on its way there.
    private var accepted: VersionVector
    /// What each replica is known to have; its own entry is not used.
    private var known: [VersionVector]
    /// The highest time that it has seen.
    private var clock: UInt32 = 0
    private var replies: [Reply] = []
    private var held: [Held] = []

    init(id: NodeID, configuration: StoreConfiguration) {
        (self.id, self.configuration) = (id, configuration)
        let nothing = VersionVector(replicas: configuration.replicas)
        (vector, accepted) = (nothing, nothing)
        known = Array(repeating: nothing, count: configuration.replicas)
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started, .invoked: break
        case .recovered(let log): onRecovered(log, &effects)
        case .received(let message, let sender): onReceived(message, from: sender, at: now, &effects)
        case .timerFired: spread(&effects)
        case .persisted: onPersisted(at: now, &effects)
        }
    }

    private mutating func onReceived(
        _ message: StoreMessage, from sender: NodeID, at now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .read, .write: serve(message, of: sender, at: now, &effects)
        case .spread(let writes): onSpread(writes, from: sender, &effects)
        case .have(let vector):
            known[sender.index].join(vector)
            if !isAnyoneLacking { effects.append(.cancelTimer(.spreading)) }
        case .value, .written: break  // Not for a replica.
        }
    }

    // MARK: Clients

    private mutating func serve(
        _ message: StoreMessage, of sender: NodeID, at now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch message {
        case .read(let number, let needs):
            guard vector.covers(needs) else { return held.append(Held(message: message, sender: sender)) }
            effects.append(.send(.value(number: number, current.map(\.value), vector), to: sender))
        case .write(let number, let client, let value, let needs, let context):
            if configuration.hasLeader, id.index > 0 { return effects.append(.send(message, to: NodeID(0))) }
            guard vector.covers(needs) else { return held.append(Held(message: message, sender: sender)) }
            if let known = writes.first(where: { $0.client == client && $0.number == number }) {
                return answer(known, &effects)
            }
            guard !replies.contains(where: { $0.write.client == client && $0.write.number == number }) else { return }
            accept(value, of: client, number, context, at: now, &effects)
        case .value, .written, .spread, .have: preconditionFailure("\(message) is no request of a client")
        }
    }

    private mutating func accept(
        _ value: UInt8, of client: NodeID, _ number: UInt32, _ context: VersionVector, at now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let time: UInt32
        switch configuration.merging {
        case .lastWriter: time = UInt32(truncatingIfNeeded: now.microseconds / 1_000)
        case .lastWriterByLogicalTime, .siblings: time = clock + 1
        }
        clock = max(clock, time)
        accepted[id] += 1
        let write = AcceptedWrite(
            dot: Dot(replica: id, count: accepted[id]), time: time, value: value,
            context: configuration.mutation == .borrowsContext ? vector : context, client: client, number: number)
        replies.append(Reply(write: write, receiver: client))
        effects.append(.persist(StoreRecord(write: write), forced: true))
    }

    private func answer(_ write: AcceptedWrite, _ effects: inout EffectBuffer<Effect>) {
        effects.append(
            .send(.written(number: write.number, write.dot, version: write.version), to: write.client))
    }

    private mutating func onPersisted(at now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard !replies.isEmpty else { preconditionFailure("node \(id.index) was told of a record it has not written") }
        let reply = replies.removeFirst()
        let wasLacking = isAnyoneLacking
        take(reply.write)
        if reply.receiver == reply.write.client {
            answer(reply.write, &effects)
        } else {
            known[reply.receiver.index][reply.write.dot.replica] = reply.write.dot.count
            effects.append(.send(.have(vector), to: reply.receiver))
        }
        if isAnyoneLacking, !wasLacking {
            effects.append(.setTimer(.spreading, after: configuration.timeouts.spreading))
        }
        let waiting = held
        held = []
        for request in waiting { serve(request.message, of: request.sender, at: now, &effects) }
    }

    private mutating func take(_ write: AcceptedWrite) {
        writes.insert(write, at: writes.count { $0.dot < write.dot })
        vector[write.dot.replica] = write.dot.count
        accepted.join(vector)
        clock = max(clock, write.time)
    }

    private mutating func onRecovered(_ log: [StoreRecord], _ effects: inout EffectBuffer<Effect>) {
        for record in log { take(record.write) }
        if isAnyoneLacking { effects.append(.setTimer(.spreading, after: configuration.timeouts.spreading)) }
    }

    /// What a read shows: the last write, or all that no other has overwritten.
    package var current: [AcceptedWrite] {
        switch configuration.merging {
        case .lastWriter, .lastWriterByLogicalTime: writes.max { $0.version < $1.version }.map { [$0] } ?? []
        case .siblings:
            writes.filter { write in !writes.contains { $0.dot != write.dot && $0.context.covers(write.dot) } }
                .sorted { $0.value < $1.value }
        }
    }
}

// MARK: - Anti-entropy

extension StoreReplica {
    private var others: [NodeID] { known.indices.filter { $0 != id.index }.map { NodeID($0) } }
    private var isAnyoneLacking: Bool { others.contains { !known[$0.index].covers(vector) } }

    private mutating func spread(_ effects: inout EffectBuffer<Effect>) {
        for other in others where !known[other.index].covers(vector) {
            let missing = writes.filter { !known[other.index].covers($0.dot) }
            effects.append(.send(.spread(missing), to: other))
            if configuration.mutation == .spreadsOnce { known[other.index].join(vector) }
        }
        if isAnyoneLacking { effects.append(.setTimer(.spreading, after: configuration.timeouts.spreading)) }
    }

    /// Takes what comes next of each replica; the rest is known, or will be sent again together with what is missing.
    private mutating func onSpread(
        _ writes: [AcceptedWrite], from sender: NodeID, _ effects: inout EffectBuffer<Effect>
    ) {
        let isNews = writes.contains { $0.dot.count == accepted[$0.dot.replica] + 1 }
        for write in writes where write.dot.count == accepted[write.dot.replica] + 1 {
            accepted[write.dot.replica] = write.dot.count
            replies.append(Reply(write: write, receiver: sender))
            effects.append(.persist(StoreRecord(write: write), forced: true))
        }
        if !isNews { effects.append(.send(.have(vector), to: sender)) }
    }

    /// "2"; "1,2"; "empty".
    package var summary: String {
        let values = current.map(\.value)
        return values.isEmpty ? "empty" : StoreMessage.text(values)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(writes)
        encoder.encode(accepted)
        encoder.encode(known)
        encoder.encode(clock)
        encoder.encode(replies)
        encoder.encode(held)
    }
}
