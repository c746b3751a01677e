import Checking
import Dispatch
import Explorer
import Messages
import Simulator
import StateMachines
import Testing

struct WorkersTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")
    private static let workers = [1, 2, 3, 4].map { count in
        Workers(count: count) { pieces, work in DispatchQueue.concurrentPerform(iterations: pieces, execute: work) }
    }

    private func results<M: Model>(
        _ model: M, _ invariants: [Invariant<M.State>], _ bounds: SearchBounds = SearchBounds()
    ) -> [SearchResult<M.Action>] {
        ([Workers.one] + Self.workers).map { workers in
            var options = SearchOptions()
            options.bounds = bounds
            var search = BreadthFirstSearch(model, invariants: invariants, options: options)
            return search.run(on: workers)
        }
    }

    private func expectEqual<Action>(_ results: [SearchResult<Action>]) {
        for result in results.dropFirst() {
            #expect(result.progress == results[0].progress)
            #expect(result.verdicts == results[0].verdicts)
            #expect(result.path == results[0].path)
            #expect(result.bound == results[0].bound)
        }
    }

    @Test func `any number of workers counts the same states`() {
        let found = results(TwoPhaseModel(count: 5), [])
        expectEqual(found)
        #expect(found[0].progress.states == 8_832)
    }

    @Test func `any number of workers finds the same shortest run`() {
        let nobodyCommits = Invariant<TwoPhaseModel.State>("nobody-commits", explanation: Self.sentence) { state in
            state.managers.contains(.committed) ? Self.sentence : nil
        }
        let found = results(TwoPhaseModel(count: 5), [nobodyCommits])
        expectEqual(found)
        #expect(found[0].path.count == 12)
    }

    @Test(arguments: [SearchBounds(), SearchBounds(states: 150), SearchBounds(depth: 9)])
    func `any number of workers walks the same ways`(bounds: SearchBounds) {
        let nobodyCommits = Invariant<TwoPhaseModel.State>("nobody-commits", explanation: Self.sentence) { state in
            state.managers.contains(.committed) ? Self.sentence : nil
        }
        for invariants in [[], [nobodyCommits]] {
            let found = ([Workers.one] + Self.workers).map { workers in
                var options = SearchOptions()
                (options.bounds, options.workers) = (bounds, workers)
                var walks = RandomWalks(TwoPhaseModel(count: 5), invariants: invariants, seed: 7, walks: 100, depth: 40)
                return walks.run(options)
            }
            expectEqual(found)
            #expect(found[0].progress.depth <= (bounds.depth ?? 40) + 1)
        }
    }

    @Test func `any number of workers stops at the same bound`() {
        let found = results(TwoPhaseModel(count: 6), [], SearchBounds(states: 20_000))
        expectEqual(found)
        #expect(found[0].bound == .states(20_000))
    }

    @Test func `memory is what the process holds, where that is known`() {
        func bound(_ heldBytes: (@Sendable () -> Int?)?, limit: Int) -> Bound? {
            var options = SearchOptions()
            options.bounds.memoryBytes = limit
            options.heldBytes = heldBytes
            var search = BreadthFirstSearch(TwoPhaseModel(count: 3), invariants: [], options: options)
            return search.run().bound
        }
        #expect(bound({ 1_001 }, limit: 1_000) == .memory(bytes: 1_000))
        #expect(bound({ 999 }, limit: 1_000) == nil)
        #expect(bound({ nil }, limit: 1_000) == .memory(bytes: 1_000))  // The tables alone take more.
        #expect(bound(nil, limit: 1 << 30) == nil)
    }

    @Test func `any number of workers judges what must come true alike`() {
        let ends = Invariant<TwoPhaseModel.State>("ends", .eventually, explanation: Self.sentence) { state in
            state.managers.allSatisfy { $0 == .committed } ? nil : Self.sentence
        }
        let found = results(TwoPhaseModel(count: 4), [ends])
        expectEqual(found)
        guard case .violated = found[0].verdicts[0] else { Issue.record("\(found[0].verdicts)"); return }
    }

    @Test func `any number of workers explores a world alike`() {
        let model = WorldModel(
            World(
                Handshake.machines(participants: 2, isHasty: true), budgets: FaultBudgets(crashes: 1, restarts: 1)),
            commands: [(NodeID(0), .init())])
        let durable = Invariant<ExploredState<Handshake>>("durable", explanation: Self.sentence) { state in
            let isLost =
                state.world.nodes[0].machine.hasCommitted
                && state.world.nodes[1...].contains { !$0.durable.contains(.voted) }
            return isLost ? Self.sentence : nil
        }
        let found = results(model, [durable])
        expectEqual(found)
        #expect(!found[0].path.isEmpty)
    }
}
