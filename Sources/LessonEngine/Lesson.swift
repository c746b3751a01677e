package import Messages
package import Terminal

/// What `lesson.json` says.
package struct LessonHeader: Hashable, Sendable {
    /// What a person types: "two-phase-commit".
    package var id: String
    /// Identities of lessons to take before this one.
    package var prerequisites: [String]
    /// How long reading and doing takes.
    package var minutes: Int
    package var title: LocalizedText
    /// The lesson's folder, absolute or relative to the working folder.
    package var folder: String

    package init(id: String, prerequisites: [String], minutes: Int, title: LocalizedText, folder: String) {
        self.id = id
        self.prerequisites = prerequisites
        self.minutes = minutes
        self.title = title
        self.folder = folder
    }
}

/// A lesson in one language.
package struct Lesson: Hashable, Sendable {
    package var header: LessonHeader
    package var language: Language
    /// What stands before the first step, its title included.
    package var introduction: [MarkdownBlock]
    /// Never empty.
    package var steps: [LessonStep]

    package init(header: LessonHeader, language: Language, introduction: [MarkdownBlock], steps: [LessonStep]) {
        self.header = header
        self.language = language
        self.introduction = introduction
        self.steps = steps
    }
}

/// One second-level heading and what follows it.
package struct LessonStep: Hashable, Sendable {
    package var heading: MarkdownBlock
    package var items: [LessonItem]

    package init(heading: MarkdownBlock, items: [LessonItem]) {
        self.heading = heading
        self.items = items
    }
}

package enum LessonItem: Hashable, Sendable {
    case text(MarkdownBlock)
    case run(LessonRun)
    case quiz(Quiz)
    case challenge(Challenge)
}

/// A ```` ```zoolab ```` block: commands that a student could type, run in order.
package struct LessonRun: Hashable, Sendable {
    /// Each without the leading `zoolab`.
    package var commands: [[String]]
    /// The exit code of each command; lessons that show a violation expect 1.
    package var expectedCode: Int32
    package var line: Int

    package init(commands: [[String]], expectedCode: Int32, line: Int) {
        self.commands = commands
        self.expectedCode = expectedCode
        self.line = line
    }
}

/// A ```` ```quiz ```` block: a prediction asked before the run that answers it.
package struct Quiz: Hashable, Sendable {
    package struct Option: Hashable, Sendable {
        package var text: MarkdownDocument
        /// Why it is right or wrong.
        package var explanation: MarkdownDocument

        package init(text: MarkdownDocument, explanation: MarkdownDocument) {
            self.text = text
            self.explanation = explanation
        }
    }

    package var question: MarkdownDocument
    package var options: [Option]
    /// Index of the right option.
    package var right: Int
    package var line: Int

    package init(question: MarkdownDocument, options: [Option], right: Int, line: Int) {
        self.question = question
        self.options = options
        self.right = right
        self.line = line
    }
}

/// A ```` ```break-it ```` block: the student looks for a fault schedule that breaks a rule, then the explorer judges.
package struct Challenge: Hashable, Sendable {
    /// What the explorer will find.
    package enum Answer: String, CaseIterable, Hashable, Sendable {
        /// Some schedule within the bounds breaks the rule.
        case violated
        /// None does, and the explorer has seen them all.
        case holds
    }

    package var protocolName: String
    /// Arguments of both `zoolab run` and `zoolab explore`.
    package var options: [String]
    /// The rule to break.
    package var invariant: String
    /// Arguments of `zoolab explore` that limit the search.
    package var bounds: [String]
    package var answer: Answer
    /// Fault lines to show where nobody types any.
    package var example: [String]
    package var line: Int

    package init(
        protocolName: String, options: [String], invariant: String, bounds: [String], answer: Answer,
        example: [String], line: Int
    ) {
        self.protocolName = protocolName
        self.options = options
        self.invariant = invariant
        self.bounds = bounds
        self.answer = answer
        self.example = example
        self.line = line
    }

    /// The command that tries the student's faults, without `zoolab`.
    package func attempt(_ faults: [String]) -> [String] {
        ["run", protocolName] + options + ["--invariant", invariant, "--show", "diagram"]
            + faults.flatMap { ["--fault", $0] }
    }

    /// The command that tries them all, without `zoolab`.
    package var search: [String] { ["explore", protocolName] + options + ["--invariant", invariant] + bounds }
}

/// A mistake in a lesson's files.
package struct LessonProblem: LocalizedFailure, Hashable {
    package var file: String
    /// From 1; nil where the whole file is meant.
    package var line: Int?
    package var problem: LocalizedText

    package init(file: String, line: Int?, _ problem: LocalizedText) {
        self.file = file
        self.line = line
        self.problem = problem
    }

    package var message: LocalizedText { LessonMessages.problem(file: file, line: line, problem) }
}
