public import Simulator
public import StateMachines

/// The successors of one state of a `WorldModel`, while they are being made.
@usableFromInline struct Expansion<Node: ProtocolNode> {
    @usableFromInline typealias Event = WorldEvent<Node.Command>
    @usableFromInline typealias State = ExploredState<Node>

    @usableFromInline let model: WorldModel<Node>
    @usableFromInline let state: State
    /// Choices that need not be tried here; crashes within their steps must be.
    @usableFromInline let sleeping: UInt64
    @usableFromInline var successors: [Successor<State, WorldStep<Node.Command>>]
    @usableFromInline var observer = SilentObserver<Node>()
    /// Whether something that is no fault and no timer can happen.
    @usableFromInline var canProceed = false

    @inlinable init(
        model: WorldModel<Node>, state: State, sleeping: UInt64,
        successors: [Successor<State, WorldStep<Node.Command>>]
    ) {
        self.model = model
        self.state = state
        self.sleeping = sleeping
        self.successors = successors
    }

    @inlinable var world: World<Node> { _read { yield state.world } }

    /// Appends the state after `event`, and, where a crash is allowed there, the states in which the stepping node
    /// crashed between two effects.
    @inlinable mutating func add(
        _ event: Event, stepping node: NodeID? = nil, isFault: Bool = false, command: Int? = nil,
        isEarlyTimeout: Bool = false, sender: NodeID? = nil, choice: Int8 = -1
    ) {
        let isAsleep = choice >= 0 && sleeping >> UInt64(choice) & 1 == 1
        var next = state
        if let command { next.commandsGiven |= 1 << UInt64(command) }
        if isEarlyTimeout { FaultBudgets.spend(&next.world.budgets.earlyTimeouts) }
        let mayCrash = model.rules.crashesInsideSteps && world.budgets.crashes > 0 && node.map(mayCrash) ?? false
        if isAsleep, !mayCrash { return }
        let before = mayCrash ? next : nil
        guard next.world.apply(WorldStep(event), at: .zero, observer: &observer) else { return }
        if model.rules.isNarrow { passTurn(from: sender, in: &next) }
        if !isAsleep { successors.append(Successor(WorldStep(event), next, isFault: isFault, choice: choice)) }
        guard let before, observer.effectCount > 1 else { return }
        for performed in 1..<observer.effectCount {
            var crashed = before
            let step = WorldStep(event, crashAfter: performed)
            guard crashed.world.apply(step, at: .zero, observer: &observer) else { continue }
            if model.rules.isNarrow { passTurn(from: sender, in: &crashed) }
            successors.append(Successor(step, crashed, isFault: true))
        }
    }

    @inlinable func mayCrash(_ node: NodeID) -> Bool {
        model.rules.crashing.isEmpty || model.rules.crashing.contains(node)
    }

    // MARK: What is no fault

    @inlinable mutating func deliver() {
        for index in world.messages.indices {
            let message = world.messages[index]
            if world.links.isCut(from: message.from, to: message.to) {
                canProceed = true
                add(.drop(message.name))
            } else if isDeliverable(at: index), world[message.to].status != .paused {
                canProceed = true
                guard !model.rules.isNarrow || isNext(at: index) else { continue }
                add(
                    .deliver(message.name), stepping: message.to, sender: message.from,
                    choice: model.choice(deliveringFrom: message.from, to: message.to))
            }
        }
    }

    /// Whether no earlier message of the same link is in flight; in a network without order, always.
    @inlinable func isDeliverable(at index: Int) -> Bool {
        guard model.rules.isOrdered else { return true }
        let message = world.messages[index]
        return !world.messages[..<index].contains { $0.from == message.from && $0.to == message.to }
    }

    @inlinable mutating func completeWrites() {
        for index in world.nodes.indices where world.nodes[index].isUp {
            guard let forced = world.nodes[index].unsynced.first(where: { $0.isForced }) else { continue }
            canProceed = true
            if model.rules.isNarrow, world.nodes[..<index].contains(where: \.isWriting) { continue }
            add(
                .completeWrite(forced.name), stepping: NodeID(index),
                choice: model.choice(writingAt: NodeID(index)))
        }
    }

