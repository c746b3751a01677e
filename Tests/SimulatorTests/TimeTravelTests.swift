import Checking
import Faults
import Messages
import Simulator
import StateMachines
import Testing
import Traces

struct TimeTravelTests {
    typealias Travel = TimeTravel<PingPong>

    /// Everything that can happen to a run of two nodes, drawn by chance.
    private func move(in travel: Travel, _ random: inout SplitMix64) throws -> Travel.Move {
        let pending = travel.simulation.pending
        func pick(_ count: Int) -> Int { Int(random.uniform(in: 0...UInt64(count - 1))) }
        switch random.uniform(in: 0...9) {
        case 0...3: return .next
        case 4...6:
            guard !pending.isEmpty else { return .next }
            return .take(pending[pick(pending.count)].work)
        case 7:
            let messages = travel.simulation.world.messages
            guard !messages.isEmpty else { return .next }
            let name = messages[pick(messages.count)].name
            return .inject(random.chance(partsPerMillion: 500_000) ? .drop(name) : .duplicate(name))
        default:
            let faults = [
                "crash S", "restart S", "pause C for 20ms", "isolate S for 30ms", "skew C +5ms", "drop 30% for 100ms",
                "crash S after send PONG for 10ms", "partition C|S", "heal", "delay PING 40ms for 90ms", "resume C",
                "lose-reply C", "reorder 50% for 50ms", "duplicate 50% for 50ms", "one-way S>C for 20ms",
                "lose-unsynced S after persist SEEN for 10ms", "crash C at 300ms", "restart C at 320ms",
            ]
            return .fault(try Fault(parsing: faults[pick(faults.count)], in: .simulated(nodes: ["C", "S"])))
        }
    }

