extension Figure {
    /// The figure in Graphviz's language, every node pinned and every edge with its control points, for the engine
    /// `nop2`, which moves nothing.
    ///
    /// Complete in itself: text is aligned by Graphviz, which needs a font library that can measure it.
    package func dot() -> [UInt8] {
        var writer = DOTWriter(height: height, isForFinisher: false)
        writer.write(self)
        return writer.bytes
    }

    /// For a finisher of SVG, which does itself what Graphviz does slowly or not at all: text that begins or ends at an
    /// edge is pinned to that edge and says so with the classes `fromLeft` and `fromRight`; the tooltips come apart.
    package func dotForFinisher() -> (dot: [UInt8], tooltips: Tooltips) {
        var writer = DOTWriter(height: height, isForFinisher: true)
        writer.write(self)
        return (writer.bytes, writer.tooltips)
    }

    /// What is shown when a reader points at a part; empty text where nothing is.
    package struct Tooltips: Equatable, Sendable {
        /// In the order in which Graphviz creates the nodes; the first one is its `node1`.
        package var ofNodes: [String] = []
        /// Likewise, from `edge1` on.
        package var ofEdges: [String] = []

        package init(ofNodes: [String] = [], ofEdges: [String] = []) {
            self.ofNodes = ofNodes
            self.ofEdges = ofEdges
        }
    }
}

/// Writes DOT. Edges are drawn in the order of their tails and below all nodes; bands are `_background`, below both.
private struct DOTWriter {
    private(set) var bytes: [UInt8] = []
    private let height: Double
    private let isForFinisher: Bool
    private(set) var tooltips = Figure.Tooltips()
    private var nodes = 0

    init(height: Double, isForFinisher: Bool) {
        self.height = height
        self.isForFinisher = isForFinisher
    }

    /// Tails of edges, lowest layer first.
    private enum Layer: String, CaseIterable { case bars, lifelines, arrows, strokes }

    mutating func write(_ figure: Figure) {
        text("digraph \"zoolab\" {\n")
        text("graph [layout=nop2 notranslate=true outputorder=edgesfirst splines=true pad=0 margin=0 ")
        text("bgcolor=\"#ffffff\" fontname=\"\(FigureTheme.font)\" _background=\"")
        for band in figure.bands { write(band) }
        text("\"];\n")
        text("node [fixedsize=true margin=0 fontname=\"\(FigureTheme.font)\"];\n")
        text("edge [class=\"\" color=\"#000000\" penwidth=1 style=solid arrowhead=none arrowsize=1 tooltip=\"\"];\n")
        text("node [shape=point width=0 height=0 label=\"\" style=invis];\n")
        text("corner1 [pos=\"0,0\"];\ncorner2 [pos=\"")
        number(figure.width)
        text(",")
        number(figure.height)
        text("\"];\n")
        for layer in Layer.allCases { text("\(layer.rawValue) [pos=\"0,0\"];\n") }
        for _ in 0..<(2 + Layer.allCases.count) { tooltip("", in: \.ofNodes) }
        writeSegments(figure.segments)
        writeArrows(figure.arrows)
        writeStrokes(of: figure.glyphs)
        writeHalos(of: figure.labels)
        writeGlyphs(figure.glyphs)
        writeLabels(figure.labels)
        text("}\n")
    }

    // MARK: Pieces

    private mutating func text(_ string: String) { bytes.append(contentsOf: string.utf8) }

    /// At most two decimals, no exponent, no minus zero.
    private mutating func number(_ value: Double) {
        var hundredths = Int((value * 100).rounded())
        if hundredths < 0 {
            bytes.append(UInt8(ascii: "-"))
            hundredths = -hundredths
        }
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        digits(of: whole)
        guard rest > 0 else { return }
        text(rest < 10 ? ".0" : ".")
        digits(of: rest % 10 == 0 ? rest / 10 : rest)
    }

