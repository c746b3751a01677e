import StateMachines
import Testing
import Zab

private func id(_ number: Int64) -> ServerID { ServerID(number) }
private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

/// Server 1, whose log ends at 1:4; of two voters, unless said otherwise.
private struct Server {
    private(set) var peer: ZabPeer

    init(voters: Int64 = 2, observers: Int64 = 0, me: Int64 = 1, hasOracle: Bool = true) {
        let members = (1...(voters + observers)).map {
            Ensemble.Member(id($0), role: $0 > voters ? .observer : .participant)
        }
        peer = ZabPeer(
            ZabConfiguration(
                me: id(me), ensemble: Ensemble(members), timing: ZabTiming(tick: .milliseconds(100)),
                hasOracle: hasOracle), history: History(after: zxid(1, 4)), epochs: Epochs(accepted: 1, current: 1))
    }

    @discardableResult
    mutating func take(_ input: PeerInput, at now: Tick = .zero) -> [PeerEffect] {
        var effects = EffectBuffer<PeerEffect>()
        peer.step(input, at: now, into: &effects)
        return Array(effects.elements)
    }

    @discardableResult
    mutating func take(_ packet: Packet, from sender: Int64, at now: Tick = .zero) -> [PeerEffect] {
        take(.received(packet, from: id(sender)), at: now)
    }

    /// Takes an input, then the oracle's answer to what it asked because of that.
    @discardableResult
    mutating func take(_ input: PeerInput, oracle mayGoOn: Bool, at now: Tick = .zero) -> [PeerEffect] {
        let effects = take(input, at: now)
        #expect(effects.contains(.askOracle), "\(input)")
        return effects + take(.oracleAnswered(mayGoOn: mayGoOn), at: now)
    }

    /// Elects itself and serves, without anybody else.
    mutating func leadAlone() {
        take(.started, oracle: true)
        take(.timerFired(.finalizeElection), oracle: true)
        take(.epochStored(.accepted(2)), oracle: true)
        take(.epochStored(.current(2)), oracle: true)
    }

    mutating func heartbeat(at now: Tick = .zero) -> [PeerEffect] { take(.timerFired(.heartbeat), at: now) }

    /// Brings server 2 up to date, which had the same log.
    mutating func letIn(accepted: Epoch = 1, acknowledges: Bool = true) {
        take(.followerInfo(.participant, accepted: accepted), from: 2)
        take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 2)
        if acknowledges { take(.acknowledge(zxid(2, 0)), from: 2) }
    }
}

extension [PeerEffect] {
    fileprivate var delivered: [Zxid] { compactMap { if case .deliver(let entry) = $0 { entry.zxid } else { nil } } }
}

