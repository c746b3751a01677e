/// One operation of a client, by who asks and which of its operations it is.
public struct ClientOperation: Hashable, Sendable {
    /// A client that is no node of the run, by name; `nil`: the node that tells of the operation is the client.
    public var client: String?
    /// Ascends from one operation of a client to the next; a restarted node, as a client, is a new one.
    public var number: UInt32

    @inlinable public init(_ number: UInt32, of client: String? = nil) {
        self.client = client
        self.number = number
    }
}

/// What a client comes to know of an operation of its own.
public enum OperationOutcome: Hashable, Sendable {
    /// In the words of the object's model: "ok", "3". With `version`, the place of the operation's effect in the store's own
    /// order of writes, where the store has one.
    case answered(String, version: UInt64? = nil)
    /// It certainly did not happen and never will.
    case failed
    /// Nobody answers. It may take effect at any later moment, or never.
    case unknown

    /// As traces have it.
    public var words: String {
        switch self {
        case .answered(let answer, _): answer
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
