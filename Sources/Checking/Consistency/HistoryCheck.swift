/// Judges a history by any promise.
package struct HistoryCheck<Model: SequentialModel>: Sendable {
    package let model: Model
    package let limits: CheckLimits

    package init(of model: Model, limits: CheckLimits = CheckLimits()) { (self.model, self.limits) = (model, limits) }

    /// - Throws: where the promise is about reads and writes of values written once, and the history has others.
    package func judge(
        _ history: History<Model.Request, Model.Response>, _ consistency: Consistency
    ) throws(ReadWriteHistory.Refusal) -> HistoryJudgement {
        if consistency == .linearizable || consistency == .sequential {
            return OrderCheck(consistency, of: model, limits: limits).judge(history)
        }
        guard history.operations.count <= ReadWriteHistory.mostOperations else {
            return HistoryJudgement(consistency, .unknown(.events(ReadWriteHistory.mostOperations)))
        }
        let accesses = try ReadWriteHistory(history, of: model)
        return switch consistency {
        case .causal, .causalMemory, .causalConvergence: CausalConsistency(history: accesses).judge(consistency)
        case .eventual: EventualConsistency(history: accesses).judge()
        case .sessionGuarantees, .readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads, .linearizable,
            .sequential:
            SessionGuarantees(history: accesses).judge(consistency)
        }
    }
}
