package import Foundation
import StateMachines
package import Traces

/// Traces as JSON Lines: a header line, then one event a line, in the field order of the design's section 4.
///
/// Equal traces are equal bytes. `payload` and `state` may be any JSON in a file; they are kept as compact text.
package enum TraceFile {
    package static let supportedVersion = TraceHeader.version
    /// Larger files are refused.
    package static let maximumBytes = 1 << 30

    /// Reads a whole file.
    package static func read(path: String) throws(TraceFileFailure) -> Trace {
        try decode(FileAccess.read(path: path, limit: maximumBytes), name: path)
    }

    /// Writes a whole file, replacing an older one only when everything is on disk.
    package static func write(_ trace: Trace, path: String) throws(TraceFileFailure) {
        try FileAccess.write(encode(trace), path: path)
    }

    // MARK: Writing

    /// The whole trace as bytes; every line ends in a line feed.
    package static func encode(_ trace: Trace) -> [UInt8] {
        var bytes = line(for: trace.header)
        for event in trace.events { bytes += line(for: event) }
        return bytes
    }

    /// The first line of a trace file, for writers that stream.
    ///
    /// - Precondition: no parameter has the name of a field that the header itself has, and names are unique.
    package static func line(for header: TraceHeader) -> [UInt8] {
        var writer = JSONLineWriter()
        writer.append(raw: "{")
        writer.append("format", TraceHeader.format)
        writer.append(name: "version")
        writer.append(raw: String(TraceHeader.version))
        writer.append("protocol", header.protocolName)
        writer.append(name: "nodes")
        writer.append(.array(header.nodes.map(JSONValue.string)))
        if let seed = header.seed {
            writer.append(name: "seed")
            writer.append(raw: String(seed))
        }
        writer.append("title", header.title)
        var previous: String?
        for parameter in header.parameters.sorted(by: { $0.name < $1.name }) {
            precondition(
                parameter.name != previous && !HeaderLine.ownFields.contains(parameter.name),
                "trace header: a second field named \(parameter.name)")
            previous = parameter.name
            writer.append(parameter.name, parameter.value)
        }
        writer.append(raw: "}\n")
        return writer.bytes
    }

    /// One event's line, for writers that stream.
    package static func line(for event: Event) -> [UInt8] {
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

    // MARK: Reading

    /// Reads a trace from bytes.
    ///
    /// - Parameter name: what error messages call the file.
    package static func decode(_ data: Data, name: String) throws(TraceFileFailure) -> Trace {
        var reader = TraceReader(file: name)
        return try reader.read(data)
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
