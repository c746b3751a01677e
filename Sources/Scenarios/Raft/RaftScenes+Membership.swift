import ConsensusProtocols
import Messages
import StateMachines

/// Members that change, one at a time and otherwise.
extension RaftScenes {
    static let membershipScenes: [Scene<RaftNode>] = [
        scene(
            "add-server", RaftSceneTexts.addServer, rows: "RF-13",
            recipe: Recipe(
                spares: 1,
                commands: { _ in [write("x", 1, at: 270, to: 1), command(.addServer(server(4)), at: 320, to: 1)] },
                expectation: .keeps(firstTerm, firstNoop, "2: x=1", "3: members S1,S2,S3,S4"), end: 520)),
        scene(
            "learner", RaftSceneTexts.learner, rows: "RF-13",
            recipe: Recipe(
                spares: 1,
                commands: { _ in [command(.addLearner(server(4)), at: 300, to: 1), write("x", 1, at: 460, to: 1)] },
                faults: { _ in ["crash S2 at 440ms", "crash S3 at 445ms"] },
                expectation: .keeps(firstTerm, firstNoop, "2: members S1,S2,S3,S4*"), end: 600)),
        scene(
            "remove-leader", RaftSceneTexts.removeLeader, rows: "RF-13",
            recipe: Recipe(
                commands: { _ in [command(.removeServer(server(1)), at: 300, to: 1)] },
                expectation: .keeps(firstTerm, firstNoop, "2: members S2,S3", "term 2: S2", "3: no-op"), end: 700)),
        scene(
            "several-at-once", RaftSceneTexts.severalAtOnce, rows: "RF-10",
            recipe: Recipe(
                spares: 2, impatience: [0: [3]], dice: [(4, 1, 150)], mutation: .changesSeveralServers,
                commands: { _ in [command(.changeMembers((1...5).map(server)), at: 305, to: 3)] },
                faults: { _ in
                    [
                        "partition S1,S2|S3,S4,S5 at 300ms", "drop OK to S3 at 300ms for 100ms", "crash S3 at 400ms",
                        "restart S3 at 420ms",
                    ]
                },
                expectation: .violates("election-safety"), end: 700)),
        scene(
            "sibling-configurations", RaftSceneTexts.siblings, rows: "RF-11",
            recipe: siblings(
                nil,
                expecting: .keeps(
                    firstTerm, firstNoop, "term 2: S2", "term 3: S1", "2: members S1,S2,S3,S4,S5", "3: no-op"))),
        scene(
            "sibling-configurations-2014", RaftSceneTexts.siblingsBroken, rows: "RF-11",
            recipe: siblings(.changesMembersAtOnce, expecting: .violates("leader-completeness"))),
        scene(
            "abandoned-configuration", RaftSceneTexts.abandoned, rows: "RF-12",
            recipe: abandoned(nil, expecting: .keeps(firstTerm, firstNoop, "term 2: S2", "2: no-op"))),
        scene(
            "abandoned-configuration-kept", RaftSceneTexts.abandonedKept, rows: "RF-12",
            recipe: abandoned(.keepsAbandonedMembers, expecting: .violates("configuration-in-log"))),
    ]

    /// S1 adds S5, and only S5 hears of it. S2 leads the next term and wants to remove S1 at once; what it logs reaches S3
    /// alone. Then S1, S4 and S5 meet.
    private static func siblings(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            servers: 4...4, spares: 1,
            dice: [(2, 1, 150), (3, 1, 600), (4, 1, 600), (3, 2, 600), (4, 2, 600), (5, 1, 900), (1, 2, 150)],
            mutation: mutation,
            commands: { _ in
                [
                    command(.addServer(server(5)), at: 305, to: 1),
                    command(.removeServer(server(1)), at: 470, to: 2),
                ]
            },
            faults: { _ in
                [
                    "partition S1,S5|S2,S3,S4 at 300ms for 400ms", "drop APPEND from S2 to S4 at 300ms for 500ms",
                    "partition S1,S4,S5|S2,S3 at 700ms",
                ]
            },
            expectation: expectation, end: 1_050)
    }

    /// S1 is cut off with S4, adds it, and comes back to a leader that knows nothing of that.
    private static func abandoned(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            spares: 1, mutation: mutation,
            commands: { _ in [command(.addServer(server(4)), at: 305, to: 1)] },
            faults: { _ in ["partition S1,S4|S2,S3 at 300ms for 400ms"] }, expectation: expectation, end: 900)
    }
}
