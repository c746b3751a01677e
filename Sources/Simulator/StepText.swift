import Faults
package import StateMachines

/// The text of steps in replay files and in the step mode: a verb, names, and causal names.
///
///     start C · deliver C.0.2.0 · drop C.0.2.0~1 · duplicate C.0.2.0 · fire C.0.1.1 · persisted S.0.2.0
///     invoke C 0 · crash S · crash S keeping 1 · restart S · pause S · resume S
///     partition A,B|C · one-way A>B · heal · skew A +2s
///
/// ` crash-after 2` behind any of them: the node crashes when two effects of the step are performed; with ` keeping 1`
/// behind that, one record that was not forced survives. A command is named by its position in the plan,
/// an adversary's after the scheduled ones.
package struct StepText<Node: ProtocolNode>: Sendable {
    private let names: [String]
    private let commands: [Node.Command]

    package init(_ plan: SimulationPlan<Node>) {
        names = plan.names
        commands = plan.commands.map(\.command) + plan.adversaryCommands
    }

    private func name(_ node: NodeID) -> String { names[node.index] }
    private func node(_ name: some StringProtocol) -> NodeID? { names.firstIndex { $0 == name }.map { NodeID($0) } }

    /// - Precondition: a command is one of the plan's.
    package func text(of step: WorldStep<Node.Command>) -> String {
        guard let count = step.crashAfter else { return text(of: step.event) }
        return text(of: step.event) + " crash-after \(count)" + (step.keeping > 0 ? " keeping \(step.keeping)" : "")
    }

    private func text(of event: WorldEvent<Node.Command>) -> String {
        switch event {
        case .start(let node): return "start \(name(node))"
        case .deliver(let message): return "deliver \(message.text(names))"
        case .drop(let message): return "drop \(message.text(names))"
        case .duplicate(let message): return "duplicate \(message.text(names))"
        case .fireTimer(let timer): return "fire \(timer.text(names))"
        case .completeWrite(let write): return "persisted \(write.text(names))"
        case .invoke(let node, let command):
            guard let index = commands.firstIndex(of: command) else {
                preconditionFailure("\(command) is not among the plan's commands")
            }
            return "invoke \(name(node)) \(index)"
        case .crash(let node, let keeping): return "crash \(name(node))" + (keeping > 0 ? " keeping \(keeping)" : "")
        case .restart(let node): return "restart \(name(node))"
        case .pause(let node): return "pause \(name(node))"
        case .resume(let node): return "resume \(name(node))"
        case .partition(let groups):
            return "partition " + groups.map { $0.map(name).joined(separator: ",") }.joined(separator: "|")
        case .cut(let from, let to): return "one-way \(name(from))>\(name(to))"
        case .heal: return "heal"
        case .skew(let node, let microseconds):
            return "skew \(name(node)) \(ClockOffset(microseconds: microseconds))"
        }
    }

    /// Reads what `text` wrote; `nil` when it is no such step of this plan.
    package func step(from text: String) -> WorldStep<Node.Command>? {
        var words = text.split(separator: " ", omittingEmptySubsequences: false)
        var crashAfter: Int?
        var keeping = 0
        if words.count > 4, words[words.count - 4] == "crash-after", words[words.count - 2] == "keeping" {
            guard let count = Int(words[words.count - 1]), count > 0 else { return nil }
            keeping = count
            words.removeLast(2)
        }
        if words.count > 2, words[words.count - 2] == "crash-after" {
            guard let count = Int(words[words.count - 1]), count >= 0 else { return nil }
            crashAfter = count
            words.removeLast(2)
        }
        guard let verb = words.first else { return nil }
        let event = event(String(verb), words.dropFirst().map(String.init))
        return event.map { WorldStep($0, crashAfter: crashAfter, keeping: keeping) }
    }

    private func event(_ verb: String, _ words: [String]) -> WorldEvent<Node.Command>? {
        switch (verb, words.count) {
        case ("heal", 0): return .heal
        case ("deliver", 1), ("drop", 1), ("duplicate", 1), ("fire", 1), ("persisted", 1):
            return CausalName(words[0], names: names).flatMap { event(verb, of: $0) }
        case ("start", 1), ("restart", 1), ("pause", 1), ("resume", 1), ("crash", 1):
            return node(words[0]).flatMap { event(verb, on: $0) }
        case ("crash", 3) where words[1] == "keeping":
            guard let node = node(words[0]), let count = Int(words[2]), count > 0 else { return nil }
            return .crash(node, keeping: count)
        case ("invoke", 2):
            guard let node = node(words[0]), let index = Int(words[1]), commands.indices.contains(index) else {
                return nil
            }
            return .invoke(node, commands[index])
        case ("partition", 1), ("one-way", 1), ("skew", 2):
            return fault(([verb] + words).joined(separator: " "))
        default: return nil
        }
    }

    private func event(_ verb: String, of name: CausalName) -> WorldEvent<Node.Command>? {
        switch verb {
        case "deliver": .deliver(name)
        case "drop": .drop(name)
        case "duplicate": .duplicate(name)
        case "fire": .fireTimer(name)
        case "persisted": .completeWrite(name)
        default: nil
        }
    }

    private func event(_ verb: String, on node: NodeID) -> WorldEvent<Node.Command>? {
        switch verb {
        case "start": .start(node)
        case "restart": .restart(node)
        case "pause": .pause(node)
        case "resume": .resume(node)
        case "crash": .crash(node, keeping: 0)
        default: nil
        }
    }

    /// Faults of links and clocks are written in the fault grammar.
    private func fault(_ text: String) -> WorldEvent<Node.Command>? {
        guard let fault = try? Fault(parsing: text, in: FaultContext(nodes: names)) else { return nil }
        switch fault.action {
        case .partition(let groups): return .partition(groups.map { $0.compactMap { node($0) } })
        case .oneWay(let from, let to):
            guard let from = node(from), let to = node(to) else { return nil }
            return .cut(from: from, to: to)
        case .skew(let name, let offset): return node(name).map { .skew($0, microseconds: offset.microseconds) }
        case .drop, .delay, .duplicate, .reorder, .isolate, .heal, .crash, .restart, .pause, .resume, .loseUnsynced,
            .expireSession, .loseReply:
            return nil
        }
    }
}
