package import Checking
import Messages
package import Simulator
import StateMachines
import Traces
package import Zab

/// What the atomic broadcast of an ensemble promises.
///
/// - Source: the invariants of `Zab.tla` and of the mixed specification of ZooKeeper, by name, as far as a state or a
///   trace shows them; Junqueira, Reed and Serafini, DSN 2011, section 3.
package struct ZabInvariants: Sendable {
    package typealias State = World<ZabNode>

    let names: [String]

    package init(names: [String]) { self.names = names }

    /// Of every state.
    package var always: [Invariant<State>] { [leadership, prefixConsistency, leaderCompleteness, totalOrder] }

    /// Nodes that are up and serve clients.
    private func serving(_ state: State) -> [(name: String, machine: ZabNode)] {
        state.identifiers.compactMap { id in
            let node = state[id]
            guard node.isUp || node.status == .paused, node.machine.peer.role != .looking else { return nil }
            return (names[id.index], node.machine)
        }
    }

    package var leadership: Invariant<State> {
        Invariant("leadership", explanation: ZabMessages.leadership) { state in
            var leaders: [(name: String, epoch: Epoch)] = []
            for (name, machine) in serving(state) {
                guard case .leading(let epoch) = machine.peer.role else { continue }
                if let other = leaders.first(where: { $0.epoch == epoch }) {
                    return ZabMessages.twoLeaders(other.name, name, epoch: epoch)
                }
                leaders.append((name, epoch))
            }
            return nil
        }
    }

    package var prefixConsistency: Invariant<State> {
        Invariant("prefix-consistency", explanation: ZabMessages.prefixConsistency) { state in
            let serving = serving(state)
            for (index, first) in serving.enumerated() {
                for second in serving.dropFirst(index + 1) {
                    for (left, right) in zip(first.machine.state, second.machine.state) where left != right {
                        return ZabMessages.diverged(
                            first.name, second.name, at: left.zxid.shortDescription, other: right.zxid.shortDescription)
                    }
                }
            }
            return nil
        }
    }

    package var leaderCompleteness: Invariant<State> {
        Invariant("leader-completeness", explanation: ZabMessages.leaderCompleteness) { state in
            let serving = serving(state)
            for leader in serving {
                guard case .leading(let epoch) = leader.machine.peer.role else { continue }
                for server in serving where server.machine.peer.role.epoch ?? 0 <= epoch {
                    let missing = zip(server.machine.state, leader.machine.log).first { $0 != $1 }?.0
                    let beyond = server.machine.state.dropFirst(leader.machine.log.count).first
                    if let entry = missing ?? beyond {
                        return ZabMessages.leaderLacks(
                            leader.name, entry.zxid.shortDescription, deliveredBy: server.name)
                    }
                }
            }
            return nil
        }
    }

    package var totalOrder: Invariant<State> {
        Invariant("total-order", explanation: ZabMessages.totalOrder) { state in
            for (name, machine) in serving(state) {
                for (earlier, later) in zip(machine.state, machine.state.dropFirst()) where earlier.zxid >= later.zxid {
                    return ZabMessages.outOfOrder(
                        name, later.zxid.shortDescription, after: earlier.zxid.shortDescription)
                }
            }
            return nil
        }
    }
}

// MARK: - Over a whole run

extension ZabInvariants {
    package typealias Run = FinishedRun<ZabNode>

    /// Of a run that is over: what no single state shows.
    package var ofWholeRun: [Invariant<Run>] {
        [
            Invariant("agreement", explanation: ZabMessages.agreement) { disagreement(in: deliveries($0)) },
            Invariant("integrity", explanation: ZabMessages.integrity) { forgery(in: deliveries($0), $0.trace) },
            Invariant("committed-log-durability", explanation: ZabMessages.durability) { run in
                loss(of: deliveries(run), in: run.world)
            },
            Invariant("global-primary-order", explanation: ZabMessages.globalPrimaryOrder) { run in
                returned(in: deliveries(run), reigns(run))
            },
        ]
    }

    /// All that is wrong with a run. Everything must have been mended some time before its end.
    package func problems(of result: SimulationResult<ZabNode>) -> [Violation] {
        let run = Run(trace: result.trace, world: result.world)
        let found = ofWholeRun.map { $0.violation(by: run) } + [liveness.violation(by: result.world)]
        return result.violations + found.compactMap(\.self)
    }

