import CommitProtocols
import StateMachines
import Testing

/// One row of a table: inputs to one node of three-phase commit, and what the last of them makes it do.
struct ThreePhaseCase: CustomTestStringConvertible, Sendable {
    var name: String
    var node: Int
    var configuration: ThreePhaseConfiguration
    var inputs: [ThreePhaseCommitNode.Input]
    var effects: [String]
    var summary: String
    var testDescription: String { name }

    init(
        _ name: String, _ termination: ThreePhaseTermination = .elected, mutation: ThreePhaseMutation? = nil, node: Int,
        _ inputs: [ThreePhaseCommitNode.Input], does effects: [String], becomes summary: String
    ) {
        self.name = name
        self.node = node
        configuration = ThreePhaseConfiguration(
            participants: 2, termination: termination, mutation: mutation, cells: [.init("x", 5)])
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }
}

struct ThreePhaseTests {
    typealias Input = ThreePhaseCommitNode.Input

    @Test(arguments: votingCases + bufferCases + silenceCases + recoveryCases)
    func `a node steps as the table says`(row: ThreePhaseCase) {
        let (machine, effects) = stepped(
            ThreePhaseCommitNode(NodeID(row.node), row.configuration), through: row.inputs)
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    // MARK: Inputs

    private static let changes = [Change(key: "x", before: 5, after: 7)]
    private static let canCommit = Input.received(.canCommit(one, [.set("x", 7)]), from: NodeID(0))
    private static let promised = Input.persisted(.prepared(one, changes: changes))
    private static func vote(_ vote: Vote, from node: Int) -> Input { .received(.vote(one, vote), from: NodeID(node)) }
    private static func preCommit(round: UInt16 = 0, from node: Int = 0) -> Input {
        .received(.prepare(one, for: .commit, round: round), from: NodeID(node))
    }
    private static func buffered(_ outcome: Outcome = .commit, round: UInt16 = 0) -> Input {
        .persisted(.buffered(one, outcome, round: round))
    }
    private static func ack(from node: Int, round: UInt16 = 0) -> Input {
        .received(.acknowledge(one, round: round), from: NodeID(node))
    }
    private static func ask(round: UInt16, from node: Int) -> Input {
        .received(.stateRequest(one, round: round), from: NodeID(node))
    }
    private static func state(_ prepared: Outcome?, round: UInt16, from node: Int, attempt: UInt16 = 0) -> Input {
        .received(.state(one, round: round, prepared: prepared, attempt: attempt), from: NodeID(node))
    }

    private static let uncertain = [canCommit, promised]
    private static let collecting: [Input] = [.invoked(.transact(plan)), .persisted(.prepared(one, changes: []))]
    private static let spreading = collecting + [vote(.yes, from: 1), vote(.yes, from: 2), buffered()]

    // MARK: Tables

    static let votingCases: [ThreePhaseCase] = [
        ThreePhaseCase(
            "the coordinator is on record before it asks", node: 0, [.invoked(.transact(plan))],
            does: ["begin voting", "force prepared"], becomes: "preparing"),
        ThreePhaseCase(
            "and asks then", node: 0, collecting, does: ["CAN-COMMIT > 1", "CAN-COMMIT > 2", "timer votes 60"],
            becomes: "collecting votes"),
        ThreePhaseCase(
            "the YES waits for the disk", node: 1, [canCommit], does: ["force prepared"], becomes: "preparing, holds x"),
        ThreePhaseCase(
            "and is out then", node: 1, uncertain, does: ["YES > 0", "timer silence 150"], becomes: "uncertain, holds x"
        ),
        ThreePhaseCase(
            "a second copy of the question is answered again", node: 1, uncertain + [canCommit], does: ["YES > 0"],
            becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "a NO is on disk before it is said", node: 1, [.invoked(.refuse(one)), canCommit],
            does: ["note told to refuse", "cancel silence", "cancel inquiry", "force abort"], becomes: "aborting"),
        ThreePhaseCase(
            "and then it is said", node: 1, [.invoked(.refuse(one)), canCommit, .persisted(.decided(one, .abort))],
            does: ["tx 1 abort", "NO > 0"], becomes: "aborted"),
        ThreePhaseCase(
            "one NO aborts, and who said it needs to be told nothing", node: 0,
            collecting + [vote(.no, from: 1), .persisted(.decided(one, .abort))],
            does: ["tx 1 abort", "respond tx 1: abort", "ABORT > 2"], becomes: "aborted"),
        ThreePhaseCase(
            "a missing vote aborts", node: 0, collecting + [vote(.yes, from: 1), .timerFired(.votes(one))],
            does: [
                "end voting", "note votes are missing: abort", "cancel votes", "cancel silence", "cancel inquiry",
                "force abort",
            ], becomes: "aborting"),
        ThreePhaseCase(
            "asked for its state before its YES is out, it aborts", node: 1, [canCommit, ask(round: 2, from: 2)],
            does: ["cancel silence", "cancel inquiry", "force abort"], becomes: "aborting, holds x"),
    ]

    static let bufferCases: [ThreePhaseCase] = [
        ThreePhaseCase(
            "every YES: the coordinator enters the buffer state first", node: 0,
            collecting + [vote(.yes, from: 2), vote(.yes, from: 1)],
            does: ["cancel votes", "end voting", "force pre-commit"], becomes: "pre-committing"),
        ThreePhaseCase(
            "and leads the others there", node: 0, spreading,
            does: ["PRE-COMMIT > 1", "PRE-COMMIT > 2", "timer acks 60"], becomes: "pre-committed"),
        ThreePhaseCase(
            "an ACK comes from the disk", node: 1, uncertain + [preCommit(), buffered()],
            does: ["ACK > 0", "timer silence 150"], becomes: "pre-committed, holds x"),
        ThreePhaseCase(
            "the last ACK commits", node: 0, spreading + [ack(from: 1), ack(from: 2)],
            does: ["cancel acks", "cancel silence", "cancel inquiry", "force commit"], becomes: "committing"),
        ThreePhaseCase(
            "and everyone hears of it", node: 0,
            spreading + [ack(from: 1), ack(from: 2), .persisted(.decided(one, .commit))],
            does: ["tx 1 commit", "respond tx 1: commit", "DO-COMMIT > 1", "DO-COMMIT > 2"], becomes: "committed"),
        ThreePhaseCase(
            "one ACK is not enough", node: 0, spreading + [ack(from: 1)], does: [], becomes: "pre-committed"),
        ThreePhaseCase(
            "an ACK of another round does not count", node: 0, spreading + [ack(from: 1), ack(from: 2, round: 3)],
            does: [], becomes: "pre-committed"),
        ThreePhaseCase(
            "with quorums one ACK of two is", .quorum, node: 0, spreading + [ack(from: 1)],
            does: ["cancel acks", "cancel silence", "cancel inquiry", "force commit"], becomes: "committing"),
        ThreePhaseCase(
            "Skeen's coordinator goes on without who is silent", node: 0,
            spreading + [ack(from: 1), .timerFired(.acknowledgements(one))],
            does: ["log alive", "cancel acks", "cancel silence", "cancel inquiry", "force commit"],
            becomes: "committing"),
        ThreePhaseCase(
            "the notes' aborts", .alone, node: 0, spreading + [ack(from: 1), .timerFired(.acknowledgements(one))],
            does: [
                "note an ACK is missing: abort", "cancel acks", "cancel silence", "cancel inquiry", "force abort",
            ], becomes: "aborting"),
        ThreePhaseCase(
            "the quorum's waits", .quorum, node: 0, spreading + [.timerFired(.acknowledgements(one))],
            does: ["note no quorum: wait", "cancel acks", "timer silence 210"], becomes: "pre-committed"),
    ]

    static let silenceCases: [ThreePhaseCase] = [
        ThreePhaseCase(
            "the notes: uncertain, it aborts alone", .alone, node: 1, uncertain + [.timerFired(.silence(one))],
            does: ["note no PRE-COMMIT: abort alone", "cancel silence", "cancel inquiry", "force abort"],
            becomes: "aborting, holds x"),
        ThreePhaseCase(
            "the notes: pre-committed, it commits alone", .alone, node: 1,
            uncertain + [preCommit(), buffered(), .timerFired(.silence(one))],
            does: ["note no DO-COMMIT: commit alone", "cancel silence", "cancel inquiry", "force commit"],
            becomes: "committing, holds x"),
        ThreePhaseCase(
            "Skeen: the next in line takes over", node: 1, uncertain + [.timerFired(.silence(one))],
            does: ["log alive", "cancel silence", "STATE-REQ > 2", "timer states 60"],
            becomes: "uncertain, takes over, holds x"),
        ThreePhaseCase(
            "Skeen: anybody else elects it", node: 2, uncertain + [.timerFired(.silence(one))],
            does: ["log alive", "ELECT > 1", "timer silence 150"], becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "elected, it asks also the one before it", node: 1,
            uncertain + [.received(.elect(one, round: 1), from: NodeID(2))],
            does: ["cancel silence", "STATE-REQ > 0", "STATE-REQ > 2", "timer states 60"],
            becomes: "uncertain, takes over, holds x"),
        ThreePhaseCase(
            "all uncertain: abort", node: 1,
            uncertain + [.timerFired(.silence(one)), state(nil, round: 1, from: 2)],
            does: [
                "cancel states", "note all are uncertain: abort", "cancel states", "cancel silence", "cancel inquiry",
                "force abort",
            ], becomes: "aborting, holds x"),
        ThreePhaseCase(
            "somebody pre-committed: lead everybody there", node: 1,
            uncertain + [.timerFired(.silence(one)), state(.commit, round: 1, from: 2)],
            does: ["cancel states", "note somebody is pre-committed", "force pre-commit"],
            becomes: "pre-committing, holds x"),
        ThreePhaseCase(
            "an earlier coordinator is not obeyed any more", node: 2,
            uncertain + [ask(round: 1, from: 1), preCommit()], does: [], becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "the first coordinator steps down", node: 0, spreading + [ask(round: 1, from: 1)],
            does: ["cancel acks", "PRE-COMMITTED > 1", "timer silence 150"], becomes: "pre-committed"),
        ThreePhaseCase(
            "with quorums a promise is on disk before a state is told", .quorum, node: 2,
            uncertain + [ask(round: 1, from: 1)], does: ["force follow"], becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "with quorums the latest attempt counts", .quorum, node: 1,
            uncertain + [
                .timerFired(.silence(one)), .persisted(.following(one, round: 1)), state(.commit, round: 1, from: 0),
                state(.abort, round: 1, from: 2, attempt: 1),
            ],
            does: ["cancel states", "note nobody is pre-committed", "force pre-abort"],
            becomes: "pre-aborting, holds x"),
        ThreePhaseCase(
            "who knows tells", node: 1,
            uncertain + [
                .received(.decision(one, .commit), from: NodeID(0)), .persisted(.decided(one, .commit)),
                .received(.elect(one, round: 1), from: NodeID(2)),
            ],
            does: ["DO-COMMIT > 2"], becomes: "committed"),
    ]

    private static let wasDown: [Input] = [.recovered([.prepared(one, changes: changes)])]

    static let recoveryCases: [ThreePhaseCase] = [
        ThreePhaseCase(
            "back again, it asks everybody", node: 1, wasDown,
            does: ["INQUIRE > 0", "INQUIRE > 2", "timer inquiry 60"],
            becomes: "uncertain, was down, holds x"),
        ThreePhaseCase(
            "and does not take part", node: 1, wasDown + [ask(round: 2, from: 2)], does: [],
            becomes: "uncertain, was down, holds x"),
        ThreePhaseCase(
            "with quorums it does", .quorum, node: 1, wasDown + [ask(round: 2, from: 2)], does: ["force follow"],
            becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "another who was down is told how much it knows", node: 1,
            wasDown + [.received(.inquire(one), from: NodeID(2))], does: ["RECOVERING > 2"],
            becomes: "uncertain, was down, holds x"),
        ThreePhaseCase(
            "who was never down says nothing yet", node: 1, uncertain + [.received(.inquire(one), from: NodeID(2))],
            does: [], becomes: "uncertain, holds x"),
        ThreePhaseCase(
            "not everybody who may have decided is back", node: 1,
            wasDown + [
                .received(.recovering(one, prepared: nil, operational: [1, 2].map { NodeID($0) }), from: NodeID(2))
            ], does: [], becomes: "uncertain, was down, holds x"),
        ThreePhaseCase(
            "the last to fail are back", node: 1,
            wasDown + [.received(.recovering(one, prepared: nil, operational: [NodeID(2)]), from: NodeID(2))],
            does: ["note the last to fail are back", "cancel silence", "cancel inquiry", "force abort"],
            becomes: "aborting, holds x"),
    ]
}
