import Bytes
import StateMachines
import WireProtocol
import Zab
import ZNodes

/// Connections: their coming, their handshake, their frames, their end.
extension CoordinationCore {
    mutating func onConnected(
        _ id: ConnectionID, _ address: String, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        precondition(slots[id] == nil, "connection \(id.rawValue) is known already")
        let connection = Connection(id: id, address: address, now: now, frameLimit: configuration.frameLimit)
        let (limit, total) = (configuration.connectionLimitPerAddress, configuration.maxCnxns)
        if limit > 0 && connectionsPerAddress[connection.host, default: 0] >= limit || total > 0 && slots.count >= total
        {
            statistics.rejectedConnections += 1
            effects.append(.close(id, last: []))
            return
        }
        connectionsPerAddress[connection.host, default: 0] += 1
        if let slot = freeSlots.popLast() {
            connections[slot] = connection
            slots[id] = slot
        } else {
            slots[id] = connections.count
            connections.append(connection)
        }
        observe(.connectionOpened(id), &effects)
    }

    mutating func onIdentified(_ id: ConnectionID, _ identity: Identity) {
        if let slot = slots[id] { addIdentities(access.verified(identity), slot) }
    }

    mutating func addIdentities(_ identities: [Identity], _ slot: Int) {
        for identity in identities where !connections[slot].identities.contains(identity) {
            connections[slot].identities.append(identity)
        }
    }

    mutating func onDisconnected(_ id: ConnectionID, _ effects: inout EffectBuffer<Effect>) {
        if let slot = slots[id] { forget(slot, &effects) }
    }

    mutating func closeAllConnections(_ effects: inout EffectBuffer<Effect>) {
        for id in slots.keys.sorted() { if let slot = slots[id] { close(slot, &effects) } }
    }

    /// Sends what is left and ends the connection.
    mutating func close(_ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        let connection = connections[slot]
        guard connection.isOpen else { return }
        effects.append(.close(connection.id, last: connection.output.bytes))
        forget(slot, &effects)
    }

    private mutating func forget(_ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        let connection = connections[slot]
        guard connection.isOpen else { return }
        let count = connection.waiting.count
        let writeCount = connection.waiting.elements.count(where: \.isWrite)
        waitingRequests.remove(count: count, ofWhichWrites: writeCount)
        abandonWrites(of: connection)
        statistics.staleRequestsDropped += count - writeCount
        if connection.session != .none { statistics.droppedConnections += 1 }
        connections[slot] = .vacant
        slots[connection.id] = nil
        freeSlots.append(slot)
        watches.removeAll(of: connection.id)
        connectionsPerAddress[connection.host, default: 1] -= 1
        if connectionsPerAddress[connection.host] == 0 { connectionsPerAddress[connection.host] = nil }
        if let session = sessions[connection.session], session.connection == connection.id {
            sessions[connection.session]?.connection = nil
            // What was heard on the connection counts for the session that outlives it.
            touch(connection.session, heardAt: connection.lastHeard)
        }
        observe(.connectionClosed(connection.id, connection.session), &effects)
    }

    // MARK: Frames

    /// Reads frames until there are no more, the connection is paused, or it is gone.
    mutating func readFrames(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard connections[slot].isOpen else { return }
        let id = connections[slot].id
        connections[slot].lastHeard = now
        if connections[slot].phase == .handshaking, answerFourLetterWord(slot, now, &effects) { return }
        let bytes = connections[slot].input.bytes
        while connections[slot].id == id, !connections[slot].isPaused {
            do throws(ByteError) {
                guard let range = try connections[slot].input.next() else { return }
                handle(bytes.span.bytes.extracting(range), slot, now, &effects)
            } catch {
                noteRefusedFrame(slot)
                return close(slot, &effects)  // A length that cannot be: the stream is lost.
            }
            pauseIfFull(slot, now, &effects)
        }
    }

    private mutating func handle(_ frame: RawSpan, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        statistics.packetsReceived += 1
        connections[slot].statistics.receivedCount += 1
        switch connections[slot].phase {
        case .handshaking: handshake(frame, slot, now, &effects)
        case .establishing: preconditionFailure("a paused connection was read")
        case .established:
            guard largeRequests.isLarge(frame.byteCount) else { return handleRequest(frame, slot, now, &effects) }
            handleLargeRequest(frame, slot, now, &effects)
        }
    }

