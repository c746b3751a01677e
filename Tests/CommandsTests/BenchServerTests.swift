import CommandLines
import Commands
import CoordinationClient
import CoordinationCore
import CoordinationServer
import Foundation
import Loads
import LoopbackServer
import Messages
import Testing

/// `zoolab bench server`; never how fast anything was.
@Suite(.serialized, .timeLimit(.minutes(2))) struct BenchServerTests {
    /// What `--json` promises to those who read it.
    private struct Report: Decodable {
        struct Figures: Decodable {
            var requestsPerSecond, p50Microseconds, p99Microseconds, errors: Int
        }
        struct Row: Decodable {
            var load: String
            var connections, inFlight, dataBytes: Int
            var median: Figures
            var rounds: [Figures]
            var residentBytes: [Int?]?
        }
        var servers: [String]
        var milliseconds: Int
        var loads: [Row]
    }

    @Test(arguments: Language.allCases)
    func `servers that are there are measured in a table that fits`(language: Language) async throws {
        let server = try await LoopbackServer { $0.core.connectionLimitPerAddress = 0 }
        let recorder = CommandRecorder()
        let list = "\(server.address("A")),\(server.address("B"))"
        #expect(
            await recorder.run(["bench", "server", "--connect", list, "--quick"], language: language) == .pass,
            "\(recorder.error)")
        let lines = recorder.out.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 }, "\(recorder.out)")
        #expect(lines[0].contains(list))
        #expect(lines.dropFirst(3).map { String($0.prefix { $0 != " " }) } == Load.all.map(\.name))
        // Nobody may say how much memory servers have that somebody else has started.
        #expect(!recorder.out.contains(BenchMessages.columnMemory.text(in: language)))
        let client = try await server.connect()
        #expect(try await client.exists(LoadGround.root) == nil)
        try await client.create(LoadGround.root)
        let refused = CommandRecorder()
        #expect(
            await refused.run(["bench", "read-50x1", "--quick", "--connect", list], language: language) == .toolFailed)
        #expect(refused.error == LoadMessages.taken(LoadGround.root).text(in: language) + "\n")
        #expect(try await client.exists(LoadGround.root) != nil)
        await client.close()
        try await server.stop()
    }

    @Test(arguments: [1, 3])
    func `servers of this build are started, measured, and gone`(count: Int) throws {
        let before = try Self.folders()
        let result = try ZooLabProcess.run([
            "bench", "server", "write-50x16", "read-1KB-200x4", "--servers", "\(count)", "--json", "--quick",
        ])
        #expect(result.code == 0, "\(result.errors)")
        let report = try JSONDecoder().decode(Report.self, from: Data(result.text.utf8))
        #expect(report.servers.count == count)
        #expect(report.milliseconds == 40)
        #expect(report.loads.map(\.load) == ["write-50x16", "read-1KB-200x4"])
        #expect(
            report.loads.map { [$0.connections, $0.inFlight, $0.dataBytes] } == [[50, 16, 100], [200, 4, 1_024]])
        for row in report.loads {
            #expect(row.rounds.count == 1)
            #expect(row.median.requestsPerSecond > 0 && row.median.errors == 0)
            #expect(row.median.p50Microseconds <= row.median.p99Microseconds)
            #if os(Linux)
                #expect(row.residentBytes?.count == count)
                #expect(row.residentBytes?.allSatisfy { ($0 ?? 0) > 1 << 20 } == true)
            #endif
        }
        #expect(try Self.folders() == before)
    }

    private static func folders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path)
            .filter { $0.hasPrefix("zoolab-bench-") }.sorted()
    }

    @Test(arguments: [
        ["bench", "explore", "--servers", "3"], ["bench", "diagram", "--json"], ["bench", "--json"],
        ["bench", "diagram", "read-50x1"], ["bench", "server", "--servers", "3", "--connect", "127.0.0.1:1"],
        ["bench", "server", "--connect", "nobody:"], ["bench", "server", "--seconds", "0"],
        ["bench", "server", "--rounds", "100"], ["bench", "server", "--servers", "10"],
        ["bench", "server", "read-50x2"],
    ])
    func `what makes no sense is refused before anything runs`(arguments: [String]) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(arguments) == .usage)
        #expect(recorder.out.isEmpty && !recorder.error.isEmpty)
    }

    @Test func `a load that was mistyped is guessed`() async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(["bench", "reed-50x16"]) == .usage)
        #expect(recorder.error.contains("Did you mean ‘read-50x16’?"))
    }
}
