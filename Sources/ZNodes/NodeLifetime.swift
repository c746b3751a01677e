package import WireProtocol

/// What ends a node's life beside a client's wish. It is kept in the stat's `ephemeralOwner`, as on ZooKeeper.
package enum NodeLifetime: Hashable, Sendable {
    case persistent
    /// Dies with its session.
    case ephemeral(SessionID)
    /// Deleted by the server when its last child has gone.
    case container
    /// Deleted by the server when it has no children and has not been changed for so long.
    case timeToLive(milliseconds: Int64)

    /// About 34 years: what fits into 40 bits.
    package static let longestTimeToLive: Int64 = 0xFF_FFFF_FFFF
    package static let containerOwner = SessionID(rawValue: .min)

    private static let timedPrefix: Int64 = ~0 << 56
    private static let featureMask: Int64 = 0xFF_FFFF << 40

    /// - Parameter emulates353: also takes every other negative owner for a time to live, as ZooKeeper 3.5.3 wrote it.
    package init(owner: SessionID, emulates353: Bool) {
        if owner.rawValue >= 0 {
            self = owner == .none ? .persistent : .ephemeral(owner)
        } else if owner == Self.containerOwner {
            self = .container
        } else if owner.rawValue & Self.featureMask == Self.timedPrefix & Self.featureMask || emulates353 {
            self = .timeToLive(milliseconds: owner.rawValue & Self.longestTimeToLive)
        } else {
            self = .ephemeral(owner)  // A session of a server whose number is above 127.
        }
    }

    /// What the stat holds.
    package var owner: SessionID {
        switch self {
        case .persistent: .none
        case .ephemeral(let session): session
        case .container: Self.containerOwner
        case .timeToLive(let milliseconds): SessionID(rawValue: Self.timedPrefix | milliseconds)
        }
    }
}

/// When a server may delete nodes by itself.
package struct ReapingRules: Sendable {
    /// Milliseconds since 1970.
    package var now: Int64
    /// How many milliseconds a container that never had a child is kept; 0 for ever.
    package var neverUsed: Int64
    /// False leaves nodes with a time to live alone.
    package var includesTimed: Bool

    package init(now: Int64, neverUsed: Int64, includesTimed: Bool) {
        self.now = now
        self.neverUsed = neverUsed
        self.includesTimed = includesTimed
    }
}
