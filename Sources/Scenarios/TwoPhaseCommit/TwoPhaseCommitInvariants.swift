package import Checking
package import CommitProtocols
import Messages
package import Simulator
import StateMachines

/// What two-phase commit promises, judged over states of a run.
///
/// - Source: the properties AC1 to AC5 of atomic commitment in Bernstein, Hadzilacos and Goodman, 1987, section 7.3.
package struct TwoPhaseCommitInvariants: Sendable {
    package typealias State = World<TwoPhaseCommitNode>

    /// Every transaction of the run.
    let plans: [Plan]
    let names: [String]

    package init(plans: [Plan], names: [String]) {
        self.plans = plans
        self.names = names
    }

    package var all: [Invariant<State>] { [atomicity, validity, stability, lockDurability] }

    private func name(_ node: NodeID) -> String { names[node.index] }

    /// Whether a node has reached this outcome: what its machine holds, also of one that is down, and what is on its
    /// disk.
    private func has(_ node: NodeID, reached outcome: Outcome, of transaction: TransactionID, in state: State) -> Bool {
        if state.nodes[node.index].machine.outcome(of: transaction) == outcome { return true }
        return state.nodes[node.index].durable.contains { record in
            if case .decided(transaction, outcome, _) = record { true } else { false }
        }
    }

    private func first(
        reaching outcome: Outcome, of transaction: TransactionID, in state: State
    ) -> NodeID? {
        state.identifiers.first { has($0, reached: outcome, of: transaction, in: state) }
    }

    /// No node commits what another one aborts, whether either of them is up or not.
    package var atomicity: Invariant<State> {
        Invariant("atomicity", explanation: TwoPhaseCommitMessages.atomicity) { state in
            for plan in plans {
                guard let committed = first(reaching: .commit, of: plan.transaction, in: state),
                    let aborted = first(reaching: .abort, of: plan.transaction, in: state)
                else { continue }
                return TwoPhaseCommitMessages.split(
                    "\(plan.transaction)", committed: name(committed), aborted: name(aborted))
            }
            return nil
        }
    }

    /// Commit needs everyone's YES, and a YES counts when it is on the voter's disk.
    package var validity: Invariant<State> {
        Invariant("validity", explanation: TwoPhaseCommitMessages.validity) { state in
            for plan in plans {
                guard let committed = first(reaching: .commit, of: plan.transaction, in: state) else { continue }
                for voter in plan.writers where !hasPrepared(voter, plan.transaction, in: state) {
                    return TwoPhaseCommitMessages.committedWithoutVote(
                        "\(plan.transaction)", committed: name(committed), voter: name(voter))
                }
            }
            return nil
        }
    }

    private func hasPrepared(_ node: NodeID, _ transaction: TransactionID, in state: State) -> Bool {
        state[node].durable.contains { record in
            if case .prepared(transaction, _, _) = record { true } else { false }
        }
    }

    /// Nobody takes a decision back.
    package var stability: Invariant<State> {
        Invariant("stability", explanation: TwoPhaseCommitMessages.stability) { state in
            for plan in plans {
                let fickle = state.identifiers.first { node in
                    Outcome.allCases.allSatisfy { has(node, reached: $0, of: plan.transaction, in: state) }
                }
                if let fickle {
                    return TwoPhaseCommitMessages.changedItsMind("\(plan.transaction)", node: name(fickle))
                }
            }
            return nil
        }
    }

    /// Who has voted YES and knows no outcome holds the locks of what it wrote, before and after a restart.
    package var lockDurability: Invariant<State> {
        Invariant("lock-durability", explanation: TwoPhaseCommitMessages.lockDurability) { state in
            for node in state.identifiers where state[node].isUp {
                guard let store = state[node].machine.store else { continue }
                for case .prepared(let transaction, _, let changes) in state[node].durable
                where state[node].machine.uncertain.contains(transaction) {
                    let held = store.keys(heldBy: transaction)
                    if let lost = changes.first(where: { !held.contains($0.key) }) {
                        return TwoPhaseCommitMessages.lockLost("\(transaction)", node: name(node), key: lost.key)
                    }
                }
            }
            return nil
        }
    }
}
