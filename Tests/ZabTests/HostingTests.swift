import StateMachines
import Testing
import Zab

private func id(_ number: Int64) -> ServerID { ServerID(number) }
private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }
private func entry(_ counter: UInt32) -> LogEntry { LogEntry(zxid: zxid(2, counter), payload: [UInt8(counter)]) }

extension Array where Element == PeerEffect {
    fileprivate func sent(to receiver: Int64) -> [Packet] {
        compactMap { if case .send(let packet, to: id(receiver)) = $0 { packet } else { nil } }
    }
}

/// One of three voters and two observers, under server 3 in epoch 2; all had the log through 1:4.
private struct Server {
    static let ensemble = Ensemble(
        (1...5).map { Ensemble.Member(id($0), role: $0 > 3 ? .observer : .participant) })
    var peer: ZabPeer

    init(_ me: Int64, hostsObservers: Bool = true) {
        peer = ZabPeer(
            ZabConfiguration(me: id(me), ensemble: Self.ensemble, hostsObservers: hostsObservers),
            history: History(after: zxid(1, 4)), epochs: Epochs(accepted: 1, current: 1))
        let vote = Vote(leader: id(3), zxid: zxid(1, 4), epoch: 2)
        _ = take(.started)
        _ = take(.notified(Notification(state: .following, round: 1, vote: vote), from: id(me == 2 ? 1 : 2)))
        effectsOfElection = take(.notified(Notification(state: .leading, round: 1, vote: vote), from: id(3)))
    }

    /// What the server asked for when it knew its leader.
    private(set) var effectsOfElection: [PeerEffect] = []

    mutating func take(_ input: PeerInput, at now: Tick = .zero) -> [PeerEffect] {
        var effects = EffectBuffer<PeerEffect>()
        peer.step(input, at: now, into: &effects)
        return Array(effects.elements)
    }

    mutating func take(_ packet: Packet, from sender: Int64, at now: Tick = .zero) -> [PeerEffect] {
        take(.received(packet, from: id(sender)), at: now)
    }

    mutating func join(_ master: Int64 = 3) {
        _ = take(.connected(id(master)))
        _ = take(.leaderInfo(2), from: master)
        _ = take(.epochStored(.accepted(2)))
        _ = take(.diff(through: zxid(1, 4)), from: master)
        _ = take(.newLeader(2, nil), from: master)
        _ = take(.epochStored(.current(2)))
        _ = take(.upToDate, from: master)
    }

    mutating func commit(_ counter: UInt32) -> [PeerEffect] {
        _ = take(.proposal(entry(counter)), from: 3)
        return take(.commit(entry(counter).zxid), from: 3)
    }

    /// Lets an observer in whose log ends here; what it is sent at last.
    mutating func host(_ guest: Int64, last: Zxid) -> [Packet] {
        _ = take(.followerInfo(.observer, accepted: 1), from: guest)
        return take(.acknowledgeEpoch(last: last, current: 1), from: guest).sent(to: guest)
    }
}

struct HostingTests {
    private func follower() -> Server {
        var server = Server(1)
        server.join()
        return server
    }

