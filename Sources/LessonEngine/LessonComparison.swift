import Messages
import Terminal

/// Finds where two languages of a lesson differ in what is run, asked or to be broken.
struct LessonComparison {
    var english: Lesson
    var chinese: Lesson

    var problems: [LessonProblem] {
        guard english.steps.count == chinese.steps.count else {
            return [
                problem(
                    chinese.steps.last?.heading.line,
                    LessonMessages.stepCounts(english: english.steps.count, chinese: chinese.steps.count))
            ]
        }
        return zip(english.steps, chinese.steps).enumerated().compactMap { index, steps in
            let (left, right) = (shape(of: steps.0), shape(of: steps.1))
            if left == right { return nil }
            return problem(steps.1.heading.line, LessonMessages.stepDiffers(index + 1))
        }
    }

    private func problem(_ line: Int?, _ text: LocalizedText) -> LessonProblem {
        LessonProblem(file: "\(chinese.header.folder)/lesson.zh.md", line: line, text)
    }

    private enum Shape: Hashable {
        case run([[String]], Int32)
        case quiz(options: Int, right: Int)
        case challenge(Challenge)
    }

    private func shape(of step: LessonStep) -> [Shape] {
        step.items.compactMap { item in
            switch item {
            case .text: return nil
            case .run(let run): return .run(run.commands, run.expectedCode)
            case .quiz(let quiz): return .quiz(options: quiz.options.count, right: quiz.right)
            case .challenge(var challenge):
                challenge.line = 0
                return .challenge(challenge)
            }
        }
    }
}
