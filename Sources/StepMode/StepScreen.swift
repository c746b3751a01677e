import Checking
import Diagrams
import Messages
import Scenarios
import Simulator
import StateMachines
package import Terminal
import Traces

/// The window of the step mode: lines for a model and a size, nothing else.
package struct StepScreen {
    package static let smallest = TerminalSize(columns: 60, rows: 16)

    private let model: StepModel
    private let size: TerminalSize
    private var language: Language { model.language }
    private var state: SteppedState { model.state }

    package init(_ model: StepModel, size: TerminalSize) {
        self.model = model
        self.size = size
    }

    /// As many lines as the window has rows, none wider than it.
    package var lines: [StyledLine] {
        guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
            let text = StepMessages.windowTooSmall(columns: Self.smallest.columns, rows: Self.smallest.rows)
            let lines = LineWrapping.wrap([Span(say(text), TextStyle(.warning))], width: size.columns)
            return filled(Array(lines.prefix(size.rows)), rows: size.rows)
        }
        let foot = foot
        let rows = max(0, size.rows - 1 - foot.count)
        return (filled([title] + body(rows: rows).prefix(rows), rows: rows + 1) + foot).map(fitted)
    }

    private func filled(_ lines: [StyledLine], rows: Int) -> [StyledLine] {
        lines + Array(repeating: StyledLine(), count: max(0, rows - lines.count))
    }

    /// How far the page that is open can be scrolled.
    package var lastPageOffset: Int { max(0, pageLines.count - pageRows) }

    private func say(_ text: LocalizedText) -> String { text.text(in: language) }
    private func text(of time: Tick) -> String { time.millisecondText + " ms" }

    // MARK: Frame

    private var title: StyledLine {
        let branch = state.branches.first(where: \.isCurrent)?.name ?? ""
        return StyledLine([
            Span(state.protocolName, TextStyle(.heading, bold: true)),
            Span(" · \(state.scene.name)", TextStyle(.heading)),
            Span(" · \(text(of: state.now)) · \(say(StepMessages.depth(state.depth)))"),
            Span(" · \(say(StepMessages.branch(branch, isAtTip: state.isAtTip)))", TextStyle(.quiet)),
        ])
    }

    private func rule(_ title: LocalizedText, _ remark: String = "") -> StyledLine {
        var text = "── \(say(title)) "
        if !remark.isEmpty { text += "(\(remark)) " }
        let rest = max(0, size.columns - DisplayWidth.of(text))
        return StyledLine(text + String(repeating: "─", count: rest), TextStyle(.quiet))
    }

    /// Cut at the window's edge, with an ellipsis.
    private func fitted(_ line: StyledLine) -> StyledLine {
        guard line.width > size.columns else { return line }
        var (spans, used): ([Span], Int) = ([], 0)
        for span in line.spans {
            var text = ""
            for character in span.text.withoutControls {
                let width = DisplayWidth.of(character)
                guard used + width < size.columns else {
                    spans.append(Span(text + "…", span.style))
                    return StyledLine(spans)
                }
                text.append(character)
                used += width
            }
            spans.append(Span(text, span.style))
        }
        return StyledLine(spans)
    }

    // MARK: Panes

    private func body(rows: Int) -> [StyledLine] {
        switch model.mode {
        case .reading: return page(rows: rows)
        case .branches: return branches(rows: rows)
        case .running, .number, .choosing, .typing: break
        }
        let promises = promises
        let circumstances = circumstances
        // Headings of the three panes. What may come and what happened get three lines before the others get more.
        let room = rows - promises.count - circumstances.count - 3
        let news = newsLines
        let wanted = max(1, listCount)
        let nodes = min(state.nodes.count, max(2, room - min(wanted, 3) - min(news.count, 3)))
        let rest = room - nodes
        let newsRows = min(news.count, max(1, min(3, rest - min(wanted, 3)), rest - wanted))
        let pendingRows = max(1, rest - newsRows)
        return [rule(StepMessages.nodes)] + nodeLines(rows: nodes) + circumstances
            + [listRule]
            + list(rows: pendingRows) + promises
            + [rule(model.isFresh ? StepMessages.story : StepMessages.news)] + Array(news.suffix(newsRows))
    }

    // MARK: Nodes

    private func nodeLines(rows: Int) -> [StyledLine] {
        let shown = state.nodes.count <= rows ? state.nodes : Array(state.nodes.prefix(rows - 1))
        let nameWidth = state.nodes.map { DisplayWidth.of($0.name) }.max() ?? 0
        let conditionWidth = state.nodes.map { DisplayWidth.of(word(for: $0.condition).text) }.max() ?? 0
        let stateWidth = shown.map { DisplayWidth.of($0.state) }.max() ?? 0
        let lines = shown.map { node in
            let condition = word(for: node.condition)
            return StyledLine([
                Span(" " + node.name.padded(to: nameWidth) + "  ", TextStyle(bold: true)),
                Span(condition.text.padded(to: conditionWidth) + "  ", condition.style),
                Span(node.state.padded(to: min(stateWidth, size.columns / 2))),
                Span(particulars(of: node), TextStyle(.quiet)),
            ])
        }
        let left = state.nodes.count - shown.count
        return lines + (left > 0 ? [StyledLine(" " + say(StepMessages.more(left)), TextStyle(.quiet))] : [])
    }

    private func word(for condition: SteppedState.Node.Condition) -> Span {
        switch condition {
        case .notStarted: Span(say(StepMessages.notStarted), TextStyle(.quiet))
        case .up: Span(say(StepMessages.up), TextStyle(.good))
        case .paused: Span(say(StepMessages.paused), TextStyle(.warning, bold: true))
        case .down: Span(say(StepMessages.down), TextStyle(.bad, bold: true))
        }
    }

    private func particulars(of node: SteppedState.Node) -> String {
        var parts: [String] = []
        if node.durable + node.unsynced > 0 {
            parts.append(say(StepMessages.disk(durable: node.durable, unsynced: node.unsynced)))
        }
        if node.skew != 0 {
            let offset = (node.skew > 0 ? "+" : "-") + text(of: Tick(microseconds: node.skew.magnitude))
            parts.append(say(StepMessages.clock(offset)))
        }
        parts += node.timers.filter { model.showsRoutine || !$0.isRoutine }.map { "\($0.label) \(text(of: $0.due))" }
        return parts.map { "  · " + $0 }.joined()
    }

    /// The network, and the faults of the script.
    private var circumstances: [StyledLine] {
        var lines: [(LocalizedText, TextStyle.Role)] = []
        if !state.cuts.isEmpty { lines.append((StepMessages.cut(state.cuts), .bad)) }
        if !state.activeFaults.isEmpty { lines.append((StepMessages.inForce(state.activeFaults), .warning)) }
        if !state.waitingFaults.isEmpty { lines.append((StepMessages.waiting(state.waitingFaults), .quiet)) }
        return lines.map { StyledLine(" " + say($0), TextStyle($1)) }
    }

    // MARK: What may come

    private var nodeQuestion: [Int]? {
        guard case .choosing(let question) = model.mode, question.isAboutNodes else { return nil }
        return question.positions
    }

    private var listRule: StyledLine {
        guard nodeQuestion == nil else { return rule(StepMessages.nodeChoice) }
        let hidden = model.hiddenCount
        return rule(StepMessages.pending, hidden > 0 ? say(StepMessages.hidden(hidden)) : "")
    }

    private var listCount: Int { nodeQuestion?.count ?? model.listed.count }

    private func list(rows: Int) -> [StyledLine] {
        if let nodes = nodeQuestion {
            return numbered(nodes.map { [Span(state.nodes[$0].name), Span("  " + state.nodes[$0].state)] }, rows: rows)
        }
        if let end = state.end { return wrapped(StepMessages.over(reason(for: end)), .accent, rows: rows) }
        guard !model.listed.isEmpty || model.hiddenCount > 0 else {
            return wrapped(StepMessages.nothingPending, .accent, rows: rows)
        }
        let choices = model.listed.map { state.choices[$0] }
        let timeWidth = choices.map { DisplayWidth.of(text(of: $0.time)) }.max() ?? 0
        return numbered(choices.map { spans(of: $0, timeWidth: timeWidth) }, rows: rows)
    }

    private func numbered(_ items: [[Span]], rows: Int) -> [StyledLine] {
        let isLong = items.count > rows
        let shownRows = isLong ? max(1, rows - 1) : rows
        let first = min(model.offset, max(0, items.count - shownRows))
        let shown = items.enumerated().dropFirst(first).prefix(shownRows).map { index, spans in
            let number = String(index + 1)
            return StyledLine(
                [Span((number.count < 2 ? "  " : " ") + number + "  ", TextStyle(.accent, bold: true))] + spans)
        }
        let left = items.count - first - shown.count
        guard isLong, rows > 1 else { return shown }
        let more = left > 0 ? say(StepMessages.more(left)) + " ↓" : "↑"
        return shown + [StyledLine("    " + more, TextStyle(.quiet))]
    }

    private func spans(of choice: SteppedState.Choice, timeWidth: Int) -> [Span] {
        let time = text(of: choice.time)
        let padding = String(repeating: " ", count: max(0, timeWidth - DisplayWidth.of(time)))
        let style: TextStyle = choice.isRoutine || choice.obstacle != nil ? TextStyle(.quiet) : .plain
        var spans = [Span(padding + time + "  ", TextStyle(.quiet))]
        let node = choice.node ?? ""
        switch choice.kind {
        case .message:
            spans.append(Span("\(choice.peer ?? "") → \(node)  ", style))
            spans.append(Span(choice.label, TextStyle(style.role, bold: style.role == nil)))
        case .timer: spans.append(Span("\(node)  \(say(StepMessages.timer)) \(choice.label)", style))
        case .write: spans.append(Span("\(node)  \(say(StepMessages.write)) \(choice.label)", style))
        case .command: spans.append(Span("\(node)  \(say(StepMessages.command)) \(choice.label)", style))
        case .start: spans.append(Span("\(node)  \(say(StepMessages.start))", style))
        case .faultBegins: spans.append(Span("\(say(StepMessages.fault)) \(choice.label)", TextStyle(.warning)))
        case .faultEnds: spans.append(Span("\(say(StepMessages.faultEnd)) \(choice.label)", TextStyle(.warning)))
        }
        if choice.isCopy { spans.append(Span(" (\(say(StepMessages.copy)))", style)) }
        if choice.isLost { spans.append(Span("  ✗ " + say(StepMessages.lost), TextStyle(.bad))) }
        switch choice.obstacle {
        case .waitsFor(let node): spans.append(Span("  ‖ " + say(StepMessages.waitsFor(node)), TextStyle(.warning)))
        case .behind(let other): spans.append(Span("  … " + say(StepMessages.behind(other)), TextStyle(.quiet)))
        case nil: break
        }
        if !choice.detail.isEmpty { spans.append(Span("  " + choice.detail, TextStyle(.quiet))) }
        return spans
    }

    private func reason(for end: SimulationEnd) -> LocalizedText {
        switch end {
        case .quiescent: StepMessages.quiescent
        case .timeLimit: StepMessages.timeIsUp
        case .stepLimit: StepMessages.tooManySteps
        case .violation: StepMessages.stoppedAtViolation
        case .nondeterminism(let node): StepMessages.nondeterministic(node)
        }
    }

    private func wrapped(_ text: LocalizedText, _ role: TextStyle.Role, rows: Int) -> [StyledLine] {
        let lines = LineWrapping.wrap([Span(say(text), TextStyle(role))], width: size.columns - 1)
        return lines.prefix(rows).map { $0.prefixed(by: Span(" ")) }
    }

    // MARK: Promises and news

    private var promises: [StyledLine] {
        var spans: [Span] = []
        for promise in state.promises {
            let (sign, role): (String, TextStyle.Role) =
                switch promise.standing {
                case .kept: ("✓", .good)
                case .open: ("○", .quiet)
                case .broken: ("✗", .bad)
                }
            // Of one piece each: a line breaks between promises.
            spans.append(Span("\(sign)\u{A0}\(promise.invariant.replacing("-", with: "\u{2011}"))", TextStyle(role)))
            spans.append(Span("  "))
        }
        let lines = LineWrapping.wrap(spans, width: size.columns - 1).map { line in
            StyledLine(line.spans.map { Span($0.text.replacing("\u{2011}", with: "-"), $0.style) })
        }
        return [rule(StepMessages.promises)] + lines.prefix(4).map { $0.prefixed(by: Span(" ")) }
    }

    private var newsLines: [StyledLine] {
        if model.isFresh { return wrapped(state.scene.story, .quiet, rows: .max) }
        var lines = RunAccount(language: language).lines(of: state.newsTrace).map { line in
            StyledLine(" " + String(line.drop { $0 == " " }))
        }
        if let broken = state.firstBroken, case .broken(let problem) = broken.standing {
            let banner = StepMessages.brokenBanner(broken.invariant, problem)
            lines += LineWrapping.wrap([Span(say(banner), TextStyle(.bad, bold: true))], width: size.columns - 1)
                .prefix(3).map { $0.prefixed(by: Span(" ")) }
            lines.append(StyledLine(" " + say(StepMessages.afterBreaking), TextStyle(.accent)))
        }
        return lines
    }

    // MARK: Pages

    private var pageRows: Int { size.rows - 2 - foot.count }

    private var pageLines: [StyledLine] {
        guard case .reading(let page) = model.mode else { return [] }
        switch page.content {
        case .diagram:
            let options = DiagramOptions(language: language, columns: size.columns)
            return TextDiagram.draw(model.run.trace.outline, options: options)
                .split(separator: "\n", omittingEmptySubsequences: false).map { StyledLine(String($0)) }
        case .reason(let reason):
            var lines = reason.sentences.flatMap { wrapped($0, .accent, rows: .max) }
            let chain = RunAccount(language: language).lines(of: reason.chain)
            if !chain.isEmpty { lines += [StyledLine(), StyledLine(" " + say(StepMessages.ledHere))] }
            return lines + chain.map { StyledLine(" " + $0) }
        }
    }

    private func page(rows: Int) -> [StyledLine] {
        guard case .reading(let page) = model.mode else { return [] }
        let title: LocalizedText =
            if case .reason = page.content { StepMessages.whyTitle } else { StepMessages.drawing }
        let lines = pageLines
        let offset = min(page.offset, max(0, lines.count - (rows - 1)))
        return [rule(title)] + lines.dropFirst(offset).prefix(rows - 1)
    }

    private func branches(rows: Int) -> [StyledLine] {
        let items = state.branches.map { branch -> [Span] in
            let indent = String(repeating: "   ", count: max(0, branch.level - 1)) + (branch.level > 0 ? "└─ " : "")
            return [
                Span(indent, TextStyle(.quiet)), Span(branch.name, TextStyle(bold: branch.isCurrent)),
                Span(branch.isCurrent ? " ◀  " : "  ", TextStyle(.accent)),
                Span(
                    say(StepMessages.branchLine(length: branch.length, leftAfter: branch.leftAfter)), TextStyle(.quiet)),
                Span(branch.violations > 0 ? "  ✗" : "", TextStyle(.bad)),
            ]
        }
        return [rule(StepMessages.branchesTitle)] + numbered(items, rows: rows - 1)
    }

    // MARK: Foot

    /// The remark, and the keys or the question.
    private var foot: [StyledLine] {
        var lines: [StyledLine] = []
        if let remark = model.remark {
            let style = TextStyle(model.isRemarkBad ? .warning : .good)
            lines += LineWrapping.wrap([Span(say(remark), style)], width: size.columns - 1).prefix(4)
        }
        lines.append(StyledLine(String(repeating: "─", count: size.columns), TextStyle(.quiet)))
        switch model.mode {
        case .running: return lines + keyLines
        case .number(let typed):
            return lines + [question(typed == "2" ? StepMessages.numberTwo : StepMessages.number(typed))]
        case .choosing(let asked): return lines + [question(text(of: asked.purpose), asked.typed)]
        case .typing(let field, let editor): return lines + [input(field, editor)]
        case .reading(let page):
            let keys =
                switch page.content {
                case .diagram: StepMessages.pageKeys
                case .reason: StepMessages.reasonKeys
                }
            return lines + [StyledLine(say(keys), TextStyle(.quiet))]
        case .branches(let typed): return lines + [question(StepMessages.branchKeys, typed)]
        }
    }

    private func question(_ text: LocalizedText, _ typed: String = "") -> StyledLine {
        StyledLine(say(text) + (typed.isEmpty ? "" : "  \(typed)_"), TextStyle(.accent, bold: true))
    }

    private func text(of purpose: StepModel.Question.Purpose) -> LocalizedText {
        switch purpose {
        case .drop: StepMessages.whichDrop
        case .duplicate: StepMessages.whichDuplicate
        case .timer: StepMessages.whichTimer
        case .why: StepMessages.whichWhy
        case .crash: StepMessages.whichCrash
        case .restart: StepMessages.whichRestart
        case .pause: StepMessages.whichPause
        }
    }

    private func input(_ field: StepModel.Field, _ editor: LineEditor) -> StyledLine {
        let label =
            switch field {
            case .partition: StepMessages.askPartition
            case .fault: StepMessages.askFault
            case .branch: StepMessages.askBranch
            case .file(let usual): StepMessages.askFile(usual)
            }
        // The end of a long input stays in view.
        let text = say(label)
        let room = max(8, size.columns - DisplayWidth.of(text) - 2)
        var shown = editor.text.withoutControls
        while DisplayWidth.of(shown) > room { shown.removeFirst() }
        return StyledLine([Span(text, TextStyle(.accent, bold: true)), Span(shown + "_")])
    }

    /// Keys with what they do, on as few lines as hold them.
    private var keyLines: [StyledLine] {
        var lines: [[Span]] = [[]]
        var used = 0
        for (key, meaning) in StepMessages.keys {
            let text = say(meaning)
            let width = DisplayWidth.of(key) + 1 + DisplayWidth.of(text)
            if used > 0, used + 2 + width > size.columns {
                lines.append([])
                used = 0
            }
            if used > 0 { lines[lines.count - 1].append(Span("  ")) }
            lines[lines.count - 1] += [Span(key, TextStyle(.accent, bold: true)), Span(" " + text, TextStyle(.quiet))]
            used += width + (used > 0 ? 2 : 0)
        }
        return lines.map { StyledLine($0) }
    }
}
