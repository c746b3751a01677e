package import Messages
import Terminal

/// Reads the Markdown of a lesson.
package struct LessonReader {
    private let file: String

    /// - Parameter file: named in errors.
    package init(file: String) { self.file = file }

    /// - Throws: `LessonProblem`
    package func lesson(_ text: String, header: LessonHeader, language: Language) throws(LessonProblem) -> Lesson {
        var introduction: [MarkdownBlock] = []
        var steps: [LessonStep] = []
        for block in MarkdownDocument(parsing: text).blocks {
            if case .heading(level: 2, _) = block.content {
                steps.append(LessonStep(heading: block, items: []))
            } else if steps.isEmpty {
                guard case .text = try item(block) else {
                    throw problem(block.line, LessonMessages.blockBeforeFirstStep)
                }
                introduction.append(block)
            } else {
                steps[steps.count - 1].items.append(try item(block))
            }
        }
        guard !steps.isEmpty else { throw problem(nil, LessonMessages.noSteps) }
        for step in steps { try checkQuizzes(of: step) }
        return Lesson(header: header, language: language, introduction: introduction, steps: steps)
    }

    private func item(_ block: MarkdownBlock) throws(LessonProblem) -> LessonItem {
        guard case .code(let info, let text) = block.content else { return .text(block) }
        let words = info.split(separator: " ")
        switch words.first {
        case "zoolab": return .run(try run(text, info: words.dropFirst(), line: block.line))
        case "quiz": return .quiz(try quiz(text, line: block.line))
        case "break-it": return .challenge(try challenge(text, line: block.line))
        default: return .text(block)
        }
    }

    private func problem(_ line: Int?, _ text: LocalizedText) -> LessonProblem {
        LessonProblem(file: file, line: line, text)
    }

    /// A prediction makes sense only before what answers it, and one at a time.
    private func checkQuizzes(of step: LessonStep) throws(LessonProblem) {
        var open: Quiz?
        for item in step.items {
            switch item {
            case .text: break
            case .run, .challenge: open = nil
            case .quiz(let quiz):
                if let open { throw problem(open.line, LessonMessages.quizWithoutRun) }
                open = quiz
            }
        }
        if let open { throw problem(open.line, LessonMessages.quizWithoutRun) }
    }
}

// Commands.
extension LessonReader {
    private func run(
        _ text: String, info: ArraySlice<Substring>, line: Int
    ) throws(LessonProblem) -> LessonRun {
        var expectedCode: Int32 = 0
        for word in info {
            guard word.hasPrefix("exit="), let code = Int32(word.dropFirst(5)) else {
                throw problem(line, LessonMessages.unknownRunOption(String(word)))
            }
            expectedCode = code
        }
        var commands: [[String]] = []
        for (row, content) in numbered(text, after: line) where !content.isEmpty {
            guard let words = CommandWords.split(content) else { throw problem(row, LessonMessages.openQuote) }
            guard words.first == "zoolab", words.count > 1, words[1] != "learn" else {
                throw problem(row, LessonMessages.notACommand(content))
            }
            commands.append(Array(words.dropFirst()))
        }
        guard !commands.isEmpty else { throw problem(line, LessonMessages.emptyRun) }
        return LessonRun(commands: commands, expectedCode: expectedCode, line: line)
    }

    /// The lines inside a fence, trimmed at their ends, with their numbers in the file.
    private func numbered(_ text: String, after line: Int) -> [(Int, String)] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, content in
            (line + 1 + index, String(content.reversed().drop(while: \.isWhitespace).reversed()))
        }
    }
}

// Quizzes.
extension LessonReader {
    /// A question; then options, each `[ ]` or `[x]` at the beginning of a line, each followed by its explanation in
    /// indented lines.
    private func quiz(_ text: String, line: Int) throws(LessonProblem) -> Quiz {
        var question: [String] = []
        var options: [(line: Int, text: [String], explanation: [String])] = []
        var right: [Int] = []
        for (row, content) in numbered(text, after: line) {
            if content.hasPrefix("[ ]") || content.hasPrefix("[x]") {
                if content.hasPrefix("[x]") { right.append(options.count) }
                options.append((row, [trimmed(content.dropFirst(3))], []))
            } else if options.isEmpty {
                question.append(content)
            } else if content.isEmpty || content.first == " " {
                options[options.count - 1].explanation.append(trimmed(content[...]))
            } else {
                throw problem(row, LessonMessages.strayQuizLine)
            }
        }
        guard question.contains(where: { !$0.isEmpty }) else { throw problem(line, LessonMessages.quizWithoutQuestion) }
        guard (2...9).contains(options.count) else { throw problem(line, LessonMessages.quizOptionCount) }
        guard right.count == 1 else { throw problem(line, LessonMessages.quizNeedsOneRight) }
        for option in options {
            let isComplete = option.text != [""] && option.explanation.contains { !$0.isEmpty }
            guard isComplete else { throw problem(option.line, LessonMessages.optionWithoutExplanation) }
        }
        return Quiz(
            question: document(question),
            options: options.map { Quiz.Option(text: document($0.text), explanation: document($0.explanation)) },
            right: right[0], line: line)
    }

    private func trimmed(_ text: Substring) -> String { String(text.drop(while: \.isWhitespace)) }

    private func document(_ lines: [String]) -> MarkdownDocument {
        MarkdownDocument(parsing: lines.joined(separator: "\n"))
    }
}

// Challenges.
extension LessonReader {
    /// Lines of `name: value`.
    private func challenge(_ text: String, line: Int) throws(LessonProblem) -> Challenge {
        var values: [String: String] = [:]
        var example: [String] = []
        for (row, content) in numbered(text, after: line) where !content.isEmpty {
            guard let colon = content.firstIndex(of: ":") else { throw problem(row, LessonMessages.notAField(content)) }
            let name = String(content[..<colon])
            let value = trimmed(content[content.index(after: colon)...])
            switch name {
            case "example": example.append(value)
            case "protocol", "options", "invariant", "bounds", "answer":
                guard values.updateValue(value, forKey: name) == nil else {
                    throw problem(row, LessonMessages.fieldTwice(name))
                }
            default: throw problem(row, LessonMessages.unknownField(name))
            }
        }
        func required(_ name: String) throws(LessonProblem) -> String {
            guard let value = values[name], !value.isEmpty else {
                throw problem(line, LessonMessages.missingField(name))
            }
            return value
        }
        func words(_ name: String) throws(LessonProblem) -> [String] {
            guard let words = CommandWords.split(values[name, default: ""]) else {
                throw problem(line, LessonMessages.openQuote)
            }
            return words
        }
        guard let answer = Challenge.Answer(rawValue: try required("answer")) else {
            throw problem(line, LessonMessages.unknownAnswer)
        }
        return Challenge(
            protocolName: try required("protocol"), options: try words("options"),
            invariant: try required("invariant"), bounds: try words("bounds"), answer: answer, example: example,
            line: line)
    }
}
