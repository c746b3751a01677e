package import Messages
import Traces

/// The reference page of the fault words, made from the tables of the parser and of the trace vocabulary.
package enum FaultReference {
    /// Markdown; the files `docs/faults.md` and `docs/faults.zh-CN.md` are exactly this.
    package static func page(in language: Language) -> String {
        let text = { (sentence: LocalizedText) in sentence.text(in: language) }
        var lines = [
            "# " + text(FaultPageMessages.title), "", text(FaultPageMessages.introduction), "",
            "## " + text(FaultPageMessages.words), "",
            row([FaultPageMessages.word, .arguments, .meaning, .scope, .repetition].map { $0.text(in: language) }),
            row(["---", "---", "---", "---", "---"]),
        ]
        for word in FaultWord.allCases {
            let description = word.description
            let notation = description.arguments.notation
            lines.append(
                row([
                    "`\(word.rawValue)`", notation.isEmpty ? "" : "`\(notation)`", text(description.meaning),
                    text(description.scope), text(description.repetition),
                ]))
        }
        lines += ["", "## " + text(FaultPageMessages.details), "", text(FaultPageMessages.rules), ""]
        lines += ["## " + text(FaultPageMessages.examples), "", "```text"]
        lines += FaultWord.allCases.flatMap(\.description.examples)
        lines += ["```", "", "## " + text(FaultPageMessages.traceKinds), "", text(FaultPageMessages.traceRules), ""]
        lines += [row(["kind", text(.fields), text(.meaning)]), row(["---", "---", "---"])]
        for kind in EventKind.allCases {
            let description = kind.reference
            lines.append(
                row([
                    "`\(kind.rawValue)`", description.fields.map { "`\($0)`" }.joined(separator: " "),
                    text(description.meaning),
                ]))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A row of a Markdown table; a bar within a cell is written so that it does not end the cell.
    private static func row(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

extension LocalizedText {
    fileprivate static let arguments = FaultPageMessages.arguments
    fileprivate static let meaning = FaultPageMessages.meaning
    fileprivate static let scope = FaultPageMessages.scope
    fileprivate static let repetition = FaultPageMessages.repetition
    fileprivate static let fields = FaultPageMessages.fields
}

extension EventKind {
    /// The fields it carries besides `n`, `t`, `kind` and `node`, and what it tells.
    package var reference: (fields: [String], meaning: LocalizedText) {
        let message = ["peer", "id", "cause", "label", "payload"]
        return switch self {
        case .send: (message, TraceKindMessages.send)
        case .receive: (message + ["state"], TraceKindMessages.receive)
        case .drop: (message, TraceKindMessages.drop)
        case .duplicate: (message, TraceKindMessages.duplicate)
        case .timerSet: (["cause", "label", "payload"], TraceKindMessages.timerSet)
        case .timerFire: (["cause", "label", "payload", "state"], TraceKindMessages.timerFire)
        case .persist: (["cause", "label", "payload"], TraceKindMessages.persist)
        case .persisted: (["cause", "label", "payload", "state"], TraceKindMessages.persisted)
        case .crash: (["cause", "payload"], TraceKindMessages.crash)
        case .restart: (["cause", "label", "state"], TraceKindMessages.restart)
        case .pause: (["cause"], TraceKindMessages.pause)
        case .resume: (["cause"], TraceKindMessages.resume)
        case .skew: (["cause", "label"], TraceKindMessages.skew)
        case .partition: (["cause", "label"], TraceKindMessages.partition)
        case .heal: (["cause"], TraceKindMessages.heal)
        case .invoke: (["id", "label", "payload", "state"], TraceKindMessages.invoke)
        case .respond: (["id", "cause", "label", "payload"], TraceKindMessages.respond)
        case .state: (["cause", "label", "state"], TraceKindMessages.state)
        case .phaseBegin, .phaseEnd: (["cause", "label"], TraceKindMessages.phase)
        case .decide: (["cause", "label", "payload"], TraceKindMessages.decide)
        case .note, .annotate: (["cause", "label"], TraceKindMessages.note)
        case .sessionOpen, .sessionExpire: (["id", "label"], TraceKindMessages.session)
        case .watchSet, .watchFire: (["cause", "label"], TraceKindMessages.watch)
        case .connectionLoss: (["peer", "label"], TraceKindMessages.connectionLoss)
        case .checkBegin, .checkEnd: (["label", "payload"], TraceKindMessages.check)
        case .violation: (["cause", "label", "payload"], TraceKindMessages.violation)
        }
    }
}
