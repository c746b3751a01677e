import Bytes
import CoordinationCore
import StateMachines
import TransactionLog
import WireProtocol
import ZNodes

/// A server without sockets and disk: bytes go in, bytes come out, and time passes when it is told to.
struct FuzzedServer {
    private(set) var core: CoordinationCore
    private(set) var closed: Set<ConnectionID> = []
    /// Completes every write at once.
    var diskIsFast = true
    private var now = Tick.seconds(1_000)
    /// The log file that the server has written.
    private var log: [UInt8]
    private var lastAppended: Zxid
    private var timerAt: Tick?
    private var received: [ConnectionID: [UInt8]] = [:]
    private var nextConnection: UInt64 = 1

    private static let operatorName: ByteString = "CN=operator"

    init(_ configuration: CoreConfiguration = CoreConfiguration(), recovered: RecoveredState = RecoveredState()) {
        var configuration = configuration
        configuration.access.x509SuperUser = Self.operatorName.description
        core = CoordinationCore(configuration, recovered: recovered, at: now)
        lastAppended = recovered.tree.lastZxid
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        log = writer.bytes
        step(.clockRead(1_700_000_000_000))
        step(.started)
    }

    /// Every second feature of a server, switched by the bits of a byte.
    static func configuration(_ bits: UInt8) -> CoreConfiguration {
        var configuration = CoreConfiguration()
        configuration.extendedTypesEnabled = bits & 1 != 0
        configuration.enforceQuota = bits & 2 != 0
        configuration.isAuditing = bits & 4 != 0
        configuration.isObserving = bits & 8 != 0
        configuration.reconfigEnabled = bits & 16 != 0
        if bits & 32 != 0 { configuration.commandWhitelist = FourLetterWord.allCases }
        if bits & 64 != 0 {
            configuration.access.authProviders = ["sasl", "x509", "ensemble"]
            configuration.access.saslUsers = ["ann": "secret"]
        }
        if bits & 128 != 0 {
            configuration.globalOutstandingLimit = 3
            configuration.waitingRequestLimit = 4
        }
        configuration.containerCheckInterval = .seconds(5)
        return configuration
    }

    mutating func step(_ input: CoordinationCore.Input) {
        var effects = EffectBuffer<CoordinationCore.Effect>()
        core.step(input, at: now, into: &effects)
        while let effect = effects.popFirst() { perform(effect) }
        if diskIsFast { finishDisk() }
    }

    private mutating func perform(_ effect: CoordinationCore.Effect) {
        switch effect {
        case .send(let id):
            var sent = ByteWriter()
            core.takeOutput(of: id) { sent.append($0) }
            received[id, default: []] += sent.bytes
        case .close(let id, let last):
            received[id, default: []] += last
            closed.insert(id)
        case .persist(let entries, _, let zxid):
            log += entries
            lastAppended = zxid
        case .surveyHost(let id, let word): step(.hostSurveyed(id, word, HostFacts()))
        case .setTimer(let delay): timerAt = now + delay
        case .pauseReading, .resumeReading, .observe, .audit, .notice: break
        case .ensemble(let effect): preconditionFailure("a server alone asked for \(effect)")
        }
    }

    /// Everything asked to be written is on disk.
    mutating func finishDisk() {
        while core.tree.lastZxid < lastAppended { step(.persisted(through: lastAppended)) }
    }

    /// The clock moves on; timers fire on their way.
    mutating func wait(_ time: Tick) {
        let end = now + time
        while let due = timerAt, due <= end {
            now = due
            timerAt = nil
            step(.timerFired)
        }
        now = end
    }

    // MARK: A client's side

    /// - Parameter isOperator: may do everything.
    mutating func open(isOperator: Bool = false) -> ConnectionID {
        let id = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        step(.connected(id, address: isOperator ? "10.0.0.1:2" : "127.0.0.1:1"))
        if isOperator { step(.identified(id, Identity(scheme: "x509", id: Self.operatorName))) }
        return id
    }

    mutating func send(_ bytes: [UInt8], on id: ConnectionID) {
        if !closed.contains(id) { step(.received(id, bytes)) }
    }

    mutating func hangUp(_ id: ConnectionID) {
        if !closed.contains(id) { step(.disconnected(id)) }
        closed.insert(id)
    }

    /// Everything that has arrived since the last look.
    mutating func takeBytes(on id: ConnectionID) -> [UInt8] { received.removeValue(forKey: id) ?? [] }

    /// The same as frames.
    mutating func takeFrames(on id: ConnectionID) throws(FuzzFinding) -> [[UInt8]] {
        var buffer = FrameBuffer(limit: .max)
        buffer.append(takeBytes(on: id))
        var frames: [[UInt8]] = []
        try promised("a server sends frames of possible lengths") {
            while let payload = try buffer.nextPayload() { frames.append(payload) }
        }
        try demand(buffer.pendingByteCount == 0, "a server sends whole frames")
        return frames
    }

