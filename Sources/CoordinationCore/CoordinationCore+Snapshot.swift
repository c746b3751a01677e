package import StateMachines
import TransactionLog
import Zab
package import ZNodes

/// Snapshots: the driver takes the tree in pieces, between any two steps, and the tree goes on changing.
extension CoordinationCore {
    /// What a snapshot begins with, and what its end has to say.
    package struct SnapshotStart: Sendable {
        package var zxid: Zxid
        /// `nil` where digests are not written.
        package var digest: UInt64?
        package var bytes: [UInt8]
    }

    /// Starts a snapshot of everything applied so far, and forgets one of the same name that was under way.
    package mutating func beginSnapshot(_ id: ExportID = .file) -> SnapshotStart {
        SnapshotStart(
            zxid: tree.lastZxid, digest: configuration.writesDigests ? tree.digest : nil,
            bytes: SnapshotFormat.beginning(sessions: snapshotSessions, acls: tree.beginExport(id)))
    }

    /// The same for a learner, as it follows a SNAP packet.
    package mutating func beginSnapshotStream(_ id: ExportID) -> SnapshotStart {
        SnapshotStart(
            zxid: tree.lastZxid, digest: nil,
            bytes: SnapshotFormat.streamBeginning(sessions: snapshotSessions, acls: tree.beginExport(id)))
    }

    private var snapshotSessions: [SnapshotFormat.Session] {
        sessions.sortedIDs.compactMap { id in
            guard let session = sessions[id], !session.isLocal, !session.isOpening else { return nil }
            return SnapshotFormat.Session(id: id, timeoutMilliseconds: session.timeoutMilliseconds)
        }
    }

    /// The next nodes as they were at the start; empty when there are no more.
    /// - Precondition: the snapshot is under way.
    package mutating func nextSnapshotChunk(of id: ExportID = .file, atLeast byteLimit: Int) -> [UInt8] {
        precondition(tree.isExporting(id), "a snapshot that is not under way cannot be told from one that has ended")
        return tree.exportChunk(of: id, atLeast: byteLimit)
    }

    package mutating func cancelSnapshot(_ id: ExportID = .file) { tree.cancelExport(id) }

    /// Goes on with another tree and its sessions, whose whole time begins anew with `.started`.
    ///
    /// The tree then stands at a transaction that neither tree has had next: logs of before can never be taken for what
    /// leads to those that follow.
    ///
    /// - Precondition: nobody is connected, and nothing is proposed that is not committed.
    package mutating func replace(with state: RecoveredState, at now: Tick) {
        precondition(slots.isEmpty && pendingWrites.isEmpty, "somebody still waits for the tree that is replaced")
        let last = max(state.tree.lastZxid, tree.lastZxid.successor)
        load(state, at: now)
        tree.setLastZxid(last)
        broadcast = StandaloneBroadcast(recoveredThrough: last)
    }

    /// Goes on with the tree and the sessions that a member of an ensemble has on its disk now: after its leader had its
    /// log cut, or sent it a snapshot. Nobody is served meanwhile.
    ///
    /// - Precondition: no snapshot is under way.
    package mutating func load(_ state: RecoveredState, at now: Tick) {
        precondition(!tree.hasExports, "a snapshot of the tree is under way")
        tree = state.tree
        if configuration.emulate353TTLNodes { tree.emulate353() }
        sessions = SessionTable(serverID: configuration.serverID, startedAt: now)
        for session in state.sortedSessions {
            sessions.recover(session.id, timeoutMilliseconds: session.timeoutMilliseconds)
        }
        outstanding = OutstandingChanges(tree: tree)
        digestHistory = Queue()
        reaper = Reaper()
    }
}
