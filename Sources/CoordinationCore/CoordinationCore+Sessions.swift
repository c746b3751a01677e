import StateMachines
import WireProtocol
import Zab
import ZNodes

/// Sessions: their timing and their end.
extension CoordinationCore {
    mutating func onStarted(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        // Nobody could be heard while the server was down, so every session of the log gets its whole time again.
        for id in sessions.sortedIDs { touch(id, heardAt: now) }
        startReaper(now)
        setTimer(now, &effects)
        showEnsemble()
        if isMember { stepMember(.started, now, &effects) }
    }

    /// - Parameter timeout: as another server has agreed it with the client; `nil` takes what is known here.
    mutating func touch(_ id: SessionID, heardAt now: Tick, timeoutMilliseconds timeout: Int32? = nil) {
        guard let session = sessions[id] else { return }
        let expiry = SessionTable.expiry(
            of: timeout ?? session.timeoutMilliseconds, heardAt: now, tickTime: configuration.tickTime)
        sessions[id]!.expiresAt = max(session.expiresAt, expiry)
    }

    mutating func onTimerFired(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        // Requests only note their time on the connection; here it reaches the session.
        for slot in connections.indices {
            let connection = connections[slot]
            guard connection.isOpen else { continue }
            if connection.phase == .established {
                touch(connection.session, heardAt: connection.lastHeard)
            } else if connection.phase == .handshaking, connection.connectedAt + configuration.handshakeTimeout <= now {
                statistics.sessionlessExpired += 1
                close(slot, &effects)
            }
        }
        if nextZxid != nil || opensLocalSessions { expireSessions(now, &effects) }
        if nextZxid != nil { reap(now, &effects) }
        setTimer(now, &effects)
    }

    private mutating func expireSessions(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        for id in sessions.sortedIDs {
            guard let session = sessions[id], session.expiresAt <= now, !session.isClosing else { continue }
            if session.isLocal { expireLocalSession(id, &effects) } else { expire(id, now, &effects) }
        }
    }

    private mutating func expire(_ id: SessionID, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let zxid = nextZxid else { return }
        sessions[id]!.isExpiring = true
        statistics.staleSessionsExpired += 1
        let pending = PendingWrite(
            zxid: zxid, connection: nil, xid: 0, operation: nil, arrivedAt: now)
        let time = wallClock(at: now)
        let body = prepare(
            .closeSession, WriteContext(session: id, identities: [], zxid: pending.zxid, time: time))
        propose(body, session: id, pending, time, now, &effects)
    }

    /// Until the next boundary of ticks, or sooner if there is something to reap.
    private func setTimer(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let tick = configuration.tickTime.microseconds
        var wait = Tick.microseconds(tick - now.microseconds % tick)
        // Only the server that proposes reaps.
        if nextZxid != nil { wait = min(wait, nextReaping(now) - now) }
        if let readOnlyWait = readOnlyWait(now) { wait = min(wait, readOnlyWait) }
        effects.append(.setTimer(after: wait))
    }

    /// The session's end has been applied.
    mutating func onSessionEnded(_ id: SessionID, _ zxid: Zxid, _ effects: inout EffectBuffer<Effect>) {
        guard let session = sessions[id] else { return }
        sessions[id] = nil
        observe(
            session.isExpiring ? .sessionExpired(id, zxid: zxid) : .sessionClosed(id, zxid: zxid), &effects)
    }
}
