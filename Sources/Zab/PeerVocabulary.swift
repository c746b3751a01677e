package import StateMachines

/// One transaction in the common order: what it means is known to the state machine above only.
package struct LogEntry: Hashable, Sendable, CanonicalEncodable {
    package let zxid: Zxid
    package let payload: [UInt8]
    /// The next ensemble, where the payload is a reconfiguration; its version is the zxid. Needed when an entry is proposed, and
    /// in no entry that comes from the disk.
    package let ensemble: Ensemble?

    package init(zxid: Zxid, payload: [UInt8], ensemble: Ensemble? = nil) {
        self.zxid = zxid
        self.payload = payload
        self.ensemble = ensemble
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(zxid)
        encoder.encode(bytes: payload[...])
        encoder.encode(ensemble)
    }
}

/// The two epochs that a server must never forget.
package struct Epochs: Hashable, Sendable, CanonicalEncodable {
    /// The last one it promised to join: it answers no older leader.
    package var accepted: Epoch
    /// The last one whose history it has on its disk: what its vote counts.
    package var current: Epoch

    package init(accepted: Epoch = 0, current: Epoch = 0) {
        self.accepted = accepted
        self.current = current
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(accepted)
        encoder.encode(current)
    }
}

/// One of the two epochs; each has a file of its own.
package enum StoredEpoch: Hashable, Sendable, CanonicalEncodable {
    case accepted(Epoch)
    case current(Epoch)

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .accepted(let epoch):
            encoder.encode(tag: 0)
            encoder.encode(epoch)
        case .current(let epoch):
            encoder.encode(tag: 1)
            encoder.encode(epoch)
        }
    }
}

/// What a leader and its learners say to each other, over one stream for each learner, in order.
package enum Packet: Hashable, Sendable, CanonicalEncodable {
    // Discovery.
    case followerInfo(Ensemble.Role, accepted: Epoch)
    case leaderInfo(Epoch)
    /// `last` is `nil` when the learner cannot be brought to the leader's history but by a copy of everything; `current` when
    /// it had accepted this epoch before: it must not count twice.
    case acknowledgeEpoch(last: Zxid?, current: Epoch?)
    // Synchronisation.
    case diff(through: Zxid)
    case truncate(to: Zxid)
    /// The state itself travels behind it and is known to the driver.
    case snapshot(through: Zxid)
    /// With the ensemble that comes into force for the learner with UPTODATE; `nil` where it cannot change.
    case newLeader(Epoch, Ensemble? = nil)
    case upToDate
    // Broadcast.
    case proposal(LogEntry)
    case acknowledge(Zxid)
    case commit(Zxid)
    /// Proposal and commit in one, for observers.
    case inform(LogEntry)
    /// Commits a reconfiguration, and names the leader that goes on from there.
    case commitAndActivate(Zxid, leader: ServerID)
    /// The same for observers, with the reconfiguration.
    case informAndActivate(LogEntry, leader: ServerID)
    case ping(Zxid)

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .followerInfo(let role, let accepted):
            encoder.encode(tag: 0)
            encoder.encode(role)
            encoder.encode(accepted)
        case .leaderInfo(let epoch):
            encoder.encode(tag: 1)
            encoder.encode(epoch)
        case .acknowledgeEpoch(let last, let current):
            encoder.encode(tag: 2)
            encoder.encode(last)
            encoder.encode(current != nil)
            encoder.encode(current ?? 0)
        case .diff(let zxid): encode(3, zxid, &encoder)
        case .truncate(let zxid): encode(4, zxid, &encoder)
        case .snapshot(let zxid): encode(5, zxid, &encoder)
        case .newLeader(let epoch, let ensemble):
            encoder.encode(tag: 6)
            encoder.encode(epoch)
            encoder.encode(ensemble)
        case .upToDate: encoder.encode(tag: 7)
        case .proposal(let entry):
            encoder.encode(tag: 8)
            encoder.encode(entry)
        case .acknowledge(let zxid): encode(9, zxid, &encoder)
        case .commit(let zxid): encode(10, zxid, &encoder)
        case .inform(let entry):
            encoder.encode(tag: 11)
            encoder.encode(entry)
        case .ping(let zxid): encode(12, zxid, &encoder)
        case .commitAndActivate(let zxid, let leader):
            encode(13, zxid, &encoder)
            encoder.encode(leader)
        case .informAndActivate(let entry, let leader):
            encoder.encode(tag: 14)
            encoder.encode(entry)
            encoder.encode(leader)
        }
    }

    private func encode(_ tag: UInt8, _ zxid: Zxid, _ encoder: inout CanonicalEncoder) {
        encoder.encode(tag: tag)
        encoder.encode(zxid)
    }
}

