import Bytes
import StateMachines
import TransactionLog
import WireProtocol
import Zab
import ZNodes

/// One server among several: what it proposes as a leader, forwards as a learner, and what it does when it is neither.
///
/// Every server applies what the broadcast delivers. Checks before a write are made where it is proposed, at the
/// leader; the answer goes out where the client is, when the transaction is delivered there.
extension CoordinationCore {
    /// Whether this server has others beside it.
    var isMember: Bool { role != nil }

    package var isLeading: Bool { if case .leading? = role { true } else { false } }

    mutating func onEnsemble(_ input: EnsembleInput, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        switch input {
        case .peer(let input): onPeer(input, now, &effects)
        case .requested(let request, let identities, let server) where standing.isHostingObservers:
            relay(request, identities, from: server, &effects)
        case .requested(let request, let identities, let server):
            onRequested(request, identities, from: server, now, &effects)
        case .touched(let sessions) where standing.isHostingObservers: member!.guests.touched += sessions
        case .touched(let sessions):
            for touched in sessions {
                touch(touched.session, heardAt: now, timeoutMilliseconds: touched.timeoutMilliseconds)
            }
        case .revalidationAsked(let session, let server) where standing.isHostingObservers:
            relay(session, from: server, &effects)
        case .revalidationAsked(let session, let server): onRevalidationAsked(session, from: server, now, &effects)
        case .revalidated(let session, let isValid): onRevalidated(session, isValid: isValid, now, &effects)
        case .synchronized: onSynchronized(now, &effects)
        }
    }

    // MARK: The machine of the broadcast

    private mutating func onPeer(_ input: PeerInput, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        observeDisk(input, &effects)
        switch input {
        case .received(let packet, let sender):
            guard let readable = readable(packet) else {
                mustEndTurn = true
                effects.append(.ensemble(.peer(.disconnect(sender))))
                return stepMember(.disconnected(sender), now, &effects)
            }
            stepMember(.received(readable, from: sender), now, &effects)
        case .snapshotInstalled(let zxid, _):
            stepMember(.snapshotInstalled(through: zxid, recordedEnsemble), now, &effects)
        case .disconnected(let other):
            member!.guests.forget(other)
            stepMember(input, now, &effects)
        case .started, .notified, .connected, .heard, .proposed, .persisted, .epochStored, .truncated,
            .truncationImpossible, .snapshotAborted, .logRead, .timerFired, .resigned, .oracleAnswered:
            stepMember(input, now, &effects)
        }
    }

    /// The packet, with what its transaction means to the broadcast; `nil` where that is no transaction.
    private mutating func readable(_ packet: Packet) -> Packet? {
        switch packet {
        case .proposal(let entry): readable(entry).map { .proposal($0) }
        case .inform(let entry): readable(entry).map { .inform($0) }
        case .informAndActivate(let entry, let leader): readable(entry).map { .informAndActivate($0, leader: leader) }
        case .followerInfo, .leaderInfo, .acknowledgeEpoch, .diff, .truncate, .snapshot, .newLeader, .upToDate,
            .acknowledge, .commit, .commitAndActivate, .ping:
            packet
        }
    }

    private mutating func readable(_ entry: LogEntry) -> LogEntry? {
        var reader = ByteReader(entry.payload.span.bytes, lengthLimit: LogFormat.bodyLimit)
        guard let transaction = try? LoggedTransaction(from: &reader), transaction.header.zxid == entry.zxid else {
            return nil
        }
        member!.know(transaction)
        guard configuration.reconfigEnabled, case .reconfigure = transaction.body else { return entry }
        guard let ensemble = transaction.body.nextEnsemble, ensemble.version == entry.zxid else { return nil }
        return LogEntry(zxid: entry.zxid, payload: entry.payload, ensemble: ensemble)
    }

    /// Steps the broadcast and does what it asks. A commit may let requests in that propose more: those effects line up
    /// behind the ones that are there.
    mutating func stepMember(_ input: PeerInput, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        count(input, now)
        let hadElectors = standing.isAcceptingLearners
        member!.peer.step(input, at: now, into: &memberEffects)
        standing = member!.peer.standing
        if hadElectors, standing.isElecting, case .notified = input { statistics.ensemble.disloyalVoters += 1 }
        guard !isDrainingMember else { return }
        isDrainingMember = true
        while let effect = memberEffects.popFirst() { perform(effect, now, &effects) }
        isDrainingMember = false
    }

