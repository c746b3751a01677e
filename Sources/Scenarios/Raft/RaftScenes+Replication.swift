import ConsensusProtocols
import Messages
import StateMachines

extension RaftScenes {
    static let replicationScenes: [Scene<RaftNode>] = [
        scene(
            "replication", RaftSceneTexts.replication,
            recipe: Recipe(
                servers: 3...7, clients: 1,
                commands: { servers in [command(.perform(.set("x", 1)), at: 300, to: servers + 1)] },
                expectation: .keeps(firstTerm, firstNoop, "2: x=1"), end: 400)),
        scene(
            "leader-crash", RaftSceneTexts.leaderCrash, rows: "RF-18",
            recipe: Recipe(
                commands: { _ in [write("x", 1, at: 300, to: 1), write("x", 2, at: 700, to: 2)] },
                faults: { _ in ["crash S1 at 360ms", "restart S1 at 720ms"] },
                expectation: .keeps(
                    firstTerm, firstNoop, "2: x=1", "term 2: S2", "3: no-op", "4: x=2"), end: 850)),
        scene(
            "partition", RaftSceneTexts.partition, rows: "RF-16",
            recipe: partition(nil, expecting: .keeps(firstTerm, firstNoop, "term 2: S3", "2: no-op", "3: y=1"))),
        scene(
            "commit-too-far", RaftSceneTexts.commitTooFar, rows: "RF-16",
            recipe: partition(.commitsBeyondMatch, expecting: .violates("state-machine-safety"))),
        scene(
            "old-leader-obeyed", RaftSceneTexts.oldLeaderObeyed,
            recipe: Recipe(
                mutation: .obeysOldLeaders, commands: { _ in [write("x", 1, at: 300, to: 1)] },
                faults: { _ in
                    [
                        "delay APPEND from S1 to S2 219ms at 295ms for 10ms",
                        "drop APPEND from S1 to S3 at 295ms for 10ms",
                        "crash S1 at 305ms",
                    ]
                },
                expectation: .violates("leader-append-only"), end: 560)),
        scene(
            "figure-8", RaftSceneTexts.figure8, rows: "RF-1",
            recipe: figure8(
                nil, expecting: .keeps(firstTerm, "term 2: S3", "term 3: S1", "term 4: S3", "1: y=1", "2: z=1"))),
        scene(
            "figure-8-counted", RaftSceneTexts.figure8Counted, rows: "RF-1",
            recipe: figure8(.countsOlderTerms, expecting: .violates("leader-completeness"))),
        scene(
            "back-off", RaftSceneTexts.backOff, rows: "RF-16",
            recipe: backOff(
                nil,
                expecting: .keeps(
                    firstTerm, firstNoop, "term 2: S2", "2: no-op", "3: y=1", "4: y=2", "5: y=3", "term 3: S3",
                    "6: no-op"))),
        scene(
            "entries-unchecked", RaftSceneTexts.entriesUnchecked, rows: "RF-16",
            recipe: backOff(.skipsConsistencyCheck, expecting: .violates("log-matching"))),
        scene(
            "late-append", RaftSceneTexts.lateAppend, rows: "RF-16",
            recipe: lateAppend(
                nil, expecting: .keeps(firstTerm, firstNoop, "2: x=1", "3: x=2", "term 2: S2", "4: no-op"))),
        scene(
            "late-append-cuts", RaftSceneTexts.lateAppendCuts, rows: "RF-16",
            recipe: lateAppend(.truncatesAlways, expecting: .violates("leader-completeness"))),
    ]

    private static func partition(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            servers: 5...5, mutation: mutation,
            commands: { _ in
                [write("x", 1, at: 305, to: 1), write("x", 2, at: 330, to: 1), write("y", 1, at: 650, to: 3)]
            },
            faults: { _ in ["partition S1,S2|S3,S4,S5 at 300ms", "heal at 720ms"] }, expectation: expectation,
            end: 900)
    }

    /// S1, cut off, logs three writes of term 1; S2 leads term 2, S3 term 3, and then S1 is back.
    private static func backOff(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            dice: [(3, 2, 150), (2, 2, 400)], mutation: mutation,
            commands: { _ in
                (1...3).map { write("x", $0, at: 304 + UInt64($0), to: 1) }
                    + (1...3).map { write("y", $0, at: 649 + UInt64($0), to: 2) }
            },
            faults: { _ in ["isolate S1 at 300ms for 700ms", "crash S2 at 720ms", "restart S2 at 740ms"] },
            expectation: expectation, end: 1_150)
    }

    /// The figure of section 3.6.2 with three servers: S1 leads term 1, S3 term 2, S1 term 3, S3 term 4.
    private static func figure8(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            dice: [(1, 1, 150), (3, 1, 150), (1, 2, 150), (3, 2, 150), (3, 3, 150)]
                + (1...4).map { (server: 2, term: $0, timeout: 800) },
            adjust: {
                $0.beginsTermsWithNoop = false
                $0.termLimit = 4
            },
            mutation: mutation,
            commands: { _ in
                [write("x", 1, at: 300, to: 1), write("y", 1, at: 550, to: 3), write("z", 1, at: 1_400, to: 3)]
            },
            faults: { _ in
                [
                    "drop APPEND from S1 at 295ms for 20ms", "crash S1 at 315ms",
                    "drop APPEND from S3 at 545ms for 20ms", "crash S3 at 565ms", "restart S1 at 580ms",
                    "crash S1 at 1000ms", "restart S3 at 1010ms",
                ]
            },
            expectation: expectation, end: 1_500)
    }

    /// The first of two APPENDs comes once more, when both are known and committed; then the leader fails.
    private static func lateAppend(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            mutation: mutation,
            commands: { _ in [write("x", 1, at: 300, to: 1), write("x", 2, at: 305, to: 1)] },
            faults: { _ in
                [
                    "crash S3 at 290ms", "delay APPEND 1 to S2 45ms at 295ms for 8ms",
                    "crash S1 at 352ms", "restart S3 at 360ms",
                ]
            },
            expectation: expectation, end: 760)
    }
}