    /// Most of a long figure's DOT is numbers; this spares each a string of its own.
    private mutating func digits(of number: Int) {
        if number >= 10 { digits(of: number / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    private mutating func point(_ point: Point) {
        number(point.x)
        text(",")
        number(height - point.y)
    }

    /// Any text as DOT shows it literally: no escape sequence, entity or control character of its own takes effect.
    private mutating func quoted(_ string: String, lineEnd: String = "&#10;") {
        let source = Array(string.utf8)
        var index = 0
        while index < source.count {
            let byte = source[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): text("\\\"")
            case UInt8(ascii: "\\"): text("\\\\")
            case UInt8(ascii: "&"): text("&amp;")
            case UInt8(ascii: "\n"): text(lineEnd)
            case UInt8(ascii: "\t"): text(" ")
            case 0..<0x20: text(String(Unicode.Scalar(0x2400 + UInt32(byte))!))
            case 0x7F: text("\u{FFFD}")
            case 0xC2 where source[index] < 0xA0:
                index += 1
                text("\u{FFFD}")
            case 0xEF where source[index] == 0xBF && source[index + 1] >= 0xBE:
                index += 2
                text("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
    }

    /// Belongs into the attribute list of every edge and node, in the order of their creation.
    private mutating func tooltip(_ string: String, in list: WritableKeyPath<Figure.Tooltips, [String]>) {
        let shown = TooltipText.clipped(string)
        if isForFinisher {
            tooltips[keyPath: list].append(shown)
        } else if !shown.isEmpty {
            text(" tooltip=\"")
            quoted(shown)
            text("\"")
        }
    }

    // MARK: Bands

    /// One polygon in xdot's drawing language.
    private mutating func write(_ band: Figure.Band) {
        let look = FigureTheme.look(of: band.style)
        xdotText("S", look.dash)
        xdotText("c", look.line)
        xdotText("C", look.fill)
        text("P 4")
        for corner in [
            Point(band.box.left, band.box.top), Point(band.box.right, band.box.top),
            Point(band.box.right, band.box.bottom), Point(band.box.left, band.box.bottom),
        ] {
            text(" ")
            number(corner.x)
            text(" ")
            number(height - corner.y)
        }
        text(" ")
    }

    private mutating func xdotText(_ operation: String, _ value: String) {
        text("\(operation) \(value.utf8.count) -\(value) ")
    }

    // MARK: Edges

    /// What the edges that follow have in common.
    private mutating func edges(
        named name: String, _ look: FigureTheme.Line, head: String = "none", headSize: Double = 0.75
    ) {
        text("edge [class=\"\(name)\" color=\"\(look.color)\" penwidth=\(look.width) style=\(look.dash) ")
        text("arrowhead=\(head) arrowsize=\(headSize)];\n")
    }

    private mutating func writeSegments(_ segments: [Figure.Segment]) {
        for style in Figure.Segment.Style.allCases where segments.contains(where: { $0.style == style }) {
            edges(named: style.rawValue, FigureTheme.look(of: style))
            for segment in segments where segment.style == style {
                line(
                    layer: style == .writing || style == .operation ? .bars : .lifelines,
                    from: Point(segment.x, segment.top), to: Point(segment.x, segment.bottom),
                    tooltip: segment.tooltip)
            }
        }
    }

    private mutating func line(layer: Layer, from start: Point, to end: Point, tooltip: String) {
        text("\(layer.rawValue)->corner1 [pos=\"")
        curve(start, end)
        text("\"")
        self.tooltip(tooltip, in: \.ofEdges)
        text("];\n")
    }

    /// A straight line as one cubic curve.
    private mutating func curve(_ start: Point, _ end: Point) {
        point(start)
        for part in [1.0 / 3, 2.0 / 3, 1] {
            text(" ")
            point(Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part))
        }
    }

    private mutating func writeArrows(_ arrows: [Figure.Arrow]) {
        for style in Figure.Arrow.Style.allCases {
            for head in Figure.Arrow.Head.allCases {
                let group = arrows.filter { $0.style == style && $0.head == head }
                guard !group.isEmpty else { continue }
                let shape = FigureTheme.shape(of: head)
                edges(named: style.rawValue, FigureTheme.look(of: style), head: shape.name, headSize: shape.scale)
                for arrow in group { write(arrow, headLength: shape.length) }
            }
        }
    }

    private mutating func write(_ arrow: Figure.Arrow, headLength: Double) {
        text("arrows->corner1 [pos=\"")
        if headLength > 0 {
            text("e,")
            point(arrow.end)
            text(" ")
        }
        let (width, fall) = (arrow.end.x - arrow.start.x, arrow.end.y - arrow.start.y)
        if let loop = arrow.loop {
            for place in [
                arrow.start, Point(arrow.start.x + loop, arrow.start.y), Point(arrow.start.x + loop, arrow.end.y),
            ] {
                point(place)
                text(" ")
            }
            point(Point(arrow.end.x + headLength, arrow.end.y))
        } else {
            let part = max(0, 1 - headLength / max((width * width + fall * fall).squareRoot(), 0.01))
            curve(arrow.start, Point(arrow.start.x + width * part, arrow.start.y + fall * part))
        }
        text("\"")
        tooltip(arrow.tooltip, in: \.ofEdges)
        text("];\n")
    }

    /// Signs made of strokes: the cross of a lost message, the break of a lost connection.
    private mutating func writeStrokes(of glyphs: [Figure.Glyph]) {
        for kind in [Figure.Glyph.Kind.lost, .connectionLoss] where glyphs.contains(where: { $0.kind == kind }) {
            edges(named: kind.rawValue, FigureTheme.stroke)
            for glyph in glyphs where glyph.kind == kind {
                for (start, end) in strokes(of: glyph) {
                    line(layer: .strokes, from: start, to: end, tooltip: glyph.tooltip)
                }
            }
        }
    }

    private func strokes(of glyph: Figure.Glyph) -> [(Point, Point)] {
        let half = glyph.kind.size / 2 * 0.8
        let (x, y) = (glyph.center.x, glyph.center.y)
        if glyph.kind == .lost {
            return [
                (Point(x - half, y - half), Point(x + half, y + half)),
                (Point(x - half, y + half), Point(x + half, y - half)),
            ]
        }
        return [-3.0, 3].map { (Point(x - half, y + half * 0.5 + $0), Point(x + half, y - half * 0.5 + $0)) }
    }

    // MARK: Nodes

    private mutating func writeGlyphs(_ glyphs: [Figure.Glyph]) {
        for kind in Figure.Glyph.Kind.allCases {
            let shapes = FigureTheme.shapes(of: kind)
            for shape in shapes where glyphs.contains(where: { $0.kind == kind }) {
                text(
                    "node [label=\"\(shape.text)\" style=filled penwidth=\(shape.lineWidth) class=\"\(kind.rawValue)\" "
                )
                text(
                    "shape=\(shape.name) orientation=\(shape.turn) color=\"\(shape.line)\" fillcolor=\"\(shape.fill)\" "
                )
                text(
                    "fontname=\"\(FigureTheme.boldFont)\" fontcolor=\"\(shape.line == shape.fill ? "#ffffff" : shape.line)\" fontsize=\(shape.fontSize) width="
                )
                number(shape.width / 72)
                text(" height=")
                number(shape.height / 72)
                text("];\n")
                for glyph in glyphs where glyph.kind == kind {
                    node(at: Point(glyph.center.x + shape.x, glyph.center.y + shape.y), tooltip: glyph.tooltip)
                    text("];\n")
                }
            }
        }
    }

    /// Opens a node's attribute list.
    private mutating func node(at center: Point, tooltip: String) {
        nodes += 1
        text("n")
        digits(of: nodes)
        text(" [pos=\"")
        point(center)
        text("\"")
        self.tooltip(tooltip, in: \.ofNodes)
    }

    private mutating func writeLabels(_ labels: [Figure.Label]) {
        let groups = Dictionary(grouping: labels.indices) { labels[$0].style }
        for style in Figure.Label.Style.allCases {
            guard let group = groups[style] else { continue }
            let look = FigureTheme.look(of: style)
            text("node [shape=\(look.shape) orientation=0 style=\"\(look.nodeStyle)\" class=\"\(style.rawValue)\" ")
            text(
                "color=\"\(look.line)\" fillcolor=\"\(look.fill)\" fontcolor=\"\(look.text)\" penwidth=\(look.lineWidth) "
            )
            text(
                "fontsize=\(style.fontSize) fontname=\"\(style.isBold ? FigureTheme.boldFont : FigureTheme.font)\"];\n")
            for index in group { write(labels[index]) }
        }
    }

    /// Paper behind words beside the lanes, so that no arrow runs through them.
    private mutating func writeHalos(of labels: [Figure.Label]) {
        let sides = labels.filter { $0.style == .side }
        guard !sides.isEmpty else { return }
        text("node [shape=plaintext style=filled class=\"halo\" fillcolor=\"\(FigureTheme.Ink.paper)c0\"];\n")
        for label in sides {
            // Most faces are narrower than our widths; paper beyond the words would show on a tint.
            let width = label.box.width * 0.88
            let left = label.alignment == .right ? label.box.right - width : label.box.left
            let box = Box(left: left, top: label.box.top, right: left + width, bottom: label.box.bottom)
            node(at: box.center, tooltip: "")
            size(of: box)
            text("];\n")
        }
    }

    private mutating func size(of box: Box) {
        text(" width=")
        inches(box.width)
        text(" height=")
        inches(box.height)
    }

    private mutating func write(_ label: Figure.Label) {
        let isAnchored = isForFinisher && label.alignment != .center
        if isAnchored {
            let isLeft = label.alignment == .left
            let inset = label.style.padding.x
            let edge = isLeft ? label.box.left + inset : label.box.right - inset
            node(at: Point(edge, label.box.center.y), tooltip: label.tooltip)
            text(" class=\"\(label.style.rawValue) \(isLeft ? "fromLeft" : "fromRight")\"")
        } else {
            node(at: label.box.center, tooltip: label.tooltip)
        }
        size(of: isAnchored ? Box(center: label.box.center, width: 0.72, height: label.box.height) : label.box)
        text(" label=\"")
        let end =
            switch label.alignment {
            case .left where !isForFinisher: "\\l"
            case .right where !isForFinisher: "\\r"
            case .left, .center, .right: "\\n"
            }
        for (index, line) in label.lines.enumerated() {
            quoted(line, lineEnd: " ")
            if end != "\\n" || index < label.lines.count - 1 { text(end) }
        }
        text("\"];\n")
    }

    /// Four decimals, so that boxes keep their place to a hundredth of a point.
    private mutating func inches(_ points: Double) {
        let parts = Int((points / 72 * 10_000).rounded())
        let digits = String(parts % 10_000)
        text("\(parts / 10_000).\(String(repeating: "0", count: 4 - digits.count))\(digits)")
    }
}

/// What is shown when a reader points at something.
enum TooltipText {
    /// Longer content is cut, and says so.
    static let mostCharacters = 1_000

    static func clipped(_ text: String) -> String {
        guard text.utf8.count > mostCharacters else { return text }
        let rest = text.count - mostCharacters
        return rest > 0 ? text.prefix(mostCharacters) + "… (+\(rest))" : text
    }
}
