import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes
import Zab

/// Observers whose clients are served through a follower.
struct HostingTests {
    /// Three voters and two observers that learn from followers.
    private func elected() throws -> (VirtualEnsemble, leader: Int, masters: [Int]) {
        var setup = VirtualEnsemble.Setup(count: 5, observers: [3, 4])
        setup.core.commandWhitelist = FourLetterWord.allCases
        setup.hostsObservers = true
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        let masters = try [3, 4].map { number in
            Int(try #require(ensemble.servers[number].core.standing.master).rawValue) - 1
        }
        return (ensemble, leader, masters)
    }

    private func metric(_ name: String, of server: Int, _ ensemble: inout VirtualEnsemble) -> String? {
        let rows = ensemble.ask(.mntr, on: server).split(separator: "\n")
        return rows.first { $0.hasPrefix("zk_\(name)\t") }.map { String($0.drop { $0 != "\t" }.dropFirst()) }
    }

    @Test func `observers learn from different followers, and the leader knows nothing of them`() throws {
        var (ensemble, leader, masters) = try elected()
        #expect(Set(masters).count == 2 && !masters.contains(leader))
        #expect(metric("learners", of: leader, &ensemble) == "2")
        #expect(metric("synced_observers", of: leader, &ensemble) == "0")
        for master in masters { #expect(metric("synced_observers", of: master, &ensemble) == "1") }
        #expect(metric("observer_master_id", of: 3, &ensemble) == "\(masters[0] + 1)")
        #expect(ensemble.servers[3].core.learnsFrom == ServerID(Int64(leader + 1)))
    }

    @Test func `a client of an observer writes, watches and sees everything`() throws {
        var (ensemble, leader, masters) = try elected()
        let (client, _) = try ensemble.connect(to: 3)
        let (other, _) = try ensemble.connect(to: leader)
        #expect(try ensemble.ask(create("/a", [1]), xid: 1, client, on: 3).body == .path("/a"))
        #expect(try ensemble.ask(create("/a", [1]), xid: 2, client, on: 3).error == .nodeExists)
        #expect(ensemble.servers.allSatisfy { $0.has("/a") })
        _ = try ensemble.ask(create("/b"), xid: 1, other, on: leader)
        // Its session, and two nodes.
        #expect(metric("skip_learner_request_to_next_processor_count", of: masters[0], &ensemble) == "3")
        #expect(metric("requests_not_forwarded_to_commit_processor", of: leader, &ensemble) == "3")
        #expect(try ensemble.ask(.sync(PathRequest(path: "/")), xid: 3, client, on: 3).error == .ok)
        #expect(ensemble.servers[3].has("/b"))
    }

    /// The leader hears of its observers' sessions through their masters.
    @Test func `sessions of an observer's clients live as long as they are heard of`() throws {
        var (ensemble, leader, _) = try elected()
        let (client, opened) = try ensemble.connect(to: 3, timeout: 4_000)
        for _ in 0..<8 {
            ensemble.wait(.seconds(1))
            ensemble.send(ClientRequest.ping.frame(xid: -2), client, on: 3)
        }
        #expect(try ensemble.ask(create("/still-there"), xid: 1, client, on: 3).error == .ok)
        ensemble.disconnect(client, on: 3)
        ensemble.wait(.seconds(20))
        #expect(ensemble.servers[leader].core.sessionExpiries(at: ensemble.now).isEmpty)
        let (_, refused) = try ensemble.shakeHands(with: 4, session: opened.session, password: opened.password)
        #expect(refused?.session == SessionID.none)
    }

    @Test func `a session moves between observers, their masters and the leader`() throws {
        var (ensemble, leader, masters) = try elected()
        var (client, opened) = try ensemble.connect(to: 3)
        _ = try ensemble.ask(create("/gone", [], .ephemeral), xid: 1, client, on: 3)
        var old = 3
        for (step, server) in [masters[0], 4, masters[1], 3, leader, 4].enumerated() {
            let (next, resumed) = try ensemble.connect(
                to: server, session: opened.session, password: opened.password)
            #expect(resumed.session == opened.session, "step \(step)")
            #expect(try ensemble.ask(create(ByteString("/\(step)")), xid: 1, next, on: server).error == .ok)
            ensemble.disconnect(client, on: old)
            (client, old) = (next, server)
        }
        #expect(ensemble.servers.allSatisfy { $0.has("/gone") && $0.has("/5") })
        #expect(try ensemble.ask(.closeSession, xid: 2, client, on: old).error == .ok)
        #expect(ensemble.servers.allSatisfy { !$0.has("/gone") })
    }

    /// The leader cannot tell the observers of one follower from each other.
    @Test func `what comes late from where a session was is not handed on`() throws {
        var setup = VirtualEnsemble.Setup(count: 4, observers: [2, 3])
        setup.hostsObservers = true
        var ensemble = VirtualEnsemble(setup)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        let master = 1 - leader
        let (_, opened) = try ensemble.connect(to: 2)
        var core = ensemble.servers[master].core
        func handsOn(_ input: EnsembleInput) -> Bool {
            var effects = EffectBuffer<CoordinationCore.Effect>()
            core.step(.ensemble(input), at: ensemble.now, into: &effects)
            return effects.elements.contains { if case .ensemble(.request) = $0 { true } else { false } }
        }
        for operation in [OperationCode.create, .sync] {
            let request = ForwardedRequest(session: opened.session, cxid: 1, type: operation.rawValue, body: [])
            #expect(handsOn(.requested(request, [], from: ServerID(3))))
            let asked = QuorumSession(session: opened.session, timeoutMilliseconds: 10_000)
            #expect(!handsOn(.revalidationAsked(asked, from: ServerID(4))))
            #expect(!handsOn(.requested(request, [], from: ServerID(3))))
            #expect(handsOn(.requested(request, [], from: ServerID(4))))
            #expect(!handsOn(.revalidationAsked(asked, from: ServerID(3))))
        }
    }

    @Test func `an observer whose master dies goes to another`() throws {
        var (ensemble, leader, masters) = try elected()
        ensemble.crash(masters[0])
        ensemble.wait(.seconds(5))
        #expect(ensemble.leader == leader)
        #expect(ensemble.servers[3].core.mode == .observer)
        #expect(ensemble.servers[3].core.learnsFrom == ServerID(Int64(leader + 1)))
        #expect(ensemble.servers[3].core.standing.master != ServerID(Int64(masters[0] + 1)))
        let (client, _) = try ensemble.connect(to: 3)
        #expect(try ensemble.ask(create("/a"), xid: 1, client, on: 3).error == .ok)
        #expect(ensemble.servers[4].has("/a"))
    }
}
