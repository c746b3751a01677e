public import StateMachines

/// A message on its way.
public struct InFlightMessage<Message: Hashable & Sendable>: Hashable, Sendable {
    public let name: CausalName
    public let to: NodeID
    public let message: Message
    /// Of sender, receiver and content; not of the name.
    public let fingerprint: Fingerprint

    @inlinable public var from: NodeID { NodeID(name.node) }

    @inlinable init(name: CausalName, to: NodeID, message: Message, fingerprint: Fingerprint) {
        self.name = name
        self.to = to
        self.message = message
        self.fingerprint = fingerprint
    }

    @inlinable func copied(as number: UInt8) -> InFlightMessage {
        InFlightMessage(name: name.duplicate(number), to: to, message: message, fingerprint: fingerprint)
    }
}

/// A timer that has been set and has not fired.
public struct ArmedTimer<Timer: Hashable & Sendable>: Hashable, Sendable {
    public let name: CausalName
    public let timer: Timer
    /// How long after being set it fires, by the node's own clock.
    public let after: Tick
    /// When it fires, in virtual time; moved by a skew.
    public var due: Tick

    @inlinable init(name: CausalName, timer: Timer, after: Tick, due: Tick) {
        self.name = name
        self.timer = timer
        self.after = after
        self.due = due
    }
}

/// A record that has been appended to a node's log and is not known to be on disk.
public struct UnsyncedRecord<Record: Hashable & Sendable>: Hashable, Sendable {
    public let name: CausalName
    public let record: Record
    public let isForced: Bool

    @inlinable init(name: CausalName, record: Record, isForced: Bool) {
        self.name = name
        self.record = record
        self.isForced = isForced
    }
}

/// Which direct links are cut; all work at first. At most 64 nodes.
public struct LinkTable: Hashable, Sendable {
    public static var maximumNodes: Int { 64 }

    /// Bit *j* of row *i* is set when messages from *i* do not reach *j*.
    @usableFromInline var rows: [UInt64]

    @inlinable init(nodes: Int) {
        precondition(nodes <= Self.maximumNodes, "a world holds at most 64 nodes")
        rows = Array(repeating: 0, count: nodes)
    }

    @inlinable public func isCut(from: NodeID, to: NodeID) -> Bool { rows[from.index] >> UInt64(to.index) & 1 == 1 }
    /// Whether any link is cut.
    @inlinable public var isAnyCut: Bool { rows.contains { $0 != 0 } }

    @inlinable mutating func cut(from: NodeID, to: NodeID) { rows[from.index] |= 1 << UInt64(to.index) }
    @inlinable mutating func heal() { for index in rows.indices { rows[index] = 0 } }
    @inlinable mutating func partition(_ groups: [[NodeID]]) {
        for (position, group) in groups.enumerated() {
            for (otherPosition, other) in groups.enumerated() where otherPosition != position {
                for from in group { for to in other { cut(from: from, to: to) } }
            }
        }
    }
}

/// How many faults a search may still inject. Scripts of the timed simulation are not bounded by it.
public struct FaultBudgets: Hashable, Sendable {
    public var losses: UInt8
    public var duplications: UInt8
    public var crashes: UInt8
    public var restarts: UInt8
    public var partitions: UInt8
    /// Timers that fire although something else could still happen first: false suspicions of slow nodes.
    public var earlyTimeouts: UInt8
    public var pauses: UInt8
    /// Links that are cut in one direction.
    public var cuts: UInt8

    /// - Precondition: every number is from 0 to 255.
    @inlinable public init(
        losses: Int = 0, duplications: Int = 0, crashes: Int = 0, restarts: Int = 0, partitions: Int = 0,
        earlyTimeouts: Int = 0, pauses: Int = 0, cuts: Int = 0
    ) {
        self.losses = UInt8(losses)
        self.duplications = UInt8(duplications)
        self.crashes = UInt8(crashes)
        self.restarts = UInt8(restarts)
        self.partitions = UInt8(partitions)
        self.earlyTimeouts = UInt8(earlyTimeouts)
        self.pauses = UInt8(pauses)
        self.cuts = UInt8(cuts)
    }

    @inlinable public static func spend(_ budget: inout UInt8) { if budget > 0 { budget -= 1 } }
}

/// One node of a world: its machine, its disk and what the driver knows of it.
public struct SimulatedNode<Node: ProtocolNode>: Sendable {
    public enum Status: UInt8, Hashable, Sendable {
        case notStarted, up, paused, down
    }

    /// Of the current incarnation; of a node that is down, the one that died.
    public var machine: Node
    public var status: Status
    /// Records that survive every crash, oldest first.
    public var durable: [Node.Record]
    /// Records appended after them, oldest first.
    public var unsynced: [UnsyncedRecord<Node.Record>]
    /// In the order they were set.
    public var timers: [ArmedTimer<Node.Timer>]
    /// The node's clock minus virtual time, in microseconds.
    public var skew: Int64
    /// Restarts so far.
    public var incarnation: Int
    /// Steps of this incarnation so far.
    public var steps: Int
    @usableFromInline var fingerprint: Fingerprint

    @inlinable init(machine: Node) {
        self.machine = machine
        status = .notStarted
        durable = []
        unsynced = []
        timers = []
        skew = 0
        incarnation = 0
        steps = 0
        fingerprint = Fingerprint(high: 0, low: 0)
    }

    @inlinable public var isUp: Bool { status == .up }

    /// The node's own clock at this virtual time; it never shows less than zero.
    @inlinable static func clock(at now: Tick, skewedBy skew: Int64) -> Tick {
        let shifted = Int64(now.microseconds) + skew
        return Tick(microseconds: shifted > 0 ? UInt64(shifted) : 0)
    }
}

extension SimulatedNode: CanonicalEncodable {
    /// What the node will do from here on. Counters that only make names are left out.
    @inlinable public func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(tag: status.rawValue)
        if status != .down { machine.encode(into: &encoder) }
        encoder.encode(durable)
        encoder.encode(UInt32(unsynced.count))
        for record in unsynced {
            encoder.encode(record.isForced)
            record.record.encode(into: &encoder)
        }
        encoder.encode(UInt32(timers.count))
        for timer in timers {
            timer.timer.encode(into: &encoder)
            timer.after.encode(into: &encoder)
        }
        encoder.encode(skew)
    }
}
