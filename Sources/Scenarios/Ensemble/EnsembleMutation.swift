/// A known way to get a whole server wrong, for testing the checkers. One at a time.
package enum EnsembleMutation: UInt8, CaseIterable, Hashable, Sendable {
    /// A restart leaves a torn write where it is, and goes on behind it.
    case keepsTornTail = 1
    /// Snapshots are taken of a log's tail that no leader has decided on; no TRUNC gets it out of them again (1549).
    case snapshotsUndecided = 2
}
