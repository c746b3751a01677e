import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct LimitTests {
    @Test(
        arguments: [
            (Array("GET / HTTP/1.1\r\n".utf8), RefusedFrame.Content.http), ([0x16, 0x03, 0x01, 0x02, 0], .tls),
            ([0xFF, 0xFF, 0xFF, 0xFF], .unknown),
            (hex("7fffffff 00000001 00000004 00000002 2f61"), .request(.getData, path: "/a")),
            (hex("7fffffff 00000001 00000004 00000002 2f"), .request(.getData, path: nil)),
            (hex("7fffffff 00000001 0000000e"), .request(.multi, path: nil)),
        ] as [([UInt8], RefusedFrame.Content)])
    func `a frame that cannot be is named`(bytes: [UInt8], content: RefusedFrame.Content) throws {
        var server = VirtualServer()
        let id = server.open(address: "10.0.0.1:7")
        server.send(bytes, on: id)
        #expect(server.closed == [id])
        guard case .frameRefused(let frame, "10.0.0.1:7", .none)? = server.notices.first else {
            return #expect(Bool(false))
        }
        #expect(frame.content == content)
        #expect(frame.limit == FrameBuffer.defaultLimit)
    }

    @Test func `a request may be as long as jute maxbuffer, and not longer`() throws {
        var configuration = VirtualServer.configuration()
        configuration.frameLimit = 1_000
        var server = VirtualServer(configuration)
        let (id, opened) = try server.connect()
        let overhead = create("/a", []).frame(xid: 1).count - 4
        #expect(try server.ask(create("/a", Array(repeating: 0, count: 1_000 - overhead)), on: id).error == .ok)
        server.send(create("/b", Array(repeating: 0, count: 1_001 - overhead)).frame(xid: 2), on: id)
        #expect(server.closed == [id])
        guard case .frameRefused(let frame, _, opened.session)? = server.notices.first else {
            return #expect(Bool(false))
        }
        #expect(frame.content == .request(.create, path: "/b"))
        #expect(frame.byteCount == 1_001)
    }

    @Test func `there is a limit of connections altogether`() {
        var configuration = VirtualServer.configuration()
        configuration.maxCnxns = 2
        var server = VirtualServer(configuration)
        let ids = ["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"].map { server.open(address: $0) }
        #expect(server.closed == [ids[2]])
    }

    @Test func `with too many requests under way, who sends more must wait`() throws {
        var configuration = VirtualServer.configuration()
        configuration.globalOutstandingLimit = 3
        var server = VirtualServer(configuration)
        let clients = try (0..<3).map { _ in try server.connect().0 }
        server.diskIsFast = false
        for id in clients { server.send((1...4).map { ($0, create("/n", nil, .persistentSequential)) }, on: id) }
        #expect(server.paused == Set(clients))
        var counts = clients.map { _ in 0 }
        for _ in 1...20 {
            server.finishDisk()
            for (index, id) in clients.enumerated() { counts[index] += try server.takeFrames(on: id).count }
        }
        #expect(counts == [4, 4, 4])
        #expect(server.paused.isEmpty)
    }

    @Test func `what has waited too long to be read is not done`() throws {
        var configuration = VirtualServer.configuration()
        configuration.requestThrottleMaxRequests = 1
        configuration.throttledOpWaitTime = .milliseconds(500)
        for (wait, error) in [(400, ErrorCode.ok), (600, .throttled)] as [(UInt64, ErrorCode)] {
            var server = VirtualServer(configuration)
            let (id, _) = try server.connect()
            server.diskIsFast = false
            server.send([(1, create("/a")), (2, create("/b")), (-2, .ping)], on: id)
            #expect(server.paused == [id])
            server.wait(.milliseconds(wait))
            for _ in 1...4 { server.finishDisk() }
            let replies = try server.takeFrames(on: id).map { try Reply($0) }
            #expect(replies.map(\.error) == [.ok, error, .ok])
            #expect((server.core.tree.find("/b") != nil) == (error == .ok))
        }
    }

    @Test func `a session that is ending is told so`() throws {
        var server = VirtualServer()
        let (id, _) = try server.connect()
        server.diskIsFast = false
        server.send([(1, .closeSession), (2, .getData(PathWatchRequest(path: "/"))), (3, create("/a"))], on: id)
        server.finishDisk()
        // The answer to the closing is the last one; nothing after it took effect.
        #expect(try server.takeFrames(on: id).map { try Reply($0).xid } == [1])
        #expect(server.core.tree.find("/a") == nil)
    }
}
