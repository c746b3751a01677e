package import Checking
package import ConsensusProtocols
import Messages
package import Simulator
import StateMachines
import Traces

/// What a replicated account promises, judged over the votes that are on disks and what servers have applied; and over the
/// answers that clients got.
package struct MultiPaxosInvariants: Sendable {
    package typealias State = World<MultiPaxosNode>

    let names: [String]
    let quorum: Int

    package init(_ configuration: MultiPaxosConfiguration, names: [String]) {
        self.names = names
        quorum = configuration.quorum
    }

    package var always: [Invariant<State>] { [oneEntryPerSlot, appliedIsChosen, appliedInOrder, atMostOnce] }
    package var ofWholeRun: [Invariant<FinishedRun<MultiPaxosNode>>] { [readsAreCurrent] }

    /// What a search should have seen.
    package var milestones: [Invariant<State>] {
        [.milestone("value-chosen", MilestoneMessages.valueChosen) { !chosen(in: $0).isEmpty }]
    }

    /// The votes that a majority has cast, each once.
    private func chosen(in state: State) -> [SlotVote] {
        var counts: [(vote: SlotVote, voters: NodeSet)] = []
        for node in state.identifiers {
            for case .accepted(let vote) in state.nodes[node.index].durable {
                if let index = counts.firstIndex(where: { $0.vote == vote }) {
                    counts[index].voters.insert(node)
                } else {
                    counts.append((vote, NodeSet(bits: 1 << UInt64(node.rawValue))))
                }
            }
        }
        return counts.filter { $0.voters.count >= quorum }.map(\.vote)
    }

    package var oneEntryPerSlot: Invariant<State> {
        Invariant("one-entry-per-slot", explanation: MultiPaxosMessages.oneEntryPerSlot) { state in
            let chosen = chosen(in: state)
            for (index, vote) in chosen.enumerated() {
                for rival in chosen[..<index] where rival.slot == vote.slot && rival.entry != vote.entry {
                    return MultiPaxosMessages.twoEntries(
                        slot: Int(vote.slot), "\(rival.entry)", "\(vote.entry)")
                }
            }
            return nil
        }
    }

    package var appliedIsChosen: Invariant<State> {
        Invariant("applied-is-chosen", explanation: MultiPaxosMessages.appliedIsChosen) { state in
            let chosen = chosen(in: state)
            for node in state.identifiers {
                for known in state.nodes[node.index].machine.log.chosen
                where !chosen.contains(where: { $0.slot == known.slot && $0.entry == known.entry }) {
                    return MultiPaxosMessages.notChosen(
                        server: names[node.index], slot: Int(known.slot), "\(known.entry)")
                }
            }
            return nil
        }
    }

    package var appliedInOrder: Invariant<State> {
        Invariant("applied-in-order", explanation: MultiPaxosMessages.appliedInOrder) { state in
            for node in state.identifiers {
                let applied = state.nodes[node.index].machine.log.applied
                for (index, slot) in applied.enumerated() where Int(slot) != index + 1 {
                    return MultiPaxosMessages.outOfOrder(server: names[node.index], slot: Int(slot), missing: index + 1)
                }
            }
            return nil
        }
    }

    package var atMostOnce: Invariant<State> {
        Invariant("at-most-once", explanation: MultiPaxosMessages.atMostOnce) { state in
            for node in state.identifiers {
                let ledger = state.nodes[node.index].machine.log.ledger
                for (index, deposit) in ledger.enumerated()
                where ledger[..<index].contains(where: { $0.client == deposit.client && $0.number == deposit.number }) {
                    return MultiPaxosMessages.appliedTwice(server: names[node.index], "\(deposit)")
                }
            }
            return nil
        }
    }

    /// A read answers with everything that had been acknowledged to anybody before it was asked.
    package var readsAreCurrent: Invariant<FinishedRun<MultiPaxosNode>> {
        Invariant("reads-are-current", explanation: MultiPaxosMessages.readsAreCurrent) { run in
            var acknowledged: [String] = []
            var total = 0
            var owed: [String: Int] = [:]  // Only looked up: by server, what its latest read must show.
            for event in run.trace.events {
                switch event.kind {
                case .invoke where event.label == MultiPaxosCommand.read.label: owed[event.node] = total
                case .respond:
                    guard let answer = event.label else { continue }
                    if answer.hasPrefix("c"), !acknowledged.contains(answer) {
                        acknowledged.append(answer)
                        total += answer.split(separator: "+").last.flatMap { Int($0) } ?? 0
                    } else if answer.hasPrefix("balance "), let shown = Int(answer.dropFirst(8)) {
                        let least = owed[event.node] ?? 0
                        if shown < least {
                            return MultiPaxosMessages.stale(server: event.node, shown: shown, least: least)
                        }
                    }
                default: continue
                }
            }
            return nil
        }
    }
}
