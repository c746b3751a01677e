import Foundation
import Testing

/// Compares with a recorded file; `RECORD_GOLDENS=1` rewrites it and fails, so that someone reads the difference.
func expectGolden(_ text: String, _ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
        try Data(text.utf8).write(to: file)
        Issue.record("recorded \(name)")
        return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    let (lines, wanted) = (text.split(separator: "\n"), expected.split(separator: "\n"))
    let different = zip(lines, wanted).first { $0 != $1 }
    #expect(
        text == expected,
        "\(name): \(different.map { "got ‘\($0)’, expected ‘\($1)’" } ?? "\(lines.count) lines for \(wanted.count)")")
}

func fixture(_ name: String) throws -> String {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    return try String(contentsOf: file, encoding: .utf8)
}
