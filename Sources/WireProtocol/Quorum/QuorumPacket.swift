package import Bytes
package import StateMachines

/// What a leader and a learner exchange on the quorum port, one after the other, without a length before them.
package struct QuorumPacket: Hashable, Sendable {
    /// Type, zxid, length of the data and number of identities.
    package static let emptyByteCount = 20

    /// A `QuorumPacketType`, or a number that this server does not know.
    package var typeNumber: Int32
    package var zxid: Zxid
    /// A record that depends on the type; null is not the same as empty.
    package var data: [UInt8]?
    /// Who asks, with a forwarded request; null elsewhere.
    package var identities: [ClientIdentity]?

    package init(typeNumber: Int32, zxid: Zxid, data: [UInt8]? = nil, identities: [ClientIdentity]? = nil) {
        self.typeNumber = typeNumber
        self.zxid = zxid
        self.data = data
        self.identities = identities
    }
    package init(
        _ type: QuorumPacketType, zxid: Zxid, data: [UInt8]? = nil, identities: [ClientIdentity]? = nil
    ) {
        self.init(typeNumber: type.rawValue, zxid: zxid, data: data, identities: identities)
    }
    package init(
        _ type: QuorumPacketType, zxid: Zxid, _ record: some JuteRecord, identities: [ClientIdentity]? = nil
    ) {
        self.init(typeNumber: type.rawValue, zxid: zxid, data: record.encoded, identities: identities)
    }

    /// What packets carry that concern no transaction: REQUEST, REVALIDATE, UPTODATE.
    package static let noZxid = Zxid(wireValue: -1)

    package var type: QuorumPacketType? { QuorumPacketType(rawValue: typeNumber) }

    /// The data as a record.
    /// - Throws: `.missingValue` for null. Bytes after the record are let pass, as ZooKeeper does.
    package func record<Record: JuteRecord>(_ type: Record.Type = Record.self) throws(ByteError) -> Record {
        guard let data else { throw .missingValue(offset: 12) }
        var reader = ByteReader(data.span.bytes)
        return try Record(from: &reader)
    }

    package func encode(into writer: inout ByteWriter) {
        writer.writeQuorumPacketStart(typeNumber, zxid)
        writer.writeBuffer(data)
        writer.writeVector(identities)
    }

    package var encoded: [UInt8] {
        var writer = ByteWriter()
        encode(into: &writer)
        return writer.bytes
    }
}

extension ByteWriter {
    /// A packet without data: ACK, COMMIT, SYNC, DIFF, TRUNC, SNAP, UPTODATE, the leader's PING.
    package mutating func writeQuorumPacket(_ type: QuorumPacketType, zxid: Zxid) {
        writeFields(byteCount: QuorumPacket.emptyByteCount) { fields in
            fields.write(type.rawValue)
            fields.write(zxid.wireValue)
            fields.write(Int32(-1))
            fields.write(Int32(-1))
        }
    }

    /// A packet whose data is written in place: PROPOSAL, REQUEST, PING's answer.
    package mutating func writeQuorumPacket(
        _ type: QuorumPacketType, zxid: Zxid, identities: [ClientIdentity]? = nil, data: (inout ByteWriter) -> Void
    ) {
        writeQuorumPacketStart(type.rawValue, zxid)
        writeFrame(data)
        writeVector(identities)
    }

    fileprivate mutating func writeQuorumPacketStart(_ typeNumber: Int32, _ zxid: Zxid) {
        writeFields(byteCount: 12) { fields in
            fields.write(typeNumber)
            fields.write(zxid.wireValue)
        }
    }
}
