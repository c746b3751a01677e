package import Bytes
import StateMachines

/// The version of the quorum protocol that has LEADERINFO and ACKEPOCH: all since ZooKeeper 3.4.
package enum QuorumProtocolVersion {
    package static let current: Int32 = 0x10000
}

/// Data of FOLLOWERINFO and OBSERVERINFO: who the learner is.
package struct LearnerInfo: JuteRecord {
    /// The number in its `myid` file.
    package var serverID: Int64
    /// Below `QuorumProtocolVersion.current` there is neither LEADERINFO nor ACKEPOCH. Absent in the oldest form.
    package var protocolVersion: Int32?
    /// The version of the configuration it knows. Absent in older forms.
    package var configurationVersion: Int64?

    package init(
        serverID: Int64, protocolVersion: Int32? = QuorumProtocolVersion.current, configurationVersion: Int64? = 0
    ) {
        self.serverID = serverID
        self.protocolVersion = protocolVersion
        self.configurationVersion = configurationVersion
    }

    /// Forms of 8, 12 and 20 bytes; a length between counts as the shorter one.
    package init(from reader: inout ByteReader) throws(ByteError) {
        serverID = try reader.readInt64()
        protocolVersion = reader.remaining >= 4 ? try reader.readInt32() : nil
        configurationVersion = reader.remaining >= 8 ? try reader.readInt64() : nil
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(serverID)
        guard let protocolVersion else { return }
        writer.write(protocolVersion)
        if let configurationVersion { writer.write(configurationVersion) }
    }
}

/// Data of LEADERINFO.
package struct LeaderInfo: JuteRecord {
    package var protocolVersion: Int32

    package init(protocolVersion: Int32 = QuorumProtocolVersion.current) { self.protocolVersion = protocolVersion }

    package init(from reader: inout ByteReader) throws(ByteError) { protocolVersion = try reader.readInt32() }
    package func encode(into writer: inout ByteWriter) { writer.write(protocolVersion) }
}

/// Data of ACKEPOCH.
package struct EpochAcknowledgement: JuteRecord {
    /// The epoch of the learner's history; `nil`, on the wire −1, when it had accepted the leader's epoch before and must
    /// not count again.
    package var currentEpoch: UInt32?

    package init(currentEpoch: UInt32?) { self.currentEpoch = currentEpoch }

    package init(from reader: inout ByteReader) throws(ByteError) {
        let number = try reader.readInt32()
        currentEpoch = number == -1 ? nil : UInt32(bitPattern: number)
    }
    package func encode(into writer: inout ByteWriter) {
        writer.write(currentEpoch.map { Int32(bitPattern: $0) } ?? -1)
    }
}

/// A session and its timeout: what a learner's answer to PING lists, and what REVALIDATE asks about.
package struct QuorumSession: JuteRecord {
    package static let byteCount = 12

    package var session: SessionID
    package var timeoutMilliseconds: Int32

    package init(session: SessionID, timeoutMilliseconds: Int32) {
        self.session = session
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        session = SessionID(rawValue: try reader.readInt64())
        timeoutMilliseconds = try reader.readInt32()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeFields(byteCount: Self.byteCount) { fields in
            fields.write(session.rawValue)
            fields.write(timeoutMilliseconds)
        }
    }
}

/// Data of a learner's answer to PING: the sessions whose clients were heard of since the last one.
package struct TouchedSessions: JuteRecord {
    package var sessions: [QuorumSession]

    package init(_ sessions: [QuorumSession]) { self.sessions = sessions }

    /// Reads to the end; there is no count.
    package init(from reader: inout ByteReader) throws(ByteError) {
        sessions = []
        sessions.reserveCapacity(reader.remaining / QuorumSession.byteCount)
        while !reader.isAtEnd { sessions.append(try QuorumSession(from: &reader)) }
    }

    package func encode(into writer: inout ByteWriter) {
        for session in sessions { session.encode(into: &writer) }
    }
}

/// Data of the leader's answer to REVALIDATE.
package struct RevalidationReply: JuteRecord {
    package var session: SessionID
    /// Whether the session exists, and now belongs to the server that asked.
    package var isValid: Bool

    package init(session: SessionID, isValid: Bool) {
        self.session = session
        self.isValid = isValid
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        session = SessionID(rawValue: try reader.readInt64())
        isValid = try reader.readBool()
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(session.rawValue)
        writer.write(isValid)
    }
}

/// Data of REQUEST: what a client asked a learner that cannot decide it. The client's identities go with the packet.
package struct ForwardedRequest: JuteRecord {
    package var session: SessionID
    /// The client's own number of the request; with the session it names the request when its commit comes back.
    package var cxid: Int32
    /// An `OperationCode`, or a number that this server does not know; −10 opens a session.
    package var type: Int32
    /// The request's record as the client sent it, without header.
    package var body: [UInt8]

    package init(session: SessionID, cxid: Int32, type: Int32, body: [UInt8]) {
        self.session = session
        self.cxid = cxid
        self.type = type
        self.body = body
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        session = SessionID(rawValue: try reader.readInt64())
        cxid = try reader.readInt32()
        type = try reader.readInt32()
        body = try reader.readBytes(reader.remaining)
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeFields(byteCount: 16) { fields in
            fields.write(session.rawValue)
            fields.write(cxid)
            fields.write(type)
        }
        writer.bytes.append(contentsOf: body)
    }
}

/// Data of COMMITANDACTIVATE and INFORMANDACTIVATE: the leader that the new configuration names.
package struct Activation: JuteRecord {
    package var designatedLeader: Int64
    /// The transaction, with INFORMANDACTIVATE; empty with COMMITANDACTIVATE.
    package var proposal: [UInt8]

    package init(designatedLeader: Int64, proposal: [UInt8] = []) {
        self.designatedLeader = designatedLeader
        self.proposal = proposal
    }

    package init(from reader: inout ByteReader) throws(ByteError) {
        designatedLeader = try reader.readInt64()
        proposal = try reader.readBytes(reader.remaining)
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(designatedLeader)
        writer.bytes.append(contentsOf: proposal)
    }
}
