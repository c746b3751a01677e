package import StateMachines

/// What nodes do that hear nothing more: the protocols that share the name of three-phase commit.
package enum ThreePhaseTermination: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// As lecture notes and blogs tell it: everyone decides by itself when its timer fires, a participant to abort
    /// before PRE-COMMIT and to commit after it.
    case alone = 1
    /// Skeen's: those who think each other alive elect a coordinator, which decides from the states it sees.
    case elected = 2
    /// As `elected`, but nothing is decided without a majority.
    case quorum = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time.
package enum ThreePhaseMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// The coordinator commits as soon as it has every YES, without the buffer state: two-phase commit with timeouts.
    case skipsBufferState = 1
    /// An elected coordinator that sees a pre-committed node commits at once, and leaves the uncertain ones uncertain.
    case skipsRelay = 2
    /// A node that was down takes part in the termination of the others, as if its state were not old.
    case forgetsItWasDown = 3
    /// The coordinator counts a missing vote as a YES.
    case countsSilenceAsYes = 4
    /// A participant gives its locks back when it is pre-committed.
    case unlocksEarly = 5
    /// With quorum termination, an elected coordinator decides with whoever answers.
    case decidesWithoutQuorum = 6
    /// Nodes that come back after a total failure decide without waiting for those who failed last.
    case ignoresTheLastToFail = 7

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Everything the nodes of one run agree on before it begins.
///
/// Node 0 is the first coordinator, nodes 1 to `participants` are the participants; all of them take part in every
/// transaction.
package struct ThreePhaseConfiguration: Hashable, Sendable, CanonicalEncodable {
    package var participants: Int
    package var termination: ThreePhaseTermination
    /// With `alone`: whether the coordinator aborts when an acknowledgement of PRE-COMMIT is missing; else it commits.
    package var abortsWithoutAcknowledgement: Bool
    package var mutation: ThreePhaseMutation?
    package var timeouts: CommitTimeouts
    /// What every participant's store holds at first.
    package var cells: [KeyValueStore.Cell]

    package init(
        participants: Int, termination: ThreePhaseTermination = .elected, abortsWithoutAcknowledgement: Bool = true,
        mutation: ThreePhaseMutation? = nil, timeouts: CommitTimeouts = .threePhase, cells: [KeyValueStore.Cell] = []
    ) {
        self.participants = participants
        self.termination = termination
        self.abortsWithoutAcknowledgement = abortsWithoutAcknowledgement
        self.mutation = mutation
        self.timeouts = timeouts
        self.cells = cells
    }

    static let coordinator = NodeID(0)
    /// How many nodes a run has.
    package var nodeCount: Int { 1 + participants }
    var nodes: [NodeID] { (0..<nodeCount).map { NodeID($0) } }
    /// More than half of all nodes.
    var majority: Int { nodeCount / 2 + 1 }

    /// Who coordinates a round: node 0 the first, then one after the other.
    func coordinator(of round: UInt16) -> NodeID { NodeID(Int(round) % nodeCount) }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(participants)
        encoder.encode(termination)
        encoder.encode(abortsWithoutAcknowledgement)
        encoder.encode(mutation)
        encoder.encode(timeouts)
        encoder.encode(cells)
    }
}

extension CommitTimeouts {
    /// A coordinator gives up waiting for answers well before anybody gives up waiting for it.
    package static let threePhase = CommitTimeouts(
        votes: .milliseconds(60), decision: .milliseconds(150), answer: .milliseconds(60))
}
