import Foundation
import Testing

/// PyPI's kazoo, unmodified, against the built server.
struct KazooTests {
    @Test func `kazoo runs its recipes`() async throws {
        let python = ServerProcess.packageRoot.appending(path: ".venv/bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path),
            "\(python.path) is missing: run scripts/python-environment, which needs the network once")
        let server = try ServerProcess(folder: TemporaryFolder())
        let script = ServerProcess.packageRoot
            .appending(path: "Tests/CoordinationServerTests/Fixtures/kazoo_recipes.py")
        let process = Process()
        process.executableURL = python
        process.arguments = ["-W", "ignore", script.path, server.connectString]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.split(separator: "\n").last == "ok", "\(text)")
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
    }
}
