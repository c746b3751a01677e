import Checking
import Explorer
import Scenarios
import Simulator
import Testing

/// Searches of replicas that agree later.
struct StoreTests {
    private func explore(_ scene: String, _ promise: Consistency) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = FaultBudgets(earlyTimeouts: 1)
        request.invariants = [promise.rawValue]
        return try ProtocolRegistry.named("base").explore(request, elapsed: { .zero }, report: { _ in })
    }

    static let guarantees: [(Consistency, String)] = [
        (.readYourWrites, "read-your-writes"), (.monotonicWrites, "monotonic-writes"),
    ]

    @Test(arguments: guarantees)
    func `a session's vectors keep in every schedule what a change of replica breaks in one`(
        promise: Consistency, scene: String
    ) throws {
        let broken = try explore(scene + "-broken", promise)
        if case .violated(let violation) = broken.verdict {
            #expect(violation.invariant == promise.rawValue)
        } else {
            Issue.record("\(broken.verdict)")
        }
        let kept = try explore(scene, promise)
        #expect(kept.verdict == .holds)
        #expect(kept.isExhaustive)
    }
}
