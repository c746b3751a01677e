import Checking
import Explorer
import Messages
import Scenarios
import Simulator
import Testing
import Traces

struct ThreePhaseCommitTests {
    private func explore(
        _ scene: String, _ budgets: FaultBudgets, states: Int = 20_000,
        walks: Int? = nil, of protocolName: String = "three-phase-commit"
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.options.bounds = SearchBounds(states: states)
        if let walks { request.method = .walks(walks, steps: 200, seed: 1) }
        return try ProtocolRegistry.named(protocolName).explore(request, elapsed: { .zero }, report: { _ in })
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("three-phase-commit").scenes.flatMap(\.rows))
        #expect(shown == Set((1...6).map { "3PC-\($0)" }))
    }

    /// One partition, or one timer that is too early, is enough; no node fails.
    static let broken: [(String, FaultBudgets)] = [
        ("notes-partition", FaultBudgets(partitions: 1)), ("partition", FaultBudgets(partitions: 1)),
        ("notes-crash-between", FaultBudgets(crashes: 1)), ("false-suspicion", FaultBudgets(earlyTimeouts: 2)),
    ]

    @Test(arguments: broken)
    func `the explorer breaks atomicity by itself`(scene: String, budgets: FaultBudgets) throws {
        let found = try explore(scene, budgets)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict)")
            return
        }
        #expect(violation.invariant == "atomicity")
        let trace = try #require(found.trace)
        #expect(trace.events.last?.kind == .violation)
        #expect(!trace.events.contains { $0.kind == .crash } || budgets.crashes > 0)
        #expect(found.steps < 25)
    }

    @Test func `a run that was found by chance is shrunk to what matters`() throws {
        let found = try explore("notes-partition", FaultBudgets(partitions: 1), walks: 300)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict)")
            return
        }
        #expect(violation.invariant == "atomicity")
        let before = try #require(found.stepsFound)
        #expect(found.steps < before, "\(before) steps shrunk to \(found.steps)")
    }

    @Test(arguments: [("two-phase-commit", "partition"), ("three-phase-commit", "quorum-commit")])
    func `the same partition only blocks two-phase commit and quorums`(protocolName: String, scene: String) throws {
        let found = try explore(scene, FaultBudgets(partitions: 1), states: 3_000, of: protocolName)
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }

    /// One crash: with two, the clocks of two nodes that are left may disagree about who is silent, and a search tries that.
    @Test(arguments: [
        ("termination-commits", FaultBudgets(crashes: 1, restarts: 1)),
        ("quorum-commit", FaultBudgets(crashes: 1, restarts: 1)),
        ("quorum-commit", FaultBudgets(losses: 1, earlyTimeouts: 1)),
    ])
    func `no schedule without partitions or false suspicions breaks a promise`(
        scene: String, budgets: FaultBudgets
    ) throws {
        let found = try explore(scene, budgets, states: ExplorationTests.mostStates)
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }

    static let mutants: [(String, String, FaultBudgets)] = [
        ("no-buffer-state", "atomicity", FaultBudgets(crashes: 1)),
        ("silence-is-yes", "validity", FaultBudgets(losses: 1)),
        ("unlocks-early", "lock-durability", FaultBudgets()),
    ]

    @Test(arguments: mutants)
    func `the explorer finds mutants by itself`(scene: String, promise: String, budgets: FaultBudgets) throws {
        let found = try explore(scene, budgets)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict)")
            return
        }
        #expect(violation.invariant == promise)
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(scene: String, words: [String])] = [
        ("termination-commits", ["ELECT", "STATE-REQ", "PRE-COMMITTED", "somebody is pre-committed"]),
        ("termination-aborts", ["UNCERTAIN", "all are uncertain: abort"]),
        ("termination-relays", ["UNCERTAIN", "somebody is pre-committed"]),
        ("total-failure", ["RECOVERING", "the last to fail are back"]),
        ("quorum-partition", ["PRE-ABORT", "no quorum: wait"]), ("quorum-commit", ["PRE-COMMIT", "DO-COMMIT"]),
        ("participant-crash", ["INQUIRE"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(scene: String, words: [String]) throws {
        let run = try ProtocolRegistry.named("three-phase-commit").run(SceneRequest(scene))
        let labels = Set(run.trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }
}
