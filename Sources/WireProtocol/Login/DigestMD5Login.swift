/// The client's side of SASL's mechanism DIGEST-MD5, authentication only.
///
/// - Source: RFC 2831, sections 2.1.1 to 2.1.3.
package struct DigestMD5Login: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        /// Show this to the server.
        case answer([UInt8])
        /// Both sides have shown that they know the password.
        case done
        /// What the server says is no challenge that this side takes up, or it does not know the password itself.
        case failed
    }

    private let service: DigestMD5Service
    private let user: String
    private let password: String
    private let cnonce: String
    /// What the server must answer; nil until it has sent its challenge.
    private var awaited: [UInt8]?

    /// - Parameter cnonce: letters and digits that no other exchange has.
    package init(to service: DigestMD5Service = .clients, user: String, password: String, cnonce: String) {
        self.service = service
        self.user = user
        self.password = password
        self.cnonce = cnonce
    }

    /// Takes the server's next message. The client's own first one is empty.
    package mutating func take(_ message: [UInt8]) -> Step {
        guard let fields = DigestMD5Exchange.fields(of: message) else { return .failed }
        if let awaited { return fields.contains { $0.name == "rspauth" && $0.value == awaited } ? .done : .failed }
        func text(_ name: String) -> String? {
            fields.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
        }
        let ways = (text("qop") ?? "auth").split { $0 == "," || $0 == " " }
        guard let nonce = text("nonce"), text("algorithm") == "md5-sess", ways.contains("auth") else { return .failed }
        return .answer(answer(nonce: nonce, realm: text("realm") ?? ""))
    }

    private mutating func answer(nonce: String, realm: String) -> [UInt8] {
        let exchange = DigestMD5Exchange(
            user: user, realm: realm, nonce: nonce, cnonce: Array(cnonce.utf8), uri: Array(service.uri.utf8))
        awaited = exchange.serverProof(password: password)
        let proof = String(decoding: exchange.clientProof(password: password), as: UTF8.self)
        let quoted = [
            ("username", user), ("realm", realm), ("nonce", nonce), ("cnonce", cnonce), ("digest-uri", service.uri),
        ]
        .map { "\($0)=\(DigestMD5Exchange.quoted($1))" }
        let plain = [
            "nc=\(DigestMD5Exchange.nonceCount)", "qop=auth", "maxbuf=65536", "response=\(proof)", "charset=utf-8",
        ]
        return Array((quoted + plain).joined(separator: ",").utf8)
    }
}
