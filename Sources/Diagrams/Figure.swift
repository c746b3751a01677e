/// A diagram ready to be written down: everything has its place, its words and its meaning; no font, file or library
/// is involved.
///
/// Every part says which events of the trace it stands for, so that nothing of a run is lost unnoticed.
package struct Figure: Hashable, Sendable {
    package var width: Double
    package var height: Double
    package var title: String
    /// The run told in one paragraph, for readers who cannot see the picture.
    package var story: String
    package var lanes: [Lane]
    /// Behind everything else, the first one lowest.
    package var bands: [Band]
    package var segments: [Segment]
    package var arrows: [Arrow]
    package var glyphs: [Glyph]
    package var labels: [Label]
    /// Heights at which the figure may be cut into pages without hurting a label or a glyph, ascending.
    package var cuts: [Double]

    /// One lifeline.
    package struct Lane: Hashable, Sendable {
        package var name: String
        package var x: Double
    }

    /// A tinted area.
    package struct Band: Hashable, Sendable {
        package enum Style: Hashable, Sendable {
            /// One side of a partition; the number picks the tint.
            case partition(group: Int)
            case phase
            case violation
        }
        package var style: Style
        package var box: Box
        package var events: [Int]
    }

    /// A vertical piece of a lifeline, or of something beside it.
    package struct Segment: Hashable, Sendable {
        package enum Style: String, CaseIterable, Hashable, Sendable {
            case up, down, paused
            /// Time that was left out.
            case gap
            /// From a write being asked for to its being on disk.
            case writing
            /// A client's operation from its call to its answer.
            case operation
            /// When an operation takes effect.
            case moment
        }
        package var style: Style
        package var x: Double
        package var top: Double
        package var bottom: Double
        package var tooltip: String
        package var events: [Int]
    }

    /// A message on its way.
    package struct Arrow: Hashable, Sendable {
        package enum Style: String, CaseIterable, Hashable, Sendable {
            case delivered
            case lost
            /// Stopped at the edge of a partition.
            case cut
            /// A further copy of a message that was delivered or lost before.
            case duplicate
            /// Neither received nor lost before the trace ends.
            case inFlight
        }
        package enum Head: CaseIterable, Hashable, Sendable { case arrow, open, bar, none }
        package var style: Style
        package var head: Head
        package var start: Point
        package var end: Point
        /// Set for a message to its own sender: how far the loop reaches to the right.
        package var loop: Double?
        package var tooltip: String
        package var events: [Int]
    }

    /// A small sign on a lifeline or at the end of an arrow.
    package struct Glyph: Hashable, Sendable {
        package enum Kind: String, CaseIterable, Hashable, Sendable {
            case crash, restart, pause, resume, lost, skew
            case timerSet, timerFire, persist, persisted
            case sessionOpen, sessionExpire, watchSet, watchFire, connectionLoss
            case checkBegin, checkEnd, call, answer
            /// An event whose other half is not in the trace.
            case dot
        }
        package var kind: Kind
        package var center: Point
        package var tooltip: String
        package var events: [Int]

        /// The room it takes.
        package var box: Box { Box(center: center, width: kind.size, height: kind.size) }
    }

    /// Text in a box of its own.
    package struct Label: Hashable, Sendable {
        package enum Style: String, CaseIterable, Hashable, Sendable {
            case title, subtitle, lane, laneAgain
            case message, lost, badge
            case state, stateBefore, side, note, annotation, commit, abort, decision, violation
            case phase, partition, time, gap, legend
            /// Operations, from left to right from call to answer; an open one has none.
            case interval, openInterval, reasonInterval, impossibleInterval
        }
        package enum Alignment: Hashable, Sendable { case left, center, right }
        package var style: Style
        package var lines: [String]
        package var box: Box
        package var alignment: Alignment
        package var tooltip: String
        package var events: [Int]
    }
}

extension Figure.Glyph.Kind {
    /// Width and height in points.
    package var size: Double {
        switch self {
        case .crash: 17
        case .restart, .lost, .sessionExpire, .connectionLoss: 14
        case .pause, .resume, .timerSet, .timerFire, .persist, .persisted, .skew: 13
        case .sessionOpen, .watchSet, .watchFire: 12
        case .checkBegin, .checkEnd, .call, .answer, .dot: 8
        }
    }
}

extension Figure.Label.Style {
    package var fontSize: Double {
        switch self {
        case .title: 19
        case .lane: 14
        case .subtitle, .laneAgain, .message, .lost, .commit, .abort, .decision, .violation, .interval, .openInterval,
            .reasonInterval, .impossibleInterval:
            11.5
        case .state, .stateBefore, .side, .note, .annotation, .phase, .partition, .legend: 10.5
        case .time, .gap, .badge: 9.5
        }
    }

    package var isBold: Bool {
        switch self {
        case .title, .lane, .commit, .abort, .decision, .violation, .badge, .phase, .partition, .impossibleInterval:
            true
        case .subtitle, .laneAgain, .message, .lost, .state, .stateBefore, .side, .note, .annotation,
            .time, .gap, .legend, .interval, .openInterval, .reasonInterval:
            false
        }
    }

    /// Room between the text and the edge of its box, in points: across and up or down.
    package var padding: (x: Double, y: Double) {
        switch self {
        case .lane: (13, 6)
        case .laneAgain, .commit, .abort, .decision, .violation: (9, 4)
        case .state, .stateBefore, .note, .annotation, .phase, .partition: (7, 3)
        case .interval, .openInterval, .reasonInterval, .impossibleInterval: (7, 4)
        case .message, .lost, .badge, .side: (3, 1)
        case .title, .subtitle, .time, .gap, .legend: (1, 1)
        }
    }

    /// The size of a box around these lines.
    package func size(of lines: [String]) -> (width: Double, height: Double) {
        let text = lines.map { TextMetrics.width(of: $0, size: fontSize, isBold: isBold) }.max() ?? 0
        let width = text + 2 * padding.x
        let height = Double(lines.count) * fontSize * TextMetrics.lineHeight + 2 * padding.y
        return self == .badge ? (max(width, height), height) : (width, height)
    }
}
