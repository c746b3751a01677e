public import Checking
public import Simulator
public import StateMachines

/// A step of a run, and what it is about.
///
/// Names come from the number of their sender's step, so that a node from which one event was taken away calls
/// everything after it otherwise. What is meant can still be found: the same message on the same link, the same timer
/// of the same node, the next write. Where a round was left out, all later ones have lower numbers; then it is enough that an
/// event has the same shape.
public struct RunEvent<Command: Hashable & Sendable>: Hashable, Sendable {
    public var step: WorldStep<Command>
    /// Of message, timer or write; `nil` where the step says everything itself.
    public var meaning: Fingerprint?
    /// Like the meaning, whatever the numbers in it; only of events that may be taken for others of their shape.
    public var shape: Fingerprint?

    @inlinable public init(_ step: WorldStep<Command>, meaning: Fingerprint?, shape: Fingerprint? = nil) {
        (self.step, self.meaning, self.shape) = (step, meaning, shape)
    }
}

extension WorldModel {
    /// The same steps with what they are about.
    ///
    /// - Parameter steps: a run of this model.
    @inlinable public func events(of steps: [Action]) -> [RunEvent<Node.Command>] {
        guard var world = initialStates.first?.world else { return [] }
        var observer = SilentObserver<Node>()
        return steps.map { step in
            let meaning = Self.meaning(of: step.event, in: world)
            _ = world.apply(step, at: .zero, observer: &observer)
            return RunEvent(step, meaning: meaning)
        }
    }

    /// What an event is about, by content instead of name; `nil` for events without names.
    @inlinable static func meaning(of event: WorldEvent<Node.Command>, in world: World<Node>) -> Fingerprint? {
        func message(_ name: CausalName, _ kind: UInt64) -> Fingerprint? {
            world.messages.first { $0.name == name }.map {
                Fingerprint(high: $0.fingerprint.high, low: $0.fingerprint.low ^ kind)
            }
        }
        switch event {
        case .deliver(let name): return message(name, 1)
        case .drop(let name): return message(name, 2)
        case .duplicate(let name): return message(name, 3)
        case .fireTimer(let name):
            guard let armed = world.nodes[name.node].timers.first(where: { $0.name == name }) else { return nil }
            var encoder = CanonicalEncoder()
            armed.timer.encode(into: &encoder)
            let timer = Fingerprint(of: encoder.bytes)
            return Fingerprint(high: timer.high ^ UInt64(name.node), low: timer.low ^ 4)
        case .completeWrite(let name): return Fingerprint(high: UInt64(name.node), low: 5)
        case .start, .invoke, .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew: return nil
        }
    }
}

extension WorldModel {
    /// The same events, to be taken by their shapes wherever what they mean is not there.
    ///
    /// - Parameter events: a run of this model.
    func byShape(_ events: [RunEvent<Node.Command>]) -> [RunEvent<Node.Command>] {
        guard var world = initialStates.first?.world else { return [] }
        var observer = SilentObserver<Node>()
        return events.map { event in
            let shape = Self.shape(of: event.step.event, in: world)
            _ = world.apply(event.step, at: .zero, observer: &observer)
            return RunEvent(event.step, meaning: event.meaning, shape: shape)
        }
    }

    /// What kind of message or timer an event is about, and between whom.
    @usableFromInline static func shape(of event: WorldEvent<Node.Command>, in world: World<Node>) -> Fingerprint? {
        func message(_ name: CausalName, _ kind: UInt64) -> Fingerprint? {
            world.messages.first { $0.name == name }.map {
                Fingerprint(of: "\(kind) \($0.from.index) \($0.to.index) \(Self.words(of: $0.message.label))")
            }
        }
        switch event {
        case .deliver(let name): return message(name, 1)
        case .drop(let name): return message(name, 2)
        case .duplicate(let name): return message(name, 3)
        case .fireTimer(let name):
            let armed = world.nodes[name.node].timers.first { $0.name == name }
            return armed.map { Fingerprint(of: "4 \(name.node) \(Self.words(of: $0.timer.label))") }
        case .completeWrite(let name): return Fingerprint(of: "5 \(name.node)")
        case .start, .invoke, .crash, .restart, .pause, .resume, .partition, .cut, .heal, .skew: return nil
        }
    }

    /// A label without its numbers.
    static func words(of label: String) -> String { String(label.filter { !$0.isNumber }) }
}

/// Plays events from a model's beginning, leaving out those that are not possible.
///
/// - Parameter model: a `WorldModel`, or one that lets less happen.
/// - Returns: the events that were played, up to the state that breaks the invariant: any state for an always one, for
///   an eventually one a last state from which only faults lead on. `nil` when there is no such state.
@inlinable public func play<Node: ProtocolNode, M: Model>(
    _ events: [RunEvent<Node.Command>], in model: M, breaking invariant: Invariant<World<Node>>
) -> [RunEvent<Node.Command>]? where M.State == ExploredState<Node>, M.Action == WorldStep<Node.Command> {
    let meaning = WorldModel<Node>.meaning(of:in:)
    guard var state = model.initialStates.first else { return nil }
    var played: [RunEvent<Node.Command>] = []
    var successors: [Successor<ExploredState<Node>, WorldStep<Node.Command>>] = []
    for event in events {
        successors.removeAll(keepingCapacity: true)
        model.appendSuccessors(of: state, to: &successors)
        let next =
            successors.first { next in
                next.action == event.step
                    && (event.meaning == nil || meaning(next.action.event, state.world) == event.meaning)
            }
            ?? successors.first { next in
                event.meaning != nil && next.action.crashAfter == event.step.crashAfter
                    && meaning(next.action.event, state.world) == event.meaning
            }
            ?? successors.first { next in
                event.shape != nil && next.action.crashAfter == event.step.crashAfter
                    && WorldModel<Node>.shape(of: next.action.event, in: state.world) == event.shape
            }
        guard let next else { continue }
        played.append(RunEvent(next.action, meaning: meaning(next.action.event, state.world)))
        state = next.state
        if invariant.kind == .always, invariant.problem(state.world) != nil { return played }
    }
    guard invariant.kind == .eventually, invariant.problem(state.world) != nil else { return nil }
    successors.removeAll(keepingCapacity: true)
    model.appendSuccessors(of: state, to: &successors)
    return successors.allSatisfy(\.isFault) ? played : nil
}
