public import StateMachines

extension World {
    /// Performs one step.
    ///
    /// - Parameter now: virtual time; the explorer, which has none, always passes zero.
    /// - Returns: false, with nothing changed, when the event cannot happen here: an unknown name, a link that is
    ///   cut, a node in the wrong condition. Shrinking relies on it.
    @inlinable public mutating func apply<Observer: StepObserver<Node>>(
        _ step: Step, at now: Tick, observer: inout Observer
    ) -> Bool {
        switch step.event {
        case .start(let node):
            guard nodes[node.index].status == .notStarted else { return false }
            nodes[node.index].status = .up
            observer.observe(.started(node))
            run(.started, on: node, at: now, crash: step.midStepCrash, &observer)
        case .deliver(let name): return deliver(name, at: now, crash: step.midStepCrash, &observer)
        case .drop(let name): return drop(name, &observer)
        case .duplicate(let name): return duplicate(name, &observer)
        case .fireTimer(let name): return fireTimer(name, at: now, crash: step.midStepCrash, &observer)
        case .completeWrite(let name): return completeWrite(name, at: now, crash: step.midStepCrash, &observer)
        case .invoke(let node, let command):
            guard nodes[node.index].isUp else { return false }
            observer.observe(.invoked(node, command))
            run(.invoked(command), on: node, at: now, crash: step.midStepCrash, &observer)
        case .crash(let node, let keeping):
            let status = nodes[node.index].status
            guard status == .up || status == .paused, keeping <= nodes[node.index].unsynced.count else { return false }
            crash(node, keeping: keeping, &observer)
        case .restart(let node): return restart(node, at: now, crash: step.midStepCrash, &observer)
        case .pause(let node):
            guard move(node, from: .up, to: .paused, observer: &observer, .paused(node)) else { return false }
            FaultBudgets.spend(&budgets.pauses)
        case .resume(let node):
            return move(node, from: .paused, to: .up, observer: &observer, .resumed(node))
        case .partition(let groups):
            links.partition(groups)
            FaultBudgets.spend(&budgets.partitions)
            observer.observe(.partitioned(groups))
        case .cut(let from, let to):
            links.cut(from: from, to: to)
            FaultBudgets.spend(&budgets.cuts)
            observer.observe(.cut(from: from, to: to))
        case .heal:
            guard links.isAnyCut else { return false }
            links.heal()
            observer.observe(.healed)
        case .skew(let node, let microseconds): skew(node, by: microseconds, at: now, &observer)
        }
        return true
    }
}

// MARK: - Messages

extension World {
    /// The position of a name among the messages in flight.
    /// - Complexity: O(log *n*).
    @inlinable func position(of name: CausalName) -> (index: Int, isPresent: Bool) {
        var (low, high) = (0, messages.count)
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return (low, low < messages.count && messages[low].name == name)
    }

    @inlinable mutating func deliver<Observer: StepObserver<Node>>(
        _ name: CausalName, at now: Tick, crash: MidStepCrash?, _ observer: inout Observer
    ) -> Bool {
        let (index, isPresent) = position(of: name)
        guard isPresent else { return false }
        let message = messages[index]
        guard !links.isCut(from: message.from, to: message.to) else { return false }
        switch nodes[message.to.index].status {
        case .paused, .notStarted: return false
        case .down:
            messages.remove(at: index)
            observer.observe(.lost(message, .nodeDown))
        case .up:
            messages.remove(at: index)
            observer.observe(.received(message))
            run(
                .received(message.message, from: message.from), on: message.to, at: now, crash: crash,
                &observer)
        }
        return true
    }

    /// Over a cut link a message is lost for nothing; elsewhere it costs one of the losses.
    @inlinable mutating func drop<Observer: StepObserver<Node>>(
        _ name: CausalName, _ observer: inout Observer
    ) -> Bool {
        let (index, isPresent) = position(of: name)
        guard isPresent else { return false }
        let message = messages.remove(at: index)
        let isCut = links.isCut(from: message.from, to: message.to)
        if !isCut { FaultBudgets.spend(&budgets.losses) }
        observer.observe(.lost(message, isCut ? .linkCut : .dropped))
        return true
    }

    @inlinable mutating func duplicate<Observer: StepObserver<Node>>(
        _ name: CausalName, _ observer: inout Observer
    ) -> Bool {
        let (index, isPresent) = position(of: name)
        guard isPresent else { return false }
        var last = index
        while last + 1 < messages.count, messages[last + 1].name.original == name.original { last += 1 }
        guard messages[last].name.copy < .max else { return false }
        let copy = messages[index].copied(as: messages[last].name.copy + 1)
        messages.insert(copy, at: last + 1)
        FaultBudgets.spend(&budgets.duplications)
        observer.observe(.duplicated(copy))
        return true
    }
}

// MARK: - Nodes

extension World {
    /// Steps a machine and performs its effects in order; with `crash`, only some of them.
    @inlinable mutating func run<Observer: StepObserver<Node>>(
        _ input: Node.Input, on node: NodeID, at now: Tick, crash: MidStepCrash?, _ observer: inout Observer
    ) {
        let index = node.index
        nodes[index].steps += 1
        let clock = SimulatedNode<Node>.clock(at: now, skewedBy: nodes[index].skew)
        nodes[index].machine.step(input, at: clock, into: &observer.effects)
        observer.effectCount = observer.effects.count
        let crash = crash ?? observer.crashPoint(on: node)
        var ordinal = 0
        while ordinal != crash?.effectCount, let effect = observer.effects.popFirst() {
            let name = CausalName(
                node: index, incarnation: nodes[index].incarnation, step: nodes[index].steps, ordinal: ordinal)
            perform(effect, of: node, named: name, at: now, &observer)
            ordinal += 1
        }
        if let crash {
            observer.effects.removeAll()
            self.crash(node, keeping: min(crash.keeping, nodes[index].unsynced.count), &observer)
        } else {
            refreshFingerprint(of: index, &observer.encoder)
        }
    }

