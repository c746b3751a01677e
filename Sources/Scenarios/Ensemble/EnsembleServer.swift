import Bytes
package import CoordinationCore
package import StateMachines
import TransactionLog
package import Zab
import WireProtocol
import ZNodes

/// Everything about a simulated server that does not change while it runs.
package struct EnsembleServerConfiguration: Hashable, Sendable {
    package var zab: ZabConfiguration
    /// How often it takes a snapshot; `nil` for never.
    package var snapshotInterval: Tick?
    /// So many snapshots are kept.
    package var retainedSnapshotCount = 3
    package var seed: UInt64
    package var mutation: EnsembleMutation?

    package init(_ zab: ZabConfiguration, seed: UInt64) {
        self.zab = zab
        self.seed = seed
    }
}

/// One whole server in the simulator: the core of a real server, and what its driver does, with a virtual disk and
/// virtual connections.
///
/// As in a real server one thread writes the log and cuts or replaces it, in order; the files of the epochs and snapshots are
/// written beside it.
package struct EnsembleServer: Hashable, Sendable {
    typealias Message = EnsembleMessage
    typealias Effect = NodeEffect<EnsembleMessage, EnsembleTimer, DiskRecord>

    /// What the log's thread has to do.
    enum LogWork: Hashable, Sendable {
        /// Of torn tails, at the start.
        case cut
        case append([UInt8], first: Zxid, through: Zxid)
        case truncate(to: Zxid)
        case install(Zxid, [UInt8])
        case snapshot(Zxid, [UInt8])
    }

    let configuration: EnsembleServerConfiguration
    /// By position: every server of the ensemble comes before every client.
    let me: NodeID
    package internal(set) var core: CoordinationCore
    var connections = VirtualConnections()
    /// As this server's programs see it; the simulator knows which part of it would survive.
    package internal(set) var disk = VirtualDisk()
    var logWork = Queue<LogWork>()
    var writing: LogWork?
    /// The file that the next append goes to; `nil` begins a new one.
    var currentLog: Zxid?
    /// What the last SNAP brought.
    var arrivedSnapshot: [UInt8] = []
    var readingFor = ServerTable<LogReading>()
    var nextConnection: UInt64 = 1
    /// Why the server does not start; `nil` in one that runs.
    package internal(set) var refusal: String?
    var lastClock = Tick.zero
    private var hasToldOffence = false
    /// Empty between two steps, as is the next.
    var inbox = Queue<CoordinationCore.Input>()
    var coreEffects = EffectBuffer<CoordinationCore.Effect>()
    /// What the state of this step has come from, where it has changed.
    var newState: StateSource?

    enum StateSource: String, Hashable, Sendable {
        case applied = "state"
        /// From what a restart has found.
        case loaded
        /// From what TRUNC has left.
        case cut
        /// From what SNAP has brought.
        case copied
    }

    struct LogReading: Hashable, Sendable, CanonicalEncodable {
        var after: Zxid
        var through: Zxid

        func encode(into encoder: inout CanonicalEncoder) {
            encoder.encode(after)
            encoder.encode(through)
        }
    }

    package init(_ configuration: EnsembleServerConfiguration) {
        self.configuration = configuration
        me = Self.node(configuration.zab.me)
        core = Self.core(configuration, VirtualRecovery(), Epochs(), .zero)
    }

    static func server(_ node: NodeID) -> ServerID { ServerID(Int64(node.index) + 1) }
    static func node(_ server: ServerID) -> NodeID { NodeID(Int(server.rawValue) - 1) }

    static func core(
        _ configuration: EnsembleServerConfiguration, _ recovery: VirtualRecovery, _ epochs: Epochs, _ now: Tick
    ) -> CoordinationCore {
        var core = CoreConfiguration()
        core.serverID = UInt8(truncatingIfNeeded: configuration.zab.me.rawValue)
        core.tickTime = configuration.zab.timing.tick
        core.seed = configuration.seed
        core.isObserving = true
        let peer = ZabPeer(
            configuration.zab, history: History(recovered: recovery.window, after: recovery.base), epochs: epochs)
        return CoordinationCore(core, recovered: recovery.state, peer: peer, at: now)
    }

    package var role: PeerRole { core.role ?? .looking }

    // MARK: Steps

    /// The server's own monotonic clock: it never goes back, and does not begin with zero.
    private mutating func clock(_ now: Tick) -> Tick {
        lastClock = max(lastClock, now + .seconds(1_000))
        return lastClock
    }

    mutating func start(_ records: [DiskRecord], _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        for record in records { disk.apply(record) }
        disk.smudge(garbage(records.count))
        let recovery = disk.recover(windowLimit: configuration.zab.windowLimit)
        if let problem = recovery.problem {
            refusal = problem
            return effects.append(.announce(.noted("refused: \(problem)")))
        }
        if disk.snapshots.isEmpty { write(.snapshot(.zero, Self.emptySnapshot, isCopy: false), true, &effects) }
        if configuration.mutation != .keepsTornTail {
            for tail in recovery.tails { write(tail, tail == recovery.tails.last, &effects) }
            if !recovery.tails.isEmpty { writing = .cut }
        }
        let time = clock(now)
        core = Self.core(configuration, recovery, disk.epochs, time)
        announceState(.loaded, &effects)
        for transaction in recovery.read { announce("holds", transaction.header, transaction.body, &effects) }
        if let interval = configuration.snapshotInterval { effects.append(.setTimer(.snapshot, after: interval)) }
        inbox.append(.clockRead(wallClock(now)))
        inbox.append(.started)
        drain(time, &effects)
    }

    /// Up to forty bytes, or none, that stand behind a torn write.
    private func garbage(_ count: Int) -> [UInt8] {
        var random = SplitMix64(seed: configuration.seed ^ UInt64(count), stream: "garbage")
        return (0..<random.uniform(in: 0...40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static let emptySnapshot: [UInt8] = {
        var core = CoordinationCore(CoreConfiguration(), at: .zero)
        return core.wholeSnapshot
    }()

    private func wallClock(_ now: Tick) -> Int64 { 1_700_000_000_000 + Int64(now.microseconds / 1_000) }

    mutating func receive(
        _ message: EnsembleMessage, from sender: NodeID, _ now: Tick, _ effects: inout EffectBuffer<Effect>
    ) {
        guard refusal == nil else { return }
        switch message {
        case .notification(let notification):
            inbox.append(.ensemble(.peer(.notified(notification, from: Self.server(sender)))))
        case .open(let number): accept(number, from: sender, &effects)
        case .accept, .close, .stream:
            let event = connections.receive(message, from: sender) { effects.append(.send($0, to: sender)) }
            if let event { handle(event) }
        }
        drain(clock(now), &effects)
    }

    mutating func fire(_ timer: EnsembleTimer, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard refusal == nil else { return }
        switch timer {
        case .core:
            inbox.append(.clockRead(wallClock(now)))
            inbox.append(.timerFired)
        case .peer(let timer): inbox.append(.ensemble(.peer(.timerFired(timer))))
        case .logRead(let server): finishReading(for: server)
        case .snapshot: takeSnapshot(&effects)
        case .client: preconditionFailure("a server has no client's timer")
        }
        drain(clock(now), &effects)
    }

    mutating func persisted(_ record: DiskRecord, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard refusal == nil else { return }
        switch record {
        case .epoch(let epoch): inbox.append(.ensemble(.peer(.epochStored(epoch))))
        case .append, .cut, .remove: finishLogWork(clock(now), &effects)
        case .snapshot(let zxid, _, let isCopy): if isCopy { replaceLogs(by: zxid, &effects) } else { purge(&effects) }
        }
        drain(clock(now), &effects)
    }

    /// Steps the core until nothing is left to tell it.
    private mutating func drain(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        while let input = inbox.popFirst() {
            core.step(input, at: now, into: &coreEffects)
            while let effect = coreEffects.popFirst() { perform(effect, &effects) }
        }
        if let source = newState { announceState(source, &effects) }
        newState = nil
        if !hasToldOffence, let offence = core.standing.offence {
            hasToldOffence = true
            effects.append(.announce(.noted(offence.label)))
        }
    }

    /// A transaction that takes effect, or that a restart has found in the log.
    private func announce(
        _ verb: String, _ header: TransactionHeader, _ body: TransactionBody, _ effects: inout EffectBuffer<Effect>
    ) {
        let subject = "\(verb) \(header.zxid.shortDescription) \(header.session) \(header.cxid)"
        effects.append(.announce(.decided(subject: subject, outcome: body.summary)))
    }

    /// What the state is after which transaction, for whoever compares servers.
    private func announceState(_ source: StateSource, _ effects: inout EffectBuffer<Effect>) {
        let (zxid, digest) = (core.tree.lastZxid.shortDescription, String(core.tree.digest, radix: 16))
        effects.append(.announce(.noted("\(source.rawValue) \(zxid) \(digest)")))
    }

    /// "following 3, epoch 2, state 2:5".
    package var summary: String {
        if refusal != nil { return "refuses to start" }
        let last = core.tree.lastZxid.shortDescription
        return switch role {
        case .looking: "looking, state \(last)"
        case .leading(let epoch): "leading epoch \(epoch), state \(last)"
        case .following(let leader, let epoch): "following \(leader) epoch \(epoch), state \(last)"
        case .observing(let leader, let epoch): "observing \(leader) epoch \(epoch), state \(last)"
        }
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.encode(core.tree.lastZxid)
        encoder.encode(core.tree.digest)
        encoder.encode(role)
        encoder.encode(connections)
        encoder.encode(disk.epochs)
        encoder.encode(UInt32(disk.logs.reduce(0) { $0 + $1.bytes.count }))
        encoder.encode(lastClock)
    }
}

extension CoordinationCore {
    /// A snapshot as a file holds it.
    fileprivate var wholeSnapshot: [UInt8] {
        mutating get {
            let start = beginSnapshot()
            var bytes = start.bytes
            while case let chunk = nextSnapshotChunk(atLeast: 1 << 20), !chunk.isEmpty { bytes += chunk }
            let checksum = Checksum.adler32(bytes)
            return bytes
                + SnapshotFormat.ending(after: checksum, zxid: start.zxid, digest: start.digest, writesZxid: true)
        }
    }

    /// The same as it follows a SNAP packet.
    fileprivate var snapshotStream: [UInt8] {
        mutating get {
            let start = beginSnapshot()
            var bytes = Array(start.bytes.dropFirst(SnapshotFormat.headerByteCount))
            while case let chunk = nextSnapshotChunk(atLeast: 1 << 20), !chunk.isEmpty { bytes += chunk }
            return bytes + SnapshotFormat.streamEnding
        }
    }
}

// MARK: - What the core asks for

extension EnsembleServer {
    private mutating func perform(_ effect: CoordinationCore.Effect, _ effects: inout EffectBuffer<Effect>) {
        switch effect {
        case .send(let id):
            var bytes: [UInt8] = []
            core.takeOutput(of: id) { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            sendBytes(bytes, to: id, &effects)
        case .close(let id, let last):
            if !last.isEmpty { sendBytes(last, to: id, &effects) }
            guard let connection = connections.client(id) else { return }
            effects.append(.send(.close(connection.number), to: connection.other))
            connections.forget(connection.number)
        case .persist(let entries, let first, let through):
            logWork.append(.append(entries, first: first, through: through))
            beginLogWork(&effects)
        case .setTimer(let delay): effects.append(.setTimer(.core, after: delay))
        case .observe(.applied(let header, let body)):
            if newState == nil { newState = .applied }
            announce("applies", header, body, &effects)
        case .observe(.anticipated(let header, let body)):
            if newState == nil { newState = .applied }
            announce("holds", header, body, &effects)
        case .observe, .pauseReading, .resumeReading, .audit, .notice, .surveyHost: break
        case .ensemble(let effect): perform(effect, &effects)
        }
    }

    private mutating func sendBytes(_ bytes: [UInt8], to id: ConnectionID, _ effects: inout EffectBuffer<Effect>) {
        guard !bytes.isEmpty, let connection = connections.client(id),
            let message = connections.message(.bytes(bytes, label: "REPLY", detail: ""), on: connection.number)
        else { return }
        effects.append(.send(message, to: connection.other))
    }

    private mutating func perform(_ effect: EnsembleEffect, _ effects: inout EffectBuffer<Effect>) {
        switch effect {
        case .peer(let effect): perform(effect, &effects)
        case .request(let request, let identities): tellLeader(.request(request, identities), &effects)
        case .ping(let zxid, let sessions): tellLeader(.touched(zxid, sessions), &effects)
        case .revalidate(let session): tellLeader(.revalidate(session), &effects)
        case .revalidated(let session, let isValid, let to): tell(to, .revalidated(session, isValid: isValid), &effects)
        case .synchronized(let to): tell(to, .synchronized, &effects)
        }
    }

    private mutating func tell(
        _ server: ServerID, _ content: EnsembleMessage.Content, _ effects: inout EffectBuffer<Effect>
    ) {
        let node = Self.node(server)
        guard let connection = connections.peer(node), let message = connections.message(content, on: connection.number)
        else { return }
        effects.append(.send(message, to: node))
    }

    private mutating func tellLeader(_ content: EnsembleMessage.Content, _ effects: inout EffectBuffer<Effect>) {
        switch role {
        case .following(let leader, _), .observing(let leader, _):
            tell(core.standing.master ?? leader, content, &effects)
        case .looking, .leading: break
        }
    }

    private mutating func perform(_ effect: PeerEffect, _ effects: inout EffectBuffer<Effect>) {
        switch effect {
        case .notify(let notification, let to): effects.append(.send(.notification(notification), to: Self.node(to)))
        case .connect(let leader, _):
            let node = Self.node(leader)
            disconnect(node, &effects)
            effects.append(.send(.open(connections.open(to: node, from: me, at: lastClock)), to: node))
        case .disconnect(let other): disconnect(Self.node(other), &effects)
        case .send(.snapshot(let zxid), let to):
            precondition(zxid == core.tree.lastZxid, "SNAP through \(zxid) of a state at \(core.tree.lastZxid)")
            tell(to, .snapshot(zxid, core.snapshotStream), &effects)
        case .send(let packet, let to): tell(to, .packet(packet), &effects)
        case .storeEpoch(let epoch): write(.epoch(epoch), true, &effects)
        case .truncateLog(let zxid):
            giveUpSnapshots()
            logWork.append(.truncate(to: zxid))
            beginLogWork(&effects)
        case .installSnapshot(let zxid, _):
            giveUpSnapshots()
            logWork.append(.install(zxid, arrivedSnapshot))
            arrivedSnapshot = []
            beginLogWork(&effects)
        case .readLog(let after, let through, let learner):
            readingFor[learner] = LogReading(after: after, through: through)
            effects.append(.setTimer(.logRead(learner), after: .milliseconds(3)))
        case .setTimer(let timer, let after): effects.append(.setTimer(.peer(timer), after: after))
        case .cancelTimer(let timer): effects.append(.cancelTimer(.peer(timer)))
        case .changeRole(let role): announce(role, &effects)
        case .append, .deliver, .anticipate, .askOracle, .expectEnsemble, .adoptEnsemble:
            preconditionFailure("the core keeps \(effect) to itself, or the ensemble has no oracle and does not change")
        }
    }

    private mutating func disconnect(_ node: NodeID, _ effects: inout EffectBuffer<Effect>) {
        guard let connection = connections.peer(node) else { return }
        effects.append(.send(.close(connection.number), to: node))
        connections.forget(connection.number)
    }

    private mutating func announce(_ role: PeerRole, _ effects: inout EffectBuffer<Effect>) {
        switch role {
        case .looking:
            if configuration.mutation == .dropsQueuedWrites { logWork = Queue() }
            effects.append(.announce(.phaseBegan("looking")))
        case .leading(let epoch):
            let last = core.tree.lastZxid.shortDescription
            effects.append(.announce(.phaseBegan("leading epoch \(epoch) after \(last)")))
        case .following(let leader, let epoch):
            if configuration.mutation == .loadsTwice { core.load(disk.recover(windowLimit: 1).state, at: lastClock) }
            effects.append(.announce(.phaseBegan("following \(leader), epoch \(epoch)")))
        case .observing(let leader, let epoch):
            effects.append(.announce(.phaseBegan("observing \(leader), epoch \(epoch)")))
        }
    }
}

// MARK: - Connections

extension EnsembleServer {
    private mutating func accept(_ number: UInt64, from sender: NodeID, _ effects: inout EffectBuffer<Effect>) {
        guard configuration.zab.ensemble[Self.server(sender)] != nil else {
            let id = ConnectionID(rawValue: nextConnection)
            nextConnection += 1
            connections.accept(number, from: sender, client: id)
            inbox.append(.connected(id, address: "10.0.0.\(sender.index):40000"))
            return effects.append(.send(.accept(number), to: sender))
        }
        if let old = connections.peer(sender) {
            connections.forget(old.number)
            inbox.append(.ensemble(.peer(.disconnected(Self.server(sender)))))
        }
        guard core.isAcceptingLearners || core.standing.isHostingObservers else {
            return effects.append(.send(.close(number), to: sender))
        }
        connections.accept(number, from: sender, client: nil)
        effects.append(.send(.accept(number), to: sender))
    }

    private mutating func handle(_ event: VirtualConnections.Event) {
        switch event {
        case .accepted(let connection): inbox.append(.ensemble(.peer(.connected(Self.server(connection.other)))))
        case .ended(let connection):
            if let id = connection.client {
                inbox.append(.disconnected(id))
            } else {
                inbox.append(.ensemble(.peer(.disconnected(Self.server(connection.other)))))
            }
        case .arrived(let content, let connection): handle(content, connection)
        }
    }

    private mutating func handle(_ content: EnsembleMessage.Content, _ connection: VirtualConnections.Connection) {
        let server = Self.server(connection.other)
        switch content {
        case .bytes(let bytes, _, _): if let id = connection.client { inbox.append(.received(id, bytes)) }
        case .packet(let packet): inbox.append(.ensemble(.peer(.received(mutated(packet), from: server))))
        case .snapshot(let zxid, let bytes):
            arrivedSnapshot = bytes
            inbox.append(.ensemble(.peer(.received(.snapshot(through: zxid), from: server))))
        case .request(let request, let identities):
            inbox.append(.ensemble(.requested(request, identities, from: server)))
        case .touched(let zxid, let sessions):
            if configuration.mutation != .ignoresTouches { inbox.append(.ensemble(.touched(sessions))) }
            inbox.append(.ensemble(.peer(.received(.ping(zxid), from: server))))
        case .revalidate(let session): inbox.append(.ensemble(.revalidationAsked(session, from: server)))
        case .revalidated(let session, let isValid):
            inbox.append(.ensemble(.revalidated(session, isValid: isValid)))
        case .synchronized: inbox.append(.ensemble(.synchronized))
        }
    }
}

// MARK: - Mutations of what arrives

extension EnsembleServer {
    private func mutated(_ packet: Packet) -> Packet {
        guard configuration.mutation == .keepsEphemeralsInDIFF, role == .looking, case .proposal(let entry) = packet
        else { return packet }
        var reader = ByteReader(entry.payload.span.bytes)
        guard var transaction = try? LoggedTransaction(from: &reader), case .closeSession = transaction.body else {
            return packet
        }
        transaction.header.session = .none
        transaction.body = .closeSession([])
        var writer = ByteWriter()
        transaction.encode(into: &writer)
        return .proposal(LogEntry(zxid: entry.zxid, payload: writer.bytes))
    }
}

// MARK: - The disk

extension EnsembleServer {
    mutating func write(_ record: DiskRecord, _ isForced: Bool, _ effects: inout EffectBuffer<Effect>) {
        disk.apply(record)
        effects.append(.persist(record, forced: isForced))
    }

    /// Gives the log's thread its next work, if it has none.
    private mutating func beginLogWork(_ effects: inout EffectBuffer<Effect>) {
        guard writing == nil, let work = logWork.popFirst() else { return }
        switch work {
        case .cut: preconditionFailure("tails are cut at the start only")
        case .append(var bytes, let first, var through):
            // One fsync for everything that has come by now.
            while case .append(let more, _, let last)? = logWork.first {
                _ = logWork.popFirst()
                bytes += more
                through = last
            }
            writing = .append([], first: first, through: through)
            append(bytes, first: first, &effects)
        case .truncate(let zxid):
            writing = work
            currentLog = nil
            let isMutant = configuration.mutation == .cutsUnderSnapshot
            let recovery = disk.recover(windowLimit: 1, through: zxid)
            guard isMutant || recovery.problem == nil && recovery.state.tree.lastZxid == zxid else {
                writing = nil
                inbox.append(.ensemble(.peer(.truncationImpossible)))
                return beginLogWork(&effects)
            }
            var records = disk.truncation(to: zxid, keepsSnapshots: isMutant)
            if configuration.mutation == .cutsOneLogOnly, records.count > 1 { records.removeFirst() }
            for (index, record) in records.enumerated() { write(record, index == records.count - 1, &effects) }
        case .snapshot(let zxid, let bytes):
            // Written beside the log, which goes on.
            write(snapshot: bytes, zxid, &effects)
            beginLogWork(&effects)
        case .install(let zxid, let stream):
            writing = .install(zxid, [])
            currentLog = nil
            install(zxid, stream, &effects)
        }
    }

    /// In a few pieces, so that a crash may leave some of them. No disk tears the few bytes of a header apart.
    private mutating func append(_ entries: [UInt8], first: Zxid, _ effects: inout EffectBuffer<Effect>) {
        let log = currentLog ?? first
        currentLog = log
        var writer = ByteWriter()
        if disk.byteCount(ofLog: log) == 0 { LogFormat.writeHeader(into: &writer) }
        let bytes = writer.bytes + entries
        var random = SplitMix64(seed: configuration.seed ^ first.rawValue, stream: "pieces")
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + writer.count + Int(random.uniform(in: 1...UInt64(bytes.count))))
            let isLast = end == bytes.count
            let isForced = isLast && configuration.mutation != .omitsForce
            write(.append(log: log, Array(bytes[start..<end]), isLast: isLast), isForced, &effects)
            start = end
        }
        if configuration.mutation == .omitsForce { finishLogWork(lastClock, &effects) }
    }

    private mutating func install(_ zxid: Zxid, _ stream: [UInt8], _ effects: inout EffectBuffer<Effect>) {
        var reader = SnapshotStreamReader(source: "leader", zxid: zxid)
        guard (try? reader.append(stream)) == true, let (snapshot, _) = try? reader.finish() else {
            preconditionFailure("SNAP through \(zxid) cannot be read")
        }
        core.load(RecoveredState(snapshot), at: lastClock)
        write(.snapshot(zxid, core.wholeSnapshot, isCopy: true), true, &effects)
    }

    /// A leader's snapshot is on disk: what this server had logged is of no use any more.
    private mutating func replaceLogs(by zxid: Zxid, _ effects: inout EffectBuffer<Effect>) {
        let snapshots = disk.snapshots.filter { $0.zxid > zxid }.map(\.zxid)
        write(.remove(logs: disk.logs.map(\.zxid), snapshots: snapshots), true, &effects)
    }

    private mutating func finishLogWork(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        guard let done = writing else { return }
        writing = nil
        switch done {
        case .cut, .snapshot: break
        case .append(_, _, let through): inbox.append(.persisted(through: through))
        case .truncate(let zxid):
            let recovery = disk.recover(windowLimit: configuration.zab.windowLimit)
            core.load(recovery.state, at: now)
            newState = .cut
            inbox.append(
                .ensemble(.peer(.truncated(to: zxid, window: recovery.window, before: recovery.base))))
        case .install(let zxid, _):
            newState = .copied
            inbox.append(.ensemble(.peer(.snapshotInstalled(through: zxid))))
        }
        beginLogWork(&effects)
    }

    private mutating func finishReading(for learner: ServerID) {
        guard let reading = readingFor[learner] else { return }
        readingFor[learner] = nil
        let entries = disk.entries(after: reading.after, through: reading.through)
        inbox.append(.ensemble(.peer(.logRead(entries, for: learner))))
    }

    private mutating func takeSnapshot(_ effects: inout EffectBuffer<Effect>) {
        if let interval = configuration.snapshotInterval { effects.append(.setTimer(.snapshot, after: interval)) }
        guard !isReplacing, disk.snapshots.last.map({ $0.zxid < core.tree.lastZxid }) ?? true else { return }
        let (zxid, bytes) = (core.tree.lastZxid, core.wholeSnapshot)
        // A follower applies what a quorum has on disk, and may not have it on its own: the snapshot waits for the log. It would
        // hide a hole otherwise, which nobody who reads the log for a learner could see.
        logWork.append(.snapshot(zxid, bytes))
        beginLogWork(&effects)
    }

    /// Whether the log is cut or replaced, or will be: what the state is now is not what it will be then.
    private var isReplacing: Bool {
        ([writing].compactMap(\.self) + logWork.elements).contains { work in
            switch work {
            case .truncate, .install: true
            case .cut, .append, .snapshot: false
            }
        }
    }

    /// Those that wait for the log.
    private mutating func giveUpSnapshots() {
        let kept = logWork.elements.filter { if case .snapshot = $0 { false } else { true } }
        logWork = Queue()
        for work in kept { logWork.append(work) }
    }

    private mutating func write(snapshot bytes: [UInt8], _ zxid: Zxid, _ effects: inout EffectBuffer<Effect>) {
        currentLog = nil
        if configuration.mutation == .namesSnapshotFirst {
            // What is there under the name until the bytes are.
            write(.snapshot(zxid, Array(bytes.prefix(40)), isCopy: false), false, &effects)
            write(.remove(logs: [], snapshots: disk.snapshots.dropLast().map(\.zxid)), false, &effects)
        }
        write(.snapshot(zxid, bytes, isCopy: false), true, &effects)
    }

    private mutating func purge(_ effects: inout EffectBuffer<Effect>) {
        guard let record = disk.unneeded(keeping: configuration.retainedSnapshotCount) else { return }
        write(record, false, &effects)
    }
}
