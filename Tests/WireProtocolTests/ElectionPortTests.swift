import Bytes
import StateMachines
import Testing
import WireProtocol

struct ElectionPortTests {
    static let hello = hex("ffffffffffff0000 0000000000000003 0000000f 3132372e302e302e313a3335313836")
    static let severalHello = hex("ffffffffffff0001 0000000000000003 00000007 613a317c623a32")

    @Test func `what a server that dials says first`() throws {
        let one = ElectionHello(serverID: 3, endpoints: [QuorumEndpoint(host: "127.0.0.1", port: 35_186)])
        #expect(one.form == .oneAddress)
        #expect(one.encoded == Self.hello)
        let several = ElectionHello(
            serverID: 3, endpoints: [QuorumEndpoint(host: "a", port: 1), QuorumEndpoint(host: "b", port: 2)])
        #expect(several.encoded == Self.severalHello)
        let oldest = ElectionHello(form: nil, serverID: 5, addressText: "")
        #expect(oldest.encoded == hex("0000000000000005"))
        let unnamed = ElectionHello(
            serverID: ElectionHello.unnamedObserver, endpoints: [QuorumEndpoint(host: "::1", port: 9)])
        #expect(unnamed.encoded == hex("ffffffffffff0000 7fffffffffffffff 00000007 5b3a3a315d3a39"))
        #expect(unnamed.endpoints == [QuorumEndpoint(host: "::1", port: 9)])
        for hello in [one, several, oldest, unnamed] {
            var reader = ElectionPortReader()
            for byte in hello.encoded {
                #expect(try reader.nextHello() == nil)
                reader.append([byte])
            }
            #expect(try reader.nextHello() == hello)
            #expect(reader.pendingByteCount == 0)
        }
    }

    @Test func `an address that cannot be read is passed over`() {
        let hello = ElectionHello(form: .severalAddresses, serverID: 1, addressText: "a:1|b|c:x|d:70000||[::1]:5|e:6")
        #expect(hello.endpoints.map(\.description) == ["a:1", "[::1]:5", "e:6"])
    }

    @Test(arguments: [
        "ffffffffffff0002", "ffffffffffffffff", "8000000000000000",
        "ffffffffffff0000 0000000000000003 00000000", "ffffffffffff0000 0000000000000003 ffffffff",
        "ffffffffffff0000 0000000000000003 00000801",
    ]) func `hellos that are refused at once`(text: String) {
        var reader = ElectionPortReader()
        reader.append(hex(text))
        #expect(throws: ByteError.self) { try reader.nextHello() }
    }

    @Test func `the longest hello`() throws {
        let text = ByteString(bytes: Array(repeating: 0x61, count: ElectionHello.addressByteLimit))
        let hello = ElectionHello(form: .severalAddresses, serverID: 1, addressText: text)
        var reader = ElectionPortReader()
        reader.append(hello.encoded)
        #expect(try reader.nextHello() == hello)
    }

    // MARK: Votes

    static let vote = ElectionNotification(
        state: .looking, leader: 3, zxid: Zxid(epoch: 1, counter: 2), electionEpoch: 4, peerEpoch: 1,
        configuration: Array("version=0".utf8))
    static let voteBytes =
        "00000000 0000000000000003 0000000100000002 0000000000000004 0000000000000001 00000002 00000009 76657273696f6e3d30"

    @Test func `a vote in all its forms`() throws {
        var vote = Self.vote
        let bytes = hex(Self.voteBytes)
        #expect(vote.encoded == bytes)
        #expect(vote.framed == [0, 0, 0, 53] + bytes)
        #expect(try Self.vote(bytes) == vote)
        vote.configuration = nil
        for version in [0, 1, 2] as [Int32] {
            vote.version = version
            #expect(vote.encoded.count == 40)
            #expect(try Self.vote(vote.encoded) == vote)
        }
        vote.version = nil
        #expect(vote.encoded.count == 36)
        #expect(try Self.vote(vote.encoded) == vote)
        vote.peerEpoch = nil
        #expect(vote.encoded.count == 28)
        #expect(try Self.vote(vote.encoded) == vote)
        #expect(vote.effectivePeerEpoch == 1)
        let observers = ElectionNotification(
            state: .observing, leader: ElectionNotification.observersValue,
            zxid: Zxid(wireValue: ElectionNotification.observersValue), electionEpoch: 0,
            peerEpoch: ElectionNotification.observersValue, configuration: [])
        #expect(observers.encoded.count == 44)
        #expect(try Self.vote(observers.encoded) == observers)
    }

