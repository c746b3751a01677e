import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes
import Zab

/// Read-only service, and a leader that only leads. Answers are those of Apache ZooKeeper 3.8.
struct ReadOnlyTests {
    /// Three servers with one node, of which the last two then crash.
    private func lonely(
        _ change: (inout CoreConfiguration) -> Void = { _ in }
    ) throws -> (VirtualEnsemble, global: ConnectResponse) {
        var setup = VirtualEnsemble.Setup()
        setup.core.commandWhitelist = FourLetterWord.allCases
        setup.core.isReadOnlyModeEnabled = true
        change(&setup.core)
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let (client, opened) = try ensemble.connect(to: 0)
        #expect(try ensemble.ask(create("/a", [7]), client, on: 0).error == .ok)
        ensemble.crash(1)
        ensemble.crash(2)
        while ensemble.servers[0].core.role != .looking { ensemble.wait(.milliseconds(1)) }
        return (ensemble, opened)
    }

    @Test(arguments: [(100, 2_000), (3_000, 3_000)] as [(UInt64, UInt64)])
    func `it begins when no leader was found for two seconds, or a tick`(tick: UInt64, wait: UInt64) throws {
        var (ensemble, _) = try lonely { $0.tickTime = .milliseconds(tick) }
        #expect(ensemble.ask(.isro, on: 0) == "null")
        ensemble.wait(.milliseconds(wait - 2))
        #expect(ensemble.servers[0].core.mode == nil)
        ensemble.wait(.milliseconds(2))
        #expect(ensemble.servers[0].core.mode == .readOnly)
        #expect(ensemble.ask(.isro, on: 0) == "ro")
    }

    @Test func `it does not begin unless it is asked for`() throws {
        var (ensemble, _) = try lonely { $0.isReadOnlyModeEnabled = false }
        ensemble.wait(.seconds(60))
        #expect(ensemble.servers[0].core.mode == nil)
        #expect(try ensemble.shakeHands(with: 0, readOnly: true).1 == nil)
    }

    @Test(arguments: [false, true])
    func `those who want to read may`(localSessions: Bool) throws {
        var (ensemble, global) = try lonely { $0.localSessionsEnabled = localSessions }
        ensemble.wait(.seconds(3))
        #expect(try ensemble.shakeHands(with: 0, readOnly: false).1 == nil)
        #expect(try ensemble.shakeHands(with: 0, readOnly: nil).1 == nil)
        let (client, opened) = try ensemble.connect(to: 0, readOnly: true)
        #expect(opened.isReadOnly == true)
        let read = try ensemble.ask(.getData(PathWatchRequest(path: "/a", watch: true)), xid: 1, client, on: 0)
        #expect(read.error == .ok)
        let writes: [ClientRequest] = [
            create("/x"), create("/e", [], .ephemeral), .sync(PathRequest(path: "/a")),
            .delete(PathVersionRequest(path: "/a", version: -1)),
            .setData(SetDataRequest(path: "/a", data: [], version: -1)), .multi(MultiRequest(operations: [])),
        ]
        for (number, write) in writes.enumerated() {
            let refused = try ensemble.ask(write, xid: Int32(number + 2), client, on: 0)
            #expect(refused.error == .notReadOnly, "\(write)")
            #expect(refused.zxid == ensemble.servers[0].core.tree.lastZxid)
        }
        let (again, resumed) = try ensemble.connect(
            to: 0, session: opened.session, password: opened.password, readOnly: true)
        #expect(resumed.session == opened.session && resumed.isReadOnly == true)
        #expect(try ensemble.ask(.closeSession, xid: 20, again, on: 0).error == .ok)
        let late = try ensemble.connect(to: 0, session: opened.session, password: opened.password, readOnly: true)
        #expect(late.1.session == .none && late.1.isReadOnly == true)
        // Whether a session of the ensemble still lives, nobody here can know; a local one ended with the leader.
        let old = try ensemble.shakeHands(with: 0, session: global.session, password: global.password, readOnly: true)
        #expect(localSessions ? old.1?.session == SessionID.none : old.1 == nil)
    }

