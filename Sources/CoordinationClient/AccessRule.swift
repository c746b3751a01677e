import Bytes
package import WireProtocol

/// One access rule of a node: who may do what. Rules are not inherited by children.
public struct AccessRule: Hashable, Sendable {
    /// What a rule allows.
    public struct Permissions: OptionSet, Hashable, Sendable {
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }
        /// Read data and list children.
        public static let read = Permissions(rawValue: 1)
        /// Set data.
        public static let write = Permissions(rawValue: 2)
        /// Create children.
        public static let create = Permissions(rawValue: 4)
        /// Delete children.
        public static let delete = Permissions(rawValue: 8)
        /// Set the rules.
        public static let admin = Permissions(rawValue: 16)
        public static let all: Permissions = [.read, .write, .create, .delete, .admin]
    }

    public var permissions: Permissions
    /// "world", "auth", "digest", "ip", "x509", "sasl"…
    public var scheme: String
    /// Whom the rule means, in the scheme's own form.
    public var identity: String

    public init(_ permissions: Permissions, scheme: String, identity: String) {
        self.permissions = permissions
        self.scheme = scheme
        self.identity = identity
    }

    /// Everybody.
    public static func world(_ permissions: Permissions) -> AccessRule {
        AccessRule(permissions, scheme: "world", identity: "anyone")
    }

    /// Every identity that this connection has proved by the time of the request, see `CoordinationClient.authenticate`.
    public static func authenticated(_ permissions: Permissions) -> AccessRule {
        AccessRule(permissions, scheme: "auth", identity: "")
    }

    /// Clients from an address, or from a network: "10.0.0.0/8".
    public static func address(_ address: String, _ permissions: Permissions) -> AccessRule {
        AccessRule(permissions, scheme: "ip", identity: address)
    }

    /// Whoever shows this name and password, see `CoordinationClient.authenticate(user:password:)`. The rule holds a hash of
    /// both (SHA-1, as servers are set up unless told otherwise), never the password.
    ///
    /// ```swift
    /// try await client.create(
    ///     "/plans", data: [], kind: .persistent,
    ///     access: [.digest(user: "alice", password: secret, .all), .world(.read)])
    /// ```
    /// - Precondition: the name has no colon, which would end it.
    public static func digest(user: String, password: String, _ permissions: Permissions) -> AccessRule {
        precondition(!user.contains(":"), "a user's name has no colon")
        let identity = ACL.digestID(of: Array("\(user):\(password)".utf8))
        return AccessRule(permissions, scheme: "digest", identity: identity.description)
    }

    package init(_ rule: ACL) {
        self.init(
            Permissions(rawValue: rule.permissions.rawValue), scheme: rule.scheme.description,
            identity: rule.id.description)
    }

    var wire: ACL {
        ACL(
            permissions: WireProtocol.Permissions(rawValue: permissions.rawValue), scheme: ByteString(scheme),
            id: ByteString(identity))
    }
}

extension [AccessRule] {
    /// Anyone may do anything; the default.
    public static var open: [AccessRule] { [.world(.all)] }
    /// Anyone may read, nobody may change.
    public static var readOnly: [AccessRule] { [.world(.read)] }
    /// Only the identities that this connection has proved, and they everything.
    public static var creatorOnly: [AccessRule] { [.authenticated(.all)] }
}
