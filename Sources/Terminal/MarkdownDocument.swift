import CCommonMark
import Synchronization

/// A piece of Markdown (GitHub's dialect with tables and strikethrough), parsed.
package struct MarkdownDocument: Hashable, Sendable {
    package var blocks: [MarkdownBlock]

    package init(blocks: [MarkdownBlock]) { self.blocks = blocks }

    /// Parses any text: Markdown has no errors, and invalid UTF-8 cannot be in a `String`.
    package init(parsing text: String) {
        blocks = Self.cmark.withLock { _ in Self.parse(text) }
    }

    /// cmark keeps the special characters of attached extensions in global tables, so one parser runs at a time.
    private static let cmark = Mutex<Void>(())

    private static func parse(_ text: String) -> [MarkdownBlock] {
        cmark_gfm_core_extensions_ensure_registered()
        guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else {
            preconditionFailure("cmark allocates or ends the process itself")
        }
        defer { cmark_parser_free(parser) }
        for name in ["table", "strikethrough"] {
            cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(name))
        }
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let root = cmark_parser_finish(parser) else { preconditionFailure("a parser always finishes") }
        defer { cmark_node_free(root) }
        return MarkdownReader().blocks(of: root, depth: 0)
    }
}

/// A paragraph, heading, list…
package struct MarkdownBlock: Hashable, Sendable {
    package enum Alignment: Hashable, Sendable { case left, center, right }

    package indirect enum Content: Hashable, Sendable {
        case heading(level: Int, [MarkdownInline])
        case paragraph([MarkdownInline])
        /// `info` is what follows the opening fence; empty for indented code.
        case code(info: String, text: String)
        /// `start` is nil for bullets.
        case list(start: Int?, isTight: Bool, items: [[MarkdownBlock]])
        case quote([MarkdownBlock])
        case table(alignments: [Alignment], header: [[MarkdownInline]], rows: [[[MarkdownInline]]])
        case rule
        case html(String)
    }

    package var content: Content
    /// Where it begins in the source, from 1.
    package var line: Int

    package init(_ content: Content, line: Int) {
        self.content = content
        self.line = line
    }
}

/// Text inside a block.
package indirect enum MarkdownInline: Hashable, Sendable {
    case text(String)
    case code(String)
    case emphasis([MarkdownInline])
    case strong([MarkdownInline])
    case strikethrough([MarkdownInline])
    /// A link, or an image shown as a link with its description.
    case link(destination: String, [MarkdownInline])
    case softBreak
    case lineBreak
    case html(String)

    package static func plainText(_ inlines: [MarkdownInline]) -> String {
        inlines.map { inline in
            switch inline {
            case .text(let text), .code(let text), .html(let text): text
            case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, let inner):
                plainText(inner)
            case .softBreak, .lineBreak: " "
            }
        }.joined()
    }
}

/// Copies cmark's tree into values.
private struct MarkdownReader {
    /// Containers nested deeper than this are shown as the bare text inside them, so that recursion stays shallow.
    private let deepest = 40

    func blocks(of parent: OpaquePointer, depth: Int) -> [MarkdownBlock] {
        children(of: parent).map { node in
            MarkdownBlock(content(of: node, depth: depth + 1), line: Int(cmark_node_get_start_line(node)))
        }
    }

    private func content(of node: OpaquePointer, depth: Int) -> MarkdownBlock.Content {
        guard depth < deepest else { return .paragraph([.text(bareText(of: node))]) }
        switch kind(node) {
        case "heading":
            return .heading(level: Int(cmark_node_get_heading_level(node)), inlines(of: node, depth: depth))
        case "code_block":
            return .code(info: string(cmark_node_get_fence_info(node)), text: string(cmark_node_get_literal(node)))
        case "list":
            let isOrdered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
            return .list(
                start: isOrdered ? Int(cmark_node_get_list_start(node)) : nil,
                isTight: cmark_node_get_list_tight(node) != 0,
                items: children(of: node).map { blocks(of: $0, depth: depth + 1) })
        case "block_quote": return .quote(blocks(of: node, depth: depth))
        case "table": return table(node, depth: depth)
        case "thematic_break": return .rule
        case "html_block": return .html(string(cmark_node_get_literal(node)))
        default: return .paragraph(inlines(of: node, depth: depth))
        }
    }

    private func table(_ node: OpaquePointer, depth: Int) -> MarkdownBlock.Content {
        let count = Int(cmark_gfm_extensions_get_table_columns(node))
        var alignments = [MarkdownBlock.Alignment](repeating: .left, count: count)
        if let letters = cmark_gfm_extensions_get_table_alignments(node) {
            for column in 0..<count {
                switch UnicodeScalar(letters[column]) {
                case "c": alignments[column] = .center
                case "r": alignments[column] = .right
                default: break
                }
            }
        }
        let rows = children(of: node).map { row in
            let cells = children(of: row).prefix(count).map { inlines(of: $0, depth: depth) }
            return cells + Array(repeating: [], count: count - cells.count)
        }
        return .table(alignments: alignments, header: rows.first ?? [], rows: Array(rows.dropFirst()))
    }

    private func inlines(of parent: OpaquePointer, depth: Int) -> [MarkdownInline] {
        children(of: parent).map { node in
            guard depth < deepest else { return .text(bareText(of: node)) }
            switch kind(node) {
            case "code": return .code(string(cmark_node_get_literal(node)))
            case "emph": return .emphasis(inlines(of: node, depth: depth + 1))
            case "strong": return .strong(inlines(of: node, depth: depth + 1))
            case "strikethrough": return .strikethrough(inlines(of: node, depth: depth + 1))
            case "link", "image":
                return .link(destination: string(cmark_node_get_url(node)), inlines(of: node, depth: depth + 1))
            case "softbreak": return .softBreak
            case "linebreak": return .lineBreak
            case "html_inline": return .html(string(cmark_node_get_literal(node)))
            default: return .text(string(cmark_node_get_literal(node)))
            }
        }
    }

    /// All literal text below a node, without recursion.
    private func bareText(of root: OpaquePointer) -> String {
        guard let iterator = cmark_iter_new(root) else { return "" }
        defer { cmark_iter_free(iterator) }
        var text = ""
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return text }
            guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) else { continue }
            text += string(cmark_node_get_literal(node))
        }
    }

    private func children(of parent: OpaquePointer) -> [OpaquePointer] {
        var nodes: [OpaquePointer] = []
        var next = cmark_node_first_child(parent)
        while let node = next {
            nodes.append(node)
            next = cmark_node_next(node)
        }
        return nodes
    }

    private func kind(_ node: OpaquePointer) -> String { string(cmark_node_get_type_string(node)) }

    private func string(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
