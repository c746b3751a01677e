import Explorer
import StateMachines

/// Paxos Commit: one consensus for the vote of each of two managers, with three acceptors and ballots 0 and 1.
///
/// Ballot 0 belongs to the manager itself; any leader may ask in ballot 1, and proposes ABORT where nobody has voted.
///
/// - Source: specification PaxosCommit of Gray and Lamport, "Consensus on transaction commit", ACM TODS 2006.
struct PaxosCommit: Model {
    typealias Manager = TransactionCommit.Manager
    enum Action: Hashable, Sendable {
        case prepare(Int), chooseToAbort(Int), commit(Int), abort(Int)
        case ask(manager: Int), propose(manager: Int), decideCommit, decideAbort
        case promise(acceptor: Int, manager: Int), accept(acceptor: Int, manager: Int, ballot: Int)
    }
    /// What a ballot is about.
    enum Value {
        static let prepared = 0
        static let aborted = 1
    }

    private let managers = 2
    private let acceptors = 3

    private func manager(_ index: Int) -> Field { Field(2 * index, 2) }
    /// Whether an acceptor has joined ballot 1 of a manager's consensus.
    private func hasJoined(_ manager: Int, _ acceptor: Int) -> Field {
        Field(4 + 4 * (manager * acceptors + acceptor), 1)
    }
    /// Its latest vote there: 0 for none, else one more than the ballot times two plus the value.
    private func latest(_ manager: Int, _ acceptor: Int) -> Field {
        Field(5 + 4 * (manager * acceptors + acceptor), 3)
    }

    // The messages, by their place in the set.
    private func question(_ manager: Int) -> Int { manager }
    private func proposal(_ manager: Int, _ ballot: Int, _ value: Int) -> Int { 2 + (manager * 2 + ballot) * 2 + value }
    private func acceptance(_ manager: Int, _ acceptor: Int, _ ballot: Int, _ value: Int) -> Int {
        10 + ((manager * acceptors + acceptor) * 2 + ballot) * 2 + value
    }
    /// That an acceptor joins ballot 1, with its latest vote, which is one of ballot 0 or none.
    private func promise(_ manager: Int, _ acceptor: Int, _ vote: Int) -> Int {
        34 + (manager * acceptors + acceptor) * 3 + vote
    }
    private let commitMessage = 52
    private let abortMessage = 53

    var initialStates: [PackedState] { [PackedState()] }

    func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        for index in 0..<managers {
            stepManager(index, state, &successors)
            askAndPropose(index, state, &successors)
        }
        decide(state, &successors)
        for acceptor in 0..<acceptors {
            for index in 0..<managers { stepAcceptor(acceptor, index, state, &successors) }
        }
    }

    private func stepManager(
        _ index: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        func move(to new: Int, sending message: Int? = nil, _ action: Action) {
            var next = state
            next[manager(index)] = new
            if let message { next.send(message) }
            successors.append(Successor(action, next))
        }
        if state[manager(index)] == Manager.working {
            move(to: Manager.prepared, sending: proposal(index, 0, Value.prepared), .prepare(index))
            move(to: Manager.aborted, sending: proposal(index, 0, Value.aborted), .chooseToAbort(index))
        }
        if state.hasSent(commitMessage) { move(to: Manager.committed, .commit(index)) }
        if state.hasSent(abortMessage) { move(to: Manager.aborted, .abort(index)) }
    }

    private func askAndPropose(
        _ index: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        var asked = state
        asked.send(question(index))
        successors.append(Successor(.ask(manager: index), asked))
        if state.hasSent(proposal(index, 1, Value.prepared)) || state.hasSent(proposal(index, 1, Value.aborted)) {
            return
        }
        for quorum in majoritiesOfThree {
            var (isComplete, vote) = (true, 0)
            for acceptor in 0..<acceptors where quorum >> acceptor & 1 == 1 {
                guard let promised = (0..<3).first(where: { state.hasSent(promise(index, acceptor, $0)) }) else {
                    isComplete = false
                    break
                }
                vote = max(vote, promised)
            }
            guard isComplete else { continue }
            var next = state
            next.send(proposal(index, 1, vote == 0 ? Value.aborted : vote - 1))
            successors.append(Successor(.propose(manager: index), next))
        }
    }

    /// In how many ways a value has been chosen: by ballot and majority.
    private func waysChosen(_ manager: Int, _ value: Int, _ state: PackedState) -> Int {
        var ways = 0
        for ballot in 0..<2 {
            for quorum in majoritiesOfThree {
                let isChosen = (0..<acceptors).allSatisfy { acceptor in
                    quorum >> acceptor & 1 == 0 || state.hasSent(acceptance(manager, acceptor, ballot, value))
                }
                if isChosen { ways += 1 }
            }
        }
        return ways
    }

    private func decide(_ state: PackedState, _ successors: inout [Successor<PackedState, Action>]) {
        // Published counts take one step for each choice of ballots and majorities by which it is decided.
        for _ in 0..<(0..<managers).map({ waysChosen($0, Value.prepared, state) }).reduce(1, *) {
            var next = state
            next.send(commitMessage)
            successors.append(Successor(.decideCommit, next))
        }
        for _ in 0..<(0..<managers).map({ waysChosen($0, Value.aborted, state) }).reduce(0, +) {
            var next = state
            next.send(abortMessage)
            successors.append(Successor(.decideAbort, next))
        }
    }

    private func stepAcceptor(
        _ acceptor: Int, _ index: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        let joined = state[hasJoined(index, acceptor)]
        if state.hasSent(question(index)), joined == 0 {
            var next = state
            next[hasJoined(index, acceptor)] = 1
            next.send(promise(index, acceptor, state[latest(index, acceptor)]))
            successors.append(Successor(.promise(acceptor: acceptor, manager: index), next))
        }
        for ballot in joined..<2 {
            for value in 0..<2 where state.hasSent(proposal(index, ballot, value)) {
                var next = state
                next[hasJoined(index, acceptor)] = ballot
                next[latest(index, acceptor)] = 1 + ballot * 2 + value
                next.send(acceptance(index, acceptor, ballot, value))
                successors.append(Successor(.accept(acceptor: acceptor, manager: index, ballot: ballot), next))
            }
        }
    }

    func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint { state.fingerprint }

    /// Whether somebody has committed what somebody else has aborted.
    func isSplit(_ state: PackedState) -> Bool {
        let states = (0..<managers).map { state[manager($0)] }
        return states.contains(Manager.committed) && states.contains(Manager.aborted)
    }
}
