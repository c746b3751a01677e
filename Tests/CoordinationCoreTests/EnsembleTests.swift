import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes
import Zab

struct EnsembleTests {
    private func elected(_ count: Int = 3) throws -> (VirtualEnsemble, leader: Int, follower: Int) {
        var ensemble = VirtualEnsemble(count)
        ensemble.wait(.seconds(5))
        let leader = try #require(ensemble.leader)
        return (ensemble, leader, (leader + 1) % count)
    }

    private func digests(_ ensemble: VirtualEnsemble) -> Set<UInt64> {
        Set(ensemble.servers.filter(\.isUp).map(\.core.tree.digest))
    }

    @Test func `a write at a follower is answered there and read everywhere`() throws {
        var (ensemble, leader, follower) = try elected()
        let (writer, opened) = try ensemble.connect(to: follower)
        #expect(opened.session.rawValue >> 56 == Int64(follower + 1))
        let created = try ensemble.ask(create("/a", [1]), xid: 7, writer, on: follower)
        #expect(created.error == .ok)
        #expect(created.xid == 7)
        #expect(created.zxid.epoch == 1)
        for server in ensemble.servers.indices {
            let (reader, _) = try ensemble.connect(to: server)
            let read = try ensemble.ask(.getData(PathWatchRequest(path: "/a", watch: false)), reader, on: server)
            #expect(read.error == .ok)
        }
        #expect(digests(ensemble).count == 1)
        #expect(ensemble.servers[leader].core.tree.lastZxid == ensemble.servers[follower].core.tree.lastZxid)
    }

