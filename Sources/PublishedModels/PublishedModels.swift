import Explorer
import Messages

/// Every published model, the smallest first.
package enum PublishedModels {
    package static let all: [PublishedModel] = transactions + atomicCommitment + consensus

    private static let transactions: [PublishedModel] = [
        PublishedModel(
            "TCommit", PublishedModelMessages.managers(3), .init(34, generated: 94, depth: 7),
            TransactionCommit(count: 3),
            isSplit: TransactionCommit.isSplit),
        twoPhase(3, .tlc, .init(288, generated: 1_146, depth: 11)),
        twoPhase(5, .stateright, .init(8_832)),
        symmetricTwoPhase(managers: 3),
        symmetricTwoPhase(managers: 5),
        PublishedModel(
            "2PCwithBTM", PublishedModelMessages.managers(3), .init(1_245, generated: 5_841, depth: 15),
            BackupCoordinator(count: 3), isSplit: BackupCoordinator.isSplit),
    ]

    private static let atomicCommitment: [PublishedModel] = [
        broadcast("ACP_SB", 3, .simple, .init(54_944, generated: 218_352, depth: 21)),
        broadcast("ACP_NB", 2, .forwarded, .init(4_284, generated: 23_988, depth: 19)),
        broadcast("ACP_NB_WRONG", 2, .decidedThenForwarded, nil),
    ]

    private static let consensus: [PublishedModel] = [
        PublishedModel(
            "Voting", PublishedModelMessages.ballots(3), .init(6_752, generated: 41_017, depth: 16), Voting(ballots: 3),
            isSplit: Voting.isSplit),
        PublishedModel(
            "Voting", PublishedModelMessages.symmetric(PublishedModelMessages.ballots(2)),
            .init(77, generated: 451, depth: 11), QuotientModel(Voting(ballots: 2)), isSplit: { $0.base.isSplit }),
        PublishedModel(
            "Paxos", PublishedModelMessages.ballots(2), .init(3_921, generated: 23_563, depth: 17), SingleDecreePaxos(),
            isSplit: SingleDecreePaxos.isSplit),
        PublishedModel(
            "PaxosCommit", PublishedModelMessages.managers(2), .init(1_321_761, generated: 16_959_159, depth: 28),
            PaxosCommit(), isSplit: PaxosCommit.isSplit),
    ]

    private static func twoPhase(
        _ managers: Int, _ source: PublishedModel.Source, _ counts: PublishedModel.Counts
    ) -> PublishedModel {
        PublishedModel(
            "TwoPhase", PublishedModelMessages.managers(managers), counts, from: source, TwoPhase(count: managers),
            isSplit: TwoPhase.isSplit)
    }

    /// Two-phase commit of so many managers: 6ⁿ + 4ⁿ + 2ⁿ states, 3n + 2 levels.
    ///
    /// - Precondition: 1 to 15 managers.
    package static func twoPhase(managers: Int) -> PublishedModel {
        func power(_ base: Int) -> Int { (0..<managers).reduce(1) { power, _ in power * base } }
        return twoPhase(managers, .formula, .init(power(6) + power(4) + power(2), depth: 3 * managers + 2))
    }

    /// The same with symmetric states counted once: a multiset of managers for each condition of the coordinator, that
    /// is C(n+5, 5) + C(n+3, 3) + n + 1 states.
    ///
    /// - Precondition: 1 to 15 managers.
    package static func symmetricTwoPhase(managers: Int) -> PublishedModel {
        func choose(_ some: Int) -> Int { (0..<some).reduce(1) { $0 * (managers + some - $1) / ($1 + 1) } }
        return PublishedModel(
            "TwoPhase", PublishedModelMessages.symmetric(PublishedModelMessages.managers(managers)),
            .init(choose(5) + choose(3) + managers + 1, depth: 3 * managers + 2), from: .formula,
            QuotientModel(TwoPhase(count: managers)), isSplit: { $0.base.isSplit })
    }

    private static func broadcast(
        _ name: String, _ participants: Int, _ kind: AtomicCommitment.Broadcast, _ counts: PublishedModel.Counts?
    ) -> PublishedModel {
        PublishedModel(
            name, PublishedModelMessages.participants(participants), counts,
            AtomicCommitment(count: participants, kind), isSplit: AtomicCommitment.isSplit)
    }
}
