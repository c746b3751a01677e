import CoordinationClient
import FaultProxy
import LoopbackServer
import StateMachines
import Testing

/// One thing that goes wrong between client A and the server.
struct Mishap: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var rule: ProxyRule?

    static let none = Mishap(testDescription: "nothing", rule: nil)
    static func reply(_ operation: String, _ number: Int = 1) -> Mishap {
        Mishap(
            testDescription: "reply \(number) to \(operation)",
            rule: .loseReply(of: "A", to: operation, number: number))
    }
    static func request(_ operation: String, _ number: Int = 1) -> Mishap {
        Mishap(
            testDescription: "request \(number) of \(operation)",
            rule: .loseRequest(of: "A", to: operation, number: number))
    }
}

/// A server and clients, for one test.
struct Bench: Sendable {
    let server: LoopbackServer
    let clients: [CoordinationClient]

    var a: CoordinationClient { clients[0] }
    var b: CoordinationClient { clients[1] }
    var c: CoordinationClient { clients[2] }

    /// Runs `body` with three clients, of which A meets the mishap; checks that nothing is left below `path`.
    static func run(
        _ mishap: Mishap = .none, timeout: Tick = .seconds(60), leavingNothingBelow path: String? = nil,
        _ body: @Sendable (Bench) async throws -> Void
    ) async throws {
        let names = ["A", "B", "C"]
        let server = try await LoopbackServer(timeout: timeout, clients: names)
        var clients: [CoordinationClient] = []
        for name in names { clients.append(try await server.connect(name)) }
        let bench = Bench(server: server, clients: clients)
        if let rule = mishap.rule { try await server.proxy { _ = $0.add(rule) } }
        do {
            try await body(bench)
            if let path { #expect(try await bench.c.getChildren(path) == []) }
        } catch {
            Issue.record(error)
        }
        for client in clients { await client.close() }
        try await server.stop()
    }

    /// Waits until `path` has this many children, as C sees it.
    func waitForChildren(_ count: Int, of path: String) async throws {
        while true {
            let found: (children: [String], watch: Watch)
            do {
                found = try await c.getChildrenAndWatch(path)
            } catch CoordinationError.noNode {
                let (stat, watch) = try await c.existsAndWatch(path)
                if stat == nil { _ = try await watch.event() }
                continue
            }
            if found.children.count == count { return }
            _ = try await found.watch.event()
        }
    }
}
