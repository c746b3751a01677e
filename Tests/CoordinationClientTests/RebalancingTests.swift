import Bytes
import CoordinationClient
import LoopbackServer
import StateMachines
import Testing
import WireProtocol

/// What a client does when the list of its servers is replaced.
struct RebalancingTests {
    private static func servers(_ numbers: [Int]) -> [ServerAddress] {
        numbers.map { ServerAddress(host: "h\($0)", port: 2_181) }
    }

    /// How many of 12,000 clients, evenly spread over the old servers, end up at each of the new ones, and how many move.
    private static func spread(_ old: [Int], _ new: [Int]) -> (counts: [Int: Int], moves: Int) {
        var random = SplitMix64(seed: 7)
        var (counts, moves): ([Int: Int], Int) = ([:], 0)
        for client in 0..<12_000 {
            let current = old[client % old.count]
            let change = Rebalancing(
                from: servers(old), to: servers(new), current: servers([current])[0], random: &random)
            let end = change.order.first.map { change.servers[$0] } ?? servers([current])[0]
            counts[new.first { servers([$0])[0] == end } ?? 0, default: 0] += 1
            if end != servers([current])[0] { moves += 1 }
        }
        return (counts, moves)
    }

    @Test(
        arguments: [
            // Those who must move, and no more: a third of each fifth…
            ([1, 2, 3], [1, 2, 3, 4, 5], 12_000 * 2 / 5), ([1, 2, 3, 4, 5], [1, 2, 3], 12_000 * 2 / 5),
            ([1, 2, 3], [4, 5, 6], 12_000), ([1, 2, 3], [1, 2, 4], 4_000), ([1, 2, 3], [3], 8_000),
            ([1, 2, 3, 4], [3, 4, 5], 6_000), ([1, 2, 3], [2, 3, 4, 5], 12_000 / 2), ([1, 2, 3], [1, 2, 3], 0),
        ])
    func `clients stay evenly spread, and no more of them move than have to`(
        old: [Int], new: [Int], expected: Int
    ) {
        let (counts, moves) = Self.spread(old, new)
        for server in new {
            let share = 12_000 / new.count
            #expect(abs((counts[server] ?? 0) - share) < share / 10, "\(old) to \(new): \(counts)")
        }
        #expect(counts[0] == nil)
        #expect(abs(moves - expected) < 12_000 / 50, "\(old) to \(new): \(moves) move")
    }

    @Test func `who moves tries every server, each once`() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let change = Rebalancing(
                from: Self.servers([1, 2, 3]), to: Self.servers([3, 4, 5, 3]), current: Self.servers([1])[0],
                random: &random)
            #expect(change.servers.count == 3, "a server that is named twice is one")
            #expect(change.order.sorted() == [0, 1, 2], "seed=\(seed)")
        }
    }

    // MARK: The session

    private func bench(servers: Int) -> SessionBench {
        var bench = SessionBench()
        bench.session = ClientSession(serverCount: servers, timeout: .seconds(3))
        bench.step(.started)
        bench.handshake()
        _ = (bench.takeLog(), bench.takeSent())
        return bench
    }

    @Test func `who stays stays, and goes through the new list when its server fails`() {
        var bench = bench(servers: 2)
        bench.step(.serversReplaced(3, current: 1, order: []))
        bench.step(.submitted(1, .sync(PathRequest(path: "/a")), watch: nil))
        #expect(bench.takeSent().count == 1)
        bench.step(.connectionEnded)
        #expect(bench.takeLog() == ["disconnect", "disconnected", "1: connectionLost", "connect 2"])
    }

    @Test func `who moves gets its answers first, and what is asked meanwhile goes to the new server`() {
        var bench = bench(servers: 1)
        bench.step(.submitted(1, .sync(PathRequest(path: "/a")), watch: nil))
        bench.step(.serversReplaced(3, current: nil, order: [2, 0, 1]))
        bench.step(.submitted(2, .sync(PathRequest(path: "/")), watch: nil))
        #expect(bench.takeSent().count == 1)
        #expect(bench.takeLog() == [])
        bench.reply(.path("/a"), xid: 1)
        #expect(bench.takeLog() == ["1: path /a", "disconnect", "disconnected", "connect 2"])
        bench.step(.connectionEnded)
        #expect(bench.takeLog() == ["disconnect", "connect 0"])
        bench.handshake()
        #expect(bench.takeLog() == ["connected"])
        #expect(bench.takeSent().count == 2, "the handshake and what had waited")
        // Later it goes on where it is.
        bench.step(.connectionEnded)
        #expect(bench.takeLog() == ["disconnect", "disconnected", "2: connectionLost", "connect 1"])
    }

    @Test func `who is to stay after all, or to close, sends what had waited`() {
        for input in [ClientSession.Input.serversReplaced(2, current: 0, order: []), .closeRequested] {
            var bench = bench(servers: 1)
            bench.step(.submitted(1, .sync(PathRequest(path: "/a")), watch: nil))
            bench.step(.serversReplaced(2, current: 0, order: [1, 0]))
            bench.step(.submitted(2, .sync(PathRequest(path: "/")), watch: nil))
            bench.step(input)
            #expect(bench.takeSent().count >= 2)
            bench.reply(.path("/a"), xid: 1)
            bench.reply(.path("/"), xid: 2)
            #expect(bench.takeLog() == ["1: path /a", "2: path /"])
        }
    }

    @Test func `who is still connecting to a server that leaves goes to another one`() {
        var bench = SessionBench()
        bench.session = ClientSession(serverCount: 2, timeout: .seconds(3))
        bench.step(.started)
        bench.step(.serversReplaced(1, current: nil, order: [0]))
        #expect(bench.takeLog() == ["connect 0", "disconnect", "connect 0"])
        bench.handshake()
        #expect(bench.takeLog() == ["connected"])
    }

    // MARK: A real server

    @Test func `a real client moves with its session, its ephemeral nodes and its watches`() async throws {
        let server = try await LoopbackServer()
        let other = try await server.connect("B")
        let client = try await CoordinationClient.connect(to: server.address("A"), sessionTimeout: .seconds(60))
        #expect(await client.connectedServer == server.address("A"))
        let session = await client.sessionIdentifier
        try await client.create("/mine", kind: .ephemeral)
        let (_, watch) = try await client.existsAndWatch("/late")
        // Its server is not in the list, so that it moves for certain.
        try await client.updateServers(server.address("B"))
        #expect(try await client.exists("/mine")?.ephemeralOwner == session)
        #expect(await client.connectedServer == server.address("B"))
        #expect(await client.sessionIdentifier == session)
        try await other.create("/late")
        #expect(try await watch.event().kind == .nodeCreated)
        await #expect(throws: BadConnectString.self) { try await client.updateServers("") }
        await #expect(throws: BadConnectString.self) { try await client.updateServers(server.address("A") + "/app") }
        await client.close()
        #expect(await client.connectedServer == nil)
        await other.close()
        try await server.stop()
    }
}
