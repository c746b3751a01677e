import Foundation
package import Messages

/// The lessons below a content folder.
package struct LessonLibrary: Sendable {
    /// In the order of their folders' names.
    package let headers: [LessonHeader]

    /// Reads every `lesson.json` below `root/Lessons`.
    ///
    /// - Throws: `LessonProblem` for a missing folder or a wrong file.
    package init(root: String) throws(LessonProblem) {
        let lessons = root + "/Lessons"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: lessons) else {
            throw LessonProblem(file: lessons, line: nil, LessonMessages.unreadableFolder)
        }
        var headers: [LessonHeader] = []
        for name in names.sorted() where FileManager.default.fileExists(atPath: "\(lessons)/\(name)/lesson.json") {
            headers.append(try Self.header(folder: "\(lessons)/\(name)"))
        }
        for (index, header) in headers.enumerated() {
            let file = header.folder + "/lesson.json"
            if headers[..<index].contains(where: { $0.id == header.id }) {
                throw LessonProblem(file: file, line: nil, LessonMessages.sameIdentity(header.id))
            }
        }
        self.headers = headers
    }

    package func header(_ id: String) -> LessonHeader? { headers.first { $0.id == id } }

    /// - Throws: `LessonProblem` naming file and line.
    package func lesson(_ header: LessonHeader, in language: Language) throws(LessonProblem) -> Lesson {
        let file = "\(header.folder)/lesson.\(language.rawValue).md"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw LessonProblem(file: file, line: nil, LessonMessages.unreadableFile)
        }
        return try LessonReader(file: file).lesson(text, header: header, language: language)
    }

    /// Everything wrong with a lesson: both languages must be readable and have the same structure.
    package func problems(of header: LessonHeader) -> [LessonProblem] {
        do throws(LessonProblem) {
            let english = try lesson(header, in: .english)
            let chinese = try lesson(header, in: .chinese)
            return LessonComparison(english: english, chinese: chinese).problems
        } catch {
            return [error]
        }
    }

    private struct Description: Decodable {
        struct Title: Decodable {
            var en: String
            var zh: String
        }
        var id: String
        var prerequisites: [String]
        var minutes: Int
        var title: Title
    }

    private static func header(folder: String) throws(LessonProblem) -> LessonHeader {
        let file = folder + "/lesson.json"
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            let description = try JSONDecoder().decode(Description.self, from: data)
            return LessonHeader(
                id: description.id, prerequisites: description.prerequisites, minutes: description.minutes,
                title: LocalizedText(description.title.en, zh: description.title.zh), folder: folder)
        } catch let error as DecodingError {
            let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
            throw problem(error, file: file, text: text)
        } catch {
            throw LessonProblem(file: file, line: nil, LessonMessages.unreadableFile)
        }
    }

    private static func problem(_ error: DecodingError, file: String, text: String) -> LessonProblem {
        let (path, detail) =
            switch error {
            case .keyNotFound(let key, let context): (context.codingPath + [key], "missing")
            case .typeMismatch(_, let context), .valueNotFound(_, let context): (context.codingPath, "wrong type")
            case .dataCorrupted(let context): (context.codingPath, "not JSON")
            @unknown default: ([], "unreadable")
            }
        let name = path.map(\.stringValue).joined(separator: ".")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = path.last.flatMap { key in lines.firstIndex { $0.contains("\"\(key.stringValue)\"") } }
        return LessonProblem(file: file, line: line.map { $0 + 1 }, LessonMessages.wrongDescription(name, detail))
    }
}
