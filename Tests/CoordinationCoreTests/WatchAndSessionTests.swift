import Bytes
import CoordinationCore
import StateMachines
import Testing
import Traces
import WireProtocol
import ZNodes

struct WatchAndSessionTests {
    @Test func `a notification leaves before the answer that shows its cause`() throws {
        var server = VirtualServer()
        let (watcher, _) = try server.connect()
        let (writer, _) = try server.connect()
        #expect(try server.ask(.exists(PathWatchRequest(path: "/a", watch: true)), on: watcher).error == .noNode)
        #expect(try server.ask(.getChildren(PathWatchRequest(path: "/", watch: true)), on: watcher).error == .ok)
        let created = try server.ask(create("/a"), on: writer)
        server.send(ClientRequest.getData(PathWatchRequest(path: "/a")).frame(xid: 9), on: watcher)
        let replies = try server.takeFrames(on: watcher).map { try Reply($0) }
        #expect(
            replies.map(\.event) == [
                WatcherEvent(type: .nodeCreated, path: "/a"), WatcherEvent(type: .nodeChildrenChanged, path: "/"), nil,
            ])
        #expect(replies[0].zxid == created.zxid)
    }

    @Test func `a client's own write fires its watch before it is answered`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        _ = try server.ask(.getChildren(PathWatchRequest(path: "/", watch: true)), on: id)
        server.send(create("/a").frame(xid: 2), on: id)
        let replies = try server.takeFrames(on: id).map { try Reply($0) }
        #expect(replies.map(\.xid) == [SpecialXid.notification, 2])
    }

    @Test func `closing a session deletes its ephemerals, answers, and closes`() throws {
        var server = VirtualServer()
        let (owner, opened) = try server.connect()
        let (other, _) = try server.connect()
        _ = try server.ask(create("/e", [], .ephemeral), on: owner)
        _ = try server.ask(.exists(PathWatchRequest(path: "/e", watch: true)), on: other)
        server.diskIsFast = false
        // One more is under way when the session ends.
        server.send([(7, create("/f", [], .ephemeral)), (8, .closeSession), (9, create("/g"))], on: owner)
        server.finishDisk()
        let replies = try server.takeFrames(on: owner).map { try Reply($0) }
        #expect(replies.map(\.xid) == [7, 8])
        #expect(server.closed == [owner])
        #expect(try server.takeFrames(on: other).map { try Reply($0).event?.type } == [2])
        #expect(server.core.tree.find("/e") == nil)
        #expect(server.core.tree.find("/f") == nil)
        #expect(server.core.tree.find("/g") == nil, "a session that is closing writes no more")
        server.diskIsFast = true
        let (_, late) = try server.connect(session: opened.session, password: opened.password)
        #expect(late == .expired(isReadOnly: false))
        #expect(server.observations.contains(.sessionClosed(opened.session, zxid: Zxid(rawValue: 5))))
    }

    @Test func `a silent session expires between its timeout and a tick more`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect(timeout: 10_000)
        let (other, _) = try server.connect(timeout: 40_000)
        _ = try server.ask(create("/e", [], .ephemeral), on: id)
        server.wait(.milliseconds(9_900))
        #expect(server.core.tree.find("/e") != nil)
        server.wait(.milliseconds(2_200))
        #expect(server.core.tree.find("/e") == nil)
        #expect(server.closed == [id])
        #expect(try server.ask(.ping, xid: SpecialXid.ping, on: other).error == .ok)
        #expect(
            server.observations.contains { if case .sessionExpired(opened.session, _) = $0 { true } else { false } })
    }

    @Test func `pings keep a session alive, and a session outlives its connection`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect(timeout: 10_000)
        for _ in 1...10 {
            server.wait(.seconds(8))
            #expect(try server.ask(.ping, xid: SpecialXid.ping, on: id).error == .ok)
        }
        server.step(.disconnected(id))
        server.wait(.seconds(9))
        let (_, resumed) = try server.connect(session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
    }

    @Test func `what a client missed is told when it sets its watches again`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect()
        for path in ["/changed", "/same", "/gone"] as [ByteString] { _ = try server.ask(create(path), on: id) }
        let seen = server.core.tree.lastZxid
        server.step(.disconnected(id))
        let (other, _) = try server.connect()
        _ = try server.ask(.setData(SetDataRequest(path: "/changed", data: [1])), on: other)
        _ = try server.ask(create("/changed/child"), on: other)
        _ = try server.ask(.delete(PathVersionRequest(path: "/gone")), on: other)
        _ = try server.ask(create("/new"), on: other)
        let (back, _) = try server.connect(session: opened.session, password: opened.password)
        let watches = SetWatchesRequest(
            relativeZxid: seen, dataWatches: ["/changed", "/same", "/gone"], existWatches: ["/new", "/absent"],
            childWatches: ["/changed", "/same", "/gone"])
        server.send(ClientRequest.setWatches(watches).frame(xid: SpecialXid.setWatches), on: back)
        let replies = try server.takeFrames(on: back).map { try Reply($0) }
        #expect(
            replies.map(\.event) == [
                WatcherEvent(type: .nodeDataChanged, path: "/changed"), WatcherEvent(type: .nodeDeleted, path: "/gone"),
                WatcherEvent(type: .nodeCreated, path: "/new"),
                WatcherEvent(type: .nodeChildrenChanged, path: "/changed"),
                WatcherEvent(type: .nodeDeleted, path: "/gone"), nil,
            ])
        #expect(replies.last?.xid == SpecialXid.setWatches)
        #expect(replies.dropLast().allSatisfy { $0.zxid == Zxid(wireValue: -1) })
        // The rest is watched again.
        _ = try server.ask(
            .multi(
                MultiRequest(operations: [
                    .setData(SetDataRequest(path: "/same", data: nil)),
                    .create(CreateRequest(path: "/absent", data: nil)),
                    .create(CreateRequest(path: "/same/x", data: nil)),
                ])), on: other)
        #expect(try server.takeFrames(on: back).map { try Reply($0).event?.path } == ["/same", "/absent", "/same"])
    }

    @Test func `watches die with their connection`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect()
        _ = try server.ask(.exists(PathWatchRequest(path: "/a", watch: true)), on: id)
        let (back, _) = try server.connect(session: opened.session, password: opened.password)
        _ = try server.ask(create("/a"), on: back)
        #expect(server.core.watches.count == 0)
    }

    @Test func `sessions and ephemerals survive a restart, and then expire if nobody comes`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect(timeout: 10_000)
        _ = try server.ask(create("/e", [1], .ephemeral), on: id)
        var second = VirtualServer(recovered: try recover(server.log))
        #expect(second.core.tree == server.core.tree)
        second.wait(.seconds(8))
        let (back, resumed) = try second.connect(session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        let (_, other) = try second.connect()
        #expect(other.session != opened.session)
        #expect(try second.ask(.exists(PathWatchRequest(path: "/e")), on: back).error == .ok)
        var third = VirtualServer(recovered: try recover(server.log))
        third.wait(.seconds(13))
        #expect(third.core.tree.find("/e") == nil)
    }

    @Test func `the judge sees everything in its true order`() throws {
        var server = VirtualServer()
        let (id, opened) = try server.connect(timeout: 10_000)
        let session = opened.session
        _ = try server.ask(.getChildren(PathWatchRequest(path: "/", watch: true)), on: id)
        server.send(create("/n-", [], .ephemeralSequential).frame(xid: 3), on: id)
        let zxid = Zxid(rawValue: 2)
        let created = server.observations.drop { if case .watchSet = $0 { false } else { true } }
        #expect(
            Array(created).map(\.kindName) == [
                "watchSet", "reply", "request", "writing", "written", "applied", "watchFired", "reply",
            ])
        #expect(
            server.observations.last
                == .reply(
                    session,
                    Observation.Reply(
                        xid: 3, operation: .create, error: .ok, zxid: zxid, createdPath: "/n-0000000000", results: nil))
        )
        let events = server.observations.enumerated().map { $1.event(order: $0 + 1, time: .zero, server: "server") }
        #expect(events.map(\.order) == Array(1...events.count))
        #expect(events.last?.payload == "xid 3 ok /n-0000000000 zxid 0x2")
        #expect(events.last?.id == session.description)
    }
}

extension Observation {
    fileprivate var kindName: String { String("\(self)".prefix { $0 != "(" }) }
}
