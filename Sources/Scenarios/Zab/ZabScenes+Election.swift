import Messages
import Zab

extension ZabScenes {
    static let electionScenes: [Scene<ZabNode>] = [
        scene(
            "election", ZabSceneTexts.election, rows: "ZB-1", "ZB-4", "ZB-9", "ZB-14",
            recipe: Recipe(
                servers: 3...7, commands: { [write("a", at: 300, to: $0)] }, expectation: .keeps("1:1: a"),
                opening: nil, end: 360)),
        scene(
            "longest-log-wins", ZabSceneTexts.longestLogWins, rows: "ZB-1",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3), write("b", at: 1_500, to: 1)] },
                faults: { _ in ["crash S2 at 490ms", "crash S3 at 560ms", "restart S2 at 580ms"] },
                expectation: .keeps("1:1: a", "2:1: b"), end: 1_600)),
        scene(
            "epoch-before-zxid", ZabSceneTexts.epochBeforeZxid, rows: "ZB-2",
            recipe: Recipe(
                commands: { _ in abandonedWrites }, faults: { _ in abandonedSuffix }, expectation: .keeps("1:1: kept"),
                opening: 580, end: 3_000)),
        scene(
            "later-round", ZabSceneTexts.laterRound, rows: "ZB-3",
            recipe: Recipe(
                faults: { _ in ["crash S3 at 600ms", "restart S3 at 1062ms"] },
                expectation: .keeps(), opening: 580, end: 1_700)),
        scene(
            "late-joiner", ZabSceneTexts.lateJoiner, rows: "ZB-5", "ZB-12",
            recipe: Recipe(
                servers: 3...7, commands: { [write("a", at: 400, to: $0)] },
                faults: { _ in ["crash S1 at 0ms", "restart S1 at 500ms"] }, expectation: .keeps("1:1: a"),
                opening: 480, end: 800)),
        scene(
            "joins-another-round", ZabSceneTexts.anotherRound, rows: "ZB-3", "ZB-5",
            recipe: Recipe(
                faults: { _ in ["crash S3 at 600ms", "restart S3 at 1400ms"] }, expectation: .keeps(), opening: 1_380,
                end: 1_800)),
        scene(
            "slow-return", ZabSceneTexts.slowReturn, rows: "ZB-6",
            recipe: Recipe(
                servers: 3...7, faults: { _ in ["isolate S1 at 600ms for 1700ms"] }, expectation: .keeps(),
                opening: 580, end: 3_200)),
        scene(
            "leader-nobody-reaches", ZabSceneTexts.unreachable, rows: "ZB-7",
            recipe: Recipe(
                servers: 3...5, commands: { [write("a", at: 1_300, to: $0)] },
                faults: { ["drop CONNECT to S\($0) at 0ms for 400ms"] }, expectation: .keeps("1:1: a"), opening: nil,
                end: 1_400)),
        scene(
            "no-quorum", ZabSceneTexts.noQuorum, rows: "ZB-7",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3), write("lost", at: 620, to: 3)] },
                faults: { _ in ["crash S1 at 600ms", "crash S2 at 610ms"] },
                expectation: .keeps("1:1: a", blocking: ["S3"]), end: 1_300)),
    ]

    /// The leader of epoch 1 alone logs two more transactions; the others go on in epoch 2 without writing anything. Then it
    /// meets one of them.
    static let abandonedWrites = [
        write("kept", at: 500, to: 3), write("abandoned 1", at: 610, to: 3), write("abandoned 2", at: 611, to: 3),
    ]
    static let abandonedSuffix = [
        "isolate S3 at 600ms for 1100ms", "crash S2 at 1699ms", "restart S2 at 2600ms",
    ]

    /// S1 has promised to join epoch 2 and has nothing of epoch 1; S3 has what epoch 1 committed.
    static let brokenPromise = [
        "crash S1 at 450ms", "crash S3 at 560ms", "restart S1 at 580ms",
        "crash S2 after persisted acceptedEpoch 2 by S1",
        "restart S3 at 1300ms", "restart S2 at 2300ms",
    ]

    static let epochScenes: [Scene<ZabNode>] = [
        scene(
            "promise-outlives-leader", ZabSceneTexts.promise, rows: "ZB-8", "ZB-9",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3)] }, faults: { _ in brokenPromise },
                expectation: .keeps("1:1: a"), end: 2_700)),
        scene(
            "better-follower", ZabSceneTexts.betterFollower, rows: "ZB-11",
            recipe: Recipe(
                commands: { _ in [write("a", at: 500, to: 3), write("lost", at: 610, to: 3)] },
                faults: { _ in ["isolate S3 at 600ms for 515ms", "delay LEADERINFO to S1 400ms at 600ms"] },
                expectation: .keeps("1:1: a"), end: 1_900)),
        scene(
            "same-epoch-again", ZabSceneTexts.sameEpoch, rows: "ZB-10",
            recipe: Recipe(
                servers: 3...7, faults: { _ in ["crash S1 at 500ms for 50ms"] }, expectation: .keeps(), end: 900)),
        scene(
            "epoch-used-up", ZabSceneTexts.epochUsedUp, rows: "ZB-18",
            recipe: Recipe(
                servers: 3...7, transactionsPerEpoch: 2,
                commands: {
                    [
                        write("a", at: 500, to: $0), write("b", at: 520, to: $0), write("c", at: 560, to: $0),
                        write("d", at: 1_300, to: $0),
                    ]
                },
                expectation: .keeps("1:1: a", "1:2: b", "2:1: d"), end: 1_400)),
    ]
}
