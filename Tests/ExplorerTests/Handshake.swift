import Simulator
import StateMachines

/// A commit protocol cut down to what an explorer must get right: node 0 asks all, each answers once its vote is on
/// disk, node 0 tells all when every vote is in. `isHasty` participants answer before their vote is on disk.
struct Handshake: ProtocolNode {
    enum Message: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case prepare, vote, commit
        var label: String {
            switch self {
            case .prepare: "PREPARE"
            case .vote: "VOTE"
            case .commit: "COMMIT"
            }
        }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }
    enum Record: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case voted, committed
        var label: String { self == .voted ? "VOTED" : "COMMITTED" }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }
    enum Timer: UInt8, Hashable, Sendable, CanonicalEncodable, Labelled {
        case retry
        var label: String { "retry" }
        func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
    }
    struct Command: Hashable, Sendable, CanonicalEncodable, Labelled {
        var label: String { "begin" }
        func encode(into encoder: inout CanonicalEncoder) {}
    }

    var isCoordinator: Bool
    var participants: UInt8
    var isHasty = false
    var retries = false
    /// Bit *i*: participant *i* has voted.
    var votes: UInt8 = 0
    var hasVoted = false
    var hasCommitted = false

    static func machines(participants: Int, isHasty: Bool = false, retries: Bool = false) -> [Handshake] {
        (0...participants).map {
            Handshake(isCoordinator: $0 == 0, participants: UInt8(participants), isHasty: isHasty, retries: retries)
        }
    }

    var summary: String { hasCommitted ? "committed" : hasVoted ? "voted" : "idle" }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(votes)
        encoder.encode(hasVoted)
        encoder.encode(hasCommitted)
    }

    mutating func step(
        _ input: NodeInput<Message, Timer, Record, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>
    ) {
        switch input {
        case .started: break
        case .recovered(let records):
            hasVoted = records.contains(.voted)
            hasCommitted = records.contains(.committed)
        case .invoked: broadcast(.prepare, &effects)
        case .received(.prepare, _):
            guard !hasVoted else { return }
            effects.append(.persist(.voted, forced: true))
            if isHasty { vote(&effects) }
        case .persisted(.voted):
            if !isHasty { vote(&effects) }
        case .received(.vote, let from):
            votes |= 1 << (from.rawValue - 1)
            guard votes == 1 << participants - 1, !hasCommitted else { return }
            effects.append(.persist(.committed, forced: true))
        case .persisted(.committed):
            hasCommitted = true
            broadcast(.commit, &effects)
        case .received(.commit, _): hasCommitted = true
        case .timerFired: effects.append(.setTimer(.retry, after: .milliseconds(100)))
        }
    }

    private mutating func vote(_ effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>) {
        hasVoted = true
        effects.append(.send(.vote, to: NodeID(0)))
        if retries { effects.append(.setTimer(.retry, after: .milliseconds(100))) }
    }

    private func broadcast(_ message: Message, _ effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>) {
        guard isCoordinator else { return }
        for participant in 1...Int(participants) { effects.append(.send(message, to: NodeID(participant))) }
    }
}
