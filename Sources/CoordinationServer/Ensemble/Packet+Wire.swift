import Bytes
import CoordinationCore
import StateMachines
import WireProtocol
import Zab

/// What the protocol's packets look like on the quorum port.
extension Packet {
    /// - Parameter members: the configuration in force for the sender; its text goes with NEWLEADER where no other one does.
    func write(
        from me: ServerID, _ members: @autoclosure () -> QuorumConfigurationText, into writer: inout ByteWriter
    ) {
        switch self {
        case .followerInfo(let role, let accepted):
            let info = LearnerInfo(serverID: me.rawValue, configurationVersion: members().version ?? 0)
            writer.writeQuorumPacket(
                role == .participant ? .followerInfo : .observerInfo, zxid: Zxid(epoch: accepted, counter: 0)
            ) { info.encode(into: &$0) }
        case .leaderInfo(let epoch):
            writer.writeQuorumPacket(.leaderInfo, zxid: Zxid(epoch: epoch, counter: 0)) {
                LeaderInfo().encode(into: &$0)
            }
        case .acknowledgeEpoch(let last, let current):
            // Older than everything, and of no epoch: Apache's leaders, too, answer it with SNAP.
            writer.writeQuorumPacket(.acknowledgeEpoch, zxid: last ?? QuorumPacket.noZxid) {
                EpochAcknowledgement(currentEpoch: current).encode(into: &$0)
            }
        case .diff(let zxid): writer.writeQuorumPacket(.diff, zxid: zxid)
        case .truncate(let zxid): writer.writeQuorumPacket(.truncate, zxid: zxid)
        case .snapshot(let zxid): writer.writeQuorumPacket(.snapshot, zxid: zxid)
        case .newLeader(let epoch, let ensemble):
            writer.writeQuorumPacket(.newLeader, zxid: Zxid(epoch: epoch, counter: 0)) {
                $0.bytes.append(contentsOf: ensemble?.configuration ?? members().bytes)
            }
        case .upToDate: writer.writeQuorumPacket(.upToDate, zxid: QuorumPacket.noZxid)
        case .proposal(let entry): Self.write(.proposal, entry, into: &writer)
        case .acknowledge(let zxid): writer.writeQuorumPacket(.acknowledge, zxid: zxid)
        case .commit(let zxid): writer.writeQuorumPacket(.commit, zxid: zxid)
        case .inform(let entry): Self.write(.inform, entry, into: &writer)
        case .commitAndActivate(let zxid, let leader):
            writer.writeQuorumPacket(.commitAndActivate, zxid: zxid) {
                Activation(designatedLeader: leader.rawValue).encode(into: &$0)
            }
        case .informAndActivate(let entry, let leader):
            writer.writeQuorumPacket(.informAndActivate, zxid: entry.zxid) {
                Activation(designatedLeader: leader.rawValue, proposal: entry.payload).encode(into: &$0)
            }
        case .ping(let zxid): writer.writeQuorumPacket(.ping, zxid: zxid)
        }
    }

    private static func write(_ type: QuorumPacketType, _ entry: LogEntry, into writer: inout ByteWriter) {
        writer.writeQuorumPacket(type, zxid: entry.zxid) { $0.bytes.append(contentsOf: entry.payload) }
    }

    /// What a leader says; `nil` for what only its driver understands, or nobody.
    init?(ofLeader packet: QuorumPacket) throws(ByteError) {
        switch packet.type {
        case .leaderInfo: self = .leaderInfo(packet.zxid.epoch)
        case .diff: self = .diff(through: packet.zxid)
        case .truncate: self = .truncate(to: packet.zxid)
        case .snapshot: self = .snapshot(through: packet.zxid)
        case .newLeader:
            self = .newLeader(packet.zxid.epoch, packet.data.flatMap { Ensemble(configuration: $0) })
        case .upToDate: self = .upToDate
        case .proposal: self = .proposal(LogEntry(zxid: packet.zxid, payload: packet.data ?? []))
        case .inform: self = .inform(LogEntry(zxid: packet.zxid, payload: packet.data ?? []))
        case .commit: self = .commit(packet.zxid)
        case .commitAndActivate:
            let activation = try packet.record(Activation.self)
            self = .commitAndActivate(packet.zxid, leader: ServerID(activation.designatedLeader))
        case .informAndActivate:
            let activation = try packet.record(Activation.self)
            self = .informAndActivate(
                LogEntry(zxid: packet.zxid, payload: activation.proposal), leader: ServerID(activation.designatedLeader)
            )
        case .ping: self = .ping(packet.zxid)
        case .request, .acknowledge, .revalidate, .sync, .followerInfo, .observerInfo, .acknowledgeEpoch, nil:
            return nil
        }
    }

    /// What a learner says; `nil` for what only the leader's driver understands, or nobody.
    init?(ofLearner packet: QuorumPacket) throws(ByteError) {
        switch packet.type {
        case .followerInfo: self = .followerInfo(.participant, accepted: packet.zxid.epoch)
        case .observerInfo: self = .followerInfo(.observer, accepted: packet.zxid.epoch)
        case .acknowledgeEpoch:
            self = .acknowledgeEpoch(
                last: packet.zxid == QuorumPacket.noZxid ? nil : packet.zxid,
                current: try packet.record(EpochAcknowledgement.self).currentEpoch)
        case .acknowledge: self = .acknowledge(packet.zxid)
        case .ping: self = .ping(packet.zxid)
        case .request, .proposal, .commit, .revalidate, .sync, .inform, .commitAndActivate, .newLeader, .upToDate,
            .diff, .truncate, .snapshot, .leaderInfo, .informAndActivate, nil:
            return nil
        }
    }
}

/// Votes on the election port.
extension Notification {
    init(_ wire: ElectionNotification) {
        let state: PeerState =
            switch wire.state {
            case .looking: .looking
            case .following: .following
            case .leading: .leading
            case .observing: .observing
            }
        let hasVote = wire.leader != ElectionNotification.observersValue
        self.init(
            state: state, round: UInt64(bitPattern: wire.electionEpoch),
            vote: hasVote
                ? Vote(
                    leader: ServerID(wire.leader), zxid: wire.zxid, epoch: Epoch(clamping: wire.effectivePeerEpoch))
                : nil, ensemble: wire.configuration.flatMap { Ensemble(configuration: $0) })
    }

    /// - Parameter members: the configuration in force for the sender, where it cannot change.
    func wire(_ members: QuorumConfigurationText) -> ElectionNotification {
        let state: ElectionNotification.State =
            switch state {
            case .looking: .looking
            case .following: .following
            case .leading: .leading
            case .observing: .observing
            }
        let none = ElectionNotification.observersValue
        return ElectionNotification(
            state: state, leader: vote?.leader.rawValue ?? none, zxid: vote?.zxid ?? Zxid(wireValue: none),
            electionEpoch: Int64(bitPattern: round), peerEpoch: vote.map { Int64($0.epoch) } ?? none,
            configuration: ensemble?.configuration ?? members.bytes)
    }
}
