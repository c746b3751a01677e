import CoordinationCore
import EventLoop
import Messages
package import StateMachines
import TransactionLog
import ZNodes

extension CoordinationServer {
    /// Puts a snapshot in the place of the tree, in memory and on disk.
    ///
    /// Everybody is disconnected, and may come back when it is done: to a session that the snapshot knows, or to hear that
    /// theirs is over. Until then the server takes no connection.
    ///
    /// - Parameters:
    ///   - path: a snapshot, packed or not.
    ///   - done: gets the transaction at which the server stands now; or why everything is as before.
    package func restore(fromFile path: String, then done: @escaping (Result<Zxid, ServerFailure>) -> Void) {
        guard !isStopped, !isRestoring else { return done(.failure(Self.busy)) }
        guard core.ensembleReport == nil else {
            return done(.failure(ServerFailure(message: StorageMessages.restoreInEnsemble)))
        }
        isRestoring = true
        let begun = now
        let comparesDigests = options.storage.comparesDigests
        loop.perform {
            Result { () throws(ServerFailure) in
                try CoordinationServer.readState(path, comparesDigests: comparesDigests)
            }
        } then: { [self] result in
            switch result {
            case .failure(let failure): finishRestoring(.failure(failure), begun, done)
            case .success(let state):
                stopTimer()
                hangUpOnEverybody()
                storage.settle { [self] in
                    let result = replaceTree(with: state)
                    step(.started)
                    finishRestoring(result, begun, done)
                }
            }
        }
    }

    private static let busy = ServerFailure(message: StorageMessages.restoreUnderWay)

    private static func readState(_ path: String, comparesDigests: Bool) throws(ServerFailure) -> RecoveredState {
        do {
            let snapshot = try SnapshotFile.read(path)
            guard snapshot.zxid.wireValue >= 0, snapshot.zxid.counter < .max else {
                throw ServerFailure(message: StorageMessages.restoredZxidTooHigh(snapshot.zxid.description))
            }
            return RecoveredState(snapshot, comparesDigests: comparesDigests)
        } catch let failure as any LocalizedFailure {
            throw ServerFailure(message: failure.message)
        } catch {
            throw ServerFailure(message: StorageMessages.unreadableFile(path, "\(error)"))
        }
    }

    /// The new tree is on disk before anybody sees it.
    private func replaceTree(with state: RecoveredState) -> Result<Zxid, ServerFailure> {
        guard !isStopped else { return .failure(Self.busy) }
        let before = core
        core.replace(with: state, at: now)
        storage.statistics.digestMismatchCount += state.digestMismatchCount
        do throws(ServerFailure) {
            try storage.startAnew(at: core.tree.lastZxid)
        } catch {
            core = before
            return .failure(error)
        }
        if let zxid = state.firstDigestMismatch { onNotice?(ServerMessages.digestMismatch(zxid.description)) }
        if let awaited = state.awaitedDigest {
            onNotice?(
                StorageMessages.digestNotReached(awaited.zxid.description, last: state.tree.lastZxid.description))
        }
        return .success(core.tree.lastZxid)
    }

    private func finishRestoring(
        _ result: Result<Zxid, ServerFailure>, _ begun: Tick, _ done: (Result<Zxid, ServerFailure>) -> Void
    ) {
        isRestoring = false
        switch result {
        case .success(let zxid):
            storage.statistics.restoreTimes.add(now - begun)
            onNotice?(StorageMessages.restored(zxid.description))
        case .failure(let failure):
            storage.statistics.failedRestoreCount += 1
            onNotice?(failure.message)
        }
        done(result)
    }
}
