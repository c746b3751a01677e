import Bytes
package import StateMachines
import TransactionLog
import WireProtocol
package import Zab
package import ZNodes

/// One whole coordination server as a machine: connections, sessions, requests, the tree, the broadcast.
///
/// A write is checked against the outstanding changes, proposed, persisted, committed, applied and only then answered.
/// Reads are answered at once, unless their session has writes under way; then they wait behind those. Answers of one
/// connection leave in the order of its requests, and a watch's notification before any answer that shows what fired it.
///
/// Deviations from ZooKeeper: a client cannot delete a node by `deleteContainer`; quotas are reported whether or not they
/// are enforced.
///
/// `receive` is `step(.received)` for bytes that the driver only borrows. `encode(into:)` gives canonical bytes; ordinary
/// stepping never calls it.
package struct CoordinationCore: Machine {
    package enum Input: Hashable, Sendable {
        /// Once, after recovery: sessions of the log begin to be timed.
        case started
        case connected(ConnectionID, address: String)
        /// The driver has verified who the peer is, as a TLS handshake with a certificate does: scheme `x509`.
        case identified(ConnectionID, Identity)
        case received(ConnectionID, [UInt8])
        /// The peer has gone. Not after the core's own `.close`.
        case disconnected(ConnectionID)
        case persisted(through: Zxid)
        /// What `.surveyHost` had asked for.
        case hostSurveyed(ConnectionID, FourLetterWord, HostFacts)
        /// The timer that `.setTimer` had asked for.
        case timerFired
        /// Milliseconds since 1970, at least once for each timer.
        case clockRead(Int64)
        /// What happens between the servers of an ensemble.
        case ensemble(EnsembleInput)
    }

    package enum Effect: Hashable, Sendable {
        /// The connection has output: take it with `takeOutput` and send it.
        case send(ConnectionID)
        /// Send these last bytes, then close. The core has forgotten the connection already.
        case close(ConnectionID, last: [UInt8])
        case pauseReading(ConnectionID)
        case resumeReading(ConnectionID)
        /// Append to the log and answer `.persisted(through:)` once it is on disk.
        case persist(entries: [UInt8], first: Zxid, through: Zxid)
        /// Somebody asks for what only the driver knows; answer with `.hostSurveyed`.
        case surveyHost(ConnectionID, FourLetterWord)
        /// Fires once.
        case setTimer(after: Tick)
        case observe(Observation)
        /// Who changed what, for the audit log.
        case audit(AuditRecord)
        /// To be written into the server's own log.
        case notice(Notice)
        /// What the servers of an ensemble do with each other.
        case ensemble(EnsembleEffect)
    }

    let configuration: CoreConfiguration
    let access: AccessControl
    package internal(set) var tree: DataTree
    package internal(set) var watches = WatchTable()
    var sessions: SessionTable
    var outstanding: OutstandingChanges
    /// Of a server that stands alone; not used by a member of an ensemble.
    var broadcast: StandaloneBroadcast<LoggedTransaction>
    /// This server's part in an ensemble; `nil` where it stands alone. A look into an optional costs a copy of all of it: what every
    /// request asks for stands beside it.
    var member: EnsembleMember?
    /// What this server is in its ensemble, as far as clients are served; `nil` where it stands alone. Changes between two
    /// steps only.
    package internal(set) var role: PeerRole?
    /// While no leader is known: whether clients may read meanwhile.
    var isReadOnly = false
    /// What the broadcast says of itself.
    package internal(set) var standing = PeerStanding()
    /// Whether learners find this server at home.
    package var isAcceptingLearners: Bool { standing.isAcceptingLearners }
    var pendingWrites = Queue<PendingWrite>()
    /// A slot for each connection; free ones are vacant. No optionals, which could only be looked into by copying them.
    var connections: [Connection] = []
    var slots: [ConnectionID: Int] = [:]
    var freeSlots: [Int] = []
    var connectionsPerAddress: [String: Int] = [:]
    /// Wall clock minus this node's own clock, in milliseconds.
    var clockOffset: Int64 = 0
    var statistics = ServerStatistics()
    /// The digests that `hash` tells.
    var digestHistory = Queue<DigestEntry>()
    /// What `gtmk` tells and `stmk` sets; nothing else depends on it. ZooKeeper's initial value.
    package var traceMask: Int64 = 306
    var reaper = Reaper()
    var random: SplitMix64
    var waitingRequests = WaitingRequests()
    /// The frames being read have waited too long.
    var isThrottling = false
    var connectionThrottle: ConnectionThrottle
    var largeRequests: LargeRequests
    /// The size of the request being handled, where it is a large one.
    var largeFrame: Int?
    /// Notices of this step.
    var notices: [Notice] = []
    /// Entries of transactions proposed in this step.
    var newEntries = ByteWriter()
    var newEntryRange: ClosedRange<Zxid>?
    // Empty between two steps; kept for their storage.
    private var broadcastEffects = EffectBuffer<BroadcastEffect<LoggedTransaction>>()
    private var commits = EffectBuffer<BroadcastEffect<LoggedTransaction>>()
    var memberEffects = EffectBuffer<PeerEffect>()
    /// Where what goes to other servers is written first.
    var memberScratch = ByteWriter()
    var isDrainingMember = false
    /// The last input of a turn led to something that must be done before the next one is looked at.
    var mustEndTurn = false
    var treeChanges: [TreeChange] = []
    var watchEvents: [WatchEvent] = []

    /// - Parameters:
    ///   - recovered: the tree and sessions of the log, or a fresh one.
    ///   - peer: its part in an ensemble, recovered from the same log; `nil` where it stands alone.
    ///   - now: the node's own clock.
    package init(
        _ configuration: CoreConfiguration, recovered: RecoveredState = RecoveredState(), peer: ZabPeer? = nil,
        at now: Tick
    ) {
        self.configuration = configuration
        access = AccessControl(configuration.access)
        random = SplitMix64(seed: configuration.seed, stream: "nonces")
        tree = recovered.tree
        if configuration.emulate353TTLNodes { tree.emulate353() }
        sessions = SessionTable(serverID: configuration.serverID, startedAt: now)
        for session in recovered.sortedSessions {
            sessions.recover(session.id, timeoutMilliseconds: session.timeoutMilliseconds)
        }
        outstanding = OutstandingChanges(tree: recovered.tree)
        broadcast = StandaloneBroadcast(recoveredThrough: recovered.tree.lastZxid)
        member = peer.map { EnsembleMember($0) }
        role = peer == nil ? nil : .looking
        if let peer { standing = peer.standing }
        connectionThrottle = ConnectionThrottle(configuration.connectionThrottle, at: now)
        largeRequests = LargeRequests(
            threshold: configuration.largeRequestThreshold, limit: configuration.largeRequestMaxBytes)
        statistics.startedAt = now
    }

    package mutating func step(_ input: Input, at now: Tick, into effects: inout EffectBuffer<Effect>) {
        switch input {
        case .started: onStarted(now, &effects)
        case .connected(let id, let address): onConnected(id, address, now, &effects)
        case .identified(let id, let identity): onIdentified(id, identity)
        case .received(let id, let bytes): return receive(bytes.span.bytes, from: id, at: now, into: &effects)
        case .disconnected(let id): onDisconnected(id, &effects)
        case .persisted(let zxid): onPersisted(through: zxid, now, &effects)
        case .hostSurveyed(let id, let word, let facts): onHostSurveyed(id, word, facts, now, &effects)
        case .timerFired: onTimerFired(now, &effects)
        case .clockRead(let milliseconds): clockOffset = milliseconds - Int64(now.microseconds / 1_000)
        case .ensemble(let input): onEnsemble(input, now, &effects)
        }
        flush(now, &effects)
    }

    /// `step(.received)` for borrowed bytes.
    package mutating func receive(
        _ bytes: RawSpan, from id: ConnectionID, at now: Tick, into effects: inout EffectBuffer<Effect>
    ) {
        guard let slot = slots[id] else { return }
        statistics.bytesReceived += bytes.byteCount
        connections[slot].input.append(bytes)
        readFrames(slot, now, &effects)
        flush(now, &effects)
    }

    /// `step(.ensemble)` for one of several inputs that have arrived together: what they lead to is complete with `endTurn`, so
    /// that it leaves together, and goes to the log at once. Any other step ends the turn as well.
    ///
    /// - Returns: whether the turn must end, and its effects be performed, before another input is looked at: as when the
    ///   stream is given up from which that would come.
    package mutating func stepInTurn(
        _ input: EnsembleInput, at now: Tick, into effects: inout EffectBuffer<Effect>
    ) -> Bool {
        mustEndTurn = false
        onEnsemble(input, now, &effects)
        return mustEndTurn
    }

    package mutating func endTurn(at now: Tick, into effects: inout EffectBuffer<Effect>) { flush(now, &effects) }

    /// Lets the driver send a connection's output in place, and empties it.
    package mutating func takeOutput(of id: ConnectionID, _ send: (RawSpan) -> Void) {
        guard let slot = slots[id] else { return }
        var bytes: [UInt8] = []
        swap(&connections[slot].output.bytes, &bytes)
        send(bytes.span.bytes)
        // The storage goes back, so that a steady state allocates nothing; a rare giant is let go.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
        swap(&connections[slot].output.bytes, &bytes)
    }

    // MARK: Proposing and committing

    func wallClock(at now: Tick) -> Int64 { Int64(now.microseconds / 1_000) + clockOffset }

    /// What the next transaction's zxid will be; `nil` in a member that does not lead.
    var nextZxid: Zxid? { isMember ? standing.nextZxid : broadcast.nextZxid }

    /// Makes a transaction the next one and remembers who waits for it.
    mutating func propose(
        _ body: TransactionBody, session: SessionID, _ pending: PendingWrite, _ time: Int64, _ now: Tick,
        _ effects: inout EffectBuffer<Effect>
    ) {
        let header = TransactionHeader(session: session, cxid: pending.xid, zxid: pending.zxid, time: time)
        pendingWrites.append(pending)
        sessions.proposed(pending.zxid, by: session)
        let transaction = LoggedTransaction(
            header: header, body: body, digest: configuration.writesDigests ? outstanding.digest : nil)
        guard !isMember else { return proposeToEnsemble(transaction, now, &effects) }
        broadcast.step(.proposed(transaction), at: .zero, into: &broadcastEffects)
        while let effect = broadcastEffects.popFirst() {
            switch effect {
            case .persist(let proposal):
                LogFormat.writeEntry(proposal.payload, into: &newEntries)
                countNewEntry(proposal.zxid)
            case .commit(let proposal):
                preconditionFailure("\(proposal.zxid) was committed before it was persisted")
            }
        }
    }

    mutating func countNewEntry(_ zxid: Zxid) { newEntryRange = (newEntryRange?.lowerBound ?? zxid)...zxid }

    private mutating func onPersisted(through zxid: Zxid, _ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        observe(.written(.log(through: zxid)), &effects)
        guard !isMember else { return stepMember(.persisted(through: zxid), now, &effects) }
        broadcast.step(.persisted(through: zxid), at: now, into: &commits)
        // Commits may let requests in that propose more; those go through the other buffer.
        while let effect = commits.popFirst() {
            switch effect {
            case .commit(let proposal): onCommitted(proposal.payload, now, &effects)
            case .persist(let proposal): preconditionFailure("\(proposal.zxid) was proposed by a completion")
            }
        }
    }

    /// Hands the step's new log entries to the driver, all at once.
    private mutating func flush(_ now: Tick, _ effects: inout EffectBuffer<Effect>) {
        if isMember {
            settleEnsemble(now, &effects)
            statistics.waiting.endTurn(reads: statistics.reads.summary.count, waitingRequests)
        }
        if !notices.isEmpty {
            for notice in notices { effects.append(.notice(notice)) }
            notices.removeAll(keepingCapacity: true)
        }
        guard let range = newEntryRange else { return }
        // The next step's entries will be about as many: room for them at once, instead of growing towards them.
        let room = min(newEntries.count, 1 << 16)
        observe(.writing(.log(through: range.upperBound)), &effects)
        effects.append(
            .persist(entries: newEntries.bytes, first: range.lowerBound, through: range.upperBound))
        newEntries = ByteWriter()
        newEntries.bytes.reserveCapacity(room)
        newEntryRange = nil
    }

    // MARK: Observing

    func observe(_ observation: @autoclosure () -> Observation, _ effects: inout EffectBuffer<Effect>) {
        if configuration.isObserving { effects.append(.observe(observation())) }
    }

    /// What the broadcast asks of the disk beside the log.
    func observeDisk(_ effect: PeerEffect, _ effects: inout EffectBuffer<Effect>) {
        guard configuration.isObserving else { return }
        switch effect {
        case .storeEpoch(let epoch): effects.append(.observe(.writing(.epoch(epoch))))
        case .truncateLog(let zxid): effects.append(.observe(.writing(.truncation(to: zxid))))
        case .installSnapshot(let zxid, _): effects.append(.observe(.writing(.snapshot(through: zxid))))
        default: break
        }
    }

    func observeDisk(_ input: PeerInput, _ effects: inout EffectBuffer<Effect>) {
        guard configuration.isObserving else { return }
        switch input {
        case .epochStored(let epoch): effects.append(.observe(.written(.epoch(epoch))))
        case .truncated(let zxid, _, _): effects.append(.observe(.written(.truncation(to: zxid))))
        case .snapshotInstalled(let zxid, _): effects.append(.observe(.written(.snapshot(through: zxid))))
        default: break
        }
    }
}
