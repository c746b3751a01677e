import Checking
import Messages
import ReplicationProtocols

extension QuorumScenes {
    private static let givenUp: [(client: Character, at: UInt64, command: QuorumCommand)] = [
        ("A", 10, .write(1)), ("A", 40, .write(2)), ("C", 60, .read), ("B", 230, .read), ("C", 300, .read),
    ]
    private static let oneHears = [
        "drop STORE 2 from A to R2", "drop STORE 2 from A to R3", "delay QUERY 1 from C to R1 60ms",
        "delay QUERY from B to R3 60ms",
    ]
    /// ABD with a single writer.
    private static func abd(_ mutation: QuorumMutation? = nil) -> QuorumConfiguration {
        configuration(clients: 3) {
            $0.reading = .writingBack
            $0.mutation = mutation
        }
    }

    static let writerScenes: [Scene<QuorumNode>] = [
        scene(
            "failed-write-surfaces", QuorumSceneTexts.failedWrite, rows: "NW-4",
            recipe: Recipe(
                configuration: abd(), script: givenUp, faults: oneHears,
                expectation: .keeps(
                    "A: write 1 → ok", "A: write 2 → unknown", "B: read → 2", "C: read → 1", "C: read → 2"))),
        scene(
            "given-up-is-not-failed", QuorumSceneTexts.mutantFailure, rows: "NW-4",
            recipe: Recipe(
                configuration: abd(.takesGivingUpForFailure), script: givenUp, faults: oneHears,
                expectation: .violates("linearizable"))),
        scene(
            "equal-versions", QuorumSceneTexts.mutantWriters, rows: "NW-5",
            recipe: Recipe(
                configuration: configuration { $0.mutation = .ignoresWriters },
                script: [("A", 10, .write(1)), ("B", 10, .write(2))],
                faults: ["delay STORE from A to R3 20ms", "delay STORE from B to R1 20ms"],
                promises: [.linearizable], converges: true, expectation: .violates("convergence"))),
        scene(
            "skewed-clocks", QuorumSceneTexts.skewedClocks, rows: "NW-5",
            recipe: Recipe(
                configuration: configuration(clients: 3) { $0.versioning = .clock },
                script: [("A", 10, .write(1)), ("B", 60, .write(2)), ("C", 110, .read)],
                faults: ["skew A +2s at 5ms"], expectation: .violates("linearizable"))),
    ]

    private static func sloppy(_ mutation: QuorumMutation? = nil) -> QuorumConfiguration {
        configuration {
            $0.standIns = 2
            $0.mutation = mutation
        }
    }
    private static let split = "partition A,R3,S1,S2|B,R1,R2 at 5ms for 120ms"
    private static let acrossTheSplit: [(client: Character, at: UInt64, command: QuorumCommand)] = [
        ("A", 10, .write(1)), ("B", 80, .read), ("B", 230, .read), ("A", 240, .read),
    ]

    static let sloppyScenes: [Scene<QuorumNode>] = [
        scene(
            "sloppy-quorum", QuorumSceneTexts.sloppy, rows: "NW-6", "QR-8",
            recipe: Recipe(
                configuration: sloppy(), script: acrossTheSplit, faults: [split],
                expectation: .violates("linearizable"))),
        scene(
            "hinted-handoff", QuorumSceneTexts.handoff, rows: "NW-6",
            recipe: Recipe(
                configuration: sloppy(), script: acrossTheSplit, faults: [split], promises: [.eventual],
                converges: true,
                expectation: .keeps("A: read → 1", "A: write 1 → ok", "B: read → 1", "B: read → nil"))),
        scene(
            "forgotten-hint", QuorumSceneTexts.mutantHints, rows: "NW-6",
            recipe: Recipe(
                configuration: sloppy(.forgetsHints), script: [("A", 10, .write(1))], faults: [split],
                promises: [.eventual], converges: true, expectation: .violates("convergence"))),
    ]

    static let repairScenes: [Scene<QuorumNode>] = [
        scene(
            "read-repair", QuorumSceneTexts.readRepair, rows: "NW-7",
            recipe: Recipe(
                configuration: configuration { $0.reading = .repairing },
                script: [("A", 10, .write(1)), ("B", 40, .read)],
                faults: ["drop STORE to R3", "delay QUERY to R1 40ms"], converges: true,
                expectation: .keeps("A: write 1 → ok", "B: read → 1"))),
        scene(
            "repair-too-late", QuorumSceneTexts.lateRepair, rows: "NW-7", "NW-2",
            recipe: Recipe(
                configuration: configuration(clients: 3) { $0.reading = .repairing }, script: oneAfterTheOther,
                faults: halfWritten + ["delay REPAIR 40ms"], converges: true, expectation: .violates("linearizable"))),
    ]

    static let mutantScenes: [Scene<QuorumNode>] = [
        scene(
            "ok-before-disk", QuorumSceneTexts.mutantDisk, rows: "NW-1",
            recipe: Recipe(
                configuration: configuration { $0.mutation = .answersBeforePersisting },
                script: [("A", 10, .write(1)), ("B", 60, .read)],
                faults: [
                    "drop STORE to R3", "crash R1 after send STORED for 20ms", "crash R2 after send STORED for 20ms",
                ],
                expectation: .violates("linearizable"))),
        scene(
            "counted-twice", QuorumSceneTexts.mutantCopies, rows: "NW-1",
            recipe: Recipe(
                configuration: configuration { $0.mutation = .countsCopies },
                script: [("A", 10, .write(1)), ("B", 50, .read)],
                faults: [
                    "delay STORE to R2 80ms", "delay STORE to R3 80ms", "duplicate STORED from R1",
                    "delay QUERY to R1 60ms",
                ], expectation: .violates("linearizable"))),
        scene(
            "latest-arrival", QuorumSceneTexts.mutantArrival, rows: "NW-5",
            recipe: Recipe(
                configuration: configuration { $0.mutation = .keepsLatestArrival },
                script: [("A", 10, .write(1)), ("A", 40, .write(2)), ("B", 90, .read)],
                faults: [
                    "delay STORE 1 to R3 60ms", "delay STORE 2 to R1 90ms", "delay QUERY to R2 60ms",
                ], expectation: .violates("linearizable"))),
    ]
}
