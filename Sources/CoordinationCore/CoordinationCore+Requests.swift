import Bytes
import StateMachines
import TransactionLog
import WireProtocol
import Zab
import ZNodes

/// Requests of established connections, and their answers.
extension CoordinationCore {
    mutating func handleRequest(
        _ frame: RawSpan, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        var reader = ByteReader(frame)
        guard let header = try? RequestHeader(from: &reader) else { return close(slot, &effects) }
        // A bare check exists inside a multi only.
        guard let operation = header.operation, operation != .check else {
            return enqueue(.unknownOperation(xid: header.xid), slot, now, &effects)
        }
        guard operation.course == .connection || mustNotProveMore(slot) else {
            writeHeader(header.xid, .zero, .sessionClosedRequireSASLAuth, slot, &effects)
            return close(slot, &effects)
        }
        if isThrottling, operation.mayBeThrottled {
            statistics.throttledOperations += 1
            return enqueue(.refusal(xid: header.xid, .throttled), slot, now, &effects)
        }
        if isReadOnly, operation.needsLeader {
            return enqueue(.refusal(xid: header.xid, .notReadOnly), slot, now, &effects)
        }
        if answerInPlace(operation, frame, header.xid, slot, now, &effects) { return }
        do throws(ByteError) {
            let request = try ClientRequest(operation, from: &reader)
            observe(.request(connections[slot].session, xid: header.xid, request), &effects)
            handle(request, header.xid, slot, now, &effects)
        } catch {
            handleMalformed(operation, header.xid, slot, now, &effects)
        }
    }

    /// Answers a read of one node straight from its frame, where nothing must be waited for: there is no request, and so no
    /// allocation. False for everything else.
    private mutating func answerInPlace(
        _ operation: OperationCode, _ frame: RawSpan, _ xid: Int32, _ slot: Int, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) -> Bool {
        guard operation.readsOneNode, !configuration.isObserving, connections[slot].waiting.isEmpty,
            let owner = sessions[connections[slot].session], !owner.isClosing, owner.lastProposed <= tree.lastZxid
        else { return false }
        let body = frame.extracting(RequestHeader.byteCount..<frame.byteCount)
        var reader = ByteReader(body)
        guard let range = try? reader.readBufferRange(), let isWatching = try? reader.readBool() else { return false }
        statistics.count(operation)
        answerNodeRead(operation, body.extracting(range), isWatching: isWatching, xid, slot, &effects)
        countAnswer(to: operation, xid, arrivedAt: now, tree.lastZxid, slot, now)
        return true
    }

    private mutating func handle(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let session = connections[slot].session
        statistics.count(request.operation)
        switch request.operation.course {
        case .connection: handleAuthentication(request, xid, slot, &effects)
        case .write: handleWrite(request, xid, slot, now, &effects)
        case .read:
            guard let owner = sessions[session], !owner.isClosing else {
                let error: ErrorCode = sessions[session] == nil ? .unknownSession : .sessionExpired
                return enqueue(.refusal(xid: xid, error), slot, now, &effects)
            }
            if request.operation == .sync, isLearning {
                forward(request, xid, slot, &effects)
                wait(.synchronization(xid: xid, request, arrivedAt: now), slot)
            } else if connections[slot].waiting.isEmpty, owner.lastProposed <= tree.lastZxid {
                answerRead(request, xid, slot, &effects)
                countAnswer(to: request.operation, xid, arrivedAt: now, tree.lastZxid, slot, now)
            } else {
                wait(.read(xid: xid, request, after: owner.lastProposed, arrivedAt: now), slot)
            }
        }
    }

