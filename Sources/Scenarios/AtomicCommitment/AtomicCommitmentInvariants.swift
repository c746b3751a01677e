package import Checking
package import CommitProtocols
import Messages
package import Simulator
import StateMachines

/// What every protocol for atomic commitment promises, judged over states of a run.
///
/// - Source: the properties AC1 to AC5 of atomic commitment in Bernstein, Hadzilacos and Goodman, 1987, section 7.3.
///   AC1 is `atomicity`, AC2 `stability`, AC3 `validity`, AC5 `progress`; AC4, commit where all is well, is what the
///   scenes without faults expect.
package struct AtomicCommitmentInvariants<Node: AtomicCommitNode>: Sendable {
    package typealias State = World<Node>

    /// Every transaction of the run.
    let plans: [Plan]
    let names: [String]

    package init(plans: [Plan], names: [String]) {
        self.plans = plans
        self.names = names
    }

    package var all: [Invariant<State>] { [atomicity, validity, stability, lockDurability] }

    /// What a search should have seen. Not every scene can commit.
    package var milestones: [Invariant<State>] {
        [
            .milestone("somebody-commits", MilestoneMessages.somebodyCommits) { isReached(.commit, in: $0) },
            .milestone("somebody-aborts", MilestoneMessages.somebodyAborts) { isReached(.abort, in: $0) },
        ]
    }

    private func isReached(_ outcome: Outcome, in state: State) -> Bool {
        plans.contains { first(reaching: outcome, of: $0.transaction, in: state) != nil }
    }

    private func name(_ node: NodeID) -> String { names[node.index] }

    /// Whether a node has reached this outcome: what its machine holds, also of one that is down, and what is on its
    /// disk.
    private func has(_ node: NodeID, reached outcome: Outcome, of transaction: TransactionID, in state: State) -> Bool {
        if state.nodes[node.index].machine.outcome(of: transaction) == outcome { return true }
        return state.nodes[node.index].durable.contains { record in
            record.decision.map { $0 == (transaction, outcome) } ?? false
        }
    }

    private func first(
        reaching outcome: Outcome, of transaction: TransactionID, in state: State
    ) -> NodeID? {
        state.identifiers.first { has($0, reached: outcome, of: transaction, in: state) }
    }

    /// No node commits what another one aborts, whether either of them is up or not.
    package var atomicity: Invariant<State> {
        Invariant("atomicity", explanation: AtomicCommitmentMessages.atomicity) { state in
            for plan in plans {
                guard let committed = first(reaching: .commit, of: plan.transaction, in: state),
                    let aborted = first(reaching: .abort, of: plan.transaction, in: state)
                else { continue }
                return AtomicCommitmentMessages.split(
                    "\(plan.transaction)", committed: name(committed), aborted: name(aborted))
            }
            return nil
        }
    }

    /// Commit needs everyone's YES, and a YES counts when it is on the voter's disk.
    package var validity: Invariant<State> {
        Invariant("validity", explanation: AtomicCommitmentMessages.validity) { state in
            for plan in plans {
                guard let committed = first(reaching: .commit, of: plan.transaction, in: state) else { continue }
                for voter in plan.writers where !hasPrepared(voter, plan.transaction, in: state) {
                    return AtomicCommitmentMessages.committedWithoutVote(
                        "\(plan.transaction)", committed: name(committed), voter: name(voter))
                }
            }
            return nil
        }
    }

    private func hasPrepared(_ node: NodeID, _ transaction: TransactionID, in state: State) -> Bool {
        state[node].durable.contains { $0.promise?.transaction == transaction }
    }

    /// Nobody takes a decision back.
    package var stability: Invariant<State> {
        Invariant("stability", explanation: AtomicCommitmentMessages.stability) { state in
            for plan in plans {
                let fickle = state.identifiers.first { node in
                    Outcome.allCases.allSatisfy { has(node, reached: $0, of: plan.transaction, in: state) }
                }
                if let fickle {
                    return AtomicCommitmentMessages.changedItsMind("\(plan.transaction)", node: name(fickle))
                }
            }
            return nil
        }
    }

    /// Who has voted YES and knows no outcome holds the locks of what it wrote, before and after a restart.
    package var lockDurability: Invariant<State> {
        Invariant("lock-durability", explanation: AtomicCommitmentMessages.lockDurability) { state in
            for node in state.identifiers where state[node].isUp {
                guard let store = state[node].machine.store else { continue }
                let uncertain = state[node].machine.uncertain
                for (transaction, changes) in state[node].durable.compactMap(\.promise)
                where uncertain.contains(transaction) {
                    let held = store.keys(heldBy: transaction)
                    if let lost = changes.first(where: { !held.contains($0.key) }) {
                        return AtomicCommitmentMessages.lockLost("\(transaction)", node: name(node), key: lost.key)
                    }
                }
            }
            return nil
        }
    }
}
