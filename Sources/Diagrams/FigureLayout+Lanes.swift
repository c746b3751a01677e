import Messages
import Traces

extension FigureLayout {
    /// Title, caption, the lanes and their names.
    mutating func placeHeading() {
        measureLanes()
        let lanesWidth = gaps.reduce(0, +)
        var x = Metric.margin + ruler + leftRoom
        for (index, name) in reading.lanes.enumerated() {
            figure.lanes.append(.init(name: name, x: x))
            if index < gaps.count { x += gaps[index] }
        }
        figure.width = Metric.margin * 2 + ruler + leftRoom + lanesWidth + rightRoom
        figure.title = reading.header.title ?? reading.header.protocolName
        var top = Metric.margin
        let room = figure.width - 2 * Metric.margin
        if !figure.title.isEmpty {
            top = placeText(.title, figure.title, top: top, room: room, limit: 3) + 2
        }
        let caption = self.caption
        if !caption.isEmpty { top = placeText(.subtitle, caption, top: top, room: room, limit: 3) }
        if reading.lanes.isEmpty {
            top = placeText(.subtitle, say(DiagramMessages.emptyTrace), top: top, room: max(room, 260), limit: 1)
            figure.width = max(figure.width, 260 + 2 * Metric.margin)
        }
        floor = placeNames(.lane, top: top + 12)
        lastHeader = floor
        startLifelines(at: floor)
        floor += 16
        cursor = figure.lanes.map { _ in floor }
    }

    private mutating func placeText(
        _ style: Figure.Label.Style, _ text: String, top: Double, room: Double, limit: Int
    ) -> Double {
        let lines = TextMetrics.wrapped(text, to: room, size: style.fontSize, limit: limit, isBold: style.isBold)
        let height = style.size(of: lines).height
        return add(style, lines, at: Point(Metric.margin, top + height / 2), anchor: .left, tooltip: text).bottom
    }

    /// Protocol (where the title does not say it), seed and parameters.
    private var caption: String {
        let header = reading.header
        var parts = header.title == nil || header.protocolName.isEmpty ? [] : [header.protocolName]
        if let seed = header.seed { parts.append(say(DiagramMessages.seed(String(seed)))) }
        parts += header.parameters.filter { $0.value.utf8.count <= 40 }
            .map { say(DiagramMessages.parameter($0.name, $0.value)) }
        return parts.joined(separator: "  ·  ")
    }

    /// A row of boxes with the names of the lanes; returns its lower edge.
    private mutating func placeNames(_ style: Figure.Label.Style, top: Double) -> Double {
        var bottom = top
        for lane in figure.lanes.indices {
            let line = TextMetrics.clipped(
                figure.lanes[lane].name, to: widestOnLane(lane) - 2 * style.padding.x, size: style.fontSize,
                isBold: style.isBold)
            let height = style.size(of: [line]).height
            let box = add(
                style, [line], at: Point(figure.lanes[lane].x, top + height / 2), tooltip: figure.lanes[lane].name)
            bottom = max(bottom, box.bottom)
        }
        return bottom
    }

    /// Names again, for readers who have scrolled; moves the floor below them.
    mutating func repeatHeader() {
        floor = placeNames(.laneAgain, top: floor) + 12
        lastHeader = floor
    }

    /// How wide a box centred on the lane may be without reaching half-way to a neighbour.
    func widestOnLane(_ lane: Int) -> Double {
        let left = lane > 0 ? gaps[lane - 1] : .infinity
        let right = lane < gaps.count ? gaps[lane] : .infinity
        return min(Metric.widestState + 14, min(left, right) - 10)
    }

    /// Room for one line beside a sign on the lane, towards the side where it is placed first.
    func sideRoom(_ lane: Int) -> Double {
        if lane == gaps.count { return Metric.widestSide }
        if lane == 0 { return Metric.widestSide }
        return gaps[lane] - 42
    }

    /// The edges of everything that spans all lanes.
    var frameLeft: Double { Metric.margin + ruler }
    var frameRight: Double { figure.width - Metric.margin }

    // MARK: Widths

    /// Makes gaps wide enough for the words in them, within bounds, and finds the room beside the outer lanes.
    private mutating func measureLanes() {
        guard !reading.lanes.isEmpty else { return }
        var needs = [Double](repeating: Metric.narrowestGap, count: reading.lanes.count - 1)
        var boxes = [Double](repeating: 40, count: reading.lanes.count)
        for (lane, name) in reading.lanes.enumerated() {
            boxes[lane] = min(Figure.Label.Style.lane.size(of: [name]).width, Metric.widestState)
        }
        for flight in reading.flights {
            guard let from = flight.from, let to = flight.to, from != to else { continue }
            let style = Figure.Label.Style.message
            let width =
                min(
                    TextMetrics.width(of: label(of: flight), size: style.fontSize), Metric.widestMessage) + 52
            let near = from < to ? from : from - 1
            needs[near] = max(needs[near], width)
        }
        for (index, event) in reading.events.enumerated() {
            let lane = reading.laneOfEvent[index]
            if let state = boxText(event) {
                let width = Figure.Label.Style.state.size(of: [state]).width
                boxes[lane] = max(boxes[lane], min(width, Metric.widestState))
            }
            if let words = sideText(index) ?? noteText(event) {
                let width = min(Figure.Label.Style.side.size(of: [words]).width, Metric.widestSide) + 16
                let isOutside = lane == 0 || lane == reading.lanes.count - 1
                if lane == 0 { leftRoom = max(leftRoom, width) }
                if lane == reading.lanes.count - 1 { rightRoom = max(rightRoom, width) }
                if !isOutside { needs[lane] = max(needs[lane], min(width + 30, 150)) }
            }
        }
        let times = reading.events.map { $0.time.shortText(in: options.language) }
        let widest = times.map { Figure.Label.Style.time.size(of: [$0]).width }.max() ?? 0
        ruler = max(options.order == .time ? 74 : 50, widest + 10)
        for gap in needs.indices {
            let room = boxes[gap] / 2 + boxes[gap + 1] / 2 + 16
            gaps.append(min(max(needs[gap], room), Metric.widestGap))
        }
        leftRoom = max(leftRoom, boxes[0] / 2 + 6, 30)
        rightRoom = max(rightRoom, boxes[boxes.count - 1] / 2 + 6, 30)
    }
}
