import Checking
import Faults
import Messages
import Simulator
import StateMachines
import Testing
import Traces

struct ReplayTests {
    private static let sentence = LocalizedText("A promise.", zh: "一个约定。")

    private func plan(seed: UInt64 = 3) throws -> SimulationPlan<PingPong> {
        var plan = try SimulationPlan.pingPong(
            "drop 20%", "duplicate 20%", "reorder 20%", "crash S after send PONG 3 for 40ms", "skew C +5ms at 60ms",
            "partition C|S at 300ms for 30ms", "one-way S>C at 400ms for 20ms", "pause C at 500ms for 20ms",
            "lose-unsynced S after persist SEEN 6 for 30ms", seed: seed, pings: 12)
        plan.invariants = [
            Invariant("no-third-answer", explanation: Self.sentence) { world in
                world[NodeID(0)].machine.answers < 3 ? nil : Self.sentence
            }
        ]
        return plan
    }

    private func recorded(seed: UInt64 = 3) throws -> (ReplayFile, SimulationResult<PingPong>) {
        let plan = try plan(seed: seed)
        let result = try Simulation.run(plan)
        let file = ReplayFile(
            of: result.steps, plan: plan, outcome: .violated(invariant: "no-third-answer"), toolVersion: "test")
        return (file, result)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a replay gives the same trace without seed and script`(seed: UInt64) throws {
        let (file, result) = try recorded(seed: seed)
        var bare = try plan(seed: seed)
        bare.faults = []
        let trace = try file.play(bare)
        // Only a fault's cause is lost: a replay knows that a node crashed, not what somebody waited for.
        func withoutCauses(_ trace: Trace) -> [Event] {
            trace.events.map { event in
                var event = event
                event.cause = nil
                return event
            }
        }
        #expect(withoutCauses(trace) == withoutCauses(result.trace), "seed=\(seed)")
    }

    @Test func `every step reads back as it was written`() throws {
        let (file, result) = try recorded()
        let text = StepText(try plan())
        #expect(file.entries.map { text.step(from: $0.event) } == result.steps.map(\.step))
        let kinds = Set(file.entries.map { String($0.event.prefix { $0 != " " }) })
        #expect(
            kinds.isSuperset(of: [
                "start", "deliver", "drop", "duplicate", "fire", "persisted", "invoke", "restart", "partition", "heal",
                "one-way", "skew", "pause", "resume",
            ]))
        #expect(file.entries.contains { $0.event.contains(" crash-after ") })
    }

    @Test(arguments: [
        "", "deliver", "deliver X.0.1.0", "deliver C.0.1", "deliver C.0.1.0~", "deliver C.0.1.99999999", "fly C",
        "crash C keeping", "crash C keeping 0", "crash X", "invoke C 99", "invoke C", "partition C", "one-way C",
        "skew C",
        "heal C", "start C crash-after -1", "deliver C.99999.1.0", "deliver C.0.99999999.0", "deliver C.0.1.0~300",
    ])
    func `what is no step is refused`(text: String) throws {
        #expect(try StepText(plan()).step(from: text) == nil)
    }

    private func failure(
        _ plan: SimulationPlan<PingPong>, after change: (inout ReplayFile) -> Void
    ) throws -> ReplayFailure? {
        var (file, _) = try recorded()
        change(&file)
        return #expect(throws: ReplayFailure.self) { try file.play(plan) }
    }

    @Test func `a divergence is told with its event and the difference`() throws {
        let plan = try plan()
        let (original, _) = try recorded()
        let seen = try #require(original.entries.firstIndex { $0.state == "seen 1" })

        #expect(try failure(plan) { $0.entries[4].fingerprint.low ^= 1 }?.entry == 5)
        let other = try failure(plan) { $0.entries[seen].state = "seen 7" }
        #expect(other?.problem == .otherState(node: "S", recorded: "seen 7", here: "seen 1"))
        #expect(other?.message.english.contains("event \(seen + 1), ‘\(original.entries[seen].event)’") == true)
        #expect(try failure(plan) { $0.entries.remove(at: 0) }?.entry == 1)
        #expect(try failure(plan) { $0.entries[2].event = "deliver C.0.77.0" }?.problem == .impossible)
        #expect(try failure(plan) { $0.entries[2].event = "fly" }?.problem == .unreadable)
        #expect(
            try failure(plan) { $0.header.nodes = ["C", "X"] }?.problem
                == .otherNodes(recorded: ["C", "X"], here: ["C", "S"]))
        var mended = plan
        mended.invariants = [Invariant("no-third-answer", explanation: Self.sentence) { _ in nil }]
        #expect(try failure(mended) { _ in }?.problem == .otherOutcome(recorded: "no-third-answer", here: []))
    }

    @Test(arguments: ["C.0.1.0", "node-1.3.200.17", "a.b.0.1.2~3"])
    func `causal names read back`(text: String) throws {
        let names = ["C", "node-1", "a.b"]
        #expect(try #require(CausalName(text, names: names)).text(names) == text)
    }
}
