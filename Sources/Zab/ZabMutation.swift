package import StateMachines

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time; never in a server
/// that serves.
///
/// Most were real: see `issues`.
package enum ZabMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// Votes are ordered by zxid first, as if the last transaction said whose history was accepted last.
    case comparesZxidBeforeEpoch = 1
    /// One epoch variable for two: whoever promises to join an epoch votes, and leads, as if it had its history.
    case votesWithAcceptedEpoch = 2
    /// A follower acknowledges a proposal that is still on the way to the disk.
    case acknowledgesBeforePersisting = 3
    /// A follower acknowledges the new leader while the history it was sent is still on the way to the disk.
    case acknowledgesNewLeaderBeforePersisting = 4
    /// A follower stores the new epoch while the history it was sent is still on the way to the disk.
    case storesEpochBeforeHistory = 5
    /// What a leader sends in a DIFF goes into the state and never into the log.
    case omitsLoggingDiff = 6
    /// A learner that holds what nobody committed gets a DIFF, and keeps it.
    case neverTruncates = 7
    /// NEWLEADER overtakes the history that was queued before it.
    case sendsNewLeaderFirst = 8
    /// The leader serves as soon as it has sent NEWLEADER, without waiting for a quorum.
    case servesBeforeQuorum = 9
    /// A new leader throws away what its predecessor proposed and nobody knows to be committed (ZB-19).
    case discardsUncommitted = 10
    /// The memory of a server that lost its leader keeps what was delivered only, while its log keeps more.
    case forgetsUndeliveredInMemory = 11
    /// A server votes with the zxid of the epoch that it tried to lead, as if it held a transaction of it.
    case votesWithBareEpoch = 12
    /// The leader commits what one server less than a quorum has on disk.
    case commitsBelowQuorum = 13
    /// The leader sends a learner that joins while it proposes the committed history only, and forgets what is under
    /// way; the learner does not mind the gap.
    case forgetsProposalsUnderWay = 14
    /// A leader goes on although nobody answers it any more.
    case ignoresQuorumLoss = 15
    /// A newcomer compares whole votes, so that servers that settled in different rounds never agree for it.
    case comparesSettledVotesWhole = 16
    /// A learner acknowledges a snapshot that is in memory only.
    case omitsStoringSnapshot = 17
    /// A reconfiguration, and what follows it, is committed by the next ensemble alone.
    case commitsByNextEnsembleAlone = 18
    /// An ensemble is in force as soon as it is proposed.
    case activatesAtProposal = 19
    /// A server that lost its leader forgets the reconfiguration that was under way.
    case forgetsReconfiguration = 20
    /// A leader that does not serve yet sends a copy of what is delivered only, to a learner whose log has more.
    case copiesDeliveredOnly = 21
    /// Whom a server has accepted as its leader is in memory only: without a transaction of the new epoch, nothing on its disk
    /// tells of it.
    case omitsStoringEpoch = 22
    /// TRUNC cuts off the last transaction that was to stay, too; the memory has it still.
    case cutsTooMuch = 23
    /// With NEWLEADER a learner takes the proposals before it for settled; when one is committed before UPTODATE, it
    /// finds none, and turns away.
    case forgetsProposalsAtNewLeader = 24
    /// The log's thread acknowledges the proposals that came before NEWLEADER as soon as they are on disk, and does not wait
    /// for the acknowledgement of NEWLEADER itself.
    case acknowledgesProposalsBeforeNewLeader = 25
    /// When the counter of an epoch runs out, the next transaction is the first one of the next epoch, which nobody leads.
    case rollsIntoNextEpoch = 26

    /// The numbers of ZooKeeper's issues in which this went wrong; none where nobody is known to have made the mistake.
    package var issues: [Int] {
        switch self {
        case .comparesZxidBeforeEpoch: [1082]
        case .votesWithAcceptedEpoch: [3608]
        case .acknowledgesNewLeaderBeforePersisting: [3023, 4646, 4785]
        case .storesEpochBeforeHistory: [4643]
        case .omitsLoggingDiff: [2678, 3911]
        case .neverTruncates: [1154, 2832]
        case .sendsNewLeaderFirst: [1136, 3104]
        case .forgetsUndeliveredInMemory: [2845]
        case .votesWithBareEpoch: [790]
        case .forgetsProposalsUnderWay: [962]
        case .comparesSettledVotesWhole: [1419]
        case .omitsStoringSnapshot: [3642]
        case .omitsStoringEpoch: [335, 1081]
        case .cutsTooMuch: [1156]
        case .forgetsProposalsAtNewLeader: [4394]
        case .acknowledgesProposalsBeforeNewLeader: [4685]
        case .rollsIntoNextEpoch: [1277]
        case .acknowledgesBeforePersisting, .servesBeforeQuorum, .discardsUncommitted, .commitsBelowQuorum,
            .ignoresQuorumLoss, .commitsByNextEnsembleAlone, .activatesAtProposal, .forgetsReconfiguration,
            .copiesDeliveredOnly:
            []
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}
