import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

/// Answers are those of Apache ZooKeeper 3.8.
struct LocalSessionTests {
    /// Three voters and an observer.
    private func elected(
        upgrading: Bool = false, _ change: (inout CoreConfiguration) -> Void = { _ in }
    ) throws -> (VirtualEnsemble, leader: Int, follower: Int) {
        var setup = VirtualEnsemble.Setup(count: 4, observers: [3])
        setup.core.commandWhitelist = FourLetterWord.allCases
        setup.core.localSessionsEnabled = true
        setup.core.localSessionsUpgradingEnabled = upgrading
        change(&setup.core)
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        return (ensemble, leader, leader == 0 ? 1 : 0)
    }

    private func sessionCounts(_ ensemble: inout VirtualEnsemble) -> [[String]] {
        ensemble.servers.indices.map { server in
            let rows = ensemble.ask(.mntr, on: server).split(separator: "\n")
            return ["zk_local_sessions\t", "zk_global_sessions\t"].map { key in
                rows.first { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) } ?? ""
            }
        }
    }

    private func multi(_ paths: [(ByteString, CreateMode)]) -> ClientRequest {
        .multi(
            MultiRequest(
                operations: paths.map { .create(CreateRequest(path: $0.0, data: [], mode: $0.1)) }))
    }

    @Test func `a local session costs the ensemble nothing`() throws {
        var (ensemble, leader, follower) = try elected()
        for server in [leader, follower, 3] {
            let (client, opened) = try ensemble.connect(to: server)
            #expect(opened.session.rawValue >> 56 == Int64(server + 1))
            #expect(opened.timeoutMilliseconds == 10_000)
            #expect(opened.password == SessionPassword.bytes(for: opened.session))
            #expect(ensemble.servers[leader].core.tree.lastZxid.counter == 0)
            let read = try ensemble.ask(.exists(PathWatchRequest(path: "/", watch: false)), client, on: server)
            #expect(read.error == .ok)
        }
        var expected = Array(repeating: ["0", "0"], count: 4)
        for server in [leader, follower, 3] { expected[server][0] = "1" }
        #expect(sessionCounts(&ensemble) == expected)
    }

    @Test func `a local session writes, and closes, at each kind of server`() throws {
        var (ensemble, leader, follower) = try elected()
        for (number, server) in [leader, follower, 3].enumerated() {
            let (client, _) = try ensemble.connect(to: server)
            let path = ByteString("/n\(number)")
            #expect(try ensemble.ask(create(path), xid: 1, client, on: server).error == .ok)
            let read = try ensemble.ask(
                .getData(PathWatchRequest(path: path, watch: false)), xid: 2, client, on: server)
            #expect(read.error == .ok)
            let last = ensemble.servers[leader].core.tree.lastZxid
            let closed = try ensemble.ask(.closeSession, xid: 3, client, on: server)
            #expect(closed.error == .ok && closed.zxid == last)
            #expect(ensemble.servers[server].closed.contains(client))
            #expect(ensemble.servers[leader].core.tree.lastZxid == last, "the end of a local session is nobody else's")
        }
        #expect(sessionCounts(&ensemble) == Array(repeating: ["0", "0"], count: 4))
    }

    @Test func `the end of a local session waits for what was asked before it`() throws {
        var (ensemble, _, follower) = try elected()
        let (client, _) = try ensemble.connect(to: follower)
        ensemble.send(
            create("/a").frame(xid: 1) + create("/b").frame(xid: 2) + ClientRequest.closeSession.frame(xid: 3), client,
            on: follower)
        #expect(try ensemble.take(client, on: follower).map { try Reply($0).xid } == [1, 2, 3])
    }

    @Test func `without upgrades an ephemeral node is refused`() throws {
        var (ensemble, leader, follower) = try elected()
        for (server, inMulti) in [(leader, ErrorCode.ephemeralOnLocalSession), (follower, .sessionExpired)] {
            let (client, _) = try ensemble.connect(to: server)
            let refused = try ensemble.ask(create("/e", [], .ephemeral), xid: 1, client, on: server)
            #expect(refused.error == .ephemeralOnLocalSession)
            let request = multi([("/m1", .persistent), ("/m2", .ephemeralSequential)])
            let reply = try ensemble.ask(request, xid: 2, client, on: server)
            #expect(
                reply.body
                    == .multi(MultiResponse(results: [.error(0), .error(inMulti.rawValue)])))
            // The session goes on all the same.
            #expect(try ensemble.ask(create(ByteString("/p\(server)")), xid: 3, client, on: server).error == .ok)
        }
        #expect(ensemble.servers.allSatisfy { !$0.has("/e") && !$0.has("/m1") })
    }

    @Test(arguments: [false, true])
    func `a session becomes global before its first ephemeral node`(isMulti: Bool) throws {
        var (ensemble, leader, follower) = try elected(upgrading: true)
        for (number, server) in [leader, follower, 3].enumerated() {
            let (client, opened) = try ensemble.connect(to: server)
            let path = ByteString("/e\(number)")
            let request = isMulti ? multi([(path, .ephemeral)]) : create(path, [], .ephemeral)
            #expect(try ensemble.ask(request, xid: 1, client, on: server).error == .ok)
            #expect(sessionCounts(&ensemble) == Array(repeating: ["0", "\(number + 1)"], count: 4))
            #expect(ensemble.servers.allSatisfy { $0.has(path) })
            // Number, password and timeout are what they were, at any server.
            let other = server == 2 ? 0 : 2
            let (again, resumed) = try ensemble.connect(
                to: other, session: opened.session, password: opened.password)
            #expect(resumed.session == opened.session)
            #expect(resumed.timeoutMilliseconds == opened.timeoutMilliseconds)
            let mine = try ensemble.ask(.getEphemerals(PathRequest(path: "/")), xid: 2, again, on: other)
            #expect(mine.body == .children([path]))
        }
    }

    @Test func `requests sent at once cause one upgrade`() throws {
        var (ensemble, leader, follower) = try elected(upgrading: true)
        let (client, opened) = try ensemble.connect(to: follower)
        ensemble.send(
            create("/e1", [], .ephemeral).frame(xid: 1) + create("/e2", [], .ephemeral).frame(xid: 2)
                + ClientRequest.closeSession.frame(xid: 3), client, on: follower)
        let replies = try ensemble.take(client, on: follower).map { try Reply($0) }
        #expect(replies.map(\.xid) == [1, 2, 3])
        #expect(replies.map(\.error) == [.ok, .ok, .ok])
        // Session, two nodes, and the end of the session with them.
        #expect(ensemble.servers[leader].core.tree.lastZxid.counter == 4)
        #expect(ensemble.servers.allSatisfy { !$0.has("/e1") && !$0.has("/e2") })
        let recovered = try recover(ensemble.servers[leader].log)
        #expect(recovered.sortedSessions.isEmpty, "\(opened.session)")
    }

    @Test func `a persistent node needs no upgrade`() throws {
        var (ensemble, _, follower) = try elected(upgrading: true)
        let (client, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(multi([("/a", .persistent), ("/b", .persistentSequential)]), client, on: follower)
        #expect(sessionCounts(&ensemble).map { $0[1] } == ["0", "0", "0", "0"])
    }

    @Test func `a local session is unknown elsewhere`() throws {
        var (ensemble, leader, follower) = try elected()
        let (_, opened) = try ensemble.connect(to: follower)
        for other in ensemble.servers.indices where other != follower {
            let answer = try ensemble.connect(to: other, session: opened.session, password: opened.password)
            #expect(answer.1.session == .none)
        }
        let (_, ofLeader) = try ensemble.connect(to: leader)
        let answer = try ensemble.connect(to: follower, session: ofLeader.session, password: ofLeader.password)
        #expect(answer.1.session == .none)
    }

    @Test func `a client comes back to its local session`() throws {
        var (ensemble, leader, follower) = try elected()
        for server in [leader, follower] {
            let (first, opened) = try ensemble.connect(to: server)
            let (second, resumed) = try ensemble.connect(
                to: server, session: opened.session, password: opened.password)
            #expect(resumed.session == opened.session)
            #expect(ensemble.servers[server].closed.contains(first))
            #expect(try ensemble.ask(create(ByteString("/s\(server)")), xid: 2, second, on: server).error == .ok)
            let wrong = try ensemble.connect(
                to: server, session: opened.session, password: Array(repeating: 7, count: 16))
            #expect(wrong.1.session == .none)
        }
    }

    @Test func `a local session ends where it is, in its time`() throws {
        var (ensemble, leader, follower) = try elected()
        let last = ensemble.servers[leader].core.tree.lastZxid
        for server in [leader, follower, 3] {
            let (silent, _) = try ensemble.connect(to: server)
            let (alive, _) = try ensemble.connect(to: server)
            for _ in 0..<5 {
                ensemble.wait(.seconds(3))
                _ = try ensemble.ask(.ping, xid: SpecialXid.ping, alive, on: server)
            }
            #expect(ensemble.servers[server].closed.contains(silent))
            #expect(!ensemble.servers[server].closed.contains(alive))
        }
        #expect(ensemble.servers[leader].core.tree.lastZxid == last)
    }

    @Test func `local sessions end with the role of their server`() throws {
        var (ensemble, leader, follower) = try elected()
        let (client, opened) = try ensemble.connect(to: follower)
        ensemble.crash(leader)
        ensemble.wait(.seconds(20))
        #expect(ensemble.leader != nil)
        #expect(ensemble.servers[follower].closed.contains(client))
        let again = try ensemble.connect(to: follower, session: opened.session, password: opened.password)
        #expect(again.1.session == .none)
    }

    @Test func `an upgraded session outlives the leader`() throws {
        var (ensemble, leader, follower) = try elected(upgrading: true)
        let (client, opened) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/e", [], .ephemeral), client, on: follower)
        ensemble.crash(leader)
        ensemble.wait(.seconds(5))
        let again = try ensemble.connect(to: follower, session: opened.session, password: opened.password)
        #expect(again.1.session == opened.session)
        ensemble.wait(.seconds(40))
        #expect(ensemble.servers.indices.allSatisfy { $0 == leader || !ensemble.servers[$0].has("/e") })
    }

    @Test func `both kinds of sessions are dumped apart, and snapshots hold the global ones`() throws {
        var (ensemble, leader, follower) = try elected(upgrading: true)
        let (client, global) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/e", [], .ephemeral), client, on: follower)
        let (_, local) = try ensemble.connect(to: follower)
        let dump = ensemble.ask(.dump, on: follower)
        #expect(dump.hasPrefix("SessionTracker dump:\nLocal Session Sets (1)/(1):\n1 expire at "))
        #expect(dump.contains(":\n\t\(local.session)\nGlobal Sessions(1):\n\(global.session)\t10000ms\nephemeral"))
        #expect(ensemble.ask(.dump, on: leader).contains("Local Session Sets (0)/(0):\nGlobal Session Sets (1)/(1):\n"))
        var core = ensemble.servers[follower].core
        let bytes = core.beginSnapshot().bytes
        var reader = ByteReader(bytes.span.bytes)
        #expect(try (reader.readInt32(), reader.readInt32()) == (0x5a4b_534e, 2))
        _ = try reader.readInt64()
        #expect(try reader.readInt32() == 1)
        #expect(try reader.readInt64() == global.session.rawValue)
    }

    @Test func `a server alone has global sessions only`() throws {
        var configuration = VirtualServer.configuration()
        configuration.localSessionsEnabled = true
        var server = VirtualServer(configuration)
        let (client, _) = try server.connect()
        #expect(server.core.tree.lastZxid.counter == 1)
        #expect(try server.ask(create("/e", [], .ephemeral), on: client).error == .ok)
    }

    @Test func `new local sessions weigh less in the throttle of connections`() throws {
        for (isLocal, admitted) in [(true, 6), (false, 2)] {
            var (ensemble, _, follower) = try elected { core in
                core.localSessionsEnabled = isLocal
                core.connectionThrottle.tokens = 2
                core.connectionThrottle.fillTime = .seconds(1_000)
                core.connectionThrottle.isWeighted = true
            }
            var count = 0
            while try ensemble.shakeHands(with: follower).1 != nil { count += 1 }
            #expect(count == admitted)
        }
    }
}