    @Test func `a member whose tree is not what the leader foresaw says so once, and counts`() throws {
        var (ensemble, leader, follower) = try elected()
        let (writer, _) = try ensemble.connect(to: leader)
        var altered = 0
        ensemble.alter = { input, receiver in
            guard receiver == follower, case .peer(.received(.proposal(let entry), from: let sender)) = input else {
                return input
            }
            var reader = ByteReader(entry.payload.span.bytes)
            guard var transaction = try? LoggedTransaction(from: &reader), let digest = transaction.digest else {
                return input
            }
            altered += 1
            transaction.digest = digest &+ 1
            var writer = ByteWriter()
            transaction.encode(into: &writer)
            let other = LogEntry(zxid: entry.zxid, payload: writer.bytes)
            return .peer(.received(.proposal(other), from: sender))
        }
        for number in 0..<3 {
            _ = try ensemble.ask(create(ByteString("/a\(number)")), xid: Int32(number) + 1, writer, on: leader)
        }
        #expect(altered == 3)
        #expect(ensemble.servers[follower].core.digestMismatchCount == 3)
        let first = try #require(ensemble.servers[follower].notices.first)
        guard case .treeDiffers(let zxid) = first else { return #expect(Bool(false), "\(first)") }
        #expect(ensemble.servers[follower].notices.count == 1 && zxid < ensemble.servers[follower].core.tree.lastZxid)
        for server in ensemble.servers.indices where server != follower {
            #expect(ensemble.servers[server].core.digestMismatchCount == 0)
        }
    }

    @Test func `checks are made at the leader against everything proposed`() throws {
        var (ensemble, leader, follower) = try elected()
        let (first, _) = try ensemble.connect(to: follower)
        let (second, _) = try ensemble.connect(to: leader)
        #expect(try ensemble.ask(create("/a"), first, on: follower).error == .ok)
        #expect(try ensemble.ask(create("/a"), second, on: leader).error == .nodeExists)
        #expect(try ensemble.ask(create("/b/c"), xid: 2, first, on: follower).error == .noNode)
        #expect(try ensemble.ask(create("/s", [], .persistentSequential), xid: 3, first, on: follower).error == .ok)
        #expect(digests(ensemble).count == 1)
    }

    @Test func `a session's own requests are answered in order at a follower`() throws {
        var (ensemble, _, follower) = try elected()
        let (id, _) = try ensemble.connect(to: follower)
        let requests: [(Int32, ClientRequest)] = [
            (1, create("/q", [1])), (2, .getData(PathWatchRequest(path: "/q", watch: false))),
            (3, .setData(SetDataRequest(path: "/q", data: [2], version: 0))),
            (4, .sync(PathRequest(path: "/q"))), (5, .getData(PathWatchRequest(path: "/q", watch: false))),
        ]
        ensemble.send(requests.flatMap { $0.1.frame(xid: $0.0) }, id, on: follower)
        let replies = try ensemble.take(id, on: follower).map { try Reply($0) }
        #expect(replies.map(\.xid) == [1, 2, 3, 4, 5])
        #expect(replies.map(\.error) == [.ok, .ok, .ok, .ok, .ok])
    }

    @Test func `what arrives together goes to the logs and to the client at once`() throws {
        var (ensemble, leader, follower) = try elected()
        let (id, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/a"), xid: 1, id, on: follower)
        let before = ensemble.servers
        let requests = (2..<12).map { xid in
            ClientRequest.setData(SetDataRequest(path: "/a", data: [UInt8(xid)], version: Int32(xid - 2)))
                .frame(xid: Int32(xid))
        }
        ensemble.send(requests.flatMap(\.self), id, on: follower)
        #expect(try ensemble.take(id, on: follower).map { try Reply($0).error } == Array(repeating: .ok, count: 10))
        for server in ensemble.servers.indices {
            #expect(ensemble.servers[server].logWrites == before[server].logWrites + 1)
        }
        #expect(ensemble.servers[follower].answerWrites == before[follower].answerWrites + 1)
        #expect(ensemble.servers[leader].answerWrites == before[leader].answerWrites)
        #expect(digests(ensemble).count == 1)
    }

    @Test func `a turn ends with what makes the next packet another stream's`() throws {
        let (ensemble, leader, follower) = try elected()
        var core = ensemble.servers[follower].core
        var effects = EffectBuffer<CoordinationCore.Effect>()
        let sender = ServerID(Int64(leader + 1))
        let ping = EnsembleInput.peer(.received(.ping(core.tree.lastZxid), from: sender))
        let isOverAfterPing = core.stepInTurn(ping, at: ensemble.now, into: &effects)
        #expect(!isOverAfterPing)
        let unreadable = LogEntry(zxid: core.tree.lastZxid.successor, payload: [1, 2, 3])
        let isOver = core.stepInTurn(
            .peer(.received(.proposal(unreadable), from: sender)), at: ensemble.now, into: &effects)
        #expect(isOver)
        #expect(effects.elements.contains(.ensemble(.peer(.disconnect(sender)))))
    }

    @Test func `a watch at a follower fires for a write at the leader`() throws {
        var (ensemble, leader, follower) = try elected()
        let (watcher, _) = try ensemble.connect(to: follower)
        let (writer, _) = try ensemble.connect(to: leader)
        _ = try ensemble.ask(.exists(PathWatchRequest(path: "/w", watch: true)), watcher, on: follower)
        _ = try ensemble.ask(create("/w"), writer, on: leader)
        let events = try ensemble.take(watcher, on: follower).compactMap { try Reply($0).event }
        #expect(events.map(\.type) == [WatchEventType.nodeCreated.rawValue])
    }

    @Test func `a session moves to another server and keeps its ephemerals`() throws {
        var (ensemble, leader, follower) = try elected()
        let (first, opened) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/e", [], .ephemeral), first, on: follower)
        let other = ensemble.servers.indices.first { $0 != leader && $0 != follower } ?? 0
        let (second, resumed) = try ensemble.connect(to: other, session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        #expect(try ensemble.ask(create("/f", [], .ephemeral), second, on: other).error == .ok)
        // The connection that was left behind speaks for nobody any more.
        ensemble.send(create("/g").frame(xid: 9), first, on: follower)
        #expect(ensemble.servers[follower].closed.contains(first))
        #expect(try ensemble.take(first, on: follower).isEmpty)
        #expect(ensemble.servers.allSatisfy { !$0.has("/g") })
        #expect(try ensemble.ask(.closeSession, xid: 2, second, on: other).error == .ok)
        #expect(ensemble.servers.allSatisfy { !$0.has("/e") && !$0.has("/f") })
        #expect(digests(ensemble).count == 1)
    }

    @Test func `a wrong password and an unknown session are refused at a follower`() throws {
        var (ensemble, _, follower) = try elected()
        let (_, opened) = try ensemble.connect(to: follower)
        let wrong = try ensemble.connect(
            to: follower, session: opened.session, password: Array(repeating: 7, count: 16))
        #expect(wrong.1.session == .none)
        let unknown = SessionID(rawValue: 0x0200_0000_0000_0077)
        let stranger = try ensemble.connect(
            to: follower, session: unknown, password: SessionPassword.bytes(for: unknown))
        #expect(stranger.1.session == .none)
    }

    @Test func `only the leader ends sessions, and a follower's pings keep its clients' alive`() throws {
        var (ensemble, leader, follower) = try elected()
        let (kept, _) = try ensemble.connect(to: follower)
        let (silent, _) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/kept", [], .ephemeral), kept, on: follower)
        _ = try ensemble.ask(create("/silent", [], .ephemeral), silent, on: follower)
        for _ in 0..<10 {
            ensemble.wait(.seconds(3))
            _ = try ensemble.ask(.ping, xid: SpecialXid.ping, kept, on: follower)
        }
        for server in [leader, follower] {
            #expect(ensemble.servers[server].has("/kept"))
            #expect(!ensemble.servers[server].has("/silent"))
        }
        #expect(ensemble.servers[follower].closed.contains(silent))
    }

    @Test func `a new leader serves what the old one had acknowledged`() throws {
        var (ensemble, leader, follower) = try elected()
        let (writer, opened) = try ensemble.connect(to: follower)
        _ = try ensemble.ask(create("/a", [1]), writer, on: follower)
        ensemble.crash(leader)
        ensemble.wait(.seconds(5))
        let next = try #require(ensemble.leader)
        #expect(next != leader)
        #expect(ensemble.servers[follower].closed.contains(writer))
        let (again, resumed) = try ensemble.connect(to: follower, session: opened.session, password: opened.password)
        #expect(resumed.session == opened.session)
        let created = try ensemble.ask(create("/b"), again, on: follower)
        #expect(created.error == .ok)
        #expect(created.zxid.epoch == 2)
        try ensemble.restart(leader)
        ensemble.wait(.seconds(10))
        #expect(digests(ensemble).count == 1)
        #expect(ensemble.servers[leader].has("/b"))
    }

    @Test func `what a lonely leader proposed is cut off its log`() throws {
        var (ensemble, leader, _) = try elected()
        let (writer, _) = try ensemble.connect(to: leader)
        _ = try ensemble.ask(create("/kept"), writer, on: leader)
        ensemble.isolated = [leader]
        ensemble.send(create("/lost").frame(xid: 2), writer, on: leader)
        #expect(try ensemble.take(writer, on: leader).isEmpty)
        ensemble.wait(.seconds(60))
        #expect(ensemble.servers[leader].closed.contains(writer))
        ensemble.heal()
        ensemble.wait(.seconds(120))
        #expect(ensemble.leader != nil)
        #expect(digests(ensemble).count == 1)
        #expect(ensemble.servers.allSatisfy { !$0.has("/lost") && $0.has("/kept") })
    }

    @Test func `nobody is served without a leader`() throws {
        var (ensemble, leader, follower) = try elected()
        let (id, _) = try ensemble.connect(to: follower)
        for server in ensemble.servers.indices where server != follower { ensemble.crash(server) }
        ensemble.wait(.seconds(30))
        #expect(ensemble.leader == nil)
        #expect(ensemble.servers[follower].closed.contains(id))
        let (stranger, answer) = try ensemble.shakeHands(with: follower)
        #expect(answer == nil)
        #expect(ensemble.servers[follower].closed.contains(stranger))
        #expect(ensemble.servers[follower].core.role == .looking)
        #expect(leader != follower)
    }
}
