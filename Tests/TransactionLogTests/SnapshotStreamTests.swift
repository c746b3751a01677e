import Bytes
import Foundation
import Messages
import StateMachines
import Testing
import TransactionLog
import WireProtocol
import ZNodes

struct SnapshotStreamTests {
    @Test(arguments: [1, 7, 64, 1_000_000])
    func `a tree comes back, and what follows it, in pieces of any size`(size: Int) throws {
        var tree = SnapshotTests.tree()
        let bytes = Self.stream(of: &tree)
        for follower in [[], [1], Array(repeating: 0x2F, count: 200)] as [[UInt8]] {
            let (snapshot, rest) = try Self.read(bytes + follower, pieces: size)
            #expect(snapshot.tree == tree)
            #expect(snapshot.sessions == SnapshotTests.sessions)
            #expect(snapshot.zxid == Zxid(rawValue: 5))
            #expect(snapshot.digest == nil)
            #expect(rest == follower)
        }
    }

    @Test func `the end is where it is, not before and not after`() throws {
        var tree = SnapshotTests.tree()
        let bytes = Self.stream(of: &tree)
        for length in 0..<bytes.count {
            var reader = SnapshotStreamReader(source: "leader", zxid: .zero)
            #expect(try !reader.append(Array(bytes[..<length])), "\(length) bytes")
            let failure = #expect(throws: SnapshotFailure.self, "\(length) bytes") { try reader.finish() }
            #expect(failure?.reason == .incomplete)
        }
        var reader = SnapshotStreamReader(source: "leader", zxid: .zero)
        for (offset, byte) in bytes.enumerated() { #expect(try reader.append([byte]) == (offset == bytes.count - 1)) }
        #expect(try reader.finish().snapshot.tree.digest == tree.digest)
    }

    @Test func `the same tree in a file and on the wire`() throws {
        var tree = SnapshotTests.tree()
        let file = SnapshotTests.snapshot(of: &tree)
        let stream = Self.stream(of: &tree)
        // The wire has neither header nor seals, and a word at the end.
        let nodes = stream.count - 5 - 14
        #expect(stream[..<nodes] == file[16..<16 + nodes])
        #expect(Array(stream[nodes...]) == [0, 0, 0, 1, 0x2F, 0, 0, 0, 10] + Array("BenWasHere".utf8))
    }

    @Test func `bytes that are no tree`() throws {
        var tree = SnapshotTests.tree()
        let bytes = Self.stream(of: &tree)
        func reason(_ change: (inout [UInt8]) -> Void) -> SnapshotFailure.Reason? {
            var changed = bytes
            change(&changed)
            var reader = SnapshotStreamReader(source: "leader", zxid: .zero)
            do throws(SnapshotFailure) {
                _ = try reader.append(changed)
                _ = try reader.finish()
                return nil
            } catch {
                #expect(error.message.english.hasPrefix("leader "))
                return error.reason
            }
        }
        #expect(reason { $0[$0.count - 1] ^= 1 } == .wrongSignature)
        #expect(reason { $0[$0.count - 11] = 11 } == .wrongSignature)
        #expect(reason { $0[$0.count - 15] = 0x78 } == .malformed(.unknownValue(0x78, offset: bytes.count - 15)))
        // The length of the root's path, which must be the first node.
        let root = SnapshotFormat.streamBeginning(sessions: SnapshotTests.sessions, acls: tree.beginExport()).count
        tree.cancelExport()
        #expect(reason { $0[root] = 0x80 } == .malformed(.unreasonableLength(-0x8000_0000, limit: 64 << 20, offset: 0)))
        #expect(
            reason { $0.replaceSubrange(root..<$0.count, with: SnapshotFormat.streamEnding) } == .noTree(.misplacedRoot)
        )
        #expect(reason { $0.removeLast(1) } == .incomplete)
    }

