public import Checking
public import Messages
public import StateMachines

// MARK: - Livelock

extension BreadthFirstSearch {
    /// Reports a cycle of steps that are no faults, through states in which an eventually invariant is broken.
    ///
    /// Of all such cycles: one through the earliest state that lies on any, and the shortest through it. The cycle is
    /// walked twice from the end of a real run, so that states which were taken for equal because their fingerprints
    /// leave something out (the size of ballots, say) have proved to be.
    @inlinable mutating func findCycle() -> [M.Action] {
        for (position, index) in plan.eventual.enumerated() {
            let graph = StateGraph(edges, among: isKept[position])
            for start in graph.cycleEntries() {
                guard let cycle = walk(graph.shortestCycle(through: start)) else { continue }
                let invariant = plan.invariants[index]
                let violation = Violation(
                    invariant: invariant.name, explanation: invariant.explanation,
                    problem: ExploreMessages.livelock(
                        steps: cycle.count, problem: invariant.problem(replay(to: start).state)))
                found = Finding(invariant: index, violation: violation, state: start)
                return cycle
            }
        }
        return []
    }

    /// The steps of a cycle, walked twice; `nil` when its second round leads elsewhere.
    @inlinable func walk(_ numbers: [Int]) -> [M.Action]? {
        var (encoder, steps) = (CanonicalEncoder(), [M.Action]())
        var state = replay(to: numbers[0]).state
        var successors: [Successor<M.State, M.Action>] = []
        for number in 1...numbers.count * 2 {
            successors.removeAll(keepingCapacity: true)
            plan.model.appendSuccessors(of: state, to: &successors)
            let wanted = numbers[number % numbers.count]
            let next = successors.first {
                !$0.isFault && visited.number(of: plan.model.fingerprint(of: $0.state, using: &encoder)) == wanted
            }
            guard let next else { return nil }
            if number <= numbers.count { steps.append(next.action) }
            state = next.state
        }
        return steps
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

    /// The earliest state of each strongly connected component with more than one state, in ascending order.
    ///
    /// - Source: Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1972, with a stack
    ///   of its own.
    @usableFromInline func cycleEntries() -> [Int] {
        var tarjan = Components(count: starts.count - 1)
        for root in 0..<starts.count - 1 where tarjan.order[root] == 0 { tarjan.visit(root, successors) }
        return tarjan.entries.sorted()
    }

    /// The states of a shortest cycle, `start` first.
    ///
    /// - Precondition: there is one.
    @usableFromInline func shortestCycle(through start: Int) -> [Int] {
        var parents: [Int: Int] = [:]  // Only looked up.
        var level = [start]
        while !level.isEmpty {
            var next: [Int] = []
            for state in level {
                for target in successors(of: state).map(Int.init) where target == start || parents[target] == nil {
                    guard target != start else {
                        var cycle = [state]
                        while let last = cycle.last, last != start, let parent = parents[last] { cycle.append(parent) }
                        return cycle.reversed()
                    }
                    parents[target] = state
                    next.append(target)
                }
            }
            level = next
        }
        preconditionFailure("state \(start) lies on no cycle")
    }

    private struct Components {
        /// From 1, in the order in which states were met; 0 for the others.
        var order: [Int]
        var low: [Int]
        var isOpen: [Bool]
        var open: [Int] = []
        var met = 0
        var entries: [Int] = []

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
            if component.count > 1, let first = component.min() { entries.append(first) }
        }
    }
}
