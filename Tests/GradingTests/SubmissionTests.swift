import Foundation
import Grading
import Messages
import Testing

/// Bad input: one clear sentence each, and never the judge's trouble.
struct SubmissionTests {
    @Test(arguments: [
        (nil, "submission.json is missing"),
        ("", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("{\"language\":\"python\"}", "‘exercise’ is missing"),
        ("{\"exercise\":\"exclusive-lock\"}", "‘language’ is missing"),
        ("{\"exercise\":7,\"language\":\"python\"}", "‘exercise’ is missing"),
        ("{\"exercise\":\"exclusive-lock\",\"language\":\"cobol\"}", "‘cobol’ is not one of swift, python"),
        ("{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}", "main.py is missing"),
        ("{\"exercise\":\"exclusive-lock\",\"language\":\"swift\"}", "main.swift is missing"),
    ])
    func `a manifest that cannot be used is named`(manifest: String?, sentence: String) throws {
        try withFolder(["submission.json": manifest]) { folder in
            #expect(sentenceOfFailure(at: folder).contains(sentence))
        }
    }

    @Test func `links and floods of files are refused`() throws {
        let manifest = "{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}"
        try withFolder(["submission.json": manifest, "main.py": ""]) { folder in
            try FileManager.default.createSymbolicLink(
                at: folder.appendingPathComponent("passwords"), withDestinationURL: URL(fileURLWithPath: "/etc/passwd"))
            #expect(sentenceOfFailure(at: folder).contains("passwords is a link"))
        }
        var files: [String: String?] = ["submission.json": manifest, "main.py": ""]
        for number in 0..<Submission.maximumFiles { files["f\(number).py"] = "" }
        try withFolder(files) { folder in
            #expect(sentenceOfFailure(at: folder).contains("too large"))
        }
    }

    @Test func `a path is one submission or a folder of them`() throws {
        let manifest = "{\"exercise\":\"exclusive-lock\",\"language\":\"python\"}"
        try withFolder(["b/submission.json": manifest, "a/submission.json": manifest, "c/notes.txt": ""]) { folder in
            let all = try Submission.folders(at: folder.path)
            #expect(all.map(\.lastPathComponent) == ["a", "b", "c"])
            let one = try Submission.folders(at: folder.appendingPathComponent("a").path)
            #expect(one.map(\.lastPathComponent) == ["a"])
            #expect(throws: GradingFailure.self) {
                try Submission.folders(at: folder.appendingPathComponent("c").path)
            }
            #expect(throws: GradingFailure.self) { try Submission.folders(at: folder.path + "/nothing") }
        }
    }

    private func sentenceOfFailure(at folder: URL) -> String {
        do {
            _ = try Submission(folder: folder)
            return ""
        } catch {
            return (error as? SubmissionProblem)?.message.english ?? "not a problem of the submission: \(error)"
        }
    }
}

/// A folder with these files, removed afterwards; `nil` leaves a file out.
func withFolder<Value>(_ files: [String: String?], _ body: (URL) throws -> Value) throws -> Value {
    let folder = try makeFolder(files)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

func makeFolder(_ files: [String: String?]) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("grading-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
        guard let text else { continue }
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    return folder
}