    private mutating func handleWrite(
        _ request: ClientRequest, _ xid: Int32, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let session = connections[slot].session
        if request == .closeSession, sessions[session]?.isLocal == true {
            return enqueue(.localClosing(xid: xid, arrivedAt: now), slot, now, &effects)
        }
        if let refusal = settleSession(session, for: request, now, &effects) {
            return enqueue(.refusal(xid: xid, refusal), slot, now, &effects)
        }
        let time = wallClock(at: now)
        let audited = configuration.isAuditing ? request : nil
        guard let zxid = nextZxid else {
            guard isLearning else { return resign(leaving: slot, now, &effects) }
            forward(request, xid, slot, &effects)
            return wait(
                .forwarded(
                    ForwardedWrite(xid: xid, operation: request.operation, arrivedAt: now, audited: audited)), slot)
        }
        let pending = PendingWrite(
            zxid: zxid, connection: connections[slot].id, xid: xid, operation: request.operation,
            arrivedAt: now, audited: audited)
        let context = WriteContext(
            session: session, identities: connections[slot].identities, zxid: pending.zxid, time: time)
        propose(prepare(request, context), session: session, pending, time, now, &effects)
        wait(.write(pending.zxid), slot)
    }

    /// A write that cannot be read is a refused transaction; a read that cannot is just refused.
    private mutating func handleMalformed(
        _ operation: OperationCode, _ xid: Int32, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        switch operation.course {
        case .write:
            guard let zxid = nextZxid else {
                return enqueue(.refusal(xid: xid, .marshallingError), slot, now, &effects)
            }
            let pending = PendingWrite(
                zxid: zxid, connection: connections[slot].id, xid: xid, operation: operation, arrivedAt: now)
            propose(
                .error(.marshallingError), session: connections[slot].session, pending, wallClock(at: now), now,
                &effects)
            wait(.write(pending.zxid), slot)
        case .read: enqueue(.refusal(xid: xid, .marshallingError), slot, now, &effects)
        case .connection: close(slot, &effects)
        }
    }

    private mutating func wait(_ request: WaitingRequest, _ slot: Int) {
        waitingRequests.add(request, isFirst: connections[slot].waiting.isEmpty)
        connections[slot].waiting.append(largeFrame.map { holding($0, for: request) } ?? request)
        if isMember {
            statistics.waiting.turn.newWaiting += 1
            statistics.waiting.queueLengths.add(UInt64(connections[slot].waiting.count))
        }
    }

    /// Whatever waits, waits for a transaction. Where that is another server's, the request remembers what it holds.
    private mutating func holding(_ byteCount: Int, for request: WaitingRequest) -> WaitingRequest {
        switch request {
        case .forwarded(var write):
            write.heldByteCount = byteCount
            largeRequests.hold(byteCount)
            return .forwarded(write)
        case .write(let zxid): largeRequests.hold(byteCount, until: zxid)
        case .read(_, _, let after, _) where after > tree.lastZxid: largeRequests.hold(byteCount, until: after)
        case .localClosing, .synchronization, .read, .refusal, .unknownOperation: break
        }
        return request
    }

    private mutating func popWaiting(_ slot: Int) -> WaitingRequest? {
        guard let request = connections[slot].waiting.popFirst() else { return nil }
        waitingRequests.remove(request, isLast: connections[slot].waiting.isEmpty)
        if case .forwarded(let write) = request { largeRequests.release(write.heldByteCount) }
        return request
    }

    private mutating func enqueue(
        _ request: WaitingRequest, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        wait(request, slot)
        answerWaiting(slot, now, &effects)
    }

