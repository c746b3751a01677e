import ConsensusProtocols
import StateMachines
import Testing

/// Inputs to one general, what the last of them makes it do, and what becomes of it.
struct GeneralCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var configuration: ByzantineConfiguration
    var general: Int
    var inputs: [ByzantineGeneral.Input]
    var effects: [String]
    var summary: String

    init(
        _ name: String, _ configuration: ByzantineConfiguration, general: Int, _ inputs: [ByzantineGeneral.Input],
        does effects: [String], becomes summary: String
    ) {
        testDescription = name
        self.configuration = configuration
        self.general = general
        self.inputs = inputs
        self.effects = effects
        self.summary = summary
    }

    static func received(
        _ order: BattleOrder, _ path: Int..., isForged: Bool = false
    ) -> ByzantineGeneral.Input {
        let generals = MessengerPath(path.map { NodeID($0) })
        return .received(ByzantineMessage(order, generals, isForged: isForged), from: NodeID(path[path.count - 1]))
    }

    static func ended(_ round: Int) -> ByzantineGeneral.Input { .timerFired(ByzantineTimer(round: round)) }

    static let oral = ByzantineConfiguration(generals: 4, tolerated: 1)
    static let signed = ByzantineConfiguration(.signedMessages, generals: 3, tolerated: 1, traitors: [2])

    static let all = [
        GeneralCase(
            "a commander tells every lieutenant", oral, general: 0, [.started, .invoked(.order(.attack))],
            does: ["ATTACK C > 1", "ATTACK C > 2", "ATTACK C > 3"], becomes: "orders attack"),
        GeneralCase(
            "one order a run", oral, general: 0, [.started, .invoked(.order(.attack)), .invoked(.order(.retreat))],
            does: [], becomes: "orders attack"),
        GeneralCase(
            "a lieutenant relays when the round is over", oral, general: 1, [.started, received(.attack, 0), ended(1)],
            does: ["ATTACK C:L1 > 2", "ATTACK C:L1 > 3"], becomes: "told to attack"),
        GeneralCase(
            "silence is relayed as the default", oral, general: 1, [.started, ended(1)],
            does: ["RETREAT C:L1 > 2", "RETREAT C:L1 > 3"], becomes: ""),
        GeneralCase(
            "the first word counts", oral, general: 1,
            [.started, received(.attack, 0), received(.retreat, 0), ended(1)],
            does: ["ATTACK C:L1 > 2", "ATTACK C:L1 > 3"], becomes: "told to attack"),
        GeneralCase(
            "nobody speaks for others", oral, general: 1,
            [
                .started,
                .received(ByzantineMessage(.attack, MessengerPath(0)), from: NodeID(2)), received(.attack, 2),
                received(.attack, 0, 1), received(.attack, 0, 2, 3), received(.attack, 0, 0), ended(1),
            ], does: ["RETREAT C:L1 > 2", "RETREAT C:L1 > 3"], becomes: ""),
        GeneralCase(
            "two of three", oral, general: 1,
            [.started, received(.attack, 0), ended(1), received(.retreat, 0, 2), received(.attack, 0, 3), ended(2)],
            does: ["order attack"], becomes: "attacks"),
        GeneralCase(
            "too late", oral, general: 1, [.started, ended(1), received(.attack, 0)],
            does: ["note too late: attack C"], becomes: ""),
        GeneralCase(
            "after a crash", oral, general: 1, [.recovered([]), received(.attack, 0)], does: [], becomes: "lost"),
        GeneralCase(
            "a loyal general does not lie", oral, general: 1,
            [.started, .invoked(.lie(.init(.attack, MessengerPath(0, 1), to: NodeID(2))))], does: [], becomes: ""),
        GeneralCase(
            "a signed order is passed on signed", signed, general: 1, [.started, received(.attack, 0), ended(1)],
            does: ["ATTACK C:L1 > 2"], becomes: "signed: attack"),
        GeneralCase(
            "a forged one is thrown away", signed, general: 1, [.started, received(.retreat, 0, 2, isForged: true)],
            does: ["note forged: retreat C:L2"], becomes: ""),
        GeneralCase(
            "two orders are none", signed, general: 1,
            [.started, received(.attack, 0), ended(1), received(.retreat, 0, 2), ended(2)],
            does: ["order retreat"], becomes: "retreats"),
        GeneralCase(
            "a traitor passes on what it was given", signed, general: 2,
            [.started, received(.attack, 0), .invoked(.lie(.init(.attack, MessengerPath(0, 2), to: NodeID(1))))],
            does: ["ATTACK C:L2 > 1"], becomes: "traitor"),
        GeneralCase(
            "it cannot sign for somebody loyal", signed, general: 2,
            [.started, received(.attack, 0), .invoked(.lie(.init(.retreat, MessengerPath(0, 2), to: NodeID(1))))],
            does: ["RETREAT C:L2, forged > 1"], becomes: "traitor"),
        GeneralCase(
            "nor speak in another's name", signed, general: 2,
            [.started, .invoked(.lie(.init(.retreat, MessengerPath(0), to: NodeID(1))))], does: [], becomes: "traitor"),
    ]
}

struct ByzantineGeneralTests {
    @Test(arguments: GeneralCase.all)
    func `a general does what the paper says`(row: GeneralCase) {
        var general = ByzantineGeneral(NodeID(row.general), row.configuration)
        var effects = EffectBuffer<ByzantineGeneral.Effect>()
        for input in row.inputs {
            effects.removeAll()
            general.step(input, at: .zero, into: &effects)
        }
        let done = effects.elements.compactMap { effect in
            switch effect {
            case .send(let message, let to): "\(message.label) \(message.detail) > \(to.index)"
            case .announce(.decided(let subject, let outcome)): "\(subject) \(outcome)"
            case .announce(.noted(let text)): "note \(text)"
            default: nil as String?
            }
        }
        #expect(done == row.effects)
        #expect(general.summary == row.summary)
    }
}
