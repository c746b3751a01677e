package import Checking
package import CommitProtocols
import Messages
package import Simulator
import StateMachines

/// What Paxos Commit promises beside atomic commitment.
///
/// - Source: Gray and Lamport, 2006, section 4: each instance is one of Paxos.
package enum PaxosCommitInvariants {
    /// No instance chooses both Prepared and Aborted: a value is chosen when a majority has accepted it in one ballot.
    package static func agreement(
        _ configuration: PaxosCommitConfiguration, plans: [Plan], names: [String]
    ) -> Invariant<World<PaxosCommitNode>> {
        Invariant("agreement", explanation: PaxosCommitMessages.agreement) { state in
            for plan in plans {
                for manager in plan.participants {
                    let chosen = [true, false].filter { value in
                        isChosen(value, by: manager, plan.transaction, configuration, state)
                    }
                    if chosen.count == 2 {
                        return PaxosCommitMessages.choseTwice("\(plan.transaction)", manager: names[manager.index])
                    }
                }
            }
            return nil
        }
    }

    /// Whether a majority of disks has this value of one ballot.
    private static func isChosen(
        _ isPrepared: Bool, by manager: NodeID, _ transaction: TransactionID, _ configuration: PaxosCommitConfiguration,
        _ state: World<PaxosCommitNode>
    ) -> Bool {
        let ballots = configuration.acceptors.map { acceptor in
            Set(
                state[acceptor].durable.flatMap { votes(in: $0, of: transaction) }
                    .filter { $0.manager == manager && $0.isPrepared == isPrepared }.map(\.ballot))
        }
        return ballots.reduce(into: Set<UInt16>()) { $0.formUnion($1) }.contains { ballot in
            ballots.count { $0.contains(ballot) } >= configuration.majority
        }
    }

    private static func votes(in record: PaxosCommitRecord, of transaction: TransactionID) -> [AcceptedVote] {
        switch record {
        case .promised(transaction, _, let votes), .accepted(transaction, _, let votes): votes
        case .promised, .accepted, .prepared, .decided: []
        }
    }
}
