import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// The operations beyond the classical ones.
struct OperationTests {
    private func extended() -> CoreConfiguration {
        var configuration = VirtualServer.configuration()
        configuration.extendedTypesEnabled = true
        return configuration
    }

    private func timed(_ path: ByteString, _ milliseconds: Int64, _ mode: CreateMode = .timeToLive) -> ClientRequest {
        .createTTL(
            CreateTTLRequest(
                create: CreateRequest(path: path, data: nil, mode: mode), timeToLiveMilliseconds: milliseconds))
    }

    private func container(_ path: ByteString, _ mode: CreateMode = .container) -> ClientRequest {
        .createContainer(CreateRequest(path: path, data: nil, mode: mode))
    }

    // MARK: Containers and times to live

    @Test func `a container goes with its last child`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect(timeout: 40_000)
        let made = try server.ask(container("/c"), on: id)
        guard case .pathAndStat("/c", let stat)? = made.body else { return #expect(Bool(false)) }
        #expect(stat.ephemeralOwner == .none, "clients see nobody's node")
        try server.keepAlive(id, .seconds(130))
        #expect(server.core.tree.find("/c") != nil, "never used")
        _ = try server.ask(create("/c/a"), on: id)
        try server.keepAlive(id, .seconds(70))
        #expect(server.core.tree.find("/c") != nil, "in use")
        _ = try server.ask(.delete(PathVersionRequest(path: "/c/a")), on: id)
        _ = try server.ask(.exists(PathWatchRequest(path: "/c", watch: true)), on: id)
        try server.keepAlive(id, .seconds(70))
        #expect(server.core.tree.find("/c") == nil)
        #expect(try server.events(on: id) == [WatcherEvent(type: .nodeDeleted, path: "/c")])
        #expect(try recover(server.log).tree == server.core.tree)
    }

    @Test func `a container that nobody uses may go too`() throws {
        var configuration = VirtualServer.configuration()
        configuration.containerMaxNeverUsedMilliseconds = 100_000
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect(timeout: 40_000)
        _ = try server.ask(container("/c"), on: id)
        try server.keepAlive(id, .seconds(70))
        #expect(server.core.tree.find("/c") != nil)
        try server.keepAlive(id, .seconds(60))
        #expect(server.core.tree.find("/c") == nil)
    }

    @Test func `a node outlives its time while it has children or is changed`() throws {
        var server = VirtualServer(extended())
        let (id, _) = try server.connect(timeout: 40_000)
        for path in ["/t", "/kept", "/parent"] as [ByteString] { _ = try server.ask(timed(path, 90_000), on: id) }
        #expect(try server.ask(create("/parent/child"), on: id).error == .ok)
        guard
            case .pathAndStat("/s-0000000003", let stat)? = try server.ask(
                timed("/s-", 90_000, .timeToLiveSequential), on: id
            ).body
        else { return #expect(Bool(false)) }
        #expect(stat.ephemeralOwner == .none)
        try server.keepAlive(id, .seconds(61))
        _ = try server.ask(.setData(SetDataRequest(path: "/kept", data: [1])), on: id)
        try server.keepAlive(id, .seconds(60))
        let tree = server.core.tree
        #expect(
            ["/t", "/kept", "/parent", "/s-0000000003"].map { tree.find($0) != nil } == [false, true, true, false])
        _ = try server.ask(.delete(PathVersionRequest(path: "/parent/child")), on: id)
        try server.keepAlive(id, .seconds(61))
        #expect(server.core.tree.find("/parent") == nil)
        #expect(try recover(server.log).tree == server.core.tree)
    }

    @Test func `deletions are spread over time`() throws {
        var configuration = VirtualServer.configuration()
        configuration.containerMaxPerMinute = 1_200
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect(timeout: 40_000)
        for number in 0..<5 {
            _ = try server.ask(container(ByteString("/c\(number)")), on: id)
            _ = try server.ask(create(ByteString("/c\(number)/a")), on: id)
            _ = try server.ask(.delete(PathVersionRequest(path: ByteString("/c\(number)/a"))), on: id)
        }
        func left() -> Int { (0..<5).filter { server.core.tree.find(ByteString("/c\($0)")) != nil }.count }
        try server.keepAlive(id, .milliseconds(59_950))
        #expect(left() == 5)
        server.wait(.milliseconds(100))
        #expect(left() == 3)
        server.wait(.milliseconds(200))
        #expect(left() == 0)
    }

