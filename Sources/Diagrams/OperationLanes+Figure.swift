package import Messages

extension Figure {
    /// Lays operations out: the impossible one in red, a tick with a number where each of the others takes effect.
    package init(of lanes: OperationLanes, language: Language) {
        self.init(
            width: 0, height: 0, title: lanes.title, story: "", lanes: [], bands: [], segments: [], arrows: [],
            glyphs: [],
            labels: [], cuts: [])
        let names = lanes.clients.map {
            TextMetrics.clipped($0, to: 150, size: Label.Style.lane.fontSize, isBold: true)
        }
        let nameWidth = names.map { Label.Style.lane.size(of: [$0]).width }.max() ?? 0
        let layout = LaneLayout(lanes, gap: 16, moment: 16) { bar in
            Label.Style(bar).size(of: [Self.shown(bar)]).width + 8
        }
        let left = Metric.margin + nameWidth + 18
        width = max(left + layout.right + Metric.margin, 320)
        var top = placeHeading(lanes)
        for (index, row) in layout.rows.enumerated() {
            let isFirst = index == 0 || layout.rows[index - 1].client != row.client
            if isFirst { top += 6 }
            placeRow(row, of: lanes, layout, left: left, top: top, name: isFirst ? names[row.client] : nil)
            top += Metric.row
        }
        if lanes.hasMoments, lanes.bars.contains(where: { $0.rank != nil }) {
            top = placeText(.legend, HistoryMessages.legendMoments.text(in: language), top: top + 8)
        }
        height = top + Metric.margin
        story = (lanes.caption + lanes.bars.map { "\(lanes.clients[$0.client]): \(Self.shown($0));" })
            .joined(separator: " ")
    }

    /// Sizes in points.
    private enum Metric {
        static let margin = 18.0
        static let bar = 25.0
        /// Bar, tick and number.
        static let row = 48.0
        static let tick = 7.0
    }

    /// The text of a bar; what colour says, a sign says too.
    private static func shown(_ bar: OperationLanes.Bar) -> String {
        TextMetrics.clipped(bar.text, to: 240, size: Label.Style.interval.fontSize)
            + (bar.style == .impossible ? " ✗" : "")
    }

    private mutating func placeHeading(_ lanes: OperationLanes) -> Double {
        let longest = lanes.caption.map { Label.Style.subtitle.size(of: [$0]).width }.max() ?? 0
        width = max(width, min(longest + 2 * Metric.margin, 760))
        var top = placeText(.title, lanes.title, top: Metric.margin) + 2
        for line in lanes.caption { top = placeText(.subtitle, line, top: top) }
        return top + 6
    }

    private mutating func placeText(_ style: Label.Style, _ text: String, top: Double) -> Double {
        let room = width - 2 * Metric.margin
        let lines = TextMetrics.wrapped(text, to: room, size: style.fontSize, limit: 4, isBold: style.isBold)
        return add(style, lines, left: Metric.margin, top: top, alignment: .left, tooltip: text).bottom
    }

    @discardableResult
    private mutating func add(
        _ style: Label.Style, _ lines: [String], left: Double, top: Double, alignment: Label.Alignment, tooltip: String
    ) -> Box {
        let size = style.size(of: lines)
        let box = Box(left: left, top: top, right: left + size.width, bottom: top + size.height)
        labels.append(
            Label(style: style, lines: lines, box: box, alignment: alignment, tooltip: tooltip, events: []))
        return box
    }

    private mutating func placeRow(
        _ row: LaneLayout.Row, of lanes: OperationLanes, _ layout: LaneLayout, left: Double, top: Double, name: String?
    ) {
        bands.append(
            Band(
                style: .phase,
                box: Box(left: left - 8, top: top - 4, right: left + layout.right + 8, bottom: top + Metric.row - 4),
                events: []))
        if let name {
            add(
                .lane, [name], left: Metric.margin, top: top - 2, alignment: .center, tooltip: lanes.clients[row.client]
            )
        }
        for index in row.bars {
            let (bar, span) = (lanes.bars[index], layout.spans[index])
            labels.append(
                Label(
                    style: Label.Style(bar), lines: [Self.shown(bar)],
                    box: Box(left: left + span.left, top: top, right: left + span.right, bottom: top + Metric.bar),
                    alignment: .center, tooltip: bar.tooltip.isEmpty ? bar.text : bar.tooltip, events: [bar.begin]))
            guard let moment = layout.moments[index], let rank = bar.rank else { continue }
            let (x, y) = (left + moment, top + Metric.bar)
            segments.append(
                Segment(style: .moment, x: x, top: y, bottom: y + Metric.tick, tooltip: bar.text, events: []))
            let size = Label.Style.time.size(of: ["\(rank + 1)"])
            labels.append(
                Label(
                    style: .time, lines: ["\(rank + 1)"],
                    box: Box(
                        center: Point(x, y + Metric.tick + size.height / 2), width: size.width, height: size.height),
                    alignment: .center, tooltip: bar.text, events: []))
        }
    }
}

extension Figure.Label.Style {
    fileprivate init(_ bar: OperationLanes.Bar) {
        self =
            switch bar.style {
            case .interval: bar.end == nil ? .openInterval : .interval
            case .reason: .reasonInterval
            case .impossible: .impossibleInterval
            }
    }
}
