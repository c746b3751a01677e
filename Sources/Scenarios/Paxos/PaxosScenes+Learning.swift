import ConsensusProtocols
import Messages
import Simulator
import StateMachines

/// Ballots, what learners may believe, and quorums.
extension PaxosScenes {
    /// The ACCEPT of north reaches A1 only. P1 restarts, wants south, and reaches A2 and A3 only.
    private static let restartedProposer = [
        "drop ACCEPT from P1 to A2 at 0ms for 50ms", "drop ACCEPT from P1 to A3 at 0ms for 50ms", "crash P1 at 60ms",
        "restart P1 at 80ms", "one-way P1>A1 at 70ms",
    ]
    private static let twoWishes = [propose("north"), propose("south", at: 100)]
    private static let south = Expectation.keeps("chosen: south")

    static let ballotScenes: [Scene<PaxosNode>] = [
        scene(
            "round-read-back", PaxosSceneTexts.roundReadBack, rows: "PX-6",
            recipe: Recipe(
                proposers: 1, commands: twoWishes, faults: restartedProposer, expectation: south)),
        scene(
            "round-on-disk", PaxosSceneTexts.roundOnDisk, rows: "PX-6",
            recipe: Recipe(
                proposers: 1, roundMemory: .onDisk, commands: twoWishes, faults: restartedProposer,
                expectation: south)),
        scene(
            "forgets-round", PaxosSceneTexts.forgetsRound, rows: "PX-6",
            recipe: Recipe(
                proposers: 1, mutation: .forgetsRound, commands: twoWishes, faults: restartedProposer,
                expectation: .violates("one-value-per-ballot"), judged: ["one-value-per-ballot", "at-most-one-chosen"])),
        scene(
            "shared-ballots", PaxosSceneTexts.sharedBallots, rows: "PX-6",
            recipe: Recipe(
                acceptors: 3...5, mutation: .sharesBallots,
                commands: [propose("north"), propose("south", at: 5, to: 2)],
                expectation: .violates("one-value-per-ballot"),
                judged: ["one-value-per-ballot", "one-vote", "at-most-one-chosen"])),
    ]

    static let learningScenes: [Scene<PaxosNode>] = [
        scene(
            "chosen-but-unknown", PaxosSceneTexts.chosenButUnknown, rows: "PX-7",
            recipe: Recipe(
                acceptors: 3...7, commands: [propose("north"), propose("south", at: 70, to: 2)],
                faults: ["drop ACCEPTED at 0ms for 60ms", "crash P1 at 60ms"])),
        scene(
            "distinguished-learners", PaxosSceneTexts.distinguishedLearners, rows: "PX-7",
            recipe: Recipe(
                furtherLearners: 2, acceptors: 3...7, faults: ["drop CHOSEN from P1"],
                distinguishedLearners: NodeSet(0..<2))),
        scene(
            "minority-survives", PaxosSceneTexts.minoritySurvives, rows: "PX-8",
            recipe: Recipe(
                commands: [propose("north"), propose("south", at: 70, to: 2)],
                faults: [
                    "drop ACCEPT from P1 to A2", "drop ACCEPT from P1 to A3", "crash P1 at 60ms", "isolate A3 at 65ms",
                ])),
        scene(
            "minority-vanishes", PaxosSceneTexts.minorityVanishes, rows: "PX-8",
            recipe: Recipe(
                commands: [propose("north"), propose("south", at: 70, to: 2)],
                faults: [
                    "drop ACCEPT from P1 to A2", "drop ACCEPT from P1 to A3", "crash P1 at 60ms", "isolate A1 at 65ms",
                ], expectation: south)),
        scene(
            "every-message-twice", PaxosSceneTexts.everyMessageTwice, rows: "PX-9",
            recipe: Recipe(
                acceptors: 3...7, commands: [propose("north"), propose("south", at: 100, to: 2)],
                faults: ["duplicate", "drop ACCEPTED to P2 at 0ms for 90ms"])),
        scene(
            "late-promise", PaxosSceneTexts.latePromise, rows: "PX-9",
            recipe: Recipe(
                commands: [propose("north"), propose("south", at: 15, to: 2)], faults: latePromise, expectation: south)),
        scene(
            "counts-old-promises", PaxosSceneTexts.countsOldPromises, rows: "PX-9",
            recipe: Recipe(
                mutation: .countsOldPromises, commands: [propose("north"), propose("south", at: 15, to: 2)],
                faults: latePromise, expectation: chosenTwice, judged: onlyChoice)),
        scene(
            "counts-duplicates", PaxosSceneTexts.countsDuplicates, rows: "PX-9",
            recipe: Recipe(
                mutation: .countsDuplicates,
                faults: ["drop ACCEPT from P1 to A2", "drop ACCEPT from P1 to A3", "duplicate ACCEPTED from A1"],
                expectation: .violates("learned-is-chosen"), end: 90,
                judged: ["at-most-one-chosen", "learned-is-chosen"])),
        scene(
            "learns-across-ballots", PaxosSceneTexts.learnsAcrossBallots, rows: "PX-9",
            recipe: Recipe(
                mutation: .learnsAcrossBallots, commands: [propose("north"), propose("south", at: 70, to: 2)],
                faults: [
                    "drop ACCEPT from P1 to A2", "drop ACCEPT from P1 to A3", "crash P1 at 60ms", "one-way P2>A3",
                    "drop ACCEPT from P2 to A1",
                ],
                expectation: .violates("learned-is-chosen"), end: 160,
                judged: ["at-most-one-chosen", "learned-is-chosen"])),
    ]

    /// A1's promise to P1's first ballot arrives during its second, when south has been chosen by A1 and A2.
    private static let latePromise = [
        "drop PREPARE from P1 to A2 at 0ms for 150ms", "drop PREPARE 1 from P1 to A3",
        "drop PREPARE from P1 to A1 at 50ms for 100ms", "delay PROMISE 1 from A1 to P1 112ms", "one-way P2>A3",
        "drop ACCEPTED to P1 at 0ms for 100ms",
    ]

    private static let halves = ["partition P1,A1,A2|P2,A3,A4"]
    private static let bothSides = [propose("north"), propose("south", to: 2)]

    static let quorumScenes: [Scene<PaxosNode>] = [
        scene(
            "halves-of-four", PaxosSceneTexts.halvesOfFour, rows: "PX-11",
            recipe: Recipe(
                acceptors: 4...4, quorums: .init(phase1: 2, phase2: 2), commands: bothSides, faults: halves,
                expectation: chosenTwice, judged: onlyChoice, isMisconfigured: true)),
        scene(
            "majority-of-four", PaxosSceneTexts.majorityOfFour, rows: "PX-11",
            recipe: Recipe(
                acceptors: 4...4, commands: bothSides, faults: halves, expectation: .keeps(blocking: ["P1", "P2"]),
                end: 250)),
        scene(
            "flexible-quorums", PaxosSceneTexts.flexibleQuorums, rows: "PX-11",
            recipe: Recipe(
                acceptors: 4...4, quorums: .init(phase1: 3, phase2: 2),
                faults: ["crash A3 at 18ms", "crash A4 at 18ms"])),
    ]
}
