import Bytes
import CoordinationCore
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes
import Zab

/// Servers without machines under them: every message arrives at once and in order, unless its link is cut; every write
/// is on disk at once. What has arrived at a server, before anything else happens there, is one turn of it.
struct VirtualEnsemble {
    struct Server {
        var core: CoordinationCore
        var log: [UInt8]
        var epochs = Epochs()
        /// Its configuration file.
        var file: Ensemble
        var isUp = true
        var timers: [PeerTimer: Tick] = [:]
        var coreTimer: Tick?
        var received: [ConnectionID: [UInt8]] = [:]
        var closed: Set<ConnectionID> = []
        var nextConnection: UInt64 = 1
        /// How often it has written to its log, and to clients.
        var logWrites = 0
        var answerWrites = 0
        var audit: [AuditRecord] = []
        var notices: [Notice] = []

        func has(_ path: ByteString) -> Bool { core.tree.find(path) != nil }
    }

    private struct Event {
        var server: Int
        var input: CoordinationCore.Input

        /// What another server has said, if it is that.
        var arrival: EnsembleInput? {
            guard case .ensemble(let input) = input else { return nil }
            switch input {
            case .peer(.received), .requested, .touched, .revalidationAsked, .revalidated, .synchronized: return input
            case .peer: return nil
            }
        }
    }

    private(set) var servers: [Server] = []
    var now = Tick.seconds(1_000)
    private var events = Queue<Event>()
    /// Pairs of servers with an open stream, learner first.
    private var streams: Set<[Int]> = []
    var isolated: Set<Int> = []
    /// While true, nothing that is written is known to be on a disk, until `finishDisks`.
    var disksAreSlow = false
    private var unfinished: [Event] = []
    /// Changes what one server tells another, by the receiver's number.
    var alter: ((EnsembleInput, Int) -> EnsembleInput)?

    private let setup: Setup

    /// What the servers are like.
    struct Setup {
        var count = 3
        /// Their numbers.
        var observers: Set<Int> = []
        /// Servers that are no members at first, after those that are.
        var spares = 0
        var core = CoreConfiguration()
        var transactionsPerEpoch = UInt32.max - 1
        var hostsObservers = false
        var hostFacts = HostFacts()

        /// The file of a spare names the members and itself.
        func file(of server: Int) -> Ensemble {
            let members = Array(0..<count) + (server < count ? [] : [server])
            guard core.reconfigEnabled else {
                return Ensemble(members.map { Ensemble.Member(ServerID(Int64($0 + 1)), role: role(of: $0)) })
            }
            let lines = members.map { number in
                VirtualEnsemble.line(number, role: observers.contains(number) ? .observer : .participant)
            }
            return Ensemble(configuration: Array(lines.joined(separator: "\n").utf8))!
        }

        private func role(of server: Int) -> Ensemble.Role { observers.contains(server) ? .observer : .participant }
    }

    /// Of a configuration.
    static func line(_ server: Int, role: QuorumServer.Role = .participant) -> String {
        "server.\(server + 1)=10.0.0.\(server + 1):2888:3888:\(role.rawValue);0.0.0.0:2181"
    }

    init(_ count: Int) { self.init(Setup(count: count)) }

    init(_ setup: Setup = Setup()) {
        self.setup = setup
        for number in 0..<setup.count + setup.spares {
            let file = setup.file(of: number)
            servers.append(
                Server(
                    core: Self.core(number, setup, file, RecoveredState(), Epochs(), now), log: Self.emptyLog,
                    file: file))
            post(.clockRead(1_700_000_000_000), to: number)
            post(.started, to: number)
        }
        settle()
    }

    private static var emptyLog: [UInt8] {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        return writer.bytes
    }

    private static func core(
        _ number: Int, _ setup: Setup, _ file: Ensemble, _ recovered: RecoveredState, _ epochs: Epochs, _ now: Tick
    ) -> CoordinationCore {
        var configuration = setup.core
        configuration.serverID = UInt8(number + 1)
        let peer = ZabPeer(
            ZabConfiguration(
                me: ServerID(Int64(number + 1)), ensemble: file, mayReconfigure: configuration.reconfigEnabled,
                transactionsPerEpoch: setup.transactionsPerEpoch, hostsObservers: setup.hostsObservers),
            history: History(after: recovered.tree.lastZxid), epochs: epochs, ensembles: recovered.ensembles)
        return CoordinationCore(configuration, recovered: recovered, peer: peer, at: now)
    }