    private mutating func perform(_ effect: PeerEffect, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        count(effect, now)
        if !effect.isOfBroadcast { mustEndTurn = true }
        observeDisk(effect, &effects)
        switch effect {
        case .append(let entry):
            LogFormat.writeEntry(body: entry.payload, into: &newEntries)
            countNewEntry(entry.zxid)
        case .deliver(let entry):
            let transaction = acceptedTransaction(of: entry)
            countDecision(of: transaction.header, now)
            onCommitted(transaction, now, &effects)
            answerSynchronizations(&effects)
        case .anticipate(let entry): onCommitted(acceptedTransaction(of: entry), isDecided: false, now, &effects)
        case .send(.ping(let zxid), to: let receiver) where receiver == standing.master:
            effects.append(.ensemble(.ping(zxid, takeTouches(now))))
        case .disconnect(let other):
            member!.guests.forget(other)
            effects.append(.ensemble(.peer(effect)))
        case .adoptEnsemble:
            showEnsemble()
            effects.append(.ensemble(.peer(effect)))
        case .changeRole, .notify, .connect, .send, .storeEpoch, .truncateLog, .installSnapshot, .readLog,
            .setTimer, .cancelTimer, .askOracle, .expectEnsemble:
            effects.append(.ensemble(.peer(effect)))
        }
    }

    private mutating func acceptedTransaction(of entry: LogEntry) -> LoggedTransaction {
        guard let transaction = member!.transaction(of: entry) else {
            preconditionFailure("\(entry.zxid) was accepted and cannot be read")
        }
        return transaction
    }

    mutating func proposeToEnsemble(
        _ transaction: LoggedTransaction, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let payload = encoded { transaction.encode(into: &$0) }
        member!.know(transaction)
        stepMember(.proposed(payload, transaction.body.nextEnsemble), now, &effects)
    }

    // MARK: Roles

    /// Takes over the role that the broadcast has come to, once a step is over.
    mutating func settleEnsemble(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        resignIfUsedUp(now, &effects)
        noteSearch(now)
        settleReadOnlyService(now, &effects)
        guard standing.role != role else { return }
        let role = standing.role
        self.role = role
        noteService(in: role, now)
        leaveRole(&effects)
        showEnsemble()
        switch role {
        case .looking, .following, .observing: break
        case .leading:
            outstanding = OutstandingChanges(tree: tree)
            // Nobody could be heard while there was no leader.
            for id in sessions.sortedIDs { touch(id, heardAt: now) }
            startReaper(now)
        }
    }

    /// A leader whose epoch has no transactions left makes room for a new one, once everything proposed is decided.
    private mutating func resignIfUsedUp(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        if isLearning || !isLeading || nextZxid != nil || !pendingWrites.isEmpty { return }
        resign(now, &effects)
    }

    /// As `resign`, on behalf of a client who gets no answer any more: later ones must not overtake it.
    mutating func resign(leaving slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        resign(now, &effects)
        close(slot, &effects)
    }

    /// Whoever wants more of this leader must turn to the next one.
    mutating func resign(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        stepMember(.resigned, now, &effects)
    }

    /// Whoever is connected must find a server that serves; what was not decided is forgotten.
    private mutating func leaveRole(_ effects: inout EffectBuffer<Effect>) {
        closeAllConnections(&effects)
        forgetLocalSessions()
        pendingWrites = Queue()
        member!.synchronizations = Queue()
        member!.guests = GuestRequests()
        member!.revalidations = [:]
        member!.lastPing = .zero
        for id in sessions.sortedIDs {
            if sessions[id]!.isOpening {
                sessions[id] = nil
            } else {
                sessions[id]!.isClosing = false
                sessions[id]!.isExpiring = false
                sessions[id]!.lastProposed = .zero
                sessions[id]!.abandonedWrites = []
                sessions[id]!.owner = nil
            }
        }
    }

    // MARK: At a learner

    /// The leader checks, proposes and answers by the broadcast.
    mutating func forward(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        if request.operation == .sync { member!.guests.synchronizations.append(.client(connections[slot].id)) }
        let body = encoded { request.encode(into: &$0) }
        effects.append(
            .ensemble(
                .request(
                    ForwardedRequest(
                        session: connections[slot].session, cxid: xid, type: request.operation.rawValue, body: body),
                    connections[slot].identities)))
    }

    /// What `body` writes, as an array of just its size, made at once.
    private mutating func encoded(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
        memberScratch.bytes.removeAll(keepingCapacity: memberScratch.bytes.capacity <= 1 << 16)
        body(&memberScratch)
        return Array(memberScratch.bytes[...])
    }

