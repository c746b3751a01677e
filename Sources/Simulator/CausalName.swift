/// The identity of a message, an armed timer or a disk write: who caused it, not where it waits.
///
/// It names the node, the node's incarnation, the number of the step within the incarnation (from 1), and the ordinal
/// of the effect within the step (from 0), so that removing an unrelated event from a run leaves it alone.
/// Names sort by these four, then by copy.
public struct CausalName: Hashable, Comparable, Sendable {
    @usableFromInline let packed: UInt64
    /// 0 is the message itself; each duplicate gets the next number.
    public let copy: UInt8

    /// - Precondition: `incarnation` < 2¹⁶, `step` < 2²⁴, `ordinal` < 2¹⁶.
    @inlinable public init(node: Int, incarnation: Int, step: Int, ordinal: Int, copy: Int = 0) {
        precondition(incarnation < 1 << 16 && step < 1 << 24 && ordinal < 1 << 16, "a run has outgrown causal names")
        packed = UInt64(node) << 56 | UInt64(incarnation) << 40 | UInt64(step) << 16 | UInt64(ordinal)
        self.copy = UInt8(copy)
    }

    @usableFromInline init(packed: UInt64, copy: UInt8) {
        self.packed = packed
        self.copy = copy
    }

    @inlinable public var node: Int { Int(packed >> 56) }
    @inlinable public var incarnation: Int { Int(packed >> 40 & 0xFFFF) }
    @inlinable public var step: Int { Int(packed >> 16 & 0xFF_FFFF) }
    @inlinable public var ordinal: Int { Int(packed & 0xFFFF) }
    /// The name of the message that this is a copy of.
    public var original: CausalName { CausalName(packed: packed, copy: 0) }
    /// The name of another copy of the same message.
    public func duplicate(_ number: UInt8) -> CausalName { CausalName(packed: packed, copy: number) }

    @inlinable public static func < (left: CausalName, right: CausalName) -> Bool {
        (left.packed, left.copy) < (right.packed, right.copy)
    }

    /// As traces and replay files write it: "P1.0.3.1", a copy with "~1" behind.
    ///
    /// - Parameter names: of the run's nodes, by position.
    public func text(_ names: [String]) -> String {
        "\(names[node]).\(incarnation).\(step).\(ordinal)" + (copy == 0 ? "" : "~\(copy)")
    }

    /// Reads what `text` wrote; `nil` when it is not such a name or its node is unknown.
    public init?(_ text: String, names: [String]) {
        let halves = text.split(separator: "~", omittingEmptySubsequences: false)
        guard let body = halves.first, halves.count <= 2 else { return nil }
        let parts = body.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 4, let node = names.firstIndex(of: parts.dropLast(3).joined(separator: ".")),
            let incarnation = UInt16(parts[parts.count - 3]), let step = UInt32(parts[parts.count - 2]),
            step < 1 << 24, let ordinal = UInt16(parts[parts.count - 1])
        else { return nil }
        let copy = halves.count == 2 ? UInt8(halves[1]) : 0
        guard let copy else { return nil }
        self.init(
            node: node, incarnation: Int(incarnation), step: Int(step), ordinal: Int(ordinal), copy: Int(copy))
    }
}
