import Faults
import StateMachines

/// The faults of a plan while it runs: which wait, which are active, how often each has matched.
struct FaultScript: Sendable {
    enum Phase: Hashable, Sendable {
        /// → `active` at its time or when its trigger has happened often enough.
        case waiting
        /// → `over` after its duration, or at once where the fault is a moment and not a period.
        case active
        case over
    }

    struct Entry: Sendable {
        let fault: Fault
        var phase = Phase.waiting
        /// Happenings that matched the trigger while waiting.
        var triggerCount = 0
        /// Messages that matched the selector while active.
        var matchCount = 0
    }

    let names: [String]
    private(set) var entries: [Entry]
    /// The faults that wait for something to happen, in script order.
    private var waiting: [WaitingFault] = []
    /// What they wait for.
    private var triggerKinds: Set<Trigger.Kind> = []
    /// Whether one of them would crash a node in the middle of a step.
    private(set) var mayCrashWithinStep = false

    /// Whether nodes hold sessions that can expire.
    private let hasSessions: Bool

    /// - Throws: when a fault names a node that is not in `names`, or sessions where there are none.
    init(_ faults: [Fault], names: [String], hasSessions: Bool) throws(SimulationError) {
        self.names = names
        self.hasSessions = hasSessions
        entries = []
        for fault in faults { _ = try add(fault) }
    }

    /// Appends a fault that has not begun.
    /// - Returns: its position.
    /// - Throws: as `init`.
    mutating func add(_ fault: Fault) throws(SimulationError) -> Int {
        for node in fault.nodeNames where !names.contains(node) {
            throw .unknownNode(node, fault: fault.description, known: names)
        }
        if case .expireSession = fault.action, !hasSessions { throw .needsSessions(fault: fault.description) }
        entries.append(Entry(fault: fault))
        if case .after(let trigger) = fault.start {
            waiting.append(WaitingFault(entries.count - 1, trigger, fault, node))
        }
        reviewWaiting()
        return entries.count - 1
    }

    private mutating func reviewWaiting() {
        waiting.removeAll { entries[$0.position].phase != .waiting }
        triggerKinds = Set(waiting.map(\.trigger.kind))
        mayCrashWithinStep = waiting.contains { $0.crashedNode != nil }
    }

    /// Faults that wait for something to happen wait no longer.
    mutating func stopWaiting() {
        guard !waiting.isEmpty else { return }
        waiting = []
        reviewWaiting()
    }

    /// - Precondition: `name` is one of the run's nodes; `init` has checked it.
    func node(_ name: String) -> NodeID {
        guard let index = names.firstIndex(of: name) else { preconditionFailure("no node \(name) in \(names)") }
        return NodeID(index)
    }

    mutating func begin(_ index: Int) {
        entries[index].phase = .active
        reviewWaiting()
    }
    mutating func end(_ index: Int) { entries[index].phase = .over }

    /// The faults that never began.
    var unused: [Fault] { entries.filter { $0.phase == .waiting }.map(\.fault) }

    /// The faults whose trigger may still come.
    var stillWaiting: [Fault] { waiting.map { entries[$0.position].fault } }

    // MARK: Triggers

    /// Counts an occurrence for every waiting fault.
    /// - Returns: the faults that begin with it, in script order.
    mutating func triggered<Node>(by occurrence: Occurrence<Node>) -> [Int] {
        guard !waiting.isEmpty, let kind = occurrence.triggerKind, triggerKinds.contains(kind),
            let happening = Happening(occurrence)
        else { return [] }
        var begun: [Int] = []
        for fault in waiting where fault.matches(happening) {
            entries[fault.position].triggerCount += 1
            if entries[fault.position].triggerCount == fault.trigger.number { begun.append(fault.position) }
        }
        return begun
    }