    mutating func forwardOpening(
        of session: SessionID, timeoutMilliseconds: Int32, _ effects: inout EffectBuffer<Effect>
    ) {
        var writer = ByteWriter()
        writer.write(timeoutMilliseconds)
        effects.append(
            .ensemble(
                .request(
                    ForwardedRequest(
                        session: session, cxid: 0, type: TransactionBody.createSessionType, body: writer.bytes), [])))
    }

    /// Who waits here for a transaction that another server proposed.
    mutating func forwardedWrite(of transaction: LoggedTransaction) -> PendingWrite {
        var pending = PendingWrite(
            zxid: transaction.header.zxid, connection: nil, xid: transaction.header.cxid, operation: nil,
            arrivedAt: .zero)
        let session = transaction.header.session
        if sessions[session]?.abandonedWrites.first == pending.xid {
            sessions[session]!.abandonedWrites.removeFirst()
            return pending
        }
        guard let id = sessions[session]?.connection, let slot = slots[id] else { return pending }
        if case .createSession = transaction.body {
            if connections[slot].phase == .establishing { pending.connection = id }
        } else if case .forwarded(let write)? = connections[slot].waiting.first, write.xid == pending.xid {
            pending.connection = id
            pending.operation = write.operation
            pending.arrivedAt = write.arrivedAt
            pending.audited = write.audited
        }
        return pending
    }

    /// What a connection has sent to the leader happens although nobody waits for it. A later connection of the session may
    /// use the same numbers: its answers must not be taken from these.
    mutating func abandonWrites(of connection: Connection) {
        for case .forwarded(let write) in connection.waiting.elements {
            largeRequests.release(write.heldByteCount)
            sessions[connection.session]?.abandonedWrites.append(write.xid)
        }
    }

    /// Sessions with a living connection here, since the leader was told last.
    private mutating func takeTouches(_ now: Tick) -> [QuorumSession] {
        let last = member!.lastPing
        member!.lastPing = now
        defer { member!.guests.touched = [] }
        return member!.guests.touched
            + connections.compactMap { connection in
                guard connection.phase == .established, connection.lastHeard >= last,
                    let session = sessions[connection.session], !session.isLocal
                else { return nil }
                return QuorumSession(session: connection.session, timeoutMilliseconds: session.timeoutMilliseconds)
            }
    }

    private mutating func onSynchronized(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        // Answers come in the order of the questions, whoever asked.
        switch member?.guests.synchronizations.popFirst() {
        case .client(let id)?:
            guard let slot = slots[id] else { return }
            connections[slot].grantedSynchronizations += 1
            answerWaiting(slot, now, &effects)
        case .guest(let server?)?: effects.append(.ensemble(.synchronized(server)))
        case .guest(nil)?, nil: break
        }
    }

    /// Only the leader knows whether a session lives.
    mutating func askForSession(
        _ id: SessionID, _ slot: Int, timeoutMilliseconds: Int32, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        connections[slot].phase = .establishing
        pause(slot, now, &effects)
        // A client that asks twice has given up its first connection.
        if let old = member!.revalidations[id]?.connection, let oldSlot = slots[old] { close(oldSlot, &effects) }
        member!.revalidations[id] = EnsembleMember.Revalidation(
            connection: connections[slot].id, timeoutMilliseconds: timeoutMilliseconds)
        effects.append(
            .ensemble(.revalidate(QuorumSession(session: id, timeoutMilliseconds: timeoutMilliseconds))))
    }

    private mutating func onRevalidated(
        _ id: SessionID, isValid: Bool, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        if let guest = member?.guests.takeRevalidation(of: id) {
            if let guest { effects.append(.ensemble(.revalidated(id, isValid: isValid, to: guest))) }
            return
        }
        guard let waiting = member?.revalidations.removeValue(forKey: id), let slot = slots[waiting.connection] else {
            return
        }
        guard isValid else { return refuseSession(slot, &effects) }
        if sessions[id] == nil {
            // Its beginning is proposed and not delivered here yet.
            sessions[id] = Session(
                timeoutMilliseconds: waiting.timeoutMilliseconds, expiresAt: .zero, isOpening: true)
        }
        attach(id, slot, timeoutMilliseconds: waiting.timeoutMilliseconds, now, &effects)
        resumeIfRoom(slot, now, &effects)
    }

    // MARK: At the leader

