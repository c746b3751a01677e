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

    /// Natural widths where they fit; else the widest columns shrink first, to no less than their widest word if possible.
    private func columnWidths(in width: Int) -> [Int]? {
        let available = width - separator.count * (alignments.count - 1)
        let columns = alignments.indices.map { column in [header[column]] + rows.map { $0[column] } }
        let natural = columns.map { cells in
            max(1, cells.flatMap { LineWrapping.wrap($0, width: .max / 2) }.map(\.width).max() ?? 0)
        }
        if natural.reduce(0, +) <= available { return natural }
        guard available >= 8 * alignments.count else { return nil }
        let words = columns.map { cells in min(24, cells.map(LineWrapping.widestPiece).max() ?? 0) }
        let smallest = words.reduce(0, +) <= available ? words : words.map { min($0, 8) }
        return shrink(natural, smallest: smallest.map { max(2, $0) }, to: available)
    }

    private func shrink(_ natural: [Int], smallest: [Int], to available: Int) -> [Int] {
        var widths = zip(natural, smallest).map { min($0, $1) }
        var left = available - widths.reduce(0, +)
        // Every column grows by one in turn until its natural width: what is left over is shared evenly.
        while left > 0,
            let narrowest = (widths.indices.filter { widths[$0] < natural[$0] }.min { widths[$0] < widths[$1] })
        {
            widths[narrowest] += 1
            left -= 1
        }
        return widths
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
