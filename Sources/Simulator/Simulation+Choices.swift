package import Faults
package import StateMachines
import Traces

/// What is planned to happen.
package enum PendingWork<Command: Hashable & Sendable>: Hashable, Sendable {
    case event(WorldEvent<Command>)
    /// The fault at this position of the script begins.
    case faultBegins(Int)
    /// Its time is over.
    case faultEnds(Int)
}

/// Something that is due, and that a person may choose.
package struct PendingChoice<Command: Hashable & Sendable>: Hashable, Sendable {
    /// Why it cannot be chosen yet.
    package enum Obstacle: Hashable, Sendable {
        /// The node it happens on is paused, or has not started.
        case waitsFor(NodeID)
        /// Links and disks keep their order: this message or write comes first.
        case behind(CausalName)
    }

    package var time: Tick
    package var work: PendingWork<Command>
    package var obstacle: Obstacle?
    /// Of a message: it will not arrive, because a fault has struck it, its link is cut or its receiver is down.
    package var isLost = false
}

// MARK: - What may come

extension Simulation {
    /// Everything that is due, in the order in which it would come. Entries that have become pointless (the timer was
    /// moved, the node crashed) are left out.
    package var pending: [PendingChoice<Node.Command>] {
        var latest: [Int: CausalName] = [:]  // By link; only looked up.
        let entries = schedule.elements.sorted() + deferred.flatMap(\.self)
        return entries.filter(isStillPossible).map { entry in
            var choice = PendingChoice(time: entry.time, work: work(of: entry))
            guard let event = event(of: entry) else { return choice }
            choice.obstacle = obstacle(to: event)
            if let message = message(of: event) {
                choice.isLost = isLost(message, event)
                let link = message.from.index * plan.names.count + message.to.index
                if let earlier = latest[link], choice.obstacle == nil { choice.obstacle = .behind(earlier) }
                // A copy goes its own way, and what is lost holds nobody up.
                if plan.network.isOrdered, message.name.copy == 0, !choice.isLost { latest[link] = message.name }
            }
            return choice
        }
    }

    private func obstacle(to event: WorldEvent<Node.Command>) -> PendingChoice<Node.Command>.Obstacle? {
        let node: NodeID
        switch event {
        case .deliver(let name):
            guard let message = message(name) else { return nil }
            node = message.to
        case .invoke(let target, _): node = target
        case .fireTimer(let name): node = NodeID(name.node)
        case .completeWrite(let name):
            node = NodeID(name.node)
            if let first = world[node].unsynced.first(where: \.isForced), first.name != name {
                return .behind(first.name)
            }
        case .start, .drop, .duplicate, .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew: return nil
        }
        return switch world[node].status {
        case .paused, .notStarted: .waitsFor(node)
        case .up, .down: nil
        }
    }

    private func work(of entry: Entry) -> PendingWork<Node.Command> {
        switch entry.work {
        case .faultBegins(let position): .faultBegins(position)
        case .faultEnds(let position): .faultEnds(position)
        case .start(let node): .event(.start(node))
        case .invoke(let position): .event(command(at: position))
        case .deliver(let name): .event(.deliver(name))
        case .drop(let name): .event(.drop(name))
        case .fireTimer(let name): .event(.fireTimer(name))
        case .completeWrite(let name): .event(.completeWrite(name))
        }
    }

    private func event(of entry: Entry) -> WorldEvent<Node.Command>? {
        if case .event(let event) = work(of: entry) { event } else { nil }
    }

    /// The plan's command at a position.
    func command(at position: Int) -> WorldEvent<Node.Command> {
        .invoke(plan.commands[position].node, plan.commands[position].command)
    }

    /// The message in flight that an event is about.
    package func message(of event: WorldEvent<Node.Command>) -> InFlightMessage<Node.Message>? {
        switch event {
        case .deliver(let name), .drop(let name), .duplicate(let name): message(name)
        case .start, .fireTimer, .completeWrite, .invoke, .crash, .restart, .pause, .resume, .partition, .cut, .heal,
            .skew:
            nil
        }
    }

    private func isLost(_ message: InFlightMessage<Node.Message>, _ event: WorldEvent<Node.Command>) -> Bool {
        if case .drop = event { return true }
        return world.links.isCut(from: message.from, to: message.to) || world[message.to].status == .down
    }

    private func isStillPossible(_ entry: Entry) -> Bool {
        switch entry.work {
        case .faultBegins, .faultEnds: true
        case .deliver(let name), .drop(let name): message(name) != nil
        // Where a skew has moved it, an older entry stands in the schedule too.
        case .fireTimer(let name):
            world[NodeID(name.node)].timers.contains { $0.name == name && max($0.due, now) == max(entry.time, now) }
        case .completeWrite(let name): world[NodeID(name.node)].unsynced.contains { $0.name == name }
        case .invoke(let position): world[plan.commands[position].node].status != .down
        case .start(let node): world[node].status == .notStarted
        }
    }

