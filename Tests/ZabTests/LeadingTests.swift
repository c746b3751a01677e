import StateMachines
import Testing
import Zab

/// Server 3 of three, elected by server 2, with a log that ends at 1:4.
private struct Candidate {
    var peer: ZabPeer
    var effects = EffectBuffer<PeerEffect>()

    /// - Parameter undelivered: so many entries of the log are logged only; without them, all of it is in the state.
    init(transactionsPerEpoch: UInt32 = .max - 1, undelivered: UInt32 = 0, mutation: ZabMutation? = nil) {
        let ensemble = Ensemble((1...3).map { Ensemble.Member(ServerID(Int64($0))) })
        peer = ZabPeer(
            ZabConfiguration(
                me: ServerID(3), ensemble: ensemble, transactionsPerEpoch: transactionsPerEpoch, mutation: mutation),
            history: History(after: Zxid(epoch: 1, counter: 4 - undelivered)), epochs: Epochs(accepted: 1, current: 1))
        let mine = Vote(leader: ServerID(3), zxid: Zxid(epoch: 1, counter: 4), epoch: 1)
        _ = take(.started)
        learn(undelivered)
        let round: UInt64 = undelivered > 0 ? 2 : 1
        _ = take(.notified(Notification(state: .looking, round: round, vote: mine), from: ServerID(2)))
        _ = take(.timerFired(.finalizeElection))
    }

    /// From a leader of epoch 1 that proposes so many entries and fails.
    private mutating func learn(_ count: UInt32) {
        guard count > 0 else { return }
        let vote = Vote(leader: ServerID(1), zxid: zxid(1, 4 - count), epoch: 0)
        _ = take(.notified(Notification(state: .following, round: 1, vote: vote), from: ServerID(2)))
        _ = take(.notified(Notification(state: .leading, round: 1, vote: vote), from: ServerID(1)))
        _ = take(.connected(ServerID(1)))
        _ = take(.leaderInfo(1), from: 1)
        _ = take(.diff(through: zxid(1, 4 - count)), from: 1)
        _ = take(.newLeader(1), from: 1)
        _ = take(.epochStored(.current(1)))
        _ = take(.upToDate, from: 1)
        for counter in (5 - count)...4 {
            _ = take(.proposal(LogEntry(zxid: zxid(1, counter), payload: [UInt8(counter)])), from: 1)
        }
        _ = take(.persisted(through: zxid(1, 4)))
        _ = take(.disconnected(ServerID(1)))
    }

    mutating func take(_ input: PeerInput) -> [PeerEffect] {
        effects.removeAll()
        peer.step(input, at: .zero, into: &effects)
        return Array(effects.elements)
    }

    mutating func take(_ packet: Packet, from sender: Int64) -> [PeerEffect] {
        take(.received(packet, from: ServerID(sender)))
    }

    /// A leader that serves with server 2.
    mutating func serve() {
        _ = take(.followerInfo(.participant, accepted: 1), from: 2)
        _ = take(.epochStored(.accepted(2)))
        _ = take(.acknowledgeEpoch(last: Zxid(epoch: 1, counter: 4), current: 1), from: 2)
        _ = take(.epochStored(.current(2)))
        _ = take(.acknowledge(Zxid(epoch: 2, counter: 0)), from: 2)
    }
}

private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

