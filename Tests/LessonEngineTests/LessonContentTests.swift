import Foundation
import LessonEngine
import Messages
import Testing

struct LessonContentTests {
    @Test func `differences between the languages are found`() throws {
        let files = FileManager.default
        let root = files.temporaryDirectory.appending(path: "zoolab-lessons-\(UUID().uuidString)").path
        defer { try? files.removeItem(atPath: root) }
        let folder = root + "/Lessons/01-a"
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        func write(_ name: String, _ text: String) throws {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        let description = #"{"id": "a", "prerequisites": [], "minutes": 1, "title": {"en": "A", "zh": "甲"}}"#
        try write("lesson.json", description)
        let english = "## One\n\n```zoolab\nzoolab run x\n```\n"
        try write("lesson.en.md", english)
        let cases: [(String, Bool)] = [
            (english.replacing("One", with: "一"), true), (english.replacing("run x", with: "run y"), false),
            ("## 一\n", false), (english + "\n## 二\n", false), ("", false),
        ]
        for (chinese, isFine) in cases {
            try write("lesson.zh.md", chinese)
            let library = try LessonLibrary(root: root)
            #expect(library.problems(of: library.headers[0]).isEmpty == isFine, "\(chinese)")
        }
        try write("lesson.json", description.replacing("\"minutes\": 1", with: "\n\"minutes\": \"one\""))
        let problem = #expect(throws: LessonProblem.self) { try LessonLibrary(root: root) }
        #expect(problem?.line == 2)
        try write("lesson.json", "{")
        #expect(throws: LessonProblem.self) { try LessonLibrary(root: root) }
        #expect(throws: LessonProblem.self) { try LessonLibrary(root: root + "/nowhere") }
    }
}
