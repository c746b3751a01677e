import ConsensusProtocols
import StateMachines
import Testing

/// One row of a table: inputs to S1 of three servers, and what the last of them makes it do.
struct RaftCase: CustomTestStringConvertible, Sendable {
    var name: String
    var adjust: @Sendable (inout RaftConfiguration) -> Void
    var inputs: [RaftNode.Input]
    var effects: [String]
    var summary: String

    init(
        _ name: String, adjust: @escaping @Sendable (inout RaftConfiguration) -> Void = { _ in },
        _ inputs: [RaftNode.Input], does effects: [String], becomes summary: String
    ) {
        self.name = name
        self.adjust = adjust
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }

    var testDescription: String { name }

    /// Steps a fresh machine through all inputs; `done` stands for the completion of the oldest write.
    func run() -> (machine: RaftServer, lastEffects: [String]) {
        var configuration = RaftConfiguration(servers: 4, members: 3)
        configuration.timing.electionMaximum = configuration.timing.electionMinimum
        adjust(&configuration)
        var machine = RaftServer(id: NodeID(0), configuration: configuration)
        var effects = EffectBuffer<RaftNode.Effect>()
        for input in inputs {
            effects.removeAll()
            machine.step(input, at: .zero, into: &effects)
        }
        return (machine, effects.elements.map(text))
    }
}

/// An effect in a few words: "VOTE t1 > S2", "force term 1", "timer election 150".
func text(_ effect: RaftNode.Effect) -> String {
    switch effect {
    case .send(let message, let receiver): "\(message.label) \(message.detail) > \(RaftConfiguration.name(receiver))"
    case .setTimer(let timer, let after): "timer \(timer.label) \(after.microseconds / 1_000)"
    case .cancelTimer(let timer): "cancel \(timer.label)"
    case .persist(let record, let isForced): "\(isForced ? "force" : "log") \(record.label) \(record.detail)"
    case .announce(.decided(let subject, let outcome)): "decide \(subject): \(outcome)"
    case .announce(.responded(let text)): "respond \(text)"
    case .announce(.began(_, let request)): "begin \(request)"
    case .announce(.ended(_, let outcome)): "end \(outcome.words)"
    case .announce(.phaseBegan(let name)): "begin \(name)"
    case .announce(.phaseEnded(let name)): "end \(name)"
    case .announce(.noted(let text)): "note \(text)"
    }
}

extension RaftNode.Input {
    /// The oldest write is on disk.
    static let done = RaftNode.Input.persisted(.truncate(from: 0))
    static func from(_ number: Int, _ message: RaftMessage) -> RaftNode.Input {
        .received(message, from: NodeID(number - 1))
    }
    static func asksForVote(
        _ number: Int, term: RaftTerm, last index: RaftIndex = 0, _ lastTerm: RaftTerm = 0, isPreVote: Bool = false
    ) -> RaftNode.Input {
        .from(
            number,
            .requestVote(term, lastIndex: index, lastTerm: lastTerm, isPreVote: isPreVote, overrides: false))
    }
    static func append(
        _ term: RaftTerm, after index: RaftIndex = 0, _ previousTerm: RaftTerm = 0, entries terms: [RaftTerm] = [],
        commit: RaftIndex = 0
    ) -> RaftNode.Input {
        .from(
            2,
            .append(
                term, previous: index, previousTerm: previousTerm, entries: terms.map { RaftEntry(term: $0, .noop) },
                commit: commit, round: 0))
    }
    static func write(_ key: String, _ value: Int) -> RaftNode.Input { .invoked(.perform(.set(key, value))) }
}

/// What makes S1 the leader of term 1.
let elected: [RaftNode.Input] = [
    .started, .timerFired(.election), .done, .from(2, .vote(1, isGranted: true, isPreVote: false)),
]
