import ConsensusProtocols
import Messages
import StateMachines

/// Reads that do not go through the log, and snapshots.
extension RaftScenes {
    static let readScenes: [Scene<RaftNode>] = [
        scene(
            "read-index", RaftSceneTexts.readIndex, rows: "RF-14",
            recipe: Recipe(
                clients: 1, adjust: { $0.readMode = .readIndex },
                commands: { servers in
                    [
                        command(.perform(.set("x", 1)), at: 280, to: servers + 1),
                        command(.perform(.read("x")), at: 335, to: servers + 1),
                    ]
                },
                expectation: .keeps(firstTerm, firstNoop, "2: x=1"), end: 420)),
        scene(
            "old-leader-read", RaftSceneTexts.oldLeaderRead, rows: "RF-14",
            recipe: oldLeaderRead(
                .readIndex, nil,
                expecting: .keeps(firstTerm, firstNoop, "2: x=1", "term 2: S2", "3: no-op", "4: x=2"))),
        scene(
            "read-without-round", RaftSceneTexts.readWithoutRound, rows: "RF-14",
            recipe: oldLeaderRead(.readIndex, .readsWithoutRound, expecting: .violates("fresh-reads"))),
        scene(
            "new-leader-read", RaftSceneTexts.newLeaderRead, rows: "RF-14",
            recipe: newLeaderRead(
                nil, expecting: .keeps(firstTerm, firstNoop, "2: x=1", "term 2: S2", "3: no-op"))),
        scene(
            "read-before-commit", RaftSceneTexts.readBeforeCommit, rows: "RF-14",
            recipe: newLeaderRead(.readsBeforeOwnCommit, expecting: .violates("fresh-reads"))),
        scene(
            "lease", RaftSceneTexts.lease, rows: "RF-15",
            recipe: oldLeaderRead(
                .lease, nil,
                expecting: .keeps(firstTerm, firstNoop, "2: x=1", "term 2: S2", "3: no-op", "4: x=2"))),
        scene(
            "lease-slow-clock", RaftSceneTexts.leaseSlowClock, rows: "RF-15",
            recipe: oldLeaderRead(.lease, nil, "skew S1 -2s at 330ms", expecting: .violates("fresh-reads"))),
        scene(
            "lease-in-transfer", RaftSceneTexts.leaseInTransfer, rows: "RF-15",
            recipe: Recipe(
                adjust: leases, mutation: .keepsLeaseInTransfer,
                commands: { _ in
                    [
                        write("x", 1, at: 300, to: 1), command(.transfer(to: server(2)), at: 400, to: 1),
                        write("x", 2, at: 450, to: 2), command(.perform(.read("x")), at: 482, to: 1),
                    ]
                },
                faults: { _ in ["isolate S1 at 412ms"] }, expectation: .violates("fresh-reads"), end: 520)),
    ]

    @Sendable private static func leases(_ configuration: inout RaftConfiguration) {
        configuration.stickiness = true
        configuration.readMode = .lease
    }

    /// S1 is cut off with a client that reads, while another client writes elsewhere.
    private static func oldLeaderRead(
        _ mode: RaftReadMode, _ mutation: RaftMutation?, _ fault: String? = nil, expecting expectation: Expectation
    ) -> Recipe {
        Recipe(
            clients: 2,
            adjust: { configuration in
                if mode == .lease { leases(&configuration) } else { configuration.readMode = mode }
                configuration.timing.retry = .milliseconds(150)
            },
            mutation: mutation,
            commands: { servers in
                [
                    command(.perform(.set("x", 1)), at: 265, to: servers + 1),
                    command(.perform(.set("x", 2)), at: 600, to: servers + 2),
                    command(.perform(.read("x")), at: 800, to: servers + 1),
                ]
            },
            faults: { _ in ["partition S1,C1|S2,S3,C2 at 320ms for 580ms"] + [fault].compactMap(\.self) },
            expectation: expectation, end: 1_150)
    }

    /// S1 has answered its client and fails before anybody knows that x=1 is committed; S2's first entry is lost on the way.
    private static func newLeaderRead(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            adjust: { $0.readMode = .readIndex }, mutation: mutation,
            commands: { _ in [write("x", 1, at: 310, to: 1), command(.perform(.read("x")), at: 580, to: 2)] },
            faults: { _ in ["crash S1 at 355ms", "drop APPEND from S2 at 500ms for 95ms"] }, expectation: expectation,
            end: 760)
    }

    static let snapshotScenes: [Scene<RaftNode>] = [
        scene(
            "snapshot", RaftSceneTexts.snapshot, rows: "RF-17",
            recipe: Recipe(
                commands: { _ in
                    [
                        write("x", 1, at: 300, to: 1), write("y", 2, at: 310, to: 1), command(.compact, at: 380, to: 1),
                        write("z", 3, at: 390, to: 1),
                    ]
                },
                faults: { _ in ["crash S3 at 290ms", "restart S3 at 400ms"] },
                expectation: .keeps(firstTerm, firstNoop, "2: x=1", "3: y=2", "4: z=3"), end: 560)),
        scene(
            "late-snapshot", RaftSceneTexts.lateSnapshot, rows: "RF-17",
            recipe: lateSnapshot(
                nil,
                expecting: .keeps(
                    firstTerm, firstNoop, "2: x=1", "3: x=2", "4: x=3", "term 2: S3", "5: no-op"))),
        scene(
            "late-snapshot-installed", RaftSceneTexts.lateSnapshotInstalled, rows: "RF-17",
            recipe: lateSnapshot(.installsAnySnapshot, expecting: .violates("leader-completeness"))),
    ]

    /// The snapshot for S3 takes a long way; a second one overtakes it, and x=3 is committed by S1 and S3 before it
    /// arrives. Then S1 fails.
    private static func lateSnapshot(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            dice: [(3, 1, 150), (2, 1, 400)], mutation: mutation,
            commands: { _ in
                [
                    write("x", 1, at: 300, to: 1), write("x", 2, at: 310, to: 1), command(.compact, at: 380, to: 1),
                    write("x", 3, at: 535, to: 1),
                ]
            },
            faults: { _ in
                [
                    "crash S3 at 290ms", "restart S3 at 395ms", "delay SNAPSHOT 1 to S3 150ms", "crash S2 at 525ms",
                    "crash S1 at 620ms", "restart S2 at 630ms",
                ]
            },
            expectation: expectation, end: 900)
    }
}
