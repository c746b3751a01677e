import Checking
import Messages
import Simulator
import StateMachines

extension Invariant {
    /// What some state of a search should show.
    static func milestone(
        _ name: String, _ explanation: LocalizedText, isReached: @escaping @Sendable (Subject) -> Bool
    ) -> Invariant {
        Invariant(name, .sometimes, explanation: explanation) { isReached($0) ? nil : explanation }
    }

    /// A client that was told something, whatever it is.
    static func clientAnswered<Node>() -> Invariant where Subject == World<Node> {
        milestone("client-answered", MilestoneMessages.clientAnswered) { world in
            world.history.events.contains { event in
                guard case .ended(let outcome) = event.happening else { return false }
                return outcome != .failed && outcome != .unknown
            }
        }
    }
}
