import Bytes
import CoordinationClient
import StateMachines
import Synchronization
import Testing
import WireProtocol

/// The search of a client that reads from a server without an ensemble for one that takes writes.
struct ServerSearchTests {
    private func bench(servers: Int) -> SessionBench {
        var bench = SessionBench()
        bench.session = ClientSession(serverCount: servers, timeout: .seconds(600), isReadOnlyAllowed: true)
        bench.step(.started)
        bench.handshake(timeout: 600_000, isReadOnly: true)
        return bench
    }

    @Test func `servers are asked in turn, each time after twice as long, at most a minute`() {
        var bench = bench(servers: 3)
        #expect(bench.takeLog() == ["connect 0", "connectedReadOnly"])
        var (waits, asked): ([UInt64], [Int]) = ([], [])
        var last = bench.now
        for _ in 0..<60 {
            guard let due = bench.wakesAt else { break }
            bench.advance(to: due)  // A ping's turn, or a server's.
            for line in bench.takeLog() where line.hasPrefix("probe ") {
                waits.append((bench.now - last).microseconds / 1_000)
                last = bench.now
                asked.append(Int(line.dropFirst(6)) ?? -1)
                bench.step(.probed(server: asked[asked.count - 1], isReadWrite: false))
            }
        }
        #expect(Array(asked.prefix(6)) == [1, 2, 0, 1, 2, 0])
        let doubled = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200] as [UInt64]
        #expect(Array(waits.prefix(12)) == doubled + [60_000, 60_000])
    }

    @Test func `the session moves to the one that takes writes, and asks it for a new session`() throws {
        var bench = bench(servers: 2)
        bench.step(.submitted(1, .getData(PathWatchRequest(path: "/a")), watch: nil))
        bench.advance(to: bench.now + .milliseconds(100))
        _ = (bench.takeLog(), bench.takeSent())
        bench.step(.probed(server: 1, isReadWrite: true))
        #expect(bench.takeLog() == ["disconnect", "disconnected", "1: connectionLost", "connect 1"])
        bench.handshake(session: 88)
        #expect(bench.takeLog() == ["connected"])
        #expect(try connectRequest(bench.takeSent()[0]).session == .none, "no ensemble knows the session")
        // That one is an ensemble's: it is kept from here on.
        bench.step(.connectionEnded)
        bench.handshake()
        #expect(try connectRequest(bench.takeSent()[0]).session.rawValue == 88)
    }

    @Test func `an answer that comes too late changes nothing`() {
        var bench = bench(servers: 2)
        bench.advance(to: bench.now + .milliseconds(100))
        bench.step(.connectionEnded)
        bench.step(.probed(server: 0, isReadWrite: true))
        bench.handshake()
        bench.step(.probed(server: 0, isReadWrite: true))
        #expect(
            bench.takeLog() == [
                "connect 0", "connectedReadOnly", "probe 1", "disconnect", "disconnected", "connect 0", "connected",
            ])
    }

    @Test func `a real client asks over the network and moves`() async throws {
        let isReadOnly = Mutex(true)
        let server = try await ScriptedServer(isReadOnly: { isReadOnly.withLock { $0 } }) { _ in
            .response(.children([]))
        }
        let client = try await CoordinationClient.connect(
            to: server.address, options: ClientOptions(sessionTimeout: .seconds(60), isReadOnlyAllowed: true))
        #expect(await client.state == .connectedReadOnly)
        #expect(try await client.getChildren("/") == [])
        isReadOnly.withLock { $0 = false }
        for await state in await client.states() where state == .connected { break }
        #expect(try await client.getChildren("/") == [])
        await client.close()
        #expect(
            server.lines.filter { $0 != "isro" } == [
                "connect 0x0", "getChildren /", "connect 0x0", "getChildren /", "closeSession",
            ])
        #expect(server.lines.contains("isro"))
        await server.stop()
    }
}
