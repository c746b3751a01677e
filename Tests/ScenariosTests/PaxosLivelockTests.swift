import Checking
import Explorer
import Foundation
import Messages
import Scenarios
import Simulator
import Testing
import TraceFiles
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

    /// A debug build needs seconds for three.
    #if DEBUG
        static let acceptors = [2]
    #else
        static let acceptors = [2, 3]
    #endif

    @Test(arguments: acceptors)
    func `so they can before several acceptors, each of which hears every ballot`(acceptors: Int) throws {
        let found = try explore("duelling-proposers", acceptors: acceptors, states: 200_000)
        guard case .violated = found.verdict else { Issue.record("\(found.verdict)"); return }
        #expect(found.cycle == 10 * acceptors)
        let trace = try #require(found.trace)
        let begin = try #require(trace.events.firstIndex { $0.kind == .note })
        for acceptor in 1...acceptors {
            let heard = trace.events[begin...].filter { $0.node == "A\(acceptor)" && $0.kind == .receive }.compactMap(
                \.label)
            #expect(heard.contains { $0.hasPrefix("PREPARE") } && heard.contains { $0.hasPrefix("ACCEPT") }, "\(heard)")
        }
    }

    @Test func `its file repeats it, lap and all, and nothing else counts as a lap`() throws {
        let found = try explore("duelling-proposers", acceptors: 1)
        let record = try #require(found.replay)
        let file = record()
        let read = try ReplayCoding.decode(Data(ReplayCoding.encode(file)), name: "duel.replay")
        #expect(read.entries == file.entries && read.outcome == file.outcome && read.cycle == 10)
        let paxos = try ProtocolRegistry.named("paxos")
        let replay: SceneReplay = try paxos.replay(read, language: .english)
        #expect(replay.cycle == 10)
        #expect(replay.trace.events.count { $0.kind == .note } == 1)
        let violation = try #require(replay.trace.events.last)
        #expect(violation.kind == .violation && violation.label == Progress.name, "\(violation)")
        #expect(violation.payload?.hasPrefix("10 events lead back") == true, "\(violation)")
        var shorter = read
        shorter.entries.removeLast()
        shorter.cycle = 9
        let cut = shorter
        let failure = #expect(throws: ReplayFailure.self) { _ = try paxos.replay(cut, language: .english) }
        #expect(failure?.problem == .noLap(events: 9))
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
