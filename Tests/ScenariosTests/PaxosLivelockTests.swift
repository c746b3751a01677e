import Checking
import Explorer
import Scenarios
import Simulator
import Testing
import Traces

/// Duelling proposers, found by the explorer on the machines that the scenes run.
struct PaxosLivelockTests {
    private func explore(
        _ scene: String, acceptors: Int, findsCycles: Bool = true, states: Int = 20_000
    ) throws -> SceneExploration {
        var request = ExplorationRequest(scene)
        request.participants = acceptors
        request.invariants = [Progress.name]
        request.budgets = FaultBudgets()
        request.options.bounds = SearchBounds(states: states)
        request.options.findsCycles = findsCycles
        return try ProtocolRegistry.named("paxos").explore(request, elapsed: { .zero }, report: { _ in })
    }

    @Test func `two persistent proposers can go on for ever: a cycle of ten events, without any fault`() throws {
        let found = try explore("duelling-proposers", acceptors: 1)
        guard case .violated(let violation) = found.verdict else { Issue.record("\(found.verdict)"); return }
        #expect(violation.invariant == Progress.name)
        #expect(found.cycle == 10)
        let trace = try #require(found.trace)
        #expect(trace.events.count { $0.kind == .note } == 1)
        // Each lap kills one ACCEPT of each proposer by a higher promise.
        #expect(
            Set(trace.events.compactMap(\.label)).isSuperset(of: [
                "REJECT 1.2, promised 2.1", "REJECT 2.1, promised 3.2",
            ]))
        #expect(!trace.events.contains { [.drop, .crash, .partition, .duplicate].contains($0.kind) })
    }

    @Test func `whoever counts ballots by their size finds no cycle, and no end`() throws {
        let found = try explore("duelling-proposers", acceptors: 1, findsCycles: false, states: 3_000)
        #expect(found.verdict == .unknown(.states(3_000)))
    }

    @Test(arguments: ["back-off", "distinguished-proposer"])
    func `who waits when refused, or lets one propose, comes to an end in every schedule`(scene: String) throws {
        let found = try explore(scene, acceptors: 1)
        #expect(found.verdict == .holds, "\(found.progress)")
        #expect(found.isExhaustive)
    }
}