    private mutating func onRequested(
        _ request: ForwardedRequest, _ identities: [Identity], from server: ServerID, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        guard let zxid = nextZxid else { return resign(now, &effects) }
        if request.type == OperationCode.sync.rawValue { return synchronize(server, &effects) }
        statistics.ensemble.learnerRequests += 1
        let pending = PendingWrite(zxid: zxid, connection: nil, xid: request.cxid, operation: nil, arrivedAt: now)
        let time = wallClock(at: now)
        let context = WriteContext(
            session: request.session, identities: identities, zxid: zxid, time: time)
        propose(
            transactionBody(request, context, from: server, now), session: request.session, pending, time, now, &effects
        )
    }

    private mutating func transactionBody(
        _ request: ForwardedRequest, _ context: WriteContext, from server: ServerID, _ now: Tick
    ) -> TransactionBody {
        var reader = ByteReader(request.body.span.bytes)
        if request.type == TransactionBody.createSessionType {
            guard let timeout = try? reader.readInt32() else { return .error(.marshallingError) }
            if sessions[request.session] == nil || sessions[request.session]!.isLocal {
                sessions[request.session] = Session(
                    timeoutMilliseconds: timeout, expiresAt: .zero, isOpening: true, owner: server)
            }
            sessions[request.session]!.owner = server
            touch(request.session, heardAt: now)
            return .createSession(timeoutMilliseconds: timeout)
        }
        guard let operation = OperationCode(rawValue: request.type), operation.course == .write,
            let parsed = try? ClientRequest(operation, from: &reader)
        else { return .error(.marshallingError) }
        if let owner = sessions[request.session]?.owner, owner != server { return .error(.sessionMoved) }
        return prepare(parsed, context)
    }

    /// Answers when everything proposed so far has been committed.
    private mutating func synchronize(
        _ server: ServerID, about session: SessionID? = nil, _ effects: inout EffectBuffer<Effect>
    ) {
        let waiting = EnsembleMember.Synchronization(
            after: pendingWrites.elements.last?.zxid ?? .zero, server: server, session: session)
        if pendingWrites.isEmpty { answer(waiting, &effects) } else { member!.synchronizations.append(waiting) }
    }

    private mutating func answerSynchronizations(_ effects: inout EffectBuffer<Effect>) {
        while let next = member!.synchronizations.first, next.after <= tree.lastZxid {
            _ = member!.synchronizations.popFirst()
            answer(next, &effects)
        }
    }

    private func answer(_ waiting: EnsembleMember.Synchronization, _ effects: inout EffectBuffer<Effect>) {
        guard let id = waiting.session else { return effects.append(.ensemble(.synchronized(waiting.server))) }
        let isValid = isLeading && sessions[id]?.isClosing == false
        effects.append(.ensemble(.revalidated(id, isValid: isValid, to: waiting.server)))
    }

    private mutating func onRevalidationAsked(
        _ asked: QuorumSession, from server: ServerID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let id = asked.session
        statistics.ensemble.revalidations += 1
        guard isLeading, let session = sessions[id], !session.isClosing, !session.isLocal else {
            return effects.append(.ensemble(.revalidated(id, isValid: false, to: server)))
        }
        // The client has moved; a connection that it left here must not speak for it.
        if let old = session.connection, let slot = slots[old] { close(slot, &effects) }
        sessions[id]!.owner = server
        touch(id, heardAt: now, timeoutMilliseconds: asked.timeoutMilliseconds)
        // What the session has asked for elsewhere happens first: the learner must not take it for answers to what it asks
        // from there, as far as a client numbers its requests anew.
        synchronize(server, about: id, &effects)
    }

    /// A session's beginning is committed.
    mutating func noteOpened(_ id: SessionID, _ timeoutMilliseconds: Int32, _ now: Tick) {
        if sessions[id] == nil {
            sessions[id] = Session(timeoutMilliseconds: timeoutMilliseconds, expiresAt: .zero)
            touch(id, heardAt: now)
        }
        sessions[id]!.isOpening = false
        sessions[id]!.isLocal = false
    }
}

extension PeerEffect {
    /// Whether it belongs to what goes on all the time between servers that serve: it changes nothing for what arrives next.
    fileprivate var isOfBroadcast: Bool {
        switch self {
        case .append, .deliver: true
        case .send(let packet, to: _):
            switch packet {
            case .proposal, .acknowledge, .commit, .inform, .ping: true
            case .followerInfo, .leaderInfo, .acknowledgeEpoch, .diff, .truncate, .snapshot, .newLeader, .upToDate,
                .commitAndActivate, .informAndActivate:
                false
            }
        case .anticipate, .notify, .connect, .disconnect, .storeEpoch, .truncateLog, .installSnapshot, .readLog,
            .setTimer, .cancelTimer, .askOracle, .changeRole, .expectEnsemble, .adoptEnsemble:
            false
        }
    }
}
