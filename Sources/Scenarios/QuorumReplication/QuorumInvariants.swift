package import Checking
import Messages
package import ReplicationProtocols
package import Simulator
import StateMachines

/// What quorum replication promises beyond what clients are promised.
package struct QuorumInvariants: Sendable {
    package let configuration: QuorumConfiguration

    package init(configuration: QuorumConfiguration) { self.configuration = configuration }

    /// Home replicas that are up come to hold the same version and value.
    ///
    /// - Source: Vogels, "Eventually consistent", 2009: without new updates all accesses come to return the last one.
    package var convergence: Invariant<World<QuorumNode>> {
        Invariant("convergence", .eventually, explanation: QuorumMessages.convergence) { world in
            let held = (0..<configuration.replicas).compactMap { index -> (String, VersionedValue)? in
                guard world.nodes[index].isUp, let value = world.nodes[index].machine.stored else { return nil }
                return (configuration.names[index], value)
            }
            guard let first = held.first, let other = held.first(where: { $0.1 != first.1 }) else { return nil }
            return QuorumMessages.different(first.0, "\(first.1)", other.0, "\(other.1)")
        }
    }
}
