import Checking
import CommandLines
import Diagrams
import Messages

/// Tells what was found out about a history: in words, as a picture, for programs.
struct HistoryAccount<Model: SequentialModel> {
    let model: Model
    let history: History<Model.Request, Model.Response>
    let context: CommandContext

    /// More operations than this are not drawn.
    private static var mostBars: Int { 60 }

    // MARK: Words

    func tell(_ judgement: HistoryJudgement) {
        let promise = judgement.consistency
        switch judgement.verdict {
        case .holds: context.print(RunMessages.kept(promise.rawValue, explanation: promise.explanation))
        case .unknown(let bound): context.print(CheckMessages.unknown(promise.rawValue, Self.text(of: bound, promise)))
        case .violated(let violation):
            context.print(
                RunMessages.broken(
                    violation.invariant, explanation: violation.explanation, problem: violation.problem))
            tellReason(judgement)
        }
    }

    /// The operations to blame, drawn if the terminal is wide enough, listed if not.
    private func tellReason(_ judgement: HistoryJudgement) {
        let lanes = lanes(judgement, title: "")
        if let picture = lanes.text(columns: context.columns) {
            context.write("\n" + picture + "\n")
        } else {
            for bar in lanes.bars {
                let sign = bar.style == .impossible ? "✗" : " "
                context.write("  \(sign) \(lanes.clients[bar.client])  \(bar.text)\n")
            }
        }
        guard case .impossible(let why) = judgement.evidence, !why.partial.isEmpty else { return }
        let order = why.partial.suffix(8).map { model.text(of: history.operations[$0]) }
        context.print(
            CheckMessages.explainedUntil(
                (why.partial.count > order.count ? "… " : "") + order.joined(separator: ", "), count: why.partial.count)
        )
    }

    private static func text(of bound: Bound, _ promise: Consistency) -> LocalizedText {
        if promise == .eventual { return CheckMessages.nobodyReadLast }
        return switch bound {
        case .states(let count): CheckMessages.boundPlacements(count)
        case .elapsed(let milliseconds): CheckMessages.boundSeconds(Double(milliseconds) / 1_000)
        case .memory(let bytes): CheckMessages.boundMemory(bytes >> 20)
        case .events(let count): CheckMessages.boundOperations(count)
        case .depth, .virtualTime: ExploreMessages.boundOther
        }
    }

    // MARK: Picture

    /// The operations that a judgement is about; all of them where nothing is wrong, or the history is short.
    func lanes(_ judgement: HistoryJudgement, title: String) -> OperationLanes {
        var styles: [Int: OperationLanes.Bar.Style] = [:]  // Only looked up.
        var order: [Int] = []
        switch judgement.evidence {
        case .none: break
        case .order(let witness): order = witness
        case .impossible(let why):
            for position in why.core { styles[position] = .reason }
            styles[why.culprit] = .impossible
            order = why.partial
        case .contradiction(let positions):
            for position in positions { styles[position] = .reason }
            let last = positions.max { isLessSuspect($0, $1) }
            if let last { styles[last] = .impossible }
        }
        let all = history.operations.indices
        let chosen = styles.isEmpty || all.count <= 12 ? Array(all.prefix(Self.mostBars)) : styles.keys.sorted()
        let ranks = Dictionary(
            uniqueKeysWithValues: order.filter(chosen.contains).enumerated().map { ($1, $0) })  // Only looked up.
        return OperationLanes(
            title: title, caption: caption(judgement, leftOut: all.count - chosen.count), clients: history.clients,
            bars: chosen.map { position in
                let operation = history.operations[position]
                return OperationLanes.Bar(
                    client: operation.client, text: shown(operation), begin: operation.begin,
                    end: operation.end, style: styles[position] ?? .interval, rank: ranks[position])
            }, hasMoments: judgement.consistency == .linearizable)
    }

    /// Without the answer where that says nothing.
    private func shown(_ operation: History<Model.Request, Model.Response>.Operation) -> String {
        if case .write? = model.access(operation.request, answered: operation.response), operation.end != nil {
            return model.text(of: operation.request)
        }
        return model.text(of: operation)
    }

    /// Reads before writes, later before earlier.
    private func isLessSuspect(_ one: Int, _ other: Int) -> Bool {
        func rank(_ position: Int) -> (Int, Int) {
            let operation = history.operations[position]
            if case .read? = model.access(operation.request, answered: operation.response) {
                return (1, operation.begin)
            }
            return (0, operation.begin)
        }
        return rank(one) < rank(other)
    }

    private func caption(_ judgement: HistoryJudgement, leftOut: Int) -> [String] {
        let promise = judgement.consistency
        let verdict =
            switch judgement.verdict {
            case .holds: RunMessages.kept(promise.rawValue, explanation: promise.explanation)
            case .unknown(let bound): CheckMessages.unknown(promise.rawValue, Self.text(of: bound, promise))
            case .violated(let violation): CheckMessages.broken(promise.rawValue, violation.problem)
            }
        return ([verdict] + (leftOut > 0 ? [CheckMessages.leftOut(leftOut)] : [])).map {
            $0.text(in: context.language)
        }
    }

    // MARK: Programs

    func report(_ judgement: HistoryJudgement) -> HistoryReport {
        func texts(_ positions: [Int]) -> [HistoryReport.Operation] {
            positions.map { position in
                let operation = history.operations[position]
                return HistoryReport.Operation(
                    number: position + 1, client: history.clients[operation.client], text: model.text(of: operation))
            }
        }
        var report = HistoryReport(
            promise: judgement.consistency.rawValue, verdict: "unknown", operations: history.operations.count,
            placements: judgement.placements)
        switch judgement.verdict {
        case .holds: report.verdict = "holds"
        case .unknown: break
        case .violated(let violation):
            report.verdict = "violated"
            report.problem = violation.problem.text(in: context.language)
        }
        switch judgement.evidence {
        case .none: break
        case .order(let order): report.order = texts(order)
        case .contradiction(let positions): report.reason = texts(positions)
        case .impossible(let why):
            report.impossible = texts([why.culprit]).first
            report.reason = texts(why.core)
            report.order = texts(why.partial)
        }
        return report
    }
}

/// What `--json` prints for one promise.
struct HistoryReport: Encodable {
    struct Operation: Encodable {
        /// From 1, in the order of calls.
        var number: Int
        var client: String
        var text: String
    }
    var promise: String
    /// "holds", "violated" or "unknown".
    var verdict: String
    var operations: Int
    var placements: Int
    var problem: String?
    var impossible: Operation?
    /// Operations that contradict each other.
    var reason: [Operation]?
    /// An order that explains all answers; where there is none, all but the impossible one until it was answered.
    var order: [Operation]?
}
