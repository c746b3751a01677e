import Bytes
import EventLoop
public import Messages
import StateMachines
import WireProtocol

/// A client of a coordination server: one session, its requests and its watches.
///
/// Requests of one client are executed in the order they were made, and replies come in that order. When the
/// connection breaks, requests that had been sent fail with `connectionLoss`, and nothing is repeated on its own:
/// only the caller can know whether repeating is right. The client reconnects and keeps its session, its ephemeral
/// nodes and its watches, unless the server has expired the session in the meantime. Requests made while there is
/// no connection wait for one, at most for the session timeout.
public actor CoordinationClient: CoordinationService {
    let names: ConnectString
    private var servers: [ServerAddress]
    /// Where it connects to, is connected, or was last.
    private var currentServer: ServerAddress
    private var random: SplitMix64
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
    private var streams: [WatchNumber: AsyncThrowingStream<WatchEvent, any Error>.Continuation] = [:]

    private var attempt: UInt64 = 0
    private var connection: (any TransportConnection)?
    private var connectionTask: Task<Void, Never>?
    private var probeTask: Task<Void, Never>?
    private var alarm: (time: Tick, task: Task<Void, Never>)?

    private var lastObserver: UInt64 = 0
    private var observers: [UInt64: AsyncStream<SessionEvent>.Continuation] = [:]
    /// Where the session stands now; `disconnected` before the first connection.
    public private(set) var state = SessionState.disconnected
    /// Why the latest attempt to connect, or the latest connection, came to nothing, as far as that is known; nil while
    /// there is a session on a connection.
    public private(set) var connectionProblem: (any LocalizedFailure)?

    /// - Parameter names: its servers are tried in the order given.
    package init(
        _ names: ConnectString, options: ClientOptions, transport: any Transport, clock: any MonotonicClock,
        seed: UInt64? = nil
    ) {
        precondition(!names.servers.isEmpty)
        self.names = names
        servers = names.servers
        currentServer = names.servers[0]
        random = SplitMix64(seed: seed ?? 0, stream: "servers")
        self.transport = transport
        self.clock = clock
        session = ClientSession(
            serverCount: servers.count, timeout: Tick(options.sessionTimeout),
            isReadOnlyAllowed: options.isReadOnlyAllowed, login: options.login,
            resuming: options.resuming.map { (SessionID(rawValue: $0.identifier), $0.password) },
            answerLimit: options.answerLimit, seed: seed)
    }

    package init(
        servers: [ServerAddress], sessionTimeout: Duration, transport: any Transport, clock: any MonotonicClock
    ) {
        self.init(
            ConnectString(servers: servers), options: ClientOptions(sessionTimeout: sessionTimeout),
            transport: transport, clock: clock)
    }

    deinit {
        connectionTask?.cancel()
        probeTask?.cancel()
        alarm?.task.cancel()
        connection?.close()
    }

    /// Opens a session over TCP.
    ///
    /// - Parameters:
    ///   - connectString: "host:port", several separated by commas, tried in random order. A path may follow
    ///     ("host:port/app"): it becomes the root of everything this client names, and must exist already.
    ///   - sessionTimeout: how long the server keeps the session without hearing of it. The server may grant another.
    /// - Throws: `BadConnectString`; `CoordinationError.notConnected` when no server answers within the timeout;
    ///   `sessionExpired` when the session to resume is gone; `authFailed` when the login is refused. With TLS a `LocalizedFailure` that says what is wrong with
    ///   a certificate, its file or the handshake.
    public static func connect(
        to connectString: String, sessionTimeout: Duration = .seconds(30)
    ) async throws -> CoordinationClient {
        try await connect(to: connectString, options: ClientOptions(sessionTimeout: sessionTimeout))
    }

    /// As `connect(to:sessionTimeout:)`, with more to choose.
    public static func connect(
        to connectString: String, options: ClientOptions
    ) async throws -> CoordinationClient {
        let client = try make(connectString, options)
        try await client.open()
        return client
    }

    /// A client over TCP that has not connected yet.
    package static func make(_ connectString: String, _ options: ClientOptions) throws -> CoordinationClient {
        guard var names = ConnectString(connectString) else { throw BadConnectString(text: connectString) }
        names.servers.shuffle()
        return CoordinationClient(
            names, options: options, transport: try transport(options), clock: SystemClock(),
            seed: UInt64.random(in: .min ... .max))
    }

    private static func transport(_ options: ClientOptions) throws -> any Transport {
        guard let tls = options.tls else { return try TCPTransport.shared() }
        // Files that cannot be used are an error now, not after a session timeout.
        _ = try TLSContext(tls.options, for: .client)
        return try TLSTransport.shared(tls.options)
    }

    /// Replaces the list of servers, as when the members of an ensemble have changed. Session, watches and requests stay.
    ///
    /// Where the new list would leave the clients of an ensemble unevenly spread, some of them move, each by a chance of its
    /// own; see `Rebalancing`. This client then leaves its server once that has answered all requests, and no request is
    /// lost by it.
    /// - Parameter connectString: as in `connect`. A path behind it must be the one that this client has for a root.
    /// - Throws: `BadConnectString`.
    public func updateServers(_ connectString: String) throws {
        guard let list = ConnectString(connectString), list.root.isEmpty || list.root == names.root else {
            throw BadConnectString(text: connectString)
        }
        let change = Rebalancing(from: servers, to: list.servers, current: currentServer, random: &random)
        servers = change.servers
        let current = servers.firstIndex(of: currentServer)
        step(.serversReplaced(servers.count, current: current, order: change.order))
    }

    /// The server that the session is connected to, "host:port"; nil without a connection.
    public var connectedServer: String? {
        switch state {
        case .connected, .connectedReadOnly: currentServer.description
        case .disconnected, .expired, .closed: nil
        }
    }

    /// Begins to connect, and returns at once.
    package func start() { step(.started) }

    /// Connects, and returns once the session is established.
    ///
    /// - Throws: `CoordinationError.notConnected` when that takes longer than the session timeout; `authFailed` when the
    ///   login is refused. The client is closed then.
    package func open() async throws {
        step(.started)
        let (states, clock, limit) = (states(), clock, session.timeout)
        let isConnected = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await states.contains { $0 == .connected || $0 == .connectedReadOnly } }
            group.addTask {
                try? await clock.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isConnected else {
            if case .ended(let reason) = session.phase, reason != .closed {
                throw CoordinationError(.init(of: reason), operation: "connect")
            }
            let problem = connectionProblem
            await close()
            if problem is TLSFailure || problem is TLSSetupFailure, let problem { throw problem }
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

    /// Lets go of the connection, but leaves the session, with its ephemeral nodes, to whoever resumes it with
    /// `sessionCredentials` before the server expires it. This client is closed.
    public func detach() { step(.detachRequested) }

    /// The session's state now, and every change; ends after `expired` or `closed`.
    public func states() -> AsyncStream<SessionState> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionState.self)
        let events = events()
        let task = Task {
            for await case .state(let state) in events { continuation.yield(state) }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    /// Everything the session is told, in order: its state now and every change, every event that a watch of this client
    /// fires, once however many watches it fires, and why connections fail. Ends after `expired` or `closed`.
    public func events() -> AsyncStream<SessionEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SessionEvent.self)
        continuation.yield(.state(state))
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

    /// Whether every server has been tried in vain since the last connection.
    package var hasTriedAllServers: Bool { session.failedAttempts > UInt64(session.serverCount) }

    /// The session's identity; 0 before the first connection.
    public var sessionIdentifier: Int64 { session.session.rawValue }

    /// The timeout the server has granted; what was asked for before the first connection.
    public var sessionTimeout: Duration { session.timeout.duration }

    /// What another client needs to take this session over.
    public var sessionCredentials: SessionCredentials {
        SessionCredentials(identifier: session.session.rawValue, password: session.password)
    }

    nonisolated public var now: Duration { clock.now.duration }
    nonisolated public func sleep(for duration: Duration) async throws { try await clock.sleep(for: Tick(duration)) }

    // MARK: Requests

    func makeWatch() -> (WatchNumber, Watch) {
        lastWatch += 1
        let watch = Watch(clock: clock)
        watches[lastWatch] = watch
        return (lastWatch, watch)
    }

    func forgetWatch(_ number: WatchNumber) { watches[number] = nil }

    /// The number of a watch that nobody waits for by itself.
    func makeWatchNumber() -> WatchNumber {
        lastWatch += 1
        return lastWatch
    }

    /// A stream whose watch is not set yet.
    func makeStream(_ path: String) -> (WatchNumber, WatchStream) {
        lastWatch += 1
        let number = lastWatch
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: WatchEvent.self)
        continuation.onTermination = { [weak self] termination in
            guard case .cancelled = termination else { return }
            Task { await self?.dropStream(number) }
        }
        streams[number] = continuation
        return (number, WatchStream(path: path, events: stream))
    }

    func dropStream(_ number: WatchNumber) {
        guard streams.removeValue(forKey: number) != nil else { return }
        step(.watchDropped(number))
    }

    func forgetStream(_ number: WatchNumber) { streams.removeValue(forKey: number)?.finish() }

    /// Proves an identity, on this connection and on every later one.
    ///
    /// - Parameters:
    ///   - scheme: "digest".
    ///   - proof: what the scheme wants: "user:password".
    /// - Throws: `authFailed`; the identity is forgotten then. The server closes the connection, and the client opens another.
    public func authenticate(_ scheme: String, _ proof: [UInt8]) async throws {
        let request = AuthRequest(scheme: ByteString(scheme), credentials: proof)
        try await perform("addauth", path: nil) { .authenticated($0, request) }
    }

    /// Proves a name and a password by the scheme "digest", on this connection and on every later one; rules made by
    /// `AccessRule.digest(user:password:_:)` then let this client in.
    ///
    /// The password travels as it is: use TLS, or a `Login`, where others may read along.
    public func authenticate(user: String, password: String) async throws {
        try await authenticate("digest", Array("\(user):\(password)".utf8))
    }

    func forgetWatches(_ path: String, _ type: WatcherType) {
        step(.watchesForgotten(ByteString(names.absolute(path)), type))
    }

    /// Sends one request and waits for its reply.
    ///
    /// - Parameter path: as this client names it, for the error.
    func perform(_ request: ClientRequest, path: String?, watch: WatchNumber? = nil) async throws -> ClientResponse {
        try await perform(request.operation.name, path: path) { .submitted($0, request, watch: watch) }
    }

    @discardableResult
    private func perform(
        _ operation: String, path: String?, _ input: (ClientSession.RequestNumber) -> ClientSession.Input
    ) async throws -> ClientResponse {
        lastRequest += 1
        let number = lastRequest
        do {
            return try await withCheckedThrowingContinuation { continuation in
                replies[number] = continuation
                step(input(number))
            }
        } catch let failure as RequestFailure {
            throw CoordinationError(.init(of: failure), operation: operation, path: path)
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
        case .connect(let server):
            currentServer = servers[server]
            connect(to: currentServer)
        case .disconnect: disconnect()
        case .send(let bytes): connection?.send(bytes)
        case .probe(let server): probe(server)
        case .complete(let number, let result):
            replies.removeValue(forKey: number)?.resume(with: result.mapError { $0 })
        case .fire(let number, let event): fire(number, named(event))
        case .observe(let event): tell(.watch(named(event)))
        case .abandon(let number, let reason): abandon(number, reason)
        case .announce(let state): announce(state)
        case .refuse(let length, let limit):
            tell(.trouble(ClientMessages.answerTooLong(currentServer.description, bytes: length, limit: limit)))
        case .wake(let time): wake(at: time)
        }
    }

    private func fire(_ number: WatchNumber, _ event: WatchEvent) {
        if let watch = watches.removeValue(forKey: number) { return watch.finish(.success(event)) }
        guard let stream = streams[number] else { return }
        stream.yield(event)
        if event.kind == .persistentWatchRemoved { forgetStream(number) }
    }

    private func abandon(_ number: WatchNumber, _ reason: RequestFailure) {
        let error = CoordinationError(.init(of: reason), operation: "watch")
        watches.removeValue(forKey: number)?.finish(.failure(error))
        streams.removeValue(forKey: number)?.finish(throwing: reason == .closed ? nil : error)
    }

    /// The event with the path as this client names it.
    private func named(_ event: WatchEvent) -> WatchEvent {
        WatchEvent(event.kind, names.relative(event.path), zxid: event.zxid)
    }

    private func tell(_ event: SessionEvent) {
        for (_, observer) in observers.sorted(by: { $0.key < $1.key }) { observer.yield(event) }
    }

    private func announce(_ state: SessionState) {
        self.state = state
        if state == .connected || state == .connectedReadOnly { connectionProblem = nil }
        if case .ended(.refused(let code)) = session.phase {
            tell(.trouble(CoordinationError(.init(of: .refused(code)), operation: "login").message))
        }
        tell(.state(state))
        guard state == .expired || state == .closed else { return }
        for (_, observer) in observers { observer.finish() }
        observers = [:]
        alarm?.task.cancel()
        probeTask?.cancel()
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
            do {
                let connection = try await transport.connect(to: address)
                guard await self?.didOpen(connection, attempt) == true else { return connection.close() }
                for await bytes in connection.incoming { await self?.didReceive(bytes, attempt) }
                await self?.didEnd(attempt, connection.problem, address)
            } catch {
                await self?.didEnd(attempt, error as? any LocalizedFailure, address)
            }
        }
    }

    private func disconnect() {
        attempt += 1
        connectionTask?.cancel()
        connectionTask = nil
        connection?.close()
        connection = nil
    }

    private func probe(_ server: Int) {
        let (transport, clock, address) = (transport, clock, servers[server])
        probeTask = Task { [weak self] in
            let isReadWrite = await ServerProbe.takesWrites(address, transport, clock)
            guard !Task.isCancelled else { return }
            await self?.didProbe(server, isReadWrite)
        }
    }

    private func didProbe(_ server: Int, _ isReadWrite: Bool) {
        step(.probed(server: server, isReadWrite: isReadWrite))
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

    private func didEnd(_ number: UInt64, _ problem: (any LocalizedFailure)?, _ address: ServerAddress) {
        guard number == attempt else { return }
        connectionProblem = problem
        let wasConnected = state != .disconnected
        step(.connectionEnded)
        if let problem {
            tell(.trouble(problem.message))
        } else if !wasConnected {
            tell(.trouble(ClientMessages.hungUp(address.description)))
        }
    }
}
