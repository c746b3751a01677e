import Checking
import Explorer
import Messages
import Scenarios
import Simulator
import Testing
import Traces

struct PaxosSceneTests {
    private func run(_ scene: String, _ language: Language = .english) throws -> SceneRun {
        try ProtocolRegistry.named("paxos").run(SceneRequest(scene, language: language))
    }

    @Test func `every corner case has a scene`() throws {
        let shown = Set(try ProtocolRegistry.named("paxos").scenes.flatMap(\.rows))
        #expect(shown == Set((1...11).map { "PX-\($0)" }))
    }

    /// Which words must be seen in a scene for its story to be true.
    static let words: [(scene: String, words: [String])] = [
        ("late-proposer-adopts", ["PROMISE 1.2, has 1.1 north", "ACCEPT 1.2 north"]),
        ("adopts-highest", ["PROMISE 1.3, has 1.1 north", "PROMISE 1.3, has 1.2 south", "ACCEPT 1.3 south"]),
        ("adopts-first-report", ["PROMISE 1.3, has 1.1 north", "PROMISE 1.3, has 1.2 south", "ACCEPT 1.3 north"]),
        ("adopts-most-reported", ["PROMISE 1.3, has 1.2 south", "ACCEPT 1.3 north"]),
        ("duelling-proposers", ["REJECT 1.1, promised 1.2", "PREPARE 4.1"]),
        ("back-off", ["REJECT 1.1, promised 1.2", "ACCEPTED 1.2 south"]),
        ("distinguished-proposer", ["REQUEST south"]),
        ("distinguished-proposer-dies", ["take-over", "PREPARE 1.2"]),
        ("remembers-vote", ["PROMISE 1.2, has 1.1 north"]),
        ("forgets-vote", ["PROMISE 1.2", "ACCEPTED 1.2 south"]),
        ("late-accept", ["REJECT 1.1, promised 1.2"]),
        ("round-read-back", ["QUERY", "PROMISED 1.1", "PREPARE 2.1"]),
        ("round-on-disk", ["round 1", "round 2", "PREPARE 2.1"]),
        ("chosen-but-unknown", ["PROMISE 1.2, has 1.1 north", "ACCEPT 1.2 north"]),
        ("distinguished-learners", ["CHOSEN north"]),
        ("late-promise", ["PREPARE 2.1", "PREPARE 3.1", "ACCEPT 3.1 south"]),
    ]

    @Test(arguments: words)
    func `a scene shows what its story tells`(scene: String, words: [String]) throws {
        let labels = Set(try run(scene).trace.events.compactMap(\.label))
        for word in words { #expect(labels.contains(word), "\(scene): \(labels.sorted())") }
    }

    @Test func `nodes speak Chinese to who reads it`() throws {
        let states = try run("adopts-highest", .chinese).trace.events.compactMap(\.state)
        #expect(states.contains("已承诺 1.3，已接受 1.2 south"))
        #expect(states.contains("已获知 south"))
    }

    /// Stages lead near the mistake; the explorer finds the rest.
    static let mutants: [(scene: String, promise: String, budgets: FaultBudgets, stages: [String])] = [
        (
            "keeps-own-value", "at-most-one-chosen", FaultBudgets(),
            ["P1: proposing", "P1: learned north", "P2: proposing"]
        ),
        (
            "accepts-without-test", "at-most-one-chosen", FaultBudgets(),
            ["P1: proposing 1.1", "P2: proposing 1.2", "P1: learned south"]
        ),
        (
            "forgets-vote", "at-most-one-chosen", FaultBudgets(crashes: 1, restarts: 1),
            [
                "P1: proposing 1.1", "A1: accepted", "A2: accepted", "P1: learned north", "A2: promised 1.1",
                "P2: preparing", "A2: promised 1.2", "A3: promised 1.2", "P2: proposing 1.2",
            ]
        ),
        ("answers-before-disk", "learned-is-chosen", FaultBudgets(), ["P1: proposing 1.1"]),
        ("shared-ballots", "one-value-per-ballot", FaultBudgets(), ["P1: proposing", "P2: proposing"]),
        ("counts-duplicates", "learned-is-chosen", FaultBudgets(duplications: 2), ["P1: proposing 1.1"]),
        ("invents-value", "only-proposed-values", FaultBudgets(), []),
        (
            "halves-of-four", "at-most-one-chosen", FaultBudgets(),
            [
                "P1: proposing 1.1", "A4: promised 1.2", "A3: promised 1.2", "P2: proposing 1.2", "A1: accepted 1.1",
                "A2: accepted 1.1", "A3: accepted 1.2",
            ]
        ),
    ]

    @Test(arguments: mutants)
    func `the explorer finds a mutant, and leaves nothing in its run that is not needed`(
        scene: String, promise: String, budgets: FaultBudgets, stages: [String]
    ) throws {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.stages = stages
        request.options.bounds = SearchBounds(states: 30_000)
        request.options.isReduced = true
        let found = try ProtocolRegistry.named("paxos").explore(request, elapsed: { .zero }, report: { _ in })
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict), \(found.missedStage ?? "")"); return
        }
        #expect(violation.invariant == promise)
        #expect(try #require(found.trace).events.last?.kind == .violation)
    }
}
