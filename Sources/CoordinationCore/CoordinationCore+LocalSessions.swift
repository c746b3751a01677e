import StateMachines
import WireProtocol
import Zab
import ZNodes

/// Sessions that one server of an ensemble keeps to itself: neither logged nor replicated, and gone with its role.
///
/// They cost the ensemble nothing, and cannot own nodes. Where `localSessionsUpgradingEnabled` allows it, a session
/// becomes a global one just before its first ephemeral node is made.
extension CoordinationCore {
    /// Whether a new client's session stays here.
    var opensLocalSessions: Bool { isMember && (configuration.localSessionsEnabled || isReadOnly) }

    var localSessionCount: Int { opensLocalSessions ? sessions.sortedIDs.count { sessions[$0]!.isLocal } : 0 }

    mutating func openLocalSession(
        _ slot: Int, timeoutMilliseconds timeout: Int32, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        let id = sessions.makeID()
        sessions[id] = Session(
            timeoutMilliseconds: timeout, expiresAt: .zero, connection: connections[slot].id, isLocal: true)
        touch(id, heardAt: now)
        connections[slot].session = id
        connections[slot].phase = .established
        observe(.sessionOpened(id, connections[slot].id, timeoutMilliseconds: timeout), &effects)
        answerHandshake(slot, timeoutMilliseconds: timeout, &effects)
    }

    /// Makes a local session known to the whole ensemble where a request needs that.
    ///
    /// - Returns: why the request is refused; `nil` lets it go on. The parts of a multi are refused where they are checked.
    mutating func settleSession(
        _ id: SessionID, for request: ClientRequest, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) -> ErrorCode? {
        guard sessions[id]?.isLocal == true, request.makesEphemerals else { return nil }
        guard configuration.localSessionsUpgradingEnabled else {
            return request.operation == .multi ? nil : .ephemeralOnLocalSession
        }
        upgrade(id, now, &effects)
        return nil
    }

    /// Number, password and timeout stay as they are.
    private mutating func upgrade(_ id: SessionID, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        let timeout = sessions[id]!.timeoutMilliseconds
        sessions[id]!.isLocal = false
        sessions[id]!.isOpening = true
        sessions[id]!.owner = member?.me
        guard let zxid = nextZxid else { return forwardOpening(of: id, timeoutMilliseconds: timeout, &effects) }
        let pending = PendingWrite(zxid: zxid, connection: nil, xid: 0, operation: nil, arrivedAt: now)
        propose(
            .createSession(timeoutMilliseconds: timeout), session: id, pending, wallClock(at: now), now, &effects)
    }

    /// Whether an unknown session can be one that another server keeps to itself.
    func mayBeLocalElsewhere(_ id: SessionID) -> Bool {
        isMember && configuration.localSessionsEnabled
            && UInt8(truncatingIfNeeded: id.rawValue >> 56) != configuration.serverID
    }

    /// The client has asked for the end of its session, and everything before that is answered.
    mutating func closeLocalSession(
        _ xid: Int32, arrivedAt: Tick, _ slot: Int, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        onSessionEnded(connections[slot].session, tree.lastZxid, &effects)
        writeHeader(xid, tree.lastZxid, .ok, slot, &effects)
        countAnswer(to: .closeSession, xid, arrivedAt: arrivedAt, tree.lastZxid, slot, now)
        close(slot, &effects)
    }

    mutating func expireLocalSession(_ id: SessionID, _ effects: inout EffectBuffer<Effect>) {
        let connection = sessions[id]!.connection
        sessions[id]!.isExpiring = true
        statistics.staleSessionsExpired += 1
        onSessionEnded(id, tree.lastZxid, &effects)
        if let connection, let slot = slots[connection] { close(slot, &effects) }
    }

    mutating func forgetLocalSessions() {
        for id in sessions.sortedIDs where sessions[id]!.isLocal { sessions[id] = nil }
    }
}

extension ClientRequest {
    /// Whether it makes, or tries to make, a node that ends with its session.
    fileprivate var makesEphemerals: Bool {
        switch self {
        case .create(let body), .createWithStat(let body): body.makesEphemeral
        case .multi(let body):
            body.operations.contains { operation in
                switch operation {
                case .create(let body), .createWithStat(let body): body.makesEphemeral
                case .createContainer, .createTTL, .delete, .setData, .check: false
                }
            }
        default: false
        }
    }
}

extension CreateRequest {
    fileprivate var makesEphemeral: Bool { CreateMode(rawValue: flags)?.isEphemeral ?? false }
}
