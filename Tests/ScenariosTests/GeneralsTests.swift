import Checking
import ConsensusProtocols
import Explorer
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

struct GeneralsTests {
    private func run(_ scene: String, seed: UInt64 = 1) throws -> SceneRun {
        try ProtocolRegistry.named("byzantine-generals").run(SceneRequest(scene, seed: seed))
    }

    private func explore(
        _ protocolName: String, _ scene: String, participants: Int? = nil, budgets: FaultBudgets = FaultBudgets()
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.participants = participants
        request.budgets = budgets
        return try ProtocolRegistry.named(protocolName).explore(request, elapsed: { .zero }, report: { _ in })
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("byzantine-generals").scenes.flatMap(\.rows))
        #expect(shown == Set((1...6).map { "BG-\($0)" }))
    }

    /// What makes it impossible: L1 hears the same in both pictures.
    @Test func `the two pictures of three generals look the same to one of them`() throws {
        func heard(_ scene: String) throws -> [String?] {
            try run(scene).trace.events.filter { $0.kind == .receive && $0.node == "L1" }.map(\.label)
        }
        let first = try heard("three-generals-lieutenant-lies")
        #expect(first == ["ATTACK C", "RETREAT C:L2"])
        #expect(try heard("three-generals-commander-lies") == first)
    }

    @Test func `seven generals send as many messages as the paper counts`() throws {
        let sent = try run("loyal-generals").trace.events.count { $0.kind == .send }
        #expect(sent == 3 + 6)
        let lies = try run("seven-generals").trace.events.count { $0.kind == .send }
        // The traitor among the lieutenants relays nothing in the last round, to four others on each of five paths.
        #expect(lies == 6 + 30 + 120 - 20)
    }

    @Test func `dice of another seed tell other lies`() throws {
        let lies = try (UInt64(1)...8).map { seed in
            try run("any-lies", seed: seed).trace.events.filter { $0.kind == .send && $0.node == "L3" }.map(\.label)
        }
        #expect(Set(lies).count > 3)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `lies that a seed has told are repeated from a file`(seed: UInt64) throws {
        let run = try run("any-lies", seed: seed)
        let again = try ProtocolRegistry.named("byzantine-generals").replay(run.replay(), language: .english)
        #expect(again.trace.events == run.trace.events)
    }

    /// Every lie of the alphabet, by scene; whether one of them breaks something, and what.
    static let searches: [(scene: String, participants: Int, broken: String?)] = [
        ("three-generals-lieutenant-lies", 3, "ic2"), ("three-generals-commander-lies", 3, nil),
        ("three-generals-another-rule", 3, "ic1"), ("four-generals-commander-lies", 4, nil),
        ("four-generals-lieutenant-lies", 4, nil), ("four-generals-commander-lies", 5, nil),
        ("signed-commander-lies", 3, nil), ("signed-forgery", 3, nil), ("signed-commander-lies", 4, nil),
        ("silent-traitor", 4, nil),
        ("obeys-at-once", 4, "ic1"), ("ignores-its-own-order", 4, "ic2"), ("trusts-forged-signatures", 3, "ic2"),
        ("accepts-late-orders", 3, "ic1"),
    ]

    @Test(arguments: searches)
    func `a search tries every lie`(scene: String, participants: Int, broken: String?) throws {
        let found = try explore("byzantine-generals", scene, participants: participants)
        if let broken {
            guard case .violated(let violation) = found.verdict else {
                Issue.record("\(scene): \(found.verdict), \(found.progress.states) states")
                return
            }
            #expect(violation.invariant == broken)
            #expect(found.trace?.events.contains { $0.kind == .violation } == true)
            let makeFile = try #require(found.replay)
            let again = try ProtocolRegistry.named("byzantine-generals").replay(makeFile(), language: .english)
            #expect(again.trace.events == found.trace?.events)
        } else {
            #expect(found.verdict == .holds && found.isExhaustive, "\(found.verdict)")
        }
    }

    @Test func `a crash instead of a lie is borne, both together are not promised anything`() throws {
        let budgets = FaultBudgets(crashes: 1, restarts: 1)
        #expect(
            try explore("byzantine-generals", "loyal-generals", participants: 4, budgets: budgets).verdict == .holds)
    }

    @Test(arguments: 1...8)
    func `a search finds the last messenger`(messengers: Int) throws {
        let found = try explore(
            "two-generals", "all-arrive", participants: messengers, budgets: FaultBudgets(losses: 1))
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(violation.invariant == "agreement")
        let lost = found.trace?.events.filter { $0.kind == .drop }.map(\.label)
        #expect(lost == ["M\(messengers)"])
    }

    /// Every pair of thresholds, every loss: useless, foolish, or somebody attacks alone.
    @Test(arguments: 1...5)
    func `a search breaks every rule`(messengers: Int) throws {
        let expected = TwoGeneralsConfiguration.expected(messengers)
        for a in 0...expected[0] {
            for b in 1...max(1, expected[1]) {
                let plan = TwoGeneralsConfiguration(messengers: messengers, wanted: [a, b])
                let world = World(TwoGeneralsNode.nodes(plan), budgets: FaultBudgets(losses: 1))
                let model = WorldModel(world, commands: [(NodeID(0), .propose)])
                let finding = Explorer.explore(
                    model, invariants: TwoGeneralsScenes.invariants, ExplorationOrder<TwoGeneralsNode>())
                guard case .violated(let violation) = finding.search.verdict else {
                    Issue.record("\(messengers) messengers, A wants \(a), B wants \(b): \(finding.search.verdict)")
                    continue
                }
                #expect(violation.invariant == "agreement")
            }
        }
    }
}
