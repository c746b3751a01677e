import CoordinationClient
import FaultProxy
import LoopbackServer
import StateMachines
import Testing

/// Client, proxy and server together.
struct RealServerTests {
    @Test func `nodes live as they should`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        #expect(try await client.create("/a", data: [1, 2]) == "/a")
        let (path, stat) = try await client.createWithStat("/a/n-", kind: .ephemeralSequential)
        #expect(path == "/a/n-0000000000")
        #expect(stat.ephemeralOwner == (await client.sessionIdentifier))
        #expect(try await client.getChildren("/a") == ["n-0000000000"])
        #expect(try await client.getChildrenWithStat("/a").stat.childCount == 1)
        let (data, before) = try await client.getData("/a")
        #expect(data == [1, 2])
        let after = try await client.setData("/a", data: [3], version: before.version)
        #expect(after.version == 1 && after.mzxid > before.mzxid && after.czxid == before.czxid)
        try await client.sync("/a")
        for (code, attempt) in [
            (CoordinationError.nodeExists, { _ = try await client.create("/a") }),
            (CoordinationError.noNode, { try await client.delete("/none") }),
            (CoordinationError.badVersion, { try await client.delete("/a", version: 7) }),
            (CoordinationError.notEmpty, { try await client.delete("/a") }),
            (CoordinationError.badArguments, { _ = try await client.create("/a/") }),
        ] as [(CoordinationError.Code, () async throws -> Void)] {
            let error = await #expect(throws: CoordinationError.self) { try await attempt() }
            #expect(error?.code == code)
        }
        #expect(try await client.exists("/none") == nil)
        await client.close()
        let next = try await server.connect("B")
        #expect(try await next.getChildren("/a") == [], "an ephemeral node goes with its session")
        await next.close()
        try await server.stop()
    }

    @Test func `watches tell of changes by others`() async throws {
        let server = try await LoopbackServer()
        let (watcher, other) = (try await server.connect("A"), try await server.connect("B"))
        let (absent, creation) = try await watcher.existsAndWatch("/a")
        #expect(absent == nil)
        try await other.create("/a")
        #expect(try await creation.event().isLike(.nodeCreated, "/a"))
        let (_, _, change) = try await watcher.getDataAndWatch("/a")
        let (_, children) = try await watcher.getChildrenAndWatch("/a")
        try await other.setData("/a", data: [1])
        try await other.create("/a/b")
        #expect(try await change.event().isLike(.nodeDataChanged, "/a"))
        #expect(try await children.event().isLike(.nodeChildrenChanged, "/a"))
        await watcher.close()
        await other.close()
        try await server.stop()
    }

    @Test func `a transaction happens whole or not at all`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        let results = try await client.commit([.create("/a"), .create("/a/b"), .setData("/a", data: [9]), .check("/a")])
        #expect(results.count == 4)
        let error = await #expect(throws: CoordinationError.self) {
            try await client.commit([.create("/c"), .check("/a", version: 5), .delete("/a/b")])
        }
        #expect(error == CoordinationError(CoordinationError.badVersion, operation: "check", path: "/a"))
        #expect(try await client.exists("/c") == nil)
        await client.close()
        try await server.stop()
    }

    @Test func `a cut connection keeps session, ephemeral nodes and watches`() async throws {
        let server = try await LoopbackServer()
        let (client, other) = (try await server.connect("A"), try await server.connect("B"))
        try await client.create("/mine", kind: .ephemeral)
        try await other.create("/other")
        let (_, _, watch) = try await client.getDataAndWatch("/other")
        let session = await client.sessionIdentifier
        // The change happens while the client is away: it fires when the client comes back.
        try await server.proxy { $0.refuseConnections(of: "A", for: .seconds(3_600)) }
        try await server.proxy { $0.cut("A") }
        try await other.setData("/other", data: [1])
        try await server.proxy { $0.heal("A") }
        #expect(try await watch.event().isLike(.nodeDataChanged, "/other"))
        #expect(await client.sessionIdentifier == session)
        #expect(try await client.exists("/mine")?.ephemeralOwner == session)
        await client.close()
        await other.close()
        try await server.stop()
    }

    @Test func `a lost reply leaves the node on the server`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        try await server.proxy { $0.add(.loseReply(of: "A", to: "create")) }
        do {
            try await client.create("/n-", kind: .ephemeralSequential)
            Issue.record("Its reply was lost.")
        } catch CoordinationError.connectionLoss {
            // Indefinite, and in truth it did happen.
        }
        #expect(try await client.getChildren("/") == ["n-0000000000", "zookeeper"])
        await client.close()
        try await server.stop()
    }

    @Test func `a session that nobody hears of expires, and takes its nodes along`() async throws {
        let server = try await LoopbackServer(timeout: .milliseconds(800))
        let client = try await server.connect("A")
        var states = await client.states().filter { $0 == .expired }.makeAsyncIterator()
        try await server.proxy { try $0.expireSession(of: "A") }
        #expect(await states.next() == .expired)
        await #expect(throws: CoordinationError.self) { try await client.create("/a") }
        await client.close()
        try await server.stop()
    }

    @Test func `a client may take a node for its root`() async throws {
        let server = try await LoopbackServer()
        let outside = try await server.connect()
        try await outside.create("/app")
        let inside = try await server.connect("B", root: "/app")
        let (_, creation) = try await inside.existsAndWatch("/a")
        #expect(try await inside.create("/a") == "/a")
        #expect(try await creation.event().isLike(.nodeCreated, "/a"))
        #expect(try await inside.commit([.create("/a/n-", kind: .persistentSequential)]).count == 1)
        #expect(try await inside.getChildren("/") == ["a"])
        #expect(try await outside.getChildren("/app/a") == ["n-0000000000"])
        let error = await #expect(throws: CoordinationError.self) { try await inside.delete("/none") }
        #expect(error == CoordinationError(CoordinationError.noNode, operation: "delete", path: "/none"))
        await inside.close()
        await outside.close()
        try await server.stop()
    }

    @Test func `a session can be taken over`() async throws {
        let server = try await LoopbackServer()
        let first = try await server.connect("A")
        try await first.create("/mine", kind: .ephemeral)
        let credentials = await first.sessionCredentials
        await first.detach()
        #expect(await first.state == .closed)
        let second = try await CoordinationClient.connect(
            to: server.address("B"), options: ClientOptions(resuming: credentials))
        #expect(await second.sessionIdentifier == credentials.identifier)
        #expect(try await second.exists("/mine")?.ephemeralOwner == credentials.identifier)
        await second.close()
        var forged = credentials
        forged.password[0] ^= 1
        await #expect(throws: CoordinationError.self) {
            _ = try await CoordinationClient.connect(
                to: server.address("B"), options: ClientOptions(resuming: forged))
        }
        try await server.stop()
    }

    @Test func `access rules are kept`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        _ = try await client.create("/a", data: nil, kind: .persistent, access: [.world([.read, .admin])])
        let (rules, stat) = try await client.getAccess("/a")
        #expect(rules == [.world([.read, .admin])])
        let error = await #expect(throws: CoordinationError.self) { try await client.setData("/a", data: [1]) }
        #expect(error?.code == CoordinationError.noAuth)
        #expect(try await client.setAccess("/a", .readOnly, version: stat.accessVersion).accessVersion == 1)
        #expect(try await client.getOptionalData("/a").data == nil)
        await client.close()
        try await server.stop()
    }

    @Test func `no data is not the same as none at all`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        try await client.create("/nothing", data: nil)
        try await client.create("/empty", data: [])
        for (path, data) in [("/nothing", nil), ("/empty", [])] as [(String, [UInt8]?)] {
            #expect(try await client.getOptionalData(path).data == data)
            let watched = try await client.getOptionalDataAndWatch(path)
            #expect(watched.data == data)
            #expect(watched.stat.dataLength == 0)
            #expect(try await client.getData(path).data == [])
            guard case .data(let read, _) = try await client.read([.data(path)])[0] else {
                Issue.record("It was read.")
                continue
            }
            #expect(read == data)
            try await client.setData(path, data: [1])
            #expect(try await watched.watch.event().isLike(.nodeDataChanged, path))
        }
        await client.close()
        try await server.stop()
    }

    @Test func `children come with their parent's stat and a watch, in one answer`() async throws {
        let server = try await LoopbackServer()
        let client = try await server.connect()
        try await client.create("/a")
        try await client.create("/a/c")
        try await client.create("/a/b")
        let (children, stat, watch) = try await client.getChildrenWithStatAndWatch("/a")
        #expect(children == ["b", "c"])
        #expect(stat.childCount == 2)
        try await client.delete("/a/c")
        #expect(try await watch.event().isLike(.nodeChildrenChanged, "/a"))
        await #expect(throws: CoordinationError.self) { try await client.getChildrenWithStatAndWatch("/none") }
        #expect(try await !client.hasWatches("/none"))
        await client.close()
        try await server.stop()
    }

    @Test func `the server tells which watches it holds`() async throws {
        let server = try await LoopbackServer()
        let (client, other) = (try await server.connect("A"), try await server.connect("B"))
        try await client.create("/a")
        func held() async throws -> [WatchSelection] {
            var held: [WatchSelection] = []
            for selection in WatchSelection.allCases where try await client.hasWatches("/a", selection) {
                held.append(selection)
            }
            return held
        }
        #expect(try await held() == [])
        let data = try await client.getDataAndWatch("/a").watch
        #expect(try await held() == [.data, .any])
        _ = try await client.getChildrenAndWatch("/a")
        let stream = try await client.watch("/a", .node)
        #expect(try await held() == [.children, .data, .any, .node])
        #expect(try await !other.hasWatches("/a"), "a watch is its session's")
        try await other.setData("/a", data: [1])
        #expect(try await data.event().kind == .nodeDataChanged)
        #expect(try await held() == [.children, .any, .node])
        try await client.removeWatches("/a")
        #expect(try await held() == [])
        withExtendedLifetime(stream) {}
        await client.close()
        await other.close()
        try await server.stop()
    }
}
