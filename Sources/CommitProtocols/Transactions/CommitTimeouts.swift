package import StateMachines

/// How long nodes wait, by their own clocks.
package struct CommitTimeouts: Hashable, Sendable, CanonicalEncodable {
    /// The coordinator for votes, and a participant that works for PREPARE.
    package var votes: Tick
    /// A participant for the decision, a backup for the coordinator.
    package var decision: Tick
    /// Anybody for an acknowledgement or an answer; doubled with every attempt, up to sixteen times.
    package var answer: Tick

    package init(votes: Tick, decision: Tick, answer: Tick) {
        self.votes = votes
        self.decision = decision
        self.answer = answer
    }

    /// Several times the simulator's usual delays, so that nobody is suspected unless something is wrong.
    package static let usual = CommitTimeouts(
        votes: .milliseconds(100), decision: .milliseconds(120), answer: .milliseconds(60))

    /// The wait before attempt number `attempts`, counted from 0.
    package func answer(attempt: UInt8) -> Tick { answer * (1 << UInt64(min(attempt, 4))) }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(votes)
        encoder.encode(decision)
        encoder.encode(answer)
    }
}
