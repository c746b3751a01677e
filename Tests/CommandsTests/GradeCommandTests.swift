import CommandLines
import Commands
import Foundation
import Messages
import Synchronization
import Testing

/// What `zoolab grade` says of bad input, and how it ends. What it says of programs is tested with the judge.
struct GradeCommandTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private final class Output: Sendable {
        let text = Mutex("")
        let errors = Mutex("")
    }

    private static func grade(
        _ arguments: [String], root: String? = root
    ) async -> (code: ExitCode, text: String, errors: String) {
        let output = Output()
        let context = CommandContext(
            language: .english, environment: ProcessInfo.processInfo.environment, isTerminal: false, columns: 90,
            usesColor: false, contentRoot: root, write: { text in output.text.withLock { $0 += text } },
            writeError: { text in output.errors.withLock { $0 += text } })
        let code = await ZooLabCommandLine.run(["grade"] + arguments, in: context)
        return (code, output.text.withLock { $0 }, output.errors.withLock { $0 })
    }

    @Test(arguments: [
        ([], ExitCode.usage, "needs the folder"),
        (["x", "--format", "text,html"], .usage, "text, json, junit, csv"),
        (["x", "--rule", "be-nice"], .usage, "makes-progress, mutual-exclusion"),
        (["x", "--seed", "many"], .usage, "--seed takes a whole number"),
        (["/no/such/folder"], .toolFailed, "/no/such/folder: no such folder"),
        (["/usr/share/doc"], .toolFailed, "neither a submission nor a folder of submissions"),
    ])
    func `a wrong command line gets a sentence and its exit code`(
        arguments: [String], code: ExitCode, sentence: String
    ) async {
        let result = await Self.grade(arguments)
        #expect(result.code == code)
        #expect(result.errors.contains(sentence), "\(result.errors)")
    }

    @Test func `without the course's content it says where to get it`() async {
        let result = await Self.grade(["x"], root: "/usr/share")
        #expect(result.code == .toolFailed)
        #expect(result.errors.contains("No exercises in /usr/share/Exercises"))
    }

    @Test func `a bad submission does not stop the class, and every format is written`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "class-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            ("ada/submission.json", "{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}"),
            ("ada/main.py", "def acquire(:\n"),
            ("bob/submission.json", "not json"),
            ("cleo/submission.json", "{\"exercise\":\"no-such\",\"language\":\"python\"}"), ("cleo/main.py", ""),
            ("dan/notes.txt", "nothing"),
        ]
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let out = folder.appending(path: "out").path
        let result = await Self.grade([folder.path, "--out", out, "--format", "text,json,junit,csv"])
        #expect(result.code == .fail, "\(result.errors)")
        for sentence in [
            "does not compile", "not a JSON object", "no exercise ‘no-such’", "submission.json is missing",
        ] {
            #expect(result.text.contains(sentence))
        }
        #expect(result.text.contains("4 submissions: 0 with all points, 4 that could not be run or graded."))
        for name in ["ada", "bob", "cleo", "dan"] {
            #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)/report.txt"))
            #expect(FileManager.default.fileExists(atPath: "\(out)/\(name)/report.json"))
        }
        let grades = try String(contentsOfFile: out + "/grades.csv", encoding: .utf8)
        #expect(grades.split(separator: "\r\n").count == 5)
        let suites = try String(contentsOfFile: out + "/junit.xml", encoding: .utf8)
        #expect(suites.components(separatedBy: "<testsuite ").count == 5)
    }
}
