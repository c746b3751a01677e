import Bytes
import CoordinationClient
import CoordinationServer
import EventLoop
import Foundation
import Messages
import StateMachines
import Synchronization
import TransactionLog
import WireProtocol
import ZNodes

/// Recovery and snapshots of a large tree.
extension BenchCommand {
    private static let clock = ContinuousClock()

    func storage() async throws -> LocalizedText {
        let parents = 1_000 / divisor
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zoolab-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("version-2"), withIntermediateDirectories: true)
        let bytes = try Self.writeSnapshot(
            of: parents, to: folder.appendingPathComponent("version-2").path)
        var options = ServerOptions()
        options.port = 0
        options.dataFolder = folder.path
        options.storage.purge = .never
        let (thread, settled) = (try LoopThread(), options)
        let started = Self.clock.now
        let server = try await thread.run { loop in LoopBound(try CoordinationServer(settled, on: loop), on: loop) }
        let recovery = started.duration(to: Self.clock.now)
        let port = try await thread.run { loop in server.value(on: loop).port }
        let quiet = try await Self.longestRead(port: port, parents) { [divisor] reads in reads == 20_000 / divisor }
        try await thread.run { loop in server.value(on: loop).takeSnapshot() }
        let over = Flag()
        async let busy = Self.longestRead(port: port, parents) { _ in over.isSet }
        while try await thread.run({ loop in server.value(on: loop).storageStatistics.isWritingSnapshot }) {
            try await Task.sleep(for: .milliseconds(20))
        }
        over.set()
        let during = try await busy
        let last = try await thread.run { loop in server.value(on: loop).storageStatistics.lastSnapshot }
        await thread.stop()
        return BenchMessages.storage(
            nodes: parents * 1_000, bytes: bytes, recoveryMilliseconds: Self.roundedUp(recovery),
            snapshotMilliseconds: Self.roundedUp(.microseconds(last?.duration.microseconds ?? 0)),
            pauseMicroseconds: Int(last?.longestPause.microseconds ?? 0),
            readMicroseconds: Int(during / .microseconds(1)), quietReadMicroseconds: Int(quiet / .microseconds(1)))
    }

    /// In milliseconds.
    private static func roundedUp(_ duration: Duration) -> Int { Int((duration / .milliseconds(1)).rounded(.up)) }

    /// A tree of nodes with 999 children each, 100 bytes of data in every node. Returns the file's size.
    private static func writeSnapshot(of parents: Int, to folder: String) throws -> Int {
        var tree = DataTree()
        let data = [UInt8](repeating: 7, count: 100)
        var zxid = Zxid.zero
        var changes: [TreeChange] = []
        func create(_ path: ByteString) {
            zxid = zxid.successor
            let header = TransactionHeader(session: .none, cxid: 0, zxid: zxid, time: 1_700_000_000_000)
            let creation = TransactionBody.Creation(
                path: path, data: data, acl: ACL.open, isEphemeral: false, parentCVersion: -1)
            _ = tree.apply(header, .create(creation), changes: &changes)
            changes.removeAll(keepingCapacity: true)
        }
        for parent in 0..<parents {
            create(ByteString("/bench\(parent)"))
            for child in 1..<1_000 { create(ByteString("/bench\(parent)/node\(child)")) }
        }
        var bytes = SnapshotFormat.beginning(sessions: [], acls: tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 8 << 20), !piece.isEmpty { bytes += piece }
        bytes += SnapshotFormat.ending(
            after: Checksum.adler32(bytes), zxid: zxid, digest: tree.digest, writesZxid: true)
        try Data(bytes).write(to: URL(filePath: folder + "/" + SnapshotFormat.fileName(zxid)))
        return bytes.count
    }

    /// Reads one node after the other until told to stop; the longest wait for an answer.
    private static func longestRead(
        port: UInt16, _ parents: Int, until isDone: @Sendable (_ reads: Int) -> Bool
    ) async throws -> Duration {
        let client = try await CoordinationClient.connect(to: "127.0.0.1:\(port)")
        var longest = Duration.zero
        var reads = 0
        while !isDone(reads) {
            let start = clock.now
            _ = try await client.getData("/bench\(reads % parents)")
            longest = max(longest, start.duration(to: clock.now))
            reads += 1
        }
        await client.close()
        return longest
    }

    private final class Flag: Sendable {
        private let value = Mutex(false)
        var isSet: Bool { value.withLock { $0 } }
        func set() { value.withLock { $0 = true } }
    }
}
