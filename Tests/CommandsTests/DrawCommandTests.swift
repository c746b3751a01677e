import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

struct DrawCommandTests {
    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "DiagramsTests/Fixtures/violation.jsonl").path

    private final class Output: Sendable {
        let text = Mutex("")
        let errors = Mutex("")
    }

    /// Runs `zoolab draw` with these arguments.
    private static func draw(_ arguments: String...) async -> (code: ExitCode, text: String, errors: String) {
        let output = Output()
        let context = CommandContext(
            language: .english, environment: [:], isTerminal: false, columns: 90, usesColor: false, contentRoot: nil,
            write: { text in output.text.withLock { $0 += text } },
            writeError: { text in output.errors.withLock { $0 += text } })
        let code = await ZooLabCommandLine.run(["draw"] + arguments, in: context)
        return (code, output.text.withLock { $0 }, output.errors.withLock { $0 })
    }

    @Test func `without -o the picture is text`() async {
        let result = await Self.draw(Self.fixture, "--width", "80")
        #expect(result.code == .pass)
        #expect(result.text.contains("A participant that forgets its vote"))
        #expect(result.text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 80 })
    }

    @Test(arguments: ["svg", "PNG", "pdf", "dot", "txt"])
    func `the end of the name says the format`(ending: String) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).\(ending)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let result = await Self.draw(Self.fixture, "-o", path, "--lang", "zh", "--order", "events")
        #expect(result.code == .pass, "\(result.errors)")
        #expect(result.text.contains(path))
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `pages are named, and said to be several`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = await Self.draw(Self.fixture, "-o", folder.path + "/run.svg", "--page", "300")
        #expect(result.code == .pass)
        #expect(result.text.contains("it fills"))
        #expect(result.text.contains("run-2.svg"))
    }

    @Test func `without plugins, SVG is drawn and PNG says what to install`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let environment = ["GVBINDIR": folder.path + "/no-plugins"]
        let svg = try ZooLabProcess.run(
            ["draw", Self.fixture, "-o", folder.path + "/run.svg"], environment: environment)
        #expect(svg.code == 0, "\(svg.errors)")
        for format in ["png", "pdf"] {
            let result = try ZooLabProcess.run(
                ["draw", Self.fixture, "-o", folder.path + "/run.\(format)", "--lang", "zh"], environment: environment)
            #expect(result.code == ExitCode.toolFailed.rawValue)
            #expect(result.errors.contains("apt install graphviz"))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    @Test(arguments: [
        ([], ExitCode.usage, "needs a trace file"),
        (["x.jsonl", "-o", "x.gif"], .usage, ".svg, .png, .pdf, .dot, .txt"),
        (["x.jsonl", "--order", "size"], .usage, "time or events"),
        (["x.jsonl", "--page", "3"], .usage, "--page"),
        (["x.jsonl", "y.jsonl"], .usage, "y.jsonl"),
        (["/no/such/run.jsonl"], .toolFailed, "no such file"),
        (["/"], .toolFailed, "folder"),
    ])
    func `bad input is one clear sentence`(arguments: [String], code: ExitCode, sentence: String) async {
        let output = Output()
        let context = CommandContext(
            language: .english, environment: [:], isTerminal: false, columns: 90, usesColor: false, contentRoot: nil,
            write: { _ in }, writeError: { text in output.errors.withLock { $0 += text } })
        let result = await ZooLabCommandLine.run(["draw"] + arguments, in: context)
        let errors = output.errors.withLock { $0 }
        #expect(result == code)
        #expect(errors.contains(sentence), "\(errors)")
        #expect(errors.split(separator: "\n").count == 1)
    }
}
