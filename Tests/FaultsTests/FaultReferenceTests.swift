import Faults
import Foundation
import Messages
import Testing

struct FaultReferenceTests {
    /// `RECORD_GOLDENS=1` rewrites the pages and fails, so that someone reads the difference.
    @Test(arguments: zip(Language.allCases, ["faults.md", "faults.zh-CN.md"]))
    func `the reference page is what the table says`(language: Language, file: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let url = root.appending(path: "docs/\(file)")
        let page = FaultReference.page(in: language)
        if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
            try Data(page.utf8).write(to: url)
            Issue.record("recorded \(url.path)")
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == page)
    }
}
