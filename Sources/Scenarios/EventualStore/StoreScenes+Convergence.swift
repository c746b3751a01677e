import Checking
import Messages
import ReplicationProtocols

extension StoreScenes {
    private static let bothSides: Script = [
        ("A", 10, write(1, at: 1)), ("B", 12, write(2, at: 2)), ("C", 180, read(at: 3)), ("C", 220, write(3, at: 3)),
        ("B", 340, read(at: 1)),
    ]
    private static let split = ["partition A,R1|B,C,R2,R3 at 5ms for 90ms"]

    static let convergenceScenes: [Scene<StoreNode>] = [
        scene(
            "converges", StoreSceneTexts.converges, rows: "CM-4", "QR-36", "NW-7",
            recipe: Recipe(
                script: [
                    ("A", 10, write(1, at: 1)), ("B", 40, read(at: 3)), ("B", 120, read(at: 3)),
                    ("C", 130, read(at: 2)),
                ], promises: [.eventual], losesNothing: true, isAvailable: true,
                expectation: .keeps("A: write 1 → ok", "B: read → 1", "B: read → nil", "C: read → 1"))),
        scene(
            "siblings", StoreSceneTexts.siblings, rows: "CM-4", "NW-5",
            recipe: Recipe(
                merging: .siblings, script: bothSides, faults: split, losesNothing: true, isAvailable: true,
                expectation: .keeps(
                    "A: write 1 → ok", "B: read → 3", "B: write 2 → ok", "C: read → 1,2", "C: write 3 → ok"))),
        scene(
            "last-writer-wins", StoreSceneTexts.lastWriter, rows: "CM-4", "NW-5",
            recipe: Recipe(
                script: bothSides, faults: split, losesNothing: true, isAvailable: true,
                expectation: .violates("no-lost-update"))),
        scene(
            "fast-clock", StoreSceneTexts.skew, rows: "NW-5",
            recipe: Recipe(
                merging: .lastWriter,
                script: [
                    ("A", 10, write(1, at: 1)), ("B", 120, read(at: 2)), ("B", 150, write(2, at: 2)),
                    ("B", 200, read(at: 2)),
                ], faults: ["skew R1 +2s at 5ms"], losesNothing: true, expectation: .violates("no-lost-update"))),
        scene(
            "borrowed-context", StoreSceneTexts.mutantContext, rows: "CM-4",
            recipe: Recipe(
                merging: .siblings, mutation: .borrowsContext,
                script: [("A", 10, write(1, at: 1)), ("B", 40, write(2, at: 1))], losesNothing: true,
                expectation: .violates("no-lost-update"))),
        scene(
            "sent-once", StoreSceneTexts.mutantOnce, rows: "NW-7",
            recipe: Recipe(
                mutation: .spreadsOnce, script: [("A", 10, write(1, at: 1)), ("B", 200, read(at: 3))],
                faults: ["drop SPREAD to R3"], losesNothing: true, expectation: .violates("convergence"))),
    ]
}
