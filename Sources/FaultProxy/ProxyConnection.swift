import Bytes
import EventLoop
import StateMachines
import WireProtocol

/// One connection of a client, and its counterpart at the server.
final class ProxyConnection {
    let client: String
    let number: Int
    private unowned let proxy: FaultProxy
    private let loop: EventLoop
    private let near: TCPConnection
    private var far: TCPConnection?
    private var attempt: ConnectionAttempt?
    private let toServer: ProxyLane
    private let toClient: ProxyLane
    private var conversation: Conversation
    private var requests = FrameBuffer()
    private var replies = FrameBuffer()
    /// Not the client protocol (a four-letter word): bytes pass as they come.
    private var isOpaque = false
    private var isOver = false
    /// The client has gone, and the server cannot know because the link is blocked.
    private(set) var isOrphan = false
    /// What the server granted.
    private(set) var timeout: Tick?
    /// Its session, once there is one.
    var openSession: ProxiedSession? { isOver ? nil : conversation.session }

    init(_ near: TCPConnection, client: String, number: Int, of proxy: FaultProxy, on loop: EventLoop) {
        self.near = near
        self.client = client
        self.number = number
        self.proxy = proxy
        self.loop = loop
        toServer = ProxyLane(on: loop)
        toClient = ProxyLane(on: loop)
        conversation = Conversation(name: "\(client).\(number)")
    }

    func start(_ link: ProxyLink) {
        near.onBytes = { [weak self] bytes in self?.clientSent(bytes) }
        near.onEnd = { [weak self] end in self?.clientEnded(end) }
        near.onDrain = { [weak self] in self?.balance() }
        toServer.onDelivery = { [weak self] bytes, message in self?.deliver(bytes, message, to: self?.far) }
        toClient.onDelivery = { [weak self] bytes, message in self?.deliver(bytes, message, to: self?.near) }
        toServer.onEnd = { [weak self] end in self?.finish(end) }
        toClient.onEnd = { [weak self] end in self?.finish(end) }
        near.startReading()
        toServer.isBlocked = true  // Until the server is connected.
        update(link)
    }

    /// Lets the lanes pass or hold what the link says.
    func update(_ link: ProxyLink) {
        guard !isOver else { return }
        toClient.isBlocked = link.blocksToClient
        if far == nil {
            // A packet that opens a connection needs both directions, too.
            if attempt == nil, !link.blocksToServer, !link.blocksToClient { connect() }
        } else {
            toServer.isBlocked = link.blocksToServer
        }
        toServer.flush()
        if !isOver { toClient.flush() }
        balance()
    }

    private func connect() {
        attempt = loop.connect(to: proxy.upstream.host, port: proxy.upstream.port) { [weak self] result in
            guard let self else { return }
            attempt = nil
            switch result {
            case .success(let connection): didConnect(connection)
            case .failure(let failure):
                proxy.note(.serverUnreachable(failure.code.description), client, number)
                cut(byFault: false)
            }
        }
    }

    private func didConnect(_ connection: TCPConnection) {
        guard !isOver else { return connection.close() }
        far = connection
        connection.onBytes = { [weak self] bytes in self?.serverSent(bytes) }
        connection.onEnd = { [weak self] end in self?.serverEnded(end) }
        connection.onDrain = { [weak self] in self?.balance() }
        connection.startReading()
        update(proxy.link(of: client))
    }

    // MARK: Bytes

    private func clientSent(_ bytes: UnsafeRawBufferPointer) {
        requests.append(bytes.bytes)
        pass(.toServer)
    }

    private func serverSent(_ bytes: UnsafeRawBufferPointer) {
        replies.append(bytes.bytes)
        pass(.toClient)
    }

    /// Cuts what arrived into messages and judges each.
    private func pass(_ direction: ProxiedMessage.Direction) {
        while !isOver, !isOpaque {
            let frame: [UInt8]?
            do throws(ByteError) {
                frame = try nextFrame(direction)
            } catch {
                isOpaque = true
                break
            }
            guard let frame else { return balance() }
            let payload = Array(frame.dropFirst(4))
            let message =
                direction == .toServer ? conversation.clientSent(payload) : conversation.serverSent(payload)
            judge(message, frame)
        }
        if isOpaque, !isOver { passOpaquely(direction) }
    }

