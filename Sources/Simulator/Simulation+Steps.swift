import Checking
import Faults
import Messages
import StateMachines
import Traces

extension Simulation {
    mutating func perform(_ entry: Entry) {
        if let node = waitsFor(entry.work) { return deferred[node.index].append(entry) }
        switch entry.work {
        case .faultBegins(let position): beginFault(position, cause: nil)
        case .faultEnds(let position): endFault(position)
        case .start(let node): perform(.start(node))
        case .invoke(let position): perform(command(at: position))
        case .deliver(let name): perform(isCut(name) ? .drop(name) : .deliver(name))
        case .drop(let name): perform(.drop(name))
        case .fireTimer(let name): if isDue(name) { perform(.fireTimer(name)) }
        case .completeWrite(let name): perform(.completeWrite(name))
        }
    }

    private mutating func perform(_ event: WorldEvent<Node.Command>) { perform(WorldStep(event), cause: nil) }

    /// The paused node that this has to wait for.
    private func waitsFor(_ work: Entry.Work) -> NodeID? {
        guard pausedCount > 0 else { return nil }
        let node: NodeID
        switch work {
        case .deliver(let name):
            guard let message = message(name) else { return nil }
            node = message.to
        case .fireTimer(let name), .completeWrite(let name): node = NodeID(name.node)
        case .invoke(let position): node = plan.commands[position].node
        case .faultBegins, .faultEnds, .start, .drop: return nil
        }
        return world[node].status == .paused ? node : nil
    }

    func message(_ name: CausalName) -> InFlightMessage<Node.Message>? {
        let (index, isPresent) = world.position(of: name)
        return isPresent ? world.messages[index] : nil
    }

    private func isCut(_ name: CausalName) -> Bool {
        guard world.links.isAnyCut else { return false }
        return message(name).map { world.links.isCut(from: $0.from, to: $0.to) } ?? false
    }

    /// A timer that a skew has put off is due later; its new entry stands in the schedule.
    private func isDue(_ name: CausalName) -> Bool {
        world[NodeID(name.node)].timers.contains { $0.name == name && $0.due <= now }
    }

    /// Takes one step of the world and everything that follows from it at the same moment.
    @discardableResult
    mutating func perform(_ step: WorldStep<Node.Command>, cause: Int?) -> Bool {
        var step = step
        var observer = RecordingObserver<Node>()
        let before = plan.checksDeterminism ? world : nil
        if let limit = plan.faultsBeginUntil, now > limit { script.stopWaiting() }
        if step.crashAfter == nil, script.mayCrashWithinStep {
            let keeping =
                plan.disk.mayKeepUnsynced ? streams.draw(.init(word: "unsynced")) { Int($0.uniform(in: 0...8)) } : 0
            observer.chooseCrash = { [script] node, occurrences, effects in
                script.crashPoint(of: node, occurrences, effects, keeping: keeping)
            }
        }
        guard plan.apply(&world, step, now, &observer) else { return false }
        if let crash = observer.crash { (step.crashAfter, step.keeping) = (crash.effectCount, crash.keeping) }
        if let before, !checkDeterminism(of: step, from: before) { return false }
        steps.append(TimedStep(time: now, step: step))
        recorder.beginStep(cause: cause)
        follow(observer.occurrences)
        if plan.checksEveryStep || observer.hasAnnounced {
            report(monitor.check(world), on: subject(of: observer.occurrences))
        }
        return true
    }

    /// Records occurrences, schedules what they lead to, and begins the faults that wait for them.
    private mutating func follow(_ occurrences: [Occurrence<Node>]) {
        var begun: [(fault: Int, cause: Int)] = []
        var duplicates: [CausalName] = []
        for occurrence in occurrences {
            let order = recorder.record(occurrence, at: now, in: world)
            if case .sent(let message) = occurrence {
                let copies = scheduleMessage(message, isReply: takeOwedReply(of: message))
                duplicates.append(contentsOf: Array(repeating: message.name, count: copies))
            } else {
                scheduleConsequences(of: occurrence)
            }
            for fault in script.triggered(by: occurrence) {
                script.begin(fault)
                begun.append((fault, order))
            }
        }
        for name in duplicates { perform(WorldStep(.duplicate(name)), cause: nil) }
        for (fault, cause) in begun { beginFault(fault, cause: cause) }
    }

