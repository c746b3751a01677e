import Explorer
import StateMachines

/// Paxos for one value: three acceptors, two values, a set of messages that only grows, no leader in particular.
///
/// - Source: specification Paxos of Lamport, in "The Paxos algorithm, or how to win a Turing award", 2019.
struct SingleDecreePaxos: Model {
    enum Action: Hashable, Sendable {
        case prepare(ballot: Int)
        case promise(acceptor: Int, ballot: Int)
        case propose(ballot: Int, value: Int)
        case accept(acceptor: Int, ballot: Int)
    }

    private let acceptors = 3
    private let values = 2
    /// Ballots are numbered 0 and 1.
    private let ballots = 2

    /// One more than the highest ballot an acceptor has taken part in.
    private func highest(_ acceptor: Int) -> Field { Field(8 * acceptor, 2) }
    /// Its latest vote: 0 for none, else one more than the ballot times two plus the value.
    private func latest(_ acceptor: Int) -> Field { Field(8 * acceptor + 2, 3) }
    private func vote(_ ballot: Int, _ value: Int) -> Int { 1 + ballot * values + value }
    private func ballot(of vote: Int) -> Int { (vote - 1) / values }
    private func value(of vote: Int) -> Int { (vote - 1) % values }

    // The messages, by their place in the set.
    private func prepare(_ ballot: Int) -> Int { ballot }
    private func proposal(_ ballot: Int, _ value: Int) -> Int { 2 + ballot * values + value }
    private func acceptance(_ acceptor: Int, _ ballot: Int, _ value: Int) -> Int {
        6 + (acceptor * ballots + ballot) * values + value
    }
    /// That an acceptor joins a ballot, with its latest vote.
    private func promise(_ acceptor: Int, _ ballot: Int, _ vote: Int) -> Int {
        18 + (acceptor * ballots + ballot) * 5 + vote
    }

    var initialStates: [PackedState] { [PackedState()] }

    func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        for ballot in 0..<ballots {
            var next = state
            next.send(prepare(ballot))
            successors.append(Successor(.prepare(ballot: ballot), next))
            if (0..<values).contains(where: { state.hasSent(proposal(ballot, $0)) }) { continue }
            for value in 0..<values {
                var next = state
                next.send(proposal(ballot, value))
                for _ in 0..<waysToPropose(ballot, value, state) {
                    successors.append(Successor(.propose(ballot: ballot, value: value), next))
                }
            }
        }
        for acceptor in 0..<acceptors { stepAcceptor(acceptor, state, &successors) }
    }

    /// In how many ways promises allow the proposal: published counts take one step for each quorum and each latest
    /// vote in it.
    private func waysToPropose(_ ballot: Int, _ value: Int, _ state: PackedState) -> Int {
        var ways = 0
        for quorum in majoritiesOfThree {
            let members = (0..<acceptors).filter { quorum >> $0 & 1 == 1 }
            let promised = members.map { acceptor in
                (0..<5).first { state.hasSent(promise(acceptor, ballot, $0)) }
            }
            guard !promised.contains(nil) else { continue }
            let votes = promised.compactMap { $0 }.filter { $0 > 0 }
            let latest = votes.map { self.ballot(of: $0) }.max()
            ways += votes.isEmpty ? 1 : votes.count { self.ballot(of: $0) == latest && self.value(of: $0) == value }
        }
        return ways
    }

    private func stepAcceptor(
        _ acceptor: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        for ballot in 0..<ballots {
            if state.hasSent(prepare(ballot)), ballot + 1 > state[highest(acceptor)] {
                var next = state
                next[highest(acceptor)] = ballot + 1
                next.send(promise(acceptor, ballot, state[latest(acceptor)]))
                successors.append(Successor(.promise(acceptor: acceptor, ballot: ballot), next))
            }
            guard ballot + 1 >= state[highest(acceptor)] else { continue }
            for value in 0..<values where state.hasSent(proposal(ballot, value)) {
                var next = state
                next[highest(acceptor)] = ballot + 1
                next[latest(acceptor)] = vote(ballot, value)
                next.send(acceptance(acceptor, ballot, value))
                successors.append(Successor(.accept(acceptor: acceptor, ballot: ballot), next))
            }
        }
    }

    func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint { state.fingerprint }

    /// Whether two values have been chosen.
    func isSplit(_ state: PackedState) -> Bool {
        (0..<values).count { value in
            (0..<ballots).contains { ballot in
                (0..<acceptors).count { state.hasSent(acceptance($0, ballot, value)) } >= 2
            }
        } > 1
    }
}
