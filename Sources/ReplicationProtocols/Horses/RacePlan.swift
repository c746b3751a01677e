/// The usual plan for lanes² horses: heats, a race of the winners, one race of who may still be among the fastest, and
/// one more if that was not enough.
///
/// For 64 horses, eight lanes and the fastest four, the tenth race has one lane too few: nine horses are left.
package struct RacePlan: Hashable, Sendable {
    package let lanes: Int
    package let top: Int
    /// The position, among the candidates, of the one left out of the race that has too few lanes; `nil`: the last one.
    package let leftOut: Int?

    /// - Precondition: 2 to 8 lanes, and no more than so many wanted.
    package init(lanes: Int = 8, top: Int = 4, leftOut: Int? = nil) {
        precondition((2...8).contains(lanes) && (1...lanes).contains(top), "no such plan")
        self.lanes = lanes
        self.top = top
        self.leftOut = leftOut
    }

    package var horses: Int { lanes * lanes }

    /// Horse of a heat by its place there, both from 0.
    package func horse(heat: Int, place: Int) -> Int { heat * lanes + place }

    /// What is known after the heats and the race of their winners. Horses are named by what they showed: heats in the
    /// order of their winners, and in each heat by place. Any other outcome is the same with other names.
    package var opening: KnownOrder {
        var known = KnownOrder(horses: horses)
        for heat in 0..<lanes { known.race((0..<lanes).map { horse(heat: heat, place: $0) }) }
        known.race((0..<lanes).map { horse(heat: $0, place: 0) })
        return known
    }

    /// Who is still undecided after `known`: may be among the fastest, and is not sure to be.
    package func undecided(_ known: KnownOrder) -> [Int] {
        known.candidates(top: top).filter { known.slowerCount(of: $0) < horses - top }
    }

    /// Who runs in the next race: the undecided, but for the one left out where lanes are too few.
    package func nextRace(_ known: KnownOrder) -> [Int] {
        let undecided = undecided(known)
        guard undecided.count > lanes else { return undecided }
        let out = leftOut.map { undecided[$0] }
        return Array(undecided.filter { $0 != out }.prefix(lanes))
    }

    /// What a choice of racers is worth, over every order that is possible after the opening.
    package struct Worth: Hashable, Sendable {
        package var racing: [Int]
        /// Orders of all undecided horses that are possible.
        package var orders: Int
        /// Those of them after which this race settles everything.
        package var settled: Int
        /// Those after which it does not, but one more race of everybody undecided does.
        package var settledByOneMore: Int
    }

    /// Tries every order of the undecided horses that is still possible.
    package func worth(of racing: [Int]) -> Worth {
        let opening = opening
        let undecided = undecided(opening)
        // Of the others everything is known that matters.
        let known = opening.restricted(to: undecided)
        let wanted = top - (opening.candidates(top: top).count - undecided.count)
        let first = undecided.indices.filter { racing.contains(undecided[$0]) }
        var worth = Worth(racing: racing, orders: 0, settled: 0, settledByOneMore: 0)
        for order in known.possibleArrivals(of: Array(undecided.indices)) {
            worth.orders += 1
            var after = known
            after.race(order.filter(first.contains))
            if after.settled(top: wanted) != nil {
                worth.settled += 1
                continue
            }
            let last = after.candidates(top: wanted).filter { after.slowerCount(of: $0) < after.horses - wanted }
            guard last.count <= lanes else { continue }
            after.race(order.filter(last.contains))
            if after.settled(top: wanted) != nil { worth.settledByOneMore += 1 }
        }
        return worth
    }

    /// One race of a tournament.
    package struct Race: Hashable, Sendable {
        /// Fastest first.
        package var arrival: [Int]
        /// Who may still be among the fastest after it.
        package var candidates: [Int]
    }

    /// Runs the plan on horses whose speeds are given.
    ///
    /// - Parameter ranking: every horse, fastest first.
    /// - Returns: the races, and the fastest `top` that they found.
    package func run(_ ranking: [Int]) -> (races: [Race], found: [Int]) {
        precondition(ranking.count == horses, "every horse has a speed")
        var known = KnownOrder(horses: horses)
        var races: [Race] = []
        func race(_ racing: [Int]) {
            let arrival = ranking.filter(racing.contains)
            known.race(arrival)
            races.append(Race(arrival: arrival, candidates: known.candidates(top: top)))
        }
        for heat in 0..<lanes { race((0..<lanes).map { horse(heat: heat, place: $0) }) }
        race(races.map { $0.arrival[0] })
        while true {
            if let found = known.settled(top: top) { return (races, found) }
            race(nextRace(known))
        }
    }
}
