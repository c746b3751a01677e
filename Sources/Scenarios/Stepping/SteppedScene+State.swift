import Checking
import Faults
import Messages
import Simulator
import StateMachines
import Traces

extension SteppedScene {
    typealias State = SteppedState

    var state: SteppedState {
        let simulation = travel.simulation
        let events = Array(simulation.trace.events[travel.moment.events])
        let news = events.map { scenes.presentation.translated($0, scenes.vocabulary, language) }
        return SteppedState(
            scene: scene, protocolName: scenes.name, seed: simulation.plan.seed, now: simulation.now,
            depth: travel.moment.depth, isAtTip: travel.nextOnBranch == nil, nodes: nodes,
            choices: simulation.pending.map(choice), cuts: cuts,
            activeFaults: simulation.activeMessageFaults.map(\.description),
            waitingFaults: simulation.waitingFaults.map(\.description), promises: promises, news: news,
            newsTrace: Trace(header: simulation.trace.header, events: news), end: simulation.end, branches: branches)
    }

    func name(_ node: NodeID) -> String { travel.simulation.plan.names[node.index] }
    func translated(_ said: String) -> String { scenes.vocabulary.text(said, in: language) }

    // MARK: Nodes

    private var nodes: [State.Node] {
        travel.simulation.world.nodes.enumerated().map { index, node in
            State.Node(
                name: name(NodeID(index)), condition: condition(node.status),
                state: node.status == .down ? "" : translated(node.machine.summary),
                timers: node.timers.map { armed in
                    let label = armed.timer.label
                    return State.Timer(label: label, due: armed.due, isRoutine: isRoutine(.timer, label, at: armed.due))
                },
                durable: node.durable.count, unsynced: node.unsynced.count, skew: node.skew)
        }
    }

    private func condition(_ status: SimulatedNode<Node>.Status) -> State.Node.Condition {
        switch status {
        case .notStarted: .notStarted
        case .up: .up
        case .paused: .paused
        case .down: .down
        }
    }

    /// As the trace tells it: what was cut since the last heal.
    private var cuts: [String] {
        guard travel.simulation.world.links.isAnyCut else { return [] }
        var cuts: [String] = []
        for event in travel.simulation.trace.events.reversed() {
            if event.kind == .heal { break }
            if event.kind == .partition, let label = event.label, !cuts.contains(label) { cuts.insert(label, at: 0) }
        }
        return cuts
    }

    // MARK: What may come

    func choice(_ pending: PendingChoice<Node.Command>) -> State.Choice {
        var choice = State.Choice(
            kind: .faultBegins, time: pending.time, label: "", detail: "", isLost: pending.isLost, isCopy: false,
            isRoutine: false)
        switch pending.work {
        case .faultBegins(let position): choice.label = travel.simulation.fault(position).action.description
        case .faultEnds(let position):
            choice.kind = .faultEnds
            choice.label = travel.simulation.fault(position).action.description
        case .event(let event): describe(event, &choice)
        }
        switch pending.obstacle {
        case .waitsFor(let node): choice.obstacle = .waitsFor(name(node))
        case .behind(let other): choice.obstacle = .behind(label(of: other))
        case nil: break
        }
        return choice
    }

    private func describe(_ event: WorldEvent<Node.Command>, _ choice: inout State.Choice) {
        let world = travel.simulation.world
        func fill(_ kind: State.Choice.Kind, _ node: NodeID, _ labelled: (any Labelled)?) {
            choice.kind = kind
            choice.node = name(node)
            choice.label = labelled?.label ?? ""
            choice.detail = translated(labelled?.detail ?? "")
        }
        switch event {
        case .start(let node): fill(.start, node, nil)
        case .deliver, .drop, .duplicate:
            guard let message = travel.simulation.message(of: event) else { return }
            fill(.message, message.to, message.message)
            choice.peer = name(message.from)
            choice.isCopy = message.name.copy > 0
        case .fireTimer(let name):
            let node = NodeID(name.node)
            fill(.timer, node, world[node].timers.first { $0.name == name }?.timer)
        case .completeWrite(let name):
            let node = NodeID(name.node)
            fill(.write, node, world[node].unsynced.first { $0.name == name }?.record)
        case .invoke(let node, let command): fill(.command, node, command)
        case .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew:
            preconditionFailure("\(event) is never planned")
        }
        choice.isRoutine = isRoutine(choice.kind, choice.label, at: choice.time)
    }

    private func isRoutine(_ kind: State.Choice.Kind, _ label: String, at time: Tick) -> Bool {
        let kind: EventKind =
            switch kind {
            case .message: .receive
            case .timer: .timerFire
            case .write: .persisted
            case .command: .invoke
            case .start, .faultBegins, .faultEnds: .note
            }
        return scenes.presentation.isRoutine(Event(order: 0, time: time, kind: kind, node: "", label: label))
    }

    /// Of the message or write of this name.
    private func label(of name: CausalName) -> String {
        if let message = travel.simulation.message(of: .deliver(name)) { return message.message.label }
        let node = travel.simulation.world[NodeID(name.node)]
        return node.unsynced.first { $0.name == name }?.record.label ?? ""
    }

    // MARK: Promises

    private var promises: [State.Promise] {
        let (plan, violations) = (travel.simulation.plan, travel.simulation.violations)
        let isOver = travel.simulation.end != nil
        func standing(_ name: String, isJudgedAlways: Bool) -> State.Promise.Standing {
            if let violation = violations.first(where: { $0.invariant == name }) { return .broken(violation.problem) }
            return isJudgedAlways || isOver ? .kept : .open
        }
        let ofStates = plan.invariants.map { invariant in
            State.Promise(
                invariant: invariant.name, explanation: invariant.explanation,
                standing: standing(invariant.name, isJudgedAlways: invariant.kind == .always))
        }
        let ofRuns = plan.wholeRunInvariants.map { invariant in
            State.Promise(
                invariant: invariant.name, explanation: invariant.explanation,
                standing: standing(invariant.name, isJudgedAlways: false))
        }
        return ofStates + ofRuns + [progress(isOver: isOver)]
    }

    /// Nobody who is up waits for ever: known where the run has ended.
    private func progress(isOver: Bool) -> State.Promise {
        let invariant = scenes.progress(names: travel.simulation.plan.names)
        let problem = isOver ? invariant.problem(travel.simulation.world) : nil
        return State.Promise(
            invariant: invariant.name, explanation: invariant.explanation,
            standing: problem.map { .broken($0) } ?? (isOver ? .kept : .open))
    }

    // MARK: Branches

    private var branches: [State.Branch] {
        travel.branchTree.map { position, level in
            let branch = travel.branches[position]
            let tip = travel.moments[branch.tip]
            return State.Branch(
                position: position, name: branch.name, level: level, length: tip.depth,
                leftAfter: branch.origin.map { travel.moments[$0.moment].depth }, violations: tip.violations,
                isCurrent: position == travel.current)
        }
    }
}
