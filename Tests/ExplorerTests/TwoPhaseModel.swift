import Explorer
import StateMachines

/// TwoPhase of Gray and Lamport ("Consensus on transaction commit", ACM TODS 2006), its seven actions word for word:
/// the state space every explorer of the world is measured by.
struct TwoPhaseModel: Model {
    enum ManagerState: UInt8 { case working, prepared, committed, aborted }
    enum CoordinatorState: UInt8 { case initial, committed, aborted }

    struct State: Hashable, Sendable {
        var managers: [ManagerState]
        var coordinator = CoordinatorState.initial
        /// Bit *i*: the coordinator has taken manager *i*'s Prepared message.
        var prepared: UInt8 = 0
        /// Bit *i*: Prepared of manager *i* has been sent. Messages stay for ever.
        var sent: UInt8 = 0
        var isCommitSent = false
        var isAbortSent = false
    }

    enum Action: Hashable, Sendable {
        case coordinatorReceivesPrepared(Int), coordinatorCommits, coordinatorAborts
        case managerPrepares(Int), managerChoosesToAbort(Int), managerCommits(Int), managerAborts(Int)
    }

    let count: Int

    var initialStates: [State] { [State(managers: Array(repeating: .working, count: count))] }

    func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>]) {
        func add(_ action: Action, _ change: (inout State) -> Void) {
            var next = state
            change(&next)
            successors.append(Successor(action, next))
        }
        if state.coordinator == .initial {
            if state.prepared == 1 << UInt8(count) - 1 {
                add(.coordinatorCommits) { ($0.coordinator, $0.isCommitSent) = (.committed, true) }
            }
            add(.coordinatorAborts) { ($0.coordinator, $0.isAbortSent) = (.aborted, true) }
        }
        for manager in 0..<count {
            let bit = 1 << UInt8(manager) as UInt8
            if state.coordinator == .initial, state.sent & bit != 0 {
                add(.coordinatorReceivesPrepared(manager)) { $0.prepared |= bit }
            }
            if state.managers[manager] == .working {
                add(.managerPrepares(manager)) { ($0.managers[manager], $0.sent) = (.prepared, $0.sent | bit) }
                add(.managerChoosesToAbort(manager)) { $0.managers[manager] = .aborted }
            }
            if state.isCommitSent { add(.managerCommits(manager)) { $0.managers[manager] = .committed } }
            if state.isAbortSent { add(.managerAborts(manager)) { $0.managers[manager] = .aborted } }
        }
    }

    func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        encoder.removeAll()
        for manager in state.managers { encoder.encode(tag: manager.rawValue) }
        encoder.encode(tag: state.coordinator.rawValue)
        encoder.encode(state.prepared)
        encoder.encode(state.sent)
        encoder.encode(state.isCommitSent)
        encoder.encode(state.isAbortSent)
        return Fingerprint(of: encoder.bytes)
    }
}
