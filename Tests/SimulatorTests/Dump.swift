import StateMachines
import Traces

extension Trace {
    /// One line an event, everything in it: what goldens and fingerprints of runs are made from.
    var dump: String {
        events.map { event in
            var line = "\(event.order) \(event.time.microseconds) \(event.kind.rawValue) \(event.node)"
            for (name, value) in [
                ("peer", event.peer), ("id", event.id), ("cause", event.cause.map(String.init)), ("label", event.label),
                ("payload", event.payload), ("state", event.state),
            ] {
                if let value { line += " \(name)=\(value)" }
            }
            return line + "\n"
        }.joined()
    }
}
