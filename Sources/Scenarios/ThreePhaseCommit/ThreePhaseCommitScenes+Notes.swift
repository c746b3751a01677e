import CommitProtocols
import Messages
import Simulator
import StateMachines

extension ThreePhaseCommitScenes {
    /// The form of lecture notes and blogs.
    static let notesScenes: [Scene<ThreePhaseCommitNode>] = [
        scene(
            "happy-path", ThreePhaseCommitSceneTexts.happyPath,
            recipe: Recipe(variant: variant(.alone), expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "one-no-vote", ThreePhaseCommitSceneTexts.oneNoVote,
            recipe: Recipe(
                variant: variant(.alone), refusing: NodeID(2), expectation: { _ in .keeps(aborted) })),
        scene(
            "notes-crash-after-precommit", ThreePhaseCommitSceneTexts.notesCrashAfter, rows: "3PC-1",
            recipe: Recipe(
                variant: variant(.alone), faults: { ["crash C after send PRE-COMMIT \($0)"] },
                expectation: { _ in .keeps(committed) }, atLeast: 1)),
        scene(
            "notes-crash-before-precommit", ThreePhaseCommitSceneTexts.notesCrashBefore, rows: "3PC-2",
            recipe: Recipe(
                variant: variant(.alone), faults: { ["crash C after receive YES \($0)"] },
                expectation: { _ in .keeps(aborted) }, atLeast: 1)),
        scene(
            "notes-crash-between", ThreePhaseCommitSceneTexts.notesCrashBetween, rows: "3PC-1",
            recipe: Recipe(
                variant: variant(.alone), faults: { _ in ["crash C after send PRE-COMMIT 1"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "notes-partition", ThreePhaseCommitSceneTexts.notesPartition, rows: "3PC-3",
            recipe: Recipe(
                variant: variant(.alone),
                faults: { ["partition P1|C,\(list(2...$0)) after receive PRE-COMMIT to P1"] },
                expectation: { _ in .violates("atomicity") })),
        scene(
            "notes-false-suspicion", ThreePhaseCommitSceneTexts.notesFalseSuspicion, rows: "3PC-4",
            recipe: Recipe(
                variant: variant(.alone, abortsWithoutAcknowledgement: false),
                faults: { _ in ["delay from C to P2 300ms at 15ms"] }, expectation: { _ in .violates("atomicity") })),
    ]
}
