import Faults
import Simulator
import StateMachines
import Testing
import Traces

struct FaultTests {
    private func run(_ faults: String..., pings: UInt8 = 1) throws -> SimulationResult<PingPong> {
        var plan = try SimulationPlan.pingPong(pings: pings)
        plan.faults = try faults.map { try Fault(parsing: $0, in: .simulated(nodes: plan.names)) }
        return try Simulation.run(plan)
    }

    private func count(_ kind: EventKind, _ label: String? = nil, in result: SimulationResult<PingPong>) -> Int {
        result.trace.events.count { $0.kind == kind && (label == nil || $0.label == label) }
    }

    @Test func `only the first ping is lost and the retry comes through`() throws {
        let result = try run("drop PING 1")
        #expect(count(.send, "PING", in: result) == 2)
        #expect(count(.drop, "PING", in: result) == 1)
        #expect(result.world[NodeID(0)].machine.answers == 1)
        let drop = try #require(result.trace.events.first { $0.kind == .drop })
        let send = try #require(result.trace.events.first { $0.kind == .send })
        #expect(drop.id == send.id)
        #expect(drop.cause == send.order)
        #expect(drop.time > send.time)
    }

    @Test func `a dropped label without a number is lost every time`() throws {
        var plan = try SimulationPlan.pingPong("drop PONG")
        plan.timeLimit = .milliseconds(480)
        let result = try Simulation.run(plan)
        #expect(result.end == .timeLimit(.milliseconds(480)))
        #expect(count(.drop, "PONG", in: result) == 10)
        #expect(result.world[NodeID(0)].machine.answers == 0)
    }

    @Test func `a crash after a send happens in the middle of the step`() throws {
        let result = try run("crash C after send PING 1")
        let kinds = result.trace.events.map(\.kind)
        let send = try #require(kinds.firstIndex(of: .send))
        #expect(kinds[send + 1] == .crash)
        #expect(count(.timerSet, in: result) == 0)
        #expect(result.world[NodeID(0)].status == .down)
        #expect(count(.drop, "PONG", in: result) == 1)
    }

