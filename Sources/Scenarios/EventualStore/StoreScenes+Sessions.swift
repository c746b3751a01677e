import Checking
import Messages
import ReplicationProtocols

extension StoreScenes {
    private static let writesThenReads: Script = [("A", 10, write(1, at: 1)), ("A", 40, read(at: 2))]
    private static let readsTwice: Script = [
        ("A", 10, write(1, at: 1)), ("B", 35, read(at: 1)), ("B", 60, read(at: 2)),
    ]
    private static let writesTwice: Script = [
        ("A", 10, write(1, at: 2)), ("A", 40, write(2, at: 1)), ("B", 240, read(at: 3)),
    ]
    private static let replies: Script = [
        ("A", 10, write(1, at: 2)), ("B", 40, read(at: 2)), ("B", 70, write(2, at: 1)), ("C", 110, read(at: 1)),
        ("C", 260, read(at: 1)),
    ]

    private static let remoteRead: Script = [("A", 10, write(1, at: 1)), ("B", 40, read(at: 3))]
    /// Each writes at one replica, and then looks at the other's.
    private static let crossing: Script = [
        ("A", 10, write(1, at: 1)), ("B", 10, write(2, at: 3)), ("A", 60, read(at: 3)), ("B", 60, read(at: 1)),
    ]

    static let sessionScenes: [Scene<StoreNode>] = [
        scene(
            "read-your-writes-broken", StoreSceneTexts.readYourWrites, rows: "CM-2",
            recipe: Recipe(
                script: writesThenReads, promises: [.readYourWrites], expectation: .violates("read-your-writes"))),
        scene(
            "read-your-writes", StoreSceneTexts.readYourWritesKept, rows: "CM-2",
            recipe: Recipe(
                guarantees: .readYourWrites, script: writesThenReads, promises: [.readYourWrites],
                expectation: .keeps("A: read → 1", "A: write 1 → ok"))),
        scene(
            "sticky-session", StoreSceneTexts.sticky, rows: "CM-2",
            recipe: Recipe(
                script: [("A", 10, write(1, at: 1)), ("A", 40, read(at: 1))],
                promises: [.readYourWrites, .monotonicReads],
                expectation: .keeps("A: read → 1", "A: write 1 → ok"))),
        scene(
            "monotonic-reads-broken", StoreSceneTexts.monotonicReads, rows: "CM-2",
            recipe: Recipe(
                script: readsTwice, faults: ["delay SPREAD to R2 60ms"], promises: [.monotonicReads],
                expectation: .violates("monotonic-reads"))),
        scene(
            "monotonic-reads", StoreSceneTexts.monotonicReadsKept, rows: "CM-2",
            recipe: Recipe(
                guarantees: .monotonicReads, script: readsTwice, faults: ["delay SPREAD to R2 60ms"],
                promises: [.monotonicReads], expectation: .keeps("A: write 1 → ok", "B: read → 1"))),
        scene(
            "monotonic-writes-broken", StoreSceneTexts.monotonicWrites, rows: "CM-3",
            recipe: Recipe(
                script: writesTwice, promises: [.monotonicWrites], expectation: .violates("monotonic-writes"))),
        scene(
            "monotonic-writes", StoreSceneTexts.monotonicWritesKept, rows: "CM-3",
            recipe: Recipe(
                guarantees: .monotonicWrites, script: writesTwice, promises: [.monotonicWrites], losesNothing: true,
                expectation: .keeps("A: write 1 → ok", "A: write 2 → ok", "B: read → 2"))),
        scene(
            "writes-follow-reads-broken", StoreSceneTexts.writesFollowReads, rows: "CM-1",
            recipe: Recipe(
                script: replies, faults: ["delay SPREAD to R1 100ms"], promises: [.writesFollowReads],
                expectation: .violates("writes-follow-reads"))),
        scene(
            "writes-follow-reads", StoreSceneTexts.writesFollowReadsKept, rows: "CM-1",
            recipe: Recipe(
                guarantees: .writesFollowReads, script: replies, faults: ["delay SPREAD to R1 100ms"],
                promises: [.writesFollowReads],
                expectation: .keeps(
                    "A: write 1 → ok", "B: read → 1", "B: write 2 → ok", "C: read → 2", "C: read → nil"))),
    ]

    static let comparisonScenes: [Scene<StoreNode>] = [
        scene(
            "one-guarantee-is-not-causal", StoreSceneTexts.notCausal, rows: "CM-1", "QR-38",
            recipe: Recipe(
                guarantees: .readYourWrites, script: replies, faults: ["delay SPREAD to R1 100ms"],
                promises: [.readYourWrites, .causal], expectation: .violates("causal"))),
        scene(
            "all-four-guarantees", StoreSceneTexts.fourGuarantees, rows: "CM-1", "QR-38",
            recipe: Recipe(
                guarantees: .all, script: replies, faults: ["delay SPREAD to R1 100ms"],
                promises: [.causal, .sessionGuarantees],
                expectation: .keeps(
                    "A: write 1 → ok", "B: read → 1", "B: write 2 → ok", "C: read → 2", "C: read → nil"))),
        scene(
            "sessions-are-not-linearizable", StoreSceneTexts.notLinearizable, rows: "CM-1", "QR-37",
            recipe: Recipe(
                guarantees: .all, script: remoteRead, promises: [.linearizable, .sessionGuarantees],
                expectation: .violates("linearizable"))),
        scene(
            "sequential-is-not-linearizable", StoreSceneTexts.sequential, rows: "CM-1",
            recipe: Recipe(
                guarantees: .all, script: remoteRead, promises: [.sequential],
                expectation: .keeps("A: write 1 → ok", "B: read → nil"))),
        scene(
            "causal-is-not-sequential", StoreSceneTexts.notSequential, rows: "CM-1",
            recipe: Recipe(
                script: crossing, faults: ["delay SPREAD 150ms"], promises: [.causal, .sequential],
                expectation: .violates("sequential"))),
        scene(
            "leader-and-local-reads", StoreSceneTexts.leader, rows: "CA-3", "QR-5",
            recipe: Recipe(
                hasLeader: true,
                script: [
                    ("A", 10, write(1, at: 2)), ("B", 50, read(at: 3)), ("C", 120, write(2, at: 3)),
                    ("B", 450, read(at: 3)),
                ], faults: ["partition C,R3|A,B,R1,R2 at 100ms for 300ms"], promises: [.linearizable],
                isAvailable: true, expectation: .violates("linearizable"))),
    ]
}