struct OracleTests {
    @Test func `one of two voters elects itself, leads and commits when the oracle lets it`() {
        var server = Server()
        let started = server.take(.started, oracle: true)
        #expect(started.contains(.setTimer(.finalizeElection, after: .milliseconds(200))))
        #expect(
            server.take(.timerFired(.finalizeElection), oracle: true).contains(.storeEpoch(.accepted(2))))
        #expect(server.take(.epochStored(.accepted(2)), oracle: true).contains(.storeEpoch(.current(2))))
        #expect(server.take(.epochStored(.current(2)), oracle: true).contains(.changeRole(.leading(2))))
        let proposed = server.take(.proposed([7]))
        #expect(proposed == [.append(LogEntry(zxid: zxid(2, 1), payload: [7]))])
        #expect(server.take(.persisted(through: zxid(2, 1)), oracle: true).delivered == [zxid(2, 1)])
    }

    @Test func `without the oracle's word nothing is decided alone`() {
        var server = Server()
        #expect(
            !server.take(.started, oracle: false).contains {
                if case .setTimer(.finalizeElection, _) = $0 { true } else { false }
            })
        #expect(server.peer.election.phase == .looking)
        // It asks again whenever it says its vote again.
        server.take(.timerFired(.resendVotes), oracle: true)
        server.take(.timerFired(.finalizeElection), oracle: false)
        #expect(server.peer.standing.nextZxid == nil)
        // And as a leader that waits for the other one.
        #expect(server.take(.timerFired(.heartbeat), oracle: true).contains(.storeEpoch(.accepted(2))))
    }

    @Test(arguments: [(1, true), (3, true), (2, false)] as [(Int64, Bool)])
    func `nobody is asked but where two vote, and where there is an oracle`(voters: Int64, hasOracle: Bool) {
        var server = Server(voters: voters, hasOracle: hasOracle)
        var asked = server.take(.started)
        for input: PeerInput in [
            .timerFired(.resendVotes), .timerFired(.finalizeElection), .timerFired(.heartbeat),
            .epochStored(.accepted(2)), .epochStored(.current(2)),
        ] {
            asked += server.take(input)
        }
        #expect(!asked.contains(.askOracle))
        #expect((server.peer.role == .leading(2)) == (voters == 1))
    }

    @Test func `every commit asks anew, and takes no answer but its own`() {
        var server = Server()
        server.leadAlone()
        server.take(.proposed([1]))
        server.take(.persisted(through: zxid(2, 1)), oracle: true)
        server.take(.proposed([2]))
        #expect(server.take(.persisted(through: zxid(2, 2)), oracle: false).delivered.isEmpty)
        // An earlier answer is none for what is proposed later.
        #expect(server.take(.oracleAnswered(mayGoOn: true)).delivered == [zxid(2, 2)])
        server.take(.proposed([3]))
        #expect(server.take(.oracleAnswered(mayGoOn: true)).delivered.isEmpty, "it is not on disk")
    }

    @Test func `a leader that has lost its follower goes on, and what was under way is committed`() {
        var server = Server()
        server.take(.started)
        let mine = Vote(leader: id(2), zxid: zxid(1, 3), epoch: 1)
        server.take(.notified(Notification(state: .looking, round: 1, vote: mine), from: id(2)))
        let vote = Vote(leader: id(1), zxid: zxid(1, 4), epoch: 1)
        server.take(.notified(Notification(state: .looking, round: 1, vote: vote), from: id(2)))
        server.take(.timerFired(.finalizeElection))
        server.take(.followerInfo(.participant, accepted: 1), from: 2)
        server.take(.epochStored(.accepted(2)))
        server.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 2)
        server.take(.epochStored(.current(2)))
        #expect(server.take(.acknowledge(zxid(2, 0)), from: 2).contains(.changeRole(.leading(2))))
        // With a follower there is nothing to ask.
        server.take(.proposed([1]))
        #expect(!server.take(.persisted(through: zxid(2, 1))).contains(.askOracle))
        #expect(!server.heartbeat().contains(.askOracle))
        server.take(.disconnected(id(2)))
        #expect(server.take(.timerFired(.heartbeat), oracle: true).delivered == [zxid(2, 1)])
        #expect(server.peer.role == .leading(2))
    }

    @Test func `a leader alone steps down when the oracle says no, or says nothing until the next heartbeat`() {
        var server = Server()
        server.leadAlone()
        #expect(server.take(.timerFired(.heartbeat), oracle: false).contains(.changeRole(.looking)))
        server = Server()
        server.leadAlone()
        #expect(server.heartbeat().contains(.askOracle))
        #expect(server.heartbeat().contains(.changeRole(.looking)))
        // A write is refused its commit; the leader stays until the next heartbeat, in which the oracle may have noticed the loss.
        server = Server()
        server.leadAlone()
        server.take(.proposed([1]))
        server.take(.persisted(through: zxid(2, 1)), oracle: false)
        #expect(server.peer.role == .leading(2))
        #expect(server.take(.timerFired(.heartbeat), oracle: true).delivered == [zxid(2, 1)])
    }

    @Test func `once the other voter is being brought up to date, both decide again`() {
        var server = Server()
        server.leadAlone()
        server.letIn(acknowledges: false)
        server.take(.proposed([1]))
        #expect(!server.take(.persisted(through: zxid(2, 1))).contains(.askOracle))
        // The leader does not leave the follower before it is ready.
        #expect(!server.heartbeat().contains(.changeRole(.looking)))
        #expect(server.take(.oracleAnswered(mayGoOn: true)).isEmpty)
        server.take(.acknowledge(zxid(2, 0)), from: 2)
        #expect(server.take(.acknowledge(zxid(2, 1)), from: 2).delivered == [zxid(2, 1)])
    }

    @Test func `a doubt that the other voter has ended is none when that is lost again`() {
        var server = Server()
        server.leadAlone()
        #expect(server.heartbeat().contains(.askOracle))
        server.letIn()
        #expect(server.take(.oracleAnswered(mayGoOn: false)).isEmpty)
        #expect(server.heartbeat().contains(.send(.ping(zxid(1, 4)), to: id(2))))
        server.take(.disconnected(id(2)))
        #expect(server.take(.timerFired(.heartbeat), oracle: true).allSatisfy { $0 != .changeRole(.looking) })
        #expect(server.peer.role == .leading(2))
    }

    @Test func `who may not go on follows the one that leads alone`() {
        for (me, observers) in [(1, 0), (3, 1)] as [(Int64, Int64)] {
            var server = Server(observers: observers, me: me)
            server.take(.started)
            let theirs = Vote(leader: id(2), zxid: zxid(1, 4), epoch: 3)
            let leads = PeerInput.notified(Notification(state: .leading, round: 5, vote: theirs), from: id(2))
            #expect(server.take(leads, oracle: false).contains(.connect(to: id(2))))
            #expect(server.peer.election.round == 5)
        }
        // Who only says that he follows is no leader.
        var server = Server()
        server.take(.started)
        let theirs = Vote(leader: id(2), zxid: zxid(1, 4), epoch: 3)
        server.take(.notified(Notification(state: .following, round: 5, vote: theirs), from: id(2)))
        #expect(server.take(.oracleAnswered(mayGoOn: false)).isEmpty)
    }

    @Test func `a better vote ends a lonely election`() {
        var server = Server()
        server.take(.started, oracle: true)
        let better = Vote(leader: id(2), zxid: zxid(1, 5), epoch: 1)
        server.take(.notified(Notification(state: .looking, round: 1, vote: better), from: id(2)))
        #expect(server.take(.timerFired(.finalizeElection)).contains(.connect(to: id(2))))
    }
}
