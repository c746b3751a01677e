package import Bytes
package import StateMachines
package import WireProtocol
import Zab

/// Something that a simulated client is asked to do, once it has a connection and what it was asked before is done or
/// under way.
package enum ClientAction: Hashable, Sendable, CanonicalEncodable, Labelled {
    case create(ByteString, CreateMode)
    /// With a condition: the version that this client saw last.
    case set(ByteString, isConditional: Bool)
    case delete(ByteString, isConditional: Bool)
    case get(ByteString, isWatching: Bool)
    case list(ByteString)
    case synchronize(ByteString)
    /// Sets both or neither.
    case setBoth(ByteString, ByteString)
    /// What comes after it happens in a new session.
    case closeSession
    /// Leaves the server, and goes on with the session at the next one.
    case move

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(label)
        encoder.encode(detail)
    }

    package var label: String {
        switch self {
        case .create: "CREATE"
        case .set: "SET"
        case .delete: "DELETE"
        case .get: "GET"
        case .list: "LIST"
        case .synchronize: "SYNC"
        case .setBoth: "MULTI"
        case .closeSession: "CLOSE SESSION"
        case .move: "MOVE"
        }
    }

    package var detail: String {
        switch self {
        case .create(let path, let mode): "\(path) \(mode)"
        case .set(let path, let isConditional), .delete(let path, let isConditional):
            isConditional ? "\(path) as last seen" : "\(path)"
        case .get(let path, let isWatching): isWatching ? "\(path), watching" : "\(path)"
        case .list(let path), .synchronize(let path): "\(path)"
        case .setBoth(let first, let second): "\(first), \(second)"
        case .closeSession, .move: ""
        }
    }
}

/// A request of a simulated client, and what has become of it.
package struct ClientOperation: Hashable, Sendable {
    package var request: ClientRequest
    package var session: SessionID
    package var xid: Int32
    package var invokedAt: Tick
    /// `nil` while nobody knows; for ever, where the connection was lost first.
    package var answer: Answer?

    package struct Answer: Hashable, Sendable {
        package var at: Tick
        package var zxid: Zxid
        package var error: ErrorCode
        package var response: ClientResponse?
    }
}

/// What a simulated client has seen, in its order.
package enum ClientEvent: Hashable, Sendable {
    /// The operation of this position.
    case answered(Int)
    case notified(WatchEventType, ByteString)
    case opened(SessionID)
    case resumed(SessionID)
    case lost
    case expired(SessionID)
    /// Something no server may do.
    case offended(String)
}

