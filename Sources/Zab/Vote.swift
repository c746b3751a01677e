package import StateMachines

/// Whom a server wants to lead, and why.
package struct Vote: Hashable, Sendable, CanonicalEncodable {
    package var leader: ServerID
    /// The last transaction in that server's log.
    package var zxid: Zxid
    /// The epoch whose history that server accepted last.
    package var epoch: Epoch

    package init(leader: ServerID, zxid: Zxid, epoch: Epoch) {
        self.leader = leader
        self.zxid = zxid
        self.epoch = epoch
    }

    /// Epoch first: it says whose history the server accepted last, while the zxid only says where its last
    /// transaction came from. Then the longer log, then the higher identifier.
    package func isBetter(than other: Vote) -> Bool {
        (epoch, zxid, leader) > (other.epoch, other.zxid, other.leader)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(leader)
        encoder.encode(zxid)
        encoder.encode(epoch)
    }
}

/// What a server is doing, as it tells the others. The raw values are those of the wire.
package enum PeerState: UInt8, Hashable, Sendable, CanonicalEncodable {
    case looking = 0
    case following = 1
    case leading = 2
    case observing = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// The one message of the leader election.
package struct Notification: Hashable, Sendable, CanonicalEncodable {
    package var state: PeerState
    /// Which election this is; counts up on each server, and the highest one wins.
    package var round: UInt64
    /// `nil` from an observer that has heard of nobody: it asks, and has no vote.
    package var vote: Vote?
    /// The ensemble that is in force for the sender; `nil` where it cannot change. Whoever looks for a leader takes over a
    /// later one than its own.
    package var ensemble: Ensemble?

    package init(state: PeerState, round: UInt64, vote: Vote?, ensemble: Ensemble? = nil) {
        self.state = state
        self.round = round
        self.vote = vote
        self.ensemble = ensemble
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(state)
        encoder.encode(round)
        encoder.encode(vote)
        encoder.encode(ensemble)
    }
}
