import Bytes
import StateMachines
import Testing
import WireProtocol

/// Bytes as ZooKeeper's clients and servers exchange them, written down field by field.
struct GoldenFrameTests {
    static let connectRequest = hex(
        "0000002d 00000000 0000000000000000 00007530 0000000000000000 00000010 \(zeros(16)) 00")
    static let create = hex(
        """
        00000032 00000001 00000001 00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64 \
        00000006 616e796f6e65 00000000
        """)
    static let createReply = hex("00000016 00000001 0000000000000002 00000000 00000002 2f61")
    static let ping = hex("00000008 fffffffe 0000000b")
    static let pingReply = hex("00000010 fffffffe 0000000000000002 00000000")
    static let notification = hex("0000001e ffffffff 0000000000000002 00000000 00000001 00000003 00000002 2f61")
    static let multi = hex(
        """
        00000037 00000007 0000000e 0000000d 00 ffffffff 00000002 2f61 00000000 00000002 00 ffffffff 00000002 2f61 \
        ffffffff ffffffff 01 ffffffff
        """)
    static let failedMultiReply = hex(
        """
        00000033 00000007 0000000000000009 00000000 ffffffff 00 ffffff99 ffffff99 ffffffff 00 fffffffe fffffffe \
        ffffffff 01 ffffffff
        """)
    static let closeSession = hex("00000008 00000005 fffffff5")

    @Test func `a handshake in both forms`() throws {
        let modern = ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 30_000)
        #expect(framed(modern.encoded) == Self.connectRequest)
        #expect(try decode(ConnectRequest.self, Self.connectRequest) == modern)
        var old = modern
        old.isReadOnlyAllowed = nil
        #expect(old.encoded.count == 44)
        #expect(try decode(ConnectRequest.self, framed(old.encoded)) == old)
        let answer = ConnectResponse.expired(isReadOnly: false)
        #expect(answer.encoded.count == 37)
        #expect(ConnectResponse.expired(isReadOnly: nil).encoded.count == 36)
        #expect(try decode(ConnectResponse.self, framed(answer.encoded)) == answer)
    }

    @Test func `requests`() throws {
        let requests: [(ClientRequest, Int32, [UInt8])] = [
            (.create(CreateRequest(path: "/a", data: Array("x".utf8))), 1, Self.create),
            (.ping, SpecialXid.ping, Self.ping),
            (.closeSession, 5, Self.closeSession),
            (
                .multi(
                    MultiRequest(operations: [
                        .check(PathVersionRequest(path: "/a", version: 0)), .delete(PathVersionRequest(path: "/a")),
                    ])), 7, Self.multi
            ),
        ]
        for (request, xid, frame) in requests {
            #expect(request.frame(xid: xid) == frame)
            #expect(try decodeRequest(frame) == request)
        }
    }

    @Test func `replies`() throws {
        let header = ReplyHeader(xid: 1, zxid: Zxid(rawValue: 2))
        #expect(ClientResponse.path("/a").frame(header) == Self.createReply)
        #expect(ClientResponse.empty.frame(ReplyHeader(xid: -2, zxid: Zxid(rawValue: 2))) == Self.pingReply)
        let event = WatcherEvent(type: .nodeCreated, path: "/a")
        let notified = ReplyHeader(xid: SpecialXid.notification, zxid: Zxid(rawValue: 2)).encoded + event.encoded
        #expect(framed(notified) == Self.notification)
        let failure = MultiResponse(results: [.error(ErrorCode.badVersion.rawValue), .error(-2)])
        #expect(
            ClientResponse.multi(failure).frame(ReplyHeader(xid: 7, zxid: Zxid(rawValue: 9))) == Self.failedMultiReply)
    }

    @Test func `every truncation of every golden frame is a typed error`() {
        for frame in [Self.create, Self.multi, Self.ping, Self.closeSession] {
            for length in 4..<frame.count {
                #expect(throws: ByteError.self) { try decodeRequest(Array(frame[..<length])) }
            }
        }
        // Without its last byte the handshake is that of an old client, and whole.
        for length in 4..<Self.connectRequest.count - 1 {
            #expect(throws: ByteError.self) {
                try decode(ConnectRequest.self, Array(Self.connectRequest[..<length]))
            }
        }
        let replies: [([UInt8], OperationCode)] = [
            (Self.createReply, .create), (Self.pingReply, .ping), (Self.failedMultiReply, .multi),
        ]
        for (frame, operation) in replies {
            for length in 4..<frame.count {
                #expect(throws: ByteError.self) { try decodeReply(Array(frame[..<length]), to: operation) }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `random bytes never trap`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let size = Int(random.uniform(in: 0...80))
            let noise = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() & 0x8080_0F0F_0000_0F0F) }
            for operation in OperationCode.allCases {
                var requestReader = ByteReader(noise.span.bytes)
                _ = try? ClientRequest(operation, from: &requestReader)
                var replyReader = ByteReader(noise.span.bytes)
                _ = try? ClientResponse(to: operation, from: &replyReader)
            }
        }
    }
}

/// The bytes of hexadecimal digits; blanks are for the reader.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

func framed(_ payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeBuffer(payload)
    return writer.bytes
}

func decode<Record: JuteRecord>(_ type: Record.Type, _ frame: [UInt8]) throws -> Record {
    let payload = Array(frame.dropFirst(4))
    var reader = ByteReader(payload.span.bytes)
    return try Record(from: &reader)
}

func decodeRequest(_ frame: [UInt8]) throws -> ClientRequest {
    let payload = Array(frame.dropFirst(4))
    var reader = ByteReader(payload.span.bytes)
    let header = try RequestHeader(from: &reader)
    return try ClientRequest(#require(header.operation), from: &reader)
}

func decodeReply(_ frame: [UInt8], to operation: OperationCode) throws -> ClientResponse {
    let payload = Array(frame.dropFirst(4))
    var reader = ByteReader(payload.span.bytes)
    _ = try ReplyHeader(from: &reader)
    return try ClientResponse(to: operation, from: &reader)
}
