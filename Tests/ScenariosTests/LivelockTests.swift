import Checking
import Explorer
import Scenarios
import Simulator
import Testing
import Traces

/// A cycle counts as a livelock only when nothing waits for ever in it.
struct LivelockTests {
    private func explore(
        _ name: String, _ scene: String, _ budgets: FaultBudgets, states: Int = 20_000
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.invariants = [Progress.name]
        request.budgets = budgets
        request.options.bounds = SearchBounds(states: states)
        request.options.findsCycles = true
        return try ProtocolRegistry.named(name).explore(request, elapsed: { .zero }, report: { _ in })
    }

    /// A participant asks and asks, and is told that nothing is decided: but the timer with which the coordinator waits for
    /// votes is running all the while, and ends it.
    @Test(arguments: ["happy-path", "presumed-abort-crash", "presumed-abort-reader", "presumed-commit"])
    func `who asks again and again while a timer is running is no livelock`(scene: String) throws {
        let found = try explore("two-phase-commit", scene, FaultBudgets(losses: 1))
        #expect(found.verdict == .holds, "\(found.verdict)")
        #expect(found.isExhaustive && found.progress.states > 100, "\(found.progress)")
    }

    @Test func `where nobody's timer ends it, waiting is no livelock either, but the end of the run`() throws {
        let found = try explore("two-phase-commit", "happy-path", FaultBudgets(crashes: 1))
        guard case .violated = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(found.trace?.events.contains { $0.kind == .crash } == true)
    }
}
