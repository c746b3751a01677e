import Bytes
import EventLoop
import Messages
import StateMachines
import WireProtocol
import Zab

/// The connections over which servers tell each other their votes: at most one for each pair.
///
/// Both may dial at the same time; the connection that the server with the higher number dialled stays. Of what is to be said to
/// one server only the newest is kept, and said again on a new connection.
/// - Source: section 7.1 of our protocol reference, after ZooKeeper's `QuorumCnxManager`.
final class ElectionLinks {
    /// Servers that nobody has named and that may still send votes, as observers in the making do.
    private static let strangerLimit = 255
    private static let listenPause: Tick = .seconds(1)

    var onNotification: ((ElectionNotification, ServerID) -> Void)?
    var onNotice: ((LocalizedText) -> Void)?
    /// Nobody can be listened to.
    var onFailure: ((ServerFailure) -> Void)?

    private let options: EnsembleOptions
    private let directory: MemberDirectory
    private let security: QuorumSecurity
    private let loop: EventLoop
    private var listeners: [TCPListener] = []
    private var listeningEndpoints: [QuorumEndpoint] = []
    private var listenTimer: LoopTimer?
    /// How often in a row there was no listening.
    private var failedAttempts = 0
    private var peers: [ServerID: Peer] = [:]
    /// Accepted, and has not said who it is.
    private var newcomers: [ObjectIdentifier: Newcomer] = [:]
    private var nextUnnamed: Int64 = -1
    private var isClosed = false

    private struct Peer {
        var endpoints: [QuorumEndpoint]
        /// The one to be tried next.
        var place = 0
        var stream: TCPConnection?
        var attempt: ConnectionAttempt?
        /// Dialled, and not ready to be used yet.
        var dialled: TCPConnection?
        var timer: LoopTimer?
        /// What was said last, or is to be.
        var message: [UInt8]?
        var isSaid = true
    }

    private final class Newcomer {
        let stream: TCPConnection
        var reader = ElectionPortReader()
        var timer: LoopTimer?

        init(_ stream: TCPConnection) { self.stream = stream }
    }

    init(
        _ options: EnsembleOptions, _ directory: MemberDirectory, _ security: QuorumSecurity, on loop: EventLoop
    ) throws(ServerFailure) {
        self.options = options
        self.directory = directory
        self.security = security
        self.loop = loop
        try listen()
        learnAddresses()
    }

    /// The directory has changed.
    func update() {
        learnAddresses()
        do throws(ServerFailure) {
            try listen()
        } catch {
            onFailure?(error)
        }
    }

    private func learnAddresses() {
        for server in directory.others {
            let (id, endpoints) = (ServerID(server.id), server.addresses.map(\.election))
            if peers[id] == nil { peers[id] = Peer(endpoints: endpoints) } else { peers[id]!.endpoints = endpoints }
        }
    }

    /// Listens at this server's own addresses, unless it does already. Where that cannot be, it tries again: names may be made known, and
    /// ports be left, in a while.
    /// - Throws: where it has been tried often enough.
    private func listen() throws(ServerFailure) {
        listenTimer?.cancel()
        listenTimer = nil
        let wanted = directory.listeningEndpoints(onAllAddresses: options.listensOnAllAddresses, \.election)
        guard wanted != listeningEndpoints else { return }
        closeListeners()
        do throws(SystemFailure) {
            for endpoint in wanted {
                listeners.append(
                    try TCPListener(host: endpoint.host, port: endpoint.port, on: loop) { [unowned self] in accept($0) }
                )
            }
        } catch {
            closeListeners()
            return try listenLater(after: error.message)
        }
        listeningEndpoints = wanted
        failedAttempts = 0
    }

    private func listenLater(after problem: LocalizedText) throws(ServerFailure) {
        failedAttempts += 1
        guard options.electionPortAttempts == 0 || failedAttempts < options.electionPortAttempts else {
            throw ServerFailure(message: EnsembleMessages.noElectionPort(problem, attempts: failedAttempts))
        }
        // Later, since nobody may be there yet to hear it.
        loop.schedule(after: .zero) { [weak self] in self?.onNotice?(EnsembleMessages.electionPortLater(problem)) }
        listenTimer = loop.schedule(after: Self.listenPause) { [unowned self] in update() }
    }

    private func closeListeners() {
        for listener in listeners { listener.close() }
        listeners = []
        listeningEndpoints = []
    }

    func close() {
        isClosed = true
        listenTimer?.cancel()
        closeListeners()
        for newcomer in newcomers.values { discard(newcomer) }
        newcomers = [:]
        for id in peers.keys { hangUp(id) }
        peers = [:]
    }

    // MARK: Saying

    /// Says this to a server as soon as it can be reached; what was to be said to it before is forgotten.
    func send(_ notification: ElectionNotification, to id: ServerID) {
        guard !isClosed, peers[id] != nil else { return }
        peers[id]!.message = notification.framed
        peers[id]!.isSaid = false
        if peers[id]!.stream == nil { dial(id) } else { say(to: id) }
    }

    private func say(to id: ServerID) {
        guard let peer = peers[id], let stream = peer.stream, let message = peer.message, !peer.isSaid,
            stream.unwrittenByteCount == 0
        else { return }
        peers[id]!.isSaid = true
        stream.write(message)
    }

    // MARK: Dialling

