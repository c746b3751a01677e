import Testing
import WireProtocol

/// The login between two servers.
struct QuorumLoginTests {
    private static let users = ["bob": "secret"]

    private func dialler(_ user: String = "bob", _ password: String = "secret") -> QuorumLogin {
        QuorumLogin(diallingAs: user, password: password, cnonce: "xyz")
    }

    private func text(_ packet: QuorumAuthPacket) -> String { String(decoding: packet.token ?? [], as: UTF8.self) }

    /// What the side that was dialled says to each packet of the other; the last step of each side.
    private func talk(_ one: inout QuorumLogin, _ other: inout QuorumLogin) throws(QuorumLogin.Failure)
        -> [QuorumAuthPacket]
    {
        var said: [QuorumAuthPacket] = []
        var packet = QuorumLogin.beginning
        while true {
            let step = try other.take(packet) { Self.users[$0] }
            guard case .answer(let answer) = step else {
                guard case .lastAnswer(let answer) = step else { return said }
                #expect(try one.take(answer) { _ in nil } == .done)
                return said + [answer]
            }
            said.append(answer)
            guard case .answer(let next) = try one.take(answer, password: { _ in nil }) else { return said }
            packet = next
        }
    }

    @Test func `both sides show that they know the password`() throws {
        var (one, other) = (dialler(), QuorumLogin(dialledWith: "abc"))
        let said = try talk(&one, &other)
        #expect(said.map(\.status) == [.inProgress, .success])
        #expect(
            text(said[0])
                == "realm=\"zk-quorum-sasl-md5\",nonce=\"abc\",qop=\"auth\",charset=utf-8,algorithm=md5-sess")
        #expect(text(said[1]).hasPrefix("rspauth="))
    }

    @Test(arguments: [("bob", "guess"), ("eve", "secret"), ("", "")])
    func `whoever does not know it is refused`(user: String, password: String) {
        var (one, other) = (dialler(user, password), QuorumLogin(dialledWith: "abc"))
        #expect(throws: QuorumLogin.Failure.wrongPassword) { _ = try talk(&one, &other) }
        #expect(throws: QuorumLogin.Failure.refusedByPeer) { try one.take(QuorumLogin.refusal) { _ in nil } }
    }

    /// A password for clients opens no door between servers.
    @Test func `the names of the two services differ`() throws {
        var other = QuorumLogin(dialledWith: "abc")
        _ = try other.take(QuorumLogin.beginning) { Self.users[$0] }
        var client = DigestMD5Login(user: "bob", password: "secret", cnonce: "xyz")
        let challenge = "realm=\"zk-quorum-sasl-md5\",nonce=\"abc\",algorithm=md5-sess"
        guard case .answer(let token) = client.take(Array(challenge.utf8)) else { throw Failure.noAnswer }
        #expect(throws: QuorumLogin.Failure.malformed) {
            try other.take(QuorumAuthPacket(status: .inProgress, token: token)) { Self.users[$0] }
        }
    }

    private enum Failure: Error { case noAnswer }

    @Test(
        arguments: [
            QuorumAuthPacket(status: .success, token: nil), QuorumAuthPacket(status: .success, token: []),
            QuorumAuthPacket(status: .inProgress, token: nil),
            QuorumAuthPacket(status: .success, token: Array("nonce=\"n\",algorithm=md5-sess".utf8)),
        ])
    func `a side that was dialled and skips a step is not believed`(packet: QuorumAuthPacket) {
        var one = dialler()
        #expect(throws: QuorumLogin.Failure.unproven) { try one.take(packet) { _ in nil } }
    }

    @Test func `a proof that is wrong, or said too early, is not believed`() throws {
        for (status, token) in [(.success, "rspauth=00"), (.inProgress, "rspauth=00")]
            as [(QuorumAuthPacket.Status, String)]
        {
            var (one, other) = (dialler(), QuorumLogin(dialledWith: "abc"))
            guard case .answer(let challenge) = try other.take(QuorumLogin.beginning, password: { _ in nil }) else {
                throw Failure.noAnswer
            }
            _ = try one.take(challenge) { _ in nil }
            #expect(throws: QuorumLogin.Failure.unproven) {
                try one.take(QuorumAuthPacket(status: status, token: Array(token.utf8))) { _ in nil }
            }
        }
    }

    @Test(
        arguments: [
            QuorumAuthPacket(status: .success, token: []), QuorumAuthPacket(status: .error, token: []),
            QuorumAuthPacket(status: .inProgress, token: [1]),
        ])
    func `a side that dialled and does not begin is refused`(packet: QuorumAuthPacket) {
        var other = QuorumLogin(dialledWith: "abc")
        #expect(throws: QuorumLogin.Failure.malformed) { try other.take(packet) { Self.users[$0] } }
    }
}
