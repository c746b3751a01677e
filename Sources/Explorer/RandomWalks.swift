public import Checking
public import StateMachines

/// Walks at random, each step to one of the successors, all of which are judged.
///
/// Faults are most of what can happen, and soon used up; so each walk draws how likely they are, from never to as
/// likely as everything else. Reaches depths that no exhaustive search reaches, and proves nothing: walks miss states, even in small models.
/// Everything follows from the seed.
public struct RandomWalks<M: Model> {
    @usableFromInline let plan: SearchPlan<M>
    @usableFromInline let seed: UInt64
    @usableFromInline let walks: Int
    @usableFromInline let depth: Int
    @usableFromInline let visited = VisitedTable()
    @usableFromInline var progress = SearchProgress()
    @usableFromInline var witnessed: [Bool]
    @usableFromInline var found: (invariant: Int, violation: Violation)?
    @usableFromInline var path: [M.Action] = []
    @usableFromInline var root = 0
    @usableFromInline var encoder = CanonicalEncoder()

    /// - Parameter depth: how many steps a walk has at most.
    @inlinable public init(_ model: M, invariants: [Invariant<M.State>], seed: UInt64, walks: Int, depth: Int) {
        plan = SearchPlan(model, invariants, isReduced: false)
        self.seed = seed
        self.walks = walks
        self.depth = depth
        witnessed = invariants.map { _ in false }
    }

    /// Walks until a violation, or until all walks are done.
    ///
    /// - Parameter limit: of real time.
    @inlinable public mutating func run(
        limit: Duration? = nil, elapsed: () -> Duration = { .zero }, report: (SearchProgress) -> Void = { _ in }
    ) -> SearchResult<M.Action> {
        var bound = Bound.depth(depth)
        for walk in 0..<walks where found == nil {
            progress.elapsed = elapsed()
            if walk & 63 == 0 { report(progress) }
            if let limit, progress.elapsed > limit {
                bound = .elapsed(milliseconds: Int(limit / .milliseconds(1)))
                break
            }
            var random = SplitMix64(seed: seed, stream: "walk \(walk)")
            take(&random)
        }
        progress.elapsed = elapsed()
        report(progress)
        return result(bound)
    }

    @inlinable mutating func take(_ random: inout SplitMix64) {
        path.removeAll(keepingCapacity: true)
        let initial = plan.model.initialStates
        root = Int(random.uniform(in: 0...UInt64(initial.count - 1)))
        var state = initial[root]
        see(state)
        var successors: [Successor<M.State, M.Action>] = []
        let faultChance = Self.faultChances[Int(random.uniform(in: 0...UInt64(Self.faultChances.count - 1)))]
        while path.count < depth, found == nil {
            successors.removeAll(keepingCapacity: true)
            plan.model.appendSuccessors(of: state, to: &successors)
            checkWayOn(from: state, successors)
            for sibling in successors where found == nil {
                see(sibling.state)
                if found != nil { path.append(sibling.action) }
            }
            guard found == nil, !successors.isEmpty else { break }
            let chosen = successors[choose(among: successors, faultChance, &random)]
            path.append(chosen.action)
            state = chosen.state
        }
        progress.depth = max(progress.depth, path.count + 1)
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

    @inlinable mutating func see(_ state: M.State) {
        progress.generated += 1
        if visited.insert(plan.model.fingerprint(of: state, using: &encoder), number: 0) { progress.states += 1 }
        for index in plan.invariants.indices {
            switch plan.invariants[index].kind {
            case .always:
                guard found == nil, let violation = plan.invariants[index].violation(by: state) else { continue }
                found = (index, violation)
            case .sometimes:
                if !witnessed[index] { witnessed[index] = plan.invariants[index].problem(state) == nil }
            case .eventually: continue
            }
        }
    }

    /// Reports a state from which only faults lead on and in which an eventually invariant is broken.
    @inlinable mutating func checkWayOn(from state: M.State, _ successors: [Successor<M.State, M.Action>]) {
        guard !plan.eventual.isEmpty, successors.allSatisfy(\.isFault) else { return }
        for index in plan.eventual where found == nil {
            found = plan.invariants[index].violation(by: state).map { (index, $0) }
        }
    }

    @inlinable func result(_ bound: Bound) -> SearchResult<M.Action> {
        let verdicts = plan.invariants.indices.map { index -> Verdict in
            if let found, found.invariant == index { return .violated(found.violation) }
            return witnessed[index] ? .holds : .unknown(bound)
        }
        return SearchResult(
            verdicts: verdicts, broken: found?.invariant, path: found == nil ? [] : path, root: root, bound: bound,
            progress: progress)
    }
}
