package import StateMachines

extension Fault {
    /// The same fault in another play: every name exchanged for another one, and everything later by `delay`.
    ///
    /// - Parameter name: the name there; `nil` where the play has nobody like that.
    /// - Returns: `nil` when somebody it names is not there, or when it waits for something other than a time.
    package func recast(later delay: Tick, _ name: (String) -> String?) -> Fault? {
        var fault = self
        switch start {
        case .immediately: fault.start = .at(delay)
        case .at(let time): fault.start = .at(time + delay)
        case .after: return nil
        }
        guard let action = action.recast(name) else { return nil }
        fault.action = action
        return fault
    }
}

extension FaultAction {
    fileprivate func recast(_ name: (String) -> String?) -> FaultAction? {
        switch self {
        case .drop(let messages): messages.recast(name).map(FaultAction.drop)
        case .delay(let messages, let time): messages.recast(name).map { .delay($0, by: time) }
        case .duplicate(let messages): messages.recast(name).map(FaultAction.duplicate)
        case .reorder(let messages): messages.recast(name).map(FaultAction.reorder)
        case .partition(let groups): Self.recast(groups, name).map(FaultAction.partition)
        case .oneWay(let from, let to): name(from).flatMap { from in name(to).map { .oneWay(from: from, to: $0) } }
        case .isolate(let node): name(node).map(FaultAction.isolate)
        case .heal: .heal
        case .crash(let node): name(node).map(FaultAction.crash)
        case .restart(let node): name(node).map(FaultAction.restart)
        case .pause(let node): name(node).map(FaultAction.pause)
        case .resume(let node): name(node).map(FaultAction.resume)
        case .skew(let node, let offset): name(node).map { .skew($0, offset) }
        case .loseUnsynced(let node): name(node).map(FaultAction.loseUnsynced)
        case .expireSession: nil
        case .loseReply(let node, let repetition): name(node).map { .loseReply($0, repetition) }
        }
    }

    private static func recast(_ groups: [[String]], _ name: (String) -> String?) -> [[String]]? {
        var recast: [[String]] = []
        for group in groups {
            let names = group.compactMap(name)
            guard names.count == group.count else { return nil }
            recast.append(names)
        }
        return recast
    }
}

extension MessageSelector {
    fileprivate func recast(_ name: (String) -> String?) -> MessageSelector? {
        var selector = self
        selector.from = from.flatMap(name)
        selector.to = to.flatMap(name)
        return (selector.from == nil) == (from == nil) && (selector.to == nil) == (to == nil) ? selector : nil
    }
}
