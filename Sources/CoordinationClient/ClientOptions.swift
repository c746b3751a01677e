public import Messages

/// How a client connects.
public struct ClientOptions: Hashable, Sendable {
    /// How long the server keeps the session without hearing of it. The server may grant another.
    public var sessionTimeout: Duration
    /// Whether a server that has lost its ensemble will do, for reading. The client then goes on looking for one that takes
    /// writes, and moves there.
    public var isReadOnlyAllowed: Bool
    /// Set where the servers' ports speak TLS.
    public var tls: ClientTLS?
    /// A session to take over from another client; nil for a new one.
    public var resuming: SessionCredentials?
    /// Who logs in by SASL, on every connection and before any request; nil for nobody.
    public var login: Login?
    /// The longest answer, in bytes, that is taken; a longer one ends the connection, and is told as trouble. ZooKeeper's
    /// `jute.maxbuffer` of clients.
    public var answerLimit: Int

    public init(
        sessionTimeout: Duration = .seconds(30), isReadOnlyAllowed: Bool = false, tls: ClientTLS? = nil,
        resuming: SessionCredentials? = nil, login: Login? = nil, answerLimit: Int = 1_048_575
    ) {
        self.sessionTimeout = sessionTimeout
        self.isReadOnlyAllowed = isReadOnlyAllowed
        self.tls = tls
        self.resuming = resuming
        self.login = login
        self.answerLimit = answerLimit
    }
}

/// A user of SASL's mechanism DIGEST-MD5, whose access rules are those of the scheme "sasl".
///
/// The password itself never travels; the server must know it, and shows that it does. Who reads along can still try
/// passwords until one fits: use TLS where that matters.
///
/// ```swift
/// let options = ClientOptions(login: Login(user: "alice", password: secret))
/// let client = try await CoordinationClient.connect(to: "127.0.0.1:2181", options: options)
/// try await client.create("/mine", data: [], kind: .persistent, access: .creatorOnly)
/// ```
public struct Login: Hashable, Sendable {
    public var user: String
    public var password: String

    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }
}

/// What one needs to come back to a session. The password is a secret of its owner.
public struct SessionCredentials: Hashable, Sendable {
    public var identifier: Int64
    public var password: [UInt8]

    public init(identifier: Int64, password: [UInt8]) {
        self.identifier = identifier
        self.password = password
    }
}

/// What a session is told.
public enum SessionEvent: Hashable, Sendable {
    case state(SessionState)
    case watch(WatchEvent)
    /// An attempt to connect came to nothing, or a connection ended, and why. The client tries on, unless it was the login
    /// that was refused.
    case trouble(LocalizedText)
}
