package import Checking
package import Messages
package import Simulator
package import StateMachines

/// The promise that waiting ends: where nothing more goes wrong, everyone who is up comes to a decision.
///
/// A timed run judges it where the run ends, the explorer over everything that could still happen.
package enum Progress {
    package static let name = "progress"

    package static func invariant<Node: ProtocolNode>(
        names: [String], vocabulary: Vocabulary, isBlocked: @escaping @Sendable (Node) -> Bool
    ) -> Invariant<World<Node>> {
        Invariant(name, .eventually, explanation: RunMessages.progress) { world in
            let stuck = blocked(in: world, isBlocked)
            guard !stuck.isEmpty else { return nil }
            return RunMessages.stuck(stuck.map { (names[$0.index], vocabulary.localized(world[$0].machine.summary)) })
        }
    }

    /// Who is up and stuck.
    static func blocked<Node: ProtocolNode>(in world: World<Node>, _ isBlocked: (Node) -> Bool) -> [NodeID] {
        world.identifiers.filter { world[$0].isUp && isBlocked(world[$0].machine) }
    }
}
