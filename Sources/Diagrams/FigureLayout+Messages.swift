import Messages
import Traces

extension FigureLayout {
    /// Draws every message and finds room for its words.
    mutating func placeMessages() {
        var arrows: [(flight: Int, arrow: Int)] = []
        for (index, flight) in reading.flights.enumerated() {
            guard let arrow = arrow(of: flight) else { continue }
            arrows.append((index, figure.arrows.count))
            figure.arrows.append(arrow)
        }
        var lines = ArrowStrips()
        for arrow in figure.arrows { lines.add(arrow) }
        var placer = LabelPlacer(lines: lines, lanes: figure.lanes.map(\.x))
        for (flight, arrow) in arrows { placeLabel(of: reading.flights[flight], on: arrow, &placer) }
        crowded = placer.crowded
        unlabelled = placer.unlabelled
    }

    // MARK: Arrows

    /// The arrow of one copy; `nil` where the trace tells nothing to draw it from.
    private mutating func arrow(of flight: RunReading.Flight) -> Figure.Arrow? {
        let orders = [flight.send, flight.duplication, flight.end].compactMap { $0 }.map(order)
        guard let from = flight.from ?? flight.to else { return nil }
        let tooltip = tooltip(of: flight)
        let isFound = flight.send == nil && flight.duplication == nil
        let departure = flight.send ?? flight.duplication
        var start = Point(figure.lanes[from].x, departure.map { heightOfEvent[$0] } ?? 0)
        if isFound, let end = flight.end, let to = flight.to {
            // No sender in the trace: a short arrow out of a dot.
            start = Point(figure.lanes[to].x - 44, heightOfEvent[end] - 8)
            figure.glyphs.append(.init(kind: .dot, center: start, tooltip: tooltip, events: orders))
            space.take(figure.glyphs[figure.glyphs.count - 1].box)
        }
        let target = flight.to.map { figure.lanes[$0].x } ?? start.x + 60
        var arrow = Figure.Arrow(
            style: flight.copy > 1 ? .duplicate : .delivered, head: .arrow, start: start, end: start, tooltip: tooltip,
            events: orders)
        if flight.to == from, !isFound {
            arrow.loop = min(46, (gaps.indices.contains(from) ? gaps[from] : 110) * 0.4)
        }
        switch flight.outcome {
        case .delivered:
            arrow.end = Point(target, heightOfEvent[flight.end!])
            if arrow.loop != nil { arrow.end.y = max(arrow.end.y, start.y + 14) }
        case .lost, .refused: endInCross(&arrow, flight, target)
        case .cut:
            let wall = flight.stoppedBefore ?? flight.to!
            let before = figure.lanes[wall > from ? wall - 1 : wall + 1].x
            arrow.end = Point((figure.lanes[wall].x + before) / 2, max(heightOfEvent[flight.end!], start.y + 8))
            arrow.head = .bar
            arrow.style = .cut
            space.take(Box(center: arrow.end, width: 8, height: 14))
        case .inFlight:
            arrow.end = Point(start.x + (target - start.x) * 0.45, start.y + min(14, max(6, floor - start.y)))
            arrow.head = .open
            if flight.copy == 1 { arrow.style = .inFlight }
        }
        return arrow
    }

    /// A lost message ends at about 60 % of its way; one that met a node that was down, in front of it.
    private mutating func endInCross(_ arrow: inout Figure.Arrow, _ flight: RunReading.Flight, _ target: Double) {
        let start = arrow.start
        let height = max(heightOfEvent[flight.end!], start.y + 12)
        let fractions = flight.outcome == .refused ? [0.93, 0.88, 0.83] : [0.6, 0.55, 0.65, 0.5, 0.7, 0.45]
        func glyph(_ fraction: Double) -> Figure.Glyph {
            var center = Point(start.x + (target - start.x) * fraction, start.y + (height - start.y) * fraction)
            if arrow.loop != nil { center = Point(start.x + arrow.loop! * 0.8, height) }
            return Figure.Glyph(kind: .lost, center: center, tooltip: arrow.tooltip, events: arrow.events)
        }
        let cross = fractions.map(glyph).first { space.isFree($0.box) } ?? glyph(fractions[0])
        figure.glyphs.append(cross)
        space.take(cross.box)
        arrow.end = cross.center
        arrow.loop = nil
        arrow.head = .none
        arrow.style = .lost
    }

    // MARK: Words on arrows

    private mutating func placeLabel(
        of flight: RunReading.Flight, on index: Int, _ placer: inout LabelPlacer
    ) {
        let arrow = figure.arrows[index]
        var style: Figure.Label.Style =
            switch arrow.style {
            case .delivered, .inFlight, .duplicate: .message
            case .lost, .cut: .lost
            }
        var text = label(of: flight)
        if flight.copy > 1 {
            style = .badge
            text = "×\(flight.copy)"
        }
        guard !text.isEmpty else { return }
        let room = placer.room(for: arrow)
        let line = TextMetrics.clipped(text, to: room - 2 * style.padding.x, size: style.fontSize)
        let size = style.size(of: [line])
        if let box = placer.place(size, along: arrow, in: space) {
            take(style, [line], box, arrow)
            return
        }
        // No room for words: a number here, the words in the legend.
        guard flight.copy == 1, placer.crowded.count < LabelPlacer.mostBadges else {
            placer.unlabelled += 1
            return
        }
        let number = String(placer.crowded.count + 1)
        if let box = placer.place(Figure.Label.Style.badge.size(of: [number]), along: arrow, in: space, isSmall: true) {
            take(.badge, [number], box, arrow)
            placer.crowded.append((number, text, arrow.events))
        } else {
            placer.unlabelled += 1
        }
    }