    private func dial(_ id: ServerID) {
        guard let peer = peers[id], peer.attempt == nil, peer.dialled == nil, peer.stream == nil,
            !peer.endpoints.isEmpty
        else { return }
        let endpoint = peer.endpoints[peer.place % peer.endpoints.count]
        peers[id]!.place += 1
        peers[id]!.attempt = loop.connect(to: endpoint.host, port: endpoint.port) { [unowned self] result in
            peers[id]?.attempt = nil
            guard case .success(let stream) = result, peers[id] != nil else { return endAttempt(id) }
            peers[id]!.dialled = stream
            limitAttempt(id, options.greetingTimeout)
            stream.onEnd = { [unowned self] end in
                security.report(end)
                endAttempt(id)
            }
            security.dialled(stream, host: endpoint.host) { [unowned self, unowned stream] in greet(stream, id) }
        }
        limitAttempt(id, options.connectionTimeout)
    }

    private func limitAttempt(_ id: ServerID, _ limit: Tick) {
        peers[id]!.timer?.cancel()
        peers[id]!.timer = loop.schedule(after: limit) { [unowned self] in endAttempt(id) }
    }

    private func endAttempt(_ id: ServerID) {
        peers[id]?.attempt?.cancel()
        peers[id]?.attempt = nil
        peers[id]?.dialled?.close()
        peers[id]?.dialled = nil
        peers[id]?.timer?.cancel()
        peers[id]?.timer = nil
    }

    private func greet(_ stream: TCPConnection, _ id: ServerID) {
        guard peers[id]?.stream == nil else { return endAttempt(id) }
        stream.write(
            ElectionHello(
                serverID: options.me.rawValue, endpoints: directory.ownServer.addresses.map(\.election)
            ).encoded)
        security.logIn(stream, within: options.greetingTimeout) { [unowned self, unowned stream] in settle(stream, id) }
    }

    private func settle(_ stream: TCPConnection, _ id: ServerID) {
        peers[id]?.dialled = nil
        endAttempt(id)
        guard !isClosed, peers[id]?.stream == nil else { return stream.close() }
        // The other one dials back.
        guard id < options.me else { return stream.close() }
        adopt(stream, id)
    }

    // MARK: Being dialled

    private func accept(_ stream: TCPConnection) {
        guard !isClosed, newcomers.count < Self.strangerLimit else { return stream.close() }
        let newcomer = Newcomer(stream)
        newcomers[ObjectIdentifier(newcomer)] = newcomer
        newcomer.timer = loop.schedule(after: options.greetingTimeout) { [unowned self] in discard(newcomer) }
        stream.onEnd = { [unowned self] end in
            security.report(end)
            discard(newcomer)
        }
        stream.onBytes = { [unowned self] bytes in
            newcomer.reader.append(bytes.bytes)
            readHello(newcomer)
        }
        security.accepted(stream)
    }

    private func discard(_ newcomer: Newcomer) {
        newcomers[ObjectIdentifier(newcomer)] = nil
        newcomer.timer?.cancel()
        newcomer.stream.close()
    }

    private func readHello(_ newcomer: Newcomer) {
        do {
            guard let hello = try newcomer.reader.nextHello() else { return }
            newcomer.timer?.cancel()
            security.admit(
                newcomer.stream, within: options.greetingTimeout, received: newcomer.reader.takePending()
            ) { [unowned self] in
                newcomers[ObjectIdentifier(newcomer)] = nil
                welcome(newcomer, hello)
            }
        } catch {
            onNotice?(EnsembleMessages.badGreeting(newcomer.stream.remoteAddress))
            discard(newcomer)
        }
    }

    private func welcome(_ newcomer: Newcomer, _ hello: ElectionHello) {
        var id = ServerID(hello.serverID)
        if hello.serverID == ElectionHello.unnamedObserver {
            id = ServerID(nextUnnamed)
            nextUnnamed -= 1
        }
        guard id != options.me else {
            onNotice?(EnsembleMessages.sameNumber(newcomer.stream.remoteAddress, id.rawValue))
            return newcomer.stream.close()
        }
        if peers[id] == nil {
            guard peers.count < Self.strangerLimit else { return newcomer.stream.close() }
            peers[id] = Peer(endpoints: hello.endpoints)
        }
        // It has lost the old connection, or never had one.
        hangUp(id)
        guard id > options.me || id.rawValue < 0 else {
            newcomer.stream.close()
            return dial(id)
        }
        adopt(newcomer.stream, id)
    }

    // MARK: Connected

    private func adopt(_ stream: TCPConnection, _ id: ServerID) {
        endAttempt(id)
        peers[id]!.stream = stream
        peers[id]!.isSaid = peers[id]!.message == nil
        var reader = ElectionPortReader()
        if options.keepsAlive { stream.keepAlive() }
        stream.onEnd = { [unowned self, unowned stream] end in
            security.report(end)
            lose(stream, id)
        }
        stream.onDrain = { [unowned self] in say(to: id) }
        stream.onBytes = { [unowned self, unowned stream] bytes in
            reader.append(bytes.bytes)
            read(&reader, stream, id)
        }
        stream.startReading()
        say(to: id)
    }

    private func read(_ reader: inout ElectionPortReader, _ stream: TCPConnection, _ id: ServerID) {
        do {
            while stream.isOpen, let message = try reader.nextMessage() {
                var bytes = ByteReader(message.span.bytes)
                // Of a version that is not known: not for this server.
                guard let notification = try? ElectionNotification(from: &bytes) else { continue }
                onNotification?(notification, id)
            }
        } catch {
            lose(stream, id)
        }
    }

    private func lose(_ stream: TCPConnection, _ id: ServerID) {
        stream.close()
        if peers[id]?.stream === stream { peers[id]!.stream = nil }
    }

    private func hangUp(_ id: ServerID) {
        endAttempt(id)
        peers[id]?.stream?.close()
        peers[id]?.stream = nil
    }
}
