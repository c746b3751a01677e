import Bytes
import EventLoop
import StateMachines
import WireProtocol

/// A client of a coordination server: one session, its requests and its watches.
///
/// Requests of one client are executed in the order they were made, and replies come in that order. When the
/// connection breaks, requests that had been sent fail with `connectionLoss`, and nothing is repeated on its own:
/// only the caller can know whether repeating is right. The client reconnects and keeps its session, its ephemeral
/// nodes and its watches, unless the server has expired the session in the meantime. Requests made while there is
/// no connection wait for one, at most for the session timeout.
public actor CoordinationClient {
    private let servers: [ServerAddress]
    private let transport: any Transport
    let clock: any MonotonicClock

    private var session: ClientSession
    private var inbox: [ClientSession.Input] = []
    private var effects = EffectBuffer<ClientSession.Effect>()
    private var isStepping = false

    private var lastRequest: ClientSession.RequestNumber = 0
    private var replies: [ClientSession.RequestNumber: CheckedContinuation<ClientResponse, any Error>] = [:]
    private var lastWatch: WatchNumber = 0
    private var watches: [WatchNumber: Watch] = [:]

    private var attempt: UInt64 = 0
    private var connection: (any TransportConnection)?
    private var connectionTask: Task<Void, Never>?
    private var alarm: (time: Tick, task: Task<Void, Never>)?

    private var lastObserver: UInt64 = 0
    private var observers: [UInt64: AsyncStream<SessionState>.Continuation] = [:]
    /// Where the session stands now; `disconnected` before the first connection.
    public private(set) var state = SessionState.disconnected

    package init(
        servers: [ServerAddress], sessionTimeout: Duration, transport: any Transport, clock: any MonotonicClock
    ) {
        precondition(!servers.isEmpty)
        self.servers = servers
        self.transport = transport
        self.clock = clock
        session = ClientSession(serverCount: servers.count, timeout: Tick(sessionTimeout))
    }

    deinit {
        connectionTask?.cancel()
        alarm?.task.cancel()
        connection?.close()
    }

    /// Opens a session over TCP.
    ///
    /// - Parameters:
    ///   - connectString: "host:port", several separated by commas.
    ///   - sessionTimeout: how long the server keeps the session without hearing of it. The server may grant another.
    /// - Throws: `BadConnectString`; `CoordinationError.notConnected` when no server answers within the timeout.
    public static func connect(
        to connectString: String, sessionTimeout: Duration = .seconds(30)
    ) async throws -> CoordinationClient {
        guard let servers = ServerAddress.list(connectString) else { throw BadConnectString(text: connectString) }
        let client = CoordinationClient(
            servers: servers, sessionTimeout: sessionTimeout, transport: try TCPTransport.shared(), clock: SystemClock()
        )
        try await client.open()
        return client
    }

    /// Connects, and returns once the session is established.
    ///
    /// - Throws: `CoordinationError.notConnected` when that takes longer than the session timeout; the client is
    ///   closed then.
    package func open() async throws {
        step(.started)
        let (states, clock, limit) = (states(), clock, session.timeout)
        let isConnected = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await states.contains(.connected) }
            group.addTask {
                try? await clock.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isConnected else {
            await close()
            throw CoordinationError(CoordinationError.notConnected, operation: "connect")
        }
    }

    /// Ends the session: its ephemeral nodes are deleted, its watches end. Requests made before are completed first.
    ///
    /// Without a connection it returns at once, and the server expires the session by itself.
    public func close() async {
        step(.closeRequested)
        for await state in states() where state == .closed || state == .expired { break }
    }

    /// The session's state now, and every change; ends after `expired` or `closed`.
    public func states() -> AsyncStream<SessionState> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionState.self)
        continuation.yield(state)
        guard state != .expired, state != .closed else {
            continuation.finish()
            return stream
        }
        lastObserver += 1
        let number = lastObserver
        observers[number] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forgetObserver(number) } }
        return stream
    }

    private func forgetObserver(_ number: UInt64) { observers[number] = nil }

    /// The session's identity; 0 before the first connection.
    public var sessionIdentifier: Int64 { session.session.rawValue }

    /// The timeout the server has granted; what was asked for before the first connection.
    public var sessionTimeout: Duration { session.timeout.duration }

    // MARK: Requests

    /// Sends one request and waits for its reply.
    ///
    /// - Returns: the reply, and the watch where the request sets one.
    func perform(_ request: ClientRequest, path: String?) async throws -> ClientResponse {
        try await perform(request, path: path, watch: nil)
    }

    func makeWatch() -> (WatchNumber, Watch) {
        lastWatch += 1
        let watch = Watch(clock: clock)
        watches[lastWatch] = watch
        return (lastWatch, watch)
    }

    func forgetWatch(_ number: WatchNumber) { watches[number] = nil }

    func perform(_ request: ClientRequest, path: String?, watch: WatchNumber?) async throws -> ClientResponse {
        lastRequest += 1
        let number = lastRequest
        do {
            return try await withCheckedThrowingContinuation { continuation in
                replies[number] = continuation
                step(.submitted(number, request, watch: watch))
            }
        } catch let failure as RequestFailure {
            throw CoordinationError(.init(of: failure), operation: request.operation.name, path: path)
        }
    }

    // MARK: Driving the session

    private func step(_ input: ClientSession.Input) {
        inbox.append(input)
        guard !isStepping else { return }
        isStepping = true
        defer { isStepping = false }
        while !inbox.isEmpty {
            session.step(inbox.removeFirst(), at: clock.now, into: &effects)
            while let effect = effects.popFirst() { perform(effect) }
        }
    }

    private func perform(_ effect: ClientSession.Effect) {
        switch effect {
        case .connect(let server): connect(to: servers[server])
        case .disconnect: disconnect()
        case .send(let bytes): connection?.send(bytes)
        case .complete(let number, let result):
            replies.removeValue(forKey: number)?.resume(with: result.mapError { $0 })
        case .fire(let number, let event): watches.removeValue(forKey: number)?.finish(.success(event))
        case .abandon(let number, let reason):
            let error = CoordinationError(.init(of: reason), operation: "watch")
            watches.removeValue(forKey: number)?.finish(.failure(error))
        case .announce(let state): announce(state)
        case .wake(let time): wake(at: time)
        }
    }

    private func announce(_ state: SessionState) {
        self.state = state
        for (_, observer) in observers.sorted(by: { $0.key < $1.key }) { observer.yield(state) }
        guard state == .expired || state == .closed else { return }
        for (_, observer) in observers { observer.finish() }
        observers = [:]
        alarm?.task.cancel()
    }

    private func wake(at time: Tick) {
        // An alarm that comes too early only asks for the next one; replacing it at every reply would cost more.
        if let alarm, alarm.time <= time { return }
        alarm?.task.cancel()
        let clock = clock
        let task = Task { [weak self] in
            try? await clock.sleep(for: time - clock.now)
            guard !Task.isCancelled else { return }
            await self?.alarmRang()
        }
        alarm = (time, task)
    }

    private func alarmRang() {
        alarm = nil
        step(.timePassed)
    }

    private func connect(to address: ServerAddress) {
        attempt += 1
        let attempt = attempt
        let transport = transport
        connectionTask = Task { [weak self] in
            if let connection = try? await transport.connect(to: address) {
                guard await self?.didOpen(connection, attempt) == true else { return connection.close() }
                for await bytes in connection.incoming { await self?.didReceive(bytes, attempt) }
            }
            await self?.didEnd(attempt)
        }
    }

    private func disconnect() {
        attempt += 1
        connectionTask?.cancel()
        connectionTask = nil
        connection?.close()
        connection = nil
    }

    // What an earlier connection still has to say is of no interest; its number tells.

    private func didOpen(_ connection: any TransportConnection, _ number: UInt64) -> Bool {
        guard number == attempt else { return false }
        self.connection = connection
        step(.connectionOpened)
        return true
    }

    private func didReceive(_ bytes: [UInt8], _ number: UInt64) {
        if number == attempt { step(.bytesReceived(bytes)) }
    }

    private func didEnd(_ number: UInt64) {
        if number == attempt { step(.connectionEnded) }
    }
}
