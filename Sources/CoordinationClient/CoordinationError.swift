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
    /// The connection broke before the reply came. **Indefinite**: the request may have been executed.
    public static let connectionLoss = Code(.connectionLoss)
    /// The session is over for good, and its ephemeral nodes are gone.
    public static let sessionExpired = Code(.sessionExpired)
    /// No server could be reached within the session timeout. Definite: the request was never sent.
    public static let notConnected = Code(rawValue: 1)
    /// `close` was called. Definite for requests made after it.
    public static let closed = Code(rawValue: 2)

    public let code: Code
    /// "create", "getData"…
    public let operation: String
    public let path: String?

    package init(_ code: Code, operation: String, path: String? = nil) {
        self.code = code
        self.operation = operation
        self.path = path
    }

    /// True when the request certainly did not happen and never will; false when nobody but the server knows.
    ///
    /// Of the two, only a definite failure may be answered by simply trying again.
    public var isDefinite: Bool {
        switch code {
        case Self.connectionLoss, Code(.operationTimeout), Code(.requestTimeout), Code(.systemError): false
        default: true
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
        }
    }
}

/// A connect string that names no servers.
public struct BadConnectString: LocalizedFailure, Hashable {
    public let text: String
    public var message: LocalizedText { ClientMessages.badConnectString(text) }
}
