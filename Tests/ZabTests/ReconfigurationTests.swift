import StateMachines
import Testing
import Zab

private func id(_ number: Int64) -> ServerID { ServerID(number) }
private func zxid(_ epoch: UInt32, _ counter: UInt32) -> Zxid { Zxid(epoch: epoch, counter: counter) }

/// Voters, and observers behind them.
private func ensemble(_ voters: [Int64], observers: [Int64] = [], _ version: Zxid) -> Ensemble {
    Ensemble(
        voters.map { Ensemble.Member(id($0)) } + observers.map { Ensemble.Member(id($0), role: .observer) },
        version: version)
}

private let first = ensemble([1, 2, 3], zxid(1, 0))

extension Array where Element == PeerEffect {
    fileprivate func sent(to receiver: Int64) -> [Packet] {
        compactMap { if case .send(let packet, to: id(receiver)) = $0 { packet } else { nil } }
    }
}

/// A server that is told by hand what happens.
private struct Server {
    var peer: ZabPeer
    private var effects = EffectBuffer<PeerEffect>()

    init(
        _ me: Int64, file: Ensemble = first, log: Zxid = zxid(1, 4), epoch: Epoch = 1, ensembles: [Ensemble] = [],
        mayReconfigure: Bool = true
    ) {
        peer = ZabPeer(
            ZabConfiguration(me: id(me), ensemble: file, mayReconfigure: mayReconfigure),
            history: History(after: log), epochs: Epochs(accepted: epoch, current: epoch), ensembles: ensembles)
    }

    mutating func take(_ inputs: PeerInput...) -> [PeerEffect] {
        effects.removeAll()
        for input in inputs { peer.step(input, at: .zero, into: &effects) }
        return Array(effects.elements)
    }

    mutating func take(_ packet: Packet, from sender: Int64) -> [PeerEffect] {
        take(.received(packet, from: id(sender)))
    }

    /// Joins a leader's election in its own favour, from those who vote for it.
    mutating func win(with voters: Int64..., round: UInt64 = 1) {
        _ = take(.started)
        for voter in voters {
            _ = take(
                .notified(Notification(state: .looking, round: round, vote: peer.election.vote), from: id(voter)))
        }
        _ = take(.timerFired(.finalizeElection))
    }

    mutating func promise(_ learner: Int64, _ role: Ensemble.Role = .participant) -> [PeerEffect] {
        let epoch = peer.epochs.current
        let introduced = take(.followerInfo(role, accepted: epoch), from: learner)
        guard case .storeEpoch(let stored)? = introduced.last else {
            return introduced + take(.acknowledgeEpoch(last: peer.history.last, current: epoch), from: learner)
        }
        return take(.epochStored(stored))
            + take(
                .acknowledgeEpoch(last: peer.history.last, current: epoch), from: learner)
    }

    /// Becomes a leader of epoch 2 with these learners, who have the same history.
    mutating func serve(with learners: [Int64], observers: [Int64] = []) {
        win(with: 2)
        for learner in learners { _ = promise(learner) }
        _ = take(.epochStored(.current(2)))
        for learner in learners { _ = take(.acknowledge(zxid(2, 0)), from: learner) }
        for observer in observers {
            _ = promise(observer, .observer)
            _ = take(.acknowledge(zxid(2, 0)), from: observer)
        }
    }

    /// Follows, or observes, a leader of epoch 2 whose history is the same.
    mutating func join(_ leader: Int64, with theirs: Ensemble?) {
        let vote = Vote(leader: id(leader), zxid: zxid(1, 4), epoch: 2)
        _ = take(
            .started, .notified(Notification(state: .following, round: 1, vote: vote), from: id(leader == 2 ? 1 : 2)),
            .notified(Notification(state: .leading, round: 1, vote: vote), from: id(leader)), .connected(id(leader)))
        _ = take(.leaderInfo(2), from: leader)
        _ = take(.epochStored(.accepted(2)))
        _ = take(.diff(through: zxid(1, 4)), from: leader)
        _ = take(.newLeader(2, theirs), from: leader)
        _ = take(.epochStored(.current(2)))
        _ = take(.upToDate, from: leader)
    }
}

struct ReconfigurationTests {
    // MARK: At a leader

