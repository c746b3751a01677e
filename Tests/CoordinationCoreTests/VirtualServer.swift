import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// A server without a machine under it: bytes go in, bytes come out, and the test is the disk and the clock.
struct VirtualServer {
    var core: CoordinationCore
    var now = Tick.seconds(1_000)
    /// What has been asked to be written.
    var log: [UInt8] = []
    /// The last transaction asked to be written.
    var lastAppended = Zxid.zero
    /// Completes every write at once.
    var diskIsFast = true
    var hostFacts = HostFacts()
    var observations: [Observation] = []
    var audit: [AuditRecord] = []
    var notices: [Notice] = []
    var closed: Set<ConnectionID> = []
    var paused: Set<ConnectionID> = []
    var timerAt: Tick?
    private var received: [ConnectionID: [UInt8]] = [:]
    private var nextConnection: UInt64 = 1

    init(_ configuration: CoreConfiguration = VirtualServer.configuration(), recovered: RecoveredState = .init()) {
        core = CoordinationCore(configuration, recovered: recovered, at: now)
        lastAppended = recovered.tree.lastZxid
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        log = writer.bytes
        step(.clockRead(1_700_000_000_000))
        step(.started)
    }

    static func configuration() -> CoreConfiguration {
        var configuration = CoreConfiguration()
        configuration.isObserving = true
        configuration.commandWhitelist = FourLetterWord.allCases
        return configuration
    }

    mutating func step(_ input: CoordinationCore.Input) {
        var effects = EffectBuffer<CoordinationCore.Effect>()
        core.step(input, at: now, into: &effects)
        while let effect = effects.popFirst() { perform(effect) }
        if diskIsFast, core.tree.lastZxid < lastAppended { step(.persisted(through: lastAppended)) }
    }

    private mutating func perform(_ effect: CoordinationCore.Effect) {
        switch effect {
        case .send(let id):
            var sent: [UInt8] = []
            core.takeOutput(of: id) { span in span.withUnsafeBytes { sent.append(contentsOf: $0) } }
            received[id, default: []] += sent
        case .close(let id, let last):
            received[id, default: []] += last
            closed.insert(id)
        case .pauseReading(let id): paused.insert(id)
        case .resumeReading(let id): paused.remove(id)
        case .persist(let entries, _, let zxid):
            log += entries
            lastAppended = zxid
        case .surveyHost(let id, let word): step(.hostSurveyed(id, word, hostFacts))
        case .setTimer(let delay): timerAt = now + delay
        case .observe(let observation): observations.append(observation)
        case .audit(let record): audit.append(record)
        case .notice(let notice): notices.append(notice)
        case .ensemble(let effect): Issue.record("a server alone asked for \(effect)")
        }
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

    /// The clock moves on, and a client pings meanwhile. What it hears of watches stays to be looked at.
    mutating func keepAlive(_ id: ConnectionID, _ time: Tick) throws {
        let end = now + time
        while now < end {
            wait(min(.seconds(3), end - now))
            send(ClientRequest.ping.frame(xid: SpecialXid.ping), on: id)
        }
        received[id] = try takeFrames(on: id).filter { try Reply($0).event != nil }.flatMap(framed)
    }

    /// The notifications that have arrived; replies are dropped.
    mutating func events(on id: ConnectionID) throws -> [WatcherEvent] {
        try takeFrames(on: id).compactMap { try Reply($0).event }
    }

    mutating func finishDisk() { if core.tree.lastZxid < lastAppended { step(.persisted(through: lastAppended)) } }

    // MARK: A client's side

    mutating func open(address: String = "127.0.0.1:40000") -> ConnectionID {
        defer { nextConnection += 1 }
        let id = ConnectionID(rawValue: nextConnection)
        step(.connected(id, address: address))
        return id
    }

    mutating func send(_ bytes: [UInt8], on id: ConnectionID) { step(.received(id, bytes)) }

    mutating func send(_ requests: [(Int32, ClientRequest)], on id: ConnectionID) {
        send(requests.flatMap { $0.1.frame(xid: $0.0) }, on: id)
    }

    /// Everything that has arrived since the last look.
    mutating func take(on id: ConnectionID) -> [UInt8] { received.removeValue(forKey: id) ?? [] }

    mutating func takeFrames(on id: ConnectionID) throws -> [[UInt8]] {
        var buffer = FrameBuffer()
        buffer.append(take(on: id))
        var frames: [[UInt8]] = []
        while let payload = try buffer.nextPayload() { frames.append(payload) }
        #expect(buffer.pendingByteCount == 0)
        return frames
    }

    /// Opens a connection and shakes hands.
    mutating func connect(
        session: SessionID = .none, password: [UInt8]? = Array(repeating: 0, count: 16), timeout: Int32 = 10_000,
        lastZxidSeen: Zxid = .zero, address: String = "127.0.0.1:40000"
    ) throws -> (ConnectionID, ConnectResponse) {
        let id = open(address: address)
        let request = ConnectRequest(
            lastZxidSeen: lastZxidSeen, timeoutMilliseconds: timeout, session: session, password: password)
        send(framed(request.encoded), on: id)
        let payload = try #require(try takeFrames(on: id).first)
        var reader = ByteReader(payload.span.bytes)
        return (id, try ConnectResponse(from: &reader))
    }

    /// One request and its answer; notifications before it are an error here.
    mutating func ask(_ request: ClientRequest, xid: Int32 = 1, on id: ConnectionID) throws -> Reply {
        send(request.frame(xid: xid), on: id)
        let frames = try takeFrames(on: id)
        #expect(frames.count == 1)
        return try Reply(try #require(frames.last), to: request.operation)
    }
}

/// A decoded answer, or a notification.
struct Reply: Equatable {
    var xid: Int32
    var zxid: Zxid
    var error: ErrorCode
    var body: ClientResponse?
    var event: WatcherEvent?

    init(_ payload: [UInt8], to operation: OperationCode? = nil) throws {
        var reader = ByteReader(payload.span.bytes)
        let header = try ReplyHeader(from: &reader)
        (xid, zxid) = (header.xid, header.zxid)
        error = try #require(ErrorCode(rawValue: header.error))
        if xid == SpecialXid.notification {
            event = try WatcherEvent(from: &reader)
        } else if error == .ok, let operation {
            body = try ClientResponse(to: operation, from: &reader)
        }
    }
}

func framed(_ payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.writeBuffer(payload)
    return writer.bytes
}

/// What a restart would find.
func recover(_ log: [UInt8]) throws -> RecoveredState {
    var reader = LogReader(file: "log.1", after: .zero)
    var state = RecoveredState()
    reader.append(log.span.bytes)
    while let transaction = try reader.next() { state.apply(transaction) }
    #expect(try reader.finish() == 0)
    return state
}

func create(_ path: ByteString, _ data: [UInt8]? = [], _ mode: CreateMode = .persistent) -> ClientRequest {
    .create(CreateRequest(path: path, data: data, mode: mode))
}
