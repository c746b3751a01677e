import ConsensusProtocols
import StateMachines
import Testing

typealias PaxosInput = PaxosNode.Input

/// One row of a table: inputs to one node, and what the last of them makes it do.
struct PaxosCase: CustomTestStringConvertible, Sendable {
    var name: String
    var node: Int
    var inputs: [PaxosInput]
    var effects: [String]
    var summary: String
    var configuration: PaxosConfiguration

    init(
        _ name: String, node: Int, _ inputs: [PaxosInput], does effects: [String], becomes summary: String,
        _ configuration: PaxosConfiguration = PaxosConfiguration(proposers: 2, acceptors: 3)
    ) {
        (self.name, self.node, self.inputs, self.effects) = (name, node, inputs, effects)
        (self.summary, self.configuration) = (summary, configuration)
    }

    var testDescription: String { name }

    func run() -> (machine: PaxosNode, lastEffects: [String]) {
        var machine = PaxosNode(NodeID(node), configuration)
        var effects = EffectBuffer<PaxosNode.Effect>()
        for input in inputs {
            effects.removeAll()
            machine.step(input, at: .zero, into: &effects)
        }
        return (machine, effects.elements.map(Self.text))
    }

    /// "PREPARE 1.1 > 2", "force promised 1.1", "timer retry 100".
    static func text(_ effect: PaxosNode.Effect) -> String {
        switch effect {
        case .send(let message, let receiver): "\(message.label) \(message.detail) > \(receiver.index)"
        case .setTimer(let timer, let after): "timer \(timer.label) \(after.microseconds / 1_000)"
        case .cancelTimer(let timer): "cancel \(timer.label)"
        case .persist(let record, let isForced): "\(isForced ? "force" : "log") \(record.label) \(record.detail)"
        case .announce(.decided(let subject, let outcome)): "\(subject) \(outcome)"
        case .announce(.responded(let text)): "respond \(text)"
        case .announce(let other): "\(other)"
        }
    }
}

private let (one, two) = (Ballot(1, by: 1), Ballot(1, by: 2))
private let (north, south) = (Vote(one, "north"), Vote(two, "south"))

private func from(_ node: Int, _ message: PaxosMessage) -> PaxosInput { .received(message, from: NodeID(node)) }
private func done(_ record: PaxosRecord) -> PaxosInput { .persisted(record) }

/// Proposers are nodes 0 and 1, acceptors 2 to 4.
struct PaxosMachineTests {
    static let acceptor = [
        PaxosCase(
            "a promise is written before it is given", node: 2, [from(0, .prepare(one))], does: ["force promised 1.1"],
            becomes: "promised 1.1"),
        PaxosCase(
            "and given once it is on disk", node: 2, [from(0, .prepare(one)), done(.promised(one))],
            does: ["PROMISE 1.1 > 0"], becomes: "promised 1.1"),
        PaxosCase(
            "a lower ballot is refused", node: 2, [from(1, .prepare(two)), from(0, .prepare(one))],
            does: ["REJECT 1.1, promised 1.2 > 0"], becomes: "promised 1.2"),
        PaxosCase(
            "a lower ACCEPT is refused", node: 2, [from(1, .prepare(two)), from(0, .accept(north))],
            does: ["REJECT 1.1, promised 1.2 > 0"], becomes: "promised 1.2"),
        PaxosCase(
            "a vote is told to all learners once it is on disk", node: 2,
            [from(0, .accept(north)), done(.accepted(north))],
            does: ["ACCEPTED 1.1 north > 0", "ACCEPTED 1.1 north > 1"], becomes: "accepted 1.1 north"),
        PaxosCase(
            "to accept is to promise", node: 2, [from(1, .accept(south)), from(0, .prepare(one))],
            does: ["REJECT 1.1, promised 1.2 > 0"], becomes: "accepted 1.2 south"),
        PaxosCase(
            "a promise reports the vote of the highest ballot", node: 2,
            [
                from(0, .accept(north)), from(1, .accept(south)), done(.accepted(north)), done(.accepted(south)),
                from(0, .prepare(Ballot(2, by: 1))), done(.promised(Ballot(2, by: 1))),
            ], does: ["PROMISE 2.1, has 1.2 south > 0"], becomes: "promised 2.1, accepted 1.2 south"),
        PaxosCase(
            "what is on disk already is answered at once", node: 2,
            [from(0, .prepare(one)), done(.promised(one)), from(0, .prepare(one))], does: ["PROMISE 1.1 > 0"],
            becomes: "promised 1.1"),
        PaxosCase(
            "what is not on disk yet is not", node: 2, [from(0, .prepare(one)), from(0, .prepare(one))],
            does: ["force promised 1.1"], becomes: "promised 1.1"),
        PaxosCase(
            "a restart reads everything back", node: 2,
            [.recovered([.promised(Ballot(3, by: 1)), .accepted(south)]), from(0, .query)],
            does: ["PROMISED 3.1 > 0"], becomes: "promised 3.1, accepted 1.2 south"),
    ]

    private static let asks: [PaxosInput] = [.started, .invoked(PaxosCommand("north"))]

