package import Messages
package import StateMachines

/// A replay that does not lead where it led when it was recorded: at which event, and what differs.
package struct ReplayFailure: LocalizedFailure, Hashable {
    package enum Problem: Hashable, Sendable {
        case otherNodes(recorded: [String], here: [String])
        /// The text of the event means nothing in this protocol.
        case unreadable
        /// The event cannot happen in the state reached.
        case impossible
        case otherState(node: String, recorded: String, here: String)
        /// Same words, other details.
        case otherFingerprint(recorded: Fingerprint, here: Fingerprint)
        /// Every step was the same, but the recorded invariant holds.
        case otherOutcome(recorded: String, here: [String])
        /// Every step was the same, but the last ones do not lead back to where they began.
        case noLap(events: Int)
    }

    package var problem: Problem
    /// The position of the event in the file, from 1; 0 where the whole run is meant.
    package var entry: Int
    package var event: String

    package init(_ problem: Problem, entry: Int = 0, event: String = "") {
        self.problem = problem
        self.entry = entry
        self.event = event
    }

    package var message: LocalizedText {
        let difference =
            switch problem {
            case .otherNodes(let recorded, let here): SimulatorMessages.otherNodes(recorded: recorded, here: here)
            case .unreadable: SimulatorMessages.unreadableEvent
            case .impossible: SimulatorMessages.impossibleEvent
            case .otherState(let node, let recorded, let here):
                SimulatorMessages.otherState(of: node, recorded: recorded, here: here)
            case .otherFingerprint(let recorded, let here):
                SimulatorMessages.otherFingerprint(recorded: recorded.description, here: here.description)
            case .otherOutcome(let recorded, let here):
                SimulatorMessages.otherOutcome(recorded: recorded, here: here)
            case .noLap(let events): SimulatorMessages.noLap(events)
            }
        return entry == 0 ? difference : SimulatorMessages.divergence(at: entry, event: event, difference)
    }
}
