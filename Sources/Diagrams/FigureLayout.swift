import Messages
import StateMachines
package import Traces

extension Figure {
    /// Lays a trace out.
    ///
    /// - Complexity: linear in events for runs whose messages do not all overtake each other.
    package init(of trace: Trace, options: DiagramOptions) {
        var layout = FigureLayout(RunReading(trace), options)
        layout.placeHeading()
        layout.placeEvents()
        layout.placeMessages()
        layout.placeBands()
        layout.placeLegend()
        self = layout.finished()
    }
}

/// Gives everything of a run its place, from top to bottom.
///
/// Events of one time form a group. Within a group each lifeline stacks its own signs, boxes and words; the next group
/// begins below the lowest of them, so that what is drawn lower never happened earlier. Between groups lies the real
/// time that passed, to scale between two bounds; where the upper bound cuts, the gap says so.
struct FigureLayout {
    let reading: RunReading
    let options: DiagramOptions
    var figure: Figure
    var space = TakenSpace()
    /// The first free height on each lane.
    var cursor: [Double] = []
    /// Where the events of the present group may begin.
    var floor = 0.0
    /// The height of each event, once placed.
    var heightOfEvent: [Double]
    /// Gap to the right of each lane but the last.
    var gaps: [Double] = []
    /// Room left of the first lane for its side texts.
    var leftRoom = 0.0
    var rightRoom = 0.0
    /// Room for the times at the left edge.
    var ruler = 60.0
    private(set) var openSegments: [Figure.Segment] = []
    /// The last state shown on each lane.
    var shownState: [String?]
    /// For each lane, the last send placed on it, while nothing else has followed.
    var openSend: [(event: Int, height: Double, peers: [String?])?]
    var lastTimeLabel = -100.0
    var lastHeader = 0.0
    var groupTops: [Double] = []
    /// Words of messages that found no room, by the number that stands for them.
    var crowded: [(number: String, text: String, events: [Int])] = []
    /// Messages that have neither words nor a number.
    var unlabelled = 0

    /// Sizes in points.
    enum Metric {
        static let margin = 18.0
        static let narrowestGap = 118.0
        static let widestGap = 250.0
        static let widestMessage = 190.0
        static let widestState = 150.0
        static let widestSide = 150.0
        /// Between two groups of events.
        static let shortestPause = 7.0
        static let longestPause = 46.0
        /// What a message of median delay falls.
        static let medianFall = 30.0
        static let headerEvery = 840.0
    }

    init(_ reading: RunReading, _ options: DiagramOptions) {
        self.reading = reading
        self.options = options
        heightOfEvent = reading.events.map { _ in 0 }
        shownState = reading.lanes.map { _ in nil }
        openSend = reading.lanes.map { _ in nil }
        figure = Figure(
            width: 0, height: 0, title: "", story: "", lanes: [], bands: [], segments: [], arrows: [], glyphs: [],
            labels: [], cuts: [])
    }

    func say(_ text: LocalizedText) -> String { text.text(in: options.language) }

    // MARK: Groups

    mutating func placeEvents() {
        let scale = options.order == .time ? pointsPerMicrosecond() : 0
        // What everybody is at first stands above everything that happens.
        let opening = reading.events.prefix { $0.kind == .state }.count
        var index = 0
        var previousTime: Tick?
        while index < reading.events.count {
            let time = reading.events[index].time
            var end = index + 1
            if options.order == .time {
                while end < reading.events.count, reading.events[end].time == time { end += 1 }
            }
            pass(from: previousTime, to: time, scale: scale)
            placeTimeLabel(time, isNew: time != previousTime)
            for event in index..<end {
                if event == opening { liftAll(to: bottom) }
                place(event)
            }
            previousTime = time
            index = end
        }
        floor = bottom + 14
        for lane in openSegments.indices { closeSegment(lane, at: floor) }
        for index in reading.events.indices where reading.events[index].kind == .invoke { placeUnanswered(index) }
    }

    /// Moves on to the next group: as far as the time that passed, within bounds.
    private mutating func pass(from previous: Tick?, to time: Tick, scale: Double) {
        guard let previous else {
            groupTops.append(floor)
            return
        }
        let passed = time - previous
        let wanted = Double(passed.microseconds) * scale
        floor = bottom + min(max(wanted, Metric.shortestPause), Metric.longestPause)
        if wanted > Metric.longestPause * 1.5 { markGap(passed) }
        if floor - lastHeader > Metric.headerEvery { repeatHeader() }
        for lane in cursor.indices { cursor[lane] = floor }
        groupTops.append(floor)
    }

    /// The lowest point in use.
    var bottom: Double { max(floor, cursor.max() ?? floor) }

    /// So that the median message falls by `Metric.medianFall`; without messages, the median pause between events. Where most
    /// of the time goes by between messages, as in real servers, less: four pauses out of five are shown as long as they were.
    private func pointsPerMicrosecond() -> Double {
        let times = reading.events.map(\.time)
        let pauses = zip(times, times.dropFirst()).filter(<).map { $1 - $0 }.sorted()
        guard !pauses.isEmpty else { return 0 }
        let most = Metric.longestPause * 1.5 / Double(pauses[pauses.count * 4 / 5].microseconds)
        return min(pointsPerMicrosecondOfMessages(), most)
    }

