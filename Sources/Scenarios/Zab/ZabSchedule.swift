import Faults
package import Simulator
import StateMachines
import Traces
package import Zab

/// A random run of an ensemble: clients that write, and a bad night for the servers, drawn from one seed.
///
/// Servers crash between any two effects of a step, lose what was not forced, are paused, cut off in every shape, and
/// clocks jump. In the end everything is mended and there is time to recover.
package struct ZabSchedule: Hashable, Sendable {
    package var servers: Int
    package var observers: Int
    /// Servers that are no members at first.
    package var spares: Int
    /// How many times somebody asks for other members; without any, nobody may.
    package var reconfigurationCount: Int
    package var seed: UInt64
    package var mutation: ZabMutation?
    /// Whether observers learn from followers.
    package var hostsObservers: Bool
    /// Of hierarchical quorums: how many groups the voters are dealt to, with weights that the seed gives; 0 where any majority
    /// decides. Not together with reconfigurations, which name no groups.
    package var groupCount: Int
    /// Positions of the faults and writes that stay, of those that the seed gives; `nil` for all.
    package var keptFaults: [Int]?
    package var keptActions: [Int]?
    /// How many faults, and how many writes.
    package var faultCount = 14
    package var writeCount = 60
    /// The last burst may go on behind the last write.
    static let longestBurst = 6
    /// Trouble begins after, and ends before, these times.
    private let calm: Tick = .milliseconds(500)
    private let trouble: Tick = .seconds(5)
    private let recovery: Tick = .seconds(4)

    /// - Precondition: no groups where the ensemble changes.
    package init(
        servers: Int = 3, observers: Int = 0, spares: Int = 0, reconfigurations: Int = 0, groups: Int = 0,
        hostsObservers: Bool = false, seed: UInt64, mutation: ZabMutation? = nil
    ) {
        precondition(groups == 0 || reconfigurations == 0, "a reconfiguration names no groups")
        self.servers = servers
        self.observers = observers
        self.spares = spares
        reconfigurationCount = reconfigurations
        groupCount = groups
        self.hostsObservers = hostsObservers
        self.seed = seed
        self.mutation = mutation
    }

    /// Above the position of any write or reconfiguration.
    var actionLimit: Int { writeCount + Self.longestBurst + reconfigurationCount }

    /// Quick enough for a simulation, and in the proportions of the usual configuration.
    package static let timing = ZabTiming(
        tick: .milliseconds(100), initLimit: 10, syncLimit: 4, finalizeWait: .milliseconds(40),
        leastResendInterval: .milliseconds(60), longestResendInterval: .milliseconds(500),
        connectionPause: .milliseconds(30))

    private var nodeCount: Int { servers + observers + spares }

    package var names: [String] { (1...nodeCount).map { "S\($0)" } }

    /// A server that is no member has a file that names the members and itself.
    package var machines: [ZabNode] {
        var random = SplitMix64(seed: seed, stream: "zab weights")
        let members = (1...(servers + observers)).map { number in
            var member = Ensemble.Member(ServerID(Int64(number)), role: number <= servers ? .participant : .observer)
            guard groupCount > 0, member.role == .participant else { return member }
            member.group = Int64((number - 1) % groupCount)
            // Somebody must be allowed to lead.
            member.weight = UInt32(random.uniform(in: number == 1 ? 1...2 : 0...2))
            return member
        }
        return (1...nodeCount).map { number in
            let me = ServerID(Int64(number))
            return ZabNode(
                ZabConfiguration(
                    me: me, ensemble: Ensemble(number <= members.count ? members : members + [Ensemble.Member(me)]),
                    mayReconfigure: reconfigurationCount > 0, timing: Self.timing, windowLimit: 4,
                    hostsObservers: hostsObservers, mutation: mutation))
        }
    }

    package var plan: SimulationPlan<ZabNode> {
        var random = SplitMix64(seed: seed, stream: "zab schedule")
        var plan = SimulationPlan(
            protocolName: "zab", names: names, machines: machines,
            commands: Self.kept(
                (commands(&random) + reconfigurations).sorted { $0.time < $1.time }, keptActions), seed: seed)
        let faults = (0..<faultCount).map { _ in faultText(&random) }
        plan.faults = (Self.kept(faults, keptFaults).flatMap(\.self) + mending).map { text in
            guard let fault = try? Fault(parsing: text, in: .simulated(nodes: names, labels: Self.labels)) else {
                preconditionFailure("‘\(text)’ is no fault")
            }
            return fault
        }
        plan.invariants = ZabInvariants(names: names).always
        // What they are about changes with deliveries and roles only, and nodes announce both.
        plan.checksEveryStep = false
        // A slow disk beside a quick network: most happens while something is not on disk yet.
        plan.network = NetworkModel(delay: .milliseconds(5), jitter: .milliseconds(4))
        plan.disk = DiskModel(delay: .milliseconds(9), jitter: .milliseconds(8))
        plan.timeLimit = calm + trouble + recovery
        plan.faultsBeginUntil = calm + trouble
        plan.stepLimit = 200_000
        plan.apply = { $0.apply($1, at: $2, observer: &$3) }
        return plan
    }

    package static let labels = [
        "VOTE", "CONNECT", "ACCEPT", "CLOSE", "REQUEST", "SNAP", "FOLLOWERINFO", "OBSERVERINFO", "LEADERINFO",
        "ACKEPOCH", "DIFF", "TRUNC", "NEWLEADER", "UPTODATE", "PROPOSAL", "ACK", "COMMIT", "INFORM", "PING", "log",
        "acceptedEpoch", "currentEpoch", "truncate", "snapshot", "ensemble", "COMMITANDACTIVATE", "INFORMANDACTIVATE",
        "resend votes", "finalize election", "heartbeat",
        "reconnect",
    ]

    // MARK: Drawing

    private func pick<Element>(_ choices: [Element], _ random: inout SplitMix64) -> Element {
        choices[Int(random.uniform(in: 0...UInt64(choices.count - 1)))]
    }

    private func moment(_ random: inout SplitMix64) -> UInt64 {
        random.uniform(in: calm.microseconds / 1_000...(calm + trouble).microseconds / 1_000)
    }

    /// Writes come in bursts of up to six, at one server each.
    private func commands(_ random: inout SplitMix64) -> [SimulationPlan<ZabNode>.ScheduledCommand] {
        var commands: [SimulationPlan<ZabNode>.ScheduledCommand] = []
        while commands.count < writeCount {
            let node = NodeID(Int(random.uniform(in: 0...UInt64(names.count - 1))))
            let time = Tick.milliseconds(moment(&random))
            for _ in 0..<random.uniform(in: 1...UInt64(Self.longestBurst)) {
                commands.append(.init(at: time, to: node, .write("w\(commands.count + 1)")))
            }
        }
        return commands
    }

    /// Any server may be asked, and be told to make members of any others: one voter at least.
    private var reconfigurations: [SimulationPlan<ZabNode>.ScheduledCommand] {
        var random = SplitMix64(seed: seed, stream: "zab reconfigurations")
        return (0..<reconfigurationCount).map { index in
            let voter = random.uniform(in: 1...UInt64(nodeCount))
            let members = (1...UInt64(nodeCount)).compactMap { number -> String? in
                let lot = random.uniform(in: 0...4)
                if number == voter || lot < 3 { return "\(number)" }
                return lot == 3 ? "\(number)o" : nil
            }
            let node = NodeID(Int(random.uniform(in: 0...UInt64(nodeCount - 1))))
            return .init(
                at: .milliseconds(moment(&random)), to: node,
                .reconfigure(members: members.joined(separator: ","), "members \(index + 1)"))
        }
    }

    private var mending: [String] {
        let end = (calm + trouble).microseconds / 1_000
        return ["heal at \(end)ms"] + names.flatMap { ["resume \($0) at \(end)ms", "restart \($0) at \(end + 1)ms"] }
    }

    static func kept<Element>(_ elements: [Element], _ positions: [Int]?) -> [Element] {
        positions.map { $0.filter(elements.indices.contains).map { elements[$0] } } ?? elements
    }

    private func faultText(_ random: inout SplitMix64) -> [String] {
        let node = pick(names, &random)
        let others = names.filter { $0 != node }
        let other = pick(others, &random)
        let time = moment(&random)
        let length = random.uniform(in: 5...1_000)
        switch random.uniform(in: 0...12) {
        case 0, 1: return ["crash \(node) at \(time)ms for \(length)ms"]
        case 2, 3:
            let label = pick(["PROPOSAL", "ACK", "COMMIT", "NEWLEADER", "ACKEPOCH", "UPTODATE", "DIFF"], &random)
            return ["crash \(node) after send \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 4:
            let label = pick(["log", "acceptedEpoch", "currentEpoch", "truncate", "snapshot"], &random)
            return ["crash \(node) after persist \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 5:
            let label = pick(["log", "acceptedEpoch", "currentEpoch"], &random)
            return ["crash \(node) after persisted \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 6: return ["pause \(node) at \(time)ms for \(length)ms"]
        case 7: return ["isolate \(node) at \(time)ms for \(length)ms"]
        case 8: return ["one-way \(node)>\(other) at \(time)ms for \(length)ms"]
        case 9: return bridge(around: node, others, at: time, for: length)
        case 10: return ["drop 20% to \(node) at \(time)ms for \(length)ms"]
        case 11:
            return ["crash \(node) at \(time)ms for \(length)ms", "crash \(other) at \(time + 5)ms for \(length)ms"]
        default:
            // The lights go out, and some come back later than others.
            return names.map { "lose-unsynced \($0) at \(time)ms for \(random.uniform(in: 5...800))ms" }
        }
    }

    /// Everybody reaches `node`, and nobody else.
    private func bridge(around node: String, _ others: [String], at time: UInt64, for length: UInt64) -> [String] {
        ["partition \(others.joined(separator: "|")) at \(time)ms for \(length)ms"]
    }
}
