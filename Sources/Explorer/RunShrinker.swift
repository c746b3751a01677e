package import Simulator
package import StateMachines

/// Shrinks runs of a world to what it takes to break one promise.
///
/// Before it tries pieces, it keeps the causal past of the last events only: of each node's last event in turn, it asks
/// whether the promise stays broken without everything that led to no other node's. What is left stands in an order that does
/// not depend on how the run was found.
package struct RunShrinker<Node: ProtocolNode> {
    package typealias Step = WorldStep<Node.Command>
    package typealias Event = RunEvent<Node.Command>

    private let model: WorldModel<Node>
    private let play: ([Event]) -> [Event]?

    /// - Parameter model: begins where runs begin.
    /// - Parameter play: the events that are possible, up to the violation; `nil` when the promise is kept.
    package init(_ model: WorldModel<Node>, play: @escaping ([Event]) -> [Event]?) {
        (self.model, self.play) = (model, play)
    }

    /// - Parameter steps: a run of the model that breaks the promise.
    package func shrunk(_ steps: [Step]) -> [Step] {
        var shrinker = Shrinker(play: play)
        shrinker.groups = { groups($0.map(\.step)) }
        shrinker.parts = { parts($0.map(\.step)) }
        shrinker.adapted = { model.byShape($0) }
        shrinker.simpler = { event in Self.simpler(event.step).map { Event($0, meaning: event.meaning) } }
        let order = RunOrder<Node>(play: play) { events in
            let (nodes, causes, _) = history(of: events.map(\.step))
            return (nodes, causes)
        }
        return order.settled(shrinker.shrunk(causalPast(of: model.events(of: steps)))).map(\.step)
    }

    /// Steps that may be called otherwise here, as they are called in this model; `nil` when what is possible of them breaks no
    /// promise.
    package func adapted(_ steps: [Step]) -> [Step]? { play(model.byShape(model.events(of: steps)))?.map(\.step) }

    // MARK: The causal past

    private func causalPast(of events: [Event]) -> [Event] {
        guard let whole = play(events) else { return events }
        let (nodes, causes, _) = history(of: whole.map(\.step))
        var ends: [Int] = []
        for node in model.start.identifiers {
            if let last = nodes.lastIndex(of: node) { ends.append(last) }
        }
        for event in whole.indices where nodes[event] == nil { ends.append(event) }
        var best = whole
        for end in ends.sorted() where ends.count > 1 {
            let fewer = ends.filter { $0 != end }
            guard let played = play(past(of: fewer, causes).map { whole[$0] }) else { continue }
            (best, ends) = (played, fewer)
        }
        return best
    }

    /// Everything that led to these events, themselves included, in order.
    private func past(of ends: [Int], _ causes: [[Int]]) -> [Int] {
        var isNeeded = causes.map { _ in false }
        for end in ends { isNeeded[end] = true }
        for event in causes.indices.reversed() where isNeeded[event] {
            for cause in causes[event] { isNeeded[cause] = true }
        }
        return causes.indices.filter { isNeeded[$0] }
    }

    /// For each step the node it happens on, if any, and the steps that it follows directly: the one before on its node,
    /// and the one that sent the message, set the timer or began the write, which also stands apart.
    private func history(of steps: [Step]) -> (nodes: [NodeID?], causes: [[Int]], makers: [Int?]) {
        guard var world = model.initialStates.first?.world else { return ([], [], []) }
        var observer = SilentObserver<Node>()
        var (nodes, causes, makers): ([NodeID?], [[Int]], [Int?]) = ([], [], [])
        var latest: [Int?] = model.start.identifiers.map { _ in nil }
        var senders: [CausalName: Int] = [:]  // Names of steps, without their ordinals. Only looked up.
        for (index, step) in steps.enumerated() {
            let node = world.node(of: step.event)
            let maker = step.event.name.flatMap { senders[$0.ofStep] }
            var found = maker.map { [$0] } ?? []
            _ = world.apply(step, at: .zero, observer: &observer)
            if let node {
                if let before = latest[node.index] { found.append(before) }
                latest[node.index] = index
                let stepped = world[node]
                senders[
                    CausalName(
                        node: node.index, incarnation: stepped.incarnation, step: stepped.steps, ordinal: 0)] = index
            }
            nodes.append(node)
            causes.append(found)
            makers.append(maker)
        }
        return (nodes, causes, makers)
    }

    // MARK: What belongs together

    /// A crash and the next restart of its node, a partition and the heal after it, a copy and its deliveries.
    private func groups(_ steps: [Step]) -> [[Int]] {
        steps.indices.compactMap { first -> [Int]? in
            let second = steps[first...].dropFirst().firstIndex { later in
                switch (steps[first].event, later.event) {
                case (.crash(let node, _), .restart(let other)), (.pause(let node), .resume(let other)): node == other
                case (.partition, .heal), (.cut, .heal): true
                case (.duplicate(let name), .deliver(let copy)): copy.copy > 0 && copy.original == name.original
                default: false
                }
            }
            return second.map { [first, $0] }
        }
    }

    /// Everything that happens to a node, for each; and every round: a timer's firing, or a command, with the messages and writes
    /// that come of it, but not with the timers that it sets.
    private func parts(_ steps: [Step]) -> [[Int]] {
        let (nodes, _, makers) = history(of: steps)
        let ofNodes = model.start.identifiers.map { node in steps.indices.filter { nodes[$0] == node } }
        let rounds = steps.indices.filter { steps[$0].isTimer || steps[$0].isCommand }.map { first -> [Int] in
            var isPart = steps.map { _ in false }
            isPart[first] = true
            for index in steps.indices[first...].dropFirst() where !steps[index].isTimer {
                if let maker = makers[index] { isPart[index] = isPart[maker] }
            }
            return steps.indices.filter { isPart[$0] }
        }
        return (ofNodes + rounds).filter { $0.count > 1 }
    }

    /// A crash that loses more, or comes at the end of a step instead of within it, or not at all.
    private static func simpler(_ step: Step) -> Step? {
        if case .crash(let node, let keeping) = step.event, keeping > 0 { return Step(.crash(node, keeping: 0)) }
        guard step.crashAfter != nil else { return nil }
        return step.keeping > 0 ? Step(step.event, crashAfter: step.crashAfter) : Step(step.event)
    }
}

extension WorldEvent {
    /// The message, timer or write that it is about.
    fileprivate var name: CausalName? {
        switch self {
        case .deliver(let name), .drop(let name), .duplicate(let name), .fireTimer(let name), .completeWrite(let name):
            name
        case .start, .invoke, .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew: nil
        }
    }
}

extension CausalName {
    /// The step in which it was made, as the name of its first effect.
    fileprivate var ofStep: CausalName { CausalName(node: node, incarnation: incarnation, step: step, ordinal: 0) }
}