/// What servers that keep to the protocol never say to each other, over streams that lose nothing.
///
/// - Source: `ShouldNotBeTriggered` of `Zab.tla`; `messageLegal`, `proposalConsistent`, `commitConsistent` and `ackConsistent` of
///   the specifications of ZooKeeper.
package enum Offence: UInt8, Hashable, Sendable, CanonicalEncodable {
    /// A packet at a moment, or from a role, that has none of its kind.
    case illegalMessage = 1
    /// A proposal that does not follow the log.
    case inconsistentProposal = 2
    /// A commit of something that is not next.
    case inconsistentCommit = 3
    /// An acknowledgement before that of NEWLEADER.
    case inconsistentAcknowledgement = 4

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

package enum PeerTimer: UInt8, CaseIterable, Hashable, Sendable, CanonicalEncodable {
    case resendVotes = 1
    case finalizeElection = 2
    /// A leader pings and counts who is still there; a learner looks whether its leader is.
    case heartbeat = 3
    /// A learner turns to its leader again, or an observer takes part again after a pause.
    case reconnect = 4
    /// A learner has tried for too long to reach its leader; only where `ZabTiming.connectionLimit` says how long.
    case connectionDeadline = 5

    package func encode(into encoder: inout CanonicalEncoder) { encoder.encode(tag: rawValue) }
}

/// What happens to a server of an ensemble.
package enum PeerInput: Hashable, Sendable {
    /// Once, after recovery.
    case started
    case notified(Notification, from: ServerID)
    /// The stream that `.connect` asked for is open.
    case connected(ServerID)
    /// The stream with this server has ended, or could not be opened. Not after the peer's own `.disconnect`.
    case disconnected(ServerID)
    case received(Packet, from: ServerID)
    /// Something came from, or was taken by, the other end of a stream, but no whole packet: it lives. While snapshots travel.
    case heard(ServerID)
    /// The state machine above wants this to be the next transaction. Only while the server leads; with an ensemble, whose
    /// version is the transaction's zxid, only when `canReconfigure` says so.
    case proposed([UInt8], Ensemble? = nil)
    /// Everything up to and including this entry is on disk.
    case persisted(through: Zxid)
    case epochStored(StoredEpoch)
    /// The log ends at this entry now, and so does the state; these are its last entries.
    case truncated(to: Zxid, window: [LogEntry], before: Zxid)
    /// A snapshot on disk has more than the state asked for, and nothing older leads there. Nothing has changed.
    case truncationImpossible
    /// The state that came with a snapshot is in place and on disk; the ensemble is the last one that it tells of.
    case snapshotInstalled(through: Zxid, Ensemble? = nil)
    /// The stream ended before the snapshot did; nothing has changed.
    case snapshotAborted
    /// The entries asked for with `.readLog`; `nil` when the log does not have all of them, or they are too many.
    case logRead([LogEntry]?, for: ServerID)
    case timerFired(PeerTimer)
    /// The state machine above gives up leading, as when its epoch is used up.
    case resigned
    /// What the oracle says now: whether this server may go on without the other voter.
    case oracleAnswered(mayGoOn: Bool)
}

/// What a server of an ensemble asks of its driver. Effects are performed in order.
package enum PeerEffect: Hashable, Sendable {
    case notify(Notification, to: ServerID)
    /// Answered by `.connected` or `.disconnected`. As a guest: at the door that a follower keeps for observers.
    case connect(to: ServerID, asGuest: Bool = false)
    case disconnect(ServerID)
    case send(Packet, to: ServerID)
    /// Append to the log; `.persisted` comes once it is on disk, and may cover several entries.
    case append(LogEntry)
    /// Answered by `.epochStored`.
    case storeEpoch(StoredEpoch)
    /// Cut the log behind this entry and go back to the state as of then. Answered by `.truncated` or
    /// `.truncationImpossible`.
    case truncateLog(to: Zxid)
    /// Replace state and log by the snapshot that came from this server. Answered by `.snapshotInstalled`.
    case installSnapshot(through: Zxid, from: ServerID)
    /// The entries after the first and through the second zxid, the first one included where it exists: its presence proves a
    /// common history. Answered by `.logRead`.
    case readLog(after: Zxid, through: Zxid, for: ServerID)
    /// Decided. Comes in the order of zxids, each once; not for what was anticipated.
    case deliver(LogEntry)
    /// To be put into the state as if it were decided, which it is only if this server comes to lead. Nobody is served meanwhile.
    case anticipate(LogEntry)
    case setTimer(PeerTimer, after: Tick)
    case cancelTimer(PeerTimer)
    /// Answered by `.oracleAnswered`, unless that never comes; never asked where `ZabConfiguration.hasOracle` is false.
    case askOracle
    case changeRole(PeerRole)
    /// A reconfiguration is under way: servers of the next ensemble must be reached too. `nil` when it came to nothing.
    case expectEnsemble(Ensemble?)
    /// The ensemble changes. It must be on disk before anything that is asked for afterwards.
    case adoptEnsemble(Ensemble)
}

/// What a server of an ensemble is to its clients.
package enum PeerRole: Hashable, Sendable, CanonicalEncodable {
    /// Serves nobody.
    case looking
    case leading(Epoch)
    case following(ServerID, Epoch)
    case observing(ServerID, Epoch)

    /// The epoch that is served; `nil` while looking.
    package var epoch: Epoch? {
        switch self {
        case .looking: nil
        case .leading(let epoch), .following(_, let epoch), .observing(_, let epoch): epoch
        }
    }

    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .looking: encoder.encode(tag: 0)
        case .leading(let epoch):
            encoder.encode(tag: 1)
            encoder.encode(epoch)
        case .following(let leader, let epoch):
            encoder.encode(tag: 2)
            encoder.encode(leader)
            encoder.encode(epoch)
        case .observing(let leader, let epoch):
            encoder.encode(tag: 3)
            encoder.encode(leader)
            encoder.encode(epoch)
        }
    }
}
