import CoordinationClient
import CoordinationCore
import CoordinationServer
import EventLoop
import FaultProxy
import Faults
import Loads
import LoopbackServer
import StateMachines
import Testing

/// Loads on a real server; never how fast it was.
struct LoadTests {
    private static func servers(_ server: LoopbackServer) throws -> [ServerAddress] {
        try #require(ServerAddress.list("\(server.address("A")),\(server.address("B"))"))
    }

    @Test func `every load is answered without errors, and leaves nothing behind`() async throws {
        let server = try await LoopbackServer { $0.core.connectionLimitPerAddress = 0 }
        let client = try await server.connect()
        try await LoadGround.prepare(client)
        var byteCount = 0
        for load in Load.all {
            if load.byteCount != byteCount { try await LoadGround.fill(client, byteCount: load.byteCount) }
            byteCount = load.byteCount
            let figures = try await load.run(
                at: Self.servers(server), warmUp: .milliseconds(20), period: .milliseconds(60))
            #expect(figures.requestsPerSecond > 0, "\(load.name)")
            #expect(figures.errorCount == 0, "\(load.name)")
            #expect(figures.medianMicroseconds > 0, "\(load.name)")
            #expect(figures.medianMicroseconds <= figures.slowestHundredthMicroseconds, "\(load.name)")
            #expect(try await client.getChildren(LoadGround.root).count == LoadGround.nodeCount, "\(load.name)")
        }
        #expect(try await client.getData(LoadGround.root + "/n999").stat.dataLength == 1_024)
        await #expect(throws: LoadFailure.taken("/bench")) { try await LoadGround.prepare(client) }
        try await LoadGround.remove(client)
        #expect(try await client.getChildren("/") == ["zookeeper"])
        await client.close()
        try await server.stop()
    }

    @Test func `a server without the nodes answers errors, which are counted`() async throws {
        let server = try await LoopbackServer { $0.core.connectionLimitPerAddress = 0 }
        let figures = try await Load.pipelinedReads.run(
            at: Self.servers(server), warmUp: .zero, period: .milliseconds(60))
        #expect(figures.errorCount > 0)
        try await server.stop()
    }

    @Test func `who hangs up, or is not there, is named`() async throws {
        let server = try await LoopbackServer { $0.core.connectionLimitPerAddress = 0 }
        let servers = try Self.servers(server)
        try await server.proxy { proxy in
            proxy.add(ProxyRule(ProxyMatch(.toClient, client: "A", label: "getData", repetition: .only(100)), .lose))
        }
        await #expect(throws: LoadFailure.ended(servers[0].description)) {
            try await Load.pipelinedReads.run(at: [servers[0]], warmUp: .zero, period: .milliseconds(200))
        }
        try await server.stop()
        let refused = SystemFailure(.connect, servers[0].description, .connectionRefused)
        await #expect(throws: refused) {
            try await Load.pipelinedReads.run(at: [servers[0]], warmUp: .zero, period: .milliseconds(10))
        }
    }

    @Test func `of several rounds the middle one counts, figure by figure`() {
        func round(_ rate: Int, _ median: Int, _ slowest: Int, errors: Int = 0) -> LoadFigures {
            LoadFigures(
                requestsPerSecond: rate, errorCount: errors, medianMicroseconds: median,
                slowestHundredthMicroseconds: slowest)
        }
        #expect(LoadFigures(middleOf: [round(7, 1, 9)]) == round(7, 1, 9))
        let rounds = [round(30, 1, 7, errors: 2), round(10, 3, 9, errors: 1), round(20, 2, 8)]
        #expect(LoadFigures(middleOf: rounds) == round(20, 2, 8, errors: 3))
        #expect(LoadFigures(middleOf: [round(2, 4, 5), round(1, 3, 6)]) == round(1, 3, 5))
    }

    @Test func `the loads are those of the comparisons`() {
        #expect(
            Load.all.map { "\($0.name) \($0.connectionCount)x\($0.requestsInFlight) \($0.byteCount) \($0.work)" } == [
                "read-50x1 50x1 100 nodes(readPercent: 100)", "read-50x16 50x16 100 nodes(readPercent: 100)",
                "write-50x1 50x1 100 nodes(readPercent: 0)", "write-50x16 50x16 100 nodes(readPercent: 0)",
                "mixed90-50x16 50x16 100 nodes(readPercent: 90)", "ephemeral-create-delete-50x1 50x1 100 ephemerals",
                "read-1KB-200x4 200x4 1024 nodes(readPercent: 100)",
            ])
    }
}
