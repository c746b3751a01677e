import Faults
import Messages
import StateMachines
import Traces

/// Turns what happened into events of a trace, each with its cause.
///
/// The state box of a step stands on the event that led to it: the receive, the timer, the completed write. A node's
/// start, which is no event of its own, shows as a `state` event. A decide carries the outcome as label and the
/// subject as payload. A command's answer joins the oldest command of that node without one.
struct TraceRecorder<Node: ProtocolNode>: Sendable {
    let names: [String]
    let language: Language
    private let detail: TraceDetail
    private(set) var events: [Event] = []
    /// The event by which the message, timer or write of this name came into being. Only looked up, never iterated.
    private var origins: [CausalName: Int] = [:]
    private var summaries: [String]
    private var openInvocations: [[String]]
    private var invocations = 0
    /// The input of the step that is being recorded.
    private var input: Int?

    init(names: [String], language: Language, detail: TraceDetail = .everything) {
        self.names = names
        self.language = language
        self.detail = detail
        summaries = names.map { _ in "" }
        openInvocations = names.map { _ in [] }
    }

    func name(_ node: NodeID) -> String { names[node.index] }

    /// The order of the event by which the message, timer or write of this name came into being.
    func origin(of name: CausalName) -> Int? { origins[name] }

    /// The node of the latest event that is about one; the first node before any.
    var lastNode: NodeID {
        let name = events.last { $0.kind != .violation && $0.kind != .partition && $0.kind != .heal }?.node
        return NodeID(name.flatMap(names.firstIndex) ?? 0)
    }

    /// Begins a new step: what is recorded next has this cause unless it has a better one.
    mutating func beginStep(cause: Int?) { input = cause }

    /// - Parameter world: as it is after the step.
    /// - Returns: the order of the event, or of the event before it where the occurrence makes none.
    mutating func record(_ occurrence: Occurrence<Node>, at time: Tick, in world: World<Node>) -> Int {
        if detail == .announcements {
            switch occurrence {
            case .announced(let node, let announcement, _): record(announcement, of: node, at: time, in: world)
            case .invoked(let node, let command) where !world[node].machine.tellsOperations:
                append(.invoke, at: node, time, cause: nil, label: command)
            default: break
            }
            return events.count
        }
        switch occurrence {
        case .started(let node): recordStart(of: node, at: time, in: world)
        case .sent(let message):
            origins[message.name] = append(.send, message, at: message.from, peer: message.to, time, cause: input)
        case .received(let message):
            append(.receive, message, at: message.to, peer: message.from, time, cause: origins[message.name])
            becomesInput(of: message.to, in: world)
        case .lost(let message, let reason):
            append(.drop, message, at: message.to, peer: message.from, time, cause: origins[message.name])
            events[events.count - 1].payload = text(of: reason)
        case .duplicated(let copy):
            origins[copy.name] = append(
                .duplicate, copy, at: copy.from, peer: copy.to, time, cause: origins[copy.name.original])
        case .timerSet(let node, let armed):
            origins[armed.name] = append(.timerSet, at: node, time, cause: input, label: armed.timer)
        case .timerFired(let node, let armed):
            append(.timerFire, at: node, time, cause: origins[armed.name], label: armed.timer)
            becomesInput(of: node, in: world)
        case .persistAsked(let node, let record):
            origins[record.name] = append(.persist, at: node, time, cause: input, label: record.record)
        case .persisted(let node, let record):
            append(.persisted, at: node, time, cause: origins[record.name], label: record.record)
            becomesInput(of: node, in: world)
        case .invoked(let node, let command): recordInvocation(of: command, on: node, at: time, in: world)
        case .announced(let node, let announcement, _): record(announcement, of: node, at: time, in: world)
        case .crashed, .restarted, .paused, .resumed, .partitioned, .cut, .healed, .skewed:
            recordFault(occurrence, at: time, in: world)
        }
        return events.count
    }

    mutating func recordViolation(named name: String, problem: String, node: NodeID, at time: Tick) -> Int {
        add(.violation, at: node, time, cause: events.count, label: name, payload: problem)
    }

    /// Something that whoever tells the run has to say about this moment.
    mutating func recordRemark(_ text: String, node: NodeID, at time: Tick) {
        add(.note, at: node, time, cause: events.count, label: text)
    }
}

extension TraceRecorder {
    @discardableResult
    private mutating func add(
        _ kind: EventKind, at node: NodeID, _ time: Tick, peer: NodeID? = nil, id: String? = nil, cause: Int? = nil,
        label: String? = nil, payload: String? = nil
    ) -> Int {
        let order = events.count + 1
        events.append(
            Event(
                order: order, time: time, kind: kind, node: name(node), peer: peer.map(name), id: id, cause: cause,
                label: label, payload: payload))
        return order
    }

    @discardableResult
    private mutating func append(
        _ kind: EventKind, at node: NodeID, _ time: Tick, cause: Int?, label: some Labelled
    ) -> Int {
        add(kind, at: node, time, cause: cause, label: label.label, payload: label.detail.isEmpty ? nil : label.detail)
    }

