import CoordinationClient
import Foundation
import StateMachines
import Synchronization
import Testing

/// Kill -9 at random instants, again and again on one folder, while nodes come, change and go and snapshots are taken.
struct CrashTests {
    /// Ten; a hundred with ‘make crash’.
    private static let rounds = ProcessInfo.processInfo.environment["CRASH_ROUNDS"].flatMap(Int.init) ?? 10
    private static let writers = 16

    @Test(.timeLimit(.minutes(30))) func `every acknowledged write outlives every crash`() async throws {
        let folder = TemporaryFolder()
        let configuration = try folder.configuration(extra: "snapCount=300\npreAllocSize=64")
        let ledger = Ledger()
        var random = SplitMix64(seed: 20_261_121)
        for round in 0..<Self.rounds {
            let server = try ServerProcess(arguments: [configuration])
            try #require(server.port != nil, "round \(round): \(server.firstLine) \(server.problems)")
            try await Self.check(ledger, server, round: round, everything: false)
            await Self.load(server, ledger, round: round, until: Int.random(in: 1...400, using: &random))
            #expect(server.wait() == SIGKILL)
            let problems = server.problems
            #expect(problems.isEmpty || problems.contains("was cut off"), "round \(round): \(problems)")
        }
        let last = try ServerProcess(arguments: [configuration])
        try await Self.check(ledger, last, round: Self.rounds, everything: true)
        last.signal(SIGTERM)
        #expect(last.wait() == 0)
        // The number matters: a test that acknowledged nothing would prove nothing.
        #expect(ledger.count > Self.rounds * 20)
        print("\(Self.rounds) crashes, \(ledger.count) acknowledged writes, none lost")
    }

    /// Writes until so many are acknowledged, then kills the server a moment later.
    private static func load(_ server: ServerProcess, _ ledger: Ledger, round: Int, until target: Int) async {
        guard let client = try? await CoordinationClient.connect(to: server.connectString, sessionTimeout: .seconds(30))
        else { return }
        let acknowledged = Mutex(0)
        let counter = Counter(acknowledged)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    for number in 0... {
                        let path = "/r\(round)-w\(writer)-\(number)"
                        guard await write(path, number, client, ledger) else { return }
                        if counter.next() == target {
                            try? await Task.sleep(for: .microseconds(137 * (target % 23)))
                            server.signal(SIGKILL)
                        }
                    }
                }
            }
        }
        await client.close()
    }

    /// Creates; every third node is changed, every fifth deleted. False when the server has gone.
    private static func write(_ path: String, _ number: Int, _ client: CoordinationClient, _ ledger: Ledger) async
        -> Bool
    {
        let data = Array("\(path) first".utf8)
        ledger.will(path, .either(nil, data))
        guard (try? await client.create(path, data: data)) == path else { return false }
        ledger.will(path, .exactly(data))
        if number % 3 == 0 {
            let changed = Array("\(path) second".utf8)
            ledger.will(path, .either(data, changed))
            guard (try? await client.setData(path, data: changed)) != nil else { return false }
            ledger.will(path, .exactly(changed))
        } else if number % 5 == 0 {
            ledger.will(path, .either(data, nil))
            guard (try? await client.delete(path)) != nil else { return false }
            ledger.will(path, .exactly(nil))
        }
        return true
    }

    /// Looks at all nodes of the last two rounds and some of the others, or at all.
    private static func check(_ ledger: Ledger, _ server: ServerProcess, round: Int, everything: Bool) async throws {
        let client = try await CoordinationClient.connect(to: server.connectString, sessionTimeout: .seconds(30))
        let expectations = ledger.all.filter { path, _ in
            everything || path.hasPrefix("/r\(round - 1)-") || path.hasPrefix("/r\(round - 2)-") || path.hasSuffix("7")
        }
        let names = Set(try await client.getChildren("/").map { "/" + $0 })
        for (path, expected) in expectations {
            let found = names.contains(path) ? try await client.getData(path).data : nil
            #expect(expected.allows(found), "round \(round): \(path) holds \(String(describing: found))")
            // What was in doubt is now known, and must stay.
            ledger.will(path, .exactly(found))
        }
        await client.close()
    }

    private final class Counter: Sendable {
        private let value: Mutex<Int>
        init(_ value: consuming Mutex<Int>) { self.value = value }
        func next() -> Int {
            value.withLock {
                $0 += 1
                return $0
            }
        }
    }
}

/// What must be found; `nil` stands for no node.
private enum Expected: Sendable {
    case exactly([UInt8]?)
    /// A write was sent, and its answer has not come.
    case either([UInt8]?, [UInt8]?)

    func allows(_ data: [UInt8]?) -> Bool {
        switch self {
        case .exactly(let wanted): data == wanted
        case .either(let before, let after): data == before || data == after
        }
    }
}

private final class Ledger: Sendable {
    private let entries = Mutex<[String: Expected]>([:])

    func will(_ path: String, _ expected: Expected) { entries.withLock { $0[path] = expected } }
    var all: [(String, Expected)] { entries.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.0 < $1.0 } }
    var count: Int { entries.withLock { $0.count } }
}
