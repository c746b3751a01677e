package import StateMachines

/// What a coordinator without information about a transaction may conclude, and therefore what it must write down.
///
/// - Source: Mohan, Lindsay and Obermarck, "Transaction Management in the R* Distributed Database Management
///   System", ACM TODS 11(4), 1986, sections 2 to 4.
package enum Presumption: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// Basic two-phase commit: both outcomes are forced and acknowledged.
    case nothing = 1
    /// No information means abort: aborts are neither forced nor acknowledged.
    case abort = 2
    /// No information means commit: commits are not acknowledged, but a collecting record is forced before PREPARE.
    case commit = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Who decides.
package enum CommitTopology: UInt8, Hashable, Sendable, CanonicalEncodable {
    /// One coordinator collects votes and announces the outcome.
    case centralised = 1
    /// Every participant sends its vote to every node, and every node decides for itself.
    case decentralised = 2
    /// As centralised, with one more node that takes over from a silent coordinator.
    case backup = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time.
package enum CommitMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// A participant sends YES while its prepared record is still on the way to the disk (2PC-6).
    case votesBeforeForcing = 1
    /// The coordinator sends COMMIT while its record is still on the way to the disk (2PC-6).
    case decidesBeforeForcing = 2
    /// A participant acknowledges COMMIT while its record is still on the way to the disk (2PC-6).
    case acknowledgesBeforeForcing = 3
    /// Presumed commit without the collecting record (2PC-8).
    case omitsCollectingRecord = 4
    /// A decentralised participant decides first and forwards afterwards, as `ACP_NB_WRONG` does (2PC-9).
    case deliversBeforeForwarding = 5
    /// The backup takes silence for failure and aborts, even where it sees somebody committed (2PC-10).
    case backupIgnoresCommits = 6
    /// The backup takes silence for failure and aborts where it sees nobody committed: enough in `2PCwithBTM`, where
    /// who has committed never falls silent; not enough where any node may crash (2PC-10).
    case backupTrustsSilence = 7
    /// An uncertain participant gives up waiting and aborts, as an operator's heuristic decision does.
    case abortsWhenUncertain = 8

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Everything the nodes of one run agree on before it begins.
///
/// Node 0 is the coordinator, nodes 1 to `participants` are the participants, and a backup comes after them.
package struct CommitConfiguration: Hashable, Sendable, CanonicalEncodable {
    package var participants: Int
    package var presumption: Presumption
    package var topology: CommitTopology
    /// Whether an uncertain participant asks the others too, not only the coordinator (2PC-4).
    package var isCooperative: Bool
    package var mutation: CommitMutation?
    package var timeouts: CommitTimeouts
    /// What every participant's store holds at first.
    package var cells: [KeyValueStore.Cell]

    package init(
        participants: Int, presumption: Presumption = .nothing, topology: CommitTopology = .centralised,
        isCooperative: Bool = false, mutation: CommitMutation? = nil, timeouts: CommitTimeouts = .usual,
        cells: [KeyValueStore.Cell] = []
    ) {
        self.participants = participants
        self.presumption = presumption
        self.topology = topology
        self.isCooperative = isCooperative
        self.mutation = mutation
        self.timeouts = timeouts
        self.cells = cells
    }

    package static let coordinator = NodeID(0)
    /// The backup coordinator, where the topology has one.
    package var backup: NodeID? { topology == .backup ? NodeID(participants + 1) : nil }
    /// How many nodes a run has.
    package var nodeCount: Int { 1 + participants + (backup == nil ? 0 : 1) }
    package func isParticipant(_ node: NodeID) -> Bool { (1...participants).contains(node.index) }

    /// Whether the coordinator keeps announcing `outcome` until everyone has acknowledged it; a participant
    /// acknowledges, and forces its record before it does, exactly then.
    func isAcknowledged(_ outcome: Outcome) -> Bool {
        switch presumption {
        case .nothing: true
        case .abort: outcome == .commit
        case .commit: outcome == .abort
        }
    }

    /// Whether the coordinator forces a record of `outcome` before anybody may hear of it. Under presumed commit the
    /// collecting record alone already says abort.
    func isForcedByCoordinator(_ outcome: Outcome) -> Bool { presumption == .nothing || outcome == .commit }

    /// Whether the coordinator must be able to name the participants before the first PREPARE leaves.
    var forcesCollectingRecord: Bool {
        topology != .centralised || (presumption == .commit && mutation != .omitsCollectingRecord)
    }

    /// What a coordinator answers about a transaction it knows nothing of. Basic two-phase commit, too, answers
    /// abort: it forgets a commit only when nobody is left who could ask.
    var answerWithoutInformation: Outcome { presumption == .commit ? .commit : .abort }

    /// Whether one who only read may leave after the first phase.
    var letsReadersLeave: Bool { presumption != .nothing && topology == .centralised }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(participants)
        encoder.encode(presumption)
        encoder.encode(topology)
        encoder.encode(isCooperative)
        encoder.encode(mutation)
        encoder.encode(timeouts)
        encoder.encode(cells)
    }
}
