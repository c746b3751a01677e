/// A set of nodes as one word: quorums are counted, met and iterated without allocating.
///
/// At most 64 nodes, as in every simulated run. Iterates in ascending order.
public struct NodeSet: Hashable, Sendable, Sequence, CanonicalEncodable {
    /// Bit *i* stands for node *i*.
    public var bits: UInt64

    @inlinable public init(bits: UInt64 = 0) { self.bits = bits }

    /// The nodes of consecutive positions.
    /// - Precondition: within 0..<64.
    @inlinable public init(_ positions: Range<Int>) {
        precondition(positions.lowerBound >= 0 && positions.upperBound <= 64, "a node set holds positions below 64")
        self.init()
        for position in positions { insert(NodeID(position)) }
    }

    @inlinable public var count: Int { bits.nonzeroBitCount }
    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable public func contains(_ node: NodeID) -> Bool { bits >> UInt64(node.rawValue) & 1 == 1 }
    @inlinable public mutating func insert(_ node: NodeID) { bits |= 1 << UInt64(node.rawValue) }
    @inlinable public mutating func remove(_ node: NodeID) { bits &= ~(1 << UInt64(node.rawValue)) }

    @inlinable public func union(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits | other.bits) }
    @inlinable public func intersection(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits & other.bits) }
    @inlinable public func subtracting(_ other: NodeSet) -> NodeSet { NodeSet(bits: bits & ~other.bits) }
    @inlinable public func isSubset(of other: NodeSet) -> Bool { bits & ~other.bits == 0 }

    @inlinable public func makeIterator() -> Iterator { Iterator(rest: bits) }

    public struct Iterator: IteratorProtocol, Sendable {
        @usableFromInline var rest: UInt64

        @inlinable init(rest: UInt64) { self.rest = rest }

        @inlinable public mutating func next() -> NodeID? {
            guard rest != 0 else { return nil }
            defer { rest &= rest - 1 }
            return NodeID(rest.trailingZeroBitCount)
        }
    }

    @inlinable public func encode(into encoder: inout CanonicalEncoder) { encoder.encode(bits) }
}
