import CommitProtocols
import StateMachines
import Testing

typealias Input = TwoPhaseCommitNode.Input
typealias Effect = TwoPhaseCommitNode.Effect

/// One row of a table: inputs to one node, and what the last of them makes it do.
struct MachineCase: CustomTestStringConvertible, Sendable {
    var name: String
    var configuration: CommitConfiguration
    var node: Int
    var inputs: [Input]
    var effects: [String]
    var summary: String

    init(
        _ name: String, _ configuration: CommitConfiguration = .basic, node: Int, _ inputs: [Input],
        does effects: [String], becomes summary: String
    ) {
        self.name = name
        self.configuration = configuration
        self.node = node
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }

    var testDescription: String { name }

    /// Steps a fresh machine through all inputs.
    func run() -> (machine: TwoPhaseCommitNode, lastEffects: [String]) {
        stepped(TwoPhaseCommitNode(NodeID(node), configuration), through: inputs)
    }
}

/// A machine after all of these inputs, and what the last of them made it do.
func stepped<Node: ProtocolNode>(_ machine: Node, through inputs: [Node.Input]) -> (Node, lastEffects: [String]) {
    var machine = machine
    var effects = EffectBuffer<Node.Effect>()
    for input in inputs {
        effects.removeAll()
        machine.step(input, at: .zero, into: &effects)
    }
    return (machine, effects.elements.map(text))
}

/// An effect in a few words: "PREPARE > 1", "force prepared", "timer votes 100".
func text<Message: Labelled, Timer: Labelled, Record: Labelled>(
    _ effect: NodeEffect<Message, Timer, Record>
) -> String {
    switch effect {
    case .send(let message, let receiver): "\(message.label) > \(receiver.index)"
    case .setTimer(let timer, let after): "timer \(timer.label) \(after.microseconds / 1_000)"
    case .cancelTimer(let timer): "cancel \(timer.label)"
    case .persist(let record, let isForced): "\(isForced ? "force" : "log") \(record.label)"
    case .announce(.decided(let subject, let outcome)): "\(subject) \(outcome)"
    case .announce(.responded(let text)): "respond \(text)"
    case .announce(.phaseBegan(let name)): "begin \(name)"
    case .announce(.phaseEnded(let name)): "end \(name)"
    case .announce(.noted(let text)): "note \(text)"
    case .announce(.began(_, let request)): "begin \(request)"
    case .announce(.ended(_, let outcome)): "end \(outcome.words)"
    }
}

extension CommitConfiguration {
    static let basic = CommitConfiguration(participants: 2, cells: [.init("x", 5)])

    static func basic(
        _ presumption: Presumption = .nothing, _ topology: CommitTopology = .centralised, isCooperative: Bool = false,
        mutation: CommitMutation? = nil
    ) -> CommitConfiguration {
        CommitConfiguration(
            participants: 2, presumption: presumption, topology: topology, isCooperative: isCooperative,
            mutation: mutation, cells: [.init("x", 5)])
    }
}

let one = TransactionID(1)
let writers = [NodeID(1), NodeID(2)]
let plan = Plan(one, [Assignment(NodeID(1), .set("x", 7)), Assignment(NodeID(2), .set("y", 8))])
let prepared = CommitRecord.prepared(one, writers: writers, changes: [Change(key: "x", before: 5, after: 7)])

extension Input {
    static let prepare = Input.received(.prepare(one, [.set("x", 7)], writers: writers), from: NodeID(0))
    static let prepareReading = Input.received(.prepare(one, [.read("x")], writers: [NodeID(2)]), from: NodeID(0))
    static let work = Input.received(.work(one, [.set("x", 7)]), from: NodeID(0))
    static func vote(_ vote: Vote, from node: Int) -> Input { .received(.vote(one, vote), from: NodeID(node)) }
    static func decision(_ outcome: Outcome, from node: Int = 0) -> Input {
        .received(.decision(one, outcome), from: NodeID(node))
    }
    static func acknowledge(from node: Int) -> Input { .received(.acknowledge(one), from: NodeID(node)) }
    static func inquire(from node: Int) -> Input { .received(.inquire(one), from: NodeID(node)) }
    static func uncertain(from node: Int) -> Input { .received(.uncertain(one), from: NodeID(node)) }
    static func decided(_ outcome: Outcome, _ unacknowledged: Int...) -> Input {
        .persisted(.decided(one, outcome, unacknowledged: unacknowledged.map { NodeID($0) }))
    }
}
