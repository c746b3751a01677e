import Checking
import ConsensusProtocols
import Explorer
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

/// Searches of Raft. What they see is bounded by budgets, by stages and by numbers of states; a debug build searches a
/// hundred times slower than a release build.
struct RaftExplorationTests {
    #if DEBUG
        static let mostStates = 600
    #else
        static let mostStates = 150_000
    #endif

    private func explore(
        _ scene: String, _ budgets: FaultBudgets, stages: [String] = [], states: Int = mostStates
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = budgets
        request.stages = stages
        request.rules.crashesInsideSteps = false
        request.options.bounds = SearchBounds(states: states)
        return try ProtocolRegistry.named("raft").explore(request, elapsed: { .zero }, report: { _ in })
    }

    /// On the way to figure 8, each stage by a shortest way: nobody crashes, three times somebody is suspected wrongly.
    static let figure8 = [
        "S1: leader t1: | 1", "S3: candidate t2", "S3: leader t2", "S3: leader t2: | 2", "S1: follower t2",
        "S1: candidate t3", "S2: follower t3", "S1: leader t3",
    ]
    static let suspicions = FaultBudgets(earlyTimeouts: 4)

    @Test func `the explorer finds the entry of figure 8 that was committed and is overwritten`() throws {
        let found = try explore(
            "figure-8-counted", Self.suspicions,
            stages: Self.figure8 + ["S1: leader t3: 1 |", "S3: candidate t4", "S2: follower t4"], states: 20_000)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict), missed \(found.missedStage ?? "nothing")")
            return
        }
        #expect(violation.invariant == "leader-completeness")
        let trace = try #require(found.trace)
        #expect(trace.events.last?.kind == .violation)
        #expect(!trace.events.contains { $0.kind == .crash || $0.kind == .drop })
        #expect(found.steps <= found.stepsFound ?? 0)
    }

    @Test func `where only entries of the own term are counted, the same way leads to no violation`() throws {
        let found = try explore("figure-8", Self.suspicions, stages: Self.figure8)
        #expect(found.missedStage == nil)
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }

    /// The mutants whose way to the violation is short.
    static let mutants: [(scene: String, stages: [String], budgets: FaultBudgets, promise: String)] = [
        (
            "vote-forgotten", ["S1: leader t1", "S3: candidate t1"],
            FaultBudgets(crashes: 1, restarts: 1, earlyTimeouts: 2), "election-safety"
        ),
        (
            "vote-before-disk", ["S2: follower t1", "S1: leader t1", "S3: candidate t1"],
            FaultBudgets(crashes: 1, restarts: 1, earlyTimeouts: 2), "election-safety"
        ),
    ]

    @Test(arguments: mutants)
    func `the explorer finds a mutant`(
        scene: String, stages: [String], budgets: FaultBudgets, promise: String
    ) throws {
        let found = try explore(scene, budgets, stages: stages, states: 20_000)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(scene): \(found.verdict), missed \(found.missedStage ?? "nothing")")
            return
        }
        #expect(violation.invariant == promise)
    }

    @Test(arguments: ["election", "rejoin-pre-vote", "sibling-configurations", "lease", "late-snapshot"])
    func `no schedule with a crash and a false suspicion breaks a promise`(scene: String) throws {
        let found = try explore(scene, FaultBudgets(crashes: 1, restarts: 1, earlyTimeouts: 2))
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
    }
}
