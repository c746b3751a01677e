import Messages

/// How a piece of text looks, said by meaning; a `Theme` chooses the colours.
package struct TextStyle: Hashable, Sendable {
    /// What the text is, where that decides its colour.
    package enum Role: Hashable, CaseIterable, Sendable {
        case heading, code, link, quiet, good, bad, warning, accent
    }

    package var role: Role?
    package var isBold = false
    package var isItalic = false
    package var isUnderlined = false
    package var isStruck = false

    package init(_ role: Role? = nil, bold: Bool = false, italic: Bool = false) {
        self.role = role
        isBold = bold
        isItalic = italic
    }

    package static let plain = TextStyle()
}

/// A piece of text in one style.
package struct Span: Hashable, Sendable {
    package var text: String
    package var style: TextStyle
    /// Where a click leads.
    package var link: String?

    package init(_ text: String, _ style: TextStyle = .plain, link: String? = nil) {
        self.text = text
        self.style = style
        self.link = link
    }
}

/// One line of the screen, without its line feed.
package struct StyledLine: Hashable, Sendable {
    package var spans: [Span]

    package init(_ spans: [Span] = []) { self.spans = spans }
    package init(_ text: String, _ style: TextStyle = .plain) { spans = text.isEmpty ? [] : [Span(text, style)] }

    package var text: String { spans.map(\.text).joined() }
    /// Columns it takes.
    package var width: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The line with `prefix` before it; an empty prefix leaves it alone.
    package func prefixed(by prefix: Span) -> StyledLine {
        prefix.text.isEmpty ? self : StyledLine([prefix] + spans)
    }
}

extension String {
    /// Text that cannot move the cursor: tabs become spaces, other control characters but line feeds vanish.
    ///
    /// Output of students' programs and foreign files passes through this before it reaches a terminal.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" }) else {
            return self
        }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar == "\t" {
                result.append(contentsOf: "    ".unicodeScalars)
            } else if scalar == "\n" || scalar.properties.generalCategory != .control {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text followed by spaces up to `columns`; unchanged where it is wider.
    package func padded(to columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - DisplayWidth.of(self)))
    }
}
