import Faults
import StateMachines

extension Simulation {
    /// Begins a fault now, and plans its end.
    ///
    /// - Parameter cause: the order of the trace event that it waited for.
    mutating func beginFault(_ position: Int, cause: Int?) {
        let fault = script.entries[position].fault
        script.begin(position)
        let events = beginning(of: fault.action)
        if fault.action.cutsLinks { linkFaults.append((position, events)) }
        if fault.action == .heal { linkFaults = [] }
        for event in events { perform(WorldStep(event), cause: cause) }
        if let duration = duration(of: fault) {
            scheduleFault(.faultEnds(position), at: now + duration, .faultEnds, position)
        } else if !fault.action.isAboutMessages {
            script.end(position)
        }
    }

    /// A session expires when its client has been silent for long enough.
    private func duration(of fault: Fault) -> Tick? {
        if case .expireSession = fault.action { return plan.sessionSilence }
        return fault.duration
    }

    private mutating func beginning(of action: FaultAction) -> [WorldEvent<Node.Command>] {
        switch action {
        case .drop, .delay, .duplicate, .reorder, .loseReply: []
        case .partition(let groups): [.partition(groups.map { $0.map(script.node) })]
        case .oneWay(let from, let to): [.cut(from: script.node(from), to: script.node(to))]
        case .isolate(let name), .expireSession(let name):
            [.partition([[script.node(name)], world.identifiers.filter { $0 != script.node(name) }])]
        case .heal: [.heal]
        case .crash(let name):
            [.crash(script.node(name), keeping: keptRecords(of: name, among: world[script.node(name)].unsynced.count))]
        case .loseUnsynced(let name): [.crash(script.node(name), keeping: 0)]
        case .restart(let name): [.restart(script.node(name))]
        case .pause(let name): [.pause(script.node(name))]
        case .resume(let name): [.resume(script.node(name))]
        case .skew(let name, let offset): [.skew(script.node(name), microseconds: offset.microseconds)]
        }
    }

    /// How many records that were not forced a crash leaves.
    private mutating func keptRecords(of name: String, among count: Int) -> Int {
        guard plan.disk.mayKeepUnsynced else { return 0 }
        return streams.draw(.init(word: "unsynced", from: script.node(name))) { Int($0.uniform(in: 0...UInt64(count))) }
    }

    /// Undoes a fault whose duration is over. Links stay cut where another fault still cuts them.
    mutating func endFault(_ position: Int) {
        let action = script.entries[position].fault.action
        script.end(position)
        switch action {
        case .partition, .oneWay, .isolate, .expireSession:
            guard linkFaults.contains(where: { $0.fault == position }) else { return }
            linkFaults.removeAll { $0.fault == position }
            perform(WorldStep(.heal), cause: nil)
            for event in linkFaults.flatMap(\.events) { perform(WorldStep(event), cause: nil) }
        case .crash(let name), .loseUnsynced(let name): perform(WorldStep(.restart(script.node(name))), cause: nil)
        case .pause(let name): perform(WorldStep(.resume(script.node(name))), cause: nil)
        case .skew(let name, let offset):
            perform(WorldStep(.skew(script.node(name), microseconds: -offset.microseconds)), cause: nil)
        case .drop, .delay, .duplicate, .reorder, .loseReply, .heal, .restart, .resume: break
        }
    }
}
