import Bytes
import CoordinationClient
import Messages
import StateMachines
import Synchronization
import Testing
import WireProtocol

/// The whole client over TCP, against a peer whose answers a test writes.
struct ScriptedServerTests {
    @Test func `a reply that is lost is an indefinite failure, and the session goes on`() async throws {
        let isFirst = Mutex(true)
        let server = try await ScriptedServer { request in
            switch request {
            case .create:
                isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst ? .reset : .response(.path("/q/n-0000000001"))
                }
            case .getChildren: .response(.children(["b", "a"]))
            default: .error(.unimplemented)
            }
        }
        let client = try await server.connect()
        #expect(await client.sessionIdentifier == 0x51)
        #expect(await client.sessionTimeout == .seconds(60))
        do {
            try await client.create("/q/n-", kind: .ephemeralSequential)
            Issue.record("The reply was lost.")
        } catch CoordinationError.connectionLoss {
            // As it must be.
        }
        #expect(try await client.getChildren("/q") == ["a", "b"])
        #expect(try await client.create("/q/n-", kind: .ephemeralSequential) == "/q/n-0000000001")
        await client.close()
        #expect(
            server.lines == [
                "connect 0x0", "create /q/n-", "connect 0x51", "getChildren /q", "create /q/n-", "closeSession",
            ])
        await server.stop()
    }

    @Test func `errors carry code, operation, path and definiteness`() async throws {
        let server = try await ScriptedServer { _ in .error(.nodeExists) }
        let client = try await server.connect()
        let error = await #expect(throws: CoordinationError.self) { try await client.create("/a") }
        #expect(error?.code == CoordinationError.nodeExists)
        #expect(error?.isDefinite == true)
        #expect(error?.description == "create /a: the node exists already.")
        #expect(error?.message.chinese == "create /a：节点已经存在。")
        #expect(!CoordinationError(CoordinationError.connectionLoss, operation: "create").isDefinite)
        await client.close()
        await #expect(throws: CoordinationError.self) { try await client.create("/a") }
        await server.stop()
    }

    @Test func `a watch fires once for all who wait, and a wait can be limited`() async throws {
        let server = try await ScriptedServer { request in
            request.path == "/a"
                ? .event(.nodeDeleted, "/a", then: .children([])) : .response(.children([]))
        }
        let client = try await server.connect()
        let (_, quiet) = try await client.getChildrenAndWatch("/b")
        #expect(try await quiet.event(within: .milliseconds(20)) == nil)
        let (_, watch) = try await client.getChildrenAndWatch("/a")
        let expected = WatchEvent(.nodeDeleted, "/a")
        async let first = watch.event()
        async let second = watch.event(within: .seconds(10))
        #expect(try await first == expected)
        #expect(try await second == expected)
        #expect(try await watch.event() == expected)
        let waiter = Task { try await quiet.event() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        let orphan = Task { try await quiet.event() }
        await client.close()
        await #expect(throws: CoordinationError.self) { try await orphan.value }
        await server.stop()
    }

    @Test func `states tell of loss, return and expiry`() async throws {
        let isExpiring = Mutex(false)
        let server = try await ScriptedServer(isExpiring: { $0 != .none && isExpiring.withLock { $0 } }) { request in
            request.path == "/reset" ? .reset : .response(.children([]))
        }
        let client = try await server.connect()
        let stream = await client.states()
        var states = stream.makeAsyncIterator()
        #expect(await states.next() == .connected)
        await #expect(throws: CoordinationError.self) { try await client.getChildren("/reset") }
        #expect(await states.next() == .disconnected)
        #expect(await states.next() == .connected)
        isExpiring.withLock { $0 = true }
        await #expect(throws: CoordinationError.self) { try await client.getChildren("/reset") }
        #expect(await states.next() == .disconnected)
        #expect(await states.next() == .expired)
        #expect(await states.next() == nil)
        do {
            _ = try await client.getChildren("/")
        } catch CoordinationError.sessionExpired {
            // Final.
        }
        await client.close()
        await server.stop()
    }

    @Test func `where nobody listens, connect says so after the timeout`() async throws {
        let server = try await ScriptedServer { _ in .silence }
        await server.stop()
        do {
            _ = try await CoordinationClient.connect(to: server.address, sessionTimeout: .milliseconds(150))
            Issue.record("Nobody listens.")
        } catch CoordinationError.notConnected {
            // Right.
        }
        await #expect(throws: BadConnectString.self) { _ = try await CoordinationClient.connect(to: "nowhere/") }
    }

    @Test func `a transaction gives results, or the failure of its first bad step`() async throws {
        let server = try await ScriptedServer { request in
            guard case .multi(let multi) = request else { return .error(.unimplemented) }
            return multi.operations.count == 1
                ? .response(.multi(MultiResponse(results: [.delete])))
                : .response(.multi(MultiResponse(results: [.error(0), .error(-103), .error(-2)])))
        }
        let client = try await server.connect()
        #expect(try await client.commit([.delete("/a")]) == [.deleted])
        let error = await #expect(throws: CoordinationError.self) {
            try await client.commit([.create("/a"), .check("/b", version: 4), .delete("/c")])
        }
        #expect(error == CoordinationError(CoordinationError.badVersion, operation: "check", path: "/b"))
        await client.close()
        await server.stop()
    }

    @Test func `a client that is let go lets its connection go`() async throws {
        let server = try await ScriptedServer { _ in .response(.children([])) }
        weak var weakClient: CoordinationClient?
        do {
            let client = try await server.connect()
            weakClient = client
            _ = try await client.getChildren("/")
        }
        for _ in 0..<10_000 where weakClient != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(weakClient == nil)
        await server.stop()
    }
}
