import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// What a server turns away, and what it counts of that.
struct ThrottleTests {
    private func isAdmitted(
        _ server: inout VirtualServer, session: SessionID = .none, password: [UInt8]? = nil
    ) -> Bool {
        let id = server.open()
        let request = ConnectRequest(
            lastZxidSeen: .zero, timeoutMilliseconds: 60_000, session: session, password: password)
        server.send(framed(request.encoded), on: id)
        return !server.closed.contains(id)
    }

    private func number(_ name: String, of server: VirtualServer) -> Metric.Row.Number? {
        server.core.metrics(server.hostFacts, at: server.now).flatMap(\.monitorRows).first { $0.name == name }?.value
    }

    @Test func `sessions are opened as fast as tokens come back`() throws {
        var configuration = VirtualServer.configuration()
        configuration.connectionThrottle.tokens = 2
        configuration.connectionThrottle.fillTime = .milliseconds(1_000)
        var server = VirtualServer(configuration)
        #expect((1...3).map { _ in isAdmitted(&server) } == [true, true, false])
        #expect(number("connection_rejected", of: server) == .whole(1))
        #expect(number("connection_request_count", of: server) == .whole(2))
        #expect(number("max_connection_token_deficit", of: server) == .whole(2))
        server.wait(.milliseconds(1_000))
        #expect(!isAdmitted(&server))  // Not before the time is over.
        server.wait(.milliseconds(1))
        #expect((1...2).map { _ in isAdmitted(&server) } == [true, false])
        server.wait(.seconds(3_600))
        #expect((1...3).map { _ in isAdmitted(&server) } == [true, true, false])
    }

    @Test func `with weights, taking a session up costs less`() throws {
        var configuration = VirtualServer.configuration()
        configuration.connectionThrottle.tokens = 2
        configuration.connectionThrottle.fillTime = .seconds(3_600)
        configuration.connectionThrottle.isWeighted = true
        var server = VirtualServer(configuration)
        let (id, opened) = try server.connect()  // 3 of 6 tokens are left.
        server.step(.disconnected(id))
        #expect(isAdmitted(&server, session: opened.session, password: opened.password))  // 1 is left.
        #expect(!isAdmitted(&server, session: opened.session, password: opened.password))
        #expect(!isAdmitted(&server))
    }

    @Test func `an empty bucket turns away by chance, and a full one less and less`() throws {
        var configuration = VirtualServer.configuration()
        configuration.connectionThrottle.tokens = 1
        configuration.connectionThrottle.fillTime = .seconds(10)
        configuration.connectionThrottle.freezeTime = .seconds(1)
        configuration.connectionThrottle.dropIncrease = 1_000_000
        configuration.connectionThrottle.dropDecrease = 600_000
        var server = VirtualServer(configuration)
        #expect(isAdmitted(&server))
        server.wait(.seconds(2))
        #expect(!isAdmitted(&server))
        #expect(number("connection_drop_probability", of: server) == .decimal(1))
        server.wait(.seconds(20))
        _ = isAdmitted(&server)
        #expect(number("connection_drop_probability", of: server) == .decimal(0.4))
        server.wait(.seconds(20))
        #expect(isAdmitted(&server))
        #expect(number("connection_drop_probability", of: server) == .decimal(0))
    }

    @Test func `large requests that wait leave room for no more than allowed`() throws {
        var configuration = VirtualServer.configuration()
        configuration.largeRequestThreshold = 500
        configuration.largeRequestMaxBytes = 2_500
        var server = VirtualServer(configuration)
        let ids = try (0..<3).map { _ in try server.connect().0 }
        let large = [UInt8](repeating: 7, count: 1_000)
        server.diskIsFast = false
        server.send([(1, create("/a", large)), (2, create("/small", []))], on: ids[0])
        server.send([(1, create("/b", large))], on: ids[1])
        server.send([(1, create("/c", large))], on: ids[2])
        #expect(server.closed == [ids[2]])
        guard case .largeRequestRefused(_, _, let byteCount, let total)? = server.notices.last else {
            return #expect(Bool(false))
        }
        #expect(byteCount > 1_000 && total > 2_000)
        #expect(number("large_requests_rejected", of: server) == .whole(1))
        server.finishDisk()
        #expect(try server.takeFrames(on: ids[1]).count == 1)
        server.send([(2, create("/c", large)), (3, create("/d", large))], on: ids[1])
        #expect(server.closed == [ids[2]])
    }

