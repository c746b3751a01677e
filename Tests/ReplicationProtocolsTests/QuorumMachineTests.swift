import ReplicationProtocols
import StateMachines
import Testing

/// One row of a table: inputs to one node, and what the last of them makes it do.
struct QuorumCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var configuration = QuorumConfiguration.three()
    var node: Int
    var inputs: [QuorumNode.Input]
    var effects: [String]
    var summary: String

    init(
        _ name: String, _ configuration: QuorumConfiguration = .three(), node: Int, _ inputs: [QuorumNode.Input],
        does effects: [String], becomes summary: String
    ) {
        (testDescription, self.configuration, self.node) = (name, configuration, node)
        (self.inputs, self.effects, self.summary) = (inputs, effects, summary)
    }
}

extension QuorumConfiguration {
    /// R1 to R3 are 0 to 2, with stand-ins S1 and S2 3 and 4; then client A.
    static func three(_ change: (inout QuorumConfiguration) -> Void = { _ in }) -> QuorumConfiguration {
        var configuration = QuorumConfiguration(replicas: 3, writeQuorum: 2, readQuorum: 2, clients: 1)
        change(&configuration)
        return configuration
    }
    static let sloppy = three { $0.standIns = 2 }
    static let abd = three { $0.reading = .writingBack }
}

struct QuorumMachineTests {
    private static let one = VersionedValue(version: Version(number: 1, writer: 1), value: 7)
    private static let two = VersionedValue(version: Version(number: 2, writer: 1), value: 8)
    private static let a = NodeID(3)

    private static func home(_ index: Int) -> NodeID { NodeID(index) }
    private static func store(_ value: VersionedValue, for index: Int = 0) -> QuorumNode.Input {
        .received(.store(round: 1, home: home(index), value), from: a)
    }
    private static func value(_ value: VersionedValue, from index: Int, round: UInt32 = 1) -> QuorumNode.Input {
        .received(.value(round: round, home: home(index), value), from: home(index))
    }
    private static func stored(by index: Int, round: UInt32 = 1) -> QuorumNode.Input {
        .received(.stored(round: round, home: home(index)), from: home(index))
    }

    static let replicaRows = [
        QuorumCase(
            "a value is written to disk before it is answered", node: 0, [store(one)], does: ["force stored"],
            becomes: "empty"),
        QuorumCase(
            "what is on disk is answered", node: 0, [store(one), .persisted(.stored(one))], does: ["STORED > 3"],
            becomes: "7 (1A)"),
        QuorumCase(
            "an older value is answered and not taken", node: 0,
            [store(two), .persisted(.stored(two)), store(one)], does: ["STORED > 3"], becomes: "8 (2A)"),
        QuorumCase(
            "what the disk kept is there again", node: 0,
            [.recovered([.stored(one), .stored(two)]), .received(.query(round: 4, home: NodeID(0)), from: a)],
            does: ["VALUE 8 (2A) > 3"], becomes: "8 (2A)"),
        QuorumCase(
            "a repair needs no answer", node: 1, [.received(.repair(one), from: a), .persisted(.stored(one))], does: [],
            becomes: "7 (1A)"),
        QuorumCase(
            "a stand-in holds a value for its home and tries to hand it over", .sloppy, node: 3,
            [store(one), .persisted(.hinted(home: NodeID(0), one))], does: ["timer handoff 60", "STORED > 3"],
            becomes: "holds 7 (1A) for R1"),
        QuorumCase(
            "it goes on trying", .sloppy, node: 3,
            [.recovered([.hinted(home: NodeID(0), one)]), .timerFired(.handoff)],
            does: ["HANDOFF 7 (1A) > 0", "timer handoff 60"], becomes: "holds 7 (1A) for R1"),
        QuorumCase(
            "until the home has it", .sloppy, node: 3,
            [.recovered([.hinted(home: NodeID(0), one)]), .received(.taken(one), from: NodeID(0))],
            does: ["log handed", "cancel handoff"], becomes: ""),
        QuorumCase(
            "a newer value than the one that was taken stays", .sloppy, node: 3,
            [.recovered([.hinted(home: NodeID(0), two)]), .received(.taken(one), from: NodeID(0))], does: [],
            becomes: "holds 8 (2A) for R1"),
    ]

