package import StateMachines

/// A known way to get the protocol wrong, for lessons and for testing the checkers. One at a time.
package enum PaxosCommitMutation: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    /// An acceptor says that it has accepted while its record is still on the way to the disk.
    case acceptsBeforeForcing = 1
    /// A leader counts one acceptor as a majority.
    case decidesWithOneAcceptor = 2
    /// A new leader proposes Aborted for everyone, whatever the acceptors have accepted before.
    case ignoresAcceptedVotes = 3

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// Everything the nodes of one run agree on before it begins.
///
/// Node 0 is an acceptor and the first leader, nodes 1 to `participants` are the resource managers, and after them come
/// the other 2F acceptors, each of which can lead.
package struct PaxosCommitConfiguration: Hashable, Sendable, CanonicalEncodable {
    package var participants: Int
    /// F: how many acceptors may fail without blocking anybody.
    package var toleratedFailures: Int
    package var mutation: PaxosCommitMutation?
    package var timeouts: CommitTimeouts
    /// What every resource manager's store holds at first.
    package var cells: [KeyValueStore.Cell]

    package init(
        participants: Int, toleratedFailures: Int = 1, mutation: PaxosCommitMutation? = nil,
        timeouts: CommitTimeouts = .threePhase, cells: [KeyValueStore.Cell] = []
    ) {
        self.participants = participants
        self.toleratedFailures = toleratedFailures
        self.mutation = mutation
        self.timeouts = timeouts
        self.cells = cells
    }

    static let firstLeader = NodeID(0)
    package var nodeCount: Int { 1 + participants + 2 * toleratedFailures }
    var managers: [NodeID] { (1...participants).map { NodeID($0) } }
    package var acceptors: [NodeID] { [Self.firstLeader] + ((participants + 1)..<nodeCount).map { NodeID($0) } }
    /// F + 1 of 2F + 1 acceptors.
    package var majority: Int { toleratedFailures + 1 }

    /// Who leads a ballot after 0: the acceptors take turns.
    func leader(of ballot: UInt16) -> NodeID { acceptors[Int(ballot) % acceptors.count] }

    /// The first ballot above `ballot` that `acceptor` leads.
    func ballot(after ballot: UInt16, ledBy acceptor: NodeID) -> UInt16 {
        var next = ballot + 1
        while leader(of: next) != acceptor { next += 1 }
        return next
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(participants)
        encoder.encode(toleratedFailures)
        encoder.encode(mutation)
        encoder.encode(timeouts)
        encoder.encode(cells)
    }
}
