import Bytes
import Foundation
import StateMachines
import Testing
import WireProtocol

/// What servers of Apache ZooKeeper said to each other, recorded on the wire: we must understand all of it, and say it the same.
struct ApacheCaptureTests {
    @Test(arguments: [
        ("writes-follower", "FOLLOWERINFO ACKEPOCH ACK ACK REQUEST ACK REQUEST"),
        ("writes-leader", "LEADERINFO DIFF NEWLEADER UPTODATE PROPOSAL COMMIT"),
        ("reconfiguration-follower", "FOLLOWERINFO ACKEPOCH ACK ACK"), ("reconfiguration-leader", "UPTODATE PROPOSAL"),
        ("difference-follower", "FOLLOWERINFO ACKEPOCH ACK"),
        ("difference-leader", "LEADERINFO DIFF PROPOSAL COMMIT"),
        ("truncation-follower", "FOLLOWERINFO ACKEPOCH ACK"),
        ("truncation-leader", "LEADERINFO TRUNC NEWLEADER UPTODATE"),
        ("observation-observer", "OBSERVERINFO ACKEPOCH ACK"),
        ("observation-leader", "LEADERINFO DIFF NEWLEADER UPTODATE INFORM INFORMANDACTIVATE INFORM"),
    ]) func `packets come back byte for byte`(name: String, beginning: String) throws {
        let bytes = try Self.bytes(name)
        for size in [1, 7, bytes.count] {
            let packets = try Self.packets(bytes, pieces: size)
            let names = packets.map { $0.type?.name ?? "unknown" }
            #expect(names.joined(separator: " ").hasPrefix(beginning))
            #expect(!names.contains("unknown"))
            #expect(packets.flatMap(\.encoded) == bytes)
            for packet in packets { try expectRecord(of: packet, fromLeader: name.hasSuffix("leader")) }
        }
    }

    /// Reads the packet's data as what its type says, and writes it again.
    private func expectRecord(of packet: QuorumPacket, fromLeader isLeaders: Bool) throws {
        switch packet.type {
        case .followerInfo, .observerInfo: try expectSame(LearnerInfo.self, packet)
        case .leaderInfo: try expectSame(LeaderInfo.self, packet)
        case .acknowledgeEpoch: try expectSame(EpochAcknowledgement.self, packet)
        case .ping where !isLeaders: try expectSame(TouchedSessions.self, packet)
        case .request: try expectSame(ForwardedRequest.self, packet)
        case .revalidate where isLeaders: try expectSame(RevalidationReply.self, packet)
        case .revalidate: try expectSame(QuorumSession.self, packet)
        case .commitAndActivate, .informAndActivate: try expectSame(Activation.self, packet)
        case .newLeader:
            let text = try #require(packet.data)
            #expect(try QuorumConfigurationText(parsing: text).bytes == text)
        case .proposal, .inform: #expect(packet.data != nil)
        default:
            #expect(packet.data == nil)
            #expect(packet.identities == nil)
        }
    }

    private func expectSame<Record: JuteRecord>(_ type: Record.Type, _ packet: QuorumPacket) throws {
        #expect(try packet.record(type).encoded == packet.data)
    }

    @Test func `what the packets say`() throws {
        let writes = try Self.packets(Self.bytes("writes-follower"))
        #expect(try writes[0].record() == LearnerInfo(serverID: 1))
        let creation = try #require(writes.first { $0.identities?.isEmpty == false })
        #expect(creation.identities == [ClientIdentity(scheme: "ip", user: "127.0.0.1")])
        let request: ForwardedRequest = try creation.record()
        #expect(request.type == OperationCode.create.rawValue)
        #expect(request.cxid == 1)
        var body = ByteReader(request.body.span.bytes)
        #expect(try CreateRequest(from: &body).path == "/a")

        let observation = try Self.packets(Self.bytes("observation-leader"))
        let activation = try #require(observation.first { $0.type == .informAndActivate })
        let record: Activation = try activation.record()
        #expect(record.designatedLeader == 3)
        #expect(!record.proposal.isEmpty)
        let truncation = try Self.packets(Self.bytes("truncation-leader"))
        #expect(truncation[1] == QuorumPacket(.truncate, zxid: Zxid(epoch: 1, counter: 13)))
    }

    @Test(arguments: ["election", "rejoin"]) func `votes come back byte for byte`(name: String) throws {
        for (side, hasHello) in [("dialler", true), ("acceptor", false)] {
            let bytes = try Self.bytes("\(name)-\(side)")
            for size in [1, 11, bytes.count] {
                var reader = ElectionPortReader()
                var written: [UInt8] = []
                var isHelloRead = !hasHello
                for start in stride(from: 0, to: bytes.count, by: size) {
                    reader.append(Array(bytes[start..<min(start + size, bytes.count)]))
                    if !isHelloRead, let hello = try reader.nextHello() {
                        isHelloRead = true
                        #expect(hello.endpoints.count == 1)
                        written += ElectionHello(serverID: hello.serverID, endpoints: hello.endpoints).encoded
                    }
                    while isHelloRead, let message = try reader.nextMessage() {
                        let vote = try ElectionPortTests.vote(message)
                        let text = try #require(vote.configuration)
                        #expect(try QuorumConfigurationText(parsing: text).bytes == text)
                        written += vote.framed
                    }
                }
                #expect(written == bytes)
                #expect(reader.pendingByteCount == 0)
            }
        }
    }

    @Test func `what the votes say`() throws {
        var reader = ElectionPortReader()
        reader.append(try Self.bytes("election-dialler"))
        #expect(try reader.nextHello()?.serverID == 3)
        let vote = try ElectionPortTests.vote(try #require(try reader.nextMessage()))
        #expect(vote.state == .looking)
        #expect(vote.electionEpoch == 1)
        var settled = ElectionPortReader()
        settled.append(try Self.bytes("rejoin-dialler"))
        _ = try settled.nextHello()
        let leaders = try ElectionPortTests.vote(try #require(try settled.nextMessage()))
        #expect(leaders.state != .looking)
        #expect(leaders.leader == 3)
        #expect(leaders.effectivePeerEpoch == 1)
    }

    // MARK: Helpers

    static func packets(_ bytes: [UInt8], pieces size: Int = .max) throws -> [QuorumPacket] {
        var reader = QuorumPacketReader()
        var packets: [QuorumPacket] = []
        for start in stride(from: 0, to: bytes.count, by: min(size, bytes.count)) {
            reader.append(Array(bytes[start..<start + min(size, bytes.count - start)]))
            packets += try QuorumPacketTests.read(&reader)
        }
        #expect(reader.pendingByteCount == 0)
        return packets
    }

    /// A recording: hexadecimal digits, and lines that begin with “#”.
    static func bytes(_ name: String) throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/apache-3.8.0/\(name).hex")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return hex(lines.filter { !$0.hasPrefix("#") }.joined())
    }
}
