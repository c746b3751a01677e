public import StateMachines

/// Nodes, disks and a network as one value: everything a run of a protocol consists of at one moment.
///
/// Only `apply` changes it. It knows no schedule: which event comes next, and when, is the choice of the timed
/// `Simulation` or of the explorer. Two worlds are equal when their canonical bytes are: the same future lies before
/// them. Causal names, and the virtual times at which timers are due, are not part of that; what clients lived through is, since
/// it is judged together with what they will.
public struct World<Node: ProtocolNode>: Sendable {
    public typealias Step = WorldStep<Node.Command>

    public var nodes: [SimulatedNode<Node>]
    /// Sorted by name: the messages of one link stand in the order they were sent.
    public var messages: [InFlightMessage<Node.Message>]
    public var links: LinkTable
    public var budgets: FaultBudgets
    /// Empty for ever where no node tells of operations.
    public internal(set) var history = OperationHistory()
    /// What a node is before its first step; a restart begins from it again.
    public let initialMachines: [Node]
    /// Whether nodes and messages carry fingerprints, which only searches need. Change it before the first step.
    public var keepsFingerprints = true

    /// A world in which nothing has started.
    /// - Precondition: at most 64 machines.
    @inlinable public init(_ machines: [Node], budgets: FaultBudgets = FaultBudgets()) {
        initialMachines = machines
        nodes = machines.map { SimulatedNode(machine: $0) }
        messages = []
        links = LinkTable(nodes: machines.count)
        self.budgets = budgets
        var encoder = CanonicalEncoder()
        for index in nodes.indices { refreshFingerprint(of: index, &encoder) }
    }

    /// Every node, by position.
    @inlinable public var identifiers: [NodeID] { nodes.indices.map { NodeID($0) } }
    @inlinable public subscript(node: NodeID) -> SimulatedNode<Node> { _read { yield nodes[node.index] } }

    @inlinable mutating func refreshFingerprint(of index: Int, _ encoder: inout CanonicalEncoder) {
        guard keepsFingerprints else { return }
        encoder.removeAll()
        nodes[index].encode(into: &encoder)
        nodes[index].fingerprint = Fingerprint(of: encoder.bytes)
    }
}

// MARK: - Identity

extension World: CanonicalEncodable {
    /// Nodes by position; messages by sender, each sender's in the order sent; links; budgets; what clients lived through.
    @inlinable public func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(nodes)
        encoder.encode(UInt32(messages.count))
        for message in messages {
            message.from.encode(into: &encoder)
            message.to.encode(into: &encoder)
            message.message.encode(into: &encoder)
        }
        encodeSurroundings(into: &encoder)
    }

    @inlinable func encodeSurroundings(into encoder: inout CanonicalEncoder) {
        for row in links.rows { encoder.encode(row) }
        encoder.encode(tag: budgets.losses)
        encoder.encode(tag: budgets.duplications)
        encoder.encode(tag: budgets.crashes)
        encoder.encode(tag: budgets.restarts)
        encoder.encode(tag: budgets.partitions)
        encoder.encode(tag: budgets.earlyTimeouts)
        // Two bytes or none: fingerprints of worlds that know no such faults stay what they were.
        if budgets.pauses > 0 || budgets.cuts > 0 {
            encoder.encode(tag: budgets.pauses)
            encoder.encode(tag: budgets.cuts)
        }
        if !history.isEmpty {
            encoder.encode(history.fingerprint.high)
            encoder.encode(history.fingerprint.low)
        }
    }

    /// 128 bits for visited tables: the nodes' cached fingerprints, and the messages in flight as a multiset, or as a
    /// queue for each link when `isOrdered`.
    ///
    /// - Complexity: O(nodes + messages); only the nodes that stepped were hashed again. O(messages²) when ordered.
    /// - Precondition: fingerprints are kept.
    @inlinable public func fingerprint(isOrdered: Bool, using encoder: inout CanonicalEncoder) -> Fingerprint {
        precondition(keepsFingerprints, "a world that keeps no fingerprints was asked for one")
        encoder.removeAll()
        // By position: an iterator would copy each node.
        for index in nodes.indices {
            encoder.encode(nodes[index].fingerprint.high)
            encoder.encode(nodes[index].fingerprint.low)
        }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for (index, message) in messages.enumerated() {
            var position: UInt64 = 1
            if isOrdered {
                for earlier in messages[..<index] where earlier.to == message.to && earlier.from == message.from {
                    position += 2
                }
            }
            high &+= message.fingerprint.high &* position
            low &+= message.fingerprint.low &* position
        }
        encoder.encode(high)
        encoder.encode(low)
        encodeSurroundings(into: &encoder)
        return Fingerprint(of: encoder.bytes)
    }

    /// Like `fingerprint(isOrdered:using:)`, but the same for worlds that differ only in how far their rounds, terms or
    /// epochs have grown: the same future lies before them, with higher numbers.
    ///
    /// In a network without order it still tells queues apart, which costs states and no truth.
    ///
    /// - Complexity: that of encoding the whole world, twice.
    public func fingerprintDisregardingGrowth(using encoder: inout CanonicalEncoder) -> Fingerprint {
        let queued = messages.indices.sorted { left, right in
            (messages[left].from, messages[left].to, left) < (messages[right].from, messages[right].to, right)
        }
        encoder.removeAll()
        encoder.disregardingGrowth { encoder in
            encoder.encode(nodes)
            for index in queued {
                messages[index].from.encode(into: &encoder)
                messages[index].to.encode(into: &encoder)
                messages[index].message.encode(into: &encoder)
            }
        }
        encodeSurroundings(into: &encoder)
        return Fingerprint(of: encoder.bytes)
    }
}

extension World: Hashable {
    public static func == (left: World, right: World) -> Bool {
        var (first, second) = (CanonicalEncoder(), CanonicalEncoder())
        left.encode(into: &first)
        right.encode(into: &second)
        return first.bytes == second.bytes
    }

    public func hash(into hasher: inout Hasher) {
        var encoder = CanonicalEncoder()
        hasher.combine(fingerprint(isOrdered: true, using: &encoder))
    }
}
