import Bytes
import StateMachines
import WireProtocol

/// Requests, replies and watches of a session.
extension ClientSession {
    mutating func onSubmitted(
        _ number: RequestNumber, _ request: ClientRequest, _ watch: WatchNumber?, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let outstanding = Outstanding(number: number, request: request, watch: watch, deadline: now + timeout)
        switch phase {
        case .ended(let reason): effects.append(.complete(number, .failure(reason)))
        case .connected where isMoving: unsent.append(outstanding)
        case .connected where !isClosing: send(outstanding, now, &effects)
        case .connected: effects.append(.complete(number, .failure(.closed)))
        case .idle, .waiting, .connecting, .handshaking, .loggingIn: unsent.append(outstanding)
        }
    }

    mutating func send(_ request: Outstanding, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        var request = request
        request.xid = takeNextXid()
        sent.append(request)
        send(request.request.frame(xid: request.xid), now, &effects)
    }

    mutating func takeNextXid() -> Int32 {
        xid = xid == .max ? 1 : xid + 1
        return xid
    }

    mutating func onCloseRequested(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard !isClosing else { return }
        isClosing = true
        switch phase {
        case .ended: break
        case .connected:
            stay(now, &effects)
            send(Outstanding(number: 0, request: .closeSession, deadline: now), now, &effects)
        case .idle, .waiting, .connecting, .handshaking, .loggingIn:
            // Nobody to say goodbye to: the server will expire the session by itself.
            effects.append(.disconnect)
            end(.closed, &effects)
        }
    }

    // MARK: Identities

    mutating func onAuthenticated(
        _ number: RequestNumber, _ request: AuthRequest, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        if case .ended(let reason) = phase { return effects.append(.complete(number, .failure(reason))) }
        credentials.append(Credentials(request: request, number: number))
        if case .connected = phase { send(ClientRequest.auth(request).frame(xid: SpecialXid.auth), now, &effects) }
    }

    /// A refused identity is forgotten, since the server closes every connection that shows it.
    private mutating func onAuthenticationAnswered(_ code: Int32, _ effects: inout EffectBuffer<Effect>) {
        guard answeredCredentials < credentials.count else { return }
        let number = credentials[answeredCredentials].number
        if code == 0 {
            credentials[answeredCredentials].number = nil
            answeredCredentials += 1
        } else {
            credentials.remove(at: answeredCredentials)
        }
        guard let number else { return }
        effects.append(.complete(number, code == 0 ? .success(.empty) : .failure(.refused(code))))
    }

    // MARK: Watches

    private func tell(_ watches: [WatchNumber], _ event: WatchEvent, _ effects: inout EffectBuffer<Effect>) {
        guard !watches.isEmpty else { return }
        for watch in watches { effects.append(.fire(watch, event)) }
        effects.append(.observe(event))
    }

    /// What happened while the connection was away is never told to a watch that stays; its owner must know.
    private mutating func onRegistered(_ effects: inout EffectBuffer<Effect>) {
        pendingRegistrations -= 1
        guard pendingRegistrations == 0 else { return }
        for (path, numbers) in watches.lasting {
            for number in numbers { effects.append(.fire(number, WatchEvent(.interrupted, path.description))) }
        }
    }

    mutating func forgetWatches(
        _ path: ByteString, _ type: WatcherType, _ effects: inout EffectBuffer<Effect>
    ) {
        for (kind, numbers) in watches.remove(path, type) {
            tell(numbers, WatchEvent(kind, path.description), &effects)
        }
    }

    /// The server is told when this was the last one of its kind; requests under way count.
    mutating func onWatchDropped(_ watch: WatchNumber, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let (path, type) = watches.drop(watch) else { return }
        let isWanted = (sent + unsent).contains { request in
            if case .addWatch(let body) = request.request { body.path == path } else { false }
        }
        guard !isWanted, case .connected = phase else { return }
        onSubmitted(0, .removeWatches(WatcherRequest(path: path, type: type)), nil, now, &effects)
    }

    // MARK: Replies

    mutating func onBytesReceived(_ bytes: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch phase {
        case .idle, .waiting, .connecting, .ended: return
        case .handshaking, .loggingIn, .connected: break
        }
        lastReceived = now
        frames.append(bytes)
        do throws(ByteError) {
            while let payload = try frames.nextPayload() {
                try onFrame(payload, now, &effects)
            }
        } catch {
            // What the server said makes no sense; a new connection starts from a clean state.
            if case .unreasonableLength(let length, let limit, _) = error, length > limit {
                effects.append(.refuse(answerLength: length, limit: limit))
            }
            loseConnection(now, &effects)
        }
    }

    private mutating func onFrame(
        _ payload: [UInt8], _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) throws(ByteError) {
        var reader = ByteReader(payload.span.bytes)
        switch phase {
        case .handshaking: onHandshake(try ConnectResponse(from: &reader), now, &effects)
        case .loggingIn: try onLoginAnswered(&reader, now, &effects)
        case .connected: try onReply(&reader, now, &effects)
        case .idle, .waiting, .connecting, .ended: break  // An earlier frame of the same chunk ended the connection.
        }
    }

    private mutating func onReply(
        _ reader: inout ByteReader, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) throws(ByteError) {
        let header = try ReplyHeader(from: &reader)
        if header.xid == SpecialXid.notification {
            if let event = WatchEvent(try WatcherEvent(from: &reader), header.zxid) {
                tell(watches.trigger(event), event, &effects)
            }
            return
        }
        if header.zxid.wireValue > 0 { lastZxid = header.zxid }
        switch header.xid {
        case SpecialXid.ping: return
        case SpecialXid.setWatches: return onRegistered(&effects)
        case SpecialXid.auth: return onAuthenticationAnswered(header.error, &effects)
        default: break
        }
        guard let request = sent.first, request.xid == header.xid else {
            throw .unknownValue(Int(header.xid), offset: 0)
        }
        sent.removeFirst()
        if case .closeSession = request.request {
            effects.append(.disconnect)
            return end(.closed, &effects)
        }
        complete(request, header.error, &reader, &effects)
        moveIfQuiet(now, &effects)
    }

    private mutating func complete(
        _ request: Outstanding, _ code: Int32, _ reader: inout ByteReader, _ effects: inout EffectBuffer<Effect>
    ) {
        if let watch = request.watch { watches.add(watch, request.request, code) }
        if case .removeWatches(let body) = request.request, let type = WatcherType(rawValue: body.type), code == 0 {
            forgetWatches(body.path, type, &effects)
        }
        guard code == 0 else { return effects.append(.complete(request.number, .failure(.refused(code)))) }
        do throws(ByteError) {
            let response = try ClientResponse(to: request.request.operation, from: &reader)
            effects.append(.complete(request.number, .success(response)))
        } catch {
            effects.append(.complete(request.number, .failure(.unreadable)))
        }
    }
}
