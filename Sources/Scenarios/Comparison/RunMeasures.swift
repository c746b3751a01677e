package import StateMachines
package import Traces

/// What one request has cost in one run, read from its trace alone.
package struct RunMeasures: Hashable, Sendable {
    /// Sent from the request until the last decision, or to the end where somebody is stuck.
    package var messages: Int
    /// Message delays, one after the other, that led to the first decision; `nil` where there is none.
    package var delays: Int?
    /// Forced writes that were completed, until the same moment as messages.
    package var forcedWrites: Int
    /// The longest time that a node had to wait between its first forced write, the vote that it cannot take back, and what
    /// was decided; of one that is stuck, until the end of the run.
    package var waiting: Tick
    /// Who is up at the end and cannot go on.
    package var stuck: [String]
    /// The outcomes, without repetitions; more than one is more than there should be.
    package var outcomes: [String]

    /// - Parameters:
    ///   - trace: a whole run, nothing left out.
    ///   - request: the first event that counts.
    ///   - stuck: who is up at its end and cannot go on.
    ///   - isOutcome: whether a decision is about the request.
    /// - Complexity: O(events).
    package init(
        of trace: Trace, from request: Event, stuck: [String], isOutcome: (Event) -> Bool = { _ in true }
    ) {
        let events = trace.events.drop { $0.order < request.order }
        let decisions = events.filter { $0.kind == .decide && isOutcome($0) }
        let (votes, learned) = (Self.firsts(events.filter { $0.kind == .persisted }), Self.firsts(decisions))
        let end = events.last?.time ?? request.time
        let until = stuck.isEmpty ? decisions.last?.time ?? end : end
        let counted = events.prefix { $0.time <= until }
        self.stuck = stuck
        messages = counted.count { $0.kind == .send }
        forcedWrites = counted.count { $0.kind == .persisted }
        delays = decisions.first.map { Self.delays(to: $0, in: trace, since: request) }
        // A vote that came to nothing, since its node died or the others went another way, made nobody wait.
        waiting = votes.reduce(.zero) { longest, vote in
            guard let known = learned[vote.key] ?? (stuck.contains(vote.key) ? end : nil) else { return longest }
            return max(longest, known - vote.value)
        }
        outcomes = decisions.reduce(into: []) { found, event in
            if let outcome = event.label, !found.contains(outcome) { found.append(outcome) }
        }
    }

    /// When each node had its first of these events.
    private static func firsts(_ events: some Sequence<Event>) -> [String: Tick] {
        events.reduce(into: [:]) { times, event in
            if times[event.node] == nil { times[event.node] = event.time }
        }
    }

    /// Receives on the way back from an event to the request along causes.
    private static func delays(to event: Event, in trace: Trace, since request: Event) -> Int {
        var (current, count) = (event, 0)
        while current.order > request.order {
            if current.kind == .receive { count += 1 }
            guard let cause = current.cause, cause > 0, cause < current.order else { break }
            current = trace.events[cause - 1]
        }
        return count
    }
}