    private mutating func take(
        _ style: Figure.Label.Style, _ lines: [String], _ box: Box, _ arrow: Figure.Arrow
    ) {
        space.take(box)
        figure.labels.append(
            .init(
                style: style, lines: lines, box: box, alignment: .center, tooltip: arrow.tooltip, events: arrow.events))
    }
}

/// Finds room for a message's words along its arrow.
struct LabelPlacer {
    /// More than these are only shown as tooltips.
    static let mostBadges = 60

    let lines: ArrowStrips
    /// The x of every lane.
    let lanes: [Double]
    /// Words that found no room, by the number that stands for them.
    var crowded: [(number: String, text: String, events: [Int])] = []
    var unlabelled = 0

    init(lines: ArrowStrips, lanes: [Double]) {
        self.lines = lines
        self.lanes = lanes
    }

    /// The widest a label on this arrow may be: the widest gap it passes, less room for its ends.
    func room(for arrow: Figure.Arrow) -> Double {
        let spans = self.spans(of: arrow)
        return (spans.map { abs($0.1 - $0.0) }.max() ?? 60) - 18
    }

    /// The stretches between lanes that an arrow passes, from its sender on.
    private func spans(of arrow: Figure.Arrow) -> [(Double, Double)] {
        if let loop = arrow.loop { return [(arrow.start.x, arrow.start.x + loop * 2.4)] }
        // A message that got nowhere may have its words in the rest of the gap where it ended.
        var (low, high) = (min(arrow.start.x, arrow.end.x), max(arrow.start.x, arrow.end.x))
        if arrow.end.x > arrow.start.x {
            high = lanes.first { $0 >= high - 1 } ?? high
        } else {
            low = lanes.last { $0 <= low + 1 } ?? low
        }
        let stops = [low] + lanes.filter { $0 > low + 1 && $0 < high - 1 } + [high]
        let pairs = Array(zip(stops, stops.dropFirst()))
        return arrow.start.x <= arrow.end.x ? pairs : pairs.reversed().map { ($0.1, $0.0) }
    }

    /// The cheapest free place: near the sender, on the line, not on another message's line.
    func place(
        _ size: (width: Double, height: Double), along arrow: Figure.Arrow, in space: TakenSpace, isSmall: Bool = false
    ) -> Box? {
        var best: (cost: Double, box: Box)?
        let fractions = isSmall ? [0.5, 0.35, 0.65, 0.25, 0.75, 0.15, 0.85] : [0.44, 0.32, 0.56, 0.2, 0.7, 0.84, 0.98]
        for (number, span) in spans(of: arrow).enumerated() {
            // A short last piece, as of a lost message, takes a label only if it is long enough.
            let reach = abs(span.1 - span.0) - size.width - 14
            guard reach >= -6 else { continue }
            for fraction in fractions {
                let direction = span.1 >= span.0 ? 1.0 : -1.0
                let x = span.0 + direction * (size.width / 2 + 7 + max(0, reach) * fraction)
                let y = height(of: arrow, at: x)
                for (shift, price) in [(0, 0), (-size.height / 2 - 3, 5), (size.height / 2 + 3, 7)] {
                    var cost = Double(number) * 6 + abs(fraction - 0.44) * 8 + Double(price)
                    if let best, best.cost <= cost { continue }
                    let box = Box(center: Point(x, y + shift), width: size.width, height: size.height)
                    guard space.isFree(box) else { continue }
                    cost += Double(lines.crossings(of: box, except: arrow)) * 14
                    if best.map({ cost < $0.cost }) ?? true { best = (cost, box) }
                }
            }
        }
        return best?.box
    }

    private func height(of arrow: Figure.Arrow, at x: Double) -> Double {
        if arrow.loop != nil { return (arrow.start.y + arrow.end.y) / 2 }
        let width = arrow.end.x - arrow.start.x
        guard abs(width) > 1 else { return arrow.start.y }
        let part = min(max((x - arrow.start.x) / width, 0), 1)
        return arrow.start.y + (arrow.end.y - arrow.start.y) * part
    }
}

/// Arrows by the 40-point strips they pass through.
struct ArrowStrips {
    private static let strip = 40.0
    private var strips: [[(Point, Point)]] = []

    mutating func add(_ arrow: Figure.Arrow) {
        let top = max(0, Int(min(arrow.start.y, arrow.end.y) / Self.strip))
        let bottom = max(top, Int(max(arrow.start.y, arrow.end.y) / Self.strip))
        while strips.count <= bottom { strips.append([]) }
        for index in top...bottom { strips[index].append((arrow.start, arrow.end)) }
    }

    /// How many other arrows run through a box.
    func crossings(of box: Box, except own: Figure.Arrow) -> Int {
        var count = 0
        let first = max(0, Int(box.top / Self.strip))
        for index in first...max(first, Int(box.bottom / Self.strip)) where index < strips.count {
            for (start, end) in strips[index] where start != own.start || end != own.end {
                if box.isCrossed(from: start, to: end) { count += 1 }
            }
        }
        return count
    }
}