/// A client in the simulator: the protocol of real clients, byte by byte, over virtual connections.
package struct EnsembleClient: Hashable, Sendable {
    typealias Effect = NodeEffect<EnsembleMessage, EnsembleTimer, DiskRecord>

    private enum Phase: Hashable, Sendable {
        /// → `opening` with the next turn of the timer.
        case disconnected
        /// → `handshaking` when the server has taken the connection.
        case opening(UInt64)
        /// → `connected` on the answer; → `disconnected` where the session is gone.
        case handshaking(UInt64)
        /// → `disconnected` when nothing is heard.
        case connected(UInt64)
    }

    private let me: NodeID
    private let servers: Int
    private let timeoutMilliseconds: Int32
    private var server: Int
    private var phase = Phase.disconnected
    private var connections = VirtualConnections()
    private var input = FrameBuffer()
    package private(set) var session = SessionID.none
    private var password = [UInt8](repeating: 0, count: 16)
    private var lastZxid = Zxid.zero
    private var nextXid: Int32 = 1
    private var waiting = Queue<ClientAction>()
    /// Positions of operations that are under way, oldest first.
    private var underWay = Queue<Int>()
    private var versions: [ByteString: Int32] = [:]
    /// Paths of data watches that have not fired.
    private var watches: [ByteString] = []
    private var heardAt = Tick.zero
    private var sentAt = Tick.zero
    package private(set) var operations: [ClientOperation] = []
    package private(set) var events: [ClientEvent] = []
    /// When it was told last that its session had ended without its wish.
    package private(set) var expiredAt: Tick?

    /// So many requests may be under way.
    private static let windowLimit = 4
    private static let turn = Tick.milliseconds(60)

    /// - Parameter servers: the first so many nodes are servers.
    package init(_ me: NodeID, servers: Int, timeoutMilliseconds: Int32) {
        self.me = me
        self.servers = servers
        self.timeoutMilliseconds = timeoutMilliseconds
        server = me.index % servers
    }

    package var isConnected: Bool { if case .connected = phase { true } else { false } }

    package var summary: String { isConnected ? "session \(session)" : "not connected" }

    private var timeout: Tick { .milliseconds(UInt64(timeoutMilliseconds)) }

    mutating func start(_ effects: inout EffectBuffer<Effect>) { effects.append(.setTimer(.client, after: Self.turn)) }

    mutating func act(_ action: ClientAction, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        waiting.append(action)
        sendWaiting(now, &effects)
    }

    mutating func turn(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.setTimer(.client, after: Self.turn))
        let silence = now - heardAt
        switch phase {
        case .disconnected: connect(now, &effects)
        case .opening, .handshaking: if silence.microseconds > timeout.microseconds / 3 { disconnect(&effects) }
        case .connected(let number):
            if silence.microseconds > timeout.microseconds * 2 / 3 {
                disconnect(&effects)
            } else if (now - sentAt).microseconds > timeout.microseconds / 4 {
                send(ClientRequest.ping.frame(xid: SpecialXid.ping), "PING", "", on: number, now, &effects)
            }
        }
    }

    mutating func receive(
        _ message: EnsembleMessage, from sender: NodeID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let event = connections.receive(message, from: sender) { effects.append(.send($0, to: sender)) }
        switch event {
        case nil: break
        case .accepted(let connection)?:
            guard phase == .opening(connection.number) else { return }
            heardAt = now
            shakeHands(connection.number, now, &effects)
        case .ended?: lose()
        case .arrived(.bytes(let bytes, _, _), let connection)?:
            heardAt = now
            read(bytes, connection.number, now, &effects)
        case .arrived?: events.append(.offended("a message between servers"))
        }
    }

    // MARK: Connecting

    private mutating func connect(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        server = (server + 1) % servers
        let node = NodeID(server)
        let number = connections.open(to: node, from: me, at: now)
        phase = .opening(number)
        heardAt = now
        effects.append(.send(.open(number), to: node))
    }

    private mutating func shakeHands(_ number: UInt64, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        phase = .handshaking(number)
        input = FrameBuffer()
        let request = ConnectRequest(
            lastZxidSeen: lastZxid, timeoutMilliseconds: timeoutMilliseconds, session: session, password: password)
        var writer = ByteWriter()
        writer.writeFrame { request.encode(into: &$0) }
        send(writer.bytes, "HELLO", session == .none ? "" : "\(session)", on: number, now, &effects)
    }

    private mutating func disconnect(_ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .disconnected: return
        case .opening(let number), .handshaking(let number), .connected(let number):
            effects.append(.send(.close(number), to: NodeID(server)))
            connections.forget(number)
        }
        lose()
    }

    /// What was under way may or may not happen.
    private mutating func lose() {
        if isConnected { events.append(.lost) }
        phase = .disconnected
        underWay = Queue()
    }

    private mutating func onHandshake(
        _ response: ConnectResponse, _ number: UInt64, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard response.timeoutMilliseconds > 0 else {
            events.append(.expired(session))
            expiredAt = now
            endSession()
            return disconnect(&effects)
        }
        phase = .connected(number)
        events.append(session == .none ? .opened(response.session) : .resumed(response.session))
        if session != .none, response.session != session { events.append(.offended("another session")) }
        session = response.session
        password = response.password ?? password
        if !watches.isEmpty {
            let request = ClientRequest.setWatches(
                SetWatchesRequest(
                    relativeZxid: lastZxid, dataWatches: watches, existWatches: [], childWatches: []))
            send(request.frame(xid: SpecialXid.setWatches), "SETWATCHES", "", on: number, now, &effects)
        }
        sendWaiting(now, &effects)
    }

    private mutating func endSession() {
        session = .none
        password = Array(repeating: 0, count: 16)
        lastZxid = .zero
        watches = []
    }

    // MARK: Requests

    private mutating func send(
        _ bytes: [UInt8], _ label: String, _ detail: String, on number: UInt64, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        sentAt = now
        let content = EnsembleMessage.Content.bytes(bytes, label: label, detail: detail)
        guard let message = connections.message(content, on: number) else { return }
        effects.append(.send(message, to: NodeID(server)))
    }

    private mutating func sendWaiting(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard case .connected(let number) = phase else { return }
        // Whatever follows the end of a session belongs to the next one.
        while underWay.count < Self.windowLimit, !isClosingSession, let action = waiting.popFirst() {
            guard let request = request(action) else {
                disconnect(&effects)
                return connect(now, &effects)
            }
            operations.append(ClientOperation(request: request, session: session, xid: nextXid, invokedAt: now))
            underWay.append(operations.count - 1)
            send(request.frame(xid: nextXid), action.label, action.detail, on: number, now, &effects)
            nextXid += 1
        }
    }

    private var isClosingSession: Bool { underWay.elements.last.map { operations[$0].request } == .closeSession }

    private func request(_ action: ClientAction) -> ClientRequest? {
        let data = Array("\(me.index)-\(nextXid)".utf8)
        switch action {
        case .create(let path, let mode): return .create(CreateRequest(path: path, data: data, mode: mode))
        case .set(let path, let isConditional):
            let version = isConditional ? versions[path] ?? 0 : -1
            return .setData(SetDataRequest(path: path, data: data, version: version))
        case .delete(let path, let isConditional):
            return .delete(PathVersionRequest(path: path, version: isConditional ? versions[path] ?? 0 : -1))
        case .get(let path, let isWatching): return .getData(PathWatchRequest(path: path, watch: isWatching))
        case .list(let path): return .getChildrenWithStat(PathWatchRequest(path: path))
        case .synchronize(let path): return .sync(PathRequest(path: path))
        case .setBoth(let first, let second):
            return .multi(
                MultiRequest(operations: [first, second].map { .setData(SetDataRequest(path: $0, data: data)) }))
        case .closeSession: return .closeSession
        case .move: return nil
        }
    }

    // MARK: Answers

    private mutating func read(
        _ bytes: [UInt8], _ number: UInt64, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        input.append(bytes)
        while let payload = try? input.nextPayload() {
            var reader = ByteReader(payload.span.bytes)
            switch phase {
            case .handshaking(number):
                guard let response = try? ConnectResponse(from: &reader) else { return offend("no handshake") }
                onHandshake(response, number, now, &effects)
            case .connected(number):
                guard let header = try? ReplyHeader(from: &reader) else { return offend("no header") }
                onReply(header, &reader, now)
            case .disconnected, .opening, .handshaking, .connected: return
            }
        }
        sendWaiting(now, &effects)
    }

    private mutating func offend(_ what: String) { events.append(.offended(what)) }

    private mutating func onReply(_ header: ReplyHeader, _ reader: inout ByteReader, _ now: Tick) {
        switch header.xid {
        case SpecialXid.notification:
            guard let event = try? WatcherEvent(from: &reader), let type = WatchEventType(rawValue: event.type) else {
                return offend("no event")
            }
            watches.removeAll { $0 == event.path }
            events.append(.notified(type, event.path))
        case SpecialXid.ping, SpecialXid.setWatches: break
        default: onAnswer(header, &reader, now)
        }
    }

    private mutating func onAnswer(_ header: ReplyHeader, _ reader: inout ByteReader, _ now: Tick) {
        guard let position = underWay.popFirst(), operations[position].xid == header.xid else {
            return offend("an answer to xid \(header.xid) out of turn")
        }
        if header.zxid < lastZxid {
            offend("zxid \(header.zxid.shortDescription) after \(lastZxid.shortDescription)")
        }
        lastZxid = max(lastZxid, header.zxid)
        let request = operations[position].request
        guard let error = ErrorCode(rawValue: header.error) else { return offend("error \(header.error)") }
        let response = error == .ok ? try? ClientResponse(to: request.operation, from: &reader) : nil
        if error == .ok, response == nil { offend("an answer to xid \(header.xid) that cannot be read") }
        operations[position].answer = ClientOperation.Answer(
            at: now, zxid: header.zxid, error: error, response: response)
        events.append(.answered(position))
        learn(request, error, response)
    }

    private mutating func learn(_ request: ClientRequest, _ error: ErrorCode, _ response: ClientResponse?) {
        switch (request, response) {
        case (.getData(let body), .dataAndStat(_, let stat)?):
            versions[body.path] = stat.version
            if body.watch, !watches.contains(body.path) { watches.append(body.path) }
        case (.setData(let body), .stat(let stat)?): versions[body.path] = stat.version
        case (.closeSession, _): if error == .ok { endSession() }
        default: break
        }
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(session.rawValue)
        encoder.encode(lastZxid)
        encoder.encode(nextXid)
        encoder.encode(UInt32(events.count))
        encoder.encode(isConnected)
        encoder.encode(heardAt)
    }
}
