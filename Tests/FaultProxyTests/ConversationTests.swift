import Bytes
import FaultProxy
import StateMachines
import Testing
import WireProtocol

struct ConversationTests {
    private func payload(_ xid: Int32, _ request: ClientRequest) -> [UInt8] {
        Array(request.frame(xid: xid).dropFirst(4))
    }
    private func payload(_ xid: Int32, _ response: ClientResponse, _ error: ErrorCode = .ok) -> [UInt8] {
        Array(response.frame(ReplyHeader(xid: xid, zxid: Zxid(rawValue: 7), error: error)).dropFirst(4))
    }

    @Test func `requests and replies find each other, pings overtake`() {
        var conversation = Conversation(name: "A.1")
        let hello = ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 4_000)
        #expect(conversation.clientSent(hello.encoded).content == .handshake(.none))
        let welcome = ConnectResponse(
            timeoutMilliseconds: 2_000, session: SessionID(rawValue: 5), password: nil, isReadOnly: false)
        let answer = conversation.serverSent(welcome.encoded)
        #expect(answer.content == .welcome(SessionID(rawValue: 5), timeout: .seconds(2)))
        #expect(answer.detail == "session 0x5, timeout 2000 ms")

        let create = ClientRequest.create(CreateRequest(path: "/q/n-", data: nil, mode: .ephemeralSequential))
        let request = conversation.clientSent(payload(1, create))
        #expect(request.id == "A.1-1")
        #expect(request.label == "create")
        #expect(request.request?.mode == .ephemeralSequential)
        #expect(conversation.clientSent(payload(SpecialXid.ping, .ping)).id == "A.1-ping1")
        #expect(conversation.serverSent(payload(SpecialXid.ping, .empty)).id == "A.1-ping1'")
        let reply = conversation.serverSent(payload(1, .path("/q/n-0000000004")))
        #expect(reply.id == "A.1-1'")
        #expect(reply.detail == "ok /q/n-0000000004")
        #expect(conversation.clientSent(payload(SpecialXid.ping, .ping)).id == "A.1-ping2")
        #expect(conversation.serverSent(payload(99, .empty)).content == .other)
    }

    @Test func `a multi shows its parts and its first error`() {
        var conversation = Conversation(name: "A.1")
        _ = conversation.clientSent(ConnectRequest(lastZxidSeen: .zero, timeoutMilliseconds: 1).encoded)
        _ = conversation.serverSent(ConnectResponse.expired(isReadOnly: false).encoded)
        let multi = ClientRequest.multi(
            MultiRequest(operations: [.check(PathVersionRequest(path: "/a")), .delete(PathVersionRequest(path: "/a"))]))
        #expect(conversation.clientSent(payload(1, multi)).request?.parts == [.check, .delete])
        let failed = MultiResponse(results: [.error(0), .error(-103)])
        guard case .reply(let reply) = conversation.serverSent(payload(1, .multi(failed))).content else {
            Issue.record("no reply")
            return
        }
        #expect(reply.error == ErrorCode.badVersion.rawValue)
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `any bytes can be read`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var conversation = Conversation(name: "A.1")
        for _ in 0..<30 {
            let bytes = (0..<random.uniform(in: 0...50)).map { _ in
                random.chance(partsPerMillion: 600_000) ? 0 : UInt8(truncatingIfNeeded: random.next())
            }
            let message =
                random.chance(partsPerMillion: 500_000)
                ? conversation.clientSent(bytes) : conversation.serverSent(bytes)
            #expect(!message.id.isEmpty, "seed=\(seed)")
        }
    }
}
