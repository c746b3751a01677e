import Bytes
import CoordinationClient
import StateMachines
import Testing
import WireProtocol

/// A session with a clock and a server made of literal answers.
struct SessionBench {
    var session = ClientSession(serverCount: 1, timeout: .seconds(3))
    var now = Tick.seconds(1)
    var sent: [[UInt8]] = []
    /// Everything else it did, in words.
    var log: [String] = []
    var wakesAt: Tick?
    var observed: [WatchEvent] = []

    mutating func step(_ input: ClientSession.Input) {
        var effects = EffectBuffer<ClientSession.Effect>()
        session.step(input, at: now, into: &effects)
        wakesAt = nil
        while let effect = effects.popFirst() {
            switch effect {
            case .connect(let server): log.append("connect \(server)")
            case .disconnect: log.append("disconnect")
            case .send(let bytes): sent.append(bytes)
            case .complete(let number, .success(let response)): log.append("\(number): \(Self.word(response))")
            case .complete(let number, .failure(let failure)): log.append("\(number): \(failure)")
            case .fire(let watch, let event): log.append("watch \(watch): \(event.kind.rawValue) \(event.path)")
            case .observe(let event): observed.append(event)
            case .abandon(let watch, let reason): log.append("watch \(watch): \(reason)")
            case .announce(let state): log.append("\(state)")
            case .wake(let time): wakesAt = time
            case .probe(let server): log.append("probe \(server)")
            case .refuse(let length, let limit): log.append("refuse \(length) of \(limit)")
            }
        }
    }

    private static func word(_ response: ClientResponse) -> String {
        switch response {
        case .path(let path): "path \(path)"
        case .empty: "done"
        default: "answer"
        }
    }

    mutating func takeLog() -> [String] {
        defer { log = [] }
        return log
    }

    mutating func takeSent() -> [[UInt8]] {
        defer { sent = [] }
        return sent
    }

    mutating func advance(to time: Tick) {
        now = time
        step(.timePassed)
    }

    mutating func handshake(session id: Int64 = 77, timeout: Int32 = 3_000, isReadOnly: Bool = false) {
        step(.connectionOpened)
        let response = ConnectResponse(
            timeoutMilliseconds: timeout, session: SessionID(rawValue: id), password: Array(1...16),
            isReadOnly: isReadOnly)
        var writer = ByteWriter()
        writer.writeFrame { response.encode(into: &$0) }
        step(.bytesReceived(writer.bytes))
    }

    mutating func reply(_ response: ClientResponse, xid: Int32, zxid: UInt64 = 5, error: Int32 = 0) {
        step(
            .bytesReceived(
                response.frame(ReplyHeader(xid: xid, zxid: Zxid(rawValue: zxid), error: error))))
    }

    mutating func notify(_ type: WatchEventType, _ path: ByteString) {
        var writer = ByteWriter()
        writer.writeFrame { writer in
            ReplyHeader(xid: SpecialXid.notification, zxid: .zero).encode(into: &writer)
            WatcherEvent(type: type, path: path).encode(into: &writer)
        }
        step(.bytesReceived(writer.bytes))
    }

    /// A bench whose session is established.
    static func connected() -> SessionBench {
        var bench = SessionBench()
        bench.step(.started)
        bench.handshake()
        _ = (bench.takeLog(), bench.takeSent())
        return bench
    }
}

private let createRequest = ClientRequest.create(CreateRequest(path: "/a", data: [1], mode: .ephemeralSequential))
private let deleteRequest = ClientRequest.delete(PathVersionRequest(path: "/a"))

