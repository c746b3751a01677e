import Bytes

/// What one logs in to by DIGEST-MD5, by the names that ZooKeeper's servers and those who dial them have agreed on, whatever the host.
package struct DigestMD5Service: Hashable, Sendable {
    package let name: String
    package let realm: String

    /// The ports for clients.
    package static let clients = DigestMD5Service(name: "zookeeper", realm: "zk-sasl-md5")
    /// The ports by which servers reach each other.
    package static let servers = DigestMD5Service(name: "zookeeper-quorum", realm: "zk-quorum-sasl-md5")

    /// How the one who logs in names it.
    var uri: String { "\(name)/\(realm)" }
}

/// What both sides know of one login by SASL's mechanism DIGEST-MD5, and how each proves to know the password.
///
/// - Source: RFC 2831, sections 2.1.1 to 2.1.3, authentication only.
package struct DigestMD5Exchange: Hashable, Sendable {
    /// Every exchange uses its nonce once.
    package static let nonceCount = "00000001"

    private let user: String
    private let realm: String
    private let nonce: String
    private let cnonce: [UInt8]
    private let uri: [UInt8]
    private let authorization: [UInt8]?

    /// - Parameters:
    ///   - nonce: the server's, which no other exchange has.
    ///   - cnonce: the client's.
    ///   - uri: the service that is logged in to, as the client named it.
    ///   - authorization: whom the client wants to act as, where it said so.
    package init(
        user: String, realm: String, nonce: String, cnonce: [UInt8], uri: [UInt8], authorization: [UInt8]? = nil
    ) {
        self.user = user
        self.realm = realm
        self.nonce = nonce
        self.cnonce = cnonce
        self.uri = uri
        self.authorization = authorization
    }

    /// What shows a server that the client knows the password: 32 hexadecimal digits.
    package func clientProof(password: String) -> [UInt8] { proof("AUTHENTICATE", password) }

    /// What shows a client that the server knows it.
    package func serverProof(password: String) -> [UInt8] { proof("", password) }

    private func proof(_ method: String, _ password: String) -> [UInt8] {
        let colon = UInt8(ascii: ":")
        let secret = [Self.plain(user), Self.plain(realm), Self.plain(password)].joined(separator: [colon])
        var first = Self.md5(Array(secret)) + [colon] + nonce.utf8 + [colon] + cnonce
        if let authorization { first += [colon] + authorization }
        let second = Self.hexadecimal(Self.md5(Array(method.utf8) + [colon] + uri))
        let exchange = "\(nonce):\(Self.nonceCount):".utf8 + cnonce + Array(":auth:".utf8)
        return Self.hexadecimal(Self.md5(Self.hexadecimal(Self.md5(first)) + [colon] + exchange + second))
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

    // MARK: Messages

    /// A value between quotation marks.
    package static func quoted(_ value: String) -> String {
        "\"" + String(value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }) + "\""
    }

    /// Reads “name=value, name="quoted \"value\""”; `nil` for what is not of this form.
    package static func fields(of message: [UInt8]) -> [(name: String, value: [UInt8])]? {
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
