import Messages

extension OperationLanes {
    /// The picture in characters, a line a row; `nil` where it is wider than that many columns.
    package func text(columns: Int) -> String? {
        let nameWidth = clients.map { DisplayWidth.of($0) }.max() ?? 0
        let layout = LaneLayout(self, gap: 2, moment: 0) { Double(DisplayWidth.of(Self.shown($0)) + 1) }
        guard nameWidth + 3 + Int(layout.right) <= columns else { return nil }
        var lines = ""
        for (index, row) in layout.rows.enumerated() {
            let isFirst = index == 0 || layout.rows[index - 1].client != row.client
            let name = isFirst ? clients[row.client] : ""
            var line = name + String(repeating: " ", count: nameWidth - DisplayWidth.of(name) + 2)
            var column = 0
            for bar in row.bars {
                let (left, right) = (Int(layout.spans[bar].left), Int(layout.spans[bar].right))
                let shown = Self.shown(bars[bar])
                let rest = right - left - 1 - DisplayWidth.of(shown)
                let isOpen = bars[bar].end == nil
                line += String(repeating: " ", count: left - column) + "├" + shown
                line += String(repeating: isOpen ? "┄" : "─", count: rest) + (isOpen ? "┄" : "┤")
                column = right + 1
            }
            lines += line + "\n"
        }
        return lines
    }

    private static func shown(_ bar: Bar) -> String { bar.text + (bar.style == .impossible ? " ✗" : "") }
}
