import Foundation
import StateMachines
import Testing
import WireProtocol

/// An observer made by hand: it says what it must, and nothing more.
final class RawLearner {
    private let handle: FileHandle
    private var packets = QuorumPacketReader()

    /// Connects to a leader's quorum port and introduces itself.
    /// - Parameter last: the end of its log.
    init(_ number: Int64, port: UInt16, last: Zxid) throws {
        handle = try LoopbackSocket.connect(to: port)
        try send(QuorumPacket(.observerInfo, zxid: .zero, LearnerInfo(serverID: number)))
        #expect(try next()?.type == .leaderInfo)
        try send(QuorumPacket(.acknowledgeEpoch, zxid: last, EpochAcknowledgement(currentEpoch: 0)))
    }

    func send(_ packet: QuorumPacket) throws { try handle.write(contentsOf: Data(packet.encoded)) }

    /// The next packet but for pings; `nil` when the leader has hung up.
    func next() throws -> QuorumPacket? {
        while true {
            if let packet = try packets.next() {
                if packet.type == .ping { continue }
                return packet
            }
            guard let byte = try? handle.read(upToCount: 1), !byte.isEmpty else { return nil }
            packets.append(Array(byte))
        }
    }
}
