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
        async let first = watch.event()
        async let second = watch.event(within: .seconds(10))
        #expect(try await first.isLike(.nodeDeleted, "/a"))
        #expect(try await second?.isLike(.nodeDeleted, "/a") == true)
        #expect(try await watch.event().zxid?.rawValue == 10)
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
        await #expect(throws: BadConnectString.self) { _ = try await CoordinationClient.connect(to: "nowhere//") }
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

    @Test func `less common requests`() async throws {
        let stat = Stat.sample
        let server = try await ScriptedServer { request in
            switch request {
            case .createContainer(let body) where body.flags == 4: .response(.pathAndStat(body.path, stat))
            case .createTTL(let body) where body.timeToLiveMilliseconds == 1_500:
                .response(.pathAndStat(body.create.path, stat))
            case .getACL: .response(.aclAndStat([ACL(permissions: .read, scheme: "ip", id: "10.0.0.0/8")], stat))
            case .setACL(let body) where body.acl?.first?.scheme == "auth": .response(.stat(stat))
            case .whoAmI: .response(.identities([ClientIdentity(scheme: "digest", user: "u")]))
            case .getEphemerals: .response(.children(["/app/b", "/app/a"]))
            case .getAllChildrenNumber(let body) where body.path == "/app": .response(.number(12))
            case .multiRead: .response(.multi(MultiResponse(results: [.getData([7], stat), .error(-101)])))
            case .getData(let body) where body.path == "/zookeeper/config": .response(.dataAndStat([1], stat))
            case .reconfig(let body) where body.leavingServers == "1,2" && body.joiningServers == nil:
                .response(.dataAndStat([2], stat))
            default: .error(.unimplemented)
            }
        }
        let client = try await CoordinationClient.connect(to: server.address + "/app")
        #expect(try await client.create("/c", data: nil, kind: .container) == "/c")
        #expect(try await client.createWithStat("/t", kind: .timeToLive(.milliseconds(1_500))).path == "/t")
        #expect(try await client.getAccess("/c").rules == [.address("10.0.0.0/8", .read)])
        try await client.setAccess("/c", .creatorOnly)
        #expect(try await client.identities() == [ProvedIdentity(scheme: "digest", user: "u")])
        #expect(try await client.ephemerals() == ["/a", "/b"])
        #expect(try await client.descendantCount("/") == 12)
        let results = try await client.read([.data("/x"), .children("/y")])
        #expect(results[0] == .data([7], NodeStat(stat)))
        #expect(
            results[1] == .failed(CoordinationError(CoordinationError.noNode, operation: "getChildren", path: "/y")))
        #expect(try await client.configuration().data == [1])
        #expect(try await client.reconfigure(.change(joining: [], leaving: ["1", "2"])).data == [2])
        let error = await #expect(throws: CoordinationError.self) { try await client.create("relative") }
        #expect(error?.code == CoordinationError.badArguments)
        await client.close()
        await server.stop()
    }

    @Test func `a watch stream has events until its watch is removed`() async throws {
        let server = try await ScriptedServer { request in
            switch request {
            case .addWatch: .event(.nodeCreated, "/app/a/b", then: .number(0))
            case .removeWatches: .response(.empty)
            default: .error(.unimplemented)
            }
        }
        let client = try await CoordinationClient.connect(to: server.address + "/app")
        let all = await client.events()
        let stream = try await client.watch("/a", .subtree)
        var events = stream.makeAsyncIterator()
        #expect(try await events.next()?.isLike(.nodeCreated, "/a/b") == true)
        try await client.removeWatches("/a")
        #expect(try await events.next()?.kind == .persistentWatchRemoved)
        #expect(try await events.next() == nil)
        await client.close()
        var seen: [String] = []
        for await event in all {
            switch event {
            case .state(let state): seen.append("\(state)")
            case .watch(let watch): seen.append("\(watch.kind)")
            case .trouble(let problem): seen.append(problem.english)
            }
        }
        #expect(seen == ["connected", "nodeCreated", "persistentWatchRemoved", "closed"])
        await server.stop()
    }

    @Test(arguments: [
        (Repeatability.onlyWithoutEffect, CoordinationError.throttled, 3),
        (.always, CoordinationError.connectionLoss, 3),
        (.onlyWithoutEffect, CoordinationError.connectionLoss, 1), (.always, CoordinationError.noNode, 1),
    ])
    func `only what may be tried again is`(
        repeatability: Repeatability, code: CoordinationError.Code, expected: Int
    ) async throws {
        let server = try await ScriptedServer { _ in .silence }
        let client = try await server.connect()
        var attempts = 0
        let policy = RetryPolicy(attempts: 3, firstDelay: .milliseconds(1))
        let error = await #expect(throws: CoordinationError.self) {
            try await client.retrying(policy, repeatability) {
                attempts += 1
                throw CoordinationError(code, operation: "create")
            }
        }
        #expect(error?.code == code)
        #expect(attempts == expected)
        await client.close()
        await server.stop()
    }
}