    @Test func `what takes the place of a due container stays`() throws {
        var configuration = VirtualServer.configuration()
        configuration.containerMaxPerMinute = 600
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect(timeout: 40_000)
        let paths: [ByteString] = ["/c0", "/c1", "/c2"]
        for path in paths {
            _ = try server.ask(container(path), on: id)
            _ = try server.ask(create(ByteString("\(path)/a")), on: id)
            _ = try server.ask(.delete(PathVersionRequest(path: ByteString("\(path)/a"))), on: id)
        }
        try server.keepAlive(id, .milliseconds(59_950))
        server.wait(.milliseconds(60))
        #expect(paths.map { server.core.tree.find($0) != nil } == [false, true, true], "the others' turn comes later")
        _ = try server.ask(.delete(PathVersionRequest(path: "/c1")), on: id)
        _ = try server.ask(create("/c1", [1]), on: id)
        _ = try server.ask(.delete(PathVersionRequest(path: "/c2")), on: id)
        _ = try server.ask(container("/c2"), on: id)
        server.wait(.milliseconds(500))
        #expect(paths.map { server.core.tree.find($0) != nil } == [false, true, true])
        #expect(try recover(server.log).tree == server.core.tree)
    }

    @Test func `what a strange log holds below an ephemeral goes with it`() throws {
        let owner = SessionID(rawValue: 0x0100_0000_0000_0001)
        var state = RecoveredState()
        var bodies: [TransactionBody] = [.createSession(timeoutMilliseconds: 4_000)]
        for path in ["/e", "/e/child", "/e/child/deep", "/e/other"] as [ByteString] {
            bodies.append(
                .create(.init(path: path, data: [1], acl: ACL.open, isEphemeral: path == "/e", parentCVersion: -1)))
        }
        for (number, body) in bodies.enumerated() {
            let zxid = Zxid(rawValue: UInt64(number + 1))
            let header = TransactionHeader(session: owner, cxid: 1, zxid: zxid, time: 1_700_000_000_000)
            state.apply(LoggedTransaction(header: header, body: body, digest: nil))
        }
        var server = VirtualServer(recovered: state)
        #expect(server.core.tree.find("/e/child/deep") != nil)
        server.wait(.seconds(20))
        #expect(server.core.tree.find("/e") == nil && server.core.tree.find("/e/child/deep") == nil)
        #expect(server.core.tree.count == DataTree().count)
    }

    static let kinds: [(ClientRequest, Bool, ErrorCode)] = {
        func timed(_ milliseconds: Int64, _ mode: CreateMode) -> ClientRequest {
            .createTTL(
                CreateTTLRequest(
                    create: CreateRequest(path: "/x", data: nil, mode: mode), timeToLiveMilliseconds: milliseconds))
        }
        func plain(_ mode: CreateMode) -> ClientRequest { .create(CreateRequest(path: "/x", data: nil, mode: mode)) }
        func container(_ mode: CreateMode) -> ClientRequest {
            .createContainer(CreateRequest(path: "/x", data: nil, mode: mode))
        }
        return [
            (timed(5, .timeToLive), false, .unimplemented), (timed(5, .timeToLive), true, .ok),
            (timed(0, .timeToLive), true, .badArguments), (timed(-1, .timeToLive), true, .badArguments),
            (timed(0xFF_FFFF_FFFF, .timeToLive), true, .ok), (timed(0x100_0000_0000, .timeToLive), true, .badArguments),
            (timed(5, .persistent), true, .badArguments), (timed(5, .persistent), false, .badArguments),
            (plain(.timeToLive), true, .badArguments), (plain(.timeToLive), false, .unimplemented),
            (plain(.container), false, .ok), (container(.persistent), false, .ok),
            (container(.timeToLive), true, .badArguments),
        ]
    }()

    @Test(arguments: kinds)
    func `the operation and the flag must fit`(request: ClientRequest, isExtended: Bool, error: ErrorCode) throws {
        var server = VirtualServer(isExtended ? extended() : VirtualServer.configuration())
        let (id, _) = try server.connect()
        #expect(try server.ask(request, on: id).error == error)
        if case .create(let body) = request, body.flags == CreateMode.container.rawValue {
            #expect(server.core.tree.lifetime(of: server.core.tree.find("/x")!) == .persistent)
        }
    }

