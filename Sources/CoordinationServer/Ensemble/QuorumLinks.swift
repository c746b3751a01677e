import Bytes
import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import WireProtocol
import Zab
import ZNodes

/// The streams between a leader, or a follower in its stead, and its learners, whichever of them this server is.
final class QuorumLinks {
    /// Where others come in.
    enum Door: Hashable {
        /// The quorum port of a leader.
        case learners
        /// The port where a follower waits for observers.
        case observers
    }

    private static let newcomerLimit = 255

    var onInput: ((EnsembleInput) -> Void)?
    /// What packets say that have arrived together; `onArrivalEnd` comes behind the last of them.
    var onArrival: ((EnsembleInput) -> Void)?
    var onArrivalEnd: (() -> Void)?
    /// The tree that the leader has sent.
    var onSnapshot: ((Snapshot) -> Void)?
    /// The stream ended while the leader's tree was on its way.
    var onSnapshotLost: (() -> Void)?
    var onNotice: ((LocalizedText) -> Void)?

    var statistics = QuorumStatistics()
    private let options: EnsembleOptions
    private let directory: MemberDirectory
    private let security: QuorumSecurity
    private let loop: EventLoop
    private var listeners: [TCPListener] = []
    private var listenTimer: LoopTimer?
    private var door: Door?
    /// Of a leader, or a follower with observers: those who have said who they are, and those who have not.
    private var learners = LinkTable()
    private var newcomers: [ObjectIdentifier: QuorumLink] = [:]
    private var nextUnnamed: Int64 = -1
    /// Of a learner.
    private var leader: (id: ServerID, link: QuorumLink)?
    private var attempt: ConnectionAttempt?
    private var attempted: ServerID?
    private var attemptTimer: LoopTimer?
    /// Which of the leader's addresses is tried next.
    private var place = 0
    private var exportCount: UInt64 = 0

    init(
        _ options: EnsembleOptions, _ directory: MemberDirectory, _ security: QuorumSecurity, on loop: EventLoop
    ) {
        self.options = options
        self.directory = directory
        self.security = security
        self.loop = loop
    }

    func close() {
        stopListening()
        cancelAttempt()
        leader?.link.close()
        leader = nil
        for link in learners.links { link.close() }
        learners = LinkTable()
    }

    // MARK: Of a leader

    /// Where learners find somebody; where nobody is, they try again.
    func open(_ wanted: Door?) {
        guard wanted != door else { return }
        stopListening()
        door = wanted
        if wanted != nil { listen() }
    }

    private func listen() {
        do throws(SystemFailure) {
            let own = directory.listeningEndpoints(onAllAddresses: options.listensOnAllAddresses, endpoint)
            for endpoint in own {
                listeners.append(
                    try TCPListener(host: endpoint.host, port: endpoint.port, on: loop) { [unowned self] in accept($0) }
                )
            }
        } catch {
            closeListeners()
            onNotice?(error.message)
            listenTimer = loop.schedule(after: .seconds(1)) { [unowned self] in listen() }
        }
    }

    private func endpoint(_ address: QuorumServer.Address) -> QuorumEndpoint {
        door == .observers ? observersEndpoint(address) : address.quorum
    }

    private func observersEndpoint(_ address: QuorumServer.Address) -> QuorumEndpoint {
        QuorumEndpoint(host: address.quorum.host, port: options.observerMasterPort ?? address.quorumPort)
    }

    private func closeListeners() {
        for listener in listeners { listener.close() }
        listeners = []
    }

    private func stopListening() {
        door = nil
        listenTimer?.cancel()
        closeListeners()
        for newcomer in newcomers.values { newcomer.close() }
        newcomers = [:]
    }

    private func accept(_ stream: TCPConnection) {
        guard newcomers.count < Self.newcomerLimit else { return stream.close() }
        let link = makeLink(stream)
        newcomers[ObjectIdentifier(link)] = link
        link.onEnd = { [unowned self, unowned link] in lose(link) }
        link.onPacket = { [unowned self, unowned link] in receive($0, fromLearner: link) }
        link.onFlush = { [unowned self, unowned link] in
            if let id = link.server { statistics.sent($0, after: $1, to: id) }
        }
        link.onHeard = { [unowned self, unowned link] in if let id = link.server { onInput?(.peer(.heard(id))) } }
        security.accepted(stream) { [unowned self, unowned stream] in
            security.admit(stream, within: options.connectionTimeout)
        }
    }

    private func makeLink(_ stream: TCPConnection) -> QuorumLink {
        if options.keepsAlive { stream.keepAlive() }
        let link = QuorumLink(stream, security, on: loop)
        link.onPacketsEnd = { [unowned self] in onArrivalEnd?() }
        link.onClosed = { [weak self] in self?.statistics.closed(in: $0) }
        return link
    }

