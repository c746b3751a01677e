package import Checking
import Messages
package import ReplicationProtocols
package import Simulator
import StateMachines

/// What an eventually consistent register promises beyond what sessions are promised.
package struct StoreInvariants: Sendable {
    package let configuration: StoreConfiguration

    package init(configuration: StoreConfiguration) { self.configuration = configuration }

    /// Replicas that are up come to show the same.
    ///
    /// - Source: Vogels, "Eventually consistent", 2009.
    package var convergence: Invariant<World<StoreNode>> {
        Invariant("convergence", .eventually, explanation: QuorumMessages.convergence) { world in
            let shown = (0..<configuration.replicas).compactMap { index -> (String, String)? in
                guard world.nodes[index].isUp else { return nil }
                return (configuration.names[index], world.nodes[index].machine.summary)
            }
            guard let first = shown.first, let other = shown.first(where: { $0.1 != first.1 }) else { return nil }
            return QuorumMessages.different(first.0, first.1, other.0, other.1)
        }
    }

    /// No replica hides a value that it has, unless for one whose client had read or written that value, or one that hid it.
    /// What a client knew is taken from its history, not from what the replicas say.
    package var noLostUpdate: Invariant<World<StoreNode>> {
        Invariant("no-lost-update", explanation: StoreMessages.noLostUpdate) { world in
            let known = Self.knowledge(world.history)
            for index in 0..<configuration.replicas {
                guard world.nodes[index].isUp, let replica = world.nodes[index].machine.replica else { continue }
                let shown = replica.current.map { "\($0.value)" }
                for lost in replica.writes.map({ "\($0.value)" }) where !shown.contains(lost) {
                    let isReplaced = replica.writes.contains { known["\($0.value)", default: []].contains(lost) }
                    guard !isReplaced else { continue }
                    return StoreMessages.lost(
                        lost, at: configuration.names[index], instead: shown.joined(separator: ","))
                }
            }
            return nil
        }
    }

    /// For each value that was written, the values that its writer knew of, from what it had read and written before.
    private static func knowledge(_ history: OperationHistory) -> [String: Set<String>] {
        var known: [String: Set<String>] = [:]  // Only looked up.
        var sessions: [OperationHistory.Client: Set<String>] = [:]  // Only looked up.
        for event in history.events {
            switch event.happening {
            case .began(let request):
                guard request.hasPrefix("write ") else { continue }
                let value = String(request.dropFirst(6))
                known[value] = sessions[event.client, default: []]
                sessions[event.client, default: []].insert(value)
            case .ended(.answered(let answer, version: nil)):
                for value in answer.split(separator: ",").map(String.init) {
                    sessions[event.client, default: []].formUnion(known[value, default: []].union([value]))
                }
            case .ended: continue
            }
        }
        return known
    }
}
