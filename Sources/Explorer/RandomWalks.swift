public import Checking
public import StateMachines

/// Walks at random, each step to one of the successors, all of which are judged.
///
/// Faults are most of what can happen, and soon used up; so each walk draws how likely they are, from never to as
/// likely as everything else. Reaches depths that no exhaustive search reaches, and proves nothing: walks miss states, even in
/// small models. Everything follows from the seed, however many workers there are: they take sixteen walks at a time, which
/// are counted one after the other, up to the first that found a violation.
public struct RandomWalks<M: Model>: Sendable {
    @usableFromInline static var walksOfRound: Int { 16 }

    @usableFromInline let plan: SearchPlan<M>
    @usableFromInline let seed: UInt64
    @usableFromInline let walks: Int
    @usableFromInline let depth: Int
    @usableFromInline let visited = VisitedTable()
    @usableFromInline let round: [RandomWalk<M>]
    @usableFromInline var progress = SearchProgress()
    @usableFromInline var witnessed: [Bool]
    @usableFromInline var found: RandomWalk<M>.End?

    /// - Parameter depth: how many steps a walk has at most.
    @inlinable public init(_ model: M, invariants: [Invariant<M.State>], seed: UInt64, walks: Int, depth: Int) {
        let plan = SearchPlan(model, invariants, isReduced: false)
        self.plan = plan
        self.seed = seed
        self.walks = walks
        self.depth = depth
        round = (0..<min(walks, Self.walksOfRound)).map { _ in RandomWalk(plan) }
        witnessed = invariants.map { _ in false }
    }

    /// Walks until a violation, a bound, or until all walks are done.
    ///
    /// - Parameter options: their bounds and workers.
    /// - Parameter elapsed: real time since the search began; read every sixteen walks.
    /// - Parameter report: called as often.
    @inlinable public mutating func run(
        _ options: SearchOptions = SearchOptions(), elapsed: () -> Duration = { .zero },
        report: (SearchProgress) -> Void = { _ in }
    ) -> SearchResult<M.Action> {
        let depth = min(depth, options.bounds.depth ?? depth)
        var stop: Bound?
        for first in stride(from: 0, to: walks, by: Self.walksOfRound) where found == nil && stop == nil {
            progress.elapsed = elapsed()
            report(progress)
            stop = options.exceededBound(progress, counted: visited.byteCount)
            guard stop == nil else { break }
            let (round, seed) = (round, seed)
            let count = min(round.count, walks - first)
            options.workers.perform(count) { round[$0].take(number: first + $0, seed: seed, depth: depth) }
            for walk in round[..<count] where found == nil && stop == nil {
                add(walk)
                if found == nil { stop = options.bounds.bound(atStates: progress.states) }
            }
        }
        progress.elapsed = elapsed()
        report(progress)
        return result(stop ?? .depth(depth))
    }

    @inlinable mutating func add(_ walk: RandomWalk<M>) {
        progress.generated += walk.fingerprints.count
        for fingerprint in walk.fingerprints where visited.insert(fingerprint, number: 0) { progress.states += 1 }
        progress.depth = max(progress.depth, walk.path.count + 1)
        for index in witnessed.indices where walk.witnessed[index] { witnessed[index] = true }
        found = walk.end
    }

    @inlinable func result(_ bound: Bound) -> SearchResult<M.Action> {
        let verdicts = plan.invariants.indices.map { index -> Verdict in
            if let found, found.invariant == index { return .violated(found.violation) }
            return witnessed[index] ? .holds : .unknown(bound)
        }
        return SearchResult(
            verdicts: verdicts, broken: found?.invariant, path: found?.path ?? [], root: found?.root ?? 0, bound: bound,
            progress: progress)
    }
}

/// One walk, and what it has seen.
// SAFETY: one worker takes a walk, and nobody reads it before all workers have come to the end of their walks.
@usableFromInline final class RandomWalk<M: Model>: @unchecked Sendable {
    /// A violation, and the way to it.
    @usableFromInline struct End: Sendable {
        @usableFromInline var invariant: Int
        @usableFromInline var violation: Violation
        @usableFromInline var path: [M.Action]
        @usableFromInline var root: Int
        @inlinable init(invariant: Int, violation: Violation, path: [M.Action], root: Int) {
            (self.invariant, self.violation, self.path, self.root) = (invariant, violation, path, root)
        }
    }

    @usableFromInline let plan: SearchPlan<M>
    @usableFromInline var encoder = CanonicalEncoder()
    @usableFromInline var root = 0
    @usableFromInline var path: [M.Action] = []
    /// Of every state that was judged, with repetitions.
    @usableFromInline var fingerprints: [Fingerprint] = []
    /// By invariant.
    @usableFromInline var witnessed: [Bool] = []
    @usableFromInline var end: End?

    @inlinable init(_ plan: SearchPlan<M>) { self.plan = plan }

    @inlinable func take(number: Int, seed: UInt64, depth: Int) {
        var random = SplitMix64(seed: seed, stream: "walk \(number)")
        path.removeAll(keepingCapacity: true)
        fingerprints.removeAll(keepingCapacity: true)
        witnessed = plan.invariants.map { _ in false }
        end = nil
        let initial = plan.model.initialStates
        root = Int(random.uniform(in: 0...UInt64(initial.count - 1)))
        var state = initial[root]
        see(state, after: nil)
        var successors: [Successor<M.State, M.Action>] = []
        let faultChance = Self.faultChances[Int(random.uniform(in: 0...UInt64(Self.faultChances.count - 1)))]
        while path.count < depth, end == nil {
            successors.removeAll(keepingCapacity: true)
            plan.model.appendSuccessors(of: state, to: &successors)
            checkWayOn(from: state, successors)
            for sibling in successors where end == nil { see(sibling.state, after: sibling.action) }
            guard end == nil, !successors.isEmpty else { return }
            let chosen = successors[choose(among: successors, faultChance, &random)]
            path.append(chosen.action)
            state = chosen.state
        }
    }

    /// In parts per million, where something else can happen, too.
    @inlinable static var faultChances: [UInt64] { [0, 10_000, 30_000, 100_000, 500_000] }

    @inlinable func choose(
        among successors: [Successor<M.State, M.Action>], _ faultChance: UInt64, _ random: inout SplitMix64
    ) -> Int {
        let wantsFault = random.chance(partsPerMillion: faultChance)
        var wanted = successors.indices.filter { successors[$0].isFault == wantsFault }
        if wanted.isEmpty { wanted = Array(successors.indices) }
        return wanted[Int(random.uniform(in: 0...UInt64(wanted.count - 1)))]
    }

    @inlinable func see(_ state: M.State, after action: M.Action?) {
        fingerprints.append(plan.model.fingerprint(of: state, using: &encoder))
        for index in plan.invariants.indices {
            switch plan.invariants[index].kind {
            case .always:
                guard end == nil, let violation = plan.invariants[index].violation(by: state) else { continue }
                if let action { path.append(action) }
                end = End(invariant: index, violation: violation, path: path, root: root)
            case .sometimes:
                if !witnessed[index] { witnessed[index] = plan.invariants[index].problem(state) == nil }
            case .eventually: continue
            }
        }
    }

    /// Reports a state from which only faults lead on and in which an eventually invariant is broken.
    @inlinable func checkWayOn(from state: M.State, _ successors: [Successor<M.State, M.Action>]) {
        guard !plan.eventual.isEmpty, successors.allSatisfy(\.isFault) else { return }
        for index in plan.eventual where end == nil {
            end = plan.invariants[index].violation(by: state).map {
                End(invariant: index, violation: $0, path: path, root: root)
            }
        }
    }
}
