/// A table whose cells are things: holes with pigeons, copies new and old, horses in their lanes.
///
/// What a cell's colour says, its text says too.
package struct Board: Hashable, Sendable {
    package enum Style: String, CaseIterable, Hashable, Sendable {
        case plain
        /// Nothing there.
        case empty
        /// In the first of two sets, or chosen.
        case first
        /// In the second of two sets.
        case second
        /// In both sets, or what was looked for.
        case both
        /// Chosen, and of the kind that was hoped for.
        case strong
        /// What must not be.
        case wrong
        /// Out of the game.
        case out
    }

    package struct Cell: Hashable, Sendable {
        /// Short; empty for a place without a thing.
        package var text: String
        package var style: Style

        package init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    package struct Row: Hashable, Sendable {
        package var name: String
        package var cells: [Cell]
        /// To the right of the cells.
        package var remark: String
        /// Shown in red: it contradicts what is claimed.
        package var isCounterexample: Bool

        package init(_ name: String, _ cells: [Cell], remark: String = "", isCounterexample: Bool = false) {
            self.name = name
            self.cells = cells
            self.remark = remark
            self.isCounterexample = isCounterexample
        }
    }

    package var title: String
    package var caption: [String]
    /// One for each column, or none at all.
    package var headings: [String]
    package var rows: [Row]
    /// Below the rows: what the cells mean, and how many rows are not shown.
    package var notes: [String]

    package init(title: String, caption: [String] = [], headings: [String] = [], rows: [Row], notes: [String] = []) {
        self.title = title
        self.caption = caption
        self.headings = headings
        self.rows = rows
        self.notes = notes
    }
}
