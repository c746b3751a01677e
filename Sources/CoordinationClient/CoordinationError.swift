public import Messages
import WireProtocol

/// Why a request failed.
///
/// Codes can be caught by name:
///
/// ```swift
/// do {
///     try await client.create("/lock", kind: .ephemeral)
/// } catch CoordinationError.nodeExists {
///     …
/// } catch CoordinationError.connectionLoss {
///     // Indefinite: the node may exist now, or may not.
/// }
/// ```
public struct CoordinationError: LocalizedFailure, Hashable {
    /// What kind of failure it was. More may be added; codes of the server are those of ZooKeeper.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The number of ZooKeeper's protocol; positive for those that only this client knows.
        public let rawValue: Int32

        init(rawValue: Int32) { self.rawValue = rawValue }
        init(_ code: ErrorCode) { rawValue = code.rawValue }

        /// "NoNode".
        public var description: String {
            switch self {
            case CoordinationError.notConnected: "NotConnected"
            case CoordinationError.closed: "Closed"
            case CoordinationError.unreadableReply: "UnreadableReply"
            default: ErrorCode(rawValue: rawValue)?.name ?? "error \(rawValue)"
            }
        }
    }

    public static let noNode = Code(.noNode)
    public static let nodeExists = Code(.nodeExists)
    public static let badVersion = Code(.badVersion)
    public static let notEmpty = Code(.notEmpty)
    public static let noChildrenForEphemerals = Code(.noChildrenForEphemerals)
    public static let noAuth = Code(.noAuth)
    /// The path or another argument is malformed.
    public static let badArguments = Code(.badArguments)
    public static let invalidACL = Code(.invalidACL)
    /// The server does not believe the identity.
    public static let authFailed = Code(.authFailed)
    /// There is no watch to remove.
    public static let noWatcher = Code(.noWatcher)
    public static let quotaExceeded = Code(.quotaExceeded)
    /// The server does not offer this.
    public static let unimplemented = Code(.unimplemented)
    /// The server has lost its ensemble, and takes no writes.
    public static let notReadOnly = Code(.notReadOnly)
    /// The server is overloaded.
    public static let throttled = Code(.throttled)
    /// The connection broke before the reply came. **Indefinite**: the request may have been executed.
    public static let connectionLoss = Code(.connectionLoss)
    /// The session is over for good, and its ephemeral nodes are gone.
    public static let sessionExpired = Code(.sessionExpired)
    /// No server could be reached within the session timeout. Definite: the request was never sent.
    public static let notConnected = Code(rawValue: 1)
    /// `close` was called. Definite for requests made after it.
    public static let closed = Code(rawValue: 2)
    /// The server did it, and this client cannot read the reply.
    public static let unreadableReply = Code(rawValue: 3)

    public let code: Code
    /// "create", "getData"…
    public let operation: String
    public let path: String?

    package init(_ code: Code, operation: String, path: String? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
    }

    /// What became of a request that failed.
    public enum Outcome: Hashable, Sendable {
        /// It certainly did not happen and never will.
        case didNotHappen
        /// It did.
        case happened
        /// Nobody but the server knows.
        case unknown
    }

    public var outcome: Outcome {
        switch code {
        case Self.connectionLoss, Code(.operationTimeout), Code(.requestTimeout), Code(.systemError): .unknown
        case Self.unreadableReply: .happened
        default: .didNotHappen
        }
    }

    /// True when the request certainly did not happen and never will; false when nobody but the server knows.
    ///
    /// Of the two, only a definite failure may be answered by simply trying again.
    public var isDefinite: Bool { outcome == .didNotHappen }

    /// True when the same request may well succeed later, in the same session.
    public var isTransient: Bool {
        switch code {
        case Self.connectionLoss, Self.notConnected, Self.throttled, Code(.operationTimeout), Code(.requestTimeout):
            true
        default: false
        }
    }

    public var message: LocalizedText {
        ClientMessages.requestFailed(operation, path: path, code: code.description)
    }
}

extension CoordinationError: CustomStringConvertible {
    public var description: String { message.english }
}

extension CoordinationError.Code {
    /// Lets `catch CoordinationError.noNode` match by code.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? CoordinationError)?.code == code
    }

    init(of failure: RequestFailure) {
        switch failure {
        case .refused(let code): self.init(rawValue: code)
        case .connectionLost: self = CoordinationError.connectionLoss
        case .neverSent: self = CoordinationError.notConnected
        case .sessionExpired: self = CoordinationError.sessionExpired
        case .closed: self = CoordinationError.closed
        case .unreadable: self = CoordinationError.unreadableReply
        }
    }
}

/// A connect string that names no servers.
public struct BadConnectString: LocalizedFailure, Hashable {
    public let text: String
    public var message: LocalizedText { ClientMessages.badConnectString(text) }
}
