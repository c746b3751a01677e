package import Checking
package import CommitProtocols
import Messages
package import Simulator
import StateMachines

/// What try-confirm-cancel promises beside atomicity: money is neither made nor lost, and nothing stays reserved.
package struct TCCInvariants: Sendable {
    package typealias State = World<TCCNode>

    let configuration: TCCConfiguration
    let plans: [Plan]
    let names: [String]

    package init(_ configuration: TCCConfiguration, plans: [Plan], names: [String]) {
        self.configuration = configuration
        self.plans = plans
        self.names = names
    }

    /// Locks are not among its promises: there are none.
    package var all: [Invariant<State>] {
        let common = AtomicCommitmentInvariants<TCCNode>(plans: plans, names: names)
        return [common.atomicity, common.validity, common.stability, conservation, noOrphans]
    }

    /// No account is below zero, and where nothing is open the sum of all is what it was.
    package var conservation: Invariant<State> {
        Invariant("conservation", explanation: TCCMessages.conservation) { state in
            for node in state.identifiers {
                if let short = state[node].machine.store?.cells.first(where: { $0.value < 0 }) {
                    return TCCMessages.belowZero(names[node.index], account: short.key, value: short.value)
                }
            }
            guard state.identifiers.allSatisfy({ state[$0].isUp && !state[$0].machine.isUndecided }) else { return nil }
            let before = configuration.accounts.reduce(0) { $0 + $1.value }
            let now = state.identifiers.compactMap { state[$0].machine.store }.flatMap(\.cells).reduce(0) {
                $0 + $1.value
            }
            return now == before ? nil : TCCMessages.changedSum(before: before, now: now)
        }
    }

    /// Nobody keeps a reservation that the coordinator will not come back for, since everyone has settled to its knowledge.
    package var noOrphans: Invariant<State> {
        Invariant("no-orphans", explanation: TCCMessages.noOrphans) { state in
            guard !configuration.reservationsExpire, state[TCCConfiguration.coordinator].isUp,
                case .coordinator(let coordinator) = state[TCCConfiguration.coordinator].machine
            else { return nil }
            for node in state.identifiers {
                guard case .participant(let participant) = state[node].machine, state[node].isUp else { continue }
                for entry in participant.entries where entry.phase == .reserved {
                    let hasBegun = state[TCCConfiguration.coordinator].durable.contains { record in
                        if case .began(let plan) = record { plan.transaction == entry.id } else { false }
                    }
                    if hasBegun, !coordinator.transactions.contains(where: { $0.plan.transaction == entry.id }) {
                        return TCCMessages.orphan("\(entry.id)", node: names[node.index])
                    }
                }
            }
            return nil
        }
    }
}
