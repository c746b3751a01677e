public import StateMachines

/// The steps inside a strongly connected part of a search's graph, and for each what it does for what was waiting where
/// laps begin.
///
/// A run is (weakly) fair when nothing waits for ever in it. A lap that is run for ever is fair when each thing that
/// waits at its beginning comes, or stops being possible, on one of its steps; what does not wait there does not wait for ever. A part all of whose
/// steps keep the same thing waiting has no fair lap at all, and any other part has one.
@usableFromInline struct Laps {
    @usableFromInline struct Step: Sendable {
        @usableFromInline var target: Int
        /// Bit *i*: after this step demand *i* does not wait, or waits anew.
        @usableFromInline var met: UInt64
        @inlinable init(target: Int, met: UInt64) { (self.target, self.met) = (target, met) }
    }

    @usableFromInline let start: Int
    /// The kinds of what waits at the start. At most 64: of more, a search that could be finished has never been seen.
    @usableFromInline let demands: [Fingerprint]
    /// By state. Only looked up.
    @usableFromInline var steps: [Int: [Step]] = [:]

    @inlinable init(start: Int, waiting: [Obligation]) {
        self.start = start
        var kinds: [Fingerprint] = []
        for obligation in waiting where !kinds.contains(obligation.kind) { kinds.append(obligation.kind) }
        precondition(kinds.count <= 64, "more waits in a state than a search for livelocks can follow")
        demands = kinds
    }

    /// Which demands a step meets.
    @inlinable func met(from before: [Obligation], to after: [Obligation]) -> UInt64 {
        var met = all
        for (index, kind) in demands.enumerated() {
            let waiting = before.filter { $0.kind == kind }
            if !waiting.isEmpty, waiting.allSatisfy(after.contains) { met &= ~(1 << UInt64(index)) }
        }
        return met
    }

    @inlinable var all: UInt64 { demands.count == 64 ? .max : 1 << UInt64(demands.count) - 1 }

    /// The steps of a shortest fair lap; `nil` when there is none, or no time to find it.
    @usableFromInline func shortest(isLate: () -> Bool) -> [Step]? {
        struct Place: Hashable { var state: Int, met: UInt64 }
        guard steps.values.joined().reduce(0, { $0 | $1.met }) == all else { return nil }
        var reached: [(place: Place, parent: Int, step: Step)] = []
        var known: Set<Place> = []  // Only asked.
        func lap(endingWith step: Step, from parent: Int) -> [Step] {
            var (lap, position) = ([step], parent)
            while position >= 0 {
                lap.append(reached[position].step)
                position = reached[position].parent
            }
            return lap.reversed()
        }
        var (next, here) = (0, Place(state: start, met: 0))
        var parent = -1
        while true {
            if next & 1_023 == 0, isLate() { return nil }
            for step in steps[here.state] ?? [] {
                let place = Place(state: step.target, met: here.met | step.met)
                if place == Place(state: start, met: all) { return lap(endingWith: step, from: parent) }
                if known.insert(place).inserted { reached.append((place, parent, step)) }
            }
            guard next < reached.count else { return nil }
            (here, parent) = (reached[next].place, next)
            next += 1
        }
    }
}
