import StateMachines
import WireProtocol
import Zab
import ZNodes

/// One client's session, which outlives its connections.
struct Session: Hashable, Sendable {
    var timeoutMilliseconds: Int32
    /// When it ends if nothing more is heard; a boundary of ticks.
    var expiresAt: Tick
    var connection: ConnectionID?
    /// Its last write that was proposed; its reads wait for it.
    var lastProposed = Zxid.zero
    /// Its end has been proposed.
    var isClosing = false
    var isExpiring = false
    /// Its beginning is not committed.
    var isOpening = false
    /// Known to this server only: neither logged nor replicated.
    var isLocal = false
    /// The xids of writes that connections which are gone have sent to the leader, whose transactions are still to come.
    var abandonedWrites: [Int32] = []
    /// The server its client is connected to, as the leader knows it; `nil` where there is one server only.
    var owner: ServerID?
}

/// The sessions of a server.
struct SessionTable: Hashable, Sendable {
    private(set) var sessions: [SessionID: Session] = [:]
    private var nextID: Int64

    /// - Parameter now: gives the middle bits of the first number.
    init(serverID: UInt8, startedAt now: Tick) {
        let elapsed = Int64(bitPattern: ((now.microseconds / 1_000) << 24) >> 8)
        nextID = elapsed | Int64(bitPattern: UInt64(serverID) << 56)
        // ZooKeeper keeps this one number for containers.
        if nextID == .min { nextID += 1 }
    }

    subscript(id: SessionID) -> Session? {
        get { sessions[id] }
        _modify { yield &sessions[id] }
    }

    var count: Int { sessions.count }

    /// A write of the session was proposed. As `sessions[id]?.lastProposed = zxid`, for which Swift would allocate four
    /// coroutines at every write.
    mutating func proposed(_ zxid: Zxid, by id: SessionID) {
        guard var session = sessions[id] else { return }
        session.lastProposed = zxid
        sessions.updateValue(session, forKey: id)
    }

    /// A number that no session has or had in this server's log.
    mutating func makeID() -> SessionID {
        defer { nextID &+= 1 }
        return SessionID(rawValue: nextID)
    }

    /// Remembers a session of the log; later numbers stay above those of the same server.
    mutating func recover(_ id: SessionID, timeoutMilliseconds: Int32) {
        sessions[id] = Session(timeoutMilliseconds: timeoutMilliseconds, expiresAt: .zero)
        if id.rawValue >> 56 == nextID >> 56 { nextID = max(nextID, id.rawValue &+ 1) }
    }

    /// In the order of their numbers.
    var sortedIDs: [SessionID] { sessions.keys.sorted() }

    /// The boundary of ticks at which a session heard of `now` would end.
    static func expiry(of timeoutMilliseconds: Int32, heardAt now: Tick, tickTime: Tick) -> Tick {
        let end = now.microseconds + UInt64(max(timeoutMilliseconds, 0)) * 1_000
        return .microseconds((end / tickTime.microseconds + 1) * tickTime.microseconds)
    }
}