    @inlinable mutating func perform<Observer: StepObserver<Node>>(
        _ effect: Node.Effect, of node: NodeID, named name: CausalName, at now: Tick, _ observer: inout Observer
    ) {
        let index = node.index
        switch effect {
        case .send(let content, let to):
            var fingerprint = Fingerprint(high: 0, low: 0)
            if keepsFingerprints {
                observer.encoder.removeAll()
                node.encode(into: &observer.encoder)
                to.encode(into: &observer.encoder)
                content.encode(into: &observer.encoder)
                fingerprint = Fingerprint(of: observer.encoder.bytes)
            }
            let message = InFlightMessage(name: name, to: to, message: content, fingerprint: fingerprint)
            messages.insert(message, at: position(of: name).index)
            observer.observe(.sent(message))
        case .setTimer(let timer, let after):
            nodes[index].timers.removeAll { $0.timer == timer }
            let armed = ArmedTimer(name: name, timer: timer, after: after, due: now + after)
            nodes[index].timers.append(armed)
            observer.observe(.timerSet(node, armed))
        case .cancelTimer(let timer):
            nodes[index].timers.removeAll { $0.timer == timer }
        case .persist(let record, let isForced):
            let unsynced = UnsyncedRecord(name: name, record: record, isForced: isForced)
            nodes[index].unsynced.append(unsynced)
            observer.observe(.persistAsked(node, unsynced))
        case .announce(let announcement):
            guard note(announcement, of: node) else { return }
            observer.observe(.announced(node, announcement, ordinal: name.ordinal))
        }
    }

    @inlinable mutating func fireTimer<Observer: StepObserver<Node>>(
        _ name: CausalName, at now: Tick, crash: MidStepCrash?, _ observer: inout Observer
    ) -> Bool {
        let node = NodeID(name.node)
        guard nodes[node.index].isUp, let index = nodes[node.index].timers.firstIndex(where: { $0.name == name })
        else { return false }
        let armed = nodes[node.index].timers.remove(at: index)
        observer.observe(.timerFired(node, armed))
        run(.timerFired(armed.timer), on: node, at: now, crash: crash, &observer)
        return true
    }

    @inlinable mutating func completeWrite<Observer: StepObserver<Node>>(
        _ name: CausalName, at now: Tick, crash: MidStepCrash?, _ observer: inout Observer
    ) -> Bool {
        let node = NodeID(name.node)
        let index = node.index
        guard nodes[index].isUp, let last = nodes[index].unsynced.firstIndex(where: { $0.isForced }),
            nodes[index].unsynced[last].name == name
        else { return false }
        let record = nodes[index].unsynced[last]
        nodes[index].durable.append(contentsOf: nodes[index].unsynced[...last].map(\.record))
        Node.compact(&nodes[index].durable)
        nodes[index].unsynced.removeFirst(last + 1)
        observer.observe(.persisted(node, record))
        run(.persisted(record.record), on: node, at: now, crash: crash, &observer)
        return true
    }

    @inlinable mutating func crash<Observer: StepObserver<Node>>(
        _ node: NodeID, keeping: Int, _ observer: inout Observer
    ) {
        let index = node.index
        let lost = nodes[index].unsynced.count - keeping
        nodes[index].durable.append(contentsOf: nodes[index].unsynced.prefix(keeping).map(\.record))
        Node.compact(&nodes[index].durable)
        nodes[index].unsynced.removeAll()
        nodes[index].timers.removeAll()
        nodes[index].status = .down
        FaultBudgets.spend(&budgets.crashes)
        refreshFingerprint(of: index, &observer.encoder)
        observer.observe(.crashed(node, lostRecords: lost))
    }

    @inlinable mutating func restart<Observer: StepObserver<Node>>(
        _ node: NodeID, at now: Tick, crash: MidStepCrash?, _ observer: inout Observer
    ) -> Bool {
        let index = node.index
        guard nodes[index].status == .down else { return false }
        nodes[index].status = .up
        nodes[index].incarnation += 1
        nodes[index].steps = 0
        nodes[index].machine = initialMachines[index]
        FaultBudgets.spend(&budgets.restarts)
        observer.observe(.restarted(node, recovered: nodes[index].durable.count))
        run(.recovered(nodes[index].durable), on: node, at: now, crash: crash, &observer)
        return true
    }

    @inlinable mutating func move<Observer: StepObserver<Node>>(
        _ node: NodeID, from old: SimulatedNode<Node>.Status, to new: SimulatedNode<Node>.Status,
        observer: inout Observer, _ occurrence: @autoclosure () -> Occurrence<Node>
    ) -> Bool {
        guard nodes[node.index].status == old else { return false }
        nodes[node.index].status = new
        refreshFingerprint(of: node.index, &observer.encoder)
        observer.observe(occurrence())
        return true
    }

    /// A clock that jumps ahead makes its timers due earlier by as much, though never in the past.
    @inlinable mutating func skew<Observer: StepObserver<Node>>(
        _ node: NodeID, by microseconds: Int64, at now: Tick, _ observer: inout Observer
    ) {
        let index = node.index
        nodes[index].skew += microseconds
        for position in nodes[index].timers.indices {
            let due = Int64(nodes[index].timers[position].due.microseconds) - microseconds
            nodes[index].timers[position].due = Tick(
                microseconds: UInt64(max(due, Int64(now.microseconds))))
        }
        refreshFingerprint(of: index, &observer.encoder)
        observer.observe(.skewed(node, microseconds: microseconds))
    }
}
