/// A node of a protocol run: a machine whose inputs and effects the simulator, the explorer and the step mode know.
///
/// The machine is the node's *volatile and logical* state; what survives a crash is only what it asked to
/// `persist` and was told is `persisted`. After a crash the driver throws the value away, makes a fresh one with the
/// same configuration, and steps it with `.recovered(log)`.
public protocol ProtocolNode: Machine
where Input == NodeInput<Message, Timer, Record, Command>, Effect == NodeEffect<Message, Timer, Record> {
    associatedtype Message: Hashable, Sendable, CanonicalEncodable, Labelled
    associatedtype Timer: Hashable, Sendable, CanonicalEncodable, Labelled
    /// One entry of the node's write-ahead log.
    associatedtype Record: Hashable, Sendable, CanonicalEncodable, Labelled
    /// What a client or operator asks of the node.
    associatedtype Command: Hashable, Sendable, CanonicalEncodable, Labelled

    /// The state in a few words, for the state box on its lifeline: "uncertain, locks x". Empty: no box.
    var summary: String { get }

    /// Whether it tells of operations that clients begin and end. Fixed from the start: the order of what two such nodes
    /// tell is part of a run's state, so that a search may not exchange their steps.
    var tellsOperations: Bool { get }

    /// Takes away what newer records have made superfluous, each time records reach the disk. Whether a log is rewritten
    /// or keeps growing makes no difference to a node, but worlds that differ in such records only are one to a search.
    static func compact(_ log: inout [Record])
}

extension ProtocolNode {
    @inlinable public var tellsOperations: Bool { false }

    /// Every record stays.
    @inlinable public static func compact(_ log: inout [Record]) {}
}

/// Something drawn on a diagram and matched by a fault's condition.
public protocol Labelled {
    /// The word that faults match and arrows show: "PREPARE". Upper case for messages by convention.
    var label: String { get }
    /// The rest, for tooltips and listings: "tx 1, writes x=1". Empty where the label says all.
    var detail: String { get }
}

extension Labelled {
    public var detail: String { "" }
}

/// What can happen to a node. Inputs are past events.
public enum NodeInput<Message, Timer, Record, Command>: Hashable, Sendable
where
    Message: Hashable & Sendable, Timer: Hashable & Sendable, Record: Hashable & Sendable, Command: Hashable & Sendable
{
    /// First start, with an empty log.
    case started
    /// Restart after a crash, with every record that had reached the disk, oldest first.
    case recovered([Record])
    case received(Message, from: NodeID)
    case timerFired(Timer)
    /// This forced record, and every record appended before it, is on disk.
    case persisted(Record)
    case invoked(Command)
}

/// What a node asks of its driver. Effects are imperatives, performed in order.
public enum NodeEffect<Message, Timer, Record>: Hashable, Sendable
where Message: Hashable & Sendable, Timer: Hashable & Sendable, Record: Hashable & Sendable {
    case send(Message, to: NodeID)
    /// Fires once, `after` from now by the node's own clock; setting a timer that is already set moves it.
    case setTimer(Timer, after: Tick)
    case cancelTimer(Timer)
    /// Appends to the write-ahead log. A `forced` record comes back as `.persisted`; a lazy one reaches the disk
    /// with the next forced record, or is lost in a crash, and never comes back.
    case persist(Record, forced: Bool)
    /// For people and checkers; the protocol itself never depends on it.
    case announce(Announcement)
}

/// What a node tells its observers. Becomes a trace event of the same name.
public enum Announcement: Hashable, Sendable {
    /// The final outcome of something: ("tx 1", "commit"). Checkers read it.
    case decided(subject: String, outcome: String)
    /// The answer to a command.
    case responded(String)
    case phaseBegan(String)
    case phaseEnded(String)
    case noted(String)
    /// A client begins an operation on the object whose history is judged, in the words of its model: "write 1". Telling it
    /// once more, as servers do whom a client asks again, changes nothing.
    case began(ClientOperation, request: String)
    /// The client comes to know this of the operation; what it would come to know later changes nothing.
    case ended(ClientOperation, OperationOutcome)
}
