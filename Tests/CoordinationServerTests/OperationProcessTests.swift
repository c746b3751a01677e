import CoordinationClient
import Foundation
import Testing

/// Logs and signals of the server as its users run it.
struct OperationProcessTests {
    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func `the log and the audit log tell what happened, and SIGHUP opens them anew`() async throws {
        let folder = TemporaryFolder()
        let (log, audit) = (folder.path + "/server.log", folder.path + "/audit.log")
        let file = try folder.configuration(extra: "audit.enable=true\nzoolab.audit.file=\(audit)\nelectionAlg=3")
        let server = try ServerProcess(
            arguments: [file, "--log-level", "debug", "--log-format", "json", "--log-file", log])
        let client = try await CoordinationClient.connect(to: server.connectString)
        _ = try await client.create("/a", kind: .ephemeral)
        try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
        server.signal(SIGHUP)
        // The new file is there once the signal has been handled.
        while !FileManager.default.fileExists(atPath: log) { try await Task.sleep(for: .milliseconds(5)) }
        await client.close()
        server.signal(SIGTERM)
        #expect(server.wait() == 0)
        #expect(server.problems.isEmpty)

        let before = try lines(log + ".1")
        let after = try lines(log)
        for line in before + after { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        #expect(before.contains { $0.contains("\"level\":\"warning\"") && $0.contains("electionAlg") })
        #expect(before.contains { $0.contains("\"message\":\"session opened\"") })
        #expect(after.contains { $0.contains("\"message\":\"session closed\"") })
        #expect(after.last?.contains("Stopped in good order") == true)

        let records = try lines(audit)
        #expect(records.count == 4)
        #expect(records[0].contains("\toperation=serverStart\tresult=success"))
        #expect(records[1].hasPrefix("session=0x"))
        #expect(
            records[1].hasSuffix(
                "\tuser=127.0.0.1\tip=127.0.0.1\toperation=create\tznode=/a\tznode_type=ephemeral\tresult=success"))
        #expect(
            records[2].contains("\toperation=ephemeralZNodeDeletionOnSessionCloseOrExpire\tznode=/a\tresult=success"))
        #expect(records[3].hasSuffix("\toperation=serverStop\tresult=invoked"))
    }

    @Test func `a port, a folder and properties stand for a file`() throws {
        let folder = TemporaryFolder()
        let server = try ServerProcess(arguments: [
            "-Dzookeeper.clientPortAddress=127.0.0.1", "0", folder.path + "/data",
        ])
        #expect(server.port != nil)
        server.signal(SIGINT)
        #expect(server.wait() == 0)
        let wrong = try ServerProcess(arguments: ["0", folder.path + "/data", "soon"])
        #expect(wrong.wait() == 64)
        #expect(wrong.problems.contains("command line: tickTime must be a whole number"))
        let level = try ServerProcess(arguments: ["--log-level", "loud"])
        #expect(level.wait() == 64)
        #expect(level.problems.contains("--log-level knows no ‘loud’"))
    }

    @Test func `an admin port in use is named`() throws {
        let first = try ServerProcess(folder: TemporaryFolder())
        let folder = TemporaryFolder()
        let file = try folder.configuration(
            extra: "admin.serverAddress=127.0.0.1\nadmin.serverPort=\(try #require(first.port))")
        let second = try ServerProcess(arguments: [file])
        #expect(second.wait() == 3)
        #expect(second.problems.contains("HTTP cannot be served on 127.0.0.1:\(first.port!)"))
    }
}
