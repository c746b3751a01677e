/// What must come before what, and why.
struct Digraph<Reason> {
    struct Edge {
        var from: Int
        var to: Int
        var reason: Reason
    }

    let count: Int
    private(set) var edges: [Edge] = []
    /// Indices of edges by the node they leave.
    private var leaving: [[Int]]

    init(count: Int) {
        self.count = count
        leaving = Array(repeating: [], count: count)
    }

    mutating func add(_ from: Int, _ to: Int, _ reason: Reason) {
        leaving[from].append(edges.count)
        edges.append(Edge(from: from, to: to, reason: reason))
    }

    /// Every node after all that must come before it; `nil` where edges run in a circle.
    func topologicalOrder() -> [Int]? {
        let order = withoutCircles()
        return order.count == count ? order : nil
    }

    /// Nodes that can be put in order, and their order; on every circle there are others.
    private func withoutCircles() -> [Int] {
        var entering = Array(repeating: 0, count: count)
        for edge in edges { entering[edge.to] += 1 }
        var order = (0..<count).filter { entering[$0] == 0 }
        var next = 0
        while next < order.count {
            for edge in leaving[order[next]] {
                entering[edges[edge].to] -= 1
                if entering[edges[edge].to] == 0 { order.append(edges[edge].to) }
            }
            next += 1
        }
        return order
    }

    /// A shortest circle, as edges each of which begins where the one before ends; of several the one with the first node.
    ///
    /// - Complexity: O(nodes · edges) where there is one, linear where there is none.
    func shortestCircle() -> [Edge]? {
        let ordered = Set(withoutCircles())
        guard ordered.count < count else { return nil }
        var shortest: [Edge]?
        for start in 0..<count where !ordered.contains(start) {
            if let circle = circle(through: start, shorterThan: shortest?.count ?? .max) { shortest = circle }
            if shortest?.count == 1 { break }
        }
        return shortest
    }

    /// Breadth first from the node back to itself.
    private func circle(through start: Int, shorterThan limit: Int) -> [Edge]? {
        var cameBy: [Int] = Array(repeating: -1, count: count)
        var wave = [start]
        var length = 0
        while !wave.isEmpty, length + 1 < limit {
            length += 1
            var following: [Int] = []
            for node in wave {
                for edge in leaving[node] {
                    let target = edges[edge].to
                    if target == start { return path(to: node, by: cameBy, from: start) + [edges[edge]] }
                    if cameBy[target] >= 0 { continue }
                    cameBy[target] = edge
                    following.append(target)
                }
            }
            wave = following
        }
        return nil
    }

    private func path(to end: Int, by cameBy: [Int], from start: Int) -> [Edge] {
        var (path, node): ([Edge], Int) = ([], end)
        while node != start {
            path.append(edges[cameBy[node]])
            node = edges[cameBy[node]].from
        }
        return path.reversed()
    }
}
