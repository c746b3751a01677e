package import CoordinationCore
package import EventLoop
package import Messages
package import StateMachines
package import Zab
import WireProtocol
import ZNodes

/// A coordination server on an event loop: sockets, a log file, a timer, around a `CoordinationCore`.
///
/// Confined to its loop, and deliberately not Sendable. It may share the loop with anything else, and lives until it is
/// stopped or the loop closes, whoever else holds it. Writes of one turn and of
/// all turns during a disk's work go to disk together, with one sync; only then are they committed and answered.
package final class CoordinationServer {
    /// Output that a slow client may leave unread before the server stops reading from it, and before it gives up.
    static let outputPauseLimit = 4 << 20
    static let outputCloseLimit = 64 << 20

    /// What a person should know of the recovery.
    package let notices: [LocalizedText]
    package let recoveredTransactionCount: Int
    /// Called once, if the server had to stop by itself; everything is closed then.
    package var onFailure: ((ServerFailure) -> Void)?
    /// Gets what a person should know while the server runs: slow syncs, failed snapshots, exceeded quotas.
    package var onNotice: ((LocalizedText) -> Void)?

    /// Gets what this server has become in its ensemble.
    package var onRole: ((PeerRole) -> Void)?

    /// Gets who changed what, where `ServerOptions.isAudited`.
    package var onAudit: ((AuditRecord) -> Void)?

    let options: ServerOptions
    let loop: EventLoop
    /// There where TLS is spoken.
    let certificates: ServerCertificates?
    let storage: ServerStorage
    private let observer: ((Observation, Tick) -> Void)?
    var core: CoordinationCore
    /// `nil` for a server that stands alone.
    private(set) var ensemble: EnsembleDriver?
    private var effects = EffectBuffer<CoordinationCore.Effect>()
    /// The plain port's, where there is one, and the secure port's.
    private var clientPort: ClientPort?
    private var secureListener: TCPListener?
    private var connections: [ConnectionID: ServerConnection] = [:]
    private var nextConnection: UInt64 = 1
    private var timer: LoopTimer?
    private var isPerforming = false
    /// When the turn began that is under way.
    private var turn: Tick?
    private(set) var isStopped = false
    /// While another tree takes this one's place, nobody may come.
    var isRestoring = false
    /// What is counted of connections before they can say anything.
    var doorStatistics = DoorStatistics()

    /// Recovers the data and listens.
    ///
    /// - Parameter observer: gets everything the core observes, in its true order, with the loop's time, on the loop.
    /// - Throws: a `LocalizedFailure`: the folder, the logs, or the port cannot be used.
    package init(
        _ options: ServerOptions, on loop: EventLoop, observer: ((Observation, Tick) -> Void)? = nil
    ) throws {
        self.options = options
        self.loop = loop
        self.observer = observer
        storage = try ServerStorage(options.storage, on: loop)
        do {
            let recovery = try storage.recover()
            notices = recovery.notices
            recoveredTransactionCount = recovery.state.transactionCount
            certificates = options.tls.isWanted ? try ServerCertificates(options.tls, on: loop) : nil
            var configuration = options.core
            // As in ZooKeeper, certificates are identities wherever there is TLS.
            if certificates != nil { configuration.access.authProviders.append("x509") }
            configuration.isObserving = observer != nil
            configuration.seed = .random(in: .min ... .max)
            configuration.isAuditing = options.isAudited
            var peer: ZabPeer?
            if let ensemble = options.ensemble {
                configuration.serverID = UInt8(truncatingIfNeeded: ensemble.me.rawValue)
                peer = try Self.recoveredPeer(options, ensemble, recovery, storage)
            }
            core = CoordinationCore(configuration, recovered: recovery.state, peer: peer, at: loop.now)
            connectStorage()
            try storage.start()
            try listen(options)
            try joinEnsemble(options)
        } catch {
            storage.close()
            throw error
        }
        step(.clockRead(WallClock.milliseconds))
        step(.started)
    }

    // Nobody has stopped it, or it has not begun.
    deinit { storage.close() }

    private func listen(_ options: ServerOptions) throws {
        certificates?.onNotice = { [weak self] in self?.onNotice?($0) }
        let backlog = options.listenBacklog ?? 511
        do {
            if options.hasPlainPort {
                let endpoint = QuorumEndpoint(host: options.host, port: options.port)
                clientPort = try ClientPort(endpoint, backlog: backlog, on: loop) { [self] in acceptPlain($0) }
                clientPort?.onNotice = { [weak self] in self?.onNotice?($0) }
            }
            guard let port = options.tls.securePort else { return }
            secureListener = try TCPListener(
                host: options.tls.secureHost, port: port, backlog: backlog, on: loop
            ) { [self] in accept($0, at: .secure) }
        } catch {
            closeListeners()
            throw error
        }
    }

    private func joinEnsemble(_ options: ServerOptions) throws {
        guard let wanted = options.ensemble else { return }
        do {
            let driver = try EnsembleDriver(wanted, storage.epochFiles, on: loop)
            connect(driver)
            ensemble = driver
        } catch {
            closeListeners()
            throw error
        }
    }

    private func closeListeners() {
        clientPort?.close()
        secureListener?.close()
        certificates?.close()
    }

    var now: Tick { loop.now }

    /// The plain port's, or else the secure port's.
    package var address: SocketAddress { clientPort?.address ?? secureListener!.address }
    package var port: UInt16 { clientPort?.address.port ?? 0 }

    /// The ensemble has given this server another port for its clients.
    func moveClientPort(to endpoint: QuorumEndpoint) {
        clientPort?.move(to: endpoint) { [self] in acceptPlain($0) }
    }

    /// Of the port that speaks TLS only; nil where there is none.
    package var secureAddress: SocketAddress? { secureListener?.address }

    /// Finishes the write under way, answers what it commits, closes everything, then calls `done`.
    package func stop(then done: @escaping () -> Void) {
        guard !isStopped else { return done() }
        closeListeners()
        for connection in connections.values { connection.stream.pauseReading() }
        let finish = { [self] in
            close()
            done()
        }
        storage.finishWriting(then: finish)
    }

    private func close() {
        guard !isStopped else { return }
        isStopped = true
        closeListeners()
        timer?.cancel()
        ensemble?.close()
        for connection in connections.values { connection.stream.close() }
        connections = [:]
        storage.close()
    }

    func fail(_ failure: ServerFailure) {
        close()
        onFailure?(failure)
    }

    // MARK: Inputs

    private func acceptPlain(_ stream: TCPConnection) {
        accept(stream, at: options.tls.isPortUnified ? .unified : .plain)
    }

    private func accept(_ stream: TCPConnection, at door: Door) {
        guard !isStopped, !isRestoring else { return stream.close() }
        if options.keepsAlive { stream.keepAlive() }
        let id = ConnectionID(rawValue: nextConnection)
        nextConnection += 1
        connections[id] = ServerConnection(stream: stream)
        stream.onEnd = { [self] end in
            report(end, of: id)
            hangUp(id)
        }
        stream.onDrain = { [self] in
            connections[id]?.isPausedForOutput = false
            updateReading(id)
        }
        step(.connected(id, address: stream.remoteAddress))
        welcome(stream, id, at: door)
        updateReading(id)
    }

    func receive(_ bytes: UnsafeRawBufferPointer, from id: ConnectionID) {
        core.receive(bytes.bytes, from: id, at: loop.now, into: &effects)
        performEffects()
    }

    func hangUp(_ id: ConnectionID) {
        remove(id)?.close()
        step(.disconnected(id))
    }

    func hangUpOnEverybody() {
        for id in connections.keys.sorted() { hangUp(id) }
    }

    /// Forgets a connection; its stream is still to be closed.
    private func remove(_ id: ConnectionID) -> TCPConnection? {
        endHandshake(id)
        return connections.removeValue(forKey: id)?.stream
    }

    // MARK: Handshakes of TLS

    func beginHandshake(_ id: ConnectionID) {
        connections[id]?.isShakingHands = true
        doorStatistics.outstandingHandshakes += 1
    }

    /// Whether one was under way.
    @discardableResult
    func endHandshake(_ id: ConnectionID) -> Bool {
        guard connections[id]?.isShakingHands == true else { return false }
        connections[id]!.isShakingHands = false
        doorStatistics.outstandingHandshakes -= 1
        return true
    }

    func step(_ input: CoordinationCore.Input) {
        guard !isStopped else { return }
        turn = nil
        core.step(input, at: loop.now, into: &effects)
        performEffects()
    }

    /// Takes one of several inputs that other servers have sent together.
    func stepInTurn(_ input: EnsembleInput) {
        guard !isStopped else { return }
        let now = turn ?? loop.now
        turn = now
        if core.stepInTurn(input, at: now, into: &effects) { endTurn() }
    }

    func endTurn() {
        guard !isStopped, let now = turn else { return }
        turn = nil
        core.endTurn(at: now, into: &effects)
        performEffects()
        ensemble?.endedTurn(in: loop.now - now)
    }

    // MARK: Effects

    private func performEffects() {
        guard !isPerforming else { return }
        isPerforming = true
        defer { isPerforming = false }
        while let effect = effects.popFirst() {
            switch effect {
            case .send(let id): send(id)
            case .close(let id, let last):
                guard let stream = remove(id) else { continue }
                stream.write(last)
                stream.close()
            case .pauseReading(let id):
                connections[id]?.isPausedByCore = true
                updateReading(id)
            case .resumeReading(let id):
                connections[id]?.isPausedByCore = false
                updateReading(id)
            case .persist(let entries, let first, let through):
                storage.append(entries, first: first, through: through)
            case .surveyHost(let id, let word): step(.hostSurveyed(id, word, hostFacts))
            case .setTimer(let delay): setTimer(delay)
            case .observe(let observation): observer?(observation, loop.now)
            case .audit(let record): onAudit?(record)
            case .notice(let notice): onNotice?(notice.text)
            case .ensemble(let effect): ensemble!.perform(effect)
            }
        }
        let standing = core.standing
        ensemble?.open(standing.isAcceptingLearners ? .learners : standing.isHostingObservers ? .observers : nil)
    }

    private func send(_ id: ConnectionID) {
        guard let stream = connections[id]?.stream else { return }
        core.takeOutput(of: id) { output in
            output.withUnsafeBytes { stream.write($0) }
        }
        let waiting = stream.unwrittenByteCount
        if waiting > Self.outputCloseLimit {
            remove(id)?.close()
            core.step(.disconnected(id), at: loop.now, into: &effects)
        } else if waiting > Self.outputPauseLimit {
            connections[id]?.isPausedForOutput = true
            updateReading(id)
        }
    }

    private func updateReading(_ id: ConnectionID) {
        guard let connection = connections[id], connection.isReading == connection.mustPause else { return }
        connections[id]!.isReading = !connection.mustPause
        if connection.mustPause { connection.stream.pauseReading() } else { connection.stream.startReading() }
    }

    private func setTimer(_ delay: Tick) {
        timer?.cancel()
        timer = loop.schedule(after: delay) { [self] in
            step(.clockRead(WallClock.milliseconds))
            step(.timerFired)
        }
    }

    /// The core's timer fires no more until it sets another one.
    func stopTimer() { timer?.cancel() }

    // MARK: The disk

    /// What is known of the disk, for metrics and administrators.
    package var storageStatistics: StorageStatistics { storage.statistics }
    /// Bytes of the folders of snapshots and of logs, which may be one and the same; asks the file system.
    package var snapshotByteCount: Int { DataFolders.byteCount(below: storage.folders.snapshots) }
    package var logByteCount: Int { DataFolders.byteCount(below: storage.folders.logs) }

    /// Starts a snapshot, unless one is under way, and a new log file with the next transaction.
    package func takeSnapshot() { storage.takeSnapshot() }

    /// Takes a snapshot of everything applied by now, and tells what has become of it.
    func takeSnapshot(then done: @escaping (Result<StorageStatistics.LastSnapshot, ServerFailure>) -> Void) {
        storage.takeSnapshot(then: done)
    }

    private func connectStorage() {
        storage.onPersisted = { [weak self] in self?.step(.persisted(through: $0)) }
        storage.onFailure = { [weak self] in self?.fail($0) }
        storage.onNotice = { [weak self] in self?.onNotice?($0) }
        storage.source = SnapshotSource(
            begin: { [unowned self] in core.beginSnapshot() },
            next: { [unowned self] in core.nextSnapshotChunk(atLeast: $0) },
            cancel: { [unowned self] in core.cancelSnapshot() })
    }
}

/// One accepted connection, as the driver sees it.
private struct ServerConnection {
    let stream: TCPConnection
    var isPausedByCore = false
    var isPausedForOutput = false
    var isReading = false
    /// Its TLS handshake is under way.
    var isShakingHands = false

    var mustPause: Bool { isPausedByCore || isPausedForOutput }
}
