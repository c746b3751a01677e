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
    /// Positions of the faults that wait for something to happen.
    private var waiting: [Int]
    /// Whether one of them would crash a node in the middle of a step.
    private(set) var mayCrashWithinStep = false

    /// Whether nodes hold sessions that can expire.
    private let hasSessions: Bool

    /// - Throws: when a fault names a node that is not in `names`, or sessions where there are none.
    init(_ faults: [Fault], names: [String], hasSessions: Bool) throws(SimulationError) {
        self.names = names
        self.hasSessions = hasSessions
        (entries, waiting) = ([], [])
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
        if case .after = fault.start { waiting.append(entries.count - 1) }
        reviewWaiting()
        return entries.count - 1
    }

    private mutating func reviewWaiting() {
        waiting.removeAll { entries[$0].phase != .waiting }
        mayCrashWithinStep = waiting.contains { entries[$0].fault.crashedNode != nil }
    }

    /// Faults that wait for something to happen wait no longer.
    mutating func stopWaiting() {
        waiting = []
        mayCrashWithinStep = false
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
    var stillWaiting: [Fault] { waiting.map { entries[$0].fault } }

    // MARK: Triggers

    private func matches(_ fault: Fault, _ happening: Happening) -> Bool {
        guard case .after(let trigger) = fault.start, happening.kind == trigger.kind,
            trigger.label == nil || trigger.label == happening.label
        else { return false }
        if let node = fault.triggerNode, names[happening.node.index] != node { return false }
        if let peer = trigger.peer { return happening.peer.map { names[$0.index] == peer } ?? false }
        return true
    }

    /// Counts an occurrence for every waiting fault.
    /// - Returns: the faults that begin with it, in script order.
    mutating func triggered<Node>(by occurrence: Occurrence<Node>) -> [Int] {
        guard !waiting.isEmpty, let happening = Happening(occurrence) else { return [] }
        var begun: [Int] = []
        for index in waiting where matches(entries[index].fault, happening) {
            entries[index].triggerCount += 1
            guard case .after(let trigger) = entries[index].fault.start else { continue }
            if entries[index].triggerCount == trigger.number { begun.append(index) }
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
        let candidates = waiting.filter { entries[$0].fault.crashedNode == names[node.index] }
        guard !candidates.isEmpty else { return nil }
        let happenings =
            occurrences.compactMap { Happening($0) }
            + effects.enumerated().compactMap { Happening(of: node, $1, ordinal: $0) }
        var earliest: MidStepCrash?
        for entry in candidates.map({ entries[$0] }) {
            guard case .after(let trigger) = entry.fault.start else { continue }
            var count = entry.triggerCount
            for happening in happenings where matches(entry.fault, happening) {
                count += 1
                guard count == trigger.number, happening.node == node,
                    happening.performedEffects < earliest?.effectCount ?? .max
                else { continue }
                let keepsNothing = entry.fault.action == .loseUnsynced(names[node.index])
                earliest = MidStepCrash(
                    effectCount: happening.performedEffects, keeping: keepsNothing ? 0 : keeping)
            }
        }
        return earliest
    }

    // MARK: Messages

    /// The active faults that hit this message, in script order; counts the match.
    ///
    /// - Parameter isReply: whether it answers a message of its receiver.
    /// - Parameter chance: draws from the random stream of this fault word on this link.
    mutating func hits<Message: Labelled>(
        on message: InFlightMessage<Message>, isReply: Bool, chance: (FaultAction, UInt64) -> Bool
    ) -> [FaultAction] {
        var hits: [FaultAction] = []
        for index in entries.indices where entries[index].phase == .active {
            let action = entries[index].fault.action
            guard let selector = action.selector(isReply: isReply), matches(selector, message) else { continue }
            entries[index].matchCount += 1
            guard selector.repetition.includes(entries[index].matchCount) else { continue }
            if let partsPerMillion = selector.partsPerMillion, !chance(action, partsPerMillion) { continue }
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
