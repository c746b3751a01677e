import CommandLines
import Explorer
import Messages
import PublishedModels
import Terminal

/// `zoolab explore --golden`: published state counts beside ours.
struct PublishedModelTable {
    let models: [PublishedModel]
    let cores: Int
    let isJSON: Bool

    /// The models of these names; without any, all.
    static func models(named names: [String]) throws -> [PublishedModel] {
        let known = PublishedModels.all
        for name in names where !known.contains(where: { $0.name == name }) {
            var all: [String] = []
            for model in known where !all.contains(model.name) { all.append(model.name) }
            throw UsageError(PublishedModelMessages.unknownModel(name, known: all))
        }
        return names.isEmpty ? known : known.filter { names.contains($0.name) }
    }

    /// What `--json` prints for one model.
    private struct Row: Encodable {
        var model: String
        var size: String
        var publishedBy: String
        var states: Int
        var publishedStates: Int?
        var generated: Int
        var publishedGenerated: Int?
        var depth: Int
        var publishedDepth: Int?
        var perSecond: Int
        var isAsPublished: Bool
    }

    func print(_ context: CommandContext) throws -> ExitCode {
        var rows: [Row] = []
        var cells: [[[Span]]] = []
        let line = ProgressLine(context, isShown: !isJSON)
        for model in models {
            let start = ContinuousClock.now
            let outcome = model.search(Cores.workers(cores)) { ContinuousClock.now - start }
            line.show(outcome.progress)
            let row = row(model, outcome, context)
            rows.append(row)
            cells.append(self.cells(row, outcome, context).map { [Span($0)] })
        }
        line.clear()
        let isEqual = rows.allSatisfy(\.isAsPublished)
        if isJSON {
            context.write(try RunReport.text(rows))
        } else {
            context.print(PublishedModelMessages.title)
            let table = TableLayout(
                alignments: [.left, .left, .right, .right, .right, .right],
                header: PublishedModelMessages.columns.map {
                    [Span($0.text(in: context.language), TextStyle(bold: true))]
                },
                rows: cells)
            let theme = Theme.detect(environment: context.environment, usesColor: context.usesColor)
            context.write(theme.render(table.lines(width: context.columns)) + "\n")
            context.print(isEqual ? PublishedModelMessages.allEqual : PublishedModelMessages.notAllEqual)
        }
        return isEqual ? .pass : .fail
    }

    private func row(_ model: PublishedModel, _ outcome: PublishedModel.Outcome, _ context: CommandContext) -> Row {
        let source =
            model.source == .formula
            ? PublishedModelMessages.formula.text(in: context.language) : model.source.rawValue
        return Row(
            model: model.name, size: model.size.text(in: context.language), publishedBy: source,
            states: outcome.progress.states, publishedStates: model.counts?.distinct,
            generated: outcome.progress.generated, publishedGenerated: model.counts?.generated,
            depth: outcome.progress.depth, publishedDepth: model.counts?.depth, perSecond: Int(outcome.progress.rate),
            isAsPublished: outcome.isAsPublished)
    }

    private func cells(_ row: Row, _ outcome: PublishedModel.Outcome, _ context: CommandContext) -> [String] {
        func text(_ ours: Int, _ published: Int?) -> String {
            guard let published else { return "\(ours)" }
            return ours == published ? "\(ours) = \(published)" : "\(ours) ≠ \(published)"
        }
        let broken = PublishedModelMessages.broken(steps: outcome.steps).text(in: context.language)
        return [
            "\(row.model), \(row.size)", row.publishedBy,
            row.publishedStates == nil && outcome.steps > 0 ? broken : text(row.states, row.publishedStates),
            text(row.generated, row.publishedGenerated), text(row.depth, row.publishedDepth), "\(row.perSecond)",
        ]
    }
}