    /// Its bytes count until it is answered; where there is no room for them, the connection ends, as on ZooKeeper.
    private mutating func handleLargeRequest(
        _ frame: RawSpan, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard largeRequests.hasRoom(for: frame.byteCount) else {
            statistics.largeRequestsRejected += 1
            let connection = connections[slot]
            notices.append(
                .largeRequestRefused(
                    client: connection.address, connection.session, byteCount: frame.byteCount,
                    total: largeRequests.total))
            return close(slot, &effects)
        }
        largeFrame = frame.byteCount
        handleRequest(frame, slot, now, &effects)
        largeFrame = nil
    }

    /// Says who sent what, as far as its first bytes tell.
    private mutating func noteRefusedFrame(_ slot: Int) {
        let connection = connections[slot]
        notices.append(
            .frameRefused(
                RefusedFrame(connection.input.pendingBytes, limit: configuration.frameLimit),
                client: connection.address,
                connection.session))
    }

    private mutating func pauseIfFull(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let count = connections[slot].waiting.count
        guard count > 0, !connections[slot].isPaused else { return }
        if count >= configuration.waitingRequestLimit || waitingCount > outstandingLimit {
            statistics.throttleWaits += 1
            connections[slot].isThrottled = true
            pause(slot, now, &effects)
        }
    }

    /// With how many requests under way a further one stops its connection. Servers of an ensemble share the limit, as
    /// the leader has to do the work of all.
    private var outstandingLimit: Int {
        let voters = standing.voterCount
        return configuration.outstandingLimit / (voters > 2 ? voters - 1 : 1)
    }

    mutating func pause(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        connections[slot].isPaused = true
        connections[slot].pausedAt = now
        effects.append(.pauseReading(connections[slot].id))
    }

    /// Reads on where reading had stopped, if there is room again.
    mutating func resumeIfRoom(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard connections[slot].isPaused else { return }
        let connection = connections[slot]
        guard connection.phase == .established, connection.waiting.count <= configuration.waitingRequestLimit / 2,
            connection.waiting.isEmpty || waitingCount <= outstandingLimit
        else { return }
        connections[slot].isPaused = false
        let heard = connection.lastHeard
        let patience = configuration.throttledOpWaitTime
        isThrottling = patience > .zero && now - connection.pausedAt > patience
        if connection.isThrottled { statistics.throttleTimes.add(now - connection.pausedAt) }
        connections[slot].isThrottled = false
        readFrames(slot, now, &effects)
        isThrottling = false
        let after = connections[slot]
        guard after.id == connection.id else { return }
        connections[slot].lastHeard = heard  // Old bytes are no sign of life.
        if !after.isPaused { effects.append(.resumeReading(after.id)) }
    }

    // MARK: Handshake

    /// ZooKeeper's order: newer than us → close; clamp the timeout; new session, or password and revival.
    private mutating func handshake(
        _ frame: RawSpan, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        var reader = ByteReader(frame)
        guard isServing else {
            statistics.unservedConnections += 1
            return close(slot, &effects)
        }
        guard let request = try? ConnectRequest(from: &reader) else { return close(slot, &effects) }
        let weight = ConnectionThrottleRules.Weight(isNew: request.session == .none, isLocal: opensLocalSessions)
        guard connectionThrottle.admits(weight, at: now, &random) else {
            statistics.rejectedConnections += 1
            return close(slot, &effects)
        }
        statistics.tokenDeficits.add(UInt64(connectionThrottle.deficit))
        statistics.connectionRequests += 1
        guard !isReadOnly || request.isReadOnlyAllowed == true else { return close(slot, &effects) }
        // Signed, as clients count; a client that has seen more than this server must find another one.
        guard request.lastZxidSeen.wireValue <= tree.lastZxid.wireValue else { return close(slot, &effects) }
        let limits = configuration.sessionTimeouts
        let timeout = min(max(request.timeoutMilliseconds, limits.lowerBound), limits.upperBound)
        connections[slot].knowsReadOnly = request.isReadOnlyAllowed != nil
        if request.session == .none {
            if opensLocalSessions {
                openLocalSession(slot, timeoutMilliseconds: timeout, now, &effects)
            } else {
                openSession(slot, timeoutMilliseconds: timeout, now, &effects)
            }
        } else if isReadOnly, sessions[request.session]?.isLocal == false {
            close(slot, &effects)  // Whether it still lives, only a leader knows.
        } else {
            resumeSession(request, slot, timeoutMilliseconds: timeout, now, &effects)
        }
    }

