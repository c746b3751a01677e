import Foundation
import StateMachines
package import TraceFiles
package import Traces

/// Reads what an ensemble has recorded: the network's trace, and what each server says of itself.
package enum EnsembleRecord {
    /// The whole run in one order.
    ///
    /// Everything is timed by the machine's one monotonic clock. The network notes a message after its sender has sent it and
    /// before its receiver has it, so that this order never shows an effect before its cause.
    package static func read(_ folder: EnsembleFolder, _ plan: EnsemblePlan) throws(TraceFileFailure) -> Trace {
        let network = try TraceFile.read(path: folder.traceFile)
        var events = timed(network, base: 0)
        for member in plan.members {
            for path in folder.serverTraces(member.number) {
                guard let trace = try readWholeLines(path) else { continue }
                events += timed(trace, base: events.map(\.order).max() ?? 0)
            }
        }
        let places = events.indices.sorted { (events[$0].time, $0) < (events[$1].time, $1) }
        let (named, clients) = ClientLanes.renamed(places.map { Self.named(events[$0]) })
        var header = network.header
        header.parameters = []
        header.nodes = clients + header.nodes.map { "S" + $0 }
        return Trace(header: header, events: renumbered(named))
    }

    /// With servers called S1, S2… as in simulated runs, also in the label of a partition.
    private static func named(_ event: Event) -> Event {
        func named(_ text: String) -> String {
            var (name, isNumber) = ("", false)
            for character in text {
                if character.isNumber, !isNumber { name += "S" }
                isNumber = character.isNumber
                name.append(character)
            }
            return name
        }
        var event = event
        if !ClientLanes.isClient(event.node) { event.node = named(event.node) }
        event.peer = event.peer.map { ClientLanes.isClient($0) ? $0 : named($0) }
        if event.kind == .partition || event.kind == .heal { event.label = event.label.map(named) }
        return event
    }

    /// The events with orders above `base`, and times of the machine's clock.
    private static func timed(_ trace: Trace, base: Int) -> [Event] {
        let parameter = trace.header.parameters.first { $0.name == EnsembleRecorder.originParameter }
        let origin = Tick(microseconds: parameter.flatMap { UInt64($0.value) } ?? 0)
        return trace.events.map { event in
            var copy = event
            copy.order += base
            copy.cause = event.cause.map { $0 + base }
            copy.time = origin + event.time
            return copy
        }
    }

    /// The last line of a server that was killed may be half a line.
    private static func readWholeLines(_ path: String) throws(TraceFileFailure) -> Trace? {
        guard let data = FileManager.default.contents(atPath: path), let end = data.lastIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        return try TraceFile.decode(Data(data[...end]), name: path)
    }

    /// The same events with orders from 1 and times from 0; causes that are not among them are left out.
    package static func renumbered(_ events: [Event]) -> [Event] {
        let begin = events.first?.time ?? .zero
        return Trace.renumbered(events).map { event in
            var copy = event
            copy.time = event.time - begin
            return copy
        }
    }
}