    @Test func `it ends when a leader is found, with everything that belongs to it`() throws {
        var (ensemble, _) = try lonely()
        ensemble.wait(.seconds(3))
        let (client, opened) = try ensemble.connect(to: 0, readOnly: true)
        try ensemble.restart(1)
        ensemble.wait(.seconds(10))
        #expect(ensemble.leader != nil)
        #expect(ensemble.servers[0].closed.contains(client))
        #expect(ensemble.ask(.isro, on: 0) == "rw")
        let again = try ensemble.connect(to: 0, session: opened.session, password: opened.password, readOnly: true)
        #expect(again.1.session == .none && again.1.isReadOnly == false)
        let (writer, answer) = try ensemble.connect(to: 0, readOnly: true)
        #expect(answer.isReadOnly == false)
        #expect(try ensemble.ask(create("/b"), writer, on: 0).error == .ok)
    }

    @Test func `its sessions end in their time`() throws {
        var (ensemble, _) = try lonely()
        ensemble.wait(.seconds(3))
        let (silent, _) = try ensemble.connect(to: 0, readOnly: true)
        let (alive, _) = try ensemble.connect(to: 0, readOnly: true)
        for _ in 0..<5 {
            ensemble.wait(.seconds(3))
            _ = try ensemble.ask(.ping, xid: SpecialXid.ping, alive, on: 0)
        }
        #expect(ensemble.servers[0].closed.contains(silent))
        #expect(!ensemble.servers[0].closed.contains(alive))
    }

    @Test func `operators are told`() throws {
        var (ensemble, global) = try lonely()
        ensemble.wait(.seconds(3))
        let lines = ensemble.ask(.srvr, on: 0).split(separator: "\n").map(String.init)
        #expect(lines[1] == "READ-ONLY mode; serving only read-only clients")
        #expect(lines.suffix(2) == ["Mode: read-only", "Node count: 6"])
        let rows = ensemble.ask(.mntr, on: 0).split(separator: "\n").map(String.init)
        #expect(rows.contains("zk_server_state\tread-only"))
        #expect(!rows.contains { $0.hasPrefix("zk_peer_state") || $0.hasPrefix("zk_quorum_size") })
        #expect(ensemble.ask(.conf, on: 0).hasSuffix("\npeerType=0\n"))
        #expect(ensemble.ask(.dump, on: 0).contains("Global Sessions(1):\n\(global.session)\t10000ms\n"))
    }

    @Test func `a leader that only leads refuses clients, and its followers serve them`() throws {
        var setup = VirtualEnsemble.Setup()
        setup.core.commandWhitelist = FourLetterWord.allCases
        setup.core.leaderServes = false
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        #expect(try ensemble.shakeHands(with: leader).1 == nil)
        #expect(ensemble.servers[leader].core.mode == nil)
        #expect(ensemble.ask(.isro, on: leader) == "null")
        #expect(ensemble.ask(.srvr, on: leader).hasPrefix("This ZooKeeper instance is not currently serving requests"))
        let follower = (leader + 1) % 3
        let (client, opened) = try ensemble.connect(to: follower)
        #expect(try ensemble.ask(create("/a", [], .ephemeral), client, on: follower).error == .ok)
        let other = (leader + 2) % 3
        let (again, resumed) = try ensemble.connect(to: other, session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        #expect(try ensemble.ask(create("/b"), xid: 2, again, on: other).error == .ok)
        // Once it follows somebody else, it serves.
        ensemble.isolated = [leader]
        ensemble.wait(.seconds(30))
        ensemble.heal()
        ensemble.wait(.seconds(90))
        let next = try #require(ensemble.leader)
        #expect(next != leader)
        #expect(ensemble.servers[leader].core.mode == .follower)
        #expect(try ensemble.shakeHands(with: next).1 == nil)
    }

    @Test func `a server that follows has nothing to reap, and does not hurry`() throws {
        var ensemble = VirtualEnsemble()
        ensemble.wait(.milliseconds(120_500))
        let leader = try #require(ensemble.leader)
        for server in ensemble.servers.indices where server != leader {
            let timer = try #require(ensemble.servers[server].coreTimer)
            #expect(timer - ensemble.now > .milliseconds(1_000))
        }
    }
}
