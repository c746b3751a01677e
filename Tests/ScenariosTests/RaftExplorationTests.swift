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

    /// Three servers, terms up to four, three partitions; nobody crashes, and what disturbs comes to a world at rest.
    private func exploreFigure8(_ scene: String, _ promises: [String], states: Int) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.budgets = FaultBudgets(partitions: 3)
        request.rules.isCalm = true
        request.invariants = promises
        request.stages = Self.figure8
        request.options.bounds = SearchBounds(states: states)
        return try ProtocolRegistry.named("raft").explore(request, elapsed: { .zero }, report: { _ in })
    }

    /// A leader that is cut off with an entry of its own; what becomes of it the search finds out. A debug build is helped to
    /// the next such leader.
    #if DEBUG
        static let figure8 = ["*: leader t1: | 1", "*: leader t2: | 2"]
    #else
        static let figure8 = ["*: leader t1: | 1"]
    #endif

    @Test func `the explorer finds the entry of figure 8 that was committed and is overwritten`() throws {
        let found = try exploreFigure8("figure-8-counted", ["state-machine-safety"], states: 1_000_000)
        guard case .violated(let violation) = found.verdict else {
            Issue.record("\(found.verdict), missed \(found.missedStage ?? "nothing")")
            return
        }
        #expect(violation.invariant == "state-machine-safety")
        let trace = try #require(found.trace)
        #expect(trace.events.last?.kind == .violation)
        #expect(!trace.events.contains { $0.kind == .crash })
        let decisions = trace.events.filter { $0.kind == .decide && $0.payload == "1" }.compactMap(\.label)
        #expect(Set(decisions) == ["x=1", "y=1"])
        #expect(found.steps < found.stepsFound ?? 0)
    }

    @Test func `where only entries of the own term are counted, the same search finds nothing`() throws {
        let found = try exploreFigure8("figure-8", [], states: 1_000_000)
        #expect(found.missedStage == nil)
        if case .violated(let violation) = found.verdict { Issue.record("\(violation)") }
        #expect(found.milestones.allSatisfy { $0.verdict == .holds })
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