    private func begin(seed: UInt64) throws -> Travel {
        try Travel(.pingPong(seed: seed, pings: 6), mainBranch: "main")
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `a moment is the same however one comes there`(seed: UInt64) throws {
        var (travel, random) = (try begin(seed: seed), SplitMix64(seed: seed, stream: "moves"))
        var seen: [Int: String] = [0: ""]
        for _ in 0..<120 {
            let choice = try move(in: travel, &random)
            if try travel.make(choice) { seen[travel.here] = travel.simulation.trace.dump }
            switch random.uniform(in: 0...11) {
            case 0: _ = try travel.goBack(Int(random.uniform(in: 1...50)))
            case 1: _ = try travel.goForward()
            case 2: try travel.goToBranch(Int(random.uniform(in: 0...UInt64(travel.branches.count - 1))))
            case 3 where travel.branches.count < 12: try travel.fork()
            default: break
            }
            #expect(travel.simulation.trace.dump == seen[travel.here], "seed=\(seed) at \(travel.here)")
        }
        // Every branch once more, by its decisions alone.
        for (position, branch) in travel.branches.enumerated() {
            try travel.goToBranch(position)
            var again = try begin(seed: seed)
            for moment in travel.way(to: branch.tip).dropFirst() {
                let decision = try #require(travel.moments[moment].move)
                #expect(try again.make(decision))
            }
            #expect(again.simulation.trace == travel.simulation.trace, "seed=\(seed) branch \(branch.name)")
            #expect(again.simulation.world == travel.simulation.world)
        }
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `a saved branch is taken up again`(seed: UInt64) throws {
        var (travel, random) = (try begin(seed: seed), SplitMix64(seed: seed, stream: "moves"))
        while travel.moment.depth < 60, !travel.moment.isOver {
            _ = try travel.make(try move(in: travel, &random))
        }
        let steps = travel.simulation.steps
        let file = ReplayFile(
            of: steps, plan: travel.simulation.plan, outcome: .holds, toolVersion: "test")
        let text = StepText(travel.simulation.plan)
        var bare = try SimulationPlan.pingPong(seed: seed, pings: 6)
        bare.checksDeterminism = true
        var loaded = try Travel(bare, mainBranch: "main")
        let recorded = try file.entries.map { entry in
            TimedStep(time: entry.time, step: try #require(text.step(from: entry.event)))
        }
        #expect(try loaded.add(recorded, asBranch: "loaded") == steps.count, "seed=\(seed)")
        #expect(loaded.simulation.world == travel.simulation.world)
        #expect(loaded.simulation.steps == steps)
        // It goes on, and every command comes once.
        while !loaded.moment.isOver { _ = try loaded.make(.next) }
        #expect(loaded.simulation.trace.events.count { $0.kind == .invoke } <= 6)
    }

    @Test func `another decision begins a branch, the same goes on along it`() throws {
        var travel = try begin(seed: 1)
        for _ in 0..<8 { #expect(try travel.make(.next)) }
        let tip = travel.here
        #expect(try travel.goBack(3))
        #expect(travel.moment.depth == 5)
        #expect(try travel.make(.next))
        #expect(travel.branches.count == 1)
        #expect(try travel.make(.fault(Fault(.crash("S")))))
        #expect(travel.branches.map(\.name) == ["main", "2"])
        let origin = try #require(travel.branches[1].origin)
        #expect(origin.branch == 0)
        #expect(origin.moment == travel.moment.parent)
        try travel.goToBranch(0)
        #expect(travel.here == tip)
        #expect(try travel.goBack(100))
        #expect(travel.here == 0)
        #expect(try !travel.goBack())
        #expect(try travel.goForward())
        try travel.fork(named: "what if")
        #expect(throws: BranchError.nameTaken("main")) { try travel.fork(named: "main") }
        #expect(try travel.make(.fault(Fault(.isolate("S")))))
        #expect(try travel.make(.fault(Fault(.heal))))
        #expect(try !travel.make(.fault(Fault(.heal))))
        #expect(try !travel.goForward())
        #expect(travel.branchTree.map(\.branch) == [0, 1, 2])
        #expect(travel.branchTree.map(\.level) == [0, 1, 1])
    }

    @Test func `what has to wait cannot be taken`() throws {
        var travel = try begin(seed: 1)
        while travel.simulation.world.messages.isEmpty { _ = try travel.make(.next) }
        #expect(try travel.make(.fault(Fault(.pause("S")))))
        let message = try #require(travel.simulation.pending.first { $0.obstacle != nil })
        #expect(message.obstacle == .waitsFor(NodeID(1)))
        #expect(try !travel.make(.take(message.work)))
        #expect(try travel.make(.fault(Fault(.resume("S")))))
        #expect(try travel.make(.take(message.work)))
        #expect(throws: SimulationError.self) { try travel.make(.fault(Fault(.crash("X")))) }
    }

    @Test func `messages of a link and writes of a disk keep their order`() throws {
        var travel = try begin(seed: 1)
        func pending(_ wanted: (WorldEvent<PingPong.Command>) -> Bool) -> [PendingChoice<PingPong.Command>] {
            travel.simulation.pending.filter { if case .event(let event) = $0.work { wanted(event) } else { false } }
        }
        func invokes() -> [PendingChoice<PingPong.Command>] { pending { if case .invoke = $0 { true } else { false } } }
        func deliveries() -> [PendingChoice<PingPong.Command>] {
            pending { if case .deliver = $0 { true } else { false } }
        }
        #expect(try !travel.make(.take(invokes()[0].work)), "nobody has started")
        for _ in 0..<2 { _ = try travel.make(.next) }
        #expect(try travel.make(.take(invokes()[0].work)))
        #expect(try travel.make(.take(invokes()[1].work)))
        #expect(deliveries().count == 2)
        #expect(deliveries()[0].obstacle == nil)
        guard case .event(.deliver(let first)) = deliveries()[0].work else { return }
        #expect(deliveries()[1].obstacle == .behind(first))
        #expect(try !travel.make(.take(deliveries()[1].work)))
        #expect(try travel.make(.take(deliveries()[0].work)))
        #expect(try travel.make(.take(deliveries()[0].work)))
        let writes = pending { if case .completeWrite = $0 { true } else { false } }
        #expect(writes.count == 2)
        #expect(try !travel.make(.take(writes[1].work)))
    }

    @Test func `time travel notices a machine that does not repeat itself`() throws {
        let plan = SimulationPlan<Dice>(
            protocolName: "dice", names: ["A"], machines: [Dice()],
            commands: [.init(at: .milliseconds(1), to: NodeID(0), PingPong.Command(number: 1))])
        var checked = try TimeTravel(plan, mainBranch: "main")
        while !checked.moment.isOver { _ = try checked.make(.next) }
        #expect(checked.simulation.end == .nondeterminism(node: "A"))
        var trusting = try TimeTravel(plan, mainBranch: "main", checksDeterminism: false)
        for _ in 0..<2 { _ = try trusting.make(.next) }
        #expect(try trusting.goBack())
        let failure = #expect(throws: TimeTravelFailure.self) { _ = try trusting.goForward() }
        #expect(failure?.step == 2)
    }

    @Test func `a session expires when its client has been silent`() throws {
        var plan = try SimulationPlan.pingPong()
        plan.faults = [Fault(.expireSession("C"), start: .at(.milliseconds(1)))]
        #expect(throws: SimulationError.needsSessions(fault: "expire-session C at 1ms")) { try Simulation.run(plan) }
        plan.sessionSilence = .milliseconds(200)
        let result = try Simulation.run(plan)
        let cut = try #require(result.trace.events.first { $0.kind == .partition })
        let healed = try #require(result.trace.events.first { $0.kind == .heal })
        #expect(cut.label == "C|S")
        #expect(healed.time == cut.time + .milliseconds(200))
        #expect(result.world[NodeID(0)].machine.answers == 1)
    }
}
