import ConsensusProtocols
import Messages
import Simulator

/// What acceptors remember, test and report.
extension PaxosScenes {
    static let chosenTwice = Expectation.violates("at-most-one-chosen")
    static let onlyChoice = ["at-most-one-chosen"]

    private static let unheard = ["drop ACCEPTED to P2 at 0ms for 60ms"]
    private static let northThenSouth = [propose("north"), propose("south", at: 70, to: 2)]

    /// North reaches A1 only and its proposer dies; south is chosen by A2 and A3; then P3 meets A1 and A2.
    private static let threeBallots = [
        "drop ACCEPT from P1 to A2", "drop ACCEPT from P1 to A3", "crash P1 at 60ms", "one-way P2>A1",
        "drop ACCEPTED to P3 at 0ms for 140ms", "isolate A3 at 140ms", "delay PROMISE from A2 to P3 5ms",
    ]
    private static let threeClients = [
        propose("north"), propose("south", at: 70, to: 2), propose("east", at: 150, to: 3),
    ]

    static let adoptionScenes: [Scene<PaxosNode>] = [
        scene(
            "late-proposer-adopts", PaxosSceneTexts.lateProposerAdopts, rows: "PX-2",
            recipe: Recipe(acceptors: 3...7, commands: northThenSouth, faults: unheard)),
        scene(
            "adopts-highest", PaxosSceneTexts.adoptsHighest, rows: "PX-2",
            recipe: Recipe(
                proposers: 3, commands: threeClients, faults: threeBallots, expectation: .keeps("chosen: south"))),
        scene(
            "keeps-own-value", PaxosSceneTexts.keepsOwnValue, rows: "PX-3",
            recipe: Recipe(
                acceptors: 3...7, mutation: .adoptsNothing, commands: northThenSouth, faults: unheard,
                expectation: chosenTwice, judged: onlyChoice)),
        scene(
            "adopts-first-report", PaxosSceneTexts.adoptsFirstReport, rows: "PX-3",
            recipe: Recipe(
                proposers: 3, mutation: .adoptsFirst, commands: threeClients, faults: threeBallots,
                expectation: chosenTwice, judged: onlyChoice)),
        scene(
            "adopts-most-reported", PaxosSceneTexts.adoptsMostReported, rows: "PX-3",
            recipe: Recipe(
                proposers: 3, acceptors: 5...5, mutation: .adoptsMostReported, commands: threeClients,
                faults: [
                    "drop ACCEPT from P1 to A3", "drop ACCEPT from P1 to A4", "drop ACCEPT from P1 to A5",
                    "crash P1 at 60ms", "one-way P2>A1", "one-way P2>A2", "drop ACCEPTED to P3 at 0ms for 140ms",
                    "isolate A4 at 140ms", "isolate A5 at 140ms",
                ],
                expectation: chosenTwice, judged: onlyChoice)),
    ]

    /// A1 and A2 choose north, A2 restarts, and P2 meets A2 and A3.
    private static let restartAfterVote = [
        "isolate A3 for 100ms", "drop ACCEPTED to P2 at 0ms for 100ms", "crash A2 at 60ms", "restart A2 at 80ms",
        "crash P1 at 70ms", "one-way P2>A1",
    ]
    /// A2 and A3 choose south, A2 restarts, and only then the ACCEPT of north arrives.
    private static let restartAfterPromise = [
        "delay ACCEPT from P1 60ms", "one-way P2>A1", "crash A2 at 65ms", "restart A2 at 75ms",
    ]
    private static let southOvertakes = [propose("north"), propose("south", at: 20, to: 2)]
    private static let southLater = [propose("north"), propose("south", at: 110, to: 2)]
    private static let south = Expectation.keeps("chosen: south")

    static let memoryScenes: [Scene<PaxosNode>] = [
        scene(
            "remembers-vote", PaxosSceneTexts.remembersVote, rows: "PX-4",
            recipe: Recipe(commands: southLater, faults: restartAfterVote)),
        scene(
            "forgets-vote", PaxosSceneTexts.forgetsVote, rows: "PX-4",
            recipe: Recipe(
                mutation: .forgetsAccepted, commands: southLater, faults: restartAfterVote, expectation: chosenTwice,
                judged: onlyChoice)),
        scene(
            "remembers-promise", PaxosSceneTexts.remembersPromise, rows: "PX-4",
            recipe: Recipe(commands: southOvertakes, faults: restartAfterPromise, expectation: south)),
        scene(
            "forgets-promise", PaxosSceneTexts.forgetsPromise, rows: "PX-4",
            recipe: Recipe(
                mutation: .forgetsPromise, commands: southOvertakes, faults: restartAfterPromise,
                expectation: chosenTwice, judged: onlyChoice)),
        scene(
            "answers-before-disk", PaxosSceneTexts.answersBeforeDisk, rows: "PX-4",
            recipe: Recipe(
                mutation: .answersBeforeForcing, commands: [propose("north"), propose("south", at: 110, to: 2)],
                faults: [
                    "isolate A3 for 100ms", "crash A1 after send ACCEPTED", "crash A2 after send ACCEPTED",
                    "restart A1 at 80ms", "restart A2 at 80ms",
                ],
                expectation: .violates("learned-is-chosen"), judged: ["at-most-one-chosen", "learned-is-chosen"])),
    ]

    private static let lateAccept = ["delay ACCEPT from P1 60ms", "one-way P2>A1"]
    /// A3 accepts south without having promised it; then the old ACCEPT arrives, and P3 meets A1 and A3.
    private static let unpromisedAccept = [
        "delay ACCEPT from P1 60ms", "drop PREPARE from P2 to A3", "drop ACCEPT from P2 to A1",
        "drop ACCEPTED to P3 at 0ms for 120ms", "isolate A2 at 120ms",
    ]
    private static let threeInARow = [
        propose("north"), propose("south", at: 20, to: 2), propose("east", at: 130, to: 3),
    ]

    static let acceptanceScenes: [Scene<PaxosNode>] = [
        scene(
            "late-accept", PaxosSceneTexts.lateAccept, rows: "PX-5",
            recipe: Recipe(commands: southOvertakes, faults: lateAccept, expectation: south)),
        scene(
            "accepts-without-test", PaxosSceneTexts.acceptsWithoutTest, rows: "PX-5",
            recipe: Recipe(
                mutation: .acceptsWithoutTest, commands: southOvertakes, faults: lateAccept, expectation: chosenTwice,
                judged: onlyChoice)),
        scene(
            "accepting-is-promising", PaxosSceneTexts.acceptingIsPromising, rows: "PX-5",
            recipe: Recipe(proposers: 3, commands: threeInARow, faults: unpromisedAccept, expectation: south)),
        scene(
            "accepts-without-promise", PaxosSceneTexts.acceptsWithoutPromise, rows: "PX-5",
            recipe: Recipe(
                proposers: 3, mutation: .acceptsWithoutPromise, commands: threeInARow, faults: unpromisedAccept,
                expectation: chosenTwice, judged: onlyChoice)),
    ]
}
