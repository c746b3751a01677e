import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import WireProtocol
import Zab
import ZNodes

/// What a server of an ensemble needs besides its clients: the other servers, the epochs on its disk, the timers of the protocol.
///
/// Confined to its server's loop.
final class EnsembleDriver {
    /// What happens; given to the core.
    var onInput: ((EnsembleInput) -> Void)?
    /// What happens because of packets that have arrived together, until `onArrivalEnd`.
    var onArrival: ((EnsembleInput) -> Void)? {
        get { quorum.onArrival }
        set { quorum.onArrival = newValue }
    }
    var onArrivalEnd: (() -> Void)? {
        get { quorum.onArrivalEnd }
        set { quorum.onArrivalEnd = newValue }
    }
    var onFailure: ((ServerFailure) -> Void)?
    var onNotice: ((LocalizedText) -> Void)?
    var onRole: ((PeerRole) -> Void)?
    /// Cuts the disk and the tree back, then tells.
    var onTruncate: ((Zxid) -> Void)?
    /// Puts a tree in the place of the one that is there, in memory and on disk, then tells.
    var onInstall: ((Snapshot) -> Void)?
    var onReadLog: ((_ after: Zxid, _ through: Zxid, ServerID) -> Void)?
    /// The state as it is now, to be sent to a learner; `nil` where it is not the one that is announced.
    var onExport: ((Zxid) -> ((ExportID) -> SnapshotSource)?)?

    /// Where a reconfiguration wants this server's clients to be served.
    var onClientAddress: ((QuorumEndpoint) -> Void)?

    let options: EnsembleOptions
    private let loop: EventLoop
    private let directory: MemberDirectory
    private let configurationFiles: ConfigurationFiles?
    private let security: QuorumSecurity
    private let election: ElectionLinks
    private let quorum: QuorumLinks
    private let epochs: EpochWriter
    private let oracle: OracleFile?
    private var timers: [PeerTimer: LoopTimer] = [:]
    /// The protocol waits for this snapshot; and whether it has arrived.
    private var awaited: Zxid?

    /// - Throws: a `LocalizedFailure`: the port or the certificates cannot be used.
    init(_ options: EnsembleOptions, _ files: EpochFiles, on loop: EventLoop) throws {
        self.options = options
        self.loop = loop
        directory = MemberDirectory(options.me, options.members)
        configurationFiles = options.configurationFile.map { ConfigurationFiles(path: $0, calls: files.calls) }
        security = try QuorumSecurity(options, on: loop)
        election = try ElectionLinks(options, directory, security, on: loop)
        quorum = QuorumLinks(options, directory, security, on: loop)
        epochs = EpochWriter(files, on: loop)
        oracle = options.oraclePath.map { OracleFile(path: $0, on: loop) }
        election.onNotification = { [unowned self] in tell(.notified(Notification($0), from: $1)) }
        security.onNotice = { [unowned self] in onNotice?($0) }
        election.onNotice = { [unowned self] in onNotice?($0) }
        election.onFailure = { [unowned self] in onFailure?($0) }
        quorum.onInput = { [unowned self] in onInput?($0) }
        quorum.onNotice = { [unowned self] in onNotice?($0) }
        quorum.onSnapshot = { [unowned self] in didReceive($0) }
        quorum.onSnapshotLost = { [unowned self] in loseSnapshot() }
        epochs.onStored = { [unowned self] in tell(.epochStored($0)) }
        epochs.onFailure = { [unowned self] in onFailure?($0) }
        oracle?.onAnswer = { [unowned self] in tell(.oracleAnswered(mayGoOn: $0)) }
        oracle?.onChange = { [unowned self] in onNotice?(EnsembleMessages.oracle(options.oraclePath!, mayGoOn: $0)) }
    }

    func close() {
        election.close()
        quorum.close()
        security.close()
        epochs.close()
        oracle?.close()
        for timer in timers.values { timer.cancel() }
        timers = [:]
    }

    func reloadCertificates() { security.reload() }

    /// What is measured of the streams to and from other servers.
    var statistics: QuorumStatistics { quorum.statistics }

    /// Packets that came together have been dealt with.
    func endedTurn(in time: Tick) { quorum.statistics.endedTurn(in: time) }

    private func tell(_ input: PeerInput) { onInput?(.peer(input)) }

    /// To be called after every step of the core.
    func open(_ door: QuorumLinks.Door?) { quorum.open(door) }

    // MARK: Effects

    func perform(_ effect: EnsembleEffect) {
        switch effect {
        case .peer(let effect): perform(effect)
        case .request(let request, let identities): quorum.request(request, identities)
        case .ping(let zxid, let touched): quorum.ping(zxid, touched)
        case .revalidate(let session): quorum.revalidate(session)
        case .revalidated(let session, let isValid, let learner):
            quorum.answer(RevalidationReply(session: session, isValid: isValid), to: learner)
        case .synchronized(let learner): quorum.confirmSynchronization(to: learner)
        }
    }

    private func perform(_ effect: PeerEffect) {
        switch effect {
        case .notify(let notification, let peer): election.send(notification.wire(directory.members), to: peer)
        case .connect(let master, let isGuest): quorum.connect(to: master, asGuest: isGuest)
        case .disconnect(let peer): quorum.disconnect(peer)
        case .send(.snapshot(let zxid), let learner): sendSnapshot(through: zxid, to: learner)
        case .send(let packet, let peer): quorum.send(packet, to: peer)
        case .storeEpoch(let epoch): epochs.store(epoch)
        case .truncateLog(let zxid): onTruncate?(zxid)
        case .installSnapshot(let zxid, _): awaited = zxid
        case .readLog(let after, let through, let learner): onReadLog?(after, through, learner)
        case .setTimer(let timer, let delay): setTimer(timer, delay)
        case .cancelTimer(let timer): timers.removeValue(forKey: timer)?.cancel()
        case .askOracle: oracle!.ask()
        case .changeRole(let role): onRole?(role)
        case .expectEnsemble(let ensemble):
            directory.expect(ensemble)
            election.update()
        case .adoptEnsemble(let ensemble): adopt(ensemble)
        case .append, .deliver, .anticipate: preconditionFailure("the core keeps \(effect) to itself")
        }
    }

    /// On disk when this returns: nothing that follows may be done before.
    private func adopt(_ ensemble: Ensemble) {
        let old = directory.ownServer.clientAddress
        directory.adopt(ensemble)
        do throws(ServerFailure) {
            try configurationFiles?.store(directory.members, own: directory.ownServer)
        } catch {
            return onFailure?(error) ?? ()
        }
        election.update()
        if let wanted = directory.ownServer.clientAddress, wanted != old { onClientAddress?(wanted) }
    }

    private func setTimer(_ timer: PeerTimer, _ delay: Tick) {
        timers[timer]?.cancel()
        timers[timer] = loop.schedule(after: delay) { [unowned self] in
            timers[timer] = nil
            tell(.timerFired(timer))
        }
    }

    // MARK: Snapshots

    private func sendSnapshot(through zxid: Zxid, to learner: ServerID) {
        guard let source = onExport?(zxid) else {
            // It moved on within this very step: the learner comes again.
            quorum.disconnect(learner)
            return tell(.disconnected(learner))
        }
        quorum.sendSnapshot(through: zxid, to: learner, source)
    }

    private func didReceive(_ snapshot: Snapshot) {
        guard awaited != nil else { return }
        awaited = nil
        onInstall?(snapshot)
    }

    private func loseSnapshot() {
        guard awaited != nil else { return }
        awaited = nil
        tell(.snapshotAborted)
    }
}
