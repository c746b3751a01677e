package import Messages

extension Figure {
    /// Cuts a tall figure into pages. Each later page begins with the names of the lanes and the state each was in.
    ///
    /// - Parameter tallest: height of a page in points; at least 200 are used.
    /// - Returns: the figure itself where it fits.
    package func pages(tallest: Double, language: Language) -> [Figure] {
        guard height > tallest else { return [self] }
        let ranges = pageRanges(tallest: max(tallest, 200))
        return ranges.indices.map { page($0, ranges, language) }
    }

    private enum Page {
        static let head = 76.0
        static let foot = 26.0
    }

    /// What part of the figure each page shows: as much as fits, ending where nothing is cut in two.
    private func pageRanges(tallest: Double) -> [(top: Double, bottom: Double)] {
        var ranges: [(top: Double, bottom: Double)] = []
        var top = 0.0
        while top < height {
            let room = tallest - Page.foot - (ranges.isEmpty ? 0 : Page.head)
            if height - top <= room {
                ranges.append((top, height))
                break
            }
            let bottom = cuts.last { $0 <= top + room && $0 > top + room / 2 } ?? top + room
            ranges.append((top, bottom))
            top = bottom
        }
        return ranges
    }

    private func page(_ number: Int, _ ranges: [(top: Double, bottom: Double)], _ language: Language) -> Figure {
        let (top, bottom) = ranges[number]
        let head = number == 0 ? 0 : Page.head
        let shift = head - top
        func isHere(_ y: Double) -> Bool { y >= top && y < bottom }
        var page = self
        page.height = bottom - top + head + Page.foot
        page.cuts = []
        page.labels = labels.filter { isHere($0.box.center.y) }.map { label in
            var label = label
            label.box = label.box.moved(down: shift)
            return label
        }
        page.glyphs = glyphs.filter { isHere($0.center.y) }.map { glyph in
            var glyph = glyph
            glyph.center.y += shift
            return glyph
        }
        page.segments = segments.compactMap { segment in
            var segment = segment
            (segment.top, segment.bottom) = (max(segment.top, top) + shift, min(segment.bottom, bottom) + shift)
            return segment.top < segment.bottom ? segment : nil
        }
        page.bands = bands.compactMap { band in
            var band = band
            (band.box.top, band.box.bottom) = (max(band.box.top, top) + shift, min(band.box.bottom, bottom) + shift)
            return band.box.top < band.box.bottom ? band : nil
        }
        page.arrows = arrows.compactMap { $0.clipped(top: top, bottom: bottom, shift: shift) }
        if number > 0 { page.addHead(states: states(above: top)) }
        page.addStubs(of: arrows, number, ranges, shift, language)
        page.addFoot(DiagramMessages.page(number + 1, of: ranges.count).text(in: language))
        return page
    }

    /// The last state box of each lane above a height.
    private func states(above top: Double) -> [Label?] {
        lanes.map { lane in
            labels.last {
                ($0.style == .state || $0.style == .commit || $0.style == .abort || $0.style == .decision)
                    && $0.box.center.y < top && abs($0.box.center.x - lane.x) < 1
            }
        }
    }

    private mutating func addHead(states: [Label?]) {
        for (lane, state) in zip(lanes, states) {
            append(.laneAgain, lane.name, at: Point(lane.x, 20))
            guard let state else { continue }
            var before = state
            before.style = .stateBefore
            before.lines = [state.lines.count > 1 ? state.lines[0] + "…" : state.lines[0]]
            let size = before.style.size(of: before.lines)
            before.box = Box(center: Point(lane.x, 48), width: size.width, height: size.height)
            labels.append(before)
        }
    }

    private mutating func addFoot(_ text: String) {
        append(.time, text, at: Point(18, height - 13), alignment: .left)
    }

    private mutating func append(
        _ style: Label.Style, _ text: String, at point: Point, alignment: Label.Alignment = .center
    ) {
        let size = style.size(of: [text])
        let x = alignment == .left ? point.x + size.width / 2 : point.x
        labels.append(
            Label(
                style: style, lines: [text],
                box: Box(center: Point(x, point.y), width: size.width, height: size.height), alignment: alignment,
                tooltip: "", events: []))
    }

    /// Says where messages that cross a page's edge go on, as far as there is room.
    private mutating func addStubs(
        of all: [Arrow], _ number: Int, _ ranges: [(top: Double, bottom: Double)], _ shift: Double, _ language: Language
    ) {
        let (top, bottom) = ranges[number]
        var space = TakenSpace()
        for label in labels { space.take(label.box) }
        for glyph in glyphs { space.take(glyph.box) }
        func pageIndex(of y: Double) -> Int { ranges.firstIndex { y < $0.bottom } ?? ranges.count - 1 }
        for arrow in all {
            for (edge, other, isForward) in [(bottom, arrow.end, true), (top, arrow.start, false)] {
                guard arrow.start.y < edge, arrow.end.y > edge else { continue }
                let x =
                    arrow.start.x + (arrow.end.x - arrow.start.x) * (edge - arrow.start.y)
                    / (arrow.end.y - arrow.start.y)
                let text = DiagramMessages.pageStub(pageIndex(of: other.y) + 1, isForward: isForward).text(in: language)
                let size = Label.Style.time.size(of: [text])
                let center = Point(x, edge + shift + (isForward ? size.height / 2 : -size.height / 2))
                let box = Box(center: center, width: size.width, height: size.height)
                guard space.isFree(box) else { continue }
                space.take(box)
                labels.append(
                    Label(
                        style: .time, lines: [text], box: box, alignment: .center, tooltip: arrow.tooltip,
                        events: arrow.events))
            }
        }
    }
}

extension Figure.Arrow {
    /// The part between two heights, moved; without a head where the end is cut off. `nil` where nothing is left.
    fileprivate func clipped(top: Double, bottom: Double, shift: Double) -> Figure.Arrow? {
        guard max(start.y, end.y) >= top, min(start.y, end.y) < bottom else { return nil }
        var arrow = self
        func crossing(_ height: Double) -> Point {
            Point(start.x + (end.x - start.x) * (height - start.y) / (end.y - start.y), height)
        }
        if start.y < top { arrow.start = crossing(top) }
        if end.y > bottom {
            arrow.end = crossing(bottom)
            arrow.head = .none
        }
        arrow.start.y += shift
        arrow.end.y += shift
        return arrow
    }
}
