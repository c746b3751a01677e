import Checking
import Explorer
import Messages
import Scenarios
import Simulator
import Testing
import Traces

/// Paxos Commit and try-confirm-cancel, searched and told.
struct CommitProtocolTests {
    private func explore(
        _ protocolName: String, _ scene: String, _ budgets: FaultBudgets, isOrdered: Bool = true,
        states: Int = 20_000
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.rules.isOrdered = isOrdered
        request.options.bounds = SearchBounds(states: states)
        return try ProtocolRegistry.named(protocolName).explore(request, elapsed: { .zero }, report: { _ in })
    }

    @Test(arguments: [
        ("paxos-commit", "without-spare", FaultBudgets(crashes: 1, restarts: 1)),
        ("paxos-commit", "happy-path", FaultBudgets(crashes: 1)),
        ("paxos-commit", "happy-path", FaultBudgets(partitions: 1)),
        ("paxos-commit", "happy-path", FaultBudgets(losses: 1, earlyTimeouts: 1)),
        ("tcc", "happy-path", FaultBudgets(crashes: 1, restarts: 1)),
        ("tcc", "happy-path", FaultBudgets(losses: 1, duplications: 1)),
    ])
    func `no schedule breaks a promise`(protocolName: String, scene: String, budgets: FaultBudgets) throws {
        let found = try explore(protocolName, scene, budgets, states: ExplorationTests.mostStates)
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }

    /// Each mutant with the faults that are enough to break the promise that it is about.
    static let mutants: [(String, String, String, FaultBudgets)] = [
        ("tcc", "cancels-blindly", "conservation", FaultBudgets(losses: 1)),
        ("tcc", "confirms-twice", "conservation", FaultBudgets(duplications: 1)),
        ("tcc", "confirm-before-disk", "atomicity", FaultBudgets(crashes: 1, restarts: 1)),
        ("tcc", "confirm-too-late", "atomicity", FaultBudgets(earlyTimeouts: 1)),
    ]

    @Test(arguments: mutants)
    func `the explorer finds mutants by itself`(
        protocolName: String, scene: String, promise: String, budgets: FaultBudgets
    ) throws {
        let found = try explore(protocolName, scene, budgets)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict)")
            return
        }
        #expect(violation.invariant == promise)
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(protocolName: String, scene: String, words: [String])] = [
        ("paxos-commit", "coordinator-crash", ["PHASE-1A", "PHASE-1B", "PHASE-2A", "PHASE-2B", "COMMIT"]),
        ("paxos-commit", "false-suspicion", ["PHASE-1A", "ballot 1"]),
        ("paxos-commit", "missing-vote", ["PHASE-2A", "ABORT"]), ("paxos-commit", "one-no-vote", ["ABORTED"]),
        ("tcc", "empty-cancel", ["cancel without a try", "CANCELLED"]),
        ("tcc", "late-try", ["cancelled before: no try any more", "REFUSED"]),
        ("tcc", "confirm-too-late", ["the reservation expires", "told to confirm tx 1 after cancel"]),
        ("tcc", "reserves-nothing", ["cannot confirm: a would fall below 0"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(protocolName: String, scene: String, words: [String]) throws {
        let run = try ProtocolRegistry.named(protocolName).run(SceneRequest(scene))
        let labels = Set(run.trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }

    @Test func `Paxos Commit with F = 0 sends and writes what two-phase commit does`() throws {
        let spare = try ProtocolRegistry.named("paxos-commit").run(SceneRequest("without-spare"))
        let two = try ProtocolRegistry.named("two-phase-commit").run(SceneRequest("happy-path", participants: 2))
        func count(_ run: SceneRun, _ kind: EventKind, _ labels: [String]) -> Int {
            run.trace.events.count { $0.kind == kind && labels.contains($0.label ?? "") }
        }
        #expect(count(spare, .send, ["PREPARE"]) == count(two, .send, ["PREPARE"]))
        #expect(count(spare, .send, ["PREPARED"]) == count(two, .send, ["YES"]))
        #expect(count(spare, .send, ["COMMIT"]) == count(two, .send, ["COMMIT"]))
        // One forced write at each resource manager before its vote, one at the coordinator before the first COMMIT.
        #expect(count(spare, .persisted, ["prepared", "accepted"]) == 3)
        #expect(count(two, .persisted, ["prepared"]) == 2)
    }

    @Test(arguments: ["paxos-commit", "tcc", "three-phase-commit"])
    func `machines speak Chinese to who reads it`(protocolName: String) throws {
        let entry = try ProtocolRegistry.named(protocolName)
        for scene in entry.scenes {
            let run = try entry.run(SceneRequest(scene.name, language: .chinese))
            let said = run.trace.events.flatMap { [$0.state, $0.kind == .state || $0.kind == .note ? $0.label : nil] }
            let english = said.compactMap(\.self).filter { text in
                text.split { !$0.isLetter || !$0.isASCII }.contains {
                    $0.count > 2 && $0.contains(where: \.isLowercase)
                }
            }
            #expect(english == [], "\(scene.name)")
        }
    }
}