    // MARK: Events

    private mutating func post(_ input: CoordinationCore.Input, to server: Int) {
        events.append(Event(server: server, input: input))
    }

    private mutating func post(_ sent: EnsembleInput, to server: ServerID, from sender: Int) {
        let receiver = index(server)
        let input = alter.map { $0(sent, receiver) } ?? sent
        guard servers[receiver].isUp, !isolated.contains(sender), !isolated.contains(receiver) else { return }
        post(.ensemble(input), to: receiver)
    }

    private func id(_ server: Int) -> ServerID { ServerID(Int64(server + 1)) }
    private func index(_ server: ServerID) -> Int { Int(server.rawValue) - 1 }

    mutating func settle() {
        var count = 0
        while let event = events.popFirst() {
            count += 1
            precondition(count < 100_000, "the ensemble never comes to rest")
            guard servers[event.server].isUp else { continue }
            if let arrival = event.arrival {
                takeTurn(from: arrival, event.server)
            } else {
                step(event.input, event.server)
            }
        }
    }

    private mutating func takeTurn(from first: EnsembleInput, _ server: Int) {
        var effects = EffectBuffer<CoordinationCore.Effect>()
        var isOver = servers[server].core.stepInTurn(first, at: now, into: &effects)
        var rest = Queue<Event>()
        while let event = events.popFirst() {
            if !isOver, event.server == server, let arrival = event.arrival {
                isOver = servers[server].core.stepInTurn(arrival, at: now, into: &effects)
            } else {
                if event.server == server { isOver = true }
                rest.append(event)
            }
        }
        events = rest
        servers[server].core.endTurn(at: now, into: &effects)
        while let effect = effects.popFirst() { perform(effect, server) }
    }

    private mutating func step(_ input: CoordinationCore.Input, _ server: Int) {
        var effects = EffectBuffer<CoordinationCore.Effect>()
        servers[server].core.step(input, at: now, into: &effects)
        while let effect = effects.popFirst() { perform(effect, server) }
    }

    private mutating func perform(_ effect: CoordinationCore.Effect, _ server: Int) {
        switch effect {
        case .send(let id):
            var sent: [UInt8] = []
            servers[server].core.takeOutput(of: id) { span in span.withUnsafeBytes { sent.append(contentsOf: $0) } }
            servers[server].received[id, default: []] += sent
            servers[server].answerWrites += 1
        case .close(let id, let last):
            servers[server].received[id, default: []] += last
            servers[server].closed.insert(id)
        case .persist(let entries, _, let zxid):
            servers[server].log += entries
            servers[server].logWrites += 1
            let done = Event(server: server, input: .persisted(through: zxid))
            if disksAreSlow { unfinished.append(done) } else { events.append(done) }
        case .setTimer(let delay): servers[server].coreTimer = now + delay
        case .ensemble(let effect): perform(effect, server)
        case .surveyHost(let id, let word): post(.hostSurveyed(id, word, setup.hostFacts), to: server)
        case .audit(let record): servers[server].audit.append(record)
        case .notice(let notice): servers[server].notices.append(notice)
        case .pauseReading, .resumeReading, .observe: break
        }
    }

    private mutating func perform(_ effect: EnsembleEffect, _ server: Int) {
        switch effect {
        case .peer(let effect): perform(effect, server)
        case .request(let request, let identities):
            post(.requested(request, identities, from: id(server)), to: leader(of: server), from: server)
        case .ping(let zxid, let touches):
            let leader = leader(of: server)
            post(.touched(touches), to: leader, from: server)
            post(.peer(.received(.ping(zxid), from: id(server))), to: leader, from: server)
        case .revalidate(let session):
            post(.revalidationAsked(session, from: id(server)), to: leader(of: server), from: server)
        case .revalidated(let session, let isValid, let to):
            post(.revalidated(session, isValid: isValid), to: to, from: server)
        case .synchronized(let to): post(.synchronized, to: to, from: server)
        }
    }

