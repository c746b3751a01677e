import ConsensusProtocols
import Messages
import Simulator
import StateMachines

extension ByzantineGeneralsScenes {
    @Sendable private static func one(_ traitors: Int...) -> @Sendable (Int) -> ByzantineConfiguration {
        { ByzantineConfiguration(generals: $0, tolerated: 1, traitors: traitors) }
    }

    /// The last lieutenant is the traitor.
    @Sendable private static func last(_ generals: Int) -> ByzantineConfiguration {
        ByzantineConfiguration(generals: generals, tolerated: 1, traitors: [generals - 1])
    }

    /// What the last lieutenant relays.
    private static func lastRelays(_ army: ByzantineConfiguration, _ order: (NodeID) -> BattleOrder?) -> [Lie] {
        says(army, MessengerPath(0, army.generals - 1), order)
    }

    static let threeGenerals: [Scene<ByzantineGeneral>] = [
        scene(
            "loyal-generals", ByzantineGeneralsSceneTexts.loyal, rows: "BG-2", "BG-5",
            recipe: Recipe(army: one(), expectation: { _ in .keeps(attack) }, generals: 4...10)),
        scene(
            "three-generals-lieutenant-lies", ByzantineGeneralsSceneTexts.lieutenantLies, rows: "BG-1", "BG-3",
            recipe: Recipe(
                army: one(2), lies: { army, _ in lastRelays(army) { _ in .retreat } },
                expectation: { _ in .violates("ic2") }, generals: 3...3)),
        scene(
            "three-generals-commander-lies", ByzantineGeneralsSceneTexts.commanderLies, rows: "BG-1",
            recipe: Recipe(
                army: one(0), lies: { army, _ in says(army, .commander, splits) },
                expectation: { _ in .keeps(retreat) }, generals: 3...3)),
        scene(
            "three-generals-another-rule", ByzantineGeneralsSceneTexts.obedientThree, rows: "BG-1",
            recipe: Recipe(
                army: { ByzantineConfiguration(generals: $0, tolerated: 1, traitors: [0], mutation: .obeysAtOnce) },
                lies: { army, _ in says(army, .commander, splits) },
                expectation: { _ in .violates("ic1") }, generals: 3...3)),
    ]

    static let oralScenes: [Scene<ByzantineGeneral>] = [
        scene(
            "four-generals-commander-lies", ByzantineGeneralsSceneTexts.fourCommander, rows: "BG-2", "BG-5",
            recipe: Recipe(
                army: one(0), lies: { army, _ in says(army, .commander, splits) },
                // An odd number of lieutenants has one attacker more.
                expectation: { .keeps($0 % 2 == 0 ? attack : retreat) }, generals: 4...10)),
        scene(
            "four-generals-lieutenant-lies", ByzantineGeneralsSceneTexts.fourLieutenant, rows: "BG-2", "BG-5",
            recipe: Recipe(
                army: last, lies: { army, _ in lastRelays(army) { _ in .retreat } },
                expectation: { _ in .keeps(attack) }, generals: 4...10)),
        scene(
            "silent-traitor", ByzantineGeneralsSceneTexts.silence, rows: "BG-2",
            recipe: Recipe(
                army: one(0), lies: { army, _ in says(army, .commander) { $0.index == 1 ? .attack : nil } },
                expectation: { _ in .keeps(retreat) }, generals: 4...10)),
        scene(
            "crashed-commander", ByzantineGeneralsSceneTexts.crashedCommander, rows: "BG-2",
            recipe: Recipe(
                army: one(), faults: { _ in ["crash C after send ATTACK 1"] },
                expectation: { _ in .keeps(retreat) }, generals: 4...10)),
        scene(
            "six-generals", ByzantineGeneralsSceneTexts.sixGenerals, rows: "BG-3",
            recipe: Recipe(
                army: { ByzantineConfiguration(generals: $0, tolerated: 2, traitors: [$0 - 2, $0 - 1]) },
                lies: { army, _ in LieSearch(army).firstBreakingLie()?.lies ?? [] },
                expectation: { _ in .violates("ic2") }, generals: 6...6)),
        scene(
            "seven-generals", ByzantineGeneralsSceneTexts.sevenGenerals, rows: "BG-2",
            recipe: Recipe(
                army: { ByzantineConfiguration(generals: $0, tolerated: 2, traitors: [0, $0 - 1]) },
                lies: { army, _ in
                    says(army, .commander, splits) + lastRelays(army) { splits($0)?.opposite }
                },
                expectation: { _ in .keeps(retreat) }, generals: 7...7)),
        scene(
            "any-lies", ByzantineGeneralsSceneTexts.anyLies, rows: "BG-2",
            recipe: Recipe(
                army: last,
                lies: { army, seed in
                    var dice = SplitMix64(seed: seed, stream: "lies")
                    return lastRelays(army) { _ in [.attack, .retreat, nil][Int(dice.uniform(in: 0...2))] }
                },
                expectation: { _ in .keeps(attack) }, generals: 4...10)),
        scene(
            "late-message", ByzantineGeneralsSceneTexts.lateMessage, rows: "BG-6",
            recipe: Recipe(
                army: last, lies: { army, _ in lastRelays(army) { _ in .retreat } },
                faults: { _ in ["delay ATTACK from C to L1 30ms"] },
                expectation: { _ in .violates("ic2") })),
    ]
}
