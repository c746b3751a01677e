import Bytes
import CoordinationCore
import Foundation
import StateMachines
import Testing
import WireProtocol
import ZNodes

struct SASLTests {
    private static let uri = "zookeeper/zk-sasl-md5"
    /// Of user bob with password bobsecret, nonce abc, client's nonce xyz; computed by another program from RFC 2831.
    private static let answer =
        "username=\"bob\",realm=\"zk-sasl-md5\",nonce=\"abc\",cnonce=\"xyz\",nc=00000001,qop=auth,digest-uri=\"\(uri)\","
        + "maxbuf=65536,response=05bb45af15f8938a44566844032dafdd,charset=utf-8"

    @Test func `the mechanism knows its password`() throws {
        var exchange = DigestMD5(nonce: "abc")
        let challenge = try exchange.evaluate([]) { _ in nil }
        #expect(
            String(decoding: challenge, as: UTF8.self)
                == "realm=\"zk-sasl-md5\",nonce=\"abc\",qop=\"auth\",charset=utf-8,algorithm=md5-sess")
        #expect(exchange.user == nil)
        let proof = try exchange.evaluate(Array(Self.answer.utf8)) { $0 == "bob" ? "bobsecret" : nil }
        #expect(String(decoding: proof, as: UTF8.self) == "rspauth=86e3c57684bc2441af229396a16eeed7")
        #expect(exchange.user == "bob")
        #expect(throws: DigestMD5.Failure.outOfTurn) { try exchange.evaluate([]) { _ in nil } }
    }

    @Test(
        arguments: [
            ("username=\"bob\"", "username=\"eve\"", .refused), ("nonce=\"abc\"", "nonce=\"abd\"", .malformed),
            ("nc=00000001", "nc=00000002", .malformed), ("qop=auth,", "qop=auth-conf,", .malformed),
            ("05bb45", "15bb45", .refused), ("zookeeper/", "imap/", .malformed), (",cnonce=\"xyz\"", "", .malformed),
            ("maxbuf=65536", "nc=00000001", .malformed), ("charset=utf-8", "charset=\"utf", .malformed),
            ("xyz", "x\\yz", .success),
        ] as [(String, String, Outcome)])
    func `an answer that is not right in everything is refused`(part: String, other: String, outcome: Outcome) throws {
        var exchange = DigestMD5(nonce: "abc")
        _ = try exchange.evaluate([]) { _ in nil }
        let place = try #require(Self.answer.range(of: part))
        let answer = Self.answer.replacingCharacters(in: place, with: other)
        do {
            _ = try exchange.evaluate(Array(answer.utf8)) { $0 == "bob" ? "bobsecret" : nil }
            #expect(outcome == .success)
        } catch {
            #expect(outcome == (error == .refused ? .refused : .malformed))
            #expect(throws: DigestMD5.Failure.outOfTurn) { try exchange.evaluate([]) { _ in nil } }
        }
    }

    enum Outcome: Sendable { case success, refused, malformed }

    private func server(_ change: (inout AccessConfiguration) -> Void = { _ in }) -> VirtualServer {
        var configuration = VirtualServer.configuration()
        configuration.access.authProviders = ["sasl"]
        configuration.access.saslUsers = ["bob": "bobsecret"]
        change(&configuration.access)
        return VirtualServer(configuration)
    }

    private func token(_ bytes: [UInt8]) -> ClientRequest { .sasl(TokenRequest(token: bytes)) }

    @Test func `a client proves its name on the wire`() throws {
        var server = server()
        let (id, _) = try server.connect()
        let (other, _) = try server.connect()
        func challenge(_ id: ConnectionID) throws -> String {
            guard case .token(let token?)? = try server.ask(token([]), on: id).body else { return "" }
            return String(decoding: token, as: UTF8.self)
        }
        let (first, second) = (try challenge(id), try challenge(other))
        #expect(first.hasPrefix("realm=\"zk-sasl-md5\",nonce=\""))
        #expect(first != second, "every exchange has its own nonce")
        // A wrong answer ends the connection, with a null token after the error.
        server.send(token(Array(Self.answer.utf8)).frame(xid: 3), on: other)
        let frame = try #require(try server.takeFrames(on: other).first)
        #expect(try Reply(frame).error == .authFailed)
        #expect(Array(frame.suffix(4)) == [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(server.closed == [other])
    }

    @Test func `without users nothing is proved`() throws {
        var server = server { $0.saslUsers = [:] }
        let (id, _) = try server.connect()
        #expect(try server.ask(token([]), on: id).body == .token(nil))
    }

    @Test func `a failure is overlooked only where that is allowed`() throws {
        for (allowed, required) in [(false, false), (true, false), (true, true), (false, true)] {
            var server = server {
                $0.allowSaslFailedClients = allowed
                $0.enforceAuthEnabled = required
                $0.enforceAuthSchemes = ["sasl"]
            }
            let (id, _) = try server.connect()
            let reply = try server.ask(token([1]), on: id)
            let expected: ErrorCode = required ? .sessionClosedRequireSASLAuth : allowed ? .ok : .authFailed
            #expect(reply.error == expected)
            #expect(server.closed.isEmpty == (expected == .ok))
        }
    }
}