    static let clientRows = [
        QuorumCase(
            "a writer asks all", node: 3, [.invoked(.write(7))],
            does: ["began write 7", "STORE 7 (1A) > 0", "STORE 7 (1A) > 1", "STORE 7 (1A) > 2", "timer patience 150"],
            becomes: "writing 7 (1A)"),
        QuorumCase(
            "one answer twice is one answer", node: 3, [.invoked(.write(7)), stored(by: 0), stored(by: 0)], does: [],
            becomes: "writing 7 (1A)"),
        QuorumCase(
            "two replicas are enough", node: 3, [.invoked(.write(7)), stored(by: 0), stored(by: 2)],
            does: ["cancel patience", "ended ok"], becomes: ""),
        QuorumCase(
            "the highest version is the answer", node: 3,
            [.invoked(.read), value(two, from: 0), value(one, from: 1)], does: ["cancel patience", "ended 8"],
            becomes: ""),
        QuorumCase(
            "an answer to an earlier round counts for nothing", node: 3,
            [.invoked(.read), value(one, from: 0), value(one, from: 1), .invoked(.read), value(two, from: 2)],
            does: [], becomes: "reading"),
        QuorumCase(
            "ABD has the value stored before it answers", .abd, node: 3,
            [.invoked(.read), value(.nothing, from: 0), value(one, from: 1)],
            does: ["STORE 7 (1A) > 0", "STORE 7 (1A) > 1", "STORE 7 (1A) > 2"], becomes: "writing back 7 (1A)"),
        QuorumCase(
            "and then answers", .abd, node: 3,
            [
                .invoked(.read), value(.nothing, from: 0), value(one, from: 1), stored(by: 0, round: 2),
                stored(by: 1, round: 2),
            ], does: ["cancel patience", "ended 7"], becomes: ""),
        QuorumCase(
            "one of many writers asks for versions first", .three { $0.versioning = .queried }, node: 3,
            [.invoked(.write(8)), value(one, from: 0), value(.nothing, from: 1)],
            does: ["STORE 8 (2A) > 0", "STORE 8 (2A) > 1", "STORE 8 (2A) > 2"], becomes: "writing 8 (2A)"),
        QuorumCase(
            "who gives up while asking has written nothing", .three { $0.versioning = .queried }, node: 3,
            [.invoked(.write(8)), .timerFired(.patience)], does: ["cancel patience", "ended failed"], becomes: ""),
        QuorumCase(
            "who gives up while writing knows nothing, and turns to the next", node: 3,
            [.invoked(.write(7)), .invoked(.read), .timerFired(.patience)],
            does: [
                "cancel patience", "ended unknown", "began read", "QUERY > 0", "QUERY > 1", "QUERY > 2",
                "timer patience 150",
            ], becomes: "reading"),
        QuorumCase(
            "stand-ins are asked for those who do not answer", .sloppy, node: 5,
            [.invoked(.write(7)), stored(by: 2), .timerFired(.suspicion)],
            does: ["STORE 7 (1A) > 3", "STORE 7 (1A) > 4"], becomes: "writing 7 (1A)"),
    ]

    @Test(arguments: replicaRows + clientRows)
    func `a machine does what its papers say`(row: QuorumCase) {
        var machine = QuorumNode.nodes(row.configuration)[row.node]
        var effects = EffectBuffer<QuorumNode.Effect>()
        for input in row.inputs {
            effects.removeAll()
            machine.step(input, at: .zero, into: &effects)
        }
        #expect(effects.elements.map(text) == row.effects)
        #expect(machine.summary == row.summary)
    }

    private func text(_ effect: QuorumNode.Effect) -> String {
        switch effect {
        case .send(let message, let receiver):
            ([message.label] + (message.detail.isEmpty ? [] : [message.detail])).joined(separator: " ")
                + " > \(receiver.index)"
        case .setTimer(let timer, let after): "timer \(timer.label) \(after.microseconds / 1_000)"
        case .cancelTimer(let timer): "cancel \(timer.label)"
        case .persist(let record, let isForced): "\(isForced ? "force" : "log") \(record.label)"
        case .announce(.began(_, let request)): "began \(request)"
        case .announce(.ended(_, let outcome)): "ended \(outcome.words)"
        case .announce(let other): "\(other)"
        }
    }
}
