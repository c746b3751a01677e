import CommitProtocols
import Messages
import Simulator
import StateMachines

extension TwoPhaseCommitScenes {
    static let basicScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "happy-path", TwoPhaseCommitSceneTexts.happyPath, rows: "2PC-6",
            recipe: Recipe(expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "one-no-vote", TwoPhaseCommitSceneTexts.oneNoVote,
            recipe: Recipe(
                commands: { plans in
                    [Command(at: .zero, to: NodeID(2), .refuse(first)), transact(plans[0])]
                },
                expectation: { _ in .keeps(aborted) })),
        scene(
            "overdraft", TwoPhaseCommitSceneTexts.overdraft,
            recipe: Recipe(
                plans: { [transfer(amount: 6_000, participants: $0)] }, expectation: { _ in .keeps(aborted) })),
        scene(
            "blocked-coordinator-crash", TwoPhaseCommitSceneTexts.blockedCoordinatorCrash, rows: "2PC-1",
            recipe: Recipe(
                faults: { ["crash C after receive YES \($0)"] },
                expectation: { Expectation(violated: nil, decisions: [], blocked: participantNames($0)) },
                timeLimit: .milliseconds(400), atLeast: 1)),
        scene(
            "crash-after-first-commit", TwoPhaseCommitSceneTexts.crashAfterFirstCommit, rows: "2PC-3",
            recipe: Recipe(
                faults: { _ in ["crash C after send COMMIT 1"] },
                expectation: { .keeps(committed, blocking: Array(participantNames($0).dropFirst())) },
                timeLimit: .milliseconds(400))),
        scene(
            "partition", TwoPhaseCommitSceneTexts.partition, rows: "2PC-3",
            recipe: Recipe(
                faults: { participants in
                    ["partition C,P1|\(participantNames(participants).dropFirst().joined(separator: ",")) at 32ms"]
                },
                expectation: { .keeps(committed, blocking: Array(participantNames($0).dropFirst())) },
                timeLimit: .milliseconds(400))),
        scene(
            "partial-commit", TwoPhaseCommitSceneTexts.partialCommit, rows: "2PC-3",
            recipe: Recipe(
                faults: { _ in ["crash C after send COMMIT 1", "restart C at 250ms"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "recovery-from-log", TwoPhaseCommitSceneTexts.recoveryFromLog, rows: "2PC-6",
            recipe: Recipe(
                faults: { _ in ["crash C after persisted commit", "restart C at 250ms"] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "participant-recovery", TwoPhaseCommitSceneTexts.participantRecovery, rows: "2PC-6",
            recipe: Recipe(
                faults: { _ in ["crash P2 after send YES", "restart P2 at 150ms"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "locks-in-the-way", TwoPhaseCommitSceneTexts.locksInTheWay, rows: "2PC-1",
            recipe: Recipe(
                plans: { [transfer(participants: $0), transfer(TransactionID(2), amount: 500, participants: $0)] },
                commands: { plans in [transact(plans[0]), transact(plans[1], at: .milliseconds(50))] },
                faults: { _ in ["drop COMMIT 1 to P1"] },
                expectation: { _ in .keeps(committed, "tx 2: abort") })),
    ]

    static let terminationScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "blocked-despite-asking", TwoPhaseCommitSceneTexts.blockedDespiteAsking, rows: "2PC-2",
            recipe: Recipe(
                variant: variant(isCooperative: true),
                faults: { _ in ["crash C after send COMMIT 1", "crash P1 after decide commit"] },
                expectation: { .keeps(committed, blocking: Array(participantNames($0).dropFirst())) },
                timeLimit: .milliseconds(250))),
        scene(
            "cooperative-commit", TwoPhaseCommitSceneTexts.cooperativeCommit, rows: "2PC-4",
            recipe: Recipe(
                variant: variant(isCooperative: true), faults: { _ in ["crash C after send COMMIT 1"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "cooperative-abort", TwoPhaseCommitSceneTexts.cooperativeAbort, rows: "2PC-4",
            recipe: Recipe(
                variant: variant(isCooperative: true),
                faults: { ["drop PREPARE to P\($0)", "crash C after receive YES \($0 - 1)"] },
                expectation: { _ in .keeps(aborted) })),
        scene(
            "cooperative-blocked", TwoPhaseCommitSceneTexts.cooperativeBlocked, rows: "2PC-4", "2PC-1",
            recipe: Recipe(
                variant: variant(isCooperative: true), faults: { ["crash C after receive YES \($0)"] },
                expectation: { Expectation(violated: nil, decisions: [], blocked: participantNames($0)) },
                timeLimit: .milliseconds(250))),
        scene(
            "participant-timeout", TwoPhaseCommitSceneTexts.participantTimeout, rows: "2PC-5",
            recipe: Recipe(
                commands: { plans in
                    [
                        Command(at: .zero, to: CommitConfiguration.coordinator, .begin(plans[0])),
                        Command(at: .milliseconds(60), to: CommitConfiguration.coordinator, .commit(first)),
                    ]
                },
                faults: { _ in ["crash C at 40ms"] }, expectation: { _ in .keeps(aborted) }, atLeast: 1)),
        scene(
            "missing-vote", TwoPhaseCommitSceneTexts.missingVote, rows: "2PC-5",
            recipe: Recipe(
                faults: { _ in ["drop YES from P1"] }, expectation: { _ in .keeps(aborted) }, atLeast: 1)),
        scene(
            "heuristic-abort", TwoPhaseCommitSceneTexts.mutantHeuristic, rows: "2PC-1",
            recipe: Recipe(
                variant: variant(mutation: .abortsWhenUncertain), faults: { _ in ["crash C after send COMMIT 1"] },
                expectation: { _ in .violates("atomicity") })),
    ]

    static let lateMessageScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "every-message-twice", TwoPhaseCommitSceneTexts.duplicates, rows: "2PC-11",
            recipe: Recipe(faults: { _ in ["duplicate"] }, expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "late-prepare", TwoPhaseCommitSceneTexts.latePrepare, rows: "2PC-11",
            recipe: Recipe(
                faults: { _ in
                    [
                        "delay PREPARE to P1 40ms", "duplicate PREPARE to P1", "crash P1 after send YES",
                        "restart P1 at 30ms",
                    ]
                },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "late-commit", TwoPhaseCommitSceneTexts.lateCommit, rows: "2PC-11",
            recipe: Recipe(
                faults: { _ in ["drop ACK 1 from P1", "crash P1 after send ACK", "restart P1 at 60ms"] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
    ]
}