    @Test func `what was asked but not persisted is lost, and the retry is served after the restart`() throws {
        let result = try run("crash S after persist SEEN for 20ms")
        let crash = try #require(result.trace.events.first { $0.kind == .crash })
        #expect(crash.payload == "1 unsynced record lost")
        #expect(count(.persist, in: result) == 2)
        #expect(count(.restart, in: result) == 1)
        #expect(result.world[NodeID(1)].durable.count == 1)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `what was persisted survives, so the answer comes from the log`() throws {
        let result = try run("crash S after persisted SEEN", "restart S at 30ms")
        #expect(count(.persist, in: result) == 1)
        #expect(result.trace.events.first { $0.kind == .restart }?.label == "recovered 1 record")
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a crash before handling a message swallows it`() throws {
        let result = try run("crash S after receive PING 1 from C for 10ms")
        #expect(count(.persist, in: result) == 1)
        #expect(count(.receive, "PING", in: result) == 2)
    }

    @Test func `a paused node does everything later, in order`() throws {
        let result = try run("pause S at 5ms for 25ms")
        let receive = try #require(result.trace.events.first { $0.kind == .receive })
        #expect(receive.time == .milliseconds(30))
        #expect(count(.send, "PING", in: result) == 1)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a partition swallows messages until it heals`() throws {
        let result = try run("partition C|S at 0ms for 60ms")
        #expect(result.trace.events.first { $0.kind == .partition }?.label == "C|S")
        #expect(count(.heal, in: result) == 1)
        #expect(count(.drop, "PING", in: result) == 2)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a message that arrives while the link is cut is lost too`() throws {
        let result = try run("isolate S at 5ms for 10ms")
        #expect(count(.drop, "PING", in: result) == 1)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `one way only, the other direction works`() throws {
        var plan = try SimulationPlan.pingPong("one-way S>C for 30ms")
        plan.checksDeterminism = true
        let result = try Simulation.run(plan)
        #expect(result.trace.events.first { $0.kind == .partition }?.label == "S>C")
        #expect(count(.drop, "PONG", in: result) == 1)
        #expect(count(.receive, "PING", in: result) == 2)
        #expect(count(.persist, in: result) == 1)
    }

    @Test func `overlapping link faults end one by one`() throws {
        let result = try run("one-way C>S for 100ms", "isolate S for 10ms")
        #expect(count(.drop, "PING", in: result) == 2)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a skewed clock fires its timers early`() throws {
        let result = try run("delay PING 1 200ms", "skew C +40ms at 5ms")
        let fire = try #require(result.trace.events.first { $0.kind == .timerFire })
        #expect(fire.time == .milliseconds(10))
        #expect(result.trace.events.first { $0.kind == .skew }?.label == "+40ms")
    }

    @Test func `a clock put back fires its timers late`() throws {
        let result = try run("delay PING 1 200ms", "skew C -40ms at 5ms")
        #expect(result.trace.events.first { $0.kind == .timerFire }?.time == .milliseconds(90))
    }

    @Test func `a duplicate is answered twice and taken once`() throws {
        let result = try run("duplicate PING")
        #expect(count(.duplicate, "PING", in: result) == 1)
        #expect(count(.receive, "PING", in: result) == 2)
        #expect(result.world[NodeID(0)].machine.answers == 1)
        let duplicate = try #require(result.trace.events.first { $0.kind == .duplicate })
        let second = try #require(result.trace.events.last { $0.kind == .receive && $0.label == "PING" })
        #expect(second.cause == duplicate.order)
        #expect(second.id == duplicate.id)
    }

    @Test func `a lost reply means that the request took effect`() throws {
        let result = try run("lose-reply C")
        #expect(count(.drop, "PONG", in: result) == 1)
        #expect(count(.persist, in: result) == 1)
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a delayed message leaves the order of its link`() throws {
        let result = try run("delay PING 1 80ms")
        let sent = result.trace.events.filter { $0.kind == .send && $0.label == "PING" }.map(\.id)
        let received = result.trace.events.filter { $0.kind == .receive && $0.label == "PING" }.map(\.id)
        #expect(sent.count == 2)
        #expect(received == sent.reversed())
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }

    @Test func `a reordered message is overtaken`() throws {
        var plan = try SimulationPlan.pingPong("reorder PING 1")
        plan.commands += [.init(at: .milliseconds(1), to: NodeID(0), PingPong.Command(number: 1))]
        let result = try Simulation.run(plan)
        let received = result.trace.events.filter { $0.kind == .receive && $0.label == "PING" }.map(\.payload)
        #expect(received == ["number 1", "number 0"])
    }

    @Test func `a condition that never comes true is told`() throws {
        let result = try run("crash S after receive NOTHING")
        #expect(result.unusedFaults.map(\.description) == ["crash S after receive NOTHING"])
    }

    @Test func `faults of one link change no other`() throws {
        func plan(_ faults: String...) throws -> SimulationPlan<PingPong> {
            var plan = SimulationPlan<PingPong>(
                protocolName: "ping-pong", names: ["C", "S", "D"],
                machines: [.client, .server, .client],
                commands: (0..<40).map { number in
                    SimulationPlan.ScheduledCommand(
                        at: .milliseconds(UInt64(number) * 30), to: NodeID(number % 2 * 2),
                        PingPong.Command(number: UInt8(number)))
                })
            plan.faults = try faults.map { try Fault(parsing: $0) }
            return plan
        }
        func pingsFromD(_ result: SimulationResult<PingPong>) -> [Tick] {
            result.trace.events.filter { $0.kind == .receive && $0.peer == "D" }.map(\.time)
        }
        let quiet = try Simulation.run(plan("drop 30% from D"))
        let noisy = try Simulation.run(plan("drop 30% from D", "drop 50% from C", "duplicate 50% from C"))
        #expect(pingsFromD(quiet) == pingsFromD(noisy))
        #expect(pingsFromD(quiet).count > 10)
        #expect(quiet.trace != noisy.trace)
    }

    @Test func `unknown nodes and sessions are refused`() throws {
        var plan = try SimulationPlan.pingPong()
        plan.faults = [Fault(.crash("X"))]
        #expect(throws: SimulationError.unknownNode("X", fault: "crash X", known: ["C", "S"])) {
            try Simulation.run(plan)
        }
        plan.faults = [Fault(.expireSession("1"))]
        #expect(throws: SimulationError.self) { try Simulation.run(plan) }
    }
}
