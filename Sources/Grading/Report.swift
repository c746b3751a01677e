import Foundation
package import Messages

/// What grading one submission found; every format is written from it.
package struct SubmissionReport: Hashable, Sendable {
    package var name: String
    /// Unknown where the manifest could not be read.
    package var exercise: String?
    package var exerciseTitle: LocalizedText?
    package var language: String?
    package var seed: UInt64
    package var sandbox: Sandbox.Level
    /// Why nothing could be judged, though the judge works: it does not compile, a file is missing…
    package var problem: LocalizedText?
    /// Why the judge could not do its work. Never the student's failure.
    package var judgeFailure: LocalizedText?
    package var checks: [CheckReport] = []

    package init(name: String, seed: UInt64, sandbox: Sandbox.Level) {
        self.name = name
        self.seed = seed
        self.sandbox = sandbox
    }

    package var earned: Int { checks.reduce(0) { $0 + $1.earned } }
    package var possible: Int { checks.reduce(0) { $0 + $1.possible } }
    package var hasJudgeFailure: Bool { judgeFailure != nil || checks.contains { $0.status == .judgeFailed } }
    /// A check that the machine was too busy for.
    package var isUndecided: Bool { checks.contains { $0.status == .unknown } }
    package var hasFailed: Bool { problem != nil || checks.contains { $0.status == .failed } }
    /// Every check judged and passed.
    package var isPerfect: Bool {
        problem == nil && judgeFailure == nil && !checks.isEmpty && checks.allSatisfy { $0.status == .passed }
    }
}

/// What one check found.
package struct CheckReport: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case passed, failed, skipped
        /// The machine was too busy to tell.
        case unknown
        case judgeFailed = "judge-failed"
    }
    package var rule: RuleID
    package var status: Status
    package var possible: Int
    package var isHidden: Bool
    package var parent: RuleID?
    package var lesson: String
    /// What the witnesses saw; for a skipped check, why it was.
    package var happened: LocalizedText
    package var expected: LocalizedText
    /// The complete command that plays the same faults again.
    package var replay: String
    /// The diagram of the failing run, where it was written: one file for each language.
    package var diagram: LocalizedText?
    package var trace: String?
    /// Wall-clock time of the scenario.
    package var seconds: Double
    /// The last of what the programs printed, by program; shown, never believed.
    package var output: [ProgramOutput]

    package var earned: Int { status == .passed ? possible : 0 }

    package init(
        rule: RuleID, status: Status, possible: Int, isHidden: Bool, parent: RuleID?, lesson: String,
        happened: LocalizedText, expected: LocalizedText, replay: String, seconds: Double, output: [ProgramOutput]
    ) {
        self.rule = rule
        self.status = status
        self.possible = possible
        self.isHidden = isHidden
        self.parent = parent
        self.lesson = lesson
        self.happened = happened
        self.expected = expected
        self.replay = replay
        self.seconds = seconds
        self.output = output
    }

    package struct ProgramOutput: Hashable, Sendable {
        package var program: String
        package var text: String

        package init(program: String, text: String) {
            self.program = program
            self.text = text
        }
    }
}

// MARK: JSON

extension SubmissionReport {
    package static let jsonFormat = "zoolab-report"
    package static let jsonVersion = 1

    /// The report as JSON, keys sorted; every sentence in both languages.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONReport(self)), as: UTF8.self) + "\n"
    }
}

private struct JSONReport: Encodable {
    struct Text: Encodable {
        var en: String
        var zh: String
        init(_ text: LocalizedText) { (en, zh) = (text.english, text.chinese) }
    }
    struct Check: Encodable {
        var rule: String
        var title: Text
        var status: String
        var points: Int
        var maximumPoints: Int
        var parent: String?
        var visibility: String
        var rationale: Text
        var happened: Text
        var expected: Text
        var lesson: String
        var replay: String
        var replayKind: Text
        var diagram: Text?
        var trace: String?
        var seconds: Double
        var output: [String: String]

