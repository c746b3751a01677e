import Bytes
import StateMachines
import Testing
import WireProtocol

struct RoundTripTests {
    static let stat = Stat(
        czxid: Zxid(rawValue: 1), mzxid: Zxid(rawValue: 0x1_0000_0002), ctime: 3, mtime: 1_700_000_000_000,
        version: 5, cversion: -1, aversion: 7, ephemeralOwner: SessionID(rawValue: 0x0100_0000_0000_0001),
        dataLength: 9, numChildren: 10, pzxid: Zxid(rawValue: 11))

    @Test(arguments: [
        ClientRequest.create(CreateRequest(path: "/é", data: nil, acl: nil, mode: .ephemeralSequential)),
        .createWithStat(CreateRequest(path: "/a", data: [])),
        .delete(PathVersionRequest(path: "/a", version: 3)), .exists(PathWatchRequest(path: "/a", watch: true)),
        .getData(PathWatchRequest(path: "/a")), .setData(SetDataRequest(path: "/a", data: nil, version: 1)),
        .getACL(PathRequest(path: "/a")), .setACL(SetACLRequest(path: "/a", acl: ACL.open, version: 0)),
        .getChildren(PathWatchRequest(path: "/", watch: true)), .getChildrenWithStat(PathWatchRequest(path: "/")),
        .sync(PathRequest(path: "/a")), .check(PathVersionRequest(path: "/a", version: 3)),
        .setWatches(
            SetWatchesRequest(
                relativeZxid: Zxid(rawValue: 9), dataWatches: ["/a"], existWatches: [], childWatches: ["/", "/b"])),
        .createContainer(CreateRequest(path: "/c", data: nil, mode: .container)),
        .createTTL(
            CreateTTLRequest(
                create: CreateRequest(path: "/t", data: [1], mode: .timeToLiveSequential), timeToLiveMilliseconds: 1000)
        ),
        .deleteContainer(PathRequest(path: "/c")), .getEphemerals(PathRequest(path: "/")),
        .getAllChildrenNumber(PathRequest(path: "/a")), .sasl(TokenRequest(token: [1, 2])),
        .addWatch(AddWatchRequest(path: "/a", mode: .persistentRecursive)),
        .checkWatches(WatcherRequest(path: "/a", type: .children)),
        .removeWatches(WatcherRequest(path: "/a", type: .any)),
        .setAllWatches(
            SetAllWatchesRequest(
                oneShot: SetWatchesRequest(
                    relativeZxid: Zxid(rawValue: 9), dataWatches: ["/a"], existWatches: [], childWatches: ["/", "/b"]),
                persistentWatches: ["/p"], persistentRecursiveWatches: ["/", "/r"])),
        .reconfig(ReconfigRequest(joiningServers: "server.2=h:1:2;3", leavingServers: nil, newMembers: "")),
        .multiRead(
            MultiReadRequest(operations: [
                .getData(PathWatchRequest(path: "/a")), .getChildren(PathWatchRequest(path: "/")),
            ])),
        .auth(AuthRequest(scheme: "digest", credentials: Array("user:password".utf8))),
        .multi(
            MultiRequest(operations: [
                .create(CreateRequest(path: "/a", data: [1])), .createWithStat(CreateRequest(path: "/b", data: nil)),
                .createContainer(CreateRequest(path: "/c", data: nil, mode: .container)),
                .setData(SetDataRequest(path: "/a", data: [2], version: 0)), .delete(PathVersionRequest(path: "/b")),
            ])),
    ])
    func `a request survives`(request: ClientRequest) throws {
        let frame = request.frame(xid: 77)
        #expect(try decodeRequest(frame) == request)
        for length in 4..<frame.count {
            #expect(throws: ByteError.self) { try decodeRequest(Array(frame[..<length])) }
        }
    }

    @Test(arguments: [
        (OperationCode.create, ClientResponse.path("/a0000000001")), (.createWithStat, .pathAndStat("/a", stat)),
        (.setData, .stat(stat)), (.getData, .dataAndStat(nil, stat)), (.getData, .dataAndStat([1, 2], stat)),
        (.getACL, .aclAndStat(ACL.open, stat)), (.getChildren, .children(["a", "b"])),
        (.getChildrenWithStat, .childrenAndStat([], stat)), (.delete, .empty),
        (.getEphemerals, .children(["/a"])), (.getAllChildrenNumber, .number(7)), (.addWatch, .number(0)),
        (.whoAmI, .identities([ClientIdentity(scheme: "ip", user: "127.0.0.1")])), (.sasl, .token(nil)),
        (.createTTL, .pathAndStat("/t", stat)), (.reconfig, .dataAndStat([1], stat)),
        (.multiRead, .multi(MultiResponse(results: [.getData(nil, stat), .getChildren(["a"]), .error(-101)]))),
        (
            .multi,
            .multi(
                MultiResponse(results: [
                    .create(path: "/a"), .createWithStat(path: "/b", stat), .delete, .setData(stat), .check, .error(0),
                ]))
        ),
    ])
    func `a response survives`(operation: OperationCode, response: ClientResponse) throws {
        let frame = response.frame(ReplyHeader(xid: 1, zxid: Zxid(rawValue: 2)))
        #expect(try decodeReply(frame, to: operation) == response)
    }

    @Test func `null and empty stay apart`() throws {
        for data in [nil, []] as [[UInt8]?] {
            let request = ClientRequest.setData(SetDataRequest(path: "/a", data: data))
            #expect(try decodeRequest(request.frame(xid: 1)) == request)
        }
    }

    @Test func `two spellings of one letter are two paths`() {
        #expect(ByteString("/\u{E9}") != ByteString("/e\u{301}"))
    }

    @Test func `a frame is found in whatever pieces it arrives`() throws {
        let frames = GoldenFrameTests.create + GoldenFrameTests.ping + GoldenFrameTests.multi
        for size in 1...frames.count {
            var buffer = FrameBuffer()
            var found: [[UInt8]] = []
            for start in stride(from: 0, to: frames.count, by: size) {
                buffer.append(Array(frames[start..<min(start + size, frames.count)]))
                while let payload = try buffer.nextPayload() { found.append(payload) }
            }
            #expect(
                found
                    == [GoldenFrameTests.create, GoldenFrameTests.ping, GoldenFrameTests.multi].map {
                        Array($0.dropFirst(4))
                    })
            #expect(buffer.pendingByteCount == 0)
        }
    }

    @Test(arguments: ["80000000", "00100000", "ffffffff"])
    func `a frame's length has limits`(length: String) {
        var buffer = FrameBuffer()
        buffer.append(hex(length))
        #expect(throws: ByteError.self) { try buffer.next() }
    }
}
