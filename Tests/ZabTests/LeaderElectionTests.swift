import StateMachines
import Testing
import Zab

/// Server 2 of three, told by hand what the others say.
private struct Voter {
    var peer: ZabPeer
    var effects = EffectBuffer<PeerEffect>()

    init(log: Zxid = .zero, epoch: Epoch = 0, weights: [UInt32] = [1, 1, 1]) {
        let members = (1...3).map { Ensemble.Member(ServerID(Int64($0)), weight: weights[$0 - 1]) }
        peer = ZabPeer(
            ZabConfiguration(me: ServerID(2), ensemble: Ensemble(members)), history: History(after: log),
            epochs: Epochs(accepted: epoch, current: epoch))
        peer.step(.started, at: .zero, into: &effects)
    }

    /// What it does next.
    mutating func hears(
        _ sender: Int64, _ state: PeerState = .looking, round: UInt64 = 1, vote: Vote
    ) -> [PeerEffect] {
        effects.removeAll()
        peer.step(
            .notified(Notification(state: state, round: round, vote: vote), from: ServerID(sender)), at: .zero,
            into: &effects)
        return Array(effects.elements)
    }

    mutating func fires(_ timer: PeerTimer) -> [PeerEffect] {
        effects.removeAll()
        peer.step(.timerFired(timer), at: .zero, into: &effects)
        return Array(effects.elements)
    }

    var vote: Vote? { peer.election.vote }
}

private func vote(_ leader: Int64, _ zxid: Zxid = .zero, epoch: Epoch = 0) -> Vote {
    Vote(leader: ServerID(leader), zxid: zxid, epoch: epoch)
}

private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

struct LeaderElectionTests {
    @Test func `epoch before zxid before identifier`() {  // ZB-1
        #expect(vote(1, zxid(1, 1), epoch: 2).isBetter(than: vote(3, zxid(1, 9), epoch: 1)))
        #expect(vote(1, zxid(1, 2), epoch: 1).isBetter(than: vote(3, zxid(1, 1), epoch: 1)))
        #expect(vote(3).isBetter(than: vote(1)))
        #expect(!vote(1).isBetter(than: vote(1)))
    }

    @Test func `a server of weight 0 never wins`() {  // ZB-1
        var voter = Voter(weights: [1, 1, 0])
        _ = voter.hears(3, vote: vote(3, zxid(9, 9), epoch: 9))
        #expect(voter.vote == vote(2))
    }

    @Test func `an observer in a later round and a voter do not answer each other for ever`() {
        let members = (1...3).map { Ensemble.Member(ServerID($0), role: $0 == 3 ? .observer : .participant) }
        var peers = [2, 3].map { (id: Int64) in
            ZabPeer(ZabConfiguration(me: ServerID(id), ensemble: Ensemble(members)))
        }
        var effects = EffectBuffer<PeerEffect>()
        for index in peers.indices { peers[index].step(.started, at: .zero, into: &effects) }
        func answers(of index: Int, to notification: Notification, from sender: Int64) -> [Notification] {
            effects.removeAll()
            peers[index].step(.notified(notification, from: ServerID(sender)), at: .zero, into: &effects)
            return effects.elements.compactMap {
                if case .notify(let answer, to: ServerID(sender)) = $0 { answer } else { nil }
            }
        }
        #expect(answers(of: 0, to: Notification(state: .looking, round: 2, vote: nil), from: 3).isEmpty)
        #expect(answers(of: 0, to: Notification(state: .looking, round: 1, vote: nil), from: 3).count == 1)
        #expect(answers(of: 1, to: Notification(state: .looking, round: 0, vote: vote(2)), from: 2).isEmpty)
    }

    @Test func `a higher round is joined with the better of one's own and the other's vote`() {  // ZB-3
        var voter = Voter(log: zxid(1, 5), epoch: 1)
        _ = voter.hears(3, vote: vote(3, zxid(1, 6), epoch: 1))
        #expect(voter.vote == vote(3, zxid(1, 6), epoch: 1))
        // Round 4 knows nothing of that vote: the voter compares with its own first one.
        let effects = voter.hears(1, round: 4, vote: vote(1))
        #expect(voter.peer.election.round == 4)
        #expect(voter.vote == vote(2, zxid(1, 5), epoch: 1))
        #expect(effects.contains(.notify(.init(state: .looking, round: 4, vote: voter.vote), to: ServerID(3))))
    }

    @Test func `a lower round is answered and not counted`() {  // ZB-3
        var voter = Voter()
        _ = voter.hears(3, round: 7, vote: vote(3))
        let effects = voter.hears(1, round: 2, vote: vote(3))
        #expect(effects == [.notify(.init(state: .looking, round: 7, vote: vote(3)), to: ServerID(1))])
    }

    @Test func `a quorum waits for a better vote before it decides`() {  // ZB-4
        var voter = Voter()
        let effects = voter.hears(3, vote: vote(3))
        #expect(effects.contains(.setTimer(.finalizeElection, after: .milliseconds(200))))
        #expect(voter.peer.election.phase == .finalizing)
        // The better vote has no quorum yet.
        let better = voter.hears(1, vote: vote(1, zxid(1, 1), epoch: 1))
        #expect(better.contains(.setTimer(.finalizeElection, after: .milliseconds(200))))
        #expect(voter.vote?.leader == ServerID(1))
        #expect(voter.fires(.finalizeElection).contains(.connect(to: ServerID(1))))
        #expect(voter.peer.election.phase == .settled(.following))
    }

    @Test func `a late joiner needs a quorum and the leader's own word`() {  // ZB-5
        var voter = Voter(log: zxid(1, 9), epoch: 1)
        let theirs = vote(3, zxid(1, 2), epoch: 2)
        #expect(voter.hears(1, .following, round: 5, vote: theirs).isEmpty)
        #expect(voter.hears(3, .leading, round: 6, vote: theirs).contains(.connect(to: ServerID(3))))
        #expect(voter.peer.election.round == 6)
    }

    @Test func `votes are told again, half as often each time`() {  // ZB-6
        var voter = Voter()
        var waits: [Tick] = []
        for _ in 0..<11 {
            for case .setTimer(.resendVotes, let after) in voter.fires(.resendVotes) { waits.append(after) }
        }
        #expect(waits.first == .milliseconds(400))
        #expect(waits[1] == .milliseconds(800))
        #expect(waits.last == .seconds(60))
    }

    @Test func `whoever has a leader tells newcomers`() {
        var voter = Voter()
        _ = voter.hears(3, vote: vote(3))
        _ = voter.fires(.finalizeElection)
        let effects = voter.hears(1, round: 1, vote: vote(1))
        #expect(effects == [.notify(.init(state: .following, round: 1, vote: vote(3)), to: ServerID(1))])
    }

    @Test func `one server alone elects itself`() {
        var peer = ZabPeer(
            ZabConfiguration(me: ServerID(7), ensemble: Ensemble([Ensemble.Member(ServerID(7))])))
        var effects = EffectBuffer<PeerEffect>()
        for input: PeerInput in [
            .started, .timerFired(.finalizeElection), .epochStored(.accepted(1)), .epochStored(.current(1)),
        ] {
            peer.step(input, at: .zero, into: &effects)
        }
        #expect(peer.role == .leading(1))
        #expect(peer.nextZxid == zxid(1, 1))
    }
}
