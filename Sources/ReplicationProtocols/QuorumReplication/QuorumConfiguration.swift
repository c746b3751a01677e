package import StateMachines

/// How a quorum-replicated register is run.
package struct QuorumConfiguration: Hashable, Sendable {
    /// Where versions come from.
    package enum Versioning: Hashable, Sendable {
        /// The writer counts its own writes; right for a single writer (Attiya, Bar-Noy and Dolev, 1995).
        case counted
        /// The writer first asks a read quorum for the highest version; right for many (Lynch and Shvartsman, 1997).
        case queried
        /// The writer's clock, in whole milliseconds: the last writer wins, as far as clocks agree.
        case clock
    }

    /// What a reader does with what it has heard.
    package enum Reading: Hashable, Sendable {
        /// Nothing: the highest version is the answer.
        case plain
        /// It answers, and then sends the highest version to those that answered with an older one.
        case repairing
        /// It has a write quorum store the highest version before it answers (Attiya, Bar-Noy and Dolev, 1995).
        case writingBack
    }

    /// N: the register's home replicas.
    package var replicas: Int
    /// W: so many have stored a value before its write is answered.
    package var writeQuorum: Int
    /// R: so many have answered before a read is.
    package var readQuorum: Int
    /// Replicas that hold values for home replicas which do not answer; 0: quorums are strict.
    package var standIns = 0
    package var clients: Int
    package var versioning = Versioning.counted
    package var reading = Reading.plain
    /// Replicas write to disk before they answer. Else they live in memory and a crash is for ever, as ABD assume.
    package var isDurable = true
    package var timeouts = Timeouts()
    package var mutation: QuorumMutation?

    package struct Timeouts: Hashable, Sendable {
        /// After which a client turns to stand-ins.
        package var suspicion = Tick.milliseconds(30)
        /// After which a client gives up.
        package var patience = Tick.milliseconds(150)
        /// After which a stand-in tries again to hand over what it holds.
        package var handoff = Tick.milliseconds(60)
    }

    /// - Precondition: quorums of 1 to `replicas`.
    package init(replicas: Int, writeQuorum: Int, readQuorum: Int, clients: Int) {
        precondition((1...replicas).contains(writeQuorum) && (1...replicas).contains(readQuorum))
        (self.replicas, self.writeQuorum, self.readQuorum) = (replicas, writeQuorum, readQuorum)
        self.clients = clients
    }

    /// Home replicas first, then stand-ins, then clients.
    package var nodeCount: Int { replicas + standIns + clients }
    package func client(_ index: Int) -> NodeID { NodeID(replicas + standIns + index) }
    var homes: [NodeID] { (0..<replicas).map { NodeID($0) } }
    /// Who stands in for a home replica; `nil` where quorums are strict.
    func standIn(for home: NodeID) -> NodeID? {
        standIns == 0 ? nil : NodeID(replicas + home.index % standIns)
    }
    func name(of node: NodeID) -> String {
        if node.index < replicas { return "R\(node.index + 1)" }
        if node.index < replicas + standIns { return "S\(node.index - replicas + 1)" }
        return String(UnicodeScalar(UInt8(ascii: "A") + UInt8(node.index - replicas - standIns)))
    }
    /// "R1", "R2"…, "S1"…, "A", "B"…
    package var names: [String] { (0..<nodeCount).map { name(of: NodeID($0)) } }
}

/// Mistakes built in on purpose.
package enum QuorumMutation: Hashable, Sendable {
    /// A replica answers a write before it is on disk.
    case answersBeforePersisting
    /// A replica takes whatever comes, also an older version.
    case keepsLatestArrival
    /// Versions of two writers with the same number count as equal; who came first stays.
    case ignoresWriters
    /// A client counts two copies of one replica's answer as two answers.
    case countsCopies
    /// A client takes a write that it gave up for one that never happens.
    case takesGivingUpForFailure
    /// A stand-in forgets what it holds as soon as it has sent it once.
    case forgetsHints
}
