import Diagrams
import Foundation
import GraphvizRenderer
import Messages
import TraceFiles
import Traces

/// The files of a run that was not passed: its trace, and its diagram in each language.
struct RunFiles {
    let folder: URL

    /// Writes them and puts their names into the report.
    func write(
        _ record: JudgeRecord, verdict: RuleVerdict, rule: RuleID, seed: UInt64, into report: inout CheckReport
    ) throws {
        var place: Int?
        switch verdict {
        case .failed(_, let entry), .late(_, let entry): place = entry
        case .passed: break
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw GradingFailure(GradingMessages.cannotWrite(folder.path, error.localizedDescription))
        }
        for language in Language.allCases {
            let trace = record.trace(
                title: "\(rule.rawValue): \(rule.title.text(in: language))", seed: seed,
                violation: place.map { ($0, rule.title.text(in: language)) })
            try Drawing.write(
                picture(of: trace, language), to: diagram(language),
                options: DiagramOptions(language: language, order: .events))
            if language == .english {
                let file = folder.appendingPathComponent("trace.jsonl")
                try TraceFile.write(trace, path: file.path)
                report.trace = file.path
            }
        }
        report.diagram = LocalizedText(diagram(.english), zh: diagram(.chinese))
    }

    /// The part of the run around its violation; the title says what was cut.
    private func picture(of trace: Trace, _ language: Language) -> Trace {
        let violation = trace.events.first { $0.kind == .violation }
        var part = trace.excerpt(around: violation?.order, keeping: JudgeRecord.resourceLifeline)
        if part.events.count < trace.events.count {
            let note = GradingMessages.excerpt(part.events.count, of: trace.events.count).text(in: language)
            part.header.title = (trace.header.title ?? "") + note
        }
        return part
    }

    private func diagram(_ language: Language) -> String {
        folder.appendingPathComponent("diagram.\(language.rawValue).svg").path
    }
}
