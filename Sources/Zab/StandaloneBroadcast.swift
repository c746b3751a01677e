public import StateMachines

/// The atomic broadcast of an ensemble of one: its own disk is the quorum.
public struct StandaloneBroadcast<Payload: Hashable & Sendable & CanonicalEncodable>: AtomicBroadcast {
    /// Proposals that are not on disk yet, oldest first.
    @usableFromInline var outstanding = Queue<Proposal<Payload>>()
    @usableFromInline var next: Zxid
    @usableFromInline var committed: Zxid

    @inlinable public var nextZxid: Zxid { next }
    @inlinable public var lastCommitted: Zxid { committed }

    /// - Parameter lastZxid: the last transaction of the log, which is on disk and thereby committed.
    @inlinable public init(recoveredThrough lastZxid: Zxid) {
        next = lastZxid.successor
        committed = lastZxid
    }

    @inlinable public var outstandingCount: Int { outstanding.count }

    @inlinable public mutating func step(
        _ input: BroadcastInput<Payload>, at now: Tick, into effects: inout EffectBuffer<BroadcastEffect<Payload>>
    ) {
        switch input {
        case .proposed(let payload): onProposed(payload, &effects)
        case .persisted(let zxid): onPersisted(through: zxid, &effects)
        }
    }

    @inlinable mutating func onProposed(_ payload: Payload, _ effects: inout EffectBuffer<BroadcastEffect<Payload>>) {
        let proposal = Proposal(zxid: next, payload: payload)
        next = next.successor
        outstanding.append(proposal)
        effects.append(.persist(proposal))
    }

    @inlinable mutating func onPersisted(
        through zxid: Zxid, _ effects: inout EffectBuffer<BroadcastEffect<Payload>>
    ) {
        precondition(zxid < next, "\(zxid) is persisted although \(next) was not proposed yet")
        while let proposal = outstanding.first, proposal.zxid <= zxid {
            _ = outstanding.popFirst()
            committed = proposal.zxid
            effects.append(.commit(proposal))
        }
    }

    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(next)
        encoder.encode(committed)
        encoder.encode(outstanding)
    }
}