    private func lose(_ link: QuorumLink) {
        newcomers[ObjectIdentifier(link)] = nil
        guard let id = link.server, learners[id] === link else { return }
        learners[id] = nil
        onInput?(.peer(.disconnected(id)))
    }

    private func receive(_ packet: QuorumPacket, fromLearner link: QuorumLink) {
        do throws(ByteError) {
            if link.server == nil { link.server = try introduce(link, packet) }
            guard let id = link.server else { return refuse(link) }
            if packet.type == .acknowledge { link.synchronization = nil }
            if let said = try Packet(ofLearner: packet) {
                if case .ping = said, packet.data?.isEmpty == false {
                    onArrival?(.touched(try packet.record(TouchedSessions.self).sessions))
                }
                return onArrival?(.peer(.received(said, from: id))) ?? ()
            }
            switch packet.type {
            case .request:
                let identities = (packet.identities ?? []).map { Identity(scheme: $0.scheme, id: $0.user) }
                onArrival?(.requested(try packet.record(), identities, from: id))
            case .revalidate: onArrival?(.revalidationAsked(try packet.record(), from: id))
            default: refuse(link)
            }
        } catch {
            refuse(link)
        }
    }

    /// A learner's first packet says who it is. `nil` where it says something else, or is too old to be understood.
    private func introduce(_ link: QuorumLink, _ packet: QuorumPacket) throws(ByteError) -> ServerID? {
        guard packet.type == .observerInfo || packet.type == .followerInfo && door == .learners else { return nil }
        let info = try packet.record(LearnerInfo.self)
        guard let version = info.protocolVersion, version >= QuorumProtocolVersion.current else { return nil }
        // One that knows a later ensemble does not belong under this leader. First versions are no reconfigurations.
        let configuration = Zxid(wireValue: info.configurationVersion ?? 0)
        guard configuration.counter == 0 || configuration.wireValue <= directory.members.version ?? 0 else {
            return nil
        }
        var id = ServerID(info.serverID)
        if info.serverID < 0 {
            id = ServerID(nextUnnamed)
            nextUnnamed -= 1
        }
        newcomers[ObjectIdentifier(link)] = nil
        link.isObserved = packet.type == .observerInfo
        let old = learners[id]
        learners[id] = link
        if let old {
            old.close()
            onInput?(.peer(.disconnected(id)))
        }
        return id
    }

    private func refuse(_ link: QuorumLink) {
        link.close()
        lose(link)
    }

    // MARK: Of a learner

    /// - Parameter isGuest: at the door for observers.
    func connect(to id: ServerID, asGuest isGuest: Bool) {
        cancelAttempt()
        leader?.link.close()
        leader = nil
        let addresses = directory[id]?.addresses ?? []
        guard !addresses.isEmpty else {
            loop.schedule(after: .zero) { [weak self] in self?.onInput?(.peer(.disconnected(id))) }
            return
        }
        let address = addresses[place % addresses.count]
        let endpoint = isGuest ? observersEndpoint(address) : address.quorum
        place += 1
        attempted = id
        attempt = loop.connect(to: endpoint.host, port: endpoint.port) { [unowned self] result in
            attempt = nil
            switch result {
            case .success(let stream): didConnect(stream, to: id, host: endpoint.host)
            case .failure:
                cancelAttempt()
                onInput?(.peer(.disconnected(id)))
            }
        }
        attemptTimer = loop.schedule(after: options.connectionTimeout) { [unowned self] in
            cancelAttempt()
            leader?.link.close()
            leader = nil
            onInput?(.peer(.disconnected(id)))
        }
    }

    private func cancelAttempt() {
        attempted = nil
        attempt?.cancel()
        attempt = nil
        attemptTimer?.cancel()
        attemptTimer = nil
    }

    private func didConnect(_ stream: TCPConnection, to id: ServerID, host: String) {
        let link = makeLink(stream)
        link.server = id
        leader = (id, link)
        link.onEnd = { [unowned self, unowned link] in loseLeader(link) }
        link.onPacket = { [unowned self, unowned link] in receive($0, fromLeader: link, id) }
        link.onHeard = { [unowned self] in onInput?(.peer(.heard(id))) }
        link.onSnapshot = { [unowned self] in onSnapshot?($0) }
        security.dialled(stream, host: host) { [unowned self, unowned stream] in
            security.logIn(stream, within: options.connectionTimeout) { [unowned self] in
                cancelAttempt()
                link.start()
                onInput?(.peer(.connected(id)))
            }
        }
    }

    private func loseLeader(_ link: QuorumLink) {
        guard let (id, current) = leader, current === link else { return }
        cancelAttempt()
        leader = nil
        onInput?(.peer(.disconnected(id)))
        if link.isReceivingSnapshot { onSnapshotLost?() }
    }

