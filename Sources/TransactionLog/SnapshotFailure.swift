package import Bytes
package import Messages
package import ZNodes

/// A snapshot that cannot be used.
package struct SnapshotFailure: LocalizedFailure, Hashable {
    package enum Reason: Error, Hashable, Sendable {
        case notASnapshot
        /// It ends before its end.
        case incomplete
        /// The bytes are not those that were written.
        case wrongChecksum
        case malformed(ByteError)
        case noTree(TreeImportError)
        /// Bytes follow where nothing may.
        case trailingBytes
        /// What follows a SNAP packet does not end with its word.
        case wrongSignature
    }
    package var file: String
    /// Bytes before what is wrong, unpacked.
    package var offset: Int
    package var reason: Reason

    package init(file: String, offset: Int, reason: Reason) {
        self.file = file
        self.offset = offset
        self.reason = reason
    }

    package var message: LocalizedText {
        switch reason {
        case .notASnapshot: SnapshotMessages.notASnapshot(file)
        case .incomplete: SnapshotMessages.incomplete(file, offset: offset)
        case .wrongChecksum: SnapshotMessages.wrongChecksum(file, offset: offset)
        case .malformed: SnapshotMessages.malformed(file, offset: offset)
        case .noTree(.duplicate(let path)): SnapshotMessages.duplicate(file, path.description)
        case .noTree(.noParent(let path)): SnapshotMessages.noParent(file, path.description)
        case .noTree(.misplacedRoot): SnapshotMessages.misplacedRoot(file)
        case .wrongSignature: SnapshotMessages.wrongSignature(file, offset: offset)
        case .trailingBytes: SnapshotMessages.trailingBytes(file, offset: offset)
        }
    }
}
