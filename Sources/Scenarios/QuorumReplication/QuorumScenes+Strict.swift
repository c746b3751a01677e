import Checking
import Messages
import ReplicationProtocols

extension QuorumScenes {
    static let strictScenes: [Scene<QuorumNode>] = [
        scene(
            "intersecting-quorums", QuorumSceneTexts.intersecting, rows: "NW-1",
            recipe: Recipe(
                configuration: configuration(), script: [("A", 10, .write(1)), ("B", 40, .read)],
                faults: ["drop STORE to R3", "delay QUERY to R1 60ms"],
                expectation: .keeps("A: write 1 → ok", "B: read → 1"))),
        scene(
            "write-one-read-one", QuorumSceneTexts.writeOneReadOne, rows: "NW-1", "QR-10",
            recipe: Recipe(
                configuration: configuration(writing: 1, reading: 1),
                script: [("A", 10, .write(1)), ("B", 40, .read)], faults: oneCopy,
                expectation: .violates("linearizable"))),
        scene(
            "stale-is-allowed", QuorumSceneTexts.staleIsAllowed, rows: "QR-10", "CM-4",
            recipe: Recipe(
                configuration: configuration(writing: 1, reading: 1, clients: 3),
                script: [("A", 10, .write(1)), ("B", 40, .read), ("B", 150, .read), ("C", 160, .read)],
                faults: oneCopy, promises: [.eventual], converges: true,
                expectation: .keeps("A: write 1 → ok", "B: read → 1", "B: read → nil", "C: read → 1"))),
        scene(
            "write-all-read-one", QuorumSceneTexts.writeAllReadOne, rows: "NW-8", "QR-9",
            recipe: Recipe(
                configuration: configuration(writing: 3, reading: 1),
                script: [("A", 10, .write(1)), ("B", 60, .read), ("A", 90, .write(2))],
                faults: ["crash R1 at 40ms", "crash R3 at 40ms"],
                expectation: .keeps("A: write 1 → ok", "A: write 2 → unknown", "B: read → 1"))),
        scene(
            "read-all-write-one", QuorumSceneTexts.readAllWriteOne, rows: "NW-8",
            recipe: Recipe(
                configuration: configuration(writing: 1, reading: 3),
                script: [("A", 10, .write(1)), ("B", 60, .read), ("A", 90, .write(2))], faults: ["crash R3 at 40ms"],
                expectation: .keeps("A: write 1 → ok", "A: write 2 → ok", "B: read → unknown"))),
    ]

    /// The write comes to R1 in time, and late to the others; R1 itself hears late of the first read.
    private static let oneCopy = [
        "delay STORE to R2 80ms", "delay STORE to R3 80ms", "delay QUERY 1 to R1 60ms", "delay QUERY 1 to R3 60ms",
    ]

    /// While 1 is on R1 only, B asks R1 and R2, and then C R2 and R3.
    static let halfWritten = [
        "delay STORE from A to R2 100ms", "delay STORE from A to R3 80ms", "delay QUERY from B to R3 60ms",
        "delay QUERY from C to R1 60ms",
    ]
    static let oneAfterTheOther: [(client: Character, at: UInt64, command: QuorumCommand)] = [
        ("A", 10, .write(1)), ("B", 25, .read), ("C", 80, .read),
    ]

    static let writeBackScenes: [Scene<QuorumNode>] = [
        scene(
            "new-old-inversion", QuorumSceneTexts.inversion, rows: "NW-2", "QR-8",
            recipe: Recipe(
                configuration: configuration(clients: 3), script: oneAfterTheOther, faults: halfWritten,
                expectation: .violates("linearizable"))),
        scene(
            "abd-write-back", QuorumSceneTexts.writeBack, rows: "NW-3",
            recipe: Recipe(
                configuration: configuration(clients: 3) { $0.reading = .writingBack }, script: oneAfterTheOther,
                faults: halfWritten, expectation: .keeps("A: write 1 → ok", "B: read → 1", "C: read → 1"))),
        scene(
            "two-copies", QuorumSceneTexts.twoCopies, rows: "NW-2", "QR-8",
            recipe: Recipe(
                configuration: configuration(2, writing: 2, reading: 1, clients: 3) { $0.isDurable = false },
                script: oneAfterTheOther,
                faults: [
                    "delay STORE from A to R2 100ms", "delay QUERY from B to R2 60ms", "delay QUERY from C to R1 60ms",
                ],
                expectation: .violates("linearizable"))),
        scene(
            "two-copies-write-back", QuorumSceneTexts.twoCopiesWriteBack, rows: "NW-3",
            recipe: Recipe(
                configuration: configuration(2, writing: 2, reading: 1, clients: 3) {
                    $0.isDurable = false
                    $0.reading = .writingBack
                },
                script: oneAfterTheOther,
                faults: [
                    "delay STORE from A to R2 100ms", "delay QUERY from B to R2 60ms", "delay QUERY from C to R1 60ms",
                ],
                expectation: .keeps("A: write 1 → ok", "B: read → 1", "C: read → 1"))),
        scene(
            "abd-two-writers", QuorumSceneTexts.twoWriters, rows: "NW-3", "NW-5",
            recipe: Recipe(
                configuration: configuration(clients: 3) {
                    $0.reading = .writingBack
                    $0.versioning = .queried
                },
                script: [("A", 10, .write(1)), ("B", 10, .write(2)), ("C", 45, .read), ("C", 120, .read)],
                faults: ["delay STORE from A to R3 50ms", "delay STORE from B to R1 50ms"],
                expectation: .keeps("A: write 1 → ok", "B: write 2 → ok", "C: read → 2"))),
    ]
}
