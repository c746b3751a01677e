import Bytes
import StateMachines
import Testing
import WireProtocol

struct QuorumPacketTests {
    static let session = SessionID(rawValue: 0x0100_0000_0000_0001)
    static let ann = ClientIdentity(scheme: "digest", user: "ann:x")

    /// Packets and their bytes, written down field by field.
    static let vectors: [(packet: QuorumPacket, bytes: String)] = [
        (
            QuorumPacket(.followerInfo, zxid: Zxid(epoch: 3, counter: 0), LearnerInfo(serverID: 2)),
            "0000000b 0000000300000000 00000014 0000000000000002 00010000 0000000000000000 ffffffff"
        ),
        (
            QuorumPacket(.leaderInfo, zxid: Zxid(epoch: 4, counter: 0), LeaderInfo()),
            "00000011 0000000400000000 00000004 00010000 ffffffff"
        ),
        (
            QuorumPacket(.acknowledgeEpoch, zxid: Zxid(epoch: 3, counter: 9), EpochAcknowledgement(currentEpoch: 3)),
            "00000012 0000000300000009 00000004 00000003 ffffffff"
        ),
        (
            QuorumPacket(.acknowledgeEpoch, zxid: Zxid(epoch: 3, counter: 9), EpochAcknowledgement(currentEpoch: nil)),
            "00000012 0000000300000009 00000004 ffffffff ffffffff"
        ),
        (QuorumPacket(.commit, zxid: Zxid(epoch: 4, counter: 1)), "00000004 0000000400000001 ffffffff ffffffff"),
        (QuorumPacket(.ping, zxid: .zero, data: []), "00000005 0000000000000000 00000000 ffffffff"),
        (
            QuorumPacket(
                .ping, zxid: .zero, TouchedSessions([QuorumSession(session: session, timeoutMilliseconds: 4_000)])),
            "00000005 0000000000000000 0000000c 0100000000000001 00000fa0 ffffffff"
        ),
        (
            QuorumPacket(.upToDate, zxid: QuorumPacket.noZxid, identities: []),
            "0000000c ffffffffffffffff ffffffff 00000000"
        ),
        (
            QuorumPacket(
                .request, zxid: QuorumPacket.noZxid,
                ForwardedRequest(
                    session: session, cxid: 7, type: OperationCode.sync.rawValue, body: [0, 0, 0, 1, 0x2F]),
                identities: [ann]),
            """
            00000001 ffffffffffffffff 00000015 0100000000000001 00000007 00000009 000000012f 00000001 \
            00000006 646967657374 00000005 616e6e3a78
            """
        ),
        (
            QuorumPacket(
                .revalidate, zxid: QuorumPacket.noZxid, QuorumSession(session: session, timeoutMilliseconds: 10_000)),
            "00000006 ffffffffffffffff 0000000c 0100000000000001 00002710 ffffffff"
        ),
        (
            QuorumPacket(.revalidate, zxid: QuorumPacket.noZxid, RevalidationReply(session: session, isValid: true)),
            "00000006 ffffffffffffffff 00000009 0100000000000001 01 ffffffff"
        ),
        (
            QuorumPacket(.commitAndActivate, zxid: Zxid(epoch: 1, counter: 2), Activation(designatedLeader: 3)),
            "00000009 0000000100000002 00000008 0000000000000003 ffffffff"
        ),
        (
            QuorumPacket(
                .informAndActivate, zxid: Zxid(epoch: 1, counter: 2), Activation(designatedLeader: 3, proposal: [9, 8])),
            "00000013 0000000100000002 0000000a 0000000000000003 0908 ffffffff"
        ),
        (
            QuorumPacket(typeNumber: 77, zxid: Zxid(wireValue: .min), data: [1]),
            "0000004d 8000000000000000 00000001 01 ffffffff"
        ),
    ]

