import Foundation
package import Messages
package import Terminal

/// How a command of a lesson ended.
package struct CommandOutcome: Hashable, Sendable {
    /// What it wrote to standard output and standard error, in order.
    package var output: String
    package var code: Int32

    package init(output: String, code: Int32) {
        self.output = output
        self.code = code
    }
}

/// What the player needs from the program around it.
package struct LessonHost {
    /// Runs one command line, given without `zoolab`.
    package var run: ([String]) async -> CommandOutcome
    /// Opens a picture in a viewer; false where none is at hand.
    package var open: (_ picture: String) -> Bool
    /// Writes to standard output, as it is.
    package var write: (String) -> Void
    /// The window.
    package var size: () -> TerminalSize
    /// The keyboard; nil plays without one.
    package var keys: (any KeySource)?
    package var theme: Theme
    /// Where files go that the lesson's commands write.
    package var outputFolder: String

    package init(
        run: @escaping ([String]) async -> CommandOutcome,
        open: @escaping (_ picture: String) -> Bool, write: @escaping (String) -> Void,
        size: @escaping () -> TerminalSize, keys: (any KeySource)?, theme: Theme, outputFolder: String
    ) {
        self.run = run
        self.open = open
        self.write = write
        self.size = size
        self.keys = keys
        self.theme = theme
        self.outputFolder = outputFolder
    }
}

/// How playing a lesson ended.
package struct LessonEnding: Hashable, Sendable {
    package enum Reason: Hashable, Sendable { case finished, quit, interrupted }
    package var reason: Reason
    /// Commands that did not end with the exit code the lesson expects.
    package var failures: Int
    /// Files drawn.
    package var pictures: [String]
}

/// Plays one lesson: pages of text, commands that really run, questions before them.
package final class LessonPlayer {
    /// Prose stays readable on very wide screens.
    private static let widestProse = 100

    private let lesson: Lesson
    private let host: LessonHost
    private let screen: LessonScreen
    private let onStepDone: (Int) -> Void

    private var knownFiles: [String] = []
    private var pictures: [String] = []
    private var failures = 0
    private var greeting: LocalizedText?
    /// A question whose answer has not been shown yet, and what the student guessed.
    private var openQuiz: (quiz: Quiz, guess: Int?)?

    /// - Parameter onStepDone: called with the number of steps done, to keep the progress.
    package init(_ lesson: Lesson, host: LessonHost, onStepDone: @escaping (Int) -> Void) {
        self.lesson = lesson
        self.host = host
        self.onStepDone = onStepDone
        screen = LessonScreen(
            keys: host.keys, theme: host.theme, language: lesson.language, size: host.size, write: host.write)
    }

    /// Plays from a step to the end of the lesson.
    ///
    /// - Parameters:
    ///   - first: index of the step to begin with; the introduction comes before step 0.
    ///   - greeting: a line at the top of the first page.
    package func play(from first: Int, greeting: LocalizedText? = nil) async -> LessonEnding {
        self.greeting = greeting
        screen.onDraw = { [weak self] in self?.openPicture() ?? LessonMessages.noPictureYet }
        var step = first
        var showsIntroduction = first == 0 && !lesson.introduction.isEmpty
        while step < lesson.steps.count {
            do throws(LessonStop) {
                if showsIntroduction { try playIntroduction() }
                showsIntroduction = false
                try await play(lesson.steps[step], number: step + 1)
                step += 1
                onStepDone(step)
            } catch {
                openQuiz = nil
                switch error {
                case .back:
                    showsIntroduction = step == 0 && !lesson.introduction.isEmpty
                    step = max(0, step - 1)
                case .quit: return ending(.quit)
                case .interrupted: return ending(.interrupted)
                }
            }
        }
        return ending(.finished)
    }

    private func ending(_ reason: LessonEnding.Reason) -> LessonEnding {
        LessonEnding(reason: reason, failures: failures, pictures: pictures)
    }

    private func playIntroduction() throws(LessonStop) {
        try startPage(step: 0)
        for block in lesson.introduction { try show([block]) }
        if screen.isInteractive { try screen.waitForGo(LessonMessages.keysBegin) }
    }

    private func play(_ step: LessonStep, number: Int) async throws(LessonStop) {
        try startPage(step: number)
        try show([step.heading])
        for item in step.items {
            switch item {
            case .text(let block): try show([block])
            case .quiz(let quiz): try ask(quiz)
            case .run(let run):
                try await play(run)
                try resolveQuiz()
            case .challenge(let challenge):
                try await play(challenge)
                try resolveQuiz()
            }
        }
        guard screen.isInteractive else { return }
        let isLast = number == lesson.steps.count
        try screen.waitForGo(isLast ? LessonMessages.keysFinish : LessonMessages.keysNext)
    }

    private func startPage(step: Int) throws(LessonStop) {
        screen.startPage()
        screen.status = status(step: step)
        if let greeting { try say(greeting, .quiet) }
        greeting = nil
    }

    private func status(step: Int) -> StyledLine {
        let total = lesson.steps.count
        var line = ProgressBar.line(done: max(0, step - 1), total: total, width: 10)
        if step > 0 {
            let text = LessonMessages.step(step, of: total).text(in: lesson.language)
            line.spans.append(Span(" " + text, TextStyle(bold: true)))
        }
        return line
    }

    private func show(_ blocks: [MarkdownBlock]) throws(LessonStop) {
        let showsLinkTargets = host.theme == .plain
        try screen.show { columns in
            MarkdownRenderer(width: min(columns, Self.widestProse), showsLinkTargets: showsLinkTargets)
                .lines(of: blocks)
        }
    }

    private func say(_ text: LocalizedText, _ role: TextStyle.Role, bold: Bool = false) throws(LessonStop) {
        try screen.show(text, TextStyle(role, bold: bold))
    }

    private func openPicture() -> LocalizedText {
        guard let picture = pictures.last else { return LessonMessages.noPictureYet }
        return host.open(picture) ? LessonMessages.picture(picture) : LessonMessages.pictureIsAt(picture)
    }
}