    private func leader(of server: Int) -> ServerID {
        servers[server].core.standing.master ?? id(server)
    }

    private mutating func perform(_ effect: PeerEffect, _ server: Int) {
        switch effect {
        case .notify(let notification, let to):
            post(.peer(.notified(notification, from: id(server))), to: to, from: server)
        case .connect(let leader, _): connect(server, to: leader)
        case .disconnect(let other):
            streams.remove([server, index(other)])
            streams.remove([index(other), server])
            post(.peer(.disconnected(id(server))), to: other, from: server)
        case .send(let packet, let to):
            post(.peer(.received(packet, from: id(server))), to: to, from: server)
        case .storeEpoch(let epoch):
            switch epoch {
            case .accepted(let value): servers[server].epochs.accepted = value
            case .current(let value): servers[server].epochs.current = value
            }
            post(.ensemble(.peer(.epochStored(epoch))), to: server)
        case .truncateLog(let zxid):
            cutLog(of: server, to: servers[server].log, through: zxid)
            post(.ensemble(.peer(.truncated(to: zxid, window: [], before: zxid))), to: server)
        case .installSnapshot(let zxid, let leader):
            cutLog(of: server, to: servers[index(leader)].log, through: zxid)
            post(.ensemble(.peer(.snapshotInstalled(through: zxid))), to: server)
        case .readLog(_, _, let learner): post(.ensemble(.peer(.logRead(nil, for: learner))), to: server)
        case .setTimer(let timer, let after): servers[server].timers[timer] = now + after
        case .cancelTimer(let timer): servers[server].timers[timer] = nil
        case .adoptEnsemble(let ensemble): servers[server].file = ensemble
        case .changeRole, .expectEnsemble: break
        case .append, .deliver, .anticipate: Issue.record("the core keeps \(effect) to itself")
        case .askOracle: Issue.record("nobody has told of an oracle")
        }
    }

    private mutating func connect(_ server: Int, to leader: ServerID) {
        let other = index(leader)
        let isOpen =
            servers[other].isUp
            && (servers[other].core.isAcceptingLearners || servers[other].core.standing.isHostingObservers)
            && !isolated.contains(server)
            && !isolated.contains(other)
        if isOpen { streams.insert([server, other]) }
        post(.ensemble(.peer(isOpen ? .connected(leader) : .disconnected(leader))), to: server)
    }

    // MARK: The disk

    /// Gives a server the beginning of a log, its own or another's, and the state of there.
    private mutating func cutLog(of server: Int, to whole: [UInt8], through zxid: Zxid) {
        var reader = LogReader(file: "log.1", after: .zero)
        reader.append(whole.span.bytes)
        var state = RecoveredState()
        var log = Self.emptyLog
        while let transaction = try? reader.next(), transaction.header.zxid <= zxid {
            state.apply(transaction)
            var writer = ByteWriter()
            LogFormat.writeEntry(transaction, into: &writer)
            log += writer.bytes
        }
        servers[server].log = log
        servers[server].core.load(state, at: now)
    }

    mutating func finishDisks() {
        disksAreSlow = false
        for event in unfinished { events.append(event) }
        unfinished = []
        settle()
    }

    // MARK: Time and faults

    mutating func wait(_ time: Tick) {
        let end = now + time
        while let due = nextTimer, due <= end {
            now = due
            fire()
            settle()
        }
        now = end
    }

    private var nextTimer: Tick? {
        servers.filter(\.isUp).flatMap { Array($0.timers.values) + [$0.coreTimer].compactMap(\.self) }.min()
    }

    private mutating func fire() {
        for server in servers.indices where servers[server].isUp {
            if let due = servers[server].coreTimer, due <= now {
                servers[server].coreTimer = nil
                post(.timerFired, to: server)
            }
            for timer in PeerTimer.allCases {
                guard let due = servers[server].timers[timer], due <= now else { continue }
                servers[server].timers[timer] = nil
                post(.ensemble(.peer(.timerFired(timer))), to: server)
            }
        }
    }

    mutating func crash(_ server: Int) {
        servers[server].isUp = false
        unfinished.removeAll { $0.server == server }
        breakStreams(of: server)
        settle()
    }

