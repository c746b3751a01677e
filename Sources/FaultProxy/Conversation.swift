package import Bytes
package import StateMachines
package import WireProtocol

/// One message between a client and the server, as far as the proxy understands it.
package struct ProxiedMessage: Hashable, Sendable {
    package enum Direction: Hashable, Sendable {
        case toServer, toClient
    }

    package enum Content: Hashable, Sendable {
        /// The first request of a connection; session 0 asks for a new one.
        case handshake(SessionID)
        /// The answer; a timeout of 0 says that the session is over.
        case welcome(SessionID, timeout: Tick)
        case request(Request)
        case reply(Reply)
        case event(WatchEventType, ByteString)
        /// Something that is no message of the protocol, or none that the proxy knows.
        case other
    }

    package struct Request: Hashable, Sendable {
        package var xid: Int32
        /// nil for an operation the proxy does not know.
        package var operation: OperationCode?
        package var path: ByteString?
        /// How a create asks for its node.
        package var mode: CreateMode?
        /// The operations inside a multi; otherwise empty.
        package var parts: [OperationCode]
    }

    package struct Reply: Hashable, Sendable {
        /// What was asked.
        package var request: Request
        /// 0, or the code of the failure; for a multi that of its first failed operation.
        package var error: Int32
        package var zxid: Zxid
        /// The path of a node that was created: with its number, for a sequential one.
        package var createdPath: ByteString?
    }

    package var direction: Direction
    package var content: Content
    /// Unique within a run: "A.1-3" is request 3 of A's first connection, "A.1-3'" its reply, "A.1-w2" the second event.
    package var id: String

    /// The word that rules match and diagrams show: "create", "ping", "NodeDeleted", "connect".
    package var label: String {
        switch content {
        case .handshake, .welcome: "connect"
        case .request(let request): request.label
        case .reply(let reply): reply.request.label
        case .event(let type, _): type.name
        case .other: "bytes"
        }
    }

    /// The rest, for tooltips and listings.
    package var detail: String {
        switch content {
        case .handshake(let session): session == .none ? "new session" : "session \(session)"
        case .welcome(let session, let timeout):
            timeout == .zero ? "session expired" : "session \(session), timeout \(timeout.microseconds / 1_000) ms"
        case .request(let request): request.path?.description ?? ""
        case .reply(let reply):
            [ErrorCode(rawValue: reply.error)?.name ?? "error \(reply.error)", reply.createdPath?.description]
                .compactMap { $0 }.joined(separator: " ")
        case .event(_, let path): path.description
        case .other: ""
        }
    }
}

extension ProxiedMessage.Request {
    var label: String { operation?.name ?? "operation" }
}

/// Both directions of one connection, read as a conversation: which reply belongs to which request.
package struct Conversation: Sendable {
    private let name: String
    private var isGreeted = false
    private var isWelcomed = false
    private var outstanding: [ProxiedMessage.Request] = []
    private var counters: [String: Int] = [:]
    /// What the server has granted; nil before, and where it refused.
    private(set) var session: ProxiedSession?

    /// - Parameter name: of the connection, for the identities of its messages: "A.1".
    package init(name: String) { self.name = name }

    /// Reads the payload of one frame from the client.
    package mutating func clientSent(_ payload: [UInt8]) -> ProxiedMessage {
        var reader = ByteReader(payload.span.bytes)
        guard isGreeted else {
            isGreeted = true
            guard let request = try? ConnectRequest(from: &reader) else { return other(.toServer) }
            return ProxiedMessage(
                direction: .toServer, content: .handshake(request.session), id: "\(name)-connect")
        }
        guard let header = try? RequestHeader(from: &reader) else { return other(.toServer) }
        let request = Self.request(header, &reader)
        outstanding.append(request)
        return ProxiedMessage(direction: .toServer, content: .request(request), id: identity(of: request))
    }

    /// Reads the payload of one frame from the server.
    package mutating func serverSent(_ payload: [UInt8]) -> ProxiedMessage {
        var reader = ByteReader(payload.span.bytes)
        guard isWelcomed else {
            isWelcomed = true
            guard let response = try? ConnectResponse(from: &reader) else { return other(.toClient) }
            let timeout = Tick.milliseconds(UInt64(max(0, response.timeoutMilliseconds)))
            if timeout > .zero, let password = response.password {
                session = ProxiedSession(
                    identifier: response.session, password: password,
                    timeoutMilliseconds: response.timeoutMilliseconds)
            }
            return ProxiedMessage(
                direction: .toClient, content: .welcome(response.session, timeout: timeout), id: "\(name)-connect'")
        }
        guard let header = try? ReplyHeader(from: &reader) else { return other(.toClient) }
        if header.xid == SpecialXid.notification {
            guard let event = try? WatcherEvent(from: &reader) else { return other(.toClient) }
            let type = WatchEventType(rawValue: event.type) ?? .none
            return ProxiedMessage(
                direction: .toClient, content: .event(type, event.path), id: "\(name)-w\(next("event"))")
        }
        return reply(header, &reader)
    }

    private mutating func reply(_ header: ReplyHeader, _ reader: inout ByteReader) -> ProxiedMessage {
        // Pings and auth packets may be answered before earlier requests.
        guard let index = outstanding.firstIndex(where: { $0.xid == header.xid }) else { return other(.toClient) }
        let request = outstanding.remove(at: index)
        var reply = ProxiedMessage.Reply(request: request, error: header.error, zxid: header.zxid)
        if header.error == 0, let operation = request.operation,
            let body = try? ClientResponse(to: operation, from: &reader)
        {
            switch body {
            case .path(let path) where operation == .create: reply.createdPath = path
            case .pathAndStat(let path, _): reply.createdPath = path
            case .multi(let response): reply.error = response.firstError
            default: break
            }
        }
        return ProxiedMessage(direction: .toClient, content: .reply(reply), id: identity(of: request, isReply: true))
    }

    private static func request(_ header: RequestHeader, _ reader: inout ByteReader) -> ProxiedMessage.Request {
        var request = ProxiedMessage.Request(xid: header.xid, operation: header.operation, parts: [])
        guard let operation = header.operation, let body = try? ClientRequest(operation, from: &reader) else {
            return request
        }
        request.path = body.path
        switch body {
        case .create(let create), .createWithStat(let create): request.mode = CreateMode(rawValue: create.flags)
        case .multi(let multi): request.parts = multi.operations.map(\.operation)
        default: break
        }
        return request
    }

    private mutating func identity(of request: ProxiedMessage.Request, isReply: Bool = false) -> String {
        guard request.xid < 0 else { return "\(name)-\(request.xid)" + (isReply ? "'" : "") }
        // Pings share one number on the wire.
        return "\(name)-\(request.label)\(next(request.label + (isReply ? "'" : "")))" + (isReply ? "'" : "")
    }

    private mutating func other(_ direction: ProxiedMessage.Direction) -> ProxiedMessage {
        ProxiedMessage(direction: direction, content: .other, id: "\(name)-x\(next("other"))")
    }

    private mutating func next(_ counter: String) -> Int {
        counters[counter, default: 0] += 1
        return counters[counter]!
    }
}

extension MultiResponse {
    /// The code of the operation that made the multi fail; 0 where none did.
    fileprivate var firstError: Int32 {
        for result in results {
            if case .error(let code) = result, code != 0, code != ErrorCode.runtimeInconsistency.rawValue {
                return code
            }
        }
        return 0
    }
}
