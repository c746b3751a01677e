import CommitProtocols
import Messages
import Simulator
import StateMachines

extension ThreePhaseCommitScenes {
    /// Skeen's form: nobody decides by the clock alone.
    static let electedScenes: [Scene<ThreePhaseCommitNode>] = [
        scene(
            "termination-not-needed", ThreePhaseCommitSceneTexts.terminationNotNeeded,
            recipe: Recipe(expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "termination-commits", ThreePhaseCommitSceneTexts.terminationCommits, rows: "3PC-1",
            recipe: Recipe(
                faults: { ["crash C after send PRE-COMMIT \($0)"] }, expectation: { _ in .keeps(committed) },
                atLeast: 1)),
        scene(
            "termination-aborts", ThreePhaseCommitSceneTexts.terminationAborts, rows: "3PC-2",
            recipe: Recipe(
                faults: { ["crash C after receive YES \($0)"] }, expectation: { _ in .keeps(aborted) }, atLeast: 1)),
        scene(
            "termination-relays", ThreePhaseCommitSceneTexts.terminationRelays, rows: "3PC-1",
            recipe: Recipe(
                faults: { _ in ["crash C after send PRE-COMMIT 1"] }, expectation: { _ in .keeps(committed) })),
        scene(
            "participant-crash", ThreePhaseCommitSceneTexts.participantCrash, rows: "3PC-1",
            recipe: Recipe(
                faults: { _ in ["crash P2 after send YES", "restart P2 at 150ms"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "cascading-failures", ThreePhaseCommitSceneTexts.cascade, rows: "3PC-5",
            recipe: Recipe(
                faults: { _ in
                    ["crash C after send PRE-COMMIT 1", "crash P1 after send STATE-REQ 1", "restart P1 at 700ms"]
                },
                expectation: { _ in .keeps(aborted) }, atLeast: 3)),
        scene(
            "committed-and-gone", ThreePhaseCommitSceneTexts.cascadeCommit, rows: "3PC-5",
            recipe: Recipe(
                faults: { _ in ["crash C after send PRE-COMMIT 1", "crash P1 after decide commit"] },
                expectation: { _ in .keeps(committed) }, atLeast: 3)),
        scene(
            "partition", ThreePhaseCommitSceneTexts.partition, rows: "3PC-3",
            recipe: Recipe(
                faults: { ["partition C,P1|\(list(2...$0)) at 32ms"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "false-suspicion", ThreePhaseCommitSceneTexts.falseSuspicion, rows: "3PC-4",
            recipe: Recipe(
                faults: { _ in ["delay PRE-COMMIT 400ms"] }, expectation: { _ in .violates("atomicity") }, atLeast: 1)),
    ]

    /// P1 alone hears PRE-COMMIT, and then everybody dies.
    @Sendable private static func everyoneDies(_ participants: Int) -> [String] {
        ["crash C after send PRE-COMMIT 1", "crash P1 after persisted pre-commit"]
            + (2...participants).map { "crash P\($0) at 60ms" }
            + (1...participants).map { "restart P\($0) at \(200 + 100 * $0)ms" } + ["restart C at 250ms"]
    }

    /// All but P1 die in the middle of the second phase; P1 finishes alone, dies too, and comes back, if at all, last.
    @Sendable private static func onlyOneIsLeft(_ participants: Int) -> [String] {
        ["crash C after send PRE-COMMIT \(participants)"]
            + (2...participants).map { "crash P\($0) after send YES" }
            + ["crash P1 after decide commit"] + (2...participants).map { "restart P\($0) at \(500 + 50 * $0)ms" }
    }

    static let failureScenes: [Scene<ThreePhaseCommitNode>] = [
        scene(
            "total-failure", ThreePhaseCommitSceneTexts.totalFailure, rows: "3PC-5",
            recipe: Recipe(faults: everyoneDies, expectation: { _ in .keeps(committed) }, timeLimit: .seconds(6))),
        scene(
            "last-to-fail", ThreePhaseCommitSceneTexts.lastToFail, rows: "3PC-5",
            recipe: Recipe(
                faults: { onlyOneIsLeft($0) + ["restart P1 at 1s"] }, expectation: { _ in .keeps(committed) },
                timeLimit: .seconds(4))),
        scene(
            "without-the-last-to-fail", ThreePhaseCommitSceneTexts.lastToFailMissing, rows: "3PC-5",
            recipe: Recipe(
                faults: onlyOneIsLeft,
                expectation: { .keeps(committed, blocking: Array(participantNames($0).dropFirst())) },
                timeLimit: .seconds(1))),
    ]

    static let mutantScenes: [Scene<ThreePhaseCommitNode>] = [
        scene(
            "no-buffer-state", ThreePhaseCommitSceneTexts.mutantBuffer, rows: "3PC-1",
            recipe: Recipe(
                variant: variant(.elected, mutation: .skipsBufferState),
                faults: { _ in ["crash C after decide commit"] },
                expectation: { _ in .violates("atomicity") }, atLeast: 1)),
        scene(
            "commits-without-the-others", ThreePhaseCommitSceneTexts.mutantRelay, rows: "3PC-5",
            recipe: Recipe(
                variant: variant(.elected, mutation: .skipsRelay),
                faults: { _ in ["crash C after send PRE-COMMIT 1", "crash P1 after decide commit"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "acts-on-old-state", ThreePhaseCommitSceneTexts.mutantOldState, rows: "3PC-5",
            recipe: Recipe(
                variant: variant(.elected, mutation: .forgetsItWasDown),
                faults: { participants in
                    ["crash C after send PRE-COMMIT 1", "crash P1 after persisted pre-commit"]
                        + (2...participants).map { "crash P\($0) after decide abort" } + ["restart P1 at 800ms"]
                },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "silence-is-yes", ThreePhaseCommitSceneTexts.mutantSilence, rows: "3PC-2",
            recipe: Recipe(
                variant: variant(.elected, mutation: .countsSilenceAsYes), faults: { _ in ["drop CAN-COMMIT to P1"] },
                expectation: { _ in .violates("validity") }, atLeast: 1)),
        scene(
            "unlocks-early", ThreePhaseCommitSceneTexts.mutantUnlock, rows: "3PC-1",
            recipe: Recipe(
                variant: variant(.elected, mutation: .unlocksEarly), expectation: { _ in .violates("lock-durability") },
                atLeast: 1)),
        scene(
            "decides-without-quorum", ThreePhaseCommitSceneTexts.mutantMinority, rows: "3PC-6",
            recipe: Recipe(
                variant: variant(.quorum, mutation: .decidesWithoutQuorum), faults: splitAfterFirst,
                expectation: { _ in .violates("atomicity") }, atLeast: 4, usually: 4)),
        scene(
            "ignores-the-last-to-fail", ThreePhaseCommitSceneTexts.mutantLast, rows: "3PC-5",
            recipe: Recipe(
                variant: variant(.elected, mutation: .ignoresTheLastToFail), faults: onlyOneIsLeft,
                expectation: { _ in .violates("atomicity") })),
    ]
}
