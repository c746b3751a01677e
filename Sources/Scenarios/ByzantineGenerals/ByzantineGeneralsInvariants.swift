package import Checking
package import ConsensusProtocols
import Messages
package import Simulator
import StateMachines

/// The interactive consistency conditions, judged over states of a run.
///
/// They are promised while at most *m* generals are faulty. A general is faulty if it is a traitor, or has crashed: it
/// has said less than it should, and does not come back.
///
/// - Source: Lamport, Shostak and Pease, 1982, section 1.
package struct ByzantineGeneralsInvariants: Sendable {
    package typealias State = World<ByzantineGeneral>

    let configuration: ByzantineConfiguration
    let names: [String]

    package init(_ configuration: ByzantineConfiguration, names: [String]) {
        self.configuration = configuration
        self.names = names
    }

    package var all: [Invariant<State>] { [obedience, agreement] }

    private func isFaulty(_ general: NodeID, in state: State) -> Bool {
        let node = state.nodes[general.index]
        return node.machine.isTraitor || node.incarnation > 0 || !node.isUp
    }

    private func isPromised(in state: State) -> Bool {
        state.identifiers.count { isFaulty($0, in: state) } <= configuration.tolerated
    }

    private func decision(_ general: NodeID, in state: State) -> BattleOrder? {
        isFaulty(general, in: state) ? nil : state.nodes[general.index].machine.decision
    }

    package var agreement: Invariant<State> {
        Invariant("ic1", explanation: ByzantineGeneralsMessages.agreement) { state in
            guard isPromised(in: state) else { return nil }
            var first: (general: NodeID, order: BattleOrder)?
            for lieutenant in configuration.lieutenants {
                guard let order = decision(lieutenant, in: state) else { continue }
                guard let earlier = first else {
                    first = (lieutenant, order)
                    continue
                }
                guard order != earlier.order else { continue }
                return ByzantineGeneralsMessages.differ(
                    names[earlier.general.index], attacks: earlier.order == .attack, names[lieutenant.index])
            }
            return nil
        }
    }

    package var obedience: Invariant<State> {
        Invariant("ic2", explanation: ByzantineGeneralsMessages.obedience) { state in
            let commander = ByzantineConfiguration.commander
            guard isPromised(in: state), !isFaulty(commander, in: state),
                let order = state.nodes[commander.index].machine.order
            else { return nil }
            let disobedient = configuration.lieutenants.first { lieutenant in
                decision(lieutenant, in: state).map { $0 != order } ?? false
            }
            return disobedient.map {
                ByzantineGeneralsMessages.disobeys(names[$0.index], toldToAttack: order == .attack)
            }
        }
    }
}