    @inlinable mutating func giveCommands() {
        var isNext = true
        var passed: UInt64 = 0  // Nodes with a command that is still to be given.
        for (index, (node, command)) in model.commands.enumerated() where state.commandsGiven >> UInt64(index) & 1 == 0
        {
            let isTelling = model.telling >> UInt64(node.index) & 1 == 1
            let mayCome = isTelling ? passed >> UInt64(node.index) & 1 == 0 : isNext
            if mayCome, world[node].isUp, !isWaiting(node) {
                canProceed = true
                add(.invoke(node, command), stepping: node, command: index)
            }
            passed |= 1 << UInt64(node.index)
            if !isTelling { isNext = false }
        }
    }

    @inlinable func isWaiting(_ node: NodeID) -> Bool {
        world.history.isWaiting(node, incarnation: world[node].incarnation)
    }

    @inlinable mutating func fireTimers() {
        guard !canProceed || world.budgets.earlyTimeouts > 0 else { return }
        let isEarly = canProceed
        for index in world.nodes.indices where world.nodes[index].isUp {
            let timers = world.nodes[index].timers
            for (position, timer) in timers.enumerated()
            where !timers[..<position].contains(where: { $0.after <= timer.after }) {
                add(.fireTimer(timer.name), stepping: NodeID(index), isFault: isEarly, isEarlyTimeout: isEarly)
            }
        }
    }

    // MARK: Turns of a narrow model

    /// Whether the message at this position may be delivered now: nobody waits for a disk, it is its sender's turn, or nobody's, and
    /// it is the sender's first.
    @inlinable func isNext(at index: Int) -> Bool {
        let sender = world.messages[index].from
        guard state.turn == 0 || Int(state.turn) == sender.index + 1, !world.nodes.contains(where: \.isWriting) else {
            return false
        }
        return !world.messages[..<index].contains { $0.from == sender && Self.isArriving($0, in: world) }
    }

    @inlinable static func isArriving(_ message: InFlightMessage<Node.Message>, in world: World<Node>) -> Bool {
        !world.links.isCut(from: message.from, to: message.to) && world[message.to].status != .paused
    }

    /// The turn stays with the sender of what was delivered, or with who had it, while there is more to deliver.
    @inlinable func passTurn(from sender: NodeID?, in next: inout State) {
        let holder = sender.map { $0.index + 1 } ?? Int(next.turn)
        let world = next.world
        let hasMore = world.messages.contains { $0.from.index + 1 == holder && Self.isArriving($0, in: world) }
        next.turn = hasMore ? UInt8(holder) : 0
    }

    // MARK: Faults and repairs

    @inlinable mutating func injectFaults() {
        let budgets = world.budgets
        if budgets.losses > 0 {
            for message in world.messages where !world.links.isCut(from: message.from, to: message.to) {
                add(.drop(message.name), isFault: true)
            }
        }
        if budgets.duplications > 0 {
            for message in world.messages { add(.duplicate(message.name), isFault: true) }
        }
        for node in world.identifiers {
            switch world[node].status {
            case .up, .paused:
                guard budgets.crashes > 0, mayCrash(node) else { continue }
                for keeping in 0...world[node].unsynced.count { add(.crash(node, keeping: keeping), isFault: true) }
            case .down:
                if budgets.restarts > 0 { add(.restart(node), stepping: node, isFault: true) }
            case .notStarted: continue
            }
        }
        if world.links.isAnyCut {
            add(.heal, isFault: true)
        } else if budgets.partitions > 0 {
            for split in model.splits { add(.partition(split), isFault: true) }
        }
        injectSilences()
    }

    /// Links that are cut one way, and nodes that stop for a while. That they go on again is as little sure as a restart.
    @inlinable mutating func injectSilences() {
        if world.budgets.cuts > 0 {
            for from in world.identifiers {
                for to in world.identifiers where from != to && !world.links.isCut(from: from, to: to) {
                    add(.cut(from: from, to: to), isFault: true)
                }
            }
        }
        for node in world.identifiers {
            switch world[node].status {
            case .up: if world.budgets.pauses > 0 { add(.pause(node), isFault: true) }
            case .paused: add(.resume(node), isFault: true)
            case .down, .notStarted: continue
            }
        }
    }
}

extension SimulatedNode {
    /// Whether it waits for its disk.
    @inlinable var isWriting: Bool { isUp && unsynced.contains(where: \.isForced) }
}
