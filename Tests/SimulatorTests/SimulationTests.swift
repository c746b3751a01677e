import Checking
import Faults
import Messages
import Simulator
import StateMachines
import Testing
import Traces

struct SimulationTests {
    @Test func `a ping is answered once it is on disk`() throws {
        let result = try Simulation.run(.pingPong())
        #expect(result.end == .quiescent)
        #expect(result.world[NodeID(0)].machine.answers == 1)
        #expect(
            result.trace.events.map(\.kind) == [
                .state, .state, .invoke, .send, .timerSet, .receive, .persist, .persisted, .send, .receive, .decide,
                .respond,
            ])
        #expect(result.trace.events.compactMap(\.state) == ["idle", "seen 0", "waiting for 0", "seen 1", "idle"])
        #expect(result.trace.events.last?.id == result.trace.events[2].id)
    }

    static let rough = ["drop 20%", "duplicate 20%", "reorder 20%", "crash S after persist SEEN 3 for 40ms"]

    @Test func `one seed gives one trace, in this process and in every other`() throws {
        var plan = try SimulationPlan.pingPong(seed: 7, pings: 20)
        plan.faults = try Self.rough.map { try Fault(parsing: $0) }
        let first = try Simulation.run(plan)
        let second = try Simulation.run(plan)
        #expect(first.trace.dump == second.trace.dump)
        #expect(first.steps == second.steps)
        // Written down once: it changes only when the meaning of seeds or the contents of traces change.
        #expect(Fingerprint(of: Array(first.trace.dump.utf8)).description == "91ae98e093c466eeb1b8ed0b2e880f21")
        plan.seed = 8
        #expect(try Simulation.run(plan).trace.dump != first.trace.dump)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `every trace is well formed`(seed: UInt64) throws {
        var plan = try SimulationPlan.pingPong(seed: seed, pings: 10)
        plan.faults = try Self.rough.map { try Fault(parsing: $0) }
        plan.network.isOrdered = seed % 2 == 0
        let result = try Simulation.run(plan)
        #expect(result.end == .quiescent, "seed=\(seed)")
        let events = result.trace.events
        let sends = Set(events.filter { $0.kind == .send }.compactMap(\.id))
        for (index, event) in events.enumerated() {
            #expect(event.order == index + 1, "seed=\(seed)")
            #expect(index == 0 || events[index - 1].time <= event.time, "seed=\(seed)")
            #expect(event.cause.map { $0 < event.order } ?? true, "seed=\(seed)")
            let fields = [
                "peer": event.peer, "id": event.id, "cause": event.cause.map(String.init), "label": event.label,
                "payload": event.payload, "state": event.state,
            ].filter { $0.value != nil }.keys
            #expect(Set(fields).isSubset(of: event.kind.reference.fields), "seed=\(seed): \(event)")
            if [.receive, .drop, .duplicate].contains(event.kind) {
                #expect(event.id.map(sends.contains) == true && event.cause != nil, "seed=\(seed)")
            }
        }
        // Every message that was sent or copied has arrived or was lost.
        let ends = events.count { $0.kind == .receive || $0.kind == .drop }
        #expect(ends == sends.count + events.count { $0.kind == .duplicate }, "seed=\(seed)")
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `links keep their order unless a fault takes it away`(seed: UInt64) throws {
        var plan = try SimulationPlan.pingPong(seed: seed)
        plan.network.jitter = plan.network.delay
        plan.commands = (0..<10).map {
            .init(at: .milliseconds($0), to: NodeID(0), PingPong.Command(number: UInt8($0)))
        }
        let received = try Simulation.run(plan).trace.events.filter { $0.kind == .receive && $0.node == "S" }
        #expect(received.map(\.time) == received.map(\.time).sorted())
        #expect(received.prefix(10).map(\.payload) == (0..<10).map { "number \($0)" }, "seed=\(seed)")
    }

    @Test func `a run stops at its limits and says so`() throws {
        var plan = try SimulationPlan.pingPong("drop PONG")
        plan.stepLimit = 20
        #expect(try Simulation.run(plan).end == .stepLimit(20))
        plan.timeLimit = .milliseconds(200)
        plan.stepLimit = 1_000
        #expect(try Simulation.run(plan).end == .timeLimit(.milliseconds(200)))
    }

    @Test func `a machine that is not deterministic is caught`() throws {
        var plan = SimulationPlan(
            protocolName: "dice", names: ["D"], machines: [Dice()],
            commands: [.init(at: .zero, to: NodeID(0), PingPong.Command(number: 0))])
        plan.checksDeterminism = true
        #expect(try Simulation.run(plan).end == .nondeterminism(node: "D"))
        plan.checksDeterminism = false
        #expect(try Simulation.run(plan).end == .quiescent)
    }
}

