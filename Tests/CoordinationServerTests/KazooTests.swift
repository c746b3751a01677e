import Foundation
import Testing

/// PyPI's kazoo, unmodified, against the built server.
struct KazooTests {
    @Test func `kazoo runs its recipes`() async throws {
        let server = try ServerProcess(folder: TemporaryFolder())
        try runRecipes([server.connectString])
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
    }

    /// On the secure port, with certificates on both sides, which are read again on the way.
    @Test func `kazoo runs its recipes over TLS`() async throws {
        let folder = TemporaryFolder()
        let configuration = try folder.configuration(
            extra: """
                secureClientPort=0
                secureClientPortAddress=127.0.0.1
                ssl.keyStore.location=\(Certificates.folder)server.pem
                ssl.trustStore.location=\(Certificates.folder)authority.pem
                """)
        let server = try ServerProcess(arguments: [configuration], folder: folder)
        let line = server.nextLine()
        let address = try #require(line.firstRange(of: "127.0.0.1:"), "\(line) \(server.problems)")
        let port = line[address.upperBound...].prefix(while: \.isNumber)
        let files = ["authority.pem", "client-certificate.pem", "client-key.pem"].map { Certificates.folder + $0 }
        server.signal(SIGHUP)
        try runRecipes(["localhost:" + port] + files + [server.connectString])
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        let problems = server.problems
        #expect(problems.contains("The certificates were read again"), "\(problems)")
    }

    private func runRecipes(_ arguments: [String]) throws {
        let python = ServerProcess.packageRoot.appending(path: ".venv/bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: python.path),
            "\(python.path) is missing: run scripts/python-environment, which needs the network once")
        let script = ServerProcess.packageRoot
            .appending(path: "Tests/CoordinationServerTests/Fixtures/kazoo_recipes.py")
        let process = Process()
        process.executableURL = python
        process.arguments = ["-W", "ignore", script.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.split(separator: "\n").last == "ok", "\(text)")
    }
}