/// The request of a frame that a client sent.
func request(_ frame: [UInt8]) throws -> (xid: Int32, request: ClientRequest) {
    var reader = ByteReader(frame.span.bytes)
    _ = try reader.readInt32()
    let header = try RequestHeader(from: &reader)
    return (header.xid, try ClientRequest(try #require(header.operation), from: &reader))
}

func connectRequest(_ frame: [UInt8]) throws -> ConnectRequest {
    var reader = ByteReader(frame.span.bytes)
    _ = try reader.readInt32()
    return try ConnectRequest(from: &reader)
}

struct ClientSessionTests {
    @Test func `requests wait for the handshake and then go out in order`() throws {
        var bench = SessionBench()
        bench.step(.started)
        bench.step(.submitted(1, createRequest, watch: nil))
        bench.step(.submitted(2, deleteRequest, watch: nil))
        #expect(bench.sent.isEmpty)
        bench.handshake()
        let frames = bench.takeSent()
        #expect(try connectRequest(frames[0]).session == .none)
        #expect(try request(frames[1]).xid == 1)
        #expect(try request(frames[2]) == (2, deleteRequest))
        bench.reply(.path("/a0000000003"), xid: 1)
        bench.reply(.empty, xid: 2, error: ErrorCode.noNode.rawValue)
        #expect(bench.takeLog() == ["connect 0", "connected", "1: path /a0000000003", "2: refused(-101)"])
    }

    @Test func `a broken connection fails what was sent and keeps the session`() throws {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, createRequest, watch: nil))
        bench.reply(.path("/a"), xid: 1, zxid: 42)
        bench.step(.submitted(2, deleteRequest, watch: nil))
        bench.step(.connectionEnded)
        bench.step(.submitted(3, deleteRequest, watch: nil))
        #expect(bench.takeLog() == ["1: path /a", "disconnect", "disconnected", "2: connectionLost", "connect 0"])
        _ = bench.takeSent()
        bench.handshake()
        let frames = bench.takeSent()
        let connect = try connectRequest(frames[0])
        #expect(connect.session.rawValue == 77)
        #expect(connect.password == Array(1...16))
        #expect(connect.lastZxidSeen.rawValue == 42)
        #expect(try request(frames[1]).request == deleteRequest)
        bench.reply(.empty, xid: 3)
        #expect(bench.takeLog() == ["connected", "3: done"])
    }

    @Test func `an idle session pings after a third of the timeout and gives up after two thirds`() throws {
        var bench = SessionBench.connected()
        #expect(bench.wakesAt == .seconds(2))
        bench.advance(to: .milliseconds(1_999))
        #expect(bench.sent.isEmpty)
        bench.advance(to: .seconds(2))
        #expect(try request(bench.takeSent()[0]) == (SpecialXid.ping, .ping))
        bench.reply(.empty, xid: SpecialXid.ping)
        #expect(bench.wakesAt == .seconds(3))
        bench.advance(to: .seconds(3))
        #expect(bench.takeSent().count == 1)
        bench.advance(to: .seconds(4))
        #expect(bench.takeLog() == ["disconnect", "disconnected", "connect 0"])
    }

    @Test func `attempts to reconnect slow down`() {
        var bench = SessionBench.connected()
        var waits: [UInt64] = []
        for _ in 0..<9 {
            bench.step(.connectionEnded)
            let start = bench.now
            while bench.log.last != "connect 0", let time = bench.wakesAt { bench.advance(to: time) }
            waits.append((bench.now - start).microseconds / 1_000)
            bench.log = []
        }
        #expect(waits == [0, 20, 40, 80, 160, 320, 500, 500, 500])
    }

    @Test func `an attempt that hangs is given up, and a request is given up unsent after the timeout`() {
        var bench = SessionBench()
        bench.step(.started)
        bench.step(.submitted(1, createRequest, watch: nil))
        while bench.now < .seconds(4), let time = bench.wakesAt { bench.advance(to: time) }
        #expect(bench.now == .seconds(4))
        #expect(bench.takeLog() == ["connect 0", "1: neverSent", "disconnect", "connect 0"])
    }

    @Test func `an expired session ends everything`() {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, .exists(PathWatchRequest(path: "/a", watch: true)), watch: 9))
        bench.reply(.empty, xid: 1, error: ErrorCode.noNode.rawValue)
        bench.step(.submitted(2, deleteRequest, watch: nil))
        bench.step(.connectionEnded)
        bench.step(.submitted(3, deleteRequest, watch: nil))
        _ = bench.takeLog()
        bench.handshake(session: 0, timeout: 0)
        bench.step(.submitted(4, deleteRequest, watch: nil))
        #expect(
            bench.takeLog() == [
                "disconnect", "3: sessionExpired", "watch 9: sessionExpired", "expired", "4: sessionExpired",
            ])
        #expect(bench.wakesAt == nil)
    }

    @Test func `watches fire once and are set again on the next connection`() throws {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, .exists(PathWatchRequest(path: "/gone", watch: true)), watch: 1))
        bench.reply(.empty, xid: 1, error: ErrorCode.noNode.rawValue)
        bench.step(.submitted(2, .getChildren(PathWatchRequest(path: "/p", watch: true)), watch: 2))
        bench.reply(.children([]), xid: 2, zxid: 30)
        bench.step(.submitted(3, .getChildren(PathWatchRequest(path: "/p", watch: true)), watch: 3))
        bench.reply(.children([]), xid: 3, zxid: 31)
        bench.step(.submitted(4, .getData(PathWatchRequest(path: "/missing", watch: true)), watch: 4))
        bench.reply(.empty, xid: 4, zxid: 31, error: ErrorCode.noNode.rawValue)
        _ = bench.takeLog()
        bench.step(.connectionEnded)
        _ = bench.takeSent()
        bench.handshake()
        guard case .setWatches(let again) = try request(bench.takeSent()[1]).request else {
            Issue.record("no setWatches")
            return
        }
        #expect(again.relativeZxid.rawValue == 31)
        #expect(again.dataWatches == [])
        #expect(again.existWatches == ["/gone"])
        #expect(again.childWatches == ["/p"])
        bench.reply(.empty, xid: SpecialXid.setWatches)
        _ = bench.takeLog()
        bench.notify(.nodeChildrenChanged, "/p")
        bench.notify(.nodeChildrenChanged, "/p")
        bench.notify(.nodeCreated, "/gone")
        #expect(
            bench.takeLog() == [
                "watch 2: nodeChildrenChanged /p", "watch 3: nodeChildrenChanged /p", "watch 1: nodeCreated /gone",
            ])
    }

    @Test func `many watches are set again in batches`() throws {
        var bench = SessionBench.connected()
        for number in 1...4 {
            let path = ByteString("/" + String(repeating: "\(number)", count: 60_000))
            bench.step(.submitted(UInt64(number), .getData(PathWatchRequest(path: path, watch: true)), watch: 1))
            let stat = Stat(
                czxid: .zero, mzxid: .zero, ctime: 0, mtime: 0, version: 0, cversion: 0, aversion: 0,
                ephemeralOwner: .none, dataLength: 0, numChildren: 0, pzxid: .zero)
            bench.reply(.dataAndStat(nil, stat), xid: Int32(number))
        }
        bench.step(.connectionEnded)
        _ = bench.takeSent()
        bench.handshake()
        #expect(bench.takeSent().count == 3, "the handshake and two batches")
    }

    @Test func `close says goodbye and waits for the answer`() throws {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, createRequest, watch: nil))
        bench.step(.closeRequested)
        bench.step(.submitted(2, createRequest, watch: nil))
        bench.reply(.path("/a"), xid: 1)
        bench.reply(.empty, xid: 2)
        #expect(bench.takeLog() == ["2: closed", "1: path /a", "disconnect", "closed"])
    }

    @Test func `an answer that is longer than this client takes is named, and ends the connection`() {
        var bench = SessionBench()
        bench.session = ClientSession(serverCount: 1, timeout: .seconds(3), answerLimit: 2_000)
        bench.step(.started)
        bench.handshake()
        _ = bench.takeLog()
        bench.step(.submitted(1, deleteRequest, watch: nil))
        bench.step(.bytesReceived([0, 0, 7, 0xD1]))
        let lost = ["disconnect", "disconnected", "1: connectionLost", "connect 0"]
        #expect(bench.takeLog() == ["refuse 2001 of 2000"] + lost)
        bench.handshake()
        _ = bench.takeLog()
        bench.step(.bytesReceived([0, 0, 7, 0xD0]))
        #expect(bench.takeLog().isEmpty)
    }

    @Test func `a reply out of order ends the connection`() {
        var bench = SessionBench.connected()
        bench.step(.submitted(1, createRequest, watch: nil))
        bench.step(.submitted(2, createRequest, watch: nil))
        bench.reply(.path("/a"), xid: 2)
        #expect(
            bench.takeLog() == [
                "disconnect", "disconnected", "1: connectionLost", "2: connectionLost", "connect 0",
            ])
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `no bytes of a server break the client`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var bench = SessionBench.connected()
        bench.step(.submitted(1, .exists(PathWatchRequest(path: "/a", watch: true)), watch: 9))
        for _ in 0..<20 {
            let count = Int(random.uniform(in: 0...40))
            var bytes: [UInt8] = [0, 0, 0, UInt8(count)]
            bytes += (0..<count).map { _ in
                random.chance(partsPerMillion: 500_000) ? 0 : UInt8(truncatingIfNeeded: random.next())
            }
            bench.step(.bytesReceived(bytes))
        }
        bench.step(.connectionEnded)
        let ends = bench.log.filter { $0.hasPrefix("1: ") }
        #expect(ends.count == 1, "seed=\(seed)")
    }

    @Test(arguments: [
        ("a:1", ["a:1"]), ("127.0.0.1", ["127.0.0.1:2181"]), ("a:1,[::1]:2,b", ["a:1", "[::1]:2", "b:2181"]),
        ("", nil), ("a:1/chroot", nil), ("a:0", nil), ("a:65536", nil), ("a:1,", nil), ("[]:1", nil), (":1", nil),
    ])
    func `server lists`(text: String, servers: [String]?) {
        #expect(ServerAddress.list(text)?.map(\.description) == servers)
    }

    @Test(arguments: [
        ("a:1", ""), ("a:1/", ""), ("a:1,b:2/x", "/x"), ("[::1]:1/x/y", "/x/y"), ("a:1/x/", nil), ("a:1//x", nil),
        ("a:1/../x", nil), ("/x", nil),
    ])
    func `connect strings may name a root`(text: String, root: String?) {
        #expect(ConnectString(text)?.root == root)
    }

    @Test func `paths are moved below the root and back`() throws {
        let names = try #require(ConnectString("a/app"))
        for (mine, servers) in [("/", "/app"), ("/x", "/app/x"), ("/app", "/app/app")] {
            #expect(names.absolute(mine) == servers)
            #expect(names.relative(servers) == mine)
        }
        #expect(names.relative("/application") == "/application")
    }

    @Test func `many servers are all tried before the first wait, and waits are scattered`() {
        var waits: [UInt64] = []
        for seed in 1...3 as ClosedRange<UInt64> {
            var bench = SessionBench()
            bench.session = ClientSession(serverCount: 3, timeout: .seconds(3), seed: seed)
            bench.step(.started)
            for _ in 0..<3 { bench.step(.connectionEnded) }
            #expect(
                bench.takeLog().filter { $0 != "disconnect" } == ["connect 0", "connect 1", "connect 2", "connect 0"])
            for _ in 0..<6 {
                bench.step(.connectionEnded)
                let start = bench.now
                while bench.log.last?.hasPrefix("connect") != true, let time = bench.wakesAt { bench.advance(to: time) }
                waits.append((bench.now - start).microseconds / 1_000)
            }
            #expect((250...500).contains(waits.last!))
        }
        #expect(Set(waits).count > 6, "\(waits)")
    }
}
