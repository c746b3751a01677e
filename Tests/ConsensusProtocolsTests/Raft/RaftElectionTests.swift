import ConsensusProtocols
import StateMachines
import Testing

struct RaftElectionTests {
    @Test(arguments: voting + standing + preVoting)
    func `a server elects as the table says`(row: RaftCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    static let voting: [RaftCase] = [
        RaftCase(
            "a vote waits for the disk", [.started, .asksForVote(2, term: 1)],
            does: ["timer election 150", "force term 1, vote S2"], becomes: "follower t1: empty"),
        RaftCase(
            "and leaves when it is there", [.started, .asksForVote(2, term: 1), .done], does: ["VOTE t1 > S2"],
            becomes: "follower t1: empty"),
        RaftCase(
            "the mutant votes first", adjust: { $0.mutation = .answersBeforePersisting },
            [.started, .asksForVote(2, term: 1)],
            does: ["timer election 150", "VOTE t1 > S2", "force term 1, vote S2"], becomes: "follower t1: empty"),
        RaftCase(
            "one vote in a term", [.started, .asksForVote(2, term: 1), .done, .asksForVote(3, term: 1)],
            does: ["NO-VOTE t1 > S3"], becomes: "follower t1: empty"),
        RaftCase(
            "the same candidate again", [.started, .asksForVote(2, term: 1), .done, .asksForVote(2, term: 1)],
            does: ["timer election 150", "VOTE t1 > S2"], becomes: "follower t1: empty"),
        RaftCase(
            "a refusal says the later term",
            [.started, .asksForVote(2, term: 3), .done, .asksForVote(3, term: 2)], does: ["NO-VOTE t3 > S3"],
            becomes: "follower t3: empty"),
        RaftCase(
            "a restart remembers the vote",
            [.recovered([.term(1, votedFor: NodeID(1))]), .asksForVote(3, term: 1)], does: ["NO-VOTE t1 > S3"],
            becomes: "follower t1: empty"),
        RaftCase(
            "the mutant forgets it", adjust: { $0.mutation = .forgetsVote },
            [.recovered([.term(1, votedFor: NodeID(1))]), .asksForVote(3, term: 1), .done], does: ["VOTE t1 > S3"],
            becomes: "follower t1: empty"),
        RaftCase(
            "a later last term beats a longer log",
            [.started, .append(2, entries: [1, 2]), .done, .asksForVote(3, term: 3, last: 5, 1)],
            does: ["note has more in its log: no vote for S3", "force term 3"], becomes: "follower t3: | 1 2"),
        RaftCase(
            "of equal last terms the longer one wins",
            [.started, .append(2, entries: [1, 2]), .done, .asksForVote(3, term: 3, last: 1, 2)],
            does: ["note has more in its log: no vote for S3", "force term 3"], becomes: "follower t3: | 1 2"),
        RaftCase(
            "the mutant looks at the length first", adjust: { $0.mutation = .comparesLengthFirst },
            [.started, .append(2, entries: [1, 2]), .done, .asksForVote(3, term: 3, last: 5, 1), .done],
            does: ["VOTE t3 > S3"],
            becomes: "follower t3: | 1 2"),
    ]

    static let standing: [RaftCase] = [
        RaftCase(
            "nothing is asked before the new term is on disk", [.started, .timerFired(.election)],
            does: ["timer election 150", "force term 1, vote S1"], becomes: "candidate t1: empty"),
        RaftCase(
            "then everybody is", [.started, .timerFired(.election), .done],
            does: ["REQUEST-VOTE t1, log 0/t0 > S2", "REQUEST-VOTE t1, log 0/t0 > S3"],
            becomes: "candidate t1: empty"),
        RaftCase(
            "a majority makes a leader, which logs an empty entry", elected,
            does: [
                "decide term 1: S1", "cancel election", "cancel leader-heard", "APPEND t1, 1=1:no-op > S2",
                "APPEND t1, 1=1:no-op > S3", "timer heartbeat 50", "force entry 1=1:no-op",
            ], becomes: "leader t1: | 1"),
        RaftCase(
            "the same vote twice is one", adjust: { $0.members = RaftMembers(voters: (0..<4).map { NodeID($0) }) },
            [
                .started, .timerFired(.election), .done, .from(2, .vote(1, isGranted: true, isPreVote: false)),
                .from(2, .vote(1, isGranted: true, isPreVote: false)),
            ], does: [], becomes: "candidate t1: empty"),
        RaftCase(
            "a vote of an earlier term counts nothing",
            [
                .started, .timerFired(.election), .done, .timerFired(.election), .done,
                .from(2, .vote(1, isGranted: true, isPreVote: false)),
            ], does: [], becomes: "candidate t2: empty"),
        RaftCase(
            "a leader of the same term ends a candidacy", [.started, .timerFired(.election), .done, .append(1)],
            does: ["timer election 150", "HEARD t1, 0 > S2"],
            becomes: "follower t1: empty"),
        RaftCase(
            "alone, its own vote is enough once it is on disk",
            adjust: { $0.members = RaftMembers(voters: [NodeID(0)]) }, [.started, .timerFired(.election), .done],
            does: [
                "decide term 1: S1", "cancel election", "cancel leader-heard", "timer heartbeat 50",
                "force entry 1=1:no-op",
            ], becomes: "leader t1: | 1"),
    ]

    static let preVoting: [RaftCase] = [
        RaftCase(
            "a pre-vote changes no term", adjust: { $0.preVote = true }, [.started, .timerFired(.election)],
            does: ["timer election 150", "PRE-VOTE t1, log 0/t0 > S2", "PRE-VOTE t1, log 0/t0 > S3"],
            becomes: "pre-candidate t0: empty"),
        RaftCase(
            "a majority of them does", adjust: { $0.preVote = true },
            [.started, .timerFired(.election), .from(2, .vote(1, isGranted: true, isPreVote: true))],
            does: ["timer election 150", "force term 1, vote S1"], becomes: "candidate t1: empty"),
        RaftCase(
            "who answers a pre-vote promises nothing", [.started, .asksForVote(2, term: 1, isPreVote: true)],
            does: ["PRE-YES t1 > S2"], becomes: "follower t0: empty"),
        RaftCase(
            "a lower term is told the higher one",
            [.recovered([.term(3, votedFor: nil)]), .asksForVote(2, term: 2, isPreVote: true)],
            does: ["PRE-NO t3 > S2"], becomes: "follower t3: empty"),
        RaftCase(
            "who has a leader wants no other one", adjust: { $0.stickiness = true },
            [.started, .append(1), .done, .asksForVote(3, term: 2)], does: ["note has a leader: ignores S3"],
            becomes: "follower t1: empty"),
        RaftCase(
            "until it has not heard of it for a while", adjust: { $0.stickiness = true },
            [.started, .append(1), .done, .timerFired(.leaderHeard), .asksForVote(3, term: 2), .done],
            does: ["VOTE t2 > S3"], becomes: "follower t2: empty"),
        RaftCase(
            "or the leader itself has sent the candidate", adjust: { $0.stickiness = true },
            [
                .started, .append(1), .done,
                .from(3, .requestVote(2, lastIndex: 0, lastTerm: 0, isPreVote: false, overrides: true)), .done,
            ], does: ["VOTE t2 > S3"], becomes: "follower t2: empty"),
    ]
}
