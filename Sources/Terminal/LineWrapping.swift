import Messages

/// Breaks styled text into lines for Latin and Chinese text and mixtures of both.
///
/// Lines break at spaces, beside ideographs and after hyphens inside words; never before closing punctuation (，。」…),
/// after opening punctuation (「（…) or inside ——, ……. A piece with no place to break that is wider than the line is cut.
package enum LineWrapping {
    /// - Parameters:
    ///   - spans: text; a line feed in it starts a new line.
    ///   - width: columns; at least 2, the width of one ideograph.
    /// - Returns: lines no wider than `width`, without spaces at their ends; at least one.
    package static func wrap(_ spans: [Span], width: Int) -> [StyledLine] {
        let width = max(2, width)
        return paragraphs(spans).flatMap { cells -> [StyledLine] in
            var lines: [StyledLine] = []
            var start = 0
            repeat {
                let end = lineEnd(cells, from: start, width: width)
                lines.append(line(cells[start..<end]))
                start = end
                while start < cells.count, cells[start].isSpace { start += 1 }
            } while start < cells.count
            return lines
        }
    }

    /// A command line, broken so that it can still be pasted into a shell: an option stays with its value, and a quoted
    /// word in one piece.
    package static func wrap(command: String, prompt: Span, style: TextStyle, width: Int) -> [StyledLine] {
        var lines: [[Span]] = [[prompt]]
        var used = DisplayWidth.of(prompt.text)
        for (index, piece) in pieces(of: command).enumerated() {
            let columns = DisplayWidth.of(piece)
            if index > 0, used + 1 + columns > width - 2 {
                lines[lines.count - 1].append(Span(" \\", style))
                lines.append([Span("    ")])
                used = 4
            } else if index > 0 {
                lines[lines.count - 1].append(Span(" ", style))
                used += 1
            }
            lines[lines.count - 1].append(Span(piece, style))
            used += columns
        }
        // A single piece may still be too long.
        return lines.flatMap { wrap($0, width: width) }
    }

    private static func pieces(of command: String) -> [String] {
        var pieces: [String] = []
        var isInsideQuotes = false
        var isAfterOption = false
        for word in command.split(separator: " ", omittingEmptySubsequences: false) {
            let joins = isInsideQuotes || (isAfterOption && !word.hasPrefix("-"))
            isAfterOption = !isInsideQuotes && word.hasPrefix("-")
            if joins { pieces[pieces.count - 1] += " " + word } else { pieces.append(String(word)) }
            if word.count(where: { $0 == "\"" || $0 == "'" }) % 2 == 1 { isInsideQuotes.toggle() }
        }
        return pieces
    }

    /// Cuts at the width alone and keeps every space: for code and drawings.
    package static func cut(_ text: String, width: Int, style: TextStyle = .plain) -> [StyledLine] {
        let width = max(2, width)
        return text.withoutControls.split(separator: "\n", omittingEmptySubsequences: false).flatMap { row in
            var lines: [StyledLine] = []
            var current = ""
            var used = 0
            for character in row {
                let columns = DisplayWidth.of(character)
                if used + columns > width {
                    lines.append(StyledLine(current, style))
                    (current, used) = ("", 0)
                }
                current.append(character)
                used += columns
            }
            return lines + [StyledLine(current, style)]
        }
    }

    /// What a program wrote: sentences wrap; rows of a drawing made for a wider window lose their end, which an ellipsis
    /// shows, because the rest of the picture would fall apart.
    package static func fit(output: String, width: Int) -> [StyledLine] {
        let width = max(2, width)
        return output.withoutControls.split(separator: "\n", omittingEmptySubsequences: false).flatMap { row in
            guard row.unicodeScalars.contains(where: { boxDrawing.contains($0.value) }), DisplayWidth.of(row) > width
            else { return wrap([Span(String(row))], width: width) }
            return [StyledLine(cut(String(row), width: width - 1)[0].text + "…")]
        }
    }

    /// Unicode's block of lines and corners.
    private static let boxDrawing: ClosedRange<UInt32> = 0x2500...0x257F

    /// Columns of the widest piece that has no place to break.
    package static func widestPiece(_ spans: [Span]) -> Int {
        var widest = 0
        for cells in paragraphs(spans) {
            var current = 0
            for index in cells.indices {
                if canBreak(cells, before: index) { current = 0 }
                if !cells[index].isSpace { current += cells[index].width }
                widest = max(widest, current)
            }
        }
        return widest
    }

    private struct Cell {
        var character: Character
        var width: Int
        var span: Span  // Its text is not looked at; style and link are.
        var isSpace: Bool { character == " " }
        /// Ideographs, kana, full-width forms: text that breaks anywhere.
        var isIdeographic: Bool { width == 2 }
        var isWordPart: Bool { character.isLetter || character.isNumber }
    }

    private static func paragraphs(_ spans: [Span]) -> [[Cell]] {
        var paragraphs: [[Cell]] = [[]]
        for span in spans {
            for character in span.text.withoutControls {
                if character == "\n" {
                    paragraphs.append([])
                } else {
                    let cell = Cell(character: character, width: DisplayWidth.of(character), span: span)
                    paragraphs[paragraphs.count - 1].append(cell)
                }
            }
        }
        return paragraphs
    }

    /// Where the line that begins at `start` ends: the last place to break that fits, else the last character that fits.
    private static func lineEnd(_ cells: [Cell], from start: Int, width: Int) -> Int {
        var used = 0
        var end = start
        var lastBreak: Int?
        while end < cells.count {
            if end > start, canBreak(cells, before: end) { lastBreak = end }
            // Spaces at the end of a line take no room.
            if !cells[end].isSpace, used + cells[end].width > width { return lastBreak ?? max(end, start + 1) }
            used += cells[end].width
            end += 1
        }
        return end
    }

    private static func line(_ cells: ArraySlice<Cell>) -> StyledLine {
        var spans: [Span] = []
        let end = cells.lastIndex { !$0.isSpace }.map { $0 + 1 } ?? cells.startIndex
        for cell in cells[cells.startIndex..<end] {
            if let last = spans.last, last.style == cell.span.style, last.link == cell.span.link {
                spans[spans.count - 1].text.append(cell.character)
            } else {
                spans.append(Span(String(cell.character), cell.span.style, link: cell.span.link))
            }
        }
        return StyledLine(spans)
    }

    private static func canBreak(_ cells: [Cell], before index: Int) -> Bool {
        guard index > 0, index < cells.count else { return false }
        let (left, right) = (cells[index - 1], cells[index])
        if right.isSpace { return false }
        if left.isSpace { return true }
        if neverFirst.contains(right.character) || neverLast.contains(left.character) { return false }
        if left.character == right.character, left.character == "—" || left.character == "…" { return false }
        if left.isIdeographic || right.isIdeographic { return true }
        let isInsideWord = index >= 2 && cells[index - 2].isWordPart && right.isWordPart
        return isInsideWord && left.character == "-"
    }

    /// Closing punctuation and signs that belong to what is before them (JIS X 4051, GB/T 15834).
    private static let neverFirst: Set<Character> = Set(
        "，。、；：？！）》」』】〕〉〗〙〛”’～·％‰℃々ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}%")
    /// Opening punctuation.
    private static let neverLast: Set<Character> = Set("（《「『【〔〈〖〘〚“‘([{￥＄")
}
