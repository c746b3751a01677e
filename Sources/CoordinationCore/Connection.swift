import Bytes
import StateMachines
import WireProtocol
package import ZNodes

/// Names one connection of a server; never used twice. Watches belong to connections, so it is what the watch table knows.
package typealias ConnectionID = WatcherID

/// What the server keeps of one connection.
struct Connection: Hashable, Sendable {
    enum Phase: Hashable, Sendable {
        /// → `establishing` on a handshake for a new session; → `established` on one for a living session.
        case handshaking
        /// → `established` once the session's transaction is committed, or the leader knows the session. Nothing is read
        /// meanwhile.
        case establishing
        case established
    }

    let id: ConnectionID
    /// False for the one that stands in free slots.
    private(set) var isOpen = true
    /// "127.0.0.1:40000", "[::1]:40000".
    let address: String
    /// Without the port and brackets: what the limit of connections counts.
    let host: String
    /// Who the client has proved to be; its address first.
    var identities: [Identity]
    /// The SASL exchange under way, or over.
    var sasl: DigestMD5?
    let connectedAt: Tick
    var phase = Phase.handshaking
    var session = SessionID.none
    /// The client's handshake carried the read-only field, so the answer must.
    var knowsReadOnly = true
    var lastHeard: Tick
    var input: FrameBuffer
    var output = ByteWriter()
    /// Requests in their order, from the first that cannot be answered yet.
    var waiting = Queue<WaitingRequest>()
    var isPaused = false
    /// Paused for having, or there being, too many requests under way. Counted only.
    var isThrottled = false
    /// When reading was stopped last.
    var pausedAt = Tick.zero
    var statistics = ConnectionStatistics()
    /// Answers to `sync` that the leader has given and that are not passed on yet.
    var grantedSynchronizations = 0

    init(id: ConnectionID, address: String, now: Tick, frameLimit: Int) {
        self.id = id
        self.address = address
        host = Self.host(of: address)
        identities = [Identity(scheme: Scheme.address, id: ByteString(host))]
        connectedAt = now
        lastHeard = now
        input = FrameBuffer(limit: frameLimit)
    }

    /// What stands in a free slot. No connection has its number.
    static let vacant: Connection = {
        var connection = Connection(
            id: ConnectionID(rawValue: .max), address: "", now: .zero, frameLimit: 0)
        connection.isOpen = false
        return connection
    }()

    private static func host(of address: String) -> String {
        let host = address.lastIndex(of: ":").map { address[..<$0] } ?? address[...]
        return String(host.first == "[" && host.last == "]" ? host.dropFirst().dropLast() : host)
    }
}

/// A request whose answer must wait, for its own transaction or for an earlier request.
enum WaitingRequest: Hashable, Sendable {
    /// Answered when this transaction commits.
    case write(Zxid)
    /// Sent to the leader; answered when its transaction is delivered.
    case forwarded(ForwardedWrite)
    /// The end of a local session, once everything before it is answered.
    case localClosing(xid: Int32, arrivedAt: Tick)
    /// Answered once everything before it is, and the leader has said that everything before it is here.
    case synchronization(xid: Int32, ClientRequest, arrivedAt: Tick)
    /// Answered once everything before it is, and the session's transactions up to `after` are committed.
    case read(xid: Int32, ClientRequest, after: Zxid, arrivedAt: Tick)
    /// Refused without a transaction.
    case refusal(xid: Int32, ErrorCode)
    /// Answered with “unimplemented”, after which the connection ends.
    case unknownOperation(xid: Int32)

    var isWrite: Bool {
        switch self {
        case .write, .forwarded: true
        case .localClosing, .synchronization, .read, .refusal, .unknownOperation: false
        }
    }
}

/// A write that the leader was asked for.
struct ForwardedWrite: Hashable, Sendable {
    var xid: Int32
    var operation: OperationCode
    var arrivedAt: Tick
    /// Kept only where there is an audit log.
    var audited: ClientRequest?
    /// What it takes of the room for large requests.
    var heldByteCount = 0
}

/// A transaction that was proposed here, and who waits for it.
struct PendingWrite: Hashable, Sendable {
    var zxid: Zxid
    /// Where the answer goes; `nil` for expiries.
    var connection: ConnectionID?
    var xid: Int32
    /// What the client asked for; `nil` for sessions the server opens or ends.
    var operation: OperationCode?
    var arrivedAt: Tick
    /// Kept only where there is an audit log.
    var audited: ClientRequest?
}
