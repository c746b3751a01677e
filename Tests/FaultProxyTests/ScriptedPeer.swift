import Bytes
import EventLoop
import StateMachines
import WireProtocol

/// A server that knows nothing but sessions: it numbers creates, answers everything, and closes a connection it has
/// not heard of for the session timeout, forgetting the session.
final class ScriptedPeer {
    /// Of the first session; others live for a minute, so that a busy machine ends none by accident.
    private let firstTimeout: Tick
    private let loop: EventLoop
    private var listener: TCPListener?
    private var nextSession: Int64 = 1
    private var live: Set<Int64> = []
    private var created = 0
    /// "connect 0x0", "create /a", "expire 0x1"…
    private(set) var log: [String] = []

    init(firstTimeout: Tick, on loop: EventLoop) throws {
        self.firstTimeout = firstTimeout
        self.loop = loop
        listener = try TCPListener(host: "127.0.0.1", port: 0, on: loop) { [weak self] in self?.accept($0) }
    }

    var port: UInt16 { listener?.port ?? 0 }
    func stopListening() { listener?.close() }

    private func accept(_ connection: TCPConnection) {
        var frames = FrameBuffer()
        var session: Int64?
        var lastHeard = loop.now
        var clock: LoopTimer?
        connection.onBytes = { [weak self, unowned connection] bytes in
            guard let self else { return }
            lastHeard = loop.now
            frames.append(bytes.bytes)
            if frames.peek(4) == Array("ruok".utf8)[...] {
                connection.write(Array("imok".utf8))
                return connection.close()
            }
            while connection.isOpen, let payload = try? frames.nextPayload() {
                if session == nil { session = greet(payload, connection) } else { answer(payload, connection) }
            }
        }
        connection.onEnd = { [unowned connection] _ in
            clock?.cancel()
            connection.close()
        }
        clock = loop.schedule(every: .milliseconds(10)) { [weak self, weak connection] in
            guard let self, let connection, connection.isOpen else { return clock?.cancel() ?? () }
            guard let identifier = session, loop.now - lastHeard > timeout(identifier) else { return }
            live.remove(identifier)
            log.append("expire \(SessionID(rawValue: identifier))")
            clock?.cancel()
            connection.close()
        }
        connection.startReading()
    }

    private func timeout(_ session: Int64) -> Tick { session == 1 ? firstTimeout : .seconds(60) }

    private func greet(_ payload: [UInt8], _ connection: TCPConnection) -> Int64? {
        var reader = ByteReader(payload.span.bytes)
        guard let request = try? ConnectRequest(from: &reader) else {
            connection.reset()
            return nil
        }
        log.append("connect \(request.session)")
        var response = ConnectResponse.expired(isReadOnly: false)
        if request.session == .none || live.contains(request.session.rawValue) {
            let identifier = request.session == .none ? nextSession : request.session.rawValue
            if request.session == .none { nextSession += 1 }
            live.insert(identifier)
            response = ConnectResponse(
                timeoutMilliseconds: Int32(timeout(identifier).microseconds / 1_000),
                session: SessionID(rawValue: identifier), password: Array(1...16), isReadOnly: false)
        }
        var writer = ByteWriter()
        writer.writeFrame { response.encode(into: &$0) }
        connection.write(writer.bytes)
        return response.session.rawValue
    }

    private func answer(_ payload: [UInt8], _ connection: TCPConnection) {
        var reader = ByteReader(payload.span.bytes)
        guard let header = try? RequestHeader(from: &reader), let operation = header.operation,
            let request = try? ClientRequest(operation, from: &reader)
        else { return connection.reset() }
        if operation != .ping {
            log.append([operation.name, request.path?.description].compactMap { $0 }.joined(separator: " "))
        }
        let response: ClientResponse
        switch request {
        case .create(let create):
            created += 1
            response = .path(ByteString(create.path.description + "\(created)"))
        case .getChildren: response = .children((0..<created).map { ByteString("child\($0)") })
        case .sync(let sync): response = .path(sync.path)
        default: response = .empty
        }
        connection.write(response.frame(ReplyHeader(xid: header.xid, zxid: Zxid(rawValue: UInt64(created + 1)))))
    }
}
