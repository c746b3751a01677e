import StateMachines
package import TraceFiles
package import Traces

/// Reads what an ensemble has recorded.
package enum EnsembleRecord {
    /// The whole run.
    package static func read(_ folder: EnsembleFolder) throws(TraceFileFailure) -> Trace {
        try TraceFile.read(path: folder.traceFile)
    }

    /// The same events with orders from 1 and times from 0; causes that are not among them are left out.
    package static func renumbered(_ events: [Event]) -> [Event] {
        var orders: [Int: Int] = [:]
        for (index, event) in events.enumerated() { orders[event.order] = index + 1 }
        let begin = events.first?.time ?? .zero
        return events.enumerated().map { index, event in
            var copy = event
            copy.order = index + 1
            copy.time = event.time - begin
            copy.cause = event.cause.flatMap { orders[$0] }
            return copy
        }
    }
}