    @Test func `records up to the limit`() throws {
        var tree = SnapshotTests.tree()
        let bytes = Self.stream(of: &tree)
        for (limit, isRead) in [(1_000, true), (10, false)] {
            var reader = SnapshotStreamReader(source: "leader", zxid: .zero, recordLimit: limit)
            if isRead {
                #expect(try reader.append(bytes))
            } else {
                #expect(throws: SnapshotFailure.self) { try reader.append(bytes) }
            }
        }
        // A list of access rules that never ends.
        var reader = SnapshotStreamReader(source: "leader", zxid: .zero, recordLimit: 1_000)
        var piece = ByteWriter()
        for number in [0, 1, 0, 1, 0x7FFF_FFFF] as [Int32] { piece.write(number) }
        var failure: SnapshotFailure?
        for _ in 0..<100 where failure == nil {
            do throws(SnapshotFailure) { _ = try reader.append(piece.bytes) } catch { failure = error }
            piece = ByteWriter()
            for _ in 0..<5 { ACL.open[0].encode(into: &piece) }
        }
        #expect(failure?.reason == .malformed(.unreasonableLength(1_047, limit: 1_000, offset: 0)))
    }

    @Test func `random bytes are refused or waited for, and never crash`() {
        var tree = SnapshotTests.tree()
        let bytes = Self.stream(of: &tree)
        for seed in 1...300 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var changed = bytes
            for _ in 0..<4 {
                changed[Int.random(in: changed.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let (snapshot, rest) = try? Self.read(changed, pieces: 64) {
                #expect(rest.isEmpty, "seed=\(seed)")
                #expect(snapshot.sessions.count <= bytes.count / 12, "seed=\(seed)")
            }
        }
    }

    // MARK: Apache's

    /// A leader of Apache ZooKeeper sends everything to a follower that has lost everything.
    @Test(arguments: [1, 13, 1_000_000]) func `Apache's tree on the wire, between its packets`(size: Int) throws {
        let bytes = try Self.fixture("TransactionLogTests", "snapshot-leader")
        let (names, snapshot) = try Self.conversation(bytes, pieces: size)
        #expect(names.prefix(4) == ["LEADERINFO", "SNAP", "NEWLEADER", "UPTODATE"])
        var tree = snapshot.tree
        #expect(snapshot.sessions.map(\.timeoutMilliseconds) == [10_000])
        #expect(tree.lastZxid == Zxid(epoch: 1, counter: 13))
        #expect(snapshot.nodesWithoutACL == 0)
        // Our writer gives the same, byte for byte but for the numbers of the lists of access rules: Apache lists the open
        // one too where a client spelled it out.
        let written = Self.stream(of: &tree, sessions: snapshot.sessions)
        #expect(try Self.nodes(of: written) == Self.nodes(of: Array(bytes[44...])))
        #expect(try Self.read(written, pieces: 50).0.tree.digest == tree.digest)
    }

    @Test func `a new ensemble's tree, byte for byte`() throws {
        let bytes = try Self.fixture("TransactionLogTests", "snapshot-fresh-leader")
        let (names, snapshot) = try Self.conversation(bytes, pieces: 50)
        #expect(names == ["LEADERINFO", "SNAP", "NEWLEADER", "UPTODATE"])
        var tree = snapshot.tree
        let written = Self.stream(of: &tree, sessions: snapshot.sessions)
        // LEADERINFO and SNAP come before it.
        #expect(written == Array(bytes[44...].prefix(written.count)))
    }

    /// Reads what a leader says, packets and tree, as a learner does.
    static func conversation(_ bytes: [UInt8], pieces size: Int) throws -> ([String], Snapshot) {
        var packets = QuorumPacketReader()
        var names: [String] = []
        var stream: SnapshotStreamReader?
        var snapshot: Snapshot?
        for start in stride(from: 0, to: bytes.count, by: size) {
            var chunk = Array(bytes[start..<min(start + size, bytes.count)])
            while true {
                if stream != nil {
                    guard try stream!.append(chunk) else { break }
                    (snapshot, chunk) = try stream!.finish()
                    stream = nil
                }
                packets.append(chunk)
                while stream == nil, let packet = try packets.next() {
                    names.append(packet.type?.name ?? "unknown")
                    if packet.type == .snapshot { stream = SnapshotStreamReader(source: "leader", zxid: packet.zxid) }
                }
                guard stream != nil else { break }
                chunk = packets.takePending()
            }
        }
        #expect(packets.pendingByteCount == 0)
        return (names, try #require(snapshot))
    }

    /// Sessions and nodes of a stream, each with its bytes but for the number of its access rules, and what ends them.
    static func nodes(of stream: [UInt8]) throws -> [[UInt8]] {
        var reader = ByteReader(stream.span.bytes)
        var parts = [try reader.readBytes(16)]
        let lists = try reader.readInt32()
        for _ in 0..<lists {
            try reader.skip(8)
            _ = try reader.readVector(of: ACL.self, elementSize: ACL.minimumByteCount)
        }
        while true {
            let path = try reader.readString()
            parts.append(path.bytes)
            if path == "/" { break }
            parts.append(try reader.readBuffer() ?? [0xFF])
            try reader.skip(8)
            parts.append(try reader.readBytes(60))
        }
        parts.append(try reader.readString().bytes)
        return parts
    }

    /// The proposals of recorded followers and observers are entries of our log, and come back byte for byte.
    @Test(arguments: [
        "writes-leader", "reconfiguration-leader", "difference-leader", "truncation-leader", "observation-leader",
    ]) func `Apache's proposals`(name: String) throws {
        var reader = QuorumPacketReader()
        reader.append(try Self.fixture("WireProtocolTests", name))
        var count = 0
        while let packet = try reader.next() {
            guard let data = try Self.proposal(in: packet) else { continue }
            let transaction = try Self.transaction(data)
            #expect(transaction.header.zxid == packet.zxid)
            #expect(transaction.digest != nil)
            var writer = ByteWriter()
            transaction.encode(into: &writer)
            #expect(writer.bytes == data)
            count += 1
        }
        #expect(count >= 2)
    }

    static func proposal(in packet: QuorumPacket) throws -> [UInt8]? {
        switch packet.type {
        case .proposal, .inform: packet.data
        case .informAndActivate: try packet.record(Activation.self).proposal
        default: nil
        }
    }

    static func transaction(_ bytes: [UInt8]) throws -> LoggedTransaction {
        var reader = ByteReader(bytes.span.bytes)
        return try LoggedTransaction(from: &reader)
    }

    // MARK: Helpers

    static func stream(
        of tree: inout DataTree, sessions: [SnapshotFormat.Session] = SnapshotTests.sessions
    ) -> [UInt8] {
        var bytes = SnapshotFormat.streamBeginning(sessions: sessions, acls: tree.beginExport())
        while case let piece = tree.exportChunk(atLeast: 100), !piece.isEmpty { bytes += piece }
        return bytes + SnapshotFormat.streamEnding
    }

    static func read(_ bytes: [UInt8], pieces size: Int) throws -> (Snapshot, rest: [UInt8]) {
        var reader = SnapshotStreamReader(source: "leader", zxid: Zxid(rawValue: 5))
        var start = 0
        var isEnded = false
        while !isEnded, start < bytes.count {
            let end = min(start + size, bytes.count)
            isEnded = try reader.append(Array(bytes[start..<end]))
            start = end
        }
        let (snapshot, rest) = try reader.finish()
        return (snapshot, rest + bytes[start...])
    }

    /// A recording: hexadecimal digits, and lines that begin with “#”.
    static func fixture(_ target: String, _ name: String) throws -> [UInt8] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "\(target)/Fixtures/apache-3.8.0/\(name).hex")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return hex(lines.filter { !$0.hasPrefix("#") }.joined())
    }
}
