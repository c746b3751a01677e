import ConsensusProtocols
import Messages
import StateMachines

/// Servers that stand for election although there is a leader, and what keeps them from it.
extension RaftScenes {
    @Sendable private static func withPreVote(_ configuration: inout RaftConfiguration) {
        configuration.preVote = true
        configuration.stickiness = true
    }

    static let disruptionScenes: [Scene<RaftNode>] = [
        scene(
            "rejoin", RaftSceneTexts.rejoin, rows: "RF-5",
            recipe: Recipe(
                dice: impatientS3 + [(1, 4, 150)], commands: { _ in [write("x", 1, at: 500, to: 1)] },
                faults: { _ in ["isolate S3 at 300ms for 500ms"] }, judgesStability: true,
                expectation: .violates("stable-leader"), end: 1_100)),
        scene(
            "rejoin-pre-vote", RaftSceneTexts.rejoinPreVote, rows: "RF-5",
            recipe: Recipe(
                dice: impatientS3, adjust: withPreVote, commands: { _ in [write("x", 1, at: 500, to: 1)] },
                faults: { _ in ["isolate S3 at 300ms for 500ms"] }, judgesStability: true,
                expectation: .keeps(firstTerm, firstNoop, "2: x=1"), end: 1_000)),
        scene(
            "removed-disrupts", RaftSceneTexts.removedDisrupts, rows: "RF-6",
            recipe: removed({ $0.preVote = true }, expecting: .violates("stable-leader"))),
        scene(
            "removed-ignored", RaftSceneTexts.removedIgnored, rows: "RF-6",
            recipe: removed(
                withPreVote,
                expecting: .keeps(firstTerm, firstNoop, "2: members S1,S2,S3", blocking: ["S4"]))),
        scene(
            "pre-vote-lower-term", RaftSceneTexts.preVoteLowerTerm, rows: "RF-8",
            recipe: lowerTerm(
                nil,
                expecting: .keeps("term 1: S3", firstNoop, "2: a=1", "term 3: S1", "3: no-op"))),
        scene(
            "pre-vote-stuck", RaftSceneTexts.preVoteStuck, rows: "RF-8",
            recipe: lowerTerm(
                .ignoresLowerTermPreVotes,
                expecting: .keeps("term 1: S3", firstNoop, "2: a=1", blocking: ["S1", "S2"]))),
        scene(
            "deaf-leader", RaftSceneTexts.deafLeader, rows: "RF-9",
            recipe: deaf(withPreVote, expecting: .keeps(firstTerm, firstNoop, blocking: ["C"]))),
        scene(
            "check-quorum", RaftSceneTexts.checkQuorum, rows: "RF-9",
            recipe: deaf(
                {
                    withPreVote(&$0)
                    $0.checkQuorum = true
                },
                expecting: .keeps(
                    firstTerm, firstNoop, "2: x=1", "term 2: S2", "3: no-op", "4: x=1", blocking: ["S1"]))),
    ]

    private static let impatientS3: [(server: Int, term: RaftTerm, timeout: UInt64)] = [
        (3, 1, 150), (3, 2, 150), (3, 3, 150), (3, 4, 600),
    ]

    /// S1 removes S4; nobody else has heard of that when S4, to whom nobody speaks any more, loses patience.
    private static func removed(
        _ adjust: @escaping @Sendable (inout RaftConfiguration) -> Void, expecting expectation: Expectation
    ) -> Recipe {
        Recipe(
            servers: 4...4, dice: [(4, 1, 150)], adjust: adjust,
            commands: { _ in [command(.removeServer(server(4)), at: 300, to: 1)] },
            faults: { _ in ["drop APPEND from S1 at 295ms for 300ms"] }, judgesStability: true,
            expectation: expectation, end: 800)
    }

    /// S1 has a and term 1; S2 lacks a and has voted in term 2 for S3, which fails.
    private static func lowerTerm(_ mutation: RaftMutation?, expecting expectation: Expectation) -> Recipe {
        Recipe(
            impatience: [0: [3]], dice: [(1, 1, 300), (2, 1, 400), (3, 1, 150), (1, 2, 300), (2, 2, 400)],
            adjust: withPreVote, mutation: mutation, commands: { _ in [write("a", 1, at: 300, to: 3)] },
            faults: { _ in
                [
                    "drop APPEND to S2 at 295ms for 20ms", "crash S3 at 335ms", "restart S3 at 340ms",
                    "drop REQUEST-VOTE from S3 to S1 at 330ms for 300ms", "crash S3 after send REQUEST-VOTE 4",
                ]
            },
            expectation: expectation, end: 1_250)
    }

    private static func deaf(
        _ adjust: @escaping @Sendable (inout RaftConfiguration) -> Void, expecting expectation: Expectation
    ) -> Recipe {
        Recipe(
            clients: 1, adjust: adjust,
            commands: { servers in [command(.perform(.set("x", 1)), at: 310, to: servers + 1)] },
            faults: { _ in ["one-way S2>S1 at 300ms", "one-way S3>S1 at 300ms"] }, expectation: expectation,
            end: 900)
    }
}

/// Leadership that is handed over on purpose.
extension RaftScenes {
    static let transferScenes: [Scene<RaftNode>] = [
        scene(
            "transfer", RaftSceneTexts.transfer, rows: "RF-7",
            recipe: Recipe(
                adjust: withPreVote, commands: { _ in [command(.transfer(to: server(3)), at: 300, to: 1)] },
                expectation: .keeps(firstTerm, firstNoop, "term 2: S3", "2: no-op"), end: 460)),
        scene(
            "transfer-ignored", RaftSceneTexts.transferIgnored, rows: "RF-7",
            recipe: Recipe(
                adjust: withPreVote, mutation: .transfersWithoutOverride,
                commands: { _ in [command(.transfer(to: server(3)), at: 300, to: 1)] },
                expectation: .violates("hand-over"), end: 700)),
    ]
}
