import Bytes
import CoordinationCore
import StateMachines
import Testing
import WireProtocol
import ZNodes

/// Several clients, pipelining at random over few nodes, on a disk that finishes when it likes.
struct RandomWorkloadTests {
    struct Client {
        var connection: ConnectionID
        var session: SessionID
        var password: [UInt8]?
        var asked: [(Int32, OperationCode)] = []
        var answered: [Reply] = []
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `answers come in order, and the log says what the tree says`(seed: UInt64) throws {
        let first = try run(seed: seed)
        // The core itself checks after every commit that the tree is what the outstanding changes had foreseen.
        let recovered = try recover(first.log)
        #expect(recovered.tree == first.core.tree, "seed=\(seed)")
        #expect(recovered.firstDigestMismatch == nil, "seed=\(seed)")
        let second = try run(seed: seed)
        #expect(Fingerprint(of: first.core) == Fingerprint(of: second.core), "seed=\(seed)")
        #expect(first.core == second.core, "seed=\(seed)")
        #expect(first.observations == second.observations, "seed=\(seed)")
        try checkObservations(first, seed)
    }

    private func run(seed: UInt64) throws -> VirtualServer {
        var random = SplitMix64(seed: seed)
        var configuration = VirtualServer.configuration()
        configuration.extendedTypesEnabled = true
        configuration.enforceQuota = true
        configuration.containerCheckInterval = .seconds(5)
        configuration.globalOutstandingLimit = 12
        var server = VirtualServer(configuration)
        var clients: [Client] = []
        for _ in 0..<4 { clients.append(try connect(&server)) }
        server.diskIsFast = false
        for _ in 1...250 {
            let index = Int(random.uniform(in: 0...3))
            switch random.uniform(in: 0...19) {
            case 0...13: send(&random, &clients[index], &server)
            case 14...17: server.finishDisk()
            case 18: server.wait(.milliseconds(random.uniform(in: 1...3_000)))
            default:
                server.finishDisk()
                try collect(&clients[index], &server, seed)
                server.step(.disconnected(clients[index].connection))
                server.diskIsFast = true
                clients[index] = try connect(&server)
                server.diskIsFast = false
            }
            for index in clients.indices { try collect(&clients[index], &server, seed) }
        }
        // Answers make room for requests that were held back.
        while server.core.tree.lastZxid < server.lastAppended { server.finishDisk() }
        for index in clients.indices { try collect(&clients[index], &server, seed) }
        for client in clients where !server.closed.contains(client.connection) {
            #expect(client.answered.count == client.asked.count, "seed=\(seed): every request is answered")
        }
        return server
    }

    private func connect(_ server: inout VirtualServer) throws -> Client {
        let (connection, response) = try server.connect(timeout: 40_000)
        return Client(connection: connection, session: response.session, password: response.password)
    }

    private func send(_ random: inout SplitMix64, _ client: inout Client, _ server: inout VirtualServer) {
        var bytes: [UInt8] = []
        for _ in 0..<random.uniform(in: 1...6) {
            let request = Self.request(&random)
            let xid = Int32(client.asked.count + 1)
            client.asked.append((xid, request.operation))
            bytes += request.frame(xid: xid)
        }
        // In two pieces, cut anywhere.
        let cut = Int(random.uniform(in: 0...UInt64(bytes.count)))
        server.send(Array(bytes[..<cut]), on: client.connection)
        server.send(Array(bytes[cut...]), on: client.connection)
    }

