import StateMachines

/// A read that waits for the proof that its leader still leads.
struct RaftPendingRead: Hashable, Sendable, CanonicalEncodable {
    var request: RaftRequest
    /// Of the heartbeats that a majority has to answer; 0 until there is something of this term to read.
    var round: UInt32

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(request)
        encoder.encode(round)
    }
}

/// Reads that are not in the log: thesis section 6.4.
///
/// (1) Something of its own term is committed, else it does not know what is. (2) It notes the commit index, which here
/// is the applied one, too. (3) A majority answers heartbeats that were sent afterwards, so nobody else has led
/// meanwhile. (4, 5) It answers from its state.
extension RaftServer {
    private var knowsCommits: Bool {
        log.term(at: commitIndex) == currentTerm || configuration.mutation == .readsBeforeOwnCommit
    }

    mutating func beginRead(_ request: RaftRequest, _ turn: inout RaftTurn) {
        reads.append(RaftPendingRead(request: request, round: 0))
        answerReads(&turn)
    }

    /// Goes on with reads as far as possible.
    mutating func answerReads(_ turn: inout RaftTurn) {
        guard knowsCommits, !reads.isEmpty else { return }
        let isFree = configuration.mutation == .readsWithoutRound || hasLease
        if !isFree, reads.contains(where: { $0.round == 0 }) {
            beginRound(&turn)
            for index in reads.indices where reads[index].round == 0 { reads[index].round = round }
            sendHeartbeats(&turn)
        }
        var waiting: [RaftPendingRead] = []
        for read in reads {
            guard isFree || isMajority({ $0.round >= read.round }) else {
                waiting.append(read)
                continue
            }
            let value = store.value(of: read.request.operation.key)
            if let client = read.request.session {
                turn.send(.reply(serial: read.request.serial, value: value), to: client)
            } else {
                turn.respond("\(value)")
            }
        }
        reads = waiting
    }

    mutating func beginRound(_ turn: inout RaftTurn) {
        round += 1
        roundBegan = turn.now
    }

    /// A peer has answered heartbeats of a later round than before.
    mutating func onRoundAnswered(_ turn: inout RaftTurn) {
        if configuration.readMode == .lease, transferTarget == nil, isMajority({ $0.round >= round }) {
            // Everybody who answered will want no other leader for the least election timeout, counted from later than
            // the sending of what they answered.
            let left = configuration.timing.lease - (turn.now - roundBegan)
            if left > .zero {
                hasLease = true
                turn.set(.lease, after: left)
            }
        }
        answerReads(&turn)
    }
}