    /// Where a fault of the script crashes the stepping node within this very step; `nil` when it may finish.
    ///
    /// - Parameters:
    ///   - occurrences: what has happened in the step already.
    ///   - effects: what the node is about to do.
    ///   - keeping: how many unforced records a crash leaves, at most.
    func crashPoint<Node>(
        of node: NodeID, _ occurrences: [Occurrence<Node>], _ effects: ArraySlice<Node.Effect>, keeping: Int
    ) -> MidStepCrash? {
        var kinds: Set<Trigger.Kind> = []
        for fault in waiting where fault.crashedNode == node { kinds.insert(fault.trigger.kind) }
        guard !kinds.isEmpty else { return nil }
        var happenings: [Happening] = []
        for occurrence in occurrences {
            guard let kind = occurrence.triggerKind, kinds.contains(kind), let happening = Happening(occurrence) else {
                continue
            }
            happenings.append(happening)
        }
        for (ordinal, effect) in effects.enumerated() {
            guard let kind = effect.triggerKind, kinds.contains(kind),
                let happening = Happening(of: node, effect, ordinal: ordinal)
            else { continue }
            happenings.append(happening)
        }
        var earliest: MidStepCrash?
        for fault in waiting where fault.crashedNode == node {
            var count = entries[fault.position].triggerCount
            for happening in happenings where fault.matches(happening) {
                count += 1
                guard count == fault.trigger.number, happening.node == node,
                    happening.performedEffects < earliest?.effectCount ?? .max
                else { continue }
                earliest = MidStepCrash(
                    effectCount: happening.performedEffects, keeping: fault.keepsNothing ? 0 : keeping)
            }
        }
        return earliest
    }

    // MARK: Messages

    /// The active faults that hit this message, in script order; counts the match.
    ///
    /// - Parameter isReply: whether it answers a message of its receiver.
    /// - Parameter streams: chances are drawn from that of the fault's word on this link.
    mutating func hits<Message: Labelled>(
        on message: InFlightMessage<Message>, isReply: Bool, _ streams: inout RandomStreams
    ) -> [FaultAction] {
        var hits: [FaultAction] = []
        for index in entries.indices where entries[index].phase == .active {
            let action = entries[index].fault.action
            guard let selector = action.selector(isReply: isReply), matches(selector, message) else { continue }
            entries[index].matchCount += 1
            guard selector.repetition.includes(entries[index].matchCount) else { continue }
            if let partsPerMillion = selector.partsPerMillion {
                let purpose = RandomStreams.Purpose(word: action.word, from: message.from, to: message.to)
                guard streams.draw(purpose, { $0.chance(partsPerMillion: partsPerMillion) }) else { continue }
            }
            hits.append(action)
        }
        return hits
    }

    private func matches<Message: Labelled>(_ selector: MessageSelector, _ message: InFlightMessage<Message>) -> Bool {
        (selector.label == nil || selector.label == message.message.label)
            && (selector.from == nil || selector.from == names[message.from.index])
            && (selector.to == nil || selector.to == names[message.to.index])
    }
}

/// A fault that waits for something to happen, with the names of its nodes looked up.
private struct WaitingFault: Sendable {
    /// In the script.
    let position: Int
    let trigger: Trigger
    /// Where the trigger must happen, and at whose message; `nil` is anybody.
    let (node, peer): (NodeID?, NodeID?)
    /// Who goes down when the fault begins.
    let crashedNode: NodeID?
    /// Whether the crash leaves nothing that was not forced.
    let keepsNothing: Bool

    init(_ position: Int, _ trigger: Trigger, _ fault: Fault, _ node: (String) -> NodeID) {
        self.position = position
        self.trigger = trigger
        self.node = fault.triggerNode.map(node)
        peer = trigger.peer.map(node)
        crashedNode = fault.crashedNode.map(node)
        if case .loseUnsynced = fault.action { keepsNothing = true } else { keepsNothing = false }
    }

    func matches(_ happening: Happening) -> Bool {
        happening.kind == trigger.kind && (node == nil || node == happening.node)
            && (peer == nil || peer == happening.peer)
            && (trigger.label == nil || trigger.label == happening.label)
    }
}

/// An occurrence as triggers see it.
private struct Happening {
    var kind: Trigger.Kind
    var node: NodeID
    var peer: NodeID?
    var label: String
    /// Effects of the step performed when it has happened; inputs happen before the first.
    var performedEffects = 0

    init?<Message, Timer, Record>(of node: NodeID, _ effect: NodeEffect<Message, Timer, Record>, ordinal: Int)
    where Message: Labelled, Record: Labelled {
        performedEffects = ordinal + 1
        self.node = node
        switch effect {
        case .send(let message, let to): (kind, peer, label) = (.send, to, message.label)
        case .persist(let record, _): (kind, label) = (.persist, record.label)
        case .announce(.decided(_, let outcome)): (kind, label) = (.decide, outcome)
        case .announce, .setTimer, .cancelTimer: return nil
        }
    }

