/// Names one node of a protocol run: its position in the run's list of nodes, from 0.
///
/// Names for people ("C", "P1") live in the run's description; machines compare and store only this number.
public struct NodeID: Hashable, Comparable, Sendable {
    public var rawValue: UInt8

    @inlinable public init(_ rawValue: Int) { self.rawValue = UInt8(rawValue) }

    /// The position in the run's list of nodes.
    @inlinable public var index: Int { Int(rawValue) }

    @inlinable public static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }
}

/// Majorities, as every quorum protocol of the course counts them.
public enum Quorum {
    /// The smallest number of `members` that any two choices of it share a member: ⌊n/2⌋ + 1.
    @inlinable public static func majority(of members: Int) -> Int { members / 2 + 1 }
}
