import Messages
import Zab

extension ZabScenes {
    /// The leader and its last writes are cut off; the others go on without it until it comes back.
    static let oldLeaderReturns = ["isolate S3 at 600ms for 1100ms"]

    /// One write at every server that it can be asked for, a few milliseconds apart.
    static let writesDuringJoin = (0..<12).map { write("w\($0 + 1)", at: 700 + UInt64($0) * 8, to: 3) }
    static let writtenDuringJoin = (1...12).map { "1:\($0): w\($0)" }

    static let recoveryScenes: [Scene<ZabNode>] = [
        scene(
            "leader-crash", ZabSceneTexts.leaderCrash, rows: "ZB-9", "ZB-12", "ZB-14",
            recipe: Recipe(
                servers: 3...7,
                commands: { [write("a", at: 500, to: $0), write("b", at: 1_400, to: $0 - 1)] },
                faults: { ["crash S\($0) at 600ms", "restart S\($0) at 1480ms"] },
                expectation: .keeps("1:1: a", "2:1: b"), end: 1_900)),
        scene(
            "crash-before-quorum", ZabSceneTexts.crashBeforeQuorum, rows: "ZB-19", "ZB-12",
            recipe: Recipe(
                commands: { _ in [write("kept", at: 490, to: 3), write("a", at: 550, to: 3)] },
                faults: { _ in
                    [
                        "drop PROPOSAL to S1 at 545ms for 15ms", "drop PROPOSAL to S2 at 545ms for 15ms",
                        "crash S3 at 565ms", "restart S3 at 1400ms",
                    ]
                },
                expectation: .keeps("1:1: kept"), end: 1_800)),
        scene(
            "uncommitted-survives", ZabSceneTexts.uncommittedSurvives, rows: "ZB-19",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3)] }, faults: { _ in ["crash S3 after send PROPOSAL 2"] },
                expectation: .keeps("1:1: a"), end: 1_400)),
        scene(
            "commit-unheard", ZabSceneTexts.commitUnheard, rows: "ZB-19",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3)] }, faults: { _ in commitUnheard },
                expectation: .keeps("1:1: a"), end: 1_900)),
        scene(
            "diff", ZabSceneTexts.diff, rows: "ZB-12", "ZB-13",
            recipe: Recipe(
                servers: 3...7,
                commands: { [write("a", at: 520, to: $0), write("b", at: 540, to: $0)] },
                faults: { _ in ["crash S1 at 500ms", "restart S1 at 600ms"] },
                expectation: .keeps("1:1: a", "1:2: b"), end: 950)),
        scene(
            "truncate", ZabSceneTexts.truncate, rows: "ZB-7", "ZB-12",
            recipe: Recipe(
                commands: { _ in
                    [write("a", at: 500, to: 3), write("lost", at: 610, to: 3), write("b", at: 1_500, to: 2)]
                },
                faults: { _ in oldLeaderReturns }, expectation: .keeps("1:1: a", "2:1: b"), end: 2_500)),
        scene(
            "snapshot", ZabSceneTexts.snapshot, rows: "ZB-12",
            recipe: Recipe(
                commands: { _ in [write("lost", at: 610, to: 3), write("b", at: 1_500, to: 2)] },
                faults: { _ in oldLeaderReturns }, expectation: .keeps("2:1: b"), opening: 580, end: 2_500)),
        scene(
            "join-under-load", ZabSceneTexts.joinUnderLoad, rows: "ZB-15",
            recipe: Recipe(
                commands: { _ in writesDuringJoin }, faults: { _ in ["crash S1 at 500ms", "restart S1 at 640ms"] },
                expectation: Expectation(violated: nil, decisions: writtenDuringJoin.sorted(), blocked: []),
                opening: 620, end: 1_000)),
    ]

    static let commitUnheard = [
        "drop COMMIT to S1 at 495ms for 60ms", "drop COMMIT to S2 at 495ms for 60ms", "crash S3 at 540ms",
        "restart S3 at 1400ms",
    ]

    static let broadcastScenes: [Scene<ZabNode>] = [
        scene(
            "write", ZabSceneTexts.write, rows: "ZB-16", "ZB-17",
            recipe: Recipe(
                servers: 3...7, commands: { _ in [write("a", at: 500, to: 1)] }, expectation: .keeps("1:1: a"),
                end: 590)),
        scene(
            "writes-in-order", ZabSceneTexts.writesInOrder, rows: "ZB-16",
            recipe: Recipe(
                servers: 3...7,
                commands: { [write("a", at: 500, to: $0), write("b", at: 500, to: 1), write("c", at: 504, to: 2)] },
                expectation: .keeps("1:1: a", "1:2: b", "1:3: c"), end: 600)),
        scene(
            "observer", ZabSceneTexts.observer, rows: "ZB-17",
            recipe: Recipe(
                observers: 1, commands: { [write("a", at: 500, to: $0 + 1)] }, expectation: .keeps("1:1: a"),
                end: 600)),
        scene(
            "stale-read", ZabSceneTexts.staleRead, rows: "ZB-20",
            recipe: Recipe(
                servers: 3...7,
                commands: {
                    [
                        write("a", at: 500, to: $0), write("b", at: 620, to: $0), read(at: 700, from: 1),
                        read(at: 710, from: $0), read(at: 1_650, from: 1),
                    ]
                },
                faults: { _ in ["isolate S1 at 600ms for 150ms"] }, expectation: .keeps("1:1: a", "1:2: b"),
                end: 1_700)),
    ]
}
