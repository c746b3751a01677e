import Foundation
import LocalEnsemble
import Testing

/// `zoolab ensemble` as its users run it, in a folder of its own.
final class EnsembleVerb: Sendable {
    let folder = FileManager.default.temporaryDirectory.path + "/zoolab-test-\(UUID().uuidString)"

    /// Beside the test bundle.
    static let zoolab: URL = {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while !FileManager.default.isExecutableFile(atPath: folder.path + "/zoolab"), folder.path != "/" {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appending(path: "zoolab")
    }()

    struct NotYet: Error {}

    func run(_ words: String...) throws -> (code: Int32, output: String, errors: String) { try run(words) }

    func run(_ words: [String]) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = Self.zoolab
        process.arguments = ["ensemble"] + words + ["--dir", folder, "--lang", "en"]
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let problems = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: problems, as: UTF8.self)
        )
    }

    /// As `run`, and demands that it worked.
    @discardableResult
    func done(_ words: String...) throws -> String { try done(words) }

    @discardableResult
    func done(_ words: [String]) throws -> String {
        let result = try run(words)
        try #require(result.code == 0, "zoolab ensemble \(words): \(result.output)\(result.errors)")
        return result.output
    }

    func status() throws -> EnsembleStatus {
        try JSONDecoder().decode(EnsembleStatus.self, from: Data(try done("status", "--json").utf8))
    }

    /// The servers' own words for what they are, by number, as soon as they are as wanted; waits for half a minute.
    @discardableResult
    func until(_ isWanted: (EnsembleStatus) -> Bool) async throws -> EnsembleStatus {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let now = try status()
            if isWanted(now) { return now }
            guard ContinuousClock.now < deadline else {
                Issue.record("still \(now)")
                throw NotYet()
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Whether a process is there that has not ended.
    static func lives(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        // One that has ended and that nobody has waited for does not live.
        let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return state?.split(separator: " ").dropFirst(2).first != "Z"
    }

    deinit {
        _ = try? run("stop", "--clean")
        try? FileManager.default.removeItem(atPath: folder)
    }
}

extension EnsembleStatus {
    func mode(_ number: Int) -> String? { servers.first { $0.server == number }?.mode }
    /// The number of the one server that leads.
    var leader: Int? {
        let leaders = servers.filter { $0.mode == "leader" }
        return leaders.count == 1 ? leaders[0].server : nil
    }
}
