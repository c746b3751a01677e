/// The server's side of SASL's mechanism DIGEST-MD5, with authentication only.
///
/// Two steps: a challenge with a nonce, and a verdict on the answer, with a proof that the server knows the password too.
/// - Source: RFC 2831, sections 2.1.1 to 2.1.3.
package struct DigestMD5: Hashable, Sendable {
    package enum Failure: Error, Hashable, Sendable {
        /// A message came when none was expected.
        case outOfTurn
        /// The answer is not of the mechanism's form, or does not fit the challenge.
        case malformed
        /// No such user, or not his password.
        case refused
    }

    private enum Phase: Hashable, Sendable {
        /// → `challenged` with the client's first, empty message.
        case beginning
        /// → `done` with a right answer, → `failed` with any other.
        case challenged
        case done(user: String)
        case failed
    }

    private var phase = Phase.beginning
    private let service: DigestMD5Service
    private let nonce: String

    /// - Parameter nonce: letters and digits that no other exchange has.
    package init(_ service: DigestMD5Service = .clients, nonce: String) {
        self.service = service
        self.nonce = nonce
    }

    /// Who has proved to be whom; `nil` until then.
    package var user: String? {
        if case .done(let user) = phase { user } else { nil }
    }

    /// Takes the client's next message and gives the server's.
    /// - Parameter password: of a user; `nil` for a stranger.
    package mutating func evaluate(
        _ message: [UInt8], password: (String) -> String?
    ) throws(Failure) -> [UInt8] {
        switch phase {
        case .beginning:
            guard message.isEmpty else {
                phase = .failed
                throw .outOfTurn
            }
            phase = .challenged
            return Array(
                "realm=\"\(service.realm)\",nonce=\"\(nonce)\",qop=\"auth\",charset=utf-8,algorithm=md5-sess".utf8)
        case .challenged:
            phase = .failed
            let (user, proof) = try verify(message, password)
            phase = .done(user: user)
            return Array("rspauth=".utf8) + proof
        case .done, .failed: throw .outOfTurn
        }
    }

    private func verify(
        _ message: [UInt8], _ password: (String) -> String?
    ) throws(Failure) -> (user: String, proof: [UInt8]) {
        guard let fields = DigestMD5Exchange.fields(of: message) else { throw .malformed }
        func field(_ name: String) -> [UInt8]? { fields.last { $0.name == name }?.value }
        func text(_ name: String) -> String? { field(name).map { String(decoding: $0, as: UTF8.self) } }
        guard let user = text("username"), let cnonce = field("cnonce"), let uri = field("digest-uri"),
            let response = field("response"), text("nonce") == nonce, text("nc") == DigestMD5Exchange.nonceCount,
            text("qop") ?? "auth" == "auth", uri.starts(with: (service.name + "/").utf8),
            Set(fields.map(\.name)).count == fields.count
        else { throw .malformed }
        guard let password = password(user) else { throw .refused }
        let exchange = DigestMD5Exchange(
            user: user, realm: text("realm") ?? "", nonce: nonce, cnonce: cnonce, uri: uri,
            authorization: field("authzid"))
        guard response == exchange.clientProof(password: password) else { throw .refused }
        return (user, exchange.serverProof(password: password))
    }
}
