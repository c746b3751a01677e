import Checking
import Explorer
import Messages
package import ReplicationProtocols
import StateMachines

/// Gilbert and Lynch's theorem as two settings of one register, under the same partition.
package enum CAPScenes {
    package static let protocolScenes = ProtocolScenes<QuorumNode>(
        name: "cap", title: CAPMessages.title, labels: QuorumScenes.labels, vocabulary: QuorumMessages.vocabulary,
        presentation: QuorumScenes.presentation, catalog: catalog,
        search: { explore($0, invariants: $1, $2, elapsed: $3, report: $4) },
        play: { Explorer.play($0, in: $1, breaking: $2) }, isBlocked: { $0.isWaiting })

    /// Majorities, versions asked for, reads that write back.
    private static let consistent = QuorumScenes.configuration(clients: 3) {
        $0.versioning = .queried
        $0.reading = .writingBack
    }
    /// Any one replica will do.
    private static let available = QuorumScenes.configuration(writing: 1, reading: 1, clients: 3) {
        $0.versioning = .queried
    }
    private static let split = ["partition A,R1|B,C,R2,R3 at 90ms for 400ms"]
    /// A and B write on their own sides, then A and C read there.
    private static let script: [(client: Character, at: UInt64, command: QuorumCommand)] = [
        ("A", 10, .write(1)), ("A", 100, .write(2)), ("B", 110, .write(3)), ("C", 200, .read), ("A", 270, .read),
    ]

    private static let catalog = [
        QuorumScenes.scene(
            "no-partition", CAPSceneTexts.noPartition, rows: "CA-1", "QR-1",
            recipe: .init(
                configuration: consistent, script: script, isAvailable: true,
                expectation: .keeps(
                    "A: read → 3", "A: write 1 → ok", "A: write 2 → ok", "B: write 3 → ok", "C: read → 3"))),
        QuorumScenes.scene(
            "cp-register", CAPSceneTexts.consistent, rows: "CA-1", "QR-1", "QR-2",
            recipe: .init(
                configuration: consistent, script: script + [("A", 600, .read)], faults: split, isAvailable: true,
                expectation: .violates("availability"))),
        QuorumScenes.scene(
            "ap-register", CAPSceneTexts.available, rows: "CA-1", "QR-1",
            recipe: .init(
                configuration: available, script: script, faults: split, isAvailable: true,
                expectation: .violates("linearizable"))),
        QuorumScenes.scene(
            "slow-is-partitioned", CAPSceneTexts.slow, rows: "CA-2", "QR-3",
            recipe: .init(
                configuration: consistent, script: [("A", 10, .write(1)), ("C", 270, .read)],
                faults: ["delay STORED to A 200ms"], isAvailable: true, expectation: .violates("availability"))),
        QuorumScenes.scene(
            "one-copy", CAPSceneTexts.oneCopy, rows: "QR-4",
            recipe: .init(
                configuration: QuorumScenes.configuration(1, writing: 1, reading: 1),
                script: [("A", 10, .write(1)), ("A", 100, .write(2)), ("B", 110, .read)],
                faults: ["partition A|B,R1 at 90ms for 300ms"], isAvailable: true,
                expectation: .violates("availability"))),
    ]
}
