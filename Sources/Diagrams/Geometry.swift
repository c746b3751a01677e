/// A place on a figure, in points; y grows downwards from the top edge.
package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
}

/// An upright rectangle in points.
package struct Box: Hashable, Sendable {
    package var left: Double
    package var top: Double
    package var right: Double
    package var bottom: Double

    package init(left: Double, top: Double, right: Double, bottom: Double) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }

    package init(center: Point, width: Double, height: Double) {
        self.init(
            left: center.x - width / 2, top: center.y - height / 2, right: center.x + width / 2,
            bottom: center.y + height / 2)
    }

    package var width: Double { right - left }
    package var height: Double { bottom - top }
    package var center: Point { Point((left + right) / 2, (top + bottom) / 2) }

    /// True where the two share more than an edge.
    package func overlaps(_ other: Box) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    package func inset(by margin: Double) -> Box {
        Box(left: left + margin, top: top + margin, right: right - margin, bottom: bottom - margin)
    }

    package func moved(down distance: Double) -> Box {
        Box(left: left, top: top + distance, right: right, bottom: bottom + distance)
    }

    /// True where the straight line from `start` to `end` enters the box (Liang and Barsky's clipping).
    package func isCrossed(from start: Point, to end: Point) -> Bool {
        var (enter, leave) = (0.0, 1.0)
        func clip(_ direction: Double, _ distance: Double) -> Bool {
            if direction == 0 { return distance >= 0 }
            if direction < 0 {
                enter = max(enter, distance / direction)
            } else {
                leave = min(leave, distance / direction)
            }
            return true
        }
        return clip(start.x - end.x, start.x - left) && clip(end.x - start.x, right - start.x)
            && clip(start.y - end.y, start.y - top) && clip(end.y - start.y, bottom - start.y) && enter < leave
    }
}

/// The boxes already taken, found by their height on the page.
///
/// - Complexity: a query looks only at boxes within the same 40-point strips.
struct TakenSpace {
    private static let strip = 40.0
    private var strips: [[Box]] = []

    private static func range(_ box: Box) -> ClosedRange<Int> {
        let first = max(0, Int(box.top / strip))
        return first...max(first, Int(box.bottom / strip))
    }

    mutating func take(_ box: Box) {
        let range = Self.range(box)
        while strips.count <= range.upperBound { strips.append([]) }
        for index in range { strips[index].append(box) }
    }

    func isFree(_ box: Box) -> Bool {
        for index in Self.range(box) where index < strips.count {
            for other in strips[index] where other.overlaps(box) { return false }
        }
        return true
    }
}
