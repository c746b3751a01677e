/// How a client connects.
public struct ClientOptions: Hashable, Sendable {
    /// How long the server keeps the session without hearing of it. The server may grant another.
    public var sessionTimeout: Duration
    /// Whether a server that has lost its ensemble will do, for reading.
    public var isReadOnlyAllowed: Bool
    /// Set where the servers' ports speak TLS.
    public var tls: ClientTLS?
    /// A session to take over from another client; nil for a new one.
    public var resuming: SessionCredentials?

    public init(
        sessionTimeout: Duration = .seconds(30), isReadOnlyAllowed: Bool = false, tls: ClientTLS? = nil,
        resuming: SessionCredentials? = nil
    ) {
        self.sessionTimeout = sessionTimeout
        self.isReadOnlyAllowed = isReadOnlyAllowed
        self.tls = tls
        self.resuming = resuming
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
}