    @Test func `requests that are held back are counted, and so are answers that nobody waits for`() throws {
        var configuration = VirtualServer.configuration()
        configuration.requestThrottleMaxRequests = 1
        configuration.throttledOpWaitTime = .milliseconds(500)
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        server.diskIsFast = false
        server.send([(1, create("/a")), (2, create("/b"))], on: id)
        server.wait(.milliseconds(600))
        for _ in 1...3 { server.finishDisk() }
        #expect(number("throttled_ops", of: server) == .whole(1))
        #expect(number("request_throttle_wait_count", of: server) == .whole(1))
        #expect(number("max_request_throttle_queue_time_ms", of: server) == .whole(600))
        #expect(number("cnt_request_throttle_queue_time_ms", of: server) == .whole(1))
        var other = VirtualServer()
        let (gone, _) = try other.connect()
        other.diskIsFast = false
        other.send([(1, create("/c")), (2, .exists(PathWatchRequest(path: "/c")))], on: gone)
        other.step(.disconnected(gone))
        other.finishDisk()
        #expect(number("stale_replies", of: other) == .whole(1))
        #expect(number("stale_requests_dropped", of: other) == .whole(1))
        #expect(number("outstanding_changes_queued", of: other) == .whole(2))
        #expect(number("outstanding_changes_removed", of: other) == .whole(2))
    }

    @Test func `names of ensembles are counted`() throws {
        var configuration = VirtualServer.configuration()
        configuration.access.authProviders = ["ensemble"]
        configuration.access.ensembleAuthName = "ours"
        var server = VirtualServer(configuration)
        for name in ["ours", "", "theirs"] {
            let (id, _) = try server.connect()
            server.send(
                ClientRequest.auth(AuthRequest(scheme: "ensemble", credentials: Array(name.utf8)))
                    .frame(xid: SpecialXid.auth), on: id)
        }
        for name in ["success", "skip", "fail"] {
            #expect(number("ensemble_auth_\(name)", of: server) == .whole(1), "\(name)")
        }
    }

    @Test func `digests are written only where they are wanted`() throws {
        for isWanted in [true, false] {
            var configuration = VirtualServer.configuration()
            configuration.writesDigests = isWanted
            var server = VirtualServer(configuration)
            let (id, _) = try server.connect()
            for number in 1...130 {
                _ = try server.ask(create("/n", nil, .persistentSequential), xid: Int32(number), on: id)
            }
            var reader = LogReader(file: "log.1", after: .zero)
            reader.append(server.log.span.bytes)
            while let transaction = try reader.next() { #expect((transaction.digest != nil) == isWanted) }
            #expect((server.core.beginSnapshot().digest != nil) == isWanted)
            server.core.cancelSnapshot()
            #expect(server.core.digests.isEmpty == !isWanted)
        }
    }

    @Test(arguments: [true, false])
    func `a session ends with its nodes, whether or not the log names them`(isListed: Bool) throws {
        var configuration = VirtualServer.configuration()
        configuration.listsClosedNodes = isListed
        var server = VirtualServer(configuration)
        let (id, _) = try server.connect()
        _ = try server.ask(create("/e", nil, .ephemeral), on: id)
        server.diskIsFast = false
        // One of them is not in the tree yet when the session ends.
        server.send([(2, create("/f", nil, .ephemeral)), (3, .closeSession)], on: id)
        server.finishDisk()
        #expect(server.core.tree.find("/e") == nil && server.core.tree.find("/f") == nil)
        let recovered = try recover(server.log)
        #expect(recovered.tree == server.core.tree)
        #expect(recovered.firstDigestMismatch == nil)
        var reader = LogReader(file: "log.1", after: .zero)
        reader.append(server.log.span.bytes)
        var last: TransactionBody?
        while let transaction = try reader.next() { last = transaction.body }
        #expect(last == .closeSession(isListed ? ["/e", "/f"] : nil))
    }

    @Test func `a digest that is not right is counted`() throws {
        var state = RecoveredState()
        var server = VirtualServer()
        let (id, _) = try server.connect()
        for name in ["/a", "/b"] as [ByteString] { _ = try server.ask(create(name), on: id) }
        var reader = LogReader(file: "log.1", after: .zero)
        reader.append(server.log.span.bytes)
        while var transaction = try reader.next() {
            transaction.digest = transaction.digest.map { $0 ^ 1 }
            state.apply(transaction)
        }
        #expect(state.digestMismatchCount == 3)
        #expect(state.firstDigestMismatch == Zxid(rawValue: 1))
    }

    @Test func `another tree takes the place of the first`() throws {
        var old = VirtualServer()
        let (oldClient, session) = try old.connect()
        for name in ["/a", "/b"] as [ByteString] { _ = try old.ask(create(name), on: oldClient) }
        let state = try recover(old.log)
        var configuration = VirtualServer.configuration()
        configuration.serverID = 2
        var server = VirtualServer(configuration)
        let (id, lost) = try server.connect()
        for number in 1...5 { _ = try server.ask(create("/n", nil, .persistentSequential), xid: Int32(number), on: id) }
        server.step(.disconnected(id))
        server.core.replace(with: state, at: server.now)
        server.step(.started)
        #expect(server.core.tree.find("/a") != nil)
        #expect(server.core.tree.lastZxid == Zxid(rawValue: 7))
        #expect(try server.connect(session: lost.session, password: lost.password).1.session == .none)
        let (again, resumed) = try server.connect(session: session.session, password: session.password)
        #expect(resumed.session == session.session)
        #expect(try server.ask(create("/c"), xid: 9, on: again).zxid == Zxid(rawValue: 8))
    }
}
