/// A known way to get a whole server wrong, for testing the checkers. One at a time; the core stays as it is, its driver
/// goes wrong.
///
/// Most were real: see `issues`. The protocol's own are `ZabMutation`s.
package enum EnsembleMutation: UInt8, CaseIterable, Hashable, Sendable {
    /// A restart leaves a torn write where it is, and goes on behind it.
    case keepsTornTail = 1
    /// TRUNC cuts the log, and leaves a snapshot that has more.
    case cutsUnderSnapshot = 2
    /// A follower loads its database a second time when it begins to serve, with what is logged and not committed; it is
    /// committed on top of that later.
    case loadsTwice = 3
    /// The end of a session that arrives before the follower serves leaves its ephemeral nodes behind.
    case keepsEphemeralsInDIFF = 4
    /// When the leader is lost, what waits for the log's thread is thrown away, and the next leader's writes go on behind
    /// the gap.
    case dropsQueuedWrites = 5
    /// Entries of the log count as being on disk as soon as they are written.
    case omitsForce = 6
    /// TRUNC cuts the log that holds its transaction, and leaves the later ones.
    case cutsOneLogOnly = 7
    /// A leader does not listen when its learners tell which sessions they have heard of.
    case ignoresTouches = 8
    /// A snapshot gets its name before its bytes are on disk, and what led to it is removed at once.
    case namesSnapshotFirst = 9

    /// The numbers of ZooKeeper's issues in which this went wrong; none where nobody is known to have made the mistake.
    package var issues: [Int] {
        switch self {
        case .cutsUnderSnapshot: [1549]
        case .loadsTwice: [1367, 1642]
        case .keepsEphemeralsInDIFF: [5010]
        case .dropsQueuedWrites: [4712]
        case .keepsTornTail, .omitsForce, .cutsOneLogOnly, .ignoresTouches, .namesSnapshotFirst: []
        }
    }
}
