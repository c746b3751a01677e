import Messages

/// Lays Markdown out for a terminal.
package struct MarkdownRenderer: Sendable {
    /// Columns that no line exceeds; at least 2.
    package var width: Int
    /// Shows where a link leads after its text: for output that cannot be clicked.
    package var showsLinkTargets: Bool

    package init(width: Int, showsLinkTargets: Bool) {
        self.width = max(2, width)
        self.showsLinkTargets = showsLinkTargets
    }

    package func lines(of document: MarkdownDocument) -> [StyledLine] { lines(of: document.blocks, width: width) }

    package func lines(of blocks: [MarkdownBlock]) -> [StyledLine] { lines(of: blocks, width: width) }

    func lines(of blocks: [MarkdownBlock], width: Int, isTight: Bool = false) -> [StyledLine] {
        var result: [StyledLine] = []
        for block in blocks {
            let lines = lines(of: block.content, width: width)
            if lines.isEmpty { continue }
            if !result.isEmpty, !isTight { result.append(StyledLine()) }
            result += lines
        }
        return result
    }

    private func lines(of content: MarkdownBlock.Content, width: Int) -> [StyledLine] {
        switch content {
        case .heading(let level, let inlines): heading(level, inlines, width)
        case .paragraph(let inlines): LineWrapping.wrap(spans(of: inlines), width: width)
        case .code(_, let text): code(text, width)
        case .list(let start, let isTight, let items): list(start, isTight, items, width)
        case .quote(let blocks): indented(blocks, first: "│ ", others: "│ ", width: width)
        case .table(let alignments, let header, let rows):
            TableLayout(
                alignments: alignments, header: header.map { spans(of: $0, style: TextStyle(bold: true)) },
                rows: rows.map { $0.map { spans(of: $0) } }
            ).lines(width: width)
        case .rule: [StyledLine(String(repeating: "─", count: width), TextStyle(.quiet))]
        case .html(let text): html(text, width)
        }
    }

    private func heading(_ level: Int, _ inlines: [MarkdownInline], _ width: Int) -> [StyledLine] {
        let style = TextStyle(.heading, bold: true)
        var lines = LineWrapping.wrap(spans(of: inlines, style: style), width: width)
        if level <= 2 {
            let length = lines.map(\.width).max() ?? 0
            let rule = String(repeating: level == 1 ? "═" : "─", count: length)
            lines.append(StyledLine(rule, TextStyle(.heading)))
        }
        return lines
    }

    private func code(_ text: String, _ width: Int) -> [StyledLine] {
        let indent = width >= 20 ? "    " : ""
        let body = text.hasSuffix("\n") ? String(text.dropLast()) : text
        return LineWrapping.cut(body, width: width - indent.count, style: TextStyle(.code)).map {
            $0.spans.isEmpty ? $0 : $0.prefixed(by: Span(indent))
        }
    }

    private func list(_ start: Int?, _ isTight: Bool, _ items: [[MarkdownBlock]], _ width: Int) -> [StyledLine] {
        let markers = items.indices.map { index in start.map { "\($0 &+ index). " } ?? "• " }
        let indent = markers.map { $0.count }.max() ?? 0
        var result: [StyledLine] = []
        for (marker, item) in zip(markers, items) {
            if !result.isEmpty, !isTight { result.append(StyledLine()) }
            let first = String(repeating: " ", count: indent - marker.count) + marker
            result += indented(
                item, first: first, others: String(repeating: " ", count: indent), width: width, isTight: isTight)
        }
        return result
    }

    /// Blocks behind a marker; where too little room is left, behind nothing.
    private func indented(
        _ blocks: [MarkdownBlock], first: String, others: String, width: Int, isTight: Bool = false
    ) -> [StyledLine] {
        let room = width - first.count
        guard room >= 10 else { return lines(of: blocks, width: width, isTight: isTight) }
        var content = lines(of: blocks, width: room, isTight: isTight)
        if content.isEmpty { content = [StyledLine()] }
        return content.enumerated().map { index, line in
            let prefix = index == 0 ? first : others
            if line.spans.isEmpty { return StyledLine(prefix.trimmingSpacesAtEnd, TextStyle(.quiet)) }
            return line.prefixed(by: Span(prefix, TextStyle(.quiet)))
        }
    }

    /// Comments are for authors; other HTML is shown as it was written.
    private func html(_ text: String, _ width: Int) -> [StyledLine] {
        let isComment = text.hasPrefix("<!--") && text.trimmingSpacesAtEnd.hasSuffix("-->")
        return isComment ? [] : code(text, width)
    }
}

