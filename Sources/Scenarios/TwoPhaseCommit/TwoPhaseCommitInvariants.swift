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

    /// The outcomes a node has reached: what its machine holds, also of one that is down, and what is on its disk.
    private func outcomes(_ node: NodeID, _ transaction: TransactionID, in state: State) -> [Outcome] {
        var found: [Outcome] = []
        if let outcome = state[node].machine.outcome(of: transaction) { found.append(outcome) }
        for case .decided(transaction, let outcome, _) in state[node].durable where !found.contains(outcome) {
            found.append(outcome)
        }
        return found
    }

    /// No node commits what another one aborts, whether either of them is up or not.
    package var atomicity: Invariant<State> {
        Invariant("atomicity", explanation: TwoPhaseCommitMessages.atomicity) { state in
            for plan in plans {
                var first: [Outcome: NodeID] = [:]
                for node in state.identifiers {
                    for outcome in outcomes(node, plan.transaction, in: state) where first[outcome] == nil {
                        first[outcome] = node
                    }
                }
                if let committed = first[.commit], let aborted = first[.abort] {
                    return TwoPhaseCommitMessages.split(
                        "\(plan.transaction)", committed: name(committed), aborted: name(aborted))
                }
            }
            return nil
        }
    }

    /// Commit needs everyone's YES, and a YES counts when it is on the voter's disk.
    package var validity: Invariant<State> {
        Invariant("validity", explanation: TwoPhaseCommitMessages.validity) { state in
            for plan in plans {
                let committed = state.identifiers.first { node in
                    outcomes(node, plan.transaction, in: state).contains(.commit)
                }
                guard let committed else { continue }
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
                for node in state.identifiers where outcomes(node, plan.transaction, in: state).count > 1 {
                    return TwoPhaseCommitMessages.changedItsMind("\(plan.transaction)", node: name(node))
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
