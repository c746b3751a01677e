import ConsensusProtocols
import Messages
import Simulator
import StateMachines

extension PaxosScenes {
    static let basicScenes: [Scene<PaxosNode>] = [
        scene(
            "happy-path", PaxosSceneTexts.happyPath, rows: "PX-10",
            recipe: Recipe(proposers: 1, furtherLearners: 1, acceptors: 3...7)),
        scene(
            "three-roles-in-one", PaxosSceneTexts.threeRolesInOne, rows: "PX-10",
            recipe: Recipe(acceptors: 3...7, isShared: true)),
        scene(
            "asks-again", PaxosSceneTexts.asksAgain, rows: "PX-10",
            recipe: Recipe(
                acceptors: 3...7, isShared: true, contention: oneAtATime,
                commands: [propose("north"), propose("north", at: 120, to: 2)])),
        scene(
            "one-ballot-each", PaxosSceneTexts.oneBallotEach, rows: "PX-10",
            recipe: Recipe(
                attempts: 1, commands: [propose("north"), propose("south", at: 15, to: 2)],
                expectation: .keeps("chosen: south"))),
        scene(
            "invents-value", PaxosSceneTexts.inventsValue, rows: "PX-10",
            recipe: Recipe(
                proposers: 1, mutation: .inventsValue, expectation: .violates("only-proposed-values"),
                judged: ["only-proposed-values"])),
    ]

    /// Each ACCEPT comes so late that the other's PREPARE is there before it.
    private static let slowAccepts = ["delay ACCEPT 15ms"]
    private static let twoClients = [propose("north"), propose("south", at: 28, to: 2)]
    private static let politely = PaxosConfiguration.Contention.backOff(.milliseconds(25))
    private static let oneAtATime = PaxosConfiguration.Contention.distinguished(
        NodeID(0), takeOver: .milliseconds(150), backOff: .milliseconds(25))

    static let contentionScenes: [Scene<PaxosNode>] = [
        scene(
            "duelling-proposers", PaxosSceneTexts.duellingProposers, rows: "PX-1",
            recipe: Recipe(
                acceptors: 1...5, commands: twoClients, faults: slowAccepts,
                expectation: .keeps(blocking: ["P1", "P2"]),
                end: 300)),
        scene(
            "back-off", PaxosSceneTexts.backOff, rows: "PX-1",
            recipe: Recipe(
                acceptors: 1...5, contention: politely, commands: twoClients, faults: slowAccepts,
                expectation: .keeps("chosen: south"))),
        scene(
            "distinguished-proposer", PaxosSceneTexts.distinguishedProposer, rows: "PX-1",
            recipe: Recipe(
                acceptors: 1...5, contention: oneAtATime, commands: twoClients, faults: slowAccepts)),
        scene(
            "distinguished-proposer-dies", PaxosSceneTexts.distinguishedProposerDies, rows: "PX-1",
            recipe: Recipe(
                contention: oneAtATime, commands: [propose("south", to: 2)], faults: ["crash P1 at 5ms"],
                expectation: .keeps("chosen: south"))),
    ]
}
