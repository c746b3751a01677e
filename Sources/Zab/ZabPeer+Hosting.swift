import StateMachines

/// A follower that brings observers up to date in its leader's stead, so that the leader need not speak to them.
///
/// It hears nothing of what observers have; it only tells them what is committed. To an observer it is the leader: the epoch is the
/// leader's, and so is everything it says.
/// - Source: ZooKeeper's `ObserverMaster` (3.6).
extension ZabPeer {
    /// Whether observers find this server at home, although it does not lead.
    package var isHostingObservers: Bool {
        configuration.hostsObservers && activity == .learning && learning.phase == .broadcasting
            && learning.role == .participant
    }

    /// Whom this server hears of transactions from, and asks: its leader, or an observer's master; `nil` where nobody is.
    package var master: ServerID? { activity == .learning ? learning.master : nil }

    // MARK: At an observer

    /// Whom to connect to next: the followers in turn, which may take a moment to follow, and the leader when nothing else is left.
    /// Observers begin at different ones.
    mutating func nextMaster() -> ServerID {
        let hosts = hosts
        guard !hosts.isEmpty, learning.attempts < timing.connectionAttempts else { return learning.leader }
        defer { triedMasters &+= 1 }
        return hosts[Int((UInt64(bitPattern: me.rawValue) &+ triedMasters) % UInt64(hosts.count))]
    }

    /// The followers that an observer may learn from.
    var hosts: [ServerID] {
        guard configuration.hostsObservers, learning.role == .observer else { return [] }
        return membership.active.voters.map(\.id).filter { $0 != learning.leader && $0 != me }
    }

    // MARK: At a follower

    mutating func onPacketOfGuest(
        _ packet: Packet, from sender: ServerID, _ now: Tick, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        learning.guests[sender]?.heardAt = now
        switch (packet, learning.guests[sender]?.phase) {
        case (.followerInfo(.observer, let accepted), _):
            learning.guests[sender] = Leading.Learner(role: .observer, accepted: accepted, heardAt: now)
            effects.append(.send(.leaderInfo(learning.epoch), to: sender))
        case (.acknowledgeEpoch(let last, _), .introduced?):
            learning.guests[sender]?.phase = .promised(last: last)
            synchronizeGuest(sender, &effects)
        case (.acknowledge(let zxid), .synchronizing?) where zxid == Zxid(epoch: learning.epoch, counter: 0):
            learning.guests[sender]?.phase = .active
            effects.append(.send(.upToDate, to: sender))
        case (.acknowledge, .active?), (.ping, .some): break
        case (.followerInfo, _): drop(sender, &effects)  // It takes this server for the leader.
        default: drop(sender, for: .illegalMessage, &effects)  // Only a leader takes that, or says it.
        }
    }

    /// An observer that another follower has told more must not be cut back: what it has is committed, and comes here soon.
    private mutating func synchronizeGuest(_ guest: ServerID, _ effects: inout EffectBuffer<PeerEffect>) {
        guard case .promised(let last)? = learning.guests[guest]?.phase else { return }
        if let last, last.epoch == learning.epoch, last > learning.committed { return }
        synchronize(guest, &effects)
    }

    /// This server has just learnt that an entry is committed.
    mutating func informGuests(
        of entry: LogEntry, leader: ServerID?, _ effects: inout EffectBuffer<PeerEffect>
    ) {
        for row in learning.guests.rows {
            if row.value.isForwarding {
                effects.append(
                    .send(leader.map { .informAndActivate(entry, leader: $0) } ?? .inform(entry), to: row.id))
            } else {
                synchronizeGuest(row.id, &effects)
            }
        }
    }

    mutating func watchGuests(_ now: Tick, _ effects: inout EffectBuffer<PeerEffect>) {
        for row in learning.guests.rows {
            let limit = row.value.phase == .active ? timing.syncTimeout : timing.initTimeout
            if now - row.value.heardAt > limit {
                drop(row.id, &effects)
            } else if row.value.isForwarding {
                effects.append(.send(.ping(learning.committed), to: row.id))
            }
        }
    }
}
