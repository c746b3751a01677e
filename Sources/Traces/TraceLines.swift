package import StateMachines

/// The lines of a trace file, for writers that stream; reading is `TraceFile`'s affair. Equal events are equal bytes.
package enum TraceLines {
    /// Fields of the first line that are no parameters.
    package static let ownFields: Set<String> = ["format", "version", "protocol", "nodes", "seed", "title"]

    /// The first line of a trace file, for writers that stream.
    ///
    /// - Precondition: no parameter has the name of a field that the header itself has, and names are unique.
    package static func bytes(of header: TraceHeader) -> [UInt8] {
        var writer = JSONLineWriter()
        writer.append(raw: "{")
        writer.append("format", TraceHeader.format)
        writer.append(name: "version")
        writer.append(raw: String(TraceHeader.version))
        writer.append("protocol", header.protocolName)
        writer.append(name: "nodes")
        writer.append(raw: "[")
        for (index, node) in header.nodes.enumerated() {
            if index > 0 { writer.append(raw: ",") }
            writer.append(quoted: node)
        }
        writer.append(raw: "]")
        if let seed = header.seed {
            writer.append(name: "seed")
            writer.append(raw: String(seed))
        }
        writer.append("title", header.title)
        var previous: String?
        for parameter in header.parameters.sorted(by: { $0.name < $1.name }) {
            precondition(
                parameter.name != previous && !ownFields.contains(parameter.name),
                "trace header: a second field named \(parameter.name)")
            previous = parameter.name
            writer.append(parameter.name, parameter.value)
        }
        writer.append(raw: "}\n")
        return writer.bytes
    }

    /// One event's line, for writers that stream.
    package static func bytes(of event: Event) -> [UInt8] {
        var writer = JSONLineWriter()
        writer.append(raw: "{")
        writer.append(name: "n")
        writer.append(raw: String(event.order))
        writer.append(name: "t")
        writer.append(raw: event.time.millisecondText)
        writer.append("kind", event.kind.rawValue)
        writer.append("node", event.node)
        writer.append("peer", event.peer)
        writer.append("id", event.id)
        if let cause = event.cause {
            writer.append(name: "cause")
            writer.append(raw: String(cause))
        }
        writer.append("label", event.label)
        writer.append("payload", event.payload)
        writer.append("state", event.state)
        writer.append(raw: "}\n")
        return writer.bytes
    }
}

extension Tick {
    /// Milliseconds with no more digits than needed, exactly: "12", "12.5", "0.001".
    package var millisecondText: String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return String(whole) }
        var digits = String(rest)
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