    private func receive(_ packet: QuorumPacket, fromLeader link: QuorumLink, _ id: ServerID) {
        do throws(ByteError) {
            if let said = try Packet(ofLeader: packet) { return onArrival?(.peer(.received(said, from: id))) ?? () }
            switch packet.type {
            case .sync: onArrival?(.synchronized)
            case .revalidate:
                let reply = try packet.record(RevalidationReply.self)
                onArrival?(.revalidated(reply.session, isValid: reply.isValid))
            default: abandonLeader(link)
            }
        } catch {
            abandonLeader(link)
        }
    }

    private func abandonLeader(_ link: QuorumLink) {
        link.close()
        loseLeader(link)
    }

    // MARK: Both

    private func link(to id: ServerID) -> QuorumLink? {
        if let leader, leader.id == id { return leader.link }
        return learners[id]
    }

    func disconnect(_ id: ServerID) {
        if attempted == id { cancelAttempt() }
        if let (leaderID, link) = leader, leaderID == id {
            leader = nil
            link.close()
            if link.isReceivingSnapshot { onSnapshotLost?() }
        }
        let learner = learners[id]
        learners[id] = nil
        learner?.close()
    }

    /// Whether this learner may be brought up to date now. One that may not is gone when this returns.
    private func begin(_ kind: QuorumLink.Synchronization, with id: ServerID) -> Bool {
        guard let link = learners[id] else { return false }
        let (key, limit) =
            kind == .snapshot
            ? ("leader.maxConcurrentSnapSyncs", options.concurrentSnapshotLimit)
            : ("leader.maxConcurrentDiffSyncs", options.concurrentDifferenceLimit)
        guard link.isObserved, learners.links.count(where: { $0.synchronization == kind }) >= limit else {
            link.synchronization = kind
            statistics.began(kind, underWay: learners.links.count { $0.synchronization == kind })
            return true
        }
        onNotice?(EnsembleMessages.tooManySyncs(id.rawValue, key, limit))
        refuse(link)
        return false
    }

    func send(_ packet: Packet, to id: ServerID) {
        switch packet {
        case .diff, .truncate: guard begin(.difference, with: id) else { return }
        case .followerInfo, .leaderInfo, .acknowledgeEpoch, .snapshot, .newLeader, .upToDate, .proposal, .acknowledge,
            .commit, .inform, .commitAndActivate, .informAndActivate, .ping:
            break
        }
        link(to: id)?.send { packet.write(from: options.me, directory.members, into: &$0) }
    }

    /// Sends SNAP and the tree behind it.
    func sendSnapshot(through zxid: Zxid, to id: ServerID, _ source: (ExportID) -> SnapshotSource) {
        guard let link = learners[id], begin(.snapshot, with: id) else { return }
        exportCount += 1
        link.send { $0.writeQuorumPacket(.snapshot, zxid: zxid) }
        link.sendSnapshot(source(ExportID(exportCount)))
    }

    func request(_ request: ForwardedRequest, _ identities: [Identity]) {
        let proved = identities.map { ClientIdentity(scheme: $0.scheme, user: $0.id) }
        leader?.link.send {
            $0.writeQuorumPacket(.request, zxid: QuorumPacket.noZxid, identities: proved) { request.encode(into: &$0) }
        }
    }

    func ping(_ zxid: Zxid, _ touched: [QuorumSession]) {
        leader?.link.send { $0.writeQuorumPacket(.ping, zxid: zxid) { TouchedSessions(touched).encode(into: &$0) } }
    }

    func revalidate(_ session: QuorumSession) {
        leader?.link.send {
            $0.writeQuorumPacket(.revalidate, zxid: QuorumPacket.noZxid) { session.encode(into: &$0) }
        }
    }

    func answer(_ reply: RevalidationReply, to id: ServerID) {
        learners[id]?.send {
            $0.writeQuorumPacket(.revalidate, zxid: QuorumPacket.noZxid) { reply.encode(into: &$0) }
        }
    }

    func confirmSynchronization(to id: ServerID) { learners[id]?.send { $0.writeQuorumPacket(.sync, zxid: .zero) } }
}

/// A handful of streams. One is looked for at every packet, and hashing would cost more than the packet.
private struct LinkTable {
    private(set) var links: [QuorumLink] = []
    private var ids: [ServerID] = []

    subscript(id: ServerID) -> QuorumLink? {
        get { ids.firstIndex(of: id).map { links[$0] } }
        set {
            let index = ids.firstIndex(of: id)
            switch (newValue, index) {
            case (let link?, let index?): links[index] = link
            case (let link?, nil):
                ids.append(id)
                links.append(link)
            case (nil, let index?):
                ids.remove(at: index)
                links.remove(at: index)
            case (nil, nil): break
            }
        }
    }
}
