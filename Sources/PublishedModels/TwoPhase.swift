package import Explorer
package import StateMachines

/// Two-phase commit as a set of messages that only grows: the state space by which explorers are compared.
///
/// - Source: specification TwoPhase of Gray and Lamport, "Consensus on transaction commit", ACM TODS 2006.
package struct TwoPhase: SymmetricModel {
    typealias Manager = TransactionCommit.Manager
    enum Coordinator {
        static let undecided = 0
        static let committed = 1
        static let aborted = 2
    }
    package enum Action: Hashable, Sendable {
        case coordinatorReceivesPrepared(Int), coordinatorCommits, coordinatorAborts
        case managerPrepares(Int), managerChoosesToAbort(Int), managerCommits(Int), managerAborts(Int)
    }

    /// A seeded bug: what reductions of the search must not hide.
    package enum Mutation: Hashable, Sendable, CaseIterable {
        /// The coordinator commits when it knows that one manager is prepared.
        case commitsAfterOne
        /// A manager that has said that it is prepared still chooses to abort.
        case abortsPrepared
    }

    package let count: Int
    private let mutation: Mutation?

    /// - Precondition: 1 to 15 managers.
    package init(count: Int, mutation: Mutation? = nil) {
        precondition((1...15).contains(count), "TwoPhase has 1 to 15 managers")
        self.count = count
        self.mutation = mutation
    }

    // Four bits for each manager: its state, whether it has said that it is prepared, whether the coordinator knows.
    // The coordinator's decision is its message, too.
    @inline(__always) private func manager(_ index: Int) -> Field { Field(4 * index, 2) }
    @inline(__always) private func sent(_ index: Int) -> Field { Field(4 * index + 2, 1) }
    @inline(__always) private func known(_ index: Int) -> Field { Field(4 * index + 3, 1) }
    private let coordinator = Field(60, 2)
    /// The bits that say of every manager that the coordinator knows it is prepared.
    @inline(__always) private var everyoneKnown: UInt64 {
        0x8888_8888_8888_8888 & ((1 &<< UInt64(4 * count)) &- 1)
    }

    package var initialStates: [PackedState] { [PackedState()] }

    package func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        let decision = state[coordinator]
        @inline(__always) func add(_ action: Action, _ field: Field, _ value: Int) {
            var next = state
            next[field] = value
            successors.append(Successor(action, next))
        }
        if decision == Coordinator.undecided {
            let known = state.local & everyoneKnown
            if known == everyoneKnown || mutation == .commitsAfterOne && known != 0 {
                add(.coordinatorCommits, coordinator, Coordinator.committed)
            }
            add(.coordinatorAborts, coordinator, Coordinator.aborted)
        }
        for index in 0..<count {
            if decision == Coordinator.undecided, state[sent(index)] == 1 {
                add(.coordinatorReceivesPrepared(index), known(index), 1)
            }
            if state[manager(index)] == Manager.working {
                var next = state
                next[manager(index)] = Manager.prepared
                next[sent(index)] = 1
                successors.append(Successor(.managerPrepares(index), next))
                add(.managerChoosesToAbort(index), manager(index), Manager.aborted)
            } else if mutation == .abortsPrepared, state[manager(index)] == Manager.prepared {
                add(.managerChoosesToAbort(index), manager(index), Manager.aborted)
            }
            if decision == Coordinator.committed { add(.managerCommits(index), manager(index), Manager.committed) }
            if decision == Coordinator.aborted { add(.managerAborts(index), manager(index), Manager.aborted) }
        }
    }

    package func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint {
        state.fingerprint
    }

    /// The managers sorted by everything that is said about them, which leaves no two that differ and could change
    /// places.
    package func representative(of state: PackedState) -> PackedState {
        var state = state
        for end in 1..<max(count, 1) {
            let moving = state[Field(4 * end, 4)]
            var place = end
            while place > 0, state[Field(4 * (place - 1), 4)] > moving {
                state[Field(4 * place, 4)] = state[Field(4 * (place - 1), 4)]
                place -= 1
            }
            state[Field(4 * place, 4)] = moving
        }
        return state
    }

    /// Whether somebody has committed what somebody else has aborted.
    @inline(__always) package func isSplit(_ state: PackedState) -> Bool {
        var (isAnyCommitted, isAnyAborted) = (false, false)
        for index in 0..<count {
            let manager = state[manager(index)]
            if manager == Manager.committed { isAnyCommitted = true }
            if manager == Manager.aborted { isAnyAborted = true }
        }
        return isAnyCommitted && isAnyAborted
    }

    /// Whether everybody has committed.
    package func isCommitted(_ state: PackedState) -> Bool {
        (0..<count).allSatisfy { state[manager($0)] == Manager.committed }
    }

    /// Whether everybody has committed or aborted.
    package func isOver(_ state: PackedState) -> Bool {
        (0..<count).allSatisfy { [Manager.committed, Manager.aborted].contains(state[manager($0)]) }
    }
}
