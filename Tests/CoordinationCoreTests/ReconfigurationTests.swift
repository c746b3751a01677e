import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes
import Zab

/// Ensembles that change while they serve.
struct ReconfigurationTests {
    private static let configurationPath: ByteString = "/zookeeper/config"

    /// An ensemble with a leader, and a client at it who may do everything.
    private struct Scene {
        var ensemble: VirtualEnsemble
        var leader: Int
        var client: ConnectionID
        var xid: Int32 = 1

        init(spares: Int = 0, _ change: (inout VirtualEnsemble.Setup) -> Void = { _ in }) throws {
            var setup = VirtualEnsemble.Setup(spares: spares)
            setup.core.reconfigEnabled = true
            setup.core.access.superDigest = "super:D/InIHSb7yEEbrWz8b9l71RjZJU="
            change(&setup)
            ensemble = VirtualEnsemble(setup)
            ensemble.wait(.seconds(5))
            leader = try #require(ensemble.leader)
            client = try Self.administrator(&ensemble, at: leader)
        }

        static func administrator(_ ensemble: inout VirtualEnsemble, at server: Int) throws -> ConnectionID {
            let (id, _) = try ensemble.connect(to: server)
            let login = AuthRequest(scheme: "digest", credentials: Array("super:test".utf8))
            #expect(try ensemble.ask(.auth(login), xid: SpecialXid.auth, id, on: server).error == .ok)
            return id
        }

        mutating func ask(_ request: ClientRequest) throws -> Reply {
            xid += 1
            return try ensemble.ask(request, xid: xid, client, on: leader)
        }

        mutating func reconfigure(
            joining: String? = nil, leaving: String? = nil, members: String? = nil, version: Int64 = -1
        ) throws -> Reply {
            try ask(
                .reconfig(
                    ReconfigRequest(
                        joiningServers: joining.map { ByteString($0) }, leavingServers: leaving.map { ByteString($0) },
                        newMembers: members.map { ByteString($0) }, currentConfigurationID: version)))
        }

        /// Lets time pass, in which clients die, and goes on with whoever leads.
        mutating func moveToLeader() throws {
            ensemble.wait(.seconds(30))
            leader = try #require(ensemble.leader)
            client = try Self.administrator(&ensemble, at: leader)
        }

        func configuration(of server: Int) -> String {
            let tree = ensemble.servers[server].core.tree
            return String(decoding: tree.find(configurationPath).flatMap { tree.data($0) } ?? [], as: UTF8.self)
        }
    }

    private static func text(_ servers: [Int], version: String) -> String {
        servers.map { VirtualEnsemble.line($0) + "\n" }.joined() + "version=\(version)"
    }

    @Test func `the first leader gives the files' ensemble a version, and everybody shows it`() throws {
        let scene = try Scene()
        for server in 0..<3 {
            #expect(scene.configuration(of: server) == Self.text([0, 1, 2], version: "100000000"))
            #expect(scene.ensemble.servers[server].file.version == Zxid(epoch: 1, counter: 0))
        }
    }

