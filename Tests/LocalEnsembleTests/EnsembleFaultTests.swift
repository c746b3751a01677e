import CoordinationClient
import Foundation
import LocalEnsemble
import StateMachines
import Synchronization
import Testing

/// Real servers that stand still, are cut off from each other, and die, while clients write.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct EnsembleFaultTests {
    /// What happens to one server, and how it ends.
    struct Trouble: CustomTestStringConvertible, Sendable {
        var name: String
        var begin: @Sendable (_ victim: Int, _ others: [Int]) -> [String]
        var end: @Sendable (_ victim: Int) -> [String]
        /// Whether the others must do without it before it ends.
        var isSevere = true
        var testDescription: String { name }
    }

    static let pauses = Trouble(
        name: "pause", begin: { victim, _ in ["pause", "\(victim)"] }, end: { ["resume", "\($0)"] })
    static let kills = Trouble(
        name: "kill", begin: { victim, _ in ["kill", "\(victim)"] }, end: { ["restart", "\($0)"] })
    static let cuts = Trouble(
        name: "partition", begin: { victim, others in ["partition", "\(victim)|\(others[0]),\(others[1])"] },
        end: { _ in ["heal"] })
    /// It hears everybody, and nobody hears it.
    static let mutes = Trouble(
        name: "one-way", begin: { victim, others in ["one-way", "\(victim)>\(others[0])"] }, end: { _ in ["heal"] },
        isSevere: false)
    static let delays = Trouble(
        name: "delay", begin: { victim, _ in ["delay", "from", "\(victim)", "80ms"] }, end: { _ in ["heal"] },
        isSevere: false)

    @Test(arguments: [pauses, cuts, kills, mutes, delays])
    func `no acknowledged write is lost, and every server ends with the same`(trouble: Trouble) async throws {
        let verb = EnsembleVerb()
        try verb.done("start", "3", "--tick", "100")
        let addresses = try verb.status().servers.map(\.address)
        let ledger = WriteLedger()
        let writers = Task {
            await withTaskGroup(of: Void.self) { group in
                for writer in 1...3 { group.addTask { await ledger.write(as: writer, to: addresses) } }
            }
        }
        try await Self.break(verb, trouble, leaderFirst: true)
        try await Self.break(verb, trouble, leaderFirst: false)
        try await Task.sleep(for: .milliseconds(300))
        ledger.stop()
        await writers.value
        try await verb.until { $0.isServing }
        let problems = try await ledger.problems(at: addresses)
        #expect(problems == [])
        #expect(ledger.count > 30)
        print("\(trouble.name): \(ledger.count) acknowledged writes, longest time without one \(ledger.longestOutage)")
        try verb.done("stop", "--clean")
    }

    private static func `break`(_ verb: EnsembleVerb, _ trouble: Trouble, leaderFirst: Bool) async throws {
        let whole = try await verb.until { $0.isServing && $0.leader != nil }
        let leader = try #require(whole.leader)
        let victim = leaderFirst ? leader : leader % 3 + 1
        let others = [1, 2, 3].filter { $0 != victim }
        try await Task.sleep(for: .milliseconds(300))
        try verb.done(trouble.begin(victim, others))
        if leaderFirst, trouble.isSevere {
            try await verb.until { now in others.contains { now.mode($0) == "leader" } }
        }
        try await Task.sleep(for: .milliseconds(500))
        try verb.done(trouble.end(victim))
        try await verb.until { $0.isServing && $0.leader != nil }
    }
}

/// What clients were told of their writes, and when.
final class WriteLedger: Sendable {
    private struct State {
        /// By writer, in the order in which they were acknowledged.
        var paths: [Int: [String]] = [:]
        var times: [ContinuousClock.Instant] = []
        var isOver = false
    }

    private let state = Mutex(State())

    func stop() { state.withLock { $0.isOver = true } }
    private var isOver: Bool { state.withLock(\.isOver) }
    var count: Int { state.withLock(\.times.count) }

    /// From one acknowledgement to the next one of anybody.
    var longestOutage: Duration {
        let times = state.withLock(\.times)
        return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }

    /// Creates one node after the other, whatever becomes of each, until it is told to stop.
    func write(as writer: Int, to addresses: [String]) async {
        var client: CoordinationClient?
        var number = 0
        while !isOver {
            do {
                let open =
                    if let client { client } else {
                        try await CoordinationClient.connect(
                            to: addresses.joined(separator: ","), sessionTimeout: .seconds(2))
                    }
                client = open
                number += 1
                let path = "/w\(writer)-\(number)"
                try await open.create(path, data: Array(path.utf8))
                state.withLock {
                    $0.paths[writer, default: []].append(path)
                    $0.times.append(.now)
                }
            } catch {
                // Its session may have ended; a new one begins anew.
                if case CoordinationError.sessionExpired = error {
                    client = nil
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        await client?.close()
    }

    /// What is wrong with the trees of these servers.
    func problems(at addresses: [String]) async throws -> [String] {
        var trees: [[String: Node]] = []
        for address in addresses { trees.append(try await Self.tree(address)) }
        var problems = zip(addresses, trees).filter { $1 != trees[0] }.map { address, tree in
            "\(address) and \(addresses[0]) differ: \(tree.count) and \(trees[0].count) nodes"
        }
        for (writer, paths) in state.withLock(\.paths).sorted(by: { $0.key < $1.key }) {
            problems += paths.filter { trees[0][$0] == nil }.map { "\($0) was acknowledged and is lost" }
            let order = paths.compactMap { trees[0][$0]?.zxid }
            if order != order.sorted() { problems.append("the writes of \(writer) are not in its order") }
        }
        return problems
    }

    private struct Node: Hashable {
        var data: [UInt8]
        var zxid: Zxid
    }

    /// All that was written, as one server tells it after it has caught up.
    private static func tree(_ address: String) async throws -> [String: Node] {
        let client = try await CoordinationClient.connect(to: address, sessionTimeout: .seconds(2))
        try await client.sync("/")
        var tree: [String: Node] = [:]
        for name in try await client.getChildren("/") where name != "zookeeper" {
            let (data, stat) = try await client.getData("/" + name)
            tree["/" + name] = Node(data: data, zxid: stat.czxid)
        }
        await client.close()
        return tree
    }
}
