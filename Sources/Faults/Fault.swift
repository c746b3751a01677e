package import StateMachines

/// One fault of a script: what goes wrong, when it begins, and for how long.
///
/// Nodes, labels and sessions are names as a person types them; drivers resolve them. Printing a fault gives text
/// that parses to the same fault.
package struct Fault: Hashable, Sendable {
    package var action: FaultAction
    package var start: FaultStart
    /// After this long the fault ends by itself: links heal, a crashed node restarts, a paused one resumes, a clock
    /// goes back, messages are left alone again. `nil`: it stays.
    package var duration: Tick?

    package init(_ action: FaultAction, start: FaultStart = .immediately, duration: Tick? = nil) {
        self.action = action
        self.start = start
        self.duration = duration
    }
}

/// What goes wrong; one case for each fault word of the course.
package enum FaultAction: Hashable, Sendable {
    case drop(MessageSelector)
    case delay(MessageSelector, by: Tick)
    case duplicate(MessageSelector)
    case reorder(MessageSelector)
    /// Nodes of different groups cannot reach each other; nodes in no group reach everybody.
    case partition([[String]])
    /// Messages from the first to the second node are lost; the other direction works.
    case oneWay(from: String, to: String)
    case isolate(String)
    case heal
    case crash(String)
    case restart(String)
    case pause(String)
    case resume(String)
    case skew(String, ClockOffset)
    case loseUnsynced(String)
    case expireSession(String)
    case loseReply(String, Repetition)
}

/// Which messages a fault is about; `nil` everywhere means every message.
package struct MessageSelector: Hashable, Sendable {
    package var label: String?
    package var repetition: Repetition
    /// The chance of each matching message to be hit, in millionths; `nil` is certainty.
    package var partsPerMillion: UInt64?
    package var from: String?
    package var to: String?

    package init(
        label: String? = nil, repetition: Repetition = .all, partsPerMillion: UInt64? = nil, from: String? = nil,
        to: String? = nil
    ) {
        self.label = label
        self.repetition = repetition
        self.partsPerMillion = partsPerMillion
        self.from = from
        self.to = to
    }
}

/// Which of the matching things are meant, counted from 1 while the fault is active.
package enum Repetition: Hashable, Sendable {
    case all
    case only(Int)
    /// The *n*th, the 2*n*th, the 3*n*th…; *n* ≥ 2.
    case eachNth(Int)

    /// Whether the `count`th match is meant.
    package func includes(_ count: Int) -> Bool {
        switch self {
        case .all: true
        case .only(let number): count == number
        case .eachNth(let stride): count % stride == 0
        }
    }
}

/// A jump of a clock, forwards or backwards.
package struct ClockOffset: Hashable, Sendable {
    package var microseconds: Int64
    package init(microseconds: Int64) { self.microseconds = microseconds }
}

/// When a fault begins.
package enum FaultStart: Hashable, Sendable {
    case immediately
    case at(Tick)
    case after(Trigger)
}

/// Something that has to happen first.
package struct Trigger: Hashable, Sendable {
    /// Raw values are the words of the grammar, the same as the kinds of a trace.
    package enum Kind: String, CaseIterable, Hashable, Sendable {
        case send, receive, persist, persisted
        case timerFire = "timer-fire"
        case decide
    }

    package var kind: Kind
    package var label: String?
    /// The how-manieth match, from 1.
    package var number: Int
    /// The node it happens on; `nil` is the node of the fault for `crash`, `lose-unsynced`, `pause` and `skew`, else any.
    package var node: String?
    /// The other end of the message; `nil` is anybody.
    package var peer: String?

    package init(_ kind: Kind, label: String? = nil, number: Int = 1, node: String? = nil, peer: String? = nil) {
        self.kind = kind
        self.label = label
        self.number = number
        self.node = node
        self.peer = peer
    }
}

extension Fault {
    /// The node on which an unnamed trigger must happen; `nil` is any node.
    package var triggerNode: String? {
        guard case .after(let trigger) = start else { return nil }
        if let node = trigger.node { return node }
        switch action {
        case .crash(let node), .pause(let node), .skew(let node, _), .loseUnsynced(let node): return node
        case .drop, .delay, .duplicate, .reorder, .partition, .oneWay, .isolate, .heal, .restart, .resume,
            .expireSession, .loseReply:
            return nil
        }
    }
}