    /// Opens a connection and shakes hands; `nil` where the server has hung up, or the session is gone.
    mutating func connect(
        session: SessionID = .none, password: [UInt8]? = nil, isOperator: Bool = false
    ) throws(FuzzFinding) -> (ConnectionID, ConnectResponse)? {
        let id = open(isOperator: isOperator)
        let request = ConnectRequest(
            lastZxidSeen: .zero, timeoutMilliseconds: 10_000, session: session, password: password)
        var writer = ByteWriter()
        writer.writeFrame { request.encode(into: &$0) }
        send(writer.bytes, on: id)
        finishDisk()
        guard let payload = try takeFrames(on: id).first else { return nil }
        let response = try Answer.handshake(payload)
        return response.session == .none ? nil : (id, response)
    }

    // MARK: Promises

    /// Whoever has done whatever before: a new client is served.
    mutating func checkHealth() throws(FuzzFinding) {
        diskIsFast = true
        finishDisk()
        guard let (id, _) = try connect(isOperator: true) else { throw FuzzFinding("a new client gets a session") }
        let path: ByteString = "/is-anybody-there"
        let requests: [ClientRequest] = [
            .create(CreateRequest(path: path, data: [1])), .getData(PathWatchRequest(path: path)),
            .delete(PathVersionRequest(path: path)), .getChildrenWithStat(PathWatchRequest(path: "/")), .whoAmI, .ping,
            .closeSession,
        ]
        var answers: [Answer] = []
        for (number, request) in requests.enumerated() {
            send(request.frame(xid: Int32(number + 1)), on: id)
            let replies = try takeFrames(on: id)
            try demand(replies.count == 1, "one request has one answer, not \(replies.count)")
            let answer = try Answer(replies[0], to: request.operation)
            try demand(answer.xid == Int32(number + 1), "an answer belongs to its request")
            answers.append(answer)
        }
        if answers[0].error == .ok {
            guard case .dataAndStat([1], _)? = answers[1].body else { throw FuzzFinding("what was created is there") }
            try demand(answers[2].error == .ok, "what was created can be deleted")
        }
        try demand(answers[3...].allSatisfy { $0.error == .ok }, "reads of an operator succeed")
        try demand(closed.contains(id), "the end of a session is the end of its connection")
    }

    /// The log says what the tree says.
    ///
    /// - Parameter beginning: what the server started from.
    func checkLog(from beginning: RecoveredState = RecoveredState()) throws(FuzzFinding) {
        var state = beginning
        let torn = try promised("a server reads its own log") {
            var reader = LogReader(file: "log.1", after: beginning.tree.lastZxid)
            reader.append(log.span.bytes)
            while let transaction = try reader.next() { state.apply(transaction) }
            return try reader.finish()
        }
        try demand(torn == 0, "a log that was written is whole")
        try demand(
            state.firstDigestMismatch == beginning.firstDigestMismatch,
            "replaying gives the digest of every transaction")
        try demand(state.tree == core.tree, "replaying the log gives the tree")
    }
}

/// What a server has sent, decoded to its last byte.
struct Answer {
    var xid: Int32
    var zxid: Zxid
    var error: ErrorCode
    var body: ClientResponse?

    var isNotification: Bool { xid == SpecialXid.notification }

    /// - Parameter operation: what it answers; `nil` leaves the body alone.
    init(_ payload: [UInt8], to operation: OperationCode?) throws(FuzzFinding) {
        var reader = ByteReader(payload.span.bytes, lengthLimit: .max)
        do throws(ByteError) {
            let header = try ReplyHeader(from: &reader)
            guard let known = ErrorCode(rawValue: header.error) else {
                throw ByteError.unknownValue(Int(header.error), offset: 12)
            }
            (xid, zxid, error) = (header.xid, header.zxid, known)
            if header.xid == SpecialXid.notification {
                let event = try WatcherEvent(from: &reader)
                guard WatchEventType(rawValue: event.type) != nil else {
                    throw ByteError.unknownValue(Int(event.type), offset: 16)
                }
            } else if let operation, known == .ok || operation == .sasl {
                body = try ClientResponse(to: operation, from: &reader)
            } else if operation == nil {
                return
            }
        } catch {
            throw FuzzFinding("an answer can be read: \(error)")
        }
        try demand(reader.isAtEnd, "an answer ends where its body ends")
    }

    /// For clients that may have called a request what notifications are called.
    static func checkHeader(_ payload: [UInt8]) throws(FuzzFinding) {
        let header = try promised("an answer can be read") {
            var reader = ByteReader(payload.span.bytes)
            return try ReplyHeader(from: &reader)
        }
        try demand(ErrorCode(rawValue: header.error) != nil, "clients know the code \(header.error)")
    }

    static func handshake(_ payload: [UInt8]) throws(FuzzFinding) -> ConnectResponse {
        try promised("the answer to a handshake can be read") {
            var reader = ByteReader(payload.span.bytes)
            let response = try ConnectResponse(from: &reader)
            guard reader.isAtEnd else { throw ByteError.unknownValue(reader.remaining, offset: reader.offset) }
            return response
        }
    }
}
