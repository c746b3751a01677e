import ReplicationProtocols
import StateMachines
import Testing

/// Replicas R1 to R3 are 0 to 2, clients A and B 3 and 4.
struct StoreMachineTests {
    private static let (a, b) = (NodeID(3), NodeID(4))

    fileprivate static func configuration(_ change: (inout StoreConfiguration) -> Void = { _ in }) -> StoreConfiguration
    {
        var configuration = StoreConfiguration(replicas: 3, clients: 2)
        change(&configuration)
        return configuration
    }

    private static func vector(_ first: UInt16, _ second: UInt16 = 0, _ third: UInt16 = 0) -> VersionVector {
        var vector = VersionVector(replicas: 3)
        (vector[NodeID(0)], vector[NodeID(1)], vector[NodeID(2)]) = (first, second, third)
        return vector
    }

    private static func write(
        _ value: UInt8, by client: NodeID, needs: VersionVector = vector(0), context: VersionVector = vector(0)
    ) -> StoreNode.Input {
        .received(.write(number: 1, client: client, value: value, needs: needs, context: context), from: client)
    }

    private static func accepted(
        _ value: UInt8, at replica: Int, _ count: UInt16 = 1, time: UInt32 = 1, context: VersionVector = vector(0)
    ) -> AcceptedWrite {
        AcceptedWrite(
            dot: Dot(replica: NodeID(replica), count: count), time: time, value: value, context: context,
            client: NodeID(3 + replica), number: UInt32(count))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var configuration: StoreConfiguration
        var node: Int
        var inputs: [StoreNode.Input]
        var effects: [String]
        var summary: String

        init(
            _ name: String, node: Int = 0, _ inputs: [StoreNode.Input], does effects: [String],
            becomes summary: String
        ) {
            self.init(
                name, StoreMachineTests.configuration(), node: node, inputs, does: effects, becomes: summary)
        }

        init(
            _ name: String, _ configuration: StoreConfiguration, node: Int = 0, _ inputs: [StoreNode.Input],
            does effects: [String], becomes summary: String
        ) {
            (testDescription, self.configuration, self.node) = (name, configuration, node)
            (self.inputs, self.effects, self.summary) = (inputs, effects, summary)
        }
    }

    static let rows: [Row] = [
        Row("a write goes to disk first", [write(7, by: a)], does: ["force write"], becomes: "empty"),
        Row(
            "then it is answered, and others are to hear of it",
            [write(7, by: a), .persisted(StoreRecord(write: accepted(7, at: 0)))],
            does: ["WRITTEN > 3", "timer spreading"], becomes: "7"),
        Row(
            "what is not known to have arrived is sent again",
            [.recovered([StoreRecord(write: accepted(7, at: 0))]), .timerFired(.spreading)],
            does: ["SPREAD 7 > 1", "SPREAD 7 > 2", "timer spreading"], becomes: "7"),
        Row(
            "until everyone has it",
            [
                .recovered([StoreRecord(write: accepted(7, at: 0))]), .received(.have(vector(1)), from: NodeID(1)),
                .received(.have(vector(1)), from: NodeID(2)),
            ], does: ["cancel spreading"], becomes: "7"),
        Row(
            "a write after a gap waits until it comes with what it follows",
            [.received(.spread([accepted(8, at: 1, 2, time: 2)]), from: NodeID(1))], does: ["HAVE [0 0 0] > 1"],
            becomes: "empty"),
        Row(
            "what is known already is only acknowledged",
            [
                .recovered([StoreRecord(write: accepted(7, at: 1))]),
                .received(.spread([accepted(7, at: 1)]), from: NodeID(1)),
            ], does: ["HAVE [0 1 0] > 1"], becomes: "7"),
        Row(
            "a read waits for what its session needs",
            [.received(.read(number: 1, needs: vector(0, 1)), from: a)], does: [], becomes: "empty"),
        Row(
            "and is answered when that has come",
            [
                .received(.read(number: 1, needs: vector(0, 1)), from: a),
                .received(.spread([accepted(7, at: 1)]), from: NodeID(1)),
                .persisted(StoreRecord(write: accepted(7, at: 1))),
            ], does: ["HAVE [0 1 0] > 1", "timer spreading", "VALUE 7 > 3"], becomes: "7"),
        Row(
            "the higher time stays, whatever came first",
            [
                .recovered([
                    StoreRecord(write: accepted(8, at: 1, time: 5)), StoreRecord(write: accepted(7, at: 0, time: 2)),
                ])
            ], does: ["timer spreading"], becomes: "8"),
        Row(
            "siblings both stay", configuration { $0.merging = .siblings },
            [
                .recovered([
                    StoreRecord(write: accepted(8, at: 1, time: 5)), StoreRecord(write: accepted(7, at: 0, time: 2)),
                ])
            ], does: ["timer spreading"], becomes: "7,8"),
        Row(
            "until somebody writes who has read both", configuration { $0.merging = .siblings },
            [
                .recovered([
                    StoreRecord(write: accepted(8, at: 1)), StoreRecord(write: accepted(7, at: 0)),
                    StoreRecord(write: accepted(9, at: 2, context: vector(1, 1))),
                ])
            ], does: ["timer spreading"], becomes: "9"),
        Row(
            "who is no leader passes writes on", configuration { $0.hasLeader = true }, node: 1, [write(7, by: a)],
            does: ["WRITE 7 > 0"], becomes: "empty"),
        Row(
            "a client says what it needs", configuration { $0.guarantees = .all }, node: 3,
            [
                .invoked(.read(at: NodeID(1))), .received(.value(number: 1, [7], vector(0, 1)), from: NodeID(1)),
                .invoked(.read(at: NodeID(2))),
            ], does: ["began read", "READ > 2", "timer patience"], becomes: "reading"),
        Row(
            "an answer that comes too late is no answer", node: 3,
            [
                .invoked(.read(at: NodeID(1))), .timerFired(.patience),
                .received(.value(number: 1, [7], vector(0, 1)), from: NodeID(1)),
            ], does: [], becomes: ""),
    ]

    @Test(arguments: rows)
    func `a machine does what its papers say`(row: Row) {
        var machine = StoreNode.nodes(row.configuration)[row.node]
        var effects = EffectBuffer<StoreNode.Effect>()
        for input in row.inputs {
            effects.removeAll()
            machine.step(input, at: .zero, into: &effects)
        }
        #expect(effects.elements.map(text) == row.effects)
        #expect(machine.summary == row.summary)
    }

    private func text(_ effect: StoreNode.Effect) -> String {
        switch effect {
        case .send(let message, let receiver):
            ([message.label] + (message.detail.isEmpty ? [] : [message.detail])).joined(separator: " ")
                + " > \(receiver.index)"
        case .setTimer(let timer, _): "timer \(timer.label)"
        case .cancelTimer(let timer): "cancel \(timer.label)"
        case .persist(let record, let isForced): "\(isForced ? "force" : "log") \(record.label)"
        case .announce(.began(_, let request)): "began \(request)"
        case .announce(.ended(_, let outcome)): "ended \(outcome.words)"
        case .announce(let other): "\(other)"
        }
    }
}
