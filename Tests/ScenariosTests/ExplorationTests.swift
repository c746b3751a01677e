import Checking
import Explorer
import Scenarios
import Simulator
import Testing
import Traces

struct ExplorationTests {
    /// Debug builds search a hundred times slower; there the larger searches stop early, and must at least find nothing.
    #if DEBUG
        static let mostStates = 1_000
    #else
        static let mostStates = 150_000
    #endif

    private func explore(
        _ scene: String, _ budgets: FaultBudgets, states: Int = mostStates, promise: String? = nil
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.options.bounds = SearchBounds(states: states)
        request.invariants = promise.map { [$0] } ?? []
        return try ProtocolRegistry.named("two-phase-commit").explore(request, elapsed: { .zero }, report: { _ in })
    }

    @Test(arguments: [
        "happy-path", "one-no-vote", "participant-timeout", "cooperative-commit", "locks-in-the-way",
        "presumed-abort-crash", "presumed-abort-reader", "presumed-commit", "decentralised", "backup-takes-over",
    ])
    func `no schedule with one crash breaks a promise`(scene: String) throws {
        let found = try explore(scene, FaultBudgets(crashes: 1, restarts: 1))
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
        if case .unknown = found.verdict { #expect(found.progress.states > Self.mostStates) }
    }

    @Test(arguments: ["happy-path", "cooperative-commit", "presumed-commit", "backup-takes-over"])
    func `no loss, copy or false suspicion breaks a promise`(scene: String) throws {
        let found = try explore(
            scene, FaultBudgets(losses: 1, duplications: 1, crashes: 1, restarts: 1, earlyTimeouts: 1))
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }

    /// These need more schedules than a debug build can search in a test.
    #if DEBUG
        static let rareMutants: [(String, String, FaultBudgets)] = []
    #else
        static let rareMutants: [(String, String, FaultBudgets)] = [
            ("backup-trusts-silence", "atomicity", FaultBudgets(crashes: 2)),
            ("decentralised-lossy-links", "atomicity", FaultBudgets(losses: 3)),
            ("backup-ignores-commit", "atomicity", FaultBudgets(crashes: 2)),
            ("commit-then-forward", "atomicity", FaultBudgets(crashes: 3)),
        ]
    #endif

    static let mutants: [(String, String, FaultBudgets)] = [
        ("vote-before-disk", "validity", FaultBudgets(crashes: 1)),
        ("decision-before-disk", "atomicity", FaultBudgets(crashes: 1, restarts: 1)),
        ("acknowledge-before-disk", "atomicity", FaultBudgets(crashes: 1, restarts: 1)),
        ("heuristic-abort", "atomicity", FaultBudgets(crashes: 1)),
        ("presumed-commit-without-collecting", "validity", FaultBudgets(crashes: 1, restarts: 1)),
    ]

    @Test(arguments: mutants + rareMutants)
    func `the explorer finds every mutant by itself`(scene: String, promise: String, budgets: FaultBudgets) throws {
        let found = try explore(scene, budgets, states: 60_000)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict)")
            return
        }
        #expect(violation.invariant == promise)
        let trace = try #require(found.trace)
        #expect(trace.events.last?.kind == .violation)
    }

    @Test func `one crash is enough to make everyone wait`() throws {
        let found = try explore("happy-path", FaultBudgets(crashes: 1), states: 60_000, promise: Progress.name)
        guard case .violated = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
    }

    @Test func `two searches find the same`() throws {
        let budgets = FaultBudgets(crashes: 1, restarts: 1)
        let first = try explore("decision-before-disk", budgets)
        let second = try explore("decision-before-disk", budgets)
        #expect(first.trace == second.trace)
        #expect(first.progress == second.progress)
    }

    @Test func `an unknown promise is answered with the known ones`() {
        #expect(throws: ScenarioError.self) { _ = try explore("happy-path", FaultBudgets(), promise: "atomicty") }
    }
}
