import StateMachines
import Testing
import Zab

/// Server 1 of three, which follows server 3 and has promised it epoch 2; its own log ends at 1:9.
private struct Learner {
    var peer: ZabPeer

    init() {
        let ensemble = Ensemble((1...3).map { Ensemble.Member(ServerID(Int64($0))) })
        peer = ZabPeer(
            ZabConfiguration(me: ServerID(1), ensemble: ensemble), history: History(after: Zxid(epoch: 1, counter: 9)),
            epochs: Epochs(accepted: 1, current: 1))
        let vote = Vote(leader: ServerID(3), zxid: Zxid(epoch: 1, counter: 9), epoch: 1)
        _ = take(.started)
        _ = take(.notified(Notification(state: .following, round: 1, vote: vote), from: ServerID(2)))
        _ = take(.notified(Notification(state: .leading, round: 1, vote: vote), from: ServerID(3)))
        _ = take(.connected(ServerID(3)))
        _ = take(.leaderInfo(2))
        _ = take(.epochStored(.accepted(2)))
    }

    mutating func take(_ input: PeerInput, at now: Tick = .zero) -> [PeerEffect] {
        var effects = EffectBuffer<PeerEffect>()
        peer.step(input, at: now, into: &effects)
        return Array(effects.elements)
    }

    mutating func take(_ packet: Packet) -> [PeerEffect] { take(.received(packet, from: ServerID(3))) }
}

struct LearningTests {
    @Test func `a snapshot that never arrives whole leads to a new election, with the history as it was`() {
        var learner = Learner()
        let snapshot = Zxid(epoch: 1, counter: 700)
        #expect(learner.take(.snapshot(through: snapshot)) == [.installSnapshot(through: snapshot, from: ServerID(3))])
        // The stream may end before the driver has told what that means for the snapshot.
        let lost = learner.take(.disconnected(ServerID(3)))
        #expect(!lost.contains { if case .notify = $0 { true } else { false } })
        let aborted = learner.take(.snapshotAborted)
        #expect(aborted.contains { if case .notify = $0 { true } else { false } })
        #expect(learner.peer.history.last == Zxid(epoch: 1, counter: 9))
        #expect(learner.take(.snapshotAborted).isEmpty)
    }

    /// Its snapshot has what came to nothing. Until a better one has arrived, it must stay.
    @Test func `what cannot be cut is copied from the same leader`() {
        var learner = Learner()
        let meeting = Zxid(epoch: 1, counter: 7)
        #expect(learner.take(.truncate(to: meeting)) == [.truncateLog(to: meeting)])
        _ = learner.take(.newLeader(2))
        let refused = learner.take(.truncationImpossible)
        #expect(refused == [.disconnect(ServerID(3)), .connect(to: ServerID(3))])
        #expect(
            learner.take(.connected(ServerID(3))) == [.send(.followerInfo(.participant, accepted: 2), to: ServerID(3))])
        #expect(learner.take(.leaderInfo(2)) == [.send(.acknowledgeEpoch(last: nil, current: nil), to: ServerID(3))])
        let copy = Zxid(epoch: 1, counter: 8)
        #expect(learner.take(.snapshot(through: copy)) == [.installSnapshot(through: copy, from: ServerID(3))])
        _ = learner.take(.snapshotInstalled(through: copy))
        #expect(learner.take(.newLeader(2)) == [.storeEpoch(.current(2))])
        #expect(learner.peer.history.last == copy)
    }

    /// Another leader has not seen what this server has, and must before it may replace it.
    @Test func `a leader of another epoch is told what cannot be cut`() {
        var learner = Learner()
        _ = learner.take(.truncate(to: Zxid(epoch: 1, counter: 7)))
        _ = learner.take(.truncationImpossible)
        _ = learner.take(.connected(ServerID(3)))
        #expect(learner.take(.leaderInfo(3)) == [.storeEpoch(.accepted(3))])
        let promise = Packet.acknowledgeEpoch(last: Zxid(epoch: 1, counter: 9), current: 1)
        #expect(learner.take(.epochStored(.accepted(3))) == [.send(promise, to: ServerID(3))])
    }

    private static let next = LogEntry(zxid: Zxid(epoch: 1, counter: 10), payload: [10])

    @Test(
        arguments: [
            ([.upToDate], .illegalMessage), ([.acknowledge(next.zxid)], .illegalMessage),
            ([.proposal(next)], .illegalMessage), ([.leaderInfo(2)], .illegalMessage),
            (
                [.diff(through: .zero), .proposal(LogEntry(zxid: Zxid(epoch: 1, counter: 11), payload: []))],
                .inconsistentProposal
            ),
            ([.diff(through: .zero), .commit(next.zxid)], .inconsistentCommit),
            // The order of ZOOKEEPER-4394.
            ([.diff(through: .zero), .proposal(next), .newLeader(2), .commit(next.zxid)], nil),
        ] as [([Packet], Offence?)])
    func `what no leader says at that moment is remembered`(_ packets: [Packet], _ offence: Offence?) {
        var learner = Learner()
        for packet in packets { _ = learner.take(packet) }
        #expect(learner.peer.standing.offence == offence)
        #expect(learner.peer.isElecting == (offence != nil))
    }

    @Test func `a leader whose snapshot is still arriving is not silent`() {
        let timeout = ZabTiming.usual.tick * ZabTiming.usual.initLimit
        for isHeard in [true, false] {
            var learner = Learner()
            _ = learner.take(.snapshot(through: Zxid(epoch: 1, counter: 700)))
            if isHeard { _ = learner.take(.heard(ServerID(3)), at: timeout) }
            let effects = learner.take(.timerFired(.heartbeat), at: timeout + .milliseconds(1))
            #expect(effects.contains(.disconnect(ServerID(3))) != isHeard)
        }
    }
}