    private func deliveries(_ run: Run) -> [Delivery] {
        run.trace.events.filter { $0.kind == .decide }.map { Delivery(zxid: $0.payload ?? "", payload: $0.label ?? "") }
    }

    private func reigns(_ run: Run) -> [Reign] {
        run.trace.events.filter { $0.kind == .phaseBegin }.compactMap { Reign($0.label ?? "") }
    }

    private struct Delivery: Hashable {
        var zxid: String
        var payload: String
    }

    private func disagreement(in deliveries: [Delivery]) -> LocalizedText? {
        var payloads: [String: String] = [:]
        for delivery in deliveries {
            let other = payloads.updateValue(delivery.payload, forKey: delivery.zxid)
            if let other, other != delivery.payload {
                return ZabMessages.disagreed(delivery.zxid, other, delivery.payload)
            }
        }
        return nil
    }

    /// What nobody asked for, or what came twice.
    private func forgery(in deliveries: [Delivery], _ trace: Trace) -> LocalizedText? {
        let asked = Set(trace.events.filter { $0.kind == .invoke }.compactMap(\.payload))
        var zxids: [String: String] = [:]
        for delivery in deliveries {
            guard asked.contains(delivery.payload) else { return ZabMessages.neverAsked(delivery.payload) }
            let other = zxids.updateValue(delivery.zxid, forKey: delivery.payload)
            if let other, other != delivery.zxid {
                return ZabMessages.deliveredTwice(delivery.payload, other, delivery.zxid)
            }
        }
        return nil
    }

    /// An established leader and the last entry of the history it began with.
    struct Reign {
        var epoch: Epoch
        var last: Zxid

        /// From "leading epoch 2 after 1:5".
        init?(_ label: String) {
            let words = label.split(separator: " ")
            guard words.count == 5, words[0] == "leading", let epoch = Epoch(words[2]),
                let last = Zxid(shortDescription: String(words[4]))
            else { return nil }
            (self.epoch, self.last) = (epoch, last)
        }
    }

    /// What an established leader's history did not have of older epochs never comes back.
    private func returned(in deliveries: [Delivery], _ reigns: [Reign]) -> LocalizedText? {
        for delivery in deliveries {
            guard let zxid = Zxid(shortDescription: delivery.zxid) else { continue }
            if let reign = reigns.first(where: { zxid.epoch < $0.epoch && zxid > $0.last }) {
                return ZabMessages.cameBack(delivery.zxid, epoch: reign.epoch, last: reign.last.shortDescription)
            }
        }
        return nil
    }

    private func loss(of deliveries: [Delivery], in end: State) -> LocalizedText? {
        for (name, machine) in serving(end) {
            let held = Set(machine.state.map { Delivery(zxid: $0.zxid.shortDescription, payload: $0.text) })
            if let lost = deliveries.first(where: { !held.contains($0) }) {
                return ZabMessages.lost(lost.zxid, lost.payload, on: name)
            }
        }
        return nil
    }

    /// Judged at the end of a run.
    package var liveness: Invariant<State> {
        Invariant("liveness", explanation: ZabMessages.liveness) { state in
            let roles = state.nodes.map { $0.isUp ? $0.machine.peer.role : .looking }
            let leader = state.identifiers.first { node in
                guard case .leading(let epoch) = roles[node.index] else { return false }
                return state.identifiers.allSatisfy { other in
                    other == node || roles[other.index] == .following(ZabNode.server(node), epoch)
                        || roles[other.index] == .observing(ZabNode.server(node), epoch)
                }
            }
            guard leader == nil else { return nil }
            let states = zip(names, state.nodes).map { "\($0): \($1.isUp ? $1.machine.summary : "down")" }
            return ZabMessages.noLeader(states.joined(separator: "; "))
        }
    }
}

extension LogEntry {
    /// Simulated payloads are text.
    package var text: String { String(decoding: payload, as: UTF8.self) }
}

extension Zxid {
    /// Reads "2:5".
    init?(shortDescription text: String) {
        let parts = text.split(separator: ":").map { UInt32(String($0)) }
        guard parts.count == 2, let epoch = parts[0], let counter = parts[1] else { return nil }
        self.init(epoch: epoch, counter: counter)
    }
}
