import Bytes
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
        case closeRequested
        /// The connection asked for last is open, or will never be.
        case connectionOpened
        case connectionEnded
        case bytesReceived([UInt8])
        case timePassed
    }

    package enum Effect: Sendable {
        /// Open a connection to the server of this position in the list.
        case connect(server: Int)
        /// Give up the connection or the attempt to open one.
        case disconnect
        case send([UInt8])
        case complete(RequestNumber, Result<ClientResponse, RequestFailure>)
        case fire(WatchNumber, WatchEvent)
        case abandon(WatchNumber, RequestFailure)
        case announce(SessionState)
        /// Come back with `.timePassed` at this time, or earlier.
        case wake(at: Tick)
    }

    package enum Phase: Hashable, Sendable {
        case idle
        /// → `connecting` at the time given.
        case waiting(until: Tick)
        /// → `handshaking` when open; → `waiting` when it fails or at the deadline.
        case connecting(deadline: Tick)
        /// → `connected`, `ended(.expired)`, or `waiting`.
        case handshaking(deadline: Tick)
        /// → `waiting` when the connection ends or nothing has come for two thirds of the timeout; → `ended(.closed)`.
        case connected
        case ended(RequestFailure)
    }

    private struct Outstanding {
        var number: RequestNumber
        var request: ClientRequest
        var watch: WatchNumber?
        /// While unsent: when it is given up.
        var deadline: Tick
        var xid: Int32 = 0
    }

    package private(set) var phase = Phase.idle
    package private(set) var session = SessionID.none
    package private(set) var lastZxid = Zxid.zero
    /// What was asked for, later what was granted.
    package private(set) var timeout: Tick
    private let serverCount: Int
    private var nextServer = 0
    private var failedAttempts: UInt64 = 0
    private var password = [UInt8](repeating: 0, count: 16)
    private var xid: Int32 = 0
    private var unsent: [Outstanding] = []
    private var sent: [Outstanding] = []
    private var isClosing = false
    private var frames = FrameBuffer()
    private var watches = WatchTable()
    private var lastSent = Tick.zero
    private var lastReceived = Tick.zero

    /// - Parameter timeout: the session timeout to ask for; the server may grant another.
    package init(serverCount: Int, timeout: Tick) {
        self.serverCount = serverCount
        self.timeout = timeout
    }

    /// Consumes one input and appends effects in the order they must be performed.
    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: onStarted(now, &effects)
        case .submitted(let number, let request, let watch): onSubmitted(number, request, watch, now, &effects)
        case .closeRequested: onCloseRequested(now, &effects)
        case .connectionOpened: onConnectionOpened(now, &effects)
        case .connectionEnded: onConnectionEnded(now, &effects)
        case .bytesReceived(let bytes): onBytesReceived(bytes, now, &effects)
        case .timePassed: onTimePassed(now, &effects)
        }
        if let time = nextDeadline { effects.append(.wake(at: time)) }
    }

    // MARK: Times

    private var readLimit: Tick { .microseconds(timeout.microseconds * 2 / 3) }
    /// Half the read limit, so that one lost ping does not end the connection; at most ten seconds.
    private var pingInterval: Tick { min(.microseconds(timeout.microseconds / 3), .seconds(10)) }
    private var attemptLimit: Tick {
        max(.microseconds(timeout.microseconds / UInt64(serverCount)), .milliseconds(100))
    }
    /// None after the first failure, then doubling from 20 ms to a sixth of the timeout, at most half a second.
    private var retryDelay: Tick {
        guard failedAttempts > 1 else { return .zero }
        let longest = min(.milliseconds(500), Tick.microseconds(timeout.microseconds / 6))
        return min(.milliseconds(10 << min(failedAttempts - 1, 10)), longest)
    }

    /// When `.timePassed` is wanted next.
    private var nextDeadline: Tick? {
        let own: Tick
        switch phase {
        case .idle, .ended: return nil
        case .waiting(let time), .connecting(let time), .handshaking(let time): own = time
        case .connected: own = min(lastReceived + readLimit, lastSent + pingInterval)
        }
        return unsent.first.map { min(own, $0.deadline) } ?? own
    }

    private mutating func onTimePassed(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        giveUpUnsent(now, &effects)
        switch phase {
        case .idle, .ended: break
        case .waiting(let time):
            if now >= time { connect(now, &effects) }
        case .connecting(let deadline), .handshaking(let deadline):
            if now >= deadline { loseConnection(now, &effects) }
        case .connected:
            if now >= lastReceived + readLimit {
                loseConnection(now, &effects)
            } else if now >= lastSent + pingInterval {
                send(ClientRequest.ping.frame(xid: SpecialXid.ping), now, &effects)
            }
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
        effects.append(.connect(server: nextServer))
        nextServer = (nextServer + 1) % serverCount
    }

    private mutating func onConnectionOpened(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard case .connecting(let deadline) = phase else { return }
        phase = .handshaking(deadline: deadline)
        frames = FrameBuffer()
        let request = ConnectRequest(
            lastZxidSeen: lastZxid, timeoutMilliseconds: Int32(clamping: timeout.microseconds / 1_000),
            session: session, password: password)
        var writer = ByteWriter()
        writer.writeFrame { request.encode(into: &$0) }
        send(writer.bytes, now, &effects)
    }

    private mutating func onConnectionEnded(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle, .waiting, .ended: break
        case .connecting, .handshaking, .connected: loseConnection(now, &effects)
        }
    }

    /// Requests already sent fail, because nobody here knows whether the server executed them; the others wait.
    private mutating func loseConnection(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        effects.append(.disconnect)
        if case .connected = phase { effects.append(.announce(.disconnected)) }
        for request in sent { effects.append(.complete(request.number, .failure(.connectionLost))) }
        sent.removeAll(keepingCapacity: true)
        guard !isClosing else { return end(.closed, &effects) }
        failedAttempts += 1
        phase = .waiting(until: now + retryDelay)
        if retryDelay == .zero { connect(now, &effects) }
    }

    private mutating func onHandshake(
        _ response: ConnectResponse, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard response.timeoutMilliseconds > 0 else {
            effects.append(.disconnect)
            return end(.sessionExpired, &effects)
        }
        session = response.session
        password = response.password ?? password
        timeout = .milliseconds(UInt64(response.timeoutMilliseconds))
        failedAttempts = 0
        phase = .connected
        effects.append(.announce(.connected))
        for batch in watches.reregistration(relativeTo: lastZxid) {
            send(ClientRequest.setWatches(batch).frame(xid: SpecialXid.setWatches), now, &effects)
        }
        let waiting = unsent
        unsent.removeAll(keepingCapacity: true)
        for request in waiting { send(request, now, &effects) }
    }

    // MARK: Requests

    private mutating func onSubmitted(
        _ number: RequestNumber, _ request: ClientRequest, _ watch: WatchNumber?, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let outstanding = Outstanding(number: number, request: request, watch: watch, deadline: now + timeout)
        switch phase {
        case .ended(let reason): effects.append(.complete(number, .failure(reason)))
        case .connected where !isClosing: send(outstanding, now, &effects)
        case .connected: effects.append(.complete(number, .failure(.closed)))
        case .idle, .waiting, .connecting, .handshaking: unsent.append(outstanding)
        }
    }

    private mutating func send(_ request: Outstanding, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        xid = xid == .max ? 1 : xid + 1
        var request = request
        request.xid = xid
        sent.append(request)
        send(request.request.frame(xid: xid), now, &effects)
    }

    private mutating func send(_ frame: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        lastSent = now
        effects.append(.send(frame))
    }

    private mutating func onCloseRequested(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard !isClosing else { return }
        isClosing = true
        switch phase {
        case .ended: break
        case .connected:
            send(Outstanding(number: 0, request: .closeSession, deadline: now), now, &effects)
        case .idle, .waiting, .connecting, .handshaking:
            // Nobody to say goodbye to: the server will expire the session by itself.
            effects.append(.disconnect)
            end(.closed, &effects)
        }
    }

    private mutating func end(_ reason: RequestFailure, _ effects: inout EffectBuffer<Effect>) {
        phase = .ended(reason)
        for request in sent + unsent { effects.append(.complete(request.number, .failure(reason))) }
        (sent, unsent) = ([], [])
        for watch in watches.removeAll() { effects.append(.abandon(watch, reason)) }
        effects.append(.announce(reason == .closed ? .closed : .expired))
    }

    // MARK: Replies

    private mutating func onBytesReceived(_ bytes: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle, .waiting, .connecting, .ended: return
        case .handshaking, .connected: break
        }
        lastReceived = now
        frames.append(bytes)
        do throws(ByteError) {
            while let payload = try frames.nextPayload() {
                try onFrame(payload, now, &effects)
            }
        } catch {
            // What the server said makes no sense; a new connection starts from a clean state.
            loseConnection(now, &effects)
        }
    }

    private mutating func onFrame(
        _ payload: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) throws(ByteError) {
        var reader = ByteReader(payload.span.bytes)
        switch phase {
        case .handshaking: onHandshake(try ConnectResponse(from: &reader), now, &effects)
        case .connected: try onReply(&reader, now, &effects)
        case .idle, .waiting, .connecting, .ended: break  // An earlier frame of the same chunk ended the connection.
        }
    }

    private mutating func onReply(
        _ reader: inout ByteReader, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) throws(ByteError) {
        let header = try ReplyHeader(from: &reader)
        if header.xid == SpecialXid.notification {
            if let event = WatchEvent(try WatcherEvent(from: &reader)) {
                for watch in watches.trigger(event) { effects.append(.fire(watch, event)) }
            }
            return
        }
        if header.zxid.wireValue > 0 { lastZxid = header.zxid }
        guard header.xid != SpecialXid.ping, header.xid != SpecialXid.setWatches else { return }
        guard let request = sent.first, request.xid == header.xid else {
            throw .unknownValue(Int(header.xid), offset: 0)
        }
        sent.removeFirst()
        if case .closeSession = request.request {
            effects.append(.disconnect)
            return end(.closed, &effects)
        }
        complete(request, header.error, &reader, &effects)
    }

    private mutating func complete(
        _ request: Outstanding, _ code: Int32, _ reader: inout ByteReader, _ effects: inout EffectBuffer<Effect>
    ) {
        if let watch = request.watch, let path = request.request.path {
            watches.add(watch, path, request.request.operation, code)
        }
        guard code == 0 else { return effects.append(.complete(request.number, .failure(.refused(code)))) }
        do throws(ByteError) {
            let response = try ClientResponse(to: request.request.operation, from: &reader)
            effects.append(.complete(request.number, .success(response)))
        } catch {
            effects.append(.complete(request.number, .failure(.refused(ErrorCode.marshallingError.rawValue))))
        }
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
}
