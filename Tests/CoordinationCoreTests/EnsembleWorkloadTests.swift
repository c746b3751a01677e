import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes
import Zab

/// Clients that come, ask, go and come again at all servers of an ensemble whose servers crash, are cut off and wait for
/// their disks; with local sessions, read-only service and short epochs, which the simulation of whole servers leaves out.
struct EnsembleWorkloadTests {
    private struct Client {
        var server: Int
        var connection: ConnectionID
        var session: SessionID
        var password: [UInt8]?
        /// Numbers begin anew with each connection, as some clients have it.
        var nextXid: Int32 = 1
        /// What was asked and not answered, oldest first.
        var asked: [Question] = []
        var isReadOnly: Bool
    }

    private struct Question {
        var xid: Int32
        var operation: OperationCode
        /// Which its answer must name.
        var path: ByteString?
        /// Once it is answered, its node is there for ever.
        var isKept = false
    }

    private struct Night {
        var random: SplitMix64
        var ensemble: VirtualEnsemble
        var clients: [Client] = []
        var pathCount = 0
        /// Persistent nodes whose making was answered.
        var kept: [ByteString] = []
        var answerCount = 0

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            var setup = VirtualEnsemble.Setup(count: 4, observers: [3])
            setup.core.localSessionsEnabled = random.chance(partsPerMillion: 700_000)
            setup.core.localSessionsUpgradingEnabled = random.chance(partsPerMillion: 700_000)
            setup.core.isReadOnlyModeEnabled = random.chance(partsPerMillion: 700_000)
            setup.core.leaderServes = random.chance(partsPerMillion: 800_000)
            setup.core.globalOutstandingLimit = Int(random.uniform(in: 4...40))
            setup.core.commandWhitelist = FourLetterWord.allCases
            setup.transactionsPerEpoch = [9, 40, .max - 1][Int(random.uniform(in: 0...2))]
            setup.hostsObservers = seed % 2 == 0
            ensemble = VirtualEnsemble(setup)
            ensemble.wait(.seconds(5))
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `answers are in order and true, and everything ends well`(seed: UInt64) throws {
        var night = Night(seed: seed)
        for _ in 1...220 {
            try step(&night, seed)
            for index in night.clients.indices { try collect(&night, index, seed) }
        }
        try settle(&night, seed)
        #expect(night.answerCount > 0, "seed=\(seed)")
        #expect(Set(night.ensemble.servers.map(\.core.tree.digest)).count == 1, "seed=\(seed)")
        for path in night.kept {
            #expect(night.ensemble.servers.allSatisfy { $0.has(path) }, "seed=\(seed): \(path) was answered")
        }
        for server in night.ensemble.servers.indices {
            let core = night.ensemble.servers[server].core
            #expect(core.ephemeralPaths.isEmpty, "seed=\(seed)")
            #expect(core.sessionExpiries(at: night.ensemble.now).isEmpty, "seed=\(seed): server \(server + 1)")
            let recovered = try recover(night.ensemble.servers[server].log)
            #expect(recovered.tree.digest == core.tree.digest, "seed=\(seed)")
            #expect(recovered.sortedSessions.isEmpty, "seed=\(seed)")
        }
    }

    /// Heals everything and lets every session end.
    private func settle(_ night: inout Night, _ seed: UInt64) throws {
        night.ensemble.heal()
        night.ensemble.finishDisks()
        for server in night.ensemble.servers.indices where !night.ensemble.servers[server].isUp {
            try night.ensemble.restart(server)
        }
        night.ensemble.wait(.seconds(240))
        for index in night.clients.indices { try collect(&night, index, seed) }
        #expect(night.ensemble.leader != nil, "seed=\(seed)")
    }

    private func step(_ night: inout Night, _ seed: UInt64) throws {
        let server = Int(night.random.uniform(in: 0...3))
        switch night.random.uniform(in: 0...99) {
        case 0...9: try come(&night, server)
        case 10...64: ask(&night)
        case 65...69: leave(&night)
        case 70...74: try comeAgain(&night, server)
        case 75...79: night.ensemble.disksAreSlow = true
        case 80...86: night.ensemble.finishDisks()
        case 87...93: night.ensemble.wait(.milliseconds(night.random.uniform(in: 1...4_000)))
        case 94:
            night.ensemble.heal()
            night.ensemble.isolated = [server]
        case 95...96: night.ensemble.heal()
        case 97:
            // Two of three voters stay up.
            if night.ensemble.servers.allSatisfy(\.isUp) {
                for index in night.clients.indices { try collect(&night, index, seed) }
                night.ensemble.crash(server)
                night.clients.removeAll { $0.server == server }
            }
        default:
            if let down = night.ensemble.servers.firstIndex(where: { !$0.isUp }) { try night.ensemble.restart(down) }
        }
    }

