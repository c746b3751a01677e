import CoordinationClient
import CoordinationCore
import CoordinationServer
import EventLoop
import Synchronization
import Testing
import WireProtocol

/// The server as the grader uses it: on a loop of the same process, on a free port, observed.
struct EmbeddedServerTests {
    @Test func `the judge's record has everything`() async throws {
        let folder = TemporaryFolder()
        let record = Mutex<[Observation]>([])
        let thread = try LoopThread()
        let server = try await thread.run { loop in
            var options = ServerOptions()
            options.port = 0
            options.dataFolder = folder.path
            let server = try CoordinationServer(options, on: loop) { observation, _ in
                record.withLock { $0.append(observation) }
            }
            return LoopBound(server, on: loop)
        }
        let port = try await thread.run { server.value(on: $0).port }
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
        let (_, watch) = try await client.existsAndWatch("/a")
        _ = try await client.create("/a", kind: .ephemeral)
        _ = try await watch.event()
        await client.close()
        await withCheckedContinuation { continuation in
            thread.post { loop in server.value(on: loop).stop { continuation.resume() } }
        }
        await thread.stop()
        let kinds = record.withLock { $0 }.map { String("\($0)".prefix { $0 != "(" }) }
        #expect(
            kinds == [
                "connectionOpened", "writing", "written", "applied", "sessionOpened", "request", "watchSet", "reply",
                "request", "writing", "written", "applied", "watchFired", "reply", "request", "writing", "written",
                "applied", "sessionClosed", "reply", "connectionClosed",
            ])
    }

    @Test func `a server that nobody holds serves until its loop closes, and leaves its folder to others`() async throws
    {
        let folder = TemporaryFolder()
        for transactions in [0, 3] {
            let thread = try LoopThread()
            let port = try await thread.run { loop in
                var options = ServerOptions()
                options.port = 0
                options.dataFolder = folder.path
                let server = try CoordinationServer(options, on: loop)
                #expect(server.recoveredTransactionCount == transactions)
                return server.port
            }
            let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
            if transactions == 0 { _ = try await client.create("/here") }
            #expect(try await client.exists("/here") != nil)
            await client.close()
            await thread.stop()
        }
    }

    @Test func `two servers share a loop and a process`() async throws {
        let thread = try LoopThread()
        let (first, second) = (TemporaryFolder(), TemporaryFolder())
        var ports: [UInt16] = []
        for folder in [first, second] {
            ports.append(
                try await thread.run { loop in
                    var options = ServerOptions()
                    options.port = 0
                    options.dataFolder = folder.path
                    let server = try CoordinationServer(options, on: loop)
                    keepAlive.withLock { $0.append(LoopBound(server, on: loop)) }
                    return server.port
                })
        }
        for port in ports {
            let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
            #expect(try await client.create("/here") == "/here")
            await client.close()
        }
        await thread.stop()
    }

    private let keepAlive = Kept()

    private final class Kept: Sendable {
        private let servers = Mutex<[LoopBound<CoordinationServer>]>([])
        func withLock(_ body: (inout [LoopBound<CoordinationServer>]) -> Void) { servers.withLock { body(&$0) } }
    }
}
