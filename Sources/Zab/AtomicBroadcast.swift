public import StateMachines

/// A payload with its place in the order of all transactions.
public struct Proposal<Payload: Hashable & Sendable & CanonicalEncodable>: Hashable, Sendable, CanonicalEncodable {
    public let zxid: Zxid
    public let payload: Payload

    @inlinable public init(zxid: Zxid, payload: Payload) {
        self.zxid = zxid
        self.payload = payload
    }

    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(zxid)
        encoder.encode(payload)
    }
}

/// What happens to an atomic broadcast.
public enum BroadcastInput<Payload: Hashable & Sendable & CanonicalEncodable>: Hashable, Sendable {
    /// The server wants this to be the next transaction; it gets the zxid that `nextZxid` had said.
    case proposed(Payload)
    /// Everything up to and including this transaction is on this server's disk.
    case persisted(through: Zxid)
}

/// What an atomic broadcast asks of its server.
public enum BroadcastEffect<Payload: Hashable & Sendable & CanonicalEncodable>: Hashable, Sendable {
    /// Append to the log; `.persisted` must come back once it is on disk, and may cover several proposals at once.
    case persist(Proposal<Payload>)
    /// Decided: apply it, and answer whoever asked. Comes in the order of zxids, each once.
    case commit(Proposal<Payload>)
}

/// Puts transactions into one order that every server of an ensemble shares.
///
/// Propose → persist → persisted → commit: nothing is committed, and so nothing is acknowledged, that a quorum has not
/// on disk. The payload is opaque. `StandaloneBroadcast` is the ensemble of one; the protocol of several servers is the same
/// interface with messages between them.
public protocol AtomicBroadcast<Payload>: Machine
where Input == BroadcastInput<Payload>, Effect == BroadcastEffect<Payload> {
    associatedtype Payload: Hashable & Sendable & CanonicalEncodable

    /// What the next proposal's zxid will be.
    var nextZxid: Zxid { get }
    /// The last transaction that was committed.
    var lastCommitted: Zxid { get }
}
