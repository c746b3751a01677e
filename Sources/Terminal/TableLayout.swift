import Messages

/// A table whose columns fit the screen: cells wrap, and where even that leaves too little room each row becomes a list.
package struct TableLayout {
    private var alignments: [MarkdownBlock.Alignment]
    private var header: [[Span]]
    private var rows: [[[Span]]]
    private let separator = " │ "

    /// Every row has as many cells as `alignments`.
    package init(alignments: [MarkdownBlock.Alignment], header: [[Span]], rows: [[[Span]]]) {
        precondition(header.count == alignments.count && rows.allSatisfy { $0.count == alignments.count })
        self.alignments = alignments
        self.header = header
        self.rows = rows
    }

    package func lines(width: Int) -> [StyledLine] {
        guard !alignments.isEmpty else { return [] }
        guard let widths = columnWidths(in: width) else { return asList(width: width) }
        let laidOut = rows.map { row(of: $0, widths) }
        // Rows of several lines need a line between them to be told apart.
        let isSpaced = laidOut.contains { $0.count > 1 }
        var result = row(of: header, widths) + [rule(widths, "─")]
        for (index, lines) in laidOut.enumerated() {
            if isSpaced, index > 0 { result.append(rule(widths, "╌")) }
            result += lines
        }
        return result
    }

    /// Natural widths where they fit; else columns that need less than an equal share keep their natural width, and the
    /// others divide the rest by the amount of text in them.
    private func columnWidths(in width: Int) -> [Int]? {
        let available = width - separator.count * (alignments.count - 1)
        let columns = alignments.indices.map { column in [header[column]] + rows.map { $0[column] } }
        let lengths = columns.map { cells in
            cells.map { cell in LineWrapping.wrap(cell, width: .max / 2).map(\.width).max() ?? 0 }
        }
        var widths = lengths.map { max(1, $0.max() ?? 0) }
        if widths.reduce(0, +) <= available { return widths }
        guard available >= 8 * alignments.count else { return nil }
        var (left, long) = (available, Array(widths.indices))
        while let small = long.first(where: { widths[$0] <= left / long.count }) {
            long.removeAll { $0 == small }
            left -= widths[small]
        }
        let smallest = long.map { column in max(8, min(24, columns[column].map(LineWrapping.widestPiece).max() ?? 0)) }
        let text = long.map { lengths[$0].reduce(0, +) }
        for (column, share) in zip(long, divide(left, by: text, atLeast: smallest)) { widths[column] = share }
        return widths
    }

    /// Parts of `total` in proportion to the weights, none below its smallest size where that is possible.
    private func divide(_ total: Int, by weights: [Int], atLeast smallest: [Int]) -> [Int] {
        let smallest = smallest.reduce(0, +) <= total ? smallest : smallest.map { _ in 8 }
        var parts = smallest
        for _ in 0..<max(0, total - parts.reduce(0, +)) {
            let neediest = parts.indices.max { weights[$0] * parts[$1] < weights[$1] * parts[$0] }
            if let neediest { parts[neediest] += 1 }
        }
        return parts
    }

    private func row(of cells: [[Span]], _ widths: [Int]) -> [StyledLine] {
        let wrapped = zip(cells, widths).map { LineWrapping.wrap($0, width: $1) }
        return (0..<(wrapped.map(\.count).max() ?? 0)).map { index in
            var spans: [Span] = []
            for (column, lines) in wrapped.enumerated() {
                if column > 0 { spans.append(Span(separator, TextStyle(.quiet))) }
                let line = index < lines.count ? lines[index] : StyledLine()
                spans += aligned(line, alignments[column], widths[column], isLast: column == widths.count - 1)
            }
            return StyledLine(spans)
        }
    }

    private func aligned(
        _ line: StyledLine, _ alignment: MarkdownBlock.Alignment, _ width: Int, isLast: Bool
    ) -> [Span] {
        if isLast, line.spans.isEmpty { return [] }
        let room = max(0, width - line.width)
        let before =
            switch alignment {
            case .left: 0
            case .center: room / 2
            case .right: room
            }
        let after = isLast ? 0 : room - before
        return [Span(String(repeating: " ", count: before))] + line.spans
            + [Span(String(repeating: " ", count: after))]
    }

    private func rule(_ widths: [Int], _ stroke: String) -> StyledLine {
        let parts = widths.map { String(repeating: stroke, count: $0) }
        return StyledLine(parts.joined(separator: "\(stroke)┼\(stroke)"), TextStyle(.quiet))
    }

    private func asList(width: Int) -> [StyledLine] {
        let colon = header.contains { $0.contains { DisplayWidth.of($0.text) > $0.text.count } } ? "：" : ": "
        return rows.enumerated().flatMap { index, row in
            let lines = zip(header, row).flatMap { title, cell in
                LineWrapping.wrap(title + [Span(colon)] + cell, width: width)
            }
            return (index > 0 ? [StyledLine()] : []) + lines
        }
    }
}