    init?<Node>(_ occurrence: Occurrence<Node>) {
        switch occurrence {
        case .sent(let message):
            (kind, node, peer, label) = (.send, message.from, message.to, message.message.label)
            performedEffects = message.name.ordinal + 1
        case .received(let message):
            (kind, node, peer, label) = (.receive, message.to, message.from, message.message.label)
        case .persistAsked(let owner, let record):
            (kind, node, label) = (.persist, owner, record.record.label)
            performedEffects = record.name.ordinal + 1
        case .persisted(let owner, let record): (kind, node, label) = (.persisted, owner, record.record.label)
        case .timerFired(let owner, let armed): (kind, node, label) = (.timerFire, owner, armed.timer.label)
        case .announced(let owner, .decided(_, let outcome), let ordinal):
            (kind, node, label) = (.decide, owner, outcome)
            performedEffects = ordinal + 1
        case .announced, .started, .lost, .duplicated, .timerSet, .invoked, .crashed, .restarted, .paused, .resumed,
            .partitioned, .cut, .healed, .skewed:
            return nil
        }
    }
}

extension NodeEffect {
    /// What a trigger calls it; `nil` for what none waits for.
    fileprivate var triggerKind: Trigger.Kind? {
        switch self {
        case .send: .send
        case .persist: .persist
        case .announce(.decided): .decide
        case .announce, .setTimer, .cancelTimer: nil
        }
    }
}

extension Occurrence {
    /// What a trigger calls it; `nil` for what none waits for.
    fileprivate var triggerKind: Trigger.Kind? {
        switch self {
        case .sent: .send
        case .received: .receive
        case .persistAsked: .persist
        case .persisted: .persisted
        case .timerFired: .timerFire
        case .announced(_, .decided, _): .decide
        case .announced, .started, .lost, .duplicated, .timerSet, .invoked, .crashed, .restarted, .paused, .resumed,
            .partitioned, .cut, .healed, .skewed:
            nil
        }
    }
}

extension Fault {
    /// Every node it names.
    fileprivate var nodeNames: [String] {
        var names = action.nodeNames
        if case .after(let trigger) = start { names += [trigger.node, trigger.peer].compactMap(\.self) }
        return names
    }

    /// The node that goes down when the fault begins.
    fileprivate var crashedNode: String? {
        switch action {
        case .crash(let node), .loseUnsynced(let node): node
        case .drop, .delay, .duplicate, .reorder, .partition, .oneWay, .isolate, .heal, .restart, .pause, .resume,
            .skew, .expireSession, .loseReply:
            nil
        }
    }
}

extension FaultAction {
    fileprivate var nodeNames: [String] {
        switch self {
        case .drop(let selector), .delay(let selector, _), .duplicate(let selector), .reorder(let selector):
            [selector.from, selector.to].compactMap(\.self)
        case .partition(let groups): groups.flatMap(\.self)
        case .oneWay(let from, let to): [from, to]
        case .isolate(let node), .crash(let node), .restart(let node), .pause(let node), .resume(let node),
            .skew(let node, _), .loseUnsynced(let node), .loseReply(let node, _), .expireSession(let node):
            [node]
        case .heal: []
        }
    }

    /// Which messages it hits; `nil` for faults of nodes and links, and for a lost reply when the message is none.
    fileprivate func selector(isReply: Bool) -> MessageSelector? {
        switch self {
        case .drop(let selector), .delay(let selector, _), .duplicate(let selector), .reorder(let selector): selector
        case .loseReply(let node, let repetition):
            isReply ? MessageSelector(repetition: repetition, to: node) : nil
        case .partition, .oneWay, .isolate, .heal, .crash, .restart, .pause, .resume, .skew, .loseUnsynced,
            .expireSession:
            nil
        }
    }

    /// Whether it goes on until its duration is over; the others are moments.
    var isAboutMessages: Bool {
        switch self {
        case .drop, .delay, .duplicate, .reorder, .loseReply: true
        case .partition, .oneWay, .isolate, .heal, .crash, .restart, .pause, .resume, .skew, .loseUnsynced,
            .expireSession:
            false
        }
    }

    var isAboutNode: Bool {
        switch self {
        case .crash, .restart, .pause, .resume, .skew, .loseUnsynced: true
        case .drop, .delay, .duplicate, .reorder, .loseReply, .partition, .oneWay, .isolate, .heal, .expireSession:
            false
        }
    }

    var cutsLinks: Bool {
        switch self {
        case .partition, .oneWay, .isolate, .expireSession: true
        case .drop, .delay, .duplicate, .reorder, .heal, .crash, .restart, .pause, .resume, .skew, .loseUnsynced,
            .loseReply:
            false
        }
    }

    /// The first word of its text.
    var word: String { String(description.prefix { $0 != " " }) }
}
