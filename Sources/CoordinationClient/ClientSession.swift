package import Bytes
package import StateMachines
package import WireProtocol

/// One session seen from the client: handshake, request order, pings, reconnection, watches.
///
/// A value that turns one input into effects; `CoordinationClient` performs them. It reads no clock and opens no
/// connection, so the same code runs in real and in virtual time.
package struct ClientSession: Sendable {
    /// Names one request between the session and the client that submitted it.
    package typealias RequestNumber = UInt64

    package enum Input: Sendable {
        case started
        case submitted(RequestNumber, ClientRequest, watch: WatchNumber?)
        /// Prove an identity on this connection and on every later one.
        case authenticated(RequestNumber, AuthRequest)
        /// Nobody listens to this watch any more.
        case watchDropped(WatchNumber)
        /// Forget the watches of a node without asking the server.
        case watchesForgotten(ByteString, WatcherType)
        /// The list of servers is another one: how many, where in it the present server stands, and whom to move to, in this
        /// order; nobody: stay.
        case serversReplaced(Int, current: Int?, order: [Int])
        case closeRequested
        /// Leave the session to whoever takes it over.
        case detachRequested
        /// The connection asked for last is open, or will never be.
        case connectionOpened
        case connectionEnded
        case bytesReceived([UInt8])
        /// What the server asked by `probe` has said; a server that does not say is not ready to write.
        case probed(server: Int, isReadWrite: Bool)
        case timePassed
    }

    package enum Effect: Sendable {
        /// Open a connection to the server of this position in the list.
        case connect(server: Int)
        /// Give up the connection or the attempt to open one.
        case disconnect
        case send([UInt8])
        /// Ask the server of this position, beside the connection, whether it takes writes, and come back with `probed`.
        case probe(server: Int)
        case complete(RequestNumber, Result<ClientResponse, RequestFailure>)
        case fire(WatchNumber, WatchEvent)
        /// The session was told of something that it watches; once for each notification, after its `fire`s.
        case observe(WatchEvent)
        case abandon(WatchNumber, RequestFailure)
        case announce(SessionState)
        /// The server sends more at a time than this client takes; the connection is given up.
        case refuse(answerLength: Int, limit: Int)
        /// Come back with `.timePassed` at this time, or earlier.
        case wake(at: Tick)
    }

    package enum Phase: Hashable, Sendable {
        case idle
        /// → `connecting` at the time given.
        case waiting(until: Tick)
        /// → `handshaking` when open; → `waiting` when it fails or at the deadline.
        case connecting(deadline: Tick)
        /// → `loggingIn`, `connected`, `ended(.sessionExpired)`, or `waiting`.
        case handshaking(deadline: Tick)
        /// → `connected` when both sides have proved the password; → `ended(.refused)`, or `waiting`.
        case loggingIn(deadline: Tick)
        /// → `waiting` when the connection ends, nothing has come for two thirds of the timeout, or this server takes no
        /// writes and another does; → `ended(.closed)`.
        case connected
        case ended(RequestFailure)
    }

    struct Outstanding {
        var number: RequestNumber
        var request: ClientRequest
        var watch: WatchNumber?
        /// While unsent: when it is given up.
        var deadline: Tick
        var xid: Int32 = 0
    }

    /// An identity that every connection proves anew.
    struct Credentials {
        var request: AuthRequest
        /// Who waits for the server's first answer.
        var number: RequestNumber?
    }

    package internal(set) var phase = Phase.idle
    package internal(set) var session = SessionID.none
    package internal(set) var lastZxid = Zxid.zero
    /// What was asked for, later what was granted.
    package internal(set) var timeout: Tick
    package internal(set) var password = [UInt8](repeating: 0, count: 16)
    package internal(set) var serverCount: Int
    let isReadOnlyAllowed: Bool
    let login: Login?
    var nextServer = 0
    /// Whom to try before the others, as positions in the list.
    var preferred: [Int] = []
    /// Whether this server is to be left once it has answered everything; requests wait meanwhile.
    var isMoving = false
    var failedAttempts: UInt64 = 0
    var random: SplitMix64?
    var xid: Int32 = 0
    var unsent: [Outstanding] = []
    var sent: [Outstanding] = []
    var credentials: [Credentials] = []
    /// How many of `credentials`, from the front, the server has answered on this connection.
    var answeredCredentials = 0
    var isClosing = false
    private let answerLimit: Int
    var frames: FrameBuffer
    var watches = WatchTable()
    /// Answers to `setWatches` that have not come yet on this connection.
    var pendingRegistrations = 0
    /// While logging in.
    var exchange: DigestMD5Login?
    /// While the server takes no writes.
    var search: Search?
    /// A session that was opened without an ensemble is known to one server only.
    var isKnownToEnsemble: Bool
    var lastSent = Tick.zero
    var lastReceived = Tick.zero

    /// The search for a server that takes writes.
    struct Search {
        /// When to ask the next server; nil while one is being asked.
        var due: Tick?
        var interval: Tick

        /// As ZooKeeper's own clients do it.
        static let shortest = Tick.milliseconds(100)
        static let longest = Tick.seconds(60)
    }

    /// - Parameters:
    ///   - timeout: the session timeout to ask for; the server may grant another.
    ///   - isReadOnlyAllowed: whether a server that has lost its ensemble will do, for reading.
    ///   - login: who logs in on every connection.
    ///   - resuming: a session to come back to, as another client left it; nil for a new one.
    ///   - answerLimit: the longest frame that is taken, in bytes.
    ///   - seed: scatters the waits before new attempts, so that many clients do not come back at once; nil: no scatter.
    package init(
        serverCount: Int, timeout: Tick, isReadOnlyAllowed: Bool = false, login: Login? = nil,
        resuming: (session: SessionID, password: [UInt8])? = nil, answerLimit: Int = FrameBuffer.defaultLimit,
        seed: UInt64? = nil
    ) {
        self.answerLimit = answerLimit
        frames = FrameBuffer(limit: answerLimit)
        self.serverCount = serverCount
        self.timeout = timeout
        self.isReadOnlyAllowed = isReadOnlyAllowed
        self.login = login
        isKnownToEnsemble = resuming != nil
        if let resuming { (session, password) = resuming }
        random = seed.map { SplitMix64(seed: $0) }
    }

    /// Consumes one input and appends effects in the order they must be performed.
    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: onStarted(now, &effects)
        case .submitted(let number, let request, let watch): onSubmitted(number, request, watch, now, &effects)
        case .authenticated(let number, let request): onAuthenticated(number, request, now, &effects)
        case .watchDropped(let watch): onWatchDropped(watch, now, &effects)
        case .watchesForgotten(let path, let type): forgetWatches(path, type, &effects)
        case .serversReplaced(let count, let current, let order):
            onServersReplaced(count, current: current, order: order, now, &effects)
        case .closeRequested: onCloseRequested(now, &effects)
        case .detachRequested:
            guard nextDeadline != nil else { break }
            effects.append(.disconnect)
            end(.closed, &effects)
        case .connectionOpened: onConnectionOpened(now, &effects)
        case .connectionEnded: onConnectionEnded(now, &effects)
        case .bytesReceived(let bytes): onBytesReceived(bytes, now, &effects)
        case .probed(let server, let isReadWrite): onProbed(server, isReadWrite, now, &effects)
        case .timePassed: onTimePassed(now, &effects)
        }
        if let time = nextDeadline { effects.append(.wake(at: time)) }
    }

    // MARK: Times

    var readLimit: Tick { .microseconds(timeout.microseconds * 2 / 3) }
    /// Half the read limit, so that one lost ping does not end the connection; at most ten seconds.
    private var pingInterval: Tick { min(.microseconds(timeout.microseconds / 3), .seconds(10)) }
    private var attemptLimit: Tick {
        max(.microseconds(timeout.microseconds / UInt64(serverCount)), .milliseconds(100))
    }
    /// None until every server has been tried once, then doubling from 20 ms to a sixth of the timeout, at most half a
    /// second; scattered over its upper half.
    private mutating func retryDelay() -> Tick {
        guard failedAttempts > UInt64(serverCount) else { return .zero }
        let longest = min(.milliseconds(500), Tick.microseconds(timeout.microseconds / 6))
        let delay = min(.milliseconds(10 << min(failedAttempts - UInt64(serverCount), 10)), longest)
        guard var random else { return delay }
        defer { self.random = random }
        return .microseconds(random.uniform(in: delay.microseconds / 2...delay.microseconds))
    }

    /// When `.timePassed` is wanted next.
    private var nextDeadline: Tick? {
        let own: Tick
        switch phase {
        case .idle, .ended: return nil
        case .waiting(let time), .connecting(let time), .handshaking(let time), .loggingIn(let time): own = time
        case .connected:
            let alive = min(lastReceived + readLimit, lastSent + pingInterval)
            own = search?.due.map { min($0, alive) } ?? alive
        }
        return unsent.first.map { min(own, $0.deadline) } ?? own
    }

    private mutating func onTimePassed(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        giveUpUnsent(now, &effects)
        switch phase {
        case .idle, .ended: break
        case .waiting(let time):
            if now >= time { connect(now, &effects) }
        case .connecting(let deadline), .handshaking(let deadline), .loggingIn(let deadline):
            if now >= deadline { loseConnection(now, &effects) }
        case .connected:
            if now >= lastReceived + readLimit { return loseConnection(now, &effects) }
            if now >= lastSent + pingInterval {
                send(ClientRequest.ping.frame(xid: SpecialXid.ping), now, &effects)
            }
            probeIfDue(now, &effects)
        }
    }

    private mutating func giveUpUnsent(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        while let oldest = unsent.first, now >= oldest.deadline {
            effects.append(.complete(oldest.number, .failure(.neverSent)))
            unsent.removeFirst()
        }
    }

    // MARK: Connecting

    private mutating func onStarted(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard case .idle = phase else { return }
        connect(now, &effects)
    }

    private mutating func connect(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        phase = .connecting(deadline: now + attemptLimit)
        effects.append(.connect(server: takeNextServer()))
    }

    private mutating func onConnectionOpened(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard case .connecting(let deadline) = phase else { return }
        phase = .handshaking(deadline: deadline)
        frames = FrameBuffer(limit: answerLimit)
        if !isKnownToEnsemble { (session, password) = (.none, [UInt8](repeating: 0, count: 16)) }
        let request = ConnectRequest(
            lastZxidSeen: lastZxid, timeoutMilliseconds: Int32(clamping: timeout.microseconds / 1_000),
            session: session, password: password, isReadOnlyAllowed: isReadOnlyAllowed)
        var writer = ByteWriter()
        writer.writeFrame { request.encode(into: &$0) }
        send(writer.bytes, now, &effects)
    }

    private mutating func onConnectionEnded(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle, .waiting, .ended: break
        case .connecting, .handshaking, .loggingIn, .connected: loseConnection(now, &effects)
        }
    }

    /// Requests already sent fail, because nobody here knows whether the server executed them; the others wait.
    mutating func loseConnection(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.disconnect)
        if case .connected = phase { effects.append(.announce(.disconnected)) }
        for request in sent { effects.append(.complete(request.number, .failure(.connectionLost))) }
        sent.removeAll(keepingCapacity: true)
        (answeredCredentials, pendingRegistrations, exchange, search) = (0, 0, nil, nil)
        isMoving = false
        guard !isClosing else { return end(.closed, &effects) }
        failedAttempts += 1
        let delay = retryDelay()
        phase = .waiting(until: now + delay)
        if delay == .zero { connect(now, &effects) }
    }

    mutating func onHandshake(
        _ response: ConnectResponse, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard response.timeoutMilliseconds > 0 else {
            effects.append(.disconnect)
            return end(.sessionExpired, &effects)
        }
        session = response.session
        password = response.password ?? password
        timeout = .milliseconds(UInt64(response.timeoutMilliseconds))
        let isReadOnly = response.isReadOnly == true
        if !isReadOnly { isKnownToEnsemble = true }
        search = isReadOnly ? Search(due: now + Search.shortest, interval: Search.shortest) : nil
        if let login { beginLogin(login, now, &effects) } else { beginWork(now, &effects) }
    }

    /// The connection is ready for requests: first those that restore what an earlier one had, then all that waited.
    mutating func beginWork(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        phase = .connected
        (exchange, failedAttempts, preferred) = (nil, 0, [])
        effects.append(.announce(search == nil ? .connected : .connectedReadOnly))
        for identity in credentials {
            send(ClientRequest.auth(identity.request).frame(xid: SpecialXid.auth), now, &effects)
        }
        let batches = watches.reregistration(relativeTo: lastZxid)
        pendingRegistrations = batches.count
        for batch in batches { send(batch.frame(xid: SpecialXid.setWatches), now, &effects) }
        sendWaiting(now, &effects)
    }

    mutating func sendWaiting(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let waiting = unsent
        unsent.removeAll(keepingCapacity: true)
        for request in waiting { send(request, now, &effects) }
    }

    mutating func send(_ frame: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        lastSent = now
        effects.append(.send(frame))
    }

    mutating func end(_ reason: RequestFailure, _ effects: inout EffectBuffer<Effect>) {
        phase = .ended(reason)
        for request in sent + unsent { effects.append(.complete(request.number, .failure(reason))) }
        for identity in credentials {
            if let number = identity.number { effects.append(.complete(number, .failure(reason))) }
        }
        (sent, unsent, credentials) = ([], [], [])
        for watch in watches.removeAll() { effects.append(.abandon(watch, reason)) }
        effects.append(.announce(reason == .sessionExpired ? .expired : .closed))
    }
}

/// Why a request has no reply to show.
package enum RequestFailure: Error, Hashable, Sendable {
    /// The server answered with this `ErrorCode`.
    case refused(Int32)
    /// It was sent, and the connection ended before the reply came.
    case connectionLost
    /// No connection could be had within the session timeout; the server never saw it.
    case neverSent
    case sessionExpired
    /// The client was closed.
    case closed
    /// It was executed, and nobody can read what the server answered.
    case unreadable
}