    @Test func `votes that are refused`() throws {
        let bytes = hex(Self.voteBytes)
        for length in bytes.indices where ![28, 36, 40].contains(length) {
            #expect(throws: ByteError.self, "\(length) bytes") { try Self.vote(Array(bytes[..<length])) }
        }
        for state in [4, 255] as [UInt8] {
            var changed = bytes
            changed[3] = state
            #expect(throws: ByteError.unknownValue(Int(state), offset: 0)) { try Self.vote(changed) }
        }
        for length in ["ffffffff", "0000000a", "7fffffff", "80000000"] {
            #expect(throws: ByteError.self) { try Self.vote(Array(bytes[..<40]) + hex(length) + bytes[44...]) }
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `votes survive pieces of any size`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let votes = (0..<10).map { _ in Self.randomVote(&random) }
        var rest = (Self.hello + votes.flatMap(\.framed))[...]
        var reader = ElectionPortReader()
        var hello: ElectionHello?
        var read: [ElectionNotification] = []
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...70, using: &random))
            rest.removeFirst(piece.count)
            reader.append(Array(piece))
            if hello == nil { hello = try reader.nextHello() }
            while hello != nil, let message = try reader.nextMessage() { read.append(try Self.vote(message)) }
        }
        #expect(hello?.encoded == Self.hello, "seed=\(seed)")
        #expect(read == votes, "seed=\(seed)")
        #expect(reader.pendingByteCount == 0, "seed=\(seed)")
    }

    @Test func `messages have from 1 byte to 512 KiB`() throws {
        let limit = ElectionPortReader.messageLimit
        #expect(limit == 524_288)
        for length in [1, limit] {
            var reader = ElectionPortReader()
            let message = Array(repeating: UInt8(1), count: length)
            reader.append(framed(message))
            #expect(try reader.nextMessage() == message)
        }
        for text in ["00000000", "ffffffff", "80000000", "00080001", "7fffffff"] {
            var reader = ElectionPortReader()
            reader.append(hex(text))
            #expect(throws: ByteError.self, "\(text)") { try reader.nextMessage() }
        }
    }

    // MARK: Authentication

    static let challenge = hex("5f2435013501edcc 00000000 00000003 010203")

    @Test func `an authentication between servers`() throws {
        let step = QuorumAuthPacket(status: .inProgress, token: [1, 2, 3])
        #expect(step.encoded == Self.challenge)
        let failure = QuorumAuthPacket(status: .error, token: nil)
        #expect(failure.encoded == hex("5f2435013501edcc ffffffff ffffffff"))
        #expect(UInt64(bitPattern: QuorumAuthPacket.magic) == 0 &- 0xA0DB_CAFE_CAFE_1234)
        let packets = [step, failure, QuorumAuthPacket(status: .success, token: [])]
        var reader = QuorumAuthPacketReader()
        var read: [QuorumAuthPacket] = []
        for byte in packets.flatMap(\.encoded) {
            reader.append([byte])
            if let packet = try reader.next() { read.append(packet) }
        }
        #expect(read == packets)
        reader.append([7, 8])
        #expect(reader.takePending() == [7, 8])
    }

    @Test func `an authentication is told from what else may come`() {
        var reader = QuorumAuthPacketReader()
        reader.append(Array(Self.challenge.prefix(7)))
        #expect(reader.isLoginNext == nil)
        reader.append(Array(Self.challenge.dropFirst(7)))
        #expect(reader.isLoginNext == true)
        var other = QuorumAuthPacketReader()
        other.append(QuorumPacket(.followerInfo, zxid: .zero, LearnerInfo(serverID: 1)).encoded)
        #expect(other.isLoginNext == false)
    }

    @Test(arguments: [
        "5f2435013501edcd 00000000 00000000", "5f2435013501edcc 00000002 00000000",
        "5f2435013501edcc 00000000 fffffffe",
        "5f2435013501edcc 00000000 00010001", "0000000000000001 00000000 00000000",
    ]) func `authentications that are refused`(text: String) {
        var reader = QuorumAuthPacketReader()
        reader.append(hex(text))
        #expect(throws: ByteError.self) { try reader.next() }
    }

    // MARK: Helpers

    static func vote(_ bytes: [UInt8]) throws -> ElectionNotification {
        var reader = ByteReader(bytes.span.bytes)
        return try ElectionNotification(from: &reader)
    }

    static func randomVote(_ random: inout SplitMix64) -> ElectionNotification {
        let form = Int.random(in: 0...3, using: &random)
        return ElectionNotification(
            state: ElectionNotification.State.allCases.randomElement(using: &random)!,
            leader: Int64.random(in: .min ... .max, using: &random),
            zxid: Zxid(rawValue: UInt64.random(in: 0 ... .max, using: &random)),
            electionEpoch: Int64.random(in: 0 ... .max, using: &random),
            peerEpoch: form > 0 ? Int64.random(in: .min ... .max, using: &random) : nil,
            version: form > 1 ? 2 : nil,
            configuration: form > 2 ? Array("server.1=a:1:2".utf8.prefix(Int.random(in: 0...14, using: &random))) : nil)
    }
}
