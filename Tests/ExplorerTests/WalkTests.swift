import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Testing

struct WalkTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")

    private func walk(
        _ invariant: Invariant<TwoPhaseModel.State>, seed: UInt64 = 1, walks: Int = 200, depth: Int = 40
    ) -> SearchResult<TwoPhaseModel.Action> {
        var walks = RandomWalks(
            TwoPhaseModel(count: 3), invariants: [invariant], seed: seed, walks: walks, depth: depth)
        return walks.run()
    }

    private static let nobodyCommits = Invariant<TwoPhaseModel.State>("nobody-commits", explanation: sentence) {
        $0.managers.contains(.committed) ? sentence : nil
    }

    @Test func `a walk finds what can be broken, and says how`() {
        let result = walk(Self.nobodyCommits)
        #expect(result.broken == 0)
        #expect(result.path.last.map { if case .managerCommits = $0 { true } else { false } } == true)
        #expect(!result.isExhaustive)
    }

    @Test func `everything follows from the seed`() {
        let (first, second, third) = (
            walk(Self.nobodyCommits), walk(Self.nobodyCommits), walk(Self.nobodyCommits, seed: 2)
        )
        #expect(first.path == second.path && first.progress == second.progress)
        #expect(first.path != third.path)
    }

    @Test func `siblings are judged, too`() {
        // One step from everywhere leads to an abort, so that a walk of one step sees it whatever it chooses.
        let nobodyAborts = Invariant<TwoPhaseModel.State>("nobody-aborts", explanation: Self.sentence) {
            $0.managers.contains(.aborted) ? Self.sentence : nil
        }
        for seed in 1...10 as ClosedRange<UInt64> {
            #expect(walk(nobodyAborts, seed: seed, walks: 1, depth: 1).path.count == 1, "seed=\(seed)")
        }
    }

    @Test func `what walks do not find is not known`() {
        let nothing = Invariant<TwoPhaseModel.State>("nothing", explanation: Self.sentence) { _ in nil }
        let result = walk(nothing)
        #expect(result.verdicts == [.unknown(.depth(40))])
        #expect(result.progress.states <= 288 && result.progress.states > 100)
    }

    @Test func `walks keep to the bounds of a search`() {
        let nothing = Invariant<TwoPhaseModel.State>("nothing", explanation: Self.sentence) { _ in nil }
        func walk(_ change: (inout SearchOptions) -> Void, elapsed: Duration = .zero) -> SearchResult<
            TwoPhaseModel.Action
        > {
            var options = SearchOptions()
            change(&options)
            var walks = RandomWalks(TwoPhaseModel(count: 5), invariants: [nothing], seed: 1, walks: 500, depth: 40)
            return walks.run(options, elapsed: { elapsed })
        }
        let few = walk { $0.bounds.states = 100 }
        #expect(few.bound == .states(100) && (101...400).contains(few.progress.states), "\(few.progress)")
        let short = walk { $0.bounds.depth = 4 }
        #expect(short.bound == .depth(4) && short.progress.depth == 5)
        #expect(walk { $0.bounds.memoryBytes = 50_000 }.bound == .memory(bytes: 50_000))
        #expect(walk({ $0.bounds.elapsed = .seconds(5) }, elapsed: .seconds(6)).bound == .elapsed(milliseconds: 5_000))
    }

    @Test func `a stage is reached by a shortest way, and the search goes on from there`() throws {
        let model = TwoPhaseModel(count: 3)
        let start = model.initialStates[0]
        let reached = stage(
            model, from: start, to: { $0.managers.allSatisfy { $0 == .prepared } }, options: SearchOptions())
        let state = try #require(reached.found)
        #expect(reached.search.path.count == 3)
        #expect(state.managers == [.prepared, .prepared, .prepared])
        var search = BreadthFirstSearch(ContinuedModel(model, from: state), invariants: [Self.nobodyCommits])
        #expect(search.run().path.count == 5)
        #expect(
            stage(model, from: state, to: { $0.managers.contains(.working) }, options: SearchOptions()).found == nil)
    }

    @Test func `stages of a world`() {
        let model = WorldModel(
            World(Handshake.machines(participants: 2, isHasty: true), budgets: FaultBudgets(crashes: 1)),
            commands: [(NodeID(0), Handshake.Command())])
        let durable = Invariant<World<Handshake>>("durable", explanation: Self.sentence) { world in
            world.nodes[0].machine.hasCommitted && world.nodes[1...].contains { !$0.durable.contains(.voted) }
                ? Self.sentence : nil
        }
        var order = ExplorationOrder<Handshake>()
        order.stages = [{ $0.nodes[1].machine.hasVoted }, { $0.nodes[2].machine.hasVoted }]
        let finding = explore(model, invariants: [durable], order)
        #expect(finding.missedStage == nil && finding.prefix.count == 3)
        let run = model.events(of: finding.prefix + finding.search.path)
        #expect(play(run, in: model, breaking: durable) == run)
        order.stages.append { $0.nodes.count == 9 }
        let missed = explore(model, invariants: [durable], order)
        #expect(missed.missedStage == 2)
        #expect(missed.search.verdicts.count == 1 && !missed.search.isExhaustive)
    }
}