// Commands.
extension LessonPlayer {
    private func play(_ run: LessonRun) async throws(LessonStop) {
        for command in run.commands {
            let placed = RunPlacement(command, folder: host.outputFolder, known: &knownFiles)
            let code = try await execute(placed, asks: true)
            guard code != run.expectedCode else { continue }
            failures += 1
            try say(LessonMessages.unexpectedCode(code, expected: run.expectedCode), .bad)
        }
    }

    /// Shows a command, runs it, and shows what it wrote and drew.
    ///
    /// - Parameter asks: waits for the student before the command starts.
    /// - Returns: the exit code.
    private func execute(_ placed: RunPlacement, asks: Bool) async throws(LessonStop) -> Int32 {
        let line = CommandWords.join(["zoolab"] + placed.arguments)
        try screen.show { columns in
            LineWrapping.wrap(
                command: line, prompt: Span("$ ", TextStyle(.quiet)), style: TextStyle(.code, bold: true),
                width: columns)
        }
        if asks, screen.isInteractive { try screen.waitForGo(LessonMessages.keysRun) }
        screen.showTransient(LessonMessages.running)
        if !placed.pictures.isEmpty {
            // Where this fails, the command itself says that it cannot write there.
            try? FileManager.default.createDirectory(atPath: host.outputFolder, withIntermediateDirectories: true)
        }
        let outcome = await host.run(placed.arguments)
        screen.clearTransient()
        screen.discardTypedKeys()
        var output = outcome.output
        while output.hasSuffix("\n") { output.removeLast() }
        // A search that found nothing to draw drew nothing.
        let drawn = placed.pictures.filter { FileManager.default.fileExists(atPath: $0) }
        pictures += drawn
        if !output.isEmpty { try screen.show { LineWrapping.fit(output: output, width: $0) } }
        // The command itself has said only that it was written.
        if screen.isInteractive { for picture in drawn { try say(LessonMessages.pictureWithKey(picture), .quiet) } }
        return outcome.code
    }
}

// Questions.
extension LessonPlayer {
    private func ask(_ quiz: Quiz) throws(LessonStop) {
        try say(LessonMessages.prediction, .accent, bold: true)
        try show(quiz.question.blocks)
        try showOptions(quiz)
        openQuiz = (quiz, nil)
        guard screen.isInteractive else { return }
        screen.discardTypedKeys()
        while true {
            guard case .character(let character) = try screen.prompt(LessonMessages.keysAnswer(quiz.options.count))
            else { continue }
            if character == "s" { return try say(LessonMessages.skipped, .quiet) }
            if let number = character.wholeNumberValue, (1...quiz.options.count).contains(number) {
                openQuiz = (quiz, number - 1)
                return try say(LessonMessages.guessed(number), .accent)
            }
        }
    }

