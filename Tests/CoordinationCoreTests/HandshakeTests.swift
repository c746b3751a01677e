import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct HandshakeTests {
    @Test func `a new session has a number of this server, its password, and a clamped timeout`() throws {
        var server = VirtualServer()
        for (asked, given) in [(1, 4_000), (10_000, 10_000), (1_000_000, 40_000)] as [(Int32, Int32)] {
            let (_, response) = try server.connect(timeout: asked)
            #expect(response.timeoutMilliseconds == given)
            #expect(response.session.rawValue >> 56 == 1)
            #expect(response.password == SessionPassword.bytes(for: response.session))
            #expect(response.isReadOnly == false)
        }
        #expect(server.core.tree.lastZxid == Zxid(rawValue: 3))
    }

    @Test func `an old client is answered in the old form`() throws {
        var server = VirtualServer()
        let id = server.open()
        let request = ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 5_000, isReadOnlyAllowed: nil)
        server.send(framed(request.encoded), on: id)
        #expect(server.take(on: id).count == 4 + 36)
    }

    @Test func `the session is not answered before its transaction is on disk`() throws {
        var server = VirtualServer()
        server.diskIsFast = false
        let id = server.open()
        let hello = ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 5_000)
        // A client that does not wait: its requests stay unread until the session is there.
        server.send(framed(hello.encoded) + create("/a").frame(xid: 1), on: id)
        #expect(server.take(on: id).isEmpty)
        #expect(server.paused == [id])
        server.finishDisk()
        #expect(server.paused.isEmpty)
        #expect(try server.takeFrames(on: id).count == 1)
        server.finishDisk()
        #expect(try server.takeFrames(on: id).count == 1)
    }

    @Test func `who has seen more than this server must go elsewhere`() throws {
        var server = VirtualServer()
        let id = server.open()
        let request = ConnectRequest(lastZxidSeen: Zxid(rawValue: 99), timeoutMilliseconds: 5_000)
        server.send(framed(request.encoded), on: id)
        #expect(server.closed == [id])
        #expect(server.take(on: id).isEmpty)
    }

    @Test func `a client comes back to its session and the old connection ends`() throws {
        var server = VirtualServer()
        let (first, opened) = try server.connect()
        let (second, resumed) = try server.connect(session: opened.session, password: opened.password, timeout: 6_000)
        #expect(resumed.session == opened.session)
        #expect(resumed.timeoutMilliseconds == 6_000)
        #expect(server.closed == [first])
        #expect(try server.ask(.ping, xid: SpecialXid.ping, on: second).error == .ok)
    }

    @Test func `a wrong password is refused, and the rightful client loses its connection but not its session`() throws
    {
        var server = VirtualServer()
        let (first, opened) = try server.connect()
        let (second, refused) = try server.connect(session: opened.session)
        #expect(refused == .expired(isReadOnly: false))
        #expect(server.closed == [first, second])
        let (_, again) = try server.connect(session: opened.session, password: opened.password)
        #expect(again.session == opened.session)
        let (_, unknown) = try server.connect(session: SessionID(rawValue: 77), password: opened.password)
        #expect(unknown == .expired(isReadOnly: false))
    }

    @Test(arguments: ["ffffffff", "00100000 0000", "0000000400000000"])
    func `what is no handshake ends the connection`(bytes: String) {
        var server = VirtualServer()
        let id = server.open()
        server.send(hex(bytes), on: id)
        #expect(server.closed == [id])
    }

    @Test func `a silent connection is dropped`() {
        var server = VirtualServer()
        let id = server.open()
        server.wait(.seconds(9))
        #expect(server.closed.isEmpty)
        server.wait(.seconds(4))
        #expect(server.closed == [id])
    }

    @Test func `an address has a limited number of connections`() {
        var configuration = VirtualServer.configuration()
        configuration.connectionLimitPerAddress = 2
        var server = VirtualServer(configuration)
        let first = server.open()
        _ = server.open()
        let third = server.open()
        #expect(server.closed == [third])
        _ = server.open(address: "127.0.0.2:40000")
        server.step(.disconnected(first))
        let fifth = server.open()
        #expect(!server.closed.contains(fifth))
    }

    @Test func `four-letter words`() {
        var server = VirtualServer()
        func answer(_ word: String) -> String {
            let id = server.open()
            server.send(Array(word.utf8), on: id)
            #expect(server.closed.contains(id))
            return String(decoding: server.take(on: id), as: UTF8.self)
        }
        #expect(answer("ruok") == "imok")
        #expect(answer("srvr").contains("\nMode: standalone\nNode count: 5\n"))
        #expect(answer("mntr").contains("zk_server_state\tstandalone\n"))
        #expect(answer("stat").contains("Clients:\n /127.0.0.1:40000[0]("))
        var strict = VirtualServer.configuration()
        strict.commandWhitelist = FourLetterWord.defaultWhitelist
        server = VirtualServer(strict)
        #expect(answer("ruok") == "ruok is not executed because it is not in the whitelist.\n")
    }
}
