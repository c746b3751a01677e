/// Horizontal bars: sections one below the other, in each of them groups that have a scale of their own.
package struct BarChart: Hashable, Sendable {
    package var title: String
    /// Below the title.
    package var caption: String
    package var sections: [Section]
    /// What red and dashed mean.
    package var legend: String

    package struct Section: Hashable, Sendable {
        package var title: String
        package var groups: [Group]
        package init(title: String, groups: [Group]) {
            self.title = title
            self.groups = groups
        }
    }

    package struct Group: Hashable, Sendable {
        package var title: String
        package var bars: [Bar]
        package init(title: String, bars: [Bar]) {
            self.title = title
            self.bars = bars
        }
    }

    package struct Bar: Hashable, Sendable {
        package var name: String
        /// Not negative; `nil` where it is not known.
        package var value: Double?
        /// Something was wrong.
        package var isBad: Bool
        /// It is not the whole value.
        package var isOpen: Bool
        package init(name: String, value: Double?, isBad: Bool = false, isOpen: Bool = false) {
            self.name = name
            self.value = value
            self.isBad = isBad
            self.isOpen = isOpen
        }
    }

    package init(title: String, caption: String, sections: [Section], legend: String) {
        self.title = title
        self.caption = caption
        self.sections = sections
        self.legend = legend
    }

    /// Whole numbers as they are, small others with one digit.
    package static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        if tenths % 10 == 0 || tenths >= 1_000 { return "\((tenths + 5) / 10)" }
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension Figure {
    /// Sizes in points.
    private enum Metric {
        static let margin = 18.0
        static let longest = 420.0
        static let bar = 22.0
        static let gap = 4.0
    }

    /// Lays a chart out; the longest bar of each group has the same length.
    package init(of chart: BarChart) {
        self.init(
            width: 0, height: 0, title: chart.title, story: "", lanes: [], bands: [], segments: [], arrows: [],
            glyphs: [], labels: [], cuts: [])
        let names = chart.sections.flatMap { $0.groups.flatMap { $0.bars.map(\.name) } }
        let nameWidth = names.map { Label.Style.side.size(of: [$0]).width }.max() ?? 0
        let left = Metric.margin + nameWidth + 10
        // Beside the longest bar there is room for its number.
        width = left + Metric.longest + 80 + Metric.margin
        var top = place(.title, chart.title, top: Metric.margin) + 2
        top = place(.legend, chart.caption, top: top)
        for section in chart.sections {
            top = place(.subtitle, section.title, top: top + 10) + 2
            for group in section.groups { top = place(group, left: left, top: top + 4) }
        }
        top = place(.legend, chart.legend, top: top + 10)
        height = top + Metric.margin
        story = chart.sections.flatMap(\.groups).map { group in
            group.title + ": " + group.bars.map { "\($0.name) \(Self.text($0))" }.joined(separator: ", ") + "."
        }.joined(separator: " ")
    }

    /// The number; what colour says, a sign says too.
    private static func text(_ bar: BarChart.Bar) -> String {
        (bar.value.map(BarChart.text) ?? "–") + (bar.isOpen ? " …" : "") + (bar.isBad ? " ✗" : "")
    }

    /// - Returns: where it ends.
    private mutating func place(_ style: Label.Style, _ text: String, top: Double) -> Double {
        let lines = TextMetrics.wrapped(
            text, to: width - 2 * Metric.margin, size: style.fontSize, limit: 4, isBold: style.isBold)
        let size = style.size(of: lines)
        let box = Box(left: Metric.margin, top: top, right: Metric.margin + size.width, bottom: top + size.height)
        let alignment: Label.Alignment = style == .phase ? .center : .left
        labels.append(Label(style: style, lines: lines, box: box, alignment: alignment, tooltip: text, events: []))
        return box.bottom
    }

    private mutating func place(_ group: BarChart.Group, left: Double, top: Double) -> Double {
        var top = place(.phase, group.title, top: top) + Metric.gap
        let largest = max(group.bars.compactMap(\.value).max() ?? 0, .leastNonzeroMagnitude)
        for bar in group.bars {
            let length = max(2, (bar.value ?? 0) / largest * Metric.longest)
            add(.side, [bar.name], from: Metric.margin, to: left - 10, top: top, .right)
            let style: Label.Style =
                bar.isBad ? .impossibleInterval : bar.isOpen ? .openInterval : .interval
            add(style, [], from: left, to: left + length, top: top, .center)
            add(.side, [Self.text(bar)], from: left + length + 6, to: left + length + 80, top: top, .left)
            top += Metric.bar + Metric.gap
        }
        return top
    }

    private mutating func add(
        _ style: Label.Style, _ lines: [String], from left: Double, to right: Double, top: Double,
        _ alignment: Label.Alignment
    ) {
        labels.append(
            Label(
                style: style, lines: lines,
                box: Box(left: left, top: top, right: right, bottom: top + Metric.bar), alignment: alignment,
                tooltip: lines.first ?? "", events: []))
    }
}
