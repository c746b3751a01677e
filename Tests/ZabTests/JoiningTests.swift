import StateMachines
import Testing
import Zab

private func id(_ number: Int64) -> ServerID { ServerID(number) }

/// Server `me` of three voters, and observer 4, which server 3 leads in epoch 2.
private struct Learner {
    private(set) var peer: ZabPeer
    /// What it asked for when it knew its leader.
    private(set) var first: [PeerEffect] = []

    init(_ me: Int64, _ timing: ZabTiming, hostsObservers: Bool = false, seed: UInt64 = 7) {
        let members = (1...4).map { Ensemble.Member(id($0), role: $0 == 4 ? .observer : .participant) }
        peer = ZabPeer(
            ZabConfiguration(
                me: id(me), ensemble: Ensemble(members), timing: timing, hostsObservers: hostsObservers, seed: seed))
        take(.started)
        first = hearOfLeader()
    }

    @discardableResult
    mutating func take(_ input: PeerInput, at now: Tick = .zero) -> [PeerEffect] {
        var effects = EffectBuffer<PeerEffect>()
        peer.step(input, at: now, into: &effects)
        return Array(effects.elements)
    }

    mutating func hearOfLeader() -> [PeerEffect] {
        let vote = Vote(leader: id(3), zxid: .zero, epoch: 2)
        take(.notified(Notification(state: .following, round: 1, vote: vote), from: id(2)))
        return take(.notified(Notification(state: .leading, round: 1, vote: vote), from: id(3)))
    }
}

extension [PeerEffect] {
    fileprivate func delay(of timer: PeerTimer) -> Tick? {
        for case .setTimer(timer, let after) in self { return after }
        return nil
    }

    fileprivate var isLooking: Bool {
        contains { if case .notify(let said, _) = $0 { said.state == .looking } else { false } }
    }
}

struct JoiningTests {
    @Test func `a limit of its own ends the attempts to reach the leader`() {  // connectToLearnerMasterLimit
        var learner = Learner(1, ZabTiming(tick: .milliseconds(100), connectionLimit: 3))
        #expect(learner.first.delay(of: .connectionDeadline) == .milliseconds(300))
        // Further attempts do not begin it anew.
        learner.take(.disconnected(id(3)))
        let again = learner.take(.timerFired(.reconnect))
        #expect(again.contains(.connect(to: id(3))) && again.delay(of: .connectionDeadline) == nil)
        let late = learner.take(.timerFired(.connectionDeadline))
        #expect(late.isLooking && late.contains(.disconnect(id(3))))
        // Whoever has reached it has time until initLimit.
        var connected = Learner(1, ZabTiming(tick: .milliseconds(100), connectionLimit: 3))
        #expect(connected.take(.connected(id(3))).contains(.cancelTimer(.connectionDeadline)))
        #expect(Learner(1, ZabTiming()).first.delay(of: .connectionDeadline) == nil)
    }

    @Test func `attempts are as far apart as is wanted`() {  // leaderConnectDelayDuringRetryMs
        for pause in [Tick.milliseconds(7), .milliseconds(700)] {
            var learner = Learner(1, ZabTiming(connectionPause: pause))
            #expect(learner.take(.disconnected(id(3))).delay(of: .reconnect) == pause)
        }
    }

    @Test func `an observer waits before it turns to its leader, others do not`() throws {  // observer.reconnectDelayMs
        let timing = ZabTiming(tick: .milliseconds(10), observerConnectionDelay: .seconds(5))
        var pauses: Set<Tick> = []
        for seed in 1...20 as ClosedRange<UInt64> {
            var observer = Learner(4, timing, seed: seed)
            #expect(!observer.first.contains(.connect(to: id(3))))
            let pause = try #require(observer.first.delay(of: .reconnect))
            #expect(pause < .seconds(5))
            pauses.insert(pause)
            // However long that is, it is no silence of the leader.
            #expect(!observer.take(.timerFired(.heartbeat), at: .seconds(4)).isLooking)
            #expect(observer.take(.timerFired(.reconnect), at: .seconds(4)) == [.connect(to: id(3))])
            #expect(observer.take(.timerFired(.heartbeat), at: .milliseconds(4_101)).isLooking)
        }
        #expect(pauses.count == 20, "each has a time of its own")
        #expect(Learner(1, timing).first.contains(.connect(to: id(3))))
        #expect(Learner(4, ZabTiming()).first.contains(.connect(to: id(3))))
    }

    @Test func `an observer of followers waits when it has been refused by all of them`() throws {
        var observer = Learner(4, ZabTiming(observerConnectionDelay: .seconds(5)), hostsObservers: true)
        #expect(observer.first.contains { if case .connect(_, true) = $0 { true } else { false } })
        let master = try #require(observer.peer.master)
        #expect(observer.take(.disconnected(master)).delay(of: .reconnect) == .milliseconds(100))
        observer.take(.timerFired(.reconnect))
        let second = try #require(observer.peer.master)
        #expect(second != master)
        let pause = try #require(observer.take(.disconnected(second)).delay(of: .reconnect))
        #expect(pause > .milliseconds(100) && pause < .milliseconds(5_100))
    }

    /// `observer.election.DelayMs`
    @Test func `an observer that has lost its leader lets the voters elect in peace`() throws {
        let timing = ZabTiming(connectionAttempts: 1, observerElectionDelay: .milliseconds(200))
        var observer = Learner(4, timing)
        let lost = observer.take(.disconnected(id(3)))
        #expect(!lost.isLooking)
        #expect(try #require(lost.delay(of: .reconnect)) < .milliseconds(200))
        #expect(observer.hearOfLeader().isEmpty)
        #expect(observer.take(.timerFired(.reconnect)).isLooking)
        #expect(observer.hearOfLeader().contains(.connect(to: id(3))))
        var voter = Learner(1, timing)
        #expect(voter.take(.disconnected(id(3))).isLooking)
    }

    @Test func `a leader whose voter looks again does not wait for it`() {  // leader.maxTimeToWaitForEpoch
        for (limit, voter, moment, givesUp) in [
            (.milliseconds(50), 2, 60, true), (.milliseconds(50), 2, 40, false), (.milliseconds(50), 1, 60, false),
            (nil, 2, 60, false),
        ] as [(Tick?, Int64, UInt64, Bool)] {
            let members = (1...3).map { Ensemble.Member(id($0)) }
            var peer = ZabPeer(
                ZabConfiguration(
                    me: id(3), ensemble: Ensemble(members), timing: ZabTiming(longestEpochWait: limit)))
            var effects = EffectBuffer<PeerEffect>()
            let vote = Vote(leader: id(3), zxid: .zero, epoch: 0)
            for input: PeerInput in [
                .started, .notified(Notification(state: .looking, round: 1, vote: vote), from: id(2)),
                .timerFired(.finalizeElection),
            ] {
                peer.step(input, at: .zero, into: &effects)
            }
            #expect(!peer.isElecting)
            let other = Vote(leader: id(voter), zxid: .zero, epoch: 0)
            peer.step(
                .notified(Notification(state: .looking, round: 2, vote: other), from: id(voter)),
                at: .milliseconds(moment), into: &effects)
            #expect(peer.isElecting == givesUp, "\(limit as Any) \(voter) \(moment)")
        }
    }
}
