import Messages
import Zab

/// The protocol broken on purpose: each of these was a real mistake of somebody.
extension ZabScenes {
    private static let lost = Expectation.violates("committed-log-durability")

    /// S3 alone has what was written at 500 ms, and steps down. In epoch 2 it brings that to S1; then S1 fails at `moment`,
    /// and S3 after it, and S1 meets S2, which has nothing.
    private static func historyOfOne(_ moment: String) -> [String] {
        [
            "crash S1 at 490ms", "crash S2 at 491ms", "restart S1 at 1100ms", moment, "crash S3 at 1500ms",
            "restart S1 at 1520ms", "restart S2 at 1520ms", "restart S3 at 2300ms",
        ]
    }
    private static let writesOfS3 = [
        write("a", at: 495, to: 3), write("b", at: 496, to: 3), write("c", at: 497, to: 3),
    ]

    static let electionMutants: [Scene<ZabNode>] = [
        scene(
            "zxid-before-epoch", ZabSceneTexts.zxidBeforeEpoch, rows: "ZB-2",
            recipe: Recipe(
                mutation: .comparesZxidBeforeEpoch, commands: { _ in abandonedWrites },
                faults: { _ in abandonedSuffix },
                expectation: .violates("primary-integrity"), opening: 580, end: 3_000)),
        scene(
            "epoch-in-memory", ZabSceneTexts.epochInMemory, rows: "ZB-2",
            recipe: Recipe(
                mutation: .omitsStoringEpoch, commands: { _ in abandonedWrites },
                faults: { _ in abandonedSuffix + ["crash S1 at 1680ms", "restart S1 at 1720ms"] },
                expectation: .violates("primary-integrity"), opening: 580, end: 3_000)),
        scene(
            "counter-rolls-over", ZabSceneTexts.counterRollsOver, rows: "ZB-18",
            recipe: Recipe(
                mutation: .rollsIntoNextEpoch, transactionsPerEpoch: 2,
                commands: { _ in
                    [
                        write("a", at: 500, to: 3), write("b", at: 520, to: 3), write("lost", at: 610, to: 3),
                        write("c", at: 1_500, to: 2),
                    ]
                },
                faults: { _ in oldLeaderReturns }, expectation: .violates("process-consistency"), end: 2_500)),
        scene(
            "one-epoch-variable", ZabSceneTexts.oneEpochVariable, rows: "ZB-8",
            recipe: Recipe(
                mutation: .votesWithAcceptedEpoch, commands: { _ in [write("a", at: 500, to: 3)] },
                faults: { _ in brokenPromise }, expectation: lost, end: 2_700)),
        scene(
            "compares-whole-votes", ZabSceneTexts.comparesWholeVotes, rows: "ZB-5",
            recipe: Recipe(
                mutation: .comparesSettledVotesWhole,
                faults: { _ in ["crash S3 at 600ms", "restart S3 at 1400ms"] }, expectation: .keeps(blocking: ["S3"]),
                opening: 1_380, end: 2_200)),
        scene(
            "leads-without-quorum", ZabSceneTexts.leadsWithoutQuorum, rows: "ZB-7",
            recipe: Recipe(
                mutation: .ignoresQuorumLoss,
                commands: { _ in [write("a", at: 500, to: 3), write("b", at: 1_500, to: 2)] },
                faults: { _ in oldLeaderReturns }, expectation: lost, end: 2_500)),
    ]

