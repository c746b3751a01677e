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
        var bytes = TraceLines.bytes(of: trace.header)
        for event in trace.events { bytes += TraceLines.bytes(of: event) }
        return bytes
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
