import Bytes
import Faults
package import Simulator
import StateMachines
import WireProtocol
package import Zab

/// A random run of whole servers: clients that read and write, and a bad night, drawn from one seed.
///
/// Servers crash between any two effects of a step and keep any beginning of what was not forced, are paused, cut off in
/// every shape, and their clocks jump; clients die. In the end everything is mended and there is time to recover.
package struct EnsembleSchedule: Hashable, Sendable {
    package var servers = 3
    package var observers = 0
    package var clients = 2
    /// Whether observers learn from followers.
    package var hostsObservers = false
    package var seed: UInt64
    package var mutation: EnsembleMutation?
    package var zabMutation: ZabMutation?
    /// Positions of the faults and actions that stay, of those that the seed gives; `nil` for all.
    package var keptFaults: [Int]?
    package var keptActions: [Int]?

    /// Faults that the seed gives, each of perhaps several parts, and actions of clients.
    package static let faultCount = 13
    package static let actionCount = 70
    /// As patient as the bare protocol's, with half as many pings.
    static let timing = ZabTiming(
        tick: .milliseconds(200), initLimit: 5, syncLimit: 2, finalizeWait: .milliseconds(40),
        leastResendInterval: .milliseconds(60), longestResendInterval: .milliseconds(500),
        connectionPause: .milliseconds(30))
    static let calm = Tick.milliseconds(600)
    static let trouble = Tick.seconds(4)
    /// Long enough for an election, for clients to come back, and for the sessions of the dead to end.
    static let recovery = Tick.seconds(5)
    /// By then every server and every client has found its place again.
    static let settled = calm + trouble + .milliseconds(2_500)
    static let sessionTimeoutMilliseconds: Int32 = 800

    /// A client that nobody has heard for so long has no session any more: the timeout, rounded up to a tick and one more.
    static let sessionSilence = Tick.milliseconds(UInt64(sessionTimeoutMilliseconds) + 400)

    package init(
        servers: Int = 3, observers: Int = 0, clients: Int = 2, hostsObservers: Bool = false, seed: UInt64
    ) {
        self.servers = servers
        self.observers = observers
        self.clients = clients
        self.hostsObservers = hostsObservers
        self.seed = seed
    }

    private var serverNames: [String] { (1...(servers + observers)).map { "S\($0)" } }
    private var clientNames: [String] { (1...clients).map { "C\($0)" } }
    package var names: [String] { serverNames + clientNames }
    package var serverCount: Int { servers + observers }

    package var machines: [EnsembleNode] {
        var random = SplitMix64(seed: seed, stream: "servers")
        let members = (1...serverCount).map { number in
            Ensemble.Member(ServerID(Int64(number)), role: number <= servers ? .participant : .observer)
        }
        let snapshotInterval: Tick? =
            random.chance(partsPerMillion: 750_000) ? .milliseconds(random.uniform(in: 100...900)) : nil
        let windowLimit = random.chance(partsPerMillion: 500_000) ? 4 : 500
        let nodes = members.map { member in
            var configuration = EnsembleServerConfiguration(
                ZabConfiguration(
                    me: member.id, ensemble: Ensemble(members), timing: Self.timing, windowLimit: windowLimit,
                    hostsObservers: hostsObservers, mutation: zabMutation), seed: seed &+ UInt64(member.id.rawValue))
            configuration.mutation = mutation
            configuration.snapshotInterval = snapshotInterval
            return EnsembleNode(EnsembleServer(configuration))
        }
        let clients = (0..<clients).map { index in
            EnsembleNode(
                EnsembleClient(
                    NodeID(serverCount + index), servers: serverCount,
                    timeoutMilliseconds: Self.sessionTimeoutMilliseconds))
        }
        return nodes + clients
    }

    package var plan: SimulationPlan<EnsembleNode> {
        var random = SplitMix64(seed: seed, stream: "ensemble schedule")
        let actions = actions(&random)
        let faults = faultTexts(&random)
        var plan = SimulationPlan(
            protocolName: "ensemble", names: names, machines: machines,
            commands: ZabSchedule.kept(actions, keptActions) + lastActions, seed: seed)
        plan.faults = (ZabSchedule.kept(faults, keptFaults).flatMap(\.self) + mending).map { text in
            guard let fault = try? Fault(parsing: text, in: .simulated(nodes: names, labels: Self.labels)) else {
                preconditionFailure("‘\(text)’ is no fault")
            }
            return fault
        }
        plan.network = NetworkModel(delay: .milliseconds(5), jitter: .milliseconds(4))
        // Quick disks, disks that are slower than the network, and disks that hold everything up.
        plan.disk = disk(pick([2, 9, 9, 30], &random))
        if random.chance(partsPerMillion: 250_000) {
            plan.otherDisks = [Int(random.uniform(in: 0...UInt64(serverCount - 1))): disk(60)]
        }
        plan.sessionSilence = Self.sessionSilence
        plan.timeLimit = Self.calm + Self.trouble + Self.recovery
        plan.faultsBeginUntil = Self.calm + Self.trouble
        plan.stepLimit = 200_000
        plan.apply = { $0.apply($1, at: $2, observer: &$3) }
        return plan
    }

    private func disk(_ milliseconds: UInt64) -> DiskModel {
        DiskModel(
            delay: .milliseconds(milliseconds), jitter: .milliseconds(milliseconds - 1), mayKeepUnsynced: true)
    }

    package static let labels =
        ZabSchedule.labels + [
            "REPLY", "REVALIDATE", "SYNC", "HELLO", "SETWATCHES", "CREATE", "SET", "DELETE", "GET", "LIST", "MULTI",
            "CLOSE SESSION", "cut", "remove",
        ]

    // MARK: Drawing

    private func pick<Element>(_ choices: [Element], _ random: inout SplitMix64) -> Element {
        choices[Int(random.uniform(in: 0...UInt64(choices.count - 1)))]
    }

    private func moment(_ random: inout SplitMix64) -> UInt64 {
        random.uniform(in: Self.calm.microseconds / 1_000...(Self.calm + Self.trouble).microseconds / 1_000)
    }

    /// Actions come in bursts of up to six.
    private func actions(_ random: inout SplitMix64) -> [SimulationPlan<EnsembleNode>.ScheduledCommand] {
        var actions: [SimulationPlan<EnsembleNode>.ScheduledCommand] = []
        while actions.count < Self.actionCount {
            let node = NodeID(serverCount + Int(random.uniform(in: 0...UInt64(clients - 1))))
            let time = Tick.milliseconds(moment(&random) - 300)
            for _ in 0..<random.uniform(in: 1...6) where actions.count < Self.actionCount {
                actions.append(.init(at: time, to: node, action(&random)))
            }
        }
        return actions.sorted { $0.time < $1.time }
    }

    private func action(_ random: inout SplitMix64) -> ClientAction {
        let register = pick(["/a", "/b", "/c"] as [ByteString], &random)
        let isConditional = random.chance(partsPerMillion: 500_000)
        switch random.uniform(in: 0...15) {
        case 0...3: return .set(register, isConditional: isConditional)
        case 4, 5: return .create(register, .persistent)
        case 6: return .create(pick(["/a", "/e", "/f"], &random), .ephemeral)
        case 7: return .create("/s-", pick([.persistentSequential, .ephemeralSequential], &random))
        case 8: return .delete(pick(["/a", "/b", "/e"], &random), isConditional: isConditional)
        case 9...12: return .get(pick(["/a", "/b", "/c", "/e"], &random), isWatching: isConditional)
        case 13: return pick([.list("/"), .synchronize("/"), .list("/")], &random)
        case 14: return .setBoth(register, pick(["/a", "/b"], &random))
        default: return pick([.closeSession, .move, .move], &random)
        }
    }

    static let lastActionCount = 3

    /// Each client that lives to the end of the night writes and reads once more.
    private var lastActions: [SimulationPlan<EnsembleNode>.ScheduledCommand] {
        let time = Self.settled + .milliseconds(500)
        return (0..<clients).flatMap { index -> [SimulationPlan<EnsembleNode>.ScheduledCommand] in
            let node = NodeID(serverCount + index)
            return [
                .init(at: time, to: node, .create("/last-", .persistentSequential)),
                .init(at: time, to: node, .synchronize("/")), .init(at: time, to: node, .list("/")),
            ]
        }
    }

    private var mending: [String] {
        let end = (Self.calm + Self.trouble).microseconds / 1_000
        return ["heal at \(end)ms"]
            + serverNames.flatMap { ["resume \($0) at \(end)ms", "restart \($0) at \(end + 1)ms"] }
    }

    private func faultTexts(_ random: inout SplitMix64) -> [[String]] {
        (1..<Self.faultCount).map { _ in faultText(&random) } + [separation]
    }

    /// In some nights servers lose each other while clients reach them all, so that those left behind may be asked.
    private var separation: [String] {
        guard [3, 4, 6].contains(seed % 8) else { return [] }
        var random = SplitMix64(seed: seed, stream: "separation")
        return (0..<3).map { _ in
            let node = pick(serverNames, &random)
            let others = serverNames.filter { $0 != node }.joined(separator: ",")
            return "partition \(node)|\(others) at \(moment(&random))ms for \(random.uniform(in: 50...900))ms"
        }
    }

    private func faultText(_ random: inout SplitMix64) -> [String] {
        let node = pick(serverNames, &random)
        let others = serverNames.filter { $0 != node }
        let other = pick(others, &random)
        let time = moment(&random)
        let length = random.uniform(in: 5...900)
        switch random.uniform(in: 0...15) {
        case 0, 1: return ["crash \(node) at \(time)ms for \(length)ms"]
        case 2, 3:
            let label = pick(
                ["PROPOSAL", "ACK", "COMMIT", "NEWLEADER", "ACKEPOCH", "UPTODATE", "DIFF", "SNAP"], &random)
            return ["crash \(node) after send \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 4, 5:
            let label = pick(["log", "acceptedEpoch", "currentEpoch", "cut", "snapshot", "remove"], &random)
            return ["crash \(node) after persist \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 6:
            let label = pick(["log", "acceptedEpoch", "currentEpoch", "snapshot"], &random)
            return ["crash \(node) after persisted \(label) \(random.uniform(in: 1...6)) for \(length)ms"]
        case 7: return ["pause \(node) at \(time)ms for \(length)ms"]
        case 8: return ["isolate \(node) at \(time)ms for \(length)ms"]
        case 9: return ["one-way \(node)>\(other) at \(time)ms for \(length)ms"]
        case 10:
            // A bridge: everybody reaches `node`, and no server another one.
            return ["partition \(others.joined(separator: "|")) at \(time)ms for \(length)ms"]
        case 11: return ["drop 10% to \(node) at \(time)ms for \(length)ms"]
        case 12:
            // A link that flaps.
            return (0..<5 as Range<UInt64>).map { "partition \(node)|\(other) at \(time + 120 * $0)ms for 60ms" }
        case 13: return ["skew \(node) \(pick(["+", "-"], &random))\(random.uniform(in: 50...1_500))ms at \(time)ms"]
        case 14:
            // Two at once, or a client for good.
            guard clients > 1, random.chance(partsPerMillion: 300_000) else {
                return [
                    "crash \(node) at \(time)ms for \(length)ms", "crash \(other) at \(time + 5)ms for \(length)ms",
                ]
            }
            return ["crash \(pick(clientNames, &random)) at \(time)ms"]
        default:
            // The lights go out, and some come back later than others.
            return serverNames.map { "lose-unsynced \($0) at \(time)ms for \(random.uniform(in: 5...800))ms" }
        }
    }
}