    private mutating func breakStreams(of server: Int) {
        for stream in streams.sorted(by: { $0.lexicographicallyPrecedes($1) }) where stream.contains(server) {
            streams.remove(stream)
            post(.ensemble(.peer(.disconnected(id(stream[0])))), to: stream[1])
            post(.ensemble(.peer(.disconnected(id(stream[1])))), to: stream[0])
        }
    }

    /// Everybody can reach everybody again. No stream survives that something was lost from it.
    mutating func heal() {
        for server in isolated.sorted() { breakStreams(of: server) }
        isolated = []
        settle()
    }

    mutating func restart(_ server: Int) throws {
        let recovered = try recover(servers[server].log)
        servers[server] = Server(
            core: Self.core(server, setup, servers[server].file, recovered, servers[server].epochs, now),
            log: servers[server].log, epochs: servers[server].epochs, file: servers[server].file)
        post(.clockRead(1_700_000_000_000), to: server)
        post(.started, to: server)
        settle()
    }

    /// The only server that leads.
    var leader: Int? {
        let leading = servers.indices.filter { servers[$0].isUp && servers[$0].core.isLeading }
        return leading.count == 1 ? leading[0] : nil
    }

    // MARK: A client's side

    mutating func send(_ bytes: [UInt8], _ id: ConnectionID, on server: Int) {
        post(.received(id, bytes), to: server)
        settle()
    }

    mutating func take(_ id: ConnectionID, on server: Int) throws -> [[UInt8]] {
        var buffer = FrameBuffer()
        buffer.append(servers[server].received.removeValue(forKey: id) ?? [])
        var frames: [[UInt8]] = []
        while let payload = try buffer.nextPayload() { frames.append(payload) }
        return frames
    }

    mutating func connect(
        to server: Int, session: SessionID = .none, password: [UInt8]? = Array(repeating: 0, count: 16),
        timeout: Int32 = 10_000, readOnly isReadOnlyAllowed: Bool? = false
    ) throws -> (ConnectionID, ConnectResponse) {
        let (id, response) = try shakeHands(
            with: server, session: session, password: password, timeout: timeout, readOnly: isReadOnlyAllowed)
        return (id, try #require(response))
    }

    mutating func disconnect(_ id: ConnectionID, on server: Int) {
        post(.disconnected(id), to: server)
        settle()
    }

    /// `nil` where the server closes the connection instead of answering.
    mutating func shakeHands(
        with server: Int, session: SessionID = .none, password: [UInt8]? = Array(repeating: 0, count: 16),
        timeout: Int32 = 10_000, readOnly isReadOnlyAllowed: Bool? = false
    ) throws -> (ConnectionID, ConnectResponse?) {
        let id = ConnectionID(rawValue: servers[server].nextConnection)
        servers[server].nextConnection += 1
        post(.connected(id, address: "127.0.0.1:40000"), to: server)
        let request = ConnectRequest(
            lastZxidSeen: .zero, timeoutMilliseconds: timeout, session: session, password: password,
            isReadOnlyAllowed: isReadOnlyAllowed)
        send(framed(request.encoded), id, on: server)
        guard let payload = try take(id, on: server).first else { return (id, nil) }
        var reader = ByteReader(payload.span.bytes)
        return (id, try ConnectResponse(from: &reader))
    }

    /// The answer to a four-letter word.
    mutating func ask(_ word: FourLetterWord, on server: Int) -> String {
        let id = ConnectionID(rawValue: servers[server].nextConnection)
        servers[server].nextConnection += 1
        post(.connected(id, address: "127.0.0.1:40001"), to: server)
        send(Array(word.rawValue.utf8), id, on: server)
        #expect(servers[server].closed.contains(id))
        return String(decoding: servers[server].received.removeValue(forKey: id) ?? [], as: UTF8.self)
    }

    mutating func ask(_ request: ClientRequest, xid: Int32 = 1, _ id: ConnectionID, on server: Int) throws -> Reply {
        send(request.frame(xid: xid), id, on: server)
        let frames = try take(id, on: server)
        return try Reply(try #require(frames.last), to: request.operation)
    }
}
