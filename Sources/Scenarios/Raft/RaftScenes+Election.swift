import ConsensusProtocols
import Messages
import StateMachines

extension RaftScenes {
    static let firstTerm = "term 1: S1"
    static let firstNoop = "1: no-op"

    /// Everybody loses patience at the same moment, in the first so many terms.
    private static func ties(_ terms: RaftTerm, _ configuration: inout RaftConfiguration) {
        configuration.loadedTimeouts = (0..<terms).flatMap { term in
            (0..<configuration.servers).map { .init(NodeID($0), term: term, .milliseconds(150)) }
        }
    }

    static let electionScenes: [Scene<RaftNode>] = [
        scene(
            "election", RaftSceneTexts.election, rows: "RF-3",
            recipe: Recipe(
                servers: 3...7, commands: { _ in [write("x", 1, at: 260, to: 1)] },
                expectation: .keeps(firstTerm, firstNoop, "2: x=1"), opening: nil, end: 360)),
        scene(
            "split-vote", RaftSceneTexts.splitVote, rows: "RF-4",
            recipe: Recipe(
                adjust: { configuration in
                    ties(1, &configuration)
                    configuration.seed = 1
                },
                expectation: .keeps(firstNoop, "term 2: S3"), opening: nil, end: 700)),
        scene(
            "equal-timeouts", RaftSceneTexts.equalTimeouts, rows: "RF-4",
            recipe: Recipe(
                adjust: { ties(20, &$0) }, expectation: .keeps(blocking: ["S1", "S2", "S3"]), opening: nil, end: 620)),
        scene(
            "later-term-wins", RaftSceneTexts.laterTermWins, rows: "RF-2",
            recipe: Recipe(
                dice: longerAgainstLaterDice, commands: { _ in longerAgainstLater },
                faults: { _ in longerAgainstLaterFaults },
                expectation: .keeps(
                    firstTerm, firstNoop, "term 2: S2", "2: no-op", "3: y=1", "term 4: S3", "4: no-op"), end: 1_350)),
        scene(
            "longer-log-wins", RaftSceneTexts.longerLogWins, rows: "RF-2",
            recipe: Recipe(
                dice: longerAgainstLaterDice, mutation: .comparesLengthFirst,
                commands: { _ in longerAgainstLater }, faults: { _ in longerAgainstLaterFaults },
                expectation: .violates("leader-completeness"), end: 1_350)),
        scene(
            "vote-remembered", RaftSceneTexts.voteRemembered, rows: "RF-3",
            recipe: Recipe(
                adjust: { $0.beginsTermsWithNoop = false }, faults: { _ in forgottenVote },
                expectation: .keeps(firstTerm), opening: nil, end: 400)),
        scene(
            "vote-forgotten", RaftSceneTexts.voteForgotten, rows: "RF-3",
            recipe: Recipe(
                adjust: { $0.beginsTermsWithNoop = false }, mutation: .forgetsVote, faults: { _ in forgottenVote },
                expectation: .violates("election-safety"), opening: nil, end: 400)),
        scene(
            "vote-before-disk", RaftSceneTexts.voteBeforeDisk, rows: "RF-3",
            recipe: Recipe(
                adjust: { $0.beginsTermsWithNoop = false }, mutation: .answersBeforePersisting,
                faults: { _ in forgottenVote }, expectation: .violates("election-safety"), opening: nil, end: 400)),
    ]

    /// S1 alone logs three writes and is cut off; S2 leads term 2 and commits y with S3. Then S2 is cut off, and S1, back
    /// with the longer log, asks S3 for its vote.
    private static let longerAgainstLater = [
        write("a", 1, at: 305, to: 1), write("a", 2, at: 306, to: 1), write("a", 3, at: 307, to: 1),
        write("y", 1, at: 650, to: 2),
    ]
    private static let longerAgainstLaterFaults = [
        "isolate S1 at 300ms for 450ms", "crash S1 at 400ms", "crash S2 at 740ms", "restart S1 at 760ms",
    ]
    private static let longerAgainstLaterDice: [(server: Int, term: RaftTerm, timeout: UInt64)] = [
        (1, 1, 150), (2, 1, 160), (1, 2, 150), (3, 2, 500), (1, 3, 500),
    ]

    /// S2 votes for S1 and crashes; S3 has heard nothing and stands in the same term, just when S2 is back.
    private static let forgottenVote = [
        "drop from S1 to S3 at 0ms for 320ms", "crash S2 after send VOTE 1", "restart S2 at 200ms",
    ]
}
