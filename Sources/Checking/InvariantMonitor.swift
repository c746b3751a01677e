/// Judges one run state by state and remembers the first violation of each invariant.
package struct InvariantMonitor<Subject>: Sendable {
    package let invariants: [Invariant<Subject>]
    /// In the order they were seen.
    package private(set) var violations: [Violation] = []
    private var witnessed: [Bool]
    private var sawEnd = false

    package init(_ invariants: [Invariant<Subject>]) {
        self.invariants = invariants
        witnessed = invariants.map { _ in false }
    }

    private func isBroken(_ name: String) -> Bool { violations.contains { $0.invariant == name } }

    /// Judges a state on the way.
    /// - Returns: what is newly broken.
    package mutating func check(_ subject: Subject) -> [Violation] {
        var news: [Violation] = []
        for (index, invariant) in invariants.enumerated() {
            switch invariant.kind {
            case .always:
                guard !isBroken(invariant.name), let violation = invariant.violation(by: subject) else { continue }
                news.append(violation)
            case .sometimes where !witnessed[index]: witnessed[index] = invariant.problem(subject) == nil
            case .sometimes, .eventually: continue
            }
        }
        violations += news
        return news
    }

    /// Judges the state in which nothing is left to happen.
    /// - Returns: what is newly broken.
    package mutating func checkEnd(_ subject: Subject) -> [Violation] {
        sawEnd = true
        let news = invariants.filter { $0.kind == .eventually && !isBroken($0.name) }
            .compactMap { $0.violation(by: subject) }
        violations += news
        return news
    }

    /// Notes the trace event that reports a violation.
    package mutating func locate(_ invariant: String, at event: Int) {
        for index in violations.indices where violations[index].invariant == invariant && violations[index].event == nil
        {
            violations[index].event = event
        }
    }

    /// One verdict for each invariant, in their order.
    ///
    /// - Parameter bound: what cut the run short; then an eventually that was not judged is unknown, and so is a
    ///   sometimes without a witness. Of a whole run, a sometimes without a witness is violated.
    package func verdicts(stoppedBy bound: Bound?) -> [Verdict] {
        invariants.enumerated().map { index, invariant in
            if let violation = violations.first(where: { $0.invariant == invariant.name }) {
                return .violated(violation)
            }
            switch invariant.kind {
            case .always: return .holds
            case .eventually: return sawEnd ? .holds : .unknown(bound ?? .events(0))
            case .sometimes:
                if witnessed[index] { return .holds }
                if let bound { return .unknown(bound) }
                return .violated(
                    Violation(
                        invariant: invariant.name, explanation: invariant.explanation, problem: invariant.explanation))
            }
        }
    }
}
