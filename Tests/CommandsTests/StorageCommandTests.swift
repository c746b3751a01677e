import Bytes
import CommandLines
import Commands
import Foundation
import Messages
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

/// `zoolab log` and `zoolab snapshot` on files as a server leaves them.
struct StorageCommandTests {
    private let folder = TestFolder()

    private final class TestFolder: Sendable {
        let path = FileManager.default.temporaryDirectory.path + "/zoolab-files-\(UUID().uuidString)"
        init() { try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws -> String {
        try Data(bytes).write(to: URL(filePath: folder.path + "/" + name))
        return folder.path + "/" + name
    }

    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private static let session = SessionID(rawValue: 0x0100_0000_0000_0001)
    private static let bodies: [TransactionBody] = [
        .createSession(timeoutMilliseconds: 4_000),
        .create(.init(path: "/a", data: Array("hello".utf8), acl: ACL.open, isEphemeral: false, parentCVersion: 1)),
        .create(.init(path: "/a/b", data: nil, acl: ACL.open, isEphemeral: true, parentCVersion: 1)),
        .setData(path: "/a", data: [0xFF, 1], version: 1),
        .multi([.check(path: "/a", version: 1), .delete("/a/b")]),
    ]

    private static func transactions() -> [LoggedTransaction] {
        bodies.enumerated().map { index, body in
            LoggedTransaction(
                header: TransactionHeader(
                    session: session, cxid: Int32(index), zxid: Zxid(rawValue: UInt64(index + 1)),
                    time: 1_700_000_000_000),
                body: body, digest: nil)
        }
    }

    /// Its bytes, and where each entry begins.
    private static func log() -> (bytes: [UInt8], starts: [Int]) {
        var writer = ByteWriter()
        LogFormat.writeHeader(into: &writer)
        var starts: [Int] = []
        for transaction in transactions() {
            starts.append(writer.count)
            LogFormat.writeEntry(transaction, into: &writer)
        }
        return (writer.bytes, starts)
    }

    private func run(_ arguments: [String], _ language: Language = .english) async -> (ExitCode, CommandRecorder) {
        let recorder = CommandRecorder()
        return (await recorder.run(arguments, language: language), recorder)
    }

    // MARK: log

    @Test func `dump shows each transaction`() async throws {
        let file = try write(Self.log().bytes + [UInt8](repeating: 0, count: 500), "log.1")
        let (code, recorder) = await run(["log", "dump", file, "--data"])
        #expect(code == .pass)
        let lines = recorder.out.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0] == "0x1 2023-11-14T22:13:20.000Z session 0x100000000000001 cxid 0 createSession 4000 ms")
        #expect(lines[1].hasSuffix("cxid 1 create /a \"hello\", world:anyone:cdrwa"))
        #expect(lines[2].hasSuffix("create /a/b null, ephemeral, world:anyone:cdrwa"))
        #expect(lines[3].hasSuffix("setData /a 2 bytes, version 1"))
        #expect(lines[4].hasSuffix("multi [check /a version 1; delete /a/b]"))
        let some = await run(["log", "dump", file, "--from", "0x2", "--to", "3", "--json"])
        let objects = try some.1.out.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects.map { $0["zxid"] as? String } == ["0x2", "0x3"])
    }

    @Test func `verify tells whole, torn and damaged logs apart`() async throws {
        let (bytes, starts) = Self.log()
        let whole = try write(bytes, "log.1")
        #expect(await run(["log", "verify", whole]).0 == .pass)
        #expect(await run(["log", "verify", whole]).1.out.contains("5 transactions, 0x1 to 0x5"))
        let torn = try write(Array(bytes.dropLast(7)), "log.2")
        let (tornCode, tornOutput) = await run(["log", "verify", torn])
        #expect(tornCode == .fail)
        #expect(
            tornOutput.error.contains("interrupted write of \(bytes.count - 7 - starts[4]) bytes at byte \(starts[4])"))
        var changed = bytes
        changed[starts[2] + 40] ^= 1
        let damaged = try write(changed, "log.3")
        let (damagedCode, damagedOutput) = await run(["log", "verify", damaged, whole], .chinese)
        #expect(damagedCode == .fail)
        #expect(damagedOutput.error.contains("第 \(starts[2]) 字节处"))
        #expect(damagedOutput.error.contains("zoolab log truncate"))
        #expect(damagedOutput.out.contains("5 个事务"))
        let foreign = try write(Array("no log".utf8), "log.4")
        #expect(await run(["log", "verify", foreign]).0 == .toolFailed)
        #expect(await run(["log", "verify", folder.path + "/none"]).0 == .toolFailed)
    }

    @Test func `chop keeps what comes before, in a new file`() async throws {
        let (bytes, starts) = Self.log()
        let file = try write(bytes, "log.1")
        #expect(await run(["log", "chop", file, "--zxid", "0x3"]).0 == .pass)
        #expect(try self.bytes(file + "-chopped") == Array(bytes[..<starts[3]]))
        #expect(try self.bytes(file) == bytes)
        // Nothing is overwritten.
        let (again, recorder) = await run(["log", "chop", file, "--zxid", "0x3"])
        #expect(again == .toolFailed)
        #expect(recorder.error.contains("File exists"))
        #expect(await run(["log", "chop", file, "--zxid", "99", "-o", folder.path + "/all"]).0 == .pass)
        #expect(try self.bytes(folder.path + "/all") == bytes)
    }

    @Test func `truncate in place keeps the old file`() async throws {
        let (bytes, starts) = Self.log()
        var changed = bytes
        changed[starts[3] + 30] ^= 1
        let file = try write(changed, "log.1")
        #expect(await run(["log", "truncate", file, "--in-place"]).0 == .pass)
        #expect(try self.bytes(file) == Array(bytes[..<starts[3]]))
        #expect(try self.bytes(file + "-backup") == changed)
        let (code, recorder) = await run(["log", "truncate", file, "--in-place"])
        #expect(code == .pass)
        #expect(recorder.out.contains("is whole; nothing was written"))
    }

    @Test func `recover mends checksums and stops at nonsense`() async throws {
        let (bytes, starts) = Self.log()
        var changed = bytes
        changed[starts[1]] ^= 0x70  // The checksum itself.
        changed[starts[1] + 12 + 43] ^= 1  // And a byte of the data.
        let file = try write(changed, "log.1")
        let (code, recorder) = await run(["log", "recover", file])
        #expect(code == .pass)
        #expect(recorder.out.contains("Transaction 0x2 had a wrong checksum"))
        #expect(await run(["log", "verify", file + "-recovered"]).0 == .pass)
        changed[starts[3] + 10] ^= 0xFF  // A length.
        let worse = try write(changed, "log.2")
        let (worseCode, worseRecorder) = await run(["log", "recover", worse])
        #expect(worseCode == .fail)
        #expect(worseRecorder.error.contains("after transaction 0x3 make no sense"))
        #expect(await run(["log", "verify", worse + "-recovered"]).1.out.contains("3 transactions"))
    }

    @Test(arguments: [
        ["log"], ["log", "dmp"], ["log", "dump"], ["log", "chop", "f"], ["log", "chop", "f", "--zxid", "x"],
        ["log", "truncate", "a", "b"], ["log", "dump", "f", "-o", "g"],
        ["log", "truncate", "f", "-o", "g", "--in-place"],
        ["snapshot"], ["snapshot", "shw"], ["snapshot", "show"], ["snapshot", "compare", "f"],
        ["snapshot", "show", "f", "g"],
    ])
    func `wrong arguments`(arguments: [String]) async {
        let (code, recorder) = await run(arguments)
        #expect(code == .usage)
        #expect(!recorder.error.isEmpty)
    }

    // MARK: snapshot

    private func snapshot(_ name: String, through count: Int) throws -> String {
        var tree = DataTree()
        for transaction in Self.transactions().prefix(count) {
            var changes: [TreeChange] = []
            _ = tree.apply(transaction.header, transaction.body, changes: &changes)
        }
        let sessions = [SnapshotFormat.Session(id: Self.session, timeoutMilliseconds: 4_000)]
        var bytes = SnapshotFormat.beginning(sessions: sessions, acls: tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 1_000), !piece.isEmpty { bytes += piece }
        bytes += SnapshotFormat.ending(
            after: Checksum.adler32(bytes), zxid: tree.lastZxid, digest: tree.digest, writesZxid: true)
        return try write(bytes, name)
    }

    @Test func `show, list and summary`() async throws {
        let file = try snapshot("snapshot.4", through: 4)
        let (code, shown) = await run(["snapshot", "show", file])
        #expect(code == .pass)
        #expect(shown.out.contains("up to transaction 0x4; 6 nodes (1 ephemeral), 2 bytes of data, 1 sessions"))
        #expect(shown.out.contains("session 0x100000000000001: timeout 4000 ms, 1 ephemeral nodes"))
        #expect(shown.out.contains("agrees with the tree"))
        let list = await run(["snapshot", "list", file, "--path", "/a", "--data"]).1.out
        #expect(
            list == """
                /a 2 bytes, version 1, zxid 0x2 0x4 0x3, world:anyone:cdrwa
                /a/b null, version 0, zxid 0x3 0x3 0x3, owner 0x100000000000001, world:anyone:cdrwa

                """)
        let summary = await run(["snapshot", "summary", file]).1.out
        #expect(summary == "/ 6 nodes, 2 bytes\n/a 2 nodes, 2 bytes\n/zookeeper 3 nodes, 0 bytes\n")
        let facts = await run(["snapshot", "show", file, "--json"]).1.out
        #expect(try JSONSerialization.jsonObject(with: Data(facts.utf8)) is [String: Any])
        #expect(await run(["snapshot", "list", file, "--path", "/none"]).0 == .usage)
    }

    @Test func `compare`() async throws {
        let (before, after) = (try snapshot("snapshot.3", through: 3), try snapshot("snapshot.5", through: 5))
        let (code, recorder) = await run(["snapshot", "compare", before, after])
        #expect(code == .fail)
        #expect(recorder.out == "~ /a (data, stat)\n- /a/b\n0 added, 1 removed, 1 changed.\n")
        let (equal, same) = await run(["snapshot", "compare", before, before], .chinese)
        #expect(equal == .pass)
        #expect(same.out.contains("完全相同"))
        let short = await run(["snapshot", "compare", after, before, "--limit", "1", "--json"]).1.out
        #expect(short == "{\"kind\":\"changed\",\"path\":\"/a\",\"what\":[\"data\",\"stat\"]}\n")
    }

    @Test func `a damaged snapshot is named`() async throws {
        let file = try snapshot("snapshot.4", through: 4)
        var bytes = try bytes(file)
        bytes[8] ^= 1  // A field that nobody reads, but that is summed up.
        let (code, recorder) = await run(["snapshot", "show", try write(bytes, "snapshot.5")])
        #expect(code == .toolFailed)
        #expect(recorder.error.contains("snapshot.5 is damaged"))
    }
}
