package import StateMachines
import TransactionLog
import ZNodes

/// Snapshots: the driver takes the tree in pieces, between any two steps, and the tree goes on changing.
extension CoordinationCore {
    /// What a snapshot begins with, and what its end has to say.
    package struct SnapshotStart: Sendable {
        package var zxid: Zxid
        package var digest: UInt64
        package var bytes: [UInt8]
    }

    /// Starts a snapshot of everything applied so far, and forgets one that was under way.
    package mutating func beginSnapshot() -> SnapshotStart {
        let current = sessions.sortedIDs.map { id in
            SnapshotFormat.Session(id: id, timeoutMilliseconds: sessions[id]!.timeoutMilliseconds)
        }
        return SnapshotStart(
            zxid: tree.lastZxid, digest: tree.digest,
            bytes: SnapshotFormat.beginning(sessions: current, acls: tree.beginExport()))
    }

    /// The next nodes as they were at the start; empty when there are no more.
    package mutating func nextSnapshotChunk(atLeast byteLimit: Int) -> [UInt8] {
        tree.exportChunk(atLeast: byteLimit)
    }

    package mutating func cancelSnapshot() { tree.cancelExport() }
}