    private mutating func openSession(
        _ slot: Int, timeoutMilliseconds timeout: Int32, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard isLearning || nextZxid != nil else { return resign(leaving: slot, now, &effects) }
        let id = sessions.makeID()
        sessions[id] = Session(
            timeoutMilliseconds: timeout, expiresAt: .zero, connection: connections[slot].id, isOpening: true,
            owner: member?.me)
        touch(id, heardAt: now)
        connections[slot].session = id
        connections[slot].phase = .establishing
        pause(slot, now, &effects)
        guard let zxid = nextZxid else {
            return forwardOpening(of: id, timeoutMilliseconds: timeout, &effects)
        }
        let pending = PendingWrite(
            zxid: zxid, connection: connections[slot].id, xid: 0, operation: nil, arrivedAt: now)
        propose(
            .createSession(timeoutMilliseconds: timeout), session: id, pending, wallClock(at: now), now, &effects)
    }

    private mutating func resumeSession(
        _ request: ConnectRequest, _ slot: Int, timeoutMilliseconds timeout: Int32, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let id = request.session
        statistics.revalidations += 1
        // ZooKeeper drops whoever holds the session before it looks at the password.
        if let old = sessions[id]?.connection, let oldSlot = slots[old] { close(oldSlot, &effects) }
        let hasPassword = request.password == SessionPassword.bytes(for: id)
        if hasPassword, isLearning, sessions[id]?.isLocal != true {
            return askForSession(id, slot, timeoutMilliseconds: timeout, now, &effects)
        }
        guard hasPassword, sessions[id]?.isClosing == false else { return refuseSession(slot, &effects) }
        attach(id, slot, timeoutMilliseconds: timeout, now, &effects)
    }

    /// Tells the client that its session has ended.
    mutating func refuseSession(_ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        let mode: Bool? = connections[slot].knowsReadOnly ? isReadOnly : nil
        connections[slot].output.writeFrame { ConnectResponse.expired(isReadOnly: mode).encode(into: &$0) }
        close(slot, &effects)
    }

    /// Gives a living session this connection.
    mutating func attach(
        _ id: SessionID, _ slot: Int, timeoutMilliseconds timeout: Int32, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        sessions[id]!.connection = connections[slot].id
        sessions[id]!.timeoutMilliseconds = timeout
        sessions[id]!.owner = member?.me
        touch(id, heardAt: now)
        connections[slot].session = id
        connections[slot].phase = .established
        observe(.sessionResumed(id, connections[slot].id), &effects)
        answerHandshake(slot, timeoutMilliseconds: timeout, &effects)
    }

    mutating func answerHandshake(
        _ slot: Int, timeoutMilliseconds timeout: Int32, _ effects: inout EffectBuffer<Effect>
    ) {
        let connection = connections[slot]
        let response = ConnectResponse(
            timeoutMilliseconds: timeout, session: connection.session,
            password: SessionPassword.bytes(for: connection.session),
            isReadOnly: connection.knowsReadOnly ? isReadOnly : nil)
        willWrite(slot, &effects)
        connections[slot].output.writeFrame { response.encode(into: &$0) }
    }

    /// To be called before output is written: announces it once.
    mutating func willWrite(_ slot: Int, _ effects: inout EffectBuffer<Effect>) {
        statistics.packetsSent += 1
        connections[slot].statistics.sentCount += 1
        if connections[slot].output.bytes.isEmpty { effects.append(.send(connections[slot].id)) }
    }
}
