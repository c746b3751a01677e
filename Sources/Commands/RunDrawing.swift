import Checking
import CommandLines
import Diagrams
import GraphvizRenderer
import Messages
import Traces

/// Draws runs; where the clients' history is judged, with its lanes below the messages and the impossible answer in red.
struct RunDrawing {
    let context: CommandContext
    let options: DiagramOptions

    /// - Returns: the paths written, first page first.
    func write(_ run: Trace, to path: String) throws -> [String] {
        let format = try Drawing.Format(path: path)
        guard let lanes = try lanes(of: run) else { return try Drawing.write(run, to: path, options: options) }
        guard format != .text else {
            let text = TextDiagram.draw(run, options: options) + "\n" + (lanes.text(columns: .max) ?? "")
            return try Drawing.write([Array(text.utf8)], to: path)
        }
        let figure = Figure(of: run, options: options).above(Figure(of: lanes, language: options.language))
        return try Drawing.write(Drawing.pages(of: figure, as: format, options: options), to: path)
    }

    /// The run's clients, judged by the promise that it breaks, else by the first that its scene makes; `nil` where its header
    /// names no model.
    func lanes(of run: Trace) throws -> OperationLanes? {
        func parameter(_ name: String) -> String? { run.header.parameters.first { $0.name == name }?.value }
        let broken = run.events.lazy.filter { $0.kind == .violation }.compactMap(\.label)
            .compactMap(Consistency.init).first
        guard let model = parameter("model").flatMap(ModelName.init),
            let promise = broken ?? parameter("promise").flatMap(Consistency.init)
        else { return nil }
        return switch model {
        case .register: try lanes(of: run, as: RegisterModel(), promise)
        case .keyValue: try lanes(of: run, as: KeyValueModel(), promise)
        case .queue: try lanes(of: run, as: QueueModel(), promise)
        case .lock: try lanes(of: run, as: LockModel(), promise)
        case .set: try lanes(of: run, as: SetModel(), promise)
        case .counter: try lanes(of: run, as: CounterModel(), promise)
        }
    }

    private func lanes<Model: SequentialModel>(
        of run: Trace, as model: Model, _ promise: Consistency
    ) throws -> OperationLanes {
        let history = try History(run, as: model)
        let account = HistoryAccount(model: model, history: history, context: context)
        return account.lanes(
            try HistoryCheck(of: model).judge(history, promise),
            title: CheckMessages.clientsTitle.text(in: options.language))
    }
}
