import ConsensusProtocols
import StateMachines
import Testing

/// Who is a traitor, up to exchanging lieutenants, and whether OM(m) then keeps its promises.
struct Army: CustomTestStringConvertible, Sendable {
    var generals: Int
    var tolerated: Int
    var traitors: [Int]
    var isSafe: Bool
    var mutation: ByzantineMutation?
    var testDescription: String { "\(generals) generals, OM(\(tolerated)), traitors \(traitors)" }

    init(
        _ generals: Int, _ tolerated: Int, traitors: [Int], isSafe: Bool, mutation: ByzantineMutation? = nil
    ) {
        (self.generals, self.tolerated, self.traitors, self.isSafe) = (generals, tolerated, traitors, isSafe)
        self.mutation = mutation
    }

    var configuration: ByzantineConfiguration {
        ByzantineConfiguration(generals: generals, tolerated: tolerated, traitors: traitors, mutation: mutation)
    }

    static let all = [
        Army(3, 1, traitors: [0], isSafe: true), Army(3, 1, traitors: [2], isSafe: false),
        Army(4, 1, traitors: [0], isSafe: true), Army(4, 1, traitors: [3], isSafe: true),
        Army(5, 1, traitors: [0], isSafe: true), Army(5, 1, traitors: [4], isSafe: true),
        Army(6, 2, traitors: [0, 5], isSafe: true), Army(6, 2, traitors: [4, 5], isSafe: false),
        Army(7, 2, traitors: [0, 6], isSafe: true), Army(7, 2, traitors: [5, 6], isSafe: true),
        Army(7, 2, traitors: [0], isSafe: true), Army(7, 2, traitors: [6], isSafe: true),
        Army(4, 1, traitors: [0, 3], isSafe: false), Army(7, 1, traitors: [0, 6], isSafe: false),
        Army(4, 1, traitors: [0], isSafe: false, mutation: .obeysAtOnce),
        Army(4, 1, traitors: [3], isSafe: false, mutation: .ignoresItsOwnOrder),
    ]
}

struct LieSearchTests {
    @Test(arguments: Army.all)
    func `lies break exactly what the theorem says`(army: Army) {
        let finding = LieSearch(army.configuration).firstBreakingLie()
        #expect((finding == nil) == army.isSafe, "\(finding.map { "\($0)" } ?? "no lie")")
    }

    /// The search never runs a machine, so machines may contradict it.
    @Test(arguments: Army.all.filter { !$0.isSafe })
    func `the lies found break the promise of real generals`(army: Army) throws {
        let finding = try #require(LieSearch(army.configuration).firstBreakingLie())
        let played = Synchrony.play(army.configuration, order: finding.order, lies: finding.lies)
        for decision in finding.decisions { #expect(played[decision.general.index].decision == decision.order) }
    }

    /// The twin that has no shortcut: every lie of one traitor to everyone, each played by machines.
    @Test(arguments: Army.all.filter { $0.tolerated == 1 && $0.generals <= 4 && $0.traitors.count == 1 })
    func `every lie played out says the same`(army: Army) {
        let configuration = army.configuration
        var isBroken = false
        let orders: [BattleOrder?] = army.traitors == [0] ? [nil] : [.attack, .retreat]
        for order in orders {
            for lies in Self.choices(configuration) {
                let played = Synchrony.play(configuration, order: order, lies: lies)
                let decisions = Set(
                    played.filter { !$0.isTraitor && $0.id != ByzantineConfiguration.commander }.map(\.decision))
                if decisions.count > 1 || order != nil && decisions != [order] { isBroken = true }
            }
        }
        #expect(isBroken == !army.isSafe)
    }

    /// Each slot attack, retreat or silence.
    static func choices(_ configuration: ByzantineConfiguration) -> [[ByzantineCommand.Lie]] {
        let traitor = configuration.traitors[0]
        let path = traitor.index == 0 ? MessengerPath(0) : MessengerPath(0, traitor.index)
        return configuration.lieutenants.filter { !path.contains($0) }.reduce([[]]) { found, receiver in
            found.flatMap { lies in
                [lies] + BattleOrder.allCases.map { lies + [ByzantineCommand.Lie($0, path, to: receiver)] }
            }
        }
    }

    @Test func `a whole exchange takes as many messages as the paper counts`() {
        for (generals, tolerated) in [(3, 1), (4, 1), (7, 2), (10, 3)] {
            let configuration = ByzantineConfiguration(generals: generals, tolerated: tolerated)
            var counts: [Int] = []
            _ = Synchrony.play(configuration, order: .attack, lies: []) { counts.append($0) }
            #expect(counts == configuration.oralMessageCounts)
        }
        #expect(ByzantineConfiguration(generals: 7, tolerated: 2).oralMessageCounts == [6, 30, 120])
    }
}

/// Generals in lockstep: everything that is sent in a round arrives in it.
enum Synchrony {
    static func play(
        _ configuration: ByzantineConfiguration, order: BattleOrder?, lies: [ByzantineCommand.Lie],
        sent: (Int) -> Void = { _ in }
    ) -> [ByzantineGeneral] {
        var generals = ByzantineGeneral.nodes(configuration)
        var effects = EffectBuffer<ByzantineGeneral.Effect>()
        var queue: [(from: NodeID, to: NodeID, message: ByzantineMessage)] = []
        func step(_ general: Int, _ input: ByzantineGeneral.Input) {
            generals[general].step(input, at: .zero, into: &effects)
            while let effect = effects.popFirst() {
                if case .send(let message, let to) = effect { queue.append((NodeID(general), to, message)) }
            }
        }
        for general in generals.indices { step(general, .started) }
        if let order { step(0, .invoked(.order(order))) }
        for round in 1...configuration.rounds {
            for lie in lies where lie.path.length == round {
                step(lie.path.generals[round - 1].index, .invoked(.lie(lie)))
            }
            var count = 0
            while !queue.isEmpty {
                let next = queue.removeFirst()
                count += 1
                step(next.to.index, .received(next.message, from: next.from))
            }
            sent(count)
            for general in generals.indices { step(general, .timerFired(ByzantineTimer(round: round))) }
        }
        return generals
    }
}
