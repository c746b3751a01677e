package import Foundation
package import Messages

/// An exercise, as its folder in `Exercises/` describes it.
package struct Exercise: Hashable, Sendable, Decodable {
    package static let format = "zoolab-exercise"
    package static let version = 1

    package var id: String
    package var kind: ExerciseKind
    package var titles: Titles
    /// The lesson that explains the subject.
    package var lesson: String
    package var hours: Hours
    package var languages: [SubmissionLanguage]
    package var checks: [Check]
    /// The folder it was read from.
    package var folder = URL(fileURLWithPath: "/")

    package struct Titles: Hashable, Sendable, Decodable {
        package var en: String
        package var zh: String
        package var text: LocalizedText { LocalizedText(en, zh: zh) }
    }

    /// How long it takes, from the practised to the new.
    package struct Hours: Hashable, Sendable, Decodable {
        package var least: Int
        package var most: Int
    }

    /// A rule with its points; its children are judged only if it is passed.
    package struct Check: Hashable, Sendable, Decodable {
        package enum Visibility: String, Hashable, Sendable, Decodable {
            /// Students see everything.
            case visible
            /// Students see pass or fail, not why.
            case hidden
        }
        package var rule: RuleID
        package var points: Int
        package var visibility: Visibility
        package var children: [Check]

        private enum CodingKeys: CodingKey { case rule, points, visibility, children }

        package init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            rule = try fields.decode(RuleID.self, forKey: .rule)
            points = try fields.decode(Int.self, forKey: .points)
            visibility = try fields.decode(Visibility.self, forKey: .visibility)
            children = try fields.decodeIfPresent([Check].self, forKey: .children) ?? []
        }
    }

    private enum CodingKeys: CodingKey { case id, kind, titles, lesson, hours, languages, checks }
    private struct Header: Decodable {
        var format: String
        var version: Int
    }

    /// Every check with its parent, parents first.
    package var flatChecks: [(check: Check, parent: RuleID?)] {
        func flatten(_ checks: [Check], _ parent: RuleID?) -> [(Check, RuleID?)] {
            checks.flatMap { [($0, parent)] + flatten($0.children, $0.rule) }
        }
        return flatten(checks, nil)
    }

    package var points: Int { flatChecks.reduce(0) { $0 + $1.check.points } }

    /// Reads `exercise.json` of a folder.
    package init(folder: URL) throws {
        let file = folder.appendingPathComponent("exercise.json")
        do {
            let data = try Data(contentsOf: file)
            let header = try JSONDecoder().decode(Header.self, from: data)
            guard header.format == Self.format, header.version == Self.version else {
                throw GradingFailure(
                    GradingMessages.badExercise(file.path, "format \(header.format) \(header.version)"))
            }
            self = try JSONDecoder().decode(Exercise.self, from: data)
            self.folder = folder
        } catch let failure as GradingFailure {
            throw failure
        } catch {
            throw GradingFailure(GradingMessages.badExercise(file.path, "\(error)"))
        }
    }
}

/// The exercises below a content root.
package struct ExerciseCatalogue: Sendable {
    package let exercises: [Exercise]

    /// Reads every folder of `root/Exercises` that holds an `exercise.json`, in the order of their numbers.
    package init(contentRoot root: URL) throws {
        let folder = root.appendingPathComponent("Exercises")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        exercises = try names.sorted().compactMap { name in
            let exercise = folder.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: exercise.appendingPathComponent("exercise.json").path) else {
                return nil
            }
            return try Exercise(folder: exercise)
        }
        guard !exercises.isEmpty else { throw GradingFailure(GradingMessages.noExercises(folder.path)) }
    }

    package func exercise(_ id: String) throws -> Exercise {
        guard let exercise = exercises.first(where: { $0.id == id }) else {
            let known = exercises.map(\.id).joined(separator: ", ")
            throw SubmissionProblem(GradingMessages.unknownExercise(id, known: known))
        }
        return exercise
    }
}

/// The judge's own trouble: never the student's failure; exit code 3.
package struct GradingFailure: LocalizedFailure, Hashable {
    package let message: LocalizedText
    package init(_ message: LocalizedText) { self.message = message }
}

/// A submission that cannot be run: no points, and one sentence that says why; exit code 1.
package struct SubmissionProblem: LocalizedFailure, Hashable {
    package let message: LocalizedText
    package init(_ message: LocalizedText) { self.message = message }
}
