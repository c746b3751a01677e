import Explorer
import StateMachines

/// Atomic commitment with a coordinator that may die at any moment, over two ways to broadcast its decision.
///
/// Everybody learns of deaths at once, and reads what others have sent from their own state; nobody comes back.
///
/// - Source: specifications ACP_SB, ACP_NB and ACP_NB_WRONG of Charpentier, in the collection of TLA⁺ examples, after
///   Babaoğlu and Toueg, "Non-blocking atomic commitment", in Mullender, "Distributed systems", 1993.
struct AtomicCommitment: Model {
    enum Broadcast: Hashable, Sendable {
        /// The coordinator tells one participant after the other; its death in between leaves some waiting.
        case simple
        /// Participants pass the decision on to everybody before they decide themselves.
        case forwarded
        /// Participants decide, and then pass it on: wrong.
        case decidedThenForwarded
    }
    /// A decision, or what was sent of it.
    enum Decision {
        static let none = 0
        static let commit = 1
        static let abort = 2
        /// Passed on by somebody who had not decided, which only the wrong one does.
        static let undecided = 3
    }
    enum Vote {
        static let waiting = 0
        static let yes = 1
        static let no = 2
    }
    enum Action: Hashable, Sendable {
        case request(Int), getVote(Int), detectFault(Int), makeDecision, broadcast(Int), coordinatorDies
        case sendVote(Int), abortOnVote(Int), abortOnTimeoutOfRequest(Int), decide(Int), die(Int)
        case forward(from: Int, to: Int), learn(Int, from: Int), predecide(Int), abortOnTimeout(Int)
    }

    let count: Int
    let kind: Broadcast

    // Twelve bits for each participant beside what it has forwarded to whom.
    private func wantsNo(_ index: Int) -> Field { Field(12 * index, 1) }
    private func isDead(_ index: Int) -> Field { Field(12 * index + 1, 1) }
    private func decision(_ index: Int) -> Field { Field(12 * index + 2, 2) }
    private func hasVoted(_ index: Int) -> Field { Field(12 * index + 4, 1) }
    private func isRequested(_ index: Int) -> Field { Field(12 * index + 5, 1) }
    private func vote(_ index: Int) -> Field { Field(12 * index + 6, 2) }
    private func told(_ index: Int) -> Field { Field(12 * index + 8, 2) }
    private func forwarded(from index: Int, to other: Int) -> Field { Field(36 + 2 * (count * index + other), 2) }
    private let isCoordinatorDead = Field(60, 1)
    private let coordinatorDecision = Field(61, 2)

    /// - Precondition: 1 to 3 participants.
    init(count: Int, _ kind: Broadcast) {
        precondition((1...3).contains(count), "the model has 1 to 3 participants")
        (self.count, self.kind) = (count, kind)
    }

    /// One for each combination of votes.
    var initialStates: [PackedState] {
        (0..<(1 << count)).map { votes in
            var state = PackedState()
            for index in 0..<count { state[wantsNo(index)] = votes >> index & 1 }
            return state
        }
    }

    func appendSuccessors(of state: PackedState, to successors: inout [Successor<PackedState, Action>]) {
        if state[isCoordinatorDead] == 0 { stepCoordinator(state, &successors) }
        for index in 0..<count where state[isDead(index)] == 0 {
            switch kind {
            case .simple:
                add(.die(index), isDead(index), 1, state, &successors)
                vote(index, state, &successors)
                takeDecision(index, state, &successors)
            case .forwarded, .decidedThenForwarded:
                for other in 0..<count { stepForwarding(index, other, state, &successors) }
            }
        }
    }

    func fingerprint(of state: PackedState, using encoder: inout CanonicalEncoder) -> Fingerprint { state.fingerprint }

    /// Whether somebody has committed what somebody else has aborted.
    func isSplit(_ state: PackedState) -> Bool {
        let decisions = (0..<count).map { state[decision($0)] }
        return decisions.contains(Decision.commit) && decisions.contains(Decision.abort)
    }

    private func add(
        _ action: Action, _ field: Field, _ value: Int, _ state: PackedState,
        _ successors: inout [Successor<PackedState, Action>]
    ) {
        var next = state
        next[field] = value
        successors.append(Successor(action, next))
    }
}

// MARK: - The coordinator

