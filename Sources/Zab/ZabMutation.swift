package import StateMachines

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time; never in a server
/// that serves.
///
/// Most were real: the numbers are those of ZooKeeper's issues.
package enum ZabMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// Votes are ordered by zxid first, as if the last transaction said whose history was accepted last (335, 1081).
    case comparesZxidBeforeEpoch = 1
    /// One epoch variable for two: whoever promises to join an epoch votes, and leads, as if it had its history (3608).
    case votesWithAcceptedEpoch = 2
    /// A follower acknowledges a proposal that is still on the way to the disk.
    case acknowledgesBeforePersisting = 3
    /// A follower acknowledges the new leader while the history it was sent is still on the way to the disk (4646).
    case acknowledgesNewLeaderBeforePersisting = 4
    /// A follower stores the new epoch while the history it was sent is still on the way to the disk (3911, 4643).
    case storesEpochBeforeHistory = 5
    /// What a leader sends in a DIFF goes into the state and never into the log (3911).
    case omitsLoggingDiff = 6
    /// A learner that holds what nobody committed gets a DIFF, and keeps it (1154, 2832).
    case neverTruncates = 7
    /// NEWLEADER overtakes the history that was queued before it (1136, 3104).
    case sendsNewLeaderFirst = 8
    /// The leader serves as soon as it has sent NEWLEADER, without waiting for a quorum.
    case servesBeforeQuorum = 9
    /// A new leader throws away what its predecessor proposed and nobody knows to be committed (ZB-19).
    case discardsUncommitted = 10
    /// The memory of a server that lost its leader keeps what was delivered only, while its log keeps more (2845).
    case forgetsUndeliveredInMemory = 11
    /// A server votes with the zxid of the epoch that it tried to lead, as if it held a transaction of it (790).
    case votesWithBareEpoch = 12
    /// The leader commits what one server less than a quorum has on disk.
    case commitsBelowQuorum = 13
    /// The leader sends a learner that joins while it proposes the committed history only, and forgets what is under
    /// way; the learner does not mind the gap (962).
    case forgetsProposalsUnderWay = 14
    /// A leader goes on although nobody answers it any more.
    case ignoresQuorumLoss = 15
    /// A newcomer compares whole votes, so that servers that settled in different rounds never agree for it (1419).
    case comparesSettledVotesWhole = 16
    /// A learner acknowledges a snapshot that is in memory only (3642).
    case omitsStoringSnapshot = 17
    /// A reconfiguration, and what follows it, is committed by the next ensemble alone.
    case commitsByNextEnsembleAlone = 18
    /// An ensemble is in force as soon as it is proposed.
    case activatesAtProposal = 19
    /// A server that lost its leader forgets the reconfiguration that was under way.
    case forgetsReconfiguration = 20
    /// A leader that does not serve yet sends a copy of what is delivered only, to a learner whose log has more.
    case copiesDeliveredOnly = 21

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}
