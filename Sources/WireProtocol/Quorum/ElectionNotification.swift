package import Bytes
package import StateMachines

/// A server's vote, as the election port carries it.
///
/// - Source: ZooKeeper's `FastLeaderElection`.
package struct ElectionNotification: JuteRecord {
    package enum State: Int32, CaseIterable, Hashable, Sendable {
        case looking = 0
        case following = 1
        case leading = 2
        case observing = 3
    }

    /// What an observer's vote holds in place of leader, zxid and epoch, which it has none of.
    package static let observersValue = Int64.min
    /// The version that carries the configuration, and the only one that is sent.
    package static let currentVersion: Int32 = 2

    package var state: State
    /// The number of the server voted for.
    package var leader: Int64
    /// That server's last transaction.
    package var zxid: Zxid
    /// The sender's round.
    package var electionEpoch: Int64
    /// The epoch of the history of the server voted for; absent in the oldest form, where the zxid's counts.
    package var peerEpoch: Int64?
    /// Absent in older forms.
    package var version: Int32?
    /// The text of the sender's configuration (`QuorumConfigurationText`); absent before version 2.
    package var configuration: [UInt8]?

    package init(
        state: State, leader: Int64, zxid: Zxid, electionEpoch: Int64, peerEpoch: Int64?,
        version: Int32? = currentVersion, configuration: [UInt8]? = nil
    ) {
        self.state = state
        self.leader = leader
        self.zxid = zxid
        self.electionEpoch = electionEpoch
        self.peerEpoch = peerEpoch
        self.version = version
        self.configuration = configuration
    }

    /// The epoch that counts when votes are compared.
    package var effectivePeerEpoch: Int64 { peerEpoch ?? Int64(zxid.epoch) }

    /// Forms of 28 bytes (without the epoch), 36 (without the version), 40 (without the configuration) and more.
    /// - Throws: for a state that does not exist, or a configuration that does not end with the message. The sender may be
    ///   of another time: the message is passed over, and the connection stays.
    package init(from reader: inout ByteReader) throws(ByteError) {
        let start = reader.offset
        let number = try reader.readInt32()
        guard let state = State(rawValue: number) else { throw .unknownValue(Int(number), offset: start) }
        self.state = state
        leader = try reader.readInt64()
        zxid = Zxid(wireValue: try reader.readInt64())
        electionEpoch = try reader.readInt64()
        if reader.isAtEnd { return }
        peerEpoch = try reader.readInt64()
        if reader.isAtEnd { return }
        let version = try reader.readInt32()
        self.version = version
        if reader.isAtEnd || version < Self.currentVersion { return }
        let place = reader.offset
        guard let configuration = try reader.readBuffer() else { throw .missingValue(offset: place) }
        self.configuration = configuration
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(state.rawValue)
        writer.write(leader)
        writer.write(zxid.wireValue)
        writer.write(electionEpoch)
        guard let peerEpoch else { return }
        writer.write(peerEpoch)
        guard let version else { return }
        writer.write(version)
        if let configuration { writer.writeBuffer(configuration) }
    }

    /// The message with its length before it.
    package var framed: [UInt8] {
        var writer = ByteWriter()
        writer.writeFrame(encode)
        return writer.bytes
    }
}
