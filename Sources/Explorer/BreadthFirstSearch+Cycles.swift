public import Checking
public import Messages
public import StateMachines

// MARK: - Livelock

extension BreadthFirstSearch {
    /// Reports a fair cycle of steps that are no faults, through states in which an eventually invariant is broken.
    ///
    /// Of all such cycles: one through the earliest state that lies on any, and the shortest through it. Fair means that
    /// nothing waits for ever on it: no message, timer or write that is possible all along is put off in every lap. The cycle is
    /// walked twice from the end of a real run, so that states which were taken for equal because their fingerprints
    /// leave something out (the size of ballots, say) have proved to be.
    ///
    /// - Parameter isLate: whether to give up.
    @inlinable mutating func findCycle(isLate: () -> Bool) -> [M.Action] {
        for (position, index) in plan.eventual.enumerated() {
            let graph = StateGraph(edges, among: isKept[position])
            for component in graph.components() {
                guard !isLate() else { return [] }
                guard let laps = laps(within: component, isLate), let lap = laps.shortest(isLate: isLate),
                    let cycle = walk(lap, of: laps)
                else { continue }
                let invariant = plan.invariants[index]
                let violation = Violation(
                    invariant: invariant.name, explanation: invariant.explanation,
                    problem: SimulatorMessages.livelock(
                        steps: cycle.count, problem: invariant.problem(replay(to: laps.start).state)))
                found = Finding(invariant: index, violation: violation, state: laps.start)
                return cycle
            }
        }
        return []
    }

    /// All steps between the states of a component, taken once more to see what each does for what was waiting.
    ///
    /// - Parameter component: the numbers of its states, the earliest first.
    /// - Returns: `nil` when there is no time for it.
    @inlinable func laps(within component: [Int], _ isLate: () -> Bool) -> Laps? {
        let members = Set(component)  // Only asked.
        var encoder = CanonicalEncoder()
        var level = [(number: component[0], state: replay(to: component[0]).state)]
        var laps = Laps(start: component[0], waiting: plan.model.obligations(of: level[0].state))
        laps.steps[component[0]] = []
        var successors: [Successor<M.State, M.Action>] = []
        while !level.isEmpty {
            var next: [(number: Int, state: M.State)] = []
            for (number, state) in level {
                guard !isLate() else { return nil }
                let waiting = plan.model.obligations(of: state)
                successors.removeAll(keepingCapacity: true)
                plan.model.appendSuccessors(of: state, to: &successors)
                for successor in successors where !successor.isFault {
                    let fingerprint = plan.model.fingerprint(of: successor.state, using: &encoder)
                    guard let target = visited.number(of: fingerprint), members.contains(target) else { continue }
                    let met = laps.met(from: waiting, to: plan.model.obligations(of: successor.state))
                    laps.steps[number, default: []].append(Laps.Step(target: target, met: met))
                    guard laps.steps[target] == nil else { continue }
                    laps.steps[target] = []
                    next.append((target, successor.state))
                }
            }
            level = next
        }
        return laps
    }

    /// The steps of a lap, walked twice; `nil` when its second round leads elsewhere, or does less for what was waiting.
    @inlinable func walk(_ lap: [Laps.Step], of laps: Laps) -> [M.Action]? {
        var (encoder, actions) = (CanonicalEncoder(), [M.Action]())
        var state = replay(to: laps.start).state
        var successors: [Successor<M.State, M.Action>] = []
        for index in 0..<lap.count * 2 {
            let step = lap[index % lap.count]
            let waiting = plan.model.obligations(of: state)
            successors.removeAll(keepingCapacity: true)
            plan.model.appendSuccessors(of: state, to: &successors)
            let next = successors.first {
                !$0.isFault && visited.number(of: plan.model.fingerprint(of: $0.state, using: &encoder)) == step.target
                    && laps.met(from: waiting, to: plan.model.obligations(of: $0.state)) & step.met == step.met
            }
            guard let next else { return nil }
            if index < lap.count { actions.append(next.action) }
            state = next.state
        }
        return actions
    }
}

/// The states in which a promise is not kept, and the steps between them.
@usableFromInline struct StateGraph {
    private var starts: [Int]
    private var targets: [UInt32]

    /// - Parameter isKept: by state; those where it is true are left out.
    @usableFromInline init(_ edges: [(from: UInt32, to: UInt32)], among isKept: [Bool]) {
        let inner = edges.filter { !isKept[Int($0.from)] && !isKept[Int($0.to)] }
        starts = Array(repeating: 0, count: isKept.count + 1)
        for edge in inner { starts[Int(edge.from) + 1] += 1 }
        for number in isKept.indices { starts[number + 1] += starts[number] }
        var fill = starts
        targets = Array(repeating: 0, count: inner.count)
        for edge in inner {
            targets[fill[Int(edge.from)]] = edge.to
            fill[Int(edge.from)] += 1
        }
    }

    private func successors(of state: Int) -> ArraySlice<UInt32> { targets[starts[state]..<starts[state + 1]] }

    /// The strongly connected components with more than one state, by their earliest states; that one comes first in each.
    ///
    /// - Source: Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1972, with a stack
    ///   of its own.
    @usableFromInline func components() -> [[Int]] {
        var tarjan = Components(count: starts.count - 1)
        for root in 0..<starts.count - 1 where tarjan.order[root] == 0 { tarjan.visit(root, successors) }
        return tarjan.found.sorted { $0[0] < $1[0] }
    }

    private struct Components {
        /// From 1, in the order in which states were met; 0 for the others.
        var order: [Int]
        var low: [Int]
        var isOpen: [Bool]
        var open: [Int] = []
        var met = 0
        var found: [[Int]] = []

        init(count: Int) {
            order = Array(repeating: 0, count: count)
            low = order
            isOpen = Array(repeating: false, count: count)
        }

        mutating func meet(_ state: Int) {
            met += 1
            (order[state], low[state], isOpen[state]) = (met, met, true)
            open.append(state)
        }

        mutating func visit(_ root: Int, _ successors: (Int) -> ArraySlice<UInt32>) {
            var path = [(state: root, rest: successors(root))]
            meet(root)
            while let (state, _) = path.last {
                if let target = path[path.count - 1].rest.popFirst().map(Int.init) {
                    if order[target] == 0 {
                        meet(target)
                        path.append((target, successors(target)))
                    } else if isOpen[target] {
                        low[state] = min(low[state], order[target])
                    }
                    continue
                }
                path.removeLast()
                if let parent = path.last?.state { low[parent] = min(low[parent], low[state]) }
                if low[state] == order[state] { close(state) }
            }
        }

        mutating func close(_ root: Int) {
            var component: [Int] = []
            repeat {
                component.append(open.removeLast())
                isOpen[component[component.count - 1]] = false
            } while component.last != root
            if component.count > 1 { found.append(component.sorted()) }
        }
    }
}
