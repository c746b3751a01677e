import ConsensusProtocols
import Messages
import Simulator
import StateMachines

extension ByzantineGeneralsScenes {
    private static func signed(
        _ tolerated: Int, traitors: [Int], mutation: ByzantineMutation? = nil
    ) -> @Sendable (Int) -> ByzantineConfiguration {
        {
            ByzantineConfiguration(
                .signedMessages, generals: $0, tolerated: tolerated, traitors: traitors, mutation: mutation)
        }
    }

    /// L2 says to L1 that the commander has ordered to retreat.
    @Sendable private static func forgery(_ army: ByzantineConfiguration, _ seed: UInt64) -> [Lie] {
        [Lie(.retreat, MessengerPath(0, 2), to: NodeID(1))]
    }

    static let signedScenes: [Scene<ByzantineGeneral>] = [
        scene(
            "signed-commander-lies", ByzantineGeneralsSceneTexts.signedCommander, rows: "BG-4",
            recipe: Recipe(
                army: signed(1, traitors: [0]), lies: { army, _ in says(army, .commander, splits) },
                expectation: { _ in .keeps(retreat) }, generals: 3...10)),
        scene(
            "signed-forgery", ByzantineGeneralsSceneTexts.signedForgery, rows: "BG-4",
            recipe: Recipe(
                army: signed(1, traitors: [2]), lies: forgery, expectation: { _ in .keeps(attack) },
                generals: 3...10)),
        scene(
            "signed-league", ByzantineGeneralsSceneTexts.signedLeague, rows: "BG-4",
            recipe: Recipe(
                army: signed(2, traitors: [0, 3]),
                lies: { army, _ in
                    says(army, .commander) { $0.index == 3 ? nil : .attack }
                        + [Lie(.retreat, MessengerPath(0, 3), to: NodeID(1))]
                },
                expectation: { _ in .keeps(retreat) }, generals: 4...10)),
    ]

    static let mutantScenes: [Scene<ByzantineGeneral>] = [
        scene(
            "obeys-at-once", ByzantineGeneralsSceneTexts.mutantObeys, rows: "BG-2",
            recipe: Recipe(
                army: { ByzantineConfiguration(generals: $0, tolerated: 1, traitors: [0], mutation: .obeysAtOnce) },
                lies: { army, _ in says(army, .commander, splits) },
                expectation: { _ in .violates("ic1") }, generals: 4...10)),
        scene(
            "ignores-its-own-order", ByzantineGeneralsSceneTexts.mutantOwnOrder, rows: "BG-2",
            recipe: Recipe(
                army: {
                    ByzantineConfiguration(
                        generals: $0, tolerated: 1, traitors: [$0 - 1], mutation: .ignoresItsOwnOrder)
                },
                lies: { army, _ in says(army, MessengerPath(0, army.generals - 1)) { _ in .retreat } },
                expectation: { _ in .violates("ic2") })),
        scene(
            "trusts-forged-signatures", ByzantineGeneralsSceneTexts.mutantForgery, rows: "BG-4",
            recipe: Recipe(
                army: signed(1, traitors: [2], mutation: .trustsForgedSignatures), lies: forgery,
                expectation: { _ in .violates("ic2") }, generals: 3...10)),
        scene(
            "accepts-late-orders", ByzantineGeneralsSceneTexts.mutantLate, rows: "BG-4",
            recipe: Recipe(
                army: signed(1, traitors: [0], mutation: .acceptsLateOrders),
                lies: { army, _ in says(army, .commander) { _ in .attack } },
                late: { _ in [(2, Lie(.retreat, .commander, to: NodeID(1)))] },
                expectation: { _ in .violates("ic1") }, generals: 3...10)),
    ]
}