    @Test func `a follower leaves, and the rest goes on`() throws {
        var scene = try Scene()
        let leaving = (scene.leader + 1) % 3
        let reply = try scene.reconfigure(leaving: "\(leaving + 1)")
        #expect(reply.error == .ok)
        let rest = [0, 1, 2].filter { $0 != leaving }
        let version = String(reply.zxid.rawValue, radix: 16)
        guard case .dataAndStat(let data, let stat)? = reply.body else { return #expect(Bool(false)) }
        #expect(String(decoding: data ?? [], as: UTF8.self) == Self.text(rest, version: version))
        #expect(stat.mzxid == reply.zxid)
        #expect(stat.version == -1)
        for server in 0..<3 { #expect(scene.configuration(of: server) == Self.text(rest, version: version)) }
        // It may be switched off now, and another one is still needed.
        scene.ensemble.crash(leaving)
        try scene.moveToLeader()
        #expect(try scene.ask(create("/a")).error == .ok)
        scene.ensemble.crash(rest.first { $0 != scene.leader }!)
        scene.ensemble.wait(.seconds(30))
        #expect(scene.ensemble.leader == nil)
    }

    @Test func `a spare that has caught up joins, and counts`() throws {
        var scene = try Scene(spares: 2)
        // They follow already, and know by now that they are no members.
        for spare in 3...4 {
            guard case .following? = scene.ensemble.servers[spare].core.role else { return #expect(Bool(false)) }
            #expect(scene.configuration(of: spare) == Self.text([0, 1, 2], version: "100000000"))
        }
        #expect(try scene.ask(create("/before")).error == .ok)
        let joining = "\(VirtualEnsemble.line(3)),\(VirtualEnsemble.line(4))"
        #expect(try scene.reconfigure(joining: joining).error == .ok)
        // Five now: two old members may go.
        let others = [0, 1, 2].filter { $0 != scene.leader }
        for server in others { scene.ensemble.crash(server) }
        let old = scene.leader
        try scene.moveToLeader()
        #expect(scene.leader == old)
        #expect(try scene.ask(create("/after")).error == .ok)
        for server in [scene.leader, 3, 4] { #expect(scene.ensemble.servers[server].has("/after")) }
    }

    @Test func `a follower becomes an observer and a voter again`() throws {
        var scene = try Scene()
        let changing = (scene.leader + 2) % 3
        #expect(try scene.reconfigure(joining: VirtualEnsemble.line(changing, role: .observer)).error == .ok)
        scene.ensemble.wait(.seconds(10))
        guard case .observing? = scene.ensemble.servers[changing].core.role else { return #expect(Bool(false)) }
        #expect(try scene.ask(create("/a")).error == .ok)
        #expect(scene.ensemble.servers[changing].has("/a"))
        #expect(try scene.reconfigure(joining: VirtualEnsemble.line(changing)).error == .ok)
        scene.ensemble.wait(.seconds(10))
        guard case .following? = scene.ensemble.servers[changing].core.role else { return #expect(Bool(false)) }
        #expect(scene.ensemble.leader == scene.leader)
    }

    @Test func `a leader that leaves hands over`() throws {
        var scene = try Scene()
        let old = scene.leader
        #expect(try scene.ask(create("/a")).error == .ok)
        #expect(try scene.reconfigure(leaving: "\(old + 1)").error == .ok)
        #expect(scene.ensemble.servers[old].closed.contains(scene.client))
        try scene.moveToLeader()
        #expect(scene.leader != old)
        guard case .following? = scene.ensemble.servers[old].core.role else { return #expect(Bool(false)) }
        #expect(try scene.ask(create("/a/b")).error == .ok)
        for server in 0..<3 { #expect(scene.ensemble.servers[server].has("/a/b")) }
    }

    @Test func `an ensemble shrinks to one server and grows again`() throws {
        var scene = try Scene({ $0.core.standaloneEnabled = false })
        let others = [0, 1, 2].filter { $0 != scene.leader }
        let leaving = others.map { "\($0 + 1)" }.joined(separator: ",")
        #expect(try scene.reconfigure(leaving: leaving).error == .ok)
        for server in others { scene.ensemble.crash(server) }
        try scene.moveToLeader()
        #expect(try scene.ask(create("/alone")).error == .ok)
        scene.ensemble.crash(scene.leader)
        try scene.ensemble.restart(scene.leader)
        try scene.moveToLeader()
        for server in others { try scene.ensemble.restart(server) }
        try scene.moveToLeader()
        for server in others { #expect(scene.ensemble.servers[server].has("/alone")) }
        #expect(
            try scene.reconfigure(joining: others.map { VirtualEnsemble.line($0) }.joined(separator: ",")).error == .ok)
        scene.ensemble.crash(scene.leader)
        scene.ensemble.wait(.seconds(30))
        #expect(scene.ensemble.leader != nil)
    }

    @Test func `a whole list replaces the members, whatever its version says`() throws {
        var scene = try Scene(spares: 1)
        let next = [scene.leader, 3].sorted()
        let members = next.map { VirtualEnsemble.line($0) }.joined(separator: ",") + ",version=7"
        let reply = try scene.reconfigure(members: members)
        #expect(reply.error == .ok)
        #expect(
            scene.configuration(of: 3) == Self.text(next, version: String(reply.zxid.rawValue, radix: 16)))
    }

    @Test func `a follower's client may ask too`() throws {
        var scene = try Scene()
        let follower = (scene.leader + 1) % 3
        let leaving = (scene.leader + 2) % 3
        let client = try Scene.administrator(&scene.ensemble, at: follower)
        let request = ClientRequest.reconfig(ReconfigRequest(leavingServers: ByteString("\(leaving + 1)")))
        let reply = try scene.ensemble.ask(request, xid: 5, client, on: follower)
        #expect(reply.error == .ok)
        guard case .dataAndStat(let data, _)? = reply.body else { return #expect(Bool(false)) }
        #expect(data.map { String(decoding: $0, as: UTF8.self) } == scene.configuration(of: follower))
    }

    @Test func `the watch on the configuration fires once`() throws {
        var scene = try Scene()
        let read = ClientRequest.getData(PathWatchRequest(path: Self.configurationPath, watch: true))
        let (watcher, _) = try scene.ensemble.connect(to: scene.leader)
        #expect(try scene.ensemble.ask(read, watcher, on: scene.leader).error == .ok)
        _ = try scene.reconfigure(leaving: "\((scene.leader + 1) % 3 + 1)")
        let frames = try scene.ensemble.take(watcher, on: scene.leader)
        #expect(frames.count == 1)
    }

    @Test(
        arguments: [
            ("server.4=10.0.0.4:2888:3888", nil, nil, -1, .badArguments),  // No place for clients.
            ("server.4=10.0.0.4:2888", nil, nil, -1, .badArguments),
            ("server.4=10.0.0.1:2888:3889;2182", nil, nil, -1, .badArguments),  // Another's address.
            (nil, "two", nil, -1, .badArguments), (nil, nil, "server.1=", -1, .badArguments),
            (nil, "1,2", nil, -1, .badArguments),  // One voter is left.
            (nil, "1", nil, 7, .badVersion),
            (
                "server.4=10.0.0.4:2888:3888;2181,server.5=10.0.0.5:2888:3888;2181,server.6=10.0.0.6:2888:3888;2181",
                "1",
                nil, -1, .newConfigNoQuorum
            ),
        ] as [(String?, String?, String?, Int64, ErrorCode)])
    func `what cannot be is refused`(
        joining: String?, leaving: String?, members: String?, version: Int64, error: ErrorCode
    ) throws {
        var scene = try Scene()
        let reply = try scene.reconfigure(joining: joining, leaving: leaving, members: members, version: version)
        #expect(reply.error == error)
        #expect(scene.configuration(of: 0) == Self.text([0, 1, 2], version: "100000000"))
        // It takes its zxid all the same, and the right version is believed.
        #expect(try scene.reconfigure(leaving: "\((scene.leader + 1) % 3 + 1)", version: 0x1_0000_0000).error == .ok)
    }

    @Test func `only who may write the configuration changes it`() throws {
        var scene = try Scene()
        let (stranger, _) = try scene.ensemble.connect(to: scene.leader)
        let request = ClientRequest.reconfig(ReconfigRequest(leavingServers: "1"))
        #expect(try scene.ensemble.ask(request, stranger, on: scene.leader).error == .noAuth)
        var disabled = VirtualEnsemble(3)
        disabled.wait(.seconds(5))
        let leader = try #require(disabled.leader)
        let (id, _) = try disabled.connect(to: leader)
        #expect(try disabled.ask(request, id, on: leader).error == .reconfigDisabled)
    }

    @Test func `one at a time`() throws {
        var scene = try Scene()
        let followers = [0, 1, 2].filter { $0 != scene.leader }
        let requests = followers.map {
            ClientRequest.reconfig(ReconfigRequest(leavingServers: ByteString("\($0 + 1)")))
        }
        scene.ensemble.send(requests[0].frame(xid: 2) + requests[1].frame(xid: 3), scene.client, on: scene.leader)
        let replies = try scene.ensemble.take(scene.client, on: scene.leader).map { try Reply($0) }
        #expect(replies.map(\.error) == [.ok, .reconfigInProgress])
        let rest = [0, 1, 2].filter { $0 != followers[0] }
        #expect(scene.configuration(of: 0).hasPrefix(Self.text(rest, version: "")))
    }
}
