import Bytes
import CoordinationCore
import CoordinationServer
import StateMachines
import TransactionLog
import ZNodes

/// A snapshot of unknown origin.
enum SnapshotFuzzing {
    private static let name = "snapshot.5"
    private static let zxid = Zxid(rawValue: 5)

    /// The first byte says how the file is packed, in what pieces it is read, and whether it gets a right end first,
    /// with the checksums that a fuzzer cannot guess.
    static func check(_ bytes: inout FuzzBytes) throws(FuzzFinding) {
        let mode = bytes.byte()
        if mode & 1 != 0 { return try checkPacked(bytes.remainder(), as: mode & 2 != 0 ? .snappy : .gzip) }
        var file = bytes.remainder()
        if mode & 2 != 0 {
            file += SnapshotFormat.ending(
                after: Checksum.adler32(file), zxid: zxid, digest: mode & 64 != 0 ? 7 : nil, writesZxid: mode & 128 != 0
            )
        }
        let whole = read(file, pieceLength: .max)
        let pieces = read(file, pieceLength: [1, 5, 16, 100][Int(mode >> 2) % 4])
        switch (whole, pieces) {
        case (.success(let snapshot), .success(let other)):
            try demand(
                snapshot.tree == other.tree && snapshot.sessions == other.sessions, "pieces of any size read alike")
            try checkSnapshot(snapshot)
        case (.failure(let failure), .failure(let other)):
            // The reason may also say where in a piece; the message says where in the file.
            try demand(failure.message == other.message, "pieces of any size fail alike: \(failure), \(other)")
        case (.success, .failure(let failure)), (.failure(let failure), .success):
            throw FuzzFinding("pieces of any size read alike: \(failure)")
        }
    }

    private static func read(_ file: [UInt8], pieceLength: Int) -> Result<Snapshot, SnapshotFailure> {
        var reader = SnapshotReader(file: name, zxid: zxid)
        do throws(SnapshotFailure) {
            var rest = file[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(pieceLength))
                rest = rest.dropFirst(pieceLength)
                try reader.append(piece.span.bytes)
            }
            return .success(try reader.finish())
        } catch {
            return .failure(error)
        }
    }

    /// What was read and is written again reads the same; a server starts from it, and serves.
    private static func checkSnapshot(_ snapshot: Snapshot) throws(FuzzFinding) {
        let other = try promised("what was written can be read") {
            try read(written(snapshot.tree, snapshot.sessions), pieceLength: .max).get()
        }
        try demand(other.tree == snapshot.tree, "what was written reads the same tree")
        try demand(other.sessions == snapshot.sessions, "what was written reads the same sessions")
        _ = RecoveredState(snapshot)
        let recovered = RecoveredState(other)  // With a right digest.
        var server = FuzzedServer(FuzzedServer.configuration(1), recovered: recovered)
        server.wait(.seconds(90))
        try server.checkHealth()
        try server.checkLog(from: recovered)
    }

    private static func written(_ original: DataTree, _ sessions: [SnapshotFormat.Session]) -> [UInt8] {
        var tree = original
        var bytes = SnapshotFormat.beginning(sessions: sessions, acls: tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 100), !piece.isEmpty { bytes += piece }
        return bytes
            + SnapshotFormat.ending(
                after: Checksum.adler32(bytes), zxid: original.lastZxid, digest: original.digest, writesZxid: true)
    }

    private static func checkPacked(
        _ file: [UInt8], as compression: SnapshotFormat.Compression
    ) throws(FuzzFinding) {
        let name = SnapshotFormat.fileName(zxid, compression)
        guard let snapshot = try? SnapshotFile.read(file, named: name) else { return }
        try checkSnapshot(snapshot)
    }
}