    private func come(_ night: inout Night, _ server: Int) throws {
        guard night.ensemble.servers[server].isUp else { return }
        let isReadOnly = night.random.chance(partsPerMillion: 500_000)
        let (id, answer) = try night.ensemble.shakeHands(with: server, readOnly: isReadOnly)
        guard let answer, answer.session != .none else { return }
        night.clients.append(
            Client(
                server: server, connection: id, session: answer.session, password: answer.password,
                isReadOnly: answer.isReadOnly == true))
    }

    /// A client loses its connection, or only believes so, and turns to another server.
    private func comeAgain(_ night: inout Night, _ server: Int) throws {
        guard !night.clients.isEmpty, night.ensemble.servers[server].isUp else { return }
        let index = Int(night.random.uniform(in: 0...UInt64(night.clients.count - 1)))
        let old = night.clients.remove(at: index)
        if night.random.chance(partsPerMillion: 500_000) { night.ensemble.disconnect(old.connection, on: old.server) }
        let (id, answer) = try night.ensemble.shakeHands(
            with: server, session: old.session, password: old.password, readOnly: true)
        guard let answer, answer.session != .none else { return }
        #expect(answer.session == old.session)
        night.clients.append(
            Client(
                server: server, connection: id, session: answer.session, password: answer.password,
                isReadOnly: answer.isReadOnly == true))
    }

    private func leave(_ night: inout Night) {
        guard !night.clients.isEmpty else { return }
        let client = night.clients.remove(at: Int(night.random.uniform(in: 0...UInt64(night.clients.count - 1))))
        night.ensemble.disconnect(client.connection, on: client.server)
    }

    // MARK: Requests

    private func ask(_ night: inout Night) {
        guard !night.clients.isEmpty else { return }
        let index = Int(night.random.uniform(in: 0...UInt64(night.clients.count - 1)))
        var frames: [UInt8] = []
        for _ in 0...night.random.uniform(in: 0...3) {
            var (request, question) = request(&night)
            let xid = night.clients[index].nextXid
            night.clients[index].nextXid += 1
            question.xid = xid
            night.clients[index].asked.append(question)
            frames += request.frame(xid: xid)
        }
        let client = night.clients[index]
        night.ensemble.send(frames, client.connection, on: client.server)
    }

    private func request(_ night: inout Night) -> (ClientRequest, Question) {
        night.pathCount += 1
        let path = ByteString("/p\(night.pathCount)")
        let kind = night.random.uniform(in: 0...11)
        let request: ClientRequest =
            switch kind {
            case 0...3: create(path)
            case 4...5: create(path, [], .ephemeral)
            case 6:
                .multi(
                    MultiRequest(operations: [
                        .create(CreateRequest(path: path, data: [], mode: .ephemeral)),
                        .check(PathVersionRequest(path: path, version: 0)),
                    ]))
            case 7: .sync(PathRequest(path: path))
            case 8: .setData(SetDataRequest(path: "/", data: [1], version: -1))
            case 9: .closeSession
            default: .getChildren(PathWatchRequest(path: "/", watch: false))
            }
        let namesPath = request.operation == .create || request.operation == .sync
        return (
            request,
            Question(xid: 0, operation: request.operation, path: namesPath ? path : nil, isKept: kind <= 3)
        )
    }

    // MARK: Answers

    private func collect(_ night: inout Night, _ index: Int, _ seed: UInt64) throws {
        let client = night.clients[index]
        for frame in try night.ensemble.take(client.connection, on: client.server) {
            let reply = try Reply(frame)
            night.answerCount += 1
            try #require(!night.clients[index].asked.isEmpty, "seed=\(seed): nobody asked for \(reply)")
            let asked = night.clients[index].asked.removeFirst()
            #expect(reply.xid == asked.xid, "seed=\(seed)")
            if client.isReadOnly { #expect(reply.error == .notReadOnly || !asked.operation.isWrite, "seed=\(seed)") }
            guard reply.error == .ok, let path = asked.path else { continue }
            #expect(try Reply(frame, to: asked.operation).body == .path(path), "seed=\(seed)")
            if asked.isKept { night.kept.append(path) }
        }
    }
}

extension OperationCode {
    fileprivate var isWrite: Bool {
        self == .create || self == .multi || self == .setData || self == .sync
    }
}
