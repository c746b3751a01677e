package import CommandLines
import Foundation
import Grading
package import Messages

/// `zoolab grade`: one submission or a class folder.
package struct GradeCommand: Command {
    package static let name = "grade"
    package static let summary = GradeCommandMessages.summary
    package static let help = GradeCommandMessages.help

    /// What a report can be written as.
    private enum Format: String, CaseIterable {
        case text, json, junit, csv
    }

    private let paths: [String]
    private let formats: [Format]
    private let output: String?
    private let rules: Set<RuleID>
    private let seed: UInt64

    package init(_ arguments: inout ArgumentReader) throws {
        output = try arguments.option("--out", "-o")
        seed = try arguments.number("--seed", in: 0...UInt64.max) ?? 1
        let asJSON = arguments.flag("--json")
        formats = try arguments.option("--format").map(Self.formats) ?? [asJSON ? .json : .text]
        rules = try Set(arguments.options("--rule").map(Self.rule))
        paths = arguments.positionals()
        guard !paths.isEmpty else { throw UsageError(GradingMessages.pathNeeded) }
    }

    private static func formats(_ text: String) throws -> [Format] {
        try text.split(separator: ",").map { word in
            guard let format = Format(rawValue: String(word)) else {
                let known = Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError(GradingMessages.unknownFormat(String(word), known: known))
            }
            return format
        }
    }

    private static func rule(_ text: String) throws -> RuleID {
        guard let rule = RuleID(rawValue: text) else {
            throw UsageError(
                GradingMessages.unknownRule(text, known: RuleID.allCases.map(\.rawValue).joined(separator: ", ")))
        }
        return rule
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        guard let root = context.contentRoot else {
            throw GradingFailure(GradingMessages.noExercises(FileManager.default.currentDirectoryPath))
        }
        var grader = try Grader(contentRoot: URL(fileURLWithPath: root), environment: context.environment)
        grader.seed = seed
        grader.rules = rules.isEmpty ? nil : rules
        grader.runsFolder = URL(fileURLWithPath: output ?? "runs/grade")
        var reports: [SubmissionReport] = []
        for folder in try paths.flatMap(Submission.folders) {
            let report = await grader.grade(folder)
            reports.append(report)
            if let output { try write(report, into: output, context.language) }
            if output != nil || formats.first == .text { context.write(report.text(in: context.language) + "\n") }
        }
        try finish(reports, context)
        if reports.contains(where: \.hasJudgeFailure) { return .toolFailed }
        if reports.contains(where: \.hasFailed) { return .fail }
        return reports.contains(where: \.isUndecided) ? .unknown : reports.allSatisfy(\.isPerfect) ? .pass : .fail
    }

    /// Writes what covers all submissions.
    private func finish(_ reports: [SubmissionReport], _ context: CommandContext) throws {
        let language = context.language
        if let output {
            if formats.contains(.junit) { try save(ClassReport.junit(reports, in: language), output + "/junit.xml") }
            if formats.contains(.csv) { try save(ClassReport.csv(reports, in: language), output + "/grades.csv") }
        } else {
            switch formats.first {
            case .json: for report in reports { context.write(try report.json()) }
            case .junit: context.write(ClassReport.junit(reports, in: language))
            case .csv: context.write(ClassReport.csv(reports, in: language))
            case .text, nil: break
            }
        }
        if reports.count > 1, output != nil || formats.first == .text {
            let troubled = reports.count { $0.problem != nil || $0.judgeFailure != nil }
            context.print(GradingMessages.classSummary(reports.count, reports.count(where: \.isPerfect), troubled))
        }
    }

    private func write(_ report: SubmissionReport, into output: String, _ language: Language) throws {
        let folder = "\(output)/\(report.name)"
        if formats.contains(.text) { try save(report.text(in: language), folder + "/report.txt") }
        if formats.contains(.json) { try save(report.json(), folder + "/report.json") }
    }

    private func save(_ text: String, _ path: String) throws {
        let file = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            throw GradingFailure(GradingMessages.cannotWrite(path, error.localizedDescription))
        }
    }
}
