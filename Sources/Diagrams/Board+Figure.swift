extension Figure {
    /// Lays a board out: equal cells in columns, counterexamples on red ground.
    package init(of board: Board) {
        self.init(
            width: 0, height: 0, title: board.title, story: "", lanes: [], bands: [], segments: [], arrows: [],
            glyphs: [], labels: [], cuts: [])
        let layout = BoardLayout(board)
        width = layout.width
        var top = place(.title, board.title, top: BoardLayout.margin) + 4
        for line in board.caption { top = place(.subtitle, line, top: top) + 1 }
        top += 10
        if !board.headings.isEmpty {
            for (column, heading) in board.headings.enumerated() {
                add(.legend, heading, box: layout.box(column: column, top: top), alignment: .center)
            }
            top += BoardLayout.cellHeight
        }
        for row in board.rows {
            placeRow(row, layout, top: top)
            top += BoardLayout.rowHeight
            cuts.append(top - BoardLayout.gap / 2)
        }
        top += 6
        for line in board.notes { top = place(.legend, line, top: top) + 1 }
        height = top + BoardLayout.margin
        story = (board.caption + board.rows.map(Self.told) + board.notes).joined(separator: " ")
    }

    private static func told(_ row: Board.Row) -> String {
        "\(row.name): \(row.cells.map { $0.text.isEmpty ? "·" : $0.text }.joined(separator: " ")) \(row.remark);"
    }

    private mutating func place(_ style: Label.Style, _ text: String, top: Double) -> Double {
        let room = width - 2 * BoardLayout.margin
        let lines = TextMetrics.wrapped(text, to: room, size: style.fontSize, limit: 6, isBold: style.isBold)
        let size = style.size(of: lines)
        let left = BoardLayout.margin
        labels.append(
            Label(
                style: style, lines: lines,
                box: Box(left: left, top: top, right: left + size.width, bottom: top + size.height), alignment: .left,
                tooltip: text, events: []))
        return top + size.height
    }

    private mutating func add(_ style: Label.Style, _ text: String, box: Box, alignment: Label.Alignment) {
        labels.append(Label(style: style, lines: [text], box: box, alignment: alignment, tooltip: text, events: []))
    }

    private mutating func placeRow(_ row: Board.Row, _ layout: BoardLayout, top: Double) {
        if row.isCounterexample {
            bands.append(
                Band(
                    style: .violation,
                    box: Box(
                        left: BoardLayout.margin - 6, top: top - 4, right: width - BoardLayout.margin + 6,
                        bottom: top + BoardLayout.cellHeight + 4), events: []))
        }
        if !row.name.isEmpty { add(.subtitle, row.name, box: layout.nameBox(row.name, top: top), alignment: .left) }
        for (column, cell) in row.cells.enumerated() {
            let text = TextMetrics.clipped(cell.text, to: layout.cellWidth - 6, size: 11.5)
            add(Label.Style(cell.style), text, box: layout.box(column: column, top: top), alignment: .center)
        }
        guard !row.remark.isEmpty else { return }
        let remark = row.isCounterexample ? "✗ \(row.remark)" : row.remark
        add(.subtitle, remark, box: layout.remarkBox(remark, after: row.cells.count, top: top), alignment: .left)
    }
}

/// Where the parts of a board go; sizes in points.
private struct BoardLayout {
    static let margin = 20.0
    static let gap = 8.0
    static let cellHeight = 27.0
    static var rowHeight: Double { cellHeight + gap }

    let cellWidth: Double
    let width: Double
    private let left: Double

    init(_ board: Board) {
        let cells = board.rows.flatMap(\.cells).map { cell in
            Figure.Label.Style(cell.style).size(of: [cell.text]).width
        }
        let headings = board.headings.map { Figure.Label.Style.legend.size(of: [$0]).width }
        let widest = min(150, max(34, (cells + headings).max() ?? 0))
        cellWidth = widest
        let names = board.rows.map { Figure.Label.Style.subtitle.size(of: [$0.name]).width }.max() ?? 0
        let start = Self.margin + (names > 8 ? names + 14 : 0)
        left = start
        let rights = board.rows.map { row in
            let remark = row.remark.isEmpty ? 0 : Figure.Label.Style.subtitle.size(of: ["✗ \(row.remark)"]).width + 14
            return start + Double(row.cells.count) * (widest + Self.gap) + remark
        }
        let title = Figure.Label.Style.title.size(of: [board.title]).width
        width = max((rights.max() ?? 0), Self.margin + min(title, 700), 420) + Self.margin
    }

    func box(column: Int, top: Double) -> Box {
        let x = left + Double(column) * (cellWidth + Self.gap)
        return Box(left: x, top: top, right: x + cellWidth, bottom: top + Self.cellHeight)
    }

    func nameBox(_ name: String, top: Double) -> Box { textBox(name, left: Self.margin, top: top) }

    func remarkBox(_ remark: String, after columns: Int, top: Double) -> Box {
        textBox(remark, left: left + Double(columns) * (cellWidth + Self.gap) + 6, top: top)
    }

    private func textBox(_ text: String, left: Double, top: Double) -> Box {
        let size = Figure.Label.Style.subtitle.size(of: [text])
        let y = top + (Self.cellHeight - size.height) / 2
        return Box(left: left, top: y, right: left + size.width, bottom: y + size.height)
    }
}

extension Figure.Label.Style {
    fileprivate init(_ style: Board.Style) {
        self =
            switch style {
            case .plain: .state
            case .empty: .openInterval
            case .first: .interval
            case .second: .reasonInterval
            case .both: .commit
            case .strong: .abort
            case .wrong: .impossibleInterval
            case .out: .laneAgain
            }
    }
}
