import Bytes
import CoordinationCore
import StateMachines
import WireProtocol

/// Several clients whose requests, comings and goings the bytes choose.
struct RequestFuzzing {
    private struct Client {
        var connection: ConnectionID
        var session: SessionID
        var password: [UInt8]?
        var asked: [OperationCode] = []
        var answered = 0
        /// Identities shown, whose answers may overtake others.
        var shown: [OperationCode] = []
        var shownAnswered = 0
        var lastZxid = Zxid.zero
    }

    private var server: FuzzedServer
    private var clients: [Client] = []

    static func check(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        var run = RequestFuzzing(server: FuzzedServer(FuzzedServer.configuration(bytes.byte() | 8)))
        for _ in 0..<3 { try run.addClient() }
        run.server.diskIsFast = bytes.flag()
        var steps = 0
        while !bytes.isEmpty, steps < 400 {
            try run.step(&bytes)
            steps += 1
        }
        try run.finish()
    }

    private init(server: FuzzedServer) { self.server = server }

    private mutating func addClient() throws(FuzzFinding) {
        guard let (connection, response) = try server.connect() else { throw FuzzFinding("a client gets a session") }
        clients.append(Client(connection: connection, session: response.session, password: response.password))
    }

    private mutating func step(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        let index = bytes.number(below: clients.count)
        switch bytes.number(below: 24) {
        case 0...17: ask(RequestChoice.request(&bytes), index)
        case 18...19: server.finishDisk()
        case 20: server.wait(.milliseconds(UInt64(bytes.byte()) * 40))
        case 21: ask(bytes.flag() ? RequestChoice.auth(&bytes) : RequestChoice.sasl(&bytes), index)
        case 22: try reconnect(index, keepsSession: bytes.flag())
        default: try collect(index)
        }
    }

    private mutating func ask(_ request: ClientRequest, _ index: Int) {
        switch request {
        case .auth, .sasl:
            clients[index].shown.append(request.operation)
            server.send(request.frame(xid: SpecialXid.auth), on: clients[index].connection)
        default:
            clients[index].asked.append(request.operation)
            server.send(request.frame(xid: Int32(clients[index].asked.count)), on: clients[index].connection)
        }
    }

    private mutating func reconnect(_ index: Int, keepsSession: Bool) throws(FuzzFinding) {
        try collect(index)
        let old = clients[index]
        if !keepsSession { server.hangUp(old.connection) }
        let wasFast = server.diskIsFast
        server.diskIsFast = true
        let session = keepsSession ? old.session : .none
        // A session that has ended is refused; then a new one will do.
        var connected = try server.connect(session: session, password: keepsSession ? old.password : nil)
        if connected == nil { connected = try server.connect() }
        guard let (connection, response) = connected else { throw FuzzFinding("a client gets a session") }
        clients[index] = Client(
            connection: connection, session: response.session, password: response.password)
        server.diskIsFast = wasFast
    }

    /// Answers come in the order of their requests, and never show an older state than the one before.
    private mutating func collect(_ index: Int) throws(FuzzFinding) {
        for frame in try server.takeFrames(on: clients[index].connection) {
            let head = try Answer(frame, to: nil)
            if head.isNotification { continue }
            if head.xid == SpecialXid.auth {
                try demand(clients[index].shownAnswered < clients[index].shown.count, "nobody is told of other proofs")
                _ = try Answer(frame, to: clients[index].shown[clients[index].shownAnswered])
                clients[index].shownAnswered += 1
                continue
            }
            let number = clients[index].answered
            try demand(number < clients[index].asked.count, "nobody gets an answer unasked")
            try demand(head.xid == Int32(number + 1), "answer \(head.xid) came before answer \(number + 1)")
            let answer = try Answer(frame, to: clients[index].asked[number])
            try demand(answer.zxid >= clients[index].lastZxid, "no answer is older than the one before")
            clients[index].lastZxid = answer.zxid
            clients[index].answered += 1
        }
    }

    private mutating func finish() throws(FuzzFinding) {
        server.diskIsFast = true
        server.finishDisk()
        for index in clients.indices {
            try collect(index)
            guard !server.closed.contains(clients[index].connection) else { continue }
            try demand(
                clients[index].answered == clients[index].asked.count,
                "every request is answered: \(clients[index].answered) of \(clients[index].asked.count)")
        }
        try server.checkLog()
        server.wait(.seconds(40))
        try server.checkHealth()
        try server.checkLog()
    }
}

/// Requests by the bytes, over few nodes, so that they meet.
enum RequestChoice {
    private static let names: [ByteString] = [
        "/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/deep", "/", "/zookeeper", "/zookeeper/quota/a",
        "/zookeeper/quota/a/zookeeper_limits", "/zookeeper/quota/a/zookeeper_stats", "/zookeeper/config", "/a/x/", "",
        "a",
    ]

    private static func path(_ bytes: inout FuzzBytes) -> ByteString {
        let number = bytes.number(below: names.count + 1)
        return number < names.count ? names[number] : ByteString(bytes: bytes.run())
    }

    private static func data(_ bytes: inout FuzzBytes) -> [UInt8]? {
        switch bytes.number(below: 6) {
        case 0: nil
        case 1: []
        case 2: bytes.run()
        case 3: Array("count=\(bytes.int64()),bytes=\(bytes.int64())".utf8)
        case 4: Array("count=\(bytes.byte()),bytes=\(bytes.byte())=;byteHardLimit=9;countHardLimit=3".utf8)
        default: [UInt8](repeating: 7, count: Int(bytes.byte()) * 40)
        }
    }