    private func showOptions(_ quiz: Quiz) throws(LessonStop) {
        let items = quiz.options.map(\.text.blocks)
        try show([MarkdownBlock(.list(start: 1, isTight: true, items: items), line: quiz.line)])
    }

    /// Shows what was right, after the run that shows it.
    private func resolveQuiz() throws(LessonStop) {
        guard let (quiz, guess) = openQuiz else { return }
        openQuiz = nil
        switch guess {
        case quiz.right: try say(LessonMessages.right, .good, bold: true)
        case .some: try say(LessonMessages.wrong, .warning, bold: true)
        case nil: try say(LessonMessages.answer, .accent, bold: true)
        }
        // Who guessed wrong reads why; who did not guess, or only reads along, sees every explanation.
        let shown = quiz.options.indices.filter { guess == nil || $0 == quiz.right || $0 == guess }
        for index in shown {
            let (option, isRight) = (quiz.options[index], index == quiz.right)
            let mark = Span("\(isRight ? "✓" : "✗") \(index + 1)  ", TextStyle(isRight ? .good : .bad, bold: true))
            try screen.show { columns in
                let width = max(2, min(columns, Self.widestProse) - 5)
                let lines = MarkdownRenderer(width: width, showsLinkTargets: false).lines(of: option.explanation)
                return lines.enumerated().map { $1.prefixed(by: $0 == 0 ? mark : Span("     ")) }
            }
        }
    }
}

// Challenges.
extension LessonPlayer {
    private func play(_ challenge: Challenge) async throws(LessonStop) {
        try say(LessonMessages.challenge(challenge.invariant), .accent, bold: true)
        if screen.isInteractive {
            try await letStudentTry(challenge)
        } else if !challenge.example.isEmpty {
            try say(LessonMessages.exampleAttempt, .quiet)
            _ = try await attempt(challenge, faults: challenge.example)
        }
        try say(LessonMessages.explorerJudges, .quiet)
        let placed = RunPlacement(challenge.search, folder: host.outputFolder, known: &knownFiles)
        let code = try await execute(placed, asks: true)
        try judge(challenge, code)
    }

    private func letStudentTry(_ challenge: Challenge) async throws(LessonStop) {
        try say(LessonMessages.challengeHelp, .quiet)
        while let faults = try readFaults() {
            if try await attempt(challenge, faults: faults) { return }
        }
    }

    /// - Returns: nil when the student gives up.
    private func readFaults() throws(LessonStop) -> [String]? {
        var faults: [String] = []
        screen.discardTypedKeys()
        while let line = try screen.readLine(LessonMessages.faultPrompt(faults.count + 1)) {
            if line == "q" { throw .quit }
            if line == "b" { throw .back }
            let fault = CommandWords.split(line).map { $0.joined(separator: " ") } ?? line
            if fault.isEmpty { return faults.isEmpty ? nil : faults }
            faults.append(fault)
        }
        return nil
    }

    /// - Returns: whether the rule was broken.
    private func attempt(_ challenge: Challenge, faults: [String]) async throws(LessonStop) -> Bool {
        let placed = RunPlacement(challenge.attempt(faults), folder: host.outputFolder, known: &knownFiles)
        switch try await execute(placed, asks: false) {
        case 1:
            try say(LessonMessages.attemptBroke, .good, bold: true)
            return true
        case 0:
            try say(LessonMessages.attemptHeld, .quiet)
            return false
        default:
            try say(LessonMessages.faultsUnreadable, .warning)
            return false
        }
    }

    private func judge(_ challenge: Challenge, _ code: Int32) throws(LessonStop) {
        let expected: Int32 = challenge.answer == .violated ? 1 : 0
        switch code {
        case 0: try say(LessonMessages.judgedHolds, .good, bold: true)
        case 1: try say(LessonMessages.judgedViolated, .warning, bold: true)
        case 2: try say(LessonMessages.judgedUnknown, .warning)
        default: break
        }
        if code != expected {
            failures += 1
            try say(LessonMessages.unexpectedCode(code, expected: expected), .bad)
        }
    }
}
