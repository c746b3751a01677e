import Bytes

/// The server's side of SASL's mechanism DIGEST-MD5, with authentication only.
///
/// Two steps: a challenge with a nonce, and a verdict on the answer, with a proof that the server knows the password too.
/// - Source: RFC 2831, sections 2.1.1 to 2.1.3; realm and names are those of ZooKeeper's servers.
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

    package static let realm = "zk-sasl-md5"
    private static let service = "zookeeper"
    private var phase = Phase.beginning
    private let nonce: String

    /// - Parameter nonce: letters and digits that no other exchange has.
    package init(nonce: String) { self.nonce = nonce }

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
            let challenge = "realm=\"\(Self.realm)\",nonce=\"\(nonce)\",qop=\"auth\",charset=utf-8,algorithm=md5-sess"
            return Array(challenge.utf8)
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
        guard let fields = Self.fields(message) else { throw .malformed }
        func field(_ name: String) -> [UInt8]? { fields.last { $0.name == name }?.value }
        func text(_ name: String) -> String? { field(name).map { String(decoding: $0, as: UTF8.self) } }
        guard let user = text("username"), let cnonce = field("cnonce"), let uri = field("digest-uri"),
            let response = field("response"), text("nonce") == nonce, text("nc") == "00000001",
            text("qop") ?? "auth" == "auth", uri.starts(with: (Self.service + "/").utf8),
            Set(fields.map(\.name)).count == fields.count
        else { throw .malformed }
        guard let password = password(user) else { throw .refused }
        let (colon, realm) = (UInt8(ascii: ":"), text("realm") ?? "")
        let secret = [Self.plain(user), Self.plain(realm), Self.plain(password)].joined(separator: [colon])
        var first = Self.md5(Array(secret)) + [colon] + nonce.utf8 + [colon] + cnonce
        if let authorization = field("authzid") { first += [colon] + authorization }
        func proof(_ method: String) -> [UInt8] {
            let exchange = "\(nonce):00000001:".utf8 + cnonce + Array(":auth:".utf8)
            let second = Self.hexadecimal(Self.md5(Array(method.utf8) + [colon] + uri))
            return Self.hexadecimal(Self.md5(Self.hexadecimal(Self.md5(first)) + [colon] + exchange + second))
        }
        guard response == proof("AUTHENTICATE") else { throw .refused }
        return (user, proof(""))
    }

    /// Names and passwords count as ISO 8859-1 wherever that can write them (RFC 2831, section 2.1.2.1).
    private static func plain(_ text: String) -> [UInt8] {
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        return bytes.count == text.unicodeScalars.count ? bytes : Array(text.utf8)
    }

    private static func md5(_ bytes: [UInt8]) -> [UInt8] { Digest.compute(.md5, bytes) }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// “name=value, name="quoted \"value\""”; `nil` for what is not of this form.
    private static func fields(_ message: [UInt8]) -> [(name: String, value: [UInt8])]? {
        var fields: [(name: String, value: [UInt8])] = []
        var rest = message[...]
        let (comma, quote, backslash) = (UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\\"))
        while true {
            rest = rest.drop { $0 == comma || $0 <= 0x20 }
            if rest.isEmpty { return fields }
            guard let equals = rest.firstIndex(of: UInt8(ascii: "=")), equals > rest.startIndex else { return nil }
            let name = String(decoding: rest[..<equals], as: UTF8.self)
            rest = rest[(equals + 1)...]
            var value: [UInt8] = []
            if rest.first == quote {
                rest = rest.dropFirst()
                while let next = rest.first, next != quote {
                    if next == backslash { rest = rest.dropFirst() }
                    guard let byte = rest.popFirst() else { return nil }
                    value.append(byte)
                }
                guard rest.popFirst() == quote else { return nil }
            } else {
                value = Array(rest.prefix { $0 != comma && $0 > 0x20 })
                rest = rest.dropFirst(value.count)
            }
            fields.append((name, value))
        }
    }
}
