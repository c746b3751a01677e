public import Checking
public import StateMachines

// MARK: - Promises that can no longer come true

extension BreadthFirstSearch {
    /// Reports the earliest state from which no fault-free run reaches the promise.
    @inlinable mutating func findDoomedState() {
        for (position, index) in plan.eventual.enumerated() {
            let canKeep = reaching(isKept[position])
            guard let doomed = canKeep.firstIndex(of: false), found.map({ doomed < $0.state }) ?? true else { continue }
            let invariant = plan.invariants[index]
            let violation = Violation(
                invariant: invariant.name, explanation: invariant.explanation,
                problem: invariant.problem(replay(to: doomed).state) ?? invariant.explanation)
            found = Finding(invariant: index, violation: violation, state: doomed)
        }
    }

    /// The states from which some fault-free run reaches a state that is `good`.
    @usableFromInline func reaching(_ good: [Bool]) -> [Bool] {
        var starts = Array(repeating: 0, count: good.count + 1)
        for edge in edges { starts[Int(edge.to) + 1] += 1 }
        for number in good.indices { starts[number + 1] += starts[number] }
        var fill = starts
        var sources = Array(repeating: UInt32(0), count: edges.count)
        for edge in edges {
            sources[fill[Int(edge.to)]] = edge.from
            fill[Int(edge.to)] += 1
        }
        var reached = good
        var pending = good.indices.filter { good[$0] }
        while let number = pending.popLast() {
            for source in sources[starts[number]..<starts[number + 1]] where !reached[Int(source)] {
                reached[Int(source)] = true
                pending.append(Int(source))
            }
        }
        return reached
    }
}

// MARK: - The way back

extension BreadthFirstSearch {
    /// The numbers of the states on the way to a state, from an initial one, both included.
    @usableFromInline func way(to number: Int) -> [Int] {
        var way = [number]
        while Int(parents[way[way.count - 1]]) != way[way.count - 1] { way.append(Int(parents[way[way.count - 1]])) }
        return way.reversed()
    }

    /// The steps from an initial state to a state, and the state.
    @inlinable func replay(to number: Int) -> (root: Int, path: [M.Action], state: M.State) {
        let way = way(to: number)
        // An initial state that equals an earlier one has no number.
        var distinct: [Fingerprint] = []
        var roots: [Int] = []
        let initial = plan.model.initialStates
        var encoder = CanonicalEncoder()
        for (position, state) in initial.enumerated() {
            let fingerprint = plan.model.fingerprint(of: state, using: &encoder)
            guard !distinct.contains(fingerprint) else { continue }
            distinct.append(fingerprint)
            roots.append(position)
        }
        var state = initial[roots[way[0]]]
        var path: [M.Action] = []
        var successors: [Successor<M.State, M.Action>] = []
        for index in way.indices.dropFirst() {
            successors.removeAll(keepingCapacity: true)
            let asleep = plan.isReduced ? sleeping[way[index - 1]] : 0
            plan.model.appendSuccessors(of: state, sleeping: asleep, to: &successors)
            let successor = successors[Int(ordinals[way[index]])]
            path.append(successor.action)
            state = successor.state
        }
        return (roots[way[0]], path, state)
    }

    @inlinable func result(_ bound: Bound?, _ cycle: [M.Action]) -> SearchResult<M.Action> {
        var (root, path): (Int, [M.Action]) = (0, [])
        if let found { (root, path, _) = replay(to: found.state) }
        let isComplete = bound == nil && found == nil
        let stop = bound ?? .states(progress.states)
        let verdicts = plan.invariants.enumerated().map { index, invariant -> Verdict in
            if let found, found.invariant == index { return .violated(found.violation) }
            if invariant.kind == .sometimes, witnessed[index] { return .holds }
            guard isComplete else { return .unknown(stop) }
            guard invariant.kind == .sometimes else { return .holds }
            return .violated(
                Violation(
                    invariant: invariant.name, explanation: invariant.explanation, problem: invariant.explanation))
        }
        let broken = verdicts.firstIndex { if case .violated = $0 { true } else { false } }
        return SearchResult(
            verdicts: verdicts, broken: broken, path: path, cycle: cycle, root: root, bound: bound, progress: progress)
    }
}
