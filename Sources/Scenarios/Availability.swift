import Checking
import Messages
import Simulator
import StateMachines

/// Availability as the CAP theorem means it: no limit on how long an answer takes, but an answer, and no error.
///
/// - Source: Gilbert and Lynch, "Brewer's conjecture and the feasibility of consistent, available, partition-tolerant web
///   services", 2002, section 2.2.
enum Availability {
    /// - Parameter names: of the nodes, by position.
    static func invariant<Node: ProtocolNode>(names: [String]) -> Invariant<World<Node>> {
        Invariant("availability", .eventually, explanation: CAPMessages.availability) { world in
            let events = world.history.events
            for (position, event) in events.enumerated() {
                guard case .began(let request) = event.happening, isUp(event.client, in: world) else { continue }
                let outcome = events[position...].first {
                    $0.client == event.client && $0.number == event.number && $0.happening != event.happening
                }
                if case .ended(.answered)? = outcome?.happening { continue }
                return CAPMessages.unanswered(event.client.name(names), request)
            }
            return nil
        }
    }

    /// Of a client that is a node, whether it is what it was when it asked.
    private static func isUp<Node: ProtocolNode>(_ client: OperationHistory.Client, in world: World<Node>) -> Bool {
        switch client {
        case .named: true
        case .node(let node, let incarnation): world[node].isUp && world[node].incarnation == incarnation
        }
    }
}
