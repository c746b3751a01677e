import Checking
import Explorer
import Messages
import Simulator
import StateMachines
import Traces

extension SteppedScene {
    /// No more events than this are told of what led somewhere.
    private var longestChain: Int { 12 }

    func whyPending(_ choice: Int) -> SteppedReason {
        let pending = travel.simulation.pending
        guard pending.indices.contains(choice) else { return SteppedReason(sentences: [], chain: chain(to: nil)) }
        let described = self.choice(pending[choice])
        var sentences = [StepMessages.isDue(what(described), milliseconds: described.time.millisecondText)]
        if let obstacle = described.obstacle {
            switch obstacle {
            case .waitsFor(let node): sentences.append(StepMessages.mustWaitFor(node))
            case .behind(let other): sentences.append(StepMessages.mustWaitBehind(other))
            }
        }
        if described.isLost { sentences.append(StepMessages.willBeLost) }
        var origin: Int?
        switch pending[choice].work {
        case .event(.deliver(let name)), .event(.drop(let name)), .event(.fireTimer(let name)),
            .event(.completeWrite(let name)):
            origin = travel.simulation.origin(of: name)
        case .event(.invoke): sentences.append(StepMessages.sceneAsks)
        case .faultBegins, .faultEnds: sentences.append(StepMessages.scriptSays)
        case .event: break
        }
        return SteppedReason(sentences: sentences, chain: chain(to: origin))
    }

    private func what(_ choice: State.Choice) -> LocalizedText {
        let node = choice.node ?? ""
        return switch choice.kind {
        case .message: StepMessages.messageArrives(choice.label, from: choice.peer ?? "", to: node)
        case .timer: StepMessages.timerFires(choice.label, on: node)
        case .write: StepMessages.writeEnds(choice.label, on: node)
        case .command: StepMessages.clientAsks(choice.label, node)
        case .start: StepMessages.nodeStarts(node)
        case .faultBegins: StepMessages.faultBegins(choice.label)
        case .faultEnds: StepMessages.faultEnds(choice.label)
        }
    }

    func whyBroken() -> SteppedReason? {
        let state = state
        guard let broken = state.firstBroken, case .broken(let problem) = broken.standing else { return nil }
        let violation = travel.simulation.violations.first { $0.invariant == broken.invariant }
        let sentences = [RunMessages.broken(broken.invariant, explanation: broken.explanation, problem: problem)]
        guard let order = violation?.event else { return SteppedReason(sentences: sentences, chain: chain(to: nil)) }
        let cause = travel.simulation.trace.events[order - 1].cause
        // What was decided before is the other half of most contradictions.
        let decisions = travel.simulation.trace.events[..<(order - 1)].filter { $0.kind == .decide }.map(\.order)
        return SteppedReason(sentences: sentences, chain: chain(to: cause, with: decisions))
    }

    /// The events that led to another, itself included.
    private func chain(to event: Int?, with others: [Int] = []) -> Trace {
        let trace = travel.simulation.trace
        var orders: Set<Int> = []
        var next = event
        while let order = next, trace.events.indices.contains(order - 1), orders.count < longestChain {
            let event = trace.events[order - 1]
            if event.state != nil || !scenes.presentation.isRoutine(event) { orders.insert(order) }
            next = event.cause
        }
        orders.formUnion(others)
        let events = orders.sorted().map { order in
            scenes.presentation.translated(trace.events[order - 1], scenes.vocabulary, language)
        }
        return Trace(header: trace.header, events: events)
    }
}

// MARK: - Shrinking

extension SteppedScene {
    mutating func shrink() throws -> (from: Int, to: Int)? {
        let (simulation, scenes) = (travel.simulation, scenes)
        let known = simulation.plan.invariants
        guard
            let violation = simulation.violations.first(where: { broken in
                known.contains { $0.name == broken.invariant }
            }),
            let invariant = known.first(where: { $0.name == violation.invariant })
        else { return nil }
        let model = model(of: simulation)
        let shrinker = RunShrinker(model) { scenes.play($0, model, invariant) }
        let steps = simulation.steps.map(\.step)
        let shrunk = shrinker.shrunk(steps)
        guard scenes.play(model.events(of: shrunk), model, invariant) != nil else { return nil }
        let told = retell(shrunk, showing: violation, of: model, as: simulation.plan)
        try append(told.steps, asBranch: freeName)
        return (steps.count, told.steps.count)
    }

    /// Where everything may happen as often as it did.
    private func model(of simulation: Simulation<Node>) -> WorldModel<Node> {
        var (losses, duplications, crashes, restarts, partitions, timeouts) = (0, 0, 0, 0, 0, 0)
        var rules = ExplorationRules()
        rules.isOrdered = false
        for step in simulation.steps {
            if step.step.crashAfter != nil { crashes += 1 }
            switch step.step.event {
            case .drop: losses += 1
            case .duplicate: duplications += 1
            case .crash: crashes += 1
            case .restart: restarts += 1
            case .fireTimer: timeouts += 1
            case .partition(let groups):
                partitions += 1
                if !rules.partitions.contains(groups) { rules.partitions.append(groups) }
            case .start, .deliver, .completeWrite, .invoke, .pause, .resume, .cut, .heal, .skew: break
            }
        }
        func budget(_ count: Int) -> Int { min(count, 255) }
        let budgets = FaultBudgets(
            losses: budget(losses), duplications: budget(duplications), crashes: budget(crashes),
            restarts: budget(restarts), partitions: budget(partitions), earlyTimeouts: budget(timeouts))
        let asked = simulation.steps.compactMap { step -> (node: NodeID, command: Node.Command)? in
            guard case .invoke(let node, let command) = step.step.event else { return nil }
            return (node, command)
        }
        return WorldModel(World(simulation.plan.machines, budgets: budgets), commands: asked, rules: rules)
    }

    private var freeName: String {
        let name = StepMessages.shrunkBranch.text(in: language)
        var (candidate, number) = (name, 2)
        while travel.branches.contains(where: { $0.name == candidate }) {
            candidate = "\(name) \(number)"
            number += 1
        }
        return candidate
    }
}
