import CoordinationCore
import EventLoop
import Messages
import StateMachines
import TransactionLog
import Zab
import ZNodes

/// A server among others: between the core and the driver of its ensemble.
extension CoordinationServer {
    /// The protocol as the disk left it.
    static func recoveredPeer(
        _ options: ServerOptions, _ ensemble: EnsembleOptions, _ recovery: Recovery, _ storage: ServerStorage
    ) throws(ServerFailure) -> ZabPeer {
        ZabPeer(
            ZabConfiguration(
                me: ensemble.me, ensemble: ensemble.ensemble, mayReconfigure: options.core.reconfigEnabled,
                timing: ensemble.timing, windowLimit: ensemble.windowLimit,
                hostsObservers: ensemble.observerMasterPort != nil, hasOracle: ensemble.oraclePath != nil,
                seed: .random(in: .min ... .max)),
            history: History(after: recovery.state.tree.lastZxid), epochs: try storage.epochFiles.read(),
            ensembles: recovery.state.ensembles)
    }

    func connect(_ driver: EnsembleDriver) {
        driver.onInput = { [unowned self] in step(.ensemble($0)) }
        driver.onArrival = { [unowned self] in stepInTurn($0) }
        driver.onArrivalEnd = { [unowned self] in endTurn() }
        driver.onFailure = { [unowned self] in fail($0) }
        driver.onNotice = { [unowned self] in onNotice?($0) }
        driver.onRole = { [unowned self] in onRole?($0) }
        driver.onTruncate = { [unowned self] in truncate(to: $0) }
        driver.onInstall = { [unowned self] in install($0) }
        driver.onReadLog = { [unowned self] in readLog(after: $0, through: $1, for: $2) }
        driver.onClientAddress = { [unowned self] in moveClientPort(to: $0) }
        driver.onExport = { [unowned self] in export(at: $0) }
    }

    private func tell(_ input: PeerInput) { step(.ensemble(.peer(input))) }

    private func truncate(to zxid: Zxid) {
        storage.truncate(to: zxid) { [self] result in
            guard !isStopped else { return }
            switch result {
            case .failure(let failure): fail(failure)
            case .success(.none): tell(.truncationImpossible)
            case .success(.some(let state)):
                core.load(state, at: now)
                tell(.truncated(to: zxid, window: [], before: zxid))
            }
        }
    }

    private func install(_ snapshot: Snapshot) {
        let state = RecoveredState(snapshot, comparesDigests: options.storage.comparesDigests)
        storage.replace(through: snapshot.zxid) { [self] in
            if !isStopped { core.load(state, at: now) }
        } then: { [self] result in
            guard !isStopped else { return }
            switch result {
            case .failure(let failure): fail(failure)
            case .success: tell(.snapshotInstalled(through: snapshot.zxid))
            }
        }
    }

    private func readLog(after: Zxid, through: Zxid, for learner: ServerID) {
        let size = options.ensemble?.logSizeLimitPerThousand ?? 0
        storage.read(after: after, through: through, sizePerThousand: size) { [self] entries in
            tell(.logRead(entries, for: learner))
        }
    }

    private func export(at zxid: Zxid) -> ((ExportID) -> SnapshotSource)? {
        guard core.tree.lastZxid == zxid else { return nil }
        return { [unowned self] id in
            SnapshotSource(
                begin: { [unowned self] in core.beginSnapshotStream(id) },
                next: { [unowned self] in core.nextSnapshotChunk(of: id, atLeast: $0) },
                cancel: { [unowned self] in core.cancelSnapshot(id) })
        }
    }
}
