import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct RequestTests {
    @Test func `a write is answered when it is on disk, and not before`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        server.diskIsFast = false
        server.send(create("/a").frame(xid: 1), on: id)
        #expect(server.take(on: id).isEmpty)
        #expect(server.core.tree.find("/a") == nil)
        server.finishDisk()
        let reply = try Reply(try #require(try server.takeFrames(on: id).first), to: .create)
        #expect(reply.body == .path("/a"))
        #expect(reply.zxid == Zxid(rawValue: 2))
    }

    @Test func `pipelined requests see those before them and are answered in order`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        server.diskIsFast = false
        let requests: [ClientRequest] = [
            create("/a", [1]), .setData(SetDataRequest(path: "/a", data: [2], version: 0)),
            .getData(PathWatchRequest(path: "/a")), create("/a/s-", nil, .persistentSequential),
            create("/a/s-", nil, .persistentSequential), .ping, .delete(PathVersionRequest(path: "/a")),
            .delete(PathVersionRequest(path: "/a/s-0000000000")), .getChildren(PathWatchRequest(path: "/a")),
        ]
        server.send(requests.enumerated().map { (Int32($0.offset), $0.element) }, on: id)
        server.finishDisk()
        let frames = try server.takeFrames(on: id)
        let replies = try zip(frames, requests).map { try Reply($0.0, to: $0.1.operation) }
        #expect(replies.map(\.xid) == Array(0..<9))
        #expect(replies.map(\.error) == [.ok, .ok, .ok, .ok, .ok, .ok, .notEmpty, .ok, .ok])
        guard case .dataAndStat([2], let stat)? = replies[2].body else { return #expect(Bool(false)) }
        #expect(stat.version == 1)
        #expect(replies[4].body == .path("/a/s-0000000001"))
        #expect(replies[8].body == .children(["s-0000000001"]))
        #expect(replies[6].zxid == Zxid(rawValue: 6), "a refused write takes a zxid too")
    }

    @Test func `a client that comes back reads its own write, even one that was under way`() throws {
        var server = VirtualServer()
        let (first, opened) = try server.connect()
        server.diskIsFast = false
        server.send(create("/a").frame(xid: 1), on: first)
        let (second, _) = try server.connect(session: opened.session, password: opened.password)
        server.send(ClientRequest.exists(PathWatchRequest(path: "/a")).frame(xid: 1), on: second)
        #expect(server.take(on: second).isEmpty)
        server.finishDisk()
        #expect(try Reply(try #require(try server.takeFrames(on: second).first), to: .exists).error == .ok)
    }

    @Test func `another session's reads do not wait`() throws {
        var server = VirtualServer()
        let (writer, _) = try server.connect()
        let (reader, _) = try server.connect()
        server.diskIsFast = false
        server.send(create("/a").frame(xid: 1), on: writer)
        #expect(try server.ask(.exists(PathWatchRequest(path: "/a")), on: reader).error == .noNode)
    }

    static let refusals: [(ClientRequest, ErrorCode)] = [
        (create("/none/a"), .noNode), (create("/a"), .nodeExists), (create("/e/x"), .noChildrenForEphemerals),
        (create("a"), .badArguments), (create("/a/"), .badArguments), (create("/a//b"), .noNode),
        (create("/a/."), .badArguments), (create("/"), .nodeExists), (create("/zookeeper/config/x"), .noAuth),
        (.create(CreateRequest(path: "/x", data: nil, acl: [])), .invalidACL),
        (.create(CreateRequest(path: "/x", data: nil, acl: nil)), .invalidACL),
        (
            .create(
                CreateRequest(
                    path: "/x", data: nil, acl: [ACL(permissions: .all, scheme: "digest", id: "user")])),
            .invalidACL
        ),
        (.delete(PathVersionRequest(path: "/none")), .noNode), (.delete(PathVersionRequest(path: "/")), .badArguments),
        (.delete(PathVersionRequest(path: "/zookeeper/quota")), .badArguments),
        (.delete(PathVersionRequest(path: "/a")), .notEmpty),
        (.delete(PathVersionRequest(path: "/a", version: 9)), .badVersion),
        (.setData(SetDataRequest(path: "/none", data: nil)), .noNode),
        (.setData(SetDataRequest(path: "/a", data: nil, version: 7)), .badVersion),
        (.setData(SetDataRequest(path: "/readonly", data: nil)), .noAuth),
        (.setData(SetDataRequest(path: "nope", data: nil)), .badArguments),
        (.setACL(SetACLRequest(path: "/a", acl: ACL.open, version: 3)), .badVersion),
        (.getData(PathWatchRequest(path: "/none")), .noNode), (.getData(PathWatchRequest(path: "bad path")), .noNode),
        (.exists(PathWatchRequest(path: "/none", watch: true)), .noNode),
        (.getChildren(PathWatchRequest(path: "/none", watch: true)), .noNode),
        (.getACL(PathRequest(path: "/none")), .noNode),
    ]

    @Test(arguments: refusals)
    func `what cannot be is refused with its own code and changes nothing`(request: ClientRequest, error: ErrorCode)
        throws
    {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let readOnly = [ACL(permissions: .read, scheme: "world", id: "anyone")]
        for request in [
            create("/a"), create("/a/b"), create("/e", [], .ephemeral),
            .create(CreateRequest(path: "/readonly", data: nil, acl: readOnly)),
        ] { #expect(try server.ask(request, on: id).error == .ok) }
        let before = server.core.tree
        #expect(try server.ask(request, on: id).error == error)
        #expect(server.core.tree.digest == before.digest)
        #expect(try server.ask(.exists(PathWatchRequest(path: "/a")), on: id).error == .ok)
    }

    @Test func `an unknown flag is refused`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        var request = CreateRequest(path: "/a", data: nil)
        let codes: [(Int32, ErrorCode)] = [
            (5, .unimplemented), (6, .unimplemented), (7, .badArguments), (-1, .badArguments),
        ]
        for (flags, code) in codes {
            request.flags = flags
            #expect(try server.ask(.create(request), on: id).error == code)
        }
    }

    @Test func `a multi happens as a whole`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let request = MultiRequest(operations: [
            .create(CreateRequest(path: "/a", data: nil)), .createWithStat(CreateRequest(path: "/a/b", data: [1])),
            .setData(SetDataRequest(path: "/a", data: [2], version: 0)),
            .check(PathVersionRequest(path: "/a", version: 1)), .delete(PathVersionRequest(path: "/a/b", version: 0)),
        ])
        let reply = try server.ask(.multi(request), on: id)
        guard case .multi(let response)? = reply.body else { return #expect(Bool(false)) }
        #expect(response.results.count == 5)
        #expect(response.results[0] == .create(path: "/a"))
        guard case .createWithStat("/a/b", let stat) = response.results[1] else { return #expect(Bool(false)) }
        #expect(stat.czxid == reply.zxid)
        #expect(response.results[3] == .check)
        #expect(response.results[4] == .delete)
        #expect(server.core.tree.find("/a/b") == nil)
        #expect(server.core.tree.stat(server.core.tree.find("/a")!).cversion == 2)
    }

    @Test func `a failed multi changes nothing and says where it failed`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let request = MultiRequest(operations: [
            .create(CreateRequest(path: "/a", data: nil)), .check(PathVersionRequest(path: "/a", version: 5)),
            .delete(PathVersionRequest(path: "/a")),
        ])
        let reply = try server.ask(.multi(request), on: id)
        #expect(reply.error == .ok)
        #expect(reply.body == .multi(MultiResponse(results: [.error(0), .error(-103), .error(-2)])))
        #expect(server.core.tree.find("/a") == nil)
        #expect(server.core.tree.lastZxid == reply.zxid)
        // Nothing of it lingers in what later writes are checked against.
        #expect(try server.ask(create("/a"), on: id).error == .ok)
    }

    @Test func `an unknown operation is answered and ends the connection, in its turn`() throws {
        for type in [0, 13, 77, 500] as [Int32] {
            var server = VirtualServer()
            let (id, _) = try server.connect()
            server.diskIsFast = false
            server.send(create("/a").frame(xid: 1) + framed(RequestHeader(xid: 2, type: type).encoded), on: id)
            #expect(server.closed.isEmpty)
            server.finishDisk()
            let replies = try server.takeFrames(on: id).map { try Reply($0) }
            #expect(replies.map(\.error) == [.ok, .unimplemented])
            #expect(server.closed == [id])
        }
    }

    @Test func `a body that cannot be read is refused, and the connection lives`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let bodiless: Set<OperationCode> = [.ping, .whoAmI, .closeSession, .check, .auth, .sasl]
        for operation in OperationCode.allCases where !bodiless.contains(operation) {
            server.send(framed(RequestHeader(xid: 5, operation: operation).encoded + [0, 0]), on: id)
            #expect(try server.takeFrames(on: id).map { try Reply($0).error } == [.marshallingError])
        }
        #expect(try server.ask(.ping, xid: SpecialXid.ping, on: id).error == .ok)
        server.send(framed([0, 0, 0]), on: id)
        #expect(server.closed == [id])
        for operation in [OperationCode.auth, .sasl] {
            let (other, _) = try server.connect()
            server.send(framed(RequestHeader(xid: 5, operation: operation).encoded + [0, 0]), on: other)
            #expect(server.closed.contains(other))
        }
    }

    @Test func `auth`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        let known = ClientRequest.auth(AuthRequest(scheme: "ip", credentials: nil))
        #expect(try server.ask(known, xid: SpecialXid.auth, on: id).error == .ok)
        server.send(
            ClientRequest.auth(AuthRequest(scheme: "world", credentials: [1])).frame(xid: SpecialXid.auth), on: id)
        #expect(try server.takeFrames(on: id).map { try Reply($0).error } == [.authFailed])
        #expect(server.closed == [id])
    }

    @Test func `a client that sends without end is held back, and loses nothing`() throws {
        var configuration = VirtualServer.configuration()
        configuration.waitingRequestLimit = 10
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        server.diskIsFast = false
        server.send((1...100).map { ($0, create("/n", nil, .persistentSequential)) }, on: id)
        #expect(server.paused == [id])
        var count = 0
        for _ in 1...20 {
            server.finishDisk()
            count += try server.takeFrames(on: id).count
        }
        #expect(count == 100)
        #expect(server.paused.isEmpty)
    }
}
