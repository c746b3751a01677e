import Foundation
import Testing

/// `zoolab` as a process of its own, for what one process cannot show: another environment, equal bytes twice.
enum ZooLabProcess {
    /// Runs it to its end.
    ///
    /// - Parameter environment: added to that of the tests.
    static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32, text: String, errors: String) {
        let process = Process()
        let found = try #require(executable)
        process.executableURL = found
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }

    /// `zoolab`, beside the bundle of tests.
    static let executable: URL? = {
        let candidates = CommandLine.arguments.filter { $0.contains(".xctest") } + [CommandLine.arguments[0]]
        return candidates.lazy
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appending(path: "zoolab") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()
}
