import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct AuditTests {
    private func auditedServer() -> VirtualServer {
        var configuration = VirtualServer.configuration()
        configuration.isAuditing = true
        return VirtualServer(configuration)
    }

    @Test func `every change is recorded with who made it, and every refusal`() throws {
        var server = auditedServer()
        let (client, answer) = try server.connect()
        server.send([(1, .auth(AuthRequest(scheme: "digest", credentials: Array("ann:secret".utf8))))], on: client)
        server.send(
            [
                (2, create("/a", [], .persistentSequential)), (3, create("/a", [])), (4, create("/a", [])),
                (5, .setData(SetDataRequest(path: "/a", data: [1], version: -1))),
                (6, .setACL(SetACLRequest(path: "/a", acl: ACL.open))),
                (7, .delete(PathVersionRequest(path: "/none", version: -1))),
                (8, .getData(PathWatchRequest(path: "/a", watch: false))),
            ], on: client)
        let all = server.audit
        #expect(all.allSatisfy { $0.session == answer.session && $0.users == ["127.0.0.1", "ann"] })
        #expect(all.allSatisfy { $0.host == "127.0.0.1" })
        #expect(all.map(\.operation.rawValue) == ["create", "create", "create", "setData", "setAcl", "delete"])
        #expect(all.map(\.isSuccess) == [true, true, false, true, true, false])
        #expect(all.map(\.path) == ["/a0000000000", "/a", "/a", "/a", "/a", "/none"])
        #expect(all[0].mode == "persistent_sequential")
        #expect(all[4].acl == "world:anyone:cdrwa")
    }

    @Test func `the parts of a multi are recorded if it happens, and the multi if it does not`() throws {
        var server = auditedServer()
        let (client, _) = try server.connect()
        let operations: [MultiOperation] = [
            .create(CreateRequest(path: "/m", data: nil)), .setData(SetDataRequest(path: "/m", data: [], version: -1)),
            .check(PathVersionRequest(path: "/m", version: -1)), .delete(PathVersionRequest(path: "/m", version: -1)),
        ]
        server.send([(1, .multi(MultiRequest(operations: operations)))], on: client)
        server.send([(2, .multi(MultiRequest(operations: Array(operations[2...]))))], on: client)
        #expect(server.audit.map(\.operation.rawValue) == ["create", "setData", "delete", "multiOperation"])
        #expect(server.audit.map(\.isSuccess) == [true, true, true, false])
    }

    @Test func `ephemerals that end with their session are recorded`() throws {
        var server = auditedServer()
        let (client, answer) = try server.connect()
        server.send([(1, create("/e", [], .ephemeral)), (2, .closeSession)], on: client)
        let last = try #require(server.audit.last)
        #expect(last.operation.rawValue == "ephemeralZNodeDeletionOnSessionCloseOrExpire")
        #expect(last.path == "/e")
        #expect(last.session == answer.session)
        #expect(last.host == nil)
    }

    @Test func `a reconfiguration is recorded where it was asked for, and so is a refused one`() throws {
        var setup = VirtualEnsemble.Setup()
        setup.core.isAuditing = true
        setup.core.reconfigEnabled = true
        setup.core.access.skipACL = true
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        let (follower, leaving) = ((leader + 1) % 3, (leader + 2) % 3)
        let (client, answer) = try ensemble.connect(to: follower)
        for (xid, version, error) in [(1, 7, .badVersion), (2, -1, .ok)] as [(Int32, Int64, ErrorCode)] {
            let request = ReconfigRequest(
                leavingServers: ByteString("\(leaving + 1)"), currentConfigurationID: version)
            #expect(try ensemble.ask(.reconfig(request), xid: xid, client, on: follower).error == error)
        }
        let records = ensemble.servers[follower].audit
        #expect(records.map(\.operation) == [.reconfig, .reconfig])
        #expect(records.map(\.isSuccess) == [false, true])
        #expect(records.allSatisfy { $0.session == answer.session && $0.host == "127.0.0.1" && $0.path == nil })
        #expect(ensemble.servers[leader].audit.isEmpty && ensemble.servers[leaving].audit.isEmpty)
    }

    @Test func `without an audit nothing is recorded`() throws {
        var server = VirtualServer()
        let (client, _) = try server.connect()
        server.send([(1, create("/a")), (2, .closeSession)], on: client)
        #expect(server.audit.isEmpty)
    }
}
