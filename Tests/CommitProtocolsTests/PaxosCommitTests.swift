import CommitProtocols
import StateMachines
import Testing

/// One row of a table: inputs to one node of Paxos Commit with two resource managers and F = 1, and what the last of them
/// makes it do. Acceptors are 0, 3 and 4.
struct PaxosCommitCase: CustomTestStringConvertible, Sendable {
    var name: String
    var node: Int
    var mutation: PaxosCommitMutation?
    var inputs: [PaxosCommitNode.Input]
    var effects: [String]
    var summary: String
    var testDescription: String { name }

    init(
        _ name: String, mutation: PaxosCommitMutation? = nil, node: Int, _ inputs: [PaxosCommitNode.Input],
        does effects: [String], becomes summary: String
    ) {
        self.name = name
        self.node = node
        self.mutation = mutation
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }
}

struct PaxosCommitTests {
    typealias Input = PaxosCommitNode.Input

    @Test(arguments: managerCases + acceptorCases + leaderCases)
    func `a node steps as the table says`(row: PaxosCommitCase) {
        let configuration = PaxosCommitConfiguration(
            participants: 2, mutation: row.mutation, cells: [.init("x", 5)])
        let (machine, effects) = stepped(PaxosCommitNode(NodeID(row.node), configuration), through: row.inputs)
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    @Test func `the leaders of ballots take turns, and F = 0 leaves one`() {
        let three = PaxosCommitConfiguration(participants: 2)
        #expect(three.acceptors == [0, 3, 4].map { NodeID($0) })
        #expect((three.majority, three.nodeCount) == (2, 5))
        let one = PaxosCommitConfiguration(participants: 2, toleratedFailures: 0)
        #expect((one.acceptors, one.majority, one.nodeCount) == ([NodeID(0)], 1, 3))
    }

    // MARK: Inputs

    private static let changes = [Change(key: "x", before: 5, after: 7)]
    private static let prepare = Input.received(.prepare(one, [.set("x", 7)]), from: NodeID(0))
    private static func vote(from node: Int, isPrepared: Bool = true) -> Input {
        .received(.vote(one, isPrepared: isPrepared), from: NodeID(node))
    }
    private static func votes(_ ballot: UInt16 = 0, _ isPrepared: Bool = true) -> [AcceptedVote] {
        writers.map { AcceptedVote(manager: $0, ballot: ballot, isPrepared: isPrepared) }
    }
    private static let accepted = Input.persisted(.accepted(one, ballot: 0, votes()))
    private static func promised(_ ballot: UInt16, _ votes: [AcceptedVote] = []) -> Input {
        .persisted(.promised(one, ballot: ballot, votes))
    }

    // MARK: Tables

    static let managerCases: [PaxosCommitCase] = [
        PaxosCommitCase(
            "a vote waits for the disk", node: 1, [prepare], does: ["force prepared"], becomes: "preparing, holds x"),
        PaxosCommitCase(
            "and goes to every acceptor", node: 1, [prepare, .persisted(.prepared(one, changes: changes))],
            does: ["PREPARED > 0", "PREPARED > 3", "PREPARED > 4", "timer silence 300"], becomes: "prepared, holds x"),
        PaxosCommitCase(
            "so does a NO", node: 1, [.invoked(.refuse(one)), prepare, .persisted(.decided(one, .abort))],
            does: ["tx 1 abort", "ABORTED > 0", "ABORTED > 3", "ABORTED > 4"], becomes: "aborted"),
        PaxosCommitCase(
            "back again, it votes and asks again", node: 1, [.recovered([.prepared(one, changes: changes)])],
            does: [
                "PREPARED > 0", "PREPARED > 3", "PREPARED > 4", "INQUIRE > 0", "INQUIRE > 3", "INQUIRE > 4",
                "timer silence 60",
            ], becomes: "prepared, holds x"),
        PaxosCommitCase(
            "aborted before it was asked, it never votes", node: 1,
            [.received(.decision(one, .abort), from: NodeID(0)), .persisted(.decided(one, .abort)), prepare], does: [],
            becomes: "aborted"),
    ]

    static let acceptorCases: [PaxosCommitCase] = [
        PaxosCommitCase(
            "an acceptor waits for all votes", node: 3, [vote(from: 1)], does: ["timer take-over 210"],
            becomes: "accepting, ballot 0"),
        PaxosCommitCase(
            "and writes them at once", node: 3, [vote(from: 1), vote(from: 2)], does: ["force accepted"],
            becomes: "accepting, ballot 0"),
        PaxosCommitCase(
            "and tells the leader when they are on disk", node: 3, [vote(from: 1), vote(from: 2), accepted],
            does: ["PHASE-2B > 0"], becomes: "accepting, ballot 0"),
        PaxosCommitCase(
            "the mutant tells before", mutation: .acceptsBeforeForcing, node: 3, [vote(from: 1), vote(from: 2)],
            does: ["PHASE-2B > 0", "force accepted"], becomes: "accepting, ballot 0"),
        PaxosCommitCase(
            "a promise is on disk before it is given", node: 3,
            [vote(from: 1), .received(.phase1a(one, ballot: 5), from: NodeID(4))],
            does: ["timer take-over 210", "force promised"], becomes: "promised ballot 5"),
        PaxosCommitCase(
            "and kept: a vote of ballot 0 comes too late", node: 3,
            [.received(.phase1a(one, ballot: 5), from: NodeID(4)), promised(5), vote(from: 1), vote(from: 2)], does: [],
            becomes: "promised ballot 5"),
        PaxosCommitCase(
            "a lower ballot is not answered", node: 3,
            [
                .received(.phase1a(one, ballot: 5), from: NodeID(4)), promised(5),
                .received(.phase1a(one, ballot: 3), from: NodeID(0)),
            ], does: [], becomes: "promised ballot 5"),
        PaxosCommitCase(
            "who promised meanwhile does not say that it accepted", node: 3,
            [vote(from: 1), vote(from: 2), .received(.phase1a(one, ballot: 5), from: NodeID(4)), accepted], does: [],
            becomes: "promised ballot 5"),
        PaxosCommitCase(
            "one Aborted is enough to know", node: 3, [vote(from: 2, isPrepared: false)],
            does: ["timer take-over 210", "cancel take-over", "log abort"], becomes: "knows abort"),
        PaxosCommitCase(
            "who knows tells who asks", node: 3,
            [.received(.decision(one, .commit), from: NodeID(0)), .received(.inquire(one), from: NodeID(2))],
            does: ["COMMIT > 2"], becomes: "knows commit"),
        PaxosCommitCase(
            "back again, it knows what it has accepted", node: 3,
            [
                .recovered([.accepted(one, ballot: 0, votes())]), .received(.phase1a(one, ballot: 5), from: NodeID(4)),
                promised(5, votes()),
            ],
            does: ["PHASE-1B > 4"], becomes: "promised ballot 5"),
    ]

    private static let asked: [Input] = [.invoked(.transact(plan)), vote(from: 1), vote(from: 2), accepted]

    static let leaderCases: [PaxosCommitCase] = [
        PaxosCommitCase(
            "the first leader writes nothing before it asks", node: 0, [.invoked(.transact(plan))],
            does: ["begin voting", "PREPARE > 1", "PREPARE > 2", "timer votes 60"], becomes: "collecting votes"),
        PaxosCommitCase(
            "its own acceptor is no majority", node: 0, asked, does: [], becomes: "collecting votes"),
        PaxosCommitCase(
            "with another one it is", node: 0,
            asked + [.received(.phase2b(one, ballot: 0, votes()), from: NodeID(4))],
            does: [
                "tx 1 commit", "cancel votes", "end voting", "cancel take-over", "respond tx 1: commit", "log commit",
                "COMMIT > 1", "COMMIT > 2", "COMMIT > 3", "COMMIT > 4",
            ], becomes: "knows commit"),
        PaxosCommitCase(
            "votes missing: it begins a ballot of its own", node: 0,
            [.invoked(.transact(plan)), .timerFired(.votes(one))],
            does: [
                "cancel votes", "end voting", "cancel take-over", "note ballot 3", "PHASE-1A > 3", "PHASE-1A > 4",
                "force promised", "timer answers 60",
            ], becomes: "leads ballot 3"),
        PaxosCommitCase(
            "nothing accepted: Aborted is proposed", node: 0,
            [
                .invoked(.transact(plan)), .timerFired(.votes(one)), promised(3),
                .received(.phase1b(one, ballot: 3, []), from: NodeID(3)),
            ],
            does: ["PHASE-2A > 3", "PHASE-2A > 4", "timer answers 120", "force accepted"],
            becomes: "proposes in ballot 3"),
        PaxosCommitCase(
            "what was accepted is proposed again, and chosen", node: 3,
            [
                .received(.inquire(one), from: NodeID(1)), .timerFired(.takeOver(one)), promised(1),
                .received(.phase1b(one, ballot: 1, votes()), from: NodeID(4)),
                .persisted(.accepted(one, ballot: 1, votes(1))),
                .received(.phase2b(one, ballot: 1, votes(1)), from: NodeID(4)),
            ],
            does: [
                "tx 1 commit", "cancel answers", "cancel take-over", "log commit", "COMMIT > 1", "COMMIT > 2",
                "COMMIT > 0",
                "COMMIT > 4",
            ], becomes: "knows commit"),
    ]
}
