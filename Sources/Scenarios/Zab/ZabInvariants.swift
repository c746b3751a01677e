package import Checking
import Messages
package import Simulator
import StateMachines
import Traces
package import Zab

/// What the atomic broadcast of an ensemble promises: here of every state, in `ZabRun` of a whole run.
///
/// - Source: the invariants of `Zab.tla` and of the mixed specification of ZooKeeper, by name, as far as a state or a
///   trace shows them; Junqueira, Reed and Serafini, DSN 2011, section 3.
package struct ZabInvariants: Sendable {
    package typealias State = World<ZabNode>

    let names: [String]

    package init(names: [String]) { self.names = names }

    /// Of every state.
    package var always: [Invariant<State>] {
        [
            leadership, processConsistency, prefixConsistency, leaderCompleteness, totalOrder, localPrimaryOrder,
            globalPrimaryOrder,
        ]
    }

    /// What a search should have seen.
    package var milestones: [Invariant<State>] {
        [
            .milestone("leader-elected", MilestoneMessages.leaderElected) { state in
                serving(state).contains { if case .leading = $0.machine.peer.role { true } else { false } }
            },
            .milestone("transaction-delivered", MilestoneMessages.transactionDelivered) { state in
                serving(state).contains { !$0.machine.state.isEmpty }
            },
        ]
    }

    /// Nodes that are up and serve clients.
    func serving(_ state: State) -> [(name: String, machine: ZabNode)] {
        state.nodes.indices.compactMap { index in
            isServing(index, state) ? (names[index], state.nodes[index].machine) : nil
        }
    }

    private func isServing(_ index: Int, _ state: State) -> Bool {
        (state.nodes[index].isUp || state.nodes[index].status == .paused)
            && state.nodes[index].machine.peer.role != .looking
    }

    /// The first two neighbours in the state of a serving node that may not stand side by side; before the first one stands 0:0.
    private func neighbours(
        in state: State, that areWrong: (Zxid, Zxid) -> Bool
    ) -> (name: String, earlier: String, later: String)? {
        for index in state.nodes.indices where isServing(index, state) {
            // By index, which copies no entry.
            let entries = state.nodes[index].machine.state
            var earlier = Zxid.zero
            for position in entries.indices {
                let later = entries[position].zxid
                if areWrong(earlier, later) {
                    return (names[index], earlier.shortDescription, later.shortDescription)
                }
                earlier = later
            }
        }
        return nil
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
            neighbours(in: state) { $0 >= $1 }
                .map { ZabMessages.outOfOrder($0.name, $0.later, after: $0.earlier) }
        }
    }

    /// Leaders number what they propose without gaps.
    package var localPrimaryOrder: Invariant<State> {
        Invariant("local-primary-order", explanation: ZabMessages.localPrimaryOrder) { state in
            neighbours(in: state) { earlier, later in
                later > earlier && later.counter != (later.epoch == earlier.epoch ? earlier.counter + 1 : 1)
            }
            .map { ZabMessages.skipped($0.name, $0.later, after: $0.earlier) }
        }
    }

    package var globalPrimaryOrder: Invariant<State> {
        Invariant("global-primary-order", explanation: ZabMessages.globalPrimaryOrder) { state in
            neighbours(in: state) { $0.epoch > $1.epoch }
                .map { ZabMessages.outOfOrder($0.name, $0.later, after: $0.earlier) }
        }
    }

    /// Logs grow at their end, and are judged whenever they have grown: that their last entries agree is enough.
    package var processConsistency: Invariant<State> {
        Invariant("process-consistency", explanation: ZabMessages.processConsistency) { state in
            for index in state.nodes.indices where isServing(index, state) {
                guard case .following(let id, let epoch) = state.nodes[index].machine.peer.role,
                    case let leader = ZabNode.node(id).index, isServing(leader, state),
                    state.nodes[leader].machine.peer.role == .leading(epoch)
                else { continue }
                let (log, leaders) = (state.nodes[index].machine.log, state.nodes[leader].machine.log)
                guard let last = log.indices.last else { continue }
                guard last < leaders.count, leaders[last] == log[last] else {
                    return ZabMessages.notOfItsLeader(
                        names[index], log[last].zxid.shortDescription, leader: names[leader])
                }
            }
            return nil
        }
    }

    /// Judged at the end of a run.
    package var liveness: Invariant<State> {
        Invariant("liveness", explanation: ZabMessages.liveness) { state in
            let roles = state.nodes.map { $0.isUp ? $0.machine.peer.role : .looking }
            let leader = state.identifiers.first { node in
                guard case .leading(let epoch) = roles[node.index] else { return false }
                return state.identifiers.allSatisfy { other in
                    // An observer may take the follower that hosts it for the leader: nothing on its stream tells it otherwise.
                    if case .observing(_, epoch) = roles[other.index] { return true }
                    return other == node || roles[other.index] == .following(ZabNode.server(node), epoch)
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
    init?(shortDescription text: some StringProtocol) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), let epoch = UInt32(text[..<colon]),
            let counter = UInt32(text[text.index(after: colon)...])
        else { return nil }
        self.init(epoch: epoch, counter: counter)
    }
}