    @Test func `a follower brings an observer up to date, and tells it what is committed`() {
        var server = follower()
        #expect(server.peer.isHostingObservers)
        _ = server.commit(1)
        #expect(server.take(.followerInfo(.observer, accepted: 1), from: 4) == [.send(.leaderInfo(2), to: id(4))])
        let synchronized = server.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 4).sent(to: 4)
        #expect(
            synchronized == [
                .diff(through: zxid(2, 1)), .proposal(entry(1)), .commit(zxid(2, 1)), .newLeader(2, nil),
            ])
        #expect(server.take(.acknowledge(zxid(2, 0)), from: 4).sent(to: 4) == [.upToDate])
        #expect(server.peer.observingLearners == [id(4)])
        // The second acknowledgement, of UPTODATE, says nothing; a proposal is nothing for an observer yet.
        #expect(server.take(.acknowledge(zxid(2, 0)), from: 4).isEmpty)
        #expect(server.take(.proposal(entry(2)), from: 3).sent(to: 4).isEmpty)
        #expect(server.take(.commit(zxid(2, 2)), from: 3).sent(to: 4) == [.inform(entry(2))])
    }

    /// What it has is committed, although not here; to cut it off would take back what a client has read.
    @Test func `an observer that has more than its new master waits for it`() {
        var server = follower()
        #expect(server.host(4, last: zxid(2, 2)) == [])
        #expect(server.commit(1).sent(to: 4) == [])
        #expect(server.commit(2).sent(to: 4) == [.diff(through: zxid(2, 2)), .newLeader(2, nil)])
    }

    @Test func `an observer with the history of a lost leader is cut back or copied`() {
        var server = follower()
        #expect(server.host(4, last: zxid(1, 7)) == [.truncate(to: zxid(1, 4)), .newLeader(2, nil)])
        _ = server.commit(1)
        #expect(
            server.host(5, last: zxid(1, 7)) == [
                .truncate(to: zxid(1, 4)), .proposal(entry(1)), .commit(zxid(2, 1)), .newLeader(2, nil),
            ])
    }

    @Test func `whoever is no observer, or speaks out of turn, is turned away`() {
        var server = follower()
        for packet in [
            .followerInfo(.participant, accepted: 1), .acknowledgeEpoch(last: zxid(1, 4), current: 1),
            .acknowledge(zxid(2, 0)), .ping(zxid(2, 0)), .upToDate,
        ] as [Packet] {
            #expect(server.take(packet, from: 2) == [.disconnect(id(2))])
        }
        _ = server.host(4, last: zxid(1, 4))
        #expect(server.take(.acknowledge(zxid(2, 7)), from: 4) == [.disconnect(id(4))])
        var deaf = Server(1, hostsObservers: false)
        deaf.join()
        #expect(!deaf.peer.isHostingObservers)
        #expect(deaf.take(.followerInfo(.observer, accepted: 1), from: 4) == [.disconnect(id(4))])
        // Who takes it for the leader is only mistaken.
        var other = follower()
        #expect(other.take(.followerInfo(.participant, accepted: 1), from: 2) == [.disconnect(id(2))])
        #expect(other.peer.standing.offence == nil)
        #expect(other.take(.upToDate, from: 2) == [.disconnect(id(2))])
        #expect(other.peer.standing.offence == .illegalMessage)
    }

    @Test func `observers are pinged, and the silent ones dropped`() {
        var server = follower()
        _ = server.host(4, last: zxid(1, 4))
        _ = server.take(.acknowledge(zxid(2, 0)), from: 4)
        let timing = ZabTiming.usual
        let half = Tick(microseconds: timing.tick.microseconds / 2)
        _ = server.take(.ping(zxid(2, 0)), from: 3, at: half)
        let effects = server.take(.timerFired(.heartbeat), at: half)
        #expect(effects.contains(.setTimer(.heartbeat, after: half)))
        #expect(effects.sent(to: 4) == [.ping(zxid(1, 4))])
        let late = timing.tick * timing.syncLimit + .milliseconds(1)
        _ = server.take(.ping(zxid(2, 0)), from: 3, at: late)
        #expect(server.take(.timerFired(.heartbeat), at: late).contains(.disconnect(id(4))))
        #expect(server.peer.observingLearners.isEmpty)
    }

    @Test func `a follower that loses its leader lets its observers go`() {
        var server = follower()
        _ = server.host(4, last: zxid(1, 4))
        let effects = server.take(.disconnected(id(3)))
        #expect(effects.contains(.disconnect(id(4))))
        #expect(effects.contains(.changeRole(.looking)))
        // An observer that goes is nobody's leader.
        var other = follower()
        _ = other.host(4, last: zxid(1, 4))
        #expect(other.take(.disconnected(id(4))).isEmpty)
        #expect(other.peer.role == .following(id(3), 2))
    }

    @Test func `an observer turns to one follower after the other, and then to the leader`() {
        var server = Server(5)
        var asked = server.effectsOfElection.filter { if case .connect = $0 { true } else { false } }
        for _ in 0..<4 {
            guard case .connect(let master, _)? = asked.last else { break }
            _ = server.take(.disconnected(master))
            asked += server.take(.timerFired(.reconnect))
        }
        #expect(
            asked == [
                .connect(to: id(2), asGuest: true), .connect(to: id(1), asGuest: true),
                .connect(to: id(2), asGuest: true), .connect(to: id(1), asGuest: true), .connect(to: id(3)),
            ])
        // One that was reached and lost is not the first to be tried again.
        server = Server(5)
        server.join(2)
        #expect(server.peer.master == id(2))
        #expect(server.peer.role == .observing(id(3), 2))
        #expect(server.take(.inform(entry(1)), from: 2).contains(.deliver(entry(1))))
        #expect(server.take(.inform(entry(1)), from: 3) == [.disconnect(id(3))])
    }
}