struct LeadingTests {
    /// The order of ZOOKEEPER-4685.
    @Test func `who acknowledges a proposal before NEWLEADER is sent away`() {
        var candidate = Candidate()
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 2)
        _ = candidate.take(.epochStored(.accepted(2)))
        _ = candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 2)
        #expect(candidate.peer.standing.offence == nil)
        #expect(candidate.take(.acknowledge(zxid(2, 1)), from: 2) == [.disconnect(ServerID(2))])
        #expect(candidate.peer.standing.offence == .inconsistentAcknowledgement)
    }

    @Test func `the new epoch is above all that a quorum accepted, and on disk before it is told`() {  // ZB-9
        var candidate = Candidate()
        #expect(candidate.take(.followerInfo(.participant, accepted: 5), from: 2) == [.storeEpoch(.accepted(6))])
        #expect(candidate.take(.epochStored(.accepted(6))) == [.send(.leaderInfo(6), to: ServerID(2))])
    }

    @Test func `a promise made before does not count again`() {  // ZB-10
        var candidate = Candidate()
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 2)
        _ = candidate.take(.epochStored(.accepted(2)))
        #expect(candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: nil), from: 2).isEmpty)
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 1)
        let effects = candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 1)
        #expect(effects.contains(.storeEpoch(.current(2))))
    }

    @Test func `a follower with a better history is refused`() {  // ZB-11
        for (last, current) in [(zxid(1, 5), 1), (zxid(1, 1), 2)] as [(Zxid, Epoch)] {
            var candidate = Candidate()
            _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 2)
            _ = candidate.take(.epochStored(.accepted(2)))
            let effects = candidate.take(.acknowledgeEpoch(last: last, current: current), from: 2)
            #expect(effects == [.disconnect(ServerID(2))])
        }
    }

    @Test func `nobody serves before a quorum has acknowledged the history`() {  // ZB-14
        var candidate = Candidate()
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 2)
        _ = candidate.take(.epochStored(.accepted(2)))
        let effects = candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 2)
        #expect(
            effects == [
                .storeEpoch(.current(2)), .send(.diff(through: zxid(1, 4)), to: ServerID(2)),
                .send(.newLeader(2), to: ServerID(2)),
            ])
        #expect(candidate.take(.epochStored(.current(2))).isEmpty)
        #expect(candidate.peer.nextZxid == nil)
        let acknowledged = candidate.take(.acknowledge(zxid(2, 0)), from: 2)
        #expect(acknowledged == [.changeRole(.leading(2)), .send(.upToDate, to: ServerID(2))])
    }

    @Test func `a commit waits for a quorum of disks and for everything before it`() {  // ZB-16, ZB-17
        var candidate = Candidate()
        candidate.serve()
        let entries = (1...2).map { LogEntry(zxid: zxid(2, $0), payload: [UInt8($0)]) }
        for entry in entries {
            #expect(
                candidate.take(.proposed(entry.payload)) == [
                    .append(entry), .send(.proposal(entry), to: ServerID(2)),
                ])
        }
        #expect(candidate.take(.acknowledge(zxid(2, 1)), from: 2).isEmpty)
        #expect(candidate.take(.acknowledge(zxid(2, 2)), from: 2).isEmpty)
        #expect(
            candidate.take(.persisted(through: zxid(2, 1))) == [
                .send(.commit(zxid(2, 1)), to: ServerID(2)), .deliver(entries[0]),
            ])
        #expect(
            candidate.take(.persisted(through: zxid(2, 2))) == [
                .send(.commit(zxid(2, 2)), to: ServerID(2)), .deliver(entries[1]),
            ])
    }

    @Test func `a follower that joins between gets what is under way`() {  // ZB-15
        var candidate = Candidate()
        candidate.serve()
        let entry = LogEntry(zxid: zxid(2, 1), payload: [1])
        _ = candidate.take(.proposed(entry.payload))
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 1)
        let effects = candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 1)
        #expect(
            effects == [
                .send(.diff(through: zxid(1, 4)), to: ServerID(1)), .send(.proposal(entry), to: ServerID(1)),
                .send(.newLeader(2), to: ServerID(1)),
            ])
    }

    /// The copy replaces everything, and what comes behind it may never arrive.
    @Test(arguments: [nil, .copiesDeliveredOnly] as [ZabMutation?])
    func `a copy lacks nothing of the leader's log`(_ mutation: ZabMutation?) {
        var candidate = Candidate(undelivered: 2, mutation: mutation)
        _ = candidate.take(.followerInfo(.participant, accepted: 1), from: 2)
        _ = candidate.take(.epochStored(.accepted(2)))
        _ = candidate.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 2)
        _ = candidate.take(.followerInfo(.participant, accepted: 2), from: 1)
        let copy = candidate.take(.acknowledgeEpoch(last: nil, current: nil), from: 1).filter { effect in
            switch effect {
            case .anticipate, .deliver, .send(.snapshot, to: _): true
            default: false
            }
        }
        let entries = [UInt8(3), 4].map { LogEntry(zxid: zxid(1, UInt32($0)), payload: [$0]) }
        let whole = entries.map { PeerEffect.anticipate($0) } + [.send(.snapshot(through: zxid(1, 4)), to: ServerID(1))]
        let delivered = [PeerEffect.send(.snapshot(through: zxid(1, 2)), to: ServerID(1))]
        #expect(copy == (mutation == nil ? whole : delivered))
    }

    @Test func `an epoch that is used up ends`() {  // ZB-18
        var candidate = Candidate(transactionsPerEpoch: 1)
        candidate.serve()
        #expect(candidate.take(.proposed([1])).first == .append(LogEntry(zxid: zxid(2, 1), payload: [1])))
        #expect(candidate.peer.nextZxid == nil)
        #expect(candidate.take(.proposed([2])).contains(.changeRole(.looking)))
    }

    @Test func `a leader makes room for a follower that promised a later epoch`() {
        var candidate = Candidate()
        candidate.serve()
        #expect(
            candidate.take(.followerInfo(.observer, accepted: 9), from: 1).contains(
                .send(.leaderInfo(2), to: ServerID(1))))
        #expect(candidate.take(.followerInfo(.participant, accepted: 3), from: 1).contains(.changeRole(.looking)))
    }

    @Test func `a leader without a quorum steps down`() {
        var candidate = Candidate()
        candidate.serve()
        _ = candidate.take(.disconnected(ServerID(2)))
        #expect(candidate.take(.timerFired(.heartbeat)).contains(.changeRole(.looking)))
    }
}
