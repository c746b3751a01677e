import Foundation
import TraceFiles
import Traces

/// The hand-written runs beside these tests.
enum Fixture: String, CaseIterable, Sendable {
    case twoPhaseCommit = "two-phase-commit"
    case lock
    case violation

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    func trace() throws -> Trace {
        try TraceFile.read(path: Self.folder.appending(path: "Fixtures/\(rawValue).jsonl").path)
    }
}
