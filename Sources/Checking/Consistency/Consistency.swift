package import Messages

/// A promise about what clients of an object get to see.
package enum Consistency: String, CaseIterable, Hashable, Sendable {
    /// One order of all operations explains every answer and respects real time (Herlihy and Wing, 1990).
    case linearizable
    /// One order of all operations explains every answer and respects each client's own (Lamport, 1979).
    case sequential
    /// Every client can explain its reads by one order of all writes in its past, however long (Ahamad et al., 1995).
    case causalMemory = "causal-memory"
    /// All agree on one order of writes that explains each read by the writes in its past (Perrin et al., 2016).
    case causalConvergence = "causal-convergence"
    /// Each read is explained by some order of the writes in its past (Perrin et al., 2016; Bouajjani et al., 2017).
    case causal
    /// The four that follow, together, value by value (Terry et al., 1994).
    case sessionGuarantees = "session-guarantees"
    case readYourWrites = "read-your-writes"
    case monotonicReads = "monotonic-reads"
    case monotonicWrites = "monotonic-writes"
    case writesFollowReads = "writes-follow-reads"
    /// After the last write, all come to read the same (Vogels, 2009).
    case eventual

    /// What is promised.
    package var explanation: LocalizedText {
        switch self {
        case .linearizable: HistoryMessages.linearizable
        case .sequential: HistoryMessages.sequential
        case .causalMemory: HistoryMessages.causalMemory
        case .causalConvergence: HistoryMessages.causalConvergence
        case .causal: HistoryMessages.causal
        case .sessionGuarantees: HistoryMessages.sessionGuarantees
        case .readYourWrites: HistoryMessages.readYourWrites
        case .monotonicReads: HistoryMessages.monotonicReads
        case .monotonicWrites: HistoryMessages.monotonicWrites
        case .writesFollowReads: HistoryMessages.writesFollowReads
        case .eventual: HistoryMessages.eventual
        }
    }
}

/// What a check of a history found out, and what shows it. Operations are positions in the history's list.
package struct HistoryJudgement: Hashable, Sendable {
    package enum Evidence: Hashable, Sendable {
        case none
        /// The order that explains every answer; operations without an answer that never took effect are missing.
        case order([Int])
        case impossible(Impossibility)
        /// The operations that contradict each other, in the order of the argument.
        case contradiction([Int])
    }

    package var consistency: Consistency
    package var verdict: Verdict
    package var evidence: Evidence
    /// Operations that the search placed, over all tries; 0 where nothing was searched.
    package var placements = 0

    func violated(_ problem: LocalizedText, _ evidence: Evidence) -> HistoryJudgement {
        var judgement = self
        judgement.verdict = .violated(
            Violation(invariant: consistency.rawValue, explanation: consistency.explanation, problem: problem))
        judgement.evidence = evidence
        return judgement
    }

    init(_ consistency: Consistency, _ verdict: Verdict = .holds, _ evidence: Evidence = .none) {
        (self.consistency, self.verdict, self.evidence) = (consistency, verdict, evidence)
    }
}

/// Why no order explains a history.
package struct Impossibility: Hashable, Sendable {
    /// The operation that cannot be placed; of linearizability, the first one whose answer leaves no order.
    package var culprit: Int
    /// An order without it: of linearizability one that explains all answers before its own, or else the longest tried.
    package var partial: [Int]
    /// Operations whose answers alone already contradict each other, the culprit among them, whatever the others did:
    /// these may have taken effect at any moment after their call, or never. In the order of their calls.
    package var core: [Int]
    /// True where no answer of the core could be spared; false where the search for that was cut short.
    package var isMinimal: Bool
}
