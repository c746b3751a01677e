import Simulator
import StateMachines

/// Node 0 asks the others in numbered rounds, a new one each time its timer fires, and has won when one of them answers the
/// round that it is in. What is said in a round names the round.
struct Campaign: ProtocolNode {
    enum Message: Hashable, Sendable, CanonicalEncodable, Labelled {
        case ask(UInt8), answer(UInt8)
        var label: String {
            switch self {
            case .ask(let round): "ASK \(round)"
            case .answer(let round): "ANSWER \(round)"
            }
        }
        func encode(into encoder: inout CanonicalEncoder) {
            switch self {
            case .ask(let round): encoder.encode(UInt16(round))
            case .answer(let round): encoder.encode(UInt16(round) | 1 << 8)
            }
        }
    }
    enum Timer: Hashable, Sendable, CanonicalEncodable, Labelled {
        case retry
        var label: String { "retry" }
        func encode(into encoder: inout CanonicalEncoder) {}
    }
    enum Nothing: Hashable, Sendable, CanonicalEncodable, Labelled {
        case nothing
        var label: String { "nothing" }
        func encode(into encoder: inout CanonicalEncoder) {}
    }
    typealias Record = Nothing
    typealias Command = Nothing

    /// Of node 0: how many others there are. 0 for the others.
    var voters: Int
    var round: UInt8 = 0
    var hasWon = false

    static func machines(voters: Int) -> [Campaign] {
        [Campaign(voters: voters)] + Array(repeating: Campaign(voters: 0), count: voters)
    }

    var summary: String { hasWon ? "won" : "round \(round)" }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(round)
        encoder.encode(hasWon)
    }

    mutating func step(
        _ input: NodeInput<Message, Timer, Record, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>
    ) {
        switch input {
        case .started:
            if voters > 0 { effects.append(.setTimer(.retry, after: .milliseconds(100))) }
        case .timerFired:
            guard !hasWon, round < 9 else { return }
            round += 1
            for voter in 1...voters { effects.append(.send(.ask(round), to: NodeID(voter))) }
            effects.append(.setTimer(.retry, after: .milliseconds(100)))
        case .received(.ask(let asked), let from): effects.append(.send(.answer(asked), to: from))
        case .received(.answer(let answered), _): if answered == round { hasWon = true }
        case .recovered, .persisted, .invoked: break
        }
    }
}
