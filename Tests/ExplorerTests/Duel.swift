import Explorer
import StateMachines

/// Two proposers and one acceptor that are always interrupted: each asks with a ballot higher than all it has seen, and
/// gives up when the acceptor has promised a higher one meanwhile. Ballots are ranked in fingerprints.
struct Duel: Model {
    struct State: Hashable, Sendable {
        /// 0: none.
        var ballots: [UInt64] = [0, 0]
        var promised: UInt64 = 0
        var isDecided = false
    }
    enum Action: Hashable, Sendable { case ask(Int), propose(Int) }

    /// Whether a proposer whose ballot was overtaken may ask again.
    var retries = true

    var initialStates: [State] { [State()] }

    func appendSuccessors(of state: State, to successors: inout [Successor<State, Action>]) {
        guard !state.isDecided else { return }
        for proposer in 0..<2 {
            let ballot = state.ballots[proposer]
            if ballot == 0 || retries && ballot < state.promised {
                var next = state
                // Numbers that belong to this proposer alone.
                next.ballots[proposer] = (state.promised / 2 + 1) * 2 + UInt64(proposer)
                next.promised = next.ballots[proposer]
                successors.append(Successor(.ask(proposer), next))
            } else if ballot == state.promised {
                var next = state
                next.isDecided = true
                successors.append(Successor(.propose(proposer), next))
            }
        }
    }

    func fingerprint(of state: State, using encoder: inout CanonicalEncoder) -> Fingerprint {
        let ranks = Ranks(of: state.ballots + [0, state.promised])
        encoder.removeAll()
        for ballot in state.ballots + [state.promised] { encoder.encode(ranks.rank(of: ballot)) }
        encoder.encode(state.isDecided)
        return Fingerprint(of: encoder.bytes)
    }
}
