package import StateMachines

/// The number of a proposal: a round, and the proposer whose number it is, so that no two proposers share one.
///
/// - Source: Lamport, "Paxos Made Simple", 2001, section 2.2: different proposers choose their numbers from disjoint
///   sets. Written "2.1": round 2 of proposer 1.
package struct Ballot: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible {
    /// From 1; 0 only in `none`.
    package var round: UInt32
    /// The proposer's place among the proposers, from 1.
    package var proposer: UInt8

    package init(_ round: UInt32, by proposer: UInt8) {
        self.round = round
        self.proposer = proposer
    }

    /// Below every ballot that anybody uses.
    package static let none = Ballot(0, by: 0)

    package static func < (left: Ballot, right: Ballot) -> Bool {
        left.round != right.round ? left.round < right.round : left.proposer < right.proposer
    }

    package var description: String { "\(round).\(proposer)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(growing: UInt64(round))
        encoder.encode(tag: proposer)
    }
}

/// What an acceptor has accepted: a value under a ballot. Also called a vote.
package struct Vote: Hashable, Sendable, CanonicalEncodable, CustomStringConvertible {
    package var ballot: Ballot
    package var value: PaxosValue

    package init(_ ballot: Ballot, _ value: PaxosValue) {
        self.ballot = ballot
        self.value = value
    }

    package var description: String { "\(ballot) \(value)" }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(ballot)
        encoder.encode(value)
    }
}

/// What is agreed on; Paxos never looks inside.
package struct PaxosValue: Hashable, Comparable, Sendable, CanonicalEncodable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    package var name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral name: String) { self.init(name) }

    package static func < (left: PaxosValue, right: PaxosValue) -> Bool { left.name < right.name }
    package var description: String { name }
    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(name) }
}