    /// Answers from the front of the queue as far as nothing must be waited for.
    mutating func answerWaiting(_ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        while let next = connections[slot].waiting.first {
            switch next {
            case .write, .forwarded: return
            case .synchronization(let xid, let request, let arrivedAt):
                guard connections[slot].grantedSynchronizations > 0 else { return }
                connections[slot].grantedSynchronizations -= 1
                _ = popWaiting(slot)
                statistics.waiting.turn.releasedReads += 1
                answerRead(request, xid, slot, &effects)
                countAnswer(to: request.operation, xid, arrivedAt: arrivedAt, tree.lastZxid, slot, now)
            case .read(let xid, let request, let after, let arrivedAt):
                guard after <= tree.lastZxid else { return }
                _ = popWaiting(slot)
                statistics.waiting.turn.releasedReads += 1
                answerRead(request, xid, slot, &effects)
                countAnswer(to: request.operation, xid, arrivedAt: arrivedAt, tree.lastZxid, slot, now)
            case .localClosing(let xid, let arrivedAt):
                _ = popWaiting(slot)
                closeLocalSession(xid, arrivedAt: arrivedAt, slot, now, &effects)
            case .refusal(let xid, let error):
                _ = popWaiting(slot)
                writeHeader(xid, tree.lastZxid, error, slot, &effects)
            case .unknownOperation(let xid):
                _ = popWaiting(slot)
                writeHeader(xid, tree.lastZxid, .unimplemented, slot, &effects)
                close(slot, &effects)
            }
        }
    }

    // MARK: Commit

    /// Who waits for a transaction: whoever proposed it here, or has sent it to the leader from here.
    private mutating func takePending(for transaction: LoggedTransaction) -> PendingWrite {
        let zxid = transaction.header.zxid
        if let pending = pendingWrites.first, pending.zxid == zxid {
            _ = pendingWrites.popFirst()
            return pending
        }
        precondition(isMember && pendingWrites.isEmpty, "\(zxid) was committed but is not the next that waits")
        return forwardedWrite(of: transaction)
    }

    /// Whether what is applied was foreseen here. A new leader first applies what its log has of older epochs.
    private var isForeseeing: Bool { !isMember || isLeading }

    /// Applies a transaction, fires its watches, answers its client, then whatever waited behind it.
    ///
    /// - Parameter isDecided: false where the state only has to be that of the log; nobody is served then.
    mutating func onCommitted(
        _ transaction: LoggedTransaction, isDecided: Bool = true, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let pending = takePending(for: transaction)
        let outcome = tree.apply(
            transaction.header, transaction.body, contentChecksum: foreseenChecksum(of: transaction),
            changes: &treeChanges)
        outstanding.committed(transaction.header.zxid)
        precondition(
            !outstanding.isEmpty || !isForeseeing || outstanding.digest == tree.digest,
            "the tree after \(transaction.header.zxid) is not what its checks had foreseen")
        compareDigest(of: transaction, &effects)
        let (header, body) = (transaction.header, transaction.body)
        observe(isDecided ? .applied(header, body) : .anticipated(header, body), &effects)
        fireWatches(transaction.header.zxid, &effects)
        statistics.commits += 1
        statistics.propagation.add(
            .milliseconds(UInt64(clamping: wallClock(at: now) - transaction.header.time)))
        keepDigest(of: transaction.header.zxid)

        let session = transaction.header.session
        if case .createSession(let timeout) = transaction.body { noteOpened(session, timeout, now) }
        let connection = sessions[session]?.connection
        if case .closeSession = transaction.body {
            if configuration.isAuditing { auditEnd(of: session, treeChanges, &effects) }
            onSessionEnded(session, transaction.header.zxid, &effects)
        }
        largeRequests.committed(transaction.header.zxid)
        if let id = pending.connection {
            if let slot = slots[id] {
                if isMember, pending.operation != nil { countAwaited(slot) }
                answerWrite(pending, transaction, outcome, slot, now, &effects)
            } else {
                statistics.staleReplies += 1
            }
        }
        if case .closeSession = transaction.body {
            if let connection, let slot = slots[connection] { close(slot, &effects) }
        } else if let connection, let slot = slots[connection] {
            let released = statistics.waiting.turn.releasedReads
            answerWaiting(slot, now, &effects)
            if isMember, pending.operation != nil {
                statistics.waiting.readsBehindWrites.add(statistics.waiting.turn.releasedReads - released)
            }
            resumeIfRoom(slot, now, &effects)
        }
        treeChanges.removeAll(keepingCapacity: true)
    }

