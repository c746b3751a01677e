import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Testing

/// What leaves work out must find what the whole search finds.
struct ReductionTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")
    private typealias Promise = Invariant<World<Handshake>>
    private static let durable = Promise("durable", explanation: sentence) { world in
        world.nodes[0].machine.hasCommitted && world.nodes[1...].contains { !$0.durable.contains(.voted) }
            ? sentence : nil
    }
    private static let commits = Promise("commits", .sometimes, explanation: sentence) { world in
        world.nodes.allSatisfy { $0.machine.hasCommitted } ? nil : sentence
    }

    private func search(
        _ machines: [Handshake], _ budgets: FaultBudgets, isReduced: Bool, rules: ExplorationRules = ExplorationRules()
    ) -> SearchResult<WorldStep<Handshake.Command>> {
        let model = WorldModel(
            World(machines, budgets: budgets), commands: [(NodeID(0), Handshake.Command())], rules: rules)
        var order = ExplorationOrder<Handshake>()
        order.options.isReduced = isReduced
        return explore(model, invariants: [Self.durable, Self.commits], order).search
    }

    static let budgets = [
        FaultBudgets(), FaultBudgets(losses: 1), FaultBudgets(duplications: 1), FaultBudgets(crashes: 1, restarts: 1),
        FaultBudgets(partitions: 1), FaultBudgets(earlyTimeouts: 2), FaultBudgets(losses: 1, crashes: 1, partitions: 1),
    ]

    @Test(arguments: budgets.indices, [false, true])
    func `the reduced search sees the same states with less work`(index: Int, isHasty: Bool) {
        let machines = Handshake.machines(participants: isHasty ? 2 : 3, isHasty: isHasty, retries: isHasty)
        let whole = search(machines, Self.budgets[index], isReduced: false)
        let reduced = search(machines, Self.budgets[index], isReduced: true)
        #expect(reduced.verdicts == whole.verdicts)
        #expect(reduced.progress.states == whole.progress.states)
        #expect(reduced.progress.depth == whole.progress.depth)
        #expect(reduced.path.count == whole.path.count)
        #expect(reduced.progress.generated < whole.progress.generated)
    }

    @Test func `a network without order is searched whole`() {
        var rules = ExplorationRules()
        rules.isOrdered = false
        let machines = Handshake.machines(participants: 2)
        let whole = search(machines, FaultBudgets(), isReduced: false, rules: rules)
        #expect(search(machines, FaultBudgets(), isReduced: true, rules: rules).progress == whole.progress)
    }

    @Test func `steps of two nodes can be exchanged, steps of one cannot`() {
        let model = WorldModel(World(Handshake.machines(participants: 2)))
        // Deliveries to nodes 0, 1 and 2 from each, then their writes.
        #expect(model.choices(independentOf: 0) == 0b110_111_111_000)
        #expect(model.choices(independentOf: 4) == 0b101_111_000_111)
        #expect(model.choices(independentOf: 11) == 0b011_000_111_111)
        #expect(model.choices(independentOf: 12) == 0)
    }
}
