package import Messages

/// What a person may choose about a diagram.
package struct DiagramOptions: Hashable, Sendable {
    /// What the vertical axis means.
    package enum Order: String, CaseIterable, Hashable, Sendable {
        /// Real time; idle stretches are shortened and marked.
        case time
        /// One row an event.
        case events
    }

    package var language: Language
    package var order: Order
    /// The tallest page in points; taller figures are cut into several. `nil`: no limit but the format's own.
    package var pageHeight: Double?
    /// Columns of the terminal picture.
    package var columns: Int

    package init(language: Language, order: Order = .time, pageHeight: Double? = nil, columns: Int = 80) {
        self.language = language
        self.order = order
        self.pageHeight = pageHeight
        self.columns = columns
    }
}