// Inlines.
extension MarkdownRenderer {
    /// The styled text of inlines. A line feed of the source between two ideographs joins them; elsewhere it is a space.
    package func spans(of inlines: [MarkdownInline], style: TextStyle = .plain) -> [Span] {
        var builder = SpanBuilder(showsLinkTargets: showsLinkTargets)
        builder.append(inlines, style: style, link: nil)
        return builder.spans
    }

    private struct SpanBuilder {
        var showsLinkTargets: Bool
        var spans: [Span] = []
        private var hasPendingBreak = false

        init(showsLinkTargets: Bool) { self.showsLinkTargets = showsLinkTargets }

        mutating func append(_ inlines: [MarkdownInline], style: TextStyle, link: String?) {
            for inline in inlines { append(inline, style: style, link: link) }
        }

        private mutating func append(_ inline: MarkdownInline, style: TextStyle, link: String?) {
            var style = style
            switch inline {
            case .text(let text): append(text, style, link)
            case .code(let text):
                style.role = .code
                append(text, style, link)
            case .emphasis(let inner):
                style.isItalic = true
                append(inner, style: style, link: link)
            case .strong(let inner):
                style.isBold = true
                append(inner, style: style, link: link)
            case .strikethrough(let inner):
                style.isStruck = true
                append(inner, style: style, link: link)
            case .link(let destination, let inner): append(link: destination, inner, style)
            case .softBreak: hasPendingBreak = true
            case .lineBreak: append("\n", style, link)
            case .html(let text):
                if text.hasPrefix("<!--") { return }
                append(text.hasPrefix("<br") ? "\n" : text, style, link)
            }
        }

        private mutating func append(link destination: String, _ inner: [MarkdownInline], _ style: TextStyle) {
            var linked = style
            linked.role = .link
            linked.isUnderlined = true
            let isRemote = destination.hasPrefix("https://") || destination.hasPrefix("http://")
            // An escape sequence may not end inside an address.
            let target = destination.withoutControls
            append(inner, style: linked, link: isRemote ? target : nil)
            if isRemote, showsLinkTargets, MarkdownInline.plainText(inner) != destination {
                append(" <\(target)>", style, nil)
            }
        }

        private mutating func append(_ text: String, _ style: TextStyle, _ link: String?) {
            guard let first = text.first else { return }
            if hasPendingBreak {
                hasPendingBreak = false
                if let last = spans.last?.text.last, !Self.joins(last, first) {
                    spans.append(Span(" ", style, link: link))
                }
            }
            spans.append(Span(text, style, link: link))
        }

        /// True between two characters of Chinese text, and beside full-width punctuation, which brings its own room.
        /// Quotes, dashes and ellipses belong to both scripts.
        private static func joins(_ left: Character, _ right: Character) -> Bool {
            let shared: Set<Character> = ["“", "”", "‘", "’", "—", "…"]
            let (leftIsWide, rightIsWide) = (DisplayWidth.of(left) == 2, DisplayWidth.of(right) == 2)
            if leftIsWide && left.isPunctuation || rightIsWide && right.isPunctuation { return true }
            return leftIsWide && (rightIsWide || shared.contains(right)) || rightIsWide && shared.contains(left)
        }
    }
}

extension String {
    var trimmingSpacesAtEnd: String {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...last])
    }
}