    /// Transactions after which the tree was not what its proposer had noted.
    package var digestMismatchCount: Int { statistics.digestMismatches }

    /// A member compares its tree with that of whoever proposed; once they differ they go on to, and it is told once.
    private mutating func compareDigest(
        of transaction: LoggedTransaction, _ effects: inout EffectBuffer<Effect>
    ) {
        guard configuration.writesDigests, let digest = transaction.digest else { return }
        guard digest != tree.digest else { return statistics.isTreeOther = false }
        statistics.digestMismatches += 1
        guard !statistics.isTreeOther else { return }
        statistics.isTreeOther = true
        effects.append(.notice(.treeDiffers(after: transaction.header.zxid)))
    }

    /// A transaction is committed that this connection has waited for.
    private mutating func countAwaited(_ slot: Int) {
        statistics.waiting.turn.queuesServed += 1
        statistics.waiting.queueCounts.add(UInt64(waitingRequests.connectionCount))
        statistics.waiting.queueLengths.add(UInt64(connections[slot].waiting.count))
    }

    /// What was computed for the checks need not be computed again.
    private func foreseenChecksum(of transaction: LoggedTransaction) -> UInt32? {
        switch transaction.body {
        case .create, .createWithStat, .setData: outstanding.contentChecksum(at: transaction.header.zxid)
        default: nil
        }
    }

    private mutating func fireWatches(_ zxid: Zxid, _ effects: inout EffectBuffer<Effect>) {
        guard watches.count > 0 else { return }
        for change in treeChanges {
            watchEvents.removeAll(keepingCapacity: true)
            watches.trigger(change, into: &watchEvents)
            tell(watchEvents, zxid, &effects)
        }
        watchEvents.removeAll(keepingCapacity: true)
    }

    private mutating func tell(_ events: [WatchEvent], _ zxid: Zxid, _ effects: inout EffectBuffer<Effect>) {
        countWatchers(of: events)
        for event in events {
            guard let slot = slots[event.watcher] else { continue }
            if let readers = event.readers,
                !access.allows(.read, by: readers, to: connections[slot].identities)
            {
                continue  // The watch is spent all the same, as on ZooKeeper.
            }
            notify(event.type, event.path, zxid, slot, &effects)
        }
    }

    mutating func notify(
        _ type: WatchEventType, _ path: ByteString, _ zxid: Zxid, _ slot: Int, _ effects: inout EffectBuffer<Effect>
    ) {
        willWrite(slot, &effects)
        let start = connections[slot].output.count
        connections[slot].output.writeFrame { writer in
            ReplyHeader(xid: SpecialXid.notification, zxid: zxid).encode(into: &writer)
            WatcherEvent(type: type, path: path).encode(into: &writer)
        }
        statistics.watchBytes += connections[slot].output.count - start
        observe(.watchFired(connections[slot].session, type, path, zxid: zxid), &effects)
    }

    private mutating func answerWrite(
        _ pending: PendingWrite, _ transaction: LoggedTransaction, _ outcome: TransactionOutcome, _ slot: Int,
        _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard let operation = pending.operation else {
            return finishOpening(transaction, slot, now, &effects)
        }
        let head = popWaiting(slot)
        precondition(
            head == .write(pending.zxid) || head?.isForwarded(as: pending.xid) == true,
            "answers of a connection must leave in order")
        let (error, response) = Self.response(to: transaction.body, outcome)
        // Whoever has this session now, it is not this connection's.
        if error == .sessionMoved { return close(slot, &effects) }
        willWrite(slot, &effects)
        if let request = pending.audited { audit(request, error, response, slot, &effects) }
        let start = connections[slot].output.count
        connections[slot].output.writeFrame { writer in
            ReplyHeader(xid: pending.xid, zxid: pending.zxid, error: error).encode(into: &writer)
            response.encode(into: &writer)
        }
        statistics.recordResponse(byteCount: connections[slot].output.count - start)
        countAnswer(to: operation, pending.xid, arrivedAt: pending.arrivedAt, pending.zxid, slot, now)
        observe(
            .reply(
                connections[slot].session,
                Observation.Reply(
                    xid: pending.xid, operation: operation, error: error, zxid: pending.zxid, response: response)),
            &effects)
    }

