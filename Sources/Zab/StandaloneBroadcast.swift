public import StateMachines

/// The atomic broadcast of an ensemble of one: its own disk is the quorum.
public struct StandaloneBroadcast<Payload: Hashable & Sendable & CanonicalEncodable>: AtomicBroadcast {
    /// Proposals that are not on disk yet, oldest first.
    @usableFromInline var outstanding = Queue<Proposal<Payload>>()
    public private(set) var nextZxid: Zxid
    public private(set) var lastCommitted: Zxid

    /// - Parameter lastZxid: the last transaction of the log, which is on disk and thereby committed.
    public init(recoveredThrough lastZxid: Zxid) {
        nextZxid = lastZxid.successor
        lastCommitted = lastZxid
    }

    public var outstandingCount: Int { outstanding.count }

    public mutating func step(
        _ input: BroadcastInput<Payload>, at now: Tick, into effects: inout EffectBuffer<BroadcastEffect<Payload>>
    ) {
        switch input {
        case .proposed(let payload): onProposed(payload, &effects)
        case .persisted(let zxid): onPersisted(through: zxid, &effects)
        }
    }

    private mutating func onProposed(_ payload: Payload, _ effects: inout EffectBuffer<BroadcastEffect<Payload>>) {
        let proposal = Proposal(zxid: nextZxid, payload: payload)
        nextZxid = nextZxid.successor
        outstanding.append(proposal)
        effects.append(.persist(proposal))
    }

    private mutating func onPersisted(
        through zxid: Zxid, _ effects: inout EffectBuffer<BroadcastEffect<Payload>>
    ) {
        precondition(zxid < nextZxid, "\(zxid) is persisted although \(nextZxid) was not proposed yet")
        while let proposal = outstanding.first, proposal.zxid <= zxid {
            _ = outstanding.popFirst()
            lastCommitted = proposal.zxid
            effects.append(.commit(proposal))
        }
    }

    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(nextZxid)
        encoder.encode(lastCommitted)
        encoder.encode(outstanding)
    }
}
