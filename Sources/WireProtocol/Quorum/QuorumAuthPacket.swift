package import Bytes

/// One step of a SASL exchange between two servers, before anything else on the connection; no length precedes it.
///
/// - Source: ZooKeeper's `QuorumAuth`.
package struct QuorumAuthPacket: JuteRecord {
    package enum Status: Int32, Hashable, Sendable {
        case inProgress = 0
        case success = 1
        case error = -1
    }

    /// −0xa0dbcafecafe1234. No election hello and no quorum packet begins so.
    package static let magic: Int64 = 0x5F24_3501_3501_EDCC
    /// The longest token that is believed.
    package static let tokenLimit = 1 << 16

    package var status: Status
    package var token: [UInt8]?

    package init(status: Status, token: [UInt8]?) {
        self.status = status
        self.token = token
    }

    /// Whether these first eight bytes of a connection are those of such a packet.
    package static func isBeginning(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.prefix(8).elementsEqual(magicBytes)
    }

    private static let magicBytes: [UInt8] = {
        var writer = ByteWriter()
        writer.write(magic)
        return writer.bytes
    }()

    /// - Throws: `.unknownValue` for another magic number or status, `.unreasonableLength` for a token above the limit.
    package init(from reader: inout ByteReader) throws(ByteError) {
        let start = reader.offset
        guard try reader.readInt64() == Self.magic else { throw .unknownValue(0, offset: start) }
        let number = try reader.readInt32()
        guard let status = Status(rawValue: number) else { throw .unknownValue(Int(number), offset: start + 8) }
        let length = Int(try reader.readInt32())
        guard length >= -1, length <= Self.tokenLimit else {
            throw .unreasonableLength(length, limit: Self.tokenLimit, offset: start + 12)
        }
        self.init(status: status, token: length < 0 ? nil : try reader.readBytes(length))
    }

    package func encode(into writer: inout ByteWriter) {
        writer.write(Self.magic)
        writer.write(status.rawValue)
        writer.writeBuffer(token)
    }
}

/// Cuts the bytes of a login between servers into packets (7.7 of our protocol reference).
package struct QuorumAuthPacketReader: Hashable, Sendable {
    private var buffer = FrameBuffer(limit: 16 + QuorumAuthPacket.tokenLimit)

    package init() {}

    package mutating func append(_ chunk: [UInt8]) { buffer.append(chunk) }

    /// Whether a login begins here; `nil` until that can be told.
    package var isLoginNext: Bool? { buffer.peek(8).map(QuorumAuthPacket.isBeginning) }

    /// The next packet; `nil` until it has arrived whole.
    /// - Throws: what a `QuorumAuthPacket` throws; the connection is then of no use.
    package mutating func next() throws(ByteError) -> QuorumAuthPacket? {
        try buffer.nextRecord { (reader) throws(ByteError) in try QuorumAuthPacket(from: &reader) }
    }

    /// Gives up what no packet has claimed.
    package mutating func takePending() -> [UInt8] { buffer.takePending() }
}
