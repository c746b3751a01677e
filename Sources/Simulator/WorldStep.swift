public import StateMachines

/// Everything that can happen to a world. Messages, timers and disk writes are named by their cause.
public enum WorldEvent<Command: Hashable & Sendable>: Hashable, Sendable {
    /// First start of a node.
    case start(NodeID)
    case deliver(CausalName)
    case drop(CausalName)
    /// Puts one more copy of an in-flight message on its way.
    case duplicate(CausalName)
    case fireTimer(CausalName)
    /// The forced record of this name, and every record before it, reaches the disk.
    case completeWrite(CausalName)
    case invoke(NodeID, Command)
    /// The first `keeping` records of the node's unsynced tail had reached the disk after all.
    case crash(NodeID, keeping: Int)
    case restart(NodeID)
    case pause(NodeID)
    case resume(NodeID)
    /// Cuts every link between different groups, both ways; nodes in no group keep all their links.
    case partition([[NodeID]])
    /// Cuts the link in this direction only.
    case cut(from: NodeID, to: NodeID)
    /// Mends every link.
    case heal
    /// Moves the node's clock, and with it the time at which its timers fire.
    case skew(NodeID, microseconds: Int64)
}

/// One step of a world: an event, and perhaps the crash of the node in the middle of handling it.
public struct WorldStep<Command: Hashable & Sendable>: Hashable, Sendable {
    public var event: WorldEvent<Command>
    /// The stepping node crashes when it has performed this many effects; `nil` lets it finish.
    public var crashAfter: Int?
    /// Up to so many records of its unsynced tail, from the oldest, survive that crash.
    public var keeping: Int

    @inlinable public init(_ event: WorldEvent<Command>, crashAfter: Int? = nil, keeping: Int = 0) {
        self.event = event
        self.crashAfter = crashAfter
        self.keeping = keeping
    }

    @inlinable var midStepCrash: MidStepCrash? {
        crashAfter.map { MidStepCrash(effectCount: $0, keeping: keeping) }
    }
}

/// The crash of a node that has performed some of a step's effects.
public struct MidStepCrash: Hashable, Sendable {
    public var effectCount: Int
    /// Up to so many records of its unsynced tail, from the oldest, survive.
    public var keeping: Int

    @inlinable public init(effectCount: Int, keeping: Int) {
        self.effectCount = effectCount
        self.keeping = keeping
    }
}

/// What one step did, in order; traces and schedules are made from it.
public enum Occurrence<Node: ProtocolNode>: Sendable {
    case started(NodeID)
    case sent(InFlightMessage<Node.Message>)
    case received(InFlightMessage<Node.Message>)
    case lost(InFlightMessage<Node.Message>, LossReason)
    /// The copy that came into being.
    case duplicated(InFlightMessage<Node.Message>)
    case timerSet(NodeID, ArmedTimer<Node.Timer>)
    case timerFired(NodeID, ArmedTimer<Node.Timer>)
    case persistAsked(NodeID, UnsyncedRecord<Node.Record>)
    case persisted(NodeID, UnsyncedRecord<Node.Record>)
    case invoked(NodeID, Node.Command)
    /// As the effect of this ordinal within its step.
    case announced(NodeID, Announcement, ordinal: Int)
    case crashed(NodeID, lostRecords: Int)
    /// With this many records read back from the disk.
    case restarted(NodeID, recovered: Int)
    case paused(NodeID)
    case resumed(NodeID)
    case partitioned([[NodeID]])
    case cut(from: NodeID, to: NodeID)
    case healed
    case skewed(NodeID, microseconds: Int64)
}

/// Why a message never arrived.
public enum LossReason: Hashable, Sendable {
    case dropped, linkCut, nodeDown
}

/// Watches a world's steps and lends them its buffers, so that a steady state allocates nothing.
public protocol StepObserver<Node> {
    associatedtype Node: ProtocolNode
    var effects: EffectBuffer<Node.Effect> { get set }
    var encoder: CanonicalEncoder { get set }
    /// How many effects the machine asked for in the latest step.
    var effectCount: Int { get set }
    mutating func observe(_ occurrence: @autoclosure () -> Occurrence<Node>)
    /// Asked when a node has stepped, before the first of its effects is performed.
    mutating func crashPoint(on node: NodeID) -> MidStepCrash?
}

extension StepObserver {
    @inlinable public mutating func crashPoint(on node: NodeID) -> MidStepCrash? { nil }
}

/// Looks away; the explorer's observer.
public struct SilentObserver<Node: ProtocolNode>: StepObserver {
    public var effects = EffectBuffer<Node.Effect>()
    public var encoder = CanonicalEncoder()
    public var effectCount = 0
    @inlinable public init() {}
    @inlinable public mutating func observe(_ occurrence: @autoclosure () -> Occurrence<Node>) {}
}

/// Remembers everything that happened since it was last emptied.
public struct RecordingObserver<Node: ProtocolNode>: StepObserver {
    public var effects = EffectBuffer<Node.Effect>()
    public var encoder = CanonicalEncoder()
    public var effectCount = 0
    public var occurrences: [Occurrence<Node>] = []
    /// Decides, from what has happened in this step and the effects to come, whether the node crashes among them.
    public var chooseCrash: ((NodeID, [Occurrence<Node>], ArraySlice<Node.Effect>) -> MidStepCrash?)?
    public private(set) var crash: MidStepCrash?
    @inlinable public init() {}
    var hasAnnounced: Bool { occurrences.contains { if case .announced = $0 { true } else { false } } }

    public mutating func crashPoint(on node: NodeID) -> MidStepCrash? {
        crash = chooseCrash?(node, occurrences, effects.elements)
        return crash
    }
    @inlinable public mutating func observe(_ occurrence: @autoclosure () -> Occurrence<Node>) {
        occurrences.append(occurrence())
    }
}
