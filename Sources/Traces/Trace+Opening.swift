extension Trace {
    /// What every node is when only the events from `start` on are shown: a crash, or its latest state. With order 0, and at the time
    /// of the first event that is shown.
    public func opening(at start: Int) -> [Event] {
        guard start < events.count else { return [] }
        var isDown: [String: Bool] = [:]
        var states: [String: String] = [:]
        for event in events[..<start] {
            switch event.kind {
            case .crash: isDown[event.node] = true
            case .restart: isDown[event.node] = false
            default: break
            }
            if let state = event.kind == .state ? event.label : event.state { states[event.node] = state }
        }
        let time = events[start].time
        return header.nodes.compactMap { node in
            if isDown[node] == true { return Event(order: 0, time: time, kind: .crash, node: node) }
            return states[node].map { Event(order: 0, time: time, kind: .state, node: node, label: $0) }
        }
    }
}
