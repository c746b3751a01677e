import Foundation
import Grading
import Messages
import Testing

/// What students get must be whole, in both languages.
struct ContentTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let exercises = (try? ExerciseCatalogue(contentRoot: root).exercises) ?? []

    @Test func `both homeworks are there`() throws {
        let catalogue = try ExerciseCatalogue(contentRoot: Self.root)
        #expect(catalogue.exercises.map(\.id) == ["exclusive-lock", "leader-election"])
        #expect(throws: SubmissionProblem.self) { try catalogue.exercise("no-such") }
    }

    @Test(arguments: exercises)
    func `an exercise's checks are a tree of different rules worth 100 points`(exercise: Exercise) {
        let rules = exercise.flatChecks.map(\.check.rule)
        #expect(Set(rules).count == rules.count)
        #expect(exercise.points == 100)
        #expect(exercise.checks.map(\.rule) == [.makesProgress], "Everything else depends on progress.")
        #expect(exercise.hours.least <= exercise.hours.most)
    }

    @Test(arguments: exercises, ["en", "zh"])
    func `task and hints name every rule`(exercise: Exercise, language: String) throws {
        let task = try text("task.\(language).md", of: exercise)
        let hints = try text("hints.\(language).md", of: exercise)
        for (check, _) in exercise.flatChecks {
            let row = task.split(separator: "\n").first {
                $0.hasPrefix("| `\(check.rule.rawValue)` | \(check.points) |")
            }
            #expect(row != nil, "\(check.rule.rawValue) with \(check.points) points in task.\(language).md")
            let section = hints.components(separatedBy: "\n## \(check.rule.rawValue)\n").dropFirst().first
            let steps = section?.components(separatedBy: "\n## ").first?.split(separator: "\n") ?? []
            #expect(
                steps.map { String($0.prefix(3)) } == ["1. ", "2. ", "3. "],
                "\(check.rule.rawValue) in hints.\(language).md")
        }
    }

    @Test(arguments: exercises)
    func `a starter is complete and its helper is the same everywhere`(exercise: Exercise) throws {
        for language in exercise.languages {
            let submission = try Submission(
                folder: exercise.folder.appendingPathComponent("starter/\(language.rawValue)"))
            #expect(submission.exercise == exercise.id)
            #expect(submission.language == language)
            guard let helper = language.helperFile else { continue }
            let mine = try text("starter/\(language.rawValue)/\(helper)", of: exercise)
            let first = try text("starter/\(language.rawValue)/\(helper)", of: Self.exercises[0])
            #expect(mine == first)
        }
    }

    private func text(_ path: String, of exercise: Exercise) throws -> String {
        try String(contentsOf: exercise.folder.appendingPathComponent(path), encoding: .utf8)
    }
}
