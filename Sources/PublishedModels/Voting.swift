package import Explorer
package import StateMachines

/// Consensus by three acceptors who vote in numbered ballots and see each other's votes: Paxos without messages.
///
/// - Source: specification Voting of Lamport, in "The Paxos algorithm, or how to win a Turing award", 2019.
package struct Voting: SymmetricModel {
    package enum Action: Hashable, Sendable {
        case raiseBallot(acceptor: Int, ballot: Int)
        case vote(acceptor: Int, ballot: Int, value: Int)
    }

    /// A seeded bug: what reductions of the search must not hide.
    package enum Mutation: Hashable, Sendable, CaseIterable {
        /// An acceptor votes without asking whether a lower ballot may have chosen something else.
        case asksNobody
        /// An acceptor votes for what others do not vote for in the same ballot.
        case votesOtherwise
    }

    /// Ballots are numbered from 0.
    let ballots: Int
    let values = 2
    private let acceptors = 3
    private let mutation: Mutation?
    private let renamings: [(acceptors: [Int], values: [Int])]

    /// - Precondition: 1 to 3 ballots.
    package init(ballots: Int, mutation: Mutation? = nil) {
        precondition((1...3).contains(ballots), "the model has 1 to 3 ballots")
        self.ballots = ballots
        self.mutation = mutation
        renamings = permutations(of: 3).flatMap { acceptors in
            permutations(of: 2).map { (acceptors, $0) }
        }
    }

    private func vote(_ acceptor: Int, _ ballot: Int, _ value: Int) -> Field {
        Field((acceptor * ballots + ballot) * values + value, 1)
    }
    /// One more than the ballot below which the acceptor votes no longer; 0 where there is none.
    private func least(_ acceptor: Int) -> Field { Field(48 + 2 * acceptor, 2) }

    private func hasVoted(_ acceptor: Int, _ ballot: Int, _ state: PackedState) -> Bool {
        (0..<values).contains { state[vote(acceptor, ballot, $0)] == 1 }
    }

    package var initialStates: [PackedState] { [PackedState()] }

    package func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        for acceptor in 0..<acceptors {
            for ballot in 0..<ballots {
                if ballot + 1 > state[least(acceptor)] {
                    var next = state
                    next[least(acceptor)] = ballot + 1
                    successors.append(Successor(.raiseBallot(acceptor: acceptor, ballot: ballot), next))
                }
                guard state[least(acceptor)] <= ballot + 1, !hasVoted(acceptor, ballot, state) else { continue }
                for value in 0..<values where nobodyVotedOtherwise(ballot, value, state) {
                    var next = state
                    next[vote(acceptor, ballot, value)] = 1
                    next[least(acceptor)] = ballot + 1
                    // Published counts take one step for each quorum, and each member of it, that shows it to be safe.
                    let ways =
                        mutation == .asksNobody
                        ? 1 : majoritiesOfThree.map { waysToShowSafe(ballot, value, $0, state) }.reduce(0, +)
                    for _ in 0..<ways {
                        successors.append(
                            Successor(.vote(acceptor: acceptor, ballot: ballot, value: value), next))
                    }
                }
            }
        }
    }

    private func nobodyVotedOtherwise(_ ballot: Int, _ value: Int, _ state: PackedState) -> Bool {
        mutation == .votesOtherwise
            || (0..<acceptors).allSatisfy { acceptor in
                (0..<values).allSatisfy { $0 == value || state[vote(acceptor, ballot, $0)] == 0 }
            }
    }

    /// In how many ways the quorum shows that no other value can have been chosen below the ballot: its members vote
    /// below it no longer, and nobody of them has voted there, or somebody's latest vote there was for the value.
    private func waysToShowSafe(_ ballot: Int, _ value: Int, _ quorum: Int, _ state: PackedState) -> Int {
        let members = (0..<acceptors).filter { quorum >> $0 & 1 == 1 }
        guard members.allSatisfy({ state[least($0)] >= ballot + 1 }) else { return 0 }
        for earlier in (0..<ballot).reversed() where members.contains(where: { hasVoted($0, earlier, state) }) {
            return members.count { state[vote($0, earlier, value)] == 1 }
        }
        return 1
    }

    package func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint {
        state.fingerprint
    }

    /// The least of all states that differ in the names of acceptors and values only.
    package func representative(of state: PackedState) -> PackedState {
        var best = state
        for renaming in renamings {
            var image = PackedState()
            for acceptor in 0..<acceptors {
                image[least(renaming.acceptors[acceptor])] = state[least(acceptor)]
                for ballot in 0..<ballots {
                    for value in 0..<values {
                        image[vote(renaming.acceptors[acceptor], ballot, renaming.values[value])] =
                            state[vote(acceptor, ballot, value)]
                    }
                }
            }
            if image.local < best.local { best = image }
        }
        return best
    }

    /// Whether two values have been chosen.
    package func isSplit(_ state: PackedState) -> Bool { chosen(in: state) > 1 }

    /// How many values have been chosen.
    package func chosen(in state: PackedState) -> Int {
        (0..<values).count { value in
            (0..<ballots).contains { ballot in
                (0..<acceptors).count { state[vote($0, ballot, value)] == 1 } >= 2
            }
        }
    }
}
