package import StateMachines

/// Who plays which role, and the variants of single-decree Paxos.
package struct PaxosConfiguration: Hashable, Sendable {
    /// Who may propose. Each of them is also a learner, to know when it may stop.
    package var proposers: NodeSet
    package var acceptors: NodeSet
    package var learners: NodeSet
    /// The learners that acceptors tell; they tell the others. Fewer messages, and one more way to learn nothing.
    package var distinguishedLearners: NodeSet
    /// How many acceptors must promise, and how many must accept, before a proposer or a learner goes on.
    package var quorums: QuorumSizes
    package var contention = Contention.persistent
    package var roundMemory = RoundMemory.readBack
    /// How long a proposer waits for a quorum before it begins a new ballot.
    package var patience = Tick.milliseconds(100)
    /// How many ballots a proposer begins before it gives up; `nil`: no end. Searches need one.
    package var attempts: UInt8?
    package var mutation: PaxosMutation?

    /// Sizes of quorums; sound when `phase1 + phase2` exceeds the number of acceptors.
    ///
    /// - Source: Howard, Malkhi and Spiegelman, "Flexible Paxos", OPODIS 2016: only quorums of different phases must meet.
    package struct QuorumSizes: Hashable, Sendable {
        package var phase1: Int
        package var phase2: Int

        package init(phase1: Int, phase2: Int) {
            self.phase1 = phase1
            self.phase2 = phase2
        }

        package static func majorities(of acceptors: Int) -> QuorumSizes {
            QuorumSizes(phase1: Quorum.majority(of: acceptors), phase2: Quorum.majority(of: acceptors))
        }
    }

    /// What a proposer does that hears of a higher ballot.
    package enum Contention: Hashable, Sendable {
        /// It tries again at once, with a higher one.
        case persistent
        /// It waits first: a random time from one to two of these, twice as long after each failure, up to 16 times.
        case backOff(Tick)
        /// Only this proposer proposes; the others hand their values to it, and propose by themselves only if nothing
        /// has been chosen `takeOver` later. Whoever is refused waits as with `backOff`.
        case distinguished(NodeID, takeOver: Tick, backOff: Tick)
    }

    /// How a proposer that restarts avoids a ballot that it has used.
    package enum RoundMemory: Hashable, Sendable {
        /// Each round is on its disk before it is used.
        case onDisk
        /// It asks so many acceptors for the highest ballot they have promised that every quorum of phase 1 is met.
        /// A ballot of which none of them knows was never accepted anywhere.
        case readBack
    }

    /// Separate nodes: proposers first, then acceptors, then further learners.
    package init(proposers: Int, acceptors: Int, furtherLearners: Int = 0) {
        self.proposers = NodeSet(0..<proposers)
        self.acceptors = NodeSet(proposers..<(proposers + acceptors))
        let others = NodeSet((proposers + acceptors)..<(proposers + acceptors + furtherLearners))
        learners = self.proposers.union(others)
        distinguishedLearners = learners
        quorums = .majorities(of: acceptors)
    }

    /// Servers that play every role.
    package init(servers: Int) {
        proposers = NodeSet(0..<servers)
        (acceptors, learners, distinguishedLearners) = (proposers, proposers, proposers)
        quorums = .majorities(of: servers)
    }

    package var nodeCount: Int { 64 - proposers.union(acceptors).union(learners).bits.leadingZeroBitCount }

    /// How many acceptors meet every quorum of phase 1.
    package var readBackCount: Int { acceptors.count - quorums.phase1 + 1 }
}

/// Bugs on purpose, each of which somebody has made.
package enum PaxosMutation: UInt8, Hashable, Sendable, CaseIterable {
    /// A proposer keeps its own value, whatever acceptors report.
    case adoptsNothing
    /// A proposer takes the first value that is reported.
    case adoptsFirst
    /// A proposer takes the value that most acceptors report, of several the one reported first.
    case adoptsMostReported
    /// A proposer that is free to choose makes something up.
    case inventsValue
    /// An acceptor does not read its promise back after a restart.
    case forgetsPromise
    /// An acceptor does not read what it accepted back after a restart.
    case forgetsAccepted
    /// An acceptor answers before its record is on disk.
    case answersBeforeForcing
    /// An acceptor accepts under any ballot, whatever it has promised.
    case acceptsWithoutTest
    /// An acceptor that accepts does not raise its promise.
    case acceptsWithoutPromise
    /// All proposers count from the same set of numbers.
    case sharesBallots
    /// A proposer that restarts begins with round 1 again.
    case forgetsRound
    /// Who counts messages instead of acceptors.
    case countsDuplicates
    /// A proposer counts promises to its earlier ballots, too.
    case countsOldPromises
    /// A learner counts who accepted a value, under whatever ballot.
    case learnsAcrossBallots
}
