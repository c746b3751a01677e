import Messages
import StateMachines
package import Traces

/// A diagram as plain text: one row an event, from top to bottom, lifelines as columns.
///
/// Where the lanes do not fit side by side, the run is listed instead, one line an event.
package enum TextDiagram {
    /// No line is wider than `options.columns` (at least 40 are used); lines end in a line feed.
    package static func draw(_ trace: Trace, options: DiagramOptions) -> String {
        let reading = RunReading(trace)
        var drawing = TextDrawing(reading, FigureLayout(reading, options), columns: max(40, options.columns))
        return drawing.draw()
    }
}

private struct TextDrawing {
    let reading: RunReading
    /// For its words only.
    let words: FigureLayout
    let columns: Int
    private let ruler: Int
    private let laneWidth: Int
    private var signs: [Character]
    private var lines: [String] = []
    private var isDepartureDrawn: Set<Int> = []

    init(_ reading: RunReading, _ words: FigureLayout, columns: Int) {
        self.reading = reading
        self.words = words
        self.columns = columns
        ruler = (reading.events.map { DisplayWidth.of($0.time.shortText(in: words.options.language)) }.max() ?? 0) + 1
        laneWidth = reading.lanes.isEmpty ? 0 : min(30, (columns - ruler) / reading.lanes.count)
        signs = reading.lanes.map { _ in "│" }
    }

    private static let narrowestLane = 14