    @discardableResult
    private mutating func append(
        _ kind: EventKind, _ message: InFlightMessage<Node.Message>, at node: NodeID, peer: NodeID, _ time: Tick,
        cause: Int?
    ) -> Int {
        let detail = message.message.detail
        return add(
            kind, at: node, time, peer: peer, id: message.name.original.text(names), cause: cause,
            label: message.message.label, payload: detail.isEmpty ? nil : detail)
    }

    /// The last event led to a step of `node`: what follows is caused by it, and it carries the new state.
    private mutating func becomesInput(of node: NodeID, in world: World<Node>) {
        input = events.count
        guard world[node].status != .down else { return }
        let summary = world[node].machine.summary
        guard summary != summaries[node.index] else { return }
        summaries[node.index] = summary
        events[events.count - 1].state = summary
    }

    private mutating func recordStart(of node: NodeID, at time: Tick, in world: World<Node>) {
        let summary = world[node].machine.summary
        guard world[node].status != .down, !summary.isEmpty else { return }
        add(.state, at: node, time, cause: input, label: summary)
        becomesInput(of: node, in: world)
    }

    private mutating func recordInvocation(
        of command: Node.Command, on node: NodeID, at time: Tick, in world: World<Node>
    ) {
        guard !world[node].machine.tellsOperations else { return }  // It tells itself when the operation begins.
        invocations += 1
        let id = "op\(invocations)"
        openInvocations[node.index].append(id)
        append(.invoke, at: node, time, cause: nil, label: command)
        events[events.count - 1].id = id
        becomesInput(of: node, in: world)
    }

    private mutating func record(
        _ announcement: Announcement, of node: NodeID, at time: Tick, in world: World<Node>
    ) {
        switch announcement {
        case .decided(let subject, let outcome):
            add(.decide, at: node, time, cause: input, label: outcome, payload: subject)
        case .responded(let answer):
            let id = openInvocations[node.index].isEmpty ? nil : openInvocations[node.index].removeFirst()
            add(.respond, at: node, time, id: id, cause: input, label: answer)
        case .phaseBegan(let phase): add(.phaseBegin, at: node, time, cause: input, label: phase)
        case .phaseEnded(let phase): add(.phaseEnd, at: node, time, cause: input, label: phase)
        case .noted(let note): add(.note, at: node, time, cause: input, label: note)
        case .began(let operation, let request):
            add(.invoke, operation, at: node, time, in: world, label: request)
            becomesInput(of: node, in: world)
        case .ended(let operation, let outcome):
            add(.respond, operation, at: node, time, in: world, label: outcome.words)
            if case .answered(_, let version?) = outcome { events[events.count - 1].payload = "\(version)" }
        }
    }

    /// An operation's begin or end; the client is the peer where it is not the node, or not as it was at first.
    private mutating func add(
        _ kind: EventKind, _ operation: ClientOperation, at node: NodeID, _ time: Tick, in world: World<Node>,
        label: String
    ) {
        let client = world.client(of: operation, toldBy: node).name(names)
        add(kind, at: node, time, id: "\(client) \(operation.number)", cause: input, label: label)
        if client != name(node) { events[events.count - 1].peer = client }
    }

    private mutating func recordFault(_ occurrence: Occurrence<Node>, at time: Tick, in world: World<Node>) {
        let first = NodeID(0)
        switch occurrence {
        case .crashed(let node, let lost):
            let payload = lost == 0 ? nil : SimulatorMessages.recordsLost(lost).text(in: language)
            add(.crash, at: node, time, cause: input, payload: payload)
            summaries[node.index] = ""
            openInvocations[node.index] = []
        case .restarted(let node, let recovered):
            let label = SimulatorMessages.recovered(recovered).text(in: language)
            add(.restart, at: node, time, cause: input, label: label)
            becomesInput(of: node, in: world)
        case .paused(let node): add(.pause, at: node, time, cause: input)
        case .resumed(let node): add(.resume, at: node, time, cause: input)
        case .partitioned(let groups):
            let label = groups.map { $0.map(name).joined(separator: ",") }.joined(separator: "|")
            add(.partition, at: first, time, cause: input, label: label)
        case .cut(let from, let to):
            add(.partition, at: first, time, cause: input, label: "\(name(from))>\(name(to))")
        case .healed: add(.heal, at: first, time, cause: input)
        case .skewed(let node, let microseconds):
            add(.skew, at: node, time, cause: input, label: ClockOffset(microseconds: microseconds).description)
        case .started, .sent, .received, .lost, .duplicated, .timerSet, .timerFired, .persistAsked, .persisted,
            .invoked, .announced:
            preconditionFailure("\(occurrence) is no fault")
        }
    }

    private func text(of reason: LossReason) -> String {
        switch reason {
        case .dropped: SimulatorMessages.lostDropped.text(in: language)
        case .linkCut: SimulatorMessages.lostLinkCut.text(in: language)
        case .nodeDown: SimulatorMessages.lostNodeDown.text(in: language)
        }
    }
}
