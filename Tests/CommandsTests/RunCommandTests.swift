import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

/// Runs command lines without a process and keeps what they print.
final class CommandRecorder: Sendable {
    private let printed = Mutex<(out: String, error: String)>(("", ""))

    var out: String { printed.withLock { $0.out } }
    var error: String { printed.withLock { $0.error } }

    func run(_ arguments: [String], language: Language = .english) async -> ExitCode {
        await ZooLabCommandLine.run(
            arguments,
            in: CommandContext(
                language: language, environment: [:], isTerminal: false, columns: 80, usesColor: false,
                contentRoot: nil, write: { text in self.printed.withLock { $0.out += text } },
                writeError: { text in self.printed.withLock { $0.error += text } }))
    }
}

struct RunCommandTests {
    @Test(arguments: [
        (["run", "two-phase-commit"], ExitCode.pass),
        (["run", "two-phase-commit", "--scene", "backup-trusts-silence"], .pass),
        (["run", "two-phase-commit", "--fault", "crash C after send COMMIT 1"], .pass),
        (["run", "two-phase-commit", "--fault", "crash C after receive YES 3", "--invariant", "progress"], .fail),
        (["run", "two-phase-commit", "--fault", "crash C after receive YES 3", "--invariant", "atomicity"], .pass),
        (["run", "two-phase-commit", "--scene", "heuristic-abort", "--invariant", "atomicity"], .fail),
        (["run", "--list"], .pass),
        (["run", "pigeonhole", "--all", "--json"], .pass),
        (["run", "pigeonhole", "--scene", "halves", "--show", "verdict"], .pass),
        (["run", "pigeonhole", "--scene", "reads-meet-writes", "--given", "N=5", "--given", "W=3"], .fail),
        (["run", "pigeonhole", "--given", "n=4"], .pass), (["run", "pigeonhole", "--given", "n"], .usage),
        (["run", "pigeonhole", "--given", "x=4"], .usage), (["run", "pigeonhole", "--fault", "heal"], .usage),
        (["run", "two-phase-commit", "--given", "n=4"], .usage), (["explore", "pigeonhole"], .usage),
        (["run", "two-phase-commit", "--all", "--json"], .pass),
        (["run"], .usage), (["run", "two-phase-comit"], .usage),
        (["run", "two-phase-commit", "--scene", "hapy-path"], .usage),
        (["run", "two-phase-commit", "--nodes", "33"], .usage),
        (["run", "two-phase-commit", "--fault", "crsh C"], .usage),
        (["run", "two-phase-commit", "--fault", "crash P9"], .usage),
        (["run", "two-phase-commit", "--invariant", "atomicty"], .usage),
        (["run", "two-phase-commit", "--all", "--scene", "happy-path"], .usage),
    ])
    func `exit codes`(arguments: [String], code: ExitCode) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(arguments) == code, "\(recorder.error)")
        #expect(recorder.error.isEmpty == (code != .usage))
    }

    @Test(arguments: Language.allCases)
    func `a wrong name is answered with the right one`(language: Language) async {
        let recorder = CommandRecorder()
        _ = await recorder.run(["run", "two-phase-comit"], language: language)
        #expect(recorder.error.contains("two-phase-commit"))
    }

    @Test func `an account in Chinese leaves no English phrase of the machines`() async {
        let recorder = CommandRecorder()
        _ = await recorder.run(["run", "two-phase-commit", "--scene", "backup-trusts-silence"], language: .chinese)
        for phrase in ["holds", "uncertain", "collecting,", "announcing", "told to", "silent", "voting", "committed"] {
            #expect(!recorder.out.contains(phrase), "\(phrase)")
        }
    }

    @Test(arguments: [
        ["run", "two-phase-commit", "--scene", "late-prepare", "--seed", "9", "--fault", "reorder 20%"],
        ["explore", "two-phase-commit", "--scene", "vote-before-disk"],
    ])
    func `a run is repeated from its file, and a changed file is found out`(arguments: [String]) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "zoolab-\(UUID().uuidString).replay")
        defer { try? FileManager.default.removeItem(at: file) }
        _ = await CommandRecorder().run(arguments + ["--replay", file.path])
        #expect(await CommandRecorder().run(["replay", file.path]) == .pass)
        var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        lines.remove(at: 3)
        try lines.joined(separator: "\n").appending("\n").write(to: file, atomically: true, encoding: .utf8)
        let recorder = CommandRecorder()
        #expect(await recorder.run(["replay", file.path]) == .fail)
        #expect(!recorder.error.isEmpty)
        #expect(await CommandRecorder().run(["replay", file.path + ".missing"]) == .toolFailed)
    }

    @Test(arguments: [
        (["explore", "two-phase-commit", "--scene", "one-no-vote"], ExitCode.pass),
        (["explore", "two-phase-commit", "--scene", "decision-before-disk", "--lang", "zh"], .fail),
        (["explore", "two-phase-commit", "--scene", "decision-before-disk", "--json"], .fail),
        (["explore", "two-phase-commit", "--states", "50"], .unknown),
        (["explore", "two-phase-commit", "--depth", "3"], .unknown),
        (["explore"], .usage), (["explore", "two-phase-commit", "--invariant", "atomicty"], .usage),
        (["explore", "two-phase-commit", "--crashes", "many"], .usage), (["replay"], .usage),
    ])
    func `exit codes of explore and replay`(arguments: [String], code: ExitCode) async {
        let recorder = CommandRecorder()
        #expect(await recorder.run(arguments) == code, "\(recorder.error)")
    }

    @Test func `a run is drawn as often as wanted`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (svg, text) = (folder.appending(path: "run.svg"), folder.appending(path: "run.txt"))
        let recorder = CommandRecorder()
        #expect(
            await recorder.run(["run", "two-phase-commit", "--draw", svg.path, "--draw", text.path]) == .pass,
            "\(recorder.error)")
        #expect(try String(contentsOf: svg, encoding: .utf8).contains("PREPARE"))
        #expect(try String(contentsOf: text, encoding: .utf8).contains("PREPARE"))
        #expect(await CommandRecorder().run(["run", "two-phase-commit", "--draw", "run.doc"]) == .usage)
    }

    @Test(arguments: Language.allCases)
    func `a file that cannot be written is one sentence, in one language`(language: Language) async {
        let missing = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)/run").path
        for (option, file) in [("--draw", missing + ".svg"), ("--trace", missing), ("--replay", missing)] {
            let recorder = CommandRecorder()
            let code = await recorder.run(["run", "two-phase-commit", option, file], language: language)
            #expect(code == .toolFailed)
            let sentence = TraceFileMessages.located(file: file, line: nil, TraceFileMessages.noFolder)
            #expect(recorder.error == sentence.text(in: language) + "\n")
        }
    }

    /// Two processes, each with its own `Hasher` seed.
    @Test func `two processes write the same bytes for the same seed`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var outputs: [Data] = []
        var traces: [Data] = []
        for name in ["first", "second"] {
            let trace = folder.appending(path: name)
            let output = try ZooLabProcess.run([
                "run", "two-phase-commit", "--scene", "every-message-twice", "--seed", "77", "--nodes", "5",
                "--fault", "reorder 30%", "--fault", "drop 10%", "--trace", trace.path, "--lang", "en",
            ])
            #expect(output.code == 0 || output.code == 1)
            outputs.append(Data(output.text.replacing(trace.path, with: "").utf8))
            traces.append(try Data(contentsOf: trace))
        }
        #expect(!traces[0].isEmpty)
        #expect(traces[0] == traces[1])
        #expect(outputs[0] == outputs[1])
    }
}