    private static func version(_ bytes: inout FuzzBytes) -> Int32 { Int32(bytes.number(below: 4)) - 1 }

    private static func acl(_ bytes: inout FuzzBytes) -> [ACL]? {
        let some = Permissions(rawValue: Int32(bytes.byte() & 31))
        return switch bytes.number(below: 7) {
        case 0...2: ACL.open
        case 3: [ACL(permissions: some, scheme: "world", id: "anyone")]
        case 4:
            [ACL(permissions: some, scheme: "auth", id: ""), ACL(permissions: .read, scheme: "ip", id: "127.0.0.0/8")]
        case 5: [ACL(permissions: some, scheme: ByteString(bytes: bytes.run()), id: ByteString(bytes: bytes.run()))]
        default: bytes.flag() ? nil : []
        }
    }

    private static func creation(_ bytes: inout FuzzBytes, _ mode: CreateMode? = nil) -> CreateRequest {
        CreateRequest(
            path: path(&bytes), data: data(&bytes), acl: acl(&bytes), mode: mode ?? bytes.choice(CreateMode.allCases))
    }

    private static func timed(_ bytes: inout FuzzBytes) -> CreateTTLRequest {
        let milliseconds = bytes.flag() ? bytes.int64() : Int64(bytes.byte()) * 100
        return CreateTTLRequest(
            create: creation(&bytes, bytes.flag() ? .timeToLive : .timeToLiveSequential),
            timeToLiveMilliseconds: milliseconds)
    }

    static func auth(_ bytes: inout FuzzBytes) -> ClientRequest {
        .auth(AuthRequest(scheme: bytes.choice(["digest", "ip", "x509", "ensemble"]), credentials: bytes.run()))
    }

    static func sasl(_ bytes: inout FuzzBytes) -> ClientRequest {
        .sasl(TokenRequest(token: bytes.flag() ? nil : bytes.run()))
    }

    static func request(_ bytes: inout FuzzBytes) -> ClientRequest {
        switch bytes.number(below: 32) {
        case 0...4: .create(creation(&bytes))
        case 5...6: .createWithStat(creation(&bytes))
        case 7: .createContainer(creation(&bytes, .container))
        case 8: .createTTL(timed(&bytes))
        case 9...11: .delete(PathVersionRequest(path: path(&bytes), version: version(&bytes)))
        case 12...14: .setData(SetDataRequest(path: path(&bytes), data: data(&bytes), version: version(&bytes)))
        case 15: .setACL(SetACLRequest(path: path(&bytes), acl: acl(&bytes), version: version(&bytes)))
        case 16...18: .multi(MultiRequest(operations: (0..<bytes.number(below: 5)).map { _ in operation(&bytes) }))
        case 19: .deleteContainer(PathRequest(path: path(&bytes)))
        case 20: .reconfig(ReconfigRequest(joiningServers: "server.2=h:1:2;3", leavingServers: nil, newMembers: nil))
        case 21: .closeSession
        default: read(&bytes)
        }
    }

    private static func operation(_ bytes: inout FuzzBytes) -> MultiOperation {
        switch bytes.number(below: 8) {
        case 0...1: .create(creation(&bytes))
        case 2: .createWithStat(creation(&bytes))
        case 3: .createContainer(creation(&bytes, .container))
        case 4: .createTTL(timed(&bytes))
        case 5: .delete(PathVersionRequest(path: path(&bytes), version: version(&bytes)))
        case 6: .setData(SetDataRequest(path: path(&bytes), data: data(&bytes), version: version(&bytes)))
        default: .check(PathVersionRequest(path: path(&bytes), version: version(&bytes)))
        }
    }

    private static func read(_ bytes: inout FuzzBytes) -> ClientRequest {
        let node = PathWatchRequest(path: path(&bytes), watch: bytes.flag())
        return switch bytes.number(below: 16) {
        case 0: .exists(node)
        case 1: .getData(node)
        case 2: .getChildren(node)
        case 3: .getChildrenWithStat(node)
        case 4: .getACL(PathRequest(path: node.path))
        case 5: .sync(PathRequest(path: node.path))
        case 6: .getEphemerals(PathRequest(path: node.path))
        case 7: .getAllChildrenNumber(PathRequest(path: node.path))
        case 8: .addWatch(AddWatchRequest(path: node.path, mode: bytes.choice(AddWatchMode.allCases)))
        case 9: .checkWatches(WatcherRequest(path: node.path, type: bytes.choice(WatcherType.allCases)))
        case 10: .removeWatches(WatcherRequest(path: node.path, type: bytes.choice(WatcherType.allCases)))
        case 11: .multiRead(MultiReadRequest(operations: [.getData(node), .getChildren(node)]))
        case 12: .setAllWatches(watches(node.path, &bytes))
        case 13: .setWatches(watches(node.path, &bytes).oneShot)
        case 14: .whoAmI
        default: .ping
        }
    }

    private static func watches(_ first: ByteString, _ bytes: inout FuzzBytes) -> SetAllWatchesRequest {
        let oneShot = SetWatchesRequest(
            relativeZxid: Zxid(rawValue: UInt64(bytes.byte())), dataWatches: [first, path(&bytes)],
            existWatches: [path(&bytes)], childWatches: [path(&bytes)])
        return SetAllWatchesRequest(
            oneShot: oneShot, persistentWatches: [path(&bytes)], persistentRecursiveWatches: [path(&bytes)])
    }
}