    @Test(arguments: vectors.indices) func `a packet's bytes`(index: Int) throws {
        let (packet, text) = Self.vectors[index]
        #expect(packet.encoded == hex(text))
        var reader = QuorumPacketReader()
        reader.append(hex(text))
        #expect(try reader.next() == packet)
        #expect(try reader.next() == nil)
        #expect(reader.pendingByteCount == 0)
    }

    @Test func `packets written in place are the same`() {
        let zxid = Zxid(epoch: 1, counter: 5)
        var writer = ByteWriter(appendingTo: [0xAB])
        writer.writeQuorumPacket(.commit, zxid: zxid)
        writer.writeQuorumPacket(.proposal, zxid: zxid, identities: [Self.ann]) { $0.write(Int64(1)) }
        let expected =
            QuorumPacket(.commit, zxid: zxid).encoded
            + QuorumPacket(.proposal, zxid: zxid, data: hex("0000000000000001"), identities: [Self.ann]).encoded
        #expect(writer.bytes == [0xAB] + expected)
    }

    @Test func `types have ZooKeeper's numbers and words`() {
        #expect(QuorumPacketType.allCases.map(\.rawValue) == Array(1...19))
        #expect(
            QuorumPacketType.allCases.map(\.name) == [
                "REQUEST", "PROPOSAL", "ACK", "COMMIT", "PING", "REVALIDATE", "SYNC", "INFORM", "COMMITANDACTIVATE",
                "NEWLEADER", "FOLLOWERINFO", "UPTODATE", "DIFF", "TRUNC", "SNAP", "OBSERVERINFO", "LEADERINFO",
                "ACKEPOCH", "INFORMANDACTIVATE",
            ])
        #expect(QuorumPacket(typeNumber: 77, zxid: .zero).type == nil)
        #expect(QuorumPacket(.sync, zxid: .zero).type == .sync)
    }

    @Test func `records are read back`() throws {
        try expectRecord(LearnerInfo(serverID: 5, configurationVersion: 0x1_0000_0002), byteCount: 20)
        try expectRecord(LearnerInfo(serverID: 5, protocolVersion: 1, configurationVersion: nil), byteCount: 12)
        try expectRecord(LearnerInfo(serverID: 5, protocolVersion: nil, configurationVersion: nil), byteCount: 8)
        try expectRecord(LeaderInfo(), byteCount: 4)
        try expectRecord(EpochAcknowledgement(currentEpoch: 0), byteCount: 4)
        try expectRecord(EpochAcknowledgement(currentEpoch: nil), byteCount: 4)
        try expectRecord(QuorumSession(session: Self.session, timeoutMilliseconds: -1), byteCount: 12)
        try expectRecord(RevalidationReply(session: Self.session, isValid: false), byteCount: 9)
        try expectRecord(TouchedSessions([]), byteCount: 0)
        try expectRecord(ForwardedRequest(session: Self.session, cxid: 1, type: -10, body: []), byteCount: 16)
        try expectRecord(Activation(designatedLeader: 1, proposal: [1]), byteCount: 9)
    }

    private func expectRecord<Record: JuteRecord>(_ record: Record, byteCount: Int) throws {
        let bytes = record.encoded
        #expect(bytes.count == byteCount)
        let packet = QuorumPacket(.ping, zxid: .zero, record)
        #expect(try packet.record(Record.self) == record)
    }

    @Test func `records cut short are refused`() {
        for (record, shortest) in [
            (LearnerInfo(serverID: 5) as any JuteRecord, 8), (LeaderInfo(), 4),
            (EpochAcknowledgement(currentEpoch: 1), 4),
            (QuorumSession(session: Self.session, timeoutMilliseconds: 1), 12),
            (RevalidationReply(session: Self.session, isValid: true), 9),
            (ForwardedRequest(session: Self.session, cxid: 1, type: 1, body: []), 16),
            (Activation(designatedLeader: 1), 8),
        ] { expectRefused(record, below: shortest) }
        let sessions = QuorumPacket(.ping, zxid: .zero, data: Array(repeating: 0, count: 13))
        #expect(throws: ByteError.self) { try sessions.record(TouchedSessions.self) }
        #expect(throws: ByteError.missingValue(offset: 12)) {
            try QuorumPacket(.leaderInfo, zxid: .zero).record(LeaderInfo.self)
        }
    }

    private func expectRefused<Record: JuteRecord>(_ record: Record, below shortest: Int) {
        for length in 0..<shortest {
            let packet = QuorumPacket(.ping, zxid: .zero, data: Array(record.encoded[..<length]))
            #expect(throws: ByteError.self, "\(Record.self), \(length) bytes") { try packet.record(Record.self) }
        }
    }

    @Test func `a learner's older forms, and lengths between`() throws {
        for (length, version, configuration) in [
            (8, nil, nil), (11, nil, nil), (12, 0x10000, nil), (19, 0x10000, nil), (20, 0x10000, 0), (24, 0x10000, 0),
        ] as [(Int, Int32?, Int64?)] {
            let bytes = (LearnerInfo(serverID: 2).encoded + [0, 0, 0, 0]).prefix(length)
            let info = try QuorumPacket(.followerInfo, zxid: .zero, data: Array(bytes)).record(LearnerInfo.self)
            #expect(
                info == LearnerInfo(serverID: 2, protocolVersion: version, configurationVersion: configuration),
                "\(length) bytes")
        }
    }

    // MARK: Streams

    static func stream() -> (bytes: [UInt8], ends: [Int], packets: [QuorumPacket]) {
        var writer = ByteWriter()
        var ends: [Int] = []
        for (packet, _) in vectors {
            packet.encode(into: &writer)
            ends.append(writer.count)
        }
        return (writer.bytes, ends, vectors.map(\.packet))
    }

    @Test func `a stream that ends anywhere gives its whole packets, and asks for more`() throws {
        let (bytes, ends, packets) = Self.stream()
        for length in 0...bytes.count {
            var reader = QuorumPacketReader()
            reader.append(Array(bytes[..<length]))
            let whole = ends.count { $0 <= length }
            #expect(try Self.read(&reader) == Array(packets[..<whole]), "\(length) bytes")
            #expect(reader.pendingByteCount == length - (whole == 0 ? 0 : ends[whole - 1]))
        }
    }

    @Test func `a stream arrives byte by byte`() throws {
        let (bytes, ends, packets) = Self.stream()
        var reader = QuorumPacketReader()
        var read: [QuorumPacket] = []
        for (offset, byte) in bytes.enumerated() {
            reader.append([byte])
            read += try Self.read(&reader)
            #expect(read.count == ends.count { $0 <= offset + 1 })
        }
        #expect(read == packets)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func `any packets survive pieces of any size`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let packets = (0..<20).map { _ in Self.randomPacket(&random) }
        var writer = ByteWriter()
        for packet in packets { packet.encode(into: &writer) }
        var reader = QuorumPacketReader()
        var read: [QuorumPacket] = []
        var rest = writer.bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...90, using: &random))
            rest.removeFirst(piece.count)
            reader.append(Array(piece))
            if Bool.random(using: &random) { read += try Self.read(&reader) }
        }
        read += try Self.read(&reader)
        #expect(read == packets, "seed=\(seed)")
        #expect(reader.pendingByteCount == 0, "seed=\(seed)")
    }

    @Test func `random bytes are refused or waited for, and never crash`() {
        for seed in 1...500 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var bytes = Self.stream().bytes
            for _ in 0..<6 {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var reader = QuorumPacketReader()
            reader.append(bytes)
            let read = (try? Self.read(&reader)) ?? []
            #expect(read.count <= bytes.count / QuorumPacket.emptyByteCount, "seed=\(seed)")
        }
    }

    @Test func `what follows a SNAP packet is handed over`() throws {
        var reader = QuorumPacketReader()
        reader.append(QuorumPacket(.snapshot, zxid: .zero).encoded + [1, 2, 3])
        #expect(try reader.next()?.type == .snapshot)
        #expect(reader.takePending() == [1, 2, 3])
        #expect(reader.pendingByteCount == 0)
        reader.append(QuorumPacket(.upToDate, zxid: .zero).encoded)
        #expect(try reader.next()?.type == .upToDate)
    }

    // MARK: Limits

    @Test func `data up to the limit`() throws {
        let packet = QuorumPacket(.proposal, zxid: .zero, data: Array(repeating: 7, count: 100))
        var reader = QuorumPacketReader(dataLimit: 100)
        reader.append(packet.encoded)
        #expect(try reader.next() == packet)
        var strict = QuorumPacketReader(dataLimit: 99)
        // The length alone is enough to refuse it.
        strict.append(Array(packet.encoded.prefix(16)))
        #expect(throws: ByteError.unreasonableLength(100, limit: 99, offset: 12)) { try strict.next() }
        #expect(QuorumPacketReader.defaultDataLimit == 2_097_150)
    }

    @Test(arguments: ["fffffffe", "80000000", "7fffffff"]) func `lengths that cannot be`(length: String) {
        for text in [
            "00000001 0000000000000000 \(length)", "00000001 0000000000000000 ffffffff \(length)",
            "00000001 0000000000000000 ffffffff 00000001 \(length)",
            "00000001 0000000000000000 ffffffff 00000001 00000001 61 \(length)",
        ] {
            var reader = QuorumPacketReader()
            reader.append(hex(text))
            #expect(throws: ByteError.self, "\(text)") { try reader.next() }
        }
    }

    @Test func `identities up to their limits`() throws {
        let limit = QuorumPacketReader.identityLimit
        let many = QuorumPacket(.request, zxid: .zero, identities: Array(repeating: Self.ann, count: limit))
        var reader = QuorumPacketReader()
        reader.append(many.encoded)
        #expect(try reader.next() == many)
        reader.append(hex("00000001 0000000000000000 ffffffff 00000401"))
        #expect(throws: ByteError.unreasonableLength(limit + 1, limit: limit, offset: 12 + 4)) { try reader.next() }

        let long = ClientIdentity(
            scheme: "x", user: ByteString(bytes: Array(repeating: 0x61, count: QuorumPacketReader.identityByteLimit)))
        var other = QuorumPacketReader()
        other.append(QuorumPacket(.request, zxid: .zero, identities: [long]).encoded)
        #expect(throws: ByteError.self) { try other.next() }
    }

    @Test func `a packet that never ends is not collected for ever`() {
        // One identity after the other, each of the greatest length that is believed, the last one never whole.
        var reader = QuorumPacketReader(dataLimit: 1_000)
        reader.append(hex("00000001 0000000000000000 ffffffff 00000001 00000001 61 00040000"))
        var error: ByteError?
        for _ in 0..<400 where error == nil {
            reader.append(Array(repeating: 0x61, count: 1_000))
            do throws(ByteError) { _ = try reader.next() } catch let failure { error = failure }
        }
        #expect(error != nil)
        #expect(reader.pendingByteCount < 1 << 19)
    }

    // MARK: Helpers

    static func read(_ reader: inout QuorumPacketReader) throws -> [QuorumPacket] {
        var packets: [QuorumPacket] = []
        while let packet = try reader.next() { packets.append(packet) }
        return packets
    }

    static func randomPacket(_ random: inout SplitMix64) -> QuorumPacket {
        let data =
            Bool.random(using: &random)
            ? nil : (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        let count = Int.random(in: -2...3, using: &random)
        let identities = count < 0 ? nil : Array(repeating: ann, count: count)
        return QuorumPacket(
            typeNumber: Int32.random(in: -3...25, using: &random),
            zxid: Zxid(rawValue: UInt64.random(in: 0 ... .max, using: &random)), data: data, identities: identities)
    }
}
