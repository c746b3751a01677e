/// A bar of fixed width: ████░░░░.
package enum ProgressBar {
    /// - Parameters:
    ///   - done: how much of `total`; clamped to it.
    ///   - width: columns of the bar.
    package static func line(done: Int, total: Int, width: Int) -> StyledLine {
        let share = total > 0 ? Double(min(max(0, done), total)) / Double(total) : 0
        // A bar is full only when all is done, and empty only when nothing is.
        var filled = Int((share * Double(width)).rounded())
        if share < 1 { filled = min(filled, width - 1) }
        if share > 0 { filled = max(filled, 1) }
        return StyledLine([
            Span(String(repeating: "█", count: max(0, filled)), TextStyle(.good)),
            Span(String(repeating: "░", count: max(0, width - max(0, filled))), TextStyle(.quiet)),
        ])
    }
}
