import Diagrams
import Foundation
import GraphvizRenderer
import Messages
import TraceFiles
import Traces

/// The files of a failing run: its trace, and its diagram in each language.
struct RunFiles {
    let folder: URL

    /// Writes them and puts their names into the report.
    func write(
        _ record: JudgeRecord, verdict: RuleVerdict, rule: RuleID, seed: UInt64, into report: inout CheckReport
    ) throws {
        var place: Int?
        if case .failed(_, let entry) = verdict { place = entry }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw GradingFailure(GradingMessages.cannotWrite(folder.path, error.localizedDescription))
        }
        for language in Language.allCases {
            let trace = record.trace(
                title: "\(rule.rawValue): \(rule.title.text(in: language))", seed: seed,
                violation: place.map { ($0, rule.title.text(in: language)) })
            try Drawing.write(trace, to: diagram(language), options: DiagramOptions(language: language, order: .events))
            if language == .english {
                let file = folder.appendingPathComponent("trace.jsonl")
                try TraceFile.write(trace, path: file.path)
                report.trace = file.path
            }
        }
        report.diagram = LocalizedText(diagram(.english), zh: diagram(.chinese))
    }

    private func diagram(_ language: Language) -> String {
        folder.appendingPathComponent("diagram.\(language.rawValue).svg").path
    }
}
