package import StateMachines

/// The variants of Multi-Paxos.
package struct MultiPaxosConfiguration: Hashable, Sendable {
    package var servers: Int
    package var reads = Reads.confirmed
    /// After this long, a leader repeats what has not been answered.
    package var patience = Tick.milliseconds(60)
    package var mutation: MultiPaxosMutation?

    /// When a leader may answer a read from what it has applied.
    package enum Reads: Hashable, Sendable {
        /// As long as it believes that it leads. Not linearizable: it may have been replaced long ago.
        case unchecked
        /// Once a majority has said, after the read came in, that it has promised nobody else.
        case confirmed
        /// As long as a majority has granted that, for this long by its own clock, it promises nobody else. The leader counts
        /// nine tenths of it from when it asked, so that clocks may go wrong by a tenth.
        ///
        /// - Source: Chandra, Griesemer and Redstone, "Paxos Made Live", PODC 2007, section 5.2 (master leases).
        case leased(Tick)
    }

    package init(servers: Int) { self.servers = servers }

    package var everyone: NodeSet { NodeSet(0..<servers) }
    package var quorum: Int { Quorum.majority(of: servers) }
}

/// Bugs on purpose, each of which somebody has made.
package enum MultiPaxosMutation: UInt8, Hashable, Sendable, CaseIterable {
    /// A new leader does not finish what the promises report, and gives those slots to its own commands.
    case ignoresReports
    /// A new leader leaves slots empty of which nobody has reported anything.
    case leavesGaps
    /// A server applies a command as soon as it is chosen, whatever is missing before it.
    case appliesOutOfOrder
    /// An acceptor accepts under any ballot, whatever it has promised.
    case acceptsWithoutTest
    /// No table of clients: a command that was chosen twice is applied twice.
    case appliesTwice
    /// A server comes back with an empty disk and takes part as if it had never promised anything.
    case losesDisk
    /// A server that restarts does not wait until whatever it granted has run out.
    case forgetsGrant
}
