import Foundation
import LessonEngine
import Messages
import Testing

struct LessonProgressTests {
    @Test func `what was done stays done`() {
        var progress = LessonProgress()
        progress.complete("b", steps: 3, of: 5)
        progress.complete("b", steps: 1, of: 5)
        progress.complete("a", steps: 5, of: 5)
        progress.complete("a", steps: 1, of: 5)
        #expect(progress.states == ["a": .finished, "b": .steps(3)])
        #expect(LessonProgress(parsing: progress.text) == progress)
        progress.reset("a")
        #expect(progress.text.hasSuffix("\nb 3\n"))
    }

    @Test(arguments: ["nonsense", "a b c", "a -1", "a done", "\u{0}\u{1}"])
    func `foreign text is not progress`(text: String) {
        #expect(LessonProgress(parsing: text) == nil)
    }

    @Test func `a broken file is kept under another name`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zoolab-progress-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = ProgressStore(path: folder.path + "/deep/progress")
        #expect(try store.load().progress == LessonProgress())
        var progress = LessonProgress()
        progress.complete("a", steps: 1, of: 2)
        try store.save(progress)
        #expect(try store.load().progress == progress)
        for number in 1...2 {
            let broken = Data([0xFF, 0xFE, UInt8(number)])
            try broken.write(to: URL(filePath: store.path))
            let (empty, warning) = try store.load()
            #expect(empty == LessonProgress())
            #expect(warning?.english.contains(".broken") == true)
            let backup = store.path + (number == 1 ? ".broken" : ".broken-2")
            #expect(FileManager.default.contents(atPath: backup) == broken)
        }
    }

    @Test(
        arguments: [
            (["XDG_STATE_HOME": "/s", "HOME": "/h"], "/s/zoolab/progress"),
            (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/zoolab/progress"),
            (["HOME": "/h"], "/h/.local/state/zoolab/progress"), ([:], nil),
        ] as [([String: String], String?)])
    func `the file's place follows XDG`(environment: [String: String], path: String?) {
        #expect(ProgressStore(environment: environment)?.path == path)
    }

    @Test func `a folder that cannot be written is named`() {
        let store = ProgressStore(path: "/dev/null/zoolab/progress")
        let problem = #expect(throws: LessonProblem.self) { try store.save(LessonProgress()) }
        #expect(problem?.file == store.path)
    }
}
