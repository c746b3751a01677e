import Bytes
import CoordinationClient
import CoordinationCore
import CoordinationServer
import LoopbackServer
import StateMachines
import Testing
import WireProtocol

/// Logging in by SASL's DIGEST-MD5.
struct LoginTests {
    private static func bench() -> SessionBench {
        var bench = SessionBench()
        bench.session = ClientSession(
            serverCount: 1, timeout: .seconds(3), login: Login(user: "bob", password: "bobsecret"))
        bench.step(.started)
        bench.step(.submitted(1, .getData(PathWatchRequest(path: "/a")), watch: nil))
        bench.handshake()
        bench.sent.removeFirst()
        return bench
    }

    private static func token(_ frame: [UInt8]) throws -> (xid: Int32, text: String) {
        let (xid, request) = try request(frame)
        guard case .sasl(let body) = request else { return (xid, "no token") }
        return (xid, String(decoding: body.token ?? [], as: UTF8.self))
    }

    /// What the server's own side of the mechanism answers to the client's tokens.
    private func login(_ bench: inout SessionBench, _ server: inout DigestMD5, password: String) throws {
        for frame in bench.takeSent() {
            guard case (let xid, .sasl(let body)) = try request(frame) else { continue }
            let answer = try server.evaluate(body.token ?? []) { $0 == "bob" ? password : nil }
            bench.reply(.token(answer), xid: xid)
        }
    }

    @Test func `both sides prove the password before the first request goes out`() throws {
        var bench = Self.bench()
        var server = DigestMD5(nonce: "abc")
        #expect(bench.takeLog() == ["connect 0"])
        try login(&bench, &server, password: "bobsecret")
        let answer = try Self.token(try #require(bench.sent.first)).text
        #expect(answer.hasPrefix("username=\"bob\",realm=\"zk-sasl-md5\",nonce=\"abc\",cnonce=\""))
        #expect(!answer.contains("bobsecret"))
        try login(&bench, &server, password: "bobsecret")
        #expect(server.user == "bob")
        #expect(bench.takeLog() == ["connected"])
        #expect(try request(try #require(bench.takeSent().first)).request == .getData(PathWatchRequest(path: "/a")))
    }

    @Test func `a server that does not know the password is not believed`() throws {
        for wrong in ["rspauth=0123456789abcdef0123456789abcdef", "rspauth=", "", "nonsense"] {
            var bench = Self.bench()
            var server = DigestMD5(nonce: "abc")
            try login(&bench, &server, password: "bobsecret")
            let xid = try Self.token(try #require(bench.takeSent().first)).xid
            _ = bench.takeLog()
            bench.reply(.token(Array(wrong.utf8)), xid: xid)
            #expect(bench.takeLog() == ["disconnect", "1: refused(-115)", "closed"], "\(wrong)")
        }
    }

    @Test func `refusals end the session, and whoever asks is told why`() throws {
        for (response, error, code) in [
            (ClientResponse.token(nil), 0, -115), (.empty, -115, -115), (.empty, -124, -124),
            (.token(Array("realm=\"r\",algorithm=md5-sess".utf8)), 0, -115),
            (.token(Array("nonce=\"n\",algorithm=md5".utf8)), 0, -115),
            (.token(Array("nonce=\"n\",algorithm=md5-sess,qop=\"auth-conf\"".utf8)), 0, -115),
        ] as [(ClientResponse, Int32, Int32)] {
            var bench = Self.bench()
            let xid = try Self.token(bench.takeSent()[0]).xid
            _ = bench.takeLog()
            bench.reply(response, xid: xid, error: error)
            bench.step(.submitted(2, .getData(PathWatchRequest(path: "/a")), watch: nil))
            #expect(bench.takeLog() == ["disconnect", "1: refused(\(code))", "closed", "2: refused(\(code))"])
        }
    }

    @Test func `a silent server is left, and every connection logs in anew`() throws {
        var bench = Self.bench()
        _ = (bench.takeLog(), bench.takeSent())
        #expect(bench.wakesAt == .seconds(3))
        bench.advance(to: .seconds(3))
        #expect(bench.takeLog() == ["disconnect", "connect 0"])
        bench.handshake()
        bench.sent.removeFirst()
        var server = DigestMD5(nonce: "def")
        try login(&bench, &server, password: "bobsecret")
        try login(&bench, &server, password: "bobsecret")
        #expect(bench.takeLog() == ["connected"])
    }

    /// Quotation marks and letters beyond ASCII too.
    @Test(arguments: ["bob", "o'\"hara\\", "zoë", "动物"])
    func `our own server lets the right ones in`(user: String) async throws {
        let server = try await LoopbackServer { options in
            options.core.access.authProviders = ["sasl"]
            options.core.access.saslUsers = [user: "pässword, \"2\""]
        }
        let client = try await CoordinationClient.connect(
            to: server.address("A"), options: ClientOptions(login: Login(user: user, password: "pässword, \"2\"")))
        #expect(try await client.identities().contains { $0.scheme == "sasl" && $0.user == user })
        _ = try await client.create("/mine", data: [], kind: .persistent, access: .creatorOnly)
        let stranger = try await server.connect("B")
        await #expect(throws: CoordinationError.self) { try await stranger.getData("/mine") }
        let refusal = await #expect(throws: CoordinationError.self) {
            try await CoordinationClient.connect(
                to: server.address("B"), options: ClientOptions(login: Login(user: user, password: "guess")))
        }
        #expect(refusal?.code == CoordinationError.authFailed)
        await client.close()
        await stranger.close()
        try await server.stop()
    }

    @Test func `a rule names a user and a hash of the password`() async throws {
        let rule = AccessRule.digest(user: "user1", password: "12345", .all)
        #expect(rule.scheme == "digest")
        #expect(rule.identity == "user1:+owfoSBn/am19roBPzR1/MfCblE=")
        let server = try await LoopbackServer()
        let (owner, other) = (try await server.connect("A"), try await server.connect("B"))
        _ = try await owner.create("/a", data: [1], kind: .persistent, access: [rule])
        await #expect(throws: CoordinationError.self) { try await other.getData("/a") }
        try await other.authenticate(user: "user1", password: "12345")
        #expect(try await other.getData("/a").data == [1])
        await owner.close()
        await other.close()
        try await server.stop()
    }
}
