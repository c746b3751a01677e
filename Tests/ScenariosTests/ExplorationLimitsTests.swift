import Checking
import Explorer
import Messages
import Scenarios
import Simulator
import Testing

/// What a search says of what it came to, and of what it cannot judge.
struct ExplorationLimitsTests {
    private func explore(
        _ protocolName: String, _ scene: String, _ promises: [String] = [], budgets: FaultBudgets = FaultBudgets(),
        isCalm: Bool = false, states: Int = 1_000
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.invariants = promises
        request.rules.isCalm = isCalm
        request.options.bounds = SearchBounds(states: states)
        return try ProtocolRegistry.named(protocolName).explore(request, elapsed: { .zero }, report: { _ in })
    }

    private func milestones(_ found: SceneExploration) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: found.milestones.map { milestone, verdict in
                switch verdict {
                case .holds: (milestone.invariant, "reached")
                case .violated: (milestone.invariant, "never")
                case .unknown: (milestone.invariant, "unknown")
                }
            })
    }

    @Test func `a search tells which milestones it has passed`() throws {
        let found = try explore("two-phase-commit", "one-no-vote")
        #expect(found.isExhaustive)
        #expect(found.verdict == .holds)
        #expect(milestones(found) == ["somebody-commits": "never", "somebody-aborts": "reached"])
    }

    @Test func `a milestone that is asked for is judged like a promise`() throws {
        let found = try explore("two-phase-commit", "one-no-vote", ["somebody-commits"])
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(violation.invariant == "somebody-commits")
        #expect(found.trace == nil)
        #expect(try explore("two-phase-commit", "happy-path", ["somebody-commits"]).verdict == .holds)
    }

    @Test(arguments: [
        ("paxos", "value-chosen"), ("multi-paxos", "value-chosen"), ("raft", "leader-elected"),
        ("quorum-nwr", "client-answered"), ("base", "client-answered"),
    ])
    func `a calm network comes far with few states`(protocolName: String, milestone: String) throws {
        let scene = try ProtocolRegistry.named(protocolName).scenes[0].name
        let found = try explore(protocolName, scene, isCalm: true)
        #expect(milestones(found)[milestone] == "reached")
        #expect(!found.isExhaustive)
    }

    @Test func `promises about whole runs are named and not judged`() throws {
        let found = try explore("multi-paxos", "one-phase-1", states: 100)
        #expect(found.notJudged.map(\.invariant) == ["reads-are-current"])
        #expect(!found.verdicts.contains { $0.promise.invariant == "reads-are-current" })
        #expect(
            throws: ScenarioError.notOfStates(
                "reads-are-current",
                known: [
                    "one-entry-per-slot", "applied-is-chosen", "applied-in-order", "at-most-once", "progress",
                    "value-chosen",
                ])
        ) { try explore("multi-paxos", "one-phase-1", ["reads-are-current"]) }
    }
}