    private func entry(_ counter: UInt32, _ next: Ensemble? = nil) -> LogEntry {
        LogEntry(zxid: zxid(2, counter), payload: [UInt8(counter)], ensemble: next)
    }

    @Test func `a reconfiguration waits for quorums of both ensembles, and what follows it too`() {
        var leader = Server(3)
        leader.serve(with: [1, 2, 4, 5])
        let next = ensemble([3, 4, 5], zxid(2, 2))
        _ = leader.take(.proposed([1]))
        let effects = leader.take(.proposed([2], next))
        #expect(effects.first == .expectEnsemble(next))
        #expect(effects.sent(to: 1) == [.proposal(entry(2, next))])
        _ = leader.take(.proposed([3]))
        #expect(leader.peer.isReconfiguring)
        // What came before needs nobody of the next ensemble.
        _ = leader.take(.persisted(through: zxid(2, 3)))
        #expect(leader.take(.acknowledge(zxid(2, 1)), from: 1).contains(.deliver(entry(1))))
        // Who does not vote yet gets what a quorum in force has.
        let shared = leader.take(.acknowledge(zxid(2, 3)), from: 1)
        #expect(shared.sent(to: 4) == [.proposal(entry(2, next)), .proposal(entry(3))])
        #expect(shared.sent(to: 2).isEmpty)
        #expect(leader.peer.membership.active == first)
        let committed = leader.take(.acknowledge(zxid(2, 3)), from: 4)
        #expect(committed.sent(to: 2) == [.commitAndActivate(zxid(2, 2), leader: id(3)), .commit(zxid(2, 3))])
        let (adopted, delivered) = (
            committed.firstIndex(of: .adoptEnsemble(next)), committed.firstIndex(of: .deliver(entry(2, next)))
        )
        #expect(adopted != nil && delivered != nil && adopted! < delivered!)
        #expect(!leader.peer.isReconfiguring)
        // From here on the next ensemble decides alone.
        _ = leader.take(.proposed([4]), .persisted(through: zxid(2, 4)))
        #expect(leader.take(.acknowledge(zxid(2, 4)), from: 1).isEmpty)
        #expect(leader.take(.acknowledge(zxid(2, 4)), from: 5).contains(.deliver(entry(4))))
    }

