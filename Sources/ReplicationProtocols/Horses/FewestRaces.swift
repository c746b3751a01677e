/// The fewest races that are always enough, over every plan there is: a game between who chooses races and who chooses
/// how they end.
///
/// - Complexity: exponential; for a handful of horses.
package struct FewestRaces {
    package let lanes: Int
    /// Positions that were played out; what is known, by fingerprint of its shape.
    package private(set) var positions = 0
    private var solved: [Position: Int] = [:]  // Only looked up.

    private struct Position: Hashable {
        var known: KnownOrder
        var top: Int
    }

    /// - Precondition: at least two lanes.
    package init(lanes: Int) {
        precondition(lanes >= 2, "nobody wins alone")
        self.lanes = lanes
    }

    /// How many races find the fastest `top` of so many horses for certain, in no order.
    ///
    /// - Precondition: `top` is less than `horses`.
    package mutating func count(horses: Int, top: Int) -> Int {
        precondition(top < horses, "nothing to find")
        return count(KnownOrder(horses: horses), top: top)
    }

    private mutating func count(_ known: KnownOrder, top: Int) -> Int {
        if known.settled(top: top) != nil { return 0 }
        let position = Self.reduced(known, top: top)
        if let count = solved[position] { return count }
        positions += 1
        var best = Int.max
        for racing in Self.choices(of: lanes, among: position.known.horses) where best > 1 {
            let arrivals = position.known.possibleArrivals(of: racing)
            guard arrivals.count > 1 else { continue }  // Nothing new.
            var worst = 0
            for arrival in arrivals where worst + 1 < best {
                var after = position.known
                after.race(arrival)
                worst = max(worst, count(after, top: position.top))
            }
            best = min(best, worst + 1)
        }
        solved[position] = best
        return best
    }

    private static func choices(of lanes: Int, among horses: Int) -> [[Int]] {
        let size = min(lanes, horses)
        return (0..<(1 << horses)).filter { $0.nonzeroBitCount == size }
            .map { set in (0..<horses).filter { set >> $0 & 1 == 1 } }
    }

    /// The same question without horses about whom everything is known, and with the others in an order that does not
    /// depend on their names; positions that look alike mostly become equal, and no others do.
    private static func reduced(_ known: KnownOrder, top: Int) -> Position {
        let sure = known.slower.indices.filter { known.slowerCount(of: $0) >= known.horses - top }
        let kept = known.candidates(top: top).filter { !sure.contains($0) }
        var colors = kept.map { horse in
            [kept.count { known.isFaster(horse, than: $0) }, kept.count { known.isFaster($0, than: horse) }]
        }
        for _ in 0..<2 {
            colors = kept.indices.map { one in
                let below = kept.indices.filter { known.isFaster(kept[one], than: kept[$0]) }.map { colors[$0][0] }
                let above = kept.indices.filter { known.isFaster(kept[$0], than: kept[one]) }.map { colors[$0][0] }
                return Array(colors[one][..<2]) + below.sorted() + [-1] + above.sorted()
            }
        }
        let sorted = kept.indices.sorted {
            colors[$0] == colors[$1] ? $0 < $1 : colors[$0].lexicographicallyPrecedes(colors[$1])
        }
        return Position(known: known.restricted(to: sorted.map { kept[$0] }), top: top - sure.count)
    }
}
