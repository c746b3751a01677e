import Explorer
import StateMachines

/// What atomic commitment is, without saying how: managers prepare, and then all commit or all abort.
///
/// - Source: specification TCommit of Gray and Lamport, "Consensus on transaction commit", ACM TODS 2006.
struct TransactionCommit: Model {
    enum Manager {
        static let working = 0
        static let prepared = 1
        static let committed = 2
        static let aborted = 3
    }
    enum Action: Hashable, Sendable { case prepare(Int), commit(Int), abort(Int) }

    let count: Int

    private func manager(_ index: Int) -> Field { Field(2 * index, 2) }

    var initialStates: [PackedState] { [PackedState()] }

    func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        var (canCommit, isAnyCommitted) = (true, false)
        for index in 0..<count {
            let manager = state[manager(index)]
            if manager == Manager.working || manager == Manager.aborted { canCommit = false }
            if manager == Manager.committed { isAnyCommitted = true }
        }
        func move(_ index: Int, to new: Int, _ action: Action) {
            var next = state
            next[manager(index)] = new
            successors.append(Successor(action, next))
        }
        for index in 0..<count {
            let current = state[manager(index)]
            if current == Manager.working { move(index, to: Manager.prepared, .prepare(index)) }
            if current == Manager.prepared, canCommit { move(index, to: Manager.committed, .commit(index)) }
            if current == Manager.working || current == Manager.prepared, !isAnyCommitted {
                move(index, to: Manager.aborted, .abort(index))
            }
        }
    }

    func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint { state.fingerprint }

    /// Whether somebody has committed what somebody else has aborted.
    func isSplit(_ state: PackedState) -> Bool {
        let managers = (0..<count).map { state[manager($0)] }
        return managers.contains(Manager.committed) && managers.contains(Manager.aborted)
    }
}
