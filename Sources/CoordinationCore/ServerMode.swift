package import Zab

/// As what a server serves its clients. The words are ZooKeeper's.
package enum ServerMode: String, CaseIterable, Hashable, Sendable {
    case standalone, leader, follower, observer
    /// Looks for a leader, and lets those clients read meanwhile who want to.
    case readOnly = "read-only"
}

extension CoordinationCore {
    /// `nil` while nobody is served: when a member of an ensemble looks for a leader, or leads and serves no clients
    /// (`leaderServes=no`).
    package var mode: ServerMode? {
        switch role {
        case nil: .standalone
        case .leading?: configuration.leaderServes ? .leader : nil
        case .following?: .follower
        case .observing?: .observer
        case .looking?: isReadOnly ? .readOnly : nil
        }
    }

    /// Whether clients are served.
    var isServing: Bool { mode != nil }

    /// The leader that this server learns from, if through another one; `nil` where it does not.
    package var learnsFrom: ServerID? {
        switch role {
        case .following(let leader, _)?, .observing(let leader, _)?: leader
        case .leading?, .looking?, nil: nil
        }
    }

    /// Whether writes are another server's to check and propose.
    var isLearning: Bool { learnsFrom != nil }

    /// `mntr`'s words for what a member does; `nil` where there is no ensemble or nobody is served.
    package var peerState: String? {
        switch role {
        case .leading?: "leading - broadcast"
        case .following?: "following - broadcast"
        case .observing?: "observing - broadcast"
        case .looking?, nil: nil
        }
    }
}
