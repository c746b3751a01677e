package import Bytes

/// Reads what arrives on a connection of the election port: a hello from the side that dialled, then messages with a length
/// before each.
package struct ElectionPortReader: Hashable, Sendable {
    /// The longest message that is believed, as in ZooKeeper: 512 KiB.
    package static let messageLimit = 512 << 10

    private var buffer = FrameBuffer(limit: messageLimit)

    package init() {}

    package mutating func append(_ chunk: RawSpan) { buffer.append(chunk) }
    package mutating func append(_ chunk: [UInt8]) { buffer.append(chunk) }

    /// Bytes that are not part of anything found so far.
    package var pendingByteCount: Int { buffer.pendingByteCount }

    /// The hello; `nil` until it has arrived whole. For the side that was dialled, once.
    package mutating func nextHello() throws(ByteError) -> ElectionHello? {
        try buffer.nextRecord { (reader) throws(ByteError) in try ElectionHello(from: &reader) }
    }

    /// Gives up what came behind the hello: a login may, before the messages.
    package mutating func takePending() -> [UInt8] { buffer.takePending() }

    /// The next message's bytes, to be read as an `ElectionNotification`; `nil` until they have arrived whole.
    /// - Throws: `.unreasonableLength` for a length below 1 or above `messageLimit`; the connection is then of no use.
    package mutating func nextMessage() throws(ByteError) -> [UInt8]? {
        guard let range = try buffer.next() else { return nil }
        guard !range.isEmpty else {
            throw .unreasonableLength(0, limit: Self.messageLimit, offset: range.lowerBound - 4)
        }
        return Array(buffer.bytes[range])
    }
}