struct InvariantTests {
    private static func plan(_ invariant: Invariant<World<PingPong>>, _ faults: String...) throws -> SimulationPlan<
        PingPong
    > {
        var plan = try SimulationPlan.pingPong()
        plan.faults = try faults.map { try Fault(parsing: $0) }
        plan.invariants = [invariant]
        return plan
    }

    private static let name = LocalizedText("A promise.", zh: "一个约定。")
    private static let broken = LocalizedText("It is broken.", zh: "被打破了。")

    @Test func `an invariant that breaks stands in the trace, once, right after the step`() throws {
        let neverSeen = Invariant<World<PingPong>>("never-seen", explanation: Self.name) {
            $0[NodeID(1)].machine.seen.isEmpty ? nil : Self.broken
        }
        var plan = try Self.plan(neverSeen)
        let result = try Simulation.run(plan)
        let violations = result.trace.events.filter { $0.kind == .violation }
        #expect(violations.count == 1)
        #expect(violations.first?.label == "never-seen")
        #expect(violations.first?.payload == "It is broken.")
        #expect(violations.first?.node == "S")
        #expect(result.violations.first?.event == violations.first?.order)
        #expect(result.end == .quiescent)
        plan.stopsAtViolation = true
        #expect(try Simulation.run(plan).end == .violation)
        #expect(try Simulation.run(plan).trace.events.last?.kind == .violation)
    }

    @Test func `eventually is judged where nothing is left to happen, and unknown before`() throws {
        let answered = Invariant<World<PingPong>>("answered", .eventually, explanation: Self.name) {
            $0[NodeID(0)].machine.answers == 1 ? nil : Self.broken
        }
        #expect(try Simulation.run(Self.plan(answered)).verdicts == [.holds])
        let crashed = try Simulation.run(Self.plan(answered, "crash C after send PING"))
        #expect(crashed.violations.map(\.invariant) == ["answered"])
        var endless = try Self.plan(answered, "drop PONG")
        endless.timeLimit = .milliseconds(100)
        #expect(try Simulation.run(endless).verdicts == [.unknown(.virtualTime(.milliseconds(100)))])
    }

    @Test func `sometimes wants a witness`() throws {
        let seen = Invariant<World<PingPong>>("seen", .sometimes, explanation: Self.name) {
            $0[NodeID(1)].machine.seen.isEmpty ? Self.broken : nil
        }
        #expect(try Simulation.run(Self.plan(seen)).verdicts == [.holds])
        let verdict = try Simulation.run(Self.plan(seen, "crash C")).verdicts.first
        guard case .violated = verdict else { Issue.record("\(String(describing: verdict))"); return }
    }
}

struct StepModeTests {
    /// A run that has just sent its first message.
    private func begun() throws -> Simulation<PingPong> {
        var simulation = try Simulation(.pingPong())
        while simulation.world.messages.isEmpty, simulation.advance() {}
        return simulation
    }

    @Test func `what is pending can be taken out of turn`() throws {
        let simulation = try begun()
        let timer = try #require(
            simulation.pending.first { if case .event(.fireTimer) = $0.work { true } else { false } })
        var branch = simulation
        let isTaken = branch.take(timer.work)
        #expect(isTaken)
        #expect(branch.world.messages.count == 2)
        #expect(simulation.world.messages.count == 1)
        let isTakenAgain = branch.take(timer.work)
        #expect(!isTakenAgain)
        while branch.advance() {}
        #expect(branch.end == .quiescent)
        #expect(branch.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a person may inject what nothing has scheduled`() throws {
        var simulation = try begun()
        let outcomes = [
            simulation.inject(.drop(simulation.world.messages[0].name)),
            simulation.inject(.crash(NodeID(1), keeping: 0)),
            simulation.inject(.crash(NodeID(1), keeping: 0)),
        ]
        #expect(outcomes == [true, true, false])
        #expect(simulation.result.trace.events.suffix(2).map(\.kind) == [.drop, .crash])
    }
}

/// Rolls dice with the process's own randomness, as no machine may.
struct Dice: ProtocolNode {
    typealias Message = PingPong.Message
    typealias Timer = PingPong.Timer
    typealias Record = PingPong.Record
    typealias Command = PingPong.Command
    var face: UInt64 = 0
    var summary: String { "" }
    func encode(into encoder: inout CanonicalEncoder) { encoder.encode(face) }
    mutating func step(
        _ input: NodeInput<Message, Timer, Record, Command>, at now: Tick,
        into effects: inout EffectBuffer<NodeEffect<Message, Timer, Record>>
    ) {
        if case .invoked = input { face = .random(in: 1...(.max)) }
    }
}
