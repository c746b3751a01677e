import Checking
import Messages
package import Simulator
import StateMachines
import Synchronization

extension ClientPromises {
    /// Promises that judge each history once, however many states of a search have it.
    package static func remembering(of model: Model, names: [String]) -> ClientPromises {
        let judged = JudgedHistories()
        return ClientPromises(of: model, names: names) { judged.problem(with: $1, $0, judge: $2) }
    }
}

/// Histories that have been judged, by their fingerprints; for all workers of a search.
private final class JudgedHistories: Sendable {
    private struct Key: Hashable {
        var consistency: Consistency
        var history: Fingerprint
    }

    /// Beyond it all are forgotten: 100,000 take some ten megabytes.
    private static let most = 100_000

    private let problems = Mutex<[Key: LocalizedText?]>([:])  // Only looked up.

    func problem(
        with history: Fingerprint, _ consistency: Consistency, judge: () -> LocalizedText?
    ) -> LocalizedText? {
        let key = Key(consistency: consistency, history: history)
        if let known = problems.withLock({ $0[key] }) { return known }
        let problem = judge()
        problems.withLock { problems in
            if problems.count >= Self.most { problems.removeAll(keepingCapacity: true) }
            problems[key] = .some(problem)
        }
        return problem
    }
}
