package import Bytes
import StateMachines

/// Cuts the bytes of one direction of a quorum connection into packets.
package struct QuorumPacketReader: Hashable, Sendable {
    /// The longest data that is believed by default: twice `jute.maxbuffer`, as ZooKeeper does.
    package static let defaultDataLimit = 2 * FrameBuffer.defaultLimit
    /// The most identities one client has.
    package static let identityLimit = 1_024
    /// The bytes that all identities of a packet take, at most.
    package static let identityByteLimit = 1 << 18

    private var buffer: FrameBuffer
    private let dataLimit: Int

    /// - Parameter dataLimit: the longest data that is believed; ZooKeeper's `jute.maxbuffer` and its extra size.
    package init(dataLimit: Int = defaultDataLimit) {
        self.dataLimit = dataLimit
        buffer = FrameBuffer(limit: QuorumPacket.emptyByteCount + dataLimit + Self.identityByteLimit)
    }

    /// Bytes that are not part of a packet found so far.
    package var pendingByteCount: Int { buffer.pendingByteCount }

    package mutating func append(_ chunk: RawSpan) { buffer.append(chunk) }
    package mutating func append(_ chunk: [UInt8]) { buffer.append(chunk) }

    /// The next packet; `nil` until it has arrived whole.
    ///
    /// After a SNAP packet the stream goes on with the tree: call `takePending` and give its bytes, then those that arrive,
    /// to a `SnapshotStreamReader`; what that one leaves over is appended here again.
    ///
    /// - Throws: `.unreasonableLength` for data, identities or their number above the limits or negative; the connection
    ///   is then of no use.
    package mutating func next() throws(ByteError) -> QuorumPacket? {
        let base = buffer.bytes.count - buffer.pendingByteCount
        let dataLimit = dataLimit
        let found = try buffer.nextRecord { (reader) throws(ByteError) in
            try Self.readFrame(&reader, dataLimit)
        }
        guard var (packet, data) = found else { return nil }
        packet.data = data.map { Array(buffer.bytes[base + $0.lowerBound..<base + $0.upperBound]) }
        return packet
    }

    /// Gives up the bytes that no packet has claimed.
    package mutating func takePending() -> [UInt8] { buffer.takePending() }

    /// Everything but the data, which stays where it is until the packet is known to be whole.
    private static func readFrame(
        _ reader: inout ByteReader, _ dataLimit: Int
    ) throws(ByteError) -> (QuorumPacket, data: Range<Int>?) {
        let type = try reader.readInt32()
        let zxid = Zxid(wireValue: try reader.readInt64())
        let start = reader.offset
        // The length is looked at before its bytes are waited for.
        let length = Int(try reader.readInt32())
        guard length >= -1, length <= dataLimit else {
            throw .unreasonableLength(length, limit: dataLimit, offset: start)
        }
        var data: Range<Int>?
        if length >= 0 {
            data = reader.offset..<reader.offset + length
            try reader.skip(length)
        }
        return (QuorumPacket(typeNumber: type, zxid: zxid, identities: try readIdentities(&reader)), data)
    }

    private static func readIdentities(_ reader: inout ByteReader) throws(ByteError) -> [ClientIdentity]? {
        let start = reader.offset
        // The identities may not be here yet, so their count cannot be compared with the bytes that are.
        let count = Int(try reader.readInt32())
        if count == -1 { return nil }
        guard count >= 0, count <= identityLimit else {
            throw .unreasonableLength(count, limit: identityLimit, offset: start)
        }
        var identities: [ClientIdentity] = []
        for _ in 0..<count {
            identities.append(try ClientIdentity(from: &reader))
            guard reader.offset - start <= identityByteLimit else {
                throw .unreasonableLength(reader.offset - start, limit: identityByteLimit, offset: start)
            }
        }
        return identities
    }
}
