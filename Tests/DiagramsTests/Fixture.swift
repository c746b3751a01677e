import Foundation
import Testing
import TraceFiles
import Traces

/// The hand-written runs beside these tests, and golden files made from them.
enum Fixture: String, CaseIterable, Sendable {
    case twoPhaseCommit = "two-phase-commit"
    case lock
    case violation

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    func trace() throws -> Trace {
        try TraceFile.read(path: Self.folder.appending(path: "Fixtures/\(rawValue).jsonl").path)
    }

    /// Compares with a golden file; `RECORD_GOLDENS=1` rewrites it and fails, so that someone reads the difference.
    static func expect(_ text: String, matchesGolden name: String) throws {
        let file = folder.appending(path: "Goldens/\(name)")
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            Issue.record("recorded \(name); read the difference")
            return
        }
        let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        if text != golden {
            let line = zip(text.split(separator: "\n"), golden.split(separator: "\n")).first { $0 != $1 }
            Issue.record("\(name) differs: ‘\(line?.0 ?? "")’, golden ‘\(line?.1 ?? "")’")
        }
    }
}
