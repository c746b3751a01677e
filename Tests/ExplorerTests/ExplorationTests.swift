import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Testing
import Traces

struct ExplorationTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")
    private typealias Promise = Invariant<World<Handshake>>

    /// Once anybody has committed, every vote stands on a disk.
    private static let votesAreDurable = Promise("votes-are-durable", explanation: sentence) { world in
        let hasCommitted = world.nodes.contains { $0.machine.hasCommitted && $0.status == .up }
        return hasCommitted && world.nodes.dropFirst().contains { !$0.durable.contains(.voted) } ? sentence : nil
    }
    private static let upNodesCommit = Promise("up-nodes-commit", .eventually, explanation: sentence) { world in
        world.nodes.allSatisfy { $0.status == .down || $0.machine.hasCommitted } ? nil : sentence
    }
    private static let someoneCommits = Promise("someone-commits", .sometimes, explanation: sentence) { world in
        world.nodes.contains { $0.machine.hasCommitted } ? nil : sentence
    }

    private func explore(
        _ machines: [Handshake], _ budgets: FaultBudgets = FaultBudgets(), _ invariants: [Invariant<World<Handshake>>],
        rules: ExplorationRules = ExplorationRules(), bounds: SearchBounds = SearchBounds()
    ) -> (search: SearchResult<WorldStep<Handshake.Command>>, trace: Trace?) {
        let model = WorldModel(
            World(machines, budgets: budgets), commands: [(NodeID(0), Handshake.Command())], rules: rules)
        var order = ExplorationOrder<Handshake>()
        order.options.bounds = bounds
        let search = Explorer.explore(model, invariants: invariants, order).search
        var plan = SimulationPlan(
            protocolName: "handshake", names: machines.indices.map { $0 == 0 ? "C" : "P\($0)" }, machines: machines)
        plan.invariants = invariants
        guard let broken = search.broken, !search.path.isEmpty, case .violated(let violation) = search.verdicts[broken]
        else { return (search, nil) }
        return (search, retell(search.path, showing: violation, of: model, as: plan).trace)
    }

    @Test func `without faults everything holds, and every state was seen`() {
        let result = explore(
            Handshake.machines(participants: 3), FaultBudgets(),
            [Self.votesAreDurable, Self.upNodesCommit, Self.someoneCommits])
        #expect(result.search.verdicts == [.holds, .holds, .holds])
        #expect(result.search.isExhaustive)
        #expect(result.search.verdict == .holds)
        #expect(result.trace == nil)
    }

    @Test func `a vote before the disk is caught by one crash, by the shortest run`() throws {
        let budgets = FaultBudgets(crashes: 1)
        let right = explore(Handshake.machines(participants: 2), budgets, [Self.votesAreDurable])
        #expect(right.search.verdict == .holds)
        let hasty = explore(Handshake.machines(participants: 2, isHasty: true), budgets, [Self.votesAreDurable])
        guard case .violated(let violation) = hasty.search.verdict else {
            Issue.record("\(hasty.search.verdict)"); return
        }
        #expect(violation.invariant == "votes-are-durable")
        // begin, 2 × PREPARE, 2 × VOTE, COMMITTED on disk: shorter is not possible, and no crash is needed.
        #expect(hasty.search.path.count == 6)
        let trace = try #require(hasty.trace)
        #expect(trace.events.last?.kind == .violation)
        #expect(trace.events.last?.label == "votes-are-durable")
        #expect(zip(trace.events, trace.events.dropFirst()).allSatisfy { $0.time <= $1.time })
        let flights = trace.events.filter { $0.kind == .receive }.map { event in
            event.time - trace.events[(event.cause ?? 1) - 1].time
        }
        #expect(flights.allSatisfy { $0 >= .milliseconds(10) })
    }

    @Test func `a crash in the middle of a broadcast leaves somebody waiting`() throws {
        var rules = ExplorationRules()
        rules.crashing = [NodeID(0)]
        let halfTold = Promise("all-or-none-told", .eventually, explanation: Self.sentence) { world in
            let told = world.nodes.dropFirst().map(\.machine.hasCommitted)
            return told.contains(true) && told.contains(false) ? Self.sentence : nil
        }
        let result = explore(
            Handshake.machines(participants: 2), FaultBudgets(crashes: 1), [halfTold], rules: rules)
        #expect(result.search.path.contains { $0.crashAfter == 1 })
        #expect(try #require(result.trace).events.contains { $0.kind == .crash })
        rules.crashesInsideSteps = false
        #expect(
            explore(Handshake.machines(participants: 2), FaultBudgets(crashes: 1), [halfTold], rules: rules).search
                .verdict
                == .holds)
    }

    @Test(arguments: [false, true])
    func `one lost message blocks the run, with and without pointless retrying`(retries: Bool) {
        let result = explore(
            Handshake.machines(participants: 2, retries: retries), FaultBudgets(losses: 1), [Self.upNodesCommit])
        guard case .violated = result.search.verdict else { Issue.record("\(result.search.verdict)"); return }
        #expect(result.search.path.contains { if case .drop = $0.event { true } else { false } })
    }

    @Test func `a partition cuts in every way, and heals`() {
        let split = Promise("never-cut", explanation: Self.sentence) { $0.links.isAnyCut ? Self.sentence : nil }
        let result = explore(Handshake.machines(participants: 2), FaultBudgets(partitions: 1), [split])
        guard case .partition(let groups) = result.search.path.last?.event else { Issue.record("no partition"); return }
        #expect(groups.flatMap { $0 }.count == 3)
        #expect(result.search.path.count == 1)
    }

    @Test func `a link is cut in one direction, and only what goes that way gets lost`() throws {
        let machines = Handshake.machines(participants: 2)
        let blocked = explore(machines, FaultBudgets(cuts: 1), [Self.upNodesCommit]).search
        let cuts = blocked.path.compactMap { step in
            if case .cut(let from, let to) = step.event { (from, to) } else { nil }
        }
        try #require(cuts.count == 1)
        let lost = Promise("back-is-open", explanation: Self.sentence) { world in
            let isOneWay =
                world.links.isCut(from: NodeID(0), to: NodeID(1)) && !world.links.isCut(from: NodeID(1), to: NodeID(0))
            return isOneWay && world.nodes[0].machine.hasCommitted ? Self.sentence : nil
        }
        let behind = explore(machines, FaultBudgets(cuts: 1), [lost]).search
        #expect(behind.path.contains { if case .cut = $0.event { true } else { false } })
        // Of three nodes each to each other, and one that has begun.
        var successors: [Successor<ExploredState<Handshake>, WorldStep<Handshake.Command>>] = []
        let model = WorldModel(World(machines, budgets: FaultBudgets(cuts: 1)))
        model.appendSuccessors(of: model.initialStates[0], to: &successors)
        #expect(successors.count == 6 && successors.allSatisfy(\.isFault))
    }

    @Test func `a node that is paused takes nothing, and may go on`() {
        let machines = Handshake.machines(participants: 2)
        let together = Promise("nobody-acts-for-another", explanation: Self.sentence) { world in
            world.nodes[1].status == .paused && world.nodes[0].machine.hasCommitted ? Self.sentence : nil
        }
        let found = explore(machines, FaultBudgets(pauses: 1), [together]).search
        #expect(found.path.contains { $0.event == .pause(NodeID(1)) })
        let asleep = Promise("asleep", explanation: Self.sentence) { world in
            world.nodes[1].status == .paused && world.nodes[1].machine.hasCommitted
                && !world.nodes[1].durable.contains(.voted)
                ? Self.sentence : nil
        }
        let wakes = Promise("wakes", .sometimes, explanation: Self.sentence) { world in
            world.budgets.pauses == 0 && world.nodes.allSatisfy { $0.isUp && $0.machine.hasCommitted }
                ? nil : Self.sentence
        }
        let whole = explore(machines, FaultBudgets(pauses: 1), [asleep, wakes, Self.votesAreDurable]).search
        #expect(whole.verdicts == [.holds, .holds, .holds])
        #expect(whole.isExhaustive)
        // Nobody may count on its going on.
        let waiting = explore(machines, FaultBudgets(pauses: 1), [Self.upNodesCommit]).search
        #expect(waiting.broken == 0)
    }

    @Test func `an unordered network has more schedules, an ordered one the same outcomes`() {
        var rules = ExplorationRules()
        let machines = Handshake.machines(participants: 2)
        let ordered = explore(machines, FaultBudgets(duplications: 1), [Self.votesAreDurable], rules: rules)
        rules.isOrdered = false
        let unordered = explore(machines, FaultBudgets(duplications: 1), [Self.votesAreDurable], rules: rules)
        #expect(ordered.search.progress.states < unordered.search.progress.states)
        #expect(ordered.search.verdict == .holds && unordered.search.verdict == .holds)
    }

    @Test func `the same search counts the same states every time`() {
        let budgets = FaultBudgets(losses: 1, duplications: 1, crashes: 1, restarts: 1)
        let machines = Handshake.machines(participants: 2)
        let first = explore(machines, budgets, [Self.votesAreDurable]).search.progress
        let second = explore(machines, budgets, [Self.votesAreDurable]).search.progress
        #expect(first == second)
    }
}
