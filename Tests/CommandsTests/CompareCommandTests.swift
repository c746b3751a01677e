import CommandLines
import Commands
import Foundation
import Messages
import Scenarios
import Testing

struct CompareCommandTests {
    private struct Row: Decodable {
        var `protocol`: String
        var messages: Double?
        var delays: Double?
        var forcedWrites: Double?
        var waitingMilliseconds: Double?
        var runsWithSomebodyStuck: Int
        var runsWithoutDecision: Int
        var wrongRuns: Int
    }

    private func rows(_ arguments: String...) async throws -> [String: Row] {
        let recorder = CommandRecorder()
        #expect(await recorder.run(["compare", "--json", "--runs", "3"] + arguments) == .pass)
        let rows = try JSONDecoder().decode([Row].self, from: Data(recorder.out.utf8))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.protocol, $0) })
    }

    @Test func `nothing goes wrong, and the books are right`() async throws {
        let rows = try await rows()
        #expect(rows.keys.sorted() == Contender.all.map(\.name).sorted())
        for row in rows.values {
            #expect(row.runsWithSomebodyStuck == 0 && row.runsWithoutDecision == 0 && row.wrongRuns == 0, "\(row)")
        }
        // PREPARE, YES, COMMIT, ACK with three participants; each forces a vote and an outcome, the coordinator one.
        let twoPhase = try #require(rows["two-phase-commit"])
        #expect(twoPhase.messages == 12 && twoPhase.forcedWrites == 7 && twoPhase.delays == 2)
    }

    @Test func `who lost the leader waits in one protocol and goes on in the other`() async throws {
        let rows = try await rows("two-phase-commit", "zab", "--fault", "crash L at 20ms")
        #expect(rows["two-phase-commit"]?.runsWithSomebodyStuck == 3)
        #expect(rows["zab"]?.runsWithSomebodyStuck == 0 && rows["zab"]?.wrongRuns == 0)
        #expect((rows["two-phase-commit"]?.waitingMilliseconds ?? 0) > (rows["zab"]?.waitingMilliseconds ?? .infinity))
    }

    @Test func `whoever is asked instead of a dead leader decides in each protocol of copies`() async throws {
        let rows = try await rows("paxos", "raft", "zab", "--fault", "crash L at 20ms")
        #expect(rows.count == 3)
        for row in rows.values { #expect(row.runsWithoutDecision == 0 && row.delays != nil, "\(row)") }
    }

    @Test(arguments: Language.allCases)
    func `tables fit eighty columns, bars are drawn`(language: Language) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "bars.svg").path
        let recorder = CommandRecorder()
        let arguments = ["compare", "--runs", "1", "--fault", "crash L at 20ms", "--draw", path]
        #expect(await recorder.run(arguments, language: language) == .pass)
        #expect(recorder.out.split(separator: "\n").contains { $0.hasPrefix("two-phase-commit ") && $0.contains("│") })
        #expect(recorder.out.contains(Contender.Problem.replication.title.text(in: language)))
        let svg = try String(contentsOfFile: path, encoding: .utf8)
        #expect(svg.contains(CompareMessages.waiting.text(in: language)) && svg.contains("…"))
    }

    @Test(arguments: [
        ["compare", "raaft"], ["compare", "--fault", "crash Q at 1ms"], ["compare", "--fault", "crash L after send"],
        ["compare", "--fault", "drop PREPARE"], ["compare", "--fault", "crash L after send X 1"],
        ["compare", "--draw", "bars.txt"], ["compare", "--nodes", "2"],
    ])
    func `what cannot be compared is refused`(arguments: [String]) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(arguments) == .usage)
        #expect(!recorder.error.isEmpty && !recorder.error.contains("one of ."))
    }
}
