import ConsensusProtocols
import StateMachines
import Testing

struct RaftReplicationTests {
    @Test(arguments: following + leading)
    func `a server replicates as the table says`(row: RaftCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    static let timer = "timer election 150"

    static let following: [RaftCase] = [
        RaftCase(
            "entries go to disk with the term, before the answer", [.started, .append(1, entries: [1, 1])],
            does: [timer, "log term 1", "log entry 1=1:no-op", "force entry 2=1:no-op"], becomes: "follower t1: | 1 1"),
        RaftCase(
            "then the answer leaves", [.started, .append(1, entries: [1, 1]), .done], does: ["OK t1, 2 > S2"],
            becomes: "follower t1: | 1 1"),
        RaftCase(
            "an answer that promises more than the disk has waits with the write under way",
            [.started, .append(1, entries: [1]), .append(1, after: 1, 1)], does: [timer], becomes: "follower t1: | 1"),
        RaftCase(
            "the commit index goes no further than what is known to agree",
            [.started, .append(1, entries: [1, 1]), .done, .append(1, after: 1, 1, commit: 2)],
            does: [timer, "decide 1: no-op", "HEARD t1, 1 > S2"], becomes: "follower t1: 1 | 1"),
        RaftCase(
            "a gap is refused", [.started, .append(1, after: 2, 1, entries: [1]), .done],
            does: ["REJECT t1, 2 unknown, from 1 > S2"], becomes: "follower t1: empty"),
        RaftCase(
            "a conflict names its term and where that begins",
            [.started, .append(2, entries: [1, 2, 2]), .done, .append(3, after: 3, 3), .done],
            does: ["REJECT t3, 3 unknown, from 2 > S2"], becomes: "follower t3: | 1 2 2"),
        RaftCase(
            "a conflicting entry goes, and all behind it",
            [.started, .append(2, entries: [1, 2, 2]), .done, .append(3, after: 1, 1, entries: [3])],
            does: [
                timer, "note cuts its log from 2", "log term 3", "log truncate from 2", "force entry 2=3:no-op",
            ], becomes: "follower t3: | 1 3"),
        RaftCase(
            "an old message that agrees cuts nothing",
            [.started, .append(1, entries: [1, 1]), .done, .append(1, entries: [1])], does: [timer, "OK t1, 1 > S2"],
            becomes: "follower t1: | 1 1"),
        RaftCase(
            "the mutant cuts", adjust: { $0.mutation = .truncatesAlways },
            [.started, .append(1, entries: [1, 1]), .done, .append(1, entries: [1])],
            does: [timer, "note cuts its log from 1", "log truncate from 1", "force entry 1=1:no-op"],
            becomes: "follower t1: | 1"),
        RaftCase(
            "an old leader is told so",
            [.recovered([.term(4, votedFor: nil)]), .append(3)], does: ["REJECT t4, 0 unknown, from 0 > S2"],
            becomes: "follower t4: empty"),
        RaftCase(
            "a restart reads its log as it was written",
            [
                .recovered([
                    .term(1, votedFor: nil), .entry(1, RaftEntry(term: 1, .noop)), .entry(2, RaftEntry(term: 1, .noop)),
                    .truncate(from: 2), .entry(2, RaftEntry(term: 2, .noop)),
                ])
            ], does: [timer], becomes: "follower t1: | 1 2"),
    ]

    static let leading: [RaftCase] = [
        RaftCase(
            "a follower alone commits nothing: the leader's own disk counts when it is done",
            elected + [.from(2, .appended(1, match: 1, round: 0, isHeartbeat: false))], does: [],
            becomes: "leader t1: | 1"),
        RaftCase(
            "and with it there is a majority",
            elected + [.from(2, .appended(1, match: 1, round: 0, isHeartbeat: false)), .done],
            does: ["decide 1: no-op"], becomes: "leader t1: 1 |"),
        RaftCase(
            "an entry of an older term is not committed by counting", adjust: { $0.beginsTermsWithNoop = false },
            older, does: [], becomes: "leader t2: | 1"),
        RaftCase(
            "the mutant counts it",
            adjust: {
                $0.beginsTermsWithNoop = false
                $0.mutation = .countsOlderTerms
            }, older, does: ["decide 1: no-op"], becomes: "leader t2: 1 |"),
        RaftCase(
            "one of the own term commits it, too", adjust: { $0.beginsTermsWithNoop = false },
            older + [
                .write("x", 1), .done, .from(2, .appended(2, match: 2, round: 0, isHeartbeat: false)),
            ],
            does: ["decide 1: no-op", "decide 2: x=1", "respond 1"], becomes: "leader t2: 1 2 |"),
        RaftCase(
            "a refused follower is gone back with over a whole term",
            [
                .recovered(
                    [.term(2, votedFor: nil)]
                        + [1, 1, 2, 2].enumerated().map { .entry(RaftIndex($0 + 1), RaftEntry(term: $1, .noop)) }),
                .timerFired(.election), .done, .from(2, .vote(3, isGranted: true, isPreVote: false)), .done,
                .from(2, .rejected(3, previous: 4, retry: 2, conflict: 1, round: 0)),
            ],
            does: ["APPEND t3, 3=2:no-op 2:no-op 3:no-op > S2"], becomes: "leader t3: | 1 1 2 2 3"),
        RaftCase(
            "an old refusal is nothing",
            elected + [
                .from(2, .appended(1, match: 1, round: 0, isHeartbeat: false)), .done,
                .from(2, .rejected(1, previous: 0, retry: 1, conflict: nil, round: 0)),
            ], does: [], becomes: "leader t1: 1 |"),
        RaftCase(
            "who is no leader says so", [.started, .write("x", 1)], does: ["respond no leader"],
            becomes: "follower t0: empty"),
    ]

    /// S1 leads term 2 with an entry of term 1 that S2 has, too.
    static let older: [RaftNode.Input] = [
        .recovered([.term(1, votedFor: nil), .entry(1, RaftEntry(term: 1, .noop))]), .timerFired(.election), .done,
        .from(2, .vote(2, isGranted: true, isPreVote: false)),
        .from(2, .appended(2, match: 1, round: 0, isHeartbeat: true)),
    ]
}