    @Test func `a client may not delete by the server's own operation`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(container("/c"), on: id)
        #expect(try server.ask(.deleteContainer(PathRequest(path: "/c")), on: id).error == .badArguments)
    }

    /// As Apache's server answers, 3.8 and 3.9.
    @Test(arguments: [true, false])
    func `in a multi, flags may make a container, and never a timed node`(isExtended: Bool) throws {
        var configuration = VirtualServer.configuration()
        configuration.extendedTypesEnabled = isExtended
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        func ask(_ flags: Int32) throws -> ErrorCode {
            var creation = CreateRequest(path: ByteString("/f\(flags)"), data: nil)
            creation.flags = flags
            return try server.ask(.multi(MultiRequest(operations: [.create(creation)])), on: id).error
        }
        for flags: Int32 in [5, 6, 7, -1] { #expect(try ask(flags) == .marshallingError, "\(flags)") }
        for (flags, isTaken) in [(0, true), (1, true), (2, true), (4, true), (5, isExtended), (7, false)] {
            var creation = CreateRequest(path: ByteString("/t\(flags)"), data: nil)
            creation.flags = Int32(flags)
            let timed = CreateTTLRequest(create: creation, timeToLiveMilliseconds: 9)
            let request = ClientRequest.multi(MultiRequest(operations: [.createTTL(timed)]))
            guard case .multi(let response)? = try server.ask(request, on: id).body else {
                return #expect(Bool(false))
            }
            let isCreated =
                switch response.results.first {
                case .create?, .createWithStat?: true
                default: false
                }
            #expect(isCreated == isTaken, "\(flags)")
        }
        #expect(try ask(4) == .ok)
        #expect(server.core.tree.lifetime(of: try #require(server.core.tree.find("/f4"))) == .container)
    }

    @Test func `both kinds in a multi`() throws {
        var server = VirtualServer(extended())
        let (id, _) = try server.connect()
        let request = MultiRequest(operations: [
            .createContainer(CreateRequest(path: "/c", data: nil, mode: .container)),
            .createTTL(
                CreateTTLRequest(
                    create: CreateRequest(path: "/c/t", data: nil, mode: .timeToLive), timeToLiveMilliseconds: 7)),
        ])
        guard case .multi(let response)? = try server.ask(.multi(request), on: id).body else {
            return #expect(Bool(false))
        }
        let paths = response.results.map {
            if case .createWithStat(let path, _) = $0 { path } else { nil as ByteString? }
        }
        #expect(paths == ["/c", "/c/t"])
        #expect(server.core.tree.lifetime(of: server.core.tree.find("/c/t")!) == .timeToLive(milliseconds: 7))
    }

    // MARK: Watches

    @Test func `persistent watches are asked for, and removed`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        func watcher(_ type: WatcherType, _ make: (WatcherRequest) -> ClientRequest) throws -> ErrorCode {
            try server.ask(make(WatcherRequest(path: "/a", type: type)), on: id).error
        }
        _ = try server.ask(create("/a"), on: id)
        for type in WatcherType.allCases { #expect(try watcher(type, ClientRequest.checkWatches) == .noWatcher) }
        for mode in AddWatchMode.allCases {
            #expect(try server.ask(.addWatch(AddWatchRequest(path: "/a", mode: mode)), on: id).body == .number(0))
        }
        _ = try server.ask(.getData(PathWatchRequest(path: "/a", watch: true)), on: id)
        #expect(try watcher(.children, ClientRequest.checkWatches) == .noWatcher)
        for type in [.data, .persistent, .persistentRecursive, .any] as [WatcherType] {
            #expect(try watcher(type, ClientRequest.checkWatches) == .ok)
        }
        for type in [.data, .persistent, .persistentRecursive] as [WatcherType] {
            #expect(try watcher(type, ClientRequest.removeWatches) == .ok)
            #expect(try watcher(type, ClientRequest.removeWatches) == .noWatcher)
        }
        #expect(try watcher(.any, ClientRequest.removeWatches) == .noWatcher)
        #expect(server.core.watches.count == 0)
    }

    @Test func `numbers that mean nothing are refused`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        var add = AddWatchRequest(path: "/", mode: .persistent)
        add.mode = 2
        var check = WatcherRequest(path: "/", type: .any)
        check.type = 6
        for request in [.addWatch(add), .checkWatches(check), .removeWatches(check)] as [ClientRequest] {
            #expect(try server.ask(request, on: id).error == .marshallingError)
        }
    }

    @Test func `persistent watches are set again without catching up`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(create("/a"), on: id)
        let all = SetAllWatchesRequest(
            oneShot: SetWatchesRequest(relativeZxid: .zero, dataWatches: [], existWatches: ["/a"], childWatches: []),
            persistentWatches: ["/a"], persistentRecursiveWatches: ["/"])
        server.send(ClientRequest.setAllWatches(all).frame(xid: 4), on: id)
        let replies = try server.takeFrames(on: id).map { try Reply($0) }
        #expect(replies.map(\.event) == [WatcherEvent(type: .nodeCreated, path: "/a"), nil])
        #expect(replies.last?.xid == 4)
        server.send(create("/a/b").frame(xid: 5), on: id)
        #expect(
            try server.events(on: id) == [
                WatcherEvent(type: .nodeCreated, path: "/a/b"), WatcherEvent(type: .nodeChildrenChanged, path: "/a"),
            ])
    }

    // MARK: Questions

    @Test func `multiRead answers each part by itself`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(create("/a", [7]), on: id)
        let request = MultiReadRequest(operations: [
            .getData(PathWatchRequest(path: "/a", watch: true)), .getData(PathWatchRequest(path: "/none")),
            .getChildren(PathWatchRequest(path: "/")),
        ])
        let reply = try server.ask(.multiRead(request), on: id)
        let stat = server.core.tree.stat(server.core.tree.find("/a")!)
        #expect(
            reply.body
                == .multi(
                    MultiResponse(results: [.getData([7], stat), .error(-101), .getChildren(["a", "zookeeper"])])))
        #expect(server.core.watches.count == 0)
    }

    @Test func `ephemerals of one's own`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let (other, _) = try server.connect()
        _ = try server.ask(create("/other", [], .ephemeral), on: other)
        for path in ["/b", "/ab", "/a1"] as [ByteString] { _ = try server.ask(create(path, [], .ephemeral), on: id) }
        let expected: [(ByteString, [ByteString])] = [
            ("/", ["/a1", "/ab", "/b"]), ("", ["/a1", "/ab", "/b"]), (" / ", ["/a1", "/ab", "/b"]),
            ("/a", ["/a1", "/ab"]),
            ("/none", []),
        ]
        for (prefix, paths) in expected {
            #expect(try server.ask(.getEphemerals(PathRequest(path: prefix)), on: id).body == .children(paths))
        }
    }

    @Test func `how many are below`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        for path in ["/a", "/a/b", "/a/b/c", "/ab"] as [ByteString] { _ = try server.ask(create(path), on: id) }
        for (path, count) in [("/a", 2), ("/a/b", 1), ("/ab", 0), ("/", 7)] as [(ByteString, Int32)] {
            #expect(try server.ask(.getAllChildrenNumber(PathRequest(path: path)), on: id).body == .number(count))
        }
        #expect(try server.ask(.getAllChildrenNumber(PathRequest(path: "/none")), on: id).error == .noNode)
    }

    @Test func `one server has nothing to reconfigure`() throws {
        let request = ClientRequest.reconfig(ReconfigRequest(joiningServers: "server.2=h:1:2;3"))
        for (isEnabled, error) in [(false, .reconfigDisabled), (true, .unimplemented)] as [(Bool, ErrorCode)] {
            var configuration = VirtualServer.configuration()
            configuration.reconfigEnabled = isEnabled
            var server = VirtualServer(configuration)
            let (id, _) = try server.connect()
            #expect(try server.ask(request, on: id).error == error)
            #expect(server.closed.isEmpty)
        }
    }

    // MARK: Counting and limits

    @Test func `an exhausted sequence counter repeats its name, which is refused`() throws {
        var state = RecoveredState()
        let creation = TransactionBody.Creation(
            path: "/q", data: nil, acl: ACL.open, isEphemeral: false, parentCVersion: .max)
        state.apply(
            .init(
                header: TransactionHeader(session: .none, cxid: 0, zxid: Zxid(rawValue: 1), time: 0),
                body: .create(creation), digest: nil))
        var server = VirtualServer(recovered: state)
        let (id, _) = try server.connect()
        #expect(try server.ask(create("/n-", [], .persistentSequential), on: id).body == .path("/n-2147483647"))
        #expect(try server.ask(create("/n-", [], .persistentSequential), on: id).error == .nodeExists)
        #expect(try server.ask(create("/plain"), on: id).error == .ok)
    }

    @Test func `quotas are counted, reported, and enforced if asked`() throws {
        for isEnforced in [false, true] {
            var configuration = VirtualServer.configuration()
            configuration.enforceQuota = isEnforced
            var server = VirtualServer(configuration)
            let (id, _) = try server.connect()
            _ = try server.ask(create("/a", [1, 2]), on: id)
            let nodes: [(ByteString, String)] = [
                ("/zookeeper/quota/a", ""),
                ("/zookeeper/quota/a/zookeeper_limits", "count=2,bytes=-1=;byteHardLimit=9;countHardLimit=3"),
                ("/zookeeper/quota/a/zookeeper_stats", "count=0,bytes=0"),
            ]
            for (path, text) in nodes { _ = try server.ask(create(path, Array(text.utf8)), on: id) }
            func usage() -> String {
                let number = server.core.tree.find("/zookeeper/quota/a/zookeeper_stats")!
                #expect(server.core.tree.stat(number).version == 0)
                return String(decoding: server.core.tree.data(number)!, as: UTF8.self)
            }
            #expect(usage() == "count=1,bytes=2")
            _ = try server.ask(create("/a/b", [3]), on: id)
            _ = try server.ask(create("/a/c", []), on: id)
            #expect(usage() == "count=3,bytes=3")
            #expect(server.notices.isEmpty)
            #expect(try server.ask(create("/a/d"), on: id).error == (isEnforced ? .quotaExceeded : .ok))
            #expect(server.notices.count == 1)
            let big = ClientRequest.setData(
                SetDataRequest(path: "/a/b", data: Array(repeating: 0, count: 10), version: 7))
            #expect(try server.ask(big, on: id).error == (isEnforced ? .quotaExceeded : .badVersion))
            _ = try server.ask(.delete(PathVersionRequest(path: "/a/c")), on: id)
            _ = try server.ask(.setData(SetDataRequest(path: "/a/b", data: [])), on: id)
            #expect(usage() == (isEnforced ? "count=2,bytes=2" : "count=3,bytes=2"))
            #expect(try recover(server.log).tree == server.core.tree)
        }
    }

    @Test func `no number in the node that counts stops the server`() throws {
        var configuration = VirtualServer.configuration()
        configuration.enforceQuota = true
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        let most = "count=\(Int64.max),bytes=\(Int64.max)"
        for (path, text) in [
            ("/a", ""), ("/zookeeper/quota/a", ""), ("/zookeeper/quota/a/zookeeper_limits", "bytes=5"),
            ("/zookeeper/quota/a/zookeeper_stats", ""),
        ] as [(ByteString, String)] { _ = try server.ask(create(path, Array(text.utf8)), on: id) }
        let usage: ByteString = "/zookeeper/quota/a/zookeeper_stats"
        _ = try server.ask(.setData(SetDataRequest(path: usage, data: Array(most.utf8))), on: id)
        #expect(try server.ask(create("/a/b", [1]), on: id).error == .ok, "a soft limit is only reported")
        #expect(server.notices.count == 1)
        #expect(server.core.tree.data(server.core.tree.find(usage)!) == Array(most.utf8))
        #expect(try server.ask(.delete(PathVersionRequest(path: "/a/b")), on: id).error == .ok)
        #expect(try recover(server.log).tree == server.core.tree)
    }

    @Test func `the words of quotas`() {
        #expect(Quota(Array("count=4,bytes=5=;byteHardLimit=10".utf8)) == Quota(count: 4, bytes: 5, byteHardLimit: 10))
        #expect(Quota(Array("count=-1;;bytes=,x=1".utf8)) == Quota())
        #expect(Quota(count: 1, countHardLimit: 2).text == "count=1,bytes=-1=;countHardLimit=2")
        #expect(Quota(bytes: 3).text == "count=-1,bytes=3")
    }
}
