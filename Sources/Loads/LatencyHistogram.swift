/// How long requests took, in microseconds, in a fixed amount of memory.
///
/// Below 128 µs every value has a count of its own; above, each doubling is divided into 64 equal parts, so that what
/// `quantile` returns is at most one part in 128 away from a time that was recorded.
package struct LatencyHistogram: Hashable, Sendable {
    private static let partBits = 6
    private static let exactCount = 2 << partBits

    private var counts = [UInt64](
        repeating: 0, count: Self.exactCount + (UInt64.bitWidth - Self.partBits - 1) << Self.partBits)
    package private(set) var total: UInt64 = 0

    package init() {}

    package mutating func record(_ microseconds: UInt64) {
        counts[Self.place(microseconds)] += 1
        total += 1
    }

    package mutating func removeAll() { self = LatencyHistogram() }

    /// The time that this part of all requests did not exceed.
    ///
    /// - Parameter fraction: 0.5 for the median, 0.99.
    /// - Returns: nil where nothing was recorded.
    package func quantile(_ fraction: Double) -> UInt64? {
        guard total > 0 else { return nil }
        let rank = UInt64(Double(total - 1) * fraction)
        var seen: UInt64 = 0
        for (place, count) in counts.enumerated() {
            seen += count
            if seen > rank { return Self.middle(of: place) }
        }
        return nil
    }

    private static func place(_ value: UInt64) -> Int {
        guard value >= UInt64(exactCount) else { return Int(value) }
        let shift = UInt64.bitWidth - value.leadingZeroBitCount - partBits - 1
        return shift << partBits + Int(value >> UInt64(shift))
    }

    private static func middle(of place: Int) -> UInt64 {
        guard place >= exactCount else { return UInt64(place) }
        let shift = place >> partBits - 1
        let part = UInt64(place - shift << partBits)
        return part << UInt64(shift) + (1 << UInt64(shift)) / 2
    }
}
