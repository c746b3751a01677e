import Messages
import Traces

extension FigureLayout {
    /// Tints behind everything: partitions lowest, then phases, then violations.
    mutating func placeBands() {
        for partition in reading.partitions { placeBands(of: partition) }
        for phase in reading.phases {
            let events = [phase.begin] + (phase.end.map { [$0] } ?? [])
            let bottom = phase.end.map { heightOfEvent[$0] } ?? floor - 2
            let inset = 4 * Double(phase.depth)
            var box = Box(
                left: frameLeft + inset, top: heightOfEvent[phase.begin], right: frameRight - inset, bottom: bottom)
            if !phase.isAlone {
                (box.left, box.right) = edges(of: phase.lane...phase.lane)
                box = Box(left: box.left + 5, top: box.top, right: box.right - 5, bottom: box.bottom)
            }
            figure.bands.append(.init(style: .phase, box: box, events: events.map(order)))
        }
        for label in figure.labels where label.style == .violation {
            figure.bands.append(
                .init(
                    style: .violation,
                    box: Box(
                        left: frameLeft, top: label.box.top - 8, right: frameRight, bottom: label.box.bottom + 8),
                    events: label.events))
        }
    }

    private mutating func placeBands(of partition: RunReading.Partition) {
        let top = heightOfEvent[partition.begin]
        let bottom = partition.end.map { heightOfEvent[$0] } ?? floor
        let events = ([partition.begin] + (partition.end.map { [$0] } ?? [])).map(order)
        let everything = (group: 0, lanes: 0...(figure.lanes.count - 1))
        let runs = partition.groups.isEmpty ? [everything] : runs(of: partition)
        for run in runs {
            let (left, right) = edges(of: run.lanes)
            figure.bands.append(
                .init(
                    style: .partition(group: run.group), box: Box(left: left, top: top, right: right, bottom: bottom),
                    events: events))
        }
    }

    /// Half-way to the neighbours, or the edge of the frame.
    private func edges(of lanes: ClosedRange<Int>) -> (Double, Double) {
        let (first, last) = (lanes.lowerBound, lanes.upperBound)
        let left = first == 0 ? frameLeft : (figure.lanes[first - 1].x + figure.lanes[first].x) / 2
        let right = last == gaps.count ? frameRight : (figure.lanes[last].x + figure.lanes[last + 1].x) / 2
        return (left, right)
    }

    // MARK: Legend

    /// Explains the signs this figure uses, and no others.
    mutating func placeLegend() {
        let lowest = max(figure.labels.map(\.box.bottom).max() ?? 0, figure.glyphs.map(\.box.bottom).max() ?? 0)
        var row = LegendRow(left: Metric.margin, right: frameRight, top: max(floor + 16, lowest + 6))
        if !reading.lanes.isEmpty {
            for (style, text) in arrowLegend where figure.arrows.contains(where: { $0.style == style }) {
                placeSample(of: style, say(text), &row)
            }
            for (style, text) in segmentLegend where figure.segments.contains(where: { $0.style == style }) {
                let start = row.begin(item: 16 + width(of: say(text)))
                figure.segments.append(
                    .init(
                        style: style, x: start.x + 5, top: start.y - 7, bottom: start.y + 7, tooltip: "", events: []))
                legendText(say(text), at: Point(start.x + 14, start.y))
            }
            for (kind, text) in glyphLegend where figure.glyphs.contains(where: { $0.kind == kind }) {
                let start = row.begin(item: 22 + width(of: say(text)))
                figure.glyphs.append(
                    .init(kind: kind, center: Point(start.x + 8, start.y), tooltip: "", events: []))
                legendText(say(text), at: Point(start.x + 19, start.y))
            }
        }
        var bottom = row.bottom
        bottom = placeCrowded(from: bottom)
        if unlabelled > 0 {
            let text = say(DiagramMessages.unlabelled(unlabelled))
            let lines = TextMetrics.wrapped(
                text, to: frameRight - Metric.margin, size: Figure.Label.Style.legend.fontSize, limit: 3)
            bottom =
                add(
                    .legend, lines,
                    at: Point(
                        Metric.margin, bottom + 4 + Figure.Label.Style.legend.size(of: lines).height / 2), anchor: .left
                ).bottom
        }
        figure.height = bottom + Metric.margin
    }

