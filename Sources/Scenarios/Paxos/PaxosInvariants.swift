package import Checking
package import ConsensusProtocols
import Messages
package import Simulator
import StateMachines

/// What Paxos promises, and the obligations on which its proof stands, judged over the votes that are on disks.
///
/// - Source: the requirements of Lamport, "Paxos Made Simple", 2001, section 2.1; OneVote, OneValuePerBallot, SafeAt and
///   ShowsSafeAt by the names of Lamport's specification of voting, with quorums of each phase of their own.
package struct PaxosInvariants: Sendable {
    package typealias State = World<PaxosNode>

    let configuration: PaxosConfiguration
    let names: [String]
    /// What clients ask for.
    let proposed: [PaxosValue]

    package init(_ configuration: PaxosConfiguration, names: [String], proposed: [PaxosValue]) {
        self.configuration = configuration
        self.names = names
        self.proposed = proposed
    }

    /// What consensus promises to its users.
    package var promises: [Invariant<State>] { [onlyProposedValues, atMostOneChosen, learnedIsChosen] }
    /// Why it can: what holds of every vote.
    package var obligations: [Invariant<State>] { [oneValuePerBallot, oneVote, safeAt, showsSafeAt] }

    /// What a search should have seen.
    package var milestones: [Invariant<State>] {
        [.milestone("value-chosen", MilestoneMessages.valueChosen) { !chosen(in: $0).isEmpty }]
    }

    private func name(_ node: NodeID) -> String { names[node.index] }

    // MARK: Votes

    /// Everything that acceptors have written.
    struct Ballots {
        /// By acceptor, each one's in the order of its disk.
        var votes: [(acceptor: NodeID, vote: Vote)] = []
        /// The highest ballot that each acceptor has promised or voted in; by acceptor.
        var highest: [(acceptor: NodeID, ballot: Ballot)] = []
    }

    private func ballots(in state: State) -> Ballots {
        var found = Ballots()
        for acceptor in configuration.acceptors {
            var highest = Ballot.none
            for record in state.nodes[acceptor.index].durable {
                switch record {
                case .promised(let ballot): highest = max(highest, ballot)
                case .accepted(let vote):
                    highest = max(highest, vote.ballot)
                    found.votes.append((acceptor, vote))
                case .round: continue
                }
            }
            found.highest.append((acceptor, highest))
        }
        return found
    }

    private func voters(_ vote: Vote, in ballots: Ballots) -> NodeSet {
        ballots.votes.reduce(into: NodeSet()) { if $1.vote == vote { $0.insert($1.acceptor) } }
    }

    /// The votes that a quorum has cast, each once, in the order of ballots.
    private func chosen(in state: State) -> [Vote] {
        let ballots = ballots(in: state)
        var found: [Vote] = []
        for (_, vote) in ballots.votes
        where !found.contains(vote) && voters(vote, in: ballots).count >= configuration.quorums.phase2 {
            found.append(vote)
        }
        return found.sorted { $0.ballot < $1.ballot }
    }

    // MARK: Promises

    package var onlyProposedValues: Invariant<State> {
        Invariant("only-proposed-values", explanation: PaxosMessages.onlyProposedValues) { state in
            for (acceptor, vote) in ballots(in: state).votes where !proposed.contains(vote.value) {
                return PaxosMessages.notProposed(vote.value.name, acceptor: name(acceptor))
            }
            return nil
        }
    }

    package var atMostOneChosen: Invariant<State> {
        Invariant("at-most-one-chosen", explanation: PaxosMessages.atMostOneChosen) { state in
            let chosen = chosen(in: state)
            guard let first = chosen.first, let second = chosen.first(where: { $0.value != first.value }) else {
                return nil
            }
            return PaxosMessages.twoChosen("\(first)", "\(second)")
        }
    }

    package var learnedIsChosen: Invariant<State> {
        Invariant("learned-is-chosen", explanation: PaxosMessages.learnedIsChosen) { state in
            for node in state.identifiers {
                guard let learned = state.nodes[node.index].machine.learner?.learned else { continue }
                guard !chosen(in: state).contains(where: { $0.value == learned }) else { continue }
                return PaxosMessages.notChosen(learned.name, learner: name(node))
            }
            return nil
        }
    }

    // MARK: Obligations

    package var oneValuePerBallot: Invariant<State> {
        Invariant("one-value-per-ballot", explanation: PaxosMessages.oneValuePerBallot) { state in
            let votes = ballots(in: state).votes
            for (index, (acceptor, vote)) in votes.enumerated() {
                for (other, rival) in votes[..<index] where rival.ballot == vote.ballot && rival.value != vote.value {
                    return PaxosMessages.twoValues(
                        ballot: "\(vote.ballot)", (name(other), rival.value.name), (name(acceptor), vote.value.name))
                }
            }
            return nil
        }
    }

    package var oneVote: Invariant<State> {
        Invariant("one-vote", explanation: PaxosMessages.oneVote) { state in
            let votes = ballots(in: state).votes
            for (index, (acceptor, vote)) in votes.enumerated() {
                let isFickle = votes[..<index].contains {
                    $0.acceptor == acceptor && $0.vote.ballot == vote.ballot && $0.vote.value != vote.value
                }
                if isFickle { return PaxosMessages.votedTwice(name(acceptor), ballot: "\(vote.ballot)") }
            }
            return nil
        }
    }

    /// No other value can have been chosen, or can still be, in any ballot below a vote: too few acceptors have voted for
    /// it there or still could.
    package var safeAt: Invariant<State> {
        Invariant("safe-at", explanation: PaxosMessages.safeAt) { state in
            let ballots = ballots(in: state)
            for (acceptor, vote) in ballots.votes where !isSafe(vote, in: ballots) {
                return PaxosMessages.unsafe("\(vote)", acceptor: name(acceptor))
            }
            return nil
        }
    }

    private func isSafe(_ vote: Vote, in ballots: Ballots) -> Bool {
        // A ballot just below that nobody has used yet.
        let free = ballots.highest.count { $0.ballot < vote.ballot }
        guard free < configuration.quorums.phase2 else { return false }
        for (_, lower) in ballots.votes where lower.ballot < vote.ballot {
            let rivals = ballots.highest.count { acceptor, highest in
                let cast = ballots.votes.filter { $0.acceptor == acceptor && $0.vote.ballot == lower.ballot }
                return cast.isEmpty ? highest <= lower.ballot : cast.contains { $0.vote.value != vote.value }
            }
            guard rivals < configuration.quorums.phase2 else { return false }
        }
        return true
    }

    /// A quorum shows it: all of it has promised the vote's ballot, and among its votes below, one of the highest ballot
    /// has the same value, or there is none.
    package var showsSafeAt: Invariant<State> {
        Invariant("shows-safe-at", explanation: PaxosMessages.showsSafeAt) { state in
            let ballots = ballots(in: state)
            for (acceptor, vote) in ballots.votes where !isShownSafe(vote, in: ballots) {
                return PaxosMessages.notShownSafe("\(vote)", acceptor: name(acceptor))
            }
            return nil
        }
    }

    private func isShownSafe(_ vote: Vote, in ballots: Ballots) -> Bool {
        let supports = ballots.votes.filter { $0.vote.ballot < vote.ballot && $0.vote.value == vote.value }
        return ([(nil, .none)] + supports.map { ($0.acceptor, $0.vote.ballot) }).contains { supporter, ballot in
            let silent = ballots.highest.filter { acceptor, highest in
                highest >= vote.ballot
                    && !ballots.votes.contains {
                        $0.acceptor == acceptor && ballot < $0.vote.ballot && $0.vote.ballot < vote.ballot
                    }
            }
            let isSupported = supporter.map { supporter in silent.contains { $0.acceptor == supporter } } ?? true
            return isSupported && silent.count >= configuration.quorums.phase1
        }
    }
}
