package import Foundation
package import Simulator
import StateMachines
import Traces

/// Replay files as JSON Lines: a header, one line a step, and the outcome last.
///
/// Equal replays are equal bytes.
package enum ReplayCoding {
    /// Larger files are refused.
    package static let maximumBytes = 1 << 28

    /// Reads a whole file.
    package static func read(path: String) throws(TraceFileFailure) -> ReplayFile {
        try decode(FileAccess.read(path: path, limit: maximumBytes), name: path)
    }

    /// Writes a whole file, replacing an older one only when everything is on disk.
    package static func write(_ replay: ReplayFile, path: String) throws(TraceFileFailure) {
        try FileAccess.write(encode(replay), path: path)
    }

    /// The whole file as bytes; every line ends in a line feed.
    package static func encode(_ replay: ReplayFile) -> [UInt8] {
        var bytes = line(for: replay.header)
        for entry in replay.entries {
            var writer = JSONLineWriter()
            writer.append(raw: "{")
            writer.append(name: "t")
            writer.append(raw: entry.time.millisecondText)
            writer.append("event", entry.event)
            if !entry.state.isEmpty { writer.append("state", entry.state) }
            writer.append("fingerprint", entry.fingerprint.description)
            writer.append(raw: "}\n")
            bytes += writer.bytes
        }
        var writer = JSONLineWriter()
        writer.append(raw: "{")
        switch replay.outcome {
        case .holds: writer.append("outcome", "holds")
        case .unknown: writer.append("outcome", "unknown")
        case .violated(let invariant):
            writer.append("outcome", "violated")
            writer.append("invariant", invariant)
            if replay.cycle > 0 {
                writer.append(name: "cycle")
                writer.append(.integer(Int64(replay.cycle)))
            }
        }
        writer.append(raw: "}\n")
        return bytes + writer.bytes
    }

    private static func line(for header: ReplayFile.Header) -> [UInt8] {
        var members: [(String, JSONValue)] = [
            ("format", .string(ReplayFile.format)), ("version", .integer(Int64(ReplayFile.version))),
            ("tool", .string(header.toolVersion)), ("protocol", .string(header.protocolName)),
            ("nodes", .array(header.nodes.map(JSONValue.string))),
            ("parameters", .object(Dictionary(header.parameters.map { ($0.name, .string($0.value)) }) { $1 })),
            ("network", network(header.network)), ("disk", times(header.disk.delay, header.disk.jitter)),
            ("generator", .string(header.generator)), ("budgets", budgets(header.budgets)),
            ("faults", .array(header.faults.map(JSONValue.string))),
            ("invariants", .array(header.invariants.map(JSONValue.string))),
        ]
        if let title = header.title { members.append(("title", .string(title))) }
        if let seed = header.seed { members.append(("seed", .string(String(seed)))) }
        var writer = JSONLineWriter()
        writer.append(raw: "{")
        for (name, value) in members {
            writer.append(name: name)
            writer.append(value)
        }
        writer.append(raw: "}\n")
        return writer.bytes
    }

    private static func times(_ delay: Tick, _ jitter: Tick) -> JSONValue {
        .object([
            "delayMicroseconds": .integer(Int64(delay.microseconds)),
            "jitterMicroseconds": .integer(Int64(jitter.microseconds)),
        ])
    }

    private static func network(_ model: NetworkModel) -> JSONValue {
        guard case .object(var members) = times(model.delay, model.jitter) else { return .null }
        members["isOrdered"] = .bool(model.isOrdered)
        return .object(members)
    }

    private static func budgets(_ budgets: FaultBudgets) -> JSONValue {
        var members: [String: JSONValue] = [
            "losses": .integer(Int64(budgets.losses)), "duplications": .integer(Int64(budgets.duplications)),
            "crashes": .integer(Int64(budgets.crashes)), "restarts": .integer(Int64(budgets.restarts)),
            "partitions": .integer(Int64(budgets.partitions)),
            "earlyTimeouts": .integer(Int64(budgets.earlyTimeouts)),
        ]
        if budgets.pauses > 0 { members["pauses"] = .integer(Int64(budgets.pauses)) }
        if budgets.cuts > 0 { members["cuts"] = .integer(Int64(budgets.cuts)) }
        return .object(members)
    }

    /// Reads a replay from bytes.
    ///
    /// - Parameter name: what error messages call the file.
    package static func decode(_ data: Data, name: String) throws(TraceFileFailure) -> ReplayFile {
        var reader = ReplayReader(file: name)
        return try reader.read(data)
    }
}