    @Test func `observers are told with the transaction`() {
        var leader = Server(3, file: ensemble([1, 2, 3], observers: [6], zxid(1, 0)))
        leader.serve(with: [1, 2], observers: [6])
        let next = ensemble([1, 3], observers: [6], zxid(2, 1))
        _ = leader.take(.proposed([1], next), .persisted(through: zxid(2, 1)))
        #expect(
            leader.take(.acknowledge(zxid(2, 1)), from: 1).sent(to: 6) == [
                .informAndActivate(entry(1, next), leader: id(3))
            ])
    }

    @Test func `only a quorum that is there can go on`() {
        var leader = Server(3)
        leader.serve(with: [1, 2, 4])
        #expect(leader.peer.canReconfigure(to: ensemble([3, 4, 5], zxid(2, 1))))
        #expect(!leader.peer.canReconfigure(to: ensemble([4, 5, 6], zxid(2, 1))))
        #expect(!leader.peer.canReconfigure(to: ensemble([4, 5], zxid(2, 1))))
        _ = leader.take(.proposed([1], ensemble([1, 3], zxid(2, 1))))
        #expect(!leader.peer.canReconfigure(to: ensemble([1, 3], zxid(2, 2))))
    }

    @Test func `observers do not count, even before they have come back as such`() {
        var leader = Server(3)
        leader.serve(with: [1, 2])
        _ = leader.take(.proposed([1], ensemble([2, 3], observers: [1], zxid(2, 1))), .persisted(through: zxid(2, 1)))
        _ = leader.take(.acknowledge(zxid(2, 1)), from: 2)
        #expect(leader.peer.membership.role(of: id(1)) == .observer)
        #expect(!leader.peer.canReconfigure(to: ensemble([1, 3], zxid(2, 2))))
    }

    @Test func `a leader that leaves names the voter that has most, and waits until it is left`() {
        var leader = Server(3)
        leader.serve(with: [1, 2, 4])
        let next = ensemble([1, 2, 4], zxid(2, 1))
        _ = leader.take(.proposed([1], next), .proposed([2]), .persisted(through: zxid(2, 2)))
        _ = leader.take(.acknowledge(zxid(2, 2)), from: 2)
        let effects = leader.take(.acknowledge(zxid(2, 1)), from: 4)
        #expect(effects.sent(to: 1) == [.commitAndActivate(zxid(2, 1), leader: id(2))])
        #expect(effects.last == .changeRole(.looking))
        #expect(!leader.peer.isAcceptingLearners)
        #expect(leader.peer.nextZxid == nil)
        #expect(leader.take(.acknowledge(zxid(2, 2)), from: 1).isEmpty)
        for learner in [1, 2] as [Int64] { #expect(leader.take(.disconnected(id(learner))).isEmpty) }
        #expect(leader.take(.disconnected(id(4))).contains { if case .notify = $0 { true } else { false } })
    }

    @Test func `a leader of another address is another leader`() {
        let members = [1, 2].map { Ensemble.Member(id($0)) }
        var leader = Server(3, file: Ensemble(members + [.init(id(3), address: [1])], version: zxid(1, 0)))
        leader.serve(with: [1, 2])
        _ = leader.take(
            .proposed([1], Ensemble(members + [.init(id(3), address: [2])], version: zxid(2, 1))),
            .persisted(through: zxid(2, 1)))
        let effects = leader.take(.acknowledge(zxid(2, 1)), from: 1)
        #expect(effects.sent(to: 2) == [.commitAndActivate(zxid(2, 1), leader: id(1))])
    }

    @Test func `without a quorum of either ensemble a leader steps down`() {
        for lost in [1, 4] as [Int64] {
            var leader = Server(3)
            leader.serve(with: [1, 4])
            _ = leader.take(.proposed([1], ensemble([3, 4], zxid(2, 1))))
            _ = leader.take(.disconnected(id(lost)))
            #expect(leader.take(.timerFired(.heartbeat)).contains(.changeRole(.looking)))
        }
    }

    @Test func `the ensemble of the files gets the version of the first epoch`() {
        let file = ensemble([1, 2, 3], .zero)
        var leader = Server(3, file: file)
        leader.win(with: 2)
        let effects = leader.promise(2)
        let versioned = file.versioned(zxid(2, 0))
        #expect(effects.sent(to: 2).last == .newLeader(2, versioned))
        _ = leader.take(.epochStored(.current(2)))
        #expect(leader.take(.acknowledge(zxid(2, 0)), from: 2).first == .adoptEnsemble(versioned))
        var fixed = Server(3, file: file, mayReconfigure: false)
        fixed.win(with: 2)
        #expect(fixed.promise(2).sent(to: 2).last == .newLeader(2))
    }

    @Test func `a new leader completes what was under way before it serves`() {
        let next = ensemble([3, 4, 5], zxid(1, 4))
        var leader = Server(3, ensembles: [next])
        leader.win(with: 1, 4)
        #expect(leader.take(.followerInfo(.participant, accepted: 1), from: 1).isEmpty)  // Of the old ensemble only.
        #expect(leader.take(.followerInfo(.participant, accepted: 1), from: 4) == [.storeEpoch(.accepted(2))])
        _ = leader.take(.epochStored(.accepted(2)))
        _ = leader.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 1)
        let effects = leader.take(.acknowledgeEpoch(last: zxid(1, 4), current: 1), from: 4)
        #expect(effects.sent(to: 1).last == .newLeader(2, next))
        #expect(effects.sent(to: 4).isEmpty)  // Not before a quorum in force has it.
        _ = leader.take(.epochStored(.current(2)))
        #expect(leader.take(.acknowledge(zxid(2, 0)), from: 1).sent(to: 4).last == .newLeader(2, next))
        let established = leader.take(.acknowledge(zxid(2, 0)), from: 4)
        #expect(established.contains(.adoptEnsemble(next)))
        #expect(leader.peer.role == .leading(2))
    }

    // MARK: At a learner

    @Test func `a follower changes with the commit, and a new leader is followed at once`() {
        let next = ensemble([1, 2], zxid(2, 1))
        var follower = Server(1)
        follower.join(3, with: first)
        #expect(follower.peer.role == .following(id(3), 2))
        #expect(follower.take(.proposal(entry(1, next)), from: 3).first == .expectEnsemble(next))
        #expect(follower.peer.membership.active == first)
        let effects = follower.take(.commitAndActivate(zxid(2, 1), leader: id(2)), from: 3)
        #expect(effects.first == .adoptEnsemble(next))
        #expect(effects.contains(.deliver(entry(1, next))))
        #expect(effects.contains(.disconnect(id(3))))
        #expect(effects.last == .connect(to: id(2)))
    }

    @Test func `whoever is named leads at once, unless somebody has more`() {
        let next = ensemble([1, 2, 4], zxid(2, 1))
        var named = Server(1)
        named.join(3, with: first)
        _ = named.take(.proposal(entry(1, next)), from: 3)
        _ = named.take(.commitAndActivate(zxid(2, 1), leader: id(1)), from: 3)
        #expect(named.peer.isAcceptingLearners)
        #expect(named.take(.followerInfo(.participant, accepted: 2), from: 2).contains(.storeEpoch(.accepted(3))))
        _ = named.take(.epochStored(.accepted(3)))
        _ = named.take(.acknowledgeEpoch(last: zxid(2, 2), current: 2), from: 2)
        #expect(!named.peer.isAcceptingLearners)
        #expect(named.peer.election.phase != .settled(.leading))
    }

    @Test func `a follower that becomes an observer introduces itself again`() {
        let next = ensemble([2, 3], observers: [1], zxid(2, 1))
        var follower = Server(1)
        follower.join(3, with: first)
        _ = follower.take(.proposal(entry(1, next)), from: 3)
        #expect(
            follower.take(.commitAndActivate(zxid(2, 1), leader: id(3)), from: 3).suffix(2) == [
                .setTimer(.heartbeat, after: .milliseconds(2_000)), .connect(to: id(3)),
            ])
        #expect(follower.take(.connected(id(3))).sent(to: 3) == [.followerInfo(.observer, accepted: 2)])
    }

    @Test func `whoever is removed stays and is not counted`() {
        let next = ensemble([2, 3], zxid(2, 1))
        var follower = Server(1)
        follower.join(3, with: first)
        _ = follower.take(.proposal(entry(1, next)), from: 3)
        _ = follower.take(.commitAndActivate(zxid(2, 1), leader: id(3)), from: 3)
        #expect(follower.peer.role == .following(id(3), 2))
        #expect(follower.take(.persisted(through: zxid(2, 1))).sent(to: 3) == [.acknowledge(zxid(2, 1))])
    }

    @Test func `an observer learns of it with the transaction`() {
        let file = ensemble([1, 2, 3], observers: [4], zxid(1, 0))
        let next = ensemble([1, 2, 3, 4], zxid(2, 1))
        var observer = Server(4, file: file)
        observer.join(3, with: file)
        #expect(observer.peer.role == .observing(id(3), 2))
        let effects = observer.take(.informAndActivate(entry(1, next), leader: id(3)), from: 3)
        #expect(effects.contains(.adoptEnsemble(next)))
        #expect(observer.take(.connected(id(3))).sent(to: 3) == [.followerInfo(.participant, accepted: 2)])
    }

    @Test func `what comes with NEWLEADER is in force with UPTODATE`() {
        let next = ensemble([1, 2, 3, 4], zxid(1, 3))
        var follower = Server(1)
        follower.join(3, with: next)
        #expect(follower.peer.membership.active == next)
        #expect(follower.peer.role == .following(id(3), 2))
    }

    @Test func `an ensemble that a leader has only just proposed is not in force with UPTODATE`() {
        // ZooKeeper's leaders send what they have seen last, committed or not.
        let next = ensemble([1, 2, 3, 4], zxid(2, 7))
        var follower = Server(1)
        follower.join(3, with: next)
        #expect(follower.peer.membership.active == first)
        #expect(follower.peer.membership.proposed == next)
    }

    @Test func `a leader that the ensemble does not name is left`() {
        var follower = Server(1)
        follower.join(3, with: ensemble([1, 2], zxid(1, 3)))
        #expect(follower.peer.role == .looking)
    }

    @Test func `what is cut off the log is not expected any more`() {
        let (earlier, later) = (ensemble([1, 2], zxid(1, 2)), ensemble([1, 2, 3, 4], zxid(1, 4)))
        var follower = Server(1, ensembles: [earlier, later])
        // Somebody had proposed the later one, so that the earlier one was committed.
        #expect(follower.peer.membership.active == earlier)
        #expect(follower.peer.membership.proposed == later)
        _ = follower.take(.started)
        _ = follower.take(
            .notified(
                Notification(state: .leading, round: 1, vote: Vote(leader: id(2), zxid: zxid(1, 3), epoch: 2)),
                from: id(2)))
        #expect(follower.peer.isElecting)
    }

    @Test func `what a snapshot tells of is expected, and committed when there is something later`() {
        let (earlier, later) = (ensemble([1, 2], zxid(2, 5)), ensemble([1, 3], zxid(2, 9)))
        var follower = Server(1)
        let vote = Vote(leader: id(3), zxid: zxid(1, 4), epoch: 2)
        _ = follower.take(
            .started, .notified(Notification(state: .following, round: 1, vote: vote), from: id(2)),
            .notified(Notification(state: .leading, round: 1, vote: vote), from: id(3)), .connected(id(3)))
        _ = follower.take(.leaderInfo(2), from: 3)
        _ = follower.take(.epochStored(.accepted(2)))
        _ = follower.take(.snapshot(through: zxid(2, 8)), from: 3)
        _ = follower.take(.snapshotInstalled(through: zxid(2, 8), earlier))
        #expect(follower.peer.membership.proposed == earlier)
        let entry = LogEntry(zxid: zxid(2, 9), payload: [9], ensemble: later)
        #expect(
            follower.take(.proposal(entry), from: 3) == [
                .adoptEnsemble(earlier), .expectEnsemble(later), .append(entry),
            ])
    }

    // MARK: In an election

    @Test func `whoever looks takes over a later ensemble and begins again`() {
        var voter = Server(1)
        _ = voter.take(.started)
        let next = ensemble([1, 4, 5], zxid(1, 3))
        let notification = Notification(
            state: .looking, round: 1, vote: Vote(leader: id(4), zxid: zxid(1, 4), epoch: 1), ensemble: next)
        let effects = voter.take(.notified(notification, from: id(4)))
        #expect(effects.first == .adoptEnsemble(next))
        #expect(voter.peer.election.round == 2)
        #expect(
            effects.contains {
                if case .notify(let told, to: id(5)) = $0 { told.ensemble == next } else { false }
            })
        // Not a second time, nor an older one, nor while it serves.
        #expect(!voter.take(.notified(notification, from: id(4))).contains(.adoptEnsemble(next)))
        var follower = Server(1)
        follower.join(3, with: first)
        #expect(follower.take(.notified(notification, from: id(4))).first != .adoptEnsemble(next))
        var fixed = Server(1, mayReconfigure: false)
        _ = fixed.take(.started)
        #expect(fixed.take(.notified(notification, from: id(4))).contains(.adoptEnsemble(next)) == false)
    }

    @Test func `an election needs quorums of both ensembles`() {
        let next = ensemble([1, 4, 5], zxid(1, 4))
        var voter = Server(1, ensembles: [next])
        _ = voter.take(.started)
        func hears(_ sender: Int64, _ voter: inout Server) {
            let vote = Vote(leader: id(1), zxid: zxid(1, 4), epoch: 1)
            _ = voter.take(.notified(Notification(state: .looking, round: 1, vote: vote), from: id(sender)))
        }
        hears(2, &voter)
        #expect(voter.peer.election.phase == .looking)
        hears(4, &voter)
        #expect(voter.peer.election.phase == .finalizing)
    }

    @Test func `who may not lead yet still says which round it is`() {
        let next = ensemble([1, 4, 5], zxid(1, 4))
        var voter = Server(1, ensembles: [next])
        _ = voter.take(.started)
        _ = voter.take(.notified(Notification(state: .looking, round: 7, vote: nil), from: id(4)))
        #expect(voter.peer.election.round == 7)
    }

    @Test func `a leader of either ensemble is joined`() {
        // The others of the next ensemble wait for one as well, and would wait for ever.
        let next = ensemble([1, 4, 5], zxid(1, 4))
        var voter = Server(1, ensembles: [next])
        _ = voter.take(.started)
        let vote = Vote(leader: id(3), zxid: zxid(1, 3), epoch: 2)
        _ = voter.take(.notified(Notification(state: .following, round: 5, vote: vote), from: id(2)))
        #expect(
            voter.take(.notified(Notification(state: .leading, round: 5, vote: vote), from: id(3))).contains(
                .connect(to: id(3))))
    }
}
