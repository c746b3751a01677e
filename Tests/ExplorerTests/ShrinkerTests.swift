import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Testing

struct ShrinkerTests {
    /// Breaks when these numbers are among the events.
    private func shrinker(_ needed: [Int]) -> Shrinker<Int> {
        Shrinker { events in needed.allSatisfy(events.contains) ? events : nil }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `only what is needed is left, in its order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let events = (0..<200).map { $0 }
        var needed: [Int] = []
        for _ in 0..<Int(random.uniform(in: 1...6)) { needed.append(Int(random.uniform(in: 0...199))) }
        #expect(shrinker(needed).shrunk(events) == Set(needed).sorted(), "seed=\(seed)")
    }

    @Test func `what must go together goes together`() {
        // Broken by an even number of ones, with a nine at the end.
        var shrinker = Shrinker<Int> { events in
            events.last == 9 && events.count(where: { $0 == 1 }).isMultiple(of: 2) ? events : nil
        }
        let events = [1, 2, 1, 9]
        #expect(shrinker.shrunk(events) == [1, 1, 9])
        shrinker.groups = { events in
            let ones = events.indices.filter { events[$0] == 1 }
            return ones.count < 2 ? [] : [[ones[0], ones[1]]]
        }
        #expect(shrinker.shrunk(events) == [9])
    }

    @Test func `events become as simple as they may`() {
        var shrinker = Shrinker<Int> { events in events.contains { $0 >= 3 } ? events : nil }
        shrinker.simpler = { $0 > 0 ? $0 - 1 : nil }
        #expect(shrinker.shrunk([7, 2, 8]) == [3])
    }

    @Test func `a list that breaks nothing stays what it is`() {
        #expect(shrinker([5]).shrunk([1, 2]) == [1, 2])
    }

    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")
    private static let durable = Invariant<World<Handshake>>("durable", explanation: sentence) { world in
        world.nodes[0].machine.hasCommitted && world.nodes[1...].contains { !$0.durable.contains(.voted) }
            ? sentence : nil
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a run found at random shrinks to one from which nothing can be left out`(seed: UInt64) throws {
        let budgets = FaultBudgets(losses: 3, duplications: 3, crashes: 2, restarts: 2, partitions: 1, earlyTimeouts: 3)
        let model = WorldModel(
            World(Handshake.machines(participants: 3, isHasty: true, retries: true), budgets: budgets),
            commands: [(NodeID(0), Handshake.Command())])
        var order = ExplorationOrder<Handshake>()
        order.method = .walks(500, steps: 120, seed: seed)
        let found = explore(model, invariants: [Self.durable], order).search
        try #require(found.broken == 0, "seed=\(seed)")
        let shrinker = RunShrinker(model) { play($0, in: model, breaking: Self.durable) }
        let shrunk = shrinker.shrunk(found.path)
        let events = model.events(of: shrunk)
        #expect(play(events, in: model, breaking: Self.durable) == events, "seed=\(seed)")
        for index in events.indices {
            var fewer = events
            fewer.remove(at: index)
            #expect(play(fewer, in: model, breaking: Self.durable) == nil, "seed=\(seed), \(shrunk[index])")
        }
        // Equal but for who is hasty: in this order whoever found it.
        let told = shrunk.map { step in
            switch step.event {
            case .deliver(let name): name.node == 0 ? "asked" : "answered"
            case .completeWrite: "written"
            case .invoke: "begun"
            default: "\(step)"
            }
        }
        #expect(
            told == ["begun", "asked", "asked", "asked", "answered", "answered", "answered", "written"],
            "seed=\(seed): \(shrunk)")
        // A shortest run takes a command, two messages to each participant and back, and one write.
        #expect(shrunk.count == 8 && shrunk.allSatisfy { $0.crashAfter == nil }, "seed=\(seed): \(shrunk)")
    }

    private static let nobodyWins = Invariant<World<Campaign>>("nobody-wins", explanation: sentence) { world in
        world.nodes[0].machine.hasWon ? sentence : nil
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `rounds that came to nothing are left out, and the last one has a lower number`(seed: UInt64) throws {
        let model = WorldModel(World(Campaign.machines(voters: 2), budgets: FaultBudgets(losses: 12)))
        // Four rounds in which everything gets lost, and one that is won.
        var random = SplitMix64(seed: seed)
        var world = model.initialStates[0].world
        var observer = SilentObserver<Campaign>()
        var steps: [WorldStep<Campaign.Command>] = []
        func take(_ event: WorldEvent<Campaign.Command>) {
            let isPossible = world.apply(WorldStep(event), at: .zero, observer: &observer)
            #expect(isPossible, "seed=\(seed), \(event)")
            steps.append(WorldStep(event))
        }
        for round in 1...5 {
            take(.fireTimer(world.nodes[0].timers[0].name))
            while round < 5, !world.messages.isEmpty {
                take(.drop(world.messages[Int(random.uniform(in: 0...UInt64(world.messages.count - 1)))].name))
            }
        }
        take(.deliver(world.messages[0].name))
        take(.deliver(try #require(world.messages.first { $0.to == NodeID(0) }).name))
        #expect(world.nodes[0].machine.hasWon && steps.count == 15)
        let shrunk = RunShrinker(model) { play($0, in: model, breaking: Self.nobodyWins) }.shrunk(steps)
        #expect(shrunk.count == 3, "seed=\(seed): \(shrunk)")
    }

    @Test func `a run of three participants is told with two`() throws {
        func model(_ participants: Int) -> WorldModel<Handshake> {
            WorldModel(
                World(Handshake.machines(participants: participants, isHasty: true), budgets: FaultBudgets(crashes: 1)),
                commands: [(NodeID(0), Handshake.Command())])
        }
        var order = ExplorationOrder<Handshake>()
        order.method = .walks(500, steps: 120, seed: 1)
        let found = explore(model(3), invariants: [Self.durable], order).search.path
        for missing in 1...3 {
            let smaller = model(2)
            let fewer = FewerNodes(model(3), smaller, without: NodeID(missing)).steps(found)
            let events = smaller.events(of: fewer)
            let broken = try #require(play(events, in: smaller, breaking: Self.durable), "\(missing): \(fewer)")
            #expect(broken.count < found.count)
        }
    }

    private static let whole = Invariant<World<Handshake>>("whole", explanation: sentence) { world in
        world.links.isAnyCut && world.nodes[1].durable.contains(.voted) ? sentence : nil
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `a partition begins as late as it may`(seed: UInt64) throws {
        let model = WorldModel(
            World(Handshake.machines(participants: 2), budgets: FaultBudgets(partitions: 1)),
            commands: [(NodeID(0), Handshake.Command())])
        var order = ExplorationOrder<Handshake>()
        order.method = .walks(500, steps: 60, seed: seed)
        let found = explore(model, invariants: [Self.whole], order).search
        try #require(found.broken == 0, "seed=\(seed)")
        let shrunk = RunShrinker(model) { play($0, in: model, breaking: Self.whole) }.shrunk(found.path)
        guard case .partition = shrunk.last?.event else {
            Issue.record("seed=\(seed): \(shrunk)")
            return
        }
        #expect(shrunk.count == 4, "seed=\(seed): \(shrunk)")
    }
}
