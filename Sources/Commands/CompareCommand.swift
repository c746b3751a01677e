package import CommandLines
import Diagrams
import GraphvizRenderer
package import Messages
import Scenarios
import StateMachines
import Terminal

/// `zoolab compare`: protocols side by side under the same faults.
package struct CompareCommand: Command {
    package static let name = "compare"
    package static var summary: LocalizedText { CompareMessages.summary }
    package static var help: LocalizedText { CompareMessages.help }

    private let contenders: [Contender]
    private let faults: [String]
    private let nodes: Int
    private let runs: Int
    private let drawings: [String]
    private let isJSON: Bool

    package init(_ arguments: inout ArgumentReader) throws {
        faults = try arguments.options("--fault")
        nodes = try arguments.number("--nodes", in: 3...7) ?? 4
        runs = try arguments.number("--runs", in: 1...1_000) ?? 20
        drawings = try arguments.options("--draw")
        isJSON = arguments.flag("--json")
        var names: [String] = []
        while let name = arguments.positional() { names.append(name) }
        contenders = try Self.contenders(named: names)
        for path in drawings { try Self.check(path) }
    }

    private static func contenders(named names: [String]) throws -> [Contender] {
        let known = Contender.all.flatMap { $0.name == $0.protocolName ? [$0.name] : [$0.protocolName, $0.name] }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        for name in names where !known.contains(name) {
            throw UsageError(
                CompareMessages.notComparable(name, known: known, nearest: nearestWord(to: name, among: known)))
        }
        return names.isEmpty
            ? Contender.all
            : Contender.all.filter {
                names.contains($0.protocolName) || names.contains($0.name)
            }
    }

    private static func check(_ path: String) throws {
        let format: Drawing.Format
        do { format = try Drawing.Format(path: path) } catch { throw UsageError(error.message) }
        if format == .text { throw UsageError(CompareMessages.notAsText) }
    }

    package func run(_ context: CommandContext) async throws -> ExitCode {
        let results = try RunCommand.asUsage {
            let comparison: Comparison
            do {
                comparison = try Comparison(nodes: nodes, faults: faults, runs: runs)
            } catch let failure as ComparisonFailure {
                throw UsageError(failure.message)
            }
            return try contenders.map { try comparison.result(of: $0) }
        }
        if isJSON {
            context.write(try RunReport.text(results.map(Row.init)))
        } else {
            show(results, context)
        }
        let options = DiagramOptions(language: context.language, columns: context.columns)
        for path in drawings {
            let figure = Figure(of: chart(of: results, context.language))
            let pages = try Drawing.pages(of: figure, as: Drawing.Format(path: path), options: options)
            for written in try Drawing.write(pages, to: path) where !isJSON {
                context.print(RunMessages.wrote(written))
            }
        }
        return .pass
    }

    /// What `--json` prints for one protocol.
    private struct Row: Encodable {
        var `protocol`: String
        var runs: Int
        var messages: Double?
        var delays: Double?
        var forcedWrites: Double?
        var waitingMilliseconds: Double?
        var runsWithSomebodyStuck: Int
        var runsWithoutDecision: Int
        var wrongRuns: Int
        var brokenPromise: String?

        init(_ result: Comparison.Result) {
            `protocol` = result.contender.name
            runs = result.runs.count
            messages = result.messages
            delays = result.delays
            forcedWrites = result.forcedWrites
            waitingMilliseconds = result.waiting
            runsWithSomebodyStuck = result.stuck
            runsWithoutDecision = result.undecided
            wrongRuns = result.wrong
            brokenPromise = result.broken?.invariant
        }
    }
}

// MARK: - Tables and bars

extension CompareCommand {
    private func show(_ results: [Comparison.Result], _ context: CommandContext) {
        context.print(CompareMessages.faults(faults))
        context.print(CompareMessages.size(nodes: nodes, runs: runs))
        let theme = Theme.detect(environment: context.environment, usesColor: context.usesColor)
        for problem in Contender.Problem.allCases {
            let rows = results.filter { $0.contender.problem == problem }
            guard !rows.isEmpty else { continue }
            context.write("\n")
            context.print(problem.title)
            let table = TableLayout(
                alignments: [.left] + CompareMessages.columns.dropFirst().map { _ in .right },
                header: CompareMessages.columns.map { [Span($0.text(in: context.language), TextStyle(bold: true))] },
                rows: rows.map { cells($0).map { [Span($0)] } })
            context.write(theme.render(table.lines(width: context.columns)) + "\n")
        }
        let broken = results.compactMap { result in
            result.broken.map {
                CompareMessages.wrong(result.contender.name, invariant: $0.invariant, seed: $0.seed)
            }
        }
        if !broken.isEmpty { context.write("\n") }
        for sentence in broken { context.print(sentence) }
    }

    private func cells(_ result: Comparison.Result) -> [String] {
        let figures = [result.messages, result.delays, result.forcedWrites, result.waiting]
        return [result.contender.name]
            + figures.map { ($0.map(BarChart.text) ?? "–") + (result.isOpen && $0 != nil ? " …" : "") }
            + [result.stuck, result.undecided, result.wrong].map { $0 == 0 ? "–" : "\($0)/\(result.runs.count)" }
    }

    private func chart(of results: [Comparison.Result], _ language: Language) -> BarChart {
        let groups: [(LocalizedText, (Comparison.Result) -> Double?)] = [
            (CompareMessages.messages, \.messages), (CompareMessages.delays, \.delays),
            (CompareMessages.writes, \.forcedWrites), (CompareMessages.waiting, \.waiting),
            (CompareMessages.stuckRuns, { Double($0.stuck) }), (CompareMessages.wrongRuns, { Double($0.wrong) }),
        ]
        return BarChart(
            title: CompareMessages.faults(faults).text(in: language),
            caption: CompareMessages.size(nodes: nodes, runs: runs).text(in: language),
            sections: Contender.Problem.allCases.compactMap { problem in
                let rows = results.filter { $0.contender.problem == problem }
                guard !rows.isEmpty else { return nil }
                return BarChart.Section(
                    title: problem.title.text(in: language),
                    groups: groups.map { title, value in
                        BarChart.Group(
                            title: title.text(in: language),
                            bars: rows.map { result in
                                BarChart.Bar(
                                    name: result.contender.name, value: value(result),
                                    isBad: result.wrong > 0, isOpen: result.isOpen)
                            })
                    })
            },
            legend: CompareMessages.legend.text(in: language))
    }
}

extension Comparison.Result {
    /// Whether the figures are not those of a request that was done with.
    fileprivate var isOpen: Bool { stuck > 0 || undecided > 0 }
    fileprivate var messages: Double? { mean { Double($0.messages) } }
    fileprivate var delays: Double? { mean { $0.delays.map(Double.init) } }
    fileprivate var forcedWrites: Double? { mean { Double($0.forcedWrites) } }
    /// In milliseconds.
    fileprivate var waiting: Double? { mean { $0.waiting.milliseconds } }
}
