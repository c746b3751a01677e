import CommitProtocols
import StateMachines
import Testing

/// One row of a table: inputs to one node of try-confirm-cancel with two participants, and what the last of them makes it do.
struct TCCCase: CustomTestStringConvertible, Sendable {
    var name: String
    var node: Int
    var mutation: TCCMutation?
    var inputs: [TCCNode.Input]
    var effects: [String]
    var summary: String
    var testDescription: String { name }

    init(
        _ name: String, mutation: TCCMutation? = nil, node: Int, _ inputs: [TCCNode.Input], does effects: [String],
        becomes summary: String
    ) {
        self.name = name
        self.node = node
        self.mutation = mutation
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }
}

struct TCCTests {
    typealias Input = TCCNode.Input

    @Test(arguments: participantCases + recordCases + coordinatorCases)
    func `a node steps as the table says`(row: TCCCase) {
        let configuration = TCCConfiguration(
            participants: 2, reservationsExpire: true, mutation: row.mutation, accounts: [.init("x", 5)])
        let (machine, effects) = stepped(TCCNode(NodeID(row.node), configuration), through: row.inputs)
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    // MARK: Inputs

    private static let work = [Operation.add("x", -3)]
    private static let payment = Plan(
        one, [Assignment(NodeID(1), .add("x", -3)), Assignment(NodeID(2), .add("y", 3))])
    private static let attempt = Input.received(.attempt(one, work), from: NodeID(0))
    private static let tried = [attempt, .persisted(.reserved(one, work))]
    private static func settle(_ outcome: Outcome) -> Input { .received(.settle(one, outcome, work), from: NodeID(0)) }
    private static func settled(_ outcome: Outcome, _ operations: [Operation] = work) -> Input {
        .persisted(.settled(one, outcome, operations))
    }

    // MARK: Tables

    static let participantCases: [TCCCase] = [
        TCCCase(
            "a try moves money aside, and waits for the disk", node: 1, [attempt], does: ["force tried"],
            becomes: "trying: x 2, x reserved 3"),
        TCCCase(
            "and is answered then", node: 1, tried, does: ["TRIED > 0", "timer reservation 200"],
            becomes: "tried: x 2, x reserved 3"),
        TCCCase(
            "what is not there cannot be reserved", node: 1,
            [.received(.attempt(one, [.add("x", -6)]), from: NodeID(0))],
            does: ["note x would fall below 0", "REFUSED > 0"], becomes: "x 5"),
        TCCCase(
            "a confirm uses the reservation up", node: 1, tried + [settle(.commit), settled(.commit)],
            does: ["tx 1 confirm", "CONFIRMED > 0"], becomes: "confirmed: x 2"),
        TCCCase(
            "a cancel puts it back", node: 1, tried + [settle(.abort), settled(.abort)],
            does: ["tx 1 cancel", "CANCELLED > 0"], becomes: "cancelled: x 5"),
        TCCCase(
            "a cancel may be faster than the disk", node: 1,
            [attempt, settle(.abort), .persisted(.reserved(one, work))],
            does: [], becomes: "cancelling: x 5"),
        TCCCase(
            "an old reservation is given up", node: 1, tried + [.timerFired(.reservation(one))],
            does: ["note the reservation expires", "cancel reservation", "force cancelled"], becomes: "cancelling: x 5"),
        TCCCase(
            "back again, it has what its log says", node: 1, [.recovered([.reserved(one, work)])],
            does: ["timer reservation 200"], becomes: "tried: x 2, x reserved 3"),
        TCCCase(
            "and what was settled stays settled", node: 1,
            [.recovered([.reserved(one, work), .settled(one, .commit, work)])], does: [], becomes: "confirmed: x 2"),
    ]

    static let recordCases: [TCCCase] = [
        TCCCase(
            "a second try is answered from the record", node: 1, tried + [attempt], does: ["TRIED > 0"],
            becomes: "tried: x 2, x reserved 3"),
        TCCCase(
            "a second confirm too", node: 1, tried + [settle(.commit), settled(.commit), settle(.commit)],
            does: ["CONFIRMED > 0"], becomes: "confirmed: x 2"),
        TCCCase(
            "the mutant confirms again", mutation: .confirmsTwice, node: 1,
            tried + [settle(.commit), settled(.commit), settle(.commit)],
            does: ["cancel reservation", "force confirmed"], becomes: "confirming: x 2, x reserved -3"),
        TCCCase(
            "a cancel without a try gives nothing back, and is remembered", node: 1, [settle(.abort)],
            does: ["note cancel without a try", "cancel reservation", "force cancelled"], becomes: "cancelling: x 5"),
        TCCCase(
            "the mutant gives back what it never took", mutation: .cancelsBlindly, node: 1, [settle(.abort)],
            does: ["note cancel without a try", "cancel reservation", "force cancelled"],
            becomes: "cancelling: x 8, x reserved -3"),
        TCCCase(
            "so that a try that comes later is turned away", node: 1, [settle(.abort), settled(.abort, []), attempt],
            does: ["note cancelled before: no try any more", "REFUSED > 0"], becomes: "cancelled: x 5"),
        TCCCase(
            "the mutant lets it in", mutation: .acceptsLateTry, node: 1,
            [settle(.abort), settled(.abort, []), attempt],
            does: ["force tried"], becomes: "trying: x 2, x reserved 3"),
    ]

    private static let began: [Input] = [.invoked(.transact(payment)), .persisted(.began(payment))]

    static let coordinatorCases: [TCCCase] = [
        TCCCase(
            "whom it asks is on disk before it asks", node: 0, [.invoked(.transact(payment))],
            does: ["begin try", "force began"], becomes: "beginning"),
        TCCCase(
            "and asks then", node: 0, began, does: ["TRY > 1", "TRY > 2", "timer tries 100"], becomes: "trying, 0 of 2"),
        TCCCase(
            "the last TRIED decides", node: 0,
            began + [.received(.reserved(one), from: NodeID(2)), .received(.reserved(one), from: NodeID(1))],
            does: ["cancel tries", "end try", "force confirm"], becomes: "decides to confirm"),
        TCCCase(
            "the mutant tells at once", mutation: .decidesBeforeForcing, node: 0,
            began + [.received(.reserved(one), from: NodeID(2)), .received(.reserved(one), from: NodeID(1))],
            does: ["cancel tries", "end try", "CONFIRM > 1", "CONFIRM > 2", "force confirm"],
            becomes: "decides to confirm"),
        TCCCase(
            "a missing try cancels everyone", node: 0,
            began + [.timerFired(.tries(one)), .persisted(.decided(one, .abort))],
            does: [
                "tx 1 cancel", "respond tx 1: cancel", "begin cancel", "CANCEL > 1", "CANCEL > 2", "timer again 60",
            ], becomes: "cancelling"),
        TCCCase(
            "who has not settled is told again, ever more rarely", node: 0,
            began + [
                .received(.refused(one), from: NodeID(1)), .persisted(.decided(one, .abort)),
                .received(.settled(one, .abort), from: NodeID(1)), .timerFired(.settlements(one)),
            ],
            does: ["CANCEL > 2", "timer again 120"], becomes: "cancelling"),
        TCCCase(
            "no decision in the log is a cancel", node: 0, [.recovered([.began(payment)])],
            does: ["cancel tries", "end try", "force cancel"], becomes: "decides to cancel"),
        TCCCase(
            "a decision in the log is carried out", node: 0, [.recovered([.began(payment), .decided(one, .commit)])],
            does: ["tx 1 confirm", "begin confirm", "CONFIRM > 1", "CONFIRM > 2", "timer again 60"],
            becomes: "confirming"),
        TCCCase(
            "what has ended is over", node: 0,
            [.recovered([.began(payment), .decided(one, .commit), .ended(one)])], does: [], becomes: ""),
    ]
}
