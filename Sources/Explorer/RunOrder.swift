import Simulator
import StateMachines

/// Puts the events of a run that breaks a promise into an order that tells no more than it must: partitions are as short
/// as they can be, and what happens side by side stands in one order whoever found the run.
struct RunOrder<Node: ProtocolNode> {
    typealias Event = RunEvent<Node.Command>

    let play: ([Event]) -> [Event]?
    /// For each event of a run its node, if any, and the events that it follows directly.
    let history: ([Event]) -> (nodes: [NodeID?], causes: [[Int]])

    /// As many events as before, and the same promise broken.
    ///
    /// - Complexity: O(*n*²) plays for *n* events at worst.
    func settled(_ events: [Event]) -> [Event] {
        var events = events
        shortenPartitions(of: &events)
        _ = accept(levelled(events), &events)
        return events
    }

    private func accept(_ candidate: [Event], _ events: inout [Event]) -> Bool {
        guard candidate != events, let played = play(candidate), played.count == events.count else { return false }
        events = played
        return true
    }

    /// A cut moves down, and a heal up, past one event at a time.
    private func shortenPartitions(of events: inout [Event]) {
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for index in events.indices.dropLast()
            where events[index].cutsLinks && !events[index + 1].isAboutLinks
                || events[index + 1].isHeal && !events[index].isAboutLinks
            {
                var candidate = events
                candidate.swapAt(index, index + 1)
                if accept(candidate, &events) { hasMoved = true }
            }
        }
    }

    /// Between two events that touch everybody, by the length of the longest chain that leads to each event, and by node.
    private func levelled(_ events: [Event]) -> [Event] {
        let (nodes, causes) = history(events)
        var (stage, stages, depths): (Int, [Int], [Int]) = (0, [], [])
        for index in events.indices {
            let isForAll = nodes[index] == nil || events[index].firesTimer
            if isForAll { stage += 1 }
            stages.append(stage)
            depths.append(1 + (causes[index].map { depths[$0] }.max() ?? 0))
            if isForAll { stage += 1 }
        }
        func key(_ index: Int) -> (Int, Int, Int, Int) {
            (stages[index], depths[index], nodes[index]?.index ?? 0, index)
        }
        return events.indices.sorted { key($0) < key($1) }.map { events[$0] }
    }
}

extension RunEvent {
    fileprivate var isHeal: Bool { if case .heal = step.event { true } else { false } }
    fileprivate var cutsLinks: Bool {
        switch step.event {
        case .partition, .cut: true
        default: false
        }
    }
    fileprivate var isAboutLinks: Bool { isHeal || cutsLinks }
    /// Timers wait for everything else.
    fileprivate var firesTimer: Bool { if case .fireTimer = step.event { true } else { false } }
}