    private func nextFrame(_ direction: ProxiedMessage.Direction) throws(ByteError) -> [UInt8]? {
        switch direction {
        case .toServer: try requests.next().map { Array(requests.bytes[$0.lowerBound - 4..<$0.upperBound]) }
        case .toClient: try replies.next().map { Array(replies.bytes[$0.lowerBound - 4..<$0.upperBound]) }
        }
    }

    private func passOpaquely(_ direction: ProxiedMessage.Direction) {
        var buffer = direction == .toServer ? requests : replies
        let bytes = Array(buffer.peek(buffer.pendingByteCount) ?? [])
        buffer = FrameBuffer()
        if direction == .toServer { requests = buffer } else { replies = buffer }
        if !bytes.isEmpty { lane(direction).append(.message(bytes, nil, due: loop.now)) }
    }

    private func lane(_ direction: ProxiedMessage.Direction) -> ProxyLane {
        direction == .toServer ? toServer : toClient
    }

    private func judge(_ message: ProxiedMessage, _ frame: [UInt8]) {
        if case .welcome(_, let timeout) = message.content, timeout > .zero { self.timeout = timeout }
        proxy.note(.sent(message), client, number)
        var due = loop.now
        var afterwards: [ProxyAction] = []
        for action in proxy.strike(message, of: self) {
            switch action {
            case .lose:
                proxy.note(.lost(message), client, number)
                return cut(byFault: true)
            case .delay(let time): due = due + time
            case .isolate, .expireSession, .begin: afterwards.append(action)
            }
        }
        lane(message.direction).append(.message(frame, message, due: due))
        for action in afterwards { proxy.begin(action, by: self) }
    }

    private func deliver(_ bytes: [UInt8], _ message: ProxiedMessage?, to stream: TCPConnection?) {
        guard let stream, stream.isOpen else {
            if let message { proxy.note(.lost(message), client, number) }
            return
        }
        stream.write(bytes)
        if let message { proxy.note(.delivered(message), client, number) }
        balance()
    }

    /// Reads from each side only while the other keeps up.
    private func balance() {
        guard !isOver else { return }
        Self.balance(near, toServer, far)
        if let far { Self.balance(far, toClient, near) }
    }

    private static func balance(_ source: TCPConnection, _ lane: ProxyLane, _ sink: TCPConnection?) {
        if lane.isFull || (sink?.unwrittenByteCount ?? 0) > ProxyLane.capacity {
            source.pauseReading()
        } else {
            source.startReading()
        }
    }

    // MARK: Ends

    private func clientEnded(_ end: StreamEnd) {
        // The client of a four-letter word may finish before it has its answer.
        if isOpaque, end == .finished { return }
        proxy.note(.disconnected(byFault: false), client, number)
        near.close()
        isOrphan = true
        for message in toClient.pendingMessages { proxy.note(.lost(message), client, number) }
        toClient.close()
        // A server that never heard of this connection never will.
        if far == nil { finish(end) } else { toServer.append(.end(end)) }
    }

    private func serverEnded(_ end: StreamEnd) {
        proxy.serverEnded(self)
        guard !isOver else { return }
        if isOrphan { return finish(end) }
        toClient.append(.end(end))
    }

    /// The end of one side has reached the other.
    private func finish(_ end: StreamEnd) {
        guard !isOver else { return }
        if !isOrphan { proxy.note(.disconnected(byFault: false), client, number) }
        if case .failed = end { close { $0.reset() } } else { close { $0.close() } }
    }

    /// Ends both sides now: the client sees a reset, the server an end.
    func cut(byFault: Bool) {
        guard !isOver else { return }
        if !isOrphan { proxy.note(.disconnected(byFault: byFault), client, number) }
        near.reset()
        close { $0.close() }
    }

    private func close(_ how: (TCPConnection) -> Void) {
        isOver = true
        for message in toServer.pendingMessages + toClient.pendingMessages {
            proxy.note(.lost(message), client, number)
        }
        toServer.close()
        toClient.close()
        attempt?.cancel()
        how(near)
        if let far { how(far) }
        proxy.forget(self)
    }
}