    private var arrowLegend: [(Figure.Arrow.Style, LocalizedText)] {
        [
            (
                .delivered,
                options.order == .time ? DiagramMessages.legendDelivered : DiagramMessages.legendDeliveredRows
            ), (.lost, DiagramMessages.legendLost), (.cut, DiagramMessages.legendCut),
            (.duplicate, DiagramMessages.legendDuplicate), (.inFlight, DiagramMessages.legendInFlight),
        ]
    }

    private var segmentLegend: [(Figure.Segment.Style, LocalizedText)] {
        [
            (.down, DiagramMessages.legendDown), (.paused, DiagramMessages.legendPaused),
            (.writing, DiagramMessages.legendWriting), (.operation, DiagramMessages.legendOperation),
        ]
    }

    private var glyphLegend: [(Figure.Glyph.Kind, LocalizedText)] {
        [
            (.persist, DiagramMessages.legendPersist), (.persisted, DiagramMessages.legendPersisted),
            (.timerSet, DiagramMessages.legendTimerSet), (.timerFire, DiagramMessages.legendTimerFire),
            (.skew, DiagramMessages.legendSkew),
        ]
    }

    private func width(of text: String) -> Double { Figure.Label.Style.legend.size(of: [text]).width }

    private mutating func legendText(_ text: String, at point: Point) {
        add(.legend, [text], at: point, anchor: .left)
    }

    private mutating func placeSample(of style: Figure.Arrow.Style, _ text: String, _ row: inout LegendRow) {
        let start = row.begin(item: 42 + width(of: text))
        let head: Figure.Arrow.Head =
            switch style {
            case .delivered, .duplicate: .arrow
            case .lost: .none
            case .cut: .bar
            case .inFlight: .open
            }
        figure.arrows.append(
            .init(
                style: style, head: head, start: start, end: Point(start.x + (style == .lost ? 26 : 32), start.y),
                tooltip: "", events: []))
        if style == .lost {
            figure.glyphs.append(
                .init(kind: .lost, center: Point(start.x + 26, start.y), tooltip: "", events: []))
        }
        legendText(text, at: Point(start.x + 38, start.y))
    }

    /// The words that only a number stands for on the figure.
    private mutating func placeCrowded(from top: Double) -> Double {
        var row = LegendRow(left: Metric.margin, right: frameRight, top: top + (crowded.isEmpty ? 0 : 8))
        for (number, text, events) in crowded {
            let badge = Figure.Label.Style.badge.size(of: [number])
            let words = TextMetrics.clipped(
                text, to: frameRight - Metric.margin - badge.width - 8, size: Figure.Label.Style.legend.fontSize)
            let start = row.begin(item: badge.width + 6 + width(of: words))
            add(.badge, [number], at: Point(start.x + badge.width / 2, start.y), events: events)
            legendText(words, at: Point(start.x + badge.width + 4, start.y))
        }
        return row.bottom
    }
}

/// Places items from left to right and starts a new row where one does not fit.
private struct LegendRow {
    let left: Double
    let right: Double
    private var x: Double
    private var y: Double
    private var isUsed = false

    private static let height = 20.0
    private static let spacing = 22.0

    init(left: Double, right: Double, top: Double) {
        (self.left, self.right) = (left, right)
        (x, y) = (left, top + Self.height / 2)
    }

    /// The left end, at mid-height, of an item this wide.
    mutating func begin(item width: Double) -> Point {
        if isUsed, x + width > right {
            x = left
            y += Self.height
        }
        isUsed = true
        defer { x += width + Self.spacing }
        return Point(x, y)
    }

    /// Below everything placed so far.
    var bottom: Double { isUsed ? y + Self.height / 2 : y - Self.height / 2 }
}