    /// A new session's transaction is committed: the client hears of it, and its requests are read.
    private mutating func finishOpening(
        _ transaction: LoggedTransaction, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard case .createSession(let timeout) = transaction.body else { return }
        connections[slot].phase = .established
        observe(
            .sessionOpened(transaction.header.session, connections[slot].id, timeoutMilliseconds: timeout), &effects)
        answerHandshake(slot, timeoutMilliseconds: timeout, &effects)
    }

    private static func response(
        to body: TransactionBody, _ outcome: TransactionOutcome
    ) -> (ErrorCode, ClientResponse) {
        switch (body, outcome) {
        case (_, .error(let code)): (code, .empty)
        case (_, .multi(let outcomes)) where outcomes.contains(.error(.sessionMoved)): (.sessionMoved, .empty)
        case (.create, .created(let path, _)): (.ok, .path(path))
        case (.createWithStat, .created(let path, let stat)): (.ok, .pathAndStat(path, stat))
        case (.reconfigure(_, let data, _), .stat(let stat)): (.ok, .dataAndStat(data, stat))
        case (_, .stat(let stat)): (.ok, .stat(stat))
        case (.multi(let parts), .multi(let outcomes)):
            (.ok, .multi(MultiResponse(results: zip(parts, outcomes).map(result))))
        case (_, .done), (_, .created), (_, .multi): (.ok, .empty)
        }
    }

    private static func result(of body: TransactionBody, _ outcome: TransactionOutcome) -> MultiResult {
        switch (body, outcome) {
        case (_, .error(let code)): .error(code.rawValue)
        case (.createWithStat, .created(let path, let stat)): .createWithStat(path: path, stat)
        case (_, .created(let path, _)): .create(path: path)
        case (_, .stat(let stat)): .setData(stat)
        case (.delete, _), (.deleteContainer, _): .delete
        case (_, .done), (_, .multi): .check
        }
    }
}

extension Observation.Reply {
    init(xid: Int32, operation: OperationCode, error: ErrorCode, zxid: Zxid, response: ClientResponse) {
        self.init(xid: xid, operation: operation, error: error, zxid: zxid)
        switch response {
        case .path(let path), .pathAndStat(let path, _): if operation != .sync { createdPath = path }
        case .multi(let multi): results = multi.results
        case .empty, .stat, .dataAndStat, .aclAndStat, .children, .childrenAndStat, .number, .identities, .token: break
        }
    }
}

extension OperationCode {
    /// What becomes of a request.
    enum Course: Hashable, Sendable {
        /// A transaction.
        case write
        /// An answer from the tree, in its turn.
        case read
        /// An answer at once, about the connection itself.
        case connection
    }

    var course: Course {
        switch self {
        case .create, .createWithStat, .createContainer, .createTTL, .delete, .deleteContainer, .setData, .setACL,
            .multi,
            .check, .reconfig, .closeSession:
            .write
        case .exists, .getData, .getACL, .getChildren, .getChildrenWithStat, .sync, .setWatches, .setAllWatches,
            .addWatch,
            .checkWatches, .removeWatches, .getEphemerals, .getAllChildrenNumber, .whoAmI, .multiRead, .ping:
            .read
        case .auth, .sasl: .connection
        }
    }

    /// Whether its body is a path and whether to watch it.
    var readsOneNode: Bool {
        self == .getData || self == .exists || self == .getChildren || self == .getChildrenWithStat
    }

    /// Whether an overloaded server may leave it undone. Whoever closes or pings asks for nothing more.
    var mayBeThrottled: Bool { course != .connection && self != .ping && self != .closeSession }
}