    static let recoveryMutants: [Scene<ZabNode>] = [
        scene(
            "never-truncates", ZabSceneTexts.neverTruncates, rows: "ZB-12",
            recipe: Recipe(
                mutation: .neverTruncates,
                commands: { _ in
                    [write("a", at: 500, to: 3), write("lost", at: 610, to: 3), write("b", at: 1_500, to: 2)]
                },
                faults: { _ in oldLeaderReturns }, expectation: .violates("process-consistency"), end: 2_500)),
        scene(
            "cuts-too-much", ZabSceneTexts.cutsTooMuch, rows: "ZB-12",
            recipe: Recipe(
                mutation: .cutsTooMuch,
                commands: { _ in
                    [write("a", at: 500, to: 3), write("lost", at: 610, to: 3), write("b", at: 1_500, to: 2)]
                },
                faults: { _ in oldLeaderReturns + ["crash S3 at 2400ms", "restart S3 at 2450ms"] },
                expectation: .violates("process-consistency"), end: 3_000)),
        scene(
            "diff-not-logged", ZabSceneTexts.diffNotLogged, rows: "ZB-13",
            recipe: Recipe(
                mutation: .omitsLoggingDiff, commands: { _ in writesOfS3 },
                faults: { _ in historyOfOne("crash S1 at 1501ms") }, expectation: lost, end: 2_700)),
        scene(
            "epoch-before-history", ZabSceneTexts.epochBeforeHistory, rows: "ZB-13",
            recipe: Recipe(
                mutation: .storesEpochBeforeHistory,
                commands: { _ in
                    [write("a", at: 500, to: 3), write("b", at: 501, to: 3), write("c", at: 502, to: 3)]
                },
                faults: { _ in
                    [
                        "crash S1 at 450ms", "crash S3 at 560ms", "restart S1 at 580ms",
                        "crash S1 after persisted currentEpoch 2", "crash S2 after persisted currentEpoch 2 by S1",
                        "restart S1 at 1300ms", "restart S3 at 1300ms", "restart S2 at 1900ms",
                    ]
                },
                expectation: lost, end: 2_300)),
        scene(
            "ack-before-history", ZabSceneTexts.ackBeforeHistory, rows: "ZB-13",
            recipe: Recipe(
                mutation: .acknowledgesNewLeaderBeforePersisting, commands: { _ in writesOfS3 },
                faults: { _ in historyOfOne("crash S1 after send ACK 3") }, expectation: lost, end: 2_700)),
        scene(
            "newleader-first", ZabSceneTexts.newLeaderFirst, rows: "ZB-15",
            recipe: Recipe(
                mutation: .sendsNewLeaderFirst, expectation: .violates("should-not-be-triggered"), opening: nil,
                end: 400)),
        scene(
            "serves-before-quorum", ZabSceneTexts.servesBeforeQuorum, rows: "ZB-14",
            recipe: Recipe(
                mutation: .servesBeforeQuorum, tick: 400, commands: { _ in writesOfS3 },
                faults: { _ in historyOfOne("crash S1 after receive DIFF 2") }, expectation: lost, end: 2_700)),
        scene(
            "forgets-proposals-under-way", ZabSceneTexts.forgetsProposals, rows: "ZB-15",
            recipe: Recipe(
                mutation: .forgetsProposalsUnderWay, commands: { _ in writesDuringJoin },
                faults: { _ in ["crash S1 at 500ms", "restart S1 at 640ms"] },
                expectation: .violates("process-consistency"), opening: 620, end: 1_000)),
        scene(
            "commit-before-uptodate", ZabSceneTexts.commitBeforeUpToDate, rows: "ZB-15",
            recipe: Recipe(
                mutation: .forgetsProposalsAtNewLeader, commands: { _ in writesDuringJoin },
                faults: { _ in ["crash S1 at 500ms", "restart S1 at 640ms"] },
                expectation: .violates("should-not-be-triggered"), opening: 620, end: 1_000)),
        scene(
            "proposal-acked-first", ZabSceneTexts.proposalAckedFirst, rows: "ZB-15",
            recipe: Recipe(
                mutation: .acknowledgesProposalsBeforeNewLeader, commands: { _ in writesDuringJoin },
                faults: { _ in ["crash S1 at 500ms", "restart S1 at 640ms"] },
                expectation: .violates("should-not-be-triggered"), opening: 620, end: 1_000)),
        scene(
            "discards-uncommitted", ZabSceneTexts.discardsUncommitted, rows: "ZB-19",
            recipe: Recipe(
                mutation: .discardsUncommitted, commands: { _ in [write("a", at: 500, to: 3)] },
                faults: { _ in
                    [
                        "crash S1 at 490ms", "drop COMMIT to S2 at 495ms for 60ms", "crash S3 at 540ms",
                        "restart S1 at 560ms", "restart S3 at 1400ms",
                    ]
                },
                expectation: lost, end: 1_900)),
    ]

    static let broadcastMutants: [Scene<ZabNode>] = [
        scene(
            "ack-before-disk", ZabSceneTexts.ackBeforeDisk, rows: "ZB-13",
            recipe: Recipe(
                mutation: .acknowledgesBeforePersisting, commands: { _ in [write("a", at: 500, to: 3)] },
                faults: { _ in
                    [
                        "crash S2 at 450ms", "crash S1 after send ACK 3", "crash S3 at 560ms", "restart S1 at 600ms",
                        "restart S2 at 600ms", "restart S3 at 1300ms",
                    ]
                },
                expectation: lost, end: 1_800)),
        scene(
            "commits-below-quorum", ZabSceneTexts.commitsBelowQuorum, rows: "ZB-16",
            recipe: Recipe(
                mutation: .commitsBelowQuorum, commands: { _ in [write("a", at: 500, to: 3)] },
                faults: { _ in
                    [
                        "crash S1 at 490ms", "crash S2 at 491ms", "crash S3 at 560ms", "restart S1 at 600ms",
                        "restart S2 at 600ms", "restart S3 at 1300ms",
                    ]
                },
                expectation: lost, end: 1_800)),
    ]
}
