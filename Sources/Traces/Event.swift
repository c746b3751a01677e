public import StateMachines

/// One thing that happened in a run.
///
/// Only `order`, `time`, `kind` and `node` are required, so that a trace written by another program can be drawn too.
public struct Event: Hashable, Sendable {
    /// Position in the trace, from 1; what `cause` refers to. JSON field `n`.
    public var order: Int
    /// Virtual or monotonic time since the run began. JSON field `t`, in milliseconds.
    public var time: Tick
    public var kind: EventKind
    /// The lifeline it happened on, by name. Faults of the whole network (partition, heal) name the first node.
    public var node: String
    /// The other end of a message.
    public var peer: String?
    /// Identity of a message: the same for its send and every receive, drop or duplicate of it.
    public var id: String?
    /// The `order` of the event that led here.
    public var cause: Int?
    /// A word or two, shown on the diagram.
    public var label: String?
    /// The whole content, shown in tooltips and listings.
    public var payload: String?
    /// The node's state after the event, in a few words.
    public var state: String?

    public init(
        order: Int, time: Tick, kind: EventKind, node: String, peer: String? = nil, id: String? = nil,
        cause: Int? = nil, label: String? = nil, payload: String? = nil, state: String? = nil
    ) {
        self.order = order
        self.time = time
        self.kind = kind
        self.node = node
        self.peer = peer
        self.id = id
        self.cause = cause
        self.label = label
        self.payload = payload
        self.state = state
    }
}

/// The vocabulary of traces; raw values are the words of the file format.
public enum EventKind: String, CaseIterable, Hashable, Sendable {
    // Messages. A receive, drop or duplicate carries the `id` of its send.
    case send, receive, drop, duplicate
    // Timers; `label` names the timer.
    case timerSet = "timer-set"
    case timerFire = "timer-fire"
    // Stable storage; `label` names the record. `persist` asks, `persisted` is the completion.
    case persist, persisted
    // Faults of nodes. `label` of a skew is the offset ("+2s"); of a restart, what was recovered.
    case crash, restart, pause, resume, skew
    // Faults of the network; `label` of a partition is its groups ("A,B|C") or its direction ("A>B").
    case partition, heal
    // Operations of clients; `id` joins a respond to its invoke.
    case invoke, respond
    // What nodes tell of themselves.
    case state
    case phaseBegin = "phase-begin"
    case phaseEnd = "phase-end"
    case decide, note, annotate
    // Sessions of the coordination server; `id` is the session.
    case sessionOpen = "session-open"
    case sessionExpire = "session-expire"
    case watchSet = "watch-set"
    case watchFire = "watch-fire"
    case connectionLoss = "connection-loss"
    // Checkers.
    case checkBegin = "check-begin"
    case checkEnd = "check-end"
    case violation
}