extension AtomicCommitment {
    private func stepCoordinator(_ state: PackedState, _ successors: inout [Successor<PackedState, Action>]) {
        add(.coordinatorDies, isCoordinatorDead, 1, state, &successors)
        let votes = (0..<count).map { state[vote($0)] }
        let isUndecided = state[coordinatorDecision] == Decision.none
        if isUndecided, !votes.contains(Vote.waiting) {
            if !votes.contains(Vote.no) {
                add(.makeDecision, coordinatorDecision, Decision.commit, state, &successors)
            }
            // Published counts take one step for each NO.
            for vote in votes where vote == Vote.no {
                add(.makeDecision, coordinatorDecision, Decision.abort, state, &successors)
            }
        }
        let haveAllBeenAsked = (0..<count).allSatisfy { state[isRequested($0)] == 1 }
        for index in 0..<count {
            if state[isRequested(index)] == 0 { add(.request(index), isRequested(index), 1, state, &successors) }
            if isUndecided, haveAllBeenAsked, votes[index] == Vote.waiting {
                if state[hasVoted(index)] == 1 {
                    let said = state[wantsNo(index)] == 1 ? Vote.no : Vote.yes
                    add(.getVote(index), vote(index), said, state, &successors)
                } else if state[isDead(index)] == 1 {
                    add(.detectFault(index), coordinatorDecision, Decision.abort, state, &successors)
                }
            }
            if !isUndecided, state[told(index)] == Decision.none {
                add(.broadcast(index), told(index), state[coordinatorDecision], state, &successors)
            }
        }
    }
}

// MARK: - Participants

extension AtomicCommitment {
    private func vote(_ index: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]) {
        if state[isRequested(index)] == 1 { add(.sendVote(index), hasVoted(index), 1, state, &successors) }
        guard state[decision(index)] == Decision.none else { return }
        if state[hasVoted(index)] == 1, state[wantsNo(index)] == 1 {
            add(.abortOnVote(index), decision(index), Decision.abort, state, &successors)
        }
        if state[isCoordinatorDead] == 1, state[isRequested(index)] == 0 {
            add(.abortOnTimeoutOfRequest(index), decision(index), Decision.abort, state, &successors)
        }
    }

    private func takeDecision(
        _ index: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        guard state[decision(index)] == Decision.none, state[told(index)] != Decision.none else { return }
        add(.decide(index), decision(index), state[told(index)], state, &successors)
    }

    /// Everything one participant may do with another in mind; what does not concern the other is counted for each,
    /// as published.
    private func stepForwarding(
        _ index: Int, _ other: Int, _ state: PackedState, _ successors: inout [Successor<PackedState, Action>]
    ) {
        add(.die(index), isDead(index), 1, state, &successors)
        vote(index, state, &successors)
        let isWrong = kind == .decidedThenForwarded
        // Its own entry is the decision it will take; the wrong one takes it at once.
        let own = isWrong ? decision(index) : forwarded(from: index, to: index)
        if index != other {
            let passesOn = isWrong && state[own] == Decision.none ? Decision.undecided : state[own]
            if passesOn != Decision.none, state[forwarded(from: index, to: other)] == Decision.none {
                add(
                    .forward(from: index, to: other), forwarded(from: index, to: other), passesOn, state, &successors)
            }
            let heard = state[forwarded(from: other, to: index)]
            if state[own] == Decision.none, heard != Decision.none {
                let taken = heard == Decision.undecided ? Decision.none : heard
                add(.learn(index, from: other), own, taken, state, &successors)
            }
        }
        if mayAbortOnTimeout(index, state) {
            add(.abortOnTimeout(index), decision(index), Decision.abort, state, &successors)
        }
        if isWrong {
            takeDecision(index, state, &successors)
            return
        }
        if state[own] == Decision.none, state[told(index)] != Decision.none {
            add(.predecide(index), own, state[told(index)], state, &successors)
        }
        if (0..<count).allSatisfy({ state[forwarded(from: index, to: $0)] != Decision.none }) {
            add(.decide(index), decision(index), state[own], state, &successors)
        }
    }

    /// The coordinator is dead, and nobody living has heard a decision from it or from anybody dead.
    private func mayAbortOnTimeout(_ index: Int, _ state: PackedState) -> Bool {
        guard state[decision(index)] == Decision.none, state[isCoordinatorDead] == 1 else { return false }
        return (0..<count).allSatisfy { living in
            guard state[isDead(living)] == 0 else { return true }
            return state[told(living)] == Decision.none
                && (0..<count).allSatisfy { dead in
                    state[isDead(dead)] == 0 || state[forwarded(from: dead, to: living)] == Decision.none
                }
        }
    }
}
