import CommitProtocols
import Messages
import Simulator
import StateMachines

extension ThreePhaseCommitScenes {
    /// The smaller side has the first coordinator and the only PRE-COMMIT: all of them are on their way by then.
    @Sendable static func splitAfterFirst(_ participants: Int) -> [String] {
        ["partition C,P1|\(list(2...participants)) at 32ms"]
    }

    /// With quorums: right under partitions and false suspicions, and blocked in a minority.
    static let quorumScenes: [Scene<ThreePhaseCommitNode>] = [
        scene(
            "quorum-commit", ThreePhaseCommitSceneTexts.quorumCommit, rows: "3PC-6",
            recipe: Recipe(
                variant: variant(.quorum), faults: { _ in ["isolate P1 after send PRE-COMMIT 1 for 300ms"] },
                expectation: { _ in .keeps(committed) })),
        scene(
            "quorum-partition", ThreePhaseCommitSceneTexts.quorumPartition, rows: "3PC-6",
            recipe: Recipe(
                variant: variant(.quorum), faults: { splitAfterFirst($0) + ["heal at 900ms"] },
                expectation: { _ in .keeps(aborted) }, timeLimit: .seconds(6), atLeast: 4, usually: 4)),
        scene(
            "quorum-minority-blocks", ThreePhaseCommitSceneTexts.quorumMinority, rows: "3PC-6",
            recipe: Recipe(
                variant: variant(.quorum), faults: splitAfterFirst,
                expectation: { _ in .keeps(aborted, blocking: ["C", "P1"]) }, timeLimit: .seconds(1), atLeast: 4,
                usually: 4)),
        scene(
            "quorum-false-suspicion", ThreePhaseCommitSceneTexts.quorumSuspicion, rows: "3PC-6",
            recipe: Recipe(
                variant: variant(.quorum), faults: { _ in ["delay PRE-COMMIT 400ms for 100ms"] },
                expectation: { _ in .keeps(committed) })),
    ]
}