    private func collect(_ client: inout Client, _ server: inout VirtualServer, _ seed: UInt64) throws {
        for frame in try server.takeFrames(on: client.connection) {
            let head = try Reply(frame)
            if head.event != nil { continue }
            let (xid, operation) = client.asked[client.answered.count]
            #expect(head.xid == xid, "seed=\(seed): answers leave in order")
            let reply = try Reply(frame, to: operation)
            if let last = client.answered.last { #expect(last.zxid <= reply.zxid, "seed=\(seed)") }
            client.answered.append(reply)
        }
    }

    /// Every watch that fired had been set, and every reply belongs to a request, as the judge sees them.
    private func checkObservations(_ server: VirtualServer, _ seed: UInt64) throws {
        var open: [SessionID: Int] = [:]
        var watched: [SessionID: Int] = [:]
        var lastApplied = Zxid.zero
        for observation in server.observations {
            switch observation {
            case .request(let session, _, _): open[session, default: 0] += 1
            case .reply(let session, _):
                open[session, default: 0] -= 1
                #expect(open[session, default: 0] >= 0, "seed=\(seed)")
            case .watchSet(let session, _, _): watched[session, default: 0] += 1
            case .watchFired(let session, _, _, _):
                #expect(watched[session, default: 0] > 0, "seed=\(seed)")
            case .applied(let header, _):
                #expect(header.zxid == lastApplied.successor, "seed=\(seed)")
                lastApplied = header.zxid
            case .connectionOpened, .connectionClosed, .sessionOpened, .sessionResumed, .sessionClosed,
                .sessionExpired, .anticipated, .writing, .written:
                break
            }
        }
        #expect(lastApplied == server.core.tree.lastZxid)
    }

    private static func request(_ random: inout SplitMix64) -> ClientRequest {
        let names: [ByteString] = ["/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/deep", "/e"]
        let path = names[Int(random.uniform(in: 0...6))]
        let version = Int32(random.uniform(in: 0...3)) - 1
        let data = [UInt8](repeating: 1, count: Int(random.uniform(in: 0...9)))
        switch random.uniform(in: 0...20) {
        case 14:
            let rule = ACL(permissions: .all, scheme: "auth", id: "")
            return .setACL(SetACLRequest(path: path, acl: [rule, ACL(permissions: .read, scheme: "ip", id: "::1")]))
        case 15: return .createContainer(CreateRequest(path: path, data: data, mode: .container))
        case 16:
            return .createTTL(
                CreateTTLRequest(
                    create: CreateRequest(path: path, data: nil, mode: .timeToLiveSequential),
                    timeToLiveMilliseconds: 900))
        case 17:
            let mode = AddWatchMode.allCases[Int(random.uniform(in: 0...1))]
            return .addWatch(AddWatchRequest(path: path, mode: mode))
        case 18:
            let nodes: [ByteString] = ["", "/zookeeper_limits", "/zookeeper_stats"]
            return .multi(
                MultiRequest(
                    operations: nodes.map {
                        .create(
                            CreateRequest(
                                path: ByteString("/zookeeper/quota/a\($0)"), data: Array("countHardLimit=3".utf8)))
                    }))
        case 19: return .removeWatches(WatcherRequest(path: path, type: .any))
        case 20: return .getEphemerals(PathRequest(path: "/"))
        case 0...3:
            let mode = CreateMode(rawValue: Int32(random.uniform(in: 0...3)))!
            return .createWithStat(CreateRequest(path: path, data: data, mode: mode))
        case 4, 5: return .delete(PathVersionRequest(path: path, version: version))
        case 6, 7: return .setData(SetDataRequest(path: path, data: data, version: version))
        case 8: return .getData(PathWatchRequest(path: path, watch: true))
        case 9: return .getChildrenWithStat(PathWatchRequest(path: path, watch: true))
        case 10: return .exists(PathWatchRequest(path: path, watch: true))
        case 11: return .setACL(SetACLRequest(path: path, acl: ACL.open, version: version))
        case 12: return .sync(PathRequest(path: path))
        default:
            return .multi(
                MultiRequest(operations: [
                    .create(CreateRequest(path: path, data: nil, mode: .ephemeral)),
                    .setData(SetDataRequest(path: "/a", data: data, version: version)),
                    .check(PathVersionRequest(path: "/a")), .delete(PathVersionRequest(path: path)),
                ]))
        }
    }
}
