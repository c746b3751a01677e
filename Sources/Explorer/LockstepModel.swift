public import Simulator
public import StateMachines

/// A world in the synchronous model: what is sent in a round arrives in that round, rounds end for everybody together,
/// and an adversary says what it likes in between.
///
/// Where only *what* arrived in a round matters, and not in which order, one order is enough: the next delivery, write or
/// command is the only step until nothing of the kind is left. Then the adversary may speak, or the timer that is due
/// first fires. Timers are due when they say so, counted from the start: machines set those of all rounds at once. Faults
/// of the budgets may come at any moment, as in the base.
public struct LockstepModel<Node: ProtocolNode>: Model {
    public typealias State = ExploredState<Node>
    public typealias Action = WorldStep<Node.Command>
    public typealias Adversary = @Sendable (World<Node>) -> [(node: NodeID, command: Node.Command)]

    public let base: WorldModel<Node>
    /// What it may do in a state in which nothing else is under way; always in the same order.
    public let adversary: Adversary

    @inlinable public init(_ base: WorldModel<Node>, adversary: @escaping Adversary) {
        self.base = base
        self.adversary = adversary
    }

    @inlinable public var initialStates: [State] { base.initialStates }

    @inlinable public func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        base.fingerprint(of: state, using: &encoder)
    }

    @inlinable public func obligations(of state: State) -> [Obligation] { base.obligations(of: state) }

    @inlinable public func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>]) {
        var possible: [Successor<State, Action>] = []
        base.appendSuccessors(of: state, to: &possible)
        let isQuiet = possible.allSatisfy { $0.isFault || $0.action.isTimer }
        let regular = possible.filter { !$0.isFault }
        if let next = isQuiet ? regular.min(by: { due($0, in: state) < due($1, in: state) }) : regular.first {
            successors.append(next)
        }
        if isQuiet {
            var observer = SilentObserver<Node>()
            for (node, command) in adversary(state.world) {
                var spoken = state
                let step = WorldStep(WorldEvent.invoke(node, command))
                guard spoken.world.apply(step, at: .zero, observer: &observer) else { continue }
                // A run must reach what it promises without the adversary's help.
                successors.append(Successor(step, spoken, isFault: true))
            }
        }
        successors += possible.filter(\.isFault)
    }

    /// When the timer fires, and of those that fire together, whose is first.
    @inlinable func due(_ successor: Successor<State, Action>, in state: State) -> (UInt64, Int) {
        guard case .fireTimer(let name) = successor.action.event else { return (0, 0) }
        let armed = state.world.nodes[name.node].timers.first { $0.name == name }
        return (armed?.due.microseconds ?? 0, name.node)
    }
}

extension WorldStep {
    @inlinable var isTimer: Bool { if case .fireTimer = event { true } else { false } }
    @inlinable var isCommand: Bool { if case .invoke = event { true } else { false } }
}
