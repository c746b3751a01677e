import Messages

extension Board {
    /// The table in characters, a line a row, without its title and caption; `nil` where it is wider than that many
    /// columns.
    package func text(columns: Int) -> String? {
        let count = rows.map(\.cells.count).max() ?? 0
        let names = rows.map { DisplayWidth.of($0.name) }.max() ?? 0
        let widths = (0..<count).map { column in
            let texts = rows.compactMap { column < $0.cells.count ? $0.cells[column].text : nil }
            return max(1, (texts + headings.dropFirst(column).prefix(1)).map { DisplayWidth.of($0) }.max() ?? 0)
        }
        var lines: [String] = []
        func padded(_ text: String, to width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
        }
        func line(_ name: String, _ cells: [String], _ remark: String) -> String {
            var line = names == 0 ? "" : padded(name, to: names) + "  "
            line += zip(cells, widths).map { padded($0, to: $1) }.joined(separator: "  ")
            let short = widths.dropFirst(cells.count).reduce(0) { $0 + $1 + 2 }
            line += remark.isEmpty ? "" : String(repeating: " ", count: short + 3) + remark
            while line.last == " " { line.removeLast() }
            return line
        }
        if !headings.isEmpty { lines.append(line("", headings, "")) }
        for row in rows {
            let cells = row.cells.map { $0.text.isEmpty ? "·" : $0.text }
            lines.append(line(row.name, cells, row.isCounterexample ? "✗ \(row.remark)" : row.remark))
        }
        guard lines.allSatisfy({ DisplayWidth.of($0) <= columns }) else { return nil }
        return (lines + notes).joined(separator: "\n") + "\n"
    }
}
