package import StateMachines

/// How an eventually consistent register is run.
package struct StoreConfiguration: Hashable, Sendable {
    /// What becomes of writes that did not know of each other.
    package enum Merging: Hashable, Sendable {
        /// The one with the highest time stays; times are those of the replicas' clocks.
        case lastWriter
        /// The same with Lamport's clocks, which never run behind what a replica has seen.
        case lastWriterByLogicalTime
        /// Both stay, as siblings, until a client writes that has read both (Dynamo, section 4.4).
        case siblings
    }

    package var replicas: Int
    package var clients: Int
    package var merging = Merging.lastWriterByLogicalTime
    /// Only the first replica takes writes; the others pass them on to it.
    package var hasLeader = false
    /// What clients ask of the replicas that they use.
    package var guarantees: SessionGuarantee = []
    package var timeouts = Timeouts()
    package var mutation: StoreMutation?

    package struct Timeouts: Hashable, Sendable {
        /// How often a replica sends on what others may not have.
        package var spreading = Tick.milliseconds(40)
        /// After which a client gives up.
        package var patience = Tick.milliseconds(200)
    }

    package init(replicas: Int, clients: Int) { (self.replicas, self.clients) = (replicas, clients) }

    package func client(_ index: Int) -> NodeID { NodeID(replicas + index) }
    /// "R1", "R2"…, "A", "B"…
    package var names: [String] {
        (1...replicas).map { "R\($0)" }
            + (0..<clients).map { String(UnicodeScalar(UInt8(ascii: "A") + UInt8($0))) }
    }
}

/// The four of Terry et al., "Session guarantees for weakly consistent replicated data", 1994.
package struct SessionGuarantee: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let readYourWrites = SessionGuarantee(rawValue: 1)
    package static let monotonicReads = SessionGuarantee(rawValue: 2)
    package static let monotonicWrites = SessionGuarantee(rawValue: 4)
    package static let writesFollowReads = SessionGuarantee(rawValue: 8)
    package static let all: SessionGuarantee = [.readYourWrites, .monotonicReads, .monotonicWrites, .writesFollowReads]
}

/// Mistakes built in on purpose.
package enum StoreMutation: Hashable, Sendable {
    /// A write counts as knowing everything that its replica knows, not what its client has read.
    case borrowsContext
    /// What was sent once is not sent again.
    case spreadsOnce
}

/// For each replica, how many of the writes that it accepted are known: all up to this number.
///
/// - Source: Parker et al., "Detection of mutual inconsistency in distributed systems", 1983.
package struct VersionVector: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    private var counts: [UInt16]

    package init(replicas: Int) { counts = Array(repeating: 0, count: replicas) }

    package subscript(replica: NodeID) -> UInt16 {
        get { counts[replica.index] }
        set { counts[replica.index] = newValue }
    }

    /// True where it knows all that the other knows.
    package func covers(_ other: VersionVector) -> Bool { zip(counts, other.counts).allSatisfy { $0 >= $1 } }
    package func covers(_ dot: Dot) -> Bool { self[dot.replica] >= dot.count }
    package mutating func join(_ other: VersionVector) {
        for index in counts.indices { counts[index] = max(counts[index], other.counts[index]) }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        for count in counts { encoder.encode(count) }
    }
    /// "[1 0 2]".
    package var description: String { "[" + counts.map(String.init).joined(separator: " ") + "]" }
}

/// One write by where it was accepted: the replica's first, second…
package struct Dot: Hashable, Comparable, Sendable, CanonicalEncodable {
    package var replica: NodeID
    package var count: UInt16

    package init(replica: NodeID, count: UInt16) { (self.replica, self.count) = (replica, count) }

    package static func < (one: Dot, other: Dot) -> Bool {
        (one.replica.index, one.count) < (other.replica.index, other.count)
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(replica)
        encoder.encode(count)
    }
}

/// A write that a replica has accepted.
package struct AcceptedWrite: Hashable, Sendable, CanonicalEncodable {
    package var dot: Dot
    /// In milliseconds, or counted.
    package var time: UInt32
    /// From 1; each is written once in a run.
    package var value: UInt8
    /// What its client had read.
    package var context: VersionVector
    /// Who asked, and which of its requests it was: a copy of the request is the same write.
    package var client: NodeID
    package var number: UInt32

    package init(
        dot: Dot, time: UInt32, value: UInt8, context: VersionVector, client: NodeID, number: UInt32
    ) {
        (self.dot, self.time, self.value) = (dot, time, value)
        (self.context, self.client, self.number) = (context, client, number)
    }

    /// Its place in the order of the last writer.
    package var version: UInt64 { UInt64(time) << 8 | UInt64(dot.replica.rawValue) }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(dot)
        encoder.encode(time)
        encoder.encode(tag: value)
        encoder.encode(context)
        encoder.encode(client)
        encoder.encode(number)
    }
}
