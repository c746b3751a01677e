package import Bytes
package import StateMachines
package import TransactionLog
package import WireProtocol
package import Zab
package import ZNodes

/// A request that one server sends to its leader on behalf of a client.
package struct ForwardedRequest: Hashable, Sendable {
    package var session: SessionID
    package var cxid: Int32
    /// An `OperationCode`, or the type of `createSession`.
    package var type: Int32
    package var body: [UInt8]
    /// Who the client has proved to be.
    package var identities: [Identity]

    package init(session: SessionID, cxid: Int32, type: Int32, body: [UInt8], identities: [Identity]) {
        self.session = session
        self.cxid = cxid
        self.type = type
        self.body = body
        self.identities = identities
    }
}

/// A session that was heard of lately, as followers tell their leader.
package struct SessionTouch: Hashable, Sendable {
    package var session: SessionID
    package var timeoutMilliseconds: Int32

    package init(session: SessionID, timeoutMilliseconds: Int32) {
        self.session = session
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// What happens between the servers of an ensemble.
package enum EnsembleInput: Hashable, Sendable {
    case peer(PeerInput)
    /// A learner asks the leader for a write or a synchronisation.
    case requested(ForwardedRequest, from: ServerID)
    /// A learner has heard of these sessions.
    case touched([SessionTouch])
    /// A client came to a learner with a session that began elsewhere.
    case revalidationAsked(SessionTouch, from: ServerID)
    case revalidated(SessionID, isValid: Bool)
    /// The leader's answer to the oldest `sync` that is not answered.
    case synchronized
}

/// What a server of an ensemble asks of its driver.
package enum EnsembleEffect: Hashable, Sendable {
    /// What the protocol asks for; `.append` and `.deliver` never come here.
    case peer(PeerEffect)
    /// To the leader.
    case request(ForwardedRequest)
    /// To the leader, as the answer to its ping.
    case ping(Zxid, [SessionTouch])
    /// To the leader.
    case revalidate(SessionTouch)
    /// To the learner that had asked.
    case revalidated(SessionID, isValid: Bool, to: ServerID)
    /// To the learner that had asked for a synchronisation: everything before it has been sent.
    case synchronized(ServerID)
}

/// A server's part in an ensemble.
struct EnsembleMember: Hashable, Sendable, CanonicalEncodable {
    var peer: ZabPeer
    /// The role that clients are served in. Changes between two steps only.
    var role = PeerRole.looking
    /// Transactions that came or were proposed and are not delivered yet, oldest first.
    private var known = Queue<LoggedTransaction>()
    /// Of a leader: learners that wait until this transaction is committed.
    var synchronizations = Queue<Synchronization>()
    /// Of a learner: who asked for synchronisations that the leader has not answered.
    var askedSynchronizations = Queue<ConnectionID>()
    /// Of a learner: connections that wait until the leader has said whether their sessions live.
    var revalidations: [SessionID: Revalidation] = [:]
    /// When the leader was told last which sessions are alive.
    var lastPing = Tick.zero

    struct Synchronization: Hashable, Sendable {
        var after: Zxid
        var server: ServerID
    }

    struct Revalidation: Hashable, Sendable {
        var connection: ConnectionID
        var timeoutMilliseconds: Int32
    }

    init(_ peer: ZabPeer) { self.peer = peer }

    var me: ServerID { peer.id }

    var isLeading: Bool { if case .leading = role { true } else { false } }

    mutating func know(_ transaction: LoggedTransaction) { known.append(transaction) }

    /// The transaction of an entry; read from its bytes where it is not known, as after a restart.
    mutating func transaction(of entry: LogEntry) -> LoggedTransaction? {
        while let first = known.first, first.header.zxid <= entry.zxid {
            _ = known.popFirst()
            if first.header.zxid == entry.zxid { return first }
        }
        var reader = ByteReader(entry.payload.span.bytes, lengthLimit: LogFormat.bodyLimit)
        return try? LoggedTransaction(from: &reader)
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(peer)
        encoder.encode(role)
        encoder.encode(lastPing)
        encoder.encode(UInt32(askedSynchronizations.count))
        for id in askedSynchronizations.elements { encoder.encode(id.rawValue) }
        encoder.encode(UInt32(synchronizations.count))
        for waiting in synchronizations.elements {
            encoder.encode(waiting.after)
            encoder.encode(waiting.server)
        }
        encoder.encode(UInt32(revalidations.count))
        for session in revalidations.keys.sorted() {
            encoder.encode(session.rawValue)
            encoder.encode(revalidations[session]?.connection.rawValue ?? 0)
        }
    }
}

extension WaitingRequest {
    func isForwarded(as wanted: Int32) -> Bool {
        if case .forwarded(wanted, _, _, _) = self { true } else { false }
    }
}
