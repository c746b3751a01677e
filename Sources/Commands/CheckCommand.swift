import Checking
package import CommandLines
import Diagrams
import Foundation
import GraphvizRenderer
package import Messages
import TraceFiles
import Traces

/// `zoolab check`: what clients asked and were told, judged.
package struct CheckCommand: Command {
    package static let name = "check"
    package static var summary: LocalizedText { CheckMessages.summary }
    package static var help: LocalizedText { CheckMessages.help }

    private let file: String
    private let model: ModelName?
    private let promises: [Consistency]
    private let placements: Int
    private let seconds: Int
    private let drawing: String?
    private let isJSON: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        model = try arguments.option("--model").map { word in
            guard let model = ModelName(rawValue: word) else {
                throw UsageError(CheckMessages.unknownModel(word, ModelName.allCases.map(\.rawValue)))
            }
            return model
        }
        let words = try arguments.options("--promise")
        var promises: [Consistency] = []
        for word in words {
            if word == "all" {
                promises += Consistency.allCases
            } else if let promise = Consistency(rawValue: word) {
                promises.append(promise)
            } else {
                let known = Consistency.allCases.map(\.rawValue)
                throw UsageError(
                    CheckMessages.unknownPromise(word, known, nearest: nearestWord(to: word, among: known)))
            }
        }
        self.promises = promises.isEmpty ? [.linearizable] : promises
        placements = try arguments.number("--placements", in: 1...Int.max) ?? CheckLimits().placements
        seconds = try arguments.number("--seconds", in: 1...86_400) ?? 60
        drawing = try arguments.option("--draw")
        isJSON = arguments.flag("--json")
        if let drawing {
            do { _ = try Drawing.Format(path: drawing) } catch { throw UsageError(error.message) }
        }
        guard let file = arguments.positional() else { throw UsageError(CheckMessages.needsFile) }
        self.file = file
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let text = try String(
            decoding: FileAccess.read(path: file, limit: TraceFile.maximumBytes), as: UTF8.self)
        do {
            switch HistoryFormat(of: text) {
            case .jepsen:
                try refuseOther(than: .register)
                return try judge(RecordedLogs.jepsen(text), of: RegisterModel(), context)
            case .keyValue:
                try refuseOther(than: .keyValue)
                return try judge(RecordedLogs.keyValue(text), of: KeyValueModel(), context)
            case .trace:
                let trace = try TraceFile.decode(Data(text.utf8), name: file)
                return try judge(trace, context)
            }
        } catch let failure as HistoryFailure {
            throw UnreadableHistory(message: CheckMessages.inFile(file, failure.message))
        } catch let failure as ReadWriteHistory.Refusal {
            throw UnreadableHistory(message: CheckMessages.inFile(file, failure.message))
        }
    }

    private func refuseOther(than own: ModelName) throws {
        guard let model, model != own else { return }
        throw UsageError(CheckMessages.modelIsGiven(own.rawValue))
    }

    private func judge(_ trace: Trace, _ context: CommandContext) throws -> ExitCode {
        let told = trace.header.parameters.first { $0.name == "model" }.flatMap { ModelName(rawValue: $0.value) }
        switch model ?? told {
        case nil: throw UsageError(CheckMessages.needsModel(ModelName.allCases.map(\.rawValue)))
        case .register?: return try judge(History(trace, as: RegisterModel()), of: RegisterModel(), context)
        case .keyValue?: return try judge(History(trace, as: KeyValueModel()), of: KeyValueModel(), context)
        case .queue?: return try judge(History(trace, as: QueueModel()), of: QueueModel(), context)
        case .lock?: return try judge(History(trace, as: LockModel()), of: LockModel(), context)
        case .set?: return try judge(History(trace, as: SetModel()), of: SetModel(), context)
        case .counter?: return try judge(History(trace, as: CounterModel()), of: CounterModel(), context)
        }
    }

    private func judge<Model: SequentialModel>(
        _ history: History<Model.Request, Model.Response>, of model: Model, _ context: CommandContext
    ) throws -> ExitCode {
        let start = ContinuousClock.now
        let limits = CheckLimits(placements: placements, elapsed: .seconds(seconds)) { ContinuousClock.now - start }
        let check = HistoryCheck(of: model, limits: limits)
        let judgements = try promises.map { try check.judge(history, $0) }
        let account = HistoryAccount(model: model, history: history, context: context)
        if isJSON {
            for judgement in judgements { context.write(try JSONLine.text(account.report(judgement))) }
        } else {
            context.print(
                CheckMessages.heading(
                    file, model: Model.name, operations: history.operations.count, clients: history.clients.count,
                    concurrency: history.concurrency))
            for judgement in judgements { account.tell(judgement) }
        }
        if let drawing, let shown = judgements.first(where: { $0.isViolated }) ?? judgements.first {
            let options = DiagramOptions(language: context.language, columns: context.columns)
            let lanes = account.lanes(shown, title: String(file.split(separator: "/").last ?? ""))
            let format = try Drawing.Format(path: drawing)
            let pages =
                format == .text
                ? [Array((lanes.text(columns: .max) ?? "").utf8)]
                : try Drawing.pages(of: Figure(of: lanes, language: context.language), as: format, options: options)
            for path in try Drawing.write(pages, to: drawing) where !isJSON { context.print(DrawMessages.wrote(path)) }
        }
        if judgements.contains(where: \.isViolated) { return .fail }
        return judgements.allSatisfy { $0.verdict == .holds } ? .pass : .unknown
    }
}

/// The objects that a history can be of, by the names of their models.
enum ModelName: String, CaseIterable {
    case register
    case keyValue = "key-value"
    case queue, lock, set, counter
}

/// How a history is written down.
private enum HistoryFormat {
    case jepsen, keyValue, trace

    /// By the first line that holds anything.
    init(of text: String) {
        let first = text.split(separator: "\n", maxSplits: 1).first ?? ""
        self = first.contains(" jepsen.") ? .jepsen : first.hasPrefix("{:") ? .keyValue : .trace
    }
}

private struct UnreadableHistory: LocalizedFailure {
    let message: LocalizedText
}

extension HistoryJudgement {
    fileprivate var isViolated: Bool {
        if case .violated = verdict { true } else { false }
    }
}