    static let proposer = [
        PaxosCase(
            "a ballot begins with PREPARE to all", node: 0, asks,
            does: ["timer retry 100", "PREPARE 1.1 > 2", "PREPARE 1.1 > 3", "PREPARE 1.1 > 4"],
            becomes: "preparing 1.1"),
        PaxosCase(
            "one promise, counted twice, is one", node: 0,
            asks + [from(2, .promise(one, accepted: nil)), from(2, .promise(one, accepted: nil))], does: [],
            becomes: "preparing 1.1"),
        PaxosCase(
            "a majority without votes leaves the choice free", node: 0,
            asks + [from(2, .promise(one, accepted: nil)), from(4, .promise(one, accepted: nil))],
            does: ["ACCEPT 1.1 north > 2", "ACCEPT 1.1 north > 3", "ACCEPT 1.1 north > 4"], becomes: "proposing 1.1"),
        PaxosCase(
            "the vote of the highest ballot is adopted", node: 0,
            [
                .started, .invoked(PaxosCommand("east")), from(4, .reject(one, promised: two)),
                from(2, .promise(Ballot(2, by: 1), accepted: south)),
                from(3, .promise(Ballot(2, by: 1), accepted: north)),
            ], does: ["ACCEPT 2.1 south > 2", "ACCEPT 2.1 south > 3", "ACCEPT 2.1 south > 4"],
            becomes: "proposing 2.1"),
        PaxosCase(
            "a promise to another ballot does not count", node: 0,
            asks + [from(2, .promise(one, accepted: nil)), from(3, .promise(two, accepted: nil))], does: [],
            becomes: "preparing 1.1"),
        PaxosCase(
            "a refusal leads to a higher round", node: 0, asks + [from(2, .reject(one, promised: Ballot(7, by: 2)))],
            does: ["timer retry 100", "PREPARE 8.1 > 2", "PREPARE 8.1 > 3", "PREPARE 8.1 > 4"],
            becomes: "preparing 8.1"),
        PaxosCase(
            "after a restart acceptors are asked first", node: 0, [.recovered([]), .invoked(PaxosCommand("north"))],
            does: ["timer retry 100", "QUERY  > 2", "QUERY  > 3", "QUERY  > 4"], becomes: "reading back"),
        PaxosCase(
            "and the round is higher than any they know", node: 0,
            [
                .recovered([]), .invoked(PaxosCommand("north")), from(2, .promised(.none)),
                from(3, .promised(Ballot(4, by: 2))),
            ], does: ["PREPARE 5.1 > 2", "PREPARE 5.1 > 3", "PREPARE 5.1 > 4"], becomes: "preparing 5.1"),
        PaxosCase(
            "votes of one ballot are learned", node: 0,
            asks + [from(2, .accepted(south)), from(2, .accepted(south)), from(3, .accepted(south))],
            does: [
                "chosen south", "cancel retry", "cancel back-off", "cancel take-over", "respond south",
            ], becomes: "learned south"),
        PaxosCase(
            "votes of different ballots are not added", node: 0,
            asks + [from(2, .accepted(north)), from(3, .accepted(Vote(two, "north")))], does: [],
            becomes: "preparing 1.1"),
        PaxosCase(
            "who has learned answers from memory", node: 0,
            [from(2, .accepted(south)), from(3, .accepted(south)), .invoked(PaxosCommand("north"))],
            does: ["respond south"], becomes: "learned south"),
    ]

    @Test(arguments: acceptor + proposer) func `a node does what its role says`(row: PaxosCase) {
        let (machine, effects) = row.run()
        #expect(effects == row.effects)
        #expect(machine.summary == row.summary)
    }

    @Test func `a server's own promise and vote count once they are on its disk`() {
        let row = PaxosCase(
            "", node: 0,
            [
                .started, .invoked(PaxosCommand("north")), from(1, .promise(one, accepted: nil)), done(.promised(one)),
            ], does: [], becomes: "", PaxosConfiguration(servers: 3))
        let (machine, effects) = row.run()
        #expect(effects == ["ACCEPT 1.1 north > 1", "ACCEPT 1.1 north > 2", "force accepted 1.1 north"])
        #expect(machine.summary == "proposing 1.1; accepted 1.1 north")
    }

    @Test func `of a log stay the votes, the highest promise and the highest round`() {
        var log: [PaxosRecord] = [
            .promised(one), .accepted(north), .round(1), .promised(two), .accepted(south), .round(2),
        ]
        PaxosNode.compact(&log)
        #expect(log == [.accepted(north), .accepted(south), .promised(two), .round(2)])
    }

    @Test(arguments: 1...7) func `who is asked for used ballots meets every quorum of phase 1`(acceptors: Int) {
        for size in 1...acceptors {
            var configuration = PaxosConfiguration(proposers: 1, acceptors: acceptors)
            configuration.quorums = .init(phase1: size, phase2: acceptors + 1 - size)
            let sets = (UInt64(0)..<(1 << UInt64(acceptors))).map { NodeSet(bits: $0) }
            let quorums = sets.filter { $0.count == size }
            for asked in sets where asked.count == configuration.readBackCount {
                #expect(quorums.allSatisfy { !$0.intersection(asked).isEmpty })
            }
        }
    }
}

struct NodeSetTests {
    @Test func `a set iterates in order, and knows what it holds`() {
        var set = NodeSet(2..<5)
        set.insert(NodeID(63))
        set.remove(NodeID(3))
        #expect(set.map(\.index) == [2, 4, 63])
        #expect(set.count == 3 && set.contains(NodeID(63)) && !set.contains(NodeID(3)))
        #expect(NodeSet(0..<64).count == 64)
        #expect(NodeSet(0..<3).intersection(NodeSet(2..<5)).map(\.index) == [2])
        #expect(NodeSet(0..<3).subtracting(NodeSet(2..<5)).union(NodeSet(7..<8)).map(\.index) == [0, 1, 7])
        #expect(NodeSet(1..<2).isSubset(of: NodeSet(0..<3)) && !NodeSet(0..<3).isSubset(of: NodeSet(1..<2)))
    }
}
