import Bytes
import CoordinationClient
import CoordinationServer
import Foundation
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// A folder that Apache ZooKeeper 3.8.0 wrote and was killed over; `conformance/check-data --record` makes it anew.
struct ApacheFolderTests {
    private static let fixture = ServerProcess.packageRoot
        .appending(path: "Tests/CoordinationServerTests/Fixtures/apache-3.8").path

    /// A node as Apache's server gave it to a client.
    private struct ExpectedNode: Decodable {
        var path: String
        var data: Data?
        /// In the order of the protocol's record.
        var stat: [Int64]
        var acl: [String]
    }

    private static func files(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: fixture + "/version-2")
            .filter { $0.hasPrefix(prefix) }.sorted().map { fixture + "/version-2/" + $0 }
    }

    private static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    @Test func `a server starts on it with the same tree`() async throws {
        let folder = TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.fixture + "/version-2", toPath: folder.path + "/version-2")
        var options = StorageOptions()
        options.dataFolder = folder.path
        let server = try await RunningServer(options)
        #expect(try await server.notices.isEmpty)
        try await server.read { $0.takeSnapshot() }
        try await server.wait { $0.snapshotCount == 1 }
        let zxid = try #require(try await server.statistics.lastSnapshot?.zxid)
        await server.stop()
        let snapshot = try SnapshotFile.read(folder.path + "/version-2/" + SnapshotFormat.fileName(zxid))
        #expect(snapshot.sessions.count == 1)
        let expected = try JSONDecoder().decode(
            [ExpectedNode].self, from: Data(contentsOf: URL(filePath: Self.fixture + "/tree.json")))
        #expect(snapshot.tree.count == expected.count)
        for node in expected { try Self.check(node, snapshot.tree) }
    }

    private static func check(_ node: ExpectedNode, _ tree: DataTree) throws {
        let number = try #require(tree.find(ByteString(node.path)), "\(node.path) is missing")
        #expect(tree.data(number) == node.data.map { Array($0) }, "\(node.path)")
        let stat = tree.stat(number)
        let fields: [Int64] = [
            stat.czxid.wireValue, stat.mzxid.wireValue, stat.ctime, stat.mtime, Int64(stat.version),
            Int64(stat.cversion), Int64(stat.aversion), stat.ephemeralOwner.rawValue, Int64(stat.dataLength),
            Int64(stat.numChildren), stat.pzxid.wireValue,
        ]
        #expect(fields == node.stat, "\(node.path)")
        let acl = tree.acl(number).map { "\($0.scheme):\($0.id):\($0.permissions.rawValue)" }.sorted()
        #expect(acl == node.acl.sorted(), "\(node.path)")
    }

    @Test func `its log entries come out of our writer byte for byte`() throws {
        var kinds: Set<Int32> = []
        for file in try Self.files("log.") {
            let bytes = try Self.bytes(file)
            var writer = ByteWriter()
            LogFormat.writeHeader(into: &writer)
            let survey = try LogTool.survey(file) { transaction in
                LogFormat.writeEntry(transaction, into: &writer)
                kinds.insert(transaction.body.type)
                return true
            }
            #expect(survey.isWhole)
            #expect(writer.bytes == Array(bytes.prefix(survey.validByteCount)), "\(file)")
        }
        // Sessions, creations of all kinds, changes, multi.
        #expect(kinds.isSuperset(of: [-11, -10, 1, 2, 5, 7, 14, 19, 21]))
    }

    @Test func `its snapshots come back from our writer`() throws {
        for file in try Self.files("snapshot.") {
            var snapshot = try SnapshotFile.read(file)
            let original = try Self.bytes(file)
            var bytes = SnapshotFormat.beginning(sessions: snapshot.sessions, acls: snapshot.tree.beginExport())
            while case let piece = snapshot.tree.exportChunk(atLeast: 1_000), !piece.isEmpty { bytes += piece }
            bytes += SnapshotFormat.ending(
                after: Checksum.adler32(bytes), zxid: snapshot.zxid, digest: snapshot.tree.digest, writesZxid: false)
            // The order of children and the numbers of access rules are each server's own, and Apache's table lists
            // “world:anyone may do anything” where a client sent it, in 35 bytes.
            #expect([0, 35].contains(original.count - bytes.count), "\(file)")
            var reader = SnapshotReader(file: file, zxid: snapshot.zxid)
            try reader.append(bytes.span.bytes)
            #expect(try reader.finish().tree == snapshot.tree)
            if let digest = snapshot.digest, digest.zxid == snapshot.zxid, digest.zxid > .zero {
                #expect(digest.value == snapshot.tree.digest)
            }
        }
    }
}
