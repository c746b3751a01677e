import Bytes
package import StateMachines
import TransactionLog
package import WireProtocol
package import Zab
import ZNodes

/// What happens between the servers of an ensemble.
package enum EnsembleInput: Hashable, Sendable {
    case peer(PeerInput)
    /// A learner asks the leader for a write or a synchronisation, for a client who has proved to be these.
    case requested(ForwardedRequest, [Identity], from: ServerID)
    /// A learner has heard of these sessions.
    case touched([QuorumSession])
    /// A client came to a learner with a session that began elsewhere.
    case revalidationAsked(QuorumSession, from: ServerID)
    case revalidated(SessionID, isValid: Bool)
    /// The leader's answer to the oldest `sync` that is not answered.
    case synchronized
}

/// What a server of an ensemble asks of its driver.
package enum EnsembleEffect: Hashable, Sendable {
    /// What the protocol asks for; `.append` and `.deliver` never come here.
    case peer(PeerEffect)
    /// To the leader, for a client who has proved to be these.
    case request(ForwardedRequest, [Identity])
    /// To the leader, as the answer to its ping.
    case ping(Zxid, [QuorumSession])
    /// To the leader.
    case revalidate(QuorumSession)
    /// To the learner that had asked.
    case revalidated(SessionID, isValid: Bool, to: ServerID)
    /// To the learner that had asked for a synchronisation: everything before it has been sent.
    case synchronized(ServerID)
}

/// A server's part in an ensemble.
struct EnsembleMember: Hashable, Sendable, CanonicalEncodable {
    var peer: ZabPeer
    /// Transactions that came or were proposed and are not delivered yet, oldest first.
    private var known = Queue<LoggedTransaction>()
    /// Of a leader: learners that wait for an answer until this transaction is committed.
    var synchronizations = Queue<Synchronization>()
    /// Of a learner: who asked the leader for something through this server.
    var guests = GuestRequests()
    /// Of a learner: connections that wait until the leader has said whether their sessions live.
    var revalidations: [SessionID: Revalidation] = [:]
    /// When the leader was told last which sessions are alive.
    var lastPing = Tick.zero
    /// When it began to look for a leader, the last time.
    var searchingSince: Tick?
    /// When it knew the leader it joins or has joined; `nil` while it knows none.
    var joiningSince: Tick?
    /// Since when nobody is served; `nil` while clients are.
    var outageSince: Tick?
    /// When it began to serve, the last time.
    var servingSince: Tick?

    struct Synchronization: Hashable, Sendable {
        var after: Zxid
        var server: ServerID
        /// The session that a learner wants to know about; `nil` where it only wants to have seen everything.
        var session: SessionID?
    }

    /// How many clients' `sync` requests wait.
    var pendingSyncCount: Int { synchronizations.elements.count { $0.session == nil } }

    struct Revalidation: Hashable, Sendable {
        var connection: ConnectionID
        var timeoutMilliseconds: Int32
    }

    init(_ peer: ZabPeer) { self.peer = peer }

    var me: ServerID { peer.id }

    /// Of the transaction that came or was proposed last, if it is not delivered.
    var lastKnownHeader: TransactionHeader? { known.elements.last?.header }

    mutating func know(_ transaction: LoggedTransaction) { known.append(transaction) }

    /// The transaction of an entry; read from its bytes where it is not known, as after a restart.
    mutating func transaction(of entry: LogEntry) -> LoggedTransaction? {
        while let zxid = known.elements.first?.header.zxid, zxid <= entry.zxid {
            let first = known.popFirst()
            if zxid == entry.zxid { return first }
        }
        var reader = ByteReader(entry.payload.span.bytes, lengthLimit: LogFormat.bodyLimit)
        return try? LoggedTransaction(from: &reader)
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(peer)
        encoder.encode(searchingSince ?? .zero)
        encoder.encode(lastPing)
        encoder.encode(guests)
        encoder.encode(UInt32(synchronizations.count))
        for waiting in synchronizations.elements {
            encoder.encode(waiting.after)
            encoder.encode(waiting.server)
            encoder.encode(waiting.session?.rawValue ?? 0)
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
        if case .forwarded(let write) = self { write.xid == wanted } else { false }
    }
}
