import Messages
import Terminal

/// Why the player leaves a page before its end.
package enum LessonStop: Error, Hashable, Sendable { case back, quit, interrupted }

/// Pages of text on a terminal: stops when the screen is full, asks, draws again after a resize. Without a keyboard it
/// only prints.
final class LessonScreen {
    /// Lines for a number of columns; asked again after a resize.
    typealias Content = (Int) -> [StyledLine]

    private let keys: (any KeySource)?
    private let write: (String) -> Void
    private let size: () -> TerminalSize
    private let theme: Theme
    private let language: Language

    /// What the prompt line shows before the keys.
    var status: StyledLine = StyledLine()
    /// Called for the key d.
    var onDraw: () -> LocalizedText = { LessonMessages.noPictureYet }

    /// The prompt and the empty line above it.
    private static let promptRows = 2

    private var page: [Content] = []
    /// How many lines of the last entry are on the screen; nil when all are.
    private var partial: (shown: Int, of: Int)?
    private var rowsSincePause = 0

    init(
        keys: (any KeySource)?, theme: Theme, language: Language, size: @escaping () -> TerminalSize,
        write: @escaping (String) -> Void
    ) {
        self.keys = keys
        self.theme = theme
        self.language = language
        self.size = size
        self.write = write
    }

    var isInteractive: Bool { keys != nil }

    /// Begins a fresh page.
    func startPage() {
        if isInteractive { write("\u{1B}[H\u{1B}[2J") } else if !page.isEmpty { write("\n") }
        page = []
        partial = nil
        rowsSincePause = 0
    }

    /// Shows more of the page; waits for a key whenever the screen is full. What fits on one screen is not torn apart.
    func show(_ content: @escaping Content) throws(LessonStop) {
        let isFirst = page.isEmpty
        page.append { columns in
            let lines = content(columns)
            return isFirst || lines.isEmpty ? lines : [StyledLine()] + lines
        }
        var lines = lastEntry()
        if isInteractive, lines.count <= screenRows, rowsSincePause + lines.count > screenRows {
            lines = try pause(shown: 0, of: lines).lines
        }
        var index = 0
        while index < lines.count {
            if isInteractive, rowsSincePause >= screenRows { (index, lines) = try pause(shown: index, of: lines) }
            write(theme.render(lines[index]) + "\n")
            rowsSincePause += 1
            index += 1
        }
    }

    /// Rows for text, above the prompt.
    private var screenRows: Int { max(1, size().rows - Self.promptRows) }

    /// Waits in the middle of the last entry.
    ///
    /// - Returns: the entry's lines for the window's size afterwards, and where to go on.
    private func pause(shown: Int, of lines: [StyledLine]) throws(LessonStop) -> (index: Int, lines: [StyledLine]) {
        partial = (shown, lines.count)
        defer { partial = nil }
        try waitForGo(LessonMessages.keysMore)
        let resized = lastEntry()
        return (resized == lines ? shown : shown * resized.count / max(1, lines.count), resized)
    }

    func show(_ text: LocalizedText, _ style: TextStyle = .plain) throws(LessonStop) {
        let spans = [Span(text.text(in: language), style)]
        try show { LineWrapping.wrap(spans, width: $0) }
    }

    /// Forgets keys typed while nobody asked.
    func discardTypedKeys() { keys?.discardTypedKeys() }

    /// Shows a line that the next output replaces, while a command runs.
    func showTransient(_ text: LocalizedText) {
        if isInteractive { write(theme.render(StyledLine(text.text(in: language), TextStyle(.quiet)))) }
    }
    func clearTransient() {
        if isInteractive { write("\r\u{1B}[K") }
    }

    /// Waits for a key that means something to the caller; help, diagrams, resizing and leaving are dealt with here.
    ///
    /// - Precondition: the screen is interactive.
    func prompt(_ hint: LocalizedText) throws(LessonStop) -> Key {
        guard let keys else { preconditionFailure("nobody is there to ask") }
        drawPrompt(hint)
        while true {
            let key = keys.nextKey()
            switch key {
            case .resize:
                redraw(rows: screenRows)
                drawPrompt(hint)
            case .interrupt:
                clearPrompt()
                throw .interrupted
            case .endOfInput, .character("q"), .character("Q"), .control("d"):
                clearPrompt()
                throw .quit
            case .character("b"), .left, .pageUp:
                clearPrompt()
                throw .back
            case .character("?"), .character("？"):
                clearPrompt()
                aside(LessonMessages.keys)
                drawPrompt(hint)
            case .character("d"):
                clearPrompt()
                aside(onDraw())
                drawPrompt(hint)
            default:
                clearPrompt()
                return key
            }
        }
    }

    /// Waits for space, enter or another key that says "go on".
    func waitForGo(_ hint: LocalizedText) throws(LessonStop) {
        while true {
            switch try prompt(hint) {
            case .character(" "), .character("　"), .enter, .right, .down, .pageDown:
                rowsSincePause = 0
                return
            default: continue
            }
        }
    }

    /// Reads a line of text; nil when the person gives up.
    func readLine(_ label: LocalizedText) throws(LessonStop) -> String? {
        guard let keys else { preconditionFailure("nobody is there to ask") }
        var editor = LineEditor()
        while true {
            clearTransient()
            write(visibleInput(label.text(in: language), editor.text))
            switch editor.handle(keys.nextKey()) {
            case .typing: continue
            case .redraw: redraw(rows: size().rows - 1)
            case .done:
                write("\n")
                rowsSincePause = 0
                return editor.text
            case .ended:
                write("\n")
                return nil
            case .interrupted:
                write("\n")
                throw .interrupted
            }
        }
    }

    /// The end of a long input, so that it stays on one line.
    private func visibleInput(_ label: String, _ text: String) -> String {
        let room = max(4, size().columns - DisplayWidth.of(label) - 2)
        var shown = text.withoutControls
        while DisplayWidth.of(shown) > room { shown.removeFirst() }
        return theme.render(StyledLine([Span(label, TextStyle(.accent, bold: true)), Span(shown)]))
    }

    private func lastEntry() -> [StyledLine] { page.last?(size().columns) ?? [] }

    /// Text that is not part of the page.
    private func aside(_ text: LocalizedText) {
        let lines = LineWrapping.cut(text.text(in: language), width: size().columns, style: TextStyle(.quiet))
        write(theme.render(lines))
        rowsSincePause += lines.count
    }

    private func drawPrompt(_ hint: LocalizedText) {
        let whole = status.spans + [Span("  "), Span(hint.text(in: language), TextStyle(.quiet))]
        let lines = LineWrapping.wrap(whole, width: max(2, size().columns - 1))
        // One line, whatever the window: the keys are what matters most.
        let line =
            lines.count == 1 ? lines[0] : LineWrapping.wrap([whole[whole.count - 1]], width: size().columns - 1)[0]
        write("\n" + theme.render(line))
    }

    private func clearPrompt() { write("\r\u{1B}[K\u{1B}[A") }

    /// Draws the end of the page again for the window's present size.
    private func redraw(rows: Int) {
        let columns = size().columns
        var lines: [StyledLine] = []
        for (index, content) in page.enumerated() {
            let entry = content(columns)
            if index == page.count - 1, let partial {
                lines += entry.prefix(partial.shown * entry.count / max(1, partial.of))
            } else {
                lines += entry
            }
        }
        write("\u{1B}[H\u{1B}[2J" + theme.render(Array(lines.suffix(max(1, rows)))))
    }
}