        init(_ check: CheckReport) {
            rule = check.rule.rawValue
            title = Text(check.rule.title)
            status = check.status.rawValue
            points = check.earned
            maximumPoints = check.possible
            parent = check.parent?.rawValue
            visibility = check.isHidden ? "hidden" : "visible"
            rationale = Text(check.rule.rationale)
            happened = Text(check.happened)
            expected = Text(check.expected)
            lesson = check.lesson
            replay = check.replay
            replayKind = Text(GradingMessages.sameFaults)
            diagram = check.diagram.map(Text.init)
            trace = check.trace
            seconds = (check.seconds * 100).rounded() / 100
            output = Dictionary(check.output.map { ($0.program, $0.text) }, uniquingKeysWith: { first, _ in first })
        }
    }
    var format = SubmissionReport.jsonFormat
    var version = SubmissionReport.jsonVersion
    var submission: String
    var exercise: String?
    var language: String?
    var stage = "real"
    var seed: UInt64
    var sandbox: String
    var sandboxDescription: Text
    var points: Int
    var maximumPoints: Int
    var problem: Text?
    var judgeFailure: Text?
    var checks: [Check]

    init(_ report: SubmissionReport) {
        submission = report.name
        exercise = report.exercise
        language = report.language
        seed = report.seed
        sandbox = report.sandbox.rawValue
        sandboxDescription = Text(report.sandbox.description)
        points = report.earned
        maximumPoints = report.possible
        problem = report.problem.map(Text.init)
        judgeFailure = report.judgeFailure.map(Text.init)
        checks = report.checks.map(Check.init)
    }
}

// MARK: Text

extension SubmissionReport {
    /// The report for a terminal.
    package func text(in language: Language) -> String {
        func say(_ text: LocalizedText) -> String { text.text(in: language) }
        var lines = [name + (exerciseTitle.map { " · " + say($0) } ?? "") + (self.language.map { " · \($0)" } ?? "")]
        if let problem { lines.append(indented(say(problem))) }
        if let judgeFailure { lines.append(indented(say(GradingMessages.judgeFailed(judgeFailure)))) }
        let statuses = checks.map { say($0.status.word) }
        let statusWidth = statuses.map(DisplayWidth.of).max() ?? 0
        let ruleWidth = checks.map { $0.rule.rawValue.count }.max() ?? 0
        for (check, status) in zip(checks, statuses) {
            let points = "\(check.earned)/\(check.possible)"
            lines.append(
                "  " + padded(status, to: statusWidth) + "  " + padded(check.rule.rawValue, to: ruleWidth) + "  "
                    + padded(points, to: 5) + "  " + say(check.status == .passed ? check.happened : check.rule.title))
            if [.failed, .unknown, .judgeFailed].contains(check.status) { lines += details(of: check, in: language) }
            if check.status == .skipped { lines.append(indented(say(check.happened), by: 6)) }
        }
        if !checks.isEmpty {
            lines.append(
                "  " + say(GradingMessages.points(earned, of: possible)) + " · " + say(GradingMessages.stage(seed)))
        }
        lines.append("  " + say(GradingMessages.sandbox) + " " + say(sandbox.description))
        return Self.harmless(lines.joined(separator: "\n")) + "\n"
    }

    /// What a program prints may hold escape sequences; they must not reach the reader's terminal.
    private static func harmless(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
            result.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }

    private func details(of check: CheckReport, in language: Language) -> [String] {
        func say(_ text: LocalizedText) -> String { text.text(in: language) }
        guard !check.isHidden else { return [] }
        var rows: [(LocalizedText, String)] = [(GradingMessages.happened, say(check.happened))]
        if check.status == .failed || check.status == .unknown {
            rows.append((GradingMessages.expected, say(check.expected)))
            rows.append((GradingMessages.why, say(check.rule.rationale)))
            rows.append((GradingMessages.lesson, check.lesson))
            rows.append((GradingMessages.replay, check.replay + "  (" + say(GradingMessages.sameFaults) + ")"))
        }
        if let diagram = check.diagram { rows.append((GradingMessages.diagram, say(diagram))) }
        let width = rows.map { DisplayWidth.of(say($0.0)) }.max() ?? 0
        var lines = rows.map { "      " + padded(say($0.0), to: width) + " " + $0.1 }
        for output in check.output where !output.text.isEmpty {
            lines += output.text.split(separator: "\n").suffix(6).map { "      \(output.program) | \($0)" }
        }
        return lines
    }

    private func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - DisplayWidth.of(text)))
    }

    private func indented(_ text: String, by spaces: Int = 2) -> String {
        let margin = String(repeating: " ", count: spaces)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { margin + $0 }.joined(separator: "\n")
    }
}

extension CheckReport.Status {
    package var word: LocalizedText {
        switch self {
        case .passed: GradingMessages.passed
        case .failed: GradingMessages.failed
        case .skipped: GradingMessages.skipped
        case .unknown: GradingMessages.unknown
        case .judgeFailed: GradingMessages.judgeError
        }
    }
}