    /// The fault at a position of the script: the plan's own come first, then those added on the way.
    package func fault(_ position: Int) -> Fault { script.entries[position].fault }

    /// Every fault of the script.
    package var faults: [Fault] { script.entries.map(\.fault) }
    /// The faults that are in force now and strike messages.
    package var activeMessageFaults: [Fault] {
        script.entries.filter { $0.phase == .active && $0.fault.action.isAboutMessages }.map(\.fault)
    }
    /// The faults that wait for something to happen.
    package var waitingFaults: [Fault] { script.stillWaiting }

    /// The position in the trace of the event by which a message, timer or write of this name came into being.
    package func origin(of name: CausalName) -> Int? { recorder.origin(of: name) }
}

// MARK: - Choosing

extension Simulation {
    /// Does what is due next and leads to anything; at the end of the schedule, ends the run.
    ///
    /// - Returns: false when the run is over already.
    package mutating func takeNext() -> Bool {
        guard end == nil else { return false }
        let before = steps.count
        while end == nil, steps.count == before {
            let isFault = schedule.first.map { $0.time <= plan.timeLimit && $0.work.isFault } ?? false
            _ = advance()
            if isFault { break }
        }
        return true
    }

    /// Takes pending work out of turn: time moves on to when it is due, and what it overtakes comes after it.
    ///
    /// - Returns: false when nothing like it is pending, when it has to wait, or the run is over.
    package mutating func take(_ chosen: PendingWork<Node.Command>) -> Bool {
        guard end == nil, steps.count < plan.stepLimit,
            pending.contains(where: { $0.work == chosen && $0.obstacle == nil })
        else { return false }
        let before = self
        let found = schedule.removeAll { before.work(of: $0) == chosen && before.isStillPossible($0) }
        guard let entry = found.first else { return false }
        for other in found.dropFirst() { schedule.insert(other) }
        now = max(now, entry.time)
        perform(entry)
        return true
    }

    /// Injects an event that nothing has scheduled: the loss or the copy of one message chosen by hand.
    ///
    /// - Returns: false when it is not possible in this state.
    package mutating func inject(_ event: WorldEvent<Node.Command>) -> Bool {
        guard end == nil, steps.count < plan.stepLimit else { return false }
        return perform(WorldStep(event), cause: nil)
    }

    /// Adds a fault to the script; without a condition it begins now.
    ///
    /// The run may then go on for two seconds at least, so that there is time for everything to mend.
    ///
    /// - Returns: false when it begins now and changes nothing: a crash of a node that is down.
    /// - Throws: when it names a node that is not in the plan, or needs sessions.
    package mutating func inject(_ fault: Fault) throws(SimulationError) -> Bool {
        guard end == nil else { return false }
        let position = try script.add(fault)
        let last: Tick
        switch fault.start {
        case .immediately:
            let before = steps.count
            beginFault(position, cause: nil)
            guard fault.action.isAboutMessages || steps.count > before else { return false }
            last = now
        case .at(let time):
            scheduleBeginning(of: fault, position)
            last = max(now, time)
        case .after: last = now
        }
        plan.timeLimit = max(plan.timeLimit, last + (fault.duration ?? .zero) + .seconds(2))
        return true
    }

    /// Takes a recorded step at its own time, whether it is planned here or not. From now on no fault of the script begins
    /// that has not: the effects of faults are among the steps.
    ///
    /// - Returns: false when it is not possible in this state.
    package mutating func repeatStep(_ step: TimedStep<Node.Command>) -> Bool {
        guard end == nil else { return false }
        script.stopWaiting()
        _ = schedule.removeAll { if case .faultBegins = $0.work { true } else { false } }
        now = max(now, step.time)
        guard perform(step.step, cause: nil) else { return false }
        let planned = schedule.removeAll { [self] in work(of: $0) == .event(step.step.event) }
        // A command may be given more than once, each at its own time.
        for other in planned.dropFirst() { schedule.insert(other) }
        return true
    }

    /// Of everything that has happened since an event of the trace, and everything that may follow.
    ///
    /// - Parameter events: how many events of the trace are known to be the same.
    /// - Complexity: O(world + schedule).
    func digest(after events: Int) -> Fingerprint {
        var encoder = CanonicalEncoder()
        encoder.encode(world)
        encoder.encode(now)
        for entry in schedule.elements.sorted() {
            encoder.encode(entry.time)
            encoder.encode(tag: entry.rank.rawValue)
            encoder.encode(entry.tie.packed)
            encoder.encode(tag: entry.tie.copy)
        }
        for event in recorder.events[events...] {
            encoder.encode(event.time)
            for text in [
                event.kind.rawValue, event.node, event.peer, event.id, event.label, event.payload, event.state,
            ] {
                encoder.encode(text)
            }
            encoder.encode(UInt64(event.cause ?? 0))
        }
        return Fingerprint(of: encoder.bytes)
    }
}