    private func pointsPerMicrosecondOfMessages() -> Double {
        var delays: [UInt64] = []
        for flight in reading.flights where flight.outcome == .delivered {
            guard let send = flight.send, let end = flight.end else { continue }
            delays.append((reading.events[end].time - reading.events[send].time).microseconds)
        }
        delays.removeAll { $0 == 0 }
        if delays.isEmpty {
            for (left, right) in zip(reading.events, reading.events.dropFirst()) where left.time < right.time {
                delays.append((right.time - left.time).microseconds)
            }
        }
        guard !delays.isEmpty else { return 0 }
        delays.sort()
        return Metric.medianFall / Double(delays[delays.count / 2])
    }

    private mutating func markGap(_ passed: Tick) {
        let middle = floor - Metric.longestPause / 2
        for lane in openSegments.indices {
            let style = openSegments[lane].style
            closeSegment(lane, at: middle - 9)
            openSegment(lane, .gap, at: middle - 9)
            closeSegment(lane, at: middle + 9)
            openSegment(lane, style, at: middle + 9)
        }
        add(
            .gap, [say(DiagramMessages.skipped(passed.roughly.shortText(in: options.language, secondsFrom: 1)))],
            at: Point(Metric.margin + ruler - 6, middle), anchor: .right)
    }

    /// In a long run the times are only for finding one's way.
    private var timeLabelDistance: Double { reading.events.count > 1_500 ? 360 : 15 }

    private mutating func placeTimeLabel(_ time: Tick, isNew: Bool) {
        guard isNew, floor - lastTimeLabel >= timeLabelDistance else { return }
        lastTimeLabel = floor
        add(
            .time, [time.shortText(in: options.language)], at: Point(Metric.margin + ruler - 6, floor),
            anchor: .right)
    }

    // MARK: Lifelines

    mutating func startLifelines(at height: Double) {
        openSegments = figure.lanes.map {
            Figure.Segment(style: .up, x: $0.x, top: height, bottom: height, tooltip: "", events: [])
        }
    }

    mutating func openSegment(_ lane: Int, _ style: Figure.Segment.Style, at height: Double) {
        openSegments[lane] = Figure.Segment(
            style: style, x: figure.lanes[lane].x, top: height, bottom: height, tooltip: "", events: [])
    }

    mutating func closeSegment(_ lane: Int, at height: Double) {
        openSegments[lane].bottom = height
        if height > openSegments[lane].top { figure.segments.append(openSegments[lane]) }
    }

    /// From here on the lane looks different.
    mutating func changeSegment(_ lane: Int, to style: Figure.Segment.Style, at height: Double) {
        closeSegment(lane, at: height)
        openSegment(lane, style, at: height)
    }

    // MARK: Labels

    /// Adds a label whose box has its left edge, centre or right edge at `point`, and takes its space.
    @discardableResult
    mutating func add(
        _ style: Figure.Label.Style, _ lines: [String], at point: Point, anchor: Figure.Label.Alignment = .center,
        tooltip: String = "", events: [Int] = []
    ) -> Box {
        let box = Self.box(style, lines, at: point, anchor: anchor)
        space.take(box)
        figure.labels.append(
            .init(style: style, lines: lines, box: box, alignment: anchor, tooltip: tooltip, events: events))
        return box
    }

    static func box(_ style: Figure.Label.Style, _ lines: [String], at point: Point, anchor: Figure.Label.Alignment)
        -> Box
    {
        let size = style.size(of: lines)
        let x =
            switch anchor {
            case .left: point.x + size.width / 2
            case .center: point.x
            case .right: point.x - size.width / 2
            }
        return Box(center: Point(x, point.y), width: size.width, height: size.height)
    }

    func finished() -> Figure {
        var figure = figure
        figure.story = story()
        let crossings =
            figure.labels.map { ($0.box.top, $0.box.bottom) } + figure.glyphs.map { ($0.box.top, $0.box.bottom) }
        figure.cuts = Self.clear(groupTops, of: crossings)
        return figure
    }

    /// The heights that none of the intervals crosses.
    private static func clear(_ heights: [Double], of intervals: [(Double, Double)]) -> [Double] {
        let sorted = intervals.sorted { $0.0 < $1.0 }
        var next = 0
        var reach = -Double.infinity
        return heights.filter { height in
            while next < sorted.count, sorted[next].0 < height {
                reach = max(reach, sorted[next].1)
                next += 1
            }
            return reach <= height
        }
    }
}

extension Tick {
    /// With three digits that count.
    var roughly: Tick {
        var unit: UInt64 = 1
        while microseconds / unit >= 1_000 { unit *= 10 }
        return Tick(microseconds: (microseconds + unit / 2) / unit * unit)
    }

    /// With the unit that keeps it short: "12.5 ms", "3.2 s".
    func shortText(in language: Language, secondsFrom limit: UInt64 = 10) -> String {
        let isLong = microseconds >= limit * 1_000_000
        let value = microseconds / (isLong ? 1_000 : 1)
        let (whole, rest) = value.quotientAndRemainder(dividingBy: 1_000)
        var text = String(whole)
        if rest > 0 {
            let digits = String(rest)
            var fraction = String(repeating: "0", count: 3 - digits.count) + digits
            while fraction.hasSuffix("0") { fraction.removeLast() }
            text += "." + fraction
        }
        return switch language {
        case .english: text + (isLong ? " s" : " ms")
        case .chinese: text + (isLong ? " 秒" : " 毫秒")
        }
    }
}