    mutating func draw() -> String {
        heading()
        if reading.lanes.isEmpty {
            lines.append(words.say(DiagramMessages.emptyTrace))
        } else if laneWidth < Self.narrowestLane {
            for index in reading.events.indices { list(index) }
        } else {
            names()
            for index in reading.events.indices { draw(index) }
            names()
            legend()
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private mutating func heading() {
        let header = reading.header
        for text in [header.title ?? header.protocolName] where !text.isEmpty { wrap(text, indent: 0) }
        var parts = header.title == nil || header.protocolName.isEmpty ? [] : [header.protocolName]
        if let seed = header.seed { parts.append(words.say(DiagramMessages.seed(String(seed)))) }
        if !parts.isEmpty { wrap(parts.joined(separator: " · "), indent: 0) }
        lines.append("")
    }

    private mutating func names() {
        var row = TextRow(columns: columns)
        for (lane, name) in reading.lanes.enumerated() {
            let text = clipped(name, laneWidth - 2)
            row.put(text, at: column(lane) - DisplayWidth.of(text) / 2)
        }
        lines.append(row.text)
    }

    // MARK: Rows

    private func column(_ lane: Int) -> Int { ruler + laneWidth * lane + min(laneWidth / 2, 8) }

    private func emptyRow() -> TextRow {
        var row = TextRow(columns: columns)
        for lane in signs.indices { row.put(String(signs[lane]), at: column(lane)) }
        return row
    }

    private func row(at index: Int) -> TextRow {
        var row = emptyRow()
        let time = reading.events[index].time
        if index == 0 || reading.events[index - 1].time != time {
            let text = time.shortText(in: words.options.language)
            row.put(text, at: ruler - 1 - DisplayWidth.of(text))
        }
        return row
    }

    private mutating func draw(_ index: Int) {
        let event = reading.events[index]
        let lane = reading.laneOfEvent[index]
        switch event.kind {
        case .send: drawSend(index, lane)
        case .receive, .drop: drawEnd(index, lane)
        case .duplicate: beside(index, lane, "◇", words.say(event.kind.name) + (event.label.map { " " + $0 } ?? ""))
        case .partition, .heal, .phaseBegin, .phaseEnd: rule(index, lane)
        case .violation: violation(index)
        case .crash:
            beside(index, lane, "✗", words.sideText(index) ?? "")
            signs[lane] = "┊"
        case .restart:
            signs[lane] = "│"
            beside(index, lane, "▲", words.sideText(index) ?? "")
        case .pause:
            beside(index, lane, "‖", words.sideText(index) ?? "")
            signs[lane] = "╎"
        case .resume:
            signs[lane] = "│"
            beside(index, lane, "▷", words.sideText(index) ?? "")
        case .decide:
            let word = event.label ?? words.say(DiagramMessages.decided)
            beside(
                index, lane, sign(of: .decide), event.payload.map { words.say(DiagramMessages.about($0, word)) } ?? word
            )
        case .note, .annotate: beside(index, lane, "·", words.noteText(event) ?? "")
        case .state:
            if words.boxText(event) == nil { beside(index, lane, "·", words.say(event.kind.name)) }
        case .persist, .persisted, .timerSet, .timerFire, .invoke, .respond, .skew:
            beside(index, lane, sign(of: event.kind), named(event))
        case .sessionOpen, .sessionExpire, .watchSet, .watchFire, .connectionLoss, .checkBegin, .checkEnd:
            beside(index, lane, sign(of: event.kind), words.sideText(index) ?? "")
        }
        if let state = words.boxText(event) { box(state, index, lane) }
    }

    /// The label, with a sign that the legend explains; the kind in words where there is no label.
    private func named(_ event: Event) -> String { event.label ?? words.say(event.kind.name) }

    /// Explains the signs of this run whose words do not.
    private mutating func legend() {
        let kinds: [EventKind] = [.persist, .persisted, .timerSet, .timerFire, .invoke, .respond, .skew, .decide]
        let used = kinds.filter { kind in reading.events.contains { $0.kind == kind } }
        guard !used.isEmpty else { return }
        lines.append("")
        wrap(used.map { "\(sign(of: $0)) \(words.say($0.name))" }.joined(separator: "   "), indent: 0)
    }

    private func sign(of kind: EventKind) -> Character {
        switch kind {
        case .persist: "▯"
        case .persisted: "▮"
        case .timerSet: "◷"
        case .timerFire: "◉"
        case .invoke: "▼"
        case .respond: "△"
        case .skew: "±"
        case .decide: "★"
        case .sessionOpen, .watchSet, .checkBegin: "○"
        case .sessionExpire, .connectionLoss: "✗"
        case .watchFire, .checkEnd: "●"
        case .send, .receive, .drop, .duplicate, .crash, .restart, .pause, .resume, .partition, .heal, .state,
            .phaseBegin, .phaseEnd, .note, .annotate, .violation:
            "·"
        }
    }

    /// A sign on the lane with words to its right, on as many rows as they need.
    private mutating func beside(_ index: Int, _ lane: Int, _ sign: Character, _ text: String) {
        let start = column(lane) + 2
        let limit = lane + 1 < reading.lanes.count ? column(lane + 1) - 1 : columns
        let pieces = wrapped(text, to: limit - start)
        for (number, piece) in pieces.enumerated() {
            var row = number == 0 ? row(at: index) : emptyRow()
            if number == 0 { row.put(String(sign), at: column(lane)) }
            row.put(piece, at: start)
            lines.append(row.text)
        }
    }

    private mutating func box(_ state: String, _ index: Int, _ lane: Int) {
        for piece in wrapped(state, to: laneWidth - 4) {
            var row = emptyRow()
            let text = "[\(piece)]"
            row.put(text, at: max(ruler, column(lane) - DisplayWidth.of(text) / 2))
            lines.append(row.text)
        }
    }

    /// Everything that concerns the whole width.
    private mutating func rule(_ index: Int, _ lane: Int) {
        let event = reading.events[index]
        let text: String
        switch event.kind {
        case .partition: text = words.say(DiagramMessages.partition(event.label ?? event.node))
        case .heal: text = words.say(DiagramMessages.healed)
        default: text = "\(event.node): \(words.say(event.kind.name))" + (event.label.map { ": " + $0 } ?? "")
        }
        let isNetwork = event.kind == .partition || event.kind == .heal
        var row = row(at: index)
        row.fill(isNetwork ? "═" : "┄", from: ruler, to: columns)
        row.put(" " + clipped(text, columns - ruler - 6) + " ", at: ruler + 2)
        lines.append(row.text)
    }

    private mutating func violation(_ index: Int) {
        let event = reading.events[index]
        let text = words.say(
            event.label.map { DiagramMessages.violated($0, event.payload) } ?? DiagramMessages.violation)
        var top = row(at: index)
        top.fill("━", from: ruler, to: columns)
        lines.append(top.text)
        for piece in wrapped(text, to: columns - ruler - 4) {
            lines.append(String(repeating: " ", count: ruler) + "✗ " + piece)
        }
        lines.append(String(repeating: " ", count: ruler) + String(repeating: "━", count: columns - ruler))
    }

    // MARK: Messages

    /// The start of a message; drawn whole with its end where that follows at once.
    private mutating func drawSend(_ index: Int, _ lane: Int) {
        let next = index + 1
        if let end = reading.flightEndedBy[next], reading.flights[end].send == index, reading.flights[end].copy == 1 {
            isDepartureDrawn.insert(index)
            return
        }
        let event = reading.events[index]
        var row = row(at: index)
        let peer = words.reading.lane(named: event.peer)
        let arrow = (event.label ?? words.say(event.kind.name)) + (event.peer.map { "→" + $0 } ?? "")
        let isLeft = peer.map { $0 < lane } ?? false
        let text = clipped(arrow, laneWidth - 6)
        let width = DisplayWidth.of(text) + 4
        let here = column(lane)
        if isLeft {
            row.fill("╌", from: max(ruler, here - width), to: here)
            row.put(text, at: max(ruler, here - width + 2))
            row.put("‹", at: max(ruler, here - width))
        } else {
            row.fill("╌", from: here + 1, to: min(columns, here + 1 + width))
            row.put(text, at: here + 3)
            row.put("›", at: min(columns - 1, here + width))
        }
        row.put("○", at: here)
        lines.append(row.text)
    }

    private mutating func drawEnd(_ index: Int, _ lane: Int) {
        guard let position = reading.flightEndedBy[index] else { return }
        let flight = reading.flights[position]
        let isTogether = flight.send.map(isDepartureDrawn.contains) ?? false
        var row = row(at: isTogether ? flight.send! : index)
        let to = flight.to ?? lane
        let from = flight.from ?? to
        let (start, target) = (column(from), column(to))
        guard from != to else {
            let sign: Character = flight.outcome == .delivered ? "↺" : "✗"
            return beside(index, to, sign, words.label(of: flight))
        }
        let isRight = target > start
        var end = target
        switch flight.outcome {
        case .delivered, .inFlight: break
        case .refused: end = target + (isRight ? -2 : 2)
        case .lost, .cut: end = start + (target - start) * 6 / 10
        }
        let (low, high) = (min(start, end), max(start, end))
        row.fill(flight.copy > 1 ? "╌" : "─", from: low + 1, to: high)
        for lane in signs.indices where column(lane) > low && column(lane) < high { row.put("┼", at: column(lane)) }
        row.put(isTogether ? "○" : "╶", at: start)
        if flight.outcome == .delivered {
            row.put(isRight ? "▶" : "◀", at: end + (isRight ? -1 : 1))
            row.put("●", at: end)
        } else {
            row.put(flight.outcome == .cut ? "╳" : "✗", at: end)
        }
        let label = words.label(of: flight) + (flight.copy > 1 ? " ×\(flight.copy)" : "")
        let text = clipped(label, min(laneWidth, high - low) - 5)
        if !text.isEmpty {
            let width = DisplayWidth.of(text)
            row.put(text, at: isRight ? start + 3 : start - 2 - width)
        }
        lines.append(row.text)
    }

    // MARK: Listing

    private mutating func list(_ index: Int) {
        let event = reading.events[index]
        let time = event.time.shortText(in: words.options.language)
        var text = String(repeating: " ", count: max(0, ruler - 1 - DisplayWidth.of(time))) + time + "  " + event.node
        if let peer = event.peer { text += event.kind == .receive ? " ← \(peer)" : " → \(peer)" }
        text += "  " + words.say(event.kind.name)
        if let label = event.label { text += "  " + label }
        if let payload = event.payload { text += "  " + payload }
        if let state = event.state { text += "  [\(state)]" }
        wrap(text, indent: ruler + 3)
    }

    /// Adds text on as many lines as it needs.
    private mutating func wrap(_ text: String, indent: Int) {
        let pieces = wrapped(text, to: columns, hanging: columns - indent)
        for (number, piece) in pieces.enumerated() {
            lines.append((number == 0 ? "" : String(repeating: " ", count: indent)) + piece)
        }
    }

    // MARK: Fitting

    private func clipped(_ text: String, _ width: Int) -> String {
        let text = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        if DisplayWidth.of(text) <= width { return text }
        guard width > 1 else { return "" }
        var kept = ""
        var used = 1
        for character in text {
            used += DisplayWidth.of(character)
            if used > width { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// Breaks at spaces, or anywhere where a piece is longer than a line.
    private func wrapped(_ text: String, to first: Int, hanging: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        var lastSpace: String.Index?
        for character in text {
            let character: Character = character.isNewline || character == "\t" ? " " : character
            let limit = max(4, lines.isEmpty ? first : hanging ?? first)
            let width = DisplayWidth.of(character)
            if used + width > limit {
                if let space = lastSpace {
                    lines.append(String(line[..<space]))
                    line = String(line[line.index(after: space)...])
                } else {
                    lines.append(line)
                    line = ""
                }
                used = DisplayWidth.of(line)
                lastSpace = nil
                if character == " " && line.isEmpty { continue }
            }
            line.append(character)
            used += width
            if character == " " { lastSpace = line.index(before: line.endIndex) }
        }
        lines.append(line)
        return lines
    }
}

/// One line of a terminal, addressed by column.
private struct TextRow {
    /// `nil` continues the wide character before it.
    private var cells: [Character?]

    init(columns: Int) { cells = Array(repeating: " ", count: columns) }

    mutating func put(_ text: String, at column: Int) {
        var position = column
        for character in text {
            let width = DisplayWidth.of(character)
            guard width > 0 else { continue }
            guard position >= 0, position + width <= cells.count else { break }
            clear(position)
            if width == 2 {
                clear(position + 1)
                cells[position + 1] = nil
            }
            cells[position] = character
            position += width
        }
    }

    mutating func fill(_ character: Character, from start: Int, to end: Int) {
        guard start < min(end, cells.count) else { return }
        for position in max(0, start)..<min(end, cells.count) {
            clear(position)
            cells[position] = character
        }
    }

    /// Leaves no half of a wide character behind.
    private mutating func clear(_ position: Int) {
        if cells[position] == nil { cells[position - 1] = " " }
        if position + 1 < cells.count, cells[position + 1] == nil { cells[position + 1] = " " }
        cells[position] = " "
    }

    var text: String {
        var line = String(cells.compactMap { $0 })
        while line.last == " " { line.removeLast() }
        return line
    }
}
