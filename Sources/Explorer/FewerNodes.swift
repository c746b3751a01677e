package import Simulator
package import StateMachines

/// Takes a run into a world with one node less: what happened to that node, or was sent by it or to it, is left out, and
/// everything else is looked for by what it is, since numbers and names have changed.
package struct FewerNodes<Node: ProtocolNode> {
    package typealias Step = WorldStep<Node.Command>

    private let larger: WorldModel<Node>
    private let smaller: WorldModel<Node>
    private let missing: NodeID

    /// - Precondition: `smaller` has one node less than `larger`; the others stand in the same order, and as many commands are
    ///   given.
    package init(_ larger: WorldModel<Node>, _ smaller: WorldModel<Node>, without missing: NodeID) {
        (self.larger, self.smaller, self.missing) = (larger, smaller, missing)
    }

    /// The steps that are possible there. Whether they still break the promise is another question.
    package func steps(_ steps: [Step]) -> [Step] {
        guard var before = larger.initialStates.first?.world, var after = smaller.initialStates.first?.world else {
            return []
        }
        var observer = SilentObserver<Node>()
        var taken: [Step] = []
        for step in steps {
            let event = translated(step.event, from: before, to: after)
            let sent = before.messages.map(\.name)
            _ = before.apply(step, at: .zero, observer: &observer)
            guard let event else { continue }
            // Of the effects before the crash some may have been for the missing node.
            let gone = before.messages.count { $0.to == missing && !sent.contains($0.name) }
            let moved = Step(event, crashAfter: step.crashAfter.map { max(0, $0 - gone) }, keeping: step.keeping)
            if after.apply(moved, at: .zero, observer: &observer) { taken.append(moved) }
        }
        return taken
    }

    /// The node's place in the smaller world; `nil` for the missing one.
    private func place(of node: NodeID) -> NodeID? {
        node == missing ? nil : NodeID(node.index - (node.index > missing.index ? 1 : 0))
    }

    private func translated(
        _ event: WorldEvent<Node.Command>, from before: World<Node>, to after: World<Node>
    ) -> WorldEvent<Node.Command>? {
        switch event {
        case .start(let node): place(of: node).map { .start($0) }
        case .deliver(let name): message(name, before, after).map { .deliver($0) }
        case .drop(let name): message(name, before, after).map { .drop($0) }
        case .duplicate(let name): message(name, before, after).map { .duplicate($0) }
        case .fireTimer(let name): timer(name, before, after).map { .fireTimer($0) }
        case .completeWrite(let name):
            place(of: NodeID(name.node)).flatMap { after[$0].unsynced.first(where: \.isForced) }
                .map { .completeWrite($0.name) }
        case .invoke(let node, let command): invocation(node, command)
        case .crash(let node, let keeping):
            place(of: node).map { .crash($0, keeping: min(keeping, after[$0].unsynced.count)) }
        case .restart(let node): place(of: node).map { .restart($0) }
        case .pause(let node): place(of: node).map { .pause($0) }
        case .resume(let node): place(of: node).map { .resume($0) }
        case .partition(let groups): partition(groups)
        case .cut(let from, let to):
            if let from = place(of: from), let to = place(of: to) { .cut(from: from, to: to) } else { nil }
        case .heal: .heal
        case .skew(let node, let microseconds): place(of: node).map { .skew($0, microseconds: microseconds) }
        }
    }

    /// The first message of the same link that has the same words.
    private func message(_ name: CausalName, _ before: World<Node>, _ after: World<Node>) -> CausalName? {
        guard let message = before.messages.first(where: { $0.name == name }), let from = place(of: message.from),
            let to = place(of: message.to)
        else { return nil }
        let words = WorldModel<Node>.words(of: message.message.label)
        return after.messages.first {
            $0.from == from && $0.to == to && WorldModel<Node>.words(of: $0.message.label) == words
        }?.name
    }

    private func timer(_ name: CausalName, _ before: World<Node>, _ after: World<Node>) -> CausalName? {
        let node = NodeID(name.node)
        guard let timer = before[node].timers.first(where: { $0.name == name })?.timer, let place = place(of: node)
        else {
            return nil
        }
        let words = WorldModel<Node>.words(of: timer.label)
        return after[place].timers.first { WorldModel<Node>.words(of: $0.timer.label) == words }?.name
    }

    private func invocation(_ node: NodeID, _ command: Node.Command) -> WorldEvent<Node.Command>? {
        guard let index = larger.commands.firstIndex(where: { $0.node == node && $0.command == command }),
            smaller.commands.indices.contains(index), smaller.commands[index].node == place(of: node)
        else { return nil }
        return .invoke(smaller.commands[index].node, smaller.commands[index].command)
    }

    private func partition(_ groups: [[NodeID]]) -> WorldEvent<Node.Command>? {
        let left = groups.map { $0.compactMap(place) }.filter { !$0.isEmpty }
        return left.count > 1 ? .partition(left) : nil
    }
}