    private mutating func scheduleConsequences(of occurrence: Occurrence<Node>) {
        switch occurrence {
        case .duplicated(let copy):
            let delay = plan.network.delay
            let extra = streams.draw(.init(word: "duplicate", from: copy.from, to: copy.to)) {
                $0.uniform(in: 0...delay.microseconds)
            }
            schedule(.deliver(copy.name), at: now + delay + .microseconds(extra), .message, tie: copy.name)
        case .timerSet(_, let armed): schedule(.fireTimer(armed.name), at: armed.due, .timer, tie: armed.name)
        case .persistAsked(let node, let record):
            guard record.isForced else { return }
            let start = max(now, diskFree[node.index])
            let disk = plan.otherDisks[node.index] ?? plan.disk
            diskFree[node.index] =
                start + streams.draw(.init(word: "disk", from: node), around: disk.delay, jitter: disk.jitter)
            schedule(.completeWrite(record.name), at: diskFree[node.index], .disk, tie: record.name)
        case .received(let message): owedReplies[message.to.index][message.from.index] += 1
        case .crashed(let node, _):
            owedReplies[node.index] = plan.names.map { _ in 0 }
            diskFree[node.index] = now
            countPaused()
            releaseDeferred(of: node)
        case .paused: countPaused()
        case .resumed(let node):
            countPaused()
            releaseDeferred(of: node)
        case .skewed(let node, _):
            for armed in world[node].timers {
                schedule(.fireTimer(armed.name), at: armed.due, .timer, tie: armed.name)
            }
        case .started, .sent, .lost, .timerFired, .persisted, .invoked, .announced, .restarted,
            .partitioned, .cut, .healed:
            break
        }
    }

    private mutating func countPaused() { pausedCount = world.nodes.count { $0.status == .paused } }

    /// What waited comes at once, in the order it came, a microsecond apart.
    private mutating func releaseDeferred(of node: NodeID) {
        for (position, var entry) in deferred[node.index].enumerated() {
            entry.time = now + .microseconds(UInt64(position))
            schedule.insert(entry)
        }
        deferred[node.index] = []
    }

    private func subject(of occurrences: [Occurrence<Node>]) -> NodeID {
        for occurrence in occurrences {
            switch occurrence {
            case .received(let message): return message.to
            case .sent(let message): return message.from
            case .started(let node), .timerFired(let node, _), .persisted(let node, _), .invoked(let node, _),
                .crashed(let node, _), .restarted(let node, _), .paused(let node), .resumed(let node):
                return node
            case .lost, .duplicated, .timerSet, .persistAsked, .announced, .partitioned, .cut, .healed, .skewed:
                continue
            }
        }
        return NodeID(0)
    }

    mutating func report(_ problems: [Violation], on node: NodeID) {
        for problem in problems {
            let text = problem.problem.text(in: plan.language)
            let order = recorder.recordViolation(named: problem.invariant, problem: text, node: node, at: now)
            monitor.locate(problem.invariant, at: order)
        }
        if !problems.isEmpty, plan.stopsAtViolation, end == nil { end = .violation }
    }

    private mutating func checkDeterminism(of step: WorldStep<Node.Command>, from before: World<Node>) -> Bool {
        var (twin, observer) = (before, RecordingObserver<Node>())
        _ = plan.apply(&twin, step, now, &observer)
        guard twin != world else { return true }
        end = .nondeterminism(node: plan.names[subject(of: observer.occurrences).index])
        return false
    }
}

// MARK: - Messages and links

extension Simulation {
    /// Whether a message answers one: its sender has had more messages from its receiver than it has sent there.
    private mutating func takeOwedReply(of message: InFlightMessage<Node.Message>) -> Bool {
        guard owedReplies[message.from.index][message.to.index] > 0 else { return false }
        owedReplies[message.from.index][message.to.index] -= 1
        return true
    }

    /// Decides when a new message arrives, or how far it gets.
    /// - Returns: how many copies of it the faults ask for.
    mutating func scheduleMessage(_ message: InFlightMessage<Node.Message>, isReply: Bool) -> Int {
        func purpose(_ word: String) -> RandomStreams.Purpose { .init(word: word, from: message.from, to: message.to) }
        let flight = streams.draw(purpose("delay"), around: plan.network.delay, jitter: plan.network.jitter)
        let hits = script.hits(on: message, isReply: isReply, &streams)
        var (extra, copies) = (Tick.zero, 0)
        var isLost = world.links.isCut(from: message.from, to: message.to)
        for action in hits {
            switch action {
            case .drop, .loseReply: isLost = true
            case .delay(_, let time): extra = extra + time
            case .duplicate: copies += 1
            case .reorder:
                let delay = plan.network.delay.microseconds
                extra = extra + .microseconds(streams.draw(purpose("reorder")) { $0.uniform(in: delay...3 * delay) })
            case .partition, .oneWay, .isolate, .heal, .crash, .restart, .pause, .resume, .skew, .loseUnsynced,
                .expireSession:
                preconditionFailure("\(action) is about no message")
            }
        }
        guard !isLost else {
            let way = Tick(microseconds: flight.microseconds * 3 / 5)
            schedule(.drop(message.name), at: now + way, .message, tie: message.name)
            return 0
        }
        let arrival = arrivalTime(of: message, after: flight, extra: extra)
        schedule(.deliver(message.name), at: arrival, .message, tie: message.name)
        return copies
    }

    /// A message that a fault holds back leaves the order of its link: later ones may overtake it.
    private mutating func arrivalTime(
        of message: InFlightMessage<Node.Message>, after flight: Tick, extra: Tick
    ) -> Tick {
        guard plan.network.isOrdered, extra == .zero else { return now + flight + extra }
        let index = message.from.index * plan.names.count + message.to.index
        let arrival = max(now + flight, lastArrivals[index] + .microseconds(1))
        lastArrivals[index] = arrival
        return arrival
    }
}
