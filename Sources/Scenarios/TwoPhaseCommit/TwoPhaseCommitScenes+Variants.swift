import CommitProtocols
import Messages
import Simulator
import StateMachines

extension TwoPhaseCommitScenes {
    static let loggingScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "crash-before-vote", TwoPhaseCommitSceneTexts.forcedVote, rows: "2PC-6",
            recipe: Recipe(
                faults: { _ in ["crash P1 after persist prepared", "restart P1 at 60ms"] },
                expectation: { _ in .keeps(aborted) }, atLeast: 1)),
        scene(
            "vote-before-disk", TwoPhaseCommitSceneTexts.mutantVote, rows: "2PC-6",
            recipe: Recipe(
                variant: variant(mutation: .votesBeforeForcing),
                faults: { _ in ["crash P1 after send YES", "restart P1 at 60ms"] },
                expectation: { _ in .violates("validity") }, atLeast: 1)),
        scene(
            "decision-before-disk", TwoPhaseCommitSceneTexts.mutantDecision, rows: "2PC-6",
            recipe: Recipe(
                variant: variant(mutation: .decidesBeforeForcing),
                faults: { _ in ["crash C after send COMMIT 1", "restart C at 60ms"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "acknowledge-before-disk", TwoPhaseCommitSceneTexts.mutantAcknowledgement, rows: "2PC-6",
            recipe: Recipe(
                variant: variant(.abort, mutation: .acknowledgesBeforeForcing),
                faults: { _ in ["crash P1 after send ACK", "restart P1 at 100ms"] },
                expectation: { _ in .violates("atomicity") })),
    ]

    static let presumptionScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "presumed-abort", TwoPhaseCommitSceneTexts.presumedAbort, rows: "2PC-7",
            recipe: Recipe(
                variant: variant(.abort),
                commands: { plans in
                    [Command(at: .zero, to: NodeID(2), .refuse(first)), transact(plans[0])]
                },
                faults: { _ in ["drop ABORT 1 to P1"] }, expectation: { _ in .keeps(aborted) })),
        scene(
            "presumed-abort-crash", TwoPhaseCommitSceneTexts.presumedAbortCrash, rows: "2PC-7",
            recipe: Recipe(
                variant: variant(.abort), faults: { ["crash C after receive YES \($0)", "restart C at 100ms"] },
                expectation: { _ in .keeps(aborted) })),
        scene(
            "presumed-abort-reader", TwoPhaseCommitSceneTexts.presumedAbortReader, rows: "2PC-7",
            recipe: Recipe(
                variant: variant(.abort), plans: { [reading(writers: $0 - 1, participants: $0)] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "presumed-abort-readers-only", TwoPhaseCommitSceneTexts.presumedAbortReadersOnly, rows: "2PC-7",
            recipe: Recipe(
                variant: variant(.abort), plans: { [reading(writers: 0, participants: $0)] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "presumed-commit", TwoPhaseCommitSceneTexts.presumedCommit, rows: "2PC-8",
            recipe: Recipe(
                variant: variant(.commit), faults: { _ in ["drop COMMIT 1 to P2"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "presumed-commit-crash", TwoPhaseCommitSceneTexts.presumedCommitCrash, rows: "2PC-8",
            recipe: Recipe(
                variant: variant(.commit),
                faults: { ["crash C after send PREPARE \($0 - 1)", "restart C at 60ms"] },
                expectation: { _ in .keeps(aborted) })),
        scene(
            "presumed-commit-without-collecting", TwoPhaseCommitSceneTexts.mutantCollecting, rows: "2PC-8",
            recipe: Recipe(
                variant: variant(.commit, mutation: .omitsCollectingRecord),
                faults: { ["crash C after send PREPARE \($0 - 1)", "restart C at 60ms"] },
                expectation: { _ in .violates("validity") })),
    ]

    /// P1's YES reaches C, which is down by then, and P2; P2 alone knows every vote, and crashes once it has committed.
    @Sendable private static func onlyP2Knows(_ participants: Int) -> [String] {
        ["crash C after send PREPARE \(participants)", "crash P1 after send YES 2", "crash P2 after decide commit"]
    }

    static let decentralisedScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "decentralised", TwoPhaseCommitSceneTexts.decentralised, rows: "2PC-9",
            recipe: Recipe(variant: variant(.nothing, .decentralised), expectation: { _ in .keeps(committed) })),
        scene(
            "decentralised-crash", TwoPhaseCommitSceneTexts.decentralisedCrash, rows: "2PC-9",
            recipe: Recipe(
                variant: variant(.nothing, .decentralised), faults: { ["crash C after send PREPARE \($0)"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "forward-then-commit", TwoPhaseCommitSceneTexts.decentralisedForward, rows: "2PC-9",
            recipe: Recipe(
                variant: variant(.nothing, .decentralised), faults: onlyP2Knows,
                expectation: { _ in .keeps(committed) }, atLeast: 3)),
        scene(
            "commit-then-forward", TwoPhaseCommitSceneTexts.mutantForward, rows: "2PC-9",
            recipe: Recipe(
                variant: variant(.nothing, .decentralised, mutation: .deliversBeforeForwarding), faults: onlyP2Knows,
                expectation: { _ in .violates("atomicity") }, atLeast: 3)),
        scene(
            "decentralised-lossy-links", TwoPhaseCommitSceneTexts.decentralisedLossy, rows: "2PC-9",
            recipe: Recipe(
                variant: variant(.nothing, .decentralised),
                faults: { ["drop YES to P\($0)", "drop COMMIT to P\($0)"] },
                expectation: { _ in .violates("atomicity") })),
    ]

    static let backupScenes: [Scene<TwoPhaseCommitNode>] = [
        scene(
            "backup-takes-over", TwoPhaseCommitSceneTexts.backupTakesOver, rows: "2PC-10",
            recipe: Recipe(
                variant: variant(.nothing, .backup), faults: { ["crash C after receive YES \($0)"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "backup-sees-commit", TwoPhaseCommitSceneTexts.backupSeesCommit, rows: "2PC-10",
            recipe: Recipe(
                variant: variant(.nothing, .backup),
                faults: { _ in
                    ["crash C after send COMMIT 1", "crash P2 after send YES", "restart P2 at 400ms"]
                },
                expectation: { _ in .keeps(committed) }, atLeast: 3)),
        scene(
            "backup-ignores-commit", TwoPhaseCommitSceneTexts.mutantBackupIgnores, rows: "2PC-10",
            recipe: Recipe(
                variant: variant(.nothing, .backup, mutation: .backupIgnoresCommits),
                faults: { _ in
                    ["crash C after send COMMIT 1", "crash P2 after send YES", "restart P2 at 400ms"]
                },
                expectation: { _ in .violates("atomicity") }, atLeast: 3)),
        scene(
            "backup-waits", TwoPhaseCommitSceneTexts.backupWaits, rows: "2PC-10",
            recipe: Recipe(
                variant: variant(.nothing, .backup),
                faults: { _ in
                    ["crash C after send COMMIT 1", "crash P1 after decide commit", "restart P1 at 400ms"]
                },
                expectation: { _ in .keeps(committed) })),
        scene(
            "backup-trusts-silence", TwoPhaseCommitSceneTexts.mutantBackupTrusts, rows: "2PC-10",
            recipe: Recipe(
                variant: variant(.nothing, .backup, mutation: .backupTrustsSilence),
                faults: { _ in
                    ["crash C after send COMMIT 1", "crash P1 after decide commit", "restart P1 at 400ms"]
                },
                expectation: { _ in .violates("atomicity") })),
    ]
}
