import Foundation
import LessonEngine
import Messages
import Testing

/// The repository's own lessons.
struct LessonContentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL.path

    @Test func `every lesson is complete in both languages and of one structure`() throws {
        let library = try LessonLibrary(root: Self.root)
        #expect(!library.headers.isEmpty)
        for header in library.headers {
            for problem in library.problems(of: header) { Issue.record("\(problem.message.english)") }
            #expect((1...120).contains(header.minutes), "\(header.id)")
            let earlier = library.headers.prefix { $0 != header }.map(\.id)
            #expect(header.prerequisites.allSatisfy(earlier.contains), "\(header.id) comes before what it builds on")
        }
    }

    @Test func `every lesson asks, runs, and lets the student break something`() throws {
        let library = try LessonLibrary(root: Self.root)
        for header in library.headers {
            let items = try library.lesson(header, in: .chinese).steps.flatMap(\.items)
            var (runs, quizzes, challenges) = (0, 0, 0)
            for item in items {
                switch item {
                case .text: break
                case .run: runs += 1
                case .quiz: quizzes += 1
                case .challenge: challenges += 1
                }
            }
            #expect(runs > 0 && quizzes > 0 && challenges > 0, "\(header.id)")
        }
    }

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
