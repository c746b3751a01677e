import Checking
import ConsensusProtocols
import Faults
import Messages
import Scenarios
import Simulator
import StateMachines
import Testing
import Traces

/// A random run: clients that write and read, servers that crash, are cut off and paused, and an operator who changes
/// members, hands over and compacts. In the end everything is mended.
private struct RaftSchedule {
    var seed: UInt64
    var mutation: RaftMutation?
    private let servers = 5
    private let clients = 2
    /// In milliseconds; trouble begins after, and ends before, these times.
    private let trouble: ClosedRange<UInt64> = 400...4_000

    init(seed: UInt64, mutation: RaftMutation? = nil) { (self.seed, self.mutation) = (seed, mutation) }

    var names: [String] { (1...servers).map { "S\($0)" } + (1...clients).map { "C\($0)" } }

    private var configuration: RaftConfiguration {
        var random = SplitMix64(seed: seed, stream: "raft variant")
        var configuration = RaftConfiguration(servers: servers, members: 3 + 2 * Int(seed % 2), clients: clients)
        configuration.seed = seed
        configuration.preVote = random.chance(partsPerMillion: 700_000)
        configuration.checkQuorum = random.chance(partsPerMillion: 500_000)
        configuration.readMode = [.log, .readIndex, .lease][Int(random.uniform(in: 0...2))]
        configuration.stickiness = configuration.readMode == .lease || random.chance(partsPerMillion: 500_000)
        configuration.snapshotThreshold = random.chance(partsPerMillion: 500_000) ? 6 : nil
        configuration.mutation = mutation
        return configuration
    }

    var plan: SimulationPlan<RaftNode> {
        var random = SplitMix64(seed: seed, stream: "raft schedule")
        var plan = SimulationPlan(
            protocolName: "raft", names: names, machines: RaftNode.nodes(configuration), commands: commands(&random),
            seed: seed)
        let end = trouble.upperBound
        let mending =
            ["heal at \(end)ms"]
            + (1...servers).flatMap { ["resume S\($0) at \(end)ms", "restart S\($0) at \(end + 1)ms"] }
        plan.faults = ((0..<12).flatMap { _ in fault(&random) } + mending).map { text in
            guard let fault = try? Fault(parsing: text, in: .simulated(nodes: names)) else {
                preconditionFailure("‘\(text)’ is no fault")
            }
            return fault
        }
        plan.invariants = RaftInvariants(names: names).always
        plan.wholeRunInvariants = RaftInvariants(names: names).ofWholeRun.filter { $0.name != "hand-over" }
        plan.checksEveryStep = false
        plan.network = NetworkModel(delay: .milliseconds(6), jitter: .milliseconds(5), isOrdered: seed % 3 > 0)
        plan.disk = DiskModel(delay: .milliseconds(5), jitter: .milliseconds(4), mayKeepUnsynced: true)
        plan.faultsBeginUntil = .milliseconds(end)
        plan.timeLimit = .milliseconds(end + 4_000)
        return plan
    }

    private func moment(_ random: inout SplitMix64) -> UInt64 { random.uniform(in: trouble) }

    private func commands(_ random: inout SplitMix64) -> [SimulationPlan<RaftNode>.ScheduledCommand] {
        var commands: [SimulationPlan<RaftNode>.ScheduledCommand] = []
        for value in 1...24 {
            let client = NodeID(servers + value % clients)
            let key = value % 3 == 0 ? "y" : "x"
            commands.append(.init(at: .milliseconds(moment(&random)), to: client, .perform(.set(key, value))))
            commands.append(.init(at: .milliseconds(moment(&random)), to: client, .perform(.read(key))))
        }
        for _ in 0..<14 {
            let (node, other) = (NodeID(Int(random.uniform(in: 0...4))), NodeID(Int(random.uniform(in: 0...4))))
            let command: RaftCommand =
                switch random.uniform(in: 0...6) {
                case 0, 1: .addServer(other)
                case 2, 3: .removeServer(other)
                case 4: .addLearner(other)
                case 5: .transfer(to: other)
                default: .compact
                }
            commands.append(.init(at: .milliseconds(moment(&random)), to: node, command))
        }
        return commands.sorted { $0.time < $1.time }
    }

    private func fault(_ random: inout SplitMix64) -> [String] {
        let node = "S\(random.uniform(in: 1...5))"
        let others = (1...servers).map { "S\($0)" }.filter { $0 != node }
        let other = others[Int(random.uniform(in: 0...3))]
        let (time, length) = (moment(&random), random.uniform(in: 20...700))
        switch random.uniform(in: 0...9) {
        case 0, 1: return ["crash \(node) at \(time)ms for \(length)ms"]
        case 2:
            let label = ["APPEND", "OK", "VOTE", "SNAPSHOT"][Int(random.uniform(in: 0...3))]
            return ["crash \(node) after send \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 3: return ["crash \(node) after persist entry \(random.uniform(in: 1...9)) for \(length)ms"]
        case 4: return ["pause \(node) at \(time)ms for \(length)ms"]
        case 5: return ["isolate \(node) at \(time)ms for \(length)ms"]
        case 6: return ["one-way \(node)>\(other) at \(time)ms for \(length)ms"]
        case 7:
            return [
                "drop 20% to \(node) at \(time)ms for \(length)ms",
                "duplicate from \(other) at \(time)ms for \(length)ms",
            ]
        case 8: return ["reorder to \(node) at \(time)ms for \(length)ms"]
        default: return names.prefix(servers).map { "crash \($0) at \(time)ms for \(random.uniform(in: 5...500))ms" }
        }
    }
}

struct RaftSimulationTests {
    #if DEBUG
        static let seeds = UInt64(1)...5
    #else
        static let seeds = UInt64(1)...200
    #endif

    @Test(arguments: seeds)
    func `whatever happens, no promise is broken, and everything is answered when all is mended`(seed: UInt64) throws {
        let result = try Simulation.run(RaftSchedule(seed: seed).plan)
        #expect(result.violations.isEmpty, "seed \(seed): \(result.violations.map(\.problem.english))")
        let stuck = result.world.identifiers.suffix(2).filter { result.world[$0].machine.isStuck }
        #expect(stuck.isEmpty, "seed \(seed): \(result.world.nodes.map(\.machine.summary))")
        #expect(result.trace.events.filter { $0.kind == .decide && $0.label?.contains("=") ?? false }.count > 24)
    }
}
