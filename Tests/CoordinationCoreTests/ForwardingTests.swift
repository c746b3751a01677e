import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

/// What a learner asks its leader for on behalf of its clients, and what becomes of it.
struct ForwardingTests {
    private func elected(
        _ change: (inout CoreConfiguration) -> Void = { _ in }
    ) throws -> (VirtualEnsemble, leader: Int, follower: Int) {
        var setup = VirtualEnsemble.Setup()
        setup.core.commandWhitelist = FourLetterWord.allCases
        change(&setup.core)
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        return (ensemble, leader, (leader + 1) % 3)
    }

    private func metric(_ name: String, of server: Int, _ ensemble: inout VirtualEnsemble) -> Int? {
        let rows = ensemble.ask(.mntr, on: server).split(separator: "\n")
        return rows.first { $0.hasPrefix("zk_\(name)\t") }.flatMap { Int($0.drop { $0 != "\t" }.dropFirst()) }
    }

    @Test func `the answer to a write of an earlier connection is nobody's`() throws {
        // A local session is given back without asking the leader.
        var (ensemble, _, follower) = try elected { $0.localSessionsEnabled = true }
        let (first, opened) = try ensemble.connect(to: follower)
        ensemble.disksAreSlow = true
        ensemble.send(create("/of-the-first").frame(xid: 1) + create("/too").frame(xid: 2), first, on: follower)
        ensemble.disconnect(first, on: follower)
        let (second, resumed) = try ensemble.connect(to: follower, session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        // Some clients begin to count anew.
        ensemble.send(create("/of-the-second").frame(xid: 1), second, on: follower)
        ensemble.finishDisks()
        let replies = try ensemble.take(second, on: follower).map { try Reply($0, to: .create) }
        #expect(replies.map(\.body) == [.path("/of-the-second")])
        #expect(ensemble.servers.allSatisfy { $0.has("/of-the-first") && $0.has("/too") && $0.has("/of-the-second") })
        #expect(try ensemble.ask(create("/later"), xid: 2, second, on: follower).error == .ok)
    }

    @Test func `a session moves once everything that it asked for elsewhere is decided`() throws {
        var (ensemble, leader, follower) = try elected()
        let other = (leader + 2) % 3
        for old in [leader, follower] {
            let (first, opened) = try ensemble.connect(to: old)
            ensemble.disksAreSlow = true
            ensemble.send(create(ByteString("/of-\(old)")).frame(xid: 1), first, on: old)
            let (second, none) = try ensemble.shakeHands(
                with: other, session: opened.session, password: opened.password)
            #expect(none == nil)
            // What the old connection asks for from now on is refused.
            ensemble.send(create(ByteString("/late-\(old)")).frame(xid: 2), first, on: old)
            ensemble.finishDisks()
            #expect(ensemble.servers[old].closed.contains(first))
            #expect(try ensemble.take(second, on: other).count == 1)
            let moved = try ensemble.ask(create(ByteString("/moved-\(old)")), xid: 1, second, on: other)
            #expect(moved.body == .path(ByteString("/moved-\(old)")))
            #expect(ensemble.servers.allSatisfy { $0.has(ByteString("/of-\(old)")) })
            #expect(ensemble.servers.allSatisfy { !$0.has(ByteString("/late-\(old)")) })
        }
    }

    @Test func `a client that asks for its session twice has one connection`() throws {
        var (ensemble, leader, follower) = try elected()
        let (_, opened) = try ensemble.connect(to: leader)
        ensemble.isolated = [follower]
        let (first, none) = try ensemble.shakeHands(with: follower, session: opened.session, password: opened.password)
        #expect(none == nil)
        #expect(!ensemble.servers[follower].closed.contains(first))
        let (second, _) = try ensemble.shakeHands(with: follower, session: opened.session, password: opened.password)
        #expect(ensemble.servers[follower].closed.contains(first))
        #expect(!ensemble.servers[follower].closed.contains(second))
    }

    @Test func `who a client has proved to be travels with its requests`() throws {
        var (ensemble, leader, follower) = try elected()
        let (owner, _) = try ensemble.connect(to: follower)
        let proof = AuthRequest(scheme: "digest", credentials: Array("ann:secret".utf8))
        #expect(try ensemble.ask(.auth(proof), xid: SpecialXid.auth, owner, on: follower).error == .ok)
        let acl = [ACL(permissions: .all, scheme: "auth", id: "")]
        let creation = ClientRequest.create(
            CreateRequest(path: "/mine", data: [], acl: acl, mode: .persistent))
        #expect(try ensemble.ask(creation, xid: 1, owner, on: follower).error == .ok)
        let change = ClientRequest.setData(SetDataRequest(path: "/mine", data: [1], version: -1))
        #expect(try ensemble.ask(change, xid: 2, owner, on: follower).error == .ok)
        for server in [leader, follower, (leader + 2) % 3] {
            let (stranger, _) = try ensemble.connect(to: server)
            #expect(try ensemble.ask(change, stranger, on: server).error == .noAuth)
        }
    }

    @Test func `a multi happens as a whole, or is refused part by part`() throws {
        var (ensemble, _, follower) = try elected()
        let (client, opened) = try ensemble.connect(to: follower)
        let good = ClientRequest.multi(
            MultiRequest(operations: [
                .create(CreateRequest(path: "/m", data: [1], mode: .ephemeral)),
                .check(PathVersionRequest(path: "/m", version: 0)),
                .setData(SetDataRequest(path: "/m", data: [2], version: 0)),
            ]))
        let bad = ClientRequest.multi(
            MultiRequest(operations: [
                .create(CreateRequest(path: "/x", data: [], mode: .persistent)),
                .check(PathVersionRequest(path: "/m", version: 7)),
                .delete(PathVersionRequest(path: "/m", version: -1)),
            ]))
        ensemble.send(
            good.frame(xid: 1) + bad.frame(xid: 2)
                + ClientRequest.exists(PathWatchRequest(path: "/m", watch: false)).frame(xid: 3), client, on: follower)
        let frames = try ensemble.take(client, on: follower)
        #expect(try frames.map { try Reply($0).xid } == [1, 2, 3])
        let refused = try Reply(frames[1], to: .multi).body
        let codes: [ErrorCode] = [.ok, .badVersion, .runtimeInconsistency]
        #expect(refused == .multi(MultiResponse(results: codes.map { .error($0.rawValue) })))
        guard case .stat(let stat)? = try Reply(frames[2], to: .exists).body else {
            Issue.record("no node")
            return
        }
        #expect(stat.ephemeralOwner == opened.session)
        #expect(stat.version == 1)
    }

    @Test func `large requests at a learner take their room until they are answered or abandoned`() throws {
        var (ensemble, _, follower) = try elected { core in
            core.largeRequestThreshold = 100
            core.largeRequestMaxBytes = 300
        }
        let data = [UInt8](repeating: 7, count: 150)
        let (first, _) = try ensemble.connect(to: follower)
        let (second, _) = try ensemble.connect(to: follower)
        let (third, _) = try ensemble.connect(to: follower)
        ensemble.disksAreSlow = true
        ensemble.send(create("/a", data).frame(xid: 1), first, on: follower)
        ensemble.send(create("/b", data).frame(xid: 1), second, on: follower)
        #expect(ensemble.servers[follower].closed.contains(second))
        ensemble.disconnect(first, on: follower)
        ensemble.send(create("/c", data).frame(xid: 1), third, on: follower)
        #expect(!ensemble.servers[follower].closed.contains(third))
        ensemble.finishDisks()
        #expect(try Reply(try #require(try ensemble.take(third, on: follower).first)).error == .ok)
        #expect(try ensemble.ask(create("/d", data), xid: 2, third, on: follower).error == .ok)
        #expect(ensemble.servers.allSatisfy { $0.has("/a") && !$0.has("/b") && $0.has("/c") && $0.has("/d") })
    }

    @Test func `the leader goes by the timeout that a learner has agreed`() throws {
        var (ensemble, leader, follower) = try elected()
        let (first, opened) = try ensemble.connect(to: leader, timeout: 40_000)
        _ = try ensemble.ask(create("/e", [], .ephemeral), first, on: leader)
        ensemble.wait(.seconds(39))
        let (second, resumed) = try ensemble.connect(
            to: follower, session: opened.session, password: opened.password, timeout: 4_000)
        #expect(resumed.timeoutMilliseconds == 4_000)
        ensemble.disconnect(second, on: follower)
        ensemble.wait(.seconds(10))
        #expect(!ensemble.servers[leader].has("/e"))
    }

    @Test func `a session whose client has gone while it was opened ends in its time`() throws {
        var (ensemble, leader, follower) = try elected()
        ensemble.disksAreSlow = true
        let (client, answer) = try ensemble.shakeHands(with: follower)
        #expect(answer == nil)
        ensemble.disconnect(client, on: follower)
        ensemble.finishDisks()
        #expect(metric("global_sessions", of: leader, &ensemble) == 1)
        ensemble.wait(.seconds(15))
        for server in ensemble.servers.indices { #expect(metric("global_sessions", of: server, &ensemble) == 0) }
    }

    @Test(arguments: [false, true])
    func `servers share the limit of requests under way`(isLarge: Bool) throws {
        // Three servers have half of it each.
        var (ensemble, _, follower) = try elected { $0.globalOutstandingLimit = isLarge ? 40 : 10 }
        let (client, _) = try ensemble.connect(to: follower)
        ensemble.disksAreSlow = true
        for number in 1...7 {
            ensemble.send(create(ByteString("/n\(number)")).frame(xid: Int32(number)), client, on: follower)
        }
        #expect(metric("request_throttle_wait_count", of: follower, &ensemble) == (isLarge ? 0 : 1))
        ensemble.finishDisks()
        #expect(try ensemble.take(client, on: follower).count == 7)
    }

    @Test func `a closed session is closed everywhere, whoever asks`() throws {
        var (ensemble, leader, follower) = try elected()
        let (client, opened) = try ensemble.connect(to: follower)
        ensemble.send(
            create("/e", [], .ephemeral).frame(xid: 1) + ClientRequest.closeSession.frame(xid: 2)
                + create("/late").frame(xid: 3), client, on: follower)
        #expect(try ensemble.take(client, on: follower).map { try Reply($0).xid } == [1, 2])
        #expect(ensemble.servers.allSatisfy { !$0.has("/e") && !$0.has("/late") })
        for server in [leader, follower] {
            let again = try ensemble.connect(to: server, session: opened.session, password: opened.password)
            #expect(again.1.session == .none)
        }
    }
}
